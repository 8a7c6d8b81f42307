"""What reflection asks of a database: its tables and columns, and what they stand for in a model.

There is one catalogue per kind of database. `SqliteCatalogue` looks at the values too, since SQLite keeps any value in
any column; the others keep to what is declared.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from time import monotonic
from typing import Any, ClassVar, Final

from demotic.model import STRING, PrimitiveType
from demotic.store.sql.reflection._columns import build_column, type_of
from demotic.store.sql.reflection._declared import Affinity
from demotic.store.sql.reflection._detect import has_forms
from demotic.store.sql.reflection._identity import look_at_keys
from demotic.store.sql.reflection._meeting import Forms, meeting
from demotic.store.sql.reflection._tables import ColumnFacts, TableFacts, odd_values, read_table, read_tables
from demotic.store.sql.storage._mapping import Column, Identities, Table

LOOKING: Final = 0.3
"""The seconds that may be spent, when a store is opened, on looking at every value."""


class Catalogue(ABC):
    """What one kind of database says about itself."""

    failures: ClassVar[tuple[type[BaseException], ...]]

    @abstractmethod
    def tables(self) -> list[tuple[str, bool]]:
        """Return the names of all tables and views, in order, with whether it is a view."""

    @abstractmethod
    def read(self, name: str, *, is_view: bool, sampled: bool) -> TableFacts:
        """Return the facts about a table or view. Raises one of the `failures`."""

    def look_everywhere(self, facts: dict[str, TableFacts], wanted: Iterable[str]) -> None:  # noqa: B027
        """Look for values that no sample showed: nothing where columns hold what is declared."""

    @abstractmethod
    def look_at_keys(
        self, facts: Mapping[str, TableFacts], keys: Mapping[str, tuple[str, ...]], stated: set[str]
    ) -> Identities:
        """Look whether keys that the database does not see to identify rows."""

    @abstractmethod
    def type_of(self, column: Any) -> PrimitiveType:
        """Return the type of a column's values."""

    @abstractmethod
    def column(self, facts: Any, name: str, *, in_key: bool, is_rowid: bool) -> Column:
        """Return the column with the property called ``name`` that it is published as."""

    def native(self, column: Any) -> str:
        """Return the database's own name of a column's type, where keys are passed by it."""
        return ""

    def forms(self, near: Any, far: Any) -> Forms | None:
        """Return the forms in which columns of a link compare, ``None`` where they do as they stand."""
        return None

    def collations(self, pairs: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
        """Return the collation by which each pair (a referring column, one referred to) compares, if any is told."""
        return ()

    @abstractmethod
    def alike(self, near: Any, far: Any) -> bool:
        """Whether two columns of a link compare outside the database as they do inside."""

    def notes(self, facts: TableFacts, table: Table) -> Iterable[tuple[str, str]]:
        """Yield what the owner of the database should know of a table."""
        return ()


class SqliteCatalogue(Catalogue):
    """The catalogue of a SQLite file."""

    failures = (sqlite3.Error,)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def tables(self) -> list[tuple[str, bool]]:
        """Return the names of all tables and views."""
        return read_tables(self._connection)

    def read(self, name: str, *, is_view: bool, sampled: bool) -> TableFacts:
        """Return the facts about a table or view."""
        return read_table(self._connection, name, is_view, sampled=sampled)

    def look_everywhere(self, facts: dict[str, TableFacts], wanted: Iterable[str]) -> None:
        """Look for values that no sample showed, as long as there is time, in columns whose values have forms."""
        connection, end = self._connection, monotonic() + LOOKING
        connection.set_progress_handler(lambda: int(monotonic() > end), 20_000)
        try:
            for name in sorted(wanted):
                table = facts[name]
                if not table.is_view:
                    facts[name] = replace(table, columns=tuple(self._looked_at(name, c) for c in table.columns))
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
        finally:
            connection.set_progress_handler(None, 0)

    def _looked_at(self, table: str, column: ColumnFacts) -> ColumnFacts:
        if column.declared.type is None or not has_forms(column.declared.type) or not column.sample:
            return column
        return replace(column, odd=odd_values(self._connection, table, column.name, column.sample))

    def look_at_keys(
        self, facts: Mapping[str, TableFacts], keys: Mapping[str, tuple[str, ...]], stated: set[str]
    ) -> Identities:
        """Look at keys, as long as there is time."""
        return look_at_keys(self._connection, facts, keys, stated)

    def type_of(self, column: ColumnFacts) -> PrimitiveType:
        """Return the type of a column's values."""
        return type_of(column)

    def column(self, facts: ColumnFacts, name: str, *, in_key: bool, is_rowid: bool) -> Column:
        """Return the column that a property stands for."""
        return build_column(facts, name, in_key, is_rowid)

    def forms(self, near: ColumnFacts, far: ColumnFacts) -> Forms | None:
        """Return the forms in which columns compare."""
        return meeting(near, far)

    def collations(self, pairs: Iterable[tuple[ColumnFacts, ColumnFacts]]) -> tuple[str, ...]:
        """Return the collations of columns referred to, which are those that references compare by."""
        found = [(mine.collation, theirs.collation) for mine, theirs in pairs]
        return tuple(theirs or ("BINARY" if mine else "") for mine, theirs in found) if any(map(any, found)) else ()

    def alike(self, near: ColumnFacts, far: ColumnFacts) -> bool:
        """Whether both are integers, or both text by code point."""
        affinity = near.declared.affinity
        same = affinity is far.declared.affinity and affinity in (Affinity.INTEGER, Affinity.TEXT)
        return same and not near.collation and not far.collation

    def notes(self, facts: TableFacts, table: Table) -> Iterable[tuple[str, str]]:
        """Yield what is published otherwise than declared."""
        for column in facts.columns:
            declared = column.declared.type
            if declared is not None and declared is not STRING and type_of(column) is STRING:
                yield (
                    f"{facts.name}.{column.name}",
                    f"published as text: most of its values are no {declared.name.removeprefix('Edm.')}",
                )
