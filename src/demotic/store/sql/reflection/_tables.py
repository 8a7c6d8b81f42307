"""What a SQLite database says about its tables: plain facts from its PRAGMAs, and samples of what columns hold.

Nothing here knows of the model. Another kind of database gives the same facts from its own catalogue.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from demotic.store.sql.reflection._declared import Affinity, Declared, read_declared

SAMPLED = 500
_PLACES = 50
_AT_A_PLACE = 20
_ODD = 500
_MOST_SHAPES = 8
_COLLATION = re.compile(r"([A-Za-z_]\w*)-\w+")


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column: ``collation`` is empty for SQLite's own (by code point).

    ``sample`` are values from the ends of the table and from places between; ``odd`` are values from anywhere in it
    that look like none of those, as far as there was time to look.
    """

    name: str
    declared: Declared
    not_null: bool
    default: str | None
    generated: bool
    collation: str
    sample: tuple[Any, ...]
    odd: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: the columns, and the table and columns that they refer to."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]
    on_delete: str


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table or view. ``columns`` are what its catalogue knows of each: at least a name, ``not_null``, ``collation``.

    ``rowid`` is the column that is the row number itself, and so can hold nothing else.
    """

    name: str
    is_view: bool
    columns: tuple[Any, ...]
    key: tuple[str, ...]
    rowid: str | None
    unique: tuple[tuple[str, ...], ...]
    references: tuple[Reference, ...]
    schema: str | None = None
    comment: str = ""

    def column(self, name: str) -> Any:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)

    def clause(self) -> sa.TableClause:
        """Return the table for statements."""
        return sa.table(self.name, *(sa.column(column.name) for column in self.columns), schema=self.schema)


def quote(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def read_tables(connection: sqlite3.Connection) -> list[tuple[str, bool]]:
    """Return the names of all tables and views, in order, with whether it is a view."""
    rows = connection.execute(
        "SELECT name, type = 'view' FROM pragma_table_list WHERE schema = 'main'"
        " AND type IN ('table', 'view', 'virtual')"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return [(name, bool(view)) for name, view in rows]


def read_table(connection: sqlite3.Connection, name: str, is_view: bool, *, sampled: bool = True) -> TableFacts:
    """Return the facts about one table or view, with or without samples.

    Raises `sqlite3.Error` for a view that does not work.
    """
    info = [row for row in connection.execute("SELECT * FROM pragma_table_xinfo(?)", (name,)) if row[6] != 1]
    strict, without_rowid = connection.execute(
        "SELECT strict, wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", (name,)
    ).fetchone()
    keyed = sorted((row[5], row[1]) for row in info if row[5])
    key = tuple(column for _, column in keyed)
    types = {row[1]: row[2] for row in info}
    is_rowid = len(key) == 1 and types[key[0]].upper() == "INTEGER" and not without_rowid and not is_view
    rowid = key[0] if is_rowid and not _has_index(connection, name, "pk") else None
    samples = _samples(connection, name, list(types), is_view or bool(without_rowid)) if sampled else {}
    columns = tuple(
        ColumnFacts(
            column,
            read_declared(declared or "", strict=bool(strict)),
            bool(not_null) or column == rowid or (bool(without_rowid) and column in key),
            default,
            hidden in (2, 3),
            _collation(connection, name, column),
            samples.get(column, ()),
        )
        for _, column, declared, not_null, default, _, hidden in info
    )
    return TableFacts(
        name, is_view, columns, key, rowid, _unique(connection, name), _references(connection, name, types)
    )


def _has_index(connection: sqlite3.Connection, table: str, origin: str) -> bool:
    # INTEGER PRIMARY KEY DESC is no alias of the rowid, for historical reasons; it has an index of its own.
    return any(row[3] == origin for row in connection.execute("SELECT * FROM pragma_index_list(?)", (table,)))


def _samples(
    connection: sqlite3.Connection, table: str, columns: Iterable[str], one_end: bool
) -> dict[str, tuple[Any, ...]]:
    """Return values of each column that are not null, from the first and the last rows; long ones are cut."""
    names = list(columns)
    cut = ", ".join(
        f"CASE typeof({c}) WHEN 'blob' THEN substr({c}, 1, 17) WHEN 'text' THEN substr({c}, 1, 64) ELSE {c} END"
        for c in map(quote, names)
    )
    text = f"SELECT {cut} FROM {quote(table)}"
    rows = connection.execute(f"{text} LIMIT {SAMPLED}").fetchall()
    if not one_end and len(rows) == SAMPLED:
        with suppress(sqlite3.OperationalError):  # a virtual table may have no rowid
            rows += connection.execute(f"{text} ORDER BY rowid DESC LIMIT {SAMPLED}").fetchall()
            rows += _between(connection, text, table)
    values = zip(*rows, strict=True) if rows else [()] * len(names)
    return {name: tuple(v for v in column if v is not None) for name, column in zip(names, values, strict=True)}


def _between(connection: sqlite3.Connection, text: str, table: str) -> list[Any]:
    """Return rows from places spread over the whole table."""
    name = quote(table)
    low, high = connection.execute(
        f"SELECT (SELECT min(rowid) FROM {name}), (SELECT max(rowid) FROM {name})"
    ).fetchone()
    step = (high - low) // (_PLACES + 1)
    rows = []
    for place in range(1, _PLACES + 1 if step > _AT_A_PLACE else 0):
        rows += connection.execute(
            f"{text} WHERE rowid >= ? ORDER BY rowid LIMIT {_AT_A_PLACE}", (low + place * step,)
        ).fetchall()
    return rows


def odd_values(connection: sqlite3.Connection, table: str, column: str, sample: Iterable[Any]) -> tuple[Any, ...]:
    """Return values from anywhere in a column that look like none of a sample, long ones cut.

    Raises `sqlite3.OperationalError` if it is interrupted.
    """
    name = quote(column)
    kinds = {type(value) for value in sample}
    shapes = {_pattern(value) for value in sample if isinstance(value, str)}
    usual = [f"typeof({name}) = '{word}'" for kind, word in ((int, "integer"), (float, "real")) if kind in kinds]
    globs = sorted(shapes)[:_MOST_SHAPES]
    usual += [f"(typeof({name}) = 'text' AND ({' OR '.join([f'{name} GLOB ?'] * len(globs))}))"] if globs else []
    usual += [f"(typeof({name}) = 'blob' AND length({name}) = 16)"] if bytes in kinds else []
    text = (
        f"SELECT CASE WHEN typeof({name}) IN ('text', 'blob') THEN substr({name}, 1, 64) ELSE {name} END"
        f" FROM {quote(table)} WHERE {name} IS NOT NULL AND NOT ({' OR '.join(usual) or '0'}) LIMIT {_ODD}"
    )
    return tuple(value for (value,) in connection.execute(text, globs))


def _pattern(text: str) -> str:
    """Return the GLOB pattern of texts that differ in their digits alone, or in the digits of a GUID."""
    parts = []
    long = len(text) >= 32  # of GUIDs, in which letters from a to f are digits
    lower = long and text == text.lower()
    for letter in text[:40]:
        if letter.isascii() and letter.isdigit():
            parts.append(("[0-9a-f]" if lower else "[0-9A-F]") if long else "[0-9]")
        elif long and letter in ("abcdef" if lower else "ABCDEF"):
            parts.append("[0-9a-f]" if lower else "[0-9A-F]")
        else:
            parts.append(f"[{letter}]" if letter in "*?[" else letter)
    return "".join(parts) + ("*" if len(text) > 40 else "")


def _collation(connection: sqlite3.Connection, table: str, column: str) -> str:
    """Return the collation of a column, which no PRAGMA tells, from the program of a comparison with it."""
    program = connection.execute(f"EXPLAIN SELECT {quote(column)} < 'a' FROM {quote(table)}")
    for row in program:
        found = _COLLATION.fullmatch(str(row[5] or "")) if row[1] in ("Lt", "Le", "Gt", "Ge") else None
        if found:
            return "" if found[1] == "BINARY" else found[1]
    return ""


def _unique(connection: sqlite3.Connection, table: str) -> tuple[tuple[str, ...], ...]:
    """Return the columns of each unique index over whole rows of columns."""
    found = []
    for _, index, unique, _, partial in connection.execute("SELECT * FROM pragma_index_list(?)", (table,)).fetchall():
        if unique and not partial:
            rows = connection.execute("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (index,))
            columns = tuple(name for (name,) in rows)
            if None not in columns:
                found.append(columns)
    return tuple(sorted(found, key=lambda columns: (len(columns), columns)))


def _references(connection: sqlite3.Connection, table: str, types: dict[str, Any]) -> tuple[Reference, ...]:
    grouped: dict[int, list[Any]] = {}
    for row in connection.execute("SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq", (table,)):
        grouped.setdefault(row[0], []).append(row)
    spelled = {name.casefold(): name for name in types}
    references = []
    for rows in grouped.values():
        columns = tuple(spelled.get(row[3].casefold(), row[3]) for row in rows)
        targets = tuple(row[4] for row in rows if row[4] is not None)
        references.append(Reference(columns, rows[0][2], targets, rows[0][6]))
    order = list(types)
    return tuple(sorted(references, key=lambda r: [order.index(c) if c in order else -1 for c in r.columns]))


def is_text(column: ColumnFacts) -> bool:
    """Whether SQLite keeps what is written to the column as text, compared by code point."""
    return column.declared.affinity is Affinity.TEXT and not column.collation
