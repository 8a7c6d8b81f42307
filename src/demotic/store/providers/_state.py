"""Providers as a state of data that memory's plans and writers work on.

What was read is kept for one view only: an index over a set that navigation needed is made once for a whole answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from demotic.errors import DemoticError, InternalFault, Unsupported
from demotic.model import STREAM, EntitySet, NavigationProperty, check_value
from demotic.store.media import OWN, Media, Readable, kept, own_stream, readable
from demotic.store.memory._state import Draft, Entity, Key, Pairs, State, Ways, key_of
from demotic.store.providers._provider import Provider, Values


class ProviderFault(InternalFault):
    """A provider gave something that is no entity of its set."""

    code = "ProviderFault"


class Lazy(dict[str, Any]):
    """An entity some of whose values are read when they are first asked for: given as functions."""

    def __init__(self, values: Mapping[str, Any], entity_set: EntitySet) -> None:
        super().__init__(values)
        self._set = entity_set

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if callable(value):
            value = self[name] = _checked(self._set, name, value())
        return value

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value, reading it if it was not read yet."""
        try:
            value: Any = self[name]
        except KeyError:
            return default
        return value


def _checked(entity_set: EntitySet, name: str, value: object) -> object:
    item = entity_set.type.all_properties().get(name)
    if item is None or item.type is STREAM:
        return _stream(entity_set, name, value)
    if value is None and item not in entity_set.type.key:
        return None
    try:
        return check_value(item, value)
    except DemoticError as error:
        raise ProviderFault(f"the provider of {entity_set.name} gave a wrong value: {error.message}") from error


def _stream(entity_set: EntitySet, name: str, value: object) -> Readable | None:
    try:
        found = kept(value) if isinstance(value, Media) else readable(value)
    except DemoticError as error:
        raise ProviderFault(f"the provider of {entity_set.name} gave a wrong stream: {error.message}") from error
    if found is None and value is not None:
        raise ProviderFault(f"the provider of {entity_set.name} gave {value!r} for the stream {name}")
    if found is not None and not found.info.is_well_formed:
        raise ProviderFault(f"the provider of {entity_set.name} gave a stream {name} with {found.info}")
    return found


def read(entity_set: EntitySet, given: Values) -> Entity:
    """Return an entity as plans take it. Raises `ProviderFault` for what does not fit its type."""
    if not isinstance(given, Mapping):
        raise ProviderFault(f"the provider of {entity_set.name} gave {given!r}, which is no mapping")
    known = [*entity_set.type.all_properties()]
    if own_stream(entity_set.type) is not None:
        known.append(OWN.name)
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ProviderFault(f"the provider of {entity_set.name} gave a property {unknown[0]}, which the type has not")
    values = {
        name: value if callable(value := given.get(name)) else _checked(entity_set, name, value) for name in known
    }
    return Lazy(values, entity_set) if any(map(callable, values.values())) else values


class Members(dict[Key, Entity]):
    """The entities of a set by key, of which nothing is held: each look is a look at the provider."""

    def __init__(self, provider: Provider, given: Callable[[], Iterable[Values]] | None = None) -> None:
        super().__init__()
        self.provider = provider
        self.given = given or provider.entities

    def __getitem__(self, key: Key) -> Entity:
        found: Entity | None = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def get(self, key: Key, default: Any = None) -> Any:
        """Return the entity with a key."""
        found = self.provider.get(key)
        entity: Any = default if found is None else read(self.provider.set, found)
        return entity

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and self.provider.get(key) is not None

    def __iter__(self) -> Iterator[Key]:
        return (key_of(self.provider.set.type, entity) for entity in self.values())

    def __len__(self) -> int:
        return sum(1 for _ in self.given())

    def values(self) -> Any:
        """Return the entities, read as they are iterated over."""
        return (read(self.provider.set, item) for item in self.given())

    def items(self) -> Any:
        """Return pairs of key and entity."""
        return ((key_of(self.provider.set.type, entity), entity) for entity in self.values())


class ProvidedState(State):
    """What providers give, as a state."""

    def __init__(self, ways: Ways, providers: Mapping[str, Provider]) -> None:
        super().__init__(ways, {name: Members(provider) for name, provider in providers.items()}, {})
        self.providers = providers

    def _related(self, entity: Mapping[str, Any], navigation: NavigationProperty) -> Sequence[Entity]:
        return related(self, self.providers, entity, navigation, super()._related)


class ProvidedDraft(Draft):
    """What providers give, as a draft: what is put into it goes to its provider at once, and back if it is undone."""

    def __init__(self, base: ProvidedState) -> None:
        super().__init__(base)
        self.providers = base.providers

    def put(self, name: str, key: Key, entity: Entity) -> None:
        """Set the entity with a key of a set."""
        provider, old = self.providers[name], self.sets[name].get(key)
        self._indexes = {}
        if old is None:
            provider.insert(entity)
            self._journal.append(partial(provider.delete, key))
        else:
            provider.update(key, entity)
            self._journal.append(partial(provider.update, key, old))

    def remove(self, name: str, key: Key) -> Entity:
        """Take an entity out of a set, and return it."""
        provider, old = self.providers[name], self.sets[name][key]
        self._indexes = {}
        provider.delete(key)
        self._journal.append(partial(provider.insert, old))
        return old

    def relink(self, holder: NavigationProperty, pairs: Pairs) -> None:
        """Raise Unsupported: links that are not in properties are kept nowhere."""
        raise Unsupported(f"{holder.name} has no referential constraint, so nothing keeps its links")

    def _related(self, entity: Mapping[str, Any], navigation: NavigationProperty) -> Sequence[Entity]:
        return related(self, self.providers, entity, navigation, super()._related)


def related(
    state: State,
    providers: Mapping[str, Provider],
    entity: Mapping[str, Any],
    navigation: NavigationProperty,
    constrained: Callable[[Mapping[str, Any], NavigationProperty], Sequence[Entity]],
) -> Sequence[Entity]:
    """Return what a navigation property leads to, as the provider says, or else as referential constraints do."""
    target = state.ways.target(navigation)
    found = providers[state.ways.source(navigation).name].related(entity, navigation.name)
    if found is NotImplemented:
        if not state.ways.constraints(navigation):
            raise Unsupported(
                f"{navigation.name} is not provided", target=navigation.name, hint="override Provider.related"
            )
        return constrained(entity, navigation)
    if found is None:
        return ()
    return [read(target, item) for item in ((found,) if isinstance(found, Mapping) else found)]
