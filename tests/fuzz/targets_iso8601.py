"""Dates and times, which must also be written back as they were read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from demotic.errors import SyntaxFault
from demotic.syntax import iso8601

_BASE = iso8601.Date(1999, 12, 31)
_DATES = ("1969-07-20", "1969W297", "1969-201", "-9-W29-7", "---05", "+12345-03-15", "1969-07", "19", "-W-7")
_TIMES = ("20:17:40,5Z", "2017.25", "-1740", "--40", "24:00:00", "23:59:60+05:30", "201740-0500", "20")
_POINTS = ("1969-07-20T20:17:40.123456+05:30", "19690720T2017Z", "1969-W29-7T20", "2016-12-31T24:00:00")
_DURATIONS = ("P1Y2M3DT4H5M6.7S", "-P2W", "P0001-02-03T04:05:06,5", "P00010203T040506", "PT0S")
_INTERVALS = ("2024-01-31/P1M", "2007-11-13T09:00Z/15T17:00", "P1D/2024-W01-1", "20080215/0314", "2024/2025")


def _written_back(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a reader that also writes what it has read, and reads that again."""

    def call(text: str) -> Any:
        value = read(text)
        written = str(value)
        if read(written) != value:
            raise AssertionError(f"{text!r} is written as {written!r}, which is something else")
        return value

    return call


def _kept(read: Callable[[str], tuple[Any, ...]]) -> Callable[[str], Any]:
    """Return a reader that also writes what it has read in the form that it found."""

    def call(text: str) -> Any:
        value, *_, form = read(text)
        written = value.format(form)
        if written != text and "-000" not in text:  # a year of minus zero is written with a plus
            raise AssertionError(f"{text!r} is written as {written!r} in the form {form}")
        return value

    return call


_DATE_TIME = (SyntaxFault, iso8601.DateTimeFault)

TARGETS: dict[str, tuple[Callable[[Any], Any], tuple[type[Exception], ...], tuple[str, ...]]] = {
    "iso8601.Date": (lambda text: _kept(lambda t: iso8601.Date.parse_with_format(t, _BASE))(text), _DATE_TIME, _DATES),
    "iso8601.Duration": (_written_back(iso8601.Duration.parse), (SyntaxFault,), _DURATIONS),
    "iso8601.Interval": (iso8601.Interval.parse, (*_DATE_TIME, iso8601.UndefinedDateTime), _INTERVALS),
    "iso8601.Recurrence": (
        iso8601.Recurrence.parse,
        (*_DATE_TIME, iso8601.UndefinedDateTime),
        tuple(f"R{n}/{text}" for n, text in zip(("", "5", "-1"), _INTERVALS, strict=False)),
    ),
    "iso8601.Time": (
        lambda text: _kept(lambda t: iso8601.Time.parse_with_format(t, iso8601.Time()))(text),
        _DATE_TIME,
        _TIMES,
    ),
    "iso8601.TimePoint": (_written_back(iso8601.TimePoint.parse), _DATE_TIME, _POINTS),
    "iso8601.TimePoint.parse_with_format": (_kept(iso8601.TimePoint.parse_with_format), _DATE_TIME, _POINTS),
    "iso8601.Zone": (_written_back(iso8601.Zone.parse), (SyntaxFault,), ("Z", "+05:30", "-0500", "+01")),
}
