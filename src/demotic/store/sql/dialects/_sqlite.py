"""SQLite from version 3.37 on: canonical forms and functions are those registered with every connection."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from demotic.model import DECIMAL, DOUBLE, INT64, STRING, EnumType, PrimitiveType
from demotic.query import Signature
from demotic.store.sql.statements import _functions as functions
from demotic.store.sql.statements._dialect import Dialect, Encode
from demotic.store.sql.statements._scope import Binds
from demotic.store.sql.storage._registered import DECIMAL_ORDER, WRITERS
from demotic.store.sql.storage._storage import CANONICAL, TEXT, Sql, Storage, bytes_of, literal, quoted

if TYPE_CHECKING:
    from demotic.store.sql.storage._mapping import Link


class Sqlite(Dialect):
    """SQLite."""

    name = "sqlite"
    canonical = CANONICAL
    # A table may be declared to replace, ignore or roll back where a constraint is broken; whoever writes is told.
    abort = "OR ABORT"
    in_process = True
    locks_rows = False

    def __init__(self) -> None:
        self._sqlalchemy = sqlite.dialect(paramstyle="qmark")

    @property
    def sqlalchemy(self) -> Any:
        """SQLAlchemy's own."""
        return self._sqlalchemy

    def encoder(self, given: PrimitiveType, wanted: PrimitiveType) -> Encode | None:
        """Return what turns a native value of one type into the canonical form of another that it promotes to."""
        if wanted is DECIMAL:
            return WRITERS[DECIMAL] if given is DECIMAL else lambda value: WRITERS[DECIMAL](Decimal(value))
        if wanted is DOUBLE and given is DECIMAL:
            return float
        if given is wanted and given in (STRING, INT64):
            return None
        return WRITERS[given]

    def encoder_as_kept(self, storage: Storage, kind: PrimitiveType | None) -> Encode | None:
        """Return a storage's encoder, unless it would return the value itself."""
        return None if kind in (STRING, INT64) and (storage.number or storage is TEXT) else storage.encode

    def as_kept(self, storage: Storage, kind: PrimitiveType, *, exact: bool) -> bool:
        """Whether a column compares as it stands: decimals unless a parameter turned out to have no such form."""
        if kind is DECIMAL and storage.number:
            return not exact
        return super().as_kept(storage, kind, exact=exact)

    def promoted(self, sql: Any, given: PrimitiveType, wanted: PrimitiveType) -> Any:
        """Return a canonical value in the canonical form of another type."""
        if wanted is DECIMAL and given is not DECIMAL:
            return sa.func.demotic_decimal(sql)
        if wanted is DOUBLE and given is DECIMAL:
            return sa.func.demotic_double(sql)
        return sql

    def collated(self, kind: PrimitiveType, left: Any, right: Any) -> tuple[Any, Any]:
        """Compare decimals, which are texts, as what they stand for."""
        return (sa.collate(left, DECIMAL_ORDER), right) if kind is DECIMAL else (left, right)

    def truth(self, flag: Any) -> Sql:
        """Return the condition that a Boolean value, which is a number, is true."""
        result: Sql = flag == literal("1")
        return result

    def falsehood(self, flag: Any) -> Sql:
        """Return the condition that a Boolean value is false."""
        result: Sql = flag == literal("0")
        return result

    def boolean(self, value: bool) -> Sql:
        """Return a Boolean value."""
        return literal(str(int(value)))

    def constant(self, kind: PrimitiveType, value: Any) -> Sql:
        """Return a value of ours."""
        return literal(f"'{WRITERS[kind](value)}'")

    def build(self, name: str, signature: Signature, arguments: list[Sql]) -> Sql:
        """Return a function applied to canonical arguments."""
        return functions.build(name, signature, arguments)

    def comparable(self, sql: Any, storage: Storage) -> Any:
        """Order decimals, which are texts, as what they stand for."""
        return sql.collate(DECIMAL_ORDER) if storage is CANONICAL[DECIMAL] else sql

    def json_items(self, json: Any, name: str) -> tuple[Any, Sql, Sql]:
        """Return the values of a JSON array as a table."""
        rows = sa.func.json_each(sa.func.demotic_json_items(bytes_of(json))).table_valued("key", "value", name=name)
        place: Any = rows.c.key
        item: Any = rows.c.value
        return rows, place, item

    def json_member(self, json: Any, name: str) -> Any:
        """Return a member of a JSON object."""
        return sa.func.demotic_json_member(json, quoted(name))

    def json_absent(self, json: Any) -> Sql:
        """Return the condition that there is no value in JSON, or null."""
        result: Sql = sa.func.coalesce(json, quoted("null")) == quoted("null")
        return result

    def json_scalar(self, json: Any, kind: PrimitiveType | EnumType) -> Sql:
        """Return a scalar in JSON in canonical form."""
        members = msgspec.json.encode(kind.members).decode() if isinstance(kind, EnumType) else ""
        name = kind.underlying.name if isinstance(kind, EnumType) else kind.name
        result: Sql = sa.func.demotic_json_scalar(json, quoted(name), quoted(members))
        return result

    def among(self, column: Any, binds: Binds, link: Link) -> Sql:
        """Return the condition that a column holds one of the parents' keys."""
        rows = sa.func.json_each(binds.add("keys")).table_valued("value")
        result: Sql = column.in_(sa.select(rows.c.value))
        return result

    def key_rows(self, binds: Binds, link: Link) -> tuple[Any, Sql, list[Sql]]:
        """Return a table of parent keys of several parts: itself, the number of a row, and its parts."""
        rows = sa.func.json_each(binds.add("keys")).table_valued("key", "value", name="parents")
        parts: list[Sql] = [sa.func.demotic_item(rows.c.value, literal(str(n))) for n in range(len(link.pairs))]
        number: Any = rows.c.key
        return rows, number, parts

    def pass_keys(self, keys: Sequence[Any]) -> str:
        """Return the parameter for a list of parent keys."""
        return msgspec.json.encode(keys).decode()

    def pass_rows(self, rows: Sequence[tuple[Any, ...]]) -> str:
        """Return the parameter for a list of parent keys of several parts."""
        return json.dumps([json.dumps([_exact(part) for part in row]) for row in rows])

    def passable(self, keys: Sequence[Any]) -> list[Any]:
        """Return the keys that lead anywhere: a link that is told by one key is of numbers or text."""
        return [key for key in dict.fromkeys(keys) if key.__class__ is int or key.__class__ is str]


def _exact(value: Any) -> Any:
    if isinstance(value, float):  # SQLite's own reading of a double's digits may be off in the last place
        return {"d": repr(value)}
    return {"b": value.hex()} if isinstance(value, bytes) else value
