"""How columns that are there keep the values of a model's properties: on SQLite, and on servers.

A server keeps to what is declared: a column must have the type that the model says, or another whole number's, or one
that `create_tables` gives it in place of a type that the server has not. SQLite keeps any value in any column, so the
values tell as in reflection, with the model's type in place of the declared one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from demotic.model import (
    BINARY,
    BOOLEAN,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    DURATION,
    GUID,
    INTEGER_RANGES,
    SINGLE,
    STRING,
    TIME_OF_DAY,
    PrimitiveType,
)
from demotic.store.changes import has_computed_default, is_computed
from demotic.store.sql.definition._json import json_storage
from demotic.store.sql.definition._plans import ColumnPlan, TablePlan
from demotic.store.sql.definition._preferred import example
from demotic.store.sql.reflection._catalogue import Catalogue
from demotic.store.sql.reflection._detect import detect
from demotic.store.sql.reflection._tables import ColumnFacts, TableFacts
from demotic.store.sql.storage._storage import Storage, integer, trusted

_SQLITE: Final[dict[PrimitiveType, tuple[PrimitiveType, ...]]] = {
    DECIMAL: (DOUBLE, SINGLE),
    DOUBLE: (DECIMAL, SINGLE),
    SINGLE: (DECIMAL, DOUBLE),
    DATE: (DATE_TIME_OFFSET, STRING),
    DATE_TIME_OFFSET: (DATE, STRING),
    TIME_OF_DAY: (STRING,),
    DURATION: (STRING,),
    GUID: (STRING, BINARY),
    BOOLEAN: (),
}
"""The types that a column may have been declared with, beside its own; whole numbers do for any number or Boolean."""


class Fitting(ABC):
    """What tables of one kind of database can keep."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    @abstractmethod
    def key(self, name: str) -> str:
        """Return a name as names are told apart by."""

    @abstractmethod
    def fits(self, plan: ColumnPlan, facts: Any) -> bool:
        """Whether a column can keep the values of a plan's."""

    @abstractmethod
    def planned(self, plan: TablePlan, facts: TableFacts) -> TableFacts:
        """Return the facts about a table with the names and types of its plan."""

    @abstractmethod
    def storage(self, plan: ColumnPlan, facts: Any, table: TableFacts) -> Storage:
        """Return how a column keeps values."""

    def needs_value(self, facts: Any, table: TableFacts) -> bool:
        """Whether rows cannot be inserted without a value for a column."""
        made = self.catalogue.column(facts, facts.name, in_key=False, is_rowid=facts.name == table.rowid).property
        given = made.default is not None or is_computed(made) or has_computed_default(made)
        return facts.not_null and facts.default is None and not given


class SqliteFitting(Fitting):
    """What the tables of a SQLite file can keep."""

    def key(self, name: str) -> str:
        """Names differ by more than case."""
        return name.casefold()

    def fits(self, plan: ColumnPlan, facts: ColumnFacts) -> bool:
        """Whether the declared type is near enough."""
        wanted, declared = plan.kind or STRING, facts.declared.type
        if declared is None or declared is wanted:
            return True
        if declared.name in INTEGER_RANGES:
            return wanted.numeric_rank > 0 or wanted in (BOOLEAN, DATE_TIME_OFFSET)
        return declared in _SQLITE.get(wanted, ())

    def planned(self, plan: TablePlan, facts: TableFacts) -> TableFacts:
        """Return the facts with the names and types of the plan."""
        known = {self.key(column.name): column for column in plan.columns}
        columns = tuple(
            _retyped(known[self.key(column.name)], column) if self.key(column.name) in known else column
            for column in facts.columns
        )
        names = {old.name: new.name for old, new in zip(facts.columns, columns, strict=True)}

        def renamed(given: Iterable[str]) -> tuple[str, ...]:
            return tuple(names.get(name, name) for name in given)

        return replace(
            facts,
            columns=columns,
            key=renamed(facts.key),
            rowid=None if facts.rowid is None else names.get(facts.rowid, facts.rowid),
            unique=tuple(renamed(key) for key in facts.unique),
        )

    def storage(self, plan: ColumnPlan, facts: ColumnFacts, table: TableFacts) -> Storage:
        """Return how the values of a column look that are there, or should look."""
        if plan.kind is None:
            return json_storage(plan.property)
        if facts.name == table.rowid and plan.kind.name in INTEGER_RANGES:
            return trusted(integer(plan.kind))
        return detect(plan.kind, facts.declared.affinity, facts.sample, facts.odd)


def _retyped(plan: ColumnPlan, facts: ColumnFacts) -> ColumnFacts:
    shown = example(plan)
    sample = facts.sample or (() if shown is None else (shown,))
    declared = replace(facts.declared, type=plan.kind or STRING)
    return replace(facts, name=plan.name, declared=declared, sample=sample)


class ServerFitting(Fitting):
    """What the tables of a server can keep.

    ``others`` has the storages of types that the server has not, by the type and that of the column that stands for it.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        others: Mapping[tuple[PrimitiveType, PrimitiveType], Storage] | None = None,
        *,
        any_case: bool = False,
    ) -> None:
        super().__init__(catalogue)
        self._others = others or {}
        self._any_case = any_case

    def key(self, name: str) -> str:
        """Names are told apart as the server does."""
        return name.casefold() if self._any_case else name

    def fits(self, plan: ColumnPlan, facts: Any) -> bool:
        """Whether the type of a column is that of the plan, or stands for it."""
        found, wanted = self._found(facts), plan.kind or STRING
        if self.catalogue.column(facts, facts.name, in_key=False, is_rowid=False).property.collection:
            return False
        both_whole = found.name in INTEGER_RANGES and wanted.name in INTEGER_RANGES
        return found is wanted or both_whole or (wanted, found) in self._others

    def planned(self, plan: TablePlan, facts: TableFacts) -> TableFacts:
        """Return the facts: columns are called as the server calls them."""
        return facts

    def storage(self, plan: ColumnPlan, facts: Any, table: TableFacts) -> Storage:
        """Return how a column of the type keeps values."""
        found = self._found(facts)
        kept = self.catalogue.column(facts, plan.name, in_key=plan.name in table.key, is_rowid=False).storage
        if plan.kind is None:
            form = json_storage(plan.property)
            return replace(kept, name="json", encode=form.encode, decode=form.decode, ordered=False, raw=None)
        other = self._others.get((plan.kind, found))
        return other if other is not None else kept if found is plan.kind else replace(kept, type=plan.kind)

    def _found(self, facts: Any) -> PrimitiveType:
        return self.catalogue.type_of(facts)
