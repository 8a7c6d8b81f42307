"""The first line of a message (RFC 9112, sections 3 and 4): what is asked for, or what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http._messages import reason
from demotic.syntax.http._version import HTTP_1_1, HttpVersion
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.grammar._words import check_token
from demotic.syntax.uri import HttpURI, parse_uri

__all__ = ["RequestLine", "StatusLine", "origin_form", "parse_request_line", "parse_status_line"]

_TARGET: Final = re.compile(r"[\x21-\x7e]+")
_PHRASE: Final = re.compile(r"[\t \x21-\x7e\x80-\xff]*")
_REQUEST: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e]+) HTTP/([0-9])\.([0-9])")
_STATUS: Final = re.compile(r"HTTP/([0-9])\.([0-9]) ([1-9][0-9]{2})(?: ([\t \x21-\x7e\x80-\xff]*))?")


@dataclass(frozen=True, slots=True)
class RequestLine:
    """Method, target as it travels, and version. The case of a method counts. Raises `InvalidInput`."""

    method: str
    target: str
    version: HttpVersion = HTTP_1_1

    def __post_init__(self) -> None:
        check_token(self.method, "a method")
        if not _TARGET.fullmatch(self.target):
            raise InvalidInput(f"{self.target!r} cannot be a request's target", hint="percent-encode it")

    def __str__(self) -> str:
        return f"{self.method} {self.target} {self.version}"


@dataclass(frozen=True, slots=True)
class StatusLine:
    """Status, the phrase for people (that of the standards if none is given) and version. Raises `InvalidInput`."""

    status: int
    phrase: str | None = field(default=None, compare=False)
    version: HttpVersion = HTTP_1_1

    def __post_init__(self) -> None:
        if not 100 <= self.status <= 999:
            raise InvalidInput(f"{self.status} is no status", hint="it has three digits")
        if self.phrase is None:
            object.__setattr__(self, "phrase", reason(self.status))
        elif not _PHRASE.fullmatch(self.phrase):
            raise InvalidInput(f"{self.phrase!r} cannot be a reason phrase")

    def __str__(self) -> str:
        return f"{self.version} {self.status:03} {self.phrase}"


def parse_request_line(line: str) -> RequestLine:
    """Read a request line without its end. Raises `SyntaxFault`."""
    found = _REQUEST.fullmatch(line)
    if found is None:
        raise SyntaxFault("a request such as GET /path HTTP/1.1", line, 0)
    return RequestLine(found[1], found[2], HttpVersion(int(found[3]), int(found[4])))


def parse_status_line(line: str) -> StatusLine:
    """Read a status line without its end; the phrase may be missing. Raises `SyntaxFault`."""
    found = _STATUS.fullmatch(line)
    if found is None:
        raise SyntaxFault("a status such as HTTP/1.1 200 OK", line, 0)
    return StatusLine(int(found[3]), found[4] or "", HttpVersion(int(found[1]), int(found[2])))


def origin_form(request: RequestLine, fields: Fields) -> tuple[RequestLine, Fields]:
    """Return a request with a path as its target, and the host it is for in `Host` (RFC 9112, sections 3.2.1 to 3.2.2).

    The host of an absolute target takes the place of the field. Raises `SyntaxFault` for one with a user's name in it:
    that is how people are led astray (RFC 9110, section 4.2.4).
    """
    if not request.target.lower().startswith(("http://", "https://")):
        return request, fields
    uri = parse_uri(request.target, strict=True)
    authority = uri.authority
    if not isinstance(uri, HttpURI) or authority is None:
        raise SyntaxFault("a host", request.target, request.target.index("//") + 2)
    if authority.userinfo is not None:
        raise SyntaxFault("a host without a user's name before it", request.target, request.target.index("//") + 2)
    asks_server = request.method == "OPTIONS" and not uri.path and uri.query is None
    target = "*" if asks_server else uri.target
    return RequestLine(request.method, target, request.version), fields.set("Host", str(authority))
