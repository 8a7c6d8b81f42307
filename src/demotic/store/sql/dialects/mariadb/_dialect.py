"""The text of statements for MariaDB and MySQL. The driver puts parameters into the text as literals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from demotic.model import DATE_TIME_OFFSET, DECIMAL, DOUBLE, INT64, SINGLE, EnumType, PrimitiveType
from demotic.query import Signature
from demotic.store.sql._errors import NotInThisStore
from demotic.store.sql.dialects.mariadb import _functions as functions
from demotic.store.sql.dialects.mariadb._storage import (
    CANONICAL,
    ENCODE,
    beside_whole,
    decimal_literal,
    exact_double,
    finite,
    instant_text,
    time_text,
)
from demotic.store.sql.statements._dialect import Dialect, Encode
from demotic.store.sql.statements._json import scalar
from demotic.store.sql.statements._operands import Operand
from demotic.store.sql.statements._scope import Binds
from demotic.store.sql.statements._template import sql
from demotic.store.sql.storage._storage import Sql, Storage, literal, unchanged

if TYPE_CHECKING:
    from demotic.store.sql.storage._mapping import Link

_FLOATS = (DOUBLE, SINGLE)
_JSON_KINDS: Final = {"string": ("STRING",), "number": ("INTEGER", "DOUBLE", "DECIMAL"), "boolean": ("BOOLEAN",)}
_ALL: int = 2**64 - 1


class JsonTable(FunctionElement[Any]):
    """The values of a JSON array as rows: the number of each, from 1, and itself as JSON."""

    inherit_cache = False
    name = "json_table"


@compiles(JsonTable)
def _json_table(element: JsonTable, compiler: Any, **options: Any) -> str:
    given = compiler.process(element.clauses, **options)
    return f"JSON_TABLE({given}, '$[*]' COLUMNS (n FOR ORDINALITY, item JSON PATH '$'))"


class Mariadb(Dialect):
    """MariaDB, or MySQL; ``collation`` is the one by code point, ``returns`` whether INSERT gives back what it made."""

    name = "mariadb"
    canonical = CANONICAL

    def __init__(self, *, collation: str = "utf8mb4_nopad_bin", returns: bool = True) -> None:
        self._collation = collation
        self._returns = returns
        self._sqlalchemy = MariaDBDialect(paramstyle="format")
        self._sqlalchemy.supports_native_boolean = False

    @property
    def returns(self) -> bool:  # type: ignore[override]
        """Whether INSERT gives back what it made."""
        return self._returns

    @property
    def sqlalchemy(self) -> Any:
        """SQLAlchemy's own."""
        return self._sqlalchemy

    def limit(self, rows: int) -> int:
        """Return the parameter for a number of rows: for all, the greatest number that there is."""
        return _ALL if rows < 0 else rows

    # --- parameters

    def typed(self, placeholder: Sql, cast: str) -> Sql:
        """Return a placeholder with its type, where the literal would be text."""
        return sql(f"CAST({{0}} AS {cast})", placeholder) if cast else placeholder

    def encoder(self, given: PrimitiveType, wanted: PrimitiveType) -> Encode | None:
        """Return what turns a native value into the canonical form of a type that its own promotes to."""
        if wanted is DECIMAL and given is not DECIMAL:
            return Decimal
        if wanted is DOUBLE and given not in _FLOATS:
            return float
        return ENCODE.get(given)

    def encoder_as_kept(self, storage: Storage, kind: PrimitiveType | None) -> Encode | None:
        """Return what turns a native value into the form of a column: numbers stay as exact as they are."""
        if kind is not None and storage.number:
            if storage.type in _FLOATS:
                return finite if kind in _FLOATS else float if kind is DECIMAL else exact_double
            return beside_whole if kind in _FLOATS else decimal_literal if kind is DECIMAL else None
        return None if storage.encode is unchanged else storage.encode

    def cast_as_kept(self, storage: Storage, kind: PrimitiveType | None) -> str:
        """Return the type of a value that is compared with a column."""
        if kind is not None and storage.number:
            return "DOUBLE" if storage.type in _FLOATS else ""
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
        if wanted is DOUBLE and given not in _FLOATS:
            return sql("CAST({0} AS DOUBLE)", sql_)
        return sql_

    def sides(self, kind: PrimitiveType, left: Operand, right: Operand) -> tuple[Any, Any]:
        """Return two operands in the form in which they compare: whole numbers with doubles as decimals."""
        mixed = kind is DOUBLE and _is_whole(left) is not _is_whole(right)
        if mixed and DECIMAL not in (left.storage.type, right.storage.type):
            return _beside_doubles(left), _beside_doubles(right)
        return super().sides(kind, left, right)

    def truth(self, flag: Any) -> Sql:
        """Return the condition that a Boolean value, which is a number, is true."""
        result: Sql = flag == literal("1")
        return result

    def falsehood(self, flag: Any) -> Sql:
        """Return the condition that a Boolean value is false."""
        result: Sql = flag == literal("0")
        return result

    def boolean(self, value: bool) -> Sql:
        """Return a Boolean value, in a form that rows may be ordered by."""
        return sql(str(int(value)))

    def constant(self, kind: PrimitiveType, value: Any) -> Sql:
        """Return a value of ours."""
        assert kind is DATE_TIME_OFFSET
        return sql(f"CAST('{instant_text(value)}' AS DATETIME(6))")

    def build(self, name: str, signature: Signature, arguments: list[Sql]) -> Sql:
        """Return a function applied to canonical arguments."""
        return functions.build(name, signature, arguments, self._collation)

    def ordering(self, sql_: Any, *, descending: bool, nullable: bool) -> Any:
        """Return an item of ORDER BY; a number given alone would be the place of a column."""
        given = sql("COALESCE({0})", sql_) if isinstance(sql_, sa.BindParameter) else sql_
        return super().ordering(given, descending=descending, nullable=nullable)

    # --- values kept as JSON

    def json_items(self, json: Any, name: str) -> tuple[Any, Sql, Sql]:
        """Return the values of a JSON array as a table."""
        given = sql("CASE WHEN JSON_VALID({0}) AND JSON_TYPE({0}) = 'ARRAY' THEN {0} END", json)
        rows = JsonTable(given).table_valued("n", "item", name=name)
        item: Any = rows.c.item
        return rows, sql("{0} - 1", rows.c.n), item

    def json_member(self, json: Any, name: str) -> Any:
        """Return a member of a JSON object."""
        return sql(f"CASE WHEN JSON_VALID({{0}}) THEN JSON_EXTRACT({{0}}, '$.\"{name}\"') END", json)

    def json_absent(self, json: Any) -> Sql:
        """Return the condition that there is no value in JSON, or null."""
        return sql("COALESCE(JSON_TYPE({0}), 'NULL') = 'NULL'", json)

    def json_scalar(self, json: Any, kind: PrimitiveType | EnumType) -> Sql:
        """Return a scalar in JSON in canonical form."""

        def text(kinds: tuple[str, ...]) -> Any:
            wanted = ", ".join(f"'{name}'" for kind in kinds for name in _JSON_KINDS[kind])
            value = f"CONVERT(JSON_UNQUOTE({{0}}) USING utf8mb4) COLLATE {self._collation}"
            return sql(f"CASE WHEN JSON_TYPE({{0}}) IN ({wanted}) THEN {value} END", json)

        return scalar(kind, text, self.build)

    # --- keys of parents

    def among(self, column: Any, binds: Binds, link: Link) -> Sql:
        """Return the condition that a column holds one of the parents' keys."""
        result: Sql = column.op("IN")(binds.add("keys"))
        return result

    def key_rows(self, binds: Binds, link: Link) -> tuple[Any, Sql, list[Sql]]:
        """Return a table of parent keys of several parts, numbered from 0."""
        keys: Any = binds.add("keys")
        kinds = [kind.partition(" COLLATE ")[0] for kind in link.kinds]
        columns = ", ".join(f"k{n} {kind} PATH '$[{n}]'" for n, kind in enumerate(kinds))
        names = [f"k{n}" for n in range(len(kinds))]
        text = (
            f"SELECT n - 1 AS n, {', '.join(names)} FROM"
            f" JSON_TABLE(:{keys.key}, '$[*]' COLUMNS (n FOR ORDINALITY, {columns})) AS listed"
        )
        rows = sa.text(text).bindparams(keys).columns(sa.column("n"), *map(sa.column, names)).subquery("parents")
        parts: list[Any] = []
        for name, kind in zip(names, link.kinds, strict=True):
            _, _, collation = kind.partition(" COLLATE ")
            parts.append(rows.c[name].collate(collation) if collation else rows.c[name])
        number: Any = rows.c.n
        return rows, number, parts

    def pass_keys(self, keys: Sequence[Any]) -> tuple[Any, ...]:
        """Return the parameter for a list of parent keys."""
        return tuple(keys)

    def pass_rows(self, rows: Sequence[tuple[Any, ...]]) -> str:
        """Return the parameter for a list of parent keys of several parts."""
        return msgspec.json.encode([[_in_json(part) for part in row] for row in rows]).decode()


def _in_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, time):
        return time_text(value)
    if isinstance(value, (Decimal, date)):
        return str(value)
    if isinstance(value, bytes):
        raise NotInThisStore("a link over several columns of which one is binary")
    return value


def _is_whole(operand: Operand) -> bool:
    return 0 < operand.storage.type.numeric_rank <= INT64.numeric_rank


def _beside_doubles(operand: Operand) -> Any:
    value = operand.storage.canonical(operand.sql)
    return value if _is_whole(operand) else sql("CAST({0} AS DECIMAL(65,30))", value)
