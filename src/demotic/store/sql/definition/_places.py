"""Where tables are made and dropped: a database of each kind, for a moment, with its names and statements."""

from __future__ import annotations

import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import ClassVar, Final

from demotic.errors import DemoticError, InvalidInput
from demotic.store.sql._errors import NotADatabase
from demotic.store.sql.connections._address import Address, ServerAddress, read_address
from demotic.store.sql.connections._connection import translate
from demotic.store.sql.reflection._tables import read_tables

_SERVERS: Final = {
    "postgresql": "demotic.store.sql.dialects.postgresql._define",
    "mysql": "demotic.store.sql.dialects.mariadb._define",
}


class Place(ABC):
    """A database in which tables are made or dropped."""

    dialect: str
    any_case: ClassVar[bool] = False
    """Whether names of tables that differ in case alone are one."""

    @abstractmethod
    def names(self) -> set[str]:
        """Return the names of the tables and views that are there."""

    @abstractmethod
    def run(self, statements: Sequence[str], undo: Sequence[str] = ()) -> None:
        """Run statements, all or none; ``undo`` is run where a database cannot undo them itself."""

    def has(self, name: str) -> bool:
        """Whether a table is there."""
        key = str.casefold if self.any_case else str
        return key(name) in {key(found) for found in self.names()}


class SqlitePlace(Place):
    """A SQLite file."""

    dialect = "sqlite"
    any_case = True

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def names(self) -> set[str]:
        """Return the names of the tables and views that are there."""
        return {name for name, _ in read_tables(self._connection)}

    def run(self, statements: Sequence[str], undo: Sequence[str] = ()) -> None:
        """Run statements in one transaction."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for statement in statements:
                self._connection.execute(statement)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise translate(error) from error


@contextmanager
def opened(address: str | os.PathLike[str], *, new: bool = False) -> Iterator[Place]:
    """Open a database to make or drop tables in; with ``new``, a SQLite file that is not there is made."""
    found = _file_or_server(address, new=new)
    if isinstance(found, ServerAddress):
        with import_module(_SERVERS[found.kind]).place(found) as place:
            yield place
        return
    is_new = not found.exists()
    try:
        connection = sqlite3.connect(found, isolation_level=None)
    except sqlite3.Error as error:
        raise translate(error) from error
    try:
        with closing(connection):
            yield SqlitePlace(connection)
    except DemoticError:
        if is_new:
            with suppress(OSError):
                found.unlink()
        raise


def _file_or_server(address: str | os.PathLike[str], *, new: bool) -> Path | ServerAddress:
    text = os.fspath(address)
    rest = text.removeprefix("sqlite:///")
    path = Path(rest)
    is_url = "://" in rest or rest.startswith(("file:", "sqlite:"))
    if new and not is_url and not path.exists():
        if not path.parent.is_dir():
            raise NotADatabase(f"there is no folder {path.parent}", target=text)
        return path
    found: Address | ServerAddress = read_address(address)
    if isinstance(found, ServerAddress):
        return found
    if found.path is None:
        raise InvalidInput("a database in memory is its maker's alone to change", target=text)
    return found.path
