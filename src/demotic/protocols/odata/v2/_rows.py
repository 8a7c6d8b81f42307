"""Rows as objects of verbose JSON: for each level of a query, a generated function that makes the bytes of an object.

The values of an entity are encoded once, as a struct whose fields are the wire names in wire order; its entity tag is
made of the same bytes. ``__metadata`` before them and the links after them are text that depends on the key alone. The
service root is part of it: the URLs in these payloads are absolute. [MS-ODATA], sections 2.2.6.3.2 (sets), 2.2.6.3.3
(entities) and 2.2.6.3.9 (navigation properties).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import msgspec

from demotic.model import EntitySet, EntityType, EnumType, Property
from demotic.model.v2 import Projection
from demotic.protocols.odata.common import Container
from demotic.protocols.odata.v2._writing import (
    DAYS,
    PLAIN,
    TIMES,
    WHOLE,
    below_milliseconds,
    former_name,
    is_cut,
    key_writer,
    literal_writer,
    whole_seconds,
    writer,
)
from demotic.query import Query, default_properties
from demotic.service import Entity, Representation, RowFactory, by_type, converter, state_of

encode = msgspec.json.Encoder().encode

# The nearer of the two forms that stores have for JSON: Int64 and Decimal are text in both (see `_writing`).
VALUES: Final = Representation.JSON_EXACT
# Whether an instant is text in whole seconds, of which nothing is left out.
_USUAL: Final = f"{{0}}.__class__ is str and len({{0}}) == {WHOLE}"


def joined(rows: Iterable[Any]) -> bytes:
    """Return rows as a JSON array."""
    return b"[" + b",".join(rows) + b"]"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a query as it is shown: the set of its entities, the properties and the navigation to show.

    With ``media``, the content type and tag of the entities' own streams are its last two properties.
    """

    target: Container
    shown: tuple[Property, ...]
    navigation: tuple[str, ...]
    media: bool = False

    def of(self, query: Query) -> Level:
        """Return the same for entities of one type; navigation that only they have has no URL in version 2."""
        return replace(self, shown=tuple(item for item in query.properties if item in self.shown))


@dataclass(frozen=True, eq=False)
class VerboseForm:
    """The form in which a response in verbose JSON wants its rows. ``tagged`` rows are pairs of row and entity tag."""

    root: str
    projection: Projection
    version: str
    tagged: bool = False
    levels: list[tuple[Query, Level]] = field(default_factory=list)
    representation: Representation = VALUES

    def row(self, query: Query) -> RowFactory:
        """Return the row factory for one level: see `demotic.store.Form`."""
        # Told apart by identity: two levels may be equal and yet lead to different sets.
        level = next(level for known, level in self.levels if known is query)
        tagged = self.tagged and query is self.levels[-1][0]
        if not query.shapes:
            return _Layout(self, query, level).factory(tagged=tagged)
        return by_type(query, lambda single: _Layout(self, single, level.of(single)).factory(tagged=tagged))


class _Values:
    """Expressions for the values of an entity: the arguments of a generated function, ``v0``, ``v1``, … by property."""

    def __init__(self, kind: EntityType, properties: Sequence[Property], projection: Projection) -> None:
        self._kind = kind
        self.arguments = [f"v{n}" for n in range(len(properties))]
        self.by_property = dict(zip(properties, self.arguments, strict=True))
        self.scope: dict[str, Any] = {
            "encode": encode,
            "state_of": state_of,
            "below": below_milliseconds,
            "media": media_members,
            "days": DAYS,
            "times": TIMES,
        }
        self._projection = projection

    def given(self, value: Any) -> str:
        """Return the name by which expressions know a value."""
        name = f"g{len(self.scope)}"
        self.scope[name] = value
        return name

    def encoded(self, shown: Sequence[Property]) -> str:
        """Return what makes the bytes of an object with these properties."""
        names = {f"f{n}": item.name for n, item in enumerate(shown)}
        struct = msgspec.defstruct("Row", [(name, object) for name in names], rename=names, gc=False)
        return f"encode({self.given(struct)}({', '.join(map(self._value, shown))}))"

    def visible(self) -> tuple[Property, ...]:
        """Return all properties that OData 2 can show."""
        known = self._projection.properties(self._kind)
        return tuple(item for item in default_properties(self._kind) if item.name in known)

    def state(self, encoded: str | None) -> str:
        """Return what makes the state in an entity tag: of all properties and what is kept of them and not sent.

        ``encoded`` is the name of the bytes of an object with all properties that are shown at all.
        """
        everything, visible = default_properties(self._kind), self.visible()
        parts = [encoded or self.encoded(visible)]
        unseen = [self.by_property[item] for item in everything if item not in visible]
        if unseen:
            parts.append(f"encode([{', '.join(unseen)}])")
        for item in visible:
            if is_cut(item):
                name = self.by_property[item]
                parts.append(f"(b'' if {_USUAL.format(name)} or {name} is None else below({name}))")
        return f"state_of({' + '.join(parts)})"

    def _value(self, item: Property) -> str:
        argument, write = self.by_property[item], writer(item, self._projection)
        if write is None:
            return argument
        rest = f"None if {argument} is None else {self.given(write)}({argument})"
        usual = whole_seconds(item)
        return rest if usual is None else f"{usual.format(argument)} if {_USUAL.format(argument)} else {rest}"


class _Layout:
    """Generates the function that makes the rows of one level."""

    def __init__(self, form: VerboseForm, query: Query, level: Level) -> None:
        self._form = form
        self._query = query
        self._level = level
        self._values = _Values(query.type, query.properties, form.projection)

    def factory(self, *, tagged: bool) -> RowFactory:
        """Return a callable that takes values by position and returns the row."""
        query, shown, values = self._query, self._level.shown, self._values
        number = len(query.properties) - 2 * self._level.media
        whole = query.properties[:number] == default_properties(query.type)
        uri = self._uri()
        lines = [f"    u = {uri}"] if uri else []
        if shown:
            lines.append(f"    b = {values.encoded(shown)}")
        if whole:
            lines.append(f"    t = {values.state('b' if shown and shown == values.visible() else None)}")
        if self._level.media:
            lines.append(f"    m = media({'u' if uri else 'None'}, {', '.join(values.arguments[number:])})")
        made = self._object(addressed=False, whole=whole)
        if uri:
            made = f"{self._object(addressed=True, whole=whole)} if u is not None else {made}"
        tag = "f'W/\"{t}\"'" if whole else "None"
        lines.append(f"    return ({made}, {tag})" if tagged else f"    return {made}")
        # The text is made of our own names and of bytes quoted by repr(): nothing of a request is in it but its host.
        exec("\n".join([f"def make({', '.join(self._arguments())}):", *lines]), values.scope)
        make: Callable[..., Any] = values.scope["make"]
        return make

    def _arguments(self) -> list[str]:
        arguments = list(self._values.arguments)
        for n, expand in enumerate(self._query.expand):
            arguments += [f"n{n}", f"c{n}"] if expand.query.count else [f"n{n}"]
        return arguments

    def _object(self, *, addressed: bool, whole: bool) -> str:
        """Return what makes the bytes of the object. An entity without an address has no links either."""
        about = [(b'"uri":"%b"', "u")] if addressed else []
        about.append((b'"type":' + _fixed(encode(self._query.type.qualified_name)), ""))
        if whole:
            about.append((b'"etag":"W/\\"%b\\""', "t.encode()"))
        text = b",".join(text for text, _ in about)
        if self._level.media:
            text += b"%b"
            about.append((b"", "m"))
        members = [(b'"__metadata":{' + text + b"}", _all(name for _, name in about))]
        if self._level.shown:
            members.append((b"%b", "b[1:-1]"))
        expanded = {expand.navigation.name: n for n, expand in enumerate(self._query.expand)}
        for name in self._level.navigation:
            key = _fixed(encode(name))
            if name in expanded:
                text, argument = self._expanded(expanded[name])
                members.append((key + b":" + text, argument))
            elif addressed:
                link = b':{"__deferred":{"uri":"%b/' + _fixed(encode(name)[1:-1]) + b'"}}'
                members.append((key + link, "u"))
        text = b"{" + b",".join(text for text, _ in members) + b"}"
        names = _all(name for _, name in members)
        return f"{text!r} % ({names},)" if names else repr(text.replace(b"%%", b"%"))

    def _expanded(self, n: int) -> tuple[bytes, str]:
        """Return the text of an expanded navigation property and what stands in it; version 1 has the bare list."""
        if not self._query.expand[n].navigation.collection:
            return b"%b", f"n{n} or b'null'"
        text = b"[%b]" if self._form.version == "1.0" else b'{"results":[%b]}'
        return text, f"b','.join(n{n})"

    def _uri(self) -> str | None:
        """Return what makes the URL of an entity as it stands in JSON, ``None`` where none of them has one.

        What a file holds may not fit the key's type: such an entity has no address.
        """
        target, key, values = self._level.target, self._query.type.key, self._values
        if not isinstance(target, EntitySet) or any(item not in values.by_property for item in key):
            return None
        names = [values.by_property[item] for item in key]
        parts = [self._key_part(item) for item in key]
        if len(parts) > 1:
            parts = [f"{item.name}={part}" for item, part in zip(key, parts, strict=True)]
        start = values.given(encode(f"{self._form.root}{target.name}(")[1:-1].decode())
        known = " and ".join(f"{name} is not None" for name in names)
        return f'f"{{{start}}}{",".join(parts)})".encode() if {known} else None'

    def _key_part(self, item: Property) -> str:
        name, plain = self._values.by_property[item], PLAIN.get(former_name(item))
        if plain and not isinstance(item.type, EnumType):
            return plain.format(f"{{{name}}}")
        return f"{{{self._values.given(key_writer(item))}({name})}}"


def media_members(uri: bytes | None, content_type: str | None, etag: str | None) -> bytes:
    """Return the members of ``__metadata`` that tell of an entity's own stream: where, and what is there already."""
    members = b"" if uri is None else b',"edit_media":"%b/$value"' % uri
    if etag is None:
        return members
    if uri is not None:
        members += b',"media_src":"%b/$value"' % uri
    return members + b',"content_type":%b,"media_etag":%b' % (encode(content_type), encode(etag))


def _fixed(text: bytes) -> bytes:
    """Return text that stands as it is in what is formatted with %."""
    return text.replace(b"%", b"%%")


def _all(names: Iterable[str]) -> str:
    return ", ".join(name for name in names if name)


class Tags:
    """The entity tags of entities as programs have them: those that their rows have."""

    def __init__(self, projection: Projection) -> None:
        self._projection = projection
        self._made: dict[EntityType, Callable[[Mapping[str, Any]], str]] = {}

    def __call__(self, entity: Entity) -> str:
        """Return the entity tag of an entity."""
        make = self._made.get(entity.type)
        if make is None:
            make = self._made[entity.type] = self._tagging(entity.type)
        return make(entity)

    def _tagging(self, kind: EntityType) -> Callable[[Mapping[str, Any]], str]:
        properties = default_properties(kind)
        values = _Values(kind, properties, self._projection)
        exec(f"def make({', '.join(values.arguments)}): return {values.state(None)}", values.scope)
        make: Callable[..., str] = values.scope["make"]
        parts = [(item.name, converter(item, VALUES)) for item in properties]

        def tag(entity: Mapping[str, Any]) -> str:
            native = ((entity[name], convert) for name, convert in parts)
            state = make(*[v if v is None or convert is None else convert(v) for v, convert in native])
            return f'W/"{state}"'

        return tag


@dataclass(frozen=True, eq=False)
class LinkForm:
    """Rows as the URLs of entities."""

    root: str
    target: EntitySet
    representation: Representation = Representation.NATIVE

    def row(self, query: Query) -> RowFactory:
        """Return the row factory for the one level that there is, whose properties are those of the key."""
        start, target = self.root, self.target
        return lambda *values: encode({"uri": start + entity_path(target.type, target.name, values)})


def entity_path(kind: EntityType, set_name: str, key: Sequence[object]) -> str:
    """Return the path of an entity below the service root."""
    parts = [literal_writer(item)(value) for item, value in zip(kind.key, key, strict=True)]
    if len(parts) > 1:
        parts = [f"{item.name}={part}" for item, part in zip(kind.key, parts, strict=True)]
    return f"{set_name}({','.join(parts)})"
