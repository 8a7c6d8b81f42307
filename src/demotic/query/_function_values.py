"""What the operators and functions compute, on native values that are not null.

OData URL Conventions 4.01, sections 5.1.1.2 and 5.1.1.4 to 5.1.1.9. ``None`` is returned where there is no value: for
division by zero, a result that its type cannot hold, a pattern or length that makes no sense. Stores without a function
of their own that agrees exactly may register these.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from demotic.errors import DemoticError
from demotic.query._patterns import compile_pattern

_LEAST: Final = -(2**63)
_MOST: Final = 2**63 - 1
_DAY: Final = 86_400_000_000
_MIDNIGHT: Final = time()
_LONGEST_TEXT: Final = 1_000_000

# Wide enough for products of the usual DECIMAL columns to be exact. No traps: what goes wrong becomes NaN, then null.
_CONTEXT: Final = Context(prec=38, Emax=9999, Emin=-9999, traps=[])


def _whole(value: int) -> int | None:
    return value if _LEAST <= value <= _MOST else None


def _number(value: Decimal) -> Decimal | None:
    return None if value.is_nan() else value


# --- integers


def add_integers(a: int, b: int) -> int | None:
    """The sum, or ``None`` beyond 64 bits."""
    return _whole(a + b)


def subtract_integers(a: int, b: int) -> int | None:
    """The difference, or ``None`` beyond 64 bits."""
    return _whole(a - b)


def multiply_integers(a: int, b: int) -> int | None:
    """The product, or ``None`` beyond 64 bits."""
    return _whole(a * b)


def divide_integers(a: int, b: int) -> int | None:
    """The quotient, truncated toward zero."""
    if b == 0:
        return None
    quotient = abs(a) // abs(b)
    return _whole(quotient if (a < 0) == (b < 0) else -quotient)


def remainder_of_integers(a: int, b: int) -> int | None:
    """The remainder, with the sign of the dividend."""
    if b == 0:
        return None
    remainder = abs(a) % abs(b)
    return remainder if a >= 0 else -remainder


def negate_integer(a: int) -> int | None:
    """The negative, or ``None`` beyond 64 bits."""
    return _whole(-a)


def has_flags(a: int, b: int) -> bool:
    """Whether all bits of ``b`` are set in ``a``."""
    return a & b == b


# --- decimals


def add_decimals(a: Decimal, b: Decimal) -> Decimal | None:
    """The sum."""
    return _number(_CONTEXT.add(a, b))


def subtract_decimals(a: Decimal, b: Decimal) -> Decimal | None:
    """The difference."""
    return _number(_CONTEXT.subtract(a, b))


def multiply_decimals(a: Decimal, b: Decimal) -> Decimal | None:
    """The product."""
    return _number(_CONTEXT.multiply(a, b))


def divide_decimals(a: Decimal, b: Decimal) -> Decimal | None:
    """The quotient, to 38 digits."""
    return _number(_CONTEXT.divide(a, b)) if b else None


def remainder_of_decimals(a: Decimal, b: Decimal) -> Decimal | None:
    """The remainder, with the sign of the dividend."""
    return _number(_CONTEXT.remainder(a, b)) if b else None


def negate_decimal(a: Decimal) -> Decimal:
    """The negative."""
    return a.copy_negate() if a else a


def _rounding(mode: str) -> Callable[[Decimal], Decimal]:
    def round_decimal(a: Decimal) -> Decimal:
        return a.to_integral_value(mode) if a.is_finite() else a

    return round_decimal


round_decimal: Final = _rounding(ROUND_HALF_UP)  # the decimal module's HALF_UP takes ties away from zero
floor_decimal: Final = _rounding(ROUND_FLOOR)
ceiling_decimal: Final = _rounding(ROUND_CEILING)


# --- doubles


def divide_doubles(a: float, b: float) -> float | None:
    """The quotient."""
    return a / b if b else None


def remainder_of_doubles(a: float, b: float) -> float | None:
    """The remainder, with the sign of the dividend."""
    return math.fmod(a, b) if b and math.isfinite(a) else None


def round_double(a: float) -> float:
    """The nearest whole number, ties away from zero."""
    if not math.isfinite(a):
        return a
    whole = math.trunc(a)
    return float(whole + (1 if a > 0 else -1) if abs(a - whole) >= 0.5 else whole)


def floor_double(a: float) -> float:
    """The greatest whole number not above."""
    return float(math.floor(a)) if math.isfinite(a) else a


def ceiling_double(a: float) -> float:
    """The least whole number not below."""
    return float(math.ceil(a)) if math.isfinite(a) else a


# --- dates and times


def _within_range(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Make a result outside what Python's types hold ``None``."""

    def guarded(a: Any, b: Any) -> Any:
        try:
            return function(a, b)
        except OverflowError:
            return None

    guarded.__name__ = function.__name__
    return guarded


@_within_range
def add_temporal(a: Any, b: timedelta) -> Any:
    """A point in time or a duration, later by a duration."""
    return a + b


@_within_range
def subtract_temporal(a: Any, b: Any) -> Any:
    """A point in time earlier by a duration, or the duration between two."""
    return a - b


@_within_range
def add_to_date(a: date, b: timedelta) -> date:
    """The date of midnight moved by a duration (XML Schema 1.1 Part 2, section E.3.3)."""
    return (datetime.combine(a, _MIDNIGHT) + b).date()


@_within_range
def subtract_from_date(a: date, b: timedelta) -> date:
    """The date of midnight moved back by a duration."""
    return (datetime.combine(a, _MIDNIGHT) - b).date()


def _microseconds(value: timedelta) -> int:
    return value.days * _DAY + value.seconds * 1_000_000 + value.microseconds


@_within_range
def multiply_duration(a: timedelta, b: Decimal) -> timedelta | None:
    """A duration times a number, to the microsecond."""
    product = _CONTEXT.multiply(Decimal(_microseconds(a)), b)
    return timedelta(microseconds=int(product.to_integral_value())) if product.is_finite() else None


def multiply_by_duration(a: Decimal, b: timedelta) -> timedelta | None:
    """A number times a duration."""
    result: timedelta | None = multiply_duration(b, a)
    return result


@_within_range
def divide_duration(a: timedelta, b: Decimal) -> timedelta | None:
    """A duration divided by a number, to the microsecond."""
    quotient = _CONTEXT.divide(Decimal(_microseconds(a)), b) if b else None
    if quotient is None or not quotient.is_finite():
        return None
    return timedelta(microseconds=int(quotient.to_integral_value()))


@_within_range
def multiply_duration_double(a: timedelta, b: float) -> timedelta | None:
    """A duration times a double."""
    return a * b if math.isfinite(b) else None


def multiply_double_by_duration(a: float, b: timedelta) -> timedelta | None:
    """A double times a duration."""
    result: timedelta | None = multiply_duration_double(b, a)
    return result


@_within_range
def divide_duration_double(a: timedelta, b: float) -> timedelta | None:
    """A duration divided by a double."""
    return a / b if b and not math.isnan(b) else None


def fractional_seconds(a: datetime | time) -> Decimal:
    """The fraction of the second, from 0 to less than 1."""
    return Decimal(a.microsecond).scaleb(-6).normalize()


def total_seconds(a: timedelta) -> Decimal:
    """All of a duration in seconds."""
    return Decimal(_microseconds(a)).scaleb(-6).normalize()


def total_offset_minutes(a: datetime) -> int:
    """The offset from UTC in minutes."""
    return int((a.utcoffset() or timedelta()) / timedelta(minutes=1))


def time_of(a: datetime) -> time:
    """The time of day of an instant."""
    return a.time()


def now() -> datetime:
    """The instant at which the query runs."""
    return datetime.now(UTC)


def mindatetime() -> datetime:
    """The earliest instant that has a value."""
    return datetime.min.replace(tzinfo=UTC)


def maxdatetime() -> datetime:
    """The latest instant that has a value."""
    return datetime.max.replace(tzinfo=UTC)


# --- strings


def contains(a: str, b: str) -> bool:
    """Whether ``b`` is a part of ``a``."""
    return b in a


def replace_all(a: str, part: str, other: str) -> str | None:
    """``a`` with each ``part`` replaced, or ``None`` where that would make a text of more than a million characters."""
    if not part:
        return a
    if len(a) + a.count(part) * (len(other) - len(part)) > _LONGEST_TEXT:
        return None
    return a.replace(part, other)


def substring_from(a: str, start: int) -> str:
    """The rest of ``a`` from ``start``, counted from the end if negative, but never from before its beginning."""
    return a[start:]


def substring(a: str, start: int, length: int) -> str | None:
    """At most ``length`` characters of ``a`` from ``start``, or ``None`` for a negative length."""
    if length < 0:
        return None
    first = start if start >= 0 else max(0, len(a) + start)
    return a[first : first + length]


def matches_pattern(a: str, pattern: str) -> bool | None:
    """Whether the pattern is found in ``a``, or ``None`` if it is none."""
    try:
        return compile_pattern(pattern).search(a)
    except DemoticError:
        return None
