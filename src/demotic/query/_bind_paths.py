"""Paths within expressions: from names to properties, over navigation, with ``$count``, ``any`` and ``all``.

OData URL Conventions 4.01, sections 5.1.1.13 (lambda operators) and 5.1.1.15 (path expressions).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from demotic.errors import InvalidInput, Unsupported
from demotic.model import INT64, EntityType, EnumType, NavigationProperty, PrimitiveType, Property, StructuredType
from demotic.query._bind_context import Context, Scope
from demotic.query._errors import UnknownName, choices
from demotic.query._print_expressions import write_step
from demotic.query._resolved import Expression, Field, Quantified, Related, RelatedCount, Variable
from demotic.query._tree import CountStep, LambdaStep, NameStep, Path, Step

BindPredicate: TypeAlias = Callable[[Context, LambdaStep, Scope, int], Expression | None]


def bind_path_expression(
    context: Context, path: Path, scope: Scope, predicate: BindPredicate, depth: int
) -> Expression:
    """Bind a path. ``predicate`` binds the condition of a lambda step, whose variable is added to the scope."""
    context.limits.check("path_segments", len(path.steps), target=context.option)
    variable, steps = _start(context, path, scope)
    walk = _Walk(context, path, variable)
    for index, step in enumerate(steps):
        if walk.collection is not None:
            return _over_collection(walk, walk.collection, step, steps[index + 1 :], scope, predicate, depth)
        walk.take(step)
    return walk.end()


def _start(context: Context, path: Path, scope: Scope) -> tuple[Variable, tuple[Step, ...]]:
    """Return what the path starts from: a lambda variable, ``$it``, ``$this``, or else the entity at hand."""
    first = path.steps[0]
    if not isinstance(first, NameStep):
        raise Unsupported(
            f"{context.at(path.at)}: a path from {write_step(first)} is not offered", target=context.option
        )
    if first.name in scope.variables:
        return scope.variables[first.name], path.steps[1:]
    if first.name == "$this" or (first.name == "$it" and not scope.nested):
        return scope.current, path.steps[1:]
    if first.name.startswith("$"):
        what = "inside $expand" if first.name == "$it" else "in expressions"
        raise Unsupported(f"{context.at(path.at)}: {first.name} {what} is not offered", target=context.option)
    return scope.current, path.steps


@dataclass(slots=True)
class _Walk:
    """How far a path has been followed."""

    context: Context
    path: Path
    variable: Variable
    via: tuple[NavigationProperty, ...] = ()
    properties: tuple[Property, ...] = ()
    collection: NavigationProperty | None = None

    @property
    def type(self) -> StructuredType | None:
        """The type whose properties come next, ``None`` after a primitive one."""
        if self.properties:
            kind = self.properties[-1].type
            return kind if isinstance(kind, StructuredType) else None
        return self.via[-1].target if self.via else self.variable.type

    def fault(self, message: str, at: int, hint: str | None = None) -> InvalidInput:
        return InvalidInput(f"{self.context.at(at)}: {message}", target=self.context.option, hint=hint)

    def take(self, step: Step) -> None:
        """Follow one step."""
        kind = self.type
        if not isinstance(step, (NameStep, CountStep, LambdaStep)):
            raise Unsupported(f"{self.context.at(step.at)}: {_shown(step)} is not offered", target=self.context.option)
        if not isinstance(step, NameStep):
            raise self.fault(f"{_shown(step)} follows a collection only", step.at)
        if kind is None:
            raise self.fault(f"{self.properties[-1].name} has no parts, so {step.name} cannot follow", step.at)
        if step.name in (properties := kind.all_properties()):
            self.properties = (*self.properties, properties[step.name])
        elif step.name in (navigation := kind.all_navigation()):
            self.navigate(navigation[step.name], step.at)
        else:
            raise self.unknown(kind, step)

    def navigate(self, navigation: NavigationProperty, at: int) -> None:
        if self.properties:
            raise Unsupported(
                f"{self.context.at(at)}: navigation from within a complex property is not offered",
                target=self.context.option,
            )
        if navigation.collection:
            self.collection = navigation
        else:
            self.via = (*self.via, navigation)

    def unknown(self, kind: StructuredType, step: NameStep) -> InvalidInput | Unsupported:
        if "." in step.name:
            return Unsupported(
                f"{self.context.at(step.at)}: type casts and functions of the model ({step.name}) are not offered",
                target=self.context.option,
            )
        names = [*kind.all_properties(), *kind.all_navigation()]
        return UnknownName(
            f"{self.context.at(step.at)}: {kind.qualified_name} has no property {step.name}",
            target=self.context.option,
            hint=choices(step.name, names),
        )

    def end(self) -> Expression:
        """Return the expression that a path means which ends here."""
        if self.collection is not None:
            raise self.fault(
                f"{self.collection.name} is a collection",
                self.path.at,
                "follow it with /$count, /any(...) or /all(...)",
            )
        if not self.properties:
            if not self.via:
                raise self.fault(f"{self.variable.name} is an entity", self.path.at, "name one of its properties")
            return Related(self.variable, self.via)
        last = self.properties[-1]
        kind = last.type if isinstance(last.type, EnumType) else last.primitive
        if any(item.collection for item in self.properties):
            raise Unsupported(
                f"{self.context.at(self.path.at)}: {last.name} is a collection of values, "
                "which expressions are not offered on",
                target=self.context.option,
            )
        if not isinstance(kind, (PrimitiveType, EnumType)):
            raise Unsupported(
                f"{self.context.at(self.path.at)}: {last.name} is complex, and expressions on such values as a whole "
                "are not offered",
                target=self.context.option,
                hint="name one of its properties",
            )
        return Field(self.variable, self.via, self.properties, kind)


def _over_collection(
    walk: _Walk,
    collection: NavigationProperty,
    step: Step,
    rest: tuple[Step, ...],
    scope: Scope,
    predicate: BindPredicate,
    depth: int,
) -> Expression:
    """Bind the step after a collection, which must be the last."""
    if isinstance(step, NameStep):
        raise walk.fault(
            f"{collection.name} is a collection, so {step.name} cannot follow",
            step.at,
            f"write {collection.name}/any(x:x/{step.name} ...)",
        )
    if rest and isinstance(step, (CountStep, LambdaStep)):
        raise walk.fault(f"nothing can follow {_shown(step)}", rest[0].at)
    if isinstance(step, CountStep) and step.filter is None and step.search is None:
        return RelatedCount(walk.variable, walk.via, collection, INT64)
    if not isinstance(step, LambdaStep):
        raise Unsupported(f"{walk.context.at(step.at)}: this is not offered", target=walk.context.option)
    return _quantified(walk, collection, collection.target, step, scope, predicate, depth)


def _quantified(
    walk: _Walk,
    collection: NavigationProperty,
    target: EntityType,
    step: LambdaStep,
    scope: Scope,
    predicate: BindPredicate,
    depth: int,
) -> Expression:
    if step.predicate is None and step.kind == "all":
        raise walk.fault("all takes a condition", step.at, "write all(x:x/Name eq 'value')")
    if step.variable in scope.variables:
        raise walk.fault(f"{step.variable} already means something here", step.at, "choose another variable")
    inner, within = scope.inner(step.variable or "", target)
    bound = predicate(walk.context, step, within, depth)
    return Quantified(step.kind, walk.variable, walk.via, collection, inner, bound)


def _shown(step: Step) -> str:
    return f"/{write_step(step)}"
