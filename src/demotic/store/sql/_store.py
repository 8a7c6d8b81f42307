"""The store over a SQL database."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from threading import Lock
from typing import Final

from demotic.errors import InternalFault
from demotic.model import EntitySet, Model
from demotic.query import Read
from demotic.store._interface import Form, Plan, Result, Row, Store
from demotic.store.media import Readable, Stream
from demotic.store.sql._errors import DatabaseLocked, NotInThisStore
from demotic.store.sql.changes._dml import Dml
from demotic.store.sql.changes._writer import SqlWriter
from demotic.store.sql.changes._writing import Writing
from demotic.store.sql.connections._pool import Connections, Held, Statistics
from demotic.store.sql.running._media import open_media
from demotic.store.sql.running._run import point, run
from demotic.store.sql.statements._dialect import Dialect
from demotic.store.sql.statements._plan import SqlPlan
from demotic.store.sql.storage._mapping import DatabaseMap
from demotic.store.sql.storage._storage import Unfit

MOST_PLANS: Final = 512


class SqlStore(Store):
    """The tables of a database as entity sets. Safe to share between threads.

    ``left_out`` lists the tables and views that are not published, each with the reason; ``notes`` what the owner of
    the database should know of what is, each with the table or column.
    """

    def __init__(
        self,
        model: Model,
        database: DatabaseMap,
        connections: Connections,
        dialect: Dialect,
        writing: Callable[[bool], Writing],
        name: str,
        *,
        read_only: bool = False,
    ) -> None:
        """``writing`` starts a transaction for changes; given true, nobody else can change what is read in it."""
        self.model = model
        self.read_only = read_only
        self.name = name
        self.left_out: tuple[tuple[str, str], ...] = database.left_out
        self.notes: tuple[tuple[str, str], ...] = tuple(database.notes)
        self._database = database
        self._connections = connections
        self._dialect = dialect
        self._writing = writing
        self.in_process = dialect.in_process
        self.transient = (*Store.transient, DatabaseLocked)
        self._dml = Dml(database, self._dialect)
        self._fallible: tuple[type[BaseException], ...] = (Unfit, *connections.failures)
        self._plans: OrderedDict[tuple[Read, Form], SqlPlan] = OrderedDict()
        self._lock = Lock()

    def prepare(self, read: Read, form: Form) -> Plan:
        """Compile a read, or return the plan that was made of it for this form before.

        Raises `Unsupported` where the database cannot do exactly what is asked.
        """
        key = (read, form)
        with self._lock:
            plan = self._plans.get(key)
            if plan is not None:
                self._plans.move_to_end(key)
                return plan
        plan = SqlPlan(read, form, self._database, self._dialect)
        with self._lock:
            self._plans[key] = plan
            while len(self._plans) > MOST_PLANS:
                self._plans.popitem(last=False)
        return plan

    def run(self, plan: Plan, values: Sequence[object], *, page: int | None = None) -> Result:
        """Run a plan in a snapshot of its own: see `demotic.store.Store.run`."""
        if not isinstance(plan, SqlPlan):
            raise InternalFault("a plan of another store")
        return run(plan, values, self._connections, self._dialect, page)

    def one(self, plan: Plan, values: Sequence[object]) -> Row | None:
        """Return the row of an addressed entity: see `demotic.store.Store.one`."""
        if isinstance(plan, SqlPlan) and plan.point is not None:
            try:
                return point(plan.point, values, self._connections)
            except self._fallible:
                pass  # the general way knows what to do about it, or how to say it
        return super().one(plan, values)

    def snapshot(self) -> SqlSnapshot:
        """Return a view of this store in one state of the data, for one thread at a time."""
        return SqlSnapshot(self, Held(self._connections), self._dialect)

    def begin(self, *, write: bool = False) -> Store:
        """Return a view for one transaction, for one thread at a time: see `demotic.store.Store.begin`."""
        if self.read_only:
            return super().begin(write=write)
        writing = self._writing(write)
        return SqlDraft(self, writing, self._dialect, partial(SqlWriter, self._database, self._dml, writing))

    def statistics(self) -> Statistics:
        """Return what the connections to the database do now, and have done since the store was opened."""
        return self._connections.statistics()

    def media_streams(self, entity_set: EntitySet) -> Mapping[str, Stream]:
        """Return the streams that are kept: those of tables that were made for them."""
        found = self._database.sets[entity_set].media
        return found.streams if found is not None else {}

    def media(self, entity_set: EntitySet, key: tuple[object, ...], stream: Stream) -> Readable | None:
        """Open a stream of an entity for reading."""
        held = Held(self._connections)
        try:
            found = self.open_media(entity_set, key, stream, held, held.close)
        except BaseException:
            held.close()
            raise
        if found is None:
            held.close()
        return found

    def open_media(
        self,
        entity_set: EntitySet,
        key: tuple[object, ...],
        stream: Stream,
        held: Held,
        release: Callable[[], object],
    ) -> Readable | None:
        """Open a stream in the state that a connection sees, which is released with it."""
        return open_media(self._database.sets[entity_set], self._dml, entity_set, key, stream, held, release)

    def takes_changes(self, entity_set: EntitySet) -> bool:
        """Whether rows of a set's table can be changed: not of a view, nor of a store for reading only."""
        return not self.read_only and self._database.sets[entity_set].writable

    def close(self, timeout: float | None = 0.0) -> None:
        """Close all connections; harmless when called again.

        What runs has ``timeout`` seconds to finish (``None``: as long as it takes), and is broken off then.
        """
        self._connections.close(timeout)


class SqlSnapshot(Store):
    """A SQL store in one state of its data."""

    def __init__(self, store: SqlStore, held: Held, dialect: Dialect) -> None:
        self.model = store.model
        self._store = store
        self._held = held
        self._dialect = dialect

    def prepare(self, read: Read, form: Form) -> Plan:
        """Compile a read: see `SqlStore.prepare`."""
        return self._store.prepare(read, form)

    def run(self, plan: Plan, values: Sequence[object], *, page: int | None = None) -> Result:
        """Run a plan in this state."""
        if not isinstance(plan, SqlPlan):
            raise InternalFault("a plan of another store")
        return run(plan, values, self._held, self._dialect, page)

    def one(self, plan: Plan, values: Sequence[object]) -> Row | None:
        """Return the row of an addressed entity in this state: see `demotic.store.Store.one`."""
        if isinstance(plan, SqlPlan) and plan.point is not None:
            try:
                return point(plan.point, values, self._held)
            except Unfit:
                pass  # the general way compares otherwise
            except self._held.failures as error:
                if not self._held.is_lost(error):  # a failed transaction answers nothing more
                    raise self._held.translate(error) from error
        return super().one(plan, values)

    def media_streams(self, entity_set: EntitySet) -> Mapping[str, Stream]:
        """Return the streams that are kept."""
        return self._store.media_streams(entity_set)

    def media(self, entity_set: EntitySet, key: tuple[object, ...], stream: Stream) -> Readable | None:
        """Open a stream of an entity in this state."""
        return self._store.open_media(entity_set, key, stream, self._held, lambda: None)

    def snapshot(self) -> SqlSnapshot:
        """Raise Unsupported: a snapshot is of one state already."""
        raise NotInThisStore("a snapshot within a snapshot", hint="use the one at hand")

    def close(self) -> None:
        """Give the state up; harmless when called again."""
        self._held.close()


class SqlDraft(SqlSnapshot):
    """A SQL store in one transaction that may change it."""

    def __init__(self, store: SqlStore, held: Writing, dialect: Dialect, writer: Callable[[], SqlWriter]) -> None:
        super().__init__(store, held, dialect)
        self._writing = held
        self._new_writer = writer
        self._writers: list[SqlWriter] = []

    def writer(self) -> SqlWriter:
        """Return what changes the data. Nothing else is written to the database until the transaction ends."""
        self._writers.append(self._new_writer())
        return self._writers[-1]

    def commit(self) -> None:
        """Make the changes last. Raises `DatabaseBusy`."""
        for writer in self._writers:
            writer.settle()
        self._writing.commit()
