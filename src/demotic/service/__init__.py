"""What is published: entity sets over a store, and the limits under which they are offered.

Protocols speak to a service only; the types in which a store gives its answers, and takes changes, are passed on here.
"""

from demotic.service._capabilities import callable_model, described
from demotic.service._service import Limits, Service
from demotic.service.operations import Context, Operations, Outcome
from demotic.store import (
    ENTITIES,
    TYPE_KEYS,
    Collection,
    DuplicateKey,
    Entity,
    Form,
    MissingValue,
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
    by_type,
    converter,
    default_of,
    entity_tag,
    heir_called,
    is_computed,
    is_immutable,
    state_of,
    tag_of,
)
from demotic.store import Store as View
from demotic.store.given import GivenStore, Member
from demotic.store.media import OWN, Media, Readable, Spool, Stream, own_stream, stream_of
from demotic.store.media import Info as MediaInfo

__all__ = [
    "ENTITIES",
    "OWN",
    "TYPE_KEYS",
    "Collection",
    "Context",
    "DuplicateKey",
    "Entity",
    "Form",
    "GivenStore",
    "Limits",
    "Media",
    "MediaInfo",
    "Member",
    "MissingValue",
    "NoSuchEntity",
    "Operations",
    "Origin",
    "Outcome",
    "Plan",
    "ReadOnly",
    "Readable",
    "Ref",
    "Representation",
    "Result",
    "Row",
    "RowFactory",
    "Service",
    "Spool",
    "Stream",
    "Transaction",
    "Unit",
    "View",
    "by_type",
    "callable_model",
    "converter",
    "default_of",
    "described",
    "entity_tag",
    "heir_called",
    "is_computed",
    "is_immutable",
    "own_stream",
    "state_of",
    "stream_of",
    "tag_of",
]
