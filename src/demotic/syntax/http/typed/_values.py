"""Parsers and formatters of fields whose values need no class of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax.http._date import format_http_date, parse_http_date
from demotic.syntax.http.caching._seconds import format_seconds, parse_seconds
from demotic.syntax.http.grammar._lists import format_list, read_tokens
from demotic.syntax.uri import Authority

__all__ = [
    "format_moment",
    "format_tokens",
    "parse_host",
    "parse_number",
    "parse_retry_after",
    "parse_set",
]

_DIGITS: Final = re.compile(r"[0-9]{1,18}")


def parse_number(text: str) -> int:
    """Read digits. Raises `SyntaxFault`."""
    found = _DIGITS.match(text)
    end = found.end() if found else 0
    if end != len(text) or not end:
        raise SyntaxFault("a number of at most 18 digits", text, end)
    return int(text)


def parse_host(text: str) -> Authority:
    """Read a host, which is empty for a target without one, and a port. Raises `SyntaxFault`."""
    host = Authority.parse(text)
    if host.userinfo is not None:
        raise SyntaxFault("a host without a user's name before it", text, 0)
    host.port  # noqa: B018  it refuses a number that is too high
    return host


def parse_set(text: str) -> frozenset[str]:
    """Read tokens whose order says nothing. Raises `SyntaxFault`."""
    return frozenset(read_tokens(text))


def format_tokens(tokens: Iterable[str]) -> str:
    """Write tokens: a set sorted, anything else in its order."""
    return format_list(sorted(tokens) if isinstance(tokens, set | frozenset) else tokens)


def parse_retry_after(text: str) -> int | datetime:
    """Read seconds to wait, or the moment to wait for. Raises `SyntaxFault`."""
    return parse_seconds(text) if _DIGITS.fullmatch(text) else parse_http_date(text)


def format_moment(value: int | datetime) -> str:
    """Write seconds or a moment."""
    return format_seconds(value) if isinstance(value, int) else format_http_date(value)
