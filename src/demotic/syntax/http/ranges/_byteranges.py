"""Several parts in one response: `multipart/byteranges` (RFC 9110, section 14.6; RFC 2046, section 5.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from demotic.errors import InvalidInput, LimitExceeded, SyntaxFault
from demotic.syntax.http._media import MediaType
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.fields._section import parse_field_section
from demotic.syntax.http.ranges._content_range import ContentRange, parse_content_range

__all__ = ["BodyPart", "ByteRanges", "parse_byteranges"]

MAX_PARTS: Final = 1000

_BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")


def _checked_boundary(boundary: str) -> str:
    if not _BOUNDARY.fullmatch(boundary):
        raise InvalidInput(f"{boundary!r} cannot be a boundary", hint="at most 70 letters, digits and '()+_,-./:=?")
    return boundary


@dataclass(frozen=True, slots=True)
class ByteRanges:
    """The body of a response with several parts of one representation.

    `boundary` must stand nowhere in the content: make it from a random source. Raises `InvalidInput` for one that
    cannot be.
    """

    ranges: tuple[range, ...]
    size: int
    content_type: str | None
    boundary: str

    def __post_init__(self) -> None:
        _checked_boundary(self.boundary)

    @property
    def media_type(self) -> MediaType:
        """The `Content-Type` of the whole response."""
        return MediaType("multipart", "byteranges", (("boundary", self.boundary),))

    @property
    def length(self) -> int:
        """The number of bytes of the whole body."""
        return sum(len(self._head(part)) + len(part) + 2 for part in self.ranges) + len(self._end())

    def pieces(self, read: Callable[[int, int], bytes]) -> Iterator[bytes]:
        """Yield the body; `read(start, stop)` gives the bytes of one range, which are sent as they are."""
        for part in self.ranges:
            yield self._head(part)
            yield read(part.start, part.stop)
            yield b"\r\n"
        yield self._end()

    def _head(self, part: range) -> bytes:
        kind = f"Content-Type: {self.content_type}\r\n" if self.content_type else ""
        return f"--{self.boundary}\r\n{kind}Content-Range: {ContentRange.of(part, self.size)}\r\n\r\n".encode("latin-1")

    def _end(self) -> bytes:
        return f"--{self.boundary}--\r\n".encode("latin-1")


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One part as it came: its fields and its bytes, and which part of the representation they are."""

    fields: Fields
    content: bytes
    content_range: ContentRange


def parse_byteranges(body: bytes, boundary: str) -> tuple[BodyPart, ...]:
    """Read a whole body of several parts.

    Raises `SyntaxFault` for a body that has no end, and for a part whose length is not that of its range, and
    `LimitExceeded` for more than a thousand parts.
    """
    delimiter = b"--" + _checked_boundary(boundary).encode("latin-1")
    # What stands before the first delimiter, and after the last, is for readers who know no parts.
    at = 0 if body.startswith(delimiter) else _found(body, b"\r\n" + delimiter, 0) + 2
    parts: list[BodyPart] = []
    while True:
        at += len(delimiter)
        if body.startswith(b"--", at):
            return tuple(parts)
        if len(parts) == MAX_PARTS:
            raise LimitExceeded(f"a body of more than {MAX_PARTS} parts")
        start = _found(body, b"\r\n", at) + 2
        end = _found(body, b"\r\n" + delimiter, start - 2)
        parts.append(_part(body, start, end))
        at = end + 2


def _part(body: bytes, start: int, end: int) -> BodyPart:
    content_at = start if body.startswith(b"\r\n", start) else _found(body, b"\r\n\r\n", start) + 2
    fields = parse_field_section(body[start:content_at])
    content = body[content_at + 2 : end]
    content_range = parse_content_range(fields.get("content-range", ""))
    if len(content_range.positions) != len(content) or not content_range.is_valid:
        raise _fault(body, content_at + 2, f"the content of {content_range}, not {len(content)} bytes")
    return BodyPart(fields, content, content_range)


def _found(body: bytes, wanted: bytes, start: int) -> int:
    at = body.find(wanted, start)
    if at < 0:
        raise _fault(body, len(body), repr(wanted.decode("latin-1")))
    return at


def _fault(body: bytes, position: int, expected: str) -> SyntaxFault:
    return SyntaxFault(expected, body.decode("latin-1"), position)
