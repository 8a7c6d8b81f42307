"""The character classes and names of XML 1.0 (fifth edition, productions 2 to 7) and of its namespaces (third edition).

Classes are for sets and expressions; whole names are tested by one compiled expression each.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from demotic.syntax.unicode._class import CharacterClass

__all__ = [
    "NAME_CHAR",
    "NAME_START_CHAR",
    "WHITE_SPACE",
    "XML_CHAR",
    "is_name",
    "is_nc_name",
    "is_nmtoken",
]

WHITE_SPACE: Final = CharacterClass(" \t\r\n").freeze()
"""S, production 3: the four characters that XML treats as white space."""

XML_CHAR: Final = CharacterClass(
    "\t\n\r", ("\x20", "\ud7ff"), ("\ue000", "\ufffd"), ("\U00010000", "\U0010ffff")
).freeze()
"""Char, production 2: what a document may hold."""

NAME_START_CHAR: Final = CharacterClass(
    ":_", ("A", "Z"), ("a", "z"), ("\xc0", "\xd6"), ("\xd8", "\xf6"), ("\xf8", "\u02ff"), ("\u0370", "\u037d"),
    ("\u037f", "\u1fff"), ("\u200c", "\u200d"), ("\u2070", "\u218f"), ("\u2c00", "\u2fef"), ("\u3001", "\ud7ff"),
    ("\uf900", "\ufdcf"), ("\ufdf0", "\ufffd"), ("\U00010000", "\U000effff"),
).freeze()  # fmt: skip
"""NameStartChar, production 4."""

NAME_CHAR: Final = CharacterClass(
    NAME_START_CHAR, "-.\xb7", ("0", "9"), ("\u0300", "\u036f"), ("\u203f", "\u2040")
).freeze()
"""NameChar, production 4a."""

_COLON: Final = CharacterClass(":")


@cache
def _matcher(kind: str) -> Callable[[str], object]:
    """Return the test of a production; compiled when first asked for, as that takes a few milliseconds."""
    patterns = {
        "Name": f"{NAME_START_CHAR}{NAME_CHAR}*",
        "NCName": f"{NAME_START_CHAR - _COLON}{NAME_CHAR - _COLON}*",
        "Nmtoken": f"{NAME_CHAR}+",
    }
    return re.compile(patterns[kind]).fullmatch


def is_name(text: str) -> bool:
    """Whether a text is a Name, production 5."""
    return _matcher("Name")(text) is not None


def is_nc_name(text: str) -> bool:
    """Whether a text is an NCName, a name without a colon (Namespaces in XML 1.0, production 4)."""
    return _matcher("NCName")(text) is not None


def is_nmtoken(text: str) -> bool:
    """Whether a text is an Nmtoken, production 7: characters of names, whichever comes first."""
    return _matcher("Nmtoken")(text) is not None
