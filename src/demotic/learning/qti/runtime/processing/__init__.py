"""Rules and declarations, prepared for running."""

from demotic.learning.qti.runtime.processing._declared import Declared, typed, values_of
from demotic.learning.qti.runtime.processing._field import SetResponse, understood
from demotic.learning.qti.runtime.processing._rules import (
    ConstraintFailed,
    Resolve,
    Steps,
    StopProcessing,
    TestExited,
    Workspace,
    compile_rules,
    truth_of,
)

__all__ = [
    "ConstraintFailed", "Declared", "Resolve", "SetResponse", "Steps", "StopProcessing", "TestExited", "Workspace",
    "compile_rules",    "truth_of", "typed", "understood", "values_of",
]  # fmt: skip
