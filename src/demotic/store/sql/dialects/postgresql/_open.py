"""Opening a PostgreSQL database."""

from __future__ import annotations

from typing import Final

from demotic.errors import Unavailable
from demotic.store.sql._errors import InvalidSelection
from demotic.store.sql._store import SqlStore
from demotic.store.sql.changes._server_writing import ServerWriting
from demotic.store.sql.connections._address import ServerAddress
from demotic.store.sql.definition._fit import fit
from demotic.store.sql.definition._fitting import ServerFitting
from demotic.store.sql.definition._layout import lay_out
from demotic.store.sql.dialects._opening import Opening
from demotic.store.sql.dialects.postgresql._catalogue import PostgresqlCatalogue
from demotic.store.sql.dialects.postgresql._connection import (
    FAILURES,
    PostgresqlConnections,
    PostgresqlHandle,
    translate,
)
from demotic.store.sql.dialects.postgresql._constraints import REFUSALS, explain
from demotic.store.sql.dialects.postgresql._dialect import Postgresql
from demotic.store.sql.reflection._names import identifier
from demotic.store.sql.reflection._reflect import reflect

OLDEST = 140000
_CURRENT: Final = ("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",)
_ONE_STATE: Final = ("BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE",)  # that of its first statement


def open_place(place: ServerAddress, opening: Opening) -> SqlStore:
    """Open the database at an address: see `demotic.store.sql.open_store`."""
    layout = None if opening.model is None else lay_out(opening.model, "postgresql", opening.rules)
    options = dict(place.options)
    schema = opening.schema or options.pop("schema", None)
    connections = PostgresqlConnections(
        ServerAddress(place.kind, place.host, place.port, place.user, place.password, place.name, options, place.shown),
        busy_timeout=opening.busy_timeout,
        time_limit=opening.time_limit,
        limits=opening.limits,
    )
    try:
        handle = connections.borrow()
        assert isinstance(handle, PostgresqlHandle)
        found = schema_of(handle, schema)
        icu = bool(handle.fetch("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'"))
        try:
            catalogue = PostgresqlCatalogue(handle, found)
            if opening.model is not None and layout is not None:
                model, database = opening.model, fit(ServerFitting(catalogue), layout)
            else:
                model, database = reflect(
                    catalogue,
                    namespace=opening.namespace or identifier(place.name),
                    include=opening.include,
                    exclude=opening.exclude,
                    view_keys=opening.view_keys,
                )
        except FAILURES as error:
            raise translate(error) from error
        connections.discard(handle)  # which may have settings of looking around
    except BaseException:
        connections.close()
        raise

    def writing(at_once: bool) -> ServerWriting:
        return ServerWriting(connections, _CURRENT if at_once else _ONE_STATE, REFUSALS, explain, connections.is_lost)

    return SqlStore(model, database, connections, Postgresql(icu=icu), writing, place.name, read_only=opening.read_only)


def schema_of(handle: PostgresqlHandle, wanted: str | None) -> str:
    """Return the schema whose tables are meant. Raises `InvalidSelection` for one that there is not."""
    if handle.connection.info.server_version < OLDEST:
        raise Unavailable("the server is older than PostgreSQL 14")
    if wanted is None:
        current: str | None = handle.fetch("SELECT current_schema()")[0][0]
        return current or "public"
    known = [name for (name,) in handle.fetch("SELECT nspname FROM pg_namespace ORDER BY 1")]
    if wanted not in known:
        shown = ", ".join(name for name in known if not name.startswith("pg_"))
        raise InvalidSelection(f"the database has no schema {wanted!r}", target=wanted, hint=f"it has: {shown[:500]}")
    return wanted
