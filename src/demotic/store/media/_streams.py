"""The streams that entities have: the one of a media entity itself, and one for each property of type Edm.Stream.

What is known of a stream (its *facts*: content type, entity tag, length, time of the last change) is asked for in
queries like a property, by stand-ins that no model shows. Those of a property are found by it, and those of media
entities are the same for all types, so that a part of a model (see `demotic.service.access`) has those of the whole.

OData CSDL XML 4.01, sections 6.2 (HasStream) and 4.4 (Edm.Stream); OData Protocol 4.01, sections 11.2.3 and 11.2.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from demotic.errors import Unsupported
from demotic.model import (
    DATE_TIME_OFFSET,
    INT64,
    NO_FACETS,
    STREAM,
    STRING,
    EntitySet,
    EntityType,
    Facets,
    PrimitiveType,
    Property,
)
from demotic.query import UnknownName, choices


@dataclass(eq=False, slots=True)
class Fact(Property):
    """A stand-in for what is known of a stream: the stream's name, and which attribute of its `Info` it is."""

    stream: str = ""
    attribute: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """A stream of entities: its name (``$value``, or that of its property) and its facts."""

    name: str
    content_type: Fact
    etag: Fact
    length: Fact
    modified: Fact

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The stand-ins of all facts: content type, entity tag, length, time."""
        return (self.content_type, self.etag, self.length, self.modified)


def _stream(name: str) -> Stream:
    def fact(attribute: str, kind: PrimitiveType, facets: Facets = NO_FACETS) -> Fact:
        return Fact(f"{name}@{attribute}", kind, facets=facets, stream=name, attribute=attribute)

    return Stream(
        name,
        fact("content_type", STRING, Facets(max_length=255)),
        fact("etag", STRING, Facets(max_length=64)),
        fact("length", INT64),
        fact("modified", DATE_TIME_OFFSET, Facets(precision=6)),
    )


OWN: Final = _stream("$value")
"""The stream of a media entity itself."""

_OF_PROPERTIES: Final[WeakKeyDictionary[Property, Stream]] = WeakKeyDictionary()


def own_stream(kind: EntityType) -> Stream | None:
    """Return the stream of a media entity itself, ``None`` if the entities of a type are none."""
    if kind.has_stream:
        return OWN
    return own_stream(kind.base) if isinstance(kind.base, EntityType) else None


def stream_of(item: Property) -> Stream:
    """Return the stream of a property of type Edm.Stream."""
    found = _OF_PROPERTIES.get(item)
    return found if found is not None else _OF_PROPERTIES.setdefault(item, _stream(item.name))


def streams_of(kind: EntityType) -> Mapping[str, Stream]:
    """Return the streams of a type's entities by name, their own first; those within complex values are values."""
    own = own_stream(kind)
    found = {} if own is None else {own.name: own}
    for name, item in kind.all_properties().items():
        if item.type is STREAM and not item.collection:
            found[name] = stream_of(item)
    return found


def stream_named(kind: EntityType, name: str) -> Stream:
    """Return a stream of a type's entities. Raises `UnknownName`."""
    known = streams_of(kind)
    if name not in known:
        raise UnknownName(
            f"{kind.qualified_name} has no stream {name}", target=str(name), hint=choices(str(name), known)
        )
    return known[name]


def ensure_shared(entity_set: EntitySet, stream: Stream) -> None:
    """Raise Unsupported for a stream that not all entities of a set have, but only those of derived types."""
    if stream.name not in streams_of(entity_set.type):
        raise Unsupported(
            f"{entity_set.name} keeps no streams of derived types",
            target=stream.name,
            hint=f"declare the stream in {entity_set.type.name}",
        )


def most_of(kind: EntityType, stream: Stream) -> int | None:
    """Return how many bytes a stream may have by its MaxLength, ``None`` where the model does not say."""
    item = kind.all_properties().get(stream.name)
    found = item.facets.max_length if item is not None else None
    return found if found is not None and found > 0 else None
