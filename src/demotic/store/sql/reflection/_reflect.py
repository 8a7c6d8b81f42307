"""Reflection: a database's tables as a model, and the map back from its objects to the tables and columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from demotic.model import (
    BINARY,
    Annotation,
    EntityContainer,
    EntitySet,
    EntityType,
    Include,
    Model,
    Reference,
    Schema,
)
from demotic.store.sql._errors import InvalidSelection, NothingToPublish
from demotic.store.sql.reflection._catalogue import Catalogue
from demotic.store.sql.reflection._defaults import CORE
from demotic.store.sql.reflection._names import identifier, identifiers, unique
from demotic.store.sql.reflection._navigation import add_navigation, link_table
from demotic.store.sql.reflection._tables import TableFacts
from demotic.store.sql.storage._mapping import DatabaseMap, Table

_CORE_URI: Final = "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml"


def reflect(
    catalogue: Catalogue,
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
    names = catalogue.tables()
    wanted = _select([name for name, _ in names], include, exclude)
    keyed = {name for name, _ in names if {name, identifier(name)} & (view_keys or {}).keys()}
    left_out: list[tuple[str, str]] = []
    facts: dict[str, TableFacts] = {}
    for name, is_view in names:
        if _matches(name, exclude):
            continue
        try:
            # A view without a key is left out in any case: it may be slow, so it is not run.
            facts[name] = catalogue.read(name, is_view=is_view, sampled=not is_view or name in keyed)
        except catalogue.failures as error:
            left_out.append((name, f"it cannot be read: {error}"))
    keys = _keys(facts, view_keys or {})
    catalogue.look_everywhere(facts, wanted & facts.keys())
    published = {}
    for name in wanted & facts.keys():
        reason = _unpublished(facts[name], keys.get(name, ()), catalogue)
        if reason:
            left_out.append((name, reason))
        elif not link_table(facts[name]):
            published[name] = facts[name]
    stated = _stated(facts, view_keys or {})
    identities = catalogue.look_at_keys(published, keys, stated)
    for name, example in identities.repeated.items():
        left_out.append((name, _not_unique(name, example, stated)))
        del published[name]
    if not published:
        raise NothingToPublish(
            "no table or view of the database can be published",
            hint=_reasons(left_out) or _why_none([name for name, _ in names]),
        )
    model, found = _build(
        {name: published[name] for name in facts if name in published}, facts, keys, namespace, left_out, catalogue
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


def _unpublished(facts: TableFacts, key: tuple[str, ...], catalogue: Catalogue) -> str:
    """Return why a table cannot be published, or nothing."""
    if not key:
        return (
            "a view needs a key to be stated"
            if facts.is_view
            else "it has no primary key, nor a unique one without nulls"
        )
    kinds = {name: catalogue.type_of(facts.column(name)) for name in key}
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
    catalogue: Catalogue,
) -> tuple[Model, DatabaseMap]:
    names = identifiers(published)
    schema = Schema(namespace)
    used = {name.casefold() for name in names.values()}
    schema.container = EntityContainer(unique("Container", used))
    found = DatabaseMap({}, {}, {}, tuple(sorted(left_out)))
    tables = {}
    for name, table_facts in published.items():
        table = _table(table_facts, keys[name], namespace, names[name], catalogue)
        found.notes.extend(catalogue.notes(table_facts, table))
        entity_set = EntitySet(names[name], table.type)
        schema.types[table.type.name] = table.type
        schema.container.sets[entity_set.name] = entity_set
        tables[name] = found.tables[table.type] = found.sets[entity_set] = table
    add_navigation(tables, facts, found, catalogue)
    core = Reference(_CORE_URI, (Include(CORE, "Core"),))
    return Model({namespace: schema}, [core]), found


def _table(facts: TableFacts, key: tuple[str, ...], namespace: str, name: str, catalogue: Catalogue) -> Table:
    names = identifiers(column.name for column in facts.columns)
    kind = EntityType(namespace, name)
    columns = {}
    for column in facts.columns:
        built = catalogue.column(
            column, names[column.name], in_key=column.name in key, is_rowid=column.name == facts.rowid
        )
        columns[built.property] = built
        kind.properties[built.property.name] = built.property
    by_name = {column.name: column for column in columns.values()}
    kind.own_key = tuple(by_name[c].property for c in key)
    null_key = tuple(by_name[c] for c in key if not facts.column(c).not_null)
    clause = facts.clause()
    if facts.comment:
        kind.annotations.append(Annotation(f"{CORE}.Description", facts.comment))
    own_key = tuple(by_name[c] for c in key)
    return Table(facts.name, kind, columns, own_key, null_key, writable=not facts.is_view, clause=clause)
