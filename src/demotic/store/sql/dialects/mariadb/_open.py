"""Opening a database of MariaDB or MySQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from demotic.errors import InvalidInput
from demotic.model import DURATION, GUID, INT64, STRING, Annotation
from demotic.store.sql._store import SqlStore
from demotic.store.sql.changes._server_writing import ServerWriting
from demotic.store.sql.connections._address import ServerAddress
from demotic.store.sql.definition._fit import fit
from demotic.store.sql.definition._fitting import ServerFitting
from demotic.store.sql.definition._layout import lay_out
from demotic.store.sql.dialects._opening import Opening
from demotic.store.sql.dialects.mariadb._catalogue import MariadbCatalogue
from demotic.store.sql.dialects.mariadb._connection import (
    FAILURES,
    MariadbConnections,
    MariadbHandle,
    translate,
    undoes_all,
)
from demotic.store.sql.dialects.mariadb._constraints import REFUSALS, Explain
from demotic.store.sql.dialects.mariadb._dialect import Mariadb
from demotic.store.sql.dialects.mariadb._functions import APPROXIMATE
from demotic.store.sql.dialects.mariadb._storage import CANONICAL
from demotic.store.sql.reflection._defaults import CORE
from demotic.store.sql.reflection._names import identifier
from demotic.store.sql.reflection._reflect import reflect

OTHERS: Final = {(DURATION, INT64): CANONICAL[DURATION], (GUID, STRING): CANONICAL[GUID]}
"""How values are kept of types that not every server has: durations as microseconds, GUIDs as text."""

_CURRENT: Final = ("SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "START TRANSACTION READ WRITE")
_ONE_STATE: Final = ("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ WRITE",)


def open_place(place: ServerAddress, opening: Opening) -> SqlStore:
    """Open the database at an address: see `demotic.store.sql.open_store`."""
    options = dict(place.options)
    schema = opening.schema or options.pop("schema", None)
    if schema not in (None, place.name):
        raise InvalidInput(
            "a database of MariaDB has no schemas", target=schema, hint="name the database in the address"
        )
    connections = MariadbConnections(
        replace(place, options=options),
        busy_timeout=opening.busy_timeout,
        time_limit=opening.time_limit,
        limits=opening.limits,
    )
    try:
        handle = connections.borrow()
        assert isinstance(handle, MariadbHandle)
        try:
            catalogue = MariadbCatalogue(handle, place.name)
            if opening.model is not None:
                layout = lay_out(opening.model, "mariadb" if connections.is_mariadb else "mysql", opening.rules)
                model, database = opening.model, fit(ServerFitting(catalogue, OTHERS, any_case=True), layout)
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
        connections.give_back(handle)
    except BaseException:
        connections.close()
        raise
    if model.container is not None and opening.model is None:
        model.container.annotations.append(Annotation(f"{CORE}.LongDescription", APPROXIMATE))
    explain = Explain(catalogue.indexes)

    def writing(at_once: bool) -> ServerWriting:
        return ServerWriting(connections, _CURRENT if at_once else _ONE_STATE, REFUSALS, explain, undoes_all)

    dialect = Mariadb(collation=connections.collation, returns=connections.is_mariadb)
    return SqlStore(model, database, connections, dialect, writing, place.name, read_only=opening.read_only)
