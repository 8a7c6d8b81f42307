"""How MariaDB keeps values. The driver's readers (`_connection`) give native ones; what is none of ours is `Broken`.

A Boolean is a number, of which only 0 and 1 are values; an instant is in UTC; a duration is computed with as a number
of microseconds. Whole numbers meet doubles as decimals, so that those beyond 53 bits are not rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import floor, isfinite
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from demotic.model import (
    BINARY,
    BOOLEAN,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    DURATION,
    GUID,
    INTEGER_RANGES,
    PRIMITIVES,
    SINGLE,
    STRING,
    TIME_OF_DAY,
    PrimitiveType,
)
from demotic.store.sql._errors import NotInThisStore
from demotic.store.sql.statements._template import sql
from demotic.store.sql.storage._storage import Sql, SqlToSql, Storage, Unfit, identity, unchanged

MICROSECOND: Final = timedelta(microseconds=1)


def finite(value: float) -> float | None:
    """Return a double, ``None`` for NaN. Raises `NotInThisStore` for an infinity."""
    if value != value:
        return None
    if not isfinite(value):
        raise NotInThisStore("MariaDB has no infinite numbers", hint="compare with a finite one")
    return value


def exact_double(value: int) -> float:
    """Return the double that a whole number is. Raises `Unfit` if there is none."""
    result = float(value)
    if int(result) != value:
        raise Unfit
    return result


def beside_whole(value: float) -> Decimal | None:
    """Return a decimal that compares with whole numbers as a double does."""
    if value != value:
        return None
    if abs(value) >= 1e19:
        return Decimal("1e20").copy_sign(Decimal(1 if value > 0 else -1))
    below = floor(value)
    return Decimal(below) if below == value else Decimal(below) + Decimal("0.5")


def decimal_literal(value: Decimal) -> Decimal | None:
    """Return a decimal that MariaDB can read, ``None`` for NaN. Raises `NotInThisStore` for one of too many digits."""
    if value.is_nan():
        return None
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or len(digits) + max(exponent, 0) > 65 or -exponent > 38:
        raise NotInThisStore("MariaDB has no decimals of that many digits", hint="round it")
    return value


def instant_text(value: datetime) -> str:
    """Return an instant as MariaDB writes it."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def time_text(value: time) -> str:
    """Return a time of day as MariaDB writes it."""
    return value.isoformat("microseconds")


def microseconds(value: timedelta) -> int:
    """Return a duration as a number."""
    return value // MICROSECOND


def _is(*kinds: type) -> Callable[[Any], Any]:
    return lambda value: value if value.__class__ in kinds else None


def _duration(value: Any) -> timedelta | None:
    try:
        return None if value is None else int(value) * MICROSECOND
    except OverflowError:
        return None


def _guid(value: Any) -> UUID | None:
    try:
        return None if value is None else UUID(value)
    except (ValueError, AttributeError, TypeError):
        return None


def _decimal(value: Any) -> Decimal | None:
    """Return a decimal, which some functions give as a whole number."""
    return value if value is None or value.__class__ is Decimal else Decimal(value)


_FLAGS: Final = {0: False, 1: True}
_WHOLE: Final = [PRIMITIVES[name] for name in INTEGER_RANGES]
DECODE: Final[Mapping[PrimitiveType, Callable[[Any], Any]]] = {
    BOOLEAN: _FLAGS.get,
    DECIMAL: _decimal,
    DATE_TIME_OFFSET: _is(datetime),
    DATE: _is(date),
    TIME_OF_DAY: _is(time),
    DURATION: _duration,
    GUID: _guid,
}
ENCODE: Final[Mapping[PrimitiveType, Callable[[Any], Any]]] = {
    BOOLEAN: int,
    DECIMAL: decimal_literal,
    DOUBLE: finite,
    SINGLE: finite,
    DATE: date.isoformat,
    TIME_OF_DAY: time_text,
    DATE_TIME_OFFSET: instant_text,
    DURATION: microseconds,
    GUID: str,
}
CASTS: Final[Mapping[PrimitiveType, str]] = MappingProxyType(
    {
        DATE: "DATE",
        TIME_OF_DAY: "TIME(6)",
        DATE_TIME_OFFSET: "DATETIME(6)",
        DURATION: "DECIMAL(20,0)",
        STRING: "",
        BINARY: "",
        BOOLEAN: "",
        DECIMAL: "",
        DOUBLE: "DOUBLE",
        SINGLE: "DOUBLE",
        GUID: "",
        **dict.fromkeys(_WHOLE, ""),
    }
)
"""The types by which parameters are bound, where a literal would be something else."""


def storage(
    kind: PrimitiveType,
    name: str = "trusted",
    *,
    canonical: SqlToSql = identity,
    guard: SqlToSql | None = None,
    ordered: bool = True,
    through: bool = False,
    cast: str | None = None,
    encode: Callable[[Any], Any] | None = None,
    decode: Callable[[Any], Any] | None = None,
) -> Storage:
    """Return the storage of values of a type."""
    reads = decode or DECODE.get(kind, unchanged)
    return Storage(
        kind,
        name,
        encode or ENCODE.get(kind, unchanged),
        reads,
        canonical,
        guard,
        ordered=ordered,
        through=through,
        number=kind.numeric_rank > 0,
        cast=CASTS[kind] if cast is None else cast,
        raw=reads if through else None,
    )


CANONICAL: Final[Mapping[PrimitiveType, Storage]] = MappingProxyType(
    {kind: storage(kind, "canonical") for kind in CASTS}
)
"""The storage of computed values."""


def _is_flag(column: Any) -> Sql:
    result: Sql = column.in_([sa.literal_column("0"), sa.literal_column("1")])
    return result


def _between(low: str, high: str) -> SqlToSql:
    return lambda column: column.between(sa.literal_column(low), sa.literal_column(high))


def _where_between(low: str, high: str) -> SqlToSql:
    return lambda column: sql(f"CASE WHEN {{0}} BETWEEN {low} AND {high} THEN {{0}} END", column)


_DAYS: Final = "CAST('0001-01-01' AS DATE)", "CAST('9999-12-31' AS DATE)"
_INSTANTS: Final = "CAST('0001-01-01' AS DATETIME(6))", "CAST('9999-12-31 23:59:59.999999' AS DATETIME(6))"
_TIMES: Final = "CAST('00:00:00' AS TIME(6))", "CAST('23:59:59.999999' AS TIME(6))"

INTEGERS: Final[Mapping[PrimitiveType, Storage]] = {kind: storage(kind) for kind in _WHOLE}
FLAG: Final = storage(
    BOOLEAN, "canonical", canonical=lambda c: sql("CASE WHEN {0} IN (0, 1) THEN {0} END", c), guard=_is_flag
)
BIT_FLAG: Final = storage(BOOLEAN, "bit", canonical=lambda c: sql("{0} + 0", c), through=True, ordered=False)
BITS: Final = {kind: storage(kind, canonical=lambda c: sql("{0} + 0", c), through=True) for kind in _WHOLE}
DECIMALS: Final = storage(DECIMAL)
WIDE_INTEGERS: Final = storage(DECIMAL, "unsigned")
WIDE_BITS: Final = storage(DECIMAL, "unsigned", canonical=lambda c: sql("{0} + 0", c), through=True, ordered=False)
DOUBLES: Final = storage(DOUBLE)
SINGLES: Final = storage(SINGLE, canonical=lambda c: sql("CAST({0} AS DOUBLE)", c), through=True, ordered=False)
TEXT: Final = storage(STRING, "text")
AS_TEXT: Final = storage(STRING, canonical=lambda c: sql("CAST({0} AS CHAR)", c), ordered=False, through=True)
GEOMETRY: Final = storage(STRING, canonical=lambda c: sql("ST_AsText({0})", c), ordered=False, through=True)
BYTES: Final = storage(BINARY)
GUIDS: Final = storage(GUID, "guid", canonical=lambda c: sql("CAST({0} AS CHAR)", c), ordered=False, through=True)
DATES: Final = storage(DATE, canonical=_where_between(*_DAYS), guard=_between(*_DAYS))
TIMES: Final = storage(TIME_OF_DAY, "time", canonical=_where_between(*_TIMES), guard=_between(*_TIMES))
INSTANTS: Final = storage(DATE_TIME_OFFSET, canonical=_where_between(*_INSTANTS), guard=_between(*_INSTANTS))
