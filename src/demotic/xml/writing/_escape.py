"""Text as it can stand in a document: characters that mean markup become references, others that cannot are refused.

Specification: XML 1.0 (fifth edition), sections 2.2, 2.4, 2.7, 2.11 and 3.3.3.
"""

from __future__ import annotations

import re
from typing import Final

from demotic.errors import InvalidInput

__all__ = ["IN_ATTRIBUTE", "IN_TEXT", "attribute_text", "cdata", "escape", "text"]

_FORBIDDEN: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_OUTSIDE: Final = re.compile(f"[{_FORBIDDEN}]")
IN_TEXT: Final = re.compile(f"[&<>\r{_FORBIDDEN}]").search
"""Finds what cannot stand in text as it is."""
IN_ATTRIBUTE: Final = re.compile(f'[&<>"\r\n\t{_FORBIDDEN}]').search
"""Finds what cannot stand in an attribute as it is."""

_TEXT: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
# Reading turns these blanks of an attribute into spaces unless they come as references (XML 1.0, section 3.3.3).
_ATTRIBUTE: Final = {**_TEXT, ord('"'): "&quot;", ord("\t"): "&#9;", ord("\n"): "&#10;"}


def checked(value: str) -> str:
    """Return the text. Raises `InvalidInput` for characters that no document can hold."""
    found = _OUTSIDE.search(value)
    if found:
        raise InvalidInput(f"U+{ord(found.group()):04X} cannot be written in XML", target=value[:40])
    return value


def text(value: str) -> str:
    """Return character data."""
    return checked(value).translate(_TEXT) if IN_TEXT(value) else value


def attribute_text(value: str) -> str:
    """Return what stands between the quotes of an attribute."""
    return checked(value).translate(_ATTRIBUTE) if IN_ATTRIBUTE(value) else value


def escape(value: str, *, ascii: bool = False, quote: bool = False) -> str:
    """Return text with markup characters and carriage returns as references.

    With `quote` it comes in quotes, as an attribute's value; with `ascii` every other character outside ASCII is a
    reference too. Raises `InvalidInput` for characters that no document can hold.
    """
    result = f'"{attribute_text(value)}"' if quote else text(value)
    return result.encode("ascii", "xmlcharrefreplace").decode("ascii") if ascii else result


def cdata(value: str) -> str:
    """Return text as a CDATA section, or as several around each `]]>`; nothing for none.

    Raises `InvalidInput` for a carriage return, which would be read as a line feed, and for forbidden characters.
    """
    if "\r" in value:
        raise InvalidInput("a carriage return cannot be written in a CDATA section", hint="use plain text")
    return f"<![CDATA[{checked(value).replace(']]>', ']]]]><![CDATA[>')}]]>" if value else ""
