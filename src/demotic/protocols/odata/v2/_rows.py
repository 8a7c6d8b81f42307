"""Rows as objects of verbose JSON: for each level of a query, a struct whose fields are the wire names in wire order.

The row factory of a level is a small generated function, as ``__metadata`` and deferred links depend on the key. The
service root is part of it: the URLs in these payloads are absolute. [MS-ODATA], sections 2.2.6.3.2 (sets), 2.2.6.3.3
(entities) and 2.2.6.3.9 (navigation properties).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from demotic.model import EntitySet, EntityType, Property
from demotic.model.v2 import Projection
from demotic.protocols.odata.common import Container
from demotic.protocols.odata.v2._values import literal_writer, writer
from demotic.query import Query, default_properties
from demotic.service import Entity, Representation, RowFactory, tag_of

encode = msgspec.json.Encoder().encode


class Metadata(msgspec.Struct, omit_defaults=True, gc=False):
    """The value of ``__metadata``."""

    uri: str | msgspec.UnsetType
    type: str
    etag: str | msgspec.UnsetType = msgspec.UNSET
    edit_media: str | msgspec.UnsetType = msgspec.UNSET
    media_src: str | msgspec.UnsetType = msgspec.UNSET
    content_type: str | msgspec.UnsetType = msgspec.UNSET
    media_etag: str | msgspec.UnsetType = msgspec.UNSET


class Link(msgspec.Struct, gc=False):
    """The value of ``__deferred``, and a member of what ``$links`` lists."""

    uri: str


class Deferred(msgspec.Struct, rename={"deferred": "__deferred"}, gc=False):
    """A navigation property that was not expanded."""

    deferred: Link


class Results(msgspec.Struct, gc=False):
    """A collection of expanded entities; version 1 has the bare list."""

    results: list[Any]


def state_tag(values: Sequence[object]) -> str:
    """Return the entity tag of an entity with these native values, those of its `default_properties`."""
    return tag_of(encode(values))


def tag_of_entity(entity: Entity) -> str:
    """Return the entity tag of an entity."""
    return state_tag([entity[item.name] for item in default_properties(entity.type)])


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a query as it is shown: the set of its entities, the properties and the navigation to show.

    With ``media``, the content type and tag of the entities' own streams are its last two properties.
    """

    target: Container
    shown: tuple[Property, ...]
    navigation: tuple[str, ...]
    media: bool = False


@dataclass(frozen=True, eq=False)
class VerboseForm:
    """The form in which a response in verbose JSON wants its rows. ``tagged`` rows are pairs of row and entity tag."""

    root: str
    projection: Projection
    version: str
    tagged: bool = False
    levels: list[tuple[Query, Level]] = field(default_factory=list)
    representation: Representation = Representation.NATIVE

    def row(self, query: Query) -> RowFactory:
        """Return the row factory for one level: see `demotic.store.Form`."""
        # Told apart by identity: two levels may be equal and yet lead to different sets.
        level = next(level for known, level in self.levels if known is query)
        return _Layout(self, query, level).factory(tagged=self.tagged and query is self.levels[-1][0])


class _Layout:
    """Generates the function that makes the rows of one level."""

    def __init__(self, form: VerboseForm, query: Query, level: Level) -> None:
        self._form = form
        self._query = query
        self._level = level
        self._arguments = [f"v{n}" for n in range(len(query.properties))]
        self._by_property = dict(zip(query.properties, self._arguments, strict=True))
        self._scope: dict[str, Any] = {"unset": msgspec.UNSET, "Metadata": Metadata, "Results": Results}
        self._scope |= {"Deferred": Deferred, "Link": Link, "tag": state_tag}

    def factory(self, *, tagged: bool) -> RowFactory:
        """Return a callable that takes values by position and returns the row."""
        query, level = self._query, self._level
        number = len(query.properties) - 2 * level.media
        whole = query.properties[:number] == default_properties(query.type)
        lines = [f"    u = {self._uri()}"]
        if whole:
            lines.append(f"    t = tag(({','.join(self._arguments[:number])},))")
        kind = query.type.qualified_name
        fields = [("__metadata", f"Metadata(u, {kind!r}{', t' if whole else ''}{self._media(number)})")]
        fields += [(item.name, self._value(item)) for item in level.shown]
        arguments = list(self._arguments)
        expanded: dict[str, str] = {}
        for n, expand in enumerate(query.expand):
            arguments += [f"n{n}", f"c{n}"] if expand.query.count else [f"n{n}"]
            several = expand.navigation.collection and self._form.version != "1.0"
            expanded[expand.navigation.name] = f"Results(n{n})" if several else f"n{n}"
        # An entity without an address has no links either.
        link = "unset if u is unset else Deferred(Link(u + {!r}))"
        fields += [(name, expanded.get(name) or link.format(f"/{name}")) for name in level.navigation]
        rename = {f"f{n}": name for n, (name, _) in enumerate(fields)}
        self._scope["Row"] = msgspec.defstruct(
            kind.rpartition(".")[2], [(name, object) for name in rename], rename=rename, gc=False
        )
        made = f"Row({', '.join(expression for _, expression in fields)})"
        lines.append(f"    return ({made}, {'t' if whole else 'None'})" if tagged else f"    return {made}")
        # The text is made of our own argument names and of names quoted by repr(): nothing of a request is in it.
        exec("\n".join([f"def make({', '.join(arguments)}):", *lines]), self._scope)
        make: Callable[..., Any] = self._scope["make"]
        return make

    def _media(self, number: int) -> str:
        """Return the arguments of ``__metadata`` that tell of an entity's own stream, if it is to be told of."""
        if not self._level.media:
            return ""
        content_type, etag = self._arguments[number:]
        link = "unset if u is unset else u + '/$value'"
        told = f"unset if {etag} is None else "
        return (
            f", edit_media={link}, media_src={told}{link}, content_type={told}{content_type}, media_etag={told}{etag}"
        )

    def _given(self, function: Callable[[Any], Any]) -> str:
        name = f"g{len(self._scope)}"
        self._scope[name] = function
        return name

    def _value(self, item: Property) -> str:
        argument, write = self._by_property[item], writer(item, self._form.projection)
        if write is None:
            return argument
        return f"None if {argument} is None else {self._given(write)}({argument})"

    def _uri(self) -> str:
        return self._entity_url() or "unset"

    def _entity_url(self) -> str | None:
        target, key = self._level.target, self._query.type.key
        if not isinstance(target, EntitySet) or any(item not in self._by_property for item in key):
            return None
        names = [self._by_property[item] for item in key]
        parts = [f"{self._given(literal_writer(item))}({name})" for item, name in zip(key, names, strict=True)]
        if len(parts) > 1:
            parts = [f"'{item.name}='+{part}" for item, part in zip(key, parts, strict=True)]
        # What a file holds may not fit the key's type: such an entity has no address.
        known = " and ".join(f"{name} is not None" for name in names)
        start = f"{self._form.root}{target.name}("
        return f"{start!r}+" + "+','+".join(parts) + f"+')' if {known} else unset"


@dataclass(frozen=True, eq=False)
class LinkForm:
    """Rows as the URLs of entities."""

    root: str
    target: EntitySet
    representation: Representation = Representation.NATIVE

    def row(self, query: Query) -> RowFactory:
        """Return the row factory for the one level that there is, whose properties are those of the key."""
        return lambda *values: Link(self.root + entity_path(self.target.type, self.target.name, values))


def entity_path(kind: EntityType, set_name: str, key: Sequence[object]) -> str:
    """Return the path of an entity below the service root."""
    parts = [literal_writer(item)(value) for item, value in zip(kind.key, key, strict=True)]
    if len(parts) > 1:
        parts = [f"{item.name}={part}" for item, part in zip(kind.key, parts, strict=True)]
    return f"{set_name}({','.join(parts)})"
