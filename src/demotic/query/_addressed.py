"""What a resource path addresses. OData URL Conventions 4.01, section 4."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from demotic.model import (
    EntityType,
    Property,
)
from demotic.query._resolved import Beyond, Source


class Target(Enum):
    """What a resource path addresses."""

    SERVICE = "the service document"
    METADATA = "the metadata document"
    COLLECTION = "a collection of entities"
    ENTITY = "one entity"
    PROPERTY = "a property"
    VALUE = "the raw value of a property"
    COUNT = "a number of entities"
    REFERENCE = "a reference to an entity"
    REFERENCES = "references to entities"
    MEDIA = "a media stream"
    OPERATION = "an action"
    BATCH = "a batch"
    ALL = "all entities"
    CROSSJOIN = "a cross join"
    BY_ID = "an entity by its id"
    QUERY = "a query in a body"


_ANYTHING: Final = Beyond(None)


@dataclass(frozen=True, slots=True)
class BoundPath:
    """What a resource path addresses.

    ``source`` leads to the entities, ``type`` is theirs; both are ``None`` for documents, and for what no store reads.
    ``properties`` is the way from the entity to a PROPERTY or VALUE, through complex properties. ``place`` is the type
    of what is addressed, and whether it is many. ``composable`` tells whether anything may follow.
    """

    target: Target
    source: Source | None = None
    type: EntityType | None = None
    properties: tuple[Property, ...] = ()
    place: Beyond = _ANYTHING
    composable: bool = True
    was_cast: bool = False


def entities(type: EntityType, many: bool, source: Source | None) -> BoundPath:
    """Return what is addressed by entities of a type, many or one."""
    target = Target.COLLECTION if many else Target.ENTITY
    return BoundPath(target, source, type, place=Beyond(None, many, type))


def result(place: Beyond) -> BoundPath:
    """Return what is addressed by a value that a function gave."""
    if isinstance(place.of, EntityType):
        return entities(place.of, place.collection, None)
    return BoundPath(Target.PROPERTY, place=place)
