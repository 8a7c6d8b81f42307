"""What expressions compute: every operator of the specification, with the rulings of docs/qti-rulings.md."""

# Each module registers its makers when it is imported.
from demotic.learning.qti.runtime.expressions import (
    _containers,
    _items,
    _leaves,
    _logic,
    _mathematics,
    _numbers,
    _points,
    _rounding,
    _strings,
)
from demotic.learning.qti.runtime.expressions._custom import CustomFunction, register_operator, unregister_operator
from demotic.learning.qti.runtime.expressions._table import MAKERS, Evaluator, compile_expression, fault

__all__ = [
    "MAKERS", "CustomFunction", "Evaluator", "compile_expression", "fault", "register_operator", "unregister_operator",
]  # fmt: skip
_MODULES = (_containers, _items, _leaves, _logic, _mathematics, _numbers, _points, _rounding, _strings)
