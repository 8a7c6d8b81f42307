"""Reading `Set-Cookie` as browsers do (RFC 6265bis, section 5.6), and as its grammar is (section 4.1.1)."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http._date import parse_http_date
from demotic.syntax.http.cookies._characters import COOKIE_OCTETS
from demotic.syntax.http.cookies._dates import parse_cookie_date
from demotic.syntax.http.cookies._set_cookie import SameSite, SetCookie, StrictCookie
from demotic.syntax.http.grammar._words import is_token

__all__ = ["MAX_ATTRIBUTE", "MAX_PAIR", "parse_set_cookie", "parse_strict_set_cookie"]

MAX_PAIR: Final = 4096
"""Longer than this, name and value together, a cookie is ignored."""

MAX_ATTRIBUTE: Final = 1024
"""Longer than this the value of an attribute is ignored."""

_LOG: Final = logging.getLogger(__name__)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SECONDS: Final = re.compile(r"-?[0-9]+")
_MOST_SECONDS: Final = 10**9
_SAME_SITE: Final = {site.value.lower(): site for site in SameSite}


def parse_set_cookie(text: str) -> SetCookie | None:
    """Read a `Set-Cookie` field as browsers do; `None` says to ignore it.

    That is so for control characters, for a pair that is too long, and for one without name and value. Attributes that
    are not known are kept as extensions; a date that is none is logged and passed over, so that the cookie becomes one
    of the session.
    """
    if _CONTROLS.search(text):
        return None
    pair, *attributes = text.split(";")
    name, equals, value = pair.partition("=")
    name, value = (name.strip(" \t"), value.strip(" \t")) if equals else ("", pair.strip(" \t"))
    if not (name or value) or len(name) + len(value) > MAX_PAIR:
        return None
    return replace(SetCookie(name, value), **_attributes(attributes))


def _attributes(attributes: list[str]) -> dict[str, Any]:
    """Return the fields of a cookie that attributes give; of equal ones the last counts."""
    found: dict[str, Any] = {}
    extensions: list[str] = []
    for attribute in attributes:
        name, _, value = attribute.partition("=")
        name, value = name.strip(" \t"), value.strip(" \t")
        if len(value) > MAX_ATTRIBUTE:
            continue
        reader = _READERS.get(name.lower())
        if reader is not None:
            found |= reader(value)
        elif attribute.strip(" \t"):
            extensions.append(attribute.strip(" \t"))
    return found | ({"extensions": tuple(extensions)} if extensions else {})


def _expires(value: str) -> dict[str, Any]:
    try:
        return {"expires": parse_cookie_date(value)}
    except SyntaxFault as fault:
        _LOG.warning("a cookie's date cannot be read: %s", fault)
        return {}


def _max_age(value: str) -> dict[str, Any]:
    if not _SECONDS.fullmatch(value):
        return {}
    digits = value.lstrip("-0") or "0"
    seconds = _MOST_SECONDS if len(digits) > 9 else int(digits)
    return {"max_age": -seconds if value.startswith("-") else seconds}


def _domain(value: str) -> dict[str, Any]:
    return {"domain": value.removeprefix(".").lower() or None}


def _path(value: str) -> dict[str, Any]:
    return {"path": value if value.startswith("/") else None}


_READERS: Final[dict[str, Callable[[str], dict[str, Any]]]] = {
    "domain": _domain,
    "expires": _expires,
    "httponly": lambda _: {"http_only": True},
    "max-age": _max_age,
    "partitioned": lambda _: {"partitioned": True},
    "path": _path,
    "samesite": lambda value: {"same_site": _SAME_SITE.get(value.lower())},
    "secure": lambda _: {"secure": True},
}


def parse_strict_set_cookie(text: str) -> StrictCookie:
    """Read a `Set-Cookie` field as its grammar is; attributes that are not known are kept as extensions.

    Raises `SyntaxFault` with the place, and `InvalidInput` for what `StrictCookie` does not hold.
    """
    pair, *attributes = text.split(";")
    name, equals, value = pair.partition("=")
    inner = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    if not is_token(name) or not equals:
        raise SyntaxFault("a name and '='", text, 0)
    if not COOKIE_OCTETS.issuperset(inner):
        bad = next(at for at, c in enumerate(inner) if c not in COOKIE_OCTETS)
        raise SyntaxFault("a character of a cookie's value", text, len(name) + 1 + bad + (inner != value))
    at = len(pair)
    for attribute in attributes:
        _check_attribute(text, at + 1, attribute)
        at += 1 + len(attribute)
    found = _attributes(attributes)
    return StrictCookie(name, value, **found)


def _check_attribute(text: str, at: int, attribute: str) -> None:
    if not attribute.startswith(" "):
        raise SyntaxFault("a blank after ';'", text, at)
    name, equals, value = attribute[1:].partition("=")
    start = at + 2 + len(name)
    if not name or _CONTROLS.search(attribute):
        raise SyntaxFault("an attribute", text, at + 1)
    check = _CHECKS.get(name.lower())
    if check is None:
        return
    try:
        fits = check(value) if equals else name.lower() in _FLAGS
    except InvalidInput:
        fits = False
    if not fits:
        raise SyntaxFault(f"a value that {name} can have", text, min(start, len(text)))


_FLAGS: Final = frozenset({"secure", "httponly", "partitioned"})
_CHECKS: Final[dict[str, Callable[[str], object]]] = {
    "domain": lambda value: value,
    "expires": lambda value: value.endswith("GMT") and value[3:4] == "," and parse_http_date(value),
    "httponly": lambda _: False,
    "max-age": re.compile(r"-?[0-9]+").fullmatch,
    "partitioned": lambda _: False,
    "path": lambda value: value.startswith("/"),
    "samesite": lambda value: value.lower() in _SAME_SITE,
    "secure": lambda _: False,
}
