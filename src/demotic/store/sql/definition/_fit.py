"""A given model over tables that are there: what stands behind each of its objects, or how the two differ.

Tables and columns are found by the names of the layout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from demotic.errors import DemoticError
from demotic.model import EntityType, NavigationProperty, Property
from demotic.store.media import streams_of
from demotic.store.sql._errors import NotInThisStore, TablesDiffer
from demotic.store.sql.definition._fitting import Fitting
from demotic.store.sql.definition._joining import link_between, link_through
from demotic.store.sql.definition._plans import ColumnPlan, Layout, TablePlan, WayPlan
from demotic.store.sql.reflection._tables import TableFacts
from demotic.store.sql.storage._mapping import Chunks, Column, DatabaseMap, Link, Table


class Links(dict[NavigationProperty, Link]):
    """Links by navigation property; one that is kept nowhere is refused when it is followed."""

    def __missing__(self, navigation: NavigationProperty) -> Link:
        raise NotInThisStore(f"{navigation.name} is kept in no table", target=navigation.name)


def fit(fitting: Fitting, layout: Layout) -> DatabaseMap:
    """Return the map from a layout's model to the tables of a database. Raises `TablesDiffer` where they do not fit."""
    there = {fitting.key(name): (name, is_view) for name, is_view in fitting.catalogue.tables()}
    facts: dict[str, TableFacts] = {}
    findings: list[str] = []
    optional = {id(plan.media.chunks) for plan in layout.tables.values() if plan.media is not None}
    for name, plan in layout.tables.items():
        if fitting.key(name) not in there:
            if id(plan) in optional:
                continue
            findings.append(f"there is no table {name}")
            continue
        real, is_view = there[fitting.key(name)]
        found = fitting.catalogue.read(real, is_view=is_view, sampled=True)
        problems = list(_differences(fitting, plan, found))
        findings += problems
        if not problems:
            facts[name] = fitting.planned(plan, found)
    if findings:
        first, *rest = findings
        raise TablesDiffer(
            first,
            hint=f"and {len(rest)} more differences" if rest else None,
            details=tuple(DemoticError(text) for text in rest),
        )
    return _map(fitting, layout, facts)


# --- what is there, and what should be


def _differences(fitting: Fitting, plan: TablePlan, found: TableFacts) -> Iterator[str]:
    key = fitting.key
    known = {key(column.name): column for column in found.columns}
    planned = {key(column.name) for column in plan.columns}
    for column in plan.columns:
        facts = known.get(key(column.name))
        if facts is None and column.optional:
            continue
        if facts is None:
            yield f"{plan.name} has no column {column.name}"
        elif not fitting.fits(column, facts):
            wanted = "JSON as text" if column.kind is None else column.kind.qualified_name
            kind = fitting.catalogue.type_of(facts).qualified_name
            yield f"{plan.name}.{column.name} keeps {kind}, the model has {wanted}"
        elif facts.generated and not column.made and not column.hidden:
            yield f"{plan.name}.{column.name} is computed by the database, in the model it is not"
    for facts in found.columns:
        if key(facts.name) not in planned and not found.is_view and fitting.needs_value(facts, found):
            yield f"{plan.name}.{facts.name} must have a value, but the model does not know it"
    names = {key(name) for name in plan.key}
    keys = [{key(name) for name in columns} for columns in (found.key, *found.unique)]
    if not found.is_view and names not in keys:
        yield f"the key of {plan.name} is {', '.join(found.key) or 'none'}, in the model {', '.join(plan.key)}"


# --- the map


def _map(fitting: Fitting, layout: Layout, facts: dict[str, TableFacts]) -> DatabaseMap:
    made = {
        name: _table(fitting, plan, facts[name], facts) for name, plan in layout.tables.items() if plan.type is not None
    }
    found = DatabaseMap(
        {kind: made[plan.name] for kind, plan in layout.types.items()},
        {entity_set: made[plan.name] for entity_set, plan in layout.sets.items()},
        Links({item: _link(fitting, way, facts) for item, way in layout.ways.items()}),
    )
    found.notes.extend(layout.notes)
    for table in found.sets.values():
        if not table.media and streams_of(table.type):
            found.notes.append((table.name, "what its streams hold is kept nowhere: its tables were made without them"))
    return found


def _table(fitting: Fitting, plan: TablePlan, facts: TableFacts, every: dict[str, TableFacts]) -> Table:
    assert plan.type is not None
    known = {fitting.key(column.name) for column in facts.columns}
    columns = {
        column.path: _column(fitting, column, facts)
        for column in plan.columns
        if not column.optional or fitting.key(column.name) in known
    }
    top = {path[0]: column for path, column in columns.items() if len(path) == 1}
    key = tuple(top[item] for item in plan.type.key)
    return Table(
        facts.name,
        plan.type,
        top,
        key,
        tuple(column for column in key if not _facts(fitting, facts, column.name).not_null),
        writable=not facts.is_view,
        clause=facts.clause(),
        parts={path: column for path, column in columns.items() if len(path) > 1},
        media=_media(fitting, plan, every, top),
        kind=_facts(fitting, facts, plan.kind).name if plan.kind else "",
        kinds=_kinds(plan),
    )


def _media(
    fitting: Fitting, plan: TablePlan, facts: dict[str, TableFacts], known: Collection[Property]
) -> Chunks | None:
    """Return where the streams of a table's entities are kept, ``None`` if that is not there."""
    if plan.media is None or plan.media.chunks.name not in facts:
        return None
    if any(item not in known for stream in plan.media.streams for item in stream.facts):
        return None
    chunks, found = plan.media.chunks, facts[plan.media.chunks.name]
    *key, stream, number, content = (_facts(fitting, found, column.name).name for column in chunks.columns)
    return Chunks(found.clause(), tuple(key), stream, number, content, {s.name: s for s in plan.media.streams})


def _kinds(plan: TablePlan) -> dict[EntityType, tuple[str, ...]]:
    """Return, for each type that a table keeps, the names of those that entities of it are of."""
    kinds = [plan.type, *plan.heirs] if plan.type is not None and plan.heirs else []
    return {
        base: tuple(kind.qualified_name for kind in kinds if base in kind.lineage() and not kind.abstract)
        for base in kinds
    }


def _column(fitting: Fitting, plan: ColumnPlan, facts: TableFacts) -> Column:
    column = _facts(fitting, facts, plan.name)
    storage = fitting.storage(plan, column, facts)
    collation = fitting.catalogue.column(column, column.name, in_key=False, is_rowid=False).collation
    return Column(column.name, plan.property, storage, collation=collation if plan.kind is not None else "")


def _facts(fitting: Fitting, facts: TableFacts, name: str) -> Any:
    return next(column for column in facts.columns if fitting.key(column.name) == fitting.key(name))


def _link(fitting: Fitting, way: WayPlan, facts: dict[str, TableFacts]) -> Link:
    source, target = facts[way.source.name], facts[way.target.name]
    if way.through is None:
        return link_between(source, target, way.pairs, fitting.catalogue, own=way.own)
    return link_through(facts[way.through.name], source, target, way.pairs, way.onward, fitting.catalogue)
