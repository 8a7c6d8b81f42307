"""What a database says about itself, in plain SQL: tables, keys, references, rows. The project is not asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Row = tuple[object, ...]
Key = tuple[object, ...]


@dataclass(frozen=True)
class Column:
    """A column as declared."""

    name: str
    declared: str
    not_null: bool


@dataclass(frozen=True)
class Reference:
    """A foreign key of ``table``: its columns and what they refer to."""

    table: str
    columns: tuple[str, ...]
    target: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table, or a view with the key that is stated for it."""

    name: str
    is_view: bool
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]

    @property
    def is_link(self) -> bool:
        """Whether it holds two references and nothing else, which together are its key."""
        linking = [name for reference in self.references for name in reference.columns]
        return len(self.references) == 2 and sorted(linking) == sorted(self.key) == sorted(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def listed(names: Iterable[str], alias: str = "") -> str:
    """Names as a list of SQL identifiers."""
    return ", ".join(f"{alias}{'.' if alias else ''}{quoted(name)}" for name in names)


class Truth:
    """A SQLite database, read with sqlite3. ``view_keys`` states the columns that identify a view's rows."""

    def __init__(self, path: Path, view_keys: dict[str, tuple[str, ...]]) -> None:
        self.path = path
        self.view_keys = view_keys
        self.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def ask(self, sql: str, *values: object) -> list[Row]:
        """Run a statement of SQL."""
        return self.connection.execute(sql, values).fetchall()

    @cached_property
    def tables(self) -> dict[str, Table]:
        """All tables, and the views with a key, by name."""
        found = self.ask("SELECT name, type = 'view' FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
        tables = [self._table(str(name), bool(view)) for name, view in found if not str(name).startswith("sqlite_")]
        return {table.name: table for table in tables if table.key}

    def _table(self, name: str, is_view: bool) -> Table:
        info = self.ask('SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY cid', name)
        columns = tuple(Column(str(c), str(declared), bool(not_null)) for c, declared, not_null, _ in info)
        key = tuple(str(column) for _, column in sorted((int(str(pk)), str(c)) for c, _, _, pk in info if pk))
        return Table(name, is_view, columns, self.view_keys.get(name, key), self._references(name))

    def _references(self, name: str) -> tuple[Reference, ...]:
        found: dict[int, Reference] = {}
        sql = 'SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq'
        for number, target, column, other in self.ask(sql, name):
            known = found.get(int(str(number)), Reference(name, (), str(target), ()))
            found[int(str(number))] = Reference(
                name, (*known.columns, str(column)), known.target, (*known.targets, str(other))
            )
        return tuple(found.values())

    def count(self, table: Table) -> int:
        """How many rows there are."""
        return int(str(self.ask(f"SELECT COUNT(*) FROM {quoted(table.name)}")[0][0]))

    def rows(self, table: Table) -> dict[Key, Row]:
        """All rows by their key."""
        if table.name not in self._rows:
            names = listed((*table.key, *(column.name for column in table.columns)))
            size = len(table.key)
            self._rows[table.name] = {
                row[:size]: row[size:] for row in self.ask(f"SELECT {names} FROM {quoted(table.name)}")
            }
        return self._rows[table.name]

    @cached_property
    def _rows(self) -> dict[str, dict[Key, Row]]:
        return {}

    def pairs(self, reference: Reference) -> list[tuple[Key, Key]]:
        """For a foreign key: the keys of all rows that refer, each with the key of the row that it refers to."""
        source, target = self.tables[reference.table], self.tables[reference.target]
        equal = " AND ".join(
            f"s.{quoted(a)} = t.{quoted(b)}" for a, b in zip(reference.columns, reference.targets, strict=True)
        )
        size = len(source.key)
        sql = (
            f"SELECT {listed(source.key, 's')}, {listed(target.key, 't')}"
            f" FROM {quoted(source.name)} AS s JOIN {quoted(target.name)} AS t ON {equal}"
        )
        return [(row[:size], row[size:]) for row in self.ask(sql)]

    def linked(self, link: Table, one: Reference, other: Reference) -> list[tuple[Key, Key]]:
        """For a link table: the keys of the rows on the side of ``one``, each with that of a row of ``other``."""
        left, right = self.tables[one.target], self.tables[other.target]
        on = [
            " AND ".join(
                f"{alias}.{quoted(b)} = l.{quoted(a)}"
                for a, b in zip(reference.columns, reference.targets, strict=True)
            )
            for alias, reference in (("a", one), ("b", other))
        ]
        size = len(left.key)
        sql = (
            f"SELECT {listed(left.key, 'a')}, {listed(right.key, 'b')} FROM {quoted(link.name)} AS l"
            f" JOIN {quoted(left.name)} AS a ON {on[0]} JOIN {quoted(right.name)} AS b ON {on[1]}"
        )
        return [(row[:size], row[size:]) for row in self.ask(sql)]
