"""The case files, in both directions: text to value and form, and back in that form; and what is refused, where."""

import json
from fractions import Fraction
from itertools import islice
from pathlib import Path

import pytest

from demotic.errors import SyntaxFault
from demotic.syntax.iso8601 import Date, Duration, Interval, Recurrence, Time, TimePoint

CASES = {path.stem: json.loads(path.read_text("utf-8")) for path in Path(__file__).with_name("cases").glob("*.json")}


def cases(page: str, *lists: str) -> pytest.MarkDecorator:
    rows = [case for name in lists for case in CASES[page][name]]
    return pytest.mark.parametrize("case", rows, ids=[case["text"][:40] or "empty" for case in rows])


def options(case: dict) -> dict:
    return {name: case[name] for name in ("year_digits", "separators") if name in case}


def date_base(case: dict) -> Date | None:
    return Date.parse(case["base"]) if "base" in case else None


def time_base(case: dict) -> Time | None:
    return Time.parse(case["base"]) if "base" in case else None


@pytest.mark.spec("ISO-003", "ISO-004", "ISO-011", "ISO-012", "ISO-040")
@pytest.mark.feature("F-SYNTAX-ISO-01", "F-SYNTAX-ISO-02", "F-SYNTAX-ISO-03", "F-SYNTAX-ISO-04")
@cases("dates", "full", "truncated", "expanded")
def test_a_date_is_read_and_written_back_in_its_form(case: dict) -> None:
    value, form = Date.parse_with_format(case["text"], date_base(case), **options(case))
    assert (str(value), form) == (case["is"], case["form"])
    assert value == Date.parse(case["text"], date_base(case), **options(case))
    assert value.format(form).replace("+0000", "-0000") == case["text"].replace("+0000", "-0000")


@pytest.mark.spec("ISO-015", "ISO-016", "ISO-017", "ISO-019", "ISO-025")
@pytest.mark.feature("F-SYNTAX-ISO-01", "F-SYNTAX-ISO-02", "F-SYNTAX-ISO-03")
@cases("times", "full", "truncated")
def test_a_time_is_read_and_written_back_in_its_form(case: dict) -> None:
    value, days, form = Time.parse_with_format(case["text"], time_base(case))
    assert (str(value), days, form) == (case["is"], case.get("days", 0), case["form"])
    assert value == Time.parse(case["text"], time_base(case))
    assert value.format(form) == case["text"]


@pytest.mark.spec("ISO-030", "ISO-033", "ISO-034")
@pytest.mark.feature("F-SYNTAX-ISO-01", "F-SYNTAX-ISO-02", "F-SYNTAX-ISO-03")
@cases("points", "full", "more")
def test_a_point_is_read_and_written_back_in_its_form(case: dict) -> None:
    value, form = TimePoint.parse_with_format(case["text"], date_base(case), **options(case))
    assert (str(value), form) == (case["is"], case["form"])
    quick = TimePoint.parse(case["text"], date_base(case), **options(case))
    assert (quick, str(quick), repr(quick)) == (value, str(value), repr(value))
    assert value.format(form) == case["text"]


@pytest.mark.spec("ISO-039")
@pytest.mark.feature("F-SYNTAX-ISO-09")
@cases("durations", "good")
def test_a_duration_is_read_and_written_back(case: dict) -> None:
    value = Duration.parse(case["text"])
    assert str(value) == value.format() == case["is"]
    assert Duration.parse(case["is"]) == value
    assert (value.months_in_all, value.seconds_in_all) == (Fraction(case["months"]), Fraction(case["seconds"]))


@pytest.mark.spec("ISO-041")
@pytest.mark.feature("F-SYNTAX-ISO-10")
@cases("intervals", "good")
def test_an_interval_knows_its_ends_and_its_length(case: dict) -> None:
    value = Interval.parse(case["text"])
    assert str(value) == case["is"]
    assert (str(value.first), str(value.last), str(value.length)) == (case["first"], case["last"], case["length"])
    assert Interval.parse(case["is"]) == value


@pytest.mark.spec("ISO-041")
@pytest.mark.feature("F-SYNTAX-ISO-10")
@cases("intervals", "recurrences")
def test_a_recurrence_counts_from_its_first_interval(case: dict) -> None:
    value = Recurrence.parse(case["text"])
    assert str(value) == case["is"]
    assert Recurrence.parse(case["is"]) == value
    assert [str(interval.first) for interval in islice(value, 4)] == case["firsts"]


READERS = {
    "dates": ("refused", lambda case: Date.parse(case["text"], date_base(case))),
    "times": ("refused", lambda case: Time.parse(case["text"], time_base(case))),
    "points": ("refused", lambda case: TimePoint.parse(case["text"])),
    "durations": ("refused", lambda case: Duration.parse(case["text"])),
    "intervals": ("refused", lambda case: Interval.parse(case["text"])),
    "recurrences": ("refused_recurrences", lambda case: Recurrence.parse(case["text"])),
}
REFUSED = [
    pytest.param(read, case, id=f"{page} {case['text'][:40]}")
    for page, (name, read) in READERS.items()
    for case in CASES["intervals" if page == "recurrences" else page][name]
]


@pytest.mark.feature("F-SYNTAX-ISO-05")
@pytest.mark.parametrize(("read", "case"), REFUSED)
def test_what_is_refused_is_told_by_place_and_expectation(read, case: dict) -> None:
    with pytest.raises(SyntaxFault) as fault:
        read(case)
    assert (fault.value.position, fault.value.text) == (case["position"], case["text"])
    assert case["expected"] in fault.value.expected
