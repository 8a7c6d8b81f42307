"""Operations and keys in resource paths. OData URL Conventions 4.01, sections 4.3 (keys) and 4.5 (operations)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from decimal import Decimal
from typing import Final

from demotic.errors import DemoticError
from demotic.model import (
    EntityContainer,
    EntitySet,
    EnumType,
    Operation,
    OperationImport,
    Parameter,
    PrimitiveType,
    Singleton,
    bound_to,
)
from demotic.query._addressed import BoundPath, Invocation, JsonArgument, Target, entities, result
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_keys import key_names, key_parts, key_value
from demotic.query._bind_places import bound_operation, place_of, result_of, unbound_operation, words
from demotic.query._bind_values import convert
from demotic.query._errors import KeyMismatch, UnknownResource
from demotic.query._resolved import Along, ByKey, Source
from demotic.query._resolved import Expression as Resolved
from demotic.query._system import RepeatedOption
from demotic.query._tree import Alias, Expression, JsonArray, JsonObject, Literal, LiteralKind, Segment

_NO_CONTAINER: Final = EntityContainer("")

Conditions = Callable[[Context, Expression, Scope], Resolved]


class Invocations:
    """Follows segments with keys or parameters."""

    def __init__(self, context: Context, condition: Conditions) -> None:
        self.context = context
        self.condition = condition
        self.container = context.model.container or _NO_CONTAINER

    def beyond(self, bound: BoundPath, what: str, name: str) -> BoundPath:
        """Note that stores cannot follow; go on by type."""
        self.context.beyond(what, name)
        return replace(bound, source=None)

    def operation(self, segment: Segment, overloads: list[Operation], imported: OperationImport) -> BoundPath:
        """Follow the name of an import."""
        names = [name for name, _ in segment.key.named] if segment.key is not None else []
        if imported.kind == "Action" and segment.key is not None:
            raise UnknownResource(f"the action {segment.name} takes its parameters in the body", target=segment.name)
        if segment.key is not None and segment.key.positional is not None:
            raise UnknownResource(f"the parameters of {segment.name} have names", target=segment.name)
        try:
            chosen = unbound_operation(self.context, segment.name, overloads, names, segment.at, self.implicit)
        except DemoticError as fault:
            raise UnknownResource(fault.message, target=segment.name, hint=fault.hint) from None
        home = imported.set if isinstance(imported.set, EntitySet) else None
        invocation = Invocation(chosen, self.arguments(segment, chosen, list(chosen.parameters)), None, imported, home)
        return self.called(segment, invocation)

    def bound_operation(self, bound: BoundPath, segment: Segment) -> BoundPath:
        """Follow the qualified name of an operation."""
        if segment.key is not None and segment.key.positional is not None:
            raise KeyMismatch(f"the parameters of {segment.name} have names", target=segment.name)
        names = [name for name, _ in segment.key.named] if segment.key is not None else None
        kinds = ("Function", "Action") if segment.key is None else ("Function",)
        try:
            chosen = bound_operation(self.context, segment.name, bound.place, names, segment.at, kinds, self.implicit)
        except DemoticError as fault:
            raise UnknownResource(fault.message, target=segment.name, hint=fault.hint) from None
        if bound.type is None or bound.properties:
            self.context.beyond(f"the {chosen.kind.lower()} {segment.name} of a value", segment.name)
        arguments = self.arguments(segment, chosen, list(chosen.parameters)[1:])
        return self.called(segment, Invocation(chosen, arguments, bound, None, _home(chosen, bound)))

    def called(self, segment: Segment, invocation: Invocation) -> BoundPath:
        """Go on with what a call returns."""
        chosen = invocation.operation
        found = result(result_of(chosen), invocation.set)
        if chosen.kind == "Action":
            return replace(found, target=Target.OPERATION, composable=False, invocation=invocation)
        if segment.then is not None:
            found = self.keyed(found, replace(segment, key=segment.then, then=None))
        return replace(found, composable=chosen.composable, invocation=invocation)

    @property
    def implicit(self) -> Collection[str]:
        """The names of the query options that may be arguments."""
        return {*self.context.implicit, *self.context.aliases}

    def arguments(self, segment: Segment, chosen: Operation, names: list[str]) -> dict[str, object]:
        """Return the arguments that a URL has: those in parentheses, and query options of the parameters' names.

        A parameter that is not in the parentheses stands for an alias of its name (URL Conventions 4.01, section 4.5:
        implicit parameter aliases).
        """
        written = segment.key.named if segment.key is not None else ()
        given = dict(written)
        if len(given) < len(written):
            raise KeyMismatch(f"{segment.name} is given an argument twice", target=segment.name)
        if chosen.kind == "Action" and not self.context.former:
            return {}
        found: dict[str, object] = {}
        for name in names:
            if name in given:
                found[name] = self.argument(chosen.parameters[name], given[name])
            elif name in self.context.aliases:
                found[name] = self.argument(chosen.parameters[name], Alias(name, segment.at))
            elif name in self.context.implicit and self.context.read_argument is not None:
                text, *again = self.context.implicit[name]
                if again:
                    raise RepeatedOption(f"{name} is given twice", target=name, hint="give it once")
                with self.context.within(name):
                    tree = self.context.read_argument(name, text)
                    found[name] = self.value(chosen.parameters[name], tree)
        return found

    def argument(self, parameter: Parameter, given: Literal | Alias) -> object:
        """Return the value of an argument. Raises `KeyMismatch` for one that does not fit its parameter."""
        if isinstance(given, Literal):
            return self.value(parameter, given)
        with self.context.alias(given.name, given.at) as meant:
            if meant is None:
                if not parameter.nullable:
                    raise KeyMismatch(
                        f"{parameter.name} cannot be null, and @{given.name} is not given", target=self.context.option
                    )
                return None
            return self.argument(parameter, meant) if isinstance(meant, Alias) else self.value(parameter, meant)

    def value(self, parameter: Parameter, tree: Expression) -> object:
        """Return the value that a literal, an array or an object has as an argument."""
        name, option = parameter.name, self.context.option
        if isinstance(tree, Literal) and tree.kind is LiteralKind.NULL:
            if not parameter.nullable or parameter.collection:
                raise KeyMismatch(f"{name} cannot be null", target=option)
            return None
        place = place_of(parameter.type, parameter.collection)
        if isinstance(tree, (JsonArray, JsonObject)):
            if isinstance(tree, JsonArray) is not place.collection or (place.of is None and not place.collection):
                raise KeyMismatch(f"{name} is {words(place)}", target=option)
            return JsonArgument(_json(tree, self.context))
        if not isinstance(tree, Literal):
            self.context.beyond(f"an expression as the value of {name}", option)
            return None
        kind = place.type
        if place.collection or not isinstance(kind, (PrimitiveType, EnumType)):
            raise KeyMismatch(
                f"{name} is no primitive value",
                target=option,
                hint=f"it is {words(place)}: give it as JSON, by a parameter alias",
            )
        try:
            native = convert(tree, kind)
            self.context.parameter(tree, kind, value=native)
        except DemoticError as fault:
            raise KeyMismatch(f"{name}: {fault.message}", target=option, hint=fault.hint) from None
        return native

    def keyed(self, bound: BoundPath, segment: Segment, known: frozenset[str] = frozenset()) -> BoundPath:
        """Narrow a collection by the segment's key, if it has one."""
        if segment.key is None:
            return bound
        if bound.target is not Target.COLLECTION or bound.type is None:
            raise KeyMismatch(f"{segment.name} takes no key", target=segment.name)
        parts = key_parts(bound.type, segment.key, segment.name, known)
        names = key_names(bound.type)
        given = (
            names
            if len(parts) == len(names)
            else [name for name, _ in segment.key.named] or [name for name in names if name not in known]
        )
        items = dict(zip(names, bound.type.key, strict=True))
        key = tuple(key_value(self.context, items[name], part) for name, part in zip(given, parts, strict=True))
        source = None
        if bound.source is not None and len(key) == len(names):
            source = Source(bound.source.set, (*bound.source.steps, ByKey(key)))
        elif bound.source is not None:
            self.context.beyond("a part of a key", segment.name)
        return entities(bound.type, False, source)


def _home(chosen: Operation, bound: BoundPath) -> EntitySet | None:
    """Return the set that a bound operation's entities are of: where its path leads from the binding parameter.

    OData CSDL XML 4.01, section 12.4 (entity set path).
    """
    if chosen.entity_set_path is None or bound.source is None:
        return None
    home: EntitySet | Singleton | None = bound.source.set
    for step in bound.source.steps:
        if isinstance(step, Along):
            home = None if home is None else bound_to(home, step.navigation)
    for name in chosen.entity_set_path.split("/")[1:]:
        if "." not in name:  # a cast stays in the set
            home = None if home is None else home.bindings.get(name)
    return home if isinstance(home, EntitySet) and home.name else None


def _json(tree: Expression, context: Context) -> object:
    """Return what an array or object of a URL is as JSON."""
    if isinstance(tree, JsonArray):
        return [_json(item, context) for item in tree.items]
    if isinstance(tree, JsonObject):
        return {name: _json(item, context) for name, item in tree.members}
    if isinstance(tree, Literal) and tree.kind is LiteralKind.INTEGER:
        return int(tree.text)
    if isinstance(tree, Literal) and tree.kind in (LiteralKind.DECIMAL, LiteralKind.DOUBLE):
        return Decimal(tree.text)
    if isinstance(tree, Literal) and tree.kind in (LiteralKind.STRING, LiteralKind.BOOLEAN, LiteralKind.NULL):
        return tree.value
    context.beyond("an expression within JSON", context.option)
    return None
