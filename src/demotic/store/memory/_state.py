"""One state of all data: entities by set and key, and links where the model has no referential constraint.

A state that has been published never changes; a transaction works on a `Draft`, which copies what it touches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from demotic.errors import Unsupported
from demotic.model import EntitySet, EntityType, Model, NavigationProperty, Property, bound_to
from demotic.query import TYPE_NAME

Entity: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[Any, ...]
Members: TypeAlias = dict[Key, Entity]
Pairs: TypeAlias = frozenset[tuple[Key, Key]]


TYPE: Final = TYPE_NAME.name
"""The key under which an entity tells which type it is of, where its type is derived from another or is a base."""


def key_of(type: EntityType, entity: Mapping[str, Any]) -> Key:
    """Return an entity's key, in the order of its type's."""
    return tuple(entity[item.name] for item in type.key)


def new_entity(model: Model, kind: EntityType, values: Mapping[str, object]) -> Entity:
    """Return an entity of a type with these values, null for all others."""
    entity: Entity = {name: values.get(name) for name in kind.all_properties()}
    if kind.base is not None or model.heirs(kind):
        entity[TYPE] = kind.qualified_name
    return entity


class Ways:
    """How navigation is followed in a model: over which properties or links, and into which set."""

    def __init__(self, model: Model) -> None:
        container = model.container
        self.model = model
        self.sets: dict[str, EntitySet] = dict(container.sets) if container is not None else {}
        self.kinds = {
            entity_set: {item.qualified_name: item for item in (entity_set.type, *model.heirs(entity_set.type))}
            for entity_set in self.sets.values()
        }
        self._targets: dict[NavigationProperty, EntitySet] = {}
        self._sources: dict[NavigationProperty, EntitySet] = {}
        for entity_set in self.sets.values():
            for kind in self.kinds[entity_set].values():
                for navigation in kind.all_navigation().values():
                    target = bound_to(entity_set, navigation, kind)
                    found = target if isinstance(target, EntitySet) else self._first_home(navigation.target)
                    if found is not None:
                        self._targets.setdefault(navigation, found)
                    self._sources.setdefault(navigation, entity_set)

    def _first_home(self, type: EntityType) -> EntitySet | None:
        """Return the first set of a type, or of the nearest base type that has any."""
        bases = reversed(tuple(type.lineage()))
        return next((item for base in bases for item in self.sets.values() if item.type is base), None)

    def kind_of(self, entity_set: EntitySet, entity: Mapping[str, Any]) -> EntityType:
        """Return the type of an entity in a set."""
        name = entity.get(TYPE)
        return entity_set.type if name is None else self.kinds[entity_set].get(name, entity_set.type)

    def navigation(self, entity_set: EntitySet) -> dict[NavigationProperty, None]:
        """Return the navigation properties of entities in a set, whatever their types."""
        kinds = self.kinds[entity_set].values()
        return {item: None for kind in kinds for item in kind.all_navigation().values()}

    def target(self, navigation: NavigationProperty) -> EntitySet:
        """Return the set that a navigation property leads to."""
        try:
            return self._targets[navigation]
        except KeyError:
            raise Unsupported(f"{navigation.name} leads to no entity set") from None

    def leads_to(self, navigation: NavigationProperty, entity_set: EntitySet) -> bool:
        """Whether a navigation property leads to a set."""
        return self._targets.get(navigation) is entity_set

    def source(self, navigation: NavigationProperty) -> EntitySet:
        """Return the set that a navigation property starts from."""
        return self._sources[navigation]

    @staticmethod
    def constraints(navigation: NavigationProperty) -> tuple[tuple[Property, Property], ...]:
        """Return the pairs of (own, target's) properties that are always equal, perhaps those of the partner."""
        if navigation.constraints or navigation.partner is None:
            return navigation.constraints
        return tuple((target, own) for own, target in navigation.partner.constraints)

    @staticmethod
    def link(navigation: NavigationProperty) -> tuple[NavigationProperty, bool]:
        """Return which of a pair of partners holds the links, and whether it is the other one."""
        partner = navigation.partner
        if partner is None or partner is navigation or (navigation.name, id(navigation)) < (partner.name, id(partner)):
            return navigation, False
        return partner, True


class State:
    """All data at one time. Indexes over it are made when first needed, and kept."""

    def __init__(self, ways: Ways, sets: Mapping[str, Members], links: Mapping[NavigationProperty, Pairs]) -> None:
        self.ways = ways
        self.sets = sets
        self.links = links
        self._indexes: dict[object, dict[Key, list[Entity]]] = {}

    def related(self, entity: Mapping[str, Any], navigation: NavigationProperty) -> Any:
        """Return what a navigation property of an entity leads to: an entity or ``None``, or a sequence of them."""
        found = self._related(entity, navigation)
        return found if navigation.collection else next(iter(found), None)

    def _related(self, entity: Mapping[str, Any], navigation: NavigationProperty) -> Sequence[Entity]:
        target = self.ways.target(navigation)
        constraints = self.ways.constraints(navigation)
        if not constraints:
            return self._linked(entity, navigation, target)
        values = tuple(entity.get(own.name) for own, _ in constraints)
        if None in values:
            return ()
        names = tuple(item.name for _, item in constraints)
        if names == tuple(item.name for item in target.type.key):
            found = self.sets[target.name].get(values)
            return () if found is None else (found,)
        return self._index((target.name, names), self._by_values(target, names)).get(values, ())

    def _linked(self, entity: Mapping[str, Any], navigation: NavigationProperty, target: EntitySet) -> Sequence[Entity]:
        key = key_of(self.ways.source(navigation).type, entity)
        return self._index(navigation, self._by_link(navigation, target)).get(key, ())

    def _index(self, name: object, entries: Iterator[tuple[Key, Entity]]) -> dict[Key, list[Entity]]:
        index = self._indexes.get(name)
        if index is None:
            index = {}
            for key, entity in entries:
                index.setdefault(key, []).append(entity)
            self._indexes[name] = index
        return index

    def _by_values(self, target: EntitySet, names: tuple[str, ...]) -> Iterator[tuple[Key, Entity]]:
        for entity in self.sets[target.name].values():
            yield tuple(entity.get(name) for name in names), entity

    def _by_link(self, navigation: NavigationProperty, target: EntitySet) -> Iterator[tuple[Key, Entity]]:
        holder, backwards = self.ways.link(navigation)
        members = self.sets[target.name]
        for source, other in self.links.get(holder, ()):
            here, there = (other, source) if backwards else (source, other)
            if there in members:
                yield here, members[there]


class Draft(State):
    """A state that a transaction changes. Sets are copied when first written to; a journal allows to go back."""

    def __init__(self, base: State) -> None:
        super().__init__(base.ways, dict(base.sets), dict(base.links))
        self.base = base
        self.written: dict[str, Members] = {}
        self.relinked: dict[NavigationProperty, Pairs] = {}
        self._journal: list[Callable[[], object]] = []

    def put(self, name: str, key: Key, entity: Entity) -> None:
        """Set the entity with a key of a set."""
        members = self._members(name)
        old = members.get(key)
        members[key] = entity
        undo: Callable[[], object] = partial(members.pop, key)
        self._journal.append(undo if old is None else partial(members.__setitem__, key, old))

    def remove(self, name: str, key: Key) -> Entity:
        """Take an entity out of a set, and return it."""
        members = self._members(name)
        old = members.pop(key)
        self._journal.append(partial(members.__setitem__, key, old))
        return old

    def relink(self, holder: NavigationProperty, pairs: Pairs) -> None:
        """Replace the links of a navigation property."""
        self._journal.append(partial(self._set_links, holder, self.links.get(holder, frozenset())))
        self._set_links(holder, pairs)

    def mark(self) -> int:
        """Return what `back_to` needs to bring back the draft as it is now."""
        return len(self._journal)

    def back_to(self, mark: int) -> None:
        """Undo what was done since the mark."""
        while len(self._journal) > mark:
            self._journal.pop()()
        self._indexes = {}

    def onto(self, current: State) -> State | None:
        """Return the state after these changes, ``None`` if what was written to changed since the draft began."""
        if any(current.sets[name] is not self.base.sets[name] for name in self.written):
            return None
        if any(current.links.get(item) is not self.base.links.get(item) for item in self.relinked):
            return None
        return State(self.ways, {**current.sets, **self.written}, {**current.links, **self.relinked})

    def _members(self, name: str) -> Members:
        self._indexes = {}
        if name not in self.written:
            self.written[name] = dict(self.sets[name])
            self.sets = {**self.sets, name: self.written[name]}
        return self.written[name]

    def _set_links(self, holder: NavigationProperty, pairs: Pairs) -> None:
        self._indexes = {}
        self.relinked[holder] = pairs
        self.links = {**self.links, holder: pairs}
