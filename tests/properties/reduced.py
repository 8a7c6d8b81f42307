"""The nasty data set with only some of its entities: what a reader who may see no others must be told."""

from __future__ import annotations

from collections.abc import Mapping

from demotic.model import Model
from demotic.store.memory import MemoryStore

from . import nasty


def kept_keys(
    model: Model, conditions: Mapping[str, str], entities: nasty.Entities = nasty.ENTITIES
) -> dict[str, set[object]]:
    """Return the keys of the entities of each set that a condition, asked of the whole data set, is true for."""
    with nasty.in_memory(model, entities).transaction() as tx:
        return {name: set(tx[name].where(conditions[name]) if name in conditions else tx[name]) for name in tx}


def reduced(
    model: Model,
    whole: Model,
    conditions: Mapping[str, str],
    hidden: Mapping[str, frozenset[str]] | None = None,
    entities: nasty.Entities = nasty.ENTITIES,
) -> MemoryStore:
    """Return a store for ``model`` with the entities of ``whole`` that the conditions are true for.

    ``hidden`` are properties, by set, that ``model`` has not. References to entities left out stay, and lead nowhere.
    """
    keys, hidden = kept_keys(whole, conditions, entities), hidden or {}
    assert whole.container is not None
    store = MemoryStore(
        model,
        {
            name: [
                {key: value for key, value in item.items() if key not in hidden.get(name, ())}
                for item in rows
                if _key(whole, name, item) in keys[name]
            ]
            for name, rows in entities.items()
        },
    )
    with store.transaction() as tx:
        for thing, tag in nasty.LINKS:
            if thing in keys["Things"] and tag in keys["Tags"]:
                tx["Things"].link(thing, "Tags", tag)
    return store


def _key(model: Model, name: str, item: Mapping[str, object]) -> object:
    assert model.container is not None
    parts = tuple(item[part.name] for part in model.container.sets[name].type.key)
    return parts[0] if len(parts) == 1 else parts
