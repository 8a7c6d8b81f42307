"""Versions of HTTP (RFC 9110, section 2.5; RFC 9112, section 2.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault

__all__ = ["HTTP_1_0", "HTTP_1_1", "HttpVersion", "parse_http_version"]

_VERSION: Final = re.compile(r"HTTP/([0-9]{1,4})\.([0-9]{1,4})")


@dataclass(frozen=True, slots=True, order=True)
class HttpVersion:
    """A version, ordered by number: 1.2 comes before 1.25. Raises `InvalidInput` for negative numbers."""

    major: int = 1
    minor: int = 1

    def __post_init__(self) -> None:
        if min(self.major, self.minor) < 0:
            raise InvalidInput(f"{self.major}.{self.minor} is no version of HTTP")

    def __str__(self) -> str:
        return f"HTTP/{self.major}.{self.minor}"


HTTP_1_0: Final = HttpVersion(1, 0)
HTTP_1_1: Final = HttpVersion(1, 1)


def parse_http_version(text: str) -> HttpVersion:
    """Read a version such as `HTTP/1.1`. Raises `SyntaxFault`."""
    found = _VERSION.fullmatch(text)
    if found is None:
        raise SyntaxFault("a version such as HTTP/1.1", text, 0)
    return HttpVersion(int(found[1]), int(found[2]))
