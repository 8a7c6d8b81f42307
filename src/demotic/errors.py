"""The tree that every other room's errors hang from.

    DemoticError
    ├── InvalidInput         400  what was given is wrong, and the caller can mend it
    │   ├── SyntaxFault      400  a text does not follow its grammar; shows the place with a caret
    │   └── LimitExceeded    400  well formed, but larger or deeper than this service allows
    ├── Unauthenticated      401  who is asking must be told, or was told wrongly
    ├── Forbidden            403  who is asking may not do this
    ├── NotFound             404  the thing addressed is not there
    ├── MethodNotAllowed     405  the thing is there, but does not take this method
    ├── NotAcceptable        406  no representation that the caller would take
    ├── LengthRequired       411  the length of the body must be told
    ├── PayloadTooLarge      413  the body is larger than this service takes
    ├── UnsupportedMediaType 415  the body is of a type that is not taken here
    ├── Conflict             409  a constraint of the data would be broken
    ├── PreconditionFailed   412  the data changed since the caller read it
    ├── PreconditionRequired 428  the caller must say which state it means to change
    ├── TooManyRequests      429  the caller must wait before it tries again
    ├── Unsupported          501  well formed and meaningful, but not offered here
    ├── Unavailable          503  the store cannot answer now (busy, closed, timed out)
    └── InternalFault        500  our own fault, or the store's

A class says whose fault it is by its ``status``: 4xx is the caller's, 5xx is ours. A room's own errors are subclasses
that set a ``code``: a short stable word that is never reused, which protocols show to their callers. The status
numbers are those of HTTP (RFC 9110, section 15) because every protocol we speak has a table from them.
"""

from __future__ import annotations

from typing import ClassVar, Final, NamedTuple

__all__ = [
    "START",
    "Conflict",
    "DemoticError",
    "Forbidden",
    "InternalFault",
    "InvalidInput",
    "LengthRequired",
    "LimitExceeded",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "PayloadTooLarge",
    "Place",
    "PreconditionFailed",
    "PreconditionRequired",
    "SyntaxFault",
    "TooManyRequests",
    "Unauthenticated",
    "Unavailable",
    "Unsupported",
    "UnsupportedMediaType",
]


class Place(NamedTuple):
    """A position in a text, counted from 0, with its line and column, which count from 1."""

    position: int
    line: int
    column: int

    @classmethod
    def of(cls, text: str, position: int, start: Place | None = None) -> Place:
        """Return the place of a position in ``text``, which begins at ``start`` in a longer one."""
        start = START if start is None else start
        lines = text.count("\n", 0, position)
        column = position - text.rfind("\n", 0, position) if lines else start.column + position
        return cls(start.position + position, start.line + lines, column)


START: Final = Place(0, 1, 1)
"""The beginning of a text."""


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


class SyntaxFault(InvalidInput, ValueError):
    """A text does not follow its grammar. It is also a ``ValueError``, which is what Python's own parsers raise.

    ``text`` is the whole text, ``position`` the 0-based index where reading stopped and ``expected`` what could have
    stood there. Of a stream, ``text`` is what is at hand of it, which begins at ``start``.
    """

    code = "SyntaxError"

    def __init__(
        self,
        expected: str,
        text: str,
        position: int,
        *,
        target: str | None = None,
        hint: str | None = None,
        start: Place = START,
    ) -> None:
        found = f"found {text[position : position + 1]!r}" if position < len(text) else "found the end"
        where = start.position + position
        super().__init__(f"expected {expected} at position {where}, {found}", target=target, hint=hint)
        self.text = text
        self.position = position
        self.expected = expected
        self.start = start

    @property
    def place(self) -> Place:
        """Where it is in the whole text, with line and column."""
        return Place.of(self.text, self.position, self.start)

    def caret(self, width: int = 60) -> str:
        """Return two lines: the text around the place, as far as it is on one line, and a caret below it."""
        start = max(self.text.rfind("\n", 0, self.position) + 1, self.position - width // 2)
        end = self.text.find("\n", self.position)
        window = self.text[start : min(start + width, len(self.text) if end < 0 else end)]
        shown = "".join(c if c.isprintable() else "·" for c in window)
        return f"{shown}\n{' ' * (self.position - start)}^"


class LimitExceeded(InvalidInput):
    """Well formed, but larger or deeper than this service allows."""

    code = "LimitExceeded"


class Unauthenticated(DemoticError):
    """Who is asking must be told, or was told wrongly. ``challenges`` say how it can be told."""

    code = "Unauthenticated"
    status = 401

    def __init__(self, message: str, *, challenges: tuple[str, ...] = (), hint: str | None = None) -> None:
        super().__init__(message, target="Authorization", hint=hint)
        self.challenges = challenges


class Forbidden(DemoticError):
    """Who is asking may not do this."""

    code = "Forbidden"
    status = 403


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


class LengthRequired(DemoticError):
    """The length of a request's body must be told."""

    code = "LengthRequired"
    status = 411


class PayloadTooLarge(DemoticError):
    """The body of a request is larger than this service takes."""

    code = "PayloadTooLarge"
    status = 413


class UnsupportedMediaType(DemoticError):
    """The body of a request is of a media type that is not taken here."""

    code = "UnsupportedMediaType"
    status = 415


class Conflict(DemoticError):
    """A constraint of the data would be broken."""

    code = "Conflict"
    status = 409


class PreconditionFailed(DemoticError):
    """The data changed since the caller read it."""

    code = "PreconditionFailed"
    status = 412


class PreconditionRequired(DemoticError):
    """The caller must say which state of the data it means to change."""

    code = "PreconditionRequired"
    status = 428


class TooManyRequests(DemoticError):
    """The caller must wait before it tries again: ``wait`` says how many seconds."""

    code = "TooManyRequests"
    status = 429

    def __init__(self, message: str, *, wait: int, target: str | None = None) -> None:
        super().__init__(message, target=target, hint=f"try again in {wait} s")
        self.wait = wait


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
