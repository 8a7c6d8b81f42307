"""The literals of dates and times (XSD 1.1 part 2, 3.3.7 to 3.3.14).

One line of `_LITERALS` has the parts of a type's literal; reading it and saying what is wrong with it go by that alone.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from demotic.errors import SyntaxFault
from demotic.syntax._calendar import date_of_day, day_of_date, days_in_month
from demotic.syntax._scanner import Scanner
from demotic.syntax.xsd.values._dates import Date, DateTime, Day, Month, MonthDay, Time, Year, YearMonth
from demotic.syntax.xsd.values._duration import read_whole
from demotic.syntax.xsd.values._moments import Moment
from demotic.syntax.xsd.values._space import ValueSpace

__all__ = ["MOMENTS"]

_Part = tuple[str, re.Pattern[str], str]


def _part(name: str, pattern: str, expected: str) -> _Part:
    return name, re.compile(pattern), expected


_YEAR: Final = _part(
    "year", r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})(?![0-9])", "a year of four digits, or more without leading zeros"
)
_MONTH: Final = _part("month", r"0[1-9]|1[0-2]", "a month from 01 to 12")
_DAY: Final = _part("day", r"0[1-9]|[12][0-9]|3[01]", "a day from 01 to 31")
_HOUR: Final = _part("hour", r"[01][0-9]|2[0-3]|24(?=:00:00(?:\.0+)?(?![0-9.]))", "an hour from 00 to 23, or 24:00:00")
_MINUTE: Final = _part("minute", r"[0-5][0-9]", "a minute from 00 to 59")
_SECOND: Final = _part(
    "second", r"[0-5][0-9](?:\.[0-9]+)?(?![0-9.])", "a second from 00 to 59, with or without a fraction"
)
_ZONE: Final = re.compile(r"Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)")
_TIME: Final = (_HOUR, ":", _MINUTE, ":", _SECOND)

_LITERALS: Final[dict[type[Moment], tuple[_Part | str, ...]]] = {
    DateTime: (_YEAR, "-", _MONTH, "-", _DAY, "T", *_TIME),
    Time: _TIME,
    Date: (_YEAR, "-", _MONTH, "-", _DAY),
    YearMonth: (_YEAR, "-", _MONTH),
    Year: (_YEAR,),
    MonthDay: ("--", _MONTH, "-", _DAY),
    Day: ("---", _DAY),
    Month: ("--", _MONTH),
}


def _whole(parts: tuple[_Part | str, ...]) -> re.Pattern[str]:
    texts = (part if isinstance(part, str) else f"(?P<{part[0]}>{part[1].pattern})" for part in parts)
    return re.compile(f"{''.join(texts)}(?P<zone>{_ZONE.pattern})?")


_WHOLE: Final = {kind: _whole(parts) for kind, parts in _LITERALS.items()}


def _parse(kind: type[Any], text: str) -> Any:
    found = _WHOLE[kind].fullmatch(text)
    if found is None:
        raise _fault(kind, text)
    parts: dict[str, Any] = found.groupdict()
    zone = parts.pop("zone")
    for name, part in parts.items():
        if name == "second":
            parts[name] = Decimal(part)
        else:
            parts[name] = read_whole(part, text, found.start(name)) if name == "year" else int(part)
    if parts.get("day", 0) > 28:
        _check_day(parts, text, found.start("day"))
    if parts.get("hour") == 24:
        _end_day(parts)
    return kind(**parts, timezone=_minutes(zone) if zone else None)


def _fault(kind: type[Moment], text: str) -> SyntaxFault:
    """Walk a refused text part by part, to say where it is wrong."""
    scanner = Scanner(text)
    for part in _LITERALS[kind]:
        if isinstance(part, str):
            scanner.expect(part)
        else:
            scanner.expect_match(part[1], part[2])
    zone = scanner.match(_ZONE)
    return scanner.fail("the end" if zone else "a zone from -14:00 to +14:00, 'Z' or the end")


def _check_day(parts: dict[str, Any], text: str, position: int) -> None:
    if "day" in parts and "month" in parts:
        last = days_in_month(parts.get("year", 1972), parts["month"])
        if parts["day"] > last:
            raise SyntaxFault(f"a day up to {last}, the last of that month", text, position)


def _end_day(parts: dict[str, Any]) -> None:
    """Turn 24:00:00 into the first moment of the next day, of the same day for a time alone."""
    parts["hour"] = 0
    if "day" in parts:
        following = day_of_date(parts["year"], parts["month"], parts["day"]) + 1
        parts["year"], parts["month"], parts["day"] = date_of_day(following)


def _minutes(zone: str) -> int:
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return -minutes if zone[0] == "-" else minutes


def _space(kind: type[Moment]) -> ValueSpace[Any]:
    return ValueSpace(
        kind.datatype,
        lambda text, _: _parse(kind, text),
        str,
        lambda value: type(value) is kind,
        adopt=lambda value: _adopted(kind, value),
        compare=lambda left, right: left.compare(right),
        has_timezone=True,
    )


def _adopted(kind: type[Moment], value: Any) -> Moment:
    """Take the standard library's values for those of the same meaning."""
    if kind is DateTime and isinstance(value, datetime):
        return DateTime.from_datetime(value)
    if kind is Time and isinstance(value, time):
        return Time.from_time(value)
    if kind is Date and isinstance(value, date) and not isinstance(value, datetime):
        return Date.from_date(value)
    if kind is DateTime:
        from demotic.syntax.iso8601 import TimePoint  # few who read XML need it

        if isinstance(value, TimePoint):
            return DateTime.from_point(value)
    raise TypeError(f"it is no {kind.datatype}")


MOMENTS: Final[dict[str, ValueSpace[Any]]] = {kind.datatype: _space(kind) for kind in _LITERALS}
"""The value spaces of dates and times, by the names of their types."""
