"""Points in time: a complete date and a time of it, with a zone or without: `1969-07-20T20:17:40Z`.

ISO 8601:2000, 5.4. The time may say no more than minutes or hours.
"""

from __future__ import annotations

import datetime as python
from collections.abc import MutableSequence, Sequence
from fractions import Fraction
from typing import Any, Final

from demotic.syntax import _calendar as gregorian
from demotic.syntax.iso8601._errors import DateTimeFault, UndefinedDateTime
from demotic.syntax.iso8601._forms import ZEROS
from demotic.syntax.iso8601._numbers import Number, exact, plain
from demotic.syntax.iso8601._scales import Precision, Style, Truncation
from demotic.syntax.iso8601._value import new
from demotic.syntax.iso8601.dates._date import Date, date_of_text, make_date
from demotic.syntax.iso8601.dates._parts import complete_day
from demotic.syntax.iso8601.durations._duration import Duration
from demotic.syntax.iso8601.points._readings import PointReadings, Source
from demotic.syntax.iso8601.points._text import PointShape, named_point_form, point_fault, point_shape, time_fault
from demotic.syntax.iso8601.times._text import read_clock
from demotic.syntax.iso8601.times._time import Time, make_time, time_of_total
from demotic.syntax.iso8601.times._zone import Zone, as_zone, cached_zone, fixed_offset

__all__ = ["TimePoint"]

_COMPLETE: Final = Precision.COMPLETE
_EPOCH: Final = gregorian.day_of_date(1970, 1, 1)
_fromisoformat = python.datetime.fromisoformat


class TimePoint(PointReadings):
    """A day and a time of it.

    Points of one precision are compared as instants: in any zones if both have one, or without if neither has. A zone
    on one side only is refused by `<` (`UndefinedDateTime`, a `TypeError`) and unequal for `==`. 24:00 is 00:00 of the
    next day.

    >>> TimePoint.parse("1969-07-20T15:17:40-05:00") == TimePoint(Date(1969, 7, 20), Time(20, 17, 40, zone=Zone.UTC))
    True
    """

    __slots__ = ()
    _instead = "use with_zone(), shift(), at(), + or TimePoint(…) for another one"

    def __new__(cls, date: Date | None = None, time: Time | None = None) -> TimePoint:
        """Return a point, by default of day 1 and 00:00:00. Raises `DateTimeFault` for a date that is no day."""
        date = Date() if date is None else date
        if not isinstance(date, Date) or not isinstance(time, Time | None):
            raise DateTimeFault(f"{date!r} and {time!r} are no Date and Time", hint="TimePoint.parse reads a text")
        if not date.is_complete:
            raise DateTimeFault(f"{date} is no complete date, and a point needs one")
        return _make(date, Time() if time is None else time)

    @classmethod
    def parse(
        cls, text: str, base: Date | TimePoint | None = None, *, separators: str = "T", year_digits: int | None = None
    ) -> TimePoint:
        """Read a point in any form, one with a truncated date with its base.

        `separators` are the characters that may stand between date and time; `year_digits` is as for `Date.parse`.
        Raises `SyntaxFault`, and `DateTimeFault` for a truncated date without a base.
        """
        try:
            shape = point_shape(text.encode().translate(ZEROS), separators, year_digits, base is not None)
        except (LookupError, UnicodeEncodeError):
            raise point_fault(text, separators) from None
        native = shape.native
        if native is not None and not text.startswith("24", shape.middle + 1):
            minute, second, zone = native
            try:
                value = _fromisoformat(text)
            except ValueError:
                pass  # a leap second, the year 0; or a fault, to be told by its place
            else:
                offset = cached_zone(text[zone:]) if isinstance(zone, int) else zone
                return _of_source((value, minute, second, offset))
        return _read(text, shape, base)

    @classmethod
    def parse_with_format(
        cls, text: str, base: Date | TimePoint | None = None, *, separators: str = "T", year_digits: int | None = None
    ) -> tuple[TimePoint, str]:
        """Read a point, and return the name of its form too, which `format` takes: `YYYY-MM-DDThh:mm:ss±hh:mm`."""
        try:
            shape = point_shape(text.encode().translate(ZEROS), separators, year_digits, base is not None)
        except (LookupError, UnicodeEncodeError):
            raise point_fault(text, separators) from None
        return _read(text, shape, base), shape.name

    @classmethod
    def from_datetime(cls, value: python.datetime) -> TimePoint:
        """Return the same point; a zone becomes the offset that it has then, which must be whole minutes."""
        offset = value.utcoffset()
        return _of_source((value, True, True, None if offset is None else fixed_offset(offset)))

    @classmethod
    def from_unix(cls, seconds: Number) -> TimePoint:
        """Return the point, in UTC, so many seconds after 1970-01-01T00:00:00Z; leap seconds are not counted."""
        days, rest = divmod(exact(seconds, "seconds"), 86_400)
        return _make(Date.of_day(_EPOCH + int(days)), time_of_total(rest, _COMPLETE, Zone.UTC))

    @classmethod
    def from_struct_time(cls, value: Sequence[int]) -> TimePoint:
        """Return the point of a time tuple, without zone."""
        return cls(Date.from_struct_time(value), Time.from_struct_time(value))

    @classmethod
    def now(cls, zone: Zone | str | None = None) -> TimePoint:
        """Return the present in a zone, or in the local one, whose offset it then has."""
        present = python.datetime.now(python.UTC)
        return cls.from_datetime(present.astimezone(None if zone is None else as_zone(zone).to_timezone()))

    @classmethod
    def utc_now(cls) -> TimePoint:
        """Return the present in UTC."""
        return cls.now(Zone.UTC)

    def with_zone(self, zone: Zone | str | None) -> TimePoint:
        """Return the same date and clock reading in another zone, given as text too, or in none."""
        return _make(self.date, self.time.with_zone(zone))

    def shift(self, zone: Zone | str) -> TimePoint:
        """Return the same instant in another zone. Raises `UndefinedDateTime` without a zone to shift from."""
        time, days = self.time.shift(zone)
        return _make(self.date.offset(days=days), time)

    def at(self, precision: Precision, *, truncate: bool = False) -> TimePoint:
        """Return the point at another precision of its time (HOUR, MINUTE or COMPLETE), as `Time.at` does."""
        return _make(self.date, self.time.at(precision, truncate=truncate))

    def to_unix(self, *, assume: Zone | None = None) -> int | Fraction:
        """Return the seconds since 1970-01-01T00:00:00Z, leap seconds not counted.

        A point without zone has no such number: `assume` says where it was meant. Raises `UndefinedDateTime`.
        """
        zone = self.time.zone or assume
        if zone is None:
            raise UndefinedDateTime(f"{self} has no zone", hint="assume= says where it was meant")
        if not self.is_complete:
            raise UndefinedDateTime(f"{self} says no seconds", hint="use at(Precision.COMPLETE) to fill them in")
        return plain((self.date.number - _EPOCH) * 86_400 + self.time.total_seconds - zone.minutes * 60)

    def to_datetime(self, zone: python.tzinfo | None = None) -> python.datetime:
        """Return the same point, or with `zone` the same instant there. 24:00 becomes 00:00 of the next day.

        Raises `DateTimeFault` for what Python cannot hold: a reduced time, a leap second, a fraction finer than
        microseconds, years outside 1 to 9999; and for `zone` without a zone of its own to convert from.
        """
        micros = self.time.micros()
        date, own, hour = self.date, self.time.zone, self.time.hour
        if hour == 24:
            date, hour = date.offset(days=1), 0
        clock = python.time(
            hour, self.time.minute or 0, self.time.second or 0, micros, None if own is None else own.to_timezone()
        )
        value = python.datetime.combine(date.to_date(), clock)
        if zone is None:
            return value
        if own is None:
            raise DateTimeFault(f"{self} has no zone to convert from", hint="use with_zone() first")
        try:
            return value.astimezone(zone)
        except OverflowError:
            raise DateTimeFault(f"{self} is outside the years 1 to 9999 in {zone}") from None

    def into_struct_time(self, target: MutableSequence[int]) -> None:
        """Write the point into a list of nine, as `time.struct_time` has it; daylight saving time is -1."""
        self.date.into_struct_time(target)
        self.time.into_struct_time(target)

    def format(
        self,
        form: str | None = None,
        *,
        style: Style | str = Style.CALENDAR,
        extended: bool = True,
        truncation: Truncation = Truncation.NONE,
        decimals: int | None = None,
        mark: str = ".",
        zone_precision: Precision = _COMPLETE,
        separator: str = "T",
        year_digits: int | None = None,
    ) -> str:
        """Return the text in a form by its name (`YYYYMMDDThhmmssZ`), or by choices.

        `truncation` is that of the date; the others are as for `Date.format` and `Time.format`.
        """
        if form is not None:
            date_name, separator, time_name = named_point_form(form)
            return f"{self.date.format(date_name)}{separator}{self.time.format(time_name)}"
        date = self.date.format(style=style, extended=extended, truncation=truncation, year_digits=year_digits)
        time = self.time.format(extended=extended, decimals=decimals, mark=mark, zone_precision=zone_precision)
        return f"{date}{separator}{time}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _make, (self.date, self.time)

    def __add__(self, duration: Duration) -> TimePoint:
        """Add months first, then the rest (XML Schema 1.1 part 2, E.3.3); a day that the month lacks becomes its last.

        Raises `UndefinedDateTime` for parts finer than the point says.
        """
        if not isinstance(duration, Duration):
            return NotImplemented
        days, seconds = divmod(duration.seconds_in_all, 86_400)
        months = Duration.of_totals(duration.whole_months())
        time, over = self.time.later(seconds) if seconds else (self.time, 0)
        return _make((self.date + months).offset(days=int(days) + over), time)

    def __sub__(self, other: Any) -> Any:
        """Return the point before by a duration, or the time since another point as a duration of days and less."""
        if isinstance(other, Duration):
            return self + -other
        if not isinstance(other, TimePoint):
            return NotImplemented
        mine, theirs = self._keys(other)
        return Duration.of_totals(0, mine - theirs)


def _make(date: Date, time: Time) -> TimePoint:
    made = new(TimePoint)
    made._date = date
    made._time = time
    made._source = None
    return made


def _of_source(source: Source) -> TimePoint:
    made = new(TimePoint)
    made._source = source
    return made


def _read(text: str, shape: PointShape, base: Date | TimePoint | None) -> TimePoint:
    clock = None if shape.clock is None else read_clock(text, shape.clock)
    day = complete_day(shape.date, text)
    if day is None:
        date = date_of_text(shape.date, text, base.date if isinstance(base, TimePoint) else base)
    else:
        date = make_date(_COMPLETE, *day, None)
    if clock is None:
        raise time_fault(text, shape)
    return _make(date, make_time(*clock))
