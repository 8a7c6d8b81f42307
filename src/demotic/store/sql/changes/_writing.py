"""A transaction that may change a SQLite database: a connection of its own, and the database's one write lock.

Writers of one process wait for each other here, those of others in SQLite; both for as long as the store's busy
timeout. No statement of a writer holds the gate of `_connection`: it may have to wait for readers that need it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from time import sleep
from typing import Any

from demotic.store._errors import BrokenReference, ChangedMeanwhile, TransactionClosed
from demotic.store.sql._errors import DatabaseBusy
from demotic.store.sql.connections._connection import FAILURES, Connections, Held, translate
from demotic.store.sql.running._fetch import log
from demotic.store.sql.statements._dialect import Statement


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a statement did: the rows that it returned, and how many it changed."""

    rows: list[Any]
    count: int


class Writing(Held):
    """One connection in a transaction; with ``at_once`` nobody else can change what it reads.

    Not to be used by two threads at once.
    """

    def __init__(self, connections: Connections, *, at_once: bool) -> None:
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
        if not self._connections.write_lock.acquire(timeout=0 if self._upgraded else self._connections.busy_timeout):
            if self._upgraded:
                raise _changed()
            raise DatabaseBusy("the database is locked by another transaction", hint="try again")
        self._locked = True
        if not self._upgraded:
            self._run("BEGIN IMMEDIATE")

    def execute(self, statement: Statement, values: Sequence[object]) -> Outcome:
        """Run a statement. Raises sqlite3.IntegrityError, which is the caller's to explain."""
        self.lock()
        parameters = statement.bind(values, -1, None, None)
        log(statement.text, parameters)
        return self._run(statement.text, parameters)

    def _ensure_alive(self) -> None:
        """Raise `TransactionClosed` if the database undid the transaction of itself: nothing more belongs to it."""
        if self._locked and self._begun and not self.mine().connection.in_transaction:
            raise TransactionClosed(
                "the database has undone the whole transaction", hint="a rule of it says so (ROLLBACK); begin another"
            )

    def command(self, text: str) -> None:
        """Run a statement of ours that has no parameters."""
        self.lock()
        self._run(text)

    def _run(self, text: str, parameters: Sequence[Any] = ()) -> Outcome:
        self._ensure_alive()
        handle = self.mine()
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

    def close(self) -> None:
        """End the transaction; what was not committed is undone. Harmless when called again."""
        try:
            super().close()
        finally:
            if self._locked:
                self._locked = False
                self._connections.write_lock.release()


def _changed() -> ChangedMeanwhile:
    return ChangedMeanwhile("somebody else writes since this transaction began", hint="run the transaction again")
