"""How a column keeps the values of its type: reading, binding and comparing them.

A `Storage` is what everything else in this package asks about a column. Where values of the type have one form in the
column, and those forms order like the values, comparisons are made on the column as it stands, so that its indexes are
used; a *guard* keeps out what is no value of the type. Otherwise the column is read through its *canonical* form (see
`_registered`). Either way the answer is the same as if the values had been read first and compared afterwards.

A value that does not fit the type (text among numbers, an Int16 of 70,000, the 30th of February) is null, everywhere.
A value that fits the type but not the one form of its column (written there after the store was opened) is read as the
*mixed* storage reads it: it is never null, and computed with, but comparisons on the column as it stands pass it over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from demotic.model import (
    BINARY,
    BOOLEAN,
    DECIMAL,
    DOUBLE,
    DURATION,
    GUID,
    INT64,
    INTEGER_RANGES,
    PRIMITIVES,
    SINGLE,
    STRING,
    PrimitiveType,
)
from demotic.store.sql.storage import _registered as registered

Sql: TypeAlias = sa.ColumnElement[Any]
SqlToSql: TypeAlias = Callable[[Any], Sql]


class Unfit(Exception):
    """A parameter has no exact form in the column that it is compared with; compare canonical forms instead."""


class Broken(bytes):
    """Text that is no UTF-8, as its bytes: it does not fit as text, but it is a value and has a place in an order."""


@dataclass(frozen=True, slots=True, eq=False)
class Storage:
    """One way of keeping the values of a type.

    ``encode`` gives the form of a native value, or raises `Unfit`. ``decode`` gives the native value of what was
    selected, or ``None``. ``canonical`` gives the canonical form of a column, null where it holds no such value.
    ``ordered`` says whether the column may be compared as it stands, where ``guard`` (``None``: nothing to keep out)
    holds. ``through`` says that the canonical form is what is selected. ``number`` marks those that keep SQLite
    numbers, which compare with each other whatever their types. ``shape`` is how a text looks when each digit is a
    zero. ``mixed`` is the storage that reads what is in another form than this one. ``raw`` gives the native value of
    what a column itself holds where ``through`` selects something else. ``cast`` is the database type by which a
    parameter is bound, where that has to be told. ``write`` gives the form in which a value is written, where that is
    not the one that it is compared in. ``item`` is how a list that the database has as such keeps each of its values.
    """

    type: PrimitiveType
    name: str
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]
    canonical: SqlToSql
    guard: SqlToSql | None = None
    guard_equality: bool = False
    ordered: bool = True
    through: bool = False
    number: bool = False
    shape: str | None = None
    mixed: Storage | None = None
    raw: Callable[[Any], Any] | None = None
    cast: str = ""
    write: Callable[[Any], Any] | None = None
    item: Storage | None = None

    def read(self, value: Any) -> Any:
        """Return the native value of what was selected, whatever its form; ``None`` where it is no such value."""
        found = self.decode(value)
        if found is None and value is not None and self.mixed is not None and self.mixed.raw is not None:
            return self.mixed.raw(value)
        return found

    def selected(self, column: Sql) -> Sql:
        """Return what to select for a column."""
        return self.canonical(column) if self.through else column


def unchanged(value: Any) -> Any:
    """Return a value that the database takes as it is."""
    return value


def identity(column: Any) -> Sql:
    """The column itself is its canonical form."""
    result: Sql = column
    return result


def where(guard: SqlToSql) -> SqlToSql:
    """Return the canonical form that is the column itself where the guard holds."""
    return lambda column: sa.case((guard(column), column))


def literal(text: str) -> Sql:
    """Return a constant of ours (never of a caller's) as SQL text."""
    return sa.literal_column(text)


def quoted(text: str) -> Sql:
    """Return a text of ours as an SQL literal."""
    return sa.literal_column("'" + text.replace("'", "''") + "'", sa.String)


def rescued(plain: SqlToSql, guard: SqlToSql, mixed: Storage) -> SqlToSql:
    """Return the canonical form that is ``plain`` where the guard holds, and is read by ``mixed`` elsewhere."""
    return lambda column: sa.case((guard(column), plain(column)), (column.is_not(None), mixed.canonical(column)))


def type_is(*names: str) -> SqlToSql:
    """Return the guard that a stored value has one of these SQLite storage classes."""
    if len(names) == 1:
        return lambda column: sa.func.typeof(column) == quoted(names[0])
    return lambda column: sa.func.typeof(column).in_([quoted(name) for name in names])


def bytes_of(column: Any) -> Sql:
    """Return a column so that a registered function can take it, even if its text is broken UTF-8."""
    return sa.case(
        (sa.func.typeof(column) == quoted("text"), sa.cast(column, sa.BLOB)),
        else_=column,
    )


# --- numbers


def encode_number(value: Any) -> Any:
    """Return a number as SQLite keeps it. Raises `Unfit` for a decimal that no 64-bit integer or double stands for."""
    if not isinstance(value, Decimal):
        return value
    if value.is_finite() and value == value.to_integral_value() and abs(value) < 2**63:
        return int(value)
    approximate = float(value)
    if value.is_finite() and registered.exact_decimal(approximate) != value:
        raise Unfit
    return approximate


@cache
def integer(kind: PrimitiveType) -> Storage:
    """Return the storage of an integer type: SQLite integers within its range."""
    low, high = INTEGER_RANGES[kind.name]
    is_integer = type_is("integer")

    def decode(value: Any) -> Any:
        return value if value.__class__ is int and low <= value <= high else None

    if kind is INT64:
        return Storage(kind, "integer", encode_number, decode, where(is_integer), is_integer, number=True)

    def guard(column: Any) -> Sql:
        return sa.and_(is_integer(column), column.between(literal(str(low)), literal(str(high))))

    return Storage(kind, "integer", encode_number, decode, where(guard), guard, guard_equality=True, number=True)


def trusted(storage: Storage) -> Storage:
    """Return a storage for a column that can hold nothing else (a rowid)."""
    return Storage(storage.type, "trusted", storage.encode, storage.decode, identity, number=storage.number)


def _decode_double(value: Any) -> float | None:
    return float(value) if value.__class__ in (float, int) else None


def _decode_decimal(value: Any) -> Decimal | None:
    if value.__class__ is int:
        return Decimal(value)
    return registered.exact_decimal(value) if value.__class__ is float else None


_IS_NUMBER: Final = type_is("integer", "real")


def _is_finite(column: Any) -> Sql:
    # The plus sign keeps the planner from taking an index for a condition that holds for nearly every row.
    plain: UnaryExpression[Any] = UnaryExpression(column, operator=custom_op("+"))
    return plain.between(literal("-1.7976931348623157e308"), literal("1.7976931348623157e308"))


def _as_double(column: Any) -> Sql:
    return sa.case((_IS_NUMBER(column), sa.cast(column, sa.REAL)))


DOUBLE_NUMBER: Final = Storage(DOUBLE, "number", encode_number, _decode_double, _as_double, _IS_NUMBER, number=True)
SINGLE_NUMBER: Final = Storage(SINGLE, "number", encode_number, _decode_double, _as_double, _IS_NUMBER, number=True)

# --- canonical forms of their own


def _encode(kind: PrimitiveType) -> Callable[[Any], Any]:
    return registered.WRITERS[kind]


def _decode(kind: PrimitiveType) -> Callable[[Any], Any]:
    read = registered.READERS[kind]
    return lambda value: None if value is None else read(value)


def _is_number(kind: PrimitiveType) -> bool:
    """Whether computed values of a type are SQLite numbers, and compare with those of other types."""
    return kind.numeric_rank > 0 and kind is not DECIMAL


CANONICAL: Final[dict[PrimitiveType, Storage]] = {
    kind: Storage(
        kind,
        "canonical",
        encode_number if _is_number(kind) else _encode(kind),
        _decode(kind),
        identity,
        number=_is_number(kind),
    )
    for kind in PRIMITIVES.values()
    if kind in registered.WRITERS
}
"""The storage of computed values, and of columns read through a registered function."""


@cache
def through(kind: PrimitiveType, function: str, *arguments: str) -> Storage:
    """Return the storage of a column that is read through a registered function, whatever it holds."""
    reader = getattr(sa.func, function)

    def canonical(column: Any) -> Sql:
        result: Sql = reader(bytes_of(column), *(quoted(a) for a in arguments))
        return result

    python, decode = registered.COLUMN_READERS[function], _decode(kind)
    name = "-".join((function.removeprefix("demotic_"), *arguments))
    return Storage(
        kind,
        name,
        _encode(kind),
        decode,
        canonical,
        ordered=False,
        through=True,
        raw=lambda value: decode(python(value, *arguments)),
    )


DECIMAL_ANY: Final = through(DECIMAL, "demotic_decimal_any")
DECIMAL_NUMBER: Final = Storage(
    DECIMAL,
    "number",
    encode_number,
    _decode_decimal,
    rescued(sa.func.demotic_decimal, _IS_NUMBER, DECIMAL_ANY),
    _is_finite,
    number=True,
    mixed=DECIMAL_ANY,
)
BOOLEAN_ANY: Final = through(BOOLEAN, "demotic_boolean")
DURATION_TEXT: Final = replace(through(DURATION, "demotic_duration"), write=DURATION.format)
GUID_ANY: Final = through(GUID, "demotic_guid")

# --- text, binary, boolean, GUID


def _decode_text(value: Any) -> str | None:
    return value if value.__class__ is str else None


def _decode_bytes(value: Any) -> bytes | None:
    if isinstance(value, bytes):
        return bytes(value)
    return value.encode() if value.__class__ is str else None


def _as_text(column: Any) -> Sql:
    return sa.case((sa.func.typeof(column) != quoted("blob"), sa.cast(column, sa.TEXT)))


TEXT: Final = Storage(STRING, "text", str, _decode_text, where(type_is("text")), type_is("text"))
TEXT_ANY: Final = Storage(STRING, "text-any", str, _decode_text, _as_text, ordered=False, through=True)


def _as_bytes(column: Any) -> Sql:
    return sa.case((_IS_BYTES(column), sa.cast(column, sa.BLOB)))


_IS_BYTES: Final = type_is("blob", "text")
BLOB: Final = Storage(BINARY, "blob", bytes, _decode_bytes, _as_bytes, _IS_BYTES, ordered=False)
_FLAGS: Final = {0: False, 1: True}


def _decode_flag(value: Any) -> bool | None:
    return _FLAGS.get(value)


def _is_flag(column: Any) -> Sql:
    result: Sql = column.in_([literal("0"), literal("1")])
    return result


FLAG: Final = Storage(
    BOOLEAN, "flag", int, _decode_flag, rescued(identity, _is_flag, BOOLEAN_ANY), _is_flag, mixed=BOOLEAN_ANY
)


def _guid_bytes(value: Any) -> bytes:
    result: bytes = value.bytes
    return result


def _guid_upper(value: Any) -> str:
    return str(value).upper()


def _guid(name: str, encode: Callable[[Any], Any], guard: SqlToSql) -> Storage:
    """Return a storage in which each GUID has one form, by which it is sought and ordered."""

    def decode(value: Any) -> Any:
        try:
            text = registered.read_guid(value)
        except ValueError:
            return None
        found = registered.READERS[GUID](text) if text is not None else None
        return found if found is not None and encode(found) == value else None

    return Storage(GUID, name, encode, decode, GUID_ANY.canonical, guard, mixed=GUID_ANY)


def _is_lower_guid(column: Any) -> Sql:
    result: Sql = sa.func.demotic_guid(bytes_of(column)) == column
    return result


def _is_upper_guid(column: Any) -> Sql:
    result: Sql = sa.func.upper(sa.func.demotic_guid(bytes_of(column))) == column
    return result


def _is_guid_bytes(column: Any) -> Sql:
    return sa.and_(type_is("blob")(column), sa.func.length(column) == literal("16"))


GUID_LOWER: Final = _guid("guid-lower", str, _is_lower_guid)
GUID_UPPER: Final = _guid("guid-upper", _guid_upper, _is_upper_guid)
GUID_BYTES: Final = _guid("guid-bytes", _guid_bytes, _is_guid_bytes)
