"""Key-set paging: the order of a query, made total by the key, and the rows that follow a given one in it.

The rows after a place fall into parts: those that agree with it in all order values but the last, where they are
beyond; then those that agree in all but the last two; and so on. Each part is a range of an index on the order columns,
and in each, null is either all of it or none (null sorts lowest: first ascending, last descending). Parts are read in
order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from demotic.query import After, Expression, Field, Query
from demotic.store.sql.statements._dialect import Dialect
from demotic.store.sql.statements._expressions import Expressions
from demotic.store.sql.storage._storage import Sql, Storage


@dataclass(frozen=True, slots=True)
class Placed:
    """One item of a total order: the value that rows are ordered by, and how it is kept."""

    sql: Any
    storage: Storage
    descending: bool
    nullable: bool
    dialect: Dialect

    @property
    def ordering(self) -> Any:
        """What stands in ORDER BY."""
        return self.dialect.ordering(self._comparable, descending=self.descending, nullable=self.nullable)

    @property
    def _comparable(self) -> Any:
        return self.dialect.comparable(self.sql, self.storage)

    def equals(self, value: Any) -> Sql:
        """Return the condition that a row agrees with a place, whose value is ``None`` if it is null there."""
        same: Sql = self.sql.is_(None) if value is None else self._comparable == value
        return same

    def beyond(self, value: Any) -> list[Sql]:
        """Return the conditions of rows beyond a place, each of which either takes in nulls alone or none of them."""
        if value is None:
            return [] if self.descending else [self.sql.is_not(None)]
        if not self.descending:
            return [self._comparable > value]
        return [self._comparable < value, *([self.sql.is_(None)] if self.nullable else [])]


def total_order(query: Query, expressions: Expressions) -> list[Placed]:
    """Return the order asked for, then the key where it does not occur in it."""
    placed = [_placed(item.expression, item.descending, expressions) for item in query.order]
    for part in query.type.key:
        kind = part.primitive
        assert kind is not None
        placed.append(_placed(Field(query.variable, (), (part,), kind), False, expressions))
    return placed


def _placed(node: Expression, descending: bool, expressions: Expressions) -> Placed:
    # As kept, in every plan for the query: which parameters fit must not decide about the order.
    operand = expressions.kept(node) if isinstance(node, Field) else expressions.operand(node)
    dialect = expressions.dialect
    if operand.storage.ordered:
        return Placed(operand.sql, operand.storage, descending, operand.nullable, dialect)
    canonical = dialect.canonical[operand.storage.type]
    return Placed(operand.storage.canonical(operand.sql), canonical, descending, True, dialect)


def distinct_order(placed: list[Placed]) -> list[Any]:
    """Return what stands in ORDER BY: nothing after a column that has been ordered by already."""
    seen: set[tuple[Any, str]] = set()
    result = []
    for item in placed:
        column = (item.sql.table, item.sql.name) if isinstance(item.sql, sa.ColumnClause) else None
        if column is None or column not in seen:
            result.append(item.ordering)
        if column is not None:
            seen.add(column)
    return result


def parts(after: After, placed: list[Placed], expressions: Expressions) -> list[list[Sql]]:
    """Return the conditions of each part of the rows that follow, in order."""
    result: list[list[Sql]] = []
    for length in range(len(placed), 0, -1):
        *same, last = range(length)
        prefix = [placed[i].equals(_bind(after.slots[i], placed[i], expressions)) for i in same]
        for condition in placed[last].beyond(_bind(after.slots[last], placed[last], expressions)):
            result.append([*prefix, condition])
    return result


def _bind(slot: int | None, item: Placed, expressions: Expressions) -> Any:
    if slot is None:
        return None
    encode = item.storage.encode
    if item.storage.name == "canonical":
        encode = expressions.dialect.encoder(item.storage.type, item.storage.type) or encode
    return expressions.binds.slot(slot, encode, item.storage.cast)
