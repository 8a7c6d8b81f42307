"""A state of which a read sees only a part: see `demotic.query.Restriction`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from demotic.model import EntityType, NavigationProperty
from demotic.query import Environment, Evaluate
from demotic.store.memory._state import Entity, State


class Sight:
    """What of a state one run sees: all of it, but for the types that ``conditions`` are about."""

    def __init__(self, state: State, conditions: Mapping[EntityType, Evaluate], values: Sequence[object]) -> None:
        self._state = state
        self._conditions = conditions
        # A condition itself is about all that there is.
        self._whole = Environment(values, state.related)
        self.related = self._related if conditions else state.related

    def of(self, type: EntityType, entities: Iterable[Entity]) -> Iterable[Entity]:
        """Return those of some entities of a type that are seen."""
        condition = self._conditions.get(type)
        if condition is None:
            return entities
        return [item for item in entities if condition((item,), self._whole) is True]

    def _related(self, entity: Mapping[str, Any], navigation: NavigationProperty) -> Any:
        found = self._state.related(entity, navigation)
        condition = self._conditions.get(navigation.target)
        if condition is None or found is None:
            return found
        if navigation.collection:
            return [item for item in found if condition((item,), self._whole) is True]
        return found if condition((found,), self._whole) is True else None
