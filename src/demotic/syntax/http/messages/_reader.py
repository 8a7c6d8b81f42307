"""Reading a message from bytes as they come (RFC 9112): no I/O, bounded memory, every byte looked at once.

    reader = MessageReader.of_requests()
    for event in reader.receive(data):      # b"" says that the other side has closed
        ...                                 # one Head, any number of Content, one End; then the next message

A `Head` is followed by its content and its `End` even if it has no content. What comes after a message belongs to the
next, until `stop` hands over what is left, for a connection that becomes another protocol.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from demotic.errors import LimitExceeded, SyntaxFault
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.fields._section import MAX_FIELDS, parse_field_section
from demotic.syntax.http.messages._chunked import parse_chunk_header
from demotic.syntax.http.messages._framing import Framing, framing
from demotic.syntax.http.messages._start_line import RequestLine, StatusLine, parse_request_line, parse_status_line

__all__ = ["Content", "End", "Event", "Head", "MessageReader", "ReadLimits"]


@dataclass(frozen=True, slots=True)
class Head:
    """Start line and fields of a message, and how its content ends."""

    start: RequestLine | StatusLine
    fields: Fields
    length: int | Framing


@dataclass(frozen=True, slots=True)
class Content:
    """Some of the content, as it came."""

    data: bytes


@dataclass(frozen=True, slots=True)
class End:
    """The end of a message, with the fields that came after its content."""

    trailers: Fields


Event = Head | Content | End


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much a message may have before its content and after it, in bytes and fields; and beside a chunk's size."""

    head: int = 65_536
    fields: int = MAX_FIELDS
    chunk_line: int = 1_000


_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_EMPTY_LINES: Final = re.compile(rb"(?:\r?\n)*+")


class MessageReader:
    """A reader of requests, or of responses, on one connection."""

    def __init__(self, parse_start: Callable[[str], RequestLine | StatusLine], limits: ReadLimits) -> None:
        self._parse_start = parse_start
        self._limits = limits
        self._buffer = bytearray()
        self._searched = 0
        self._closed = False
        self._left = 0
        self._methods: list[str] = []
        self._step: Callable[[], Event | None] = self._read_head

    @classmethod
    def of_requests(cls, limits: ReadLimits = ReadLimits()) -> MessageReader:
        """Return a reader for the server's end."""
        return cls(parse_request_line, limits)

    @classmethod
    def of_responses(cls, limits: ReadLimits = ReadLimits()) -> MessageReader:
        """Return a reader for the client's end; tell it of each request with `expect`."""
        return cls(parse_status_line, limits)

    def expect(self, method: str) -> None:
        """Say that a request with this method was sent: what its response may contain depends on it."""
        self._methods.append(method)

    def receive(self, data: bytes) -> Iterator[Event]:
        """Take what came, and yield what is complete; no data says that nothing more comes.

        Raises `SyntaxFault` for what is no message, and for one that breaks off, and `LimitExceeded` for too large a
        head. After that the connection is of no use: nobody knows where the next message begins.
        """
        self._closed = self._closed or not data
        self._buffer += data
        while (event := self._step()) is not None:
            yield event
        if self._closed and (self._buffer or self._step != self._read_head):
            raise self._fault("the rest of the message")

    def stop(self) -> bytes:
        """Return what came after the last message that was read, and forget it."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def _read_head(self) -> Event | None:
        # Empty lines before a request are left over from clients of long ago (section 2.2).
        if self._buffer.startswith((b"\r", b"\n")) and (blank := _EMPTY_LINES.match(self._buffer)) is not None:
            self._taken(blank.end())
        section = self._section(_HEAD_END)
        if section is None:
            return None
        line, _, rest = section.partition(b"\n")
        start = self._parse_start(line.removesuffix(b"\r").decode("latin-1"))
        fields = parse_field_section(rest, limit=self._limits.fields)
        if isinstance(start, RequestLine) and len(hosts := fields.get_all("host")) > 1:
            # One reader takes the first, another the last, and a third both (RFC 9112, section 3.2).
            raise SyntaxFault("one Host field", ", ".join(hosts), len(hosts[0]))
        length = framing(start, fields, method=self._method(start))
        self._go_on_after_head(length)
        return Head(start, fields, length)

    def _method(self, start: RequestLine | StatusLine) -> str | None:
        if isinstance(start, RequestLine) or not self._methods:
            return None
        # What is said meanwhile (100, 103) is not yet the response to the request; 101 is.
        return self._methods[0] if start.status < 200 and start.status != 101 else self._methods.pop(0)

    def _go_on_after_head(self, length: int | Framing) -> None:
        self._left = length if isinstance(length, int) else 0
        self._step = {
            Framing.CHUNKED: self._read_chunk_header,
            Framing.UNTIL_CLOSE: self._read_until_close,
        }.get(length, self._read_sized)  # type: ignore[arg-type]

    def _section(self, end: re.Pattern[bytes]) -> bytes | None:
        """Take the bytes up to an empty line, its own end left off."""
        found = end.search(self._buffer, max(0, self._searched - 3))
        size = found.end() if found else len(self._buffer)
        if size > self._limits.head:
            raise LimitExceeded(f"fields of more than {self._limits.head} bytes")
        if found is None:
            self._searched = size
            return None
        kept = found.start() + found[0].index(b"\n") + 1
        return self._taken(size)[:kept]

    def _taken(self, size: int) -> bytes:
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._searched = 0
        return data

    def _read_sized(self) -> Event | None:
        if self._left:
            return self._content(self._left)
        return self._ended(Fields())

    def _content(self, most: int) -> Event | None:
        data = self._taken(min(most, len(self._buffer)))
        self._left -= len(data)
        return Content(data) if data else None

    def _ended(self, trailers: Fields) -> Event:
        self._step = self._read_head
        return End(trailers)

    def _read_until_close(self) -> Event | None:
        if self._buffer:
            return Content(self._taken(len(self._buffer)))
        return self._ended(Fields()) if self._closed else None

    def _read_chunk_header(self) -> Event | None:
        line = self._line()
        if line is None:
            return None
        self._left = parse_chunk_header(line).size
        self._step = self._read_chunk if self._left else self._read_trailers
        return self._step()

    def _line(self) -> str | None:
        end = self._buffer.find(b"\n", self._searched)
        size = end + 1 or len(self._buffer)
        if size > self._limits.chunk_line:
            raise LimitExceeded(f"a line of more than {self._limits.chunk_line} bytes before a chunk")
        if end < 0:
            self._searched = size
            return None
        line = self._taken(size)
        if not line.endswith(b"\r\n"):
            # Two readers that part lines differently see different chunks.
            raise SyntaxFault("a carriage return before the end of the line", line.decode("latin-1"), size - 1)
        return line[:-2].decode("latin-1")

    def _read_chunk(self) -> Event | None:
        if self._left:
            return self._content(self._left)
        if len(self._buffer) < 2:
            return None
        if not self._buffer.startswith(b"\r\n"):
            raise self._fault("the end of a chunk")
        self._taken(2)
        self._step = self._read_chunk_header
        return self._step()

    def _read_trailers(self) -> Event | None:
        section = self._taken(2) if self._buffer.startswith(b"\r\n") else self._section(_HEAD_END)
        if section is None:
            return None
        section = b"" if section == b"\r\n" else section
        return self._ended(parse_field_section(section, limit=self._limits.fields))

    def _fault(self, expected: str) -> SyntaxFault:
        text = bytes(self._buffer[:200]).decode("latin-1")
        return SyntaxFault(expected, text, 0 if not self._closed else len(text))
