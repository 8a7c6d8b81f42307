"""A read compiled for one database and one form."""

from __future__ import annotations

from functools import cached_property

from demotic.query import Kind, Parameter, Read
from demotic.store._interface import Form, Plan
from demotic.store.sql.statements._dialect import Dialect, Statement
from demotic.store.sql.statements._levels import Levels
from demotic.store.sql.statements._selection import Level
from demotic.store.sql.storage._mapping import DatabaseMap


class SqlPlan(Plan):
    """The statements of a read. Immutable but for what is compiled when first needed; shared by threads."""

    def __init__(self, read: Read, form: Form, database: DatabaseMap, dialect: Dialect) -> None:
        self.read = read
        self._levels = Levels(database, dialect, form)
        self.level: Level | None = None if read.kind is Kind.COUNT else self._levels.top(read)
        counted = read.kind is Kind.COUNT or (read.kind is Kind.COLLECTION and read.query.count)
        self.count: Statement | None = self._levels.count(read, exact=False) if counted else None
        self.top: Parameter | None = read.query.top
        statements = [*([self.count] if self.count else []), *(_statements(self.level) if self.level else [])]
        self.timed = any(statement.timed for statement in statements)
        self.several = len(statements) > 1
        shaped = self.level is not None and bool(self.level.shaped)
        single = read.kind is Kind.ENTITY and not self.several and not self.timed and not shaped
        self.point: Level | None = self.level if single else None

    @cached_property
    def exact_count(self) -> Statement:
        """The statement of the count that compares canonical forms."""
        return self._levels.count(self.read, exact=True)

    @property
    def statements(self) -> list[str]:
        """The text of every statement, the top level's first."""
        count = [self.count.text] if self.count else []
        return [*([s.text for s in _statements(self.level)] if self.level else []), *count]


def _statements(level: Level) -> list[Statement]:
    return [level.fast, *(statement for inner in level.inner for statement in _statements(inner.level))]
