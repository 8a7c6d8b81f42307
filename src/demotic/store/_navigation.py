"""Where navigation leads in a model: OData CSDL XML 4.01, section 13.4."""

from __future__ import annotations

from demotic.errors import Unsupported
from demotic.model import EntitySet, Model, NavigationProperty


def only_target(model: Model, source: EntitySet, navigation: NavigationProperty) -> EntitySet | None:
    """Return the set that a navigation property leads to from a set: the one bound to it, or the only one of its type.

    ``None`` where there is none, or more than one.
    """
    bound = source.bindings.get(navigation.name)
    if isinstance(bound, EntitySet):
        return bound
    sets = model.container.sets.values() if model.container is not None else ()
    found = [item for item in sets if item.type is navigation.target]
    return found[0] if len(found) == 1 else None


def target_set(model: Model, source: EntitySet, navigation: NavigationProperty) -> EntitySet:
    """Return the set that a navigation property leads to from a set. Raises Unsupported where there is no one such."""
    found = only_target(model, source, navigation)
    if found is None:
        raise Unsupported(
            f"{source.name}/{navigation.name} leads to no one entity set",
            target=navigation.name,
            hint="bind it to a set in the model",
        )
    return found
