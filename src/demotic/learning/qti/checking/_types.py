"""What an expression may give: cardinalities and base types as sets of bits, and the signatures of all expressions.

A type is a pair of sets, of cardinalities and of base types; what is not known yet is everything. An operand is wrong
if what it gives and what is wanted have nothing in common, so that a finding is always right.

Specification: QTI 2.1 and 3.0 information models, expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from demotic.learning.qti import model as m
from demotic.learning.qti.model import BaseType, Cardinality, Expression

__all__ = ["ANY", "SIGNATURES", "Signature", "Type", "base_words", "cardinality_words", "type_of"]


class Type(NamedTuple):
    """Which cardinalities and base types are possible."""

    cardinality: int
    base: int


_C: Final = {cardinality: 1 << i for i, cardinality in enumerate(Cardinality)}
_B: Final = {base: 1 << i for i, base in enumerate(BaseType)}
ALL_C: Final = (1 << len(_C)) - 1
ALL_B: Final = (1 << len(_B)) - 1
ANY: Final = Type(ALL_C, ALL_B)

SINGLE, MULTIPLE, ORDERED, RECORD = (
    _C[c] for c in (Cardinality.SINGLE, Cardinality.MULTIPLE, Cardinality.ORDERED, Cardinality.RECORD)
)
CONTAINER: Final = MULTIPLE | ORDERED
PLAIN: Final = SINGLE | CONTAINER
BOOLEAN, DURATION, FLOAT, INTEGER = (
    _B[BaseType.BOOLEAN],
    _B[BaseType.DURATION],
    _B[BaseType.FLOAT],
    _B[BaseType.INTEGER],
)
STRING, POINT = _B[BaseType.STRING], _B[BaseType.POINT]
NUMBER: Final = INTEGER | FLOAT
COMPARABLE: Final = ALL_B & ~DURATION

Result = Callable[[list[Type]], Type]


class Signature(NamedTuple):
    """What the operands of an expression may be, whether they must be of one base type, and what it gives."""

    cardinality: int
    base: int
    result: Result
    same: bool = False
    second: int = 0
    """The cardinalities of the second operand, where they are others than those of the first."""


def type_of(cardinality: Cardinality | None, base: BaseType | None) -> Type:
    """Return the type of a variable."""
    return Type(ALL_C if cardinality is None else _C[cardinality], ALL_B if base is None else _B[base])


def _always(cardinality: int, base: int) -> Result:
    given = Type(cardinality, base)
    return lambda operands: given


_TRUTH: Final = _always(SINGLE, BOOLEAN)
_FLOAT: Final = _always(SINGLE, FLOAT)
_INTEGER: Final = _always(SINGLE, INTEGER)


def _common(operands: list[Type]) -> int:
    base = ALL_B
    for operand in operands:
        base &= operand.base
    return base or ALL_B


def _container(cardinality: int) -> Result:
    # Without operands it is NULL, which fits everywhere.
    return lambda operands: Type(cardinality, _common(operands)) if operands else ANY


def _element(operands: list[Type]) -> Type:
    return Type(SINGLE, operands[0].base if operands else ALL_B)


def _second(operands: list[Type]) -> Type:
    return Type(operands[1].cardinality & CONTAINER or CONTAINER, operands[1].base) if len(operands) > 1 else ANY


def _number(operands: list[Type]) -> Type:
    """An integer if all are integers, else a float."""
    numeric = [operand.base & NUMBER or NUMBER for operand in operands]
    if numeric and all(base == INTEGER for base in numeric):
        return Type(SINGLE, INTEGER)
    return Type(SINGLE, FLOAT if any(base == FLOAT for base in numeric) else NUMBER)


_LOGIC: Final = Signature(SINGLE, BOOLEAN, _TRUTH)
_ORDER: Final = Signature(SINGLE, NUMBER, _TRUTH)
_TEXTS: Final = Signature(SINGLE, STRING, _TRUTH)
_TIMES: Final = Signature(SINGLE, DURATION, _TRUTH)
_SUMS: Final = Signature(PLAIN, NUMBER, _number)
_WHOLE: Final = Signature(SINGLE, INTEGER, _INTEGER)
_WHOLES: Final = Signature(PLAIN, INTEGER, _INTEGER)
_ROUNDED: Final = Signature(SINGLE, FLOAT, _INTEGER)

SIGNATURES: Final[dict[type[Expression], Signature]] = {
    m.Multiple: Signature(SINGLE | MULTIPLE, ALL_B, _container(MULTIPLE), same=True),
    m.Ordered: Signature(SINGLE | ORDERED, ALL_B, _container(ORDERED), same=True),
    m.ContainerSize: Signature(CONTAINER, ALL_B, _INTEGER),
    m.IsNull: Signature(ALL_C, ALL_B, _TRUTH),
    m.Index: Signature(ORDERED, ALL_B, _element),
    m.FieldValue: Signature(RECORD, ALL_B, _always(SINGLE, ALL_B)),
    m.Random: Signature(CONTAINER, ALL_B, _element),
    m.Member: Signature(SINGLE, COMPARABLE, _TRUTH, same=True, second=CONTAINER),
    m.Delete: Signature(SINGLE, COMPARABLE, _second, same=True, second=CONTAINER),
    m.Contains: Signature(CONTAINER, COMPARABLE, _TRUTH, same=True),
    m.Substring: _TEXTS,
    m.Not: _LOGIC,
    m.And: _LOGIC,
    m.Or: _LOGIC,
    m.AnyN: _LOGIC,
    m.Match: Signature(ALL_C, COMPARABLE, _TRUTH, same=True),
    m.StringMatch: _TEXTS,
    m.PatternMatch: _TEXTS,
    m.Equal: _ORDER,
    m.EqualRounded: _ORDER,
    m.Inside: Signature(PLAIN, POINT, _TRUTH),
    m.Lt: _ORDER,
    m.Gt: _ORDER,
    m.Lte: _ORDER,
    m.Gte: _ORDER,
    m.DurationLt: _TIMES,
    m.DurationGte: _TIMES,
    m.Sum: _SUMS,
    m.Product: _SUMS,
    m.Subtract: Signature(SINGLE, NUMBER, _number),
    m.Divide: Signature(SINGLE, NUMBER, _FLOAT),
    m.Power: Signature(SINGLE, NUMBER, _FLOAT),
    m.IntegerDivide: _WHOLE,
    m.IntegerModulus: _WHOLE,
    m.Truncate: _ROUNDED,
    m.Round: _ROUNDED,
    m.RoundTo: Signature(SINGLE, NUMBER, _FLOAT),
    m.IntegerToFloat: Signature(SINGLE, INTEGER, _FLOAT),
    m.Gcd: _WHOLES,
    m.Lcm: _WHOLES,
    m.Min: _SUMS,
    m.Max: _SUMS,
    m.Repeat: Signature(SINGLE | ORDERED, ALL_B, _container(ORDERED), same=True),
    m.MathOperator: Signature(SINGLE, NUMBER, _always(SINGLE, NUMBER)),
    m.StatsOperator: Signature(CONTAINER, NUMBER, _FLOAT),
    m.CustomOperator: Signature(ALL_C, ALL_B, lambda operands: ANY),
    # Without operands; those that depend on declarations are looked up there.
    m.BaseValue: Signature(0, 0, lambda operands: ANY),
    m.Variable: Signature(0, 0, lambda operands: ANY),
    m.Default: Signature(0, 0, lambda operands: ANY),
    m.Correct: Signature(0, 0, lambda operands: ANY),
    m.MapResponse: Signature(0, 0, _FLOAT),
    m.MapResponsePoint: Signature(0, 0, _FLOAT),
    m.MathConstant: Signature(0, 0, _FLOAT),
    m.Null: Signature(0, 0, lambda operands: ANY),
    m.RandomInteger: Signature(0, 0, _INTEGER),
    m.RandomFloat: Signature(0, 0, _FLOAT),
    m.TestVariables: Signature(0, 0, _always(MULTIPLE, ALL_B)),
    m.OutcomeMaximum: Signature(0, 0, _always(MULTIPLE, NUMBER)),
    m.OutcomeMinimum: Signature(0, 0, _always(MULTIPLE, NUMBER)),
    m.NumberCorrect: Signature(0, 0, _INTEGER),
    m.NumberIncorrect: Signature(0, 0, _INTEGER),
    m.NumberPresented: Signature(0, 0, _INTEGER),
    m.NumberResponded: Signature(0, 0, _INTEGER),
    m.NumberSelected: Signature(0, 0, _INTEGER),
}
"""The signatures of all sixty-four."""


def cardinality_words(bits: int) -> str:
    """Return cardinalities in words."""
    return " or ".join(str(c) for c, bit in _C.items() if bits & bit) or "nothing"


def base_words(bits: int) -> str:
    """Return base types in words."""
    return "of any type" if bits == ALL_B else " or ".join(str(b) for b, bit in _B.items() if bits & bit) or "nothing"
