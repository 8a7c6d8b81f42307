"""Header fields of a response as a list of pairs, in the order they are sent. Names are compared in any case."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import TypeAlias

from demotic.errors import SyntaxFault
from demotic.syntax.http.caching import CacheControl, Vary, parse_cache_control, parse_vary

__all__ = [
    "Fields",
    "cache_control",
    "content_length",
    "field",
    "says",
    "varies_on",
    "vary_on",
    "with_field",
    "without",
]

Fields: TypeAlias = list[tuple[str, str]]


def field(fields: Fields, name: str) -> str | None:
    """Return the value of a field, repeated ones joined with commas (RFC 9110, section 5.3); ``None`` without one."""
    values = [value for known, value in fields if known.lower() == name]
    return ", ".join(values) if values else None


def without(fields: Fields, names: Collection[str]) -> Fields:
    """Return the fields without those of some names (in lower case)."""
    return [pair for pair in fields if pair[0].lower() not in names]


def with_field(fields: Fields, name: str, value: str) -> Fields:
    """Return the fields with one set to ``value``, in place of all that had its name."""
    return [*without(fields, (name.lower(),)), (name, value)]


def varies_on(fields: Fields) -> Vary:
    """Return what Vary lists (RFC 9110, section 12.5.5); a broken field is taken for the `*` that shares nothing."""
    return _vary(field(fields, "vary") or "")


def vary_on(fields: Fields, name: str) -> Fields:
    """Return the fields with ``name`` among those that Vary lists."""
    listed, vary = field(fields, "vary"), varies_on(fields)
    if vary.anything or name.lower() in vary.names:
        return fields
    return with_field(fields, "Vary", f"{listed}, {name}" if listed else name)


def cache_control(fields: Fields) -> CacheControl:
    """Return what Cache-Control says (RFC 9111, section 5.2); a broken field is taken for `no-store`."""
    return _cache_control(field(fields, "cache-control") or "")


# An application says the same few things again and again.
@lru_cache(maxsize=256)
def _vary(text: str) -> Vary:
    try:
        return parse_vary(text)
    except SyntaxFault:
        return Vary(anything=True)


@lru_cache(maxsize=256)
def _cache_control(text: str) -> CacheControl:
    try:
        return parse_cache_control(text)
    except SyntaxFault:
        return CacheControl("no-store", "no-transform")


def says(fields: Fields, directive: str) -> bool:
    """Tell whether Cache-Control has a directive."""
    return directive in cache_control(fields)


def content_length(fields: Fields) -> int | None:
    """Return the length that Content-Length gives; ``None`` if it is missing or no number."""
    text = field(fields, "content-length")
    return int(text) if text is not None and text.isascii() and text.isdecimal() else None
