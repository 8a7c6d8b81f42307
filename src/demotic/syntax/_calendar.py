"""The proleptic Gregorian calendar in whole numbers, for any year.

Years are counted astronomically, as ISO 8601:2004 (4.2.1 and 4.1.2.2) and XML Schema 1.1 do: 0 is the year before 1,
-1 the one before that. Python's `datetime` stops at 1 and 9999; nothing here stops. Day 1 is 0001-01-01, as it is
for `date.toordinal`. Arguments are trusted: who reads a text checks its parts with `days_in_month`, `days_in_year`
and `weeks_in_year` first, and tells the reader which part is wrong.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "date_of_day",
    "day_of_date",
    "day_of_julian",
    "day_of_ordinal",
    "day_of_week_date",
    "days_in_month",
    "days_in_year",
    "format_zone",
    "is_leap_year",
    "julian_of_day",
    "ordinal_of_day",
    "week_date_of_day",
    "weekday_of_day",
    "weeks_in_year",
]

_DAYS_BEFORE: Final = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_DAYS_IN: Final = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS_IN_400_YEARS: Final = 146_097
_DAYS_IN_100_YEARS: Final = 36_524
_DAYS_IN_4_YEARS: Final = 1_461


def is_leap_year(year: int) -> bool:
    """Whether `year` has a 29 February: every fourth year, but of the full centuries only every fourth."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Return 28 to 31."""
    return 29 if month == 2 and is_leap_year(year) else _DAYS_IN[month]


def days_in_year(year: int) -> int:
    """Return 365 or 366."""
    return 366 if is_leap_year(year) else 365


def day_of_date(year: int, month: int, day: int) -> int:
    """Return the number of a calendar date.

    >>> day_of_date(1, 1, 1), day_of_date(1969, 7, 20), day_of_date(0, 12, 31)
    (1, 718998, 0)
    """
    return day_of_ordinal(year, _DAYS_BEFORE[month] + (month > 2 and is_leap_year(year)) + day)


def date_of_day(number: int) -> tuple[int, int, int]:
    """Return year, month and day of the day of that number."""
    year, ordinal = ordinal_of_day(number)
    leap = is_leap_year(year)
    month = min((ordinal + 50) >> 5, 12)  # never too small, at most one too large
    before = _DAYS_BEFORE[month] + (month > 2 and leap)
    if before >= ordinal:
        month -= 1
        before = _DAYS_BEFORE[month] + (month > 2 and leap)
    return year, month, ordinal - before


def day_of_ordinal(year: int, ordinal: int) -> int:
    """Return the number of the `ordinal`th day of a year."""
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400 + ordinal


def ordinal_of_day(number: int) -> tuple[int, int]:
    """Return the year and the day within it, 1 to 366."""
    cycles, rest = divmod(number - 1, _DAYS_IN_400_YEARS)
    hundreds, rest = divmod(rest, _DAYS_IN_100_YEARS)
    fours, rest = divmod(rest, _DAYS_IN_4_YEARS)
    ones, rest = divmod(rest, 365)
    year = cycles * 400 + hundreds * 100 + fours * 4 + ones
    if ones == 4 or hundreds == 4:  # the last day of a leap year at the end of its cycle
        return year, 366
    return year + 1, rest + 1


def weekday_of_day(number: int) -> int:
    """Return 1 for Monday to 7 for Sunday."""
    return (number - 1) % 7 + 1


def weeks_in_year(year: int) -> int:
    """Return 53 for a year that starts on a Thursday, or a leap year that starts on a Wednesday, else 52."""
    first = weekday_of_day(day_of_ordinal(year, 1))
    return 53 if first == 4 or (first == 3 and is_leap_year(year)) else 52


def day_of_week_date(year: int, week: int, weekday: int = 1) -> int:
    """Return the number of a day given by its week; week 1 is the one with the year's first Thursday."""
    fourth = day_of_ordinal(year, 4)
    return fourth - weekday_of_day(fourth) + (week - 1) * 7 + weekday


def week_date_of_day(number: int) -> tuple[int, int, int]:
    """Return the year of the week (which may be a neighbour of the calendar's), week and weekday.

    >>> week_date_of_day(718998), week_date_of_day(day_of_date(2016, 1, 3))
    ((1969, 29, 7), (2015, 53, 7))
    """
    weekday = weekday_of_day(number)
    year, ordinal = ordinal_of_day(number - weekday + 4)  # a week lies in the year of its Thursday
    return year, (ordinal + 6) // 7, weekday


def day_of_julian(year: int, month: int, day: int) -> int:
    """Return the number of a date of the Julian calendar, in which every fourth year is a leap year."""
    past = year - 1
    return past * 365 + past // 4 + _DAYS_BEFORE[month] + (month > 2 and year % 4 == 0) + day - 2


def julian_of_day(number: int) -> tuple[int, int, int]:
    """Return year, month and day that the Julian calendar has for a day.

    >>> julian_of_day(718998), day_of_julian(1969, 7, 7)
    ((1969, 7, 7), 718998)
    """
    fours, rest = divmod(number + 1, _DAYS_IN_4_YEARS)
    ones, rest = divmod(rest, 365)
    if ones == 4:
        return fours * 4 + 4, 12, 31
    year, leap = fours * 4 + ones + 1, ones == 3
    month = next(m for m in range(12, 0, -1) if _DAYS_BEFORE[m] + (m > 2 and leap) <= rest)
    return year, month, rest - _DAYS_BEFORE[month] - (month > 2 and leap) + 1


def format_zone(minutes: int, *, extended: bool = True, utc: str = "Z") -> str:
    """Return an offset from UTC as text: `+05:30`, `-0500` if not `extended`, `utc` for zero.

    >>> format_zone(330), format_zone(-300, extended=False), format_zone(0), format_zone(0, utc="+00:00")
    ('+05:30', '-0500', 'Z', '+00:00')
    """
    if not minutes:
        return utc
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{':' if extended else ''}{rest:02}"
