"""A provider made of functions, for sets and navigation that need no class of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from demotic.errors import InvalidInput
from demotic.model import EntitySet
from demotic.store.providers._provider import Provider, Values

Entities: TypeAlias = Callable[[], Iterable[Values]]
"""What gives all entities of a set each time it is called; `functools.partial` keeps arguments of its own for it."""
Related: TypeAlias = Callable[[Values], Iterable[Values] | Values | None]
"""What gives the entities that one entity leads to, or of navigation to one the entity or ``None``."""


class Given(Provider):
    """Gives what ``entities()`` returns, and for each navigation property what the function of its name returns.

    >>> Given(rooms, Doors=lambda room: doors_of(room["Number"]))   # doctest: +SKIP

    Navigation without a function follows the model's referential constraints. Nothing can be changed. A name that is
    no navigation property raises InvalidInput when a store is made of it.
    """

    def __init__(self, entities: Entities, /, **navigation: Related) -> None:
        for function in (entities, *navigation.values()):
            if not callable(function):
                raise InvalidInput(f"{function!r} is no function", hint="give a function that returns the entities")
        self._entities = entities
        self._navigation = navigation

    def bind(self, entity_set: EntitySet) -> None:
        """Learn which set it provides. Raises InvalidInput for a name that is no navigation property of it."""
        unknown = self._navigation.keys() - entity_set.type.all_navigation().keys()
        if unknown:
            name = min(unknown)
            raise InvalidInput(f"{entity_set.name} has no navigation property {name}", target=name)
        super().bind(entity_set)

    def entities(self) -> Iterable[Values]:
        """Return what the function returns."""
        return self._entities()

    def related(self, entity: Values, navigation: str) -> Iterable[Values] | Values | None:
        """Return what the function of a navigation property returns."""
        function = self._navigation.get(navigation)
        result: Any = super().related(entity, navigation) if function is None else function(entity)
        return result  # type: ignore[no-any-return]
