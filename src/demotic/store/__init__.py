"""Where it lives: the seam between a store and everything above it, and the collections that open over every store."""

from demotic.store._collection import Collection, Condition, Key, Ordering
from demotic.store._entity import ENTITIES, Entity, EntityForm
from demotic.store._errors import (
    ChangedMeanwhile,
    DuplicateKey,
    NoSuchEntity,
    NoSuchProperty,
    NoSuchSet,
    TransactionClosed,
)
from demotic.store._interface import (
    Form,
    Plan,
    Representation,
    Result,
    Row,
    RowFactory,
    Store,
)
from demotic.store._page import Page
from demotic.store._representation import converter
from demotic.store._transaction import Transaction

__all__ = [
    "ENTITIES",
    "ChangedMeanwhile",
    "Collection",
    "Condition",
    "DuplicateKey",
    "Entity",
    "EntityForm",
    "Form",
    "Key",
    "NoSuchEntity",
    "NoSuchProperty",
    "NoSuchSet",
    "Ordering",
    "Page",
    "Plan",
    "Representation",
    "Result",
    "Row",
    "RowFactory",
    "Store",
    "Transaction",
    "TransactionClosed",
    "converter",
]
