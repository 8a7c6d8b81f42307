"""Rounding, and comparison within a tolerance.

Specification: QTI 3.0 ASI information model, section 2.7 (round, truncate, roundTo, equal, equalRounded). Digits are
those of the number's shortest decimal form, so that 1.005 to two places is 1.01 as on paper, and the deciding digit 5
rounds up in magnitude. `round` alone takes the half up: 6.5 is 7, -6.5 is -6.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from demotic.learning.qti.model import (
    BaseType,
    Equal,
    EqualRounded,
    Expression,
    Round,
    RoundingMode,
    RoundTo,
    ToleranceMode,
    Truncate,
)
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions._numbers import INTEGERS, NUMERIC, single_of
from demotic.learning.qti.runtime.expressions._table import Evaluator, fault, makes, referred
from demotic.learning.qti.runtime.values import Optional, boolean, number

_MOST_FIGURES = 400


@makes(Round, Truncate)
def _to_integer(node: Round | Truncate, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands
    turn: Callable[[float], int] = _half_up if isinstance(node, Round) else math.trunc

    def convert(scope: Scope) -> Optional:
        given = single_of(node, operand(scope), (BaseType.FLOAT,))
        if given is None:
            return None
        return number(given if math.isinf(given) else turn(given))

    return convert


def _half_up(given: float) -> int:
    below = math.floor(given)
    return below + 1 if given - below >= 0.5 else below


def rounded(given: float, mode: RoundingMode, figures: int) -> float:
    """Return a number rounded to decimal places or significant figures."""
    if math.isinf(given) or given == 0:
        return float(given)
    exact = Decimal(repr(given))
    places = figures if mode is RoundingMode.DECIMAL_PLACES else figures - 1 - exact.adjusted()
    context = Context(prec=2 * _MOST_FIGURES, rounding=ROUND_HALF_UP)
    return float(exact.quantize(Decimal(1).scaleb(-places), context=context))


def _figures(node: Any) -> Callable[[Scope], int | None]:
    get = referred(node, node.figures, INTEGERS)
    least = 0 if node.rounding_mode is RoundingMode.DECIMAL_PLACES else 1

    def figures(scope: Scope) -> int | None:
        count: int | None = get(scope)
        if count is not None and not least <= count <= _MOST_FIGURES:
            raise fault(node, f"figures is {count}", f"{least} to {_MOST_FIGURES} with {node.rounding_mode.value}")
        return count

    return figures


@makes(RoundTo)
def _round_to(node: RoundTo, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands
    get_figures = _figures(node)

    def round_to(scope: Scope) -> Optional:
        given, figures = single_of(node, operand(scope), NUMERIC), get_figures(scope)
        return None if given is None or figures is None else number(rounded(given, node.rounding_mode, figures))

    return round_to


@makes(EqualRounded)
def _equal_rounded(node: EqualRounded, operands: Sequence[Evaluator]) -> Evaluator:
    first, second = operands
    get_figures = _figures(node)
    mode = node.rounding_mode

    def equal(scope: Scope) -> Optional:
        one, other = _two(node, first(scope), second(scope))
        figures = get_figures(scope)
        if one is None or other is None or figures is None:
            return None
        return boolean(rounded(one, mode, figures) == rounded(other, mode, figures))

    return equal


@makes(Equal)
def _equal(node: Equal, operands: Sequence[Evaluator]) -> Evaluator:
    first, second = operands
    mode, given = node.tolerance_mode, node.tolerance or ()
    if mode is not ToleranceMode.EXACT and not 1 <= len(given) <= 2:
        raise fault(node, f"the tolerance mode {mode.value} has {len(given)} tolerances", "give one or two numbers")
    getters = [referred(node, tolerance, NUMERIC) for tolerance in (given[0], given[-1])] if given else []
    includes_lower, includes_upper = node.include_lower_bound, node.include_upper_bound

    def equal(scope: Scope) -> Optional:
        one, other = _two(node, first(scope), second(scope))
        if mode is ToleranceMode.EXACT:
            return None if one is None or other is None else boolean(one == other)
        tolerances = [get(scope) for get in getters]
        if one is None or other is None or None in tolerances:
            return None
        if min(tolerances) < 0:
            raise fault(node, f"the tolerance {min(tolerances)} is negative", "0 or more")
        lower, upper = _bounds(one, mode, *tolerances)
        return boolean(
            (lower < other < upper) or (includes_lower and other == lower) or (includes_upper and other == upper)
        )

    return equal


def _bounds(one: float, mode: ToleranceMode, below: float, above: float) -> tuple[float, float]:
    if mode is ToleranceMode.ABSOLUTE:
        return one - below, one + above
    ends = one * (1 - below / 100), one * (1 + above / 100)
    return (min(ends), max(ends)) if one < 0 else ends


def _two(node: Expression, one: Optional, other: Optional) -> tuple[Any, Any]:
    return single_of(node, one, NUMERIC), single_of(node, other, NUMERIC)
