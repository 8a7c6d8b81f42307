"""What a point in time tells about itself, and how points are ordered.

A point that Python's own reader has read keeps what that gave, until it is first asked for its date or time: programs
read many points, and turn most of them into `datetime` again.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import TypeAlias

from demotic.syntax.iso8601._errors import UndefinedDateTime
from demotic.syntax.iso8601._numbers import decimals_of
from demotic.syntax.iso8601._scales import Precision
from demotic.syntax.iso8601._value import part
from demotic.syntax.iso8601.dates._date import Date, make_date
from demotic.syntax.iso8601.times._readings import NO_FRACTION
from demotic.syntax.iso8601.times._time import Time, make_time
from demotic.syntax.iso8601.times._zone import Zone

__all__ = ["PointReadings", "Source"]

Source: TypeAlias = tuple[datetime, bool, bool, Zone | None]
"""What Python read, whether it has minutes and seconds, and its zone."""


class PointReadings:
    """The parts, read-outs and order of a point."""

    __slots__ = ("_date", "_source", "_time")
    _date: Date
    _time: Time
    _source: Source | None

    def _own_date(self) -> Date:
        if self._source is not None:
            self._split()
        return self._date

    def _own_time(self) -> Time:
        if self._source is not None:
            self._split()
        return self._time

    date: Date = part(_own_date)
    time: Time = part(_own_time)

    def _split(self) -> None:
        source = self._source
        if source is not None:  # another thread may have done it by now
            value, minute, second, zone = source
            self._date = make_date(Precision.COMPLETE, value.year, value.month, value.day, None)
            micros = value.microsecond
            fraction = (micros, 1_000_000) if micros else NO_FRACTION
            clock = value.minute if minute else None, value.second if second else None
            self._time = make_time(value.hour, *clock, fraction, zone)
            self._source = None

    @property
    def zone(self) -> Zone | None:
        """The zone of the time."""
        return self.time.zone

    @property
    def precision(self) -> Precision:
        """That of the time: HOUR, MINUTE or COMPLETE."""
        return self.time.precision

    @property
    def is_complete(self) -> bool:
        """Whether hour, minute and second are said."""
        return self.time.is_complete

    @property
    def calendar(self) -> tuple[int | Fraction | None, ...]:
        """Century, year of the century, month, day, hour, minute, second."""
        return *self.date.calendar, *self.time.hms

    @property
    def ordinal(self) -> tuple[int | Fraction | None, ...]:
        """Century, year of the century, day of the year, hour, minute, second."""
        return *self.date.ordinal, *self.time.hms

    @property
    def week_date(self) -> tuple[int | Fraction | None, ...]:
        """Century, decade, year of the week's year, week, weekday, hour, minute, second."""
        return *self.date.week_date, *self.time.hms

    def _instant(self) -> int | Fraction:
        zone = self.time.zone
        return self.date.number * 86_400 + self.time.total_seconds - (zone.minutes * 60 if zone else 0)

    def _is_like(self, other: PointReadings) -> bool:
        return self.precision is other.precision and (self.zone is None) is (other.zone is None)

    def _keys(self, other: PointReadings) -> tuple[int | Fraction, int | Fraction]:
        if not self._is_like(other):
            raise UndefinedDateTime(f"{self} and {other} have no order: both need a zone or neither, and one precision")
        return self._instant(), other._instant()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PointReadings):
            return NotImplemented
        return self._is_like(other) and self._instant() == other._instant()

    def __hash__(self) -> int:
        return hash((self.precision, self.zone is None, self._instant()))

    def __lt__(self, other: PointReadings) -> bool:
        if not isinstance(other, PointReadings):
            return NotImplemented
        mine, theirs = self._keys(other)
        return mine < theirs

    def __le__(self, other: PointReadings) -> bool:
        if not isinstance(other, PointReadings):
            return NotImplemented
        mine, theirs = self._keys(other)
        return mine <= theirs

    def __str__(self) -> str:
        """Return the extended calendar form."""
        return f"{self.date}T{self.time}"

    def __repr__(self) -> str:
        fraction = self.time.fraction
        if fraction and decimals_of(Fraction(fraction)) is None:
            return f"TimePoint({self.date!r}, {self.time!r})"
        return f"TimePoint.parse({str(self)!r})"
