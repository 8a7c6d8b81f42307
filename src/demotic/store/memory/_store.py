"""A store that keeps its entities in dictionaries.

Readers work on a state that nobody changes; a transaction that writes makes a draft, and publishes it at its end in one
step, if nothing it wrote to was changed meanwhile. Relations follow the model's referential constraints; where a
navigation property has none, links are made and removed explicitly. Constraints between entities are not enforced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from types import TracebackType
from typing import Any

from demotic.errors import DemoticError, InternalFault, InvalidInput
from demotic.model import EntityType, Model, NavigationProperty, Property, check_value, ensure
from demotic.query import Read, UnknownName, choices
from demotic.store._collection import Collection, Key
from demotic.store._entity import Entity
from demotic.store._errors import ChangedMeanwhile, DuplicateKey, NoSuchEntity
from demotic.store._interface import Form, Plan, Result, Store
from demotic.store._transaction import Transaction
from demotic.store.memory._plan import MemoryPlan, MemoryResult
from demotic.store.memory._state import Draft, State, Ways, key_of


class MemoryStore(Store):
    """A store in memory, for one model; ``data`` gives the first entities, by the names of their sets.

    A navigation property without a binding leads to the one set of its type. Raises the first finding of
    `demotic.model.check`, if there is one.

    >>> store = MemoryStore(model, {"Products": [{"ID": 1, "Name": "Tea"}]})   # doctest: +SKIP
    """

    in_process = True

    def __init__(self, model: Model, data: Mapping[str, Iterable[Mapping[str, object]]] | None = None) -> None:
        if not isinstance(model, Model):
            raise InvalidInput(f"{model!r} is no model", hint="declare() and read_xml() make one")
        ways = Ways(ensure(model, bindings=False))
        self.model = model
        self._lock = Lock()
        self._state = State(ways, {name: {} for name in ways.sets}, {})
        if data:
            with self.transaction() as tx:
                for name, entities in data.items():
                    for entity in entities:
                        tx[name].insert(entity)

    def prepare(self, read: Read, form: Form) -> Plan:
        """Compile a read."""
        return MemoryPlan(read, form)

    def run(self, plan: Plan, values: Sequence[object], *, page: int | None = None) -> Result:
        """Run a plan on the state as it is now."""
        return run_on(self._state, plan, values, page)

    def snapshot(self) -> Store:
        """Return a view of the state as it is now."""
        return _View(self.model, self._state)

    def transaction(self) -> MemoryTransaction:
        """Return a transaction, which also writes. It is published when its block ends without an exception."""
        return MemoryTransaction(self, Draft(self._state))

    def publish(self, draft: Draft) -> None:
        """Make a draft the state of the store. Raises `ChangedMeanwhile`, changing nothing."""
        with self._lock:
            state = draft.onto(self._state)
            if state is None:
                raise ChangedMeanwhile(
                    "what this transaction wrote to was changed by another", hint="run the transaction again"
                )
            self._state = state

    def close(self) -> None:
        """Forget everything."""
        self._state = State(self._state.ways, {name: {} for name in self._state.ways.sets}, {})


def run_on(state: State, plan: Plan, values: Sequence[object], page: int | None) -> Result:
    """Run a plan on a state."""
    if not isinstance(plan, MemoryPlan):
        raise InternalFault("a plan of another store")
    return MemoryResult(plan, state, values, page)


class _View(Store):
    """A store over one state."""

    def __init__(self, model: Model, state: State) -> None:
        self.model = model
        self.state = state

    def prepare(self, read: Read, form: Form) -> Plan:
        return MemoryPlan(read, form)

    def run(self, plan: Plan, values: Sequence[object], *, page: int | None = None) -> Result:
        return run_on(self.state, plan, values, page)

    def snapshot(self) -> Store:
        return self

    def close(self) -> None:
        """Nothing is held."""


class MemoryTransaction(Transaction):
    """A transaction that also writes: it sees its own changes, others see them when it ends."""

    def __init__(self, store: MemoryStore, draft: Draft) -> None:
        super().__init__(_View(store.model, draft))
        self._store = store
        self.draft = draft

    def __getitem__(self, name: str) -> MemoryCollection:
        """Return the collection of an entity set. Raises `NoSuchSet`, which is a KeyError."""
        plain = super().__getitem__(name)
        return MemoryCollection(self, plain._path, plain.type)

    def commit(self) -> None:
        """Publish what was written, and end the transaction. Raises `ChangedMeanwhile`."""
        self._check_open()
        self.close()
        if self.draft.written or self.draft.relinked:
            self._store.publish(self.draft)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._open:
            self.commit()
        self.close()


class MemoryCollection(Collection):
    """A collection that can be written to. Writing ignores conditions; it is the entity set that is written to."""

    __slots__ = ()
    _transaction: MemoryTransaction

    def insert(self, values: Mapping[str, object]) -> Entity:
        """Add an entity, and return it as kept. What is not given is the property's default, or null.

        Raises `UnknownName`, `InvalidValue`, or `DuplicateKey`.
        """
        known = _known(self.type, values)
        kept = {name: check_value(item, values.get(name, _default(item))) for name, item in known.items()}
        members = self._members()
        key = key_of(self.type, kept)
        if key in members:
            raise DuplicateKey(f"{self._set} has an entity with the key {_shown(key)}", target=self._set)
        members[key] = kept
        return Entity(self.type, dict(kept))

    def update(self, key: Key, values: Mapping[str, object]) -> Entity:
        """Change properties of an entity, and return it as kept. Raises also `NoSuchEntity`."""
        known = _known(self.type, values)
        parts, old = self._existing(key)
        new = {**old, **{name: check_value(known[name], value) for name, value in values.items()}}
        if key_of(self.type, new) != parts:
            raise InvalidInput("a key cannot change", target=self._set, hint="insert another entity, delete this one")
        self._members()[parts] = new
        return Entity(self.type, dict(new))

    def delete(self, key: Key) -> None:
        """Remove an entity and its links. Raises `NoSuchEntity`."""
        parts, _ = self._existing(key)
        del self._members()[parts]
        draft = self._transaction.draft
        for holder, pairs in list(draft.links.items()):
            source, target = draft.ways.source(holder).name, draft.ways.target(holder).name
            kept = {
                pair
                for pair in pairs
                if not (source == self._set and pair[0] == parts) and not (target == self._set and pair[1] == parts)
            }
            if len(kept) < len(pairs):
                draft.relink(holder, frozenset(kept))

    def __delitem__(self, key: Key) -> None:
        self.delete(key)

    def link(self, key: Key, navigation: str, target: Key) -> None:
        """Link an entity to another, over a navigation property without referential constraint.

        Where the property, or its partner, leads to one entity only, the link replaces the one that was there.
        """
        item, pair = self._pair(key, navigation, target)
        draft = self._transaction.draft
        holder, backwards = draft.ways.link(item)
        old = draft.links.get(holder, frozenset())
        back = item.partner
        kept = {
            other
            for other in old
            if not (not item.collection and other[backwards] == pair[backwards])
            and not (back is not None and not back.collection and other[not backwards] == pair[not backwards])
        }
        draft.relink(holder, frozenset({*kept, pair}))

    def unlink(self, key: Key, navigation: str, target: Key) -> None:
        """Remove a link. Raises `NoSuchEntity` if it is not there."""
        item, pair = self._pair(key, navigation, target)
        draft = self._transaction.draft
        holder, _ = draft.ways.link(item)
        old = draft.links.get(holder, frozenset())
        if pair not in old:
            raise NoSuchEntity(f"{_shown(pair[0])} and {_shown(pair[1])} are not linked by {navigation}")
        draft.relink(holder, old - {pair})

    @property
    def _set(self) -> str:
        if len(self._path.segments) > 1:
            raise InvalidInput(f"{self._name} is a navigation; write to an entity set", target=self._name)
        return self._path.segments[0].name

    def _members(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        self._transaction._check_open()
        return self._transaction.draft.members(self._set)

    def _existing(self, key: Key, entity_set: str | None = None, type: EntityType | None = None) -> tuple[Any, Any]:
        """Return a key as a tuple of native values, and the entity."""
        name, kind = entity_set or self._set, type or self.type
        parts = key if isinstance(key, tuple) else (key,)
        try:
            if len(parts) == len(kind.key):
                native = tuple(check_value(item, part) for item, part in zip(kind.key, parts, strict=True))
                return native, self._transaction.draft.sets[name][native]
        except (DemoticError, KeyError):
            pass
        raise NoSuchEntity(f"{name} has no entity with the key {key!r}", target=name)

    def _pair(self, key: Key, navigation: str, target: Key) -> tuple[NavigationProperty, tuple[Any, Any]]:
        item = self.type.all_navigation().get(navigation)
        if item is None:
            raise UnknownName(
                f"{self.type.qualified_name} has no navigation property {navigation}",
                hint=choices(navigation, self.type.all_navigation()),
            )
        ways = self._transaction.draft.ways
        if ways.constraints(item):
            pairs = ", ".join(f"{own.name} = {other.name}" for own, other in ways.constraints(item))
            raise InvalidInput(f"{navigation} follows from {pairs}", target=navigation, hint="set these properties")
        source, _ = self._existing(key)
        other, _ = self._existing(target, ways.target(item).name, item.target)
        return item, ((other, source) if ways.link(item)[1] else (source, other))


def _known(type: EntityType, values: Mapping[str, object]) -> dict[str, Property]:
    known = type.all_properties()
    for name in values:
        if name not in known:
            raise UnknownName(f"{type.qualified_name} has no property {name}", target=name, hint=choices(name, known))
    return known


def _default(item: Property) -> object:
    if item.collection:
        return []
    primitive = item.primitive
    return None if item.default is None or primitive is None else primitive.parse(item.default)


def _shown(key: tuple[Any, ...]) -> str:
    return repr(key[0]) if len(key) == 1 else repr(key)
