"""Texts that stand for values of other types: a string literal becomes what its neighbours make of it.

OData Protocol 4.01, section 13.1.1, item 9.1 (strings are cast to primitive types in URLs) and URL Conventions 4.01,
section 5.1.1. Beside a typed operand, that is the type of the operand, or what the operator takes beside it; among the
arguments of a function, what its one overload takes that fits the others. Which texts are values of a type is not
decided here, and a text never decides between two types that it could be a value of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from demotic.model import DATE, DATE_TIME_OFFSET, DECIMAL, DURATION, STRING, EnumType, PrimitiveType
from demotic.query._bind_places import related_place, whole_place, words
from demotic.query._bind_values import ParameterType, is_text_for
from demotic.query._resolved import Beyond, Expression, ExpressionType, Related, Whole
from demotic.query._signatures import Function, Nulls, promotion, type_of, widened
from demotic.query._tree import Literal

_INSTANTS: Final = (DATE, DATE_TIME_OFFSET)
_SCALES_DURATIONS: Final = frozenset({"mul", "div", "divby"})


@dataclass(frozen=True, slots=True)
class Pending:
    """A literal whose type its neighbours may still decide; ``option`` is where it stands."""

    literal: Literal
    option: str
    type: ParameterType


Argument: TypeAlias = Expression | Pending


def kind_of(argument: Argument) -> ExpressionType:
    """Return the type of an argument, as far as it is known."""
    return argument.type if isinstance(argument, Pending) else type_of(argument)


def name_of(bound: Argument) -> str:
    """Return the name of an expression's type, for messages."""
    if isinstance(bound, Related):
        return words(related_place(bound))
    if isinstance(bound, Whole):
        return words(whole_place(bound))
    if isinstance(bound, Beyond) and no_value(bound):
        return words(bound)
    kind = bound.type if isinstance(bound, Pending) else type_of(bound)
    return "null" if kind is None else kind.qualified_name


def no_value(argument: Argument) -> bool:
    """Return whether an argument is no single primitive value: an entity, a complex value, or many."""
    if isinstance(argument, Beyond):
        return argument.collection or argument.of is not None
    return isinstance(argument, (Related, Whole))


def cast(argument: Argument, kind: ExpressionType) -> Argument:
    """Return the argument as a value of ``kind`` if it is a string literal that may stand for one."""
    wanted = kind if isinstance(kind, EnumType) else widened(kind)
    if not isinstance(argument, Pending) or wanted is None or not is_text_for(argument.literal, wanted):
        return argument
    return replace(argument, type=wanted)


def cast_operands(function: Function, left: Argument, right: Argument) -> list[Argument]:
    """Return the operands of a binary operator, a string literal as what it stands for beside the other."""
    return [_beside(function, left, right), _beside(function, right, left)]


def _beside(function: Function, argument: Argument, other: Argument) -> Argument:
    kind = kind_of(other)
    if not isinstance(argument, Pending) or no_value(other) or kind is STRING:
        return argument
    if function.nulls is Nulls.PROPAGATE:
        kind = _computed_with(function, str(argument.literal.value), kind)
    return cast(argument, kind)


def _computed_with(function: Function, text: str, kind: ExpressionType) -> ExpressionType:
    """Return the type of a text that arithmetic puts beside ``kind``; durations cannot be mistaken for anything."""
    if text.lstrip("-").startswith("P") or (function.name == "add" and kind in _INSTANTS):
        return DURATION
    return DECIMAL if kind is DURATION and function.name in _SCALES_DURATIONS else kind


def cast_arguments(function: Function, arguments: Sequence[Argument]) -> list[Argument]:
    """Return the arguments of a function, string literals as what its only overload takes that fits the others."""
    fitting = [
        signature.parameters
        for signature in function.signatures
        if len(signature.parameters) == len(arguments)
        and all(_takes(kind, argument) for kind, argument in zip(signature.parameters, arguments, strict=True))
    ]
    if len(fitting) != 1:
        return list(arguments)
    return [cast(argument, kind) for argument, kind in zip(arguments, fitting[0], strict=True)]


def _takes(kind: PrimitiveType, argument: Argument) -> bool:
    if isinstance(argument, Pending) and is_text_for(argument.literal, kind):
        return True
    return not no_value(argument) and promotion(kind_of(argument), kind) is not None
