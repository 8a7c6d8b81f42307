"""What MariaDB and MySQL say when a constraint would be broken, in terms of the model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import MySQLdb

from demotic.errors import DemoticError, InvalidInput
from demotic.model import InvalidValue
from demotic.store._errors import BrokenReference, ConstraintBroken, DuplicateKey, MissingValue, StillReferenced
from demotic.store.sql.dialects.mariadb._connection import code_of, said_by, translate
from demotic.store.sql.storage._mapping import DatabaseMap, Table

REFUSALS: Final = (MySQLdb.Error,)
Indexes = Mapping[tuple[str, str], tuple[str, ...]]
"""The columns of unique indexes, by the names of table and index."""

_DUPLICATE: Final = re.compile(r"for key '(?:.*\.)?([^'.]+)'")
_COLUMN: Final = re.compile(r"(?:Column|Field|column) '?`?(?:[^`']*`\.`)*([^'`]+)[`']")
_RULE: Final = re.compile(r"CONSTRAINT `(?:[^`]*`\.`)*([^`]+)`|[Cc]heck constraint '([^']+)'")
_MISSING: Final = (1048, 1364, 1263)
_BAD_VALUES: Final = (1264, 1265, 1292, 1366, 1406, 1411, 1690, 4078, 4161, 1525)
_NO_CHILD, _NO_PARENT = (1451, 1217), (1452, 1216)
_RULES: Final = (4025, 3819)


class Explain:
    """Tells of refusals; knows the unique indexes of the tables."""

    def __init__(self, indexes: Indexes) -> None:
        self._indexes = indexes

    def __call__(
        self, error: BaseException, table: Table | None, database: DatabaseMap | None, *, removing: bool = False
    ) -> DemoticError:
        """Return our error for a constraint that a change of a table, or removing a row of it, would have broken."""
        code, said = code_of(error), said_by(error)
        kind = table.type.name if table is not None else "the data"
        if code in (1062, 1586):
            return self._unique(table, kind, said)
        if code in _MISSING:
            name = _property(table, _COLUMN, said)
            return MissingValue(f"{kind} must have a value for {name or 'a column'}", target=name or kind)
        if code in _NO_CHILD:
            return StillReferenced(f"others refer to this {kind}", target=kind)
        if code in _NO_PARENT:
            return BrokenReference(f"{kind} would refer to what is not there", target=kind)
        if code in _RULES:
            found = _RULE.search(said)
            rule = (found[1] or found[2]) if found else said
            return ConstraintBroken(f"a rule of {kind} is broken: {rule}", target=kind)
        if code == 1644:
            return ConstraintBroken(f"the database refuses the change: {said}", target=kind)
        if code in _BAD_VALUES:
            name = _property(table, _COLUMN, said)
            return InvalidValue(f"a value that the database cannot hold: {said}", target=name or kind)
        if code in (1906, 3105):
            return InvalidInput(f"the database computes that value: {said}", target=kind)
        return translate(error)

    def _unique(self, table: Table | None, kind: str, said: str) -> DemoticError:
        found = _DUPLICATE.search(said)
        index = found[1] if found else ""
        columns = self._indexes.get((table.name, index), ()) if table is not None else ()
        names = [_named(table, column) for column in columns]
        shown = ", ".join(names) or index
        if table is not None and (index == "PRIMARY" or set(names) == {item.name for item in table.type.key}):
            key = ", ".join(item.name for item in table.type.key)
            return DuplicateKey(f"there is a {kind} with this {key} already", target=kind)
        return ConstraintBroken(f"there is a {kind} with this {shown} already: it must be unique", target=shown or kind)


def _named(table: Table | None, column: str) -> str:
    if table is None:
        return column
    return next((item.name for item, kept in table.columns.items() if kept.name == column), column)


def _property(table: Table | None, pattern: re.Pattern[str], said: str) -> str:
    found = pattern.search(said)
    return _named(table, found[1]) if found else ""
