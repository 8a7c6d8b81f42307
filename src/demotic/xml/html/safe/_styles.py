"""The content of `style` attributes: declarations of allowed properties, with values made of harmless parts.

What stays is written anew from words, numbers, colors and plain strings. There are no escapes, no blocks, no URLs and
no functions but those of colors, so nothing is loaded, run or hidden from the reader of the rule. A value that has more
is refused whole; CSS would not show half of it either.

Specification: CSS Syntax Module Level 3, sections 4 and 5.4 (of which this takes a small part); CSS Color Module
Level 4.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

__all__ = ["checked_declarations", "declarations"]

_COMMENT: Final = re.compile(r"/\*.*?(\*/|$)", re.DOTALL)
_IMPORTANT: Final = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)
_NUMBER: Final = r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})(?:%|[A-Za-z]{1,4})?"
_PART: Final = "|".join(
    (
        _NUMBER,
        "#[0-9A-Fa-f]{3,8}",
        rf"(?:rgb|hsl)a?\(\s*{_NUMBER}(?:\s*[,/\s]\s*{_NUMBER}){{2,3}}\s*\)",
        r"-?[A-Za-z][A-Za-z0-9-]*(?!\()",
        r'"[\w .-]*"',
        r"'[\w .-]*'",
    )
)
_VALUE: Final = re.compile(rf"(?:{_PART})(?:(?:\s*[,/]\s*|\s+)(?:{_PART}))*")
_MOST: Final = 200


def declarations(text: str) -> Iterator[tuple[str, str]]:
    """Yield the property and value of each declaration, as far as they are any."""
    for part in _COMMENT.sub("", text).split(";"):
        name, colon, value = part.partition(":")
        if part.strip():
            yield name.strip().lower(), " ".join(value.split()) if colon else ""


def checked_declarations(text: str, allowed: Collection[str]) -> tuple[str, list[tuple[str, str]]]:
    """Return the declarations that may stay, and (declaration, reason) for each that may not."""
    kept, refused = [], []
    for name, whole in declarations(text):
        value = _IMPORTANT.sub("", whole)
        if name not in allowed:
            refused.append((f"{name}: {whole}", f"the CSS property {name!r} is not allowed"))
        elif len(value) > _MOST or not _VALUE.fullmatch(value):
            refused.append((f"{name}: {whole}", "a CSS value of other parts than words, numbers, colors and strings"))
        else:
            kept.append(f"{name}: {value}")
            if value != whole:
                refused.append(("!important", f"{name} may not override the page"))
    return "; ".join(kept), refused
