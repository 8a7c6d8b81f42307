"""Expressions without operands: literals, variables and what is declared of them, chance.

Specification: QTI 3.0 ASI information model, section 2.7 (built-in general expressions).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from demotic.learning.qti.model import (
    BaseType,
    BaseValue,
    Correct,
    Default,
    MapResponse,
    MapResponsePoint,
    MathConstant,
    Null,
    RandomFloat,
    RandomInteger,
    Variable,
)
from demotic.learning.qti.runtime._errors import ValueFault
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions._table import Evaluator, fault, makes, referred
from demotic.learning.qti.runtime.values import Optional, number, parse_element

_NUMERIC = (BaseType.INTEGER, BaseType.FLOAT)


@makes(BaseValue)
def _base_value(node: BaseValue, operands: Sequence[Evaluator]) -> Evaluator:
    try:
        value = parse_element(node.base_type, node.text)
    except ValueFault as error:
        raise fault(node, error.message, error.hint) from None
    return lambda scope: value


@makes(Variable)
def _variable(node: Variable, operands: Sequence[Evaluator]) -> Evaluator:
    name, weight = node.identifier, node.weight_identifier
    if weight is not None:
        return lambda scope: scope.weighted(name, weight)
    return lambda scope: scope.value(name)


@makes(Default)
def _default(node: Default, operands: Sequence[Evaluator]) -> Evaluator:
    name = node.identifier
    return lambda scope: scope.default(name)


@makes(Correct)
def _correct(node: Correct, operands: Sequence[Evaluator]) -> Evaluator:
    name = node.identifier
    return lambda scope: scope.correct(name)


@makes(MapResponse)
def _map_response(node: MapResponse, operands: Sequence[Evaluator]) -> Evaluator:
    name = node.identifier
    return lambda scope: number(scope.mapped(name).map(scope.value(name)))


@makes(MapResponsePoint)
def _map_response_point(node: MapResponsePoint, operands: Sequence[Evaluator]) -> Evaluator:
    name = node.identifier
    return lambda scope: number(scope.mapped(name).map_points(scope.value(name)))


@makes(MathConstant)
def _math_constant(node: MathConstant, operands: Sequence[Evaluator]) -> Evaluator:
    constants = {"pi": math.pi, "e": math.e}
    if node.name not in constants:
        raise fault(node, f"there is no constant {node.name!r}", "pi or e")
    value = number(constants[node.name])
    return lambda scope: value


@makes(Null)
def _null(node: Null, operands: Sequence[Evaluator]) -> Evaluator:
    return lambda scope: None


@makes(RandomInteger)
def _random_integer(node: RandomInteger, operands: Sequence[Evaluator]) -> Evaluator:
    get_least, get_most, get_step = (referred(node, x, (BaseType.INTEGER,)) for x in (node.min, node.max, node.step))

    def draw(scope: Scope) -> Optional:
        least, most, step = get_least(scope), get_most(scope), get_step(scope)
        if least is None or most is None or step is None:
            return None
        if step < 1:
            raise fault(node, f"the step is {step}", "1 or more")
        if most < least:
            raise fault(node, f"max {most} is below min {least}")
        return number(least + step * scope.random.below((most - least) // step + 1))

    return draw


@makes(RandomFloat)
def _random_float(node: RandomFloat, operands: Sequence[Evaluator]) -> Evaluator:
    get_least, get_most = referred(node, node.min, _NUMERIC), referred(node, node.max, _NUMERIC)

    def draw(scope: Scope) -> Optional:
        least, most = get_least(scope), get_most(scope)
        if least is None or most is None:
            return None
        if most < least:
            raise fault(node, f"max {most} is below min {least}")
        drawn = least + (most - least) * scope.random.fraction()
        return number(float(min(drawn, most)))

    return draw
