"""A transaction that may change the database of a server: rows are locked one by one, as they are about to change.

One that was begun for changes sees, with each statement, what others have committed by then; a row that it has locked
is as it was read. One that was begun for reading sees one state; where it changes what somebody else has changed since,
the database says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from demotic.errors import DemoticError
from demotic.store._errors import TransactionClosed
from demotic.store.sql.changes._writing import Writing
from demotic.store.sql.connections._pool import Connections, Outcome, started
from demotic.store.sql.running._fetch import log
from demotic.store.sql.statements._dialect import Statement
from demotic.store.sql.storage._mapping import DatabaseMap, Table


class ServerWriting(Writing):
    """A transaction on a server.

    ``begin`` starts it on a handle, ``explain_refusal`` tells of a broken constraint, ``ends`` says of a failure
    whether the server has undone the whole transaction.
    """

    def __init__(
        self,
        connections: Connections,
        begin: Callable[[Any], None],
        refusals: tuple[type[BaseException], ...],
        explain_refusal: Callable[..., DemoticError],
        ends: Callable[[BaseException], bool],
    ) -> None:
        self._connections = connections
        self._refusals = refusals
        self._explain_refusal = explain_refusal
        self._ends = ends
        self._undone = False
        self._handle = started(connections, begin=begin)

    @property
    def refusals(self) -> tuple[type[BaseException], ...]:  # type: ignore[override]
        """What the driver raises where a constraint would be broken."""
        return self._refusals

    def lock(self) -> None:
        """Nothing: rows are locked by themselves."""

    def execute(self, statement: Statement, values: Sequence[object]) -> Outcome:
        """Run a statement."""
        parameters = statement.bind(values, -1, None, None)
        log(statement.text, parameters)
        return self._run(statement.text, parameters)

    def command(self, text: str) -> None:
        """Run a statement of ours."""
        try:
            self._run(text, ())
        except self._refusals as error:
            raise self._explain_refusal(error, None, None) from error

    def _run(self, text: str, parameters: Sequence[Any]) -> Outcome:
        if self._undone:
            raise TransactionClosed("the database has undone the whole transaction", hint="begin another")
        handle: Any = self.mine()
        try:
            outcome: Outcome = handle.change(text, parameters)
        except self.failures as error:
            self._undone = self._ends(error)
            if isinstance(error, self._refusals):
                raise
            raise self.translate(error) from error
        return outcome

    def commit(self) -> None:
        """Make the changes last."""
        try:
            self._run("COMMIT", ())
        except self._refusals as error:  # of a constraint that is checked at the end
            raise self._explain_refusal(error, None, None) from error

    def explain(
        self, error: BaseException, table: Table, database: DatabaseMap, *, removing: bool = False
    ) -> DemoticError:
        """Return our error for a constraint that would have been broken."""
        return self._explain_refusal(error, table, database, removing=removing)
