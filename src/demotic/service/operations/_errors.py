"""What can be wrong with operations, when they are registered and when they are called."""

from __future__ import annotations

from demotic.errors import InternalFault, InvalidInput, Unsupported


class OperationsFault(InvalidInput):
    """Operations cannot be offered as they are registered."""

    code = "OperationsFault"


class ArgumentMissing(InvalidInput):
    """An operation was called without an argument that it needs."""

    code = "ArgumentMissing"


class OperationNotOffered(Unsupported):
    """The model has the operation, but nothing is registered that does it."""

    code = "OperationNotOffered"


class OperationFailed(InternalFault):
    """An operation raised an error that is not the caller's to know, or returned what it must not."""

    code = "OperationFailed"
