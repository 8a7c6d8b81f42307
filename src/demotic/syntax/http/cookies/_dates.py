"""Dates as browsers read them in cookies (RFC 6265, section 5.1.1; the same in RFC 6265bis)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax.http._date import MONTH_NAMES, full_year
from demotic.syntax.http.cookies._characters import DATE_DELIMITERS

__all__ = ["date_pieces", "parse_cookie_date"]

_TOKENS: Final = re.compile(f"[^{re.escape(''.join(sorted(DATE_DELIMITERS)))}]+")
# Whatever follows the digits of a piece, as long as it begins with no digit, is passed over.
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])")
_DAY: Final = re.compile(r"([0-9]{1,2})(?![0-9])")
_YEAR: Final = re.compile(r"([0-9]{2,4})(?![0-9])")
_MONTHS: Final = {name.lower(): number for number, name in enumerate(MONTH_NAMES, 1)}
_FIRST_YEAR: Final = 1601


def date_pieces(text: str) -> tuple[int, int, int, int, int, int]:
    """Return year, month, day, hour, minute and second: the first piece of the text that each of them can be.

    The time is looked for first, then the day, the month and the year; a year of two digits is one from 1970 to 2069.
    What they are is not checked. Raises `SyntaxFault` naming what is missing.
    """
    found: dict[str, tuple[int, ...]] = {}
    for token in _TOKENS.findall(text):
        for kind, read in _READERS:
            if kind not in found and (value := read(token)) is not None:
                found[kind] = value
                break
    for kind, _ in _READERS:
        if kind not in found:
            raise SyntaxFault(f"a {kind}", text, len(text))
    return (*found["year"], *found["month"], *found["day"], *found["time"])  # type: ignore[return-value]


def _time(token: str) -> tuple[int, ...] | None:
    found = _TIME.match(token)
    return None if found is None else tuple(map(int, found.groups()))


def _day(token: str) -> tuple[int, ...] | None:
    found = _DAY.match(token)
    return None if found is None else (int(found[1]),)


def _month(token: str) -> tuple[int, ...] | None:
    month = _MONTHS.get(token[:3].lower())
    return None if month is None else (month,)


def _year(token: str) -> tuple[int, ...] | None:
    found = _YEAR.match(token)
    if found is None:
        return None
    year = int(found[1])
    return (full_year(year) if year < 100 else year,)


_READERS: Final = (("time", _time), ("day", _day), ("month", _month), ("year", _year))


def parse_cookie_date(text: str) -> datetime:
    """Read a date in whatever form a server wrote it. Raises `SyntaxFault` for pieces missing, or that are no date."""
    pieces = date_pieces(text)
    if pieces[0] < _FIRST_YEAR:
        raise SyntaxFault(f"a year from {_FIRST_YEAR}", text, 0)
    try:
        return datetime(*pieces, tzinfo=UTC)
    except ValueError as error:
        raise SyntaxFault("a day and time that exist", text, 0, hint=str(error)) from None
