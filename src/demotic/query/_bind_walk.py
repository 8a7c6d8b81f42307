"""How far a path has been followed: by its type in any case, and by the way that stores can follow.

What leaves that way is checked to its end and noted as not offered. Steps over properties, navigation to one, and casts
are here; functions and keys in `_bind_calls`, those over many in `_bind_collections`. OData URL Conventions 4.01,
section 5.1.1.15.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from demotic.errors import InvalidInput
from demotic.model import (
    BOOLEAN,
    BuiltinType,
    EntityType,
    NavigationProperty,
    Property,
    StructuredType,
)
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_places import (
    cast_type,
    found_type,
    place_of,
    unknown_property,
    words,
)
from demotic.query._resolved import (
    Apply,
    Beyond,
    Expression,
    IsOf,
    Many,
    Start,
    Variable,
    Via,
)
from demotic.query._shapes import of_type
from demotic.query._tree import (
    AggregateStep,
    CallStep,
    NameStep,
    Path,
    Search,
    Step,
)
from demotic.query._tree import Expression as Tree


class Binding(Protocol):
    """How the binder of paths has the expressions within them bound."""

    def condition(self, context: Context, tree: Tree, scope: Scope, depth: int) -> Expression:
        """Bind a condition."""

    def search(self, context: Context, search: Search, start: Start) -> Expression:
        """Bind a search."""

    def argument(self, context: Context, tree: Tree, type: object, collection: bool, scope: Scope, depth: int) -> None:
        """Check that an expression is a value of a type."""

    def aggregate(self, context: Context, step: AggregateStep, place: Beyond, scope: Scope, depth: int) -> Expression:
        """Check an aggregate over a collection."""


@dataclass(frozen=True, slots=True)
class Way:
    """What stores can follow: from a variable over single-valued navigation, then through properties or to many.

    ``many`` are entities that navigation leads to, or the values that ``properties`` end in. ``condition`` narrows the
    many; it speaks of ``inner``.
    """

    variable: Variable
    via: Via = ()
    properties: tuple[Property, ...] = ()
    many: Many | None = None
    inner: Variable | None = None
    condition: Expression | None = None

    @property
    def many_name(self) -> str | None:
        """The name of what leads to many."""
        if self.many is None:
            return None
        return self.many[-1].name if isinstance(self.many, tuple) else self.many.name


class Walk:
    """Follows the steps of one path that lead to one thing."""

    def __init__(self, context: Context, path: Path, scope: Scope, binding: Binding, depth: int, whole: bool) -> None:
        self.context = context
        self.path = path
        self.scope = scope
        self.binding = binding
        self.depth = depth
        self.whole = whole
        self.place = Beyond(None)
        self.way: Way | None = None
        self.ended: Expression | None = None
        self.last: Step = path.steps[0]
        self.was_cast = False

    def beyond(self, what: str) -> None:
        """Note that stores cannot follow."""
        self.way = None
        self.context.beyond(f"{self.context.at(self.path.at)}: {what}")

    def fault(self, message: str, at: int, hint: str | None = None) -> InvalidInput:
        return InvalidInput(f"{self.context.at(at)}: {message}", target=self.context.option, hint=hint)

    @property
    def anything(self) -> bool:
        """Whether nothing is known of what comes next: after an annotation, and in an open type."""
        return self.place.of is None and self.place.type is None and not isinstance(self.place.of, BuiltinType)

    def name(self, step: NameStep) -> None:
        if "." in step.name:
            self.cast(step)
        elif self.anything:
            self.place = Beyond(None)
        elif self.place.collection:
            raise self.fault(
                f"{words(self.place)} comes before, so {step.name} cannot follow"
                if not (self.way and self.way.many)
                else f"{self.way.many_name} is a collection, so {step.name} cannot follow",
                step.at,
                f"write any(x:x/{step.name} ...) after the collection",
            )
        elif not isinstance(self.place.of, StructuredType):
            raise self.fault(f"{words(self.place)} has no parts, so {step.name} cannot follow", step.at)
        else:
            self.member(self.place.of, step)

    def member(self, kind: StructuredType, step: NameStep | CallStep) -> None:
        item = kind.all_properties().get(step.name)
        navigation = kind.all_navigation().get(step.name)
        if item is not None:
            self.place = place_of(item.type, item.collection)
            if self.way is not None:
                properties = (*self.way.properties, item)
                self.way = replace(self.way, properties=properties, many=properties if item.collection else None)
        elif navigation is not None:
            self.navigate(navigation)
        elif kind.open:
            self.place = Beyond(None)
            self.beyond(f"{step.name} as a dynamic property")
        else:
            raise unknown_property(self.context, kind, step.name, step.at)
        self.was_cast = False

    def navigate(self, navigation: NavigationProperty) -> None:
        self.place = Beyond(None, navigation.collection, navigation.target)
        if self.way is None:
            return
        if self.way.properties or not isinstance(self.way.variable.type, EntityType):
            self.beyond("navigation from within a complex property")
        elif navigation.collection:
            self.way = replace(self.way, many=navigation)
        else:
            self.way = replace(self.way, via=(*self.way.via, navigation))

    def cast(self, step: NameStep) -> None:
        found = found_type(self.context, step.name, step.at)
        if found is None:
            raise self.fault(f"{step.name} is a function", step.at, f"write {step.name}()")
        if self.anything:
            self.place = place_of(found, self.place.collection)
        elif not isinstance(self.place.of, StructuredType):
            raise self.fault(f"{words(self.place)} cannot be cast to {step.name}", step.at)
        elif self.was_cast:
            raise self.fault("a cast follows a cast", step.at, "leave out the first")
        else:
            kind = cast_type(self.context, self.place.of, step.name, found, step.at)
            if kind is not self.place.of:
                self.narrow(kind, step)
            self.place = replace(self.place, of=kind)
        self.was_cast = True

    def narrow(self, kind: StructuredType, step: NameStep) -> None:
        """Follow a cast to a derived type: of many, those that are of the type; of one, it or nothing."""
        way = self.way
        if way is None:
            return
        if way.properties or not isinstance(kind, EntityType):
            self.beyond(f"the cast to {step.name}")
        elif way.many is None:
            self.way = replace(way, via=(*way.via, of_type(self.context.model, kind)))
        else:
            inner = way.inner or self.scope.within(kind)[0]
            assert isinstance(inner, Variable)
            inner = replace(inner, type=kind)
            passing: Expression = IsOf(inner, (), of_type(self.context.model, kind))
            if way.condition is not None:
                passing = Apply("and", (way.condition, passing), BOOLEAN)
            self.way = replace(way, inner=inner, condition=passing)
