"""The store over a SQL database."""

from __future__ import annotations

import os
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from threading import Lock
from typing import Final

from demotic.errors import InternalFault, InvalidInput, NotFound
from demotic.model import Model
from demotic.query import Read
from demotic.store._interface import Form, Plan, Result, Row, Store
from demotic.store.sql._errors import DatabaseReplaced, NotInThisStore
from demotic.store.sql.changes._dml import Dml
from demotic.store.sql.changes._writer import SqlWriter
from demotic.store.sql.changes._writing import Writing
from demotic.store.sql.connections._address import read_address
from demotic.store.sql.connections._connection import FAILURES, Connections, Handle, Held, translate
from demotic.store.sql.connections._watch import FileWatch
from demotic.store.sql.definition._fit import fit
from demotic.store.sql.definition._layout import lay_out
from demotic.store.sql.definition._rules import NO_RULES, TableRules
from demotic.store.sql.reflection._names import identifier
from demotic.store.sql.reflection._reflect import reflect
from demotic.store.sql.running._run import point, run
from demotic.store.sql.statements._dialect import Sqlite
from demotic.store.sql.statements._plan import SqlPlan
from demotic.store.sql.storage._mapping import DatabaseMap, outline
from demotic.store.sql.storage._storage import Unfit

MOST_PLANS: Final = 512


class SqlStore(Store):
    """The tables of a database as entity sets. Safe to share between threads.

    ``left_out`` lists the tables and views that are not published, each with the reason; ``notes`` what the owner of
    the database should know of what is, each with the table or column.
    """

    in_process = True

    def __init__(
        self, model: Model, database: DatabaseMap, connections: Connections, name: str, *, read_only: bool = False
    ) -> None:
        self.model = model
        self.read_only = read_only
        self.name = name
        self.left_out: tuple[tuple[str, str], ...] = database.left_out
        self.notes: tuple[tuple[str, str], ...] = tuple(database.notes)
        self._database = database
        self._connections = connections
        self._dialect = Sqlite()
        self._dml = Dml(database, self._dialect)
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
            except (Unfit, *FAILURES):
                pass  # the general way knows what to do about it, or how to say it
        return super().one(plan, values)

    def snapshot(self) -> SqlSnapshot:
        """Return a view of this store in one state of the data, for one thread at a time."""
        return SqlSnapshot(self, Held(self._connections), self._dialect)

    def begin(self, *, write: bool = False) -> Store:
        """Return a view for one transaction, for one thread at a time: see `demotic.store.Store.begin`."""
        if self.read_only:
            return super().begin(write=write)
        writing = Writing(self._connections, at_once=write)
        return SqlDraft(self, writing, self._dialect, partial(SqlWriter, self._database, self._dml, writing))

    def close(self) -> None:
        """Close all connections; harmless when called again."""
        self._connections.close()


class SqlSnapshot(Store):
    """A SQL store in one state of its data."""

    def __init__(self, store: SqlStore, held: Held, dialect: Sqlite) -> None:
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

    def snapshot(self) -> SqlSnapshot:
        """Raise Unsupported: a snapshot is of one state already."""
        raise NotInThisStore("a snapshot within a snapshot", hint="use the one at hand")

    def close(self) -> None:
        """Give the state up; harmless when called again."""
        self._held.close()


class SqlDraft(SqlSnapshot):
    """A SQL store in one transaction that may change it."""

    def __init__(self, store: SqlStore, held: Writing, dialect: Sqlite, writer: Callable[[], SqlWriter]) -> None:
        super().__init__(store, held, dialect)
        self._writing = held
        self._new_writer = writer

    def writer(self) -> SqlWriter:
        """Return what changes the data. Nothing else is written to the database until the transaction ends."""
        return self._new_writer()

    def commit(self) -> None:
        """Make the changes last. Raises `DatabaseBusy`."""
        self._writing.commit()


def open_store(
    address: str | os.PathLike[str],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    view_keys: Mapping[str, Sequence[str]] | None = None,
    namespace: str | None = None,
    model: Model | None = None,
    rules: TableRules = NO_RULES,
    read_only: bool = False,
    busy_timeout: float = 5.0,
    time_limit: float = 30.0,
) -> SqlStore:
    """Open a database and reflect its tables, or with a ``model``, find its tables there.

    ``address`` is a URL (``sqlite:///shop.db``) or the path of a SQLite file; a missing file is not created.
    ``include`` and ``exclude`` are patterns of table names (``*``, ``?``). ``view_keys`` states the key columns of
    views, which are left out otherwise. ``namespace`` is the model's, by default made of the file's name.
    ``model`` is what the tables are published as, instead of what reflection finds: they are sought by the names that
    `create_tables` gives them, with the same ``rules``; whatever else is there is left alone.
    ``read_only`` keeps the store from changing anything.
    ``busy_timeout`` is how many seconds to wait for a writer (at most the time limit), ``time_limit`` how many a
    statement may run.

    Raises `DatabaseMissing`, `NotADatabase`, `UnknownScheme`, `InvalidSelection` or `NothingToPublish`, each naming the
    culprit, `TablesDiffer` with all differences between a model and the tables, and `Unavailable` if the database is
    locked.
    """
    if model is not None and (include or exclude or view_keys or namespace):
        raise InvalidInput("a model says what is published", hint="leave out include, exclude, view_keys and namespace")
    layout = None if model is None else lay_out(model, "sqlite", rules)
    place = read_address(address)
    watch = FileWatch(place.path, place.uri) if place.path is not None else None
    connections = Connections(place.uri, busy_timeout=min(busy_timeout, time_limit), time_limit=time_limit, watch=watch)

    def look(handle: Handle) -> tuple[Model, DatabaseMap]:
        handle.connection.text_factory = _forgiving
        handle.connection.execute(f"PRAGMA busy_timeout = {int(handle.patience * 1000)}")
        try:
            if model is not None and layout is not None:
                return model, fit(handle.connection, layout)
            return reflect(
                handle.connection,
                namespace=namespace or identifier(place.name),
                include=include,
                exclude=exclude,
                view_keys=view_keys,
            )
        except sqlite3.Error as error:
            raise translate(error) from error
        finally:
            handle.connection.text_factory = str
            handle.connection.execute("PRAGMA busy_timeout = 0")
            handle.watch()

    try:
        handle = connections.open()
        model, database = look(handle)
        connections.give_back(handle)
    except BaseException:
        connections.close()
        raise
    connections.accept = lambda handle: _compare(database, partial(look, handle))
    return SqlStore(model, database, connections, place.name, read_only=read_only)


def _compare(database: DatabaseMap, look: Callable[[], tuple[Model, DatabaseMap]]) -> None:
    """Raise `DatabaseReplaced` if what is there now is not as it was."""
    try:
        alike = outline(look()[1]) == outline(database)
    except (InvalidInput, NotFound):
        alike = False
    if not alike:
        raise DatabaseReplaced(
            "the database file was replaced by one that has other tables, or keeps their values otherwise",
            hint="restart the service to serve it, or put a file of the same form in its place",
        )


def _forgiving(data: bytes) -> str:
    return data.decode(errors="replace")
