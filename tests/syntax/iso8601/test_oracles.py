"""Other libraries read the same texts: where they agree with the standard, we agree with them."""

from calendar import isleap
from datetime import UTC, date, datetime

import pytest
from dateutil.parser import isoparse
from hypothesis import assume, given
from hypothesis import strategies as st
from metomi.isodatetime.data import Duration as OtherDuration
from metomi.isodatetime.data import TimePoint as OtherPoint
from metomi.isodatetime.dumpers import TimePointDumper
from metomi.isodatetime.parsers import DurationParser, TimePointParser

from demotic.syntax.iso8601 import Date, Duration, Precision, TimePoint

OTHER = TimePointParser(allow_truncated=True, num_expanded_year_digits=2)
OTHER_DURATION = DurationParser()
DUMPER = TimePointDumper(num_expanded_year_digits=2)
STAMPS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda value: value.replace(microsecond=0))
# Theirs for our forms; what it writes, we read, and the other way.
FORMS = {
    "YYYY-MM-DDThh:mm:ssZ": "CCYY-MM-DDThh:mm:ssZ",
    "YYYYMMDDThhmmssZ": "CCYYMMDDThhmmssZ",
    "YYYY-DDDThh:mm:ssZ": "CCYY-DDDThh:mm:ssZ",
    "YYYYDDDThhmmssZ": "CCYYDDDThhmmssZ",
    "YYYY-Www-DThh:mm:ssZ": "CCYY-Www-DThh:mm:ssZ",
    "YYYYWwwDThhmmssZ": "CCYYWwwDThhmmssZ",
    "±YYYYYY-MM-DDThh:mm:ssZ": "+XCCYY-MM-DDThh:mm:ssZ",
    "±YYYYYYMMDDThhmmssZ": "+XCCYYMMDDThhmmssZ",
    "±YYYYYY-Www-DThh:mm:ssZ": "+XCCYY-Www-DThh:mm:ssZ",
}


def _native(point: OtherPoint) -> datetime:
    point = point.to_utc().to_calendar_date()
    second = int(point.second_of_minute)
    micros = round((point.second_of_minute - second) * 1_000_000)
    return datetime(
        point.year,
        point.month_of_year,
        point.day_of_month,
        point.hour_of_day,
        point.minute_of_hour,
        second,
        micros,
        UTC,
    )


@pytest.mark.parametrize("form", FORMS)
@given(value=STAMPS)
def test_isodatetime_reads_what_we_write_and_writes_what_we_read(form: str, value: datetime) -> None:
    point = TimePoint.from_datetime(value.replace(tzinfo=UTC))
    text = point.format(form)
    assert _native(OTHER.parse(text)) == point.to_datetime()
    theirs = OTHER.parse(str(point))
    assert TimePoint.parse(DUMPER.dump(theirs, FORMS[form]), year_digits=6) == point


# Theirs looks for the year of YYDDD and YYWwwD before it knows how long that is, so day 366 and week 53 fail there.
TRUNCATED = ["YYMMDD", "YY-MM-DD", "--MMDD", "--MM-DD", "---DD", "-DDD", "-WwwD", "-Www-D", "-W-D"]


@pytest.mark.parametrize("form", TRUNCATED)
@given(value=st.dates(date(1970, 1, 1), date(2069, 1, 1)), base=st.dates(date(1970, 1, 1), date(2069, 1, 1)))
def test_isodatetime_finds_the_same_truncated_date(form: str, value: date, base: date) -> None:
    # From within a leap year, theirs goes a year too far to a first day.
    assume(not (form == "-DDD" and isleap(base.year) and (value.month, value.day) == (1, 1)))
    text = Date.from_date(value).format(form)
    theirs = OTHER.parse(f"{base}T00:00:00Z") + OTHER.parse(f"{text}T00Z")
    ours = Date.parse(text, Date.from_date(base))
    assert _native(theirs).date() == ours.to_date()


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_isodatetime_reads_the_same_durations(years: int, months: int, days: int, hours: int, seconds: int) -> None:
    value = Duration(years=years, months=months, days=days, hours=hours, seconds=seconds)
    theirs: OtherDuration = OTHER_DURATION.parse(str(value))
    assert (theirs.years, theirs.months, theirs.days, theirs.hours) == (years, months, days, hours)
    assert Duration.parse(str(theirs)) == value


@given(STAMPS, st.integers(-500, 500))
def test_isodatetime_adds_months_and_days_alike(value: datetime, months: int) -> None:
    if not 2 <= value.year + months // 12 <= 9998:
        return
    # Theirs goes month by month, and a 31st that has become a 28th stays one.
    point = TimePoint.from_datetime(value.replace(day=min(value.day, 28), tzinfo=UTC))
    sign = "-" if months < 0 else ""
    length = f"P{abs(months)}M"
    other = OTHER_DURATION.parse(length)
    theirs = OTHER.parse(str(point)) + (other if not sign else other * -1)
    assert _native(theirs) == (point + Duration.parse(f"{sign}{length}")).to_datetime()


DATEUTIL_FORMS = [
    "YYYY-MM-DDThh:mm:ss±hh:mm",
    "YYYYMMDDThhmmss±hhmm",
    "YYYY-DDDThh:mm:ss.ssssss±hh:mm",
    "YYYYWwwDThhmmss,ssssss±hh",
    "YYYY-Www-DThh:mm:ssZ",
    "YYYYDDDThhmmssZ",
]


@pytest.mark.parametrize("form", DATEUTIL_FORMS)
@given(value=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)))
def test_dateutil_reads_what_we_write(form: str, value: datetime) -> None:
    if "s,s" not in form and "s.s" not in form:
        value = value.replace(microsecond=0)
    point = TimePoint.from_datetime(value.replace(tzinfo=UTC))
    zoned = point.with_zone("+05:00") if "±hh" in form else point
    assert isoparse(zoned.format(form)) == zoned.to_datetime()
    assert TimePoint.parse(zoned.format(form)).to_datetime() == isoparse(zoned.format(form))


@pytest.mark.parametrize("text", ["1969-07-20T24:00:00Z", "19690720T2400", "1969-07-20T20:17", "1969-W29-7T20+01"])
def test_dateutil_fills_in_what_we_leave_open(text: str) -> None:
    point = TimePoint.parse(text)
    assert point.at(Precision.COMPLETE).to_datetime() == isoparse(text)
