"""Reads compiled for memory: each level of a query becomes its filter, its order and the converters of its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from demotic.errors import InternalFault
from demotic.model import EntityType, Property
from demotic.query import (
    After,
    Along,
    ByKey,
    Environment,
    Evaluate,
    Expand,
    Filtered,
    Kind,
    OfType,
    Parameter,
    Query,
    Read,
    compare_positions,
    compile_expression,
    is_of,
    order_evaluators,
    sort_rows,
)
from demotic.store._interface import Form, Plan, Result, Row, RowFactory
from demotic.store._parts import Shaper
from demotic.store._representation import Convert, converter
from demotic.store.media import Fact, readable
from demotic.store.memory._restricted import Sight
from demotic.store.memory._state import TYPE, Entity, Key, State, key_of

BATCH = 1000
"""The most rows in one batch."""


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a row: its name in the entity, and what brings it into the form's representation."""

    name: str
    convert: Convert | None

    def of(self, entity: Entity) -> Any:
        """Return the value."""
        value = entity.get(self.name)
        return value if value is None or self.convert is None else self.convert(value)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a stream, in place of a column: the stream, the attribute of its `Info`, its representation."""

    stream: str
    attribute: str
    convert: Convert | None

    def of(self, entity: Entity) -> Any:
        """Return the value, ``None`` where the stream holds nothing."""
        found = readable(entity.get(self.stream))
        value = None if found is None else getattr(found.info, self.attribute)
        return value if value is None or self.convert is None else self.convert(value)


def column(item: Property, form: Form) -> Column | Told:
    """Return where a property of a query comes from."""
    convert = converter(item, form.representation)
    return Told(item.stream, item.attribute, convert) if isinstance(item, Fact) else Column(item.name, convert)


@dataclass(frozen=True, slots=True)
class Window:
    """What passes of one level: the entities, where they stand in the order, and how many pass the filter."""

    chosen: list[tuple[tuple[Any, ...], Entity]]
    count: int | None


class Level:
    """One level of a query."""

    def __init__(self, query: Query, form: Form) -> None:
        self.query = query
        self.filter: Evaluate | None = compile_expression(query.filter) if query.filter is not None else None
        self.order = order_evaluators(query.order)
        self.descending = (*(item.descending for item in query.order), *(False for _ in query.type.key))
        self.columns = [column(item, form) for item in query.properties]
        self.computed = [
            (compile_expression(item.expression), converter(item.property, form.representation))
            for item in query.computed
        ]
        self.factory: RowFactory = form.row(query)
        self.inner = [_Inner(item, query.type, form) for item in query.expand]
        self.parts = [(item, Shaper(item, form.representation)) for item in query.parts]
        pairs = list(zip(query.properties, self.columns, strict=True))
        self.shapes = {
            shape.type.qualified_name: [column if item in shape.properties else None for item, column in pairs]
            for shape in query.shapes
        }
        self.shape_parts = {shape.type.qualified_name: shape.parts for shape in query.shapes}

    def window(self, entities: Iterable[Entity], env: Environment) -> Window:
        """Filter, count, order, continue, skip and cut: in this sequence (Protocol 4.01, section 11.2.6)."""
        passing = [item for item in entities if self.filter is None or self.filter((item,), env) is True]
        placed = sort_rows(((self.place(item, env), item) for item in passing), self.descending)
        if self.query.after is not None:
            placed = self.following(self.query.after, placed, env)
        start = _number(self.query.skip, env) or 0
        top = _number(self.query.top, env)
        end = None if top is None else start + top
        return Window(placed[start:end], len(passing) if self.query.count else None)

    def place(self, entity: Entity, env: Environment) -> tuple[Any, ...]:
        """Return the order values of an entity, then its key."""
        return (*(value((entity,), env) for value in self.order), *key_of(self.query.type, entity))

    def following(self, after: After, placed: list[Any], env: Environment) -> list[Any]:
        position = [None if slot is None else env.values[slot] for slot in after.slots]
        return [pair for pair in placed if compare_positions(pair[0], position, self.descending) > 0]

    def row(self, entity: Entity, env: Environment) -> Row:
        """Return the row that the form makes of an entity and what is expanded in it."""
        if self.shapes:
            columns = self.shapes.get(entity.get(TYPE, self.query.type.qualified_name), self.columns)
            values: list[Any] = [None if column is None else column.of(entity) for column in columns]
        else:
            values = [column.of(entity) for column in self.columns]
        for evaluate, convert in self.computed:
            value = evaluate((entity,), env)
            values.append(value if value is None or convert is None else convert(value))
        if self.shapes:
            values.append(entity.get(TYPE, self.query.type.qualified_name))
        for inner in self.inner:
            navigation, level = inner.navigation, inner.level
            found = inner.of(entity, env)
            if not navigation.collection:
                values.append(None if found is None else level.row(found, env))
                continue
            window = level.window(found, env)
            values.append([level.row(item, env) for _, item in window.chosen])
            if level.query.count:
                values.append(window.count)
        parts = self.shape_parts.get(entity.get(TYPE, ""), ()) if self.shapes else self.query.parts
        for part, shaper in self.parts:
            shaped, count = shaper.value(entity.get(part.property.name) if part in parts else None, env)
            values += (shaped, count) if shaper.counted else (shaped,)
        return self.factory(*values)


class _Inner:
    """An expanded navigation property."""

    def __init__(self, item: Expand, kind: EntityType, form: Form) -> None:
        self.navigation = item.navigation
        self.level = Level(item.query, form)
        self._has = is_of(item.of, kind) if item.of is not None else None
        self._filter = None if item.navigation.collection else self.level.filter

    def of(self, entity: Entity, env: Environment) -> Any:
        """Return what it leads to from an entity, nothing from one that does not have it."""
        if self._has is not None and not self._has(entity):
            return () if self.navigation.collection else None
        found = env.related(entity, self.navigation)
        if self._filter is not None and found is not None and self._filter((found,), env) is not True:
            return None
        return found


def _number(parameter: Parameter | None, env: Environment) -> int | None:
    return None if parameter is None else int(env.values[parameter.slot])


class MemoryPlan(Plan):
    """A read compiled for memory and one form."""

    def __init__(self, read: Read, form: Form) -> None:
        self.read = read
        self.level = Level(read.query, form)
        self.conditions = {item.type: compile_expression(item.condition) for item in read.restrictions}

    def entities(self, state: State, sight: Sight, env: Environment) -> Iterable[Entity]:
        """Return the entities that the read's source leads to."""
        source = self.read.source
        members = state.sets[source.set.name]
        type = source.set.type
        found: Iterable[Entity] = ()
        if not (source.steps and isinstance(source.steps[0], ByKey)):
            found = sight.of(type, members.values())
        for index, step in enumerate(source.steps):
            match step:
                case ByKey(key=parts):
                    key: Key = tuple(env.values[part.slot] for part in parts)
                    if index == 0:
                        found = sight.of(type, [members[key]]) if key in members else []
                    else:
                        found = [item for item in found if key_of(type, item) == key]
                case Filtered(condition=condition):
                    holds = compile_expression(condition)
                    found = [item for item in found if holds((item,), env) is True]
                case OfType():
                    passes = is_of(step, type)
                    found, type = [item for item in found if passes(item)], step.type
                case Along(navigation=navigation):
                    type = navigation.target
                    found = [
                        item
                        for entity in found
                        for item in _as_sequence(env.related(entity, navigation), navigation.collection)
                    ]
        return found


def _as_sequence(found: Any, collection: bool) -> Sequence[Entity]:
    if collection:
        return list(found)
    return () if found is None else (found,)


class MemoryResult(Result):
    """The outcome of one run over one state."""

    def __init__(self, plan: MemoryPlan, state: State, values: Sequence[object], page: int | None) -> None:
        self.count = None
        self._plan = plan
        sight = Sight(state, plan.conditions, values)
        self._env = Environment(values, sight.related)
        self._after: tuple[object, ...] | None = None
        self._finished = False
        level, kind = plan.level, plan.read.kind
        entities = plan.entities(state, sight, self._env)
        if kind is Kind.ENTITY:
            self._chosen = [((), item) for item in entities]
        elif kind is Kind.COUNT:
            self._chosen = []
            self.count = sum(level.filter is None or level.filter((item,), self._env) is True for item in entities)
        else:
            self._open_page(level.window(entities, self._env), page)

    def _open_page(self, window: Window, page: int | None) -> None:
        self.count = window.count
        self._chosen = window.chosen if page is None else window.chosen[:page]
        if page is not None and len(window.chosen) > page:
            self._after = self._chosen[-1][0]

    def batches(self) -> Iterator[list[Row]]:
        """Yield the rows in lists of bounded size."""
        level = self._plan.level
        while self._chosen:
            batch, self._chosen = self._chosen[:BATCH], self._chosen[BATCH:]
            yield [level.row(item, self._env) for _, item in batch]
        self._finished = True

    @property
    def after(self) -> tuple[object, ...] | None:
        """Where the next page starts, once the batches are exhausted."""
        if not self._finished:
            raise InternalFault("the place of the next page was asked for before the batches were exhausted")
        return self._after

    def close(self) -> None:
        """Release the state."""
        self._chosen = []
        self._finished = True
