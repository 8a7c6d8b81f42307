"""A view whose reads start from given entities instead of a set's; what these lead to is read from another store.

Entities keep the order that they were given in where a read asks for no other, so that the best of something stay
first. Rows are made at once: the other store may end its transaction before they are sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from demotic.errors import InternalFault, Unsupported
from demotic.model import EntitySet, EntityType, Model, NavigationProperty, bound_to
from demotic.query import (
    After,
    Along,
    ByKey,
    Environment,
    Filtered,
    InvalidContinuation,
    Kind,
    OfType,
    Parameter,
    Query,
    Read,
    Source,
    Variable,
    compile_expression,
    is_of,
    whole_query,
)
from demotic.store._entity import ENTITIES
from demotic.store._interface import Form, Plan, Result, Row, Store
from demotic.store._representation import Convert
from demotic.store.media import Fact, Readable, Stream
from demotic.store.memory._plan import BATCH, Level, Told, Window
from demotic.store.memory._state import TYPE, key_of


class Member(dict[str, Any]):
    """An entity at hand: native values by property name, and the set that it lives in, if that is known.

    ``inner`` is the store that has what is not at hand of it.
    """

    __slots__ = ("home", "inner")

    def __init__(self, values: Mapping[str, object], home: EntitySet | None) -> None:
        super().__init__(values)
        self.home = home
        self.inner: Store | None = None

    @classmethod
    def of(cls, model: Model, kind: EntityType, values: Mapping[str, object], home: EntitySet | None) -> Self:
        """Return a member of a type with these values; where there are types of several kinds, it tells its own."""
        told = {TYPE: kind.qualified_name} if kind.base is not None or model.heirs(kind) else {}
        return cls({**{name: values[name] for name in kind.all_properties() if name in values}, **told}, home)


class GivenStore(Store):
    """A view over entities, whatever set a read starts from; ``inner`` has what their navigation leads to.

    ``inner`` is a view of ``origin``, which knows what can be done with its sets. Both are closed by who opened them.
    """

    in_process = True

    def __init__(self, origin: Store, inner: Store, entities: Sequence[Member]) -> None:
        self.model = inner.model
        self._origin = origin
        self._inner = inner
        self._entities = entities
        for item in entities:
            item.inner = inner

    def prepare(self, read: Read, form: Form) -> Plan:
        """Compile a read."""
        return _GivenPlan(read, form)

    def run(self, plan: Plan, values: Sequence[object], *, page: int | None = None) -> Result:
        """Run a plan on the entities."""
        if not isinstance(plan, _GivenPlan):
            raise InternalFault("a plan of another store")
        env = Environment(values, self._related)
        return _GivenResult(plan, self._found(plan.read.source, env), env, page)

    def takes_changes(self, entity_set: EntitySet) -> bool:
        """Whether entities of a set can be changed."""
        return self._origin.takes_changes(entity_set)

    def media_streams(self, entity_set: EntitySet) -> Mapping[str, Stream]:
        """Return the streams of a set's entities that are kept, by name."""
        return self._origin.media_streams(entity_set)

    def media(self, entity_set: EntitySet, key: tuple[object, ...], stream: Stream) -> Readable | None:
        """Open a stream of an entity for reading: see `demotic.store.Store.media`."""
        return self._origin.media(entity_set, key, stream)  # which is read when the view has ended

    def close(self) -> None:
        """Nothing is held."""

    def _found(self, source: Source, env: Environment) -> list[Any]:
        """Return the entities that a path leads to, from those that are given."""
        found: list[Any] = list(self._entities)
        kind = source.set.type
        for step in source.steps:
            match step:
                case ByKey(key=parts):
                    key = tuple(env.values[part.slot] for part in parts)
                    found = [item for item in found if key_of(kind, item) == key][:1]
                case Filtered(condition=condition):
                    holds = compile_expression(condition)
                    found = [item for item in found if holds((item,), env) is True]
                case OfType():
                    passes = is_of(step, kind)
                    found, kind = [item for item in found if passes(item)], step.type
                case Along(navigation=way):
                    led = [self._related(item, way) for item in found]
                    found = [item for part in led for item in (part if way.collection else [part]) if item is not None]
                    kind = way.target
        return found

    def _related(self, entity: Mapping[str, Any], way: NavigationProperty) -> Any:
        """Return what a navigation property of an entity leads to."""
        home = entity.home if isinstance(entity, Member) else None
        if home is None:
            raise Unsupported(
                f"{way.name} of an entity of no entity set is not offered", target=way.name, hint="leave it out"
            )
        kind = home.type
        shown = whole_query(self.model, way.target)
        reading = Kind.COLLECTION if way.collection else Kind.ENTITY
        plan = self._inner.prepare(Read(Source(home, (_by_key(kind), Along(way))), shown, reading), ENTITIES)
        there = bound_to(home, way)
        place = there if isinstance(there, EntitySet) else None
        with self._inner.run(plan, key_of(kind, entity)) as result:
            found = [Member.of(self.model, row.type, row, place) for batch in result.batches() for row in batch]
        for item in found:
            item.inner = self._inner
        if way.collection:
            return found
        return found[0] if found else None


def _by_key(kind: EntityType) -> ByKey:
    parts = ((slot, item.primitive) for slot, item in enumerate(kind.key))
    return ByKey(tuple(Parameter(slot, primitive) for slot, primitive in parts if primitive is not None))


@dataclass(frozen=True, slots=True)
class _Fact:
    """A column that tells of a stream, which no entity at hand has: it is asked of the store."""

    fact: Fact
    convert: Convert | None

    def of(self, entity: Mapping[str, Any]) -> Any:
        """Return the value, ``None`` where the stream holds nothing."""
        if not isinstance(entity, Member) or entity.home is None or entity.inner is None:
            return None
        kind = entity.home.type
        query = Query(kind, Variable("$it", 0, kind), (self.fact,))
        plan = entity.inner.prepare(Read(Source(entity.home, (_by_key(kind),)), query, Kind.ENTITY), ENTITIES)
        row = entity.inner.one(plan, key_of(kind, entity))
        value = None if row is None else row[self.fact.name]
        return value if value is None or self.convert is None else self.convert(value)


def _asking(level: Level) -> None:
    """Let the columns of a level that tell of streams, and those of the levels below, ask the store."""
    made: dict[int, Any] = {}
    for place, (item, column) in enumerate(zip(level.query.properties, level.columns, strict=True)):
        if isinstance(item, Fact) and isinstance(column, Told):
            made[id(column)] = level.columns[place] = _Fact(item, column.convert)  # type: ignore[call-overload]
    for columns in level.shapes.values() if made else ():
        columns[:] = [made.get(id(column), column) for column in columns]
    for inner in level.inner:
        _asking(inner.level)


class _Given(Level):
    """The outermost level: its entities keep their order where no other is asked for."""

    def window(self, entities: Any, env: Environment) -> Window:
        """Filter, count, order, continue, skip and cut."""
        if self.query.order:
            return super().window(entities, env)
        passing = [item for item in entities if self.filter is None or self.filter((item,), env) is True]
        placed = [(key_of(self.query.type, item), item) for item in passing]
        if self.query.after is not None:
            placed = self.following(self.query.after, placed, env)
        skip, top = self.query.skip, self.query.top
        start = 0 if skip is None else int(env.values[skip.slot])
        end = None if top is None else start + int(env.values[top.slot])
        return Window(placed[start:end], len(passing) if self.query.count else None)

    def following(self, after: After, placed: list[Any], env: Environment) -> list[Any]:
        """Return what follows the entity that the last page ended with."""
        if self.query.order:
            return super().following(after, placed, env)
        key = tuple(None if slot is None else env.values[slot] for slot in after.slots)
        for index, (position, _) in enumerate(placed):
            if position == key:
                return placed[index + 1 :]
        raise InvalidContinuation(
            "the entity that the last page ended with is not there any more", target="$skiptoken", hint="start again"
        )


class _GivenPlan(Plan):
    """A read compiled for given entities and one form."""

    def __init__(self, read: Read, form: Form) -> None:
        self.read = read
        self.level = _Given(read.query, form)
        _asking(self.level)


class _GivenResult(Result):
    """The outcome of one run."""

    def __init__(self, plan: _GivenPlan, entities: list[Any], env: Environment, page: int | None) -> None:
        level, kind = plan.level, plan.read.kind
        self.count = None
        self._after: tuple[object, ...] | None = None
        self._rows: list[Row] = []
        if kind is Kind.COUNT:
            self.count = sum(level.filter is None or level.filter((item,), env) is True for item in entities)
            return
        if kind is Kind.ENTITY:
            chosen: list[Any] = [((), item) for item in entities]
        else:
            window = level.window(entities, env)
            self.count, chosen = window.count, window.chosen
            if page is not None and len(chosen) > page:
                chosen = chosen[:page]
                self._after = chosen[-1][0]
        self._rows = [level.row(item, env) for _, item in chosen]

    def batches(self) -> Iterator[list[Row]]:
        """Yield the rows in lists of bounded size."""
        for start in range(0, len(self._rows), BATCH):
            yield self._rows[start : start + BATCH]

    @property
    def after(self) -> tuple[object, ...] | None:
        """Where the next page starts."""
        return self._after

    def close(self) -> None:
        """Nothing is held."""
