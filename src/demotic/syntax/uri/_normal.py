"""The ladder of normal forms (RFC 3986, section 6.2): each rung finds more texts to mean the same resource."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from demotic.syntax.uri._authority import Authority
from demotic.syntax.uri._grammar import Parts
from demotic.syntax.uri._paths import remove_dot_segments, shield_path
from demotic.syntax.uri._percent import ALWAYS_PLAIN

__all__ = ["Level", "normal_parts"]


class Level(enum.IntEnum):
    """How far two texts may differ and still be one URI; each level includes those before it."""

    TEXT = 0
    """Not at all: character by character (section 6.2.1), as XML namespaces and Atom ids are compared."""
    CASE = 1
    """In the case of scheme, host and the digits of percent-codes (6.2.2.1)."""
    PERCENT = 2
    """In percent-codes of characters that need none (6.2.2.2)."""
    PATH = 3
    """In dot segments (6.2.2.3), where the path has a root."""
    SCHEME = 4
    """In what the scheme says is the same, a default port for example (6.2.3)."""


_CODE: Final = re.compile("%[0-9A-Fa-f]{2}")


def normal_parts(parts: Parts, level: Level) -> Parts:
    """Return the normal form of the level, up to `PATH`; what the scheme says is the scheme's class to do."""
    for rung, step in _STEPS:
        if level >= rung:
            parts = step(parts)
    return parts


def _each(parts: Parts, code: Callable[[re.Match[str]], str]) -> Parts:
    if not any(text and "%" in text for text in (str(parts.authority or ""), *parts[2:])):
        return parts

    def change(text: str | None) -> str | None:
        return text if text is None or "%" not in text else _CODE.sub(code, text)

    authority = parts.authority
    if authority is not None:
        authority = replace(authority, userinfo=change(authority.userinfo), host=change(authority.host) or "")
    return Parts(parts.scheme, authority, change(parts.path) or "", change(parts.query), change(parts.fragment))


def _upper(code: re.Match[str]) -> str:
    return code.group().upper()


def _plain(code: re.Match[str]) -> str:
    character = chr(int(code.group()[1:], 16))
    return character if character in ALWAYS_PLAIN else code.group()


def fold_case(parts: Parts) -> Parts:
    """Scheme and host in lower case, percent-codes in upper case."""
    scheme, authority = parts.scheme, parts.authority
    if authority is not None and authority.host != authority.host.lower():
        authority = replace(authority, host=authority.host.lower())
    return _each(parts._replace(scheme=scheme and scheme.lower(), authority=authority), _upper)


def decode_unreserved(parts: Parts) -> Parts:
    """No percent-codes for unreserved characters, which in a host are lower-case letters then."""
    parts = _each(parts, _plain)
    if parts.authority is None or "%" in parts.authority.host:
        return fold_case(parts)
    host = parts.authority.host.lower()
    return parts if host == parts.authority.host else parts._replace(authority=replace(parts.authority, host=host))


def fold_dots(parts: Parts) -> Parts:
    """No dot segments in a path that has a root; elsewhere they have a meaning, or are part of some data."""
    if not parts.path.startswith("/"):
        return parts
    path = remove_dot_segments(parts.path)
    has_authority = parts.authority is not None
    return parts._replace(path=shield_path(path, has_scheme=parts.scheme is not None, has_authority=has_authority))


_STEPS: Final = ((Level.CASE, fold_case), (Level.PERCENT, decode_unreserved), (Level.PATH, fold_dots))


def plain_host(authority: Authority) -> Authority:
    """Return the authority with an IP address in its shortest text (RFC 5952), otherwise as it is."""
    address = authority.address
    if address is None or address.version == 4:
        return authority
    mapped = address.ipv4_mapped
    text = (
        str(address) if mapped is None else f"::ffff:{mapped}"
    )  # Python 3.13 writes it so, earlier ones in hexadecimal
    zone = f"%25{authority.zone}" if authority.zone else ""
    return replace(authority, host=f"[{text}{zone}]")
