"""Where navigation leads in a model: OData CSDL XML 4.01, section 13.4."""

from __future__ import annotations

from demotic.errors import Unsupported
from demotic.model import EntitySet, EntityType, Model, NavigationProperty, bound_to


def only_target(model: Model, source: EntitySet, navigation: NavigationProperty) -> EntitySet | None:
    """Return the set that a navigation property leads to from a set: the one bound to it, or the only one of its type.

    Where no set is of its type, the only one of the nearest base type. ``None`` where there is none, or more than one.
    """
    bound = bound_to(source, navigation)
    return bound if isinstance(bound, EntitySet) else only_home(model, navigation.target)


def only_home(model: Model, kind: EntityType) -> EntitySet | None:
    """Return the only set of a type, or of the nearest base type that has any; ``None`` if there are more, or none."""
    sets = model.container.sets.values() if model.container is not None else ()
    for base in reversed(tuple(kind.lineage())):
        found = [item for item in sets if item.type is base]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def ensure_not_contained(navigation: NavigationProperty) -> None:
    """Raise Unsupported where entities are contained (section 8.4): they can be read, and not be written yet."""
    if navigation.contains_target:
        raise Unsupported(
            f"{navigation.name} contains its entities, which are not written yet",
            target=navigation.name,
            hint="they can be read",
        )


def target_set(model: Model, source: EntitySet, navigation: NavigationProperty) -> EntitySet:
    """Return the set that a navigation property leads to from a set. Raises Unsupported where there is no one such."""
    ensure_not_contained(navigation)
    found = only_target(model, source, navigation)
    if found is None:
        raise Unsupported(
            f"{source.name}/{navigation.name} leads to no one entity set",
            target=navigation.name,
            hint="bind it to a set in the model",
        )
    return found
