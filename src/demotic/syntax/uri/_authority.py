"""The authority of a URI: user information, host and port (RFC 3986, section 3.2), kept as written.

IPv6 zones are read in the form of RFC 6874 (`[fe80::1%25eth0]`). That RFC is obsolete (by RFC 9844), but its texts are
in use; programs that must not reach link-local hosts look at `zone`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Final

from demotic.syntax._lazy import lazy_pattern
from demotic.syntax.uri._errors import InvalidURI

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

__all__ = ["Authority", "split_authority"]

HIGHEST_PORT: Final = 65535

_PORT: Final = re.compile(r"(.*):([0-9]*)", re.DOTALL)


def pattern_with(other: str) -> re.Pattern[str]:
    """Return the pattern of an authority whose names may hold `other` characters too."""
    name = rf"(?:[A-Za-z0-9._~!$&'()*+,;={other}-]++|%[0-9A-Fa-f]{{2}})*+"
    userinfo = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:{other}-]++|%[0-9A-Fa-f]{{2}})*+"
    return lazy_pattern(rf"(?:({userinfo})@)?(\[[^\[\]@/?#]*\]|{name})(?::([0-9]*))?")


_IPV4: Final = lazy_pattern(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}")
_FUTURE: Final = lazy_pattern(r"[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+")
_ZONE: Final = lazy_pattern(r"(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+")


@dataclass(frozen=True)
class Authority:
    """User information, host and port, as they stand in the text; `str` gives that text back.

    `userinfo` and `port_text` are None where their delimiter is missing, and empty where only the delimiter is there.
    IP literals keep their brackets in `host`. Raises `InvalidURI` for parts that no URI may hold. Two authorities are
    equal if their texts are; `URI` compares them by the rules of its scheme.

    >>> Authority.parse("me@[::1]:8080")
    Authority(userinfo='me', host='[::1]', port_text='8080')
    """

    userinfo: str | None = None
    host: str = ""
    port_text: str | None = None

    _pattern: ClassVar[re.Pattern[str]] = pattern_with("")

    def __post_init__(self) -> None:
        text = str(self)
        found = self._pattern.match(text)
        end = found.end() if found else 0
        if found is None or end < len(text):
            raise InvalidURI("the rest of user@host:port", text, end, hint="an IPv6 address is written in brackets")
        if found.groups() != (self.userinfo, self.host, self.port_text):
            raise InvalidURI("a host without user information or port", text, 0)
        _check_literal(self.host, text)

    def __str__(self) -> str:
        user = "" if self.userinfo is None else f"{self.userinfo}@"
        return f"{user}{self.host}" if self.port_text is None else f"{user}{self.host}:{self.port_text}"

    @classmethod
    def parse(cls, text: str) -> Authority:
        """Read `userinfo@host:port`, of which only the host, which may be empty, must be there."""
        return cls(*split_authority(text))

    @property
    def port(self) -> int | None:
        """The port as a number; None where there is none. Raises `InvalidURI` above 65535."""
        digits = (self.port_text or "").lstrip("0") or (self.port_text or "")[:1]
        if len(digits) > 5 or (digits and int(digits) > HIGHEST_PORT):
            raise InvalidURI(f"a port up to {HIGHEST_PORT}", str(self), len(str(self)) - len(self.port_text or ""))
        return int(digits) if digits else None

    @cached_property
    def address(self) -> IPv4Address | IPv6Address | None:
        """The host as an IP address, without its zone; None for a name and for the literals of future versions."""
        if not self.host.startswith("[") and not _IPV4.fullmatch(self.host):
            return None
        from ipaddress import IPv4Address, IPv6Address  # some milliseconds that names need not pay

        if self.host.startswith("["):
            inner = self.host[1:-1].partition("%")[0]
            return None if inner[:1] in ("v", "V") else IPv6Address(inner)
        return IPv4Address(self.host)

    @property
    def zone(self) -> str | None:
        """The zone of an IPv6 literal (`[fe80::1%25eth0]`), percent-coding retained; None where there is none."""
        return self.host[1:-1].partition("%25")[2] or None if self.host.startswith("[") else None


def split_authority(text: str) -> tuple[str | None, str, str | None]:
    """Split an authority into user information, host and port, without decoding or checking anything.

    The user information ends at the first `@`, the port begins after the last colon if nothing but digits (or nothing
    at all) follows it.
    """
    before, at, rest = text.partition("@")
    userinfo, rest = (before, rest) if at else (None, text)
    found = _PORT.fullmatch(rest)
    return (userinfo, found[1], found[2]) if found else (userinfo, rest, None)


def _check_literal(host: str, text: str) -> None:
    """Refuse brackets around anything but an IPv6 address or a literal of a future version (section 3.2.2)."""
    if not host.startswith("[") or _FUTURE.fullmatch(host, 1, len(host) - 1):
        return
    from ipaddress import AddressValueError, IPv6Address

    address, marked, zone = host[1:-1].partition("%25")
    try:
        if "%" in address or (marked and not _ZONE.fullmatch(zone)):
            raise AddressValueError
        IPv6Address(address)
    except AddressValueError:
        raise InvalidURI("an IPv6 address in brackets", text, text.index("[") + 1) from None
