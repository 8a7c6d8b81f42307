"""Operations: Python functions that a service offers to be called, whatever protocol calls them.

What they take and return is stated in the model; here functions are registered for what a model declares, or declare it
themselves by their type hints, and calls are checked, carried out in a transaction, and their results checked.
"""

from demotic.service.operations._calls import Outcome, call
from demotic.service.operations._context import Context
from demotic.service.operations._errors import (
    ArgumentMissing,
    OperationFailed,
    OperationNotOffered,
    OperationsFault,
)
from demotic.service.operations._offer import Offer, not_offered, offer_on
from demotic.service.operations._registry import Operations

__all__ = [
    "ArgumentMissing",
    "Context",
    "Offer",
    "OperationFailed",
    "OperationNotOffered",
    "Operations",
    "OperationsFault",
    "Outcome",
    "call",
    "not_offered",
    "offer_on",
]
