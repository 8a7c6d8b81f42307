"""Tables made, shown and dropped in a database, as a model lays them out."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from demotic.errors import InvalidInput
from demotic.model import Model
from demotic.store.sql._errors import NotADatabase, TablesThere
from demotic.store.sql.connections._address import read_file_address
from demotic.store.sql.connections._connection import translate
from demotic.store.sql.definition._ddl import create_statements, drop_statements
from demotic.store.sql.definition._layout import lay_out
from demotic.store.sql.definition._rules import NO_RULES, TableRules
from demotic.store.sql.reflection._tables import read_tables


def table_statements(
    model: Model, dialect: str = "sqlite", *, rules: TableRules = NO_RULES, drop: bool = False
) -> list[str]:
    """Return the SQL statements that make the tables for a model, or with ``drop`` those that drop them.

    ``dialect`` is ``sqlite``, ``postgresql``, ``mariadb`` or ``mysql``. Raises what `create_tables` does of the model.
    """
    layout = lay_out(model, dialect, rules)
    return drop_statements(layout) if drop else create_statements(layout)


def create_tables(
    address: str | os.PathLike[str], model: Model, *, rules: TableRules = NO_RULES, missing: bool = False
) -> list[str]:
    """Make the tables for a model in a database, all or none; return the statements that were run.

    A SQLite file that is not there is made. ``missing`` makes only those tables that are not there yet. Raises
    `TablesThere` otherwise, `Unsupported` for what of the model cannot be kept in tables, InvalidInput for names that
    collide.
    """
    layout = lay_out(model, "sqlite", rules)
    path = _new_file(address)
    with closing(_connected(path)) as connection:
        there = {name.casefold() for name, _ in read_tables(connection)}
        taken = [name for name in layout.tables if name.casefold() in there]
        if taken and not missing:
            raise TablesThere(
                f"there are tables already: {', '.join(taken)}",
                target=taken[0],
                hint="make the missing ones only, drop them first, or name them otherwise",
            )
        statements = create_statements(layout, only=[name for name in layout.tables if name not in taken])
        _run(connection, statements)
    return statements


def drop_tables(address: str | os.PathLike[str], model: Model, *, rules: TableRules = NO_RULES) -> list[str]:
    """Drop those tables of a model that are there, with all that is in them; return the statements that were run."""
    layout = lay_out(model, "sqlite", rules)
    path = read_file_address(address).path
    if path is None:
        raise InvalidInput("a database in memory is its maker's alone to change", target=str(address))
    with closing(_connected(path)) as connection:
        there = {name.casefold() for name, _ in read_tables(connection)}
        statements = drop_statements(layout, only=[name for name in layout.tables if name.casefold() in there])
        _run(connection, statements)
    return statements


def _new_file(address: str | os.PathLike[str]) -> Path:
    """Return the file of an address, which need not be there yet."""
    text = os.fspath(address)
    path = Path(text.removeprefix("sqlite:///"))
    if not path.exists() and "://" not in str(path) and not text.startswith("file:"):
        if not path.parent.is_dir():
            raise NotADatabase(f"there is no folder {path.parent}", target=text)
        return path
    found = read_file_address(address).path
    if found is None:
        raise InvalidInput("a database in memory is its maker's alone to change", target=text)
    return found


def _connected(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(path, isolation_level=None)
    except sqlite3.Error as error:
        raise translate(error) from error


def _run(connection: sqlite3.Connection, statements: Iterable[str]) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        for statement in statements:
            connection.execute(statement)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise translate(error) from error
