"""Who passed a message on (RFC 9110, section 7.6.3), and what they warned of (RFC 7234, section 5.5; now obsolete)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax._scanner import Scanner
from demotic.syntax.http._date import format_http_date, parse_http_date
from demotic.syntax.http.grammar._lists import read_list
from demotic.syntax.http.grammar._words import quote, read_comment, read_quoted

__all__ = ["ReceivedBy", "WarningValue", "parse_via", "parse_warnings"]

_BLANKS: Final = re.compile(r"[ \t]+")
_HOST: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z:\[\]-]+")
_PROTOCOL: Final = re.compile(r"(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)/)?([!#$%&'*+.^_`|~0-9A-Za-z-]+)")
_CODE: Final = re.compile(r"[1-9][0-9]{2}(?= )")


@dataclass(frozen=True, slots=True)
class ReceivedBy:
    """One step of `Via`: the protocol (HTTP, if it says none) and version, the host or pseudonym, a comment."""

    version: str
    by: str
    protocol: str = "HTTP"
    comment: str | None = None

    def __post_init__(self) -> None:
        if not _PROTOCOL.fullmatch(f"{self.protocol}/{self.version}"):
            raise InvalidInput(f"{self.protocol}/{self.version} is no protocol and version")
        if not _HOST.fullmatch(self.by):
            raise InvalidInput(f"{self.by!r} is no host or pseudonym")

    def __str__(self) -> str:
        protocol = self.version if self.protocol == "HTTP" else f"{self.protocol}/{self.version}"
        return " ".join(filter(None, (protocol, self.by, self.comment)))


def parse_via(text: str) -> tuple[ReceivedBy, ...]:
    """Read a `Via` field, the first to pass the message on first. Raises `SyntaxFault`."""
    return read_list(text, _read_step)


def _read_step(scanner: Scanner) -> ReceivedBy:
    protocol = scanner.match(_PROTOCOL)
    if protocol is None:
        raise scanner.fail("a protocol version such as 1.1 or HTTP/1.1")
    scanner.expect_match(_BLANKS, "a blank")
    by = scanner.expect_match(_HOST, "a host or pseudonym")
    comment = read_comment(scanner) if scanner.match(_BLANKS) else None
    return ReceivedBy(protocol[2], by, protocol[1] or "HTTP", comment)


@dataclass(frozen=True, slots=True)
class WarningValue:
    """One warning: a code of three digits, who adds it, what it says, and when, if it says so."""

    code: int
    agent: str
    text: str
    date: datetime | None = None

    def __post_init__(self) -> None:
        if not 100 <= self.code <= 999 or not _HOST.fullmatch(self.agent):
            raise InvalidInput(f"{self.code} {self.agent!r} cannot begin a warning")

    def __str__(self) -> str:
        date = "" if self.date is None else f' "{format_http_date(self.date)}"'
        return f"{self.code:03} {self.agent} {quote(self.text)}{date}"


def parse_warnings(text: str) -> tuple[WarningValue, ...]:
    """Read a `Warning` field. Raises `SyntaxFault`."""
    return read_list(text, _read_warning)


def _read_warning(scanner: Scanner) -> WarningValue:
    code = int(scanner.expect_match(_CODE, "a code of three digits"))
    scanner.expect(" ")
    agent = scanner.expect_match(_HOST, "a host or pseudonym")
    scanner.expect(" ")
    text = read_quoted(scanner)
    if text is None:
        raise scanner.fail("a text in quotes")
    before = scanner.position
    return WarningValue(code, agent, text, _read_date(scanner, before))


def _read_date(scanner: Scanner, before: int) -> datetime | None:
    blank = scanner.accept(" ")
    at = scanner.position
    date = read_quoted(scanner) if blank else None
    if date is None:
        scanner.position = before
        return None
    try:
        return parse_http_date(date)
    except SyntaxFault:
        scanner.position = at
        raise scanner.fail("a date in quotes") from None
