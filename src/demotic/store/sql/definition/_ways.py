"""Navigation in tables: which foreign key or link table keeps each navigation property.

With a referential constraint the constrained properties are the foreign key. Without one:

    to many, and back to many (or no way back)   a link table
    to many, and back to one                     a foreign key in the table of the many
    to one, and back to many (or no way back)    a foreign key in the own table
    to one, and back to one                      a foreign key, unique, on the side that must have the other
    contained                                    a foreign key in the table of the contained, part of its key

A foreign key may not be null where navigation to one must lead somewhere. OData CSDL XML 4.01, section 8.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from demotic.errors import Unsupported
from demotic.model import EntitySet, EntityType, NavigationProperty, Property, bound_to
from demotic.store._navigation import only_target
from demotic.store.sql.definition._plans import ColumnPlan, ReferencePlan, TablePlan, WayPlan

if TYPE_CHECKING:
    from demotic.store.sql.definition._layout import Builder

_MOST_CONTAINED: Final = 10
"""How many levels of contained entities may lie below a set."""


def add_ways(builder: Builder) -> None:
    """Add to a layout how all navigation of its tables is followed, and the tables that takes."""
    layout = builder.layout
    waiting = list(layout.sets.values())
    placed: list[tuple[TablePlan, NavigationProperty, TablePlan]] = []
    while waiting:
        table = waiting.pop(0)
        for navigation, kind in table.navigation().items():
            _ensure_one_start(table, navigation, placed)
            if navigation.contains_target:
                waiting.append(_contained(builder, table, navigation))
            target = _target(builder, table, navigation, kind)
            if target is not None:
                placed.append((table, navigation, target))
    back = _partners(navigation for _, navigation, _ in placed)
    order = [navigation for _, navigation, _ in placed]
    for table, navigation, target in placed:
        if navigation not in layout.ways:
            _plan(builder, table, navigation, target, back.get(navigation), order)


def _partners(ways: Iterable[NavigationProperty]) -> dict[NavigationProperty, NavigationProperty]:
    """Return the way back of each that has one, which either of the two may name."""
    found: dict[NavigationProperty, NavigationProperty] = {}
    for navigation in ways:
        if navigation.partner is not None:
            found[navigation] = navigation.partner
            found.setdefault(navigation.partner, navigation)
    return found


def _contained(builder: Builder, table: TablePlan, navigation: NavigationProperty) -> TablePlan:
    layout, path = builder.layout, (*table.path, navigation.name)
    if navigation.target in layout.types or len(path) > _MOST_CONTAINED:
        raise Unsupported(
            f"{'/'.join(path)} contains {navigation.target.name}, which is in another table too",
            target=navigation.name,
            hint="give what is contained a type of its own",
        )
    made = layout.types[navigation.target] = builder.table(path, navigation.target)
    for heir in made.heirs:
        layout.types.setdefault(heir, made)
    return made


def _ensure_one_start(
    table: TablePlan, navigation: NavigationProperty, placed: Iterable[tuple[TablePlan, NavigationProperty, TablePlan]]
) -> None:
    """Raise Unsupported for navigation that entities of two tables inherit, unless a property of theirs keeps it."""
    if navigation.constraints:
        return
    other = next((start for start, way, _ in placed if way is navigation and start is not table), None)
    if other is not None:
        raise Unsupported(
            f"{table.name} is a second set, after {other.name}, of entities that have {navigation.name}",
            target=navigation.name,
            hint="keep entities of derived types in the set of their base",
        )


def _target(builder: Builder, table: TablePlan, navigation: NavigationProperty, kind: EntityType) -> TablePlan | None:
    """Return the table that a navigation property leads to; a note says where there is none."""
    layout = builder.layout
    found = layout.types.get(navigation.target)
    if navigation.contains_target:
        return found
    bound = bound_to(table.set, navigation, kind) if table.set is not None else None
    if isinstance(bound, EntitySet):
        place = layout.sets.get(bound)
        found = place if bound.type is navigation.target or place is found else None
    elif table.set is not None and only_target(builder.model, table.set, navigation) is None:
        found = None
    if found is None:
        layout.notes.append(("/".join((*table.path, navigation.name)), "it leads to no one entity set, so is not kept"))
    return found


def _plan(
    builder: Builder,
    table: TablePlan,
    navigation: NavigationProperty,
    target: TablePlan,
    back: NavigationProperty | None,
    order: list[NavigationProperty],
) -> None:
    if back is not None and back not in order:
        back = None  # it starts where no table is
    if navigation.constraints:
        _constrained(builder, table, navigation, target, back)
    elif back is not None and back.constraints:
        _constrained(builder, target, back, table, navigation)
    elif navigation.contains_target:
        _refer(builder, target, back, table, navigation, in_key=True)
    elif back is not None and back.contains_target:
        _refer(builder, table, navigation, target, back, in_key=True)
    elif navigation.collection and (back is None or back.collection):
        _link(builder, table, navigation, target, back)
    elif navigation.collection:
        assert back is not None
        _refer(builder, target, back, table, navigation)
    elif back is None or back.collection or _holds(navigation, back, order):
        _refer(builder, table, navigation, target, back)
    else:
        _refer(builder, target, back, table, navigation)


def _holds(navigation: NavigationProperty, back: NavigationProperty, order: list[NavigationProperty]) -> bool:
    """Whether of two ways to one, this is the one kept in its table: that which must lead somewhere, or the first."""
    if navigation.nullable is not back.nullable:
        return not navigation.nullable
    return order.index(navigation) <= order.index(back)


def _both(
    builder: Builder,
    table: TablePlan,
    navigation: NavigationProperty | None,
    target: TablePlan,
    back: NavigationProperty | None,
    pairs: tuple[tuple[str, str], ...],
) -> None:
    ways = builder.layout.ways
    if navigation is not None:
        ways[navigation] = WayPlan(table, target, pairs, own=True)
    if back is not None and back is not navigation:
        ways[back] = WayPlan(target, table, tuple((there, here) for here, there in pairs))
    columns, targets = tuple(here for here, _ in pairs), tuple(there for _, there in pairs)
    if targets == target.key or targets in target.unique:
        table.references.append(ReferencePlan(columns, target.name, targets, _on_delete(navigation, back)))
    if back is not None and not back.collection and set(columns) != set(table.key):
        table.unique.append(columns)


def _on_delete(navigation: NavigationProperty | None, back: NavigationProperty | None) -> str | None:
    stated = (back.on_delete if back is not None else None) or (
        navigation.on_delete if navigation is not None else None
    )
    if stated is None and back is not None and back.contains_target:
        return "Cascade"
    return None if stated == "None" else stated


def _constrained(
    builder: Builder,
    table: TablePlan,
    navigation: NavigationProperty,
    target: TablePlan,
    back: NavigationProperty | None,
) -> None:
    """A foreign key of properties that the model shows, in the order of the key that it refers to."""
    pairs = []
    for mine, theirs in navigation.constraints:
        here, there = table.column_of(mine), target.column_of(theirs)
        if here is None or there is None:
            raise Unsupported(
                f"the referential constraint of {navigation.name} lies within a complex property",
                target=navigation.name,
            )
        pairs.append((here.name, there.name))
    place = {name: number for number, name in enumerate(target.key)}
    pairs.sort(key=lambda pair: place.get(pair[1], len(place)))
    _both(builder, table, navigation, target, back, tuple(pairs))


def _refer(
    builder: Builder,
    table: TablePlan,
    navigation: NavigationProperty | None,
    target: TablePlan,
    back: NavigationProperty | None,
    *,
    in_key: bool = False,
) -> None:
    """A foreign key that the model does not show; it may be part of the key of what is contained."""
    name = navigation.name if navigation is not None else target.path[-1]
    everywhere = table.type is not None and navigation in table.type.all_navigation().values()
    nullable = navigation is None or navigation.nullable or not everywhere
    pairs = []
    for key in target.key:
        there = target.column(key)
        here = _foreign(builder, table, (*table.path, name), there, nullable=nullable and not in_key)
        pairs.append((here.name, there.name))
    columns = tuple(name for name, _ in pairs)
    if in_key and back is not None and back.collection:
        table.key = (*columns, *table.key)
    _both(builder, table, navigation, target, back, tuple(pairs))


def _foreign(
    builder: Builder, table: TablePlan, path: tuple[str, ...], there: ColumnPlan, *, nullable: bool
) -> ColumnPlan:
    """Add a column that holds what a key column of another table does."""
    source = (*path, there.property.name)
    default = builder.rules.joined((path[len(table.path)], there.name))
    name = builder.rules.name(source, _free(table, default))
    item = Property("/".join(source[len(table.path) :]), there.property.type, nullable, facets=there.property.facets)
    plan = builder.column(table, name, (item,), builder.limited(item), nullable=nullable, hidden=True)
    made = replace(plan, type=there.type, kind=there.kind)
    table.columns.append(made)
    return made


def _free(table: TablePlan, name: str) -> str:
    used, number, found = {column.name.casefold() for column in table.columns}, 1, name
    while found.casefold() in used:
        number += 1
        found = f"{name}_{number}"
    return found


def _link(
    builder: Builder,
    table: TablePlan,
    navigation: NavigationProperty,
    target: TablePlan,
    back: NavigationProperty | None,
) -> None:
    """A table of links: its columns are named after the ways that lead to what they refer to."""
    link = builder.table((*table.path, navigation.name), None)
    near_name = back.name if back is not None and back is not navigation else table.path[-1]
    near = _end(builder, link, "source", near_name, table)
    far = _end(builder, link, "target", navigation.name, target)
    link.key = tuple(name for _, name in (*near, *far))
    ways = builder.layout.ways
    onward, homeward = tuple((c, t) for t, c in far), tuple((c, t) for t, c in near)
    ways[navigation] = WayPlan(table, target, near, through=link, onward=onward)
    if back is not None and back is not navigation:
        ways[back] = WayPlan(target, table, far, through=link, onward=homeward)


def _end(builder: Builder, link: TablePlan, end: str, name: str, table: TablePlan) -> tuple[tuple[str, str], ...]:
    """Add the columns that refer to a table; return pairs of its key columns and those of the link table."""
    pairs = []
    for key in table.key:
        there = table.column(key)
        default = _free(link, builder.rules.joined((name, there.name)))
        column = builder.rules.name((*link.path, end, there.property.name), default)
        item = Property(f"{name}/{there.property.name}", there.property.type, False, facets=there.property.facets)
        plan = builder.column(link, column, (item,), builder.limited(item), nullable=False, hidden=True)
        link.columns.append(replace(plan, type=there.type, kind=there.kind))
        pairs.append((there.name, column))
    columns = tuple(column for _, column in pairs)
    link.references.append(ReferencePlan(columns, table.name, tuple(name for name, _ in pairs), "Cascade"))
    return tuple(pairs)
