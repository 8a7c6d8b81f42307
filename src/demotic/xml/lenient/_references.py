"""References as people write them: with and without a semicolon, to entities declared, known from HTML, or unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.entities import html5
from typing import Final

from demotic.xml.lenient._repairs import Repairs

__all__ = ["PREDEFINED", "expand"]

PREDEFINED: Final[Mapping[str, str]] = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_REFERENCE: Final = re.compile(r"&(?:#[xX]([0-9a-fA-F]{1,8})|#([0-9]{1,8})|([A-Za-z_:][\w.:-]{0,80}))?(;?)")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def expand(text: str, entities: Mapping[str, str], repairs: Repairs, offset: int = 0) -> str:
    """Return the text, which stands at `offset`, with its references replaced; what is no reference stays as it is."""
    if "&" not in text:
        return text

    def replace(found: re.Match[str]) -> str:
        hexadecimal, decimal, name, semicolon = found.groups()
        if offset:
            repairs.move(offset + found.start())
        if name is not None:
            return _named(found.group(), name, bool(semicolon), entities, repairs)
        if hexadecimal is None and decimal is None:
            repairs.add("bare-ampersand", "an ampersand that begins no reference")
            return found.group()
        if not semicolon:
            repairs.add("missing-semicolon", f"{found.group()} without a semicolon")
        return _character(int(hexadecimal, 16) if hexadecimal else int(decimal), repairs)

    return _REFERENCE.sub(replace, text)


def _character(code: int, repairs: Repairs) -> str:
    if 0x80 <= code <= 0x9F:
        # Nobody means the control characters; everybody means Windows-1252.
        character = bytes((code,)).decode("cp1252", "replace")
        repairs.add("windows-character", f"&#{code}; is a control character, read as {character!r}")
        return character
    if code > 0x10FFFF or _FORBIDDEN.match(chr(code)):
        repairs.add("forbidden-character", f"&#{code}; is no character of XML")
        return "\ufffd"
    return chr(code)


def _named(written: str, name: str, semicolon: bool, entities: Mapping[str, str], repairs: Repairs) -> str:
    found = PREDEFINED.get(name) or entities.get(name)
    if found is None:
        found = html5.get(f"{name};") or entities.get(name.lower()) or PREDEFINED.get(name.lower())
        if found is not None:
            repairs.add("undeclared-entity", f"&{name}; is not declared, read as {found!r}")
    if found is None:
        if semicolon:
            repairs.add("undeclared-entity", f"&{name}; is not declared, kept as text")
        else:
            repairs.add("bare-ampersand", "an ampersand that begins no reference")
        return written
    if not semicolon:
        repairs.add("missing-semicolon", f"&{name} without a semicolon")
    return found
