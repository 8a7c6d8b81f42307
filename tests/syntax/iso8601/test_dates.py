"""What a date is made of, tells, compares and moves by."""

import copy
import pickle
import time
from itertools import pairwise

import pytest

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.iso8601 import (
    Date,
    DateTimeFault,
    Duration,
    Precision,
    Style,
    Truncation,
    UndefinedDateTime,
    is_leap_year,
    weeks_in_year,
)

MOON = Date(1969, 7, 20)
BASE = Date(1999, 12, 31)


@pytest.mark.spec("ISO-001", "ISO-002", "ISO-008")
@pytest.mark.feature("F-SYNTAX-ISO-06")
def test_one_day_has_many_makers_and_read_outs() -> None:
    made = [
        Date(1969, 7, 20),
        Date.from_calendar(19, 69, 7, 20),
        Date.from_week(19, 6, 9, 29, 7),
        Date.of_week(1969, 29, 7),
        Date.from_ordinal(19, 69, 201),
        Date.of_ordinal(1969, 201),
        Date.of_day(718998),
        Date.of_julian(1969, 7, 7),
    ]
    assert set(made) == {MOON}
    assert (MOON.number, MOON.calendar, MOON.ordinal) == (718998, (19, 69, 7, 20), (19, 69, 201))
    assert (MOON.week_date, MOON.weekday, MOON.julian) == ((19, 6, 9, 29, 7), 7, (1969, 7, 7))
    assert Date() == Date.from_calendar() == Date.of_day(1) == Date(1, 1, 1)


@pytest.mark.spec("ISO-003", "ISO-005")
@pytest.mark.feature("F-SYNTAX-ISO-02")
@pytest.mark.parametrize(
    ("date", "parts", "text"),
    [
        (Date(1969, 7), (Precision.MONTH, 19, 1969, 7, None, None), "1969-07"),
        (Date(1969), (Precision.YEAR, 19, 1969, None, None, None), "1969"),
        (Date.of_century(19), (Precision.CENTURY, 19, None, None, None, None), "19"),
        (Date.of_week(1969, 29), (Precision.WEEK, 19, 1969, None, None, 29), "1969-W29"),
        (MOON, (Precision.COMPLETE, 19, 1969, 7, 20, None), "1969-07-20"),
        (Date.of_week(1969, 29, 7), (Precision.COMPLETE, 19, 1969, 7, 20, None), "1969-07-20"),
    ],
)
def test_what_is_left_out_stays_left_out(date: Date, parts: tuple, text: str) -> None:
    assert (date.precision, date.century, date.year, date.month, date.day, date.week) == parts
    assert date.is_complete is (date.day is not None)
    assert str(date) == text


@pytest.mark.spec("ISO-004")
@pytest.mark.feature("F-SYNTAX-ISO-03")
def test_every_maker_but_the_absolute_takes_a_base() -> None:
    assert Date.from_calendar(day=5, base=BASE) == Date(2000, 1, 5)
    assert Date.from_calendar(month=7, day=20, base=BASE) == Date(2000, 7, 20)
    assert Date.from_calendar(year=69, base=BASE) == Date(2069)
    assert Date.from_ordinal(day=201, base=BASE) == Date(2000, 7, 19)
    assert Date.from_ordinal(year=69, day=201, base=BASE) == Date(2069, 7, 20)
    assert Date.from_week(weekday=1, base=BASE) == Date(2000, 1, 3)
    assert Date.from_week(week=1, base=BASE) == Date.of_week(2000, 1)
    assert Date.from_week(year=9, week=29, weekday=7, base=BASE) == Date.of_week(2009, 29, 7)
    assert Date.from_week(decade=6, year=9, week=29, base=BASE) == Date.of_week(2069, 29)
    for make in (lambda: Date.from_calendar(day=5), lambda: Date.parse("---05")):
        with pytest.raises(DateTimeFault, match="needs a base"):
            make()
    with pytest.raises(DateTimeFault, match="says no more than a month"):
        Date.parse("---05", Date(1999, 12))
    with pytest.raises(DateTimeFault, match="says no more than a year"):
        Date.parse("--05", Date(1999))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Date(1969, 13),
        lambda: Date(1969, 2, 29),
        lambda: Date(1969, None, 5),
        lambda: Date(None, 5, 5),
        lambda: Date(1969, 7, 20.0),
        lambda: Date(True, 1, 1),
        lambda: Date(10**101, 1, 1),
        lambda: Date.of_week(2016, 53),
        lambda: Date.of_week(2016, None),
        lambda: Date.of_ordinal(2016, None),
        lambda: Date.of_century("19"),
        lambda: Date.of_century(10**5000),
        lambda: Date.of_day(1.5),
        lambda: Date.of_day("1"),
        lambda: MOON.offset(days=0.5),
        lambda: MOON.format(style="moon"),
        lambda: Date.of_week(2016, 1, 8),
        lambda: Date.of_ordinal(2023, 366),
        lambda: Date.of_ordinal(2023, 0),
        lambda: Date.of_julian(1999, 2, 29),
        lambda: Date.from_calendar(19, None, 7),
        lambda: Date.from_calendar(19, 100),
        lambda: Date.from_ordinal(19, 69),
        lambda: Date.from_week(19, 6, None, 29),
        lambda: Date.from_week(19, None, 6, 29),
        lambda: Date.from_week(19, 6, 9),
        lambda: Date.parse("1969", year_digits=3),
        lambda: Date.of_century(19).is_leap_year,
    ],
)
def test_what_no_date_has_is_refused(make) -> None:
    with pytest.raises(DateTimeFault) as fault:
        make()
    assert isinstance(fault.value, InvalidInput)
    assert isinstance(fault.value, ValueError)


@pytest.mark.spec("ISO-006")
@pytest.mark.feature("F-SYNTAX-ISO-07")
def test_only_dates_of_one_precision_have_an_order() -> None:
    rising = [
        [Date(-44, 3, 15), Date(0, 12, 31), Date(1969, 7, 20), Date(12345, 1, 1)],
        [Date(1969, 7), Date(1969, 8), Date(1970, 1)],
        [Date(1969), Date(1970)],
        [Date.of_century(-1), Date.of_century(19)],
        [Date.of_week(1969, 29), Date.of_week(1969, 30), Date.of_week(1970, 1)],
    ]
    for dates in rising:
        assert sorted([*dates[1:], dates[0]]) == dates
        assert all(a <= b and b >= a and b > a and a != b for a, b in pairwise(dates))
    assert Date(1985, 4) != Date.of_week(1985, 15)
    assert Date(1985, 4) != "1985-04"
    for compare in (lambda: Date(1985, 4) > Date.of_week(1985, 15), lambda: Date(1985) <= Date(1985, 4, 12)):
        with pytest.raises(TypeError, match="have no order"):
            compare()
    with pytest.raises(TypeError):
        Date(1985) < 1985  # noqa: B015


@pytest.mark.spec("ISO-007")
@pytest.mark.feature("F-SYNTAX-ISO-07")
def test_a_date_does_not_change_and_is_a_key() -> None:
    names = {Date(1969, 7, 20): "day", Date(1969, 7): "month", Date.of_week(1969, 29): "week", Date(1969): "year"}
    texts = ("1969-201", "1969-07", "1969W29", "1969")
    assert [names[Date.parse(text)] for text in texts] == ["day", "month", "week", "year"]
    for part in ("month", "day", "precision", "week"):
        with pytest.raises(AttributeError, match=r"a Date does not change; use offset\(\)"):
            setattr(MOON, part, 1)
        with pytest.raises(AttributeError, match="does not change"):
            delattr(MOON, part)
    with pytest.raises(AttributeError):
        MOON.other = 1
    for date in names:
        assert copy.deepcopy(date) == copy.copy(date) == pickle.loads(pickle.dumps(date)) == date
        assert eval(repr(date)) == date


@pytest.mark.spec("ISO-009")
@pytest.mark.feature("F-SYNTAX-ISO-12")
def test_a_date_goes_into_a_time_tuple_and_comes_out() -> None:
    assert Date.from_struct_time(time.gmtime(0)) == Date(1970, 1, 1)
    target = list(time.gmtime(0))
    MOON.into_struct_time(target)
    assert target == [1969, 7, 20, 0, 0, 0, 6, 201, 0]
    with pytest.raises(UndefinedDateTime):
        Date(1969, 7).into_struct_time(target)


@pytest.mark.spec("ISO-010")
@pytest.mark.feature("F-SYNTAX-ISO-08")
@pytest.mark.parametrize(
    ("date", "steps", "moved"),
    [
        (Date(2016, 2, 29), {"weeks": 1}, Date(2016, 3, 7)),
        (Date(2016, 2, 29), {"days": -60}, Date(2015, 12, 31)),
        (Date(2016, 2), {"years": 1}, Date(2017, 2)),
        (Date(2016, 2), {"months": -2, "centuries": 1}, Date(2115, 12)),
        (Date(2016), {"years": -2017}, Date(-1)),
        (Date(2016), {"centuries": 1}, Date(2116)),
        (Date.of_century(19), {"centuries": 2}, Date.of_century(21)),
        (Date.of_week(2015, 53), {"weeks": 1}, Date.of_week(2016, 1)),
    ],
)
def test_a_date_moves_in_the_units_that_it_is_made_of(date: Date, steps: dict, moved: Date) -> None:
    assert date.offset(**steps) == moved
    assert moved.offset(**{unit: -count for unit, count in steps.items()}) == date


@pytest.mark.spec("ISO-010")
@pytest.mark.parametrize(
    ("date", "unit"),
    [
        (Date(2016, 2, 29), "years"),
        (Date(2016, 2, 29), "months"),
        (Date(2016, 2, 29), "centuries"),
        (Date(2016, 2), "days"),
        (Date(2016, 2), "weeks"),
        (Date(2016), "months"),
        (Date.of_century(20), "years"),
        (Date.of_week(2015, 53), "years"),
        (Date.of_week(2015, 53), "days"),
    ],
)
def test_any_other_unit_is_refused(date: Date, unit: str) -> None:
    with pytest.raises(UndefinedDateTime, match="are no date"):
        date.offset(**{unit: 1})


@pytest.mark.spec("ISO-012", "ISO-038")
@pytest.mark.feature("F-SYNTAX-ISO-04")
@pytest.mark.parametrize(
    ("choices", "text"),
    [
        ({}, "1969-07-20"),
        ({"extended": False}, "19690720"),
        ({"style": "ordinal"}, "1969-201"),
        ({"style": Style.WEEK, "extended": False}, "1969W297"),
        ({"truncation": Truncation.CENTURY}, "69-07-20"),
        ({"truncation": Truncation.YEAR}, "--07-20"),
        ({"truncation": Truncation.YEAR, "extended": False}, "--0720"),
        ({"truncation": Truncation.MONTH}, "---20"),
        ({"style": "ordinal", "truncation": Truncation.YEAR}, "-201"),
        ({"style": "ordinal", "truncation": Truncation.CENTURY, "extended": False}, "69201"),
        ({"style": "week", "truncation": Truncation.CENTURY}, "69-W29-7"),
        ({"style": "week", "truncation": Truncation.DECADE}, "-9-W29-7"),
        ({"style": "week", "truncation": Truncation.YEAR, "extended": False}, "-W297"),
        ({"style": "week", "truncation": Truncation.WEEK}, "-W-7"),
        ({"year_digits": 6}, "+001969-07-20"),
        ({"year_digits": 6, "extended": False, "style": "week"}, "+001969W297"),
    ],
)
def test_a_date_is_written_as_chosen(choices: dict, text: str) -> None:
    assert MOON.format(**choices) == text


def test_a_reduced_date_is_written_in_its_reduced_form() -> None:
    assert Date(1969, 7).format(truncation=Truncation.CENTURY, extended=False) == "-6907"
    assert Date.of_week(1969, 29).format() == "1969-W29"
    assert Date.of_week(1969, 29).format(extended=False, truncation=Truncation.YEAR) == "-W29"
    assert Date.of_century(-1).format(year_digits=5) == "-001"
    assert Date.parse("-0001", year_digits=6) == Date.of_century(-1)


@pytest.mark.spec("ISO-012")
@pytest.mark.parametrize(
    "write",
    [
        lambda: MOON.format(truncation=Truncation.DECADE),
        lambda: MOON.format(truncation=Truncation.WEEK),
        lambda: MOON.format(style="ordinal", truncation=Truncation.MONTH),
        lambda: MOON.format(style="week", truncation=Truncation.MONTH),
        lambda: MOON.format(truncation=Truncation.HOUR),
        lambda: Date(1969).format(style="ordinal"),
        lambda: MOON.format("YYYY-MM"),
        lambda: Date(1969).format("YYYY-MM-DD"),
        lambda: MOON.format("YYYY-DD-MM"),
        lambda: MOON.format("±YYY-MM-DD"),
        lambda: Date(12345, 1, 1).format("YYYY-MM-DD"),
        lambda: Date(-44, 1, 1).format("YYYYMMDD"),
        lambda: Date(12345, 1, 1).format(year_digits=4),
    ],
)
def test_a_form_that_does_not_fit_is_refused(write) -> None:
    with pytest.raises(DateTimeFault):
        write()


@pytest.mark.spec("ISO-013")
@pytest.mark.feature("F-SYNTAX-13")
def test_a_date_of_the_julian_calendar_is_read_back() -> None:
    assert Date.of_julian(1917, 10, 25) == Date(1917, 11, 7)
    assert Date.of_julian(1900, 2, 29).julian == (1900, 2, 29)
    assert Date.of_julian(1900, 2, 29) == Date(1900, 3, 13)


@pytest.mark.spec("ISO-014")
@pytest.mark.feature("F-SYNTAX-13")
def test_the_calendar_answers_small_questions() -> None:
    assert [year for year in (1896, 1900, 1904, 2000, 2100, 0, -4) if is_leap_year(year)] == [1896, 1904, 2000, 0, -4]
    assert (Date(2000).is_leap_year, Date(1900, 3, 1).is_leap_year) == (True, False)
    assert [year for year in range(2000, 2040) if weeks_in_year(year) == 53] == [
        2004,
        2009,
        2015,
        2020,
        2026,
        2032,
        2037,
    ]
    assert [Date(1969, 7, day).weekday for day in range(14, 21)] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.feature("F-SYNTAX-ISO-08")
@pytest.mark.parametrize(
    ("date", "duration", "later"),
    [
        (Date(2016, 2, 29), "P1Y", Date(2017, 2, 28)),
        (Date(2024, 1, 31), "P1M", Date(2024, 2, 29)),
        (Date(2024, 1, 31), "P1M1D", Date(2024, 3, 1)),
        (Date(2024, 1, 31), "-P2M", Date(2023, 11, 30)),
        (Date(2024, 1, 31), "PT24H", Date(2024, 2, 1)),
        (Date(2024, 1), "P1Y1M", Date(2025, 2)),
        (Date(2024), "P12M", Date(2025)),
        (Date.of_century(19), "P100Y", Date.of_century(20)),
        (Date.of_week(2015, 53), "P2W", Date.of_week(2016, 2)),
        (Date.of_week(2015, 53), "P7D", Date.of_week(2016, 1)),
    ],
)
def test_a_duration_is_added_with_the_rule_of_month_ends(date: Date, duration: str, later: Date) -> None:
    assert date + Duration.parse(duration) == later
    assert date - -Duration.parse(duration) == later


@pytest.mark.parametrize(
    "calculate",
    [
        lambda: Date(2024, 1, 31) + Duration(hours=1),
        lambda: Date(2024, 1) + Duration(days=1),
        lambda: Date(2024) + Duration(months=1),
        lambda: Date.of_week(2015, 53) + Duration(days=1),
        lambda: Date.of_week(2015, 53) + Duration(months=1),
        lambda: Date(2024, 1, 31) + Duration(months="0.5"),
        lambda: Date(2024, 1) - Date(2023, 1),
        lambda: Date(2024, 1, 1) + 1,
        lambda: Date(2024, 1, 1) - "2023",
        lambda: Date(1969, 7).number,
        lambda: Date(1969, 7).reduced(Precision.COMPLETE),
        lambda: Date.of_week(1969, 29).reduced(Precision.YEAR),
        lambda: Date(1969, 7).reduced(Precision.WEEK),
        lambda: MOON.reduced(Precision.HOUR),
    ],
)
def test_what_has_no_answer_is_refused(calculate) -> None:
    with pytest.raises(TypeError):
        calculate()


def test_between_days_there_is_a_duration_of_days() -> None:
    assert Date(2024, 3, 1) - Date(2024, 2, 1) == Duration(days=29)
    assert str(Date(2024, 2, 1) - Date(2024, 3, 1)) == "-P29D"


def test_a_day_is_reduced_to_what_holds_it() -> None:
    reduced = [str(Date(2016, 1, 3).reduced(precision)) for precision in list(Precision)[:4]]
    assert reduced == ["20", "2016", "2016-01", "2015-W53"]
    assert MOON.reduced(Precision.COMPLETE) == MOON


@pytest.mark.feature("F-SYNTAX-ISO-05")
def test_what_is_refused_is_told_in_plain_words() -> None:
    day = Date(1969, 7, 20)
    with pytest.raises(DateTimeFault, match="1969-07-20 says its day, YYYY-MM a month"):
        day.format("YYYY-MM")
    with pytest.raises(TypeError, match="1969-07-20, a day, and 1969, a year, have no order"):
        assert day < Date(1969)
    with pytest.raises(SyntaxFault, match="a day from 01 to 28, as -0001-02 has"):
        Date.parse("-0001-02-29")
