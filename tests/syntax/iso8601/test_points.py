"""What a point in time is made of, tells, compares and moves by."""

import copy
import pickle
import threading
import time
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as clock
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from demotic.syntax.iso8601 import Date, DateTimeFault, Duration, Precision, Time, TimePoint, UndefinedDateTime, Zone

P = TimePoint.parse
LANDING = P("1969-07-20T20:17:40Z")


@pytest.mark.spec("ISO-030", "ISO-032")
@pytest.mark.feature("F-SYNTAX-ISO-06")
def test_a_point_is_a_day_and_a_time() -> None:
    point = TimePoint(Date(1969, 7, 20), Time(20, 17, 40, zone=Zone.UTC))
    assert point == LANDING
    assert TimePoint() == P("0001-01-01T00:00:00")
    assert TimePoint(Date(1969, 7, 20)) == P("1969-07-20T00:00:00")
    assert TimePoint(time=Time(20)) == P("0001-01-01T20")
    for reduced in (Date(1969, 7), Date(1969), Date.of_century(19), Date.of_week(1969, 29)):
        with pytest.raises(DateTimeFault, match="no complete date"):
            TimePoint(reduced)
    assert point.calendar == (19, 69, 7, 20, 20, 17, 40)
    assert point.ordinal == (19, 69, 201, 20, 17, 40)
    assert point.week_date == (19, 6, 9, 29, 7, 20, 17, 40)
    assert P("1969-07-20T20:17,5").calendar == (19, 69, 7, 20, 20, Fraction(35, 2), None)
    assert point.zone is not None
    assert point.zone.pair == (0, 0)
    assert str(point.with_zone("-05:00")) == "1969-07-20T20:17:40-05:00"
    assert str(point.with_zone(None)) == "1969-07-20T20:17:40"
    assert str(point.shift("-05:00")) == "1969-07-20T15:17:40-05:00"
    assert str(point.shift("+05:30")) == "1969-07-21T01:47:40+05:30"
    assert str(P("2024-01-01T00:30Z").shift("-01:00")) == "2023-12-31T23:30-01:00"


@pytest.mark.spec("ISO-017", "ISO-031")
@pytest.mark.feature("F-SYNTAX-ISO-07")
def test_points_are_compared_as_instants() -> None:
    same = [LANDING, P("1969-07-20T15:17:40-05:00"), P("1969-07-21T01:47:40+0530".replace("+0530", "+05:30"))]
    assert len(set(same)) == 1
    assert P("2016-12-31T24:00:00Z") == P("2017-01-01T00:00:00Z")
    assert hash(P("2016-12-31T24:00:00Z")) == hash(P("2017-01-01T00:00:00Z"))
    assert P("2016-12-31T24:00:00Z") > P("2016-12-31T23:59:59.999Z")
    assert P("2016-12-31T23:59:60Z") == P("2016-12-31T23:59:59Z")
    assert P("2024-01-01T00:00:00+01:00") < P("2023-12-31T23:30:00Z")
    assert P("2024-01-01T00:00") <= P("2024-01-01T00:00")
    assert P("2024-01-01T00:00:00") != P("2024-01-01T00:00:00Z")
    assert P("2024-01-01T00:00Z") != P("2024-01-01T00:00:00Z")
    assert LANDING != "1969-07-20T20:17:40Z"
    for other in ("1969-07-20T20:17:40", "1969-07-20T20:17Z"):
        with pytest.raises(TypeError, match="have no order"):
            P(other) > LANDING  # noqa: B015
    with pytest.raises(TypeError):
        LANDING <= 3  # noqa: B015


@pytest.mark.spec("ISO-034")
@pytest.mark.feature("F-SYNTAX-ISO-04")
@pytest.mark.parametrize(
    ("choices", "text"),
    [
        ({}, "1969-07-20T20:17:40Z"),
        ({"extended": False}, "19690720T201740Z"),
        ({"style": "ordinal"}, "1969-201T20:17:40Z"),
        ({"style": "week", "extended": False}, "1969W297T201740Z"),
        ({"truncation": 3}, "--07-20T20:17:40Z"),
        ({"decimals": 3, "mark": ","}, "1969-07-20T20:17:40,000Z"),
        ({"separator": " "}, "1969-07-20 20:17:40Z"),
        ({"year_digits": 6}, "+001969-07-20T20:17:40Z"),
        ({"form": "YYYYDDDThhmmss±hhmm"}, "1969201T201740+0000"),
        ({"form": "-W-DThh:mm:ss,ssZ"}, "-W-7T20:17:40,00Z"),
    ],
)
def test_a_point_is_written_as_chosen(choices: dict, text: str) -> None:
    assert LANDING.format(**choices) == text
    assert LANDING.shift("+01:00").format(zone_precision=Precision.HOUR) == "1969-07-20T21:17:40+01"


@pytest.mark.parametrize("form", ["YYYY-MM-DD", "hh:mm", "YYYY-MMThh:mm:ssZ", "YYYY-MM-DDThh:mmZ", "Thh", ""])
def test_a_form_that_does_not_fit_is_refused(form: str) -> None:
    with pytest.raises(DateTimeFault):
        LANDING.format(form)


@pytest.mark.spec("ISO-035")
@pytest.mark.feature("F-SYNTAX-ISO-11")
@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-14182940, "1969-07-20T20:17:40Z"),
        ("-0.5", "1969-12-31T23:59:59.5Z"),
        (Decimal("1e-9"), "1970-01-01T00:00:00.000000001Z"),
        (1.5, "1970-01-01T00:00:01.5Z"),
        (-(10**12), "-29719-04-05T22:13:20Z"),
        (Fraction(1, 3), "1970-01-01T00:00:00.333333333Z"),
    ],
)
def test_unix_time_comes_in_and_goes_out_exactly(seconds: object, text: str) -> None:
    point = TimePoint.from_unix(seconds)
    assert str(point) == text
    assert point.to_unix() == Fraction(str(seconds)) if not isinstance(seconds, Fraction) else seconds


def test_unix_time_without_a_zone_needs_one_to_be_assumed() -> None:
    local = P("1970-01-01T01:00:00")
    assert local.to_unix(assume=Zone(1, 1)) == 0
    assert P("1970-01-01T00:00:00Z").to_unix(assume=Zone(1, 1)) == 0
    for text in ("1970-01-01T01:00:00", "1970-01-01T01:00Z"):
        with pytest.raises(UndefinedDateTime):
            P(text).to_unix()


@pytest.mark.spec("ISO-036")
@pytest.mark.feature("F-SYNTAX-ISO-11")
def test_the_present_is_zoned_and_the_same_everywhere() -> None:
    before = datetime.now(UTC)
    present = [TimePoint.now(), TimePoint.now(Zone(1, 5, 30)), TimePoint.utc_now()]
    after = datetime.now(UTC)
    assert [point.zone for point in present[1:]] == [Zone(1, 5, 30), Zone.UTC]
    assert all(before <= point.to_datetime() <= after for point in present)
    assert present[0].zone == Zone.local(before)


@pytest.mark.spec("ISO-037")
@pytest.mark.feature("F-SYNTAX-ISO-12")
def test_a_point_changes_precision_and_goes_into_a_time_tuple() -> None:
    assert (LANDING.precision, LANDING.is_complete) == (Precision.COMPLETE, True)
    minute = LANDING.at(Precision.MINUTE)
    assert (minute.precision, minute.is_complete) == (Precision.MINUTE, False)
    assert minute.format(decimals=3, mark=",") == "1969-07-20T20:17,667Z"
    assert str(LANDING.at(Precision.MINUTE, truncate=True)) == "1969-07-20T20:17Z"
    target = [0] * 9
    LANDING.into_struct_time(target)
    assert target == [1969, 7, 20, 20, 17, 40, 6, 201, -1]
    assert TimePoint.from_struct_time(time.struct_time(target)) == LANDING.with_zone(None)


@pytest.mark.feature("F-SYNTAX-ISO-08")
@pytest.mark.parametrize(
    ("point", "duration", "later"),
    [
        ("2000-01-12T12:13:14Z", "P1Y3M5DT7H10M3.3S", "2001-04-17T19:23:17.3Z"),
        ("2000-01-31T00:00:00", "P1M", "2000-02-29T00:00:00"),
        ("2000-03-31T00:00:00", "-P1M", "2000-02-29T00:00:00"),
        ("2000-01-01T00:00:00", "-PT0.5S", "1999-12-31T23:59:59.5"),
        ("2000-01-01T12:00", "PT90M", "2000-01-01T13:30"),
        ("2000-01-01T12", "PT12H", "2000-01-02T00"),
        ("2000-01-01T24:00:00", "P1D", "2000-01-02T24:00:00"),
        ("2000-01-01T24:00:00", "PT1S", "2000-01-02T00:00:01"),
        ("2016-12-31T23:59:60Z", "P1D", "2017-01-01T23:59:60Z"),
        ("9999-12-31T23:59:59", "PT1S", "+10000-01-01T00:00:00"),
    ],
)
def test_a_duration_is_added_months_first(point: str, duration: str, later: str) -> None:
    assert str(P(point) + Duration.parse(duration)) == later
    assert P(point) - -Duration.parse(duration) == P(later)


@pytest.mark.parametrize(
    "calculate",
    [
        lambda: P("2000-01-01T12") + Duration(minutes=1),
        lambda: P("2000-01-01T12:00") + Duration(seconds="0.5"),
        lambda: P("2000-01-01T12:00") + Duration(months="0.5"),
        lambda: P("2000-01-01T12:00") - P("2000-01-01T12:00Z"),
        lambda: P("2000-01-01T12:00") - P("2000-01-01T12"),
        lambda: P("2000-01-01T12:00") + 1,
        lambda: P("2000-01-01T12:00") - 1,
        lambda: P("2000-01-01T12:00").shift("Z"),
    ],
)
def test_what_has_no_answer_is_refused(calculate) -> None:
    with pytest.raises(TypeError):
        calculate()


def test_between_points_there_is_a_duration() -> None:
    assert str(LANDING - P("1969-07-16T13:32:00Z")) == "P4DT6H45M40S"
    assert str(P("1969-07-16T15:32:00+02:00") - LANDING) == "-P4DT6H45M40S"


@pytest.mark.spec("ISO-042")
@pytest.mark.feature("F-SYNTAX-ISO-12")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-02-29T23:59:59.123456+05:30", datetime(2024, 2, 29, 23, 59, 59, 123456, timezone(timedelta(0, 19800)))),
        ("2024-02-29T23:59:59Z", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
        ("0001-01-01T00:00:00", datetime.min),
        ("9999-12-31T23:59:59.999999", datetime.max),
        ("2024-02-29T24:00:00", datetime(2024, 3, 1)),
        ("2024-02-29T23:59:59.1000000000000", datetime(2024, 2, 29, 23, 59, 59, 100000)),
    ],
)
def test_a_point_is_a_datetime_where_that_fits(text: str, value: datetime) -> None:
    converted = P(text).to_datetime()
    assert (converted, converted.utcoffset()) == (value, value.utcoffset())
    assert TimePoint.from_datetime(value) == P(text)


@pytest.mark.spec("ISO-042")
@pytest.mark.feature("F-SYNTAX-ISO-12")
def test_dates_times_and_durations_are_pythons_where_that_fits() -> None:
    assert Date.from_date(date(2024, 2, 29)) == Date(2024, 2, 29)
    assert Date(2024, 2, 29).to_date() == date(2024, 2, 29)
    for value in (clock(1, 2, 3, 4), clock(1, 2, 3, tzinfo=UTC), clock(23, tzinfo=timezone(timedelta(hours=-5)))):
        assert Time.from_time(value).to_time() == value
    for length in (timedelta.min, timedelta.max, timedelta(microseconds=1), timedelta(-1, 5), timedelta()):
        assert Duration.from_timedelta(length).to_timedelta() == length
    paris = ZoneInfo("Europe/Paris")
    summer = datetime(2024, 10, 27, 2, 30, tzinfo=paris)
    assert [str(TimePoint.from_datetime(summer.replace(fold=fold))) for fold in (0, 1)] == [
        "2024-10-27T02:30:00+02:00",
        "2024-10-27T02:30:00+01:00",
    ]
    assert P("2024-07-01T00:00:00Z").to_datetime(paris) == datetime(2024, 7, 1, 2, tzinfo=paris)
    assert P("2024-07-01T00:00:00Z").to_datetime(paris).tzinfo is paris


@pytest.mark.spec("ISO-042")
@pytest.mark.feature("F-SYNTAX-ISO-12")
@pytest.mark.parametrize(
    "convert",
    [
        lambda: P("2024-02-29T23:59").to_datetime(),
        lambda: P("2016-12-31T23:59:60Z").to_datetime(),
        lambda: P("2024-02-29T23:59:59.1234567Z").to_datetime(),
        lambda: P("0000-01-01T00:00:00").to_datetime(),
        lambda: P("9999-12-31T24:00:00").to_datetime(),
        lambda: P("+10000-01-01T00:00:00").to_datetime(),
        lambda: P("0001-01-01T00:00:00Z").to_datetime(timezone(timedelta(hours=-1))),
        lambda: P("2024-01-01T00:00:00").to_datetime(UTC),
        lambda: Date(2024, 2).to_date(),
        lambda: Date(0, 2, 1).to_date(),
        lambda: Date.from_date(datetime(2024, 1, 1)),
        lambda: Time(24, 0, 0).to_time(),
        lambda: Time(20).to_time(),
        lambda: Time(23, 59, 60).to_time(),
        lambda: Time(0, 0, Fraction(1, 3)).to_time(),
        lambda: Time.from_time(clock(1, tzinfo=ZoneInfo("Europe/Paris"))),
        lambda: TimePoint.from_datetime(datetime(1900, 1, 1, tzinfo=timezone(timedelta(seconds=561)))),
        lambda: Duration(months=1).to_timedelta(),
        lambda: Duration(seconds=Fraction(1, 3)).to_timedelta(),
        lambda: Duration(days=10**9).to_timedelta(),
    ],
)
def test_what_does_not_fit_pythons_types_is_refused(convert) -> None:
    with pytest.raises(DateTimeFault):
        convert()


@pytest.mark.parametrize(
    "point",
    [LANDING, P("2016-12-31T24:00:00"), P("+12345-01-01T10+01"), LANDING.at(Precision.MINUTE), P("2024-02-29T23:59")],
)
def test_a_point_does_not_change_and_is_copied_by_its_parts(point: TimePoint) -> None:
    with pytest.raises(AttributeError, match=r"a TimePoint does not change; use with_zone\(\)"):
        point.date = Date()
    for twin in (copy.deepcopy(point), pickle.loads(pickle.dumps(point)), eval(repr(point))):
        assert (twin, hash(twin), str(twin)) == (point, hash(point), str(point))


def test_threads_may_read_one_point() -> None:
    points = [P("2024-02-29T23:59:59Z") for _ in range(200)]
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.extend(map(str, points))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(texts) == {"2024-02-29T23:59:59Z"}
    assert len(texts) == 800
