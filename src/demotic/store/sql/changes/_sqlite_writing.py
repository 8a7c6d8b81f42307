"""A transaction that may change a SQLite database: a connection of its own, and the database's one write lock.

Writers of one process wait for each other here, those of others in SQLite; both for as long as the store's busy
timeout. No statement of a writer holds the gate of `_connection`: it may have to wait for readers that need it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from time import sleep
from typing import Any

from demotic.errors import DemoticError
from demotic.store._errors import BrokenReference, ChangedMeanwhile, TransactionClosed
from demotic.store.sql._errors import DatabaseLocked
from demotic.store.sql.changes._constraints import broken
from demotic.store.sql.changes._writing import Writing
from demotic.store.sql.connections._connection import FAILURES, SqliteConnections, SqliteHandle, translate
from demotic.store.sql.connections._pool import Outcome
from demotic.store.sql.running._fetch import log
from demotic.store.sql.statements._dialect import Statement
from demotic.store.sql.storage._mapping import DatabaseMap, Table


class SqliteWriting(Writing):
    """One connection in a transaction; with ``at_once`` nobody else can change what it reads.

    Not to be used by two threads at once.
    """

    refusals = (sqlite3.IntegrityError,)

    def __init__(self, connections: SqliteConnections, *, at_once: bool) -> None:
        self._sqlite = connections
        self._locked = False
        self._wrote = False
        self._begun = False
        self._upgraded = not at_once
        if not at_once:
            super().__init__(connections, writes=True)
            return
        self._connections = connections
        self._handle = connections.borrow(writes=True)
        try:
            self.lock()
        except BaseException:
            self.close()
            raise

    def lock(self) -> None:
        """See that nobody else writes until the transaction ends. Raises `DatabaseBusy`."""
        if self._locked:
            return
        # What began with reading does not wait: the writer may be waiting for it, and will have changed what it read.
        if not self._sqlite.write_lock.acquire(timeout=0 if self._upgraded else self._sqlite.busy_timeout):
            if self._upgraded:
                raise _changed()
            raise DatabaseLocked("the database is locked by another transaction", hint="try again")
        self._locked = True
        if not self._upgraded:
            self._run("BEGIN IMMEDIATE")

    def execute(self, statement: Statement, values: Sequence[object]) -> Outcome:
        """Run a statement. Raises sqlite3.IntegrityError, which is the caller's to explain."""
        self.lock()
        parameters = statement.bind(values, -1, None, None)
        log(statement.text, parameters)
        return self._run(statement.text, parameters)

    def explain(
        self, error: BaseException, table: Table, database: DatabaseMap, *, removing: bool = False
    ) -> DemoticError:
        """Return our error for a constraint that would have been broken."""
        return broken(error, table, database, removing=removing)

    def _sqlite_handle(self) -> SqliteHandle:
        handle = self.mine()
        assert isinstance(handle, SqliteHandle)
        return handle

    def _ensure_alive(self) -> None:
        """Raise `TransactionClosed` if the database undid the transaction of itself: nothing more belongs to it."""
        if self._locked and self._begun and not self._sqlite_handle().connection.in_transaction:
            raise TransactionClosed(
                "the database has undone the whole transaction", hint="a rule of it says so (ROLLBACK); begin another"
            )

    def command(self, text: str) -> None:
        """Run a statement of ours that has no parameters."""
        self.lock()
        self._run(text)

    def _run(self, text: str, parameters: Sequence[Any] = ()) -> Outcome:
        self._ensure_alive()
        handle = self._sqlite_handle()
        try:
            if self._upgraded and not self._wrote:
                handle.renew()
                cursor = handle.connection.execute(text, parameters)
            else:
                cursor = handle.execute_patiently(text, parameters, sleep)
            rows = cursor.fetchall()
            self._wrote = self._wrote or not text.startswith("SAVEPOINT")  # which takes no lock
            self._begun = True
            return Outcome(rows, cursor.rowcount)
        except sqlite3.IntegrityError:
            raise
        except FAILURES as error:
            name = getattr(error, "sqlite_errorname", "")
            if name == "SQLITE_BUSY_SNAPSHOT" or (name == "SQLITE_BUSY" and self._upgraded and not self._wrote):
                raise _changed() from error
            raise translate(error) from error

    def commit(self) -> None:
        """Make the changes last. Raises `DatabaseBusy` if readers do not let go of the database in time."""
        if not self._locked:
            return
        try:
            self._run("COMMIT")
        except sqlite3.IntegrityError as error:  # a foreign key that is checked at the end only
            raise BrokenReference("what was changed refers to what is not there") from error

    def close(self, timeout: float | None = 0.0) -> None:
        """End the transaction; what was not committed is undone. Harmless when called again."""
        try:
            super().close(timeout)
        finally:
            if self._locked:
                self._locked = False
                self._sqlite.write_lock.release()


def _changed() -> ChangedMeanwhile:
    return ChangedMeanwhile("somebody else writes since this transaction began", hint="run the transaction again")
