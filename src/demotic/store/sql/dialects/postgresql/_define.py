"""Tables made and dropped in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from demotic.store.sql.connections._address import ServerAddress
from demotic.store.sql.connections._pool import Limits
from demotic.store.sql.definition._places import Place
from demotic.store.sql.dialects.postgresql._catalogue import PostgresqlCatalogue
from demotic.store.sql.dialects.postgresql._connection import (
    FAILURES,
    PostgresqlConnections,
    PostgresqlHandle,
    translate,
)
from demotic.store.sql.dialects.postgresql._open import schema_of


class PostgresqlPlace(Place):
    """A schema of a PostgreSQL database."""

    dialect = "postgresql"

    def __init__(self, handle: PostgresqlHandle, schema: str) -> None:
        self._handle = handle
        self._schema = schema

    def names(self) -> set[str]:
        """Return the names of the tables and views that are there."""
        return {name for name, _ in PostgresqlCatalogue(self._handle, self._schema).tables()}

    def run(self, statements: Sequence[str], undo: Sequence[str] = ()) -> None:
        """Run statements in one transaction."""
        quoted = '"' + self._schema.replace('"', '""') + '"'
        try:
            for statement in ("BEGIN READ WRITE", f"SET LOCAL search_path TO {quoted}", *statements, "COMMIT"):
                self._handle.change(statement)
        except FAILURES as error:
            with suppress(*FAILURES):
                self._handle.change("ROLLBACK")
            raise translate(error) from error


@contextmanager
def place(address: ServerAddress) -> Iterator[Place]:
    """Open a database."""
    options = dict(address.options)
    wanted = options.pop("schema", None)
    connections = PostgresqlConnections(
        replace(address, options=options), busy_timeout=5.0, time_limit=600.0, limits=Limits(1)
    )
    try:
        handle = connections.borrow()
        assert isinstance(handle, PostgresqlHandle)
        yield PostgresqlPlace(handle, schema_of(handle, wanted))
        connections.discard(handle)
    finally:
        connections.close()
