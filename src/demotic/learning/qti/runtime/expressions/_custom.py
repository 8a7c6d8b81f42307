"""Operators that the specification does not have: nothing runs unless the program has registered it.

Specification: QTI 3.0 ASI information model, section 2.7 (customOperator).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from demotic.learning.qti.model import CustomOperator
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions._table import Evaluator, fault, makes
from demotic.learning.qti.runtime.values import Optional

__all__ = ["CustomFunction", "register_operator", "unregister_operator"]

CustomFunction: TypeAlias = Callable[[CustomOperator, list[Optional]], Optional]
"""What computes a custom operator, from its element (attributes in `extra`) and the values of its operands."""

_REGISTERED: Final[dict[str, CustomFunction]] = {}


def register_operator(name: str, function: CustomFunction) -> None:
    """Let `function` compute the custom operators whose class or definition is `name`."""
    _REGISTERED[name] = function


def unregister_operator(name: str) -> None:
    """Forget what computes the custom operators of a name; no error if nothing does."""
    _REGISTERED.pop(name, None)


@makes(CustomOperator)
def _custom_operator(node: CustomOperator, operands: Sequence[Evaluator]) -> Evaluator:
    names = [name for name in (node.definition, node.class_) if name]

    def compute(scope: Scope) -> Optional:
        function = next((_REGISTERED[name] for name in names if name in _REGISTERED), None)
        if function is None:
            named = names[0] if names else "without class and definition"
            raise fault(node, f"no operator {named} is registered", "register_operator(name, function)")
        return function(node, [operand(scope) for operand in operands])

    return compute
