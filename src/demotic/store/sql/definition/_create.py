"""Tables made, shown and dropped in a database, as a model lays them out."""

from __future__ import annotations

import os

from demotic.model import Model
from demotic.store.sql._errors import TablesThere
from demotic.store.sql.definition._ddl import create_statements, drop_statements
from demotic.store.sql.definition._layout import lay_out
from demotic.store.sql.definition._places import opened
from demotic.store.sql.definition._rules import NO_RULES, TableRules


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

    ``address`` is that of a database, as for `open_store`; a SQLite file that is not there is made. ``missing`` makes
    only those tables that are not there yet. Raises `TablesThere` otherwise, `Unsupported` for what of the model cannot
    be kept in tables, InvalidInput for names that collide.
    """
    with opened(address, new=True) as place:
        layout = lay_out(model, place.dialect, rules)
        taken = [name for name in layout.tables if place.has(name)]
        if taken and not missing:
            raise TablesThere(
                f"there are tables already: {', '.join(taken)}",
                target=taken[0],
                hint="make the missing ones only, drop them first, or name them otherwise",
            )
        made = [name for name in layout.tables if name not in taken]
        statements = create_statements(layout, only=made)
        place.run(statements, drop_statements(layout, only=made))
    return statements


def drop_tables(address: str | os.PathLike[str], model: Model, *, rules: TableRules = NO_RULES) -> list[str]:
    """Drop those tables of a model that are there, with all that is in them; return the statements that were run."""
    with opened(address) as place:
        layout = lay_out(model, place.dialect, rules)
        statements = drop_statements(layout, only=[name for name in layout.tables if place.has(name)])
        place.run(statements)
    return statements
