"""Functions of mathematics and statistics.

Specification: QTI 3.0 ASI information model, section 2.7 (mathOperator, statsOperator). Outside of a function's domain,
and where the result is no number, the value is NULL. Angles are in radians.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from demotic.learning.qti.model import Cardinality, MathFunction, MathOperator, Statistic, StatsOperator
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions._numbers import NUMERIC, numbers_of, single_of
from demotic.learning.qti.runtime.expressions._table import Evaluator, fault, makes, wrong
from demotic.learning.qti.runtime.values import Optional, number

F = MathFunction


def _inverse(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: 1 / function(x)


def _of_inverse(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: function(1 / x)


def _sech(x: float) -> float:
    return 0.0 if abs(x) > 700 else 1 / math.cosh(x)


def _csch(x: float) -> float:
    return math.copysign(0.0, x) if abs(x) > 700 else 1 / math.sinh(x)


def _integral(function: Callable[[float], int]) -> Callable[[float], float]:
    return lambda x: x if math.isinf(x) else function(x)


def _logarithm(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: -math.inf if x == 0 else function(x)


def _exp(x: float) -> float:
    return math.inf if x == math.inf else math.exp(x)


_FUNCTIONS: Final[dict[MathFunction, Callable[[float], float]]] = {
    F.SIN: math.sin, F.COS: math.cos, F.TAN: math.tan,
    F.SEC: _inverse(math.cos), F.CSC: _inverse(math.sin), F.COT: _inverse(math.tan),
    F.ASIN: math.asin, F.ACOS: math.acos, F.ATAN: math.atan,
    F.ASEC: _of_inverse(math.acos), F.ACSC: _of_inverse(math.asin),
    F.ACOT: lambda x: math.pi / 2 if x == 0 else math.atan(1 / x),
    F.SINH: math.sinh, F.COSH: math.cosh, F.TANH: math.tanh,
    F.SECH: _sech, F.CSCH: _csch, F.COTH: _inverse(math.tanh),
    F.LOG: _logarithm(math.log10), F.LN: _logarithm(math.log), F.EXP: _exp, F.ABS: abs,
    F.SIGNUM: lambda x: (x > 0) - (x < 0), F.FLOOR: _integral(math.floor), F.CEIL: _integral(math.ceil),
    F.TO_DEGREES: math.degrees, F.TO_RADIANS: math.radians,
}  # fmt: skip
# Their results are integers; all others are floats.
_INTEGRAL: Final = frozenset({F.SIGNUM, F.FLOOR, F.CEIL})


@makes(MathOperator)
def _math_operator(node: MathOperator, operands: Sequence[Evaluator]) -> Evaluator:
    wanted = 2 if node.name is F.ATAN2 else 1
    if len(operands) != wanted:
        raise fault(node, f"{node.name.value} has {len(operands)} operands", f"it takes {wanted}")
    function: Callable[..., float] = math.atan2 if node.name is F.ATAN2 else _FUNCTIONS[node.name]
    name = node.name

    def compute(scope: Scope) -> Optional:
        given = [single_of(node, operand(scope), NUMERIC) for operand in operands]
        if None in given:
            return None
        try:
            result: Any = function(*given)
        except (ValueError, ZeroDivisionError, OverflowError):
            return None
        return number(result if name in _INTEGRAL else float(result))

    return compute


@makes(StatsOperator)
def _stats_operator(node: StatsOperator, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands
    name = node.name
    sample = name in (Statistic.SAMPLE_VARIANCE, Statistic.SAMPLE_SD)
    root = name in (Statistic.SAMPLE_SD, Statistic.POP_SD)

    def compute(scope: Scope) -> Optional:
        value = operand(scope)
        if value is not None and value.cardinality not in (Cardinality.MULTIPLE, Cardinality.ORDERED):
            raise wrong(node, value, "a container of numbers")
        given = numbers_of(node, [value])
        if given is None or (sample and len(given) < 2) or any(math.isinf(each) for each in given):
            return None
        mean = math.fsum(given) / len(given)
        if name is Statistic.MEAN:
            return number(mean)
        variance = math.fsum([(each - mean) ** 2 for each in given]) / (len(given) - sample)
        return number(math.sqrt(variance) if root else variance)

    return compute
