"""The in-memory evaluator: a resolved expression becomes a Python function, compiled once per shape.

It defines what expressions mean; stores with a language of their own must agree. Null rules are those of OData URL
Conventions 4.01, section 5.1.1 (see `Nulls`). What orders mean is in `_ordering`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeAlias

from demotic.errors import InternalFault
from demotic.model import DECIMAL, DOUBLE, INT64, EntityType, NavigationProperty, PrimitiveType, Property
from demotic.query._functions import FUNCTIONS
from demotic.query._resolved import (
    TYPE_NAME,
    Alike,
    Apply,
    Case,
    Constant,
    Expression,
    Field,
    In,
    IsOf,
    Listed,
    OfType,
    Parameter,
    Quantified,
    Related,
    RelatedCount,
    Variable,
    Via,
    Whole,
)
from demotic.query._shapes import type_at
from demotic.query._signatures import Nulls, Signature, type_of, widened

Entity: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = tuple[Entity, ...]
"""The entities that the variables stand for, by their depth."""

Resolver: TypeAlias = Callable[[Entity, NavigationProperty], Any]
"""Returns what a navigation property leads to: an entity or ``None``, of a collection a sequence."""


class Environment:
    """What an evaluation runs in: the parameters' values, the way to related entities, one ``now`` for all rows."""

    __slots__ = ("_now", "related", "values")

    def __init__(self, values: Sequence[Any], related: Resolver, now: datetime | None = None) -> None:
        self.values = values
        self.related = related
        self._now = now

    @property
    def now(self) -> datetime:
        """The instant of this evaluation."""
        if self._now is None:
            self._now = datetime.now(UTC)
        return self._now


Evaluate: TypeAlias = Callable[[Rows, Environment], Any]


@lru_cache(maxsize=1024)
def compile_expression(expression: Expression) -> Evaluate:
    """Return the function that evaluates an expression for given rows in an environment."""
    return _compile(expression)


def _compile(expression: Expression) -> Evaluate:
    return _COMPILERS[type(expression)](expression)


def _parameter(node: Parameter) -> Evaluate:
    slot = node.slot
    return lambda rows, env: env.values[slot]


def _constant(node: Constant) -> Evaluate:
    value = node.value
    return lambda rows, env: value


def is_of(of: OfType, declared: EntityType) -> Callable[[Entity], bool]:
    """Return the test that an entity, declared to be of a type, passes a cast; an entity says which type it is of."""
    names, otherwise = frozenset(item.qualified_name for item in of.types), declared.qualified_name
    return lambda entity: entity.get(TYPE_NAME.name, otherwise) in names


def _target(variable: Variable, via: Via) -> Evaluate:
    """Return the way to the entity at the end of single-valued navigation."""
    depth = variable.depth
    if not via:
        return lambda rows, env: rows[depth]
    if isinstance(via[-1], OfType):
        before, passes = _target(variable, via[:-1]), is_of(via[-1], type_at(variable, via[:-1]))

        def narrow(rows: Rows, env: Environment) -> Any:
            entity = before(rows, env)
            return entity if entity is not None and passes(entity) else None

        return narrow
    if any(isinstance(step, OfType) for step in via):
        nearer, last = _target(variable, via[:-1]), via[-1]

        def onward(rows: Rows, env: Environment) -> Any:
            entity = nearer(rows, env)
            return None if entity is None else env.related(entity, last)

        return onward
    ways = [step for step in via if isinstance(step, NavigationProperty)]

    def follow(rows: Rows, env: Environment) -> Any:
        entity: Entity | None = rows[depth]
        for navigation in ways:
            if entity is None:
                return None
            entity = env.related(entity, navigation)
        return entity

    return follow


def _field(node: Field) -> Evaluate:
    names = [item.name for item in node.path]
    if not node.via and len(names) == 1 and isinstance(node.variable.type, EntityType):
        depth, name = node.variable.depth, names[0]
        return lambda rows, env: rows[depth].get(name)
    return _followed(_target(node.variable, node.via), node.path)


def _followed(target: Evaluate, path: tuple[Property, ...]) -> Evaluate:
    """Return the way from what `target` gives along properties; null where anything on it is."""
    names = [item.name for item in path]

    def read(rows: Rows, env: Environment) -> Any:
        value = target(rows, env)
        for name in names:
            if value is None:
                return None
            value = value.get(name)
        return value

    return read


def _related(node: Related) -> Evaluate:
    return _target(node.variable, node.via)


def _is_of(node: IsOf) -> Evaluate:
    target, passes = _target(node.variable, node.via), is_of(node.of, type_at(node.variable, node.via))

    def evaluate(rows: Rows, env: Environment) -> bool:
        entity = target(rows, env)
        return entity is not None and passes(entity)

    return evaluate


def _members(node: RelatedCount | Quantified) -> Callable[[Rows, Environment], Sequence[Entity]]:
    target, collection = _target(node.variable, node.via), node.collection
    if isinstance(collection, tuple):
        values = _followed(target, collection)
        return lambda rows, env: values(rows, env) or ()

    def members(rows: Rows, env: Environment) -> Sequence[Entity]:
        entity = target(rows, env)
        found: Sequence[Entity] = () if entity is None else env.related(entity, collection)
        return found

    return members


def _count(node: RelatedCount) -> Evaluate:
    members = _members(node)
    if node.predicate is None or node.inner is None:
        return lambda rows, env: len(members(rows, env))
    predicate, depth = _compile(node.predicate), node.inner.depth

    def evaluate(rows: Rows, env: Environment) -> int:
        outer = (*rows[:depth], *(({},) * (depth - len(rows))))
        return sum(predicate((*outer, member), env) is True for member in members(rows, env))

    return evaluate


def _quantified(node: Quantified) -> Evaluate:
    members, depth = _members(node), node.inner.depth
    if node.predicate is None:
        return lambda rows, env: bool(members(rows, env))
    predicate = _compile(node.predicate)
    quantifier: Callable[[Iterable[object]], bool] = any if node.kind == "any" else all

    def evaluate(rows: Rows, env: Environment) -> bool:
        outer = rows[:depth]
        return quantifier(predicate((*outer, member), env) is True for member in members(rows, env))

    return evaluate


def _whole(node: Whole) -> Evaluate:
    return _followed(_target(node.variable, node.via), node.path)


def _listed(node: Listed) -> Evaluate:
    values, depth = _whole(node.collection), node.one.depth
    items = [_compile(item) for item in node.items]

    def evaluate(rows: Rows, env: Environment) -> bool:
        found, outer = values(rows, env) or (), rows[:depth]
        return len(found) == len(items) and all(
            holds((*outer, value), env) is True for holds, value in zip(items, found, strict=True)
        )

    return evaluate


def _alike(node: Alike) -> Evaluate:
    left, right, depth = _whole(node.collection), _whole(node.second), node.one.depth
    predicate = _compile(node.predicate)

    def evaluate(rows: Rows, env: Environment) -> bool:
        first, second, outer = left(rows, env) or (), right(rows, env) or (), rows[:depth]
        return len(first) == len(second) and all(
            predicate((*outer, one, other), env) is True for one, other in zip(first, second, strict=True)
        )

    return evaluate


def _in(node: In) -> Evaluate:
    operand, items = _compile(node.operand), [_compile(item) for item in node.items]

    def evaluate(rows: Rows, env: Environment) -> bool:
        value = operand(rows, env)
        return any(_equal(value, item(rows, env)) for item in items)

    return evaluate


def _case(node: Case) -> Evaluate:
    kind = widened(node.type)
    branches = [
        (_compile(condition), _compile(value) if kind is None else _promoted(_compile(value), type_of(value), kind))
        for condition, value in node.branches
    ]

    def evaluate(rows: Rows, env: Environment) -> Any:
        return next((value(rows, env) for condition, value in branches if condition(rows, env) is True), None)

    return evaluate


def _equal(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is b
    if isinstance(a, Decimal) and isinstance(b, float):
        return float(a) == b
    if isinstance(a, float) and isinstance(b, Decimal):
        return a == float(b)
    return bool(a == b)


def _apply(node: Apply) -> Evaluate:
    if node.name == "now":
        return lambda rows, env: env.now
    function = FUNCTIONS[node.name]
    if function.nulls is Nulls.LOGIC:
        return _LOGIC[node.name](*(_compile(item) for item in node.arguments))
    if any(isinstance(item, (Related, Whole)) for item in node.arguments):
        left, right = (_compile(item) for item in node.arguments)
        wanted = node.name == "eq"
        return lambda rows, env: (left(rows, env) is right(rows, env)) is wanted
    signature = function.resolve([type_of(item) for item in node.arguments])
    if signature is None:
        raise InternalFault(f"{node.name} has no overload for its arguments")
    arguments = [
        _promoted(_compile(item), type_of(item), wanted)
        for item, wanted in zip(node.arguments, signature.parameters, strict=True)
    ]
    return _NULL_RULES[function.nulls](node.name, signature, arguments)


def _promoted(evaluate: Evaluate, given: object, wanted: PrimitiveType) -> Evaluate:
    """Return the argument as the overload's parameter type, where Python does not promote by itself."""
    kind = widened(given)  # type: ignore[arg-type]
    conversion = _PROMOTIONS.get((kind, wanted))
    if conversion is None:
        return evaluate

    def promote(rows: Rows, env: Environment) -> Any:
        value = evaluate(rows, env)
        return None if value is None else conversion(value)

    return promote


# Whole numbers stay whole beside doubles: Python compares them exactly.
_PROMOTIONS: Final[Mapping[tuple[PrimitiveType | None, PrimitiveType], Callable[[Any], Any]]] = {
    (INT64, DECIMAL): Decimal,
    (DECIMAL, DOUBLE): float,
}


def _propagating(name: str, signature: Signature, arguments: Sequence[Evaluate]) -> Evaluate:
    python = signature.python
    if len(arguments) == 1:
        only = arguments[0]
        return lambda rows, env: None if (a := only(rows, env)) is None else python(a)
    if len(arguments) == 2:
        first, second = arguments

        def binary(rows: Rows, env: Environment) -> Any:
            a, b = first(rows, env), second(rows, env)
            return None if a is None or b is None else _guarded(python, a, b)

        return binary

    def evaluate(rows: Rows, env: Environment) -> Any:
        given = [argument(rows, env) for argument in arguments]
        return None if None in given else python(*given)

    return evaluate


def _guarded(python: Callable[..., Any], a: Any, b: Any) -> Any:
    try:
        return python(a, b)
    except OverflowError:
        return None


def _equality(name: str, signature: Signature, arguments: Sequence[Evaluate]) -> Evaluate:
    left, right = arguments
    wanted = name == "eq"

    def evaluate(rows: Rows, env: Environment) -> bool:
        a, b = left(rows, env), right(rows, env)
        equal = a is b if a is None or b is None else a == b
        return equal is wanted

    return evaluate


def _ordering(name: str, signature: Signature, arguments: Sequence[Evaluate]) -> Evaluate:
    left, right = arguments
    python = signature.python

    def evaluate(rows: Rows, env: Environment) -> bool:
        a, b = left(rows, env), right(rows, env)
        return a is not None and b is not None and python(a, b)

    return evaluate


def _and(left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(rows: Rows, env: Environment) -> bool | None:
        a = left(rows, env)
        if a is False:
            return False
        b = right(rows, env)
        return False if b is False else None if a is None or b is None else True

    return evaluate


def _or(left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(rows: Rows, env: Environment) -> bool | None:
        a = left(rows, env)
        if a is True:
            return True
        b = right(rows, env)
        return True if b is True else None if a is None or b is None else False

    return evaluate


def _not(operand: Evaluate) -> Evaluate:
    return lambda rows, env: None if (a := operand(rows, env)) is None else not a


_LOGIC: Final[Mapping[str, Callable[..., Evaluate]]] = {"and": _and, "or": _or, "not": _not}
_NULL_RULES: Final = {Nulls.PROPAGATE: _propagating, Nulls.EQUALITY: _equality, Nulls.FALSE: _ordering}
_COMPILERS: Final[Mapping[type, Callable[[Any], Evaluate]]] = {
    Parameter: _parameter,
    Constant: _constant,
    Field: _field,
    Related: _related,
    IsOf: _is_of,
    RelatedCount: _count,
    Quantified: _quantified,
    Whole: _whole,
    Listed: _listed,
    Alike: _alike,
    Apply: _apply,
    In: _in,
    Case: _case,
}
