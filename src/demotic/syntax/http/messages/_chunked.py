"""The chunked transfer coding (RFC 9112, section 7.1): content in pieces, each after its length."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.fields._section import format_field_section
from demotic.syntax.http.grammar._lists import SEPARATOR
from demotic.syntax.http.grammar._words import BLANKS, check_token, read_token, read_word, write_word

__all__ = ["NOT_IN_TRAILERS", "ChunkHeader", "format_chunk", "format_last_chunk", "parse_chunk_header"]

_SIZE: Final = re.compile(r"[0-9A-Fa-f]{1,15}(?![0-9A-Fa-f])")
_EQUALS: Final = re.compile(r"[ \t]*=[ \t]*")

NOT_IN_TRAILERS: Final = frozenset(
    {
        "authorization", "cache-control", "content-encoding", "content-length", "content-range", "content-type",
        "cookie", "expect", "host", "max-forwards", "range", "set-cookie", "te", "trailer", "transfer-encoding",
        "www-authenticate",
    }
)  # fmt: skip
"""Fields that decide about framing, routing, access or reading must come before the content (RFC 9110, 6.5.1)."""


@dataclass(frozen=True, slots=True)
class ChunkHeader:
    """The line before a chunk: its size, and extensions with or without values. The last chunk has size 0."""

    size: int = 0
    extensions: tuple[tuple[str, str | None], ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0:
            raise InvalidInput(f"a chunk cannot have {self.size} bytes")
        for name, _ in self.extensions:
            check_token(name, "a chunk extension")

    def __str__(self) -> str:
        pairs = (f";{name}" if value is None else f";{name}={write_word(value)}" for name, value in self.extensions)
        return f"{self.size:x}{''.join(pairs)}"


def parse_chunk_header(line: str) -> ChunkHeader:
    """Read the line before a chunk, without its end. Raises `SyntaxFault`."""
    scanner = Scanner(line)
    size = int(scanner.expect_match(_SIZE, "a size of at most 15 hexadecimal digits"), 16)
    extensions: list[tuple[str, str | None]] = []
    while scanner.match(SEPARATOR):
        name = read_token(scanner, "a chunk extension")
        extensions.append((name, read_word(scanner) if scanner.match(_EQUALS) else None))
    scanner.match(BLANKS)
    scanner.expect_end()
    return ChunkHeader(size, tuple(extensions))


def format_chunk(data: bytes) -> bytes:
    """Return one chunk; nothing for no data, since an empty chunk is the last one."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def format_last_chunk(trailers: Fields | None = None) -> bytes:
    """Return what ends the content, with trailer fields. Raises `InvalidInput` for a field that may not be one."""
    trailers = trailers or Fields()
    if refused := NOT_IN_TRAILERS.intersection(trailers.names()):
        raise InvalidInput(f"{', '.join(sorted(refused))} cannot come after the content")
    return b"0\r\n" + format_field_section(trailers) + b"\r\n"
