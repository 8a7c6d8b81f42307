"""Dates as HTTP writes them (RFC 9110, section 5.6.7): three forms to read, the first of them to write.

A date is an ordinary `datetime` in UTC. The names of days and months are English wherever the program runs.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault

__all__ = ["DAY_NAMES", "MONTH_NAMES", "DateForm", "format_http_date", "full_year", "parse_http_date"]

DAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""The days of the week, Monday first as `datetime.weekday` counts; the short form is the first three letters."""

MONTH_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""The months as HTTP writes them, January first."""

_MONTHS: Final = {name: number for number, name in enumerate(MONTH_NAMES, 1)}
_SHORT_DAYS: Final = tuple(name[:3] for name in DAY_NAMES)
_TIME: Final = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_MONTH: Final = rf"(?P<month>{'|'.join(MONTH_NAMES)})"
_DATE: Final = re.compile(
    rf"(?:{'|'.join(_SHORT_DAYS)}), (?P<day>[0-9]{{2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT"
)
_OLD_DATES: Final = (
    re.compile(rf"(?:{'|'.join(DAY_NAMES)}), (?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT"),
    re.compile(rf"(?:{'|'.join(_SHORT_DAYS)}) {_MONTH} (?P<day>[0-9]{{2}}| [0-9]) {_TIME} (?P<year>[0-9]{{4}})"),
)


class DateForm(Enum):
    """The three forms, named as section 5.6.7 does; only the first is to be written today."""

    IMF_FIXDATE = "IMF-fixdate"
    RFC850 = "rfc850-date"
    ASCTIME = "asctime-date"


def parse_http_date(text: str, *, now: datetime | None = None) -> datetime:
    """Read a date in any of the three forms.

    Two digits of a year mean the one within fifty years of `now`, as the section asks; without `now`, 1970 to 2069. The
    day of the week must be a day's name, but is not compared with the date: senders that get it wrong mean the date.
    A leap second is the second that follows it. Raises `SyntaxFault` for any other form, and for days that are not.
    """
    found = _DATE.fullmatch(text) or next(filter(None, (form.fullmatch(text) for form in _OLD_DATES)), None)
    if found is None:
        raise SyntaxFault("a date such as Sun, 06 Nov 1994 08:49:37 GMT", text, 0)
    year = found["year"]
    try:
        return _instant(int(year), found) if len(year) == 4 else _instant(full_year(int(year), now), found)
    except (ValueError, OverflowError) as error:
        raise SyntaxFault("a day and time that exist", text, found.start("day"), hint=str(error)) from None


def _instant(year: int, found: re.Match[str]) -> datetime:
    second = int(found["second"])
    leap = timedelta(seconds=1 if second == 60 else 0)
    month, day = _MONTHS[found["month"]], int(found["day"])
    moment = datetime(year, month, day, int(found["hour"]), int(found["minute"]), min(second, 59 + (second > 60)))
    return moment.replace(tzinfo=UTC) + leap


def full_year(two_digits: int, now: datetime | None = None) -> int:
    """Return the year that two digits mean: the last one that is no more than fifty years after `now`.

    Without `now` the rule is that of cookies (RFC 6265, section 5.1.1): 70 to 99 are in the last century.
    """
    if now is None:
        return two_digits + (1900 if two_digits >= 70 else 2000)
    year = now.year - now.year % 100 + two_digits
    while year > now.year + 50:
        year -= 100
    while year + 100 <= now.year + 50:
        year += 100
    return year


def format_http_date(value: datetime, form: DateForm = DateForm.IMF_FIXDATE) -> str:
    """Write an instant; parts of a second are cut off.

    Raises `InvalidInput` for one without a zone, and for one that in UTC is outside the years 1 to 9999.
    """
    if value.tzinfo is None:
        raise InvalidInput(f"{value} has no zone", hint="HTTP dates are in UTC: give an aware datetime")
    try:
        at = value.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(f"{value} is outside the years 1 to 9999 in UTC") from None
    month, time, weekday = MONTH_NAMES[at.month - 1], f"{at:%H:%M:%S}", DAY_NAMES[at.weekday()]
    if form is DateForm.IMF_FIXDATE:
        return f"{weekday[:3]}, {at.day:02} {month} {at.year:04} {time} GMT"
    if form is DateForm.RFC850:
        return f"{weekday}, {at.day:02}-{month}-{at.year % 100:02} {time} GMT"
    return f"{weekday[:3]} {month} {at.day:2} {time} {at.year:04}"
