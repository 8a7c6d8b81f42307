"""Foreign keys as navigation properties, both ways, and how they are named.

To one: the key column's name without its ``_ID``; to many: the referring table's name; over a pure link table: the
other table's name. Where that is taken by a property or wanted twice, the column's name is added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from demotic.model import EntityType, NavigationProperty, Property
from demotic.store.sql.reflection._catalogue import Catalogue
from demotic.store.sql.reflection._meeting import Forms
from demotic.store.sql.reflection._names import identifier, unique, without_key_suffix
from demotic.store.sql.reflection._tables import Reference, TableFacts
from demotic.store.sql.storage._mapping import DatabaseMap, Link, Table

_ON_DELETE = {"CASCADE": "Cascade", "SET NULL": "SetNull", "SET DEFAULT": "SetDefault", "NO ACTION": "None"}


@dataclass(eq=False, slots=True)
class Way:
    """A navigation property to be: who has it, where it leads, its name if free and its name if not."""

    owner: Table
    target: Table
    short: str
    long: str
    collection: bool
    nullable: bool
    link: Link
    partner: Way | None = None
    on_delete: str | None = None
    constrained: bool = False


def link_table(facts: TableFacts) -> bool:
    """Whether a table is nothing but a link: two foreign keys that are all of its columns, and unique together."""
    if facts.is_view or len(facts.references) != 2:
        return False
    columns = [column for reference in facts.references for column in reference.columns]
    everything = {column.name for column in facts.columns}
    unique_together = {frozenset(facts.key), *map(frozenset, facts.unique)}
    return len(columns) == len(everything) and set(columns) == everything and frozenset(columns) in unique_together


def add_navigation(
    tables: dict[str, Table], facts: dict[str, TableFacts], found: DatabaseMap, catalogue: Catalogue
) -> None:
    """Add navigation to the types of all published ``tables``, and the links to ``found``."""
    published = {name.casefold(): table for name, table in tables.items()}
    spelled = {name.casefold(): fact for name, fact in facts.items()}
    ways: list[Way] = []
    for name in facts:
        if name in tables:
            for reference in facts[name].references:
                ways += _both_ways(facts[name], tables[name], reference, published, spelled, catalogue)
        elif link_table(facts[name]):
            ways += _across(facts[name], published, spelled, catalogue)
    for table in tables.values():
        _name([way for way in ways if way.owner is table], table.type)
    _join(ways, found)


def _targets(reference: Reference, target: TableFacts) -> tuple[str, ...]:
    """Return the referenced columns as the target spells them; left out, they are its key."""
    spelled = {column.name.casefold(): column.name for column in target.columns}
    return tuple(spelled.get(c.casefold(), "") for c in reference.targets) or target.key


def _identify(facts: TableFacts, columns: Collection[str]) -> bool:
    """Whether no two rows of a table agree in these columns."""
    return any(set(key) <= set(columns) for key in (facts.key, *facts.unique) if key)


def _both_ways(
    facts: TableFacts,
    table: Table,
    reference: Reference,
    published: dict[str, Table],
    spelled: dict[str, TableFacts],
    catalogue: Catalogue,
) -> Iterable[Way]:
    target = published.get(reference.table.casefold())
    if target is None:
        return ()
    target_facts = spelled[reference.table.casefold()]
    columns, targets = reference.columns, _targets(reference, target_facts)
    if len(columns) != len(targets) or "" in targets or not set(columns) <= {c.name for c in facts.columns}:
        return ()
    if not _identify(target_facts, targets):
        return ()  # several rows would stand where one is meant; to SQLite too that is no foreign key, but a mismatch
    mine, theirs = [facts.column(c) for c in columns], [target_facts.column(t) for t in targets]
    there, back = common_forms(catalogue, mine, theirs), common_forms(catalogue, theirs, mine)
    joined = "_".join(map(identifier, columns))
    to_one = identifier(without_key_suffix(columns[0])) if len(columns) == 1 else target.type.name
    forward = tuple(zip(columns, targets, strict=True))
    named = catalogue.collations(zip(mine, theirs, strict=True))
    backward = tuple((t, c) for c, t in forward)
    alike = all(catalogue.alike(a, b) for a, b in zip(mine, theirs, strict=True))
    nullable = not all(facts.column(c).not_null for c in columns)
    one = Way(
        table,
        target,
        to_one,
        f"{target.type.name}_{joined}",
        False,
        nullable,
        Link(
            forward,
            own=True,
            exact=is_exact(alike, there, named),
            collations=named,
            forms=there,
            kinds=tuple(map(catalogue.native, theirs)),
        ),
    )
    single = {frozenset(columns)} & {frozenset(facts.key), *map(frozenset, facts.unique)}
    many = Way(
        target,
        table,
        table.type.name,
        f"{table.type.name}_{joined}",
        not single,
        True,
        Link(
            backward,
            exact=is_exact(alike, back, named),
            collations=named,
            forms=back,
            kinds=tuple(map(catalogue.native, mine)),
        ),
    )
    one.partner, many.partner, one.constrained = many, one, True
    many.on_delete = _ON_DELETE.get(reference.on_delete)
    return one, many


def _across(
    facts: TableFacts, published: dict[str, Table], spelled: dict[str, TableFacts], catalogue: Catalogue
) -> Iterable[Way]:
    sides = [published.get(reference.table.casefold()) for reference in facts.references]
    left, right = sides
    if left is None or right is None:
        return ()
    ends = []
    for reference in facts.references:
        far = spelled[reference.table.casefold()]
        targets = _targets(reference, far)
        if len(targets) != len(reference.columns) or "" in targets or not _identify(far, targets):
            return ()
        pairs = tuple(zip(targets, reference.columns, strict=True))
        mine, theirs = [facts.column(c) for c in reference.columns], [far.column(t) for t in targets]
        alike = all(catalogue.alike(a, b) for a, b in zip(mine, theirs, strict=True))
        named = catalogue.collations(zip(mine, theirs, strict=True))
        forms, onward = common_forms(catalogue, theirs, mine), common_forms(catalogue, mine, theirs)
        kinds = tuple(map(catalogue.native, mine))
        ends.append(_End(pairs, is_exact(alike, forms, named), named, forms, onward, kinds))
    there = _over(facts, left, right, *ends)
    back = _over(facts, right, left, *reversed(ends))
    there.partner, back.partner = back, there
    return there, back


_Pairs = tuple[tuple[str, str], ...]
_Forms = tuple[Forms | None, ...]


@dataclass(frozen=True, slots=True)
class _End:
    """One side of a link table: pairs of the table's columns and the link's, and how they compare, both ways."""

    pairs: _Pairs
    exact: bool
    collations: tuple[str, ...]
    forms: _Forms
    onward: _Forms
    kinds: tuple[str, ...]


def _over(facts: TableFacts, owner: Table, target: Table, near: _End, far: _End) -> Way:
    columns = "_".join(identifier(c) for _, c in far.pairs)
    clause = facts.clause()
    onward = tuple((c, t) for t, c in far.pairs)
    link = Link(
        near.pairs,
        through=clause,
        onward=onward,
        exact=near.exact,
        collations=near.collations,
        onward_collations=far.collations,
        forms=near.forms,
        onward_forms=far.onward,
        kinds=near.kinds,
    )
    return Way(owner, target, target.type.name, f"{target.type.name}_{columns}", True, True, link)


def common_forms(catalogue: Catalogue, near: Sequence[Any], far: Sequence[Any]) -> _Forms:
    """Return the forms in which pairs of columns compare, none if all do as they stand."""
    forms = tuple(catalogue.forms(a, b) for a, b in zip(near, far, strict=True))
    return forms if any(forms) else ()


def is_exact(alike: bool, forms: _Forms, collations: tuple[str, ...]) -> bool:
    """Whether values of the one side and those they meet are alike outside of SQLite too: common forms are."""
    return len(forms) == 1 and not collations if forms else alike


def _name(ways: list[Way], kind: EntityType) -> None:
    """Give each way of one type its name: the short one if nothing else of the type has or wants it."""
    wanted = Counter(way.short.casefold() for way in ways)
    used = {name.casefold() for name in kind.properties}
    for way in ways:
        alone = wanted[way.short.casefold()] == 1 and way.short.casefold() not in used
        way.short = unique(way.short if alone else way.long, used)
        used.add(way.short.casefold())


def _join(ways: list[Way], found: DatabaseMap) -> None:
    built: dict[int, NavigationProperty] = {}
    for way in ways:
        navigation = NavigationProperty(way.short, way.target.type, way.collection, way.nullable)
        navigation.on_delete = way.on_delete
        if way.constrained:
            navigation.constraints = _constraints(way)
        way.owner.type.navigation[way.short] = navigation
        found.links[navigation] = way.link
        built[id(way)] = navigation
    for way in ways:
        built[id(way)].partner = built[id(way.partner)] if way.partner is not None else None
    by_type = {table.type: entity_set for entity_set, table in found.sets.items()}
    for entity_set, table in found.sets.items():
        for name, navigation in table.type.navigation.items():
            entity_set.bindings[name] = by_type[navigation.target]


def _constraints(way: Way) -> tuple[tuple[Property, Property], ...]:
    mine = {column.name: column.property for column in way.owner.columns.values()}
    theirs = {column.name: column.property for column in way.target.columns.values()}
    pairs = tuple((mine[c], theirs[t]) for c, t in way.link.pairs)
    # A dependent property has the type of its principal (CSDL 4.01, section 8.5); without that, it is not declared one.
    return pairs if all(a.type is b.type for a, b in pairs) else ()
