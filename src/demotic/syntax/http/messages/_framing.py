"""How long the content of a message is, and whether the connection lives on (RFC 9112, sections 6 and 9.3)."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax.http._codings import parse_transfer_codings
from demotic.syntax.http._version import HTTP_1_1, HttpVersion
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.grammar._lists import read_tokens
from demotic.syntax.http.messages._start_line import RequestLine, StatusLine

__all__ = ["Framing", "content_length", "framing", "keeps_alive"]

_DIGITS: Final = re.compile(r"[0-9]{1,18}")


class Framing(Enum):
    """Where the content ends if its length is not known before."""

    CHUNKED = "chunked"
    UNTIL_CLOSE = "until close"


def content_length(fields: Fields) -> int | None:
    """Return the value of `Content-Length`, `None` without one; given several times it must be the same.

    Raises `SyntaxFault`, naming the field.
    """
    values = [part.strip(" \t") for value in fields.get_all("content-length") for part in value.split(",")]
    if not values:
        return None
    if len(set(values)) > 1 or not _DIGITS.fullmatch(values[0]):
        raise SyntaxFault("one number of bytes", ", ".join(values), 0, target="content-length")
    return int(values[0])


def framing(start: RequestLine | StatusLine, fields: Fields, *, method: str | None = None) -> int | Framing:
    """Return the length of a message's content, or how its end is found (section 6.3).

    For a response, `method` is that of its request. Raises `SyntaxFault` for a message that two readers could
    understand differently: a request with both a coding and a length, one whose last coding is not `chunked`, a coding
    in HTTP/1.0, a length that is no number. Such messages are how requests are smuggled past a guard.
    """
    if isinstance(start, StatusLine) and _has_no_content(start.status, method):
        return 0
    if "transfer-encoding" in fields:
        return _coded(start, fields)
    length = content_length(fields)
    if length is not None:
        return length
    return 0 if isinstance(start, RequestLine) else Framing.UNTIL_CLOSE


def _has_no_content(status: int, method: str | None) -> bool:
    return method == "HEAD" or status < 200 or status in (204, 304) or (method == "CONNECT" and status < 300)


def _coded(start: RequestLine | StatusLine, fields: Fields) -> Framing:
    text = fields.get("transfer-encoding", "")
    names = [coding.name for coding in parse_transfer_codings(text)]
    is_request = isinstance(start, RequestLine)
    if start.version < HTTP_1_1:
        raise SyntaxFault("no Transfer-Encoding in HTTP/1.0", text, 0, target="transfer-encoding")
    if is_request and "content-length" in fields:
        raise SyntaxFault("Transfer-Encoding or Content-Length, not both", text, 0, target="transfer-encoding")
    if names.count("chunked") > 1 or (is_request and names[-1:] != ["chunked"]):
        raise SyntaxFault("chunked once, as the last coding", text, 0, target="transfer-encoding")
    return Framing.CHUNKED if names[-1:] == ["chunked"] else Framing.UNTIL_CLOSE


def keeps_alive(version: HttpVersion, fields: Fields) -> bool:
    """Whether the sender of this message wants to keep the connection (section 9.3); unreadable options end it."""
    try:
        options = read_tokens(fields.get("connection", ""))
    except SyntaxFault:
        return False
    return "close" not in options and (version >= HTTP_1_1 or "keep-alive" in options)
