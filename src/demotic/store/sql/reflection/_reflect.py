"""Reflection: a database's tables as a model, and the map back from its objects to the tables and columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from time import monotonic
from typing import Final

import sqlalchemy as sa

from demotic.model import (
    BINARY,
    STRING,
    EntityContainer,
    EntitySet,
    EntityType,
    Include,
    Model,
    Reference,
    Schema,
)
from demotic.store.sql._errors import InvalidSelection, NothingToPublish
from demotic.store.sql.reflection._columns import CORE, build_column, type_of
from demotic.store.sql.reflection._detect import has_forms
from demotic.store.sql.reflection._identity import look_at_keys
from demotic.store.sql.reflection._names import identifier, identifiers, unique
from demotic.store.sql.reflection._navigation import add_navigation, link_table
from demotic.store.sql.reflection._tables import ColumnFacts, TableFacts, odd_values, read_table, read_tables
from demotic.store.sql.storage._mapping import DatabaseMap, Table

LOOKING: Final = 0.3
"""The seconds that may be spent, when a store is opened, on looking at every value."""
_CORE_URI: Final = "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml"


def reflect(
    connection: sqlite3.Connection,
    *,
    namespace: str,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    view_keys: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Model, DatabaseMap]:
    """Return the model of a database and the map behind it.

    ``include`` and ``exclude`` are patterns of table names (``*`` and ``?``, case counts); ``view_keys`` names the key
    columns of views, and of tables without one. Raises `InvalidSelection` if one of them fits nothing, and
    `NothingToPublish` if no table is left.
    """
    names = read_tables(connection)
    wanted = _select([name for name, _ in names], include, exclude)
    keyed = {name for name, _ in names if {name, identifier(name)} & (view_keys or {}).keys()}
    left_out: list[tuple[str, str]] = []
    facts: dict[str, TableFacts] = {}
    for name, is_view in names:
        if _matches(name, exclude):
            continue
        try:
            # A view without a key is left out in any case: it may be slow, so it is not run.
            facts[name] = read_table(connection, name, is_view, sampled=not is_view or name in keyed)
        except sqlite3.Error as error:
            left_out.append((name, f"it cannot be read: {error}"))
    keys = _keys(facts, view_keys or {})
    _look_everywhere(connection, facts, wanted)
    published = {}
    for name in wanted & facts.keys():
        reason = _unpublished(facts[name], keys.get(name, ()))
        if reason:
            left_out.append((name, reason))
        elif not link_table(facts[name]):
            published[name] = facts[name]
    stated = _stated(facts, view_keys or {})
    identities = look_at_keys(connection, published, keys, stated)
    for name, example in identities.repeated.items():
        left_out.append((name, _not_unique(name, example, stated)))
        del published[name]
    if not published:
        raise NothingToPublish(
            "no table or view of the database can be published",
            hint=_reasons(left_out) or _why_none([name for name, _ in names]),
        )
    model, found = _build(
        {name: published[name] for name in facts if name in published}, facts, keys, namespace, left_out
    )
    found.notes.extend(identities.notes)
    return model, found


def _not_unique(name: str, example: str, stated: set[str]) -> str:
    """Return why a table is left out whose key is repeated. Raises `InvalidSelection` if the key was stated."""
    if name in stated:
        raise InvalidSelection(
            f"the key stated for {name!r} does not identify its rows: several have {example}",
            target=name,
            hint="state columns whose values together are different in every row",
        )
    return f"its key does not identify its rows: several have {example}, kept in different forms"


def _look_everywhere(connection: sqlite3.Connection, facts: dict[str, TableFacts], wanted: set[str]) -> None:
    """Look for values that no sample showed, as long as there is time: of each table that columns have forms in."""
    end = monotonic() + LOOKING
    connection.set_progress_handler(lambda: int(monotonic() > end), 20_000)
    try:
        for name in sorted(wanted & facts.keys()):
            table = facts[name]
            if not table.is_view:
                facts[name] = replace(table, columns=tuple(_looked_at(connection, name, c) for c in table.columns))
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
    finally:
        connection.set_progress_handler(None, 0)


def _looked_at(connection: sqlite3.Connection, table: str, column: ColumnFacts) -> ColumnFacts:
    if column.declared.type is None or not has_forms(column.declared.type) or not column.sample:
        return column
    return replace(column, odd=odd_values(connection, table, column.name, column.sample))


def _select(names: list[str], include: Sequence[str], exclude: Sequence[str]) -> set[str]:
    for pattern in (*include, *exclude):
        if not pattern or not any(fnmatchcase(name, pattern) for name in names):
            raise InvalidSelection(
                f"no table or view is called {pattern!r}", target=pattern, hint=f"there are: {', '.join(names)[:500]}"
            )
    return {n for n in names if (not include or _matches(n, include)) and not _matches(n, exclude)}


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _keys(facts: dict[str, TableFacts], stated: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return the key columns of each table: stated, or the primary key, or the shortest unique one without nulls."""
    keys = {}
    for name, table in facts.items():
        unique_keys = (c for c in table.unique if all(table.column(n).not_null for n in c))
        keys[name] = table.key or next(unique_keys, ())
    spelled = _spelled(facts)
    for name, columns in stated.items():
        found = spelled.get(name)
        if found is None:
            raise InvalidSelection(f"a key is stated for {name!r}, which is no table or view", target=name)
        if facts[found].key:
            raise InvalidSelection(f"a key is stated for {name!r}, which has a primary key", target=name)
        known = {identifier(c.name): c.name for c in facts[found].columns} | {
            c.name: c.name for c in facts[found].columns
        }
        missing = [column for column in columns if column not in known]
        if missing or not columns:
            raise InvalidSelection(
                f"{name!r} has no column {', '.join(map(repr, missing))}",
                target=name,
                hint=f"it has: {', '.join(known)}",
            )
        keys[found] = tuple(known[column] for column in columns)
    return keys


def _spelled(names: Iterable[str]) -> dict[str, str]:
    """Return tables by what they may be called: by their names, and by their identifiers."""
    given = list(names)
    return {identifier(name): name for name in given} | {name: name for name in given}


def _stated(facts: Iterable[str], stated: Iterable[str]) -> set[str]:
    """Return the tables that a key is stated for."""
    spelled = _spelled(facts)
    return {spelled[name] for name in stated}


def _unpublished(facts: TableFacts, key: tuple[str, ...]) -> str:
    """Return why a table cannot be published, or nothing."""
    if not key:
        return (
            "a view needs a key to be stated"
            if facts.is_view
            else "it has no primary key, nor a unique one without nulls"
        )
    kinds = {name: type_of(facts.column(name)) for name in key}
    binary = [name for name, kind in kinds.items() if kind is BINARY]
    return f"its key {', '.join(binary)} is binary" if binary else ""


def _reasons(left_out: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{name}: {reason}" for name, reason in left_out)


def _why_none(names: list[str]) -> str:
    if not names:
        return "it has no tables"
    return f"the patterns to include and exclude leave nothing over of what there is: {', '.join(names)[:500]}"


def _build(
    published: dict[str, TableFacts],
    facts: dict[str, TableFacts],
    keys: dict[str, tuple[str, ...]],
    namespace: str,
    left_out: list[tuple[str, str]],
) -> tuple[Model, DatabaseMap]:
    names = identifiers(published)
    schema = Schema(namespace)
    used = {name.casefold() for name in names.values()}
    schema.container = EntityContainer(unique("Container", used))
    found = DatabaseMap({}, {}, {}, tuple(sorted(left_out)))
    tables = {}
    for name, table_facts in published.items():
        table = _table(table_facts, keys[name], namespace, names[name])
        found.notes.extend(_notes(table_facts, table))
        entity_set = EntitySet(names[name], table.type)
        schema.types[table.type.name] = table.type
        schema.container.sets[entity_set.name] = entity_set
        tables[name] = found.tables[table.type] = found.sets[entity_set] = table
    add_navigation(tables, facts, found)
    core = Reference(_CORE_URI, (Include(CORE, "Core"),))
    return Model({namespace: schema}, [core]), found


def _table(facts: TableFacts, key: tuple[str, ...], namespace: str, name: str) -> Table:
    names = identifiers(column.name for column in facts.columns)
    kind = EntityType(namespace, name)
    columns = {}
    for column in facts.columns:
        built = build_column(column, names[column.name], column.name in key, column.name == facts.rowid)
        columns[built.property] = built
        kind.properties[built.property.name] = built.property
    by_name = {column.name: column for column in columns.values()}
    kind.own_key = tuple(by_name[c].property for c in key)
    null_key = tuple(by_name[c] for c in key if not facts.column(c).not_null)
    clause = sa.table(facts.name, *(sa.column(c.name) for c in facts.columns))
    own_key = tuple(by_name[c] for c in key)
    return Table(facts.name, kind, columns, own_key, null_key, writable=not facts.is_view, clause=clause)


def _notes(facts: TableFacts, table: Table) -> Iterable[tuple[str, str]]:
    """Yield what the owner of the database should know of a table."""
    for column in facts.columns:
        declared = column.declared.type
        if declared is not None and declared is not STRING and type_of(column) is STRING:
            yield (
                f"{facts.name}.{column.name}",
                f"published as text: most of its values are no {declared.name.removeprefix('Edm.')}",
            )
