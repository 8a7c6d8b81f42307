"""Functions, keys and ``$root`` within paths: checked against the model, and not offered by stores.

OData URL Conventions 4.01, sections 5.1.1.14 (``$root``) and 5.1.1.15.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from demotic.model import (
    EntityType,
    Operation,
    StructuredType,
)
from demotic.query._bind_places import (
    bound_operation,
    operations,
    result_of,
    unbound_operation,
    words,
)
from demotic.query._bind_walk import Walk
from demotic.query._errors import UnknownName, choices
from demotic.query._print_expressions import write_step
from demotic.query._resolved import (
    Beyond,
)
from demotic.query._tree import (
    Alias,
    Arguments,
    CallStep,
    FilterStep,
    NameStep,
    Step,
)


class Calls(Walk):
    """Follows steps with arguments, too."""

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
