"""Operations and keys in resource paths. OData URL Conventions 4.01, sections 4.3 (keys) and 4.5 (operations)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from demotic.errors import DemoticError
from demotic.model import (
    EntityContainer,
    EnumType,
    Operation,
    PrimitiveType,
)
from demotic.query._addressed import BoundPath, Target, entities, result
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_keys import key_names, key_parts, key_value
from demotic.query._bind_places import bound_operation, place_of, result_of, unbound_operation
from demotic.query._bind_values import convert
from demotic.query._errors import KeyMismatch, UnknownResource
from demotic.query._resolved import ByKey, Source
from demotic.query._tree import Alias, Expression, Literal, LiteralKind, Segment

_NO_CONTAINER: Final = EntityContainer("")

Conditions = Callable[[Context, Expression, Scope], object]


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

    def operation(self, segment: Segment, overloads: list[Operation], kind: str) -> BoundPath:
        names = [name for name, _ in segment.key.named] if segment.key is not None else []
        if kind == "Action" and segment.key is not None:
            raise UnknownResource(f"the action {segment.name} takes its parameters in the body", target=segment.name)
        if segment.key is not None and segment.key.positional is not None:
            raise UnknownResource(f"the parameters of {segment.name} have names", target=segment.name)
        chosen = unbound_operation(self.context, segment.name, overloads, names, segment.at)
        return self.called(segment, chosen, list(chosen.parameters))

    def bound_operation(self, bound: BoundPath, segment: Segment) -> BoundPath:
        if segment.key is not None and segment.key.positional is not None:
            raise KeyMismatch(f"the parameters of {segment.name} have names", target=segment.name)
        names = [name for name, _ in segment.key.named] if segment.key is not None else None
        kinds = ("Function", "Action") if segment.key is None else ("Function",)
        try:
            chosen = bound_operation(self.context, segment.name, bound.place, names, segment.at, kinds)
        except DemoticError as fault:
            raise UnknownResource(fault.message, target=segment.name, hint=fault.hint) from None
        return self.called(segment, chosen, list(chosen.parameters)[1:])

    def called(self, segment: Segment, chosen: Operation, names: list[str]) -> BoundPath:
        given = dict(segment.key.named) if segment.key is not None else {}
        for name in names:
            if name in given:
                self.argument(chosen, name, given[name])
        self.context.beyond(f"the {chosen.kind.lower()} {segment.name}", segment.name)
        if chosen.kind == "Action":
            return BoundPath(Target.OPERATION, place=result_of(chosen), composable=False)
        place = result_of(chosen)
        found = result(place)
        if segment.then is not None:
            found = self.keyed(found, replace(segment, key=segment.then, then=None))
        return replace(found, composable=chosen.composable)

    def argument(self, chosen: Operation, name: str, value: Literal | Alias) -> None:
        parameter = chosen.parameters[name]
        place = place_of(parameter.type, parameter.collection)
        if isinstance(value, Alias):
            with self.context.alias(value.name, value.at) as meant:
                if isinstance(meant, Alias):
                    self.argument(chosen, name, meant)
                    return
                if isinstance(meant, Literal):
                    value = meant
        if isinstance(value, Alias):
            if self.context.aliases.get(value.name) is None and not parameter.nullable:
                raise KeyMismatch(f"{name} cannot be null, and @{value.name} is not given", target=self.context.option)
            return
        if value.kind is LiteralKind.NULL:
            if not parameter.nullable:
                raise KeyMismatch(f"{name} cannot be null", target=self.context.option)
            return
        kind = place.type
        if place.collection or not isinstance(kind, (PrimitiveType, EnumType)):
            raise KeyMismatch(
                f"{name} is no primitive value", target=self.context.option, hint="give it by a parameter alias"
            )
        try:
            self.context.parameter(value, kind, value=convert(value, kind))
        except DemoticError as fault:
            raise KeyMismatch(f"{name}: {fault.message}", target=self.context.option, hint=fault.hint) from None

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
