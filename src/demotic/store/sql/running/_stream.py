"""Results read in batches, on a connection of their own, whose transaction keeps all of them in one state of the data.

Nothing is held between batches that others wait for, so that a client may take its time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from demotic.errors import InternalFault
from demotic.store._interface import Result, Row
from demotic.store.sql.connections._pool import Connections, Handle
from demotic.store.sql.running._fetch import Run, ensure_beyond, log, place_of
from demotic.store.sql.statements._dialect import Dialect
from demotic.store.sql.statements._plan import SqlPlan

FIRST_BATCH: Final = 250
BATCH: Final = 1000


class Stream(Result):
    """Rows read in batches on a borrowed connection."""

    def __init__(
        self,
        plan: SqlPlan,
        values: Sequence[object],
        connections: Connections,
        handle: Handle,
        dialect: Dialect,
        limit: int,
        page: int | None,
    ) -> None:
        """Take over the handle, unless an exception is raised."""
        assert plan.level is not None
        self._level = plan.level
        self._connections = connections
        self._page = page
        self._after: tuple[object, ...] | None = None
        self._finished = False
        self._handle: Handle | None = None
        self._run = Run(plan, values, handle, dialect)
        connections.begin(handle)
        try:
            self.count = self._run.counted(plan)
            text, parameters = self._run.prepare(plan.level, limit)
            log(text, parameters)
            self._reader = handle.reader(text, parameters, alone=not plan.level.inner)
            self._rows = self._reader.next(FIRST_BATCH)
        except BaseException:
            connections.finish(handle)
            raise
        self._handle = handle

    def _next(self, size: int) -> list[Any]:
        """Fetch the next rows."""
        return [] if self._handle is None else self._reader.next(size)

    def batches(self) -> Iterator[list[Row]]:
        """Yield the rows in batches."""
        left = self._page
        try:
            while self._rows:
                rows = self._rows
                self._rows = self._next(BATCH)
                if left is not None and len(rows) + len(self._rows) > left >= 0 and len(rows) >= left:
                    rows = self._last(rows, left)
                    self._rows = []
                elif left is not None:
                    left -= len(rows)
                if rows:
                    yield self._run.build(self._level, rows)
        except self._connections.failures as error:
            raise self._connections.translate(error) from error
        finally:
            self.close()
        self._finished = True

    def _last(self, rows: list[Any], left: int) -> list[Any]:
        """Return the rows up to the first from the end of the page on that has a place, which the next page follows."""
        end = left
        while True:
            if end == len(rows):
                rows = rows + self._rows
                self._rows = self._next(BATCH)
            if end >= len(rows):
                return rows
            place = place_of(self._level, rows[end - 1]) if end else None
            if place is not None:
                ensure_beyond(self._level, rows[end], place)
                self._after = place
                return rows[:end]
            end += 1

    @property
    def after(self) -> tuple[object, ...] | None:
        """Where the next page starts, once the batches are exhausted."""
        if not self._finished:
            raise InternalFault("the place of the next page was asked for before the batches were exhausted")
        return self._after

    def close(self) -> None:
        """End the transaction and give the connection back."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        self._rows = []
        try:
            self._reader.close()
            good = self._connections.finish(handle)
        except BaseException:
            self._connections.discard(handle)
            raise
        if good:
            self._connections.done(handle)
        else:
            self._connections.discard(handle)
