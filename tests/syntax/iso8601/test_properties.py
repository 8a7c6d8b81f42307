"""What holds for every value: its text reads back to it, and its arithmetic to what it came from."""

import pickle
from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import SyntaxFault
from demotic.syntax import _calendar as calendar
from demotic.syntax.iso8601 import (
    Date,
    DateTimeFault,
    Duration,
    Interval,
    Precision,
    Recurrence,
    Style,
    Time,
    TimePoint,
    Truncation,
    UndefinedDateTime,
    Zone,
)

YEARS = st.integers(0, 9999) | st.integers(-(10**6), 10**6)
DAYS = st.integers(-(10**8), 10**8).map(Date.of_day)
COMMON_DAYS = st.integers(1, date.max.toordinal()).map(Date.of_day)
DATES = st.one_of(
    DAYS,
    st.builds(Date, YEARS, st.integers(1, 12)),
    st.builds(Date, YEARS),
    st.builds(Date.of_century, st.integers(-(10**4), 10**4)),
    st.builds(Date.of_week, YEARS, st.integers(1, 52)),
)
ZONES = (
    st.none()
    | st.builds(Zone, st.sampled_from((1, -1)), st.integers(0, 23), st.none() | st.integers(0, 59))
    | st.just(Zone.UTC)
)
FRACTIONS = st.just(0) | st.integers(0, 10**12 - 1).map(lambda n: Fraction(n, 10**12))
TIMES = st.one_of(
    st.builds(lambda h, f, z: Time(h + f, zone=z), st.integers(0, 23), FRACTIONS, ZONES),
    st.builds(lambda h, m, f, z: Time(h, m + f, zone=z), st.integers(0, 23), st.integers(0, 59), FRACTIONS, ZONES),
    st.builds(
        lambda h, m, s, f, z: Time(h, m, s + f, zone=z),
        st.integers(0, 23),
        st.integers(0, 59),
        st.integers(0, 60),
        FRACTIONS,
        ZONES,
    ),
    st.sampled_from([Time(24), Time(24, 0), Time(24, 0, 0)]),
)
POINTS = st.builds(TimePoint, DAYS, TIMES)
NAMES = ("years", "months", "days", "hours", "minutes", "seconds")
DURATIONS = st.builds(
    lambda parts, negative: Duration(negative=negative, **parts),
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, 10**6)) | st.builds(dict, weeks=st.integers(0, 999)),
    st.booleans(),
)
LENGTHS = DURATIONS.map(abs).filter(bool)


def _year_digits(value: Date) -> int | None:
    return None if 0 <= value._year <= 9999 else 9


@given(DATES, st.booleans(), st.sampled_from(Style))
def test_every_date_is_read_back_from_each_of_its_forms(value: Date, extended: bool, style: Style) -> None:
    if not value.is_complete and style is Style.ORDINAL:
        style = Style.CALENDAR
    if value.week is None and not value.is_complete:
        style = Style.CALENDAR
    digits = _year_digits(value)
    text = value.format(style=style, extended=extended, year_digits=digits)
    read, form = Date.parse_with_format(text, year_digits=digits)
    assert (read, read.precision) == (value, value.precision)
    assert read.format(form) == text
    assert (eval(repr(value)), pickle.loads(pickle.dumps(value))) == (value, value)


@given(DATES, DAYS, st.booleans(), st.sampled_from(Style), st.sampled_from(list(Truncation)[:6]))
def test_a_truncated_date_is_the_first_on_or_after_its_base(
    value: Date, base: Date, extended: bool, style: Style, truncation: Truncation
) -> None:
    try:
        text = value.format(style=style, extended=extended, truncation=truncation)
        read, form = Date.parse_with_format(text, base)
    except (DateTimeFault, SyntaxFault):
        return  # there is no such form, or no such date in the next 400 years
    assert read.precision is value.precision
    assert read.format(form) == text
    if truncation is Truncation.NONE:
        assert read == value
        return
    assert read >= base.reduced(read.precision)
    if value >= base.reduced(value.precision):
        assert read <= value


@given(TIMES, st.booleans())
def test_every_time_is_read_back_from_each_of_its_forms(value: Time, extended: bool) -> None:
    text = value.format(extended=extended)
    read, days, form = Time.parse_with_format(text)
    assert (read, read.hms, read.zone, days) == (value, value.hms, value.zone, 0)
    assert read.format(form) == text
    assert str(Time.parse(str(value))) == str(value)
    assert (eval(repr(value)), pickle.loads(pickle.dumps(value))) == (value, value)


@given(TIMES, TIMES)
def test_a_truncated_time_is_the_first_from_its_base_on(value: Time, base: Time) -> None:
    for truncation in (Truncation.HOUR, Truncation.MINUTE):
        try:
            text = value.with_zone(None).format(truncation=truncation)
            read, days, _ = Time.parse_with_format(text, base)
        except DateTimeFault:
            continue
        whole = base.at(read.precision, truncate=not value.fraction)
        elapsed = days * 86_400 + read.total_seconds - whole.total_seconds
        assert 0 <= elapsed < (3_600 if truncation is Truncation.HOUR else 60) + 1
        assert read.zone == base.zone


@given(POINTS, st.booleans(), st.sampled_from(Style))
def test_every_point_is_read_back_from_each_of_its_forms(value: TimePoint, extended: bool, style: Style) -> None:
    digits = _year_digits(value.date)
    text = value.format(style=style, extended=extended, year_digits=digits)
    read, form = TimePoint.parse_with_format(text, year_digits=digits)
    assert (read, str(read), read.zone) == (value, str(value), value.zone)
    assert read.format(form) == text
    assert TimePoint.parse(text, year_digits=digits) == value
    assert hash(TimePoint.parse(str(value))) == hash(value)


@given(POINTS, ZONES.filter(lambda zone: zone is not None))
def test_an_instant_is_the_same_in_every_zone(value: TimePoint, zone: Zone) -> None:
    value = value.with_zone("+01:30")
    try:
        shifted = value.shift(zone)
    except UndefinedDateTime:
        assert value.precision is Precision.HOUR
        return
    assert (shifted, hash(shifted), shifted.zone) == (value, hash(value), zone)
    assert shifted.shift("+01:30").with_zone(None) == value.with_zone(None)


@given(DURATIONS)
def test_every_duration_is_read_back(value: Duration) -> None:
    assert Duration.parse(str(value)) == value
    assert str(Duration.parse(str(value))) == str(value)
    assert (eval(repr(value)), pickle.loads(pickle.dumps(value))) == (value, value)
    assert (-value).negative is not value.negative
    assert value + value == value * 2
    assert value - value == Duration()


@given(DURATIONS, DURATIONS)
def test_durations_have_an_order_or_none(one: Duration, other: Duration) -> None:
    try:
        assert (one < other) + (one > other) + (one == other) == 1
        assert (one <= other) is not (one > other)
        assert (one >= other) is not (one < other)
    except UndefinedDateTime:
        assert one != other
        assert one.months_in_all != other.months_in_all


@given(COMMON_DAYS, DURATIONS)
def test_months_are_added_before_days(start: Date, length: Duration) -> None:
    days = Duration.of_totals(0, length.seconds_in_all // 86_400 * 86_400)
    months = Duration.of_totals(length.whole_months())
    later = start + months
    year, month = divmod(start.year * 12 + start.month - 1 + length.whole_months(), 12)
    assert (later.year, later.month) == (year, month + 1)
    assert later.day == min(start.day, calendar.days_in_month(later.year, later.month))
    assert (later + days) - days == later


@given(POINTS, POINTS)
def test_the_time_between_leads_from_one_to_the_other(one: TimePoint, other: TimePoint) -> None:
    try:
        between = one - other
    except UndefinedDateTime:
        return
    try:
        assert other + between == one
    except UndefinedDateTime:  # the fractions of minutes or hours differ
        assert one.precision is not Precision.COMPLETE


@given(st.datetimes(timezones=st.none() | st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))))
def test_every_datetime_comes_back(value: datetime) -> None:
    point = TimePoint.from_datetime(value)
    assert (point.to_datetime(), point.to_datetime().utcoffset()) == (value, value.utcoffset())
    assert TimePoint.parse(value.isoformat()) == point
    assert datetime.fromisoformat(str(point)) == value


@given(st.dates(), st.times(), st.timedeltas())
def test_every_other_native_value_comes_back(day: date, clock: time, length: timedelta) -> None:
    assert Date.from_date(day).to_date() == day
    assert Time.from_time(clock).to_time() == clock
    assert Duration.from_timedelta(length).to_timedelta() == length


@given(st.fractions() | st.integers())
def test_every_unix_time_comes_back(seconds: Fraction) -> None:
    assert TimePoint.from_unix(seconds).to_unix() == seconds


@settings(max_examples=50)
@given(COMMON_DAYS, LENGTHS, st.integers(0, 9))
def test_every_interval_and_recurrence_is_read_back(start: Date, length: Duration, count: int) -> None:
    for interval in (
        Interval(start, duration=length),
        Interval(end=start, duration=length),
        Interval(start, start.offset(days=count)),
    ):
        assert Interval.parse(str(interval)) == interval
        recurrence = Recurrence(interval, count)
        assert Recurrence.parse(str(recurrence)) == recurrence


@pytest.mark.parametrize("kind", [Date, Time, TimePoint, Duration, Interval, Recurrence, Zone])
@given(text=st.text("0123456789-+:.,TZPWYMDHSR/", max_size=30))
def test_any_other_text_is_refused_inside_itself(kind: type, text: str) -> None:
    try:
        kind.parse(text)
    except SyntaxFault as fault:
        assert 0 <= fault.position <= len(text)
        assert fault.text == text
    except (DateTimeFault, UndefinedDateTime):
        pass
