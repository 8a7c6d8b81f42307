"""Levels: the statement and the converter of a query, and of each expanded navigation in it.

The top level reads from a source; an expanded one reads the targets of all parents of a batch at once, by their keys.
Each level selects the properties asked for, then what joining and paging need besides.
"""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import Any

import sqlalchemy as sa

from demotic.model import STRING
from demotic.query import Along, ByKey, Expand, Filtered, Kind, OfType, Query, Read, Restriction, Source, Variable
from demotic.query import Field as PropertyField
from demotic.store._interface import Form, Representation, tell_of
from demotic.store._parts import Shaper
from demotic.store.sql.statements._dialect import Dialect, Statement
from demotic.store.sql.statements._expressions import Expressions, key_conditions
from demotic.store.sql.statements._keyset import distinct_order, parts, total_order
from demotic.store.sql.statements._scope import Binds, Scope, collated, has_key
from demotic.store.sql.statements._selection import Described, Inner, Level, Place, Selection, Shaped
from demotic.store.sql.storage._convert import Cell, Convert, converting, generate
from demotic.store.sql.storage._mapping import DatabaseMap, Link
from demotic.store.sql.storage._storage import Sql, literal


class Levels:
    """Compiles the levels of one read."""

    def __init__(self, database: DatabaseMap, dialect: Dialect, form: Form) -> None:
        self.database = database
        self.dialect = dialect
        self.form = form

    # --- the top level

    def top(self, read: Read) -> Level:
        """Compile the level that a read's source leads to."""
        query = read.query
        statement, described = self._top_statement(read, exact=False)
        limits = read.restrictions
        inner = tuple(self._inner(e, place, limits) for e, place in zip(query.expand, described.parents, strict=True))
        convert, shaped = self._conversion(query, described)
        places = tuple(Place(column, item.storage.decode) for item, column in described.placed)
        return Level(statement, cache(lambda: self._top_statement(read, exact=True)[0]), convert, inner, places, shaped)

    def _conversion(self, query: Query, described: Described) -> tuple[Convert, tuple[Shaped, ...]]:
        """Return the converter of a level's rows, and what is made of the properties that come in part."""
        wanted = self.form.representation
        factory, tell = self.form.row(query), tell_of(self.form, query)
        convert = converting(described.cells, described.width, _arguments(query), factory, wanted, tell)
        if not query.parts:
            return convert, ()
        reads = [generate([c], described.width, 0, _itself, Representation.NATIVE) for c in described.parts]
        shapers = [Shaper(part, wanted) for part in query.parts]
        return convert, tuple(Shaped(read, shaper) for read, shaper in zip(reads, shapers, strict=True))

    def _top_statement(self, read: Read, *, exact: bool) -> tuple[Statement, Described]:
        binds = self.dialect.binds()
        if read.kind is Kind.COLLECTION and read.query.after is not None:
            query, described = self._parts(read, binds, exact=exact)
        else:
            query, described = self._ranges(read, binds, None, exact=exact)
        return self.dialect.render(query, binds), described

    def _parts(self, read: Read, binds: Binds, *, exact: bool) -> tuple[Any, Described]:
        """Return a query over the parts of what follows a place, one after the other."""
        names: count[int] = count()
        number = len(self._part_conditions(read, exact=exact))
        made = [self._ranges(read, binds, part, exact=exact, names=names) for part in range(number)]
        described = made[0][1]
        if number == 1:
            return made[0]
        subqueries = [query.subquery(f"part{n}") for n, (query, _) in enumerate(made)]
        union = sa.union_all(*(sa.select(*part.c) for part in subqueries)).limit(binds.limit())
        return union.offset(literal("0")), described

    def _part_conditions(self, read: Read, *, exact: bool) -> list[list[Sql]]:
        binds = self.dialect.binds()
        expressions = Expressions(self.database, binds, count(), exact=exact, restrictions=read.restrictions)
        self._source(read.source, expressions, read.query.variable)
        assert read.query.after is not None
        return parts(read.query.after, total_order(read.query, expressions), expressions)

    def _ranges(
        self, read: Read, binds: Binds, part: int | None, *, exact: bool, names: count[int] | None = None
    ) -> tuple[Any, Described]:
        query = read.query
        expressions = Expressions(self.database, binds, names or count(), exact=exact, restrictions=read.restrictions)
        scope, conditions = self._source(read.source, expressions, query.variable)
        if query.filter is not None:
            conditions.append(expressions.condition(query.filter))
        selection = Selection(scope)
        cells = self._cells(selection, expressions, scope, query)
        parents = [self._parent_columns(selection, item) for item in query.expand]
        part_cells = selection.part_cells(scope.table, query)
        if read.kind is Kind.ENTITY:
            described = Described(len(selection.columns), cells, parents, [], part_cells)
            return sa.select(*selection.columns).select_from(scope.source).where(*conditions), described
        placed = total_order(query, expressions)
        if part is not None and query.after is not None:
            conditions += parts(query.after, placed, expressions)[part]
        places = [(item, self._own_place(selection, item.sql, scope)) for item in placed]
        described = Described(len(selection.columns), cells, parents, places, part_cells)
        statement = sa.select(*selection.columns).select_from(scope.source).where(*conditions)
        statement = statement.order_by(*distinct_order(placed)).limit(binds.limit())
        return statement.offset(_offset(query, binds)), described

    def _cells(self, selection: Selection, expressions: Expressions, scope: Scope, query: Query) -> list[Cell]:
        """Select all that a query delivers, before what is expanded."""
        cells = selection.cells(scope.table, query) + self._computed(selection, expressions, query)
        if query.shapes:
            cells.append(selection.kind_cell(scope.table, self.dialect.canonical[STRING]))
        return cells

    def _computed(self, selection: Selection, expressions: Expressions, query: Query) -> list[Cell]:
        """Select the computed properties of a query."""
        cells = []
        for item in query.computed:
            kind = item.property.primitive
            assert kind is not None
            sql = expressions.canonical(expressions.operand(item.expression), kind)
            cells.append(Cell(item.property, self.dialect.canonical[kind], selection.add(sql)))
        return cells

    def _own_place(self, selection: Selection, sql: Any, scope: Scope) -> int:
        """Select an expression, once only if it is a column of the level's own table."""
        own = isinstance(sql, sa.ColumnClause) and sql.table is scope.alias
        return selection.raw(sql.name) if own else selection.add(sql)

    def count(self, read: Read, *, exact: bool) -> Statement:
        """Compile the count of the entities that pass a read's filter."""
        binds = self.dialect.binds()
        expressions = Expressions(self.database, binds, count(), exact=exact, restrictions=read.restrictions)
        scope, conditions = self._source(read.source, expressions, read.query.variable)
        if read.query.filter is not None:
            conditions.append(expressions.condition(read.query.filter))
        return self.dialect.render(sa.select(sa.func.count()).select_from(scope.source).where(*conditions), binds)

    def _source(self, source: Source, expressions: Expressions, variable: Variable) -> tuple[Scope, list[Sql]]:
        """Open the scope that a source leads to; return it, and the conditions that narrow it."""
        table = self.database.sets[source.set]
        scope = expressions.scope(table, variable.depth)
        conditions: list[Sql] = []
        keyed = False
        for step in source.steps:
            if isinstance(step, ByKey):
                conditions += key_equals(expressions, scope, variable, step)
                keyed = True
            elif isinstance(step, Filtered):
                conditions.append(expressions.condition(step.condition))
            elif isinstance(step, OfType):
                conditions += scope.table.is_of(scope.alias, step.type)
            else:
                scope = self._along(expressions, scope, step, conditions, variable)
                keyed = not step.navigation.collection
        return scope, conditions if keyed else conditions + key_conditions(scope)

    def _along(
        self, expressions: Expressions, near: Scope, step: Along, conditions: list[Sql], variable: Variable
    ) -> Scope:
        table = self.database.tables[step.navigation.target]
        scope = expressions.scope(table, variable.depth)
        link = self.database.links[step.navigation]
        conditions += scope.follow(near.alias, link) + table.is_of(scope.alias, step.navigation.target)
        if not step.navigation.collection:
            conditions += has_key(table, scope.alias, link)
        scope.source = sa.join(near.source, scope.source, sa.true())
        scope.members += near.members
        return scope

    # --- expanded levels

    def _parent_columns(self, selection: Selection, item: Expand) -> tuple[int, ...]:
        link = self.database.links[item.navigation]
        columns = selection.own.c
        leaving = ((name, link.leaving(place, columns[name])) for place, (name, _) in enumerate(link.pairs))
        return tuple(selection.raw(name) if sql is columns[name] else selection.add(sql) for name, sql in leaving)

    def _inner(self, item: Expand, parent: tuple[int, ...], limits: tuple[Restriction, ...]) -> Inner:
        """Compile an expanded navigation."""
        query, navigation = item.query, item.navigation
        link = self.database.links[navigation]
        numbered = len(link.pairs) > 1 or not link.exact
        statement, described = self._inner_statement(item, link, numbered, limits, exact=False)
        inner = tuple(self._inner(e, place, limits) for e, place in zip(query.expand, described.parents, strict=True))
        convert, shaped = self._conversion(query, described)
        exact = cache(lambda: self._inner_statement(item, link, numbered, limits, exact=True)[0])
        level = Level(statement, exact, convert, inner, (), shaped)
        return Inner(
            level,
            parent,
            described.child,
            numbered,
            navigation.collection,
            query.count,
            described.window,
            described.total,
            query.top,
            query.skip,
        )

    def _inner_statement(
        self, item: Expand, link: Link, numbered: bool, limits: tuple[Restriction, ...], *, exact: bool
    ) -> tuple[Statement, Described]:
        query = item.query
        binds = self.dialect.binds()
        expressions = Expressions(self.database, binds, count(), exact=exact, restrictions=limits)
        scope = expressions.scope(self.database.tables[item.navigation.target], query.variable.depth)
        met, conditions = self._meet(scope, link, numbered, binds)
        conditions += key_conditions(scope) + scope.table.is_of(scope.alias, item.navigation.target)
        if query.filter is not None:
            conditions.append(expressions.condition(query.filter))
        selection = Selection(scope)
        cells = self._cells(selection, expressions, scope, query)
        parents = [self._parent_columns(selection, e) for e in query.expand]
        part_cells = selection.part_cells(scope.table, query)
        child = self._own_place(selection, met, scope)
        order = distinct_order(total_order(query, expressions)) if item.navigation.collection else []
        described = Described(len(selection.columns), cells, parents, [], part_cells, child)
        if not item.navigation.collection or (query.top is None and query.skip is None):
            statement = sa.select(*selection.columns).select_from(scope.source).where(*conditions)
            statement = statement.order_by(met, *order) if item.navigation.collection else statement
            return self.dialect.render(statement, binds), described
        statement = _windowed(query, selection, scope, conditions, met, order, binds, described)
        return self.dialect.render(statement, binds), described

    def _meet(self, scope: Scope, link: Link, numbered: bool, binds: Binds) -> tuple[Any, list[Sql]]:
        """Return the column that tells a row's parent, and the conditions that tie it to the parents' keys."""
        far: Any = scope.alias
        if link.through is not None:
            far = scope.new_alias(link.through)
            scope.onward(far, link)
        columns = [link.met(place, far.c[name]) for place, (_, name) in enumerate(link.pairs)]
        if not numbered:
            return columns[0], [self.dialect.among(columns[0], binds, link)]
        rows, number, keys = self.dialect.key_rows(binds, link)
        named = link.collations or ("",) * len(columns)
        tied = [collated(c, name) == k for c, k, name in zip(columns, keys, named, strict=True)]
        scope.source = sa.join(rows, scope.source, sa.and_(*tied))
        return number, []


def _offset(query: Query, binds: Binds) -> Sql:
    # Always written, or SQLAlchemy adds a parameter of its own to LIMIT.
    return binds.slot(query.skip.slot) if query.skip is not None else literal("0")


def _windowed(
    query: Query,
    selection: Selection,
    scope: Scope,
    conditions: list[Sql],
    met: Any,
    order: list[Any],
    binds: Binds,
    described: Described,
) -> Any:
    """Return the rows of each parent's window, numbered; where all are counted, the first of each parent as well."""
    number = sa.func.row_number().over(partition_by=met, order_by=order)
    described.window = selection.add(number)
    if query.count:
        described.total = selection.add(sa.func.count().over(partition_by=met))
    described.width = len(selection.columns)
    rows = sa.select(*selection.columns).select_from(scope.source).where(*conditions).subquery("siblings")
    place = rows.c[f"c{described.window}"]
    wanted: list[Sql] = []
    if query.skip is not None:
        wanted.append(place > binds.slot(query.skip.slot))
    if query.top is not None:
        least = binds.slot(query.skip.slot) if query.skip is not None else literal("0")
        wanted.append(place - least <= binds.slot(query.top.slot))
    condition = sa.and_(*wanted)
    if query.count:
        condition = sa.or_(condition, place == literal("1"))
    return sa.select(*rows.c).where(condition).order_by(rows.c[f"c{described.child}"], place)


def _arguments(query: Query) -> int:
    """Return how many arguments the row factory takes after the values: for a count one more."""
    counts = [*(item.query.count for item in query.expand), *(part.count for part in query.parts)]
    return len(counts) + sum(counts)


def _itself(value: Any) -> Any:
    return value


def key_equals(expressions: Expressions, scope: Scope, variable: Variable, step: ByKey) -> list[Sql]:
    """Return the conditions that the row of a scope has the key of a step."""
    conditions = []
    for item, parameter in zip(scope.table.type.key, step.key, strict=True):
        kind = item.primitive
        assert kind is not None
        field = PropertyField(Variable(variable.name, variable.depth, scope.table.type), (), (item,), kind)
        conditions.append(expressions.equals(field, parameter))
    return conditions
