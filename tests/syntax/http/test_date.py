"""HTTP dates: three forms in and out, two digits of a year, and what is no date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http import DAY_NAMES, MONTH_NAMES, DateForm, format_http_date, full_year, parse_http_date

from .http_cases import cases
from .http_values import INSTANTS


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@pytest.mark.spec("HTTP-079", "HTTP-087")
@pytest.mark.feature("F-HTTP-02")
@pytest.mark.parametrize("case", cases("dates.json", "means"))
def test_a_date_is_read(case: dict[str, Any]) -> None:
    assert parse_http_date(case["text"], now=instant(case.get("now"))) == instant(case["means"])


@pytest.mark.spec("HTTP-079")
@pytest.mark.parametrize("case", cases("dates.json", "form"))
def test_a_date_is_written_in_each_form(case: dict[str, Any]) -> None:
    assert format_http_date(datetime.fromisoformat(case["means"]), DateForm[case["form"]]) == case["text"]


@pytest.mark.feature("F-HTTP-02")
@pytest.mark.parametrize("case", cases("dates.json", "error"))
def test_what_is_no_date_is_told_by_place(case: dict[str, Any]) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse_http_date(case["text"])
    assert caught.value.position == case["error"]


def test_an_instant_is_written_in_utc_without_parts_of_a_second() -> None:
    at = datetime(1994, 11, 6, 9, 49, 37, 999_999, tzinfo=timezone(timedelta(hours=1)))
    assert format_http_date(at) == "Sun, 06 Nov 1994 08:49:37 GMT"
    with pytest.raises(InvalidInput):
        format_http_date(at.replace(tzinfo=None))
    with pytest.raises(InvalidInput, match="years"):
        format_http_date(at.replace(year=1, month=1, day=1, hour=0))


@pytest.mark.spec("HTTP-087")
def test_the_names_are_english_and_public() -> None:
    assert (DAY_NAMES[0], DAY_NAMES[6], MONTH_NAMES[0], MONTH_NAMES[11]) == ("Monday", "Sunday", "Jan", "Dec")
    assert (len(DAY_NAMES), len(MONTH_NAMES)) == (7, 12)


@given(INSTANTS)
def test_every_instant_survives_its_text(at: datetime) -> None:
    for form in (DateForm.IMF_FIXDATE, DateForm.ASCTIME):
        assert parse_http_date(format_http_date(at, form)) == at
    assert parse_http_date(format_http_date(at, DateForm.RFC850), now=at) == at


@given(st.integers(0, 99), st.integers(100, 9900))
def test_two_digits_mean_the_year_within_fifty_years_ahead(digits: int, now: int) -> None:
    year = full_year(digits, datetime(now, 1, 1, tzinfo=UTC))
    assert year % 100 == digits
    assert now - 50 < year <= now + 50
