"""What a resource path addresses. OData URL Conventions 4.01, section 4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from demotic.model import (
    EntitySet,
    EntityType,
    Operation,
    OperationImport,
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
    of what is addressed, and whether it is many. ``composable`` tells whether anything may follow. Where an operation
    is called on the way, ``invocation`` says so, and ``source`` starts from what it returns.
    """

    target: Target
    source: Source | None = None
    type: EntityType | None = None
    properties: tuple[Property, ...] = ()
    place: Beyond = _ANYTHING
    composable: bool = True
    was_cast: bool = False
    invocation: Invocation | None = None


@dataclass(frozen=True, slots=True)
class JsonArgument:
    """An argument that a URL gives as a JSON array or object: its value as JSON has it, not yet of any type."""

    value: object


@dataclass(frozen=True, slots=True, eq=False)
class Invocation:
    """A call of an operation, as a URL says it.

    ``arguments`` are those that the URL has, by parameter name: native values, or `JsonArgument`. ``on`` is what a
    bound operation is bound to, ``imported`` the import that an unbound one is called by. ``set`` is the entity set of
    what it returns, as far as that is known.
    """

    operation: Operation
    arguments: Mapping[str, object]
    on: BoundPath | None = None
    imported: OperationImport | None = None
    set: EntitySet | None = None

    @property
    def name(self) -> str:
        """The name that it is called by: the import's, or the operation's with its namespace."""
        return self.imported.name if self.imported is not None else self.operation.qualified_name


def entities(type: EntityType, many: bool, source: Source | None) -> BoundPath:
    """Return what is addressed by entities of a type, many or one."""
    target = Target.COLLECTION if many else Target.ENTITY
    return BoundPath(target, source, type, place=Beyond(None, many, type))


def result(place: Beyond, home: EntitySet | None) -> BoundPath:
    """Return what is addressed by a value that an operation gave: entities of a set, if that is known."""
    if isinstance(place.of, EntityType):
        # Entities of no set come from one without a name, which no container has.
        return entities(place.of, place.collection, Source(home or EntitySet("", place.of)))
    return BoundPath(Target.PROPERTY, place=place)
