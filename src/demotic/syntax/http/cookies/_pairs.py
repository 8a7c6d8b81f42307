"""`Cookie`: what the client sends back (RFC 6265bis, sections 4.2 and 5.8), as pairs of names and values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http.grammar._words import is_token

__all__ = ["format_cookies", "parse_attribute_text", "parse_cookies", "parse_pair"]

_ATTRIBUTE_TEXT: Final = re.compile(r"[^\x00-\x1f\x7f;]*")
_BREAKS_OUT: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f;]")
_STRICT_VALUE: Final = re.compile(
    r'"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*"|[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*'
)


def parse_pair(text: str, *, strict: bool = False) -> tuple[str, str] | None:
    """Read one pair, blanks around name and value left off; `None` for what is no pair.

    Leniently all it takes is an equals sign. Strictly, the name is a token and the value has no blanks, commas,
    semicolons or backslashes; quotes around it are part of it.
    """
    name, equals, value = text.partition("=")
    if strict:
        return (name, value) if equals and is_token(name) and _STRICT_VALUE.fullmatch(value) else None
    return (name.strip(" \t"), value.strip(" \t")) if equals else None


def parse_cookies(field: str, *, strict: bool = False) -> dict[str, tuple[str, ...]]:
    """Read a `Cookie` field: names with their values, of which there are several if paths or domains overlap.

    The order of a name's values says nothing to rely on. What is no pair is passed over, or, if `strict`, raises
    `SyntaxFault`.
    """
    cookies: dict[str, list[str]] = {}
    at = 0
    for part in field.split(";"):
        pair = parse_pair(part.removeprefix(" ") if strict else part, strict=strict)
        if pair is not None:
            cookies.setdefault(pair[0], []).append(pair[1])
        elif strict and (field or at):
            raise SyntaxFault("a cookie such as name=value", field, at)
        at += len(part) + 1
    return {name: tuple(values) for name, values in cookies.items()}


def format_cookies(pairs: Iterable[tuple[str, str]]) -> str:
    """Write a `Cookie` field; a value without a name stands alone. Raises `InvalidInput` for what breaks out of it."""
    written = []
    for name, value in pairs:
        text = f"{name}={value}" if name else value
        if _BREAKS_OUT.search(text) or "=" in name:
            raise InvalidInput(f"{text!r} cannot be part of a cookie")
        written.append(text)
    return "; ".join(written)


def parse_attribute_text(text: str, position: int = 0) -> str:
    """Return what stands up to the next semicolon or control character."""
    found = _ATTRIBUTE_TEXT.match(text, position)
    return found[0] if found else ""
