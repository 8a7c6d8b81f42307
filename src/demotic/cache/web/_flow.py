"""How a response passes through a middleware: decided once when it begins, then piece by piece. No input or output.

A middleware here is a plain function from a request to a `Step`. When the application's response begins, the step says
which `Flow` its body takes: as it is, encoded, collected whole because something must be computed over it, or not at
all. The drivers for WSGI and ASGI push the body through the flow and know nothing of what it does, so that each
middleware is written once for both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from demotic.cache.web._fields import Fields

__all__ = ["Answer", "Asked", "Encoded", "Encoder", "Flow", "Head", "Instead", "Middleware", "Step", "Through", "Whole"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a middleware may know of a request: its method, and its fields by lower-case name."""

    method: str
    field: Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a response; ``reason`` is the phrase that the application chose, if it did."""

    status: int
    fields: Fields
    reason: str = ""


class Flow(Protocol):
    """A response on its way.

    ``head`` is what is sent first; ``None`` means that more of the body must be seen before it is known. ``untouched``
    says that the body goes as the application makes it, ``wanted`` that any of it is needed.
    """

    untouched: bool
    wanted: bool

    @property
    def head(self) -> Head | None: ...

    def push(self, chunk: bytes) -> bytes:
        """Take a piece of the body and return what to send now."""
        ...

    def end(self) -> bytes:
        """Take the end of the body and return the rest to send; afterwards ``head`` is known."""
        ...


class Encoder(Protocol):
    """A content coding at work on one body."""

    def encode(self, chunk: bytes) -> bytes: ...

    def finish(self) -> bytes: ...


@dataclass(slots=True)
class Through:
    """The body goes as it is."""

    head: Head
    untouched: bool = True
    wanted: bool = True

    def push(self, chunk: bytes) -> bytes:
        """Return the piece."""
        return chunk

    def end(self) -> bytes:
        """Return nothing more."""
        return b""


@dataclass(slots=True)
class Instead:
    """The application's body is not even read; ``body`` is sent in its place."""

    head: Head
    body: bytes = b""
    untouched: bool = False
    wanted: bool = False

    def push(self, chunk: bytes) -> bytes:
        """Drop the piece."""
        return b""

    def end(self) -> bytes:
        """Return what is sent."""
        return self.body


@dataclass(slots=True)
class Encoded:
    """Every piece goes through an encoder."""

    head: Head
    encoder: Encoder
    untouched: bool = False
    wanted: bool = True

    def push(self, chunk: bytes) -> bytes:
        """Return what the encoder makes of the piece, which may be nothing yet."""
        return self.encoder.encode(chunk)

    def end(self) -> bytes:
        """Return what the encoder still holds."""
        return self.encoder.finish()


@dataclass(slots=True)
class Whole:
    """The body is collected, and ``make`` turns it into what is sent; ``size`` is its length, known beforehand.

    What an application sends beyond its Content-Length is no part of the content (RFC 9112, section 6.3). A body that
    ends too early goes out under the head it came with, so that whoever receives it sees that it is cut.
    """

    original: Head
    size: int
    make: Callable[[bytes], tuple[Head, bytes]]
    head: Head | None = None
    untouched: bool = False
    wanted: bool = True
    _collected: bytearray = field(default_factory=bytearray)

    def push(self, chunk: bytes) -> bytes:
        """Keep the piece, as far as it belongs to the content."""
        self._collected += chunk[: self.size - len(self._collected)]
        return b""

    def end(self) -> bytes:
        """Make the answer and return its body."""
        if len(self._collected) < self.size:
            self.head = self.original
            return bytes(self._collected)
        self.head, body = self.make(bytes(self._collected))
        return body


@dataclass(frozen=True, slots=True)
class Step:
    """What a middleware does with one request.

    ``flow`` is asked when the response begins, with the length of its body where that is known. ``method`` and
    ``fields`` are what the application sees in place of the client's own (``None`` for a field that it does not see).
    """

    flow: Callable[[Head, int | None], Flow]
    method: str | None = None
    fields: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is given in place of the application's."""

    head: Head
    body: bytes


Middleware: TypeAlias = Callable[[Asked], Step | Answer | None]
"""What to do with a request; ``None`` leaves it and its response alone."""
