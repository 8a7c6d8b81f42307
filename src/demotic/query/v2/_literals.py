"""Literals of OData 2: their types stand in prefixes (``datetime'…'``) and suffixes (``1.5M``).

The text of a node is what stands between prefix and suffix, quotes included. [MS-ODATA], section 2.2.2 (table of
abstract types and literals); OData 2.0, "Overview", section 6 (primitive data types).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any, Final

from demotic import syntax
from demotic.errors import SyntaxFault
from demotic.model import INTEGER_RANGES
from demotic.query._reader import DEFAULT_LIMITS, Reader, ReadLimits
from demotic.query._tree import Literal, LiteralKind

_NUMBER: Final = re.compile(r"[+-]?[0-9]++(?P<fraction>\.[0-9]*+)?(?P<exponent>[Ee][+-]?[0-9]*+)?")
_SUFFIX: Final = re.compile(r"[A-Za-z]++")
_WORD: Final = re.compile(r"(null|true|false|-?INF|[Nn]a[Nn])(?![\w.'(])")
_STRING: Final = re.compile(r"'[^']*+(?:''[^']*+)*+'?")
_PREFIXED: Final = re.compile(r"([A-Za-z]++)(?=')")

_STAMP: Final = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})T([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]{1,12}))?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]{1,12}))?)?")


def parse_date_time(text: str) -> datetime:
    """Read a date and time without a zone, as if in UTC. A zone is passed over; zeros in front may be left out."""
    found = _STAMP.fullmatch(text)
    if found is None:
        raise SyntaxFault("a date and time such as 2024-02-29T07:59:59", text, 0)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        return datetime(year, month, day, hour, minute, second, _microseconds(found[7], text), UTC)
    except ValueError as error:
        raise SyntaxFault(f"a date and time that there is ({error})", text, 0) from None


def parse_time(text: str) -> timedelta:
    """Read a time of day: as a duration from midnight (``PT7H59M``), or with colons (``7:59:59.5``)."""
    if text.startswith(("P", "-P")):
        return syntax.parse_duration(text)
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise SyntaxFault("a time such as PT7H59M59S", text, 0)
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    if hour > 23 or minute > 59 or second > 59:
        raise SyntaxFault("a time before 24:00:00", text, 0)
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=_microseconds(found[4], text))


def _microseconds(fraction: str | None, text: str) -> int:
    if fraction is None:
        return 0
    if fraction[6:].strip("0"):
        raise SyntaxFault("at most six digits of a second, as microseconds are kept", text, 0)
    return int(fraction[:6].ljust(6, "0"))


def _parse_binary(text: str) -> bytes:
    try:
        return bytes.fromhex(text) if " " not in text else bytes.fromhex("x")
    except ValueError:
        raise SyntaxFault("pairs of hexadecimal digits", text, 0) from None


def _parse_guid(text: str) -> object:
    return syntax.parse_guid(text)


def _parse_instant(text: str) -> datetime:
    return syntax.parse_datetime_offset(text)


QUOTED: Final[dict[str, tuple[LiteralKind, Callable[[str], object]]]] = {
    "binary": (LiteralKind.BINARY, _parse_binary),
    "X": (LiteralKind.BINARY, _parse_binary),
    "x": (LiteralKind.BINARY, _parse_binary),
    "datetime": (LiteralKind.DATE_TIME, parse_date_time),
    "datetimeoffset": (LiteralKind.DATE_TIME_OFFSET, _parse_instant),
    "guid": (LiteralKind.GUID, _parse_guid),
    "time": (LiteralKind.TIME, parse_time),
}
"""What may stand before a quote, with the kind of literal and how it is read."""

_READ_QUOTED: Final = dict(QUOTED.values())

SUFFIXES: Final = {
    "L": LiteralKind.INTEGER,
    "M": LiteralKind.DECIMAL,
    "D": LiteralKind.DOUBLE,
    "F": LiteralKind.DOUBLE,
}
"""What may stand after a number, in either case: Int64, Decimal, Double, Single."""


def literal(reader: Reader) -> Literal | None:
    """Read the literal that begins here, or return ``None`` and stay. Raises `SyntaxFault` inside a malformed one."""
    start = reader.position
    if reader.peek() == "'":
        return _made(reader, LiteralKind.STRING, start, _unquoted(reader))
    found = reader.match(_PREFIXED)
    if found is not None:
        return _quoted(reader, found[1], start)
    found = reader.match(_WORD)
    if found is not None:
        return _word(reader, found[1], start)
    found = reader.match(_NUMBER)
    return None if found is None else _number(reader, found, start)


def _made(reader: Reader, kind: LiteralKind, start: int, value: object) -> Literal:
    reader.height = 1
    return Literal(kind, reader.text[start : reader.position], value, start + reader.base, former=True)


def _unquoted(reader: Reader) -> str:
    quoted = reader.expect_match(_STRING, "a quote")
    # Loosely matched: without a closing quote the number of quotes is odd.
    if quoted.count("'") % 2:
        raise reader.fail("a closing quote", hint="a quote within a string is written twice")
    return quoted[1:-1].replace("''", "'")


def _quoted(reader: Reader, prefix: str, start: int) -> Literal:
    if prefix not in QUOTED:
        reader.position = start
        hint = f"write {prefix.lower()}'…'" if prefix.lower() in QUOTED else f"prefixes are {', '.join(sorted(QUOTED))}"
        raise reader.fail("a literal", hint=hint)
    kind, parse = QUOTED[prefix]
    quote = reader.position
    inner = _unquoted(reader)
    try:
        value = parse(inner)
    except SyntaxFault as fault:
        raise reader.fault_within(fault, quote + 1) from None
    return _made(reader, kind, quote, value)


def _word(reader: Reader, word: str, start: int) -> Literal:
    if word in ("null", "true", "false"):
        kind = LiteralKind.NULL if word == "null" else LiteralKind.BOOLEAN
        return _made(reader, kind, start, None if word == "null" else word == "true")
    return _made(reader, LiteralKind.DOUBLE, start, syntax.parse_double("NaN" if word.lower() == "nan" else word))


def _number(reader: Reader, found: re.Match[str], start: int) -> Literal:
    text, end = found[0], reader.position
    suffix = reader.match(_SUFFIX)
    kind = LiteralKind.INTEGER
    if found["exponent"] is not None:
        kind = LiteralKind.DOUBLE
    elif found["fraction"] is not None:
        kind = LiteralKind.DECIMAL
    if suffix is not None:
        kind = _of_suffix(reader, suffix, kind)
    if kind is LiteralKind.INTEGER and (len(text) > _LONGEST_INT64 or not _INT64[0] <= int(text) <= _INT64[1]):
        kind = LiteralKind.DECIMAL
    try:
        value = read_number(kind, text)
    except SyntaxFault as fault:
        raise reader.fault_within(fault, start) from None
    reader.height = 1
    return Literal(kind, reader.text[start:end], value, start + reader.base, former=True)


_INT64: Final = INTEGER_RANGES["Int64"]
_LONGEST_INT64: Final = len(str(_INT64[0]))


def _of_suffix(reader: Reader, suffix: re.Match[str], kind: LiteralKind) -> LiteralKind:
    wanted = SUFFIXES.get(suffix[0].upper())
    whole = kind is LiteralKind.INTEGER
    if wanted is None or (wanted is LiteralKind.INTEGER and not whole):
        reader.position = suffix.start()
        raise reader.fail("an operator or the end", hint="numbers end with L, M, d or f, or with a digit")
    return wanted


def read_number(kind: LiteralKind, text: str) -> object:
    """Return the value of a number without its suffix. Raises `SyntaxFault`."""
    if kind is LiteralKind.INTEGER:
        return int(text)
    return Decimal(text) if kind is LiteralKind.DECIMAL and _is_plain(text) else syntax.parse_double(text)


def _is_plain(text: str) -> bool:
    syntax.parse_decimal(text)
    return True


def read_as(kind: LiteralKind, text: str) -> Literal:
    """Read the text of a literal (without prefix and suffix) as one of a kind. Raises `SyntaxFault`."""
    if kind in _READ_QUOTED or kind is LiteralKind.STRING:
        inner = text[1:-1].replace("''", "'")
        value: object = inner if kind is LiteralKind.STRING else _READ_QUOTED[kind](inner)
    else:
        value = read_number(kind, text)
    return Literal(kind, text, value, 0, former=True)


def read_literal(text: str, *, target: str | None = None, limits: ReadLimits = DEFAULT_LIMITS) -> Literal:
    """Read a decoded literal that stands alone. Raises `SyntaxFault` and `LimitExceeded`."""
    reader = Reader(text, target=target, limits=limits)
    result = literal(reader)
    if result is None:
        raise reader.fail("a literal")
    reader.finish()
    return result


_WRITERS: Final[dict[str, Callable[[Any], str]]] = {
    "Binary": lambda value: f"X'{value.hex().upper()}'",
    "Boolean": lambda value: "true" if value else "false",
    "DateTime": lambda value: f"datetime'{_stamp(value)}'",
    "DateTimeOffset": lambda value: f"datetimeoffset'{_stamp(value)}Z'",
    "Decimal": lambda value: f"{value:f}M",
    "Double": lambda value: _floating(value, "d"),
    "Guid": lambda value: f"guid'{value}'",
    "Int64": lambda value: f"{value}L",
    "Single": lambda value: _floating(value, "f"),
    "String": lambda value: "'" + value.replace("'", "''") + "'",
    "Time": lambda value: f"time'{format_time(value)}'",
}


def _floating(value: float, suffix: str) -> str:
    return syntax.format_double(value) + (suffix if isfinite(value) else "")


def _stamp(value: datetime) -> str:
    plain = value.astimezone(UTC).replace(tzinfo=None)
    return plain.isoformat()


def format_time(value: timedelta | time) -> str:
    """Return a time of day or a duration in the form of Edm.Time."""
    if isinstance(value, time):
        value = datetime.combine(datetime.min, value) - datetime.min
    return syntax.format_duration(value)


def write_literal(type_name: str, value: Any) -> str:
    """Return a native value as a literal of a primitive type of OData 2, such as ``Edm.Int64``.

    A date is written as the midnight that begins it.
    """
    if type_name == "Edm.DateTime" and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    write = _WRITERS.get(type_name.removeprefix("Edm."))
    return str(value) if write is None else write(value)
