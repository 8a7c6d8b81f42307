"""Comparisons: columns as they are kept where that is exact, canonical forms where it is not.

A column is compared as it stands if the parameter has a form there. A plan whose parameter turns out at run time to
have none (`Unfit`) is compiled again with ``exact``, which compares canonical forms throughout.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Final

import sqlalchemy as sa

from demotic.model import DOUBLE, INT64, STREAM, STRING, EntityType, NavigationProperty, PrimitiveType, Property
from demotic.query import Constant, Expression, Field, IsOf, Parameter, Related, Restriction, Variable, Via, Whole
from demotic.store.media import stream_of
from demotic.store.sql._errors import NotInThisStore
from demotic.store.sql.statements._operands import (
    Operand,
    Pair,
    after_prefix,
    common_type,
    equality_guards,
    guards,
    is_not_true,
    is_null_literal,
    primitive,
)
from demotic.store.sql.statements._scope import Alias, Binds, Scope, Values
from demotic.store.sql.storage._mapping import Column, DatabaseMap, Table
from demotic.store.sql.storage._storage import FLAG, Sql, Storage

COMPARISONS: Final[dict[str, Callable[[Any, Any], Sql]]] = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}


class Comparisons(ABC):
    """Compares the expressions of one statement."""

    def __init__(
        self,
        database: DatabaseMap,
        binds: Binds,
        names: count[int],
        *,
        exact: bool,
        restrictions: Sequence[Restriction] = (),
    ) -> None:
        self.database = database
        self.binds = binds
        self.dialect = binds.dialect
        self.names = names
        self.exact = exact
        self.scopes: dict[int, Scope | Values] = {}
        self._restrictions = restrictions

    def scope(self, table: Table, depth: int = 0) -> Scope:
        """Open the scope of the variable at a depth."""
        scope = self.scopes[depth] = Scope(self.database, self.names, table, self.entities)
        return scope

    def entities(self, table: Table) -> Alias:
        """Return the entities of a table that the read may meet, under a name that nothing else in the statement has.

        Restricted, they are a subquery, which databases merge into the statement around it.
        """
        restriction = _restriction(self._restrictions, table.type) if self._restrictions else None
        if restriction is None:
            return table.clause.alias(f"t{next(self.names)}")
        whole = type(self)(self.database, self.binds, self.names, exact=self.exact)
        scope = whole.scope(table, restriction.variable.depth)
        condition = whole.condition(restriction.condition)
        rows = sa.select(*scope.alias.c).select_from(scope.source).where(condition)
        return rows.subquery(f"t{next(self.names)}")

    @abstractmethod
    def condition(self, node: Expression) -> Sql:
        """Return SQL that is true exactly if the condition is."""

    @abstractmethod
    def operand(self, node: Expression) -> Operand:
        """Return the value of an expression."""

    def located(self, variable: Variable, via: Via) -> tuple[Scope, Table, Alias]:
        """Return the scope of a variable that stands for an entity, and the table at the end of a way from there."""
        scope = self.scopes[variable.depth]
        assert isinstance(scope, Scope)
        return scope, *scope.reach(via)

    def values(self, variable: Variable, via: Via, path: tuple[Property, ...]) -> Values:
        """Return the values of a collection at the end of a path, as a table."""
        scope, name = self.scopes[variable.depth], f"v{next(self.names)}"
        if not isinstance(scope, Values):
            table, alias = scope.reach(via)
            column = table.column(path)
            if column is not None and column.storage.item is not None:
                found = guarded(alias.c[column.name], scope.guards(via, path[0]) if via else [])
                return Values(*self.dialect.array_items(found, name), column.storage.item)
        return Values(*self.dialect.json_items(self.json(variable, via, path), name))

    def json(self, variable: Variable, via: Via, path: tuple[Property, ...]) -> Any:
        """Return what is at the end of a path as JSON. Raises `NotInThisStore` for what is not kept so."""
        scope = self.scopes[variable.depth]
        if isinstance(scope, Values):
            found, rest = scope.item, path
        else:
            table, alias = scope.reach(via)
            starts = (n for n in range(1, len(path) + 1) if table.column(path[:n]) is not None)
            length = next(starts, len(path))
            column = table.column(path[:length])
            if column is None or column.storage.name != "json":
                raise NotInThisStore("values of a collection that is not kept as JSON", target=path[-1].name)
            guards = scope.guards(via, path[0]) if via else []
            found, rest = guarded(alias.c[column.name], guards), path[length:]
        for item in rest:
            found = self.dialect.json_member(found, item.name)
        return found

    def kept(self, node: Field) -> Operand:
        """Return a property as its column keeps it, even where canonical forms are compared."""
        kind = primitive(node.type)
        assert kind is not None
        values = self.scopes[node.variable.depth]
        if isinstance(values, Values):
            return self._scalar(node, kind) if values.storage is None else Operand(values.item, values.storage)
        scope, table, alias = self.located(node.variable, node.via)
        column = table.column(node.path)
        if column is None and kind is STREAM:
            column = self._tag(table, node)
        if column is None:
            return self._scalar(node, kind)
        sql, storage = alias.c[column.name], column.storage
        nullable = bool(node.via) or any(item.nullable for item in node.path)
        guards = scope.guards(node.via, node.path[0]) if node.via else []
        return Operand(guarded(sql, guards), storage, nullable)

    def _tag(self, table: Table, node: Field) -> Column | None:
        """Return the column that is null where a stream holds nothing: that is all that can be asked of one."""
        return table.columns.get(stream_of(node.path[0]).etag)

    def _scalar(self, node: Field, kind: PrimitiveType) -> Operand:
        """Return a value that is kept within JSON, in canonical form."""
        json = self.json(node.variable, node.via, node.path)
        return Operand(self.dialect.json_scalar(json, node.type), self.dialect.canonical[kind])

    def pair(self, a: Expression, b: Expression) -> Pair:
        """Return both operands in a form in which they compare like their values."""
        kind = common_type(a, b)
        if isinstance(a, Parameter) and not isinstance(b, Parameter):
            other = self.pair(b, a)
            return Pair(other.right, other.left, other.guards, other.equality_guards, other.both_nullable)
        left = self.operand(a)
        if isinstance(b, Parameter):
            if self._as_kept(left, kind):
                right = self._slot_as_kept(b, left.storage)
                return Pair(left.sql, right, guards(left), equality_guards(left), False)
            whole = kind is DOUBLE and _is_whole(b)  # which stays one beside doubles
            right_side = self._parameter_as(b, INT64 if whole else kind)
            return Pair(*self.dialect.sides(kind, left, right_side), (), (), False)
        right_operand = self.operand(b)
        if isinstance(b, Constant) and left.storage is FLAG:  # kept as the very numbers that stand for true and false
            return Pair(left.sql, right_operand.sql, (), (), False)
        nullable = left.nullable and right_operand.nullable
        if (
            self.dialect.alike(left.storage, right_operand.storage)
            and self._as_kept(left, kind)
            and self._as_kept(right_operand, kind)
        ):
            both = guards(left) + guards(right_operand)
            if not (nullable and both):
                return Pair(left.sql, right_operand.sql, both, (), nullable)
        return Pair(*self.dialect.sides(kind, left, right_operand), (), (), nullable)

    def _as_kept(self, operand: Operand, kind: PrimitiveType) -> bool:
        """Whether an operand compares as it is kept."""
        return self.dialect.as_kept(operand.storage, kind, exact=self.exact)

    def _slot_as_kept(self, node: Parameter, storage: Storage) -> Sql:
        """Return the placeholder for a parameter in the form of a column."""
        kind = primitive(node.type)
        dialect = self.dialect
        return self.binds.slot(node.slot, dialect.encoder_as_kept(storage, kind), dialect.cast_as_kept(storage, kind))

    def _parameter_as(self, node: Parameter, kind: PrimitiveType) -> Operand:
        """Return a parameter in the canonical form of a type that its own promotes to."""
        given = primitive(node.type)
        assert given is not None
        storage = self.dialect.canonical[kind]
        return Operand(self.binds.slot(node.slot, self.dialect.encoder(given, kind), storage.cast), storage, False)

    def canonical(self, operand: Operand, kind: PrimitiveType) -> Any:
        """Return an operand in the canonical form of a type that its own promotes to."""
        return self.dialect.promoted(operand.storage.canonical(operand.sql), operand.storage.type, kind)

    def equals(self, a: Expression, b: Expression) -> Sql:
        """Return SQL that is true exactly if ``a eq b``; it may be null where that is false."""
        if is_null_literal(a) or is_null_literal(b):
            return self.is_null(a if is_null_literal(b) else b)
        pair = self.pair(a, b)
        same = pair.left.is_not_distinct_from(pair.right) if pair.both_nullable else pair.left == pair.right
        return sa.and_(same, *pair.equality_guards)

    def differs(self, a: Expression, b: Expression) -> Sql:
        """Return SQL that is true exactly if ``a ne b``."""
        if is_null_literal(a) or is_null_literal(b):
            return self.is_not_null(a if is_null_literal(b) else b)
        pair = self.pair(a, b)
        if not pair.equality_guards:
            result: Sql = pair.left.is_distinct_from(pair.right)
            return result
        return is_not_true(sa.and_(pair.left == pair.right, *pair.equality_guards))

    def is_null(self, node: Expression) -> Sql:
        """Return SQL that is true exactly if the value is null."""
        if isinstance(node, Whole):
            return self.absent(node)
        if isinstance(node, Related):
            result: Sql = self.related(node).is_(None)
            return result
        operand = self.operand(node)
        if isinstance(operand.sql, sa.sql.elements.Null):
            return sa.true()
        if operand.storage.guard is None or operand.storage.mixed is not None:
            return operand.storage.canonical(operand.sql).is_(None)
        return sa.or_(operand.sql.is_(None), is_not_true(operand.storage.guard(operand.sql)))

    def is_not_null(self, node: Expression) -> Sql:
        """Return SQL that is true exactly if the value is not null."""
        if isinstance(node, Whole):
            return is_not_true(self.absent(node))
        if isinstance(node, Related):
            result: Sql = self.related(node).is_not(None)
            return result
        operand = self.operand(node)
        if isinstance(operand.sql, sa.sql.elements.Null):
            return sa.false()
        if operand.storage.guard is None or operand.storage.mixed is not None:
            return operand.storage.canonical(operand.sql).is_not(None)
        return sa.and_(operand.sql.is_not(None), operand.storage.guard(operand.sql))

    def absent(self, node: Whole) -> Sql:
        """Return SQL that is true exactly if a complex value is null: one kept in columns, if all of them are."""
        if isinstance(self.scopes[node.variable.depth], Values):
            return self.dialect.json_absent(self.json(node.variable, node.via, node.path))
        scope, table, alias = self.located(node.variable, node.via)
        path = node.path
        if any(table.column(path[:n]) is not None for n in range(1, len(path) + 1)):
            return self.dialect.json_absent(self.json(node.variable, node.via, path))
        if not path[-1].nullable:
            if len(path) > 1:
                return self.absent(replace(node, path=path[:-1]))
            return self.related(Related(node.variable, node.via)).is_(None) if node.via else sa.false()
        within = [column for place, column in table.parts.items() if place[: len(path)] == path]
        absent = sa.and_(*(column.storage.selected(alias.c[column.name]).is_(None) for column in within))
        guards = scope.guards(node.via, path[0]) if node.via else []
        return sa.or_(absent, *(is_not_true(guard) for guard in guards))

    def related(self, node: Related) -> Any:
        """Return a column that is null exactly if single-valued navigation leads nowhere, or not where a cast says."""
        scope, table, alias = self.located(node.variable, node.via)
        last = next((step for step in reversed(node.via) if isinstance(step, NavigationProperty)), None)
        column = alias.c[table.key[0].name if last is None else self.database.links[last].pairs[0][1]]
        guards = scope.guards(node.via)
        return sa.case((sa.and_(*guards), column)) if guards else column

    def is_of(self, node: IsOf) -> Sql:
        """Return SQL that is true exactly if what is there is of a type; it may be null where that is false."""
        _, table, alias = self.located(node.variable, node.via)
        there = [self.related(Related(node.variable, node.via)).is_not(None)] if node.via else []
        return sa.and_(sa.true(), *there, *table.is_of(alias, node.of.type))

    def ordered(self, compare: str, a: Expression, b: Expression) -> Sql:
        if is_null_literal(a) or is_null_literal(b):
            return sa.false()
        pair = self.pair(a, b)
        return sa.and_(COMPARISONS[compare](pair.left, pair.right), *pair.guards)

    def starts(self, text: Expression, prefix: Expression) -> Sql | None:
        """Return ``startswith`` as a range, which an index serves, if the text is a column compared by code point."""
        if self.exact or not isinstance(text, Field) or not isinstance(prefix, Parameter):
            return None
        if isinstance(self.scopes[text.variable.depth], Values):
            return None
        _, table, _ = self.located(text.variable, text.via)
        column = table.column(text.path)
        if column is None or column.collation or column.storage.name != "text" or column.storage.type is not STRING:
            return None
        sql = self.operand(text).sql
        cast = column.storage.cast
        low, high = self.binds.slot(prefix.slot, str, cast), self.binds.slot(prefix.slot, after_prefix, cast)
        return sa.and_(sql >= low, sql < high)

    def in_list(self, wanted: Expression, items: list[Expression]) -> Sql:
        parameters = [item for item in items if isinstance(item, Parameter)]
        kinds = {common_type(wanted, item) for item in items}
        if len(parameters) == len(items) and len(kinds) == 1 and not isinstance(wanted, (Parameter, Constant)):
            operand = self.operand(wanted)
            if self._as_kept(operand, kinds.pop()):
                slots = [self._slot_as_kept(p, operand.storage) for p in parameters]
                return sa.and_(operand.sql.in_(slots), *equality_guards(operand))
        return sa.or_(*(self.equals(wanted, item) for item in items))


def _restriction(restrictions: Sequence[Restriction], kind: EntityType) -> Restriction | None:
    """Return the restriction of the entities of a table: one for its type, or a type derived from it, or a base."""
    alike = [item for item in restrictions if item.type in kind.lineage() or kind in item.type.lineage()]
    return min(alike, key=lambda item: item.type is not kind, default=None)


def guarded(sql: Any, guards: list[Sql]) -> Any:
    """Return a value that is null unless all guards hold."""
    return sa.case((sa.and_(*guards), sql)) if guards else sql


def _is_whole(node: Parameter) -> bool:
    kind = primitive(node.type)
    return kind is not None and 0 < kind.numeric_rank <= INT64.numeric_rank
