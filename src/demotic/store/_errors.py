"""What can go wrong between a program and its data."""

from __future__ import annotations

from demotic.errors import Conflict, InvalidInput, MethodNotAllowed, NotFound, PreconditionFailed
from demotic.model import InvalidValue
from demotic.query import UnknownName


class NoSuchEntity(NotFound, KeyError):
    """No entity has this key. Also a KeyError, as collections are mappings."""

    code = "NoSuchEntity"


class NoSuchSet(UnknownName, KeyError):
    """No entity set has this name. Also a KeyError, as transactions are mappings."""

    code = "NoSuchSet"


class NoSuchProperty(UnknownName, KeyError):
    """An entity was read without a property of this name. Also a KeyError, as entities are mappings."""

    code = "NoSuchProperty"


class DuplicateKey(Conflict):
    """An entity with this key is there already."""

    code = "DuplicateKey"


class ChangedMeanwhile(Conflict):
    """What a transaction wrote to was changed by another since it began."""

    code = "ChangedMeanwhile"


class TransactionClosed(InvalidInput):
    """A transaction was used after its end."""

    code = "TransactionClosed"


class EntityChanged(PreconditionFailed):
    """The entity is not in the state that the caller read any more."""

    code = "EntityChanged"


class MissingValue(InvalidValue):
    """A property, or a link, that an entity cannot be without was not given."""

    code = "MissingValue"


class RequiredLink(Conflict):
    """A link cannot be removed, since an entity may not be without it."""

    code = "RequiredLink"


class StillReferenced(Conflict):
    """An entity cannot be removed, since others refer to it."""

    code = "StillReferenced"


class BrokenReference(Conflict):
    """A value refers to an entity that is not there."""

    code = "BrokenReference"


class ConstraintBroken(Conflict):
    """A constraint of the data other than its keys and references would be broken."""

    code = "ConstraintBroken"


class ReadOnly(MethodNotAllowed):
    """The store, or what of it is addressed, cannot be written to."""

    code = "ReadOnly"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, allowed=("GET", "HEAD"), hint=hint)
