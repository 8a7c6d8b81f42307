"""A store that keeps its entities in dictionaries.

Readers work on a state that nobody changes; a transaction that writes makes a draft, and publishes it at its end in one
step, if nothing it wrote to was changed meanwhile. Relations follow the model's referential constraints; where a
navigation property has none, links are kept apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

from demotic.errors import InternalFault, InvalidInput
from demotic.model import EntitySet, Model, ensure
from demotic.query import Read
from demotic.store._errors import ChangedMeanwhile, MissingValue
from demotic.store._interface import Form, Plan, Result, Store
from demotic.store._transaction import Transaction
from demotic.store.changes import New, Writer, duplicate, not_there, read_new
from demotic.store.media import OWN, Media, Readable, Stream, kept, own_stream, readable, streams_of
from demotic.store.memory._plan import MemoryPlan, MemoryResult
from demotic.store.memory._state import Draft, State, Ways, key_of, new_entity
from demotic.store.memory._writer import MemoryWriter


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
            self._load(data)

    def prepare(self, read: Read, form: Form) -> Plan:
        """Compile a read."""
        return MemoryPlan(read, form)

    def run(self, plan: Plan, values: Sequence[object], *, page: int | None = None) -> Result:
        """Run a plan on the state as it is now."""
        return run_on(self._state, plan, values, page)

    def media_streams(self, entity_set: EntitySet) -> Mapping[str, Stream]:
        """Return the streams that are kept: all."""
        return streams_of(entity_set.type)

    def media(self, entity_set: EntitySet, key: tuple[object, ...], stream: Stream) -> Readable | None:
        """Open a stream of an entity for reading."""
        return media_in(self._state, entity_set, key, stream)

    def snapshot(self) -> Store:
        """Return a view of the state as it is now."""
        return _View(self.model, self._state)

    def begin(self, *, write: bool = False) -> Store:
        """Return a view over a draft of the state as it is now."""
        return _Drafting(self, Draft(self._state))

    def _load(self, data: Mapping[str, Iterable[Mapping[str, object]]]) -> None:
        """Put in the first entities as they are: their references are not checked, so that their order is free."""
        draft = Draft(self._state)
        with Transaction(_Drafting(self, draft)) as tx:
            for name, entities in data.items():
                entity_set = tx.entity_set(name)
                for given in entities:
                    new = read_new(self.model, entity_set, given)
                    if new.missing:
                        raise MissingValue(f"{name}: an entity must have a value for {', '.join(sorted(new.missing))}")
                    entity = new_entity(self.model, new.kind, new.values)
                    entity |= {stream: kept(media) for stream, media in _first_media(new).items()}
                    key = key_of(entity_set.type, entity)
                    if key in draft.sets[name]:
                        raise duplicate(entity_set, key)
                    draft.put(name, key, entity)
        self.publish(draft)

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


def _first_media(new: New) -> Mapping[str, Media]:
    return new.media if own_stream(new.entity_set.type) is None else {OWN.name: Media(b"")} | new.media


def media_in(state: State, entity_set: EntitySet, key: tuple[object, ...], stream: Stream) -> Readable | None:
    """Return a stream of an entity in a state. Raises `NoSuchEntity`."""
    found = state.sets[entity_set.name].get(key)
    if found is None:
        raise not_there(entity_set, key)
    return readable(found.get(stream.name))


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

    def media_streams(self, entity_set: EntitySet) -> Mapping[str, Stream]:
        return streams_of(entity_set.type)

    def media(self, entity_set: EntitySet, key: tuple[object, ...], stream: Stream) -> Readable | None:
        return media_in(self.state, entity_set, key, stream)

    def snapshot(self) -> Store:
        return self

    def close(self) -> None:
        """Nothing is held."""


class _Drafting(_View):
    """A store over the draft of one transaction."""

    def __init__(self, store: MemoryStore, draft: Draft) -> None:
        super().__init__(store.model, draft)
        self._store = store
        self._draft = draft

    def writer(self) -> Writer:
        """Return what changes the draft."""
        return MemoryWriter(self._draft)

    def commit(self) -> None:
        """Publish the draft. Raises `ChangedMeanwhile`."""
        if self._draft.written or self._draft.relinked:
            self._store.publish(self._draft)
