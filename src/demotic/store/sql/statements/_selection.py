"""What a level of a query is once compiled, and what it selects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from demotic.model import STREAM, ComplexType, Property
from demotic.query import TYPE_NAME, Environment, Parameter, Query
from demotic.store._parts import Shaper
from demotic.store.sql._errors import NotInThisStore
from demotic.store.sql.statements._dialect import Statement
from demotic.store.sql.statements._keyset import Placed
from demotic.store.sql.statements._scope import Scope
from demotic.store.sql.storage._convert import Cell, Convert
from demotic.store.sql.storage._mapping import Table
from demotic.store.sql.storage._storage import Storage, quoted


@dataclass(frozen=True, slots=True)
class Place:
    """An order value among the columns of a row: where it is, and how its native value is read."""

    column: int
    decode: Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Inner:
    """An expanded navigation: its level, and how its rows find their parents.

    ``parent`` are the columns of the parent's row that hold the key to meet, ``child`` the column of this level's rows
    that holds the key met (or with ``numbered``, the number of the parent key). ``window`` is the column that holds the
    row's number among its siblings and ``total`` that of how many there are, where they are asked for.
    """

    level: Level
    parent: tuple[int, ...]
    child: int
    numbered: bool
    collection: bool
    count: bool
    window: int | None = None
    total: int | None = None
    top: Parameter | None = None
    skip: Parameter | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Shaped:
    """A property that comes in part: its native values are read from rows, and then made what is wanted of them."""

    read: Convert
    shaper: Shaper

    def columns(self, rows: list[Any], env: Environment) -> list[list[Any]]:
        """Return what is wanted of each row's value, and the number of its values if that is asked for."""
        pairs = [self.shaper.value(value, env) for value in self.read(rows)]
        values = [value for value, _ in pairs]
        return [values, [count for _, count in pairs]] if self.shaper.counted else [values]


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """A level compiled: its statements, of which the exact one is made when it is first needed, and its converter."""

    fast: Statement
    compile_exact: Callable[[], Statement]
    convert: Convert
    inner: tuple[Inner, ...]
    places: tuple[Place, ...] = ()
    shaped: tuple[Shaped, ...] = ()


class Selection:
    """The columns that a level selects."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.columns: list[Any] = []
        self._raw: dict[str, int] = {}

    @property
    def own(self) -> Any:
        """The level's own table."""
        return self._scope.alias

    def add(self, sql: Any) -> int:
        """Select an expression; return its place."""
        self.columns.append(sql.label(f"c{len(self.columns)}"))
        return len(self.columns) - 1

    def raw(self, name: str) -> int:
        """Return the place of a column of the level's own table, as it is kept."""
        if name not in self._raw:
            self._raw[name] = self.add(self._scope.alias.c[name])
        return self._raw[name]

    def cells(self, table: Table, query: Query) -> list[Cell]:
        """Select the properties of a query."""
        return [self._cell(table, (item,)) for item in query.properties]

    def part_cells(self, table: Table, query: Query) -> list[Cell]:
        """Select the properties that come in part, whole."""
        return [self._cell(table, (item.property,)) for item in query.parts]

    def kind_cell(self, table: Table, text: Storage) -> Cell:
        """Select the name of an entity's type; ``text`` is how computed texts are kept."""
        if table.kind:
            return self._cell(table, (TYPE_NAME,))
        return Cell(TYPE_NAME, text, self.add(quoted(table.type.qualified_name)))

    def _cell(self, table: Table, path: tuple[Property, ...]) -> Cell:
        column, item = table.column(path), path[-1]
        if column is None:
            if item.type is STREAM:
                raise NotInThisStore(f"{item.name} is a stream, which is no value", target=item.name)
            assert isinstance(item.type, ComplexType)
            parts = tuple(self._cell(table, (*path, part)) for part in item.type.all_properties().values())
            return Cell(item, None, -1, parts)
        if column.storage.through:
            place = self.add(column.storage.selected(self._scope.alias.c[column.name]))
        else:
            place = self.raw(column.name)
        return Cell(item, column.storage, place)


@dataclass(slots=True)
class Described:
    """What a statement selects, and where."""

    width: int
    cells: list[Cell]
    parents: list[tuple[int, ...]]
    placed: list[tuple[Placed, int]]
    parts: list[Cell] = field(default_factory=list)
    child: int = -1
    window: int | None = None
    total: int | None = None
