"""Dates and times: text form and native value side by side.

The forms are those of OData ABNF 4.01 (`dateValue`, `dateTimeOffsetValue`, `timeOfDayValue`, `durationValue`), which
are XML Schema 1.1's `date`, `dateTimeStamp`, `time` and `dayTimeDuration` with optional seconds. The values are
Python's own, so years run from 0001 to 9999, fractions to microseconds, and leap seconds have no value: what does not
fit is refused, never cut. A valid text costs one regular expression and one C constructor; only a refused one is walked
part by part, to say where it is wrong.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax._calendar import days_in_month
from demotic.syntax._scanner import Scanner

__all__ = [
    "format_date",
    "format_datetime_offset",
    "format_duration",
    "format_time_of_day",
    "parse_date",
    "parse_datetime_offset",
    "parse_duration",
    "parse_time_of_day",
]

# Six digits are what Python keeps; the grammar allows twelve, so up to six further zeros lose nothing.
_FRACTION: Final = r"(?:\.[0-9]{1,6}0{0,6})"
_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME: Final = rf"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9]{_FRACTION}?)?"
_ZONE: Final = r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"

_is_date: Final = re.compile(_DATE).fullmatch
_is_time: Final = re.compile(_TIME).fullmatch
_is_stamp: Final = re.compile(rf"{_DATE}[Tt]{_TIME}{_ZONE}").fullmatch
_is_duration: Final = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]+)D)?(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]{1,6})0*)?S)?)?"
).fullmatch

_Part = tuple[re.Pattern[str], str]

_DATE_PARTS: Final[tuple[_Part, ...]] = (
    (re.compile(r"(?!0000)[0-9]{4}(?![0-9])"), "a year from 0001 to 9999 in four digits"),
    (re.compile(r"-"), "'-'"),
    (re.compile(r"0[1-9]|1[0-2]"), "a month from 01 to 12"),
    (re.compile(r"-"), "'-'"),
    (re.compile(r"0[1-9]|[12][0-9]|3[01]"), "a day from 01 to 31"),
)
_MINUTE_PARTS: Final[tuple[_Part, ...]] = (
    (re.compile(r"[01][0-9]|2[0-3]"), "an hour from 00 to 23"),
    (re.compile(r":"), "':'"),
    (re.compile(r"[0-5][0-9]"), "a minute from 00 to 59"),
)
_SECOND: Final[_Part] = (re.compile(r"[0-5][0-9]"), "a second from 00 to 59")
_FRACTION_PARTS: Final[tuple[_Part, ...]] = (
    (re.compile(r"[0-9]{1,6}"), "a fractional digit"),
    (re.compile(r"0{0,6}(?![0-9])"), "nothing but up to six zeros, as the precision kept is microseconds"),
)


def parse_date(text: str) -> date:
    """Read `2024-02-29`. Raises `SyntaxFault` for another form, a day that its month lacks, or a year out of range."""
    if _is_date(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    scanner = Scanner(text)
    _walk_date(scanner)
    raise scanner.fail("the end")


def format_date(value: date) -> str:
    """Return the form that `parse_date` reads."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def parse_time_of_day(text: str) -> time:
    """Read `07:59`, `07:59:59` or `07:59:59.999999`, with further fractional digits only if they are zeros.

    Raises `SyntaxFault` for anything else, a zone included.
    """
    if _is_time(text):
        return time.fromisoformat(text)
    scanner = Scanner(text)
    _walk_time(scanner)
    raise scanner.fail("the end")


def format_time_of_day(value: time, precision: int | None = None) -> str:
    """Return the form that `parse_time_of_day` reads, with `precision` fractional digits, or else just those needed.

    Raises `InvalidInput` for a time with a zone, and if `precision` would cut digits off.
    """
    if value.tzinfo is not None:
        raise InvalidInput(f"{value} has a zone, a time of day has none")
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}{_fraction(value.microsecond, precision)}"


def parse_datetime_offset(text: str) -> datetime:
    """Read `2024-02-29T07:59:59.5Z` or with an offset such as `+05:30`; seconds and fraction may be missing.

    The offset stays as it was. Raises `SyntaxFault` for another form, a missing zone, or what `datetime` cannot hold.
    """
    if _is_stamp(text):
        try:
            return datetime.fromisoformat(text.upper())
        except ValueError:
            pass
    scanner = Scanner(text)
    _walk_date(scanner)
    scanner.expect_match(re.compile("[Tt]"), "'T'")
    _walk_time(scanner)
    if not scanner.match(re.compile("[Zz]")):
        scanner.expect_match(re.compile("[+-]"), "a zone, 'Z' or an offset such as '+01:00'")
        _walk(scanner, _MINUTE_PARTS)
    raise scanner.fail("the end")


def format_datetime_offset(value: datetime, precision: int | None = None) -> str:
    """Return the form that `parse_datetime_offset` reads, `Z` for a zero offset.

    `precision` is as in `format_time_of_day`. An offset that is not whole minutes, which the form cannot say, is
    replaced by the same instant in UTC. Raises `InvalidInput` for a value without zone, and if `precision` would cut
    digits off.
    """
    if value.tzinfo is UTC and precision is None:  # nearly every value on its way out of a store
        text = value.isoformat()[:-6]
        return f"{text.rstrip('0') if value.microsecond else text}Z"
    offset = value.utcoffset()
    if offset is None:
        raise InvalidInput(f"{value} has no zone", hint="attach the zone that it was meant in")
    if offset % timedelta(minutes=1):
        value, offset = value.astimezone(UTC), timedelta()
    text = value.isoformat("T", "seconds")
    local, zone = (text[:19], text[19:]) if offset else (text[:19], "Z")
    return f"{local}{_fraction(value.microsecond, precision)}{zone}"


def parse_duration(text: str) -> timedelta:
    """Read `P1DT2H3M4.5S`, with a minus sign in front for a negative one; at least one part must be there.

    Raises `SyntaxFault` for another form (years and months have no fixed length), a fraction finer than microseconds,
    or a duration beyond Python's 999999999 days.
    """
    found = _is_duration(text)
    if found is None:
        raise _duration_fault(text)
    sign, days, hours, minutes, seconds, fraction = found.groups()
    try:
        value = timedelta(
            int(days or 0),
            int(seconds or 0),
            int((fraction or "").ljust(6, "0")),
            0,
            int(minutes or 0),
            int(hours or 0),
        )
        return -value if sign else value
    except (OverflowError, ValueError):  # ValueError: more digits than `int` takes
        raise SyntaxFault("a duration of at most 999999999 days", text, found.start(2 if days else 0)) from None


def format_duration(value: timedelta, precision: int | None = None) -> str:
    """Return the canonical form of XML Schema's `dayTimeDuration`: `P1DT2H3M4.5S`, `-PT0.5S`, `PT0S`.

    `precision` is as in `format_time_of_day`; when given, the seconds are always written.
    """
    sign, value = ("-", -value) if value < timedelta() else ("", value)
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = _fraction(value.microseconds, precision)
    parts = [f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n]
    if seconds or fraction or not (value.days or parts):
        parts.append(f"{seconds}{fraction}S")
    return f"{sign}P{f'{value.days}D' if value.days else ''}{'T' if parts else ''}{''.join(parts)}"


def _fraction(microsecond: int, precision: int | None) -> str:
    digits = f"{microsecond:06}"
    if precision is None:
        return "." + digits.rstrip("0") if microsecond else ""
    if not 0 <= precision <= 12:
        raise InvalidInput(f"a precision of {precision} is outside 0 to 12")
    if digits[precision:].strip("0"):
        raise InvalidInput(f"the fraction .{digits} does not fit a precision of {precision}")
    return "." + digits[:precision].ljust(precision, "0") if precision else ""


def _walk(scanner: Scanner, parts: tuple[_Part, ...]) -> None:
    for pattern, expected in parts:
        scanner.expect_match(pattern, expected)


def _walk_date(scanner: Scanner) -> None:
    start = scanner.position
    _walk(scanner, _DATE_PARTS)
    year, month, day = (int(part) for part in scanner.text[start : scanner.position].split("-"))
    last = days_in_month(year, month)
    if day > last:
        scanner.position -= 2
        raise scanner.fail(f"a day from 01 to {last}, as {year:04}-{month:02} has")


def _walk_time(scanner: Scanner) -> None:
    _walk(scanner, _MINUTE_PARTS)
    if scanner.accept(":"):
        _walk(scanner, (_SECOND,))
        if scanner.accept("."):
            _walk(scanner, _FRACTION_PARTS)


_DURATION_PREFIX: Final = re.compile(
    r"-?(?:P(?:[0-9]+D|(?=[0-9]+$))?(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]{1,6}0*)?S)?)?)?"
)


def _duration_fault(text: str) -> SyntaxFault:
    scanner = Scanner(text)
    scanner.match(_DURATION_PREFIX)
    if re.match(r"[0-9]+\.[0-9]{7}", scanner.peek(1000)):
        scanner.match(re.compile(r"[0-9]+\.[0-9]{6}0*"))
        return scanner.fail("'S', as the precision kept is microseconds")
    hint = "years and months have no fixed length" if re.match(r"-?P[0-9]+[YM]", text) else None
    return scanner.fail("a duration of days, hours, minutes and seconds such as P1DT2H3M4.5S", hint=hint)
