"""Dates of the proleptic Gregorian calendar, complete or not: `1969-07-20`, `1969-07`, `1969`, `19`, `1969-W29`.

ISO 8601:2000, 5.2. What is left out at the end stays left out: `1969-07` is a month, not its first day.
"""

from __future__ import annotations

import datetime as python
from collections.abc import MutableSequence, Sequence
from itertools import pairwise
from typing import Any, Final

from demotic.errors import SyntaxFault
from demotic.syntax import _calendar as gregorian
from demotic.syntax.iso8601._errors import DateTimeFault, UndefinedDateTime
from demotic.syntax.iso8601._forms import Form, read_parts
from demotic.syntax.iso8601._numbers import whole_number
from demotic.syntax.iso8601._scales import Precision, Style, Truncation
from demotic.syntax.iso8601._value import new
from demotic.syntax.iso8601.dates._arithmetic import OFFSETS, moved, plus, reduced
from demotic.syntax.iso8601.dates._parts import PART_NAMES as NAMES
from demotic.syntax.iso8601.dates._parts import Misfit, Resolved, check_part, complete_day, resolve
from demotic.syntax.iso8601.dates._readings import DateReadings, word_of
from demotic.syntax.iso8601.dates._text import as_style, chosen_date_form, find_date_form, named_date_form, write_date
from demotic.syntax.iso8601.durations._duration import Duration

__all__ = ["Date"]

_CENTURY: Final = Precision.CENTURY
_COMPLETE: Final = Precision.COMPLETE


class Date(DateReadings):
    """A day, month, year, century or week.

    `month`, `day` and `week` are `None` where they are not said; only dates of a week have `week`, and then `year` is
    that of the week. Dates of one precision are ordered; between others `<` raises `UndefinedDateTime`, a `TypeError`,
    and `==` is false.

    >>> Date(1969, 7, 20) == Date.parse("1969-W29-7") == Date.of_day(718998)
    True
    >>> str(Date(1969, 7)), Date(1969, 7).precision.name
    ('1969-07', 'MONTH')
    """

    __slots__ = ()
    _instead = "use offset(), reduced() or Date(…) for another one"

    def __new__(cls, year: int | None = None, month: int | None = None, day: int | None = None) -> Date:
        """Return a date of the calendar; without arguments day 1, which is 0001-01-01."""
        if year is None and month is None and day is None:
            return make_date(_COMPLETE, 1, 1, 1, None)
        return _from({"YYYY": year, "MM": month, "DD": day}, None)

    @classmethod
    def of_century(cls, century: int) -> Date:
        """Return a century: 19 is 1900 to 1999."""
        return make_date(_CENTURY, check_part("CC", century) * 100, None, None, None)

    @classmethod
    def of_week(cls, year: int, week: int, weekday: int | None = None) -> Date:
        """Return a week, or with `weekday` (1 is Monday, 7 is Sunday) a day."""
        return _from({"YYYY": year, "ww": whole_number(week, "a week"), "D": weekday}, None)

    @classmethod
    def of_ordinal(cls, year: int, day: int) -> Date:
        """Return a day by its number in the year, from 1."""
        return _from({"YYYY": year, "DDD": whole_number(day, "a day of its year")}, None)

    @classmethod
    def of_day(cls, number: int) -> Date:
        """Return a day by its number; 0001-01-01 is 1."""
        return make_date(_COMPLETE, *gregorian.date_of_day(whole_number(number, "the number of a day")), None)

    @classmethod
    def of_julian(cls, year: int, month: int, day: int) -> Date:
        """Return a day by its date in the Julian gregorian."""
        if not (1 <= month <= 12 and 1 <= day <= gregorian.days_in_month(4 if year % 4 == 0 else 1, month)):
            raise DateTimeFault(f"the Julian calendar has no {year}-{month:02}-{day:02}")
        return cls.of_day(gregorian.day_of_julian(year, month, day))

    @classmethod
    def from_calendar(
        cls,
        century: int | None = None,
        year: int | None = None,
        month: int | None = None,
        day: int | None = None,
        *,
        base: Date | None = None,
    ) -> Date:
        """Return a date of which parts may be left out at the end and, with a base, in front. `year` is 0 to 99."""
        if century is None and year is None and month is None and day is None:
            return cls()
        return _from({"CC": century, "YY": year, "MM": month, "DD": day}, base)

    @classmethod
    def from_ordinal(
        cls, century: int | None = None, year: int | None = None, day: int | None = None, *, base: Date | None = None
    ) -> Date:
        """Return a day by its number in a year, of which parts may be left out with a base. `year` is 0 to 99."""
        if day is None:
            raise DateTimeFault("an ordinal date has a day")
        return _from({"CC": century, "YY": year, "DDD": day}, base)

    @classmethod
    def from_week(
        cls,
        century: int | None = None,
        decade: int | None = None,
        year: int | None = None,
        week: int | None = None,
        weekday: int | None = None,
        *,
        base: Date | None = None,
    ) -> Date:
        """Return a week or day of it; with a base, parts may be left out in front. `decade` and `year` are digits."""
        if week is None and weekday is None:
            raise DateTimeFault("a week date has a week or a weekday")
        if decade is None and century is not None:
            raise DateTimeFault("the decade is left out in the middle of a date")
        if decade is not None:
            if year is None or not 0 <= decade <= 9:
                raise DateTimeFault(f"a decade of {decade} is no digit with a year after it")
            return _from({"CC": century, "YY": decade * 10 + year, "ww": week, "D": weekday}, base)
        return _from({"CC": century, "Y": year, "ww": week, "D": weekday}, base)

    @classmethod
    def from_date(cls, value: python.date) -> Date:
        """Return the same day. Raises `DateTimeFault` for a `datetime`, which is more than a date."""
        if isinstance(value, python.datetime):
            raise DateTimeFault(f"{value} has a time", hint="use TimePoint.from_datetime, or its date()")
        return make_date(_COMPLETE, value.year, value.month, value.day, None)

    @classmethod
    def from_struct_time(cls, value: Sequence[int]) -> Date:
        """Return the day of a time tuple."""
        return cls(*value[:3])

    @classmethod
    def parse(cls, text: str, base: Date | None = None, *, year_digits: int | None = None) -> Date:
        """Read a date in any form, a truncated one with its base.

        A sign begins an expanded year; in basic forms, and alone, it has as many digits as `year_digits` says.
        Raises `SyntaxFault`, and `DateTimeFault` for a truncated form without a base.
        """
        return cls.parse_with_format(text, base, year_digits=year_digits)[0]

    @classmethod
    def parse_with_format(
        cls, text: str, base: Date | None = None, *, year_digits: int | None = None
    ) -> tuple[Date, str]:
        """Read a date, and return the name of its form too, which `format` takes: `YYYY-MM-DD`."""
        form = find_date_form(text, year_digits, truncated=base is not None)
        return date_of_text(form, text, base), form.name

    def reduced(self, precision: Precision) -> Date:
        """Return what holds this date: its month, year, century or week. Raises `UndefinedDateTime` for the rest."""
        return make_date(*reduced(_resolved(self), precision))

    def offset(self, *, days: int = 0, weeks: int = 0, months: int = 0, years: int = 0, centuries: int = 0) -> Date:
        """Return the date so much later, in units that the date is made of.

        Days take days and weeks; weeks take weeks; months take months and greater, and so on: `UndefinedDateTime` for
        the rest, as 29 February has no day a year later. `date + Duration(years=1)` has a rule for that.
        """
        wanted = {"days": days, "weeks": weeks, "months": months, "years": years, "centuries": centuries}
        units = OFFSETS[self.precision]
        for name, count in wanted.items():
            if whole_number(count, f"a number of {name}") and name not in units:
                raise UndefinedDateTime(
                    f"{self} and {count} {name} are no date", hint=f"it takes {' and '.join(units)}"
                )
        return make_date(*moved(_resolved(self), sum(wanted[name] * size for name, size in units.items())))

    def to_date(self) -> python.date:
        """Return the same day. Raises `DateTimeFault` for what is no day, or outside the years 1 to 9999."""
        year, month, day = self._complete(DateTimeFault)
        if not 1 <= year <= 9999:
            raise DateTimeFault(f"{self} is outside the years 1 to 9999 of Python's dates")
        return python.date(year, month, day)

    def into_struct_time(self, target: MutableSequence[int]) -> None:
        """Write year, month, day, weekday (Monday is 0) and day of the year into a list of nine."""
        target[0:3] = self._complete()
        target[6:8] = self.weekday - 1, self.ordinal[2]

    def format(
        self,
        form: str | None = None,
        *,
        style: Style | str = Style.CALENDAR,
        extended: bool = True,
        truncation: Truncation = Truncation.NONE,
        year_digits: int | None = None,
    ) -> str:
        """Return the text in a form by its name (`-Www-D`), or by choices: `style` is calendar, ordinal or week.

        A form of another precision is refused, and so is a year that does not fit. Raises `DateTimeFault`.
        """
        week = self.week is not None
        chosen = (
            named_date_form(form, century=self.precision is _CENTURY)
            if form is not None
            else chosen_date_form(
                Style.WEEK if week else as_style(style),
                truncation,
                self.precision,
                extended=extended,
                year_digits=year_digits,
            )
        )
        if chosen.precision is not self.precision:
            held, said = word_of(self.precision), word_of(chosen.precision)
            raise DateTimeFault(f"{self} says its {held}, {chosen.name} a {said}", hint="use reduced() first")
        return write_date(chosen, self._numbers(chosen.style))

    def _numbers(self, style: Style) -> dict[str, int]:
        year, numbers = self._year, {"MM": self.month or 0, "DD": self.day or 0, "ww": self.week or 0}
        if self.precision is _COMPLETE and style is Style.WEEK:
            year, numbers["ww"], numbers["D"] = gregorian.week_date_of_day(self.number)
        elif self.precision is _COMPLETE and style is Style.ORDINAL:
            numbers["DDD"] = gregorian.ordinal_of_day(self.number)[1]
        return numbers | {"YYYY": year, "YY": year % 100, "Y": year % 10, "CC": year // 100}

    def __str__(self) -> str:
        """Return the extended calendar form; years beyond four digits are expanded to five or more."""
        if self.precision is _COMPLETE and 0 <= self._year <= 9999:
            return f"{self._year:04}-{self.month:02}-{self.day:02}"
        digits = None if 0 <= self._year <= 9999 else max(5, len(str(abs(self._year))))
        return self.format(year_digits=digits)

    def __repr__(self) -> str:
        if self.precision is _CENTURY:
            return f"Date.of_century({self.century})"
        if self.week is not None:
            return f"Date.of_week({self._year}, {self.week})"
        return f"Date({', '.join(str(n) for n in (self._year, self.month, self.day) if n is not None)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return make_date, (self.precision, self._year, self.month, self.day, self.week)

    def __add__(self, duration: Duration) -> Date:
        """Add months first, then days; a day that the month lacks becomes its last (XML Schema 1.1 part 2, E.3.3)."""
        if not isinstance(duration, Duration):
            return NotImplemented
        months, seconds = duration.months_in_all, duration.seconds_in_all
        days = seconds // 86_400
        if months.denominator != 1 or days * 86_400 != seconds:
            raise UndefinedDateTime(f"{duration} is not made of whole months and days, which {self} takes")
        return make_date(*plus(_resolved(self), int(months), int(days)))

    def __sub__(self, other: Any) -> Any:
        """Return the date before by a duration, or the days since another date as a duration."""
        if isinstance(other, Duration):
            return self + -other
        if not isinstance(other, Date):
            return NotImplemented
        if not (self.is_complete and other.is_complete):
            raise UndefinedDateTime(f"between {other} and {self} is no number of days, as both must be complete")
        days = self.number - other.number
        return Duration(days=abs(days), negative=days < 0)


def make_date(precision: Precision, year: int, month: int | None, day: int | None, week: int | None) -> Date:
    """Return a date of parts that are known to be right."""
    made = new(Date)
    made._precision = precision
    made._year = year
    made._month = month
    made._day = day
    made._week = week
    return made


def date_of_text(form: Form, text: str, base: Date | None) -> Date:
    """Return the date that a text of the form says. Raises `SyntaxFault` and `DateTimeFault`."""
    day = complete_day(form, text)
    if day is not None:
        return make_date(_COMPLETE, *day, None)
    numbers = read_parts(form, text)
    try:
        return make_date(*resolve(numbers, None if base is None else _resolved(base)))
    except Misfit as misfit:
        raise SyntaxFault(misfit.expected, text, form.place(misfit.letters)) from None


def _from(numbers: dict[str, int | None], base: Date | None) -> Date:
    given = {letters: check_part(letters, value) for letters, value in numbers.items() if value is not None}
    order = list(numbers)
    for above, below in pairwise(order):
        if above in given and below not in given and any(n in given for n in order[order.index(below) + 1 :]):
            raise DateTimeFault(f"{NAMES[below]} is left out in the middle of a date")
    if "CC" in given and len(given) > 1:
        return _from({"YYYY": given.pop("CC") * 100 + given.pop("YY"), **given}, None)
    try:
        return make_date(*resolve(given, None if base is None else _resolved(base)))
    except Misfit as misfit:
        raise DateTimeFault(str(misfit)) from None


def _resolved(date: Date) -> Resolved:
    return Resolved(date.precision, date._year, date.month, date.day, date.week)
