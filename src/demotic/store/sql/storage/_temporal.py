"""How columns keep dates and times: text of one shape, or a count since 1970, or anything else.

A text shape is uniform: one separator, a fixed number of fractional digits, one way of writing UTC (text without a zone
is taken to be UTC). Its texts order like their values, and SQLite itself can tell whether one is well formed: a date
is, if SQLite's own printer gives it back unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from demotic.model import DATE, DATE_TIME_OFFSET, TIME_OF_DAY
from demotic.store.sql.storage._storage import Sql, Storage, Unfit, bytes_of, literal, quoted, rescued, through

_TEXT: Final = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)?(?P<separator>[T ])?(?P<time>\d\d:\d\d:\d\d)?(?P<fraction>\.\d{1,6})?"
    r"(?P<zone>Z|\+00:00)?",
    re.ASCII,
)
ZEROS: Final = str.maketrans("123456789", "000000000")
"""Makes each digit of a text a zero: what is left is its shape."""

# With a hyphen: beside a column of numeric affinity, SQLite would make a number of digits alone.
YEAR_ONE: Final = quoted("0001-")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST: Final = -62135596800
_MOST: Final = 253402300799


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a text: ``separator`` is empty where one of date and time is missing."""

    has_date: bool
    has_time: bool
    separator: str = ""
    digits: int = 0
    zone: str = ""

    @property
    def zeros(self) -> str:
        """The shape with each digit a zero."""
        fraction = f".{'0' * self.digits}" if self.digits else ""
        return f"{'0000-00-00' * self.has_date}{self.separator}{'00:00:00' * self.has_time}{fraction}{self.zone}"


def shape_of(text: str) -> Shape | None:
    """Return the shape of a text, or ``None`` if it has none of those that order like their values."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    day, separator, clock, fraction, zone = found.group("date", "separator", "time", "fraction", "zone")
    both = bool(day and clock)
    if bool(separator) != both or (fraction and not clock) or (zone and not both) or not (day or clock):
        return None
    return Shape(bool(day), bool(clock), separator or "", len(fraction or ".") - 1, zone or "")


@cache
def text_instants(shape: Shape, numbers: str = "") -> Storage:
    """Return the storage of instants kept as text of one shape, perhaps a date alone, which is its midnight.

    ``numbers`` says what a number means that comes after all.
    """
    cut = shape.zeros
    unit = 10 ** (6 - shape.digits)

    def encode(value: datetime) -> str:
        value = value.astimezone(UTC)
        if not shape.has_time:
            if (value.hour, value.minute, value.second, value.microsecond) != (0, 0, 0, 0):
                raise Unfit
            return value.date().isoformat()
        if value.microsecond % unit:
            raise Unfit
        text = value.replace(tzinfo=None).isoformat(shape.separator, "microseconds")
        return f"{text[: 20 + shape.digits if shape.digits else 19]}{shape.zone}"

    def decode(value: Any) -> datetime | None:
        if value.__class__ is not str or value.translate(ZEROS) != cut:
            return None
        try:
            if not shape.digits:
                return datetime.fromisoformat(value[:19]).replace(tzinfo=UTC)
            fraction = int(value[20 : 20 + shape.digits]) * unit
            return datetime.fromisoformat(value[:19]).replace(tzinfo=UTC, microsecond=fraction)
        except ValueError:
            return None

    day = f"%Y-%m-%d{shape.separator}"
    printed = {0: f"{day}%H:%M:%S{shape.zone}", 3: f"{day}%H:%M:%f{shape.zone}"} if shape.has_time else {0: "%Y-%m-%d"}
    guard = _printed(printed.get(shape.digits), shape, "demotic_instant", "")

    def plain(column: Any) -> Sql:
        date_part = sa.func.substr(column, literal("1"), literal("10"))
        if not shape.has_time:
            return date_part.op("||")(quoted("T00:00:00.000000Z"))
        time_part = sa.func.substr(column, literal("12"), literal(str(9 + shape.digits if shape.digits else 8)))
        rest = ("" if shape.digits else ".") + "0" * (6 - shape.digits) + "Z"
        return date_part.op("||")(quoted("T")).op("||")(time_part).op("||")(quoted(rest))

    mixed = any_instants(numbers)
    return Storage(
        DATE_TIME_OFFSET, "text", encode, decode, rescued(plain, guard, mixed), guard, shape=cut, mixed=mixed
    )


def _printed(form: str | None, shape: Shape, function: str, *arguments: str) -> Callable[[Any], Sql]:
    """Return the guard that SQLite's printer gives a text back unchanged; where it cannot, a reader decides."""
    pattern = quoted(shape.zeros.replace("0", "[0-9]"))

    def by_reader(column: Any) -> Sql:
        read = getattr(sa.func, function)(bytes_of(column), *(quoted(a) for a in arguments))
        return sa.and_(column.op("GLOB")(pattern), read.is_not(None))

    def by_printer(column: Any) -> Sql:
        printed = sa.func.strftime(quoted(form or ""), column, quoted("+0 days")) == column
        return sa.and_(printed, column >= YEAR_ONE) if shape.has_date else printed

    return by_reader if form is None else by_printer


@cache
def text_dates(shape: Shape, numbers: str = "") -> Storage:
    """Return the storage of dates kept as text: alone, or with a time, which must be midnight."""
    cut = shape.zeros
    tail = cut[10:]

    def encode(value: date) -> str:
        return f"{value.isoformat()}{tail}"

    def decode(value: Any) -> date | None:
        if value.__class__ is not str or value[10:] != tail or value.translate(ZEROS) != cut:
            return None
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None

    def guard(column: Any) -> Sql:
        printed = sa.func.strftime(quoted("%Y-%m-%d" + tail), column, quoted("+0 days"))
        return sa.and_(printed == column, column >= YEAR_ONE)

    def plain(column: Any) -> Sql:
        return sa.func.substr(column, literal("1"), literal("10"))

    mixed, kept = any_dates(numbers), None if tail else cut
    return Storage(DATE, "text", encode, decode, rescued(plain, guard, mixed), guard, shape=kept, mixed=mixed)


@cache
def text_times(shape: Shape) -> Storage:
    """Return the storage of times of day kept as text of one shape."""
    cut = shape.zeros
    unit = 10 ** (6 - shape.digits)

    def encode(value: time) -> str:
        if value.microsecond % unit:
            raise Unfit
        return value.isoformat("microseconds")[: 9 + shape.digits if shape.digits else 8]

    def decode(value: Any) -> time | None:
        if value.__class__ is not str or value.translate(ZEROS) != cut:
            return None
        try:
            return time.fromisoformat(value[:8]).replace(microsecond=int(value[9:] or 0) * unit)
        except ValueError:
            return None

    guard = _printed({0: "%H:%M:%S", 3: "%H:%M:%f"}.get(shape.digits), shape, "demotic_time")
    rest = ("" if shape.digits else ".") + "0" * (6 - shape.digits)

    def plain(column: Any) -> Sql:
        result: Sql = column.op("||")(quoted(rest))
        return result

    mixed = any_times()
    return Storage(TIME_OF_DAY, "text", encode, decode, rescued(plain, guard, mixed), guard, shape=cut, mixed=mixed)


_PER_SECOND: Final = {"seconds": 1, "milliseconds": 1000, "microseconds": 1_000_000}


@cache
def counted_instants(unit: str) -> Storage:
    """Return the storage of instants kept as whole ``seconds``, ``milliseconds`` or ``microseconds`` since 1970."""
    factor = _PER_SECOND[unit]
    step = timedelta(seconds=1) / factor
    mixed = any_instants(unit)

    def encode(value: datetime) -> int:
        count, rest = divmod(value - _EPOCH, step)
        if rest:
            raise Unfit
        return count

    def decode(value: Any) -> datetime | None:
        if value.__class__ is not int or not _LEAST * factor <= value < (_MOST + 1) * factor:
            return None
        return _EPOCH + value * step

    def guard(column: Any) -> Sql:
        low, high = literal(str(_LEAST * factor)), literal(str((_MOST + 1) * factor - 1))
        return sa.and_(sa.func.typeof(column) == quoted("integer"), column.between(low, high))

    def plain(column: Any) -> Sql:
        if factor == 1:
            return sa.func.strftime(quoted("%Y-%m-%dT%H:%M:%S.000000Z"), column, quoted("unixepoch"))
        return sa.func.demotic_instant(column, quoted(unit))

    return Storage(DATE_TIME_OFFSET, unit, encode, decode, rescued(plain, guard, mixed), guard, mixed=mixed)


def any_instants(numbers: str) -> Storage:
    """Return the storage of instants kept in several ways; ``numbers`` says what a number means, if anything."""
    return through(DATE_TIME_OFFSET, "demotic_instant", numbers)


def any_dates(numbers: str) -> Storage:
    """Return the storage of dates kept in several ways."""
    return through(DATE, "demotic_date", numbers)


def any_times() -> Storage:
    """Return the storage of times of day kept in several ways."""
    return through(TIME_OF_DAY, "demotic_time")
