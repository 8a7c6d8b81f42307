"""Opening a SQLite file, and looking at one that takes its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial

from demotic.errors import InvalidInput, NotFound
from demotic.model import Model
from demotic.store.sql._errors import DatabaseReplaced
from demotic.store.sql._store import SqlStore
from demotic.store.sql.changes._sqlite_writing import SqliteWriting
from demotic.store.sql.connections._address import Address
from demotic.store.sql.connections._connection import SqliteConnections, SqliteHandle, translate
from demotic.store.sql.connections._watch import FileWatch
from demotic.store.sql.definition._fit import fit
from demotic.store.sql.definition._fitting import SqliteFitting
from demotic.store.sql.definition._layout import lay_out
from demotic.store.sql.dialects._opening import Opening
from demotic.store.sql.dialects._sqlite import Sqlite
from demotic.store.sql.reflection._catalogue import SqliteCatalogue
from demotic.store.sql.reflection._names import identifier
from demotic.store.sql.reflection._reflect import reflect
from demotic.store.sql.storage._mapping import DatabaseMap, outline


def open_place(place: Address, opening: Opening) -> SqlStore:
    """Open the file at an address: see `demotic.store.sql.open_store`."""
    if opening.schema not in (None, "main"):
        raise InvalidInput("a SQLite file has no schemas", target=opening.schema, hint="leave the schema out")
    if opening.model is not None:
        lay_out(opening.model, "sqlite", opening.rules)  # whatever is wrong with it is told before anything is opened
    watch = FileWatch(place.path, place.uri) if place.path is not None else None
    connections = SqliteConnections(
        place.uri,
        busy_timeout=opening.busy_timeout,
        time_limit=opening.time_limit,
        watch=watch,
        limits=opening.limits,
    )
    try:
        handle = connections.borrow()
        assert isinstance(handle, SqliteHandle)
        model, database = _look(place, opening, handle)
        connections.give_back(handle)
    except BaseException:
        connections.close()
        raise
    connections.accept = lambda handle: _compare(database, partial(_look, place, opening, handle))
    return SqlStore(
        model,
        database,
        connections,
        Sqlite(),
        lambda at_once: SqliteWriting(connections, at_once=at_once),
        place.name,
        read_only=opening.read_only,
    )


def _look(place: Address, opening: Opening, handle: SqliteHandle) -> tuple[Model, DatabaseMap]:
    handle.connection.text_factory = _forgiving
    handle.connection.execute(f"PRAGMA busy_timeout = {int(handle.patience * 1000)}")
    layout = None if opening.model is None else lay_out(opening.model, "sqlite", opening.rules)
    try:
        if opening.model is not None and layout is not None:
            return opening.model, fit(SqliteFitting(SqliteCatalogue(handle.connection)), layout)
        return reflect(
            SqliteCatalogue(handle.connection),
            namespace=opening.namespace or identifier(place.name),
            include=opening.include,
            exclude=opening.exclude,
            view_keys=opening.view_keys,
        )
    except sqlite3.Error as error:
        raise translate(error) from error
    finally:
        handle.connection.text_factory = str
        handle.connection.execute("PRAGMA busy_timeout = 0")
        handle.watch()


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
