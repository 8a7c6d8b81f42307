"""The text of statements for PostgreSQL: parameters with their types, null lowest, keys passed as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect

from demotic.model import DATE_TIME_OFFSET, DECIMAL, DOUBLE, INT64, SINGLE, EnumType, PrimitiveType
from demotic.query import Signature
from demotic.store.sql.dialects.postgresql import _functions as functions
from demotic.store.sql.dialects.postgresql._storage import CANONICAL, ENCODERS, decimal_of, exact_double, without_nan
from demotic.store.sql.statements._dialect import Dialect, Encode
from demotic.store.sql.statements._json import scalar
from demotic.store.sql.statements._operands import Operand
from demotic.store.sql.statements._scope import Binds
from demotic.store.sql.statements._template import sql
from demotic.store.sql.storage._mapping import Table
from demotic.store.sql.storage._storage import Sql, Storage, unchanged

if TYPE_CHECKING:
    from demotic.store.sql.storage._mapping import Link

_FLOATS = (DOUBLE, SINGLE)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


class _Named(sa.types.UserDefinedType[Any]):
    """A type of the database by its name."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **options: Any) -> str:
        return self.name


class Postgresql(Dialect):
    """PostgreSQL; ``icu`` says that it has the collations that know the letters of all scripts."""

    name = "postgresql"
    canonical = CANONICAL

    def __init__(self, *, icu: bool = True) -> None:
        self._icu = icu
        self._sqlalchemy = PGDialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]

    @property
    def sqlalchemy(self) -> Any:
        """SQLAlchemy's own."""
        return self._sqlalchemy

    def counting_on(self, table: Table) -> str:
        """Return the statement that moves a sequence on, if it would come to keys that are there."""
        schema, name, column = table.clause.schema, table.name, table.key[0].name
        place = _quoted(name) if schema is None else f"{_quoted(schema)}.{_quoted(name)}"
        return (
            "SELECT setval(c.oid, t.top) FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid, "
            f"(SELECT max({_quoted(column)}) AS top FROM {place}) t "
            f"WHERE c.oid = pg_get_serial_sequence({_text(place)}, {_text(column)})::regclass "
            "AND has_sequence_privilege(c.oid, 'UPDATE') "
            "AND t.top > coalesce(pg_sequence_last_value(c.oid), s.seqstart - 1)"
        )

    def limit(self, rows: int) -> int | None:
        """Return the parameter for a number of rows."""
        return None if rows < 0 else rows

    # --- parameters

    def typed(self, placeholder: Sql, cast: str) -> Sql:
        """Return a placeholder with its type: by its value alone the database would often take another."""
        return sa.cast(placeholder, _Named(cast)) if cast else placeholder

    def encoder(self, given: PrimitiveType, wanted: PrimitiveType) -> Encode | None:
        """Return what turns a native value into the canonical form of a type that its own promotes to."""
        if wanted is DECIMAL and given is not DECIMAL:
            return Decimal
        if wanted is DOUBLE and given not in _FLOATS:
            return float
        return ENCODERS.get(given)

    def encoder_as_kept(self, storage: Storage, kind: PrimitiveType | None) -> Encode | None:
        """Return what turns a native value into the form of a column: numbers stay as exact as they are."""
        if kind is not None and storage.number:
            if storage.type in _FLOATS:
                return without_nan if kind in _FLOATS else float if kind is DECIMAL else exact_double
            return decimal_of if kind in _FLOATS else without_nan if kind is DECIMAL else None
        return None if storage.encode is unchanged else storage.encode

    def cast_as_kept(self, storage: Storage, kind: PrimitiveType | None) -> str:
        """Return the type of a value that is compared with a column."""
        if kind is not None and storage.number and storage.type not in _FLOATS:
            return "int8" if storage.type is not DECIMAL and kind.numeric_rank <= INT64.numeric_rank else "numeric"
        return storage.cast

    # --- types

    def as_kept(self, storage: Storage, kind: PrimitiveType, *, exact: bool) -> bool:
        """Whether a column compares as it stands: a decimal with a double only as one."""
        if kind.numeric_rank and storage.number:
            if storage.type in _FLOATS:
                return storage.ordered and not exact
            return not (storage.type is DECIMAL and kind is DOUBLE)
        return super().as_kept(storage, kind, exact=exact)

    def alike(self, left: Storage, right: Storage) -> bool:
        """Whether two columns compare as they stand: not a double with what is exact."""
        if left.number and right.number:
            return (left.type in _FLOATS) is (right.type in _FLOATS)
        return left is right

    def promoted(self, sql_: Any, given: PrimitiveType, wanted: PrimitiveType) -> Any:
        """Return a canonical value in the canonical form of another type."""
        if wanted is DECIMAL and given is not DECIMAL:
            return sql("{0}::numeric", sql_)
        if wanted is DOUBLE and given not in _FLOATS:
            return sql("{0}::float8", sql_)
        return sql_

    def sides(self, kind: PrimitiveType, left: Operand, right: Operand) -> tuple[Any, Any]:
        """Return two operands in the form in which they compare: whole numbers with doubles exactly."""
        mixed = kind is DOUBLE and _is_whole(left) is not _is_whole(right)
        if mixed and DECIMAL not in (left.storage.type, right.storage.type):
            return _beside_doubles(left), _beside_doubles(right)
        return super().sides(kind, left, right)

    def null(self, kind: PrimitiveType) -> Any:
        """Return null with a type, by which functions are chosen."""
        return sql(f"NULL::{CANONICAL[kind].cast}")

    def boolean(self, value: bool) -> Sql:
        """Return a Boolean value, in a form that rows may be ordered by."""
        return sql("true::bool" if value else "false::bool")

    def constant(self, kind: PrimitiveType, value: Any) -> Sql:
        """Return a value of ours."""
        assert kind is DATE_TIME_OFFSET
        return sql(f"'{value.isoformat()}'::timestamptz")

    def build(self, name: str, signature: Signature, arguments: list[Sql]) -> Sql:
        """Return a function applied to canonical arguments."""
        return functions.build(name, signature, arguments, icu=self._icu)

    def ordering(self, sql: Any, *, descending: bool, nullable: bool) -> Any:
        """Return an item of ORDER BY in which null is lowest, which to PostgreSQL is highest."""
        if descending:
            return sql.desc().nulls_last() if nullable else sql.desc()
        return sql.asc().nulls_first() if nullable else sql.asc()

    # --- values kept as arrays, and as JSON

    def array_items(self, array: Any, name: str) -> tuple[Any, Sql, Sql]:
        """Return the values of an array as a table; those of one with arrays in it are none."""
        given = sql("SELECT CASE WHEN array_ndims(v) = 1 THEN v END FROM (SELECT {0} AS v) AS q", array)
        rows = sa.func.unnest(given).table_valued("item", with_ordinality="n", name=name).render_derived()
        return rows, sql("{0} - 1", rows.c.n), sql("{0}", rows.c.item)

    def json_items(self, json: Any, name: str) -> tuple[Any, Sql, Sql]:
        """Return the values of a JSON array as a table."""
        given = sql("SELECT CASE WHEN json_typeof(v) = 'array' THEN v END FROM (SELECT ({0})::json AS v) AS q", json)
        rows = sa.func.json_array_elements(given).table_valued("item", with_ordinality="n", name=name).render_derived()
        return rows, sql("{0} - 1", rows.c.n), sql("{0}", rows.c.item)

    def json_member(self, json: Any, name: str) -> Any:
        """Return a member of a JSON object."""
        return sql(f"({{0}})::json -> '{name}'", json)

    def json_absent(self, json: Any) -> Sql:
        """Return the condition that there is no value in JSON, or null."""
        return sql("coalesce(json_typeof(({0})::json), 'null') = 'null'", json)

    def json_scalar(self, json: Any, kind: PrimitiveType | EnumType) -> Sql:
        """Return a scalar in JSON in canonical form."""

        def text(kinds: tuple[str, ...]) -> Any:
            # No text of PostgreSQL has the character of number 0, so it is no text there.
            wanted = ", ".join(f"'{kind}'" for kind in kinds)
            known = f"json_typeof(v) IN ({wanted}) AND strpos(v::text, '\\u0000') = 0"
            value = f"CASE WHEN {known} THEN v #>> '{{}}' END COLLATE \"C\""
            return sql(f"SELECT {value} FROM (SELECT ({{0}})::json AS v) AS q", json)

        return scalar(kind, text, self.build)

    # --- keys of parents

    def among(self, column: Any, binds: Binds, link: Link) -> Sql:
        """Return the condition that a column holds one of the parents' keys."""
        keys = binds.add("keys", None, f"{link.kinds[0]}[]")
        result: Sql = column == sa.func.any(keys)
        return result

    def key_rows(self, binds: Binds, link: Link) -> tuple[Any, Sql, list[Sql]]:
        """Return a table of parent keys of several parts, numbered from 0."""
        names = [f"k{n}" for n in range(len(link.pairs))]
        keys = [binds.add(f"keys[{n}]", None, f"{kind}[]") for n, kind in enumerate(link.kinds)]
        rows = sa.func.unnest(*keys).table_valued(*names, with_ordinality="n", name="parents").render_derived()
        number: Any = rows.c.n - sa.literal_column("1")
        return rows, number, [rows.c[name] for name in names]

    def pass_keys(self, keys: Sequence[Any]) -> list[Any]:
        """Return the parameter for a list of parent keys."""
        return list(keys)

    def pass_rows(self, rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
        """Return the parameters for a list of parent keys of several parts."""
        return [list(column) for column in zip(*rows, strict=True)]


def _is_whole(operand: Operand) -> bool:
    return 0 < operand.storage.type.numeric_rank <= INT64.numeric_rank


def _beside_doubles(operand: Operand) -> Any:
    """Return a whole number as a decimal, a double as one that compares with whole numbers as the double does."""
    value = operand.storage.canonical(operand.sql)
    if _is_whole(operand):
        return sql("{0}::numeric", value)
    low, high = "-9223372036854775808::float8", "9223372036854775808::float8"
    within = "floor(v)::int8::numeric + CASE WHEN v > floor(v) THEN 0.5 ELSE 0 END"
    text = f"CASE WHEN v >= {high} THEN 1e30 WHEN v < {low} THEN -1e30 ELSE {within} END"
    return sql(f"SELECT {text} FROM (SELECT {{0}} AS v OFFSET 0) AS q", value)
