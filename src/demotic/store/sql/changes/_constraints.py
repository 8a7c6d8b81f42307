"""What a database says when a constraint would be broken, in terms of the model.

SQLite names the columns of keys and of NOT NULL, the name of a CHECK, and nothing of a foreign key.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from demotic.errors import DemoticError
from demotic.store._errors import BrokenReference, ConstraintBroken, DuplicateKey, MissingValue, StillReferenced
from demotic.store.sql.storage._mapping import DatabaseMap, Table

_MESSAGE: Final = re.compile(r"(\w[\w ]*) constraint failed(?:: (.*))?", re.DOTALL)


def broken(error: BaseException, table: Table, database: DatabaseMap, *, removing: bool = False) -> DemoticError:
    """Return our error for a constraint that a change of a table, or removing a row of it, would have broken."""
    found = _MESSAGE.fullmatch(str(error))
    if found and found[1] == "FOREIGN KEY" and removing:
        return StillReferenced(f"others refer to this {table.type.name}", target=table.type.name)
    make = _KINDS.get(found[1]) if found else None
    if found is None or make is None:
        return ConstraintBroken(f"the database refuses the change: {error}", target=table.type.name)
    return make(table, _properties(found[2] or "", table, database))


def _properties(columns: str, table: Table, database: DatabaseMap) -> list[str]:
    """Return the properties that ``table.column, table.column`` name, what is no column as it stands."""
    known = {
        f"{one.name}.{column.name}": item.name for one in database.sets.values() for item, column in one.columns.items()
    }
    return [known.get(name, name) for name in columns.split(", ") if name]


def _unique(table: Table, names: list[str]) -> DemoticError:
    shown, kind = ", ".join(names), table.type.name
    if set(names) == {item.name for item in table.type.key}:
        return DuplicateKey(f"there is a {kind} with this {shown} already", target=kind)
    return ConstraintBroken(f"there is a {kind} with this {shown} already: it must be unique", target=shown or kind)


def _not_null(table: Table, names: list[str]) -> DemoticError:
    shown = ", ".join(names)
    return MissingValue(f"{table.type.name} must have a value for {shown}", target=shown)


def _check(table: Table, names: list[str]) -> DemoticError:
    return ConstraintBroken(f"a rule of {table.type.name} is broken: {', '.join(names)}", target=table.type.name)


def _reference(table: Table, names: list[str]) -> DemoticError:
    kind = table.type.name
    return BrokenReference(f"{kind} would refer to what is not there", target=kind)


_KINDS: Final[dict[str, Callable[[Table, list[str]], DemoticError]]] = {
    "UNIQUE": _unique,
    "PRIMARY KEY": _unique,
    "NOT NULL": _not_null,
    "CHECK": _check,
    "FOREIGN KEY": _reference,
}
