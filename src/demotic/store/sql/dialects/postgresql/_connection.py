"""Connections to a PostgreSQL server, over psycopg 3.

Statements are prepared by the driver once they have run a few times on a connection. Long results are read through a
cursor that the server keeps. Values that Python has none for (a date of before the year 1, an infinite one) make the
driver fail; the statement is run again then with such values read as `Broken`, which fits no type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import count
from typing import Any, Final

import psycopg
from psycopg import errors as pg
from psycopg.adapt import Loader
from psycopg.pq import ExecStatus, TransactionStatus

from demotic.errors import DemoticError, InvalidInput, LimitExceeded, Unavailable
from demotic.store._errors import ChangedMeanwhile, ReadOnly, TransactionClosed
from demotic.store.sql._errors import (
    DatabaseBusy,
    DatabaseLocked,
    DatabaseMissing,
    NotInThisStore,
    QueryTooLong,
    StoreClosed,
)
from demotic.store.sql.connections._address import ServerAddress
from demotic.store.sql.connections._pool import Connections, Handle, Limits, Outcome, Reader
from demotic.store.sql.connections._server import checked_options, unexpected
from demotic.store.sql.storage._storage import Broken

FAILURES: Final = (psycopg.Error, OverflowError, UnicodeError)
_OPTIONS: Final[Mapping[str, type]] = {
    "sslmode": str,
    "sslrootcert": str,
    "sslcert": str,
    "sslkey": str,
    "connect_timeout": int,
    "application_name": str,
}
_TRANSLATIONS: Final[tuple[tuple[type[Exception], Callable[[], DemoticError]], ...]] = (
    (pg.QueryCanceled, lambda: QueryTooLong("the query took too long and was stopped", hint="narrow it, or page")),
    (
        pg.LockNotAvailable,
        lambda: DatabaseLocked("what is to be changed is locked by another transaction", hint="try again"),
    ),
    (pg.DeadlockDetected, lambda: ChangedMeanwhile("two transactions waited for each other", hint="run it again")),
    (
        pg.SerializationFailure,
        lambda: ChangedMeanwhile("somebody else changed what this transaction read", hint="run it again"),
    ),
    (pg.ReadOnlySqlTransaction, lambda: ReadOnly("the database cannot be written to", hint="it takes no changes now")),
    (
        pg.InsufficientPrivilege,
        lambda: ReadOnly("the user of the database may not do that", hint="grant it, or log in as another"),
    ),
    (pg.UndefinedTable, lambda: DatabaseBusy("a table is no longer there", hint="restart the service")),
    (pg.UndefinedColumn, lambda: DatabaseBusy("a column is no longer there", hint="restart the service")),
    (pg.StatementTooComplex, lambda: LimitExceeded("the query is nested too deeply")),
    (pg.ProgramLimitExceeded, lambda: LimitExceeded("the query, or a value in it, is too large")),
    (pg.CollationMismatch, lambda: NotInThisStore("texts of two collations cannot be compared here")),
    (pg.IndeterminateCollation, lambda: NotInThisStore("texts of two collations cannot be compared here")),
    (pg.DiskFull, lambda: Unavailable("the database is full")),
    (pg.OutOfMemory, lambda: Unavailable("the database has no memory left")),
    (pg.TooManyConnections, lambda: DatabaseBusy("the database takes no more connections", hint="try again")),
    (pg.AdminShutdown, lambda: Unavailable("the database is shutting down")),
    (pg.CannotConnectNow, lambda: Unavailable("the database is starting or shutting down", hint="try again")),
    (psycopg.InterfaceError, lambda: StoreClosed("the connection to the database was closed")),
)


def translate(error: BaseException) -> DemoticError:
    """Return our error for one of the driver's."""
    if isinstance(error, (OverflowError, UnicodeError)):
        return InvalidInput(f"a value that the database cannot hold: {error}")
    for kind, make in _TRANSLATIONS:
        if isinstance(error, kind):
            return make()
    if isinstance(error, psycopg.DataError):
        return InvalidInput(f"a value that the database cannot hold: {_first_line(error)}")
    if isinstance(error, psycopg.OperationalError):
        return Unavailable("the connection to the database was lost", hint="try again")
    return unexpected(error)


def _first_line(error: BaseException) -> str:
    diagnosis = getattr(getattr(error, "diag", None), "message_primary", None)
    return str(diagnosis or error).splitlines()[0] if str(error) else "unknown"


class _Lenient(Loader):
    """Reads what the driver's own loader cannot."""

    def load(self, data: Any) -> Any:
        try:
            return self._usual(data)
        except psycopg.DataError:
            return Broken(bytes(data))

    def _usual(self, data: Any) -> Any:
        raise NotImplementedError


@cache
def _lenient(usual: type[Any]) -> type[Loader]:
    """Return a loader that reads as another does what that can."""

    class Forgiving(_Lenient):
        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._loader = usual(oid, context)

        def _usual(self, data: Any) -> Any:
            return self._loader.load(data)

    return Forgiving


def _forgiving_cursor(connection: psycopg.Connection[Any]) -> psycopg.RawCursor[Any]:
    cursor = psycopg.RawCursor(connection)
    for name in ("date", "timestamp", "timestamptz", "time", "timetz"):
        oid = psycopg.adapters.types[name].oid
        usual = connection.adapters.get_loader(oid, psycopg.pq.Format.TEXT)
        assert usual is not None
        cursor.adapters.register_loader(oid, _lenient(usual))
    return cursor


class PostgresqlHandle(Handle):
    """A connection to a PostgreSQL server."""

    __slots__ = ("_cursor", "_names", "connection")

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__()
        self.connection = connection
        self._cursor = psycopg.RawCursor(connection)  # one for all: making one takes as long as binding a statement
        self._names = count()

    def fetch(self, text: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return all rows of a statement."""
        try:
            return self._send(text, parameters).fetchall()
        except psycopg.DataError as error:
            if error.sqlstate is not None:  # the server's own
                raise
        return _forgiving_cursor(self.connection).execute(text, parameters).fetchall()

    def reader(self, text: str, parameters: Sequence[Any], *, alone: bool) -> Reader:
        """Return the rows of a statement in batches."""
        return PostgresqlReader(self, f"demotic_{next(self._names)}", text, parameters)

    def change(self, text: str, parameters: Sequence[Any] = ()) -> Outcome:
        """Run a statement that changes something."""
        cursor = self._send(text, parameters)
        return Outcome(cursor.fetchall() if cursor.description else [], cursor.rowcount)

    def _send(self, text: str, parameters: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        """Run a statement, and before it what waits to be sent."""
        if self.waiting:
            self._send_waiting()
        return self._cursor.execute(text, parameters)

    def _send_waiting(self) -> None:
        """Send the commands that wait, in one go. They stay where the connection turns out to be gone."""
        text = "; ".join(self.waiting)
        # A cursor, as `execute` makes one, would take longer than the command itself.
        if self.connection.pgconn.exec_(text.encode()).status != ExecStatus.COMMAND_OK:
            self.connection.execute(text)  # fails again, with the driver's error
        self.waiting.clear()

    def commit(self) -> None:
        """Make the changes of the transaction last. Raises `TransactionClosed` if they cannot."""
        if self.connection.pgconn.transaction_status == TransactionStatus.INERROR:
            # The server would take COMMIT as ROLLBACK, and say that all is well.
            raise TransactionClosed("a statement failed, and with it the transaction", hint="run it again")
        self.connection.commit()

    def begin(self) -> None:
        """Start a transaction that reads one state of the data."""
        self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def finish(self) -> bool:
        """End the transaction."""
        self.waiting.clear()
        try:
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                self.connection.execute("ROLLBACK")
        except psycopg.Error:
            return False
        return not self.connection.closed

    def usable(self) -> bool:
        """Return whether no transaction is open."""
        return self.connection.pgconn.transaction_status == TransactionStatus.IDLE

    def alive(self) -> bool:
        """Return whether the server still answers."""
        try:
            self.connection.execute("")
        except psycopg.Error:
            return False
        return True

    def interrupt(self) -> None:
        """Stop what runs."""
        with suppress(psycopg.Error):
            self.connection.cancel()

    def close(self) -> None:
        """Close the connection."""
        with suppress(psycopg.Error):
            self.connection.close()


class PostgresqlReader(Reader):
    """A cursor that the server keeps."""

    def __init__(self, handle: PostgresqlHandle, name: str, text: str, parameters: Sequence[Any]) -> None:
        self._handle = handle
        self._name = name
        handle.change(f"DECLARE {name} NO SCROLL CURSOR FOR {text}", parameters)

    def next(self, size: int) -> list[Any]:
        """Return the next rows."""
        connection = self._handle.connection
        cursor = connection.execute(f"FETCH FORWARD {size} FROM {self._name}")
        try:
            return cursor.fetchall()
        except psycopg.DataError as error:
            if error.sqlstate is not None:
                raise
        # What was fetched is still at hand: read once more, forgivingly.
        result = cursor.pgresult
        forgiving = _forgiving_cursor(connection)
        transformer = psycopg.adapt.Transformer(forgiving)
        transformer.set_pgresult(result)
        assert result is not None
        return transformer.load_rows(0, result.ntuples, tuple)

    def close(self) -> None:
        """Give up what is left: the end of the transaction does."""


class PostgresqlConnections(Connections):
    """All connections of one store."""

    failures = FAILURES

    def __init__(self, place: ServerAddress, *, busy_timeout: float, time_limit: float, limits: Limits) -> None:
        super().__init__(limits)
        self._place = place
        self._options = checked_options(place, _OPTIONS)
        self._busy_timeout = busy_timeout
        self._time_limit = time_limit

    def connect(self, *, writes: bool = False) -> PostgresqlHandle:
        """Open a connection. Raises `Unavailable`, `DatabaseMissing`, or InvalidInput for what the address says."""
        place = self._place
        settings = {
            "TimeZone": "UTC",
            "DateStyle": "ISO",
            "IntervalStyle": "postgres",
            "bytea_output": "hex",
            "extra_float_digits": "1",
            "client_encoding": "UTF8",
            "standard_conforming_strings": "on",
            "jit": "off",  # it costs more than it saves
            "enable_parallel_append": "off",  # the parts of a page are read one after the other
            "lock_timeout": str(int(self._busy_timeout * 1000)),
            "statement_timeout": str(int(min(self._time_limit, 86_400) * 1000)) if self._time_limit < 1e6 else "0",
            "idle_in_transaction_session_timeout": "0",
        }
        given: dict[str, Any] = {"connect_timeout": 10, "application_name": "demotic", **self._options}
        try:
            connection = psycopg.connect(
                host=place.host or None,
                port=place.port,
                user=place.user or None,
                password=place.password or None,
                dbname=place.name,
                autocommit=True,
                cursor_factory=psycopg.RawCursor,
                options=" ".join(f"-c {name}={value}" for name, value in settings.items()),
                **given,
            )
        except (psycopg.Error, OSError) as error:
            raise self._no_entry(error) from error
        return PostgresqlHandle(connection)

    def _no_entry(self, error: BaseException) -> DemoticError:
        text = " ".join(str(error).split())
        shown = self._place.shown
        if self._place.password:
            text = text.replace(self._place.password, "…")
        if "does not exist" in text and "database" in text:
            return DatabaseMissing(f"the server has no database {self._place.name}", target=shown)
        if "authentication failed" in text or "no password supplied" in text or "role" in text:
            return InvalidInput(f"the server does not let {self._place.user or 'this user'} in: {text}", target=shown)
        return Unavailable(f"{shown} cannot be reached: {text}", target=shown, hint="is the server running?")

    def translate(self, error: BaseException) -> DemoticError:
        """Return our error for one of the driver's."""
        return translate(error)

    def is_lost(self, error: BaseException) -> bool:
        """Whether the connection was gone."""
        if isinstance(error, pg.AdminShutdown):
            return True
        return isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)) and (
            getattr(error, "sqlstate", None) is None
        )
