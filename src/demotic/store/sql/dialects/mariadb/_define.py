"""Tables made and dropped in a database of MariaDB or MySQL, whose statements of that kind last at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from demotic.store.sql.connections._address import ServerAddress
from demotic.store.sql.connections._pool import Limits
from demotic.store.sql.definition._places import Place
from demotic.store.sql.dialects.mariadb._catalogue import MariadbCatalogue
from demotic.store.sql.dialects.mariadb._connection import FAILURES, MariadbConnections, MariadbHandle, translate


class MariadbPlace(Place):
    """A database of MariaDB or MySQL."""

    any_case = True

    def __init__(self, handle: MariadbHandle, name: str, dialect: str) -> None:
        self._handle = handle
        self._name = name
        self.dialect = dialect

    def names(self) -> set[str]:
        """Return the names of the tables and views that are there."""
        return {name for name, _ in MariadbCatalogue(self._handle, self._name).tables()}

    def run(self, statements: Sequence[str], undo: Sequence[str] = ()) -> None:
        """Run statements one by one; if one fails, undo those before it."""
        try:
            for statement in statements:
                self._handle.command(statement)
        except FAILURES as error:
            for statement in undo:
                with suppress(*FAILURES):  # what was not made yet cannot be dropped
                    self._handle.command(statement)
            raise translate(error) from error


@contextmanager
def place(address: ServerAddress) -> Iterator[Place]:
    """Open a database."""
    connections = MariadbConnections(address, busy_timeout=5.0, time_limit=600.0, limits=Limits(1))
    try:
        handle = connections.borrow()
        assert isinstance(handle, MariadbHandle)
        yield MariadbPlace(handle, address.name, "mariadb" if connections.is_mariadb else "mysql")
        connections.discard(handle)
    finally:
        connections.close()
