"""Paths within expressions: from names to properties, over navigation, with ``$count``, ``any`` and ``all``.

Where a path begins and what it means where it ends; its steps are in `_bind_walk` and what builds on that. OData URL
Conventions 4.01, sections 5.1.1.14 (``$it``, ``$this``, ``$root``) and 5.1.1.15 (paths).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from demotic.model import (
    EntityType,
    EnumType,
    PrimitiveType,
    StructuredType,
)
from demotic.query._bind_collections import Collections
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_places import (
    place_of,
    words,
)
from demotic.query._bind_walk import Binding, Way
from demotic.query._print_expressions import write_step
from demotic.query._resolved import (
    Beyond,
    Expression,
    Field,
    Related,
    Start,
    Variable,
    Whole,
)
from demotic.query._tree import (
    AggregateStep,
    Alias,
    AnnotationStep,
    CallStep,
    CountStep,
    FilterStep,
    LambdaStep,
    NameStep,
    Path,
    Step,
)


def bind_path_expression(
    context: Context, path: Path, scope: Scope, binding: Binding, depth: int, *, whole: bool = False
) -> Expression:
    """Bind a path. With `whole` it may lead to an entity, a complex value or a collection; else to a value only."""
    context.limits.check("path_segments", len(path.steps), target=context.option)
    walk = _Path(context, path, scope, binding, depth, whole)
    for step in walk.begin():
        if walk.ended is not None:
            raise walk.fault(f"nothing can follow {write_step(walk.last)}", step.at)
        walk.take(step)
    return walk.end()


class _Path(Collections):
    """Follows one path from its beginning to its end."""

    def begin(self) -> tuple[Step, ...]:
        """Go to where the path starts; return the steps from there."""
        first, *rest = self.path.steps
        if isinstance(first, Alias):
            self.beyond(f"a path from @{first.name}")
            return tuple(rest)
        if not isinstance(first, NameStep):
            self.start(self.scope.current)
            return self.path.steps
        if first.name in self.scope.variables:
            self.start(self.scope.variables[first.name])
        elif first.name == "$this":
            self.start(self.scope.current)
        elif first.name == "$it":
            self.start(self.scope.it)
            if self.scope.it is not self.scope.current and isinstance(self.scope.it, Beyond):
                self.beyond("$it inside $expand")
        elif first.name == "$these":
            self.start(self.scope.current)
            self.place = replace(self.place, collection=True)
            self.beyond("$these")
        elif first.name == "$root":
            return self.from_root(rest)
        elif first.name in self.scope.computed:
            self.ended = self.scope.computed[first.name]
            self.last = first
        else:
            self.start(self.scope.current)
            return self.path.steps
        return tuple(rest)

    def start(self, start: Start) -> None:
        if isinstance(start, Variable):
            self.place, self.way = place_of(start.type, False), Way(start)
        else:
            self.place, self.way = start, None

    def take(self, step: Step) -> None:
        """Follow one step."""
        self.last = step
        _STEPS[type(step)](self, step)

    def annotation(self, step: AnnotationStep) -> None:
        self.place = Beyond(None)
        self.beyond(f"a path through @{step.term}")

    def alias(self, step: Alias) -> None:
        raise self.fault(f"@{step.name} stands only where a path begins", step.at)

    def end(self) -> Expression:
        """Return the expression that a path means which ends here."""
        if self.ended is not None:
            return self.ended
        if self.was_cast and isinstance(self.last, NameStep) and not self.whole:
            raise self.fault(f"{self.last.name} is the name of a type", self.last.at, "name one of its properties")
        way, place = self.way, self.place
        if place.collection and not self.whole:
            name = (way.many_name if way is not None else None) or words(place)
            raise self.fault(f"{name} is a collection", self.path.at, "follow it with /$count, /any(...) or /all(...)")
        if way is not None and isinstance(way.many, tuple) and way.condition is None:
            kind = place.of if place.of is not None else place.type
            if isinstance(kind, (StructuredType, PrimitiveType, EnumType)):
                return Whole(way.variable, way.via, way.many, kind, True)
        if way is None or way.many is not None:
            if place.collection:
                self.beyond("a collection as a value")
            return place
        if place.of is not None and not way.properties and isinstance(way.variable.type, EntityType):
            if not way.via and not self.whole:
                raise self.fault(f"{way.variable.name} is an entity", self.path.at, "name one of its properties")
            return Related(way.variable, way.via)
        kind = place.type
        if self.whole and isinstance(place.of, StructuredType):
            return Whole(way.variable, way.via, way.properties, place.of)
        if not isinstance(kind, (PrimitiveType, EnumType)):
            name = way.properties[-1].name if way.properties else way.variable.name
            self.beyond(f"{name} as a whole, a complex value,")
            return place
        return Field(way.variable, way.via, way.properties, kind)


_STEPS: Final[Mapping[type, Callable[[_Path, Any], None]]] = {
    NameStep: _Path.name,
    CallStep: _Path.call,
    CountStep: _Path.count,
    FilterStep: _Path.filter,
    LambdaStep: _Path.quantified,
    AnnotationStep: _Path.annotation,
    AggregateStep: _Path.aggregate,
    Alias: _Path.alias,
}
