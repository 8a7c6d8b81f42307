"""Literals in URLs: from text to a `Literal` of the syntax tree. What a literal means for a property is the binder's.

A regular expression finds where a literal ends, loosely; the exact form is that of the primitive type's own parser, so
a fault inside a literal is told by the one who knows the rule. OData ABNF Construction Rules 4.01, section 7
(`primitiveLiteral`); OData URL Conventions 4.01, section 5.1.1.14.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from demotic import model
from demotic.errors import SyntaxFault
from demotic.query._reader import IDENTIFIER, Reader
from demotic.query._tree import Literal, LiteralKind

# Where two forms begin alike, the more telling one comes first. Every alternative is linear. A blank in an exponent or
# before an offset can only be a plus sign that was written bare in a URL, and taken for a blank like all of them.
_TOKEN: Final = re.compile(
    rf"""
      (?P<string>'[^']*+(?:''[^']*+)*+'?)
    | (?P<guid>[0-9A-Fa-f]{{8}}-[0-9A-Fa-f]{{4}}[0-9A-Fa-f-]*+)
    | (?P<stamp>-?[0-9]{{4,}}+-[0-9-]++(?:[Tt](?P<time>[0-9:.]*+(?:[Zz]|[+-][0-9:]*+|[ ][0-9]{{2}}:[0-9]{{2}})?))?)
    | (?P<clock>[0-9]{{2}}:[0-9]{{2}}[0-9:.]*+)
    | (?P<number>[+-]?[0-9]++(?P<fraction>\.[0-9]*+)?(?P<exponent>[Ee](?:[+-]|[ ](?=[0-9]))?[0-9]*+)?)
    | (?P<special>(?:-?INF|NaN)(?!\w))
    | (?P<word>(?:null|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])(?![\w.']))
    | (?P<prefixed>{IDENTIFIER}(?:\.{IDENTIFIER})*+(?='))
    """,
    re.VERBOSE,
)
_QUOTED: Final = re.compile(r"'[^']*+(?:''[^']*+)*+'?")
_ENUM_MEMBER: Final = re.compile(rf"[+-]?[0-9]++|{IDENTIFIER}")
_YEAR: Final = r"-|0000-|[0-9]{5,}+-"
_SECOND: Final = r"[0-9]{2}:[0-9]{2}:60|[^.]*\.[0-9]{7,12}(?![0-9])"
_UNKEPT: Final = {
    model.DATE: re.compile(_YEAR),
    model.DATE_TIME_OFFSET: re.compile(rf"{_YEAR}|[^Tt]*[Tt]{_SECOND}"),
    model.TIME_OF_DAY: re.compile(_SECOND),
    model.DURATION: re.compile(r"[^.]*\.[0-9]{7,}+S"),
}
"""What the grammar allows in dates and times, but no Python value holds: far years, leap seconds, fine fractions."""
_INT64: Final = model.INTEGER_RANGES["Int64"]
_LONGEST_INT64: Final = len("+9223372036854775807")

_PREFIXED: Final = {
    "duration": (LiteralKind.DURATION, model.DURATION),
    "binary": (LiteralKind.BINARY, model.BINARY),
}
_SPATIAL: Final = {"geography": LiteralKind.GEOGRAPHY, "geometry": LiteralKind.GEOMETRY}
# A collection may be called so with or without its family's name in front.
_SHAPE: Final = re.compile(r"(?:SRID=[0-9]{1,5};)?(?:Geometry(?=Collection))?([A-Za-z]+)", re.IGNORECASE)
_SHAPES: Final = {
    kind.name.lower(): kind for kind in model.PRIMITIVES.values() if kind.name.lower().startswith(tuple(_SPATIAL))
}
_FORMER_PREFIXES: Final = {
    "datetime": "write 2024-02-29T07:59:59Z, without prefix and quotes",
    "datetimeoffset": "write 2024-02-29T07:59:59Z, without prefix and quotes",
    "time": "write 07:59:59, without prefix and quotes",
    "guid": "write the GUID without prefix and quotes",
    "x": "write binary'...' in base64url",
}
"""Literals of OData 2 and 3, with what OData 4 has instead."""

_WITH_SIGNS: Final = (LiteralKind.DOUBLE, LiteralKind.DATE_TIME_OFFSET)

_Convert: TypeAlias = Callable[[Reader, "re.Match[str]"], tuple[LiteralKind, object]]


def literal(reader: Reader) -> Literal | None:
    """Read the literal that begins here, or return ``None`` (and stay) if none does.

    Raises `SyntaxFault` inside a malformed literal.
    """
    found = reader.match(_TOKEN)
    if found is None:
        return None
    start = found.start()
    kind, value = _CONVERTERS[found.lastgroup or ""](reader, found)
    text = reader.text[start : reader.position]
    reader.height = 1
    return Literal(kind, _signed(text) if kind in _WITH_SIGNS else text, value, start + reader.base)


def _parse(reader: Reader, type: model.PrimitiveType, text: str, start: int) -> object:
    """Return the value of a literal; a date or time that is valid, but beyond what can be kept, has none."""
    try:
        return type.parse(text)
    except SyntaxFault as fault:
        unkept = _UNKEPT.get(type)
        if unkept is not None and unkept.match(text):
            return None
        raise reader.fault_within(fault, start) from None


def _string(reader: Reader, found: re.Match[str]) -> tuple[LiteralKind, object]:
    return LiteralKind.STRING, _unquote(reader, found.group())


def _unquote(reader: Reader, quoted: str) -> str:
    """Return what stands between the quotes of a piece just read."""
    inner = quoted[1:-1]
    # Loosely matched: without a closing quote the number of quotes is odd.
    if quoted.count("'") % 2:
        raise reader.fail("a closing quote", hint="a quote within a string is written twice")
    return inner.replace("''", "'") if "'" in inner else inner


def _guid(reader: Reader, found: re.Match[str]) -> tuple[LiteralKind, object]:
    return LiteralKind.GUID, _parse(reader, model.GUID, found.group(), found.start())


def _stamp(reader: Reader, found: re.Match[str]) -> tuple[LiteralKind, object]:
    text = found.group()
    if found["time"] is None:
        return LiteralKind.DATE, _parse(reader, model.DATE, text, found.start())
    return LiteralKind.DATE_TIME_OFFSET, _parse(reader, model.DATE_TIME_OFFSET, _signed(text), found.start())


def _signed(text: str) -> str:
    """Return a number or instant with its plus sign given back."""
    return text.replace(" ", "+")


def _clock(reader: Reader, found: re.Match[str]) -> tuple[LiteralKind, object]:
    return LiteralKind.TIME_OF_DAY, _parse(reader, model.TIME_OF_DAY, found.group(), found.start())


def _number(reader: Reader, found: re.Match[str]) -> tuple[LiteralKind, object]:
    text = found.group()
    if found["exponent"] is not None:
        return LiteralKind.DOUBLE, _parse(reader, model.DOUBLE, _signed(text), found.start())
    if found["fraction"] is None and len(text) <= _LONGEST_INT64 and _INT64[0] <= (value := int(text)) <= _INT64[1]:
        return LiteralKind.INTEGER, value
    return LiteralKind.DECIMAL, _parse(reader, model.DECIMAL, text, found.start())


def _special(reader: Reader, found: re.Match[str]) -> tuple[LiteralKind, object]:
    return LiteralKind.DOUBLE, model.DOUBLE.parse(found.group())


def _word(reader: Reader, found: re.Match[str]) -> tuple[LiteralKind, object]:
    word = found.group()
    return (LiteralKind.NULL, None) if word == "null" else (LiteralKind.BOOLEAN, word.lower() == "true")


def _prefixed(reader: Reader, found: re.Match[str]) -> tuple[LiteralKind, object]:
    """Read ``duration'...'``, ``binary'...'``, a geo literal, or an enumeration literal, from its quote on."""
    prefix, start = found.group(), reader.position
    folded = prefix.lower()
    if "." not in prefix and folded not in (*_PREFIXED, *_SPATIAL):
        raise reader.fail("an operator or the end", hint=_FORMER_PREFIXES.get(folded))
    inner = _unquote(reader, reader.expect_match(_QUOTED, "a quote"))
    if folded in _PREFIXED:
        kind, type = _PREFIXED[folded]
        return kind, _parse(reader, type, inner, start + 1)
    if folded in _SPATIAL:
        return _SPATIAL[folded], _shape(reader, folded, inner, start + 1)
    reader.check_name(prefix, found.start())
    return LiteralKind.ENUM, (prefix, _members(reader, inner, start + 1))


def _shape(reader: Reader, family: str, text: str, start: int) -> object:
    """Return the value of a shape, as the type of its name reads it."""
    found = _SHAPE.match(text)
    type = _SHAPES.get(family + found[1].lower()) if found else None
    if type is None:
        reader.position = start + (found.start(1) if found else 0)
        raise reader.fail("a shape, such as SRID=4326;Point(142.1 64.1)")
    return _parse(reader, type, text, start)


def _members(reader: Reader, text: str, start: int) -> tuple[str, ...]:
    """Return the members named, by name or number, in an enumeration literal."""
    members: list[str] = []
    place = 0
    while True:
        found = _ENUM_MEMBER.match(text, place)
        if found is None:
            reader.position = start + place
            raise reader.fail("the name or number of a member")
        members.append(found.group())
        place = found.end() + 1
        if found.end() == len(text):
            return tuple(members)
        if text[found.end()] != ",":
            reader.position = start + found.end()
            raise reader.fail("',' or the closing quote")


_CONVERTERS: Final[dict[str, _Convert]] = {
    "string": _string,
    "guid": _guid,
    "stamp": _stamp,
    "clock": _clock,
    "number": _number,
    "special": _special,
    "word": _word,
    "prefixed": _prefixed,
}
