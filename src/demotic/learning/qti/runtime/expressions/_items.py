"""Expressions on the items of a test.

Specification: QTI 3.0 ASI information model, section 2.7 (expressions of outcome processing).
"""

from __future__ import annotations

from collections.abc import Sequence

from demotic.learning.qti.model import (
    BaseType,
    Cardinality,
    NumberCorrect,
    NumberIncorrect,
    NumberPresented,
    NumberResponded,
    NumberSelected,
    OutcomeMaximum,
    OutcomeMinimum,
    TestVariables,
)
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions._numbers import NUMERIC
from demotic.learning.qti.runtime.expressions._table import Evaluator, makes
from demotic.learning.qti.runtime.values import Optional, Value, number


@makes(NumberCorrect, NumberIncorrect, NumberPresented, NumberResponded, NumberSelected)
def _count(
    node: NumberCorrect | NumberIncorrect | NumberPresented | NumberResponded | NumberSelected,
    operands: Sequence[Evaluator],
) -> Evaluator:
    return lambda scope: number(scope.items().count(node))


@makes(OutcomeMaximum, OutcomeMinimum)
def _bound(node: OutcomeMaximum | OutcomeMinimum, operands: Sequence[Evaluator]) -> Evaluator:
    upper = isinstance(node, OutcomeMaximum)

    def bound(scope: Scope) -> Optional:
        found = list(scope.items().bounds(node, node.outcome_identifier, node.weight_identifier, upper))
        if upper and None in found:
            return None  # an item without a maximum makes the sum unknown; one without a minimum is left out
        kept = tuple([float(each) for each in found if each is not None])
        return Value(Cardinality.MULTIPLE, BaseType.FLOAT, kept) if kept else None

    return bound


@makes(TestVariables)
def _test_variables(node: TestVariables, operands: Sequence[Evaluator]) -> Evaluator:
    types = NUMERIC if node.base_type is None else (node.base_type,)

    def collect(scope: Scope) -> Optional:
        found = scope.items().values_of(node, node.variable_identifier, node.weight_identifier)
        kept = [(value, weight) for value, weight in found if value is not None and value.base_type in types]
        kept = [(value, weight) for value, weight in kept if value.cardinality is Cardinality.SINGLE]
        if not kept:
            return None
        integral = node.weight_identifier is None and all(value.base_type is BaseType.INTEGER for value, _ in kept)
        numeric = kept[0][0].base_type in NUMERIC
        base_type = (BaseType.INTEGER if integral else BaseType.FLOAT) if numeric else types[0]
        if not numeric or integral:
            return Value(Cardinality.MULTIPLE, base_type, tuple([value.data for value, _ in kept]))
        data = tuple([float(value.data) * (1.0 if weight is None else weight) for value, weight in kept])
        return Value(Cardinality.MULTIPLE, base_type, data)

    return collect
