"""How PostgreSQL keeps values: as what they are, so that nearly every column is compared as it stands.

What it has beyond our types is no value: NaN, dates of before the year 1 and after 9999, intervals of months.
Durations are computed with as numbers of microseconds. `real` is read and compared as the double that it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

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
from demotic.store.sql.statements._template import sql
from demotic.store.sql.storage._storage import Sql, SqlToSql, Storage, Unfit, identity, unchanged

MICROSECOND: Final = timedelta(microseconds=1)


def without_nan(value: Any) -> Any:
    """Return a number, ``None`` for NaN, which equals nothing."""
    return value if value == value else None


def decimal_of(value: float) -> Decimal | None:
    """Return the very decimal that a double stands for."""
    return Decimal(value) if value == value else None


def exact_double(value: int) -> float:
    """Return the double that a whole number is. Raises `Unfit` if there is none."""
    result = float(value)
    if int(result) != value:
        raise Unfit
    return result


def microseconds(value: timedelta) -> int:
    """Return a duration as a number."""
    return value // MICROSECOND


def _instant(value: Any) -> datetime | None:
    if value.__class__ is not datetime:
        return None
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def _day(value: Any) -> date | None:
    return value if value.__class__ is date else None


def _finite(value: Any) -> Any:
    return value if value is None or value == value else None


def _duration(value: Any) -> timedelta | None:
    try:
        return None if value is None else int(value) * MICROSECOND
    except OverflowError:
        return None


_DECODE: Final[Mapping[PrimitiveType, Callable[[Any], Any]]] = {
    DATE_TIME_OFFSET: _instant,
    DATE: _day,
    DOUBLE: _finite,
    SINGLE: _finite,
    DECIMAL: _finite,
    DURATION: _duration,
}
CASTS: Final[Mapping[PrimitiveType, str]] = MappingProxyType(
    {
        STRING: "text",
        BINARY: "bytea",
        BOOLEAN: "bool",
        DECIMAL: "numeric",
        DOUBLE: "float8",
        SINGLE: "float8",
        DATE: "date",
        TIME_OF_DAY: "time",
        DATE_TIME_OFFSET: "timestamptz",
        DURATION: "numeric",
        GUID: "uuid",
        **{PRIMITIVES[name]: "int8" for name in INTEGER_RANGES},
    }
)
"""The type of canonical values, by which parameters are bound."""

ENCODERS: Final[Mapping[PrimitiveType, Callable[[Any], Any]]] = {
    BOOLEAN: bool,
    DECIMAL: without_nan,
    DOUBLE: without_nan,
    SINGLE: without_nan,
    DURATION: microseconds,
}


def between(low: str, high: str) -> SqlToSql:
    """Return the guard that a value lies between two constants."""
    return lambda column: column.between(sa.literal_column(low), sa.literal_column(high))


def storage(
    kind: PrimitiveType,
    name: str = "trusted",
    *,
    canonical: SqlToSql = identity,
    encode: Callable[[Any], Any] | None = None,
    decode: Callable[[Any], Any] | None = None,
    guard: SqlToSql | None = None,
    ordered: bool = True,
    through: bool = False,
    cast: str | None = None,
    write: Callable[[Any], Any] | None = None,
) -> Storage:
    """Return the storage of values of a type."""
    return Storage(
        kind,
        name,
        encode or ENCODERS.get(kind, unchanged),
        decode or _DECODE.get(kind, unchanged),
        canonical,
        guard,
        ordered=ordered,
        through=through,
        number=kind.numeric_rank > 0,
        cast=CASTS[kind] if cast is None else cast,
        raw=decode or _DECODE.get(kind, unchanged) if through else None,
        write=write,
    )


CANONICAL: Final[Mapping[PrimitiveType, Storage]] = MappingProxyType(
    {kind: storage(kind, "canonical") for kind in CASTS}
)
"""The storage of computed values."""

_IS_NUMBER: Final = between("'-Infinity'::float8", "'Infinity'::float8")


def _is_decimal(column: Any) -> Sql:
    result: Sql = column != sa.literal_column("'NaN'::numeric")
    return result


def _text(column: Any) -> Sql:
    return sql("{0}::text", column)


def _as_instant(column: Any) -> Sql:
    return sql("{0} AT TIME ZONE 'UTC'", column)


def _as_double(column: Any) -> Sql:
    return sql("nullif({0}::float8, 'NaN')", column)


def _as_microseconds(column: Any) -> Sql:
    whole = "(extract(epoch FROM {0}) * 1000000)::numeric"
    return sql(f"CASE WHEN extract(year FROM {{0}}) = 0 AND extract(month FROM {{0}}) = 0 THEN {whole} END", column)


def _without_zone(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None)


def _unpadded(value: str) -> str:
    if value.endswith(" "):  # which a padded column takes for the same as none
        raise Unfit
    return value


INTEGERS: Final[Mapping[PrimitiveType, Storage]] = {
    PRIMITIVES[name]: storage(PRIMITIVES[name]) for name in INTEGER_RANGES
}
BOOLEAN_COLUMN: Final = storage(BOOLEAN)
NUMERIC: Final = storage(DECIMAL, canonical=lambda c: sql("nullif({0}, 'NaN')", c), guard=_is_decimal)
FLOAT8: Final = storage(DOUBLE, canonical=_as_double, guard=_IS_NUMBER)
FLOAT4: Final = storage(SINGLE, canonical=_as_double, ordered=False, through=True)
TEXT: Final = storage(STRING, "text")
PADDED: Final = storage(
    STRING, "padded", canonical=_text, encode=_unpadded, through=True, cast="bpchar", write=unchanged
)
AS_TEXT: Final = storage(STRING, canonical=_text, ordered=False, through=True)
BYTES: Final = storage(BINARY)
UUIDS: Final = storage(GUID)
_DAYS: Final = between("'0001-01-01'::date", "'9999-12-31'::date")
DATES: Final = storage(
    DATE, canonical=lambda c: sql("CASE WHEN {0} BETWEEN '0001-01-01' AND '9999-12-31' THEN {0} END", c), guard=_DAYS
)
TIMES: Final = storage(TIME_OF_DAY)
_RANGE: Final = "'0001-01-01 00:00:00+00'::timestamptz", "'9999-12-31 23:59:59.999999+00'::timestamptz"
_LOCAL: Final = "'0001-01-01 00:00:00'::timestamp", "'9999-12-31 23:59:59.999999'::timestamp"
ZONED: Final = storage(
    DATE_TIME_OFFSET,
    canonical=lambda c: sql(f"CASE WHEN {{0}} BETWEEN {_RANGE[0]} AND {_RANGE[1]} THEN {{0}} END", c),
    guard=between(*_RANGE),
)
LOCAL: Final = storage(
    DATE_TIME_OFFSET,
    canonical=_as_instant,
    encode=_without_zone,
    guard=between(*_LOCAL),
    through=True,
    cast="timestamp",
)
INTERVALS: Final = storage(
    DURATION, "interval", canonical=_as_microseconds, ordered=False, through=True, write=unchanged
)


def array(item: Storage, cast: str) -> Storage:
    """Return the storage of a list of values; lists in it are none."""

    def decode(value: Any) -> Any:
        if value is None or any(isinstance(one, list) for one in value):
            return None
        return [None if one is None else item.decode(one) for one in value]

    return Storage(item.type, "trusted", unchanged, decode, identity, ordered=False, cast=cast, item=item)
