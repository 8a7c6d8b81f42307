"""The eight types of dates and times: their properties, canonical literals and standard Python values.

Their sections in XSD 1.1 part 2 are 3.3.7 to 3.3.14.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Self

from demotic.errors import InvalidInput
from demotic.syntax._calendar import date_of_day
from demotic.syntax.xsd.values._moments import Moment
from demotic.syntax.xsd.values._numbers import EXACT

if TYPE_CHECKING:
    from demotic.syntax import iso8601

__all__ = ["Date", "DateTime", "Day", "Month", "MonthDay", "Time", "Year", "YearMonth"]


@dataclass(frozen=True, slots=True, eq=False)
class DateTime(Moment):
    """A date with a time of day: `2004-04-12T13:20:00-05:00`."""

    datatype: ClassVar[str] = "dateTime"
    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0
    second: Decimal = Decimal(0)
    timezone: int | None = None

    def _local(self) -> str:
        return f"{_year(self.year)}-{self.month:02}-{self.day:02}T{_time(self.hour, self.minute, self.second)}"

    @classmethod
    def from_datetime(cls, value: datetime) -> Self:
        """Return the same date, time and offset. Raises `InvalidInput` for an offset that is not whole minutes."""
        return cls(value.year, value.month, value.day, value.hour, value.minute, _second(value), _offset(value))

    def to_datetime(self) -> datetime:
        """Return the same as a `datetime`. Raises `InvalidInput` outside the years 1 to 9999 and for finer parts."""
        _check_year(self, self.year)
        whole, micros = _micros(self, self.second)
        return datetime(self.year, self.month, self.day, self.hour, self.minute, whole, micros, _zone(self.timezone))

    @classmethod
    def from_point(cls, value: iso8601.TimePoint) -> Self:
        """Return the same point. Raises `InvalidInput` for a reduced one, a leap second, or thirds of a second."""
        from demotic.syntax.iso8601 import Precision  # few who read XML need it

        time, zone = value.time, value.zone
        hour, minute, second = time.hms
        exact = Fraction(second or 0)
        if value.precision is not Precision.COMPLETE or exact >= 60 or 10**1000 % exact.denominator:
            raise InvalidInput(f"{value} is no dateTime", hint="those have seconds below 60, with decimal fractions")
        year, month, day = date_of_day(value.date.number + (hour == 24))
        seconds = EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
        return cls(year, month, day, int(hour) % 24, int(minute or 0), seconds, None if zone is None else zone.minutes)

    def to_point(self) -> iso8601.TimePoint:
        """Return the same as a point of ISO 8601, which calculates and writes in more ways."""
        from demotic.syntax import iso8601

        zone = None if self.timezone is None else iso8601.Zone.of_minutes(self.timezone)
        time = iso8601.Time(self.hour, self.minute, self.second, zone=zone)
        return iso8601.TimePoint(iso8601.Date(self.year, self.month, self.day), time)


@dataclass(frozen=True, slots=True, eq=False)
class Time(Moment):
    """A time of day: `13:20:00Z`."""

    datatype: ClassVar[str] = "time"
    hour: int
    minute: int = 0
    second: Decimal = Decimal(0)
    timezone: int | None = None

    def _local(self) -> str:
        return _time(self.hour, self.minute, self.second)

    @classmethod
    def from_time(cls, value: time) -> Self:
        """Return the same time and offset. Raises `InvalidInput` for an offset that is not whole minutes."""
        return cls(value.hour, value.minute, _second(value), _offset(value))

    def to_time(self) -> time:
        """Return the same as a `time`. Raises `InvalidInput` for fractions finer than microseconds."""
        whole, micros = _micros(self, self.second)
        return time(self.hour, self.minute, whole, micros, _zone(self.timezone))


@dataclass(frozen=True, slots=True, eq=False)
class Date(Moment):
    """A day: `2004-04-12`."""

    datatype: ClassVar[str] = "date"
    year: int
    month: int
    day: int
    timezone: int | None = None

    def _local(self) -> str:
        return f"{_year(self.year)}-{self.month:02}-{self.day:02}"

    @classmethod
    def from_date(cls, value: date) -> Self:
        """Return the same date, without an offset."""
        return cls(value.year, value.month, value.day)

    def to_date(self) -> date:
        """Return the same as a `date`. Raises `InvalidInput` outside the years 1 to 9999 and for an offset."""
        _check_year(self, self.year)
        if self.timezone is not None:
            raise InvalidInput(
                f"{self} has an offset, which a date of Python's has not", hint="drop its timezone first"
            )
        return date(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True, eq=False)
class YearMonth(Moment):
    """A month of a year: `2004-04`."""

    datatype: ClassVar[str] = "gYearMonth"
    year: int
    month: int
    timezone: int | None = None

    def _local(self) -> str:
        return f"{_year(self.year)}-{self.month:02}"


@dataclass(frozen=True, slots=True, eq=False)
class Year(Moment):
    """A year: `2004`."""

    datatype: ClassVar[str] = "gYear"
    year: int
    timezone: int | None = None

    def _local(self) -> str:
        return _year(self.year)


@dataclass(frozen=True, slots=True, eq=False)
class MonthDay(Moment):
    """A day of every year, or of every leap year: `--04-12`."""

    datatype: ClassVar[str] = "gMonthDay"
    month: int
    day: int
    timezone: int | None = None

    def _local(self) -> str:
        return f"--{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True, eq=False)
class Day(Moment):
    """A day of every month: `---12`."""

    datatype: ClassVar[str] = "gDay"
    day: int
    timezone: int | None = None

    def _local(self) -> str:
        return f"---{self.day:02}"


@dataclass(frozen=True, slots=True, eq=False)
class Month(Moment):
    """A month of every year: `--04`."""

    datatype: ClassVar[str] = "gMonth"
    month: int
    timezone: int | None = None

    def _local(self) -> str:
        return f"--{self.month:02}"


def _year(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _time(hour: int, minute: int, second: Decimal) -> str:
    whole, _, fraction = f"{second:f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{hour:02}:{minute:02}:{whole:0>2}{'.' if fraction else ''}{fraction}"


def _second(value: datetime | time) -> Decimal:
    return Decimal(f"{value.second}.{value.microsecond:06}")


def _offset(value: datetime | time) -> int | None:
    offset = value.utcoffset()
    if offset is None:
        return None
    if offset % timedelta(minutes=1):
        raise InvalidInput(f"the offset {offset} is no whole number of minutes", hint="convert the value to UTC first")
    return offset // timedelta(minutes=1)


def _zone(minutes: int | None) -> timezone | None:
    return None if minutes is None else timezone(timedelta(minutes=minutes))


def _check_year(moment: Moment, year: int) -> None:
    if not 1 <= year <= 9999:
        raise InvalidInput(f"{moment} is outside the years 1 to 9999 that Python's dates have")


def _micros(moment: Moment, second: Decimal) -> tuple[int, int]:
    whole, _, fraction = f"{second:f}".partition(".")
    if fraction[6:].strip("0"):
        raise InvalidInput(f"{moment} has more digits than the microseconds that Python's times keep")
    return int(whole), int(fraction[:6].ljust(6, "0"))
