"""Paths within expressions: from names to properties, over navigation, with ``$count``, ``any`` and ``all``.

A path is followed by its type in any case; as long as stores can follow it too, its *way* is kept beside. What leaves
that way is checked to its end and noted as not offered. OData URL Conventions 4.01, sections 5.1.1.13 (lambda
operators), 5.1.1.14 (``$it``, ``$this``, ``$root``) and 5.1.1.15 (paths).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from demotic.errors import InvalidInput
from demotic.model import (
    BOOLEAN,
    INT64,
    BuiltinType,
    EntityType,
    EnumType,
    NavigationProperty,
    Operation,
    PrimitiveType,
    Property,
    StructuredType,
)
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_places import (
    bound_operation,
    cast_type,
    found_type,
    operations,
    place_of,
    result_of,
    unbound_operation,
    unknown_property,
    words,
)
from demotic.query._errors import UnknownName, choices
from demotic.query._print_expressions import write_step
from demotic.query._resolved import (
    Apply,
    Beyond,
    Constant,
    Expression,
    Field,
    Quantified,
    Related,
    RelatedCount,
    Start,
    Variable,
)
from demotic.query._tree import (
    AggregateStep,
    Alias,
    AnnotationStep,
    Arguments,
    CallStep,
    CountStep,
    FilterStep,
    LambdaStep,
    NameStep,
    Path,
    Search,
    Step,
)
from demotic.query._tree import Expression as Tree

_TRUE: Final = Constant(True, BOOLEAN)


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
class _Way:
    """What stores can follow: from a variable over single-valued navigation, then through properties or to many.

    ``condition`` narrows the many; it speaks of ``inner``.
    """

    variable: Variable
    via: tuple[NavigationProperty, ...] = ()
    properties: tuple[Property, ...] = ()
    many: NavigationProperty | None = None
    inner: Variable | None = None
    condition: Expression | None = None


def bind_path_expression(
    context: Context, path: Path, scope: Scope, binding: Binding, depth: int, *, whole: bool = False
) -> Expression:
    """Bind a path. With `whole` it may lead to an entity, a complex value or a collection; else to a value only."""
    context.limits.check("path_segments", len(path.steps), target=context.option)
    walk = _Walk(context, path, scope, binding, depth, whole)
    for step in walk.begin():
        if walk.ended is not None:
            raise walk.fault(f"nothing can follow {write_step(walk.last)}", step.at)
        walk.take(step)
    return walk.end()


class _Walk:
    """How far a path has been followed."""

    def __init__(self, context: Context, path: Path, scope: Scope, binding: Binding, depth: int, whole: bool) -> None:
        self.context = context
        self.path = path
        self.scope = scope
        self.binding = binding
        self.depth = depth
        self.whole = whole
        self.place = Beyond(None)
        self.way: _Way | None = None
        self.ended: Expression | None = None
        self.last: Step = path.steps[0]
        self.was_cast = False

    # --- where it starts

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
            self.place, self.way = Beyond(None, False, start.type), _Way(start)
        else:
            self.place, self.way = start, None

    def from_root(self, rest: list[Step]) -> tuple[Step, ...]:
        """Start at what the container has of the name after ``$root``."""
        first = rest[0]
        name = first.name if isinstance(first, (NameStep, CallStep)) else write_step(first)
        container = self.context.model.container
        members = container.members() if container is not None else {}
        imports = container.imports if container is not None else {}
        self.last = first
        self.beyond("$root in expressions")
        if name in members:
            self.place = Beyond(None, container is not None and name in container.sets, members[name].type)
            if isinstance(first, CallStep):
                self.key(first, first.arguments)
        elif name in imports and isinstance(first, CallStep):
            self.place = self.imported(first, imports[name].operation)
        else:
            raise UnknownName(
                f"{self.context.at(first.at)}: there is no entity set {name}",
                target=self.context.option,
                hint=choices(name, [*members, *imports]),
            )
        return tuple(rest[1:])

    def imported(self, step: CallStep, operation: str) -> Beyond:
        found = self.context.model.find(operation)
        overloads = found if isinstance(found, list) else []
        names = [name for name, _ in step.arguments[0].named]
        chosen = unbound_operation(self.context, step.name, overloads, names, step.at)
        self.check_arguments(step.arguments[0], {p.name: p for p in chosen.parameters.values()})
        place = result_of(chosen)
        if len(step.arguments) > 1:
            self.place = place
            self.key(step, step.arguments[1:])
            return self.place
        return place

    # --- one step

    def take(self, step: Step) -> None:
        """Follow one step."""
        self.last = step
        _STEPS[type(step)](self, step)

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
                else f"{self.way.many.name} is a collection, so {step.name} cannot follow",
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
                self.way = replace(self.way, properties=(*self.way.properties, item))
                if item.collection:
                    self.beyond(f"{item.name} as a collection of values")
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
        if self.way.properties:
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
                self.beyond(f"the cast to {step.name}")
            self.place = replace(self.place, of=kind)
        self.was_cast = True

    def call(self, step: CallStep) -> None:
        """Follow a navigation property with a key, or apply a function."""
        kind = self.place.of
        many = isinstance(kind, StructuredType) and "." not in step.name and not self.place.collection
        navigation = kind.all_navigation().get(step.name) if many and isinstance(kind, StructuredType) else None
        if navigation is not None and navigation.collection:
            self.navigate(navigation)
            known = {theirs.name for _, theirs in navigation.constraints}
            if navigation.partner is not None:
                known |= {own.name for own, _ in navigation.partner.constraints}
            self.key(step, step.arguments, known)
            return
        if "." not in step.name:
            what = words(self.place)
            raise self.fault(f"{what} has no function or collection of entities called {step.name}", step.at)
        names = [name for name, _ in step.arguments[0].named]
        if step.arguments[0].positional:
            raise self.fault(f"the parameters of {step.name} have names", step.at)
        chosen = self.function(step, names)
        self.check_arguments(step.arguments[0], chosen.parameters)
        self.place = result_of(chosen)
        self.beyond(f"the function {step.name}")
        self.was_cast = False
        if len(step.arguments) > 1:
            self.key(step, step.arguments[1:])

    def function(self, step: CallStep, names: list[str]) -> Operation:
        """Return the function meant: one bound to the place; where a path begins, also to the many it is one of."""
        overloads = operations(self.context, step.name)
        places = [self.place]
        if step is self.path.steps[0]:
            places.append(replace(self.place, collection=True))
            if overloads and not any(item.bound for item in overloads):
                return unbound_operation(self.context, step.name, overloads, names, step.at)
        for place in places[1:]:
            try:
                return bound_operation(self.context, step.name, place, names, step.at, ("Function",))
            except UnknownName:
                pass
        return bound_operation(self.context, step.name, self.place, names, step.at, ("Function",))

    def check_arguments(self, given: Arguments, parameters: Mapping[str, Any]) -> None:
        for name, value in given.named:
            parameter = parameters.get(name)
            if parameter is not None:
                undefined = isinstance(value, Alias) and value.name not in self.context.aliases
                if undefined and not parameter.nullable:
                    raise self.fault(f"{name} cannot be null, and its alias is not given", value.at)
                self.binding.argument(
                    self.context, value, parameter.type, parameter.collection, self.scope, self.depth + 1
                )

    def key(self, step: CallStep | FilterStep, arguments: tuple[Arguments, ...], known: Collection[str] = ()) -> None:
        """Narrow a collection of entities to the one with a key, of which parts may be known by the way to it."""
        kind = self.place.of
        if len(arguments) != 1 or not self.place.collection or not isinstance(kind, EntityType):
            raise self.fault(f"{words(self.place)} takes no key", step.at)
        given = arguments[0]
        said = {name for name, _ in given.named}
        parts = {item.name: item for item in kind.key if item.name not in known or item.name in said}
        if given.positional and len(parts) == 1 and len(given.positional) == 1:
            pairs = [(next(iter(parts)), given.positional[0])]
        else:
            pairs = list(given.named)
        if {name for name, _ in pairs} != set(parts) or len(pairs) != len(parts):
            raise self.fault(f"the key of {kind.qualified_name} is {', '.join(parts)}", step.at)
        for name, value in pairs:
            self.binding.argument(self.context, value, parts[name].type, False, self.scope, self.depth + 1)
        self.place = replace(self.place, collection=False)
        self.beyond("a key within a path")

    # --- on collections

    def need_many(self, step: Step) -> None:
        if not self.place.collection and not self.anything:
            raise self.fault(f"/{write_step(step)} follows a collection only", step.at)

    def item(self) -> Beyond | EntityType:
        """Return what a member of the collection is."""
        if self.way is not None and self.way.many is not None:
            return self.way.many.target
        return replace(self.place, collection=False)

    def count(self, step: CountStep) -> None:
        self.need_many(step)
        way = self.way
        inner, scope = self.scope.within(self.item())
        conditions = [way.condition] if way is not None and way.condition is not None else []
        if way is not None and way.inner is not None:
            inner, scope = way.inner, replace(scope, current=way.inner)
        if step.filter is not None:
            conditions.append(self.binding.condition(self.context, step.filter, scope, self.depth + 1))
        if step.search is not None:
            conditions.append(self.binding.search(self.context, step.search, inner))
        if way is None or way.many is None or not isinstance(inner, Variable):
            self.beyond("the number of such values")
            self.ended = Beyond(INT64)
        elif conditions:
            self.ended = RelatedCount(way.variable, way.via, way.many, INT64, inner, _all(conditions))
        else:
            self.ended = RelatedCount(way.variable, way.via, way.many, INT64)

    def filter(self, step: FilterStep) -> None:
        self.need_many(step)
        way = self.way
        inner, scope = self.scope.within(self.item())
        if way is not None and way.inner is not None:
            inner, scope = way.inner, replace(scope, current=way.inner)
        condition = self.binding.condition(self.context, step.predicate, scope, self.depth + 1)
        if way is not None and way.many is not None and isinstance(inner, Variable):
            self.way = replace(
                way, inner=inner, condition=_all([*([way.condition] if way.condition else []), condition])
            )
        else:
            self.beyond("/$filter() on such values")
        if step.key:
            self.key(step, step.key)

    def quantified(self, step: LambdaStep) -> None:
        self.need_many(step)
        if step.predicate is None and step.kind == "all":
            raise self.fault("all takes a condition", step.at, "write all(x:x/Name eq 'value')")
        if step.variable in self.scope.variables:
            raise self.fault(f"{step.variable} already means something here", step.at, "choose another variable")
        way = self.way
        narrowed = way is not None and way.condition is not None and step.kind == "all"
        inner, scope = self.scope.inner(step.variable or "", self.item())
        if way is not None and way.inner is not None:
            inner = way.inner
            scope = replace(scope, variables={**scope.variables, step.variable or "": inner})
        bound = None
        if step.predicate is not None:
            bound = self.binding.condition(self.context, step.predicate, scope, self.depth + 1)
        if way is None or way.many is None or not isinstance(inner, Variable):
            self.beyond(f"{step.kind} over such values")
            self.ended = Beyond(BOOLEAN)
            return
        if way.condition is not None:
            # Of those that pass the filter: any is "and", all is "or not".
            outside = Apply("not", (Apply("eq", (way.condition, _TRUE), BOOLEAN),), BOOLEAN)
            parts = [outside if narrowed else way.condition, *([bound] if bound is not None else [])]
            bound = parts[0] if len(parts) == 1 else Apply("or" if narrowed else "and", (parts[0], parts[1]), BOOLEAN)
        self.ended = Quantified(step.kind, way.variable, way.via, way.many, inner, bound)

    def annotation(self, step: AnnotationStep) -> None:
        self.place = Beyond(None)
        self.beyond(f"a path through @{step.term}")

    def aggregate(self, step: AggregateStep) -> None:
        self.need_many(step)
        self.ended = self.binding.aggregate(self.context, step, self.place, self.scope, self.depth + 1)
        self.beyond("aggregate() in expressions")

    def alias(self, step: Alias) -> None:
        raise self.fault(f"@{step.name} stands only where a path begins", step.at)

    # --- where it ends

    def end(self) -> Expression:
        """Return the expression that a path means which ends here."""
        if self.ended is not None:
            return self.ended
        if self.was_cast and isinstance(self.last, NameStep) and not self.whole:
            raise self.fault(f"{self.last.name} is the name of a type", self.last.at, "name one of its properties")
        way, place = self.way, self.place
        if place.collection and not self.whole:
            name = way.many.name if way is not None and way.many is not None else words(place)
            raise self.fault(f"{name} is a collection", self.path.at, "follow it with /$count, /any(...) or /all(...)")
        if way is None or way.many is not None:
            if place.collection:
                self.beyond("a collection as a value")
            return place
        if not way.properties:
            if not way.via and not self.whole:
                raise self.fault(f"{way.variable.name} is an entity", self.path.at, "name one of its properties")
            return Related(way.variable, way.via)
        kind = place.type
        if not isinstance(kind, (PrimitiveType, EnumType)):
            self.beyond(f"{way.properties[-1].name} as a whole, a complex value,")
            return place
        return Field(way.variable, way.via, way.properties, kind)


def _all(conditions: list[Expression]) -> Expression:
    result = conditions[0]
    for item in conditions[1:]:
        result = Apply("and", (result, item), BOOLEAN)
    return result


_STEPS: Final[Mapping[type, Callable[[_Walk, Any], None]]] = {
    NameStep: _Walk.name,
    CallStep: _Walk.call,
    CountStep: _Walk.count,
    FilterStep: _Walk.filter,
    LambdaStep: _Walk.quantified,
    AnnotationStep: _Walk.annotation,
    AggregateStep: _Walk.aggregate,
    Alias: _Walk.alias,
}
