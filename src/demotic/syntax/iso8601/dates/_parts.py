"""From the numbers of a form to a day, month, year or week: alone if they say all, else from a base.

What is left out in front is filled in so that the result is the earliest on or after the base (ISO 8601:2000, 5.2.1.3
and on, leaves that to agreement). Numbers come by the letters of their form: `CC`, `YYYY`, `YY`, `Y`, `MM`, `DD`,
`DDD`, `ww`, `D`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from demotic.syntax import _calendar as gregorian
from demotic.syntax.iso8601._errors import DateTimeFault
from demotic.syntax.iso8601._forms import LONGEST_YEAR, RANGES, Form
from demotic.syntax.iso8601._numbers import whole_number
from demotic.syntax.iso8601._scales import Precision, Style

__all__ = ["PART_NAMES", "Misfit", "Resolved", "check_part", "complete_day", "resolve"]


PART_NAMES = {letters: name for letters, (name, _, _) in RANGES.items()}


class Resolved(NamedTuple):
    """A date's parts: `year` is the first of its century at that precision, and of a week the year of its Thursday."""

    precision: Precision
    year: int
    month: int | None = None
    day: int | None = None
    week: int | None = None


class Misfit(Exception):
    """A number that its month or year does not have. `letters` names it, `expected` says which there are."""

    def __init__(self, letters: str, value: int, expected: str) -> None:
        super().__init__(f"{value} is not {expected}")
        self.letters = letters
        self.expected = expected


def check_part(letters: str, value: int) -> int:
    """Return a number that may stand for the part; raise `DateTimeFault` for another. Years may be any."""
    name, least, most = RANGES[letters]
    whole_number(value, name)
    if letters in ("CC", "YYYY"):
        if abs(value) >= 10**LONGEST_YEAR:
            raise DateTimeFault(f"{name} has at most {LONGEST_YEAR} digits")
        return value
    if not least <= value <= most:
        raise DateTimeFault(f"{value} is not {name} from {least} to {most}")
    return value


def key_of(date: Resolved) -> tuple[int, int, int]:
    """Return what dates of one precision are ordered by."""
    return date.year, date.month or date.week or 0, date.day or 0


def complete_day(form: Form, text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a text of the form that says them all; `None` if one is left out or out of range.

    `resolve` does the same for every form, and tells what is wrong; this is for the many that are right.
    """
    if form.truncation or form.precision is not Precision.COMPLETE:
        return None
    parts = form.parts
    if form.style is Style.CALENDAR:
        (_, start, a), (_, b, c), (_, d, end) = parts
        year, month, day = int(text[start:a]), int(text[b:c]), int(text[d:end])
        fits = 1 <= month <= 12 and 1 <= day <= gregorian.days_in_month(year, month)
        return (year, month, day) if fits else None
    numbers = [int(text[start:end]) for _, start, end in parts]
    if form.style is Style.ORDINAL:
        year, day = numbers
        fits = 1 <= day <= gregorian.days_in_year(year)
        return gregorian.date_of_day(gregorian.day_of_ordinal(year, day)) if fits else None
    year, week, weekday = numbers
    fits = 1 <= weekday <= 7 and 1 <= week <= gregorian.weeks_in_year(year)
    return gregorian.date_of_day(gregorian.day_of_week_date(year, week, weekday)) if fits else None


def resolve(parts: Mapping[str, int], base: Resolved | None) -> Resolved:
    """Return the date that the numbers say.

    Raises `Misfit` for a number that its month or year lacks, and `DateTimeFault` where a base is needed but is not
    given or not precise enough.
    """
    if "CC" in parts:
        return Resolved(Precision.CENTURY, parts["CC"] * 100)
    if "YYYY" in parts:
        return _of_year(parts["YYYY"], parts)
    if base is None:
        raise DateTimeFault(
            "a truncated date needs a base", hint="give a base: the earliest date on or after it is meant"
        )
    if "D" in parts and "ww" not in parts:
        return _next_weekday(parts["D"], base)
    if "DD" in parts and "MM" not in parts:
        return _next_day_of_month(parts["DD"], base)
    return _next_year(parts, base)


def _of_year(year: int, parts: Mapping[str, int]) -> Resolved:
    if "ww" in parts:
        return _of_week(year, parts["ww"], parts.get("D"))
    if "DDD" in parts:
        ordinal, last = parts["DDD"], gregorian.days_in_year(year)
        if ordinal > last:
            raise Misfit("DDD", ordinal, f"a day from 001 to {last}, as {year} has")
        return Resolved(Precision.COMPLETE, *gregorian.date_of_day(gregorian.day_of_ordinal(year, ordinal)))
    if "MM" not in parts:
        return Resolved(Precision.YEAR, year)
    month = parts["MM"]
    if "DD" not in parts:
        return Resolved(Precision.MONTH, year, month)
    day, last = parts["DD"], gregorian.days_in_month(year, month)
    if day > last:
        raise Misfit("DD", day, f"a day from 01 to {last}, as {year:0{4 + (year < 0)}}-{month:02} has")
    return Resolved(Precision.COMPLETE, year, month, day)


def _of_week(year: int, week: int, weekday: int | None) -> Resolved:
    last = gregorian.weeks_in_year(year)
    if week > last:
        raise Misfit("ww", week, f"a week from 01 to {last}, as {year} has")
    if weekday is None:
        return Resolved(Precision.WEEK, year, week=week)
    return Resolved(Precision.COMPLETE, *gregorian.date_of_day(gregorian.day_of_week_date(year, week, weekday)))


def _next_weekday(weekday: int, base: Resolved) -> Resolved:
    number = gregorian.day_of_date(*_complete(base))
    number += (weekday - gregorian.weekday_of_day(number)) % 7
    return Resolved(Precision.COMPLETE, *gregorian.date_of_day(number))


def _next_day_of_month(day: int, base: Resolved) -> Resolved:
    year, month, first = _complete(base)
    months = year * 12 + month - 1 + (day < first)
    while day > gregorian.days_in_month(months // 12, months % 12 + 1):
        months += 1
    return Resolved(Precision.COMPLETE, months // 12, months % 12 + 1, day)


def _next_year(parts: Mapping[str, int], base: Resolved) -> Resolved:
    misfit = None
    for year in _years(parts, base):
        try:
            found = _of_year(year, parts)
        except Misfit as fault:
            misfit = fault
            continue
        if key_of(found) >= key_of(_coarsened(base, found.precision, weekly="ww" in parts)):
            return found
    raise misfit or AssertionError("every year after the base is after the base")


def _years(parts: Mapping[str, int], base: Resolved) -> Iterator[int]:
    """Yield the years that end in the digits given, from the base's on; after 400 years the calendar repeats itself."""
    step, digits = (100, parts["YY"]) if "YY" in parts else (10, parts["Y"]) if "Y" in parts else (1, 0)
    first = base.year - 1 + (digits - base.year + 1) % step  # a week's year may be one less than the calendar's
    yield from range(first, first + 402 + step, step)


def _coarsened(base: Resolved, precision: Precision, *, weekly: bool) -> Resolved:
    if precision is Precision.COMPLETE:
        return Resolved(precision, *_complete(base))
    if weekly:
        if base.week is not None:
            return base
        year, week, _ = gregorian.week_date_of_day(gregorian.day_of_date(*_complete(base)))
        return Resolved(precision, year, week=week)
    if base.precision < precision or base.week is not None:
        raise _too_coarse(base)
    return Resolved(precision, base.year, base.month if precision is Precision.MONTH else None)


def _complete(base: Resolved) -> tuple[int, int, int]:
    if base.month is None or base.day is None:
        raise _too_coarse(base)
    return base.year, base.month, base.day


def _too_coarse(base: Resolved) -> DateTimeFault:
    return DateTimeFault(f"the base says no more than a {base.precision.name.lower()}", hint="give a complete date")
