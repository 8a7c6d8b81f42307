"""Results read in batches, on a connection borrowed for them.

The gate is not held between batches, so that a client may take its time, and the transaction keeps all of them in one
state of the data.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

from demotic.errors import InternalFault
from demotic.store._interface import Result, Row
from demotic.store.sql.connections._connection import (
    FAILURES,
    GATE,
    UNDECODABLE,
    Connections,
    Handle,
    lenient,
    translate,
)
from demotic.store.sql.running._fetch import Run, ensure_beyond, log, place_of
from demotic.store.sql.statements._dialect import Sqlite
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
        dialect: Sqlite,
        limit: int,
        page: int | None,
    ) -> None:
        assert plan.level is not None
        self._level = plan.level
        self._connections = connections
        self._page = page
        self._after: tuple[object, ...] | None = None
        self._finished = False
        self._read = 0
        self._handle: Handle | None = connections.borrow()
        self._run = Run(plan, values, self._handle, dialect)
        try:
            connections.begin(self._handle)
            self.count = self._run.counted(plan)
            self._text, self._parameters = self._run.prepare(plan.level, limit)
            log(self._text, self._parameters)
            with GATE:
                self._cursor = self._handle.execute(self._text, self._parameters)
            self._rows = self._next(FIRST_BATCH)
        except BaseException:
            self.close()
            raise

    def _next(self, size: int) -> list[Any]:
        """Fetch the next rows."""
        handle = self._handle
        if handle is None:
            return []
        with GATE:
            handle.renew()
            try:
                rows = self._cursor.fetchmany(size)
            except sqlite3.OperationalError as error:
                if UNDECODABLE not in str(error):
                    raise
                rows = self._again(handle, size)
        self._read += len(rows)
        return rows

    def _again(self, handle: Handle, size: int) -> list[Any]:
        """Start over with broken text read as nothing, and pass over the rows that were read before."""
        handle.connection.text_factory = lenient
        self._cursor = handle.execute(self._text, self._parameters)
        left = self._read
        while left > 0:
            left -= len(self._cursor.fetchmany(min(left, BATCH)))
        return self._cursor.fetchmany(size)

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
        except FAILURES as error:
            raise translate(error) from error
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
        if self._connections.finish(handle):
            self._connections.give_back(handle)
