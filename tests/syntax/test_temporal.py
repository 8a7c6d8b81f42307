"""Dates, times and durations: text and value in both directions, other spellings, refusals."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax import (
    format_date,
    format_datetime_offset,
    format_duration,
    format_time_of_day,
    parse_date,
    parse_datetime_offset,
    parse_duration,
    parse_time_of_day,
)

INDIA = timezone(timedelta(hours=5, minutes=30))
NEW_YORK = timezone(timedelta(hours=-5))

STAMPS = [
    ("2024-02-29T07:59:59Z", datetime(2024, 2, 29, 7, 59, 59, tzinfo=UTC)),
    ("2024-02-29T07:59:59.5Z", datetime(2024, 2, 29, 7, 59, 59, 500000, tzinfo=UTC)),
    ("0001-01-01T00:00:00.000001Z", datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
    ("9999-12-31T23:59:59.999999Z", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    ("2024-01-01T00:00:00+05:30", datetime(2024, 1, 1, tzinfo=INDIA)),
    ("2024-01-01T00:00:00.25-05:00", datetime(2024, 1, 1, 0, 0, 0, 250000, tzinfo=NEW_YORK)),
]
DATES = [
    ("2024-02-29", date(2024, 2, 29)),
    ("0001-01-01", date.min),
    ("9999-12-31", date.max),
    ("2000-02-29", date(2000, 2, 29)),
]
TIMES = [("00:00:00", time()), ("07:59:59.999", time(7, 59, 59, 999000)), ("23:59:59.000001", time(23, 59, 59, 1))]
DURATIONS = [
    ("PT0S", timedelta()),
    ("P1D", timedelta(1)),
    ("P1DT2H3M4.5S", timedelta(1, 4, 500000, 0, 3, 2)),
    ("-P1DT2H", -timedelta(1, 0, 0, 0, 0, 2)),
    ("-PT0.000001S", timedelta(microseconds=-1)),
    ("PT1M", timedelta(minutes=1)),
    ("P999999999DT23H59M59.999999S", timedelta.max),
]
PAIRS = [
    *((parse_datetime_offset, format_datetime_offset, *pair) for pair in STAMPS),
    *((parse_date, format_date, *pair) for pair in DATES),
    *((parse_time_of_day, format_time_of_day, *pair) for pair in TIMES),
    *((parse_duration, format_duration, *pair) for pair in DURATIONS),
]


@pytest.mark.feature("F-SYNTAX-04")
@pytest.mark.parametrize(("parse", "write", "text", "value"), PAIRS)
def test_text_and_value_are_each_others(parse: Callable, write: Callable, text: str, value: object) -> None:
    assert parse(text) == value
    assert write(value) == text
    for junk in (text + "x", " " + text, text + "\n"):
        with pytest.raises(SyntaxFault):
            parse(junk)


@pytest.mark.feature("F-SYNTAX-05")
@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_datetime_offset, "2024-01-01T00:00Z", datetime(2024, 1, 1, tzinfo=UTC)),
        (parse_datetime_offset, "2024-01-01t00:00:00z", datetime(2024, 1, 1, tzinfo=UTC)),
        (parse_datetime_offset, "2024-01-01T00:00:00-00:00", datetime(2024, 1, 1, tzinfo=UTC)),
        (parse_datetime_offset, "2024-01-01T00:00:00.123456000000Z", datetime(2024, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)),
        (parse_time_of_day, "07:59", time(7, 59)),
        (parse_time_of_day, "07:59:00.10", time(7, 59, 0, 100000)),
        (parse_duration, "PT36H", timedelta(1.5)),
        (parse_duration, "P0D", timedelta()),
        (parse_duration, "-PT90.50S", timedelta(seconds=-90.5)),
        (parse_duration, "PT0.1234560S", timedelta(microseconds=123456)),
    ],
)
def test_other_spellings_are_read(parse: Callable, text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.feature("F-SYNTAX-04")
def test_the_offset_is_kept() -> None:
    assert parse_datetime_offset("2024-01-01T00:00:00+05:30").utcoffset() == timedelta(hours=5, minutes=30)


REFUSED = [
    (parse_date, "", 0, "a year"),
    (parse_date, "0000-01-01", 0, "a year from 0001 to 9999"),
    (parse_date, "-0044-03-15", 0, "a year from 0001 to 9999"),
    (parse_date, "10000-01-01", 0, "a year from 0001 to 9999"),
    (parse_date, "2024-1-01", 5, "a month from 01 to 12"),
    (parse_date, "2024-13-01", 5, "a month"),
    (parse_date, "2024-00-01", 5, "a month"),
    (parse_date, "2023-02-29", 8, "a day from 01 to 28"),
    (parse_date, "1900-02-29", 8, "a day from 01 to 28"),
    (parse_date, "2024-04-31", 8, "a day from 01 to 30"),
    (parse_date, "20240101", 0, "a year"),
    (parse_date, "2024-W01-1", 5, "a month"),
    (parse_date, "２０２４-01-01", 0, "a year"),
    (parse_time_of_day, "24:00", 0, "an hour from 00 to 23"),
    (parse_time_of_day, "7:59", 0, "an hour"),
    (parse_time_of_day, "07:60", 3, "a minute from 00 to 59"),
    (parse_time_of_day, "07:59:60", 6, "a second from 00 to 59"),
    (parse_time_of_day, "07:59:59.", 9, "a fractional digit"),
    (parse_time_of_day, "07:59:59Z", 8, "the end"),
    (parse_time_of_day, "07:59:59.1234567", 15, "the precision kept is microseconds"),
    (parse_time_of_day, "07:59:59.1234560000000", 15, "the precision kept is microseconds"),
    (parse_datetime_offset, "2024-01-01", 10, "'T'"),
    (parse_datetime_offset, "2024-01-01 00:00Z", 10, "'T'"),
    (parse_datetime_offset, "2024-01-01T00:00", 16, "a zone"),
    (parse_datetime_offset, "2024-01-01T00:00:00+0530", 22, "':'"),
    (parse_datetime_offset, "2024-01-01T00:00:00+24:00", 20, "an hour from 00 to 23"),
    (parse_datetime_offset, "2024-01-01T00:00:00+05:60", 23, "a minute"),
    (parse_datetime_offset, "2023-02-29T00:00Z", 8, "a day from 01 to 28"),
    (parse_datetime_offset, "0000-01-01T00:00Z", 0, "a year from 0001 to 9999"),
    (parse_datetime_offset, "2016-12-31T23:59:60Z", 17, "a second from 00 to 59"),
    (parse_duration, "", 0, "a duration"),
    (parse_duration, "P", 1, "a duration"),
    (parse_duration, "P1DT", 4, "a duration"),
    (parse_duration, "P1Y", 1, "a duration"),
    (parse_duration, "+P1D", 0, "a duration"),
    (parse_duration, "PT1M1H", 4, "a duration"),
    (parse_duration, "PT1.5M", 2, "a duration"),
    (parse_duration, "PT0.1234567S", 10, "the precision kept is microseconds"),
    (parse_duration, "P1000000000D", 1, "at most 999999999 days"),
    (parse_duration, "PT" + "9" * 5000 + "S", 0, "at most 999999999 days"),
]


@pytest.mark.feature("F-SYNTAX-06")
@pytest.mark.parametrize(("parse", "text", "position", "expected"), REFUSED)
def test_what_is_refused_is_told_by_place_and_expectation(
    parse: Callable, text: str, position: int, expected: str
) -> None:
    with pytest.raises(SyntaxFault) as fault:
        parse(text)
    assert fault.value.position == position
    assert expected in fault.value.expected


@pytest.mark.feature("F-SYNTAX-07")
@pytest.mark.parametrize(
    ("value", "precision", "text"),
    [
        (time(1, 2, 3), 0, "01:02:03"),
        (time(1, 2, 3), 3, "01:02:03.000"),
        (time(1, 2, 3, 120000), 3, "01:02:03.120"),
        (time(1, 2, 3, 123456), 6, "01:02:03.123456"),
        (time(1, 2, 3, 123456), 9, "01:02:03.123456000"),
    ],
)
def test_a_precision_gives_exactly_that_many_digits(value: time, precision: int, text: str) -> None:
    assert format_time_of_day(value, precision) == text
    stamp = datetime.combine(date(2024, 1, 1), value, UTC)
    assert format_datetime_offset(stamp, precision) == f"2024-01-01T{text}Z"
    assert parse_time_of_day(text) == value


def test_a_duration_with_a_precision_writes_its_seconds() -> None:
    assert format_duration(timedelta(minutes=1), 2) == "PT1M0.00S"
    assert format_duration(timedelta(days=-1), 1) == "-P1DT0.0S"


@pytest.mark.feature("F-SYNTAX-06")
@pytest.mark.parametrize(
    "write",
    [
        lambda: format_time_of_day(time(1, 2, 3, 123456), 3),
        lambda: format_time_of_day(time(1, 2, 3), 13),
        lambda: format_duration(timedelta(microseconds=1), 5),
        lambda: format_time_of_day(time(1, tzinfo=UTC)),
        lambda: format_datetime_offset(datetime(2024, 1, 1)),
        lambda: format_datetime_offset(datetime(2024, 1, 1, microsecond=1, tzinfo=UTC), 0),
    ],
)
def test_nothing_is_cut_off_or_guessed_in_writing(write: Callable) -> None:
    with pytest.raises(InvalidInput):
        write()


def test_an_offset_of_odd_seconds_is_written_as_the_same_instant_in_utc() -> None:
    amsterdam = timezone(timedelta(minutes=19, seconds=32))
    assert format_datetime_offset(datetime(1920, 1, 1, 0, 19, 32, tzinfo=amsterdam)) == "1920-01-01T00:00:00Z"


def test_every_zone_of_no_offset_is_written_as_z() -> None:
    for zone in (UTC, timezone(timedelta()), timezone(timedelta(), "GMT")):
        assert (
            format_datetime_offset(datetime(2024, 1, 1, 10, 20, 30, 120, tzinfo=zone)) == "2024-01-01T10:20:30.00012Z"
        )
        assert format_datetime_offset(datetime(2024, 1, 1, 10, 20, 30, tzinfo=zone)) == "2024-01-01T10:20:30Z"


ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=ZONES | st.just(UTC)))
def test_every_datetime_survives(value: datetime) -> None:
    read = parse_datetime_offset(format_datetime_offset(value))
    assert (read.replace(tzinfo=None), read.utcoffset()) == (value.replace(tzinfo=None), value.utcoffset())


@given(st.dates(), st.times(), st.timedeltas())
def test_every_date_time_and_duration_survives(day: date, clock: time, length: timedelta) -> None:
    assert parse_date(format_date(day)) == day
    assert parse_time_of_day(format_time_of_day(clock)) == clock
    assert parse_duration(format_duration(length)) == length


@given(st.text("0123456789-:.TZPDHMS+", max_size=30))
def test_any_other_text_is_refused_inside_itself(text: str) -> None:
    for parse in (parse_date, parse_time_of_day, parse_datetime_offset, parse_duration):
        try:
            parse(text)
        except SyntaxFault as fault:
            assert 0 <= fault.position <= len(text)
