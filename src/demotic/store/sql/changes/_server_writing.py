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
from demotic.store.sql.connections._pool import Connections, Handle, Outcome
from demotic.store.sql.running._fetch import log
from demotic.store.sql.statements._dialect import Statement
from demotic.store.sql.storage._mapping import DatabaseMap, Table


class ServerWriting(Writing):
    """A transaction on a server.

    ``begin`` are the commands that start it; they are sent with its first statement. ``explain_refusal`` tells of a
    broken constraint, ``ends`` says of a failure whether the server has undone the whole transaction.
    """

    def __init__(
        self,
        connections: Connections,
        begin: tuple[str, ...],
        refusals: tuple[type[BaseException], ...],
        explain_refusal: Callable[..., DemoticError],
        ends: Callable[[BaseException], bool],
    ) -> None:
        self._connections = connections
        self._begin = begin
        self._refusals = refusals
        self._explain_refusal = explain_refusal
        self._ends = ends
        self._undone = False
        self._handle = connections.borrow(writes=False)
        self._handle.waiting = list(begin)
        self._tries = connections.limits.most
        self._beginnings: set[str] = set()
        self._forgotten: list[str] = []

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
        self._ensure_alive()
        handle: Any = self.mine()
        if self._forgotten:
            handle.waiting[:0] = [f"RELEASE SAVEPOINT {name}" for name in self._forgotten]
            self._forgotten.clear()
        try:
            outcome: Outcome = handle.change(text, parameters)
        except self.failures as error:
            if self.is_lost(error):
                self.lost(handle)
                self.retried()
                return self._run(text, parameters)
            self._undone = self._ends(error)
            if isinstance(error, self._refusals):  # which is the caller's to explain
                raise
            raise self.translate(error) from error
        return outcome

    def _ensure_alive(self) -> None:
        if self._undone:
            raise TransactionClosed("the database has undone the whole transaction", hint="begin another")

    # --- states to come back to: noted and forgotten with the next change, and not at all if there is none

    def mark(self, name: str) -> None:
        """Note a state to which `undo` may come back."""
        if self._has_begun():
            # Before it, for what is noted next may be sent by a read, and would be forgotten with what is noted first.
            self.mine().waiting += [f"RELEASE SAVEPOINT {old}" for old in self._forgotten]
            self._forgotten.clear()
            self.mine().waiting.append(f"SAVEPOINT {name}")
        else:
            self._beginnings.add(name)

    def undo(self, name: str) -> None:
        """Undo what was done since a state was noted, and forget the state. Raises `TransactionClosed`."""
        waiting = self.mine().waiting
        self._forgotten.clear()  # those within are gone with it, and the server takes no word of them after a failure
        if name in self._beginnings:
            self._beginnings.discard(name)
            if self._has_begun():
                waiting.clear()
                self.command("ROLLBACK")
                waiting += self._begin
        elif not self._takes_back(name):
            waiting.clear()  # what was noted since goes with it
            self.command(f"ROLLBACK TO SAVEPOINT {name}")
            self._forgotten.append(name)

    def forget(self, name: str) -> None:
        """Forget a state that was noted: what was done since stays."""
        if name in self._beginnings:
            self._beginnings.discard(name)
        elif not self._takes_back(name):
            self._forgotten.append(name)

    def _has_begun(self) -> bool:
        return self._begin[-1] not in self.mine().waiting

    def _takes_back(self, name: str) -> bool:
        """Forget a state that no statement followed; return whether it is one."""
        waiting = self.mine().waiting
        if f"SAVEPOINT {name}" not in waiting:
            return False
        del waiting[waiting.index(f"SAVEPOINT {name}") :]
        return True

    # --- a connection that was gone before anything was done

    def is_lost(self, error: BaseException) -> bool:
        """Whether the connection was gone before the transaction began, so that another may do."""
        return not self._has_begun() and self._tries > 0 and self._connections.is_lost(error)

    def lost(self, handle: Handle) -> None:
        """Begin on another connection."""
        self._tries -= 1
        self._handle = None
        self._connections.lost(handle)
        self._handle = self._connections.borrow()
        self._handle.waiting = list(self._begin)

    def retried(self) -> None:
        """Count a run that is begun again."""
        self._connections.retried()

    def commit(self) -> None:
        """Make the changes last."""
        if not self._has_begun():
            return
        self._ensure_alive()
        handle: Any = self.mine()
        handle.waiting.clear()
        self._forgotten.clear()
        try:
            handle.commit()
        except self.failures as error:
            if isinstance(error, self._refusals):  # by a constraint that is checked at the end
                raise self._explain_refusal(error, None, None) from error
            self._undone = self._ends(error)
            raise self.translate(error) from error

    def explain(
        self, error: BaseException, table: Table, database: DatabaseMap, *, removing: bool = False
    ) -> DemoticError:
        """Return our error for a constraint that would have been broken."""
        return self._explain_refusal(error, table, database, removing=removing)
