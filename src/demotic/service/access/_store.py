"""A store as somebody may see it: a part of its model, and of each set the entities that the rules let them read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from demotic.errors import InternalFault
from demotic.model import EntitySet
from demotic.query import Read
from demotic.service.access._looks import Looks
from demotic.service.access._sight import SeenPlan, Sight
from demotic.service.access._writer import GuardedWriter
from demotic.service.identity import acting
from demotic.store import Form, Plan, Result, Row, Store
from demotic.store.changes import Writer, not_there
from demotic.store.media import Readable, Stream, streams_of


class Restricted(Store):
    """A store, or with ``owned`` a view of one, as somebody may see it; a view is closed with it, a store is not."""

    def __init__(self, inner: Store, sight: Sight, *, owned: bool = False) -> None:
        self.model = sight.projection.model
        self.transient = inner.transient
        self._inner = inner
        self._sight = sight
        self._owned = owned

    def prepare(self, read: Read, form: Form) -> Plan:
        """Compile a read: see `demotic.store.Store.prepare`."""
        return self._sight.prepare(self._inner, read, form)

    def run(self, plan: Plan, values: Sequence[object], *, page: int | None = None) -> Result:
        """Run a plan for whom the thread is working: see `demotic.store.Store.run`."""
        if not isinstance(plan, SeenPlan):
            raise InternalFault("a plan of another store")
        return self._inner.run(plan.inner, plan.values(values, acting()), page=page)

    def one(self, plan: Plan, values: Sequence[object]) -> Row | None:
        """Run a plan for an addressed entity: see `demotic.store.Store.one`."""
        if not isinstance(plan, SeenPlan):
            raise InternalFault("a plan of another store")
        return self._inner.one(plan.inner, plan.values(values, acting()))

    def snapshot(self) -> Store:
        """Return a view of one state of the data."""
        return Restricted(self._inner.snapshot(), self._sight, owned=True)

    def begin(self, *, write: bool = False) -> Store:
        """Return a view for one transaction."""
        return Restricted(self._inner.begin(write=write), self._sight, owned=True)

    def takes_changes(self, entity_set: EntitySet) -> bool:
        """Whether entities of a set can be changed at all."""
        return self._inner.takes_changes(self._sight.projection.sets.get(entity_set, entity_set))

    def lacks(self, entity_set: EntitySet) -> Collection[str]:
        """Return the query options that are not offered on a set."""
        return self._inner.lacks(self._sight.projection.sets.get(entity_set, entity_set))

    def media_streams(self, entity_set: EntitySet) -> Mapping[str, Stream]:
        """Return the streams that are kept and may be known of."""
        place = self._sight.projection.sets.get(entity_set, entity_set)
        shown = streams_of(entity_set.type)
        return {name: stream for name, stream in self._inner.media_streams(place).items() if name in shown}

    def media(self, entity_set: EntitySet, key: tuple[object, ...], stream: Stream) -> Readable | None:
        """Open a stream of an entity that can be seen. Raises `NoSuchEntity` for any other."""
        place = self._sight.projection.sets.get(entity_set, entity_set)
        if not Looks(self._inner, self._sight, acting()).sees(place, key):
            raise not_there(place, key)
        return self._inner.media(place, key, stream)

    def writer(self) -> Writer:
        """Return what changes the data as far as that is granted."""
        return GuardedWriter(self._inner.writer(), self._inner, self._sight, acting())

    def commit(self) -> None:
        """Make the changes of this view last."""
        self._inner.commit()

    def close(self) -> None:
        """Release a view; harmless when called again."""
        if self._owned:
            self._inner.close()
