"""Operators on containers and records.

Specification: QTI 3.0 ASI information model, section 2.7 (operators); QTI 2.1 information model, "Operators".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from demotic.learning.qti.model import (
    BaseType,
    Cardinality,
    ContainerSize,
    Contains,
    Delete,
    Expression,
    FieldValue,
    Index,
    IsNull,
    Match,
    Member,
    Multiple,
    Ordered,
    Random,
    Repeat,
)
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions._table import Evaluator, fault, makes, referred, same_type, wrong
from demotic.learning.qti.runtime.values import Optional, Value, boolean, number

SINGLE, MULTIPLE, ORDERED = Cardinality.SINGLE, Cardinality.MULTIPLE, Cardinality.ORDERED
CONTAINERS = (MULTIPLE, ORDERED)
_MOST_ITEMS = 100_000


def _collected(node: Expression, values: Iterable[Optional], kind: Cardinality) -> Optional:
    """Return a container of what single values and containers of one kind hold."""
    items: list[object] = []
    first: Value | None = None
    for value in values:
        if value is None:
            continue
        if value.cardinality is not SINGLE and value.cardinality is not kind:
            raise wrong(node, value, f"single values and {kind.value} containers")
        if first is None:
            first = value
        same_type(node, first, value)
        items += value.items
        if len(items) > _MOST_ITEMS:
            raise fault(node, f"the container holds more than {_MOST_ITEMS} values")
    return None if first is None else Value(kind, first.base_type, tuple(items))


@makes(Multiple, Ordered)
def _make_container(node: Multiple | Ordered, operands: Sequence[Evaluator]) -> Evaluator:
    kind, other = (MULTIPLE, (Ordered, Repeat)) if isinstance(node, Multiple) else (ORDERED, (Multiple,))
    if any(isinstance(operand, other) for operand in node.arguments):  # even if it will hold nothing
        raise fault(node, f"an operand makes a container that is not {kind.value}", f"single values, or {kind.value}")
    return lambda scope: _collected(node, [operand(scope) for operand in operands], kind)


@makes(Repeat)
def _repeat(node: Repeat, operands: Sequence[Evaluator]) -> Evaluator:
    get_times = referred(node, node.number_repeats, (BaseType.INTEGER,))

    def repeat(scope: Scope) -> Optional:
        times = get_times(scope)
        if times is None or times < 1:
            return None
        if times * len(operands) > _MOST_ITEMS:
            raise fault(node, f"it would be computed {times} times", f"at most {_MOST_ITEMS} values")
        # Each round is computed anew: operands may be drawn at random.
        return _collected(node, (operand(scope) for _ in range(times) for operand in operands), ORDERED)

    return repeat


@makes(ContainerSize)
def _container_size(node: ContainerSize, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands

    def size(scope: Scope) -> Optional:
        value = operand(scope)
        if value is None:
            return number(0)
        if value.cardinality not in CONTAINERS:
            raise wrong(node, value, "a multiple or ordered container")
        return number(len(value.data))

    return size


@makes(IsNull)
def _is_null(node: IsNull, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands
    return lambda scope: boolean(operand(scope) is None)


@makes(Index)
def _index(node: Index, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands
    get_place = referred(node, node.n, (BaseType.INTEGER,))

    def index(scope: Scope) -> Optional:
        value, place = operand(scope), get_place(scope)
        if value is not None and value.cardinality is not ORDERED:
            raise wrong(node, value, "an ordered container")
        if place is not None and place < 1:
            raise fault(node, f"n is {place}", "places count from 1")
        if value is None or place is None or place > len(value.data):
            return None
        return Value(SINGLE, value.base_type, value.data[place - 1])

    return index


@makes(FieldValue)
def _field_value(node: FieldValue, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands
    name = node.field_identifier

    def field(scope: Scope) -> Optional:
        value = operand(scope)
        if value is None:
            return None
        if value.cardinality is not Cardinality.RECORD:
            raise wrong(node, value, "a record")
        found: Optional = value.data.get(name)
        return found

    return field


@makes(Random)
def _random(node: Random, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands

    def draw(scope: Scope) -> Optional:
        value = operand(scope)
        if value is None:
            return None
        if value.cardinality not in CONTAINERS:
            raise wrong(node, value, "a multiple or ordered container")
        return Value(SINGLE, value.base_type, scope.random.choice(value.data))

    return draw


def _value_and_container(node: Expression, value: Optional, container: Optional) -> bool:
    """Check the operands of member and delete; return whether neither is NULL."""
    if value is not None and value.cardinality is not SINGLE:
        raise wrong(node, value, "a single value first")
    if container is not None and container.cardinality not in CONTAINERS:
        raise wrong(node, container, "a multiple or ordered container second")
    for operand in (value, container):
        if operand is not None and operand.base_type is BaseType.DURATION:
            raise wrong(node, operand, "values of any other type: durations are seldom equal")
    if value is None or container is None:
        return False
    same_type(node, value, container)
    return True


@makes(Member)
def _member(node: Member, operands: Sequence[Evaluator]) -> Evaluator:
    first, second = operands

    def member(scope: Scope) -> Optional:
        value, container = first(scope), second(scope)
        if not _value_and_container(node, value, container):
            return None
        return boolean(value.data in container.data)  # type: ignore[union-attr]

    return member


@makes(Delete)
def _delete(node: Delete, operands: Sequence[Evaluator]) -> Evaluator:
    first, second = operands

    def delete(scope: Scope) -> Optional:
        value, container = first(scope), second(scope)
        if not _value_and_container(node, value, container):
            return None
        assert value is not None and container is not None
        kept = tuple([item for item in container.data if item != value.data])
        return Value(container.cardinality, container.base_type, kept) if kept else None

    return delete


@makes(Contains)
def _contains(node: Contains, operands: Sequence[Evaluator]) -> Evaluator:
    first, second = operands

    def contains(scope: Scope) -> Optional:
        whole, part = first(scope), second(scope)
        for value in (whole, part):
            if value is not None and (value.cardinality not in CONTAINERS or value.base_type is BaseType.DURATION):
                raise wrong(node, value, "two containers of one kind, and not of durations")
        if whole is None or part is None:
            return None
        if whole.cardinality is not part.cardinality:
            raise fault(node, "one operand is multiple and the other ordered", "make both of one kind")
        same_type(node, whole, part)
        if whole.cardinality is MULTIPLE:
            return boolean(not Counter(part.data) - Counter(whole.data))
        length = len(part.data)
        starts = range(len(whole.data) - length + 1)
        return boolean(any(whole.data[start : start + length] == part.data for start in starts))

    return contains


def _holds_durations(value: Value) -> bool:
    if value.cardinality is Cardinality.RECORD:
        return any(field.base_type is BaseType.DURATION for field in value.data.values())
    return value.base_type is BaseType.DURATION


@makes(Match)
def _match(node: Match, operands: Sequence[Evaluator]) -> Evaluator:
    first, second = operands

    def match(scope: Scope) -> Optional:
        one, other = first(scope), second(scope)
        for value in (one, other):
            if value is not None and _holds_durations(value):
                raise wrong(node, value, "any type but durations: they are compared with duration-lt and duration-gte")
        if one is None or other is None:
            return None
        if one.cardinality is not other.cardinality:
            kinds = f"{one.cardinality.value} and {other.cardinality.value}"
            raise fault(node, f"the operands are {kinds}", "make both of one cardinality")
        same_type(node, one, other)
        return boolean(one == other)

    return match
