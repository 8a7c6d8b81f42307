"""Conditions of access rules: from text to a bound expression, and the values that somebody gives its parameters.

``$user`` is no part of OData's grammar. It is read as a name that the model does not have, and each path from it is
replaced by a literal of the claim's type before binding: what becomes of that literal is the parameter that takes the
claim. A list of claims becomes a list of such literals, of the next power of two in length (the last claim repeated),
so that there are few shapes however many claims people have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final, TypeAlias

from demotic.errors import DemoticError, Forbidden, InvalidInput, SyntaxFault
from demotic.model import EntitySet, Model
from demotic.query import (
    NOWHERE,
    Alias,
    Call,
    Expression,
    LambdaStep,
    ListExpression,
    Literal,
    NameStep,
    Options,
    Parameter,
    Path,
    ResourcePath,
    Segment,
    Slot,
    SyntaxExpression,
    Variable,
    bind_request,
    literal,
    read_filter,
    read_literal,
)
from demotic.service.access._claims import SAMPLES, TEXT, ClaimType
from demotic.service.access._rules import RulesFault
from demotic.service.identity import Identity

_USER: Final = "_user"
# Outside of quotes. On the right of `in` the grammar takes an alias in place of a list.
_WORD: Final = re.compile(r"'(?:[^']|'')*'|(?<=\bin)(\s+)\$user/(\w+)|\$user\b")

Types: TypeAlias = Mapping[str, ClaimType]
Value: TypeAlias = Callable[[Identity], object]
"""What gives a parameter its value, native. Raises Forbidden for a claim that does not fit."""


@dataclass(frozen=True, slots=True)
class Same:
    """A value that is the same for everybody."""

    value: object

    def __call__(self, identity: Identity) -> object:
        """Return it."""
        return self.value


def literal_of(text: str) -> Literal:
    """Return a literal that stands nowhere."""
    return replace(read_literal(text), at=NOWHERE)


@dataclass(frozen=True, slots=True)
class Condition:
    """A bound condition; its parameters have slots from 0 on, which ``sources`` give values."""

    variable: Variable
    expression: Expression
    sources: tuple[Value, ...]

    def at(self, slot: int) -> Expression:
        """Return the expression with its slots from ``slot`` on."""
        moved: Expression = _moved(self.expression, slot)
        return moved


def _rebuilt(node: Any, change: Callable[[Any], Any]) -> Any:
    """Return a node of a tree with its parts changed; what has none that change stays the very object that it is."""
    if isinstance(node, tuple):
        parts = tuple(change(part) for part in node)
        return node if all(new is old for new, old in zip(parts, node, strict=True)) else parts
    if is_dataclass(node) and not isinstance(node, type) and type(node).__module__.startswith("demotic.query"):
        made = {item.name: change(getattr(node, item.name)) for item in fields(node)}
        changed: Any = {name: value for name, value in made.items() if value is not getattr(node, name)}
        return replace(node, **changed) if changed else node
    return node


def _moved(node: Any, by: int) -> Any:
    return (
        replace(node, slot=node.slot + by) if isinstance(node, Parameter) else _rebuilt(node, lambda x: _moved(x, by))
    )


def _replaced(node: Any, stand_in: Callable[[Path], SyntaxExpression]) -> Any:
    """Return a tree with every path from ``$user`` replaced."""
    if isinstance(node, Path) and isinstance(node.steps[0], NameStep) and node.steps[0].name == _USER:
        return stand_in(node)
    if isinstance(node, Alias) and node.name.startswith(f"{_USER}_"):
        return stand_in(Path((NameStep(_USER, node.at), NameStep(node.name[len(_USER) + 1 :], node.at)), node.at))
    return _rebuilt(node, lambda part: _replaced(part, stand_in))


@dataclass(frozen=True, slots=True)
class Stated:
    """A condition as read: its tree, and the claims that it speaks of."""

    tree: SyntaxExpression
    claims: tuple[str, ...]


def read_condition(text: str, types: Types, place: str) -> Stated:
    """Read a condition. Raises `RulesFault` with the place in the rules and in the text."""
    try:
        tree = read_filter(_WORD.sub(_readable, text))
    except SyntaxFault as fault:
        message = f"{place}: expected {fault.expected} at position {fault.position} of {text!r}"
        raise RulesFault(message, target=place, hint=fault.hint) from None
    except DemoticError as fault:
        raise RulesFault(f"{place}: {fault.message}", target=place, hint=fault.hint) from None
    claims: dict[str, None] = {}

    def note(path: Path) -> SyntaxExpression:
        claims[_claim(path, types, place)] = None
        return path

    _replaced(tree, note)
    return Stated(tree, tuple(claims))


def _readable(found: re.Match[str]) -> str:
    if found[2]:
        return f"{found[1]}@{_USER}_{found[2]}"
    return _USER if found[0] == "$user" else found[0]


def _claim(path: Path, types: Types, place: str) -> str:
    """Return the name of the claim that a path from ``$user`` leads to. Raises `RulesFault`."""
    step, rest = path.steps[1] if len(path.steps) > 1 else None, path.steps[2:]
    if not isinstance(step, NameStep):
        raise RulesFault(f"{place}: $user alone is no value", target=place, hint="write $user/name, or $user/CLAIM")
    many = types.get(step.name, TEXT).many
    if many and rest and not (len(rest) == 1 and isinstance(rest[0], LambdaStep)):
        hint = f"write Property in $user/{step.name}, or $user/{step.name}/any(x:x eq Property)"
        raise RulesFault(f"{place}: $user/{step.name} is a list", target=place, hint=hint)
    if rest and not many:
        hint = f'a list is stated as claims = {{ {step.name} = "Collection(Edm.String)" }}'
        raise RulesFault(f"{place}: $user/{step.name} is one value", target=place, hint=hint)
    return step.name


@dataclass(frozen=True, slots=True)
class _Placeholder:
    """A literal that stands for somebody's claim, of a list for the one with a number."""

    node: Literal
    name: str
    number: int
    kind: ClaimType

    def value(self, slot: Slot) -> Value:
        """Return what gives the parameter at a slot its value."""

        def given(identity: Identity) -> object:
            values = self.kind.values(identity, self.name)
            if not values:
                raise Forbidden(f"nothing is known of {self.name}, which decides on what may be seen")
            try:
                return slot.fill(replace(literal(values[min(self.number, len(values) - 1)]), at=NOWHERE))
            except InvalidInput:
                raise Forbidden(f"the claim {self.name} does not fit what it is compared with") from None

        return given


def bind_condition(
    stated: Sequence[Stated],
    entity_set: EntitySet,
    model: Model,
    types: Types,
    sizes: Mapping[str, int],
    place: str,
) -> Condition:
    """Bind conditions of which one must hold, for people with so many claims of each name. Raises `RulesFault`."""
    placeholders: list[_Placeholder] = []

    def value(name: str, number: int) -> Literal:
        kind = types.get(name, TEXT)
        placeholders.append(_Placeholder(literal_of(SAMPLES[kind.type.name]), name, number, kind))
        return placeholders[-1].node

    def stand_in(path: Path) -> SyntaxExpression:
        name = _claim(path, types, place)
        if not types.get(name, TEXT).many:
            return value(name, 0)
        size = sizes.get(name, 1)
        items: list[SyntaxExpression] = [value(name, number) for number in range(size)]
        last = path.steps[-1]
        if isinstance(last, LambdaStep):
            return _membership(last, items, place)
        return ListExpression(tuple(items), NOWHERE)

    whole: SyntaxExpression | None = None
    for item in stated:
        tree = _simplified(_replaced(item.tree, stand_in))
        whole = tree if whole is None else Call("or", (whole, tree), NOWHERE)
    try:
        path = ResourcePath((Segment(entity_set.name, None, NOWHERE),))
        bound = bind_request(path, Options(filter=whole), model=model)
    except DemoticError as fault:
        raise _misfit(fault, placeholders, place) from None
    assert bound.read is not None and bound.read.query.filter is not None
    sources = (_source(slot, value, placeholders) for slot, value in zip(bound.slots, bound.values, strict=True))
    return Condition(bound.read.query.variable, bound.read.query.filter, tuple(sources))


def _misfit(fault: DemoticError, placeholders: Sequence[_Placeholder], place: str) -> RulesFault:
    """Return the fault of a condition in terms of the rules."""
    claim = next((item for item in placeholders if fault.message.startswith(f"$filter: {item.node.text} is no")), None)
    if claim is None:
        return RulesFault(f"{place}: {fault.message.replace('$filter, ', '')}", target=place, hint=fault.hint)
    wanted = fault.message.partition(" is no ")[2].partition(":")[0]
    return RulesFault(
        f"{place}: $user/{claim.name} is {claim.kind.type.qualified_name}, where {wanted} belongs",
        target=place,
        hint=f'state its type: claims = {{ {claim.name} = "{wanted}" }}',
    )


def _simplified(node: Any) -> Any:
    """Return a tree in which nothing is in a list without items, which cannot be bound."""
    if isinstance(node, Call) and node.name == "in" and node.arguments[1] == ListExpression((), NOWHERE):
        return literal_of("false")
    return _rebuilt(node, _simplified)


def _membership(step: LambdaStep, items: Sequence[SyntaxExpression], place: str) -> SyntaxExpression:
    """Return ``any(x:x eq Property)`` over a list as ``Property in list``."""
    test = step.predicate
    sides = test.arguments if step.kind == "any" and isinstance(test, Call) and test.name == "eq" else ()
    others = [side for side in sides if not _is_variable(side, step.variable)]
    if len(others) != 1:
        raise RulesFault(f"{place}: a list of $user takes any(x:x eq Property), and nothing else", target=place)
    return Call("in", (others[0], ListExpression(tuple(items), NOWHERE)), NOWHERE)


def _is_variable(node: SyntaxExpression, name: str | None) -> bool:
    return isinstance(node, Path) and len(node.steps) == 1 and getattr(node.steps[0], "name", None) == name


def _source(slot: Slot, constant: object, placeholders: Sequence[_Placeholder]) -> Value:
    found = next((item for item in placeholders if item.node is slot.node), None)
    return found.value(slot) if found is not None else Same(constant)
