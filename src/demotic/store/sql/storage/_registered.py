"""Exact functions registered with every SQLite connection, where SQLite has none or its own only come near.

Two kinds. *Readers* turn what a column holds, whatever that is, into the one canonical form in which values of a type
are compared and computed with, or null where it is no such value. *Functions* are those of `demotic.query.FUNCTIONS`,
computed on canonical forms by the very code that the evaluator runs, so the two cannot differ.

The canonical forms order like their values: integers and doubles as themselves, booleans as 0 and 1, text as itself,
instants as ``2024-02-29T12:30:00.000000Z``, dates and times alike, GUIDs as
lower-case text, durations as 21 digits: microseconds (more than 64 bits hold) above the negative of the longest.
Decimals are plain digits under the collation `DECIMAL_ORDER`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, Final
from uuid import UUID

from demotic.errors import DemoticError
from demotic.model import (
    BINARY,
    BOOLEAN,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    DURATION,
    GUID,
    INTEGER_RANGES,
    PRIMITIVES,
    SINGLE,
    STRING,
    TIME_OF_DAY,
    PrimitiveType,
)
from demotic.query import FUNCTIONS, Nulls, Signature
from demotic.store.sql.storage import _json_parts as json_parts

DECIMAL_ORDER: Final = "demotic_decimal"
_MICROSECOND: Final = timedelta(microseconds=1)
_DURATION_ZERO: Final = 10**20
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,12}))?\s?([Zz]|(?:UTC)|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII
)
_TIME: Final = re.compile(r"(\d\d:\d\d)(:\d\d)?(?:\.(\d{1,12}))?", re.ASCII)
_GUID: Final = re.compile(
    r"\{?([0-9A-Fa-f]{8})-?([0-9A-Fa-f]{4})-?([0-9A-Fa-f]{4})-?([0-9A-Fa-f]{4})-?([0-9A-Fa-f]{12})\}?"
)
_DECIMAL: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_BOOLEANS: Final = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), 1),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), 0),
}

# --- native values to canonical forms and back


def write_instant(value: datetime) -> str:
    """Return the canonical form of an instant."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat("T", "microseconds") + "Z"


def write_decimal(value: Decimal) -> str | None:
    """Return the canonical form of a decimal; NaN is null, as SQLite has it."""
    return None if value.is_nan() else f"{value:f}"


def write_date(value: date) -> str:
    """Return the canonical form of a date."""
    return value.isoformat()


def write_time(value: time) -> str:
    """Return the canonical form of a time of day."""
    return value.isoformat("microseconds")


def write_duration(value: timedelta) -> str:
    """Return the canonical form of a duration."""
    return f"{value // _MICROSECOND + _DURATION_ZERO:021}"


def read_duration(text: str) -> timedelta:
    """Return the duration that a canonical form stands for."""
    return timedelta(microseconds=int(text) - _DURATION_ZERO)


def write_float(value: float) -> float | None:
    """Return the double itself; NaN is null, as SQLite has it."""
    return value if value == value else None


WRITERS: Final[dict[PrimitiveType, Callable[[Any], Any]]] = {
    STRING: str,
    BINARY: bytes,
    BOOLEAN: int,
    DECIMAL: write_decimal,
    DOUBLE: write_float,
    SINGLE: write_float,
    DATE: write_date,
    TIME_OF_DAY: write_time,
    DATE_TIME_OFFSET: write_instant,
    DURATION: write_duration,
    GUID: str,
    **{PRIMITIVES[name]: int for name in INTEGER_RANGES},
}
"""From native value to canonical form."""


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


READERS: Final[dict[PrimitiveType, Callable[[Any], Any]]] = {
    STRING: _text,
    BINARY: bytes,
    BOOLEAN: bool,
    DECIMAL: Decimal,
    DOUBLE: float,
    SINGLE: float,
    DATE: date.fromisoformat,
    TIME_OF_DAY: time.fromisoformat,
    DATE_TIME_OFFSET: datetime.fromisoformat,
    DURATION: read_duration,
    GUID: UUID,
    **{PRIMITIVES[name]: int for name in INTEGER_RANGES},
}
"""From canonical form to native value."""

# --- readers of whatever a column holds


def _instant(value: Any, numbers: str) -> str | None:
    if isinstance(value, (int, float)):
        unit = _UNITS.get(numbers)
        return write_instant(unit(value)) if unit else None
    found = _INSTANT.fullmatch(_text(value).strip())
    return write_instant(_instant_of(found)) if found else None


def _instant_of(found: re.Match[str]) -> datetime:
    day, minutes, seconds, fraction, zone = found.groups()
    if zone in (None, "Z", "z", "UTC"):
        zone = "+00:00"
    text = f"{day}T{minutes or '00:00'}{seconds or ':00'}.{(fraction or '')[:6].ljust(6, '0')}"
    return datetime.fromisoformat(f"{text}{zone}").astimezone(UTC)


_UNITS: Final[dict[str, Callable[[float], datetime]]] = {
    "seconds": lambda n: _EPOCH + timedelta(seconds=n),
    "milliseconds": lambda n: _EPOCH + timedelta(milliseconds=n),
    "microseconds": lambda n: _EPOCH + timedelta(microseconds=n),
    "nanoseconds": lambda n: _EPOCH + timedelta(microseconds=int(n) // 1000),
    # Days since noon in Greenwich on 24 November 4714 BC; a double resolves about 40 microseconds, so milliseconds.
    "julian": lambda n: _EPOCH + timedelta(milliseconds=round((n - 2440587.5) * 86_400_000)),
}


def _date(value: Any, numbers: str) -> str | None:
    text = _instant(value, numbers)
    # A whole Julian day number is a noon, and stands for the day.
    noon = numbers == "julian" and isinstance(value, (int, float)) and value % 1 == 0
    return text[:10] if text and text[11:] == f"{'12' if noon else '00'}:00:00.000000Z" else None


def _time(value: Any) -> str | None:
    found = _TIME.fullmatch(_text(value).strip()) if isinstance(value, (str, bytes)) else None
    if found is None:
        return None
    minutes, seconds, fraction = found.groups()
    return write_time(time.fromisoformat(f"{minutes}{seconds or ':00'}.{(fraction or '')[:6].ljust(6, '0')}"))


def _duration(value: Any) -> str | None:
    if not isinstance(value, (str, bytes)):
        return None
    parsed: Any = DURATION.parse(_text(value).strip())
    return write_duration(parsed)


def read_guid(value: Any) -> str | None:
    """Return the canonical form of what a column holds, or ``None``."""
    if isinstance(value, bytes) and len(value) == 16:
        return str(UUID(bytes=value))
    found = _GUID.fullmatch(_text(value).strip()) if isinstance(value, (str, bytes)) else None
    return "-".join(found.groups()).lower() if found else None


def _boolean(value: Any) -> int | None:
    if isinstance(value, (int, float)):
        return int(value) if value in (0, 1) else None
    return _BOOLEANS.get(_text(value).strip().lower())


def _finite(value: Decimal) -> str | None:
    return write_decimal(value) if value.is_finite() else None


def _decimal(value: Any) -> str | None:
    """The decimal that a number stands for: of a double, the one with the fewest digits."""
    if isinstance(value, int):
        return str(value)
    return write_decimal(Decimal(repr(value))) if isinstance(value, float) and isfinite(value) else None


def _decimal_any(value: Any) -> str | None:
    if isinstance(value, (str, bytes)):
        text = _text(value).strip()
        return write_decimal(Decimal(text)) if _DECIMAL.fullmatch(text) else None
    return _decimal(value)


def _plain(value: Any) -> str | None:
    """A number, or a text that is one, in digits without needless zeros."""
    text = _decimal_any(value)
    if text is None or "." not in text:
        return "0" if text == "-0" else text
    shorter = text.rstrip("0").rstrip(".")
    return "0" if shorter == "-0" else shorter


def _double(value: Any) -> float | None:
    return float(value)


def _item(text: str, index: int) -> Any:
    """One part of a row of a list passed as JSON; bytes and doubles travel as ``{"b": hex}`` and ``{"d": repr}``."""
    value = json.loads(text)[index]
    if isinstance(value, dict):
        return bytes.fromhex(value["b"]) if "b" in value else float(value["d"])
    return value


def _json_scalar(text: Any, kind: str, members: str) -> Any:
    """The canonical form of a scalar in JSON."""
    value = json_parts.native(text, kind, members)
    return None if value is None else WRITERS[PRIMITIVES[kind]](value)


_FAILURES: Final = (ValueError, ArithmeticError, TypeError, KeyError, DemoticError)


def _total(function: Callable[..., Any]) -> Callable[..., Any]:
    """Null in, null out; and null where there is no value. What a file holds must never be an exception."""

    def guarded(*arguments: Any) -> Any:
        if None in arguments:
            return None
        try:
            return function(*arguments)
        except _FAILURES:
            return None

    return guarded


_COLUMN_READERS: Final[tuple[tuple[str, int, Callable[..., Any]], ...]] = (
    ("demotic_instant", 2, _instant),
    ("demotic_date", 2, _date),
    ("demotic_time", 1, _time),
    ("demotic_duration", 1, _duration),
    ("demotic_guid", 1, read_guid),
    ("demotic_boolean", 1, _boolean),
    ("demotic_decimal", 1, _decimal),
    ("demotic_decimal_any", 1, _decimal_any),
    ("demotic_plain", 1, _plain),
    ("demotic_double", 1, _double),
    ("demotic_item", 2, _item),
    ("demotic_json_items", 1, json_parts.items),
    ("demotic_json_member", 2, json_parts.member),
    ("demotic_json_scalar", 3, _json_scalar),
)

COLUMN_READERS: Final = {name: _total(python) for name, _, python in _COLUMN_READERS}
"""The readers of what columns hold, by the names that they are registered under."""

# --- the functions of the query language


def function_name(name: str, signature: Signature) -> str:
    """Return the name under which an overload is registered."""
    return "_".join(["demotic", name.lower(), *(kind.name.lower() for kind in signature.parameters)])


def _function(signature: Signature) -> Callable[..., Any]:
    readers = [READERS[kind] for kind in signature.parameters]
    write = WRITERS[signature.result]
    python = signature.python

    def call(*arguments: Any) -> Any:
        result = python(*(read(value) for read, value in zip(readers, arguments, strict=True)))
        return None if result is None else write(result)

    return _total(call)


def _compare_decimals(a: str, b: str) -> int:
    try:
        x, y = Decimal(a), Decimal(b)
        return (x > y) - (x < y)
    except InvalidOperation:
        return (a > b) - (a < b)


_REGISTERED: Final[list[tuple[str, int, Callable[..., Any]]]] = [
    *((name, count, COLUMN_READERS[name]) for name, count, _ in _COLUMN_READERS),
    *(
        (function_name(name, signature), len(signature.parameters), _function(signature))
        for name, function in FUNCTIONS.items()
        if function.nulls is Nulls.PROPAGATE
        for signature in function.signatures
        if signature.parameters
    ),
]


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the functions and the collation."""
    for name, count, python in _REGISTERED:
        connection.create_function(name, count, python, deterministic=True)
    connection.create_collation(DECIMAL_ORDER, _compare_decimals)


def exact_decimal(value: float) -> Decimal | None:
    """Return the decimal with the fewest digits that a double stands for, or ``None`` for an infinity or NaN."""
    return Decimal(repr(value)) if isfinite(value) else None
