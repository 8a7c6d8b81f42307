"""A given model over tables that are there: what stands behind each of its objects, or how the two differ.

Tables and columns are found by the names of the layout. How a column keeps its values is found out as in reflection,
with the type that the model says in place of the declared one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import sqlalchemy as sa

from demotic.errors import DemoticError
from demotic.model import (
    BINARY,
    BOOLEAN,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    DURATION,
    GUID,
    INTEGER_RANGES,
    SINGLE,
    STRING,
    TIME_OF_DAY,
    NavigationProperty,
    PrimitiveType,
)
from demotic.store.sql._errors import NotInThisStore, TablesDiffer
from demotic.store.sql.definition._joining import link_between, link_through
from demotic.store.sql.definition._json import json_storage
from demotic.store.sql.definition._plans import ColumnPlan, Layout, TablePlan, WayPlan
from demotic.store.sql.definition._preferred import example
from demotic.store.sql.reflection._catalogue import Catalogue, SqliteCatalogue
from demotic.store.sql.reflection._columns import type_of
from demotic.store.sql.reflection._detect import detect
from demotic.store.sql.reflection._tables import ColumnFacts, TableFacts, read_table, read_tables
from demotic.store.sql.storage._mapping import Column, DatabaseMap, Link, Table
from demotic.store.sql.storage._storage import Storage, integer, trusted

_FITTING: Final[dict[PrimitiveType, tuple[PrimitiveType, ...]]] = {
    DECIMAL: (DOUBLE, SINGLE),
    DOUBLE: (DECIMAL, SINGLE),
    SINGLE: (DECIMAL, DOUBLE),
    DATE: (DATE_TIME_OFFSET, STRING),
    DATE_TIME_OFFSET: (DATE, STRING),
    TIME_OF_DAY: (STRING,),
    DURATION: (STRING,),
    GUID: (STRING, BINARY),
    BOOLEAN: (),
}
"""The types that a column may have been declared with, beside its own; whole numbers do for any number or Boolean."""


class Links(dict[NavigationProperty, Link]):
    """Links by navigation property; one that is kept nowhere is refused when it is followed."""

    def __missing__(self, navigation: NavigationProperty) -> Link:
        raise NotInThisStore(f"{navigation.name} is kept in no table", target=navigation.name)


def fit(connection: sqlite3.Connection, layout: Layout) -> DatabaseMap:
    """Return the map from a layout's model to the tables of a database. Raises `TablesDiffer` where they do not fit."""
    there = {name.casefold(): (name, is_view) for name, is_view in read_tables(connection)}
    facts: dict[str, TableFacts] = {}
    findings: list[str] = []
    for name, plan in layout.tables.items():
        if name.casefold() not in there:
            findings.append(f"there is no table {name}")
            continue
        found = read_table(connection, *there[name.casefold()])
        problems = list(_differences(plan, found))
        findings += problems
        if not problems:
            facts[name] = _as_planned(plan, found)
    if findings:
        first, *rest = findings
        raise TablesDiffer(
            first,
            hint=f"and {len(rest)} more differences" if rest else None,
            details=tuple(DemoticError(text) for text in rest),
        )
    return _map(layout, facts, SqliteCatalogue(connection))


# --- what is there, and what should be


def _differences(plan: TablePlan, found: TableFacts) -> Iterator[str]:
    known = {column.name.casefold(): column for column in found.columns}
    planned = {column.name.casefold() for column in plan.columns}
    for column in plan.columns:
        facts = known.get(column.name.casefold())
        if facts is None:
            yield f"{plan.name} has no column {column.name}"
        elif not _fits(column, facts):
            wanted = "JSON as text" if column.kind is None else column.kind.qualified_name
            yield f"{plan.name}.{column.name} keeps {type_of(facts).qualified_name}, the model has {wanted}"
        elif facts.generated and not column.made and not column.hidden:
            yield f"{plan.name}.{column.name} is computed by the database, in the model it is not"
    for facts in found.columns:
        needed = facts.not_null and facts.default is None and not facts.generated and facts.name != found.rowid
        if needed and facts.name.casefold() not in planned and not found.is_view:
            yield f"{plan.name}.{facts.name} must have a value, but the model does not know it"
    names = {name.casefold() for name in plan.key}
    keys = [found.key, *found.unique]
    if not found.is_view and names not in [{name.casefold() for name in key} for key in keys]:
        yield f"the key of {plan.name} is {', '.join(found.key) or 'none'}, in the model {', '.join(plan.key)}"


def _fits(column: ColumnPlan, facts: ColumnFacts) -> bool:
    wanted, declared = column.kind or STRING, facts.declared.type
    if declared is None or declared is wanted:
        return True
    if declared.name in INTEGER_RANGES:
        return wanted.numeric_rank > 0 or wanted in (BOOLEAN, DATE_TIME_OFFSET)
    return declared in _FITTING.get(wanted, ())


def _as_planned(plan: TablePlan, found: TableFacts) -> TableFacts:
    """Return the facts about a table with the names and types of the plan."""
    spelled = {column.name.casefold(): column for column in plan.columns}
    columns = tuple(
        _retyped(spelled[c.name.casefold()], c) if c.name.casefold() in spelled else c for c in found.columns
    )
    names = {c.name: spelled[c.name.casefold()].name for c in found.columns if c.name.casefold() in spelled}

    def renamed(given: Iterable[str]) -> tuple[str, ...]:
        return tuple(names.get(name, name) for name in given)

    return replace(
        found,
        columns=columns,
        key=renamed(found.key),
        rowid=None if found.rowid is None else names.get(found.rowid, found.rowid),
        unique=tuple(renamed(key) for key in found.unique),
    )


def _retyped(plan: ColumnPlan, facts: ColumnFacts) -> ColumnFacts:
    shown = example(plan)
    sample = facts.sample or (() if shown is None else (shown,))
    declared = replace(facts.declared, type=plan.kind or STRING)
    return replace(facts, name=plan.name, declared=declared, sample=sample)


# --- the map


def _map(layout: Layout, facts: dict[str, TableFacts], catalogue: Catalogue) -> DatabaseMap:
    made = {name: _table(plan, facts[name]) for name, plan in layout.tables.items() if plan.type is not None}
    found = DatabaseMap(
        {kind: made[plan.name] for kind, plan in layout.types.items()},
        {entity_set: made[plan.name] for entity_set, plan in layout.sets.items()},
        Links({item: _link(way, facts, catalogue) for item, way in layout.ways.items()}),
    )
    found.notes.extend(layout.notes)
    return found


def _table(plan: TablePlan, facts: TableFacts) -> Table:
    assert plan.type is not None
    columns = {column.path: _column(column, facts) for column in plan.columns}
    top = {path[0]: column for path, column in columns.items() if len(path) == 1}
    parts = {path: column for path, column in columns.items() if len(path) > 1}
    key = tuple(top[item] for item in plan.type.key)
    return Table(
        facts.name,
        plan.type,
        top,
        key,
        tuple(column for column in key if not facts.column(column.name).not_null),
        writable=not facts.is_view,
        clause=sa.table(facts.name, *(sa.column(column.name) for column in facts.columns)),
        parts=parts,
    )


def _column(plan: ColumnPlan, facts: TableFacts) -> Column:
    column = facts.column(plan.name)
    return Column(plan.name, plan.property, _storage(plan, column, facts), collation=column.collation)


def _storage(plan: ColumnPlan, column: ColumnFacts, facts: TableFacts) -> Storage:
    if plan.kind is None:
        return json_storage(plan.property)
    if column.name == facts.rowid and plan.kind.name in INTEGER_RANGES:
        return trusted(integer(plan.kind))
    return detect(plan.kind, column.declared.affinity, column.sample, column.odd)


def _link(way: WayPlan, facts: dict[str, TableFacts], catalogue: Catalogue) -> Link:
    source, target = facts[way.source.name], facts[way.target.name]
    if way.through is None:
        return link_between(source, target, way.pairs, catalogue, own=way.own)
    return link_through(facts[way.through.name], source, target, way.pairs, way.onward, catalogue)
