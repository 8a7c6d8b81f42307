"""Connections to a SQLite file: one to a thread, those of long results and of transactions borrowed from a pool.

Those that read cannot write: only `Writing` turns that off, for a connection that it holds for itself.

Python's sqlite3 gives up the interpreter's lock at every row, so that threads that read at once spend their time
handing it over: with four threads, 5,000-row pages fell to a quarter of what one thread did. The *gate* lets one thread
of the process step through rows at a time. It is held while a statement runs and its rows are fetched, a batch at a
time, and never while a client reads; nor while a statement waits for a writer, who may himself wait for one that reads.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import weakref
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Final

from demotic.errors import DemoticError, InternalFault, InvalidInput, LimitExceeded
from demotic.store._errors import ReadOnly
from demotic.store.sql._errors import DatabaseBusy, DatabaseReplaced, NotADatabase, QueryTooLong, StoreClosed
from demotic.store.sql.connections._watch import FileWatch
from demotic.store.sql.storage._registered import register

# Reentrant, since an abandoned result may be collected, and so closed, by a thread that is within the gate.
GATE: Final = threading.RLock()
_OUTSIDE: Final = threading.Condition(GATE)
LOG: Final = logging.getLogger("demotic.store.sql")

_STEPS_BETWEEN_LOOKS: Final = 50_000
_PAUSE: Final = 0.002
"""The seconds between two tries to read what a writer has locked."""
_TRANSLATIONS: Final[tuple[tuple[str, Callable[[str], DemoticError]], ...]] = (
    ("interrupted", lambda text: QueryTooLong("the query took too long and was stopped", hint="narrow it, or page")),
    ("readonly", lambda text: ReadOnly("the database cannot be written to", hint="its file is protected")),
    ("locked", lambda text: DatabaseBusy("the database is locked by a writer", hint="try again")),
    ("busy", lambda text: DatabaseBusy("the database is busy", hint="try again")),
    ("too many SQL variables", lambda text: LimitExceeded("the query has too many values")),
    ("Expression tree is too large", lambda text: LimitExceeded("the query is nested too deeply")),
    ("parser stack overflow", lambda text: LimitExceeded("the query is nested too deeply")),
    ("tables in a join", lambda text: LimitExceeded("the query reaches too many entities at once")),
    ("too many columns", lambda text: LimitExceeded("the query selects too many columns")),
    ("too big", lambda text: LimitExceeded("a value became too large")),
    ("too large", lambda text: LimitExceeded("the query is too large")),
    ("closed", lambda text: StoreClosed("the database has been closed")),
    ("no such table", lambda text: DatabaseBusy("a table is no longer there", hint="restart the service")),
    ("is full", lambda text: LimitExceeded("the database, or a key that it makes, is full")),
    ("has no column", lambda text: DatabaseBusy("a column is no longer there", hint="restart the service")),
    ("no such column", lambda text: DatabaseBusy("a column is no longer there", hint="restart the service")),
    ("malformed", lambda text: DatabaseBusy("the database is damaged")),
    ("not a database", lambda text: NotADatabase("the file is no SQLite database")),
    ("unable to open", lambda text: DatabaseBusy("the database cannot be opened")),
    ("disk I/O", lambda text: DatabaseBusy("the database cannot be read")),
)
UNDECODABLE: Final = "Could not decode to UTF-8"


def translate(error: BaseException) -> DemoticError:
    """Return our error for one of the driver's."""
    text = str(error)
    if isinstance(error, (OverflowError, UnicodeError)):
        return InvalidInput(f"a value that the database cannot hold: {text}")
    for part, make in _TRANSLATIONS:
        if part in text:
            return make(text)
    LOG.error("unexpected error of the database: %s", text)
    return InternalFault("the database failed")


def is_locked(error: BaseException) -> bool:
    """Whether a statement failed since somebody else writes, or reads where it would write."""
    return getattr(error, "sqlite_errorname", "") in ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_LOCKED_SHAREDCACHE")


FAILURES: Final = (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeError)


class Broken(bytes):
    """Text that is no UTF-8, as its bytes: it does not fit as text, but it is a value and has a place in an order."""


def lenient(data: bytes) -> str | Broken:
    """Read text; what is broken UTF-8 stays bytes."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return Broken(data)


class Handle:
    """A connection, until when it may run what it runs, and to which of the files that had the name it leads."""

    __slots__ = ("age", "connection", "deadline", "limit", "patience", "writes")

    def __init__(
        self, connection: sqlite3.Connection, limit: float, patience: float, age: int = 0, *, writes: bool = False
    ) -> None:
        """``patience`` is how many seconds to wait for a writer."""
        self.connection = connection
        self.patience = patience
        self.writes = writes
        self.age = age
        self.limit = limit
        self.deadline = monotonic() + limit
        self.watch()

    def watch(self) -> None:
        """Stop what runs too long from now on: after another handler was set."""
        self.connection.set_progress_handler(self._look, _STEPS_BETWEEN_LOOKS)

    def _look(self) -> int:
        return int(monotonic() > self.deadline)

    def renew(self) -> None:
        """Start the time limit anew: for the next batch of a long result."""
        self.deadline = monotonic() + self.limit

    def execute(self, text: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Start a statement; to be called, and its rows fetched, with the gate held."""
        self.deadline = monotonic() + self.limit
        try:
            return self.connection.execute(text, parameters)
        except sqlite3.OperationalError as error:
            if not is_locked(error):
                raise
        return self.execute_patiently(text, parameters, _OUTSIDE.wait)

    def execute_patiently(
        self, text: str, parameters: Sequence[Any], pause: Callable[[float], object]
    ) -> sqlite3.Cursor:
        """Start a statement as soon as writers let it; ``pause`` waits for that many seconds."""
        end = monotonic() + self.patience
        while True:
            self.deadline = monotonic() + self.limit
            try:
                return self.connection.execute(text, parameters)
            except sqlite3.OperationalError as error:
                if not is_locked(error) or monotonic() >= end:
                    raise
            pause(_PAUSE)


class Connections:
    """All connections of one store.

    When the file is replaced, ``accept`` is called with a connection to the new one, and raises a DemoticError if that
    cannot stand in for the old one.
    """

    def __init__(self, uri: str, *, busy_timeout: float, time_limit: float, watch: FileWatch | None = None) -> None:
        self.accept: Callable[[Handle], None] = lambda handle: None
        self._watch = watch
        self._age = 0
        self._refusal: DatabaseReplaced | None = None
        self._uri = uri
        self.busy_timeout = busy_timeout
        self._time_limit = time_limit
        self._local = threading.local()
        self._lock = threading.RLock()
        self._all: list[Handle] = []
        self._idle: list[Handle] = []
        self._idle_writers: list[Handle] = []
        self._closed = False
        self.write_lock = threading.Lock()
        # A store need not be closed by name: what nobody holds any more lets go of its file.
        weakref.finalize(self, _close, self._all, watch)

    def open(self, *, writes: bool = False) -> Handle:
        """Open one more connection, which only reads unless it ``writes``. Raises `Unavailable` if that cannot be."""
        if self._closed:
            raise StoreClosed("the store has been closed")
        try:
            connection = sqlite3.connect(
                self._uri.replace("?mode=ro", "?mode=rw") if writes else self._uri,
                uri=True,
                timeout=0,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=512,
            )
        except sqlite3.Error as error:
            raise translate(error) from error
        try:
            connection.execute("PRAGMA foreign_keys = 1" if writes else "PRAGMA query_only = 1")
        except sqlite3.Error as error:
            connection.close()
            raise translate(error) from error
        register(connection)
        handle = Handle(connection, self._time_limit, self.busy_timeout, self._age, writes=writes)
        with self._lock:
            self._all.append(handle)
        return handle

    def _look(self) -> None:
        """Turn to the file that has the name now. Raises `Unavailable` if there is none, or one that does not do."""
        watch = self._watch
        if watch is None or (monotonic() < watch.next_look and self._refusal is None):
            return
        with self._lock:
            if self._closed:
                return
            if watch.replaced():
                self._turn(watch)
            if self._refusal is not None:
                raise self._refusal

    def _turn(self, watch: FileWatch) -> None:
        """Start anew with the file that has the name now."""
        self._age += 1
        self._refusal = None
        idle, self._idle, self._idle_writers = self._idle + self._idle_writers, [], []
        for handle in idle:
            self._discard(handle)
        handle = self.open()
        try:
            self.accept(handle)
        except DatabaseReplaced as refusal:
            self._refusal = refusal
            self._discard(handle)
        except BaseException:
            watch.forget()
            self._discard(handle)
            raise
        else:
            LOG.info("the database file was replaced; its new data is served")
            self._idle.append(handle)

    def _discard(self, handle: Handle) -> None:
        with self._lock:
            if handle in self._all:
                self._all.remove(handle)
        with GATE:
            handle.connection.close()

    def mine(self) -> Handle:
        """Return this thread's connection."""
        self._look()
        handle: Handle | None = getattr(self._local, "handle", None)
        if handle is None or handle.age != self._age:
            if handle is not None:
                self._discard(handle)
            handle = self._local.handle = self.open()
        return handle

    def borrow(self, *, writes: bool = False) -> Handle:
        """Return a connection that nobody else uses until it is given back."""
        self._look()
        with self._lock:
            idle = self._idle_writers if writes else self._idle
            if idle:
                return idle.pop()
        return self.open(writes=writes)

    def give_back(self, handle: Handle) -> None:
        """Take a borrowed connection back."""
        with self._lock:
            if not self._closed and handle.age == self._age:
                (self._idle_writers if handle.writes else self._idle).append(handle)
                return
        self._discard(handle)

    def begin(self, handle: Handle) -> None:
        """Start a transaction: what is read from now on is one state of the data."""
        with GATE:
            handle.execute("BEGIN")

    def finish(self, handle: Handle) -> bool:
        """End the transaction; return whether the connection is still good."""
        with GATE:
            try:
                handle.connection.text_factory = str
                handle.execute("ROLLBACK")
            except sqlite3.Error:
                return False
        return True

    def close(self) -> None:
        """Close all connections; harmless when called again."""
        with self._lock:
            self._closed = True
            self._idle.clear()
            self._idle_writers.clear()
            _close(self._all, self._watch)


def _close(handles: list[Handle], watch: FileWatch | None) -> None:
    if watch is not None:
        watch.close()
    with GATE:
        while handles:
            handles.pop().connection.close()


class Held(Connections):
    """One connection in a transaction that is kept open: everything runs on it, in one state of the data.

    Not to be used by two threads at once.
    """

    def __init__(self, connections: Connections, *, writes: bool = False) -> None:
        self._connections = connections
        self._handle: Handle | None = connections.borrow(writes=writes)
        try:
            connections.begin(self._handle)
            with GATE:
                self._handle.execute("SELECT 1 FROM sqlite_schema").fetchall()  # only now is the state fixed
        except FAILURES as error:
            self.close()
            raise translate(error) from error

    def mine(self) -> Handle:
        """Return the one connection."""
        if self._handle is None:
            raise StoreClosed("the snapshot has been closed")
        return self._handle

    def borrow(self, *, writes: bool = False) -> Handle:
        """Return the one connection."""
        return self.mine()

    def give_back(self, handle: Handle) -> None:
        """Nothing is lent."""

    def begin(self, handle: Handle) -> None:
        """The transaction has begun already."""

    def finish(self, handle: Handle) -> bool:
        """The transaction ends with the snapshot."""
        handle.connection.text_factory = str
        return True

    def close(self) -> None:
        """End the transaction; harmless when called again."""
        handle, self._handle = self._handle, None
        if handle is not None and self._connections.finish(handle):
            self._connections.give_back(handle)
