"""What is published: entity sets over a store, and the limits under which they are offered.

Protocols speak to a service only; the types in which a store gives its answers, and takes changes, are passed on here.
"""

from demotic.service._capabilities import described
from demotic.service._service import Limits, Service
from demotic.service.operations import Context, Operations, Outcome
from demotic.store import (
    ENTITIES,
    Collection,
    DuplicateKey,
    Entity,
    Form,
    NoSuchEntity,
    Origin,
    Plan,
    ReadOnly,
    Ref,
    Representation,
    Result,
    Row,
    RowFactory,
    Transaction,
    Unit,
    converter,
    default_of,
    entity_tag,
    is_computed,
    is_immutable,
    tag_of,
)
from demotic.store import Store as View
from demotic.store.given import GivenStore, Member

__all__ = [
    "ENTITIES",
    "Collection",
    "Context",
    "DuplicateKey",
    "Entity",
    "Form",
    "GivenStore",
    "Limits",
    "Member",
    "NoSuchEntity",
    "Operations",
    "Origin",
    "Outcome",
    "Plan",
    "ReadOnly",
    "Ref",
    "Representation",
    "Result",
    "Row",
    "RowFactory",
    "Service",
    "Transaction",
    "Unit",
    "View",
    "converter",
    "default_of",
    "described",
    "entity_tag",
    "is_computed",
    "is_immutable",
    "tag_of",
]
