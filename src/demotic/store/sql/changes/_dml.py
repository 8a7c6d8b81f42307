"""The statements that change tables, made once per table and set of columns.

Rows are addressed by what their key columns hold, as it is kept (`locate` reads that): a key has one value, but a table
may keep it in more than one form. Values are bound as they are given, so they must be in their columns' forms.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import count
from threading import Lock
from typing import Any

import sqlalchemy as sa

from demotic.query import ByKey, Parameter, Variable
from demotic.store.sql.statements._dialect import Dialect, Statement
from demotic.store.sql.statements._expressions import Expressions
from demotic.store.sql.statements._levels import key_equals
from demotic.store.sql.statements._scope import Binds
from demotic.store.sql.storage._mapping import DatabaseMap, Table
from demotic.store.sql.storage._storage import literal


class Dml:
    """Makes and keeps statements. Safe to share between threads."""

    def __init__(self, database: DatabaseMap, dialect: Dialect) -> None:
        self._database = database
        self.dialect = dialect
        self._made: dict[Hashable, Statement] = {}
        self._lock = Lock()

    def locate(self, table: Table, columns: tuple[str, ...], *, exact: bool, lock: bool = False) -> Statement:
        """Return the statement that reads what columns hold of the row with a key, native values given for it.

        With ``lock``, others that would change it wait until the transaction ends.
        """

        def make(binds: Binds) -> Any:
            expressions = Expressions(self._database, binds, count(), exact=exact)
            scope = expressions.scope(table)
            parameters = []
            for slot, item in enumerate(table.type.key):
                assert item.primitive is not None
                parameters.append(Parameter(slot, item.primitive))
            step = ByKey(tuple(parameters))
            conditions = key_equals(expressions, scope, Variable("$it", 0, table.type), step)
            query = sa.select(*(scope.alias.c[name] for name in columns)).select_from(scope.source).where(*conditions)
            return query.with_for_update() if lock else query

        return self._statement(("locate", table, columns, exact, lock), make)

    def insert(self, clause: sa.TableClause, columns: tuple[str, ...], returning: tuple[str, ...]) -> Statement:
        """Return the statement that adds a row, and returns what some of its columns then hold."""

        def make(binds: Binds) -> Any:
            query = (
                sa.insert(clause)
                .values({name: binds.slot(n) for n, name in enumerate(columns)})
                .prefix_with(self.dialect.abort)
            )
            return query.returning(*(clause.c[name] for name in returning)) if returning else query

        return self._statement(("insert", clause, columns, returning), make)

    def update(self, clause: sa.TableClause, columns: tuple[str, ...], key: tuple[str, ...]) -> Statement:
        """Return the statement that sets columns of the row whose ``key`` columns hold the values given last."""

        def make(binds: Binds) -> Any:
            values = {name: binds.slot(n) for n, name in enumerate(columns)}
            query = sa.update(clause).values(values).prefix_with(self.dialect.abort)
            return query.where(*_equal(clause, key, binds, len(columns)))

        return self._statement(("update", clause, columns, key), make)

    def delete(self, clause: sa.TableClause, columns: tuple[str, ...]) -> Statement:
        """Return the statement that removes the rows whose columns hold these values."""
        return self._statement(
            ("delete", clause, columns), lambda binds: sa.delete(clause).where(*_equal(clause, columns, binds, 0))
        )

    def holds(self, clause: sa.TableClause, columns: tuple[str, ...]) -> Statement:
        """Return the statement that has a row if a table has one whose columns hold these values."""

        def make(binds: Binds) -> Any:
            return sa.select(literal("1")).select_from(clause).where(*_equal(clause, columns, binds, 0))

        return self._statement(("holds", clause, columns), make)

    def value(self, clause: sa.TableClause, column: str, names: tuple[str, ...]) -> Statement:
        """Return the statement that reads one column of the rows whose columns hold these values."""

        def make(binds: Binds) -> Any:
            return sa.select(clause.c[column]).select_from(clause).where(*_equal(clause, names, binds, 0))

        return self._statement(("value", clause, column, names), make)

    def _statement(self, name: Hashable, make: Callable[[Binds], Any]) -> Statement:
        with self._lock:
            found = self._made.get(name)
        if found is None:
            binds = self.dialect.binds()
            found = self.dialect.render(make(binds), binds)
            with self._lock:
                self._made[name] = found
        return found


def _equal(clause: sa.TableClause, columns: Sequence[str], binds: Binds, first: int) -> list[Any]:
    return [clause.c[name] == binds.slot(slot) for slot, name in enumerate(columns, first)]
