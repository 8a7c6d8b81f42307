"""A store over providers: see `Provider` for what its answers cost.

It keeps no states apart: what one transaction changes, others see at once. Of a transaction that is not committed, the
changes are undone, one by one. Those who write wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Final

from demotic.errors import InternalFault, InvalidInput, Unavailable
from demotic.model import EntitySet, Model, ensure
from demotic.query import Read
from demotic.store._errors import ReadOnly
from demotic.store._interface import Form, Plan, Result, Store
from demotic.store.changes import NativeKey, Writer
from demotic.store.media import Media, Readable, Stream, streams_of
from demotic.store.memory._plan import MemoryPlan, MemoryResult
from demotic.store.memory._state import Draft, State, Ways
from demotic.store.memory._store import media_in
from demotic.store.memory._writer import MemoryWriter
from demotic.store.providers._given import Entities, Given
from demotic.store.providers._provider import Provider
from demotic.store.providers._state import Members, ProvidedDraft, ProvidedState
from demotic.store.providers._unavailable import check_names, check_read

_WAIT: Final = 5.0
"""The seconds to wait for another who writes."""


class StoreBusy(Unavailable):
    """Somebody else is writing, and did not end in time."""

    code = "StoreBusy"


class ProviderStore(Store):
    """Entity sets whose entities come from providers, one for each set of the model.

    >>> store = ProviderStore(model, {"Files": FolderFiles("/srv")})   # doctest: +SKIP

    A function that returns the entities stands for `Given` of it. Raises InvalidInput if a set has no provider, or a
    provider no set.
    """

    in_process = True

    def __init__(self, model: Model, providers: Mapping[str, Provider | Entities]) -> None:
        if not isinstance(model, Model):
            raise InvalidInput(f"{model!r} is no model", hint="declare() and read_xml() make one")
        ways = Ways(ensure(model, bindings=False))
        self.providers = {name: _provider(given) for name, given in providers.items()}
        for name in {*ways.sets, *self.providers}:
            provider = self.providers.get(name)
            if name not in ways.sets or provider is None:
                missing = name in ways.sets
                raise InvalidInput(
                    f"the set {name} has no provider" if missing else f"there is no set {name} to provide", target=name
                )
            check_names(provider)
            provider.bind(ways.sets[name])
        self.model = model
        self._ways = ways
        self._turn = Lock()
        self.read_only = not any(provider.writable for provider in self.providers.values())

    def prepare(self, read: Read, form: Form) -> Plan:
        """Compile a read. Raises Unsupported for an option that a provider does not offer."""
        check_read(self._ways, self.providers, read)
        return MemoryPlan(read, form)

    def lacks(self, entity_set: EntitySet) -> Collection[str]:
        """Return the query options that the provider of a set does not offer."""
        return self.providers[entity_set.name].unavailable

    def run(self, plan: Plan, values: Sequence[object], *, page: int | None = None) -> Result:
        """Run a plan on what the providers give."""
        return run_on(ProvidedState(self._ways, self.providers), plan, values, page)

    def snapshot(self) -> Store:
        """Return a view: no state of the data, which is its providers' alone."""
        return _View(self, ProvidedState(self._ways, self.providers))

    def media_streams(self, entity_set: EntitySet) -> Mapping[str, Stream]:
        """Return the streams that providers may give: all."""
        return streams_of(entity_set.type)

    def media(self, entity_set: EntitySet, key: tuple[object, ...], stream: Stream) -> Readable | None:
        """Open a stream of an entity as its provider gives it."""
        return media_in(ProvidedState(self._ways, self.providers), entity_set, key, stream)

    def begin(self, *, write: bool = False) -> Store:
        """Return a view that may be written to, if any provider may. Raises `ReadOnly`."""
        if self.read_only:
            if write:
                raise ReadOnly("its providers take no changes")
            return self.snapshot()
        return _Drafting(self, ProvidedDraft(ProvidedState(self._ways, self.providers)), self._turn)

    def close(self) -> None:
        """Nothing is held."""


def run_on(state: State, plan: Plan, values: Sequence[object], page: int | None) -> Result:
    """Run a plan on what providers give, asking them for no more than the plan's filter wants where it can."""
    if not isinstance(plan, MemoryPlan):
        raise InternalFault("a plan of another store")
    source = plan.read.source
    members = state.sets[source.set.name]
    if not source.steps and isinstance(members, Members) and plan.read.query.filter is not None:
        provider = members.provider
        narrowed = Members(provider, lambda: provider.query(plan.read.query, values))
        return MemoryResult(plan, _Narrowed(state, source.set, narrowed), values, page)
    return MemoryResult(plan, state, values, page)


def _provider(given: object) -> Provider:
    if isinstance(given, Provider):
        return given
    if isinstance(given, type) or not callable(given):
        raise InvalidInput(f"{given!r} is no provider", hint="give a Provider, or a function that returns the entities")
    return Given(given)


class _Narrowed(State):
    """A state one of whose sets is seen through a filter; what is related is that of the whole state."""

    def __init__(self, state: State, entity_set: EntitySet, members: Members) -> None:
        super().__init__(state.ways, {**state.sets, entity_set.name: members}, state.links)
        self.related = state.related  # type: ignore[method-assign]


class _View(Store):
    def __init__(self, whole: ProviderStore, state: State) -> None:
        self.model = whole.model
        self._whole = whole
        self._state = state

    def prepare(self, read: Read, form: Form) -> Plan:
        return self._whole.prepare(read, form)

    def run(self, plan: Plan, values: Sequence[object], *, page: int | None = None) -> Result:
        return run_on(self._state, plan, values, page)

    def media_streams(self, entity_set: EntitySet) -> Mapping[str, Stream]:
        return self._whole.media_streams(entity_set)

    def media(self, entity_set: EntitySet, key: tuple[object, ...], stream: Stream) -> Readable | None:
        return media_in(self._state, entity_set, key, stream)

    def snapshot(self) -> Store:
        return self

    def close(self) -> None:
        """Nothing is held."""


class _Drafting(_View):
    """A view whose changes go to the providers at once."""

    def __init__(self, whole: ProviderStore, draft: Draft, turn: Lock) -> None:
        super().__init__(whole, draft)
        self._draft = draft
        self._turn = Turn(turn)
        self._done = False

    def writer(self) -> Writer:
        """Return what changes the data."""
        return _ProviderWriter(self._draft, self._turn)

    def commit(self) -> None:
        """Let the changes stay."""
        self._done = True

    def close(self) -> None:
        """Undo what was not committed, and let others write."""
        try:
            if not self._done:
                self._draft.back_to(0)
        finally:
            self._done = True
            self._turn.leave()


class Turn:
    """The turn of one transaction to write."""

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._held = False

    def take(self) -> None:
        """Wait for the others. Raises `StoreBusy`."""
        if self._held:
            return
        if not self._lock.acquire(timeout=_WAIT):
            raise StoreBusy("somebody else is writing", hint="try again")
        self._held = True

    def leave(self) -> None:
        """Let others write; harmless when called again."""
        if self._held:
            self._held = False
            self._lock.release()


class _ProviderWriter(MemoryWriter):
    keeps_media = False

    def __init__(self, draft: Draft, turn: Turn) -> None:
        super().__init__(draft)
        self._turn = turn

    @contextmanager
    def atomic(self) -> Iterator[None]:
        self._turn.take()
        with super().atomic():
            yield

    def lock(self, entity_set: EntitySet, key: NativeKey) -> None:
        self._turn.take()

    def put_media(
        self, entity_set: EntitySet, key: NativeKey, stream: Stream, media: Media, most: int | None = None
    ) -> None:
        raise _given_only(entity_set)

    def remove_media(self, entity_set: EntitySet, key: NativeKey, stream: Stream) -> None:
        raise _given_only(entity_set)


def _given_only(entity_set: EntitySet) -> ReadOnly:
    return ReadOnly(f"the provider of {entity_set.name} gives streams, and takes none")
