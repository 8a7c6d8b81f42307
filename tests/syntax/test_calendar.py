"""The calendar: beside Python's where that reaches, and by its own laws beyond."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.syntax import _calendar as calendar

YEARS = st.integers(-30_000, 30_000) | st.integers()
DAYS = st.integers(-20_000_000, 20_000_000) | st.integers()


def _days(year: int) -> list[tuple[int, int, int]]:
    return [(year, m, d) for m in range(1, 13) for d in range(1, calendar.days_in_month(year, m) + 1)]


@pytest.mark.spec("ISO-014")
@pytest.mark.feature("F-SYNTAX-13")
@given(st.dates())
def test_within_its_years_the_calendar_is_pythons(day: date) -> None:
    number = day.toordinal()
    assert calendar.day_of_date(day.year, day.month, day.day) == number
    assert calendar.date_of_day(number) == (day.year, day.month, day.day)
    assert calendar.week_date_of_day(number) == tuple(day.isocalendar())
    assert calendar.weekday_of_day(number) == day.isoweekday()
    assert calendar.ordinal_of_day(number) == (day.year, day.timetuple().tm_yday)


@pytest.mark.feature("F-SYNTAX-13")
@given(DAYS)
def test_each_day_has_one_date_in_each_form(number: int) -> None:
    assert calendar.day_of_date(*calendar.date_of_day(number)) == number
    assert calendar.day_of_ordinal(*calendar.ordinal_of_day(number)) == number
    assert calendar.day_of_week_date(*calendar.week_date_of_day(number)) == number
    assert calendar.day_of_julian(*calendar.julian_of_day(number)) == number


@given(YEARS)
def test_a_year_is_as_long_as_its_days_and_weeks(year: int) -> None:
    first, following = calendar.day_of_ordinal(year, 1), calendar.day_of_ordinal(year + 1, 1)
    assert following - first == calendar.days_in_year(year) == 365 + calendar.is_leap_year(year)
    weeks = calendar.day_of_week_date(year + 1, 1) - calendar.day_of_week_date(year, 1)
    assert weeks == 7 * calendar.weeks_in_year(year)
    assert first in range(*(calendar.day_of_week_date(year, 1) + n for n in (-3, 4)))


@pytest.mark.parametrize("year", [-401, -400, -100, -4, -1, 0, 1, 1900, 2000, 2023, 2024, 10_000, 12_000])
def test_days_follow_each_other(year: int) -> None:
    first = calendar.day_of_ordinal(year, 1)
    days = _days(year)
    assert [calendar.date_of_day(first + n) for n in range(len(days))] == days
    assert [calendar.day_of_date(*day) for day in days] == list(range(first, first + len(days)))


@pytest.mark.parametrize(
    ("julian", "gregorian"),
    [
        ((1582, 10, 5), (1582, 10, 15)),
        ((1, 1, 3), (1, 1, 1)),
        ((1900, 2, 29), (1900, 3, 13)),
        ((1969, 7, 7), (1969, 7, 20)),
        ((-4712, 1, 1), (-4713, 11, 24)),
        ((4, 12, 31), (4, 12, 29)),
    ],
)
def test_the_julian_calendar_counts_the_same_days(julian: tuple, gregorian: tuple) -> None:
    number = calendar.day_of_date(*gregorian)
    assert calendar.day_of_julian(*julian) == number
    assert calendar.julian_of_day(number) == julian


def test_an_offset_is_written_in_either_style() -> None:
    assert [calendar.format_zone(m) for m in (0, 60, -330, 840, -1)] == ["Z", "+01:00", "-05:30", "+14:00", "-00:01"]
    assert [calendar.format_zone(m, extended=False, utc="+0000") for m in (0, 60)] == ["+0000", "+0100"]
