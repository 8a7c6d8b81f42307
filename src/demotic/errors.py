"""The tree that every other room's errors hang from.

    DemoticError
    ├── InvalidInput         400  what was given is wrong, and the caller can mend it
    │   ├── SyntaxFault      400  a text does not follow its grammar; shows the place with a caret
    │   └── LimitExceeded    400  well formed, but larger or deeper than this service allows
    ├── NotFound             404  the thing addressed is not there
    ├── MethodNotAllowed     405  the thing is there, but does not take this method
    ├── NotAcceptable        406  no representation that the caller would take
    ├── Conflict             409  a constraint of the data would be broken
    ├── PreconditionFailed   412  the data changed since the caller read it
    ├── Unsupported          501  well formed and meaningful, but not offered here
    ├── Unavailable          503  the store cannot answer now (busy, closed, timed out)
    └── InternalFault        500  our own fault, or the store's

A class says whose fault it is by its ``status``: 4xx is the caller's, 5xx is ours. A room's own errors are subclasses
that set a ``code``: a short stable word that is never reused, which protocols show to their callers. The status
numbers are those of HTTP (RFC 9110, section 15) because every protocol we speak has a table from them.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "Conflict",
    "DemoticError",
    "InternalFault",
    "InvalidInput",
    "LimitExceeded",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "PreconditionFailed",
    "SyntaxFault",
    "Unavailable",
    "Unsupported",
]


class DemoticError(Exception):
    """Anything that Demotic raises on purpose.

    ``message`` says what is wrong in the caller's terms, ``target`` names the culprit (an option, a property, a file),
    ``hint`` says what to do instead, and ``details`` lists further errors of the same kind.
    """

    code: ClassVar[str] = "Error"
    status: ClassVar[int] = 500

    def __init__(
        self,
        message: str,
        *,
        target: str | None = None,
        hint: str | None = None,
        details: tuple[DemoticError, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.target = target
        self.hint = hint
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class InvalidInput(DemoticError):
    """What was given is wrong, and the caller can mend it."""

    code = "InvalidInput"
    status = 400


class SyntaxFault(InvalidInput):
    """A text does not follow its grammar.

    ``text`` is the whole text, ``position`` the 0-based index where reading stopped and ``expected`` what could have
    stood there.
    """

    code = "SyntaxError"

    def __init__(
        self, expected: str, text: str, position: int, *, target: str | None = None, hint: str | None = None
    ) -> None:
        found = f"found {text[position : position + 1]!r}" if position < len(text) else "found the end"
        super().__init__(f"expected {expected} at position {position}, {found}", target=target, hint=hint)
        self.text = text
        self.position = position
        self.expected = expected

    def caret(self, width: int = 60) -> str:
        """Return two lines: the text around the place, and a caret below it."""
        start = max(0, self.position - width // 2)
        window = self.text[start : start + width]
        shown = "".join(c if c.isprintable() else "·" for c in window)
        return f"{shown}\n{' ' * (self.position - start)}^"


class LimitExceeded(InvalidInput):
    """Well formed, but larger or deeper than this service allows."""

    code = "LimitExceeded"


class NotFound(DemoticError):
    """The thing addressed is not there."""

    code = "NotFound"
    status = 404


class MethodNotAllowed(DemoticError):
    """The thing is there, but does not take this method. ``allowed`` lists those that it takes."""

    code = "MethodNotAllowed"
    status = 405

    def __init__(self, message: str, *, allowed: tuple[str, ...], hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.allowed = allowed


class NotAcceptable(DemoticError):
    """No representation that the caller would take."""

    code = "NotAcceptable"
    status = 406


class Conflict(DemoticError):
    """A constraint of the data would be broken."""

    code = "Conflict"
    status = 409


class PreconditionFailed(DemoticError):
    """The data changed since the caller read it."""

    code = "PreconditionFailed"
    status = 412


class Unsupported(DemoticError):
    """Well formed and meaningful, but not offered here."""

    code = "NotImplemented"
    status = 501


class Unavailable(DemoticError):
    """The store cannot answer now: it is busy, closed or timed out."""

    code = "Unavailable"
    status = 503


class InternalFault(DemoticError):
    """Our own fault, or the store's."""

    code = "InternalError"
