"""Writing a message as bytes (RFC 9112): no I/O; what was promised about its length is kept."""

from __future__ import annotations

from typing import Final

from demotic.errors import InvalidInput, LimitExceeded
from demotic.syntax.http._version import HTTP_1_1, HttpVersion
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.fields._section import format_field_section
from demotic.syntax.http.messages._chunked import format_chunk, format_last_chunk
from demotic.syntax.http.messages._framing import Framing, framing
from demotic.syntax.http.messages._methods import METHODS, check_content
from demotic.syntax.http.messages._start_line import RequestLine, StatusLine

__all__ = ["MAX_KEPT", "MessageWriter"]

MAX_KEPT: Final = 131_072
"""So many bytes of a request are kept to count them, for a server of HTTP/1.0 that must be told before."""


class MessageWriter:
    """Writes one message: `start()`, then any number of `content(data)`, then `end()`; send what each returns.

    `length` is that of the content, `None` if it is not known. The fields that tell it are added if none are given:
    `Content-Length`, else chunks; to a `peer` that speaks HTTP/1.0 the end of the connection, and a request is kept
    until its length is known. For a response, `method` is that of its request. Raises `InvalidInput` for content of a
    method that has none, and for a length that is not that of the fields.
    """

    def __init__(
        self,
        start: RequestLine | StatusLine,
        fields: Fields,
        *,
        length: int | None = 0,
        peer: HttpVersion = HTTP_1_1,
        method: str | None = None,
    ) -> None:
        if isinstance(start, RequestLine):
            check_content(start.method, length)
        self._start = start
        self._method = method
        self._kept: bytearray | None = None
        self.fields = self._framed(fields, length, peer)
        self._framing = framing(start, self.fields, method=method)
        self._left = self._framing if isinstance(self._framing, int) else 0
        if length is not None and isinstance(self._framing, int) and length != self._left and self._may_have_content():
            raise InvalidInput(f"content of {length} bytes, but Content-Length says {self._left}")

    def _may_have_content(self) -> bool:
        return isinstance(self._start, RequestLine) or framing(self._start, Fields(), method=self._method) != 0

    def _framed(self, fields: Fields, length: int | None, peer: HttpVersion) -> Fields:
        """Return the fields with those that tell the length, if the message may have content."""
        if "transfer-encoding" in fields or "content-length" in fields or not self._may_have_content():
            return fields
        if length is not None:
            silent = length == 0 and isinstance(self._start, RequestLine) and not _expects_content(self._start.method)
            return fields if silent else fields.set("Content-Length", str(length))
        if peer >= HTTP_1_1:
            return fields.set("Transfer-Encoding", "chunked")
        if isinstance(self._start, RequestLine):
            self._kept = bytearray()
            return fields
        return fields.set("Connection", "close")

    def start(self) -> bytes:
        """Return start line and fields; nothing yet if the content must be counted first."""
        return b"" if self._kept is not None else self._head()

    def _head(self) -> bytes:
        return str(self._start).encode("latin-1") + b"\r\n" + format_field_section(self.fields) + b"\r\n"

    def content(self, data: bytes) -> bytes:
        """Return a piece of the content as it travels. Raises `InvalidInput` for more than was promised."""
        if self._kept is not None:
            self._kept += data
            if len(self._kept) > MAX_KEPT:
                raise LimitExceeded(f"more than {MAX_KEPT} bytes of unknown length for a server of HTTP/1.0")
            return b""
        if self._framing is Framing.CHUNKED:
            return format_chunk(data)
        if isinstance(self._framing, int):
            self._left -= len(data)
            if self._left < 0:
                raise InvalidInput(f"{-self._left} bytes more than Content-Length says")
        return data

    def end(self, trailers: Fields | None = None) -> bytes:
        """Return what ends the message. Raises `InvalidInput` for less than was promised, and for trailer fields
        where there is no place for them.
        """
        if trailers and self._framing is not Framing.CHUNKED:
            raise InvalidInput("only chunked content has fields after it")
        if self._kept is not None:
            self.fields = self.fields.set("Content-Length", str(len(self._kept)))
            return self._head() + bytes(self._kept)
        if self._left > 0:
            raise InvalidInput(f"{self._left} bytes less than Content-Length says")
        return format_last_chunk(trailers) if self._framing is Framing.CHUNKED else b""


def _expects_content(method: str) -> bool:
    return method not in METHODS or METHODS[method].expects_content
