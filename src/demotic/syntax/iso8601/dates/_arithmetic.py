"""Moving a date along its own scale, and to a coarser one.

A step must be one that the date's precision knows. Months added to a day follow XML Schema 1.1 part 2, E.3.3: the day
stays, or becomes the last of its month.
"""

from __future__ import annotations

from typing import Final

from demotic.syntax import _calendar as gregorian
from demotic.syntax.iso8601._errors import UndefinedDateTime
from demotic.syntax.iso8601._scales import Precision
from demotic.syntax.iso8601.dates._parts import Resolved

__all__ = ["OFFSETS", "moved", "plus", "reduced"]

_CENTURY, _YEAR, _MONTH, _WEEK, _, _, _COMPLETE = Precision

# What may be added at each precision, counted in its own unit; anything else has no answer (a year from 29 February).
OFFSETS: Final = {
    _COMPLETE: {"days": 1, "weeks": 7},
    _WEEK: {"weeks": 1},
    _MONTH: {"months": 1, "years": 12, "centuries": 1200},
    _YEAR: {"years": 1, "centuries": 100},
    _CENTURY: {"centuries": 1},
}
# How many months, or of a week days, one step is.
_STEPS: Final = {_WEEK: 7, _MONTH: 1, _YEAR: 12, _CENTURY: 1200}


def moved(date: Resolved, count: int) -> Resolved:
    """Return the date so many steps of its own scale later."""
    precision, year, month, day, week = date
    if month is not None and day is not None:
        return Resolved(precision, *gregorian.date_of_day(gregorian.day_of_date(year, month, day) + count))
    if week is not None:
        year, week, _ = gregorian.week_date_of_day(gregorian.day_of_week_date(year, week + count))
        return Resolved(precision, year, week=week)
    if month is not None:
        year, month = divmod(year * 12 + month - 1 + count, 12)
        return Resolved(precision, year, month + 1)
    return Resolved(precision, year + count * (100 if precision is _CENTURY else 1))


def plus(date: Resolved, months: int, days: int) -> Resolved:
    """Return the date so many months, then days, later. Raises `UndefinedDateTime` where that is within its scale."""
    precision, year, month, day, week = date
    if month is not None and day is not None:
        year, month = divmod(year * 12 + month - 1 + months, 12)
        shortened = min(day, gregorian.days_in_month(year, month + 1))
        return moved(Resolved(precision, year, month + 1, shortened), days)
    wrong, count = (months, days) if week is not None else (days, months)
    if wrong or count % _STEPS[precision]:
        raise UndefinedDateTime(f"{months} months and {days} days are no whole {precision.name.lower()}")
    return moved(date, count // _STEPS[precision])


def reduced(date: Resolved, precision: Precision) -> Resolved:
    """Return what holds the date on a coarser scale. Raises `UndefinedDateTime` if nothing does."""
    _, year, month, day, week = date
    if precision is date.precision:
        return date
    if precision is _WEEK and month is not None and day is not None:
        year, week, _ = gregorian.week_date_of_day(gregorian.day_of_date(year, month, day))
        return Resolved(_WEEK, year, week=week)
    if precision > date.precision or precision > _MONTH or week is not None:
        raise UndefinedDateTime(f"a {date.precision.name.lower()} cannot be reduced to a {precision.name.lower()}")
    if precision is _CENTURY:
        year = year // 100 * 100
    return Resolved(precision, year, month if precision is _MONTH else None)
