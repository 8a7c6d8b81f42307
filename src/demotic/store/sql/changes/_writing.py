"""A transaction that may change a database: what a writer needs of it. There is one class per kind of database."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from demotic.errors import DemoticError
from demotic.store.sql.connections._pool import Held, Outcome
from demotic.store.sql.statements._dialect import Statement
from demotic.store.sql.storage._mapping import DatabaseMap, Table


class Writing(Held):
    """One connection in a transaction that changes may be made in. Not to be used by two threads at once."""

    refusals: ClassVar[tuple[type[BaseException], ...]]
    """What a driver raises where a constraint would be broken."""

    @abstractmethod
    def lock(self) -> None:
        """See, where a database has no locks for rows, that nobody else writes until the transaction ends."""

    @abstractmethod
    def execute(self, statement: Statement, values: Sequence[object]) -> Outcome:
        """Run a statement. Raises one of the `refusals`, which is the caller's to explain."""

    @abstractmethod
    def command(self, text: str) -> None:
        """Run a statement of ours that has no parameters."""

    def mark(self, name: str) -> None:
        """Note a state to which `undo` may come back."""
        self.command(f"SAVEPOINT {name}")

    def undo(self, name: str) -> None:
        """Undo what was done since a state was noted, and forget the state. Raises `TransactionClosed`."""
        self.command(f"ROLLBACK TO SAVEPOINT {name}")
        self.command(f"RELEASE SAVEPOINT {name}")

    def forget(self, name: str) -> None:
        """Forget a state that was noted: what was done since stays."""
        self.command(f"RELEASE SAVEPOINT {name}")

    @abstractmethod
    def commit(self) -> None:
        """Make the changes last. Raises Conflict, or Unavailable."""

    @abstractmethod
    def explain(
        self, error: BaseException, table: Table, database: DatabaseMap, *, removing: bool = False
    ) -> DemoticError:
        """Return our error for a constraint that a change of a table, or removing a row, would have broken."""
