"""Where it lives: the seam between a store and everything above it, and the collections that open over every store."""

from demotic.store._by_type import by_type
from demotic.store._collection import Collection, Condition, Key, Ordering
from demotic.store._entity import ENTITIES, Entity, EntityForm
from demotic.store._entity_tag import entity_tag, state_of, tag_of
from demotic.store._errors import (
    BrokenReference,
    ChangedMeanwhile,
    ConstraintBroken,
    DuplicateKey,
    EntityChanged,
    MissingValue,
    NoSuchEntity,
    NoSuchProperty,
    NoSuchSet,
    ReadOnly,
    RequiredLink,
    StillReferenced,
    TransactionClosed,
)
from demotic.store._interface import (
    MOST_TRIES,
    Form,
    Plan,
    Representation,
    Result,
    Row,
    RowFactory,
    Store,
    Tell,
    tell_of,
)
from demotic.store._navigation import target_set
from demotic.store._page import Page
from demotic.store._representation import converter
from demotic.store._transaction import Transaction
from demotic.store.changes import (
    TYPE_KEYS,
    Origin,
    Ref,
    Unit,
    default_of,
    has_computed_default,
    heir_called,
    is_computed,
    is_immutable,
)

__all__ = [
    "ENTITIES",
    "MOST_TRIES",
    "TYPE_KEYS",
    "BrokenReference",
    "ChangedMeanwhile",
    "Collection",
    "Condition",
    "ConstraintBroken",
    "DuplicateKey",
    "Entity",
    "EntityChanged",
    "EntityForm",
    "Form",
    "Key",
    "MissingValue",
    "NoSuchEntity",
    "NoSuchProperty",
    "NoSuchSet",
    "Ordering",
    "Origin",
    "Page",
    "Plan",
    "ReadOnly",
    "Ref",
    "Representation",
    "RequiredLink",
    "Result",
    "Row",
    "RowFactory",
    "StillReferenced",
    "Store",
    "Tell",
    "Transaction",
    "TransactionClosed",
    "Unit",
    "by_type",
    "converter",
    "default_of",
    "entity_tag",
    "has_computed_default",
    "heir_called",
    "is_computed",
    "is_immutable",
    "state_of",
    "tag_of",
    "target_set",
    "tell_of",
]
