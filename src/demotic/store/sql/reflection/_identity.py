"""Whether keys identify rows, where the database does not see to it: looked up when a store is opened.

That is so of keys that are stated, and of columns whose equal values may be kept in several forms. And a database may
let a key be null, or hold what does not fit its type; rows of that kind cannot be addressed, which their owner should
know. All of it is looked up as long as there is time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from time import monotonic
from typing import Any, Final

import sqlalchemy as sa

from demotic.store.sql.dialects._sqlite import Sqlite
from demotic.store.sql.reflection._columns import kept
from demotic.store.sql.reflection._tables import TableFacts
from demotic.store.sql.statements._scope import collated
from demotic.store.sql.storage._mapping import Identities
from demotic.store.sql.storage._storage import Storage, literal

LOOKING: Final = 0.3
"""The seconds that may be spent on all of it."""


@dataclass(frozen=True, slots=True)
class _Key:
    """The key of a table: its columns as they are, their values as they are read, and what the database promises."""

    table: TableFacts
    names: tuple[str, ...]
    stated: bool

    @property
    def storages(self) -> list[Storage]:
        rowid = self.table.rowid
        return [kept(self.table.column(name), True, name == rowid)[1] for name in self.names]

    @property
    def source(self) -> sa.TableClause:
        return sa.table(self.table.name, *(sa.column(name) for name in self.names))

    @property
    def promised(self) -> bool:
        """Whether the database sees to it that no two rows have equal keys."""
        kept_unique = {frozenset(self.table.key), *map(frozenset, self.table.unique)}
        return frozenset(self.names) in kept_unique and all(storage.ordered for storage in self.storages)

    def values(self, source: sa.TableClause) -> list[Any]:
        """Return the parts of the key as they are read: null where they do not fit."""
        columns = [self.table.column(name) for name in self.names]
        return [
            collated(storage.canonical(source.c[column.name]), column.collation)
            for column, storage in zip(columns, self.storages, strict=True)
        ]


def look_at_keys(
    connection: sqlite3.Connection,
    facts: Mapping[str, TableFacts],
    keys: Mapping[str, tuple[str, ...]],
    stated: set[str],
) -> Identities:
    """Look at the keys of tables, those that are ``stated`` first."""
    found = Identities()
    looked = [
        _Key(facts[name], keys[name], name in stated) for name in sorted(facts, key=lambda n: (n not in stated, n))
    ]
    unknown = [key for key in looked if not key.promised]
    with _limited(connection):
        while unknown:
            example = _repeated(connection, unknown[0])
            key = unknown.pop(0)
            if example:
                found.repeated[key.table.name] = example
        for key in looked:
            found.notes.extend(_without_address(connection, key))
    found.notes.extend(
        (key.table.name, "there was no time to find out whether its key is different in every row") for key in unknown
    )
    return found


@contextmanager
def _limited(connection: sqlite3.Connection) -> Iterator[None]:
    """Let what runs within end when the time is up, or when a view turns out not to work."""
    end = monotonic() + LOOKING
    connection.set_progress_handler(lambda: int(monotonic() > end), 20_000)
    try:
        yield
    except sqlite3.OperationalError:
        pass
    finally:
        connection.set_progress_handler(None, 0)


def _repeated(connection: sqlite3.Connection, key: _Key) -> str:
    """Return a key that more than one row has, in words; nothing if there is none."""
    source = key.source
    values = [value.label(f"k{n}") for n, value in zip(count(), key.values(source), strict=False)]
    rows = sa.select(*values).select_from(source).subquery("keys")
    parts = list(rows.c)
    query = sa.select(*parts).where(*(part.is_not(None) for part in parts)).group_by(*parts)
    row = _first(connection, query.having(sa.func.count() > literal("1")))
    return "" if row is None else ", ".join(f"{name}={value!r}" for name, value in zip(key.names, row, strict=True))


def _without_address(connection: sqlite3.Connection, key: _Key) -> Iterator[tuple[str, str]]:
    """Yield how many rows are left out, and how many cannot be addressed."""
    source, name = key.source, key.table.name
    columns = [source.c[part] for part in key.names]
    nullable = [source.c[part] for part in key.names if not key.table.column(part).not_null]
    if nullable:
        nulls = _first(connection, _number(source).where(sa.or_(*(column.is_(None) for column in nullable))))
        if nulls and nulls[0]:
            yield name, f"{_rows(nulls[0])} left out, whose key is null"
    if key.table.rowid is not None:
        return
    given = sa.and_(*(column.is_not(None) for column in columns))
    unfit = sa.or_(*(value.is_(None) for value in key.values(source)))
    found = _first(connection, _number(source).where(given, unfit))
    if found and found[0]:
        yield name, f"{_rows(found[0])} without an address: part of the key does not fit its type"


def _number(source: sa.TableClause) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(source)


def _rows(number: int) -> str:
    return f"{number} row is" if number == 1 else f"{number} rows are"


def _first(connection: sqlite3.Connection, query: Any) -> Any:
    return connection.execute(_render(query)).fetchone()


def _render(query: Any) -> str:
    dialect = Sqlite()
    return dialect.render(query, dialect.binds()).text
