"""Connections to a SQLite file.

Those that read cannot write: only `Writing` turns that off, for a connection that it holds for itself.

Python's sqlite3 gives up the interpreter's lock at every row, so that threads that read at once spend their time
handing it over: with four threads, 5,000-row pages fell to a quarter of what one thread did. The *gate* lets one thread
of the process step through rows at a time. It is held while a statement runs and its rows are fetched, a batch at a
time, and never while a client reads; nor while a statement waits for a writer, who may himself wait for one that reads.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, Final

from demotic.errors import DemoticError, InternalFault, InvalidInput, LimitExceeded
from demotic.store._errors import ReadOnly
from demotic.store.sql._errors import (
    DatabaseBusy,
    DatabaseLocked,
    DatabaseReplaced,
    NotADatabase,
    QueryTooLong,
    StoreClosed,
)
from demotic.store.sql.connections._pool import LOG, Connections, Handle, Limits, Reader
from demotic.store.sql.connections._watch import FileWatch
from demotic.store.sql.storage._registered import register
from demotic.store.sql.storage._storage import Broken

# Reentrant, since an abandoned result may be collected, and so closed, by a thread that is within the gate.
GATE: Final = threading.RLock()
_OUTSIDE: Final = threading.Condition(GATE)

_STEPS_BETWEEN_LOOKS: Final = 50_000
_PASSED: Final = 1000
_PAUSE: Final = 0.002
"""The seconds between two tries to read what a writer has locked."""
_TRANSLATIONS: Final[tuple[tuple[str, Callable[[str], DemoticError]], ...]] = (
    ("interrupted", lambda text: QueryTooLong("the query took too long and was stopped", hint="narrow it, or page")),
    ("readonly", lambda text: ReadOnly("the database cannot be written to", hint="its file is protected")),
    ("locked", lambda text: DatabaseLocked("the database is locked by a writer", hint="try again")),
    ("busy", lambda text: DatabaseLocked("the database is busy", hint="try again")),
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


def lenient(data: bytes) -> str | Broken:
    """Read text; what is broken UTF-8 stays bytes."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return Broken(data)


class SqliteHandle(Handle):
    """A connection, until when it may run what it runs, and to which of the files that had the name it leads."""

    __slots__ = ("connection", "deadline", "limit", "patience")

    def __init__(
        self, connection: sqlite3.Connection, limit: float, patience: float, age: int = 0, *, writes: bool = False
    ) -> None:
        """``patience`` is how many seconds to wait for a writer."""
        super().__init__(age=age, writes=writes)
        self.connection = connection
        self.patience = patience
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

    def fetch(self, text: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return all rows of a statement; in them, text that is none stays bytes."""
        with GATE:
            try:
                return self.execute(text, parameters).fetchall()
            except sqlite3.OperationalError as error:
                if UNDECODABLE not in str(error):
                    raise
            self.connection.text_factory = lenient
            try:
                return self.execute(text, parameters).fetchall()
            finally:
                self.connection.text_factory = str

    def reader(self, text: str, parameters: Sequence[Any], *, alone: bool) -> SqliteReader:
        """Return the rows of a statement in batches."""
        return SqliteReader(self, text, parameters)

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

    def begin(self) -> None:
        """Start a transaction; what is read from now on is one state of the data."""
        with GATE:
            self.execute("BEGIN")
            try:
                self.execute("SELECT 1 FROM sqlite_schema").fetchall()  # only now is the state fixed
            except sqlite3.Error:
                self.finish()
                raise

    def finish(self) -> bool:
        """End the transaction; return whether the connection is still good."""
        with GATE:
            try:
                self.connection.text_factory = str
                if self.connection.in_transaction:
                    self.execute("ROLLBACK")
            except sqlite3.Error:
                return False
        return True

    def interrupt(self) -> None:
        """Stop what runs."""
        with suppress(sqlite3.ProgrammingError):
            self.connection.interrupt()

    def close(self) -> None:
        """Close the connection."""
        with GATE:
            self.connection.close()


class SqliteReader(Reader):
    """The rows of a statement in batches; the gate is not held between them, so that a client may take its time."""

    def __init__(self, handle: SqliteHandle, text: str, parameters: Sequence[Any]) -> None:
        self._handle = handle
        self._asked = text, parameters
        self._read = 0
        with GATE:
            self._cursor = handle.execute(text, parameters)

    def next(self, size: int) -> list[Any]:
        """Return the next rows."""
        with GATE:
            self._handle.renew()
            try:
                rows = self._cursor.fetchmany(size)
            except sqlite3.OperationalError as error:
                if UNDECODABLE not in str(error):
                    raise
                rows = self._again(size)
        self._read += len(rows)
        return rows

    def _again(self, size: int) -> list[Any]:
        """Start over with broken text read as nothing, and pass over the rows that were read before."""
        self._handle.connection.text_factory = lenient
        self._cursor = self._handle.execute(*self._asked)
        left = self._read
        while left > 0:
            left -= len(self._cursor.fetchmany(min(left, _PASSED)))
        return self._cursor.fetchmany(size)

    def close(self) -> None:
        """Give up what is left."""
        with GATE, suppress(sqlite3.Error):
            self._handle.connection.text_factory = str
            self._cursor.close()


class SqliteConnections(Connections):
    """All connections of one store.

    When the file is replaced, ``accept`` is called with a connection to the new one, and raises a DemoticError if that
    cannot stand in for the old one.
    """

    failures = FAILURES

    def __init__(
        self,
        uri: str,
        *,
        busy_timeout: float,
        time_limit: float,
        watch: FileWatch | None = None,
        limits: Limits | None = None,
    ) -> None:
        super().__init__(limits or Limits(most=64))
        self.accept: Callable[[SqliteHandle], None] = lambda handle: None
        self._watch = watch
        self._refusal: DatabaseReplaced | None = None
        self._uri = uri
        self.busy_timeout = busy_timeout
        self._time_limit = time_limit
        self.write_lock = threading.Lock()
        # A store need not be closed by name: what nobody holds any more lets go of its file.
        weakref.finalize(self, _close, self._all, watch)

    def translate(self, error: BaseException) -> DemoticError:
        """Return our error for one of the driver's."""
        return translate(error)

    def connect(self, *, writes: bool = False) -> SqliteHandle:
        """Open one more connection, which only reads unless it ``writes``. Raises `Unavailable` if that cannot be."""
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
        return SqliteHandle(connection, self._time_limit, self.busy_timeout, self._age, writes=writes)

    def borrow(self, *, writes: bool = False) -> Handle:
        """Return a connection to the file that has the name now."""
        watch = self._watch
        if watch is not None and (self._refusal is not None or monotonic() >= watch.next_look):
            self._look(watch)
        return super().borrow(writes=writes)

    def _look(self, watch: FileWatch) -> None:
        """Turn to the file that has the name now. Raises `Unavailable` if there is none, or one that does not do."""
        with self._changed:
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
        idle = [*self._idle, *self._idle_writers]
        self._idle.clear()
        self._idle_writers.clear()
        for handle in idle:
            self.discard(handle)
        handle = self.connect()
        self._all.append(handle)
        try:
            self.accept(handle)
        except DatabaseReplaced as refusal:
            self._refusal = refusal
            self.discard(handle)
        except BaseException:
            watch.forget()
            self.discard(handle)
            raise
        else:
            LOG.info("the database file was replaced; its new data is served")
            self._idle.append(handle)

    def close(self, timeout: float | None = 0.0) -> None:
        """Close all connections, and let go of the file."""
        super().close(timeout)
        if self._watch is not None:
            self._watch.close()


def _close(handles: list[Handle], watch: FileWatch | None) -> None:
    if watch is not None:
        watch.close()
    while handles:
        handles.pop().close()
