"""Connections to a MariaDB or MySQL server, over mysqlclient.

The driver's own cursors are passed by: rows are taken from its results, which convert them in C as they are asked for.
Values come with native types: what Python has no value for (the zeroth day of a month, a time of 30 hours) as `Broken`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import MySQLdb
from MySQLdb.constants import CLIENT, FIELD_TYPE
from MySQLdb.converters import conversions

from demotic.errors import DemoticError, InvalidInput, LimitExceeded, Unavailable
from demotic.store._errors import ChangedMeanwhile, ReadOnly
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
from demotic.store.sql.dialects.mariadb._storage import instant_text, time_text
from demotic.store.sql.storage._storage import Broken

FAILURES: Final = (MySQLdb.Error, OverflowError, UnicodeError)
_OPTIONS: Final[Mapping[str, type]] = {"unix_socket": str, "connect_timeout": int, "ssl_ca": str}
_LOST: Final = frozenset((2006, 2013, 2055, 1053, 1927, 4031))

_TABLE: Final[tuple[tuple[tuple[int, ...], Callable[[], DemoticError]], ...]] = (
    ((1969, 3024, 1317), lambda: QueryTooLong("the query took too long and was stopped", hint="narrow it, or page")),
    ((1205, 3572), lambda: DatabaseLocked("another transaction has locked what is to be changed", hint="try again")),
    ((1213,), lambda: ChangedMeanwhile("two transactions waited for each other", hint="run it again")),
    ((1020,), lambda: ChangedMeanwhile("somebody else changed what was read", hint="run it again")),
    ((1290, 1792, 1836), lambda: ReadOnly("the database cannot be written to", hint="it takes no changes now")),
    ((1142, 1143, 1227), lambda: ReadOnly("the user of the database may not do that", hint="it must be granted")),
    ((1146,), lambda: DatabaseBusy("a table is no longer there", hint="restart the service")),
    ((1054,), lambda: DatabaseBusy("a column is no longer there", hint="restart the service")),
    ((1690, 1916), lambda: NotInThisStore("a value in the query is beyond what the database computes")),
    ((1267, 1270, 1271), lambda: NotInThisStore("texts of two collations cannot be compared here")),
    ((1436, 1064, 1153, 1390), lambda: LimitExceeded("the query is nested too deeply, or too large")),
    ((1116,), lambda: LimitExceeded("the query reaches too many entities at once")),
    ((1021, 1114, 1037, 1041), lambda: Unavailable("the database has no space or memory left")),
    ((1040, 1203, 1226), lambda: DatabaseBusy("the database takes no more connections", hint="try again")),
)
_BY_CODE: Final = MappingProxyType({code: make for codes, make in _TABLE for code in codes})


def code_of(error: BaseException) -> int:
    """Return the number of a server's or the driver's error, 0 if it has none."""
    return error.args[0] if error.args and isinstance(error.args[0], int) else 0


def said_by(error: BaseException) -> str:
    """Return what a server says."""
    return str(error.args[1]) if len(error.args) > 1 else str(error)


def translate(error: BaseException) -> DemoticError:
    """Return our error for one of the driver's."""
    if isinstance(error, (OverflowError, UnicodeError)):
        return InvalidInput(f"a value that the database cannot hold: {error}")
    code = code_of(error)
    if code in _BY_CODE:
        return _BY_CODE[code]()
    if code in _LOST:
        return Unavailable("the connection to the database was lost", hint="try again")
    if isinstance(error, MySQLdb.InterfaceError):
        return StoreClosed("the connection to the database was closed")
    if isinstance(error, MySQLdb.DataError):
        return InvalidInput(f"a value that the database cannot hold: {said_by(error)}")
    return unexpected(error)


def undoes_all(error: BaseException) -> bool:
    """Whether a failure ends the transaction: a deadlock, a changed row, a lost connection."""
    return code_of(error) in (1213, 1020, *_LOST)


def _or_broken(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    def convert(text: Any) -> Any:
        try:
            return read(text)
        except ValueError:
            return Broken(text if isinstance(text, bytes) else text.encode())

    return convert


def _bits(data: Any) -> int:
    return int.from_bytes(data if isinstance(data, bytes) else data.encode("latin-1"), "big")


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _literal(text: str) -> str:
    return f"'{text}'"


_CONVERSIONS: Final[dict[Any, Any]] = {
    **conversions,
    FIELD_TYPE.DATETIME: _or_broken(lambda text: datetime.fromisoformat(f"{text}+00:00")),
    FIELD_TYPE.TIMESTAMP: _or_broken(lambda text: datetime.fromisoformat(f"{text}+00:00")),
    FIELD_TYPE.DATE: _or_broken(date.fromisoformat),
    FIELD_TYPE.TIME: _or_broken(_time),
    FIELD_TYPE.BIT: _bits,
    datetime: lambda value, _: _literal(instant_text(value)),
    date: lambda value, _: _literal(value.isoformat()),
    time: lambda value, _: _literal(time_text(value)),
    timedelta: lambda value, _: str(value // timedelta(microseconds=1)),
    Decimal: lambda value, _: f"{value:f}",
    bool: lambda value, _: str(int(value)),
    UUID: lambda value, _: _literal(str(value)),
}


class MariadbHandle(Handle):
    """A connection to a MariaDB or MySQL server."""

    __slots__ = ("_connections", "connection", "good", "in_transaction")

    def __init__(self, connection: Any, connections: MariadbConnections) -> None:
        super().__init__()
        self.connection = connection
        self._connections = connections
        self.good = True
        self.in_transaction = False

    def query(self, text: str, parameters: Sequence[Any] = ()) -> None:
        """Send a statement with its parameters as literals, after what waits to be sent before it."""
        while self.waiting:
            self.command(self.waiting[0])
            self.in_transaction = True
            del self.waiting[0]
        data = text.encode()
        if parameters:
            literal = self.connection.literal
            data = data % tuple([literal(parameter) for parameter in parameters])
        else:
            data = data.replace(b"%%", b"%")
        self.connection.query(data)

    def fetch(self, text: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return all rows of a statement."""
        self.query(text, parameters)
        result = self.connection.store_result()
        return list(result.fetch_row(0)) if result is not None else []

    def reader(self, text: str, parameters: Sequence[Any], *, alone: bool) -> Reader:
        """Return the rows of a statement in batches."""
        self.query(text, parameters)
        return MariadbReader(self, alone=alone)

    def change(self, text: str, parameters: Sequence[Any] = ()) -> Outcome:
        """Run a statement that changes something."""
        self.query(text, parameters)
        result = self.connection.store_result()
        rows = list(result.fetch_row(0)) if result is not None else []
        return Outcome(rows, self.connection.affected_rows(), self.connection.insert_id() or None)

    def commit(self) -> None:
        """Make the changes of the transaction last."""
        self.command("COMMIT")
        self.in_transaction = False

    def command(self, text: str) -> None:
        """Run a statement without parameters and rows."""
        self.connection.query(text.encode())

    def begin(self) -> None:
        """Start a transaction that reads one state of the data."""
        self.command("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        self.in_transaction = True

    def finish(self) -> bool:
        """End the transaction."""
        self.waiting.clear()
        if not self.good:
            return False
        try:
            if self.in_transaction:
                self.command("ROLLBACK")
                self.in_transaction = False
        except MySQLdb.Error:
            return False
        return True

    def usable(self) -> bool:
        """Return whether no transaction and no result is open."""
        return self.good and not self.in_transaction

    def alive(self) -> bool:
        """Return whether the server still answers."""
        try:
            self.connection.ping()
        except MySQLdb.Error:
            return False
        return True

    def interrupt(self) -> None:
        """Stop what runs: another connection says so."""
        with suppress(MySQLdb.Error, DemoticError):
            other = self._connections.connect()
            other.command(f"KILL QUERY {self.connection.thread_id()}")
            other.close()

    def close(self) -> None:
        """Close the connection."""
        with suppress(MySQLdb.Error):
            self.connection.close()


class MariadbReader(Reader):
    """A result read in batches: as the server sends it, or where others run meanwhile, as the driver holds it."""

    def __init__(self, handle: MariadbHandle, *, alone: bool) -> None:
        self._handle = handle
        self._result = handle.connection.use_result() if alone else handle.connection.store_result()
        self._alone = alone

    def next(self, size: int) -> list[Any]:
        """Return the next rows."""
        if self._result is None:
            return []
        rows = list(self._result.fetch_row(size))
        if len(rows) < size:
            self._result = None
        return rows

    def close(self) -> None:
        """Give up what is left: what the server is still sending ends with the connection."""
        if self._result is not None and self._alone:
            self._handle.good = False
            self._handle.interrupt()
        self._result = None


class MariadbConnections(Connections):
    """All connections of one store."""

    failures = FAILURES

    def __init__(self, place: ServerAddress, *, busy_timeout: float, time_limit: float, limits: Limits) -> None:
        super().__init__(limits)
        self._place = place
        self._options = checked_options(place, _OPTIONS)
        self._busy_timeout = busy_timeout
        self._time_limit = time_limit
        self.collation = "utf8mb4_nopad_bin"
        self.is_mariadb = True

    def connect(self, *, writes: bool = False) -> MariadbHandle:
        """Open a connection. Raises `Unavailable`, `DatabaseMissing`, or InvalidInput for what the address says."""
        place = self._place
        given: dict[str, Any] = {"connect_timeout": 10, **self._options}
        if "ssl_ca" in given:
            given["ssl"] = {"ca": given.pop("ssl_ca")}
        if place.host.startswith("/"):
            given["unix_socket"] = place.host
        elif "unix_socket" not in given:
            given |= {"host": place.host or "127.0.0.1", "port": place.port or 3306}
        try:
            connection = MySQLdb.connect(
                user=place.user or "root",
                password=place.password,
                database=place.name,
                charset="utf8mb4",
                autocommit=True,
                conv=_CONVERSIONS,
                client_flag=CLIENT.FOUND_ROWS,  # an UPDATE counts what it meets, whether or not that was so before
                **given,
            )
        except (MySQLdb.Error, OSError) as error:
            raise self._no_entry(error) from error
        handle = MariadbHandle(connection, self)
        try:
            self._set_up(handle)
        except MySQLdb.Error as error:
            handle.close()
            raise translate(error) from error
        return handle

    def _set_up(self, handle: MariadbHandle) -> None:
        version = handle.connection.get_server_info()
        self.is_mariadb = "mariadb" in version.lower()
        self.collation = "utf8mb4_nopad_bin" if self.is_mariadb else "utf8mb4_0900_bin"
        seconds = min(self._time_limit, 86_400.0)
        limit = (
            f"max_statement_time = {seconds:.3f}" if self.is_mariadb else f"max_execution_time = {seconds * 1000:.0f}"
        )
        settings = [
            f"NAMES utf8mb4 COLLATE {self.collation}",
            "time_zone = '+00:00'",
            "sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,NO_UNSIGNED_SUBTRACTION'",
            "div_precision_increment = 30",
            "SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            f"innodb_lock_wait_timeout = {max(1, round(self._busy_timeout))}",
            limit,
        ]
        for setting in settings:
            handle.command(f"SET {setting}")
        with suppress(MySQLdb.Error):  # older servers have no such thing
            handle.command("SET innodb_snapshot_isolation = ON")

    def _no_entry(self, error: BaseException) -> DemoticError:
        place, text = self._place, said_by(error)
        if code_of(error) == 1049:
            return DatabaseMissing(f"the server has no database {place.name}", target=place.shown)
        if code_of(error) in (1044, 1045, 1698):
            return InvalidInput(f"the server does not let {place.user or 'this user'} in: {text}", target=place.shown)
        return Unavailable(
            f"{place.shown} cannot be reached: {text}", target=place.shown, hint="is the server running?"
        )

    def translate(self, error: BaseException) -> DemoticError:
        """Return our error for one of the driver's."""
        return translate(error)

    def is_lost(self, error: BaseException) -> bool:
        """Whether the connection was gone."""
        return code_of(error) in _LOST
