"""What PostgreSQL says when a constraint would be broken, in terms of the model."""

from __future__ import annotations

import re
from typing import Final

import psycopg
from psycopg import errors as pg

from demotic.errors import DemoticError, InvalidInput
from demotic.store._errors import BrokenReference, ConstraintBroken, DuplicateKey, MissingValue, StillReferenced
from demotic.store.sql.storage._mapping import DatabaseMap, Table

REFUSALS: Final = (psycopg.IntegrityError, psycopg.DataError, pg.RaiseException, pg.GeneratedAlways)
_KEY: Final = re.compile(r"Key \((.*?)\)=\(")


def explain(
    error: BaseException, table: Table | None, database: DatabaseMap | None, *, removing: bool = False
) -> DemoticError:
    """Return our error for a constraint that a change of a table, or removing a row of it, would have broken."""
    assert isinstance(error, psycopg.Error)
    found = error.diag
    said = (found.message_primary or str(error)).strip()
    culprit = _table(found.table_name, table, database)
    kind = culprit.type.name if culprit is not None else found.table_name or "the data"
    if isinstance(error, pg.UniqueViolation):
        return _unique(culprit, kind, _names(found.message_detail, culprit))
    if isinstance(error, pg.NotNullViolation):
        name = _property(culprit, found.column_name or "")
        return MissingValue(f"{kind} must have a value for {name}", target=name)
    if isinstance(error, pg.ForeignKeyViolation):
        if removing or "still referenced" in (found.message_detail or ""):
            shown = table.type.name if table is not None else kind
            return StillReferenced(f"others refer to this {shown}", target=shown)
        return BrokenReference(f"{kind} would refer to what is not there", target=kind)
    if isinstance(error, pg.CheckViolation):
        return ConstraintBroken(f"a rule of {kind} is broken: {found.constraint_name or said}", target=kind)
    if isinstance(error, psycopg.DataError):
        return InvalidInput(f"a value that the database cannot hold: {said}", target=kind)
    return ConstraintBroken(f"the database refuses the change: {said}", target=kind)


def _table(name: str | None, table: Table | None, database: DatabaseMap | None) -> Table | None:
    if name is None or (table is not None and table.name == name):
        return table
    return next((one for one in (database.sets.values() if database else ()) if one.name == name), None)


def _property(table: Table | None, column: str) -> str:
    if table is None:
        return column
    return next((item.name for item, kept in table.columns.items() if kept.name == column), column)


def _names(detail: str | None, table: Table | None) -> list[str]:
    found = _KEY.match(detail or "")
    return [_property(table, name.strip().strip('"')) for name in found[1].split(",")] if found else []


def _unique(table: Table | None, kind: str, names: list[str]) -> DemoticError:
    shown = ", ".join(names)
    if table is not None and set(names) == {item.name for item in table.type.key}:
        return DuplicateKey(f"there is a {kind} with this {shown} already", target=kind)
    return ConstraintBroken(f"there is a {kind} with this {shown} already: it must be unique", target=shown or kind)
