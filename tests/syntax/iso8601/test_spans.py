"""What durations, intervals and recurrences are made of, refuse, and how they calculate."""

import copy
import pickle
from fractions import Fraction
from itertools import islice

import pytest

from demotic.syntax.iso8601 import (
    Date,
    DateTimeFault,
    Duration,
    Interval,
    Recurrence,
    TimePoint,
    UndefinedDateTime,
)

P = Duration.parse


@pytest.mark.spec("ISO-039")
@pytest.mark.feature("F-SYNTAX-ISO-09")
def test_a_duration_keeps_its_parts() -> None:
    value = Duration(years=1, months=2, hours="1.5", negative=True)
    parts = [value.part(name) for name in ("years", "months", "weeks", "days", "hours", "minutes")]
    assert parts == [1, 2, None, None, Fraction(3, 2), None]
    assert (str(value), value.negative, str(abs(value)), str(+value)) == ("-P1Y2MT1.5H", True, "P1Y2MT1.5H", str(value))
    assert (bool(Duration()), bool(value), str(Duration())) == (False, True, "PT0S")
    with pytest.raises(AttributeError, match="a Duration does not change"):
        value.negative = False
    for each in (value, Duration(weeks=2), Duration(seconds=Fraction(1, 3)), Duration(days=1, seconds=Fraction(1, 3))):
        for twin in (copy.deepcopy(each), pickle.loads(pickle.dumps(each)), eval(repr(each))):
            assert (twin, hash(twin), str(twin)) == (each, hash(each), str(each))


@pytest.mark.spec("ISO-039")
@pytest.mark.feature("F-SYNTAX-ISO-09")
@pytest.mark.parametrize(
    ("value", "choices", "text"),
    [
        ("P1Y2M3DT4H5M6S", {"alternative": True}, "P0001-02-03T04:05:06"),
        ("P1Y2M3DT4H5M6.5S", {"alternative": True, "extended": False, "mark": ","}, "P00010203T040506,5"),
        ("PT1.5S", {"decimals": 3}, "PT1.500S"),
        ("PT1.25H", {"decimals": 1, "mark": ","}, "PT1,3H"),
        ("P2W", {}, "P2W"),
    ],
)
def test_a_duration_is_written_as_chosen(value: str, choices: dict, text: str) -> None:
    assert P(value).format(**choices) == text


@pytest.mark.spec("ISO-039")
@pytest.mark.feature("F-SYNTAX-ISO-09")
def test_durations_are_ordered_where_every_calendar_would() -> None:
    assert P("P1Y") == P("P12M")
    assert P("P1W") == P("P7D") == P("PT168H")
    assert P("P1M") != P("P30D")
    assert P("-P1D") < Duration() < P("PT0.1S") < P("P1D") < P("P27D") < P("P1M") < P("P32D") < P("P1Y")
    assert P("P1M") <= P("P1M")
    assert P("P5M") > P("P149D")
    assert P("P1Y") >= P("P364D")
    for days in (28, 29, 30, 31):
        for compare in (Duration.__lt__, Duration.__le__, Duration.__gt__, Duration.__ge__):
            with pytest.raises(UndefinedDateTime, match="depends on the months meant"):
                compare(P("P1M"), P(f"P{days}D"))
    with pytest.raises(TypeError):
        P("P1M") < 30  # noqa: B015


@pytest.mark.feature("F-SYNTAX-ISO-09")
def test_durations_are_added_and_multiplied() -> None:
    assert str(P("PT45M") * 2) == str(2 * P("PT45M")) == "PT1H30M"
    assert str(P("P1M") + P("P11M")) == "P1Y"
    assert str(P("P1D") - P("PT36H")) == "-PT12H"
    assert str(P("P0.5Y") + P("P1M")) == "P7M"


@pytest.mark.parametrize(
    "calculate",
    [
        lambda: P("P1M") - P("P1D"),
        lambda: P("P0.1Y") * 1,
        lambda: P("P0.1Y") < P("P1Y"),
        lambda: P("P1M") * 0.5,
        lambda: P("P1M") + 1,
        lambda: P("P1M") - 1,
    ],
)
def test_what_has_no_answer_is_refused(calculate) -> None:
    with pytest.raises(TypeError):
        calculate()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Duration(years=-1),
        lambda: Duration(years=True),
        lambda: Duration(fortnights=1),
        lambda: Duration(weeks=1, days=1),
        lambda: Duration(hours="1.5", minutes=1),
        lambda: Duration(seconds=float("nan")),
        lambda: Duration(months=10**1001),
        lambda: Duration.of_totals(1.5),
        lambda: Duration().part("fortnights"),
        lambda: Duration(seconds=Fraction(1, 3)).format(),
        lambda: P("P1W").format(alternative=True),
        lambda: P("-P1D").format(alternative=True),
        lambda: P("P12M").format(alternative=True),
        lambda: P("PT1.5H").format(alternative=True),
        lambda: Interval(),
        lambda: Interval(Date(), Date(), Duration()),
        lambda: Interval(1, 2),
        lambda: Interval("2024-01-01", None, Duration(days=1)),
        lambda: Interval(Date(), None, P("-P1D")),
        lambda: Recurrence("2024-01-01/P1D"),
        lambda: Recurrence(Interval(Date(), None, Duration(days=1)), -1),
        lambda: Recurrence(Interval(Date(), None, Duration(days=1)), 1.5),
    ],
)
def test_what_no_duration_or_interval_has_is_refused(make) -> None:
    with pytest.raises(DateTimeFault):
        make()


@pytest.mark.spec("ISO-041")
@pytest.mark.feature("F-SYNTAX-ISO-10")
def test_an_interval_contains_what_lies_between_its_ends() -> None:
    days = Interval.parse("2024-01-30/2024-02-02")
    assert [Date(2024, 1, 29) in days, Date(2024, 1, 30) in days, Date(2024, 2, 2) in days] == [False, True, True]
    hours = Interval.parse("2024-01-01T09:00Z/PT8H")
    moments = ("2024-01-01T08:59Z", "2024-01-01T10:00+01:00", "2024-01-01T16:59Z", "2024-01-01T17:00Z")
    assert [TimePoint.parse(text) in hours for text in moments] == [False, True, True, False]


@pytest.mark.spec("ISO-041")
@pytest.mark.parametrize(
    "make",
    [
        lambda: Interval(Date(2024, 1, 2), Date(2024, 1, 1)),
        lambda: Interval(Date(2024, 1, 2), TimePoint()),
        lambda: Interval(Date(2024, 1), Date(2024, 1, 2)),
        lambda: Interval.parse("2024-01-01T00:00Z/P1D").__contains__(Date(2024, 1, 1)),
        lambda: Interval.parse("2024-01-01/PT1H").last,
        lambda: next(iter(Recurrence.parse("R/2024-01-01/P0D"))),
    ],
)
def test_ends_that_have_no_order_make_no_interval(make) -> None:
    with pytest.raises(UndefinedDateTime):
        make()


@pytest.mark.spec("ISO-041")
def test_a_recurrence_without_end_goes_on() -> None:
    weeks = Recurrence.parse("R/2024-W01-1/P1W")
    assert [interval.first.weekday for interval in islice(weeks, 100)] == [1] * 100
    assert weeks.count is None
