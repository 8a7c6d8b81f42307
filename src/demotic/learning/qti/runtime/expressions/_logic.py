"""Logic with three values: true, false and NULL.

Specification: QTI 3.0 ASI information model, section 2.7 (operators): a NULL counts only where it can make a
difference.
"""

from __future__ import annotations

from collections.abc import Sequence

from demotic.learning.qti.model import And, AnyN, BaseType, Cardinality, Expression, Not, Or
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions._table import Evaluator, fault, makes, referred, wrong
from demotic.learning.qti.runtime.values import FALSE, TRUE, Optional, boolean


def truth(node: Expression, value: Optional) -> bool | None:
    """Return what a boolean says, and None for NULL. Raises `ProcessingError` for another type."""
    if value is None:
        return None
    if value.cardinality is not Cardinality.SINGLE or value.base_type is not BaseType.BOOLEAN:
        raise wrong(node, value, "single booleans")
    return bool(value.data)


@makes(Not)
def _not(node: Not, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands

    def negate(scope: Scope) -> Optional:
        found = truth(node, operand(scope))
        return None if found is None else boolean(not found)

    return negate


@makes(And, Or)
def _and_or(node: And | Or, operands: Sequence[Evaluator]) -> Evaluator:
    decides = isinstance(node, Or)
    decided, undecided = (TRUE, FALSE) if decides else (FALSE, TRUE)

    def combine(scope: Scope) -> Optional:
        # All operands are computed, so that a wrong type is told whatever the others say.
        found = [truth(node, operand(scope)) for operand in operands]
        if decides in found:
            return decided
        return None if None in found else undecided

    return combine


@makes(AnyN)
def _any_n(node: AnyN, operands: Sequence[Evaluator]) -> Evaluator:
    get_least, get_most = (referred(node, given, (BaseType.INTEGER,)) for given in (node.min, node.max))

    def any_n(scope: Scope) -> Optional:
        found = [truth(node, operand(scope)) for operand in operands]
        least, most = get_least(scope), get_most(scope)
        if least is None or most is None:
            return None
        if most < least:
            raise fault(node, f"max {most} is below min {least}")
        true, unknown = found.count(True), found.count(None)
        if least <= true and true + unknown <= most:
            return TRUE
        return FALSE if true > most or true + unknown < least else None

    return any_n
