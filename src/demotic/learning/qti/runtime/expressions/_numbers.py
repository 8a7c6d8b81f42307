"""Arithmetic and comparison of numbers and durations.

Specification: QTI 3.0 ASI information model, section 2.7 (operators). A result is an integer only if all operands are;
division and powers are floats. What is no number (NaN), and integers beyond 32 bits, are NULL.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from demotic.learning.qti.model import (
    BaseType,
    Cardinality,
    Divide,
    DurationGte,
    DurationLt,
    Expression,
    Gcd,
    Gt,
    Gte,
    IntegerDivide,
    IntegerModulus,
    IntegerToFloat,
    Lcm,
    Lt,
    Lte,
    Max,
    Min,
    Power,
    Product,
    Subtract,
    Sum,
)
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions._table import Evaluator, makes, wrong
from demotic.learning.qti.runtime.values import Optional, boolean, number

NUMERIC = (BaseType.INTEGER, BaseType.FLOAT)
INTEGERS = (BaseType.INTEGER,)


def single_of(node: Expression, value: Optional, types: tuple[BaseType, ...]) -> Any:
    """Return what a single value of some types holds, and None for NULL. Raises `ProcessingError` for another."""
    if value is None:
        return None
    if value.cardinality is not Cardinality.SINGLE or value.base_type not in types:
        raise wrong(node, value, f"single values of type {' or '.join(kind.value for kind in types)}")
    return value.data


def numbers_of(node: Expression, values: list[Optional], types: tuple[BaseType, ...] = NUMERIC) -> list[Any] | None:
    """Return the numbers that values and containers hold; None if a value is NULL.

    Raises `ProcessingError` for others.
    """
    for value in values:
        if value is not None and value.base_type not in types:
            raise wrong(node, value, f"{' or '.join(kind.value for kind in types)}, single or in containers")
    if None in values:
        return None
    return [item for value in values if value is not None for item in value.items]


def _pair(
    node: Expression,
    operands: Sequence[Evaluator],
    types: tuple[BaseType, ...],
    compute: Callable[[Any, Any], Optional],
) -> Evaluator:
    first, second = operands

    def run(scope: Scope) -> Optional:
        one, other = single_of(node, first(scope), types), single_of(node, second(scope), types)
        return None if one is None or other is None else compute(one, other)

    return run


@makes(Lt, Gt, Lte, Gte)
def _compare(node: Expression, operands: Sequence[Evaluator]) -> Evaluator:
    tests: dict[type[Expression], Callable[[Any, Any], bool]] = {
        Lt: operator.lt,
        Gt: operator.gt,
        Lte: operator.le,
        Gte: operator.ge,
    }
    test = tests[type(node)]
    return _pair(node, operands, NUMERIC, lambda one, other: boolean(test(one, other)))


@makes(DurationLt, DurationGte)
def _compare_durations(node: Expression, operands: Sequence[Evaluator]) -> Evaluator:
    test = operator.lt if isinstance(node, DurationLt) else operator.ge
    return _pair(node, operands, (BaseType.DURATION,), lambda one, other: boolean(test(one, other)))


@makes(Subtract)
def _subtract(node: Subtract, operands: Sequence[Evaluator]) -> Evaluator:
    return _pair(node, operands, NUMERIC, lambda one, other: number(one - other))


@makes(Divide)
def _divide(node: Divide, operands: Sequence[Evaluator]) -> Evaluator:
    def divide(one: float, other: float) -> Optional:
        if other == 0:
            return None
        quotient = one / other
        return None if math.isinf(quotient) and not math.isinf(one) else number(float(quotient))

    return _pair(node, operands, NUMERIC, divide)


@makes(Power)
def _power(node: Power, operands: Sequence[Evaluator]) -> Evaluator:
    def power(one: float, other: float) -> Optional:
        try:
            raised = math.pow(one, other)
        except (OverflowError, ValueError, ZeroDivisionError):
            return None
        return number(raised)

    return _pair(node, operands, NUMERIC, power)


@makes(IntegerDivide, IntegerModulus)
def _divide_integers(node: Expression, operands: Sequence[Evaluator]) -> Evaluator:
    divide = operator.floordiv if isinstance(node, IntegerDivide) else operator.mod
    return _pair(node, operands, INTEGERS, lambda one, other: number(divide(one, other)) if other else None)


@makes(IntegerToFloat)
def _integer_to_float(node: IntegerToFloat, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands

    def convert(scope: Scope) -> Optional:
        given = single_of(node, operand(scope), INTEGERS)
        return None if given is None else number(float(given))

    return convert


def _all(node: Expression, operands: Sequence[Evaluator], compute: Callable[[list[Any]], Any]) -> Evaluator:
    types = INTEGERS if isinstance(node, Gcd | Lcm) else NUMERIC

    def run(scope: Scope) -> Optional:
        given = numbers_of(node, [operand(scope) for operand in operands], types)
        return None if given is None else number(_unified(given, compute(given)))

    return run


def _unified(given: list[Any], result: Any) -> Any:
    """Return a result as a float if any number was one, whichever of them it comes from."""
    return float(result) if any(type(each) is float for each in given) else result


def _product(factors: list[Any]) -> Any:
    # Integers are multiplied exactly, but not for ever: beyond 32 bits it is NULL at last.
    result: Any = 1
    for factor in factors:
        result *= factor
        if type(result) is int and abs(result) > 2**64 and 0 not in factors and float not in map(type, factors):
            return 2**64
    return result


@makes(Sum, Product, Gcd, Lcm)
def _accumulate(node: Expression, operands: Sequence[Evaluator]) -> Evaluator:
    computes: dict[type[Expression], Callable[[list[Any]], Any]] = {
        Sum: sum,
        Product: _product,
        Gcd: lambda given: reduce(math.gcd, given, 0),
        Lcm: lambda given: reduce(math.lcm, given, 1),
    }
    return _all(node, operands, computes[type(node)])


@makes(Min, Max)
def _extreme(node: Min | Max, operands: Sequence[Evaluator]) -> Evaluator:
    choose = min if isinstance(node, Min) else max

    def extreme(scope: Scope) -> Optional:
        values = [operand(scope) for operand in operands]
        if any(value is not None and value.cardinality is Cardinality.RECORD for value in values):
            numbers_of(node, values)
        # "If any of the sub-expressions is NULL or not a numerical value, then the result is NULL": here no error.
        if any(value is None or value.base_type not in NUMERIC for value in values):
            return None
        given = numbers_of(node, values) or []
        return number(_unified(given, choose(given)))

    return extreme
