"""Running plans: what is bounded is fetched at once on the thread's own connection, anything else is a stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from demotic.query import Kind
from demotic.store._interface import Result, Row
from demotic.store.sql._errors import AmbiguousKey
from demotic.store.sql.connections._pool import Connections
from demotic.store.sql.running._fetch import AT_ONCE, Run, cut_page, log
from demotic.store.sql.running._stream import Stream
from demotic.store.sql.statements._dialect import Dialect
from demotic.store.sql.statements._plan import SqlPlan
from demotic.store.sql.statements._selection import Level


class Fetched(Result):
    """Rows that are all there."""

    __slots__ = ("_after", "_rows", "count")

    def __init__(self, rows: list[Row], count: int | None, after: tuple[object, ...] | None = None) -> None:
        self._rows = rows
        self.count = count
        self._after = after

    def batches(self) -> Iterator[list[Row]]:
        """Yield the rows in one list, unless there are none."""
        return iter((self._rows,) if self._rows else ())

    @property
    def after(self) -> tuple[object, ...] | None:
        """Where the next page starts."""
        return self._after

    def close(self) -> None:
        """Nothing is held."""


def run(
    plan: SqlPlan, values: Sequence[object], connections: Connections, dialect: Dialect, page: int | None
) -> Result:
    """Run a plan. Raises `InvalidInput` for values that the database cannot hold, `Unavailable` if it cannot answer."""
    limit, cut = _limits(plan, values, page) if plan.read.kind is Kind.COLLECTION else (-1, None)
    streams = plan.read.kind is Kind.COLLECTION and (limit < 0 or limit > AT_ONCE + 1)
    tries = connections.limits.most
    while True:
        handle = connections.mine()
        try:
            if streams:
                return Stream(plan, values, connections, handle, dialect, limit, cut)
            found = _run(plan, Run(plan, values, handle, dialect), connections, limit, cut)
        except connections.failures as error:
            tries -= 1
            if tries and connections.is_lost(error):  # nothing was sent yet: another connection may do
                connections.lost(handle)
                connections.retried()
                continue
            connections.done(handle)
            raise connections.translate(error) from error
        except BaseException:
            connections.done(handle)
            raise
        connections.done(handle)
        return found


def point(level: Level, values: Sequence[object], connections: Connections) -> Row | None:
    """Return the row of one entity, ``None`` if it is not there: the common case, in as few steps as it takes.

    Raises `Unfit` or one of the driver's errors where it takes more.
    """
    statement = level.fast
    parameters = statement.bind(values, -1, None, None)
    log(statement.text, parameters)
    handle = connections.mine()
    try:
        rows = handle.fetch(statement.text, parameters)
    finally:
        connections.done(handle)
    if len(rows) == 1:
        return level.convert(rows)[0]
    _refuse_several(rows)
    return None


def _refuse_several(rows: list[Any]) -> None:
    """Raise `AmbiguousKey` if there are several rows where one is addressed."""
    if len(rows) > 1:
        raise AmbiguousKey("several entities have this key", hint="state a key that is different in every row")


def _run(plan: SqlPlan, inner: Run, connections: Connections, limit: int, cut: int | None) -> Result:
    if not plan.several:
        return _fetched(plan, inner, limit, cut)
    connections.begin(inner.handle)
    try:
        return _fetched(plan, inner, limit, cut)
    finally:
        connections.finish(inner.handle)


def _limits(plan: SqlPlan, values: Sequence[object], page: int | None) -> tuple[int, int | None]:
    """Return how many rows to ask the database for (-1: all), and where the page is cut if that many come."""
    top: Any = None if plan.top is None else values[plan.top.slot]
    if page is None or (top is not None and top <= page):
        return (-1 if top is None else min(top, 2**62)), None
    return page + 1, page


def _fetched(plan: SqlPlan, inner: Run, limit: int, cut: int | None) -> Fetched:
    count = inner.counted(plan)
    level = plan.level
    if level is None:
        return Fetched([], count)
    rows = inner.fetch(level, limit)
    if plan.read.kind is Kind.ENTITY and len(rows) != 1:
        _refuse_several(rows)
    after = None
    while cut is not None and len(rows) > cut:
        found = cut_page(level, rows, cut)
        if found is not None:
            rows, after = found
            break
        limit, cut = 2 * limit, 2 * cut
        rows = inner.fetch(level, limit)
    return Fetched(inner.build(level, rows), count, after)
