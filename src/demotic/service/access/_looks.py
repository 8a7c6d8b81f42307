"""Looks at entities of the whole model, by key: whether somebody can see them, and whether conditions hold for them."""

from __future__ import annotations

from demotic.model import EntitySet, EntityType, NavigationProperty
from demotic.query import Along, ByKey, Kind, Parameter, Query, Read, Source, Variable
from demotic.service.access._conditions import Condition
from demotic.service.access._sight import Sight
from demotic.service.identity import Identity
from demotic.store import Representation, RowFactory, Store
from demotic.store.changes import NativeKey


class _Keys:
    """Rows as tuples of native values."""

    representation = Representation.NATIVE

    def row(self, query: Query) -> RowFactory:
        """Return what makes a tuple."""
        return lambda *values: values


KEYS = _Keys()
"""The one instance: plans are kept by form."""


class Looks:
    """Looks at the data in the state of one transaction, for somebody."""

    def __init__(self, view: Store, sight: Sight, identity: Identity) -> None:
        self._view = view
        self._sight = sight
        self._identity = identity

    def sees(self, place: EntitySet, key: NativeKey, condition: Condition | None = None) -> bool:
        """Whether an entity can be seen, and a further condition holds for it."""
        source = Source(place, (_by_key(place.type),))
        return self._one(source, place.type, key, {place.type}, condition) is not None

    def sees_along(self, place: EntitySet, key: NativeKey, way: NavigationProperty) -> bool:
        """Whether what a navigation property of an entity leads to can be seen."""
        source = Source(place, (_by_key(place.type), Along(way)))
        return self._one(source, way.target, key, {way.target}) is not None

    def at_end(self, place: EntitySet, key: NativeKey, way: NavigationProperty) -> NativeKey | None:
        """Return the key of what a navigation property leads to, whoever can see it."""
        return self._one(Source(place, (_by_key(place.type), Along(way))), way.target, key, set())

    def _one(
        self,
        source: Source,
        kind: EntityType,
        key: NativeKey,
        types: set[EntityType],
        condition: Condition | None = None,
    ) -> NativeKey | None:
        query = Query(kind, Variable("$it", 0, kind), kind.key)
        more = None if condition is None else (kind, condition)
        read, sources = self._sight.restricted(Read(source, query, Kind.ENTITY), types, len(key), more)
        values = (*key, *(source(self._identity) for source in sources))
        found: NativeKey | None = self._view.one(self._view.prepare(read, KEYS), values)
        return found


def _by_key(kind: EntityType) -> ByKey:
    parameters = []
    for slot, item in enumerate(kind.key):
        assert item.primitive is not None
        parameters.append(Parameter(slot, item.primitive))
    return ByKey(tuple(parameters))
