"""Dates, times and durations: their partial order, sums, bounds, and the standard library's values."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput
from demotic.syntax import xsd
from demotic.syntax.iso8601 import Date as IsoDate
from demotic.syntax.iso8601 import Time as IsoTime
from demotic.syntax.iso8601 import TimePoint
from demotic.syntax.xsd import Date, DateTime, Duration, IndeterminateOrder, LiteralFault, Month, MonthDay, Time, Year

HERE = Path(__file__).parent
ORDERS = json.loads((HERE / "orders.json").read_text(encoding="utf-8"))
SUMS = json.loads((HERE / "sums.json").read_text(encoding="utf-8"))
SIGNS = {"<": -1, "=": 0, ">": 1, "?": None}


@pytest.mark.spec("XSD-014")
@pytest.mark.feature("F-XSD-06")
@pytest.mark.parametrize("case", ORDERS, ids=lambda case: f"{case['left']} {case['order']} {case['right']}")
def test_values_are_ordered_as_far_as_they_are(case: dict) -> None:
    simple = xsd.BUILT_IN[case["type"]]
    left, right = simple.parse(case["left"]), simple.parse(case["right"])
    sign = SIGNS[case["order"]]
    assert simple.space is not None
    assert simple.space.compare is not None
    assert simple.space.compare(left, right) == sign
    assert simple.space.compare(right, left) == (None if sign is None else -sign)
    if isinstance(left, float):
        return
    if sign is None:
        with pytest.raises(IndeterminateOrder, match="in no order") as refusal:
            _ = left < right
        assert isinstance(refusal.value, TypeError)
    else:
        assert (left < right, left <= right, left > right, left >= right) == (sign < 0, sign <= 0, sign > 0, sign >= 0)
    if case["type"] != "duration":
        assert (left == right) == (sign == 0)
        assert sign != 0 or hash(left) == hash(right)


@pytest.mark.spec("XSD-014")
@pytest.mark.feature("F-XSD-06")
def test_values_of_two_types_are_neither_equal_nor_ordered() -> None:
    assert Date(2000, 1, 1) != DateTime(2000, 1, 1)
    assert Date(2000, 1, 1) != Date(2000, 1, 1, 0)
    assert len({Date(2000, 1, 1), DateTime(2000, 1, 1), Date(2000, 1, 1, 0), Date(2000, 1, 1)}) == 3
    with pytest.raises(TypeError, match="Date has no order with a DateTime"):
        _ = Date(2000, 1, 1) < DateTime(2000, 1, 1)
    with pytest.raises(TypeError):
        _ = Date(2000, 1, 1) < "2000-01-01"
    assert Duration(400 * 12) != Duration(0, Decimal(146097 * 86400))


@pytest.mark.spec("XSD-009")
@pytest.mark.feature("F-XSD-07")
@pytest.mark.parametrize("case", SUMS, ids=lambda case: f"{case['start']} + {case['add']}")
def test_durations_are_added(case: dict) -> None:
    simple = xsd.BUILT_IN[case["type"]]
    start, duration = simple.parse(case["start"]), xsd.duration.parse(case["add"])
    if "error" in case:
        with pytest.raises(InvalidInput, match=case["error"]):
            _ = start + duration
    else:
        assert simple.format(start + duration) == case["sum"]
        assert simple.format(start - -duration) == case["sum"]
    with pytest.raises(TypeError):
        _ = start + 1


@pytest.mark.spec("XSD-009")
@pytest.mark.feature("F-XSD-07")
def test_a_point_is_moved_to_utc() -> None:
    for text, moved in [
        ("2002-10-10T12:00:00-05:00", "2002-10-10T17:00:00Z"),
        ("2000-01-01T00:30:00.5+14:00", "1999-12-31T10:30:00.5Z"),
        ("2000-01-01T00:30:00", "2000-01-01T00:30:00"),
        ("0000-01-01T00:00:00+01:00", "-0001-12-31T23:00:00Z"),
    ]:
        point = xsd.dateTime.parse(text)
        assert xsd.dateTime.format(point.in_utc()) == moved
        assert point.in_utc() == point
    assert str(Time(1, 0, Decimal(0), 120).in_utc()) == "23:00:00Z"
    assert Date(2000, 1, 1, 0).in_utc() == Date(2000, 1, 1, 0)
    with pytest.raises(InvalidInput, match="moved by hours"):
        Date(2000, 1, 1, 60).in_utc()


@pytest.mark.spec("XSD-009")
@pytest.mark.feature("F-XSD-08")
def test_standard_values_are_exchanged() -> None:
    point = DateTime(2004, 4, 12, 13, 20, Decimal("30.123456"), -300)
    standard = datetime(2004, 4, 12, 13, 20, 30, 123456, timezone(timedelta(hours=-5)))
    assert point.to_datetime() == standard
    assert point.to_datetime().utcoffset() == timedelta(hours=-5)
    assert DateTime.from_datetime(standard) == point
    assert DateTime.from_datetime(datetime(2004, 1, 1)).timezone is None
    assert Time(13, 20, Decimal("0.5")).to_time() == time(13, 20, 0, 500_000)
    assert Time.from_time(time(13, 20, tzinfo=UTC)) == Time(13, 20, Decimal(0), 0)
    assert Date(2004, 4, 12).to_date() == date(2004, 4, 12)
    assert Date.from_date(date(2004, 4, 12)) == Date(2004, 4, 12)
    assert Duration(0, Decimal("-0.5")).to_timedelta() == timedelta(seconds=-0.5)


@pytest.mark.spec("XSD-009")
@pytest.mark.feature("F-XSD-08")
@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("2004-04-12T13:20:30.5-05:00", "2004-04-12T13:20:30.5-05:00"),
        ("20040412T132030,123456789Z", "2004-04-12T13:20:30.123456789Z"),
        ("2004-W16-1T13:20:30", "2004-04-12T13:20:30"),
        ("2004-02-29T24:00:00Z", "2004-03-01T00:00:00Z"),
        ("-0044-03-15T12:00:00", "-0044-03-15T12:00:00"),
        ("+12004-04-12T00:00:00+14:00", "12004-04-12T00:00:00+14:00"),
    ],
)
def test_points_of_iso_8601_are_exchanged(text: str, literal: str) -> None:
    point = TimePoint.parse(text)
    ours = DateTime.from_point(point)
    assert str(ours) == literal
    assert ours.to_point() == point
    assert xsd.dateTime.format(point) == literal  # type: ignore[arg-type]


@pytest.mark.spec("XSD-009")
@pytest.mark.feature("F-XSD-08")
@pytest.mark.parametrize(
    "point",
    [
        TimePoint.parse("2004-04-12T13:20"),
        TimePoint.parse("2016-12-31T23:59:60Z"),
        TimePoint(IsoDate(2004, 1, 1), IsoTime(0, 0, Fraction(1, 3))),
    ],
)
def test_points_that_are_no_datetime_are_refused(point: TimePoint) -> None:
    with pytest.raises(InvalidInput, match="is no dateTime"):
        DateTime.from_point(point)


@pytest.mark.feature("F-XSD-08")
@pytest.mark.parametrize(
    "convert",
    [
        lambda: DateTime(10000, 1, 1).to_datetime(),
        lambda: DateTime(0, 1, 1).to_datetime(),
        lambda: DateTime(2000, 1, 1, 0, 0, Decimal("0.0000001")).to_datetime(),
        lambda: Time(0, 0, Decimal("0.0000001")).to_time(),
        lambda: Date(2000, 1, 1, 0).to_date(),
        lambda: Date(-1, 1, 1).to_date(),
        lambda: Duration(1).to_timedelta(),
        lambda: Duration(0, Decimal("0.0000001")).to_timedelta(),
        lambda: Duration(0, Decimal(10**15)).to_timedelta(),
        lambda: DateTime.from_datetime(datetime(2000, 1, 1, tzinfo=timezone(timedelta(seconds=30)))),
    ],
)
def test_what_does_not_fit_a_standard_value_is_refused(convert: Any) -> None:
    with pytest.raises(InvalidInput):
        convert()


@pytest.mark.feature("F-XSD-06")
@pytest.mark.parametrize(
    "make",
    [
        lambda: DateTime(2000, 13, 1),
        lambda: DateTime(2001, 2, 29),
        lambda: DateTime(2000, 1, 1, 24),
        lambda: DateTime(2000, 1, 1, 0, 60),
        lambda: DateTime(2000, 1, 1, 0, 0, Decimal(60)),
        lambda: DateTime(2000, 1, 1, 0, 0, Decimal(-1)),
        lambda: DateTime(2000, 1, 1, timezone=841),
        lambda: DateTime(2000, 1, 1, 0, 0, Decimal("NaN")),
        lambda: MonthDay(2, 30),
        lambda: Month(0),
        lambda: Year(2000, -841),
        lambda: Duration(1, Decimal(-1)),
        lambda: Duration(0, Decimal("NaN")),
        lambda: Duration(0, Decimal("1e9999")),
        lambda: Duration(1.5),
        lambda: Duration(0, "x"),
        lambda: Month(1.5),
        lambda: Month("1"),
        lambda: Year(True),
        lambda: DateTime(2000, 1, 1, 0, 0, "x"),
        lambda: DateTime(2000, 1, 1, timezone=1.5),
    ],
)
def test_what_is_no_value_is_not_made(make: Any) -> None:
    with pytest.raises(InvalidInput):
        make()


@pytest.mark.feature("F-XSD-06")
@pytest.mark.parametrize(
    ("name", "text"), [("gYear", "1" * 5000), ("duration", f"P{'1' * 5000}Y"), ("duration", f"PT{'1' * 5000}S")]
)
def test_numbers_too_long_are_refused(name: str, text: str) -> None:
    with pytest.raises(LiteralFault, match="at most 4000 digits"):
        xsd.BUILT_IN[name].parse(text)


_stamps = st.datetimes(timezones=st.none() | st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]))


@pytest.mark.spec("XSD-009")
@given(_stamps, _stamps)
def test_points_are_ordered_as_those_of_python(left: datetime, right: datetime) -> None:
    ours = DateTime.from_datetime(left), DateTime.from_datetime(right)
    assert ours[0].to_datetime() == left
    if (left.tzinfo is None) == (right.tzinfo is None):
        assert (ours[0] < ours[1], ours[0] == ours[1]) == (left < right, left == right)


@given(_stamps, st.timedeltas(min_value=timedelta(days=-100_000), max_value=timedelta(days=100_000)))
def test_sums_are_those_of_python(start: datetime, delta: timedelta) -> None:
    try:
        expected = start + delta
    except OverflowError:
        return
    assert (DateTime.from_datetime(start) + Duration.from_timedelta(delta)).to_datetime() == expected
