"""Properties that come in part: from a native value to what is wanted of it, for every store alike.

What a filter and an order mean here is said by the evaluator, on the values of one property. The number of values in a
collection within a complex one is part of its JSON object (OData JSON Format 4.01, section 4.5.5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from demotic.model import Property, StructuredType
from demotic.query import (
    Computed,
    Environment,
    Parameter,
    Part,
    compile_expression,
    order_evaluators,
    sort_rows,
)
from demotic.store._interface import Representation
from demotic.store._representation import converter

Inside: TypeAlias = Callable[[Mapping[str, Any], dict[str, Any], Environment], None]
"""Puts what is wanted of one property of a complex value into the object that is made of it."""


class Shaper:
    """Makes of a property's native value what is wanted of it."""

    def __init__(self, part: Part, representation: Representation) -> None:
        self.part = part
        self.counted = part.count
        self._filter = None if part.filter is None else compile_expression(part.filter)
        self._order = order_evaluators(part.order)
        self._descending = [item.descending for item in part.order]
        self._whole = converter(replace(part.property, collection=False), representation)
        self._inside = None if part.properties is None and not part.computed else _inside(part, representation)

    def value(self, value: Any, env: Environment) -> tuple[Any, int | None]:
        """Return what is wanted of a value, and of a collection how many pass the filter."""
        if not self.part.property.collection:
            return self._one(value, env), None
        if value is None:
            return None, 0
        passing = list(value)
        if self._filter is not None:
            passing = [item for item in passing if self._filter((item,), env) is True]
        count = len(passing)
        if self._order:
            placed = [(tuple(place((item,), env) for place in self._order), item) for item in passing]
            passing = [item for _, item in sort_rows(placed, self._descending)]
        return [self._one(item, env) for item in self._cut(passing, env)], count

    def _cut(self, values: Sequence[Any], env: Environment) -> Sequence[Any]:
        start, top = _number(self.part.skip, env) or 0, _number(self.part.top, env)
        return values[start : None if top is None else start + top]

    def _one(self, value: Any, env: Environment) -> Any:
        if value is None:
            return None
        if self._inside is None:
            return value if self._whole is None else self._whole(value)
        made: dict[str, Any] = {}
        for put in self._inside:
            put(value, made, env)
        return made


def _number(parameter: Parameter | None, env: Environment) -> int | None:
    return None if parameter is None else int(env.values[parameter.slot])


def _inside(part: Part, representation: Representation) -> list[Inside]:
    """Return what makes an object of a complex value: its properties in the type's order, then what is computed."""
    kind = part.property.type
    assert isinstance(kind, StructuredType)
    known = kind.all_properties()
    whole = known.values() if part.properties is None else part.properties
    found: dict[str, Inside] = {item.name: _whole(item, representation) for item in whole}
    found |= {item.property.name: _partial(item, representation) for item in part.parts}
    found = {name: found[name] for name in known if name in found}
    if part.properties is None:
        found[""] = _dynamic(frozenset(known))
    return [*found.values(), *(_computed(item, representation) for item in part.computed)]


def _whole(item: Property, representation: Representation) -> Inside:
    name, convert = item.name, converter(item, representation)

    def put(value: Mapping[str, Any], made: dict[str, Any], env: Environment) -> None:
        found = value.get(name)
        made[name] = found if found is None or convert is None else convert(found)

    return put


def _partial(part: Part, representation: Representation) -> Inside:
    name, shaper = part.property.name, Shaper(part, representation)

    def put(value: Mapping[str, Any], made: dict[str, Any], env: Environment) -> None:
        found, count = shaper.value(value.get(name), env)
        if shaper.counted:
            key = f"{name}@count" if representation is Representation.NATIVE else f"{name}@odata.count"
            made[key] = str(count) if representation is Representation.JSON_EXACT else count
        made[name] = found

    return put


def _dynamic(known: frozenset[str]) -> Inside:
    """Return what brings along the properties that the type does not declare."""

    def put(value: Mapping[str, Any], made: dict[str, Any], env: Environment) -> None:
        made.update({name: item for name, item in value.items() if name not in known})

    return put


def _computed(item: Computed, representation: Representation) -> Inside:
    name, evaluate = item.property.name, compile_expression(item.expression)
    convert = converter(item.property, representation)

    def put(value: Mapping[str, Any], made: dict[str, Any], env: Environment) -> None:
        found = evaluate((value,), env)
        made[name] = found if found is None or convert is None else convert(found)

    return put
