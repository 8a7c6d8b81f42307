"""Which content types are worth compressing: text in all its forms, and the few binary ones that are not packed yet."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Final

from demotic.errors import DemoticError
from demotic.syntax.http import parse_media_type

__all__ = ["WORTH", "is_worth"]

WORTH: Final = frozenset(
    {
        "text/*",
        "*/*+json",
        "*/*+text",
        "*/*+xml",
        "application/json",
        "application/json-seq",
        "application/javascript",
        "application/x-javascript",
        "application/x-ndjson",
        "application/x-yaml",
        "application/yaml",
        "application/xml",
        "application/xml-dtd",
        "application/rtf",
        "application/sql",
        "application/wasm",
        "application/x-www-form-urlencoded",
        "application/vnd.ms-fontobject",
        "font/otf",
        "font/ttf",
        "image/bmp",
        "image/vnd.microsoft.icon",
        "image/x-icon",
    }
)
"""Media types; a `*` stands for any type or subtype, and `*/*+json` for every type with that suffix (RFC 6839)."""

EVENTS: Final = "text/event-stream"
"""Events are sent as they happen; what stands between us and the client may hold compressed ones back."""


def is_worth(content_type: str | None, types: Collection[str] = WORTH) -> bool:
    """Tell whether a Content-Type is among ``types``; none, or a malformed one, is not."""
    forms = _forms(content_type or "")
    return forms[0] in types or (forms[0] != EVENTS and any(form in types for form in forms))


@lru_cache(maxsize=256)
def _forms(content_type: str) -> tuple[str, ...]:
    """Return the forms that a type can be listed in, itself first; those of a malformed one are empty."""
    try:
        media = parse_media_type(content_type)
    except DemoticError:
        return ("",)
    suffix = media.subtype.rpartition("+")[2]
    return media.essence, f"{media.type}/*", f"*/*+{suffix}"
