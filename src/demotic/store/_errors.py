"""What can go wrong between a program and its data."""

from __future__ import annotations

from demotic.errors import Conflict, InvalidInput, NotFound
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
