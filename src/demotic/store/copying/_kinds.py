"""Types derived from those of the sets that are copied: which is which in the other model, and how paths name theirs.

A path is the name of a property, after that of the derived type that has it: ``Salary``, ``staff.Boss/Budget``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from demotic.model import EntitySet, EntityType, Model, NavigationProperty, Property

Pairs = tuple[tuple[EntityType, EntityType | None], ...]
"""The types of a set's entities, each with the one it becomes: that of the other set, or the one of the same name."""


def kinds_of(model: Model, entity_set: EntitySet) -> Mapping[str, EntityType]:
    """Return the types derived from that of a set, by their names alone."""
    return {kind.name: kind for kind in reversed(model.heirs(entity_set.type))}


def paired(source: Model, ours: EntitySet, target: Model, theirs: EntitySet) -> Pairs:
    """Return the types of a set with those that they become; ``None`` where there is none of the name."""
    there = kinds_of(target, theirs)
    return ((ours.type, theirs.type), *((kind, there.get(kind.name)) for kind in source.heirs(ours.type)))


def properties_by_path(pairs: Pairs) -> dict[str, tuple[Property, EntityType | None]]:
    """Return the properties of all types by path, each with the type that one of its owner becomes."""
    (first, other), *rest = pairs
    found: dict[str, tuple[Property, EntityType | None]] = {}
    found.update((name, (item, other)) for name, item in first.all_properties().items())
    for kind, becomes in rest:
        found.update((f"{kind.qualified_name}/{name}", (item, becomes)) for name, item in kind.properties.items())
    return found


def ways_by_path(pairs: Pairs) -> Iterator[tuple[str, NavigationProperty, EntityType | None]]:
    """Yield the navigation properties of all types with their paths, and the type that one of the owner becomes."""
    (first, other), *rest = pairs
    for name, way in first.all_navigation().items():
        yield name, way, other
    for kind, becomes in rest:
        for name, way in kind.navigation.items():
            yield f"{kind.qualified_name}/{name}", way, becomes


def last(path: str) -> str:
    """Return the name that a path ends with."""
    return path.rpartition("/")[2]
