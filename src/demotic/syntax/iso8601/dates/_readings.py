"""What a date tells about itself, in each of the three styles, and how dates are ordered.

ISO 8601:2000, 5.2; the order of reduced dates is left open there: here only like precisions have one.
"""

from __future__ import annotations

from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax import _calendar as gregorian
from demotic.syntax.iso8601._errors import DateTimeFault, UndefinedDateTime
from demotic.syntax.iso8601._scales import Precision
from demotic.syntax.iso8601._value import part

__all__ = ["DateReadings", "word_of"]

_CENTURY: Final = Precision.CENTURY
_COMPLETE: Final = Precision.COMPLETE


def word_of(precision: Precision) -> str:
    """Return what the last part of a date is called: a complete one says its day."""
    return "day" if precision is _COMPLETE else precision.name.lower()


class DateReadings:
    """The parts, read-outs and order of a date."""

    __slots__ = ("_day", "_month", "_precision", "_week", "_year")
    _precision: Precision
    _year: int
    _month: int | None
    _day: int | None
    _week: int | None

    precision: Precision = part("_precision")
    month: int | None = part("_month")
    day: int | None = part("_day")
    week: int | None = part("_week")

    @property
    def year(self) -> int | None:
        """The year, of a week that of its Thursday; `None` for a century. The year before 1 is 0."""
        return None if self._precision is _CENTURY else self._year

    @property
    def century(self) -> int:
        """The hundreds of the year: 19 for 1969, -1 for the years -100 to -1."""
        return self._year // 100

    @property
    def is_complete(self) -> bool:
        """Whether this is a day."""
        return self._precision is _COMPLETE

    @property
    def is_leap_year(self) -> bool:
        """Whether the year has a 29 February."""
        return gregorian.is_leap_year(self._known_year())

    @property
    def number(self) -> int:
        """The number of the day; 0001-01-01 is 1."""
        return gregorian.day_of_date(*self._complete())

    @property
    def calendar(self) -> tuple[int, int | None, int | None, int | None]:
        """Century, year of the century, month, day."""
        return self.century, None if self.year is None else self._year % 100, self._month, self._day

    @property
    def ordinal(self) -> tuple[int, int, int]:
        """Century, year of the century, day of the year."""
        year, day = gregorian.ordinal_of_day(self.number)
        return year // 100, year % 100, day

    @property
    def week_date(self) -> tuple[int, int, int, int, int | None]:
        """Century, decade and year (a digit each) of the week's year, week, weekday."""
        if self._week is not None:
            year, week, weekday = self._year, self._week, None
        else:
            year, week, weekday = gregorian.week_date_of_day(self.number)
        return year // 100, year // 10 % 10, year % 10, week, weekday

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday."""
        return gregorian.weekday_of_day(self.number)

    @property
    def julian(self) -> tuple[int, int, int]:
        """Year, month and day in the Julian gregorian."""
        return gregorian.julian_of_day(self.number)

    def _known_year(self) -> int:
        if self._precision is _CENTURY:
            raise DateTimeFault(f"{self} is a century, not a year")
        return self._year

    def _complete(self, fault: type[InvalidInput] = UndefinedDateTime) -> tuple[int, int, int]:
        if self._month is None or self._day is None:
            raise fault(f"{self} is no complete date, but a {self._precision.name.lower()}")
        return self._year, self._month, self._day

    def _key(self) -> tuple[int, int, int]:
        return self._year, self._month or self._week or 0, self._day or 0

    def _keys(self, other: DateReadings) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        if self._precision is not other._precision:
            mine, theirs = word_of(self._precision), word_of(other._precision)
            raise UndefinedDateTime(f"{self}, a {mine}, and {other}, a {theirs}, have no order")
        return self._key(), other._key()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DateReadings):
            return NotImplemented
        return self._precision is other._precision and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self._precision, self._key()))

    def __lt__(self, other: DateReadings) -> bool:
        if not isinstance(other, DateReadings):
            return NotImplemented
        mine, theirs = self._keys(other)
        return mine < theirs

    def __le__(self, other: DateReadings) -> bool:
        if not isinstance(other, DateReadings):
            return NotImplemented
        mine, theirs = self._keys(other)
        return mine <= theirs
