"""One run of a plan on a connection: statements bound and fetched, expanded levels joined to their parents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from demotic.errors import InternalFault, InvalidInput
from demotic.query import Environment, Parameter
from demotic.store._interface import Row
from demotic.store.sql._errors import AmbiguousKey
from demotic.store.sql.connections._pool import LOG, Handle
from demotic.store.sql.statements._dialect import Dialect, Statement
from demotic.store.sql.statements._plan import SqlPlan
from demotic.store.sql.statements._selection import Inner, Level
from demotic.store.sql.storage._storage import Broken, Unfit

AT_ONCE: Final = 5000
"""The most rows of the top level that are fetched at once, and whose expanded rows are."""


class Run:
    """One run of a plan: its inputs, and the connection that it runs on."""

    __slots__ = ("dialect", "handle", "now", "values")

    def __init__(self, plan: SqlPlan, values: Sequence[object], handle: Handle, dialect: Dialect) -> None:
        self.values = values
        self.handle = handle
        self.dialect = dialect
        self.now = datetime.now(UTC) if plan.timed else None

    def bind(self, statement: Statement, limit: int, keys: Any) -> tuple[Any, ...]:
        """Return the parameters of a statement. Raises `Unfit`."""
        return statement.bind(self.values, limit, keys, self.now)

    def prepare(self, level: Level, limit: int, keys: Any = None) -> tuple[str, tuple[Any, ...]]:
        """Return the text of a level's statement and its parameters."""
        try:
            return level.fast.text, self.bind(level.fast, limit, keys)
        except Unfit:
            pass
        statement = level.compile_exact()
        try:
            return statement.text, self.bind(statement, limit, keys)
        except Unfit:
            raise InvalidInput("a place to continue from that no entity can have") from None

    def fetch(self, level: Level, limit: int, keys: Any = None) -> list[Any]:
        """Return all rows of a level."""
        return fetch_all(self.handle, *self.prepare(level, limit, keys))

    def counted(self, plan: SqlPlan) -> int | None:
        """Return the number of entities that pass, if the plan counts them."""
        if plan.count is None:
            return None
        try:
            text, parameters = plan.count.text, self.bind(plan.count, -1, None)
        except Unfit:
            text, parameters = plan.exact_count.text, self.bind(plan.exact_count, -1, None)
        number: int = fetch_all(self.handle, text, parameters)[0][0]
        return number

    def build(self, level: Level, rows: list[Any]) -> list[Row]:
        """Return the form's rows for fetched ones, with what is expanded in them."""
        if not level.inner and not level.shaped:
            return level.convert(rows)
        built: list[Row] = []
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            expanded = [column for inner in level.inner for column in self.expand(inner, part)]
            expanded += self.shaped(level, part)
            built += level.convert(part, *expanded)
        return built

    def shaped(self, level: Level, rows: list[Any]) -> list[list[Any]]:
        """Return what is wanted of the properties that come in part."""
        if not level.shaped:
            return []
        env = Environment(self.values, _no_way, self.now)
        return [column for shaped in level.shaped for column in shaped.columns(rows, env)]

    def expand(self, inner: Inner, parents: list[Any]) -> list[list[Any]]:
        """Return what is expanded in each parent, and how many there are if that is asked for."""
        if inner.numbered:
            met, wanted, keys = self._numbered(inner, parents)
        else:
            place = inner.parent[0]
            met = [parent[place] for parent in parents]
            wanted = self.dialect.passable(met)
            keys = self.dialect.pass_keys(wanted) if wanted else ""
        rows = self.fetch(inner.level, -1, keys) if wanted else []
        totals = None
        if inner.window is not None:
            totals = {row[inner.child]: row[inner.total] for row in rows} if inner.total is not None else None
            rows = self._within(inner, rows)
        built = self.build(inner.level, rows)
        child = inner.child
        if not inner.collection:
            single = {row[child]: item for row, item in zip(rows, built, strict=True)}
            return [[single.get(key) for key in met]]
        groups: dict[Any, list[Row]] = {}
        for row, item in zip(rows, built, strict=True):
            key = row[child]
            if key in groups:
                groups[key].append(item)
            else:
                groups[key] = [item]
        values: list[Any] = [groups.get(key) or [] for key in met]
        if not inner.count:
            return [values]
        return [values, [len(v) for v in values] if totals is None else [totals.get(key, 0) for key in met]]

    def _numbered(self, inner: Inner, parents: list[Any]) -> tuple[list[Any], list[Any], Any]:
        places = inner.parent
        keys = [tuple(parent[place] for place in places) for parent in parents]
        numbers: dict[Any, int] = {}
        for key in keys:
            if None not in key:
                numbers.setdefault(key, len(numbers))
        wanted = list(numbers)
        return [numbers.get(key) for key in keys], wanted, self.dialect.pass_rows(wanted)

    def _within(self, inner: Inner, rows: list[Any]) -> list[Any]:
        """Leave out rows that came for the sake of the count alone."""
        assert inner.window is not None
        window = inner.window
        skip, top = self._number(inner.skip) or 0, self._number(inner.top)
        if top is None:
            return [row for row in rows if row[window] > skip]
        return [row for row in rows if skip < row[window] <= skip + top]

    def _number(self, parameter: Parameter | None) -> int | None:
        value: Any = None if parameter is None else self.values[parameter.slot]
        number: int | None = value
        return number


def _no_way(entity: object, navigation: object) -> object:
    raise InternalFault("values lead to no entities")


def fetch_all(handle: Handle, text: str, parameters: tuple[Any, ...]) -> list[Any]:
    """Return all rows of a statement."""
    log(text, parameters)
    return handle.fetch(text, parameters)


def log(text: str, parameters: tuple[Any, ...]) -> None:
    if LOG.isEnabledFor(10):
        LOG.debug("%s -- %d parameters", text, len(parameters))


def place_of(level: Level, row: Any) -> tuple[object, ...] | None:
    """Return the order values and key of a row, or ``None`` if one of them does not fit its type."""
    found = []
    for place in level.places:
        value = row[place.column]
        if value.__class__ is Broken:
            return None
        native = None if value is None else place.decode(value)
        if native is None and value is not None:
            return None
        found.append(native)
    return tuple(found)


def cut_page(level: Level, rows: list[Any], page: int) -> tuple[list[Any], tuple[object, ...]] | None:
    """Return the rows of a page, and the place of its last one.

    The page ends earlier if its last rows have no place (a value that does not fit); ``None`` if none of them has one.
    """
    for end in range(page, 0, -1):
        place = place_of(level, rows[end - 1])
        if place is not None:
            ensure_beyond(level, rows[end], place)
            return rows[:end], place
    return None


def ensure_beyond(level: Level, row: Any, place: tuple[object, ...]) -> None:
    """Raise `AmbiguousKey` if a row has the very place of the one before it, after which a page would miss it."""
    if place_of(level, row) == place:
        raise AmbiguousKey("several entities have one key, so no page can end between them")
