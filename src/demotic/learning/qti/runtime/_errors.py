"""What can go wrong while an item or a test runs."""

from __future__ import annotations

from demotic.errors import InvalidInput

__all__ = ["ProcessingError", "UnknownVariable", "ValueFault"]


class ProcessingError(InvalidInput):
    """A rule or an expression cannot be carried out: operands of a wrong type, or a name that nothing has.

    `target` says which element, with its line and column.
    """

    code = "QtiProcessingError"


class UnknownVariable(ProcessingError):
    """A rule or an expression names a variable that is not declared."""

    code = "QtiUnknownVariable"


class ValueFault(InvalidInput, ValueError):
    """What was given is no value of the type asked for."""

    code = "QtiValueError"
