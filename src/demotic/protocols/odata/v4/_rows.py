"""Rows as JSON objects: for each level of a query, a struct whose fields are the wire names in wire order.

The store calls a row factory once per row, so the common one is the struct itself, made by C code. Where control
information depends on values (an entity's id, navigation links) a small function is generated that computes it. Ids
and links are relative: they are resolved against the context URL, whose base is the service root.

OData JSON Format 4.01, sections 4.5 (control information), 6 (entity) and 8 (navigation).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from typing import Any

import msgspec

from demotic.model import (
    BOOLEAN,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    STRING,
    TYPE_KEY,
    EntityType,
    EnumType,
    Property,
    Singleton,
    StructuredType,
    bound_to,
    heirs_of,
    tells_types,
    untold,
    without_type,
)
from demotic.protocols.odata.common import Container
from demotic.protocols.odata.v4._adverts import Advert
from demotic.protocols.odata.v4._misfits import told
from demotic.query import Expand, Query, Shape
from demotic.service import OWN, Representation, RowFactory, Stream, Tell, by_type
from demotic.syntax.uri import PATH_SEGMENT, percent_encode

# Decimals are numbers (JSON Format 4.01, section 7.1); where they must be strings, the store has made them such.
encode = msgspec.json.Encoder(decimal_format="number").encode


class Metadata(Enum):
    """The amount of control information in a payload (JSON Format 4.01, section 3.1)."""

    NONE = "none"
    MINIMAL = "minimal"
    FULL = "full"


@dataclass(frozen=True, eq=False)
class JsonForm:
    """The form in which an OData JSON response wants its rows.

    ``levels`` lists the levels of the query: each with the set that its entities live in, ``None`` where none is known,
    the number of trailing properties that were read for the id alone, and the type that the context URL tells. Ids are
    written only where a set is known. ``streams`` lists those levels whose entities have streams to be told of, whose
    content types and tags are their last properties, and whether these may be changed.
    """

    metadata: Metadata
    representation: Representation
    levels: list[tuple[Query, Container, int, EntityType]] = field(default_factory=list)
    streams: list[tuple[Query, tuple[Stream, ...], bool]] = field(default_factory=list)
    references: list[Query] = field(default_factory=list)
    """The levels of which only references are wanted, which are written whatever the metadata."""
    adverts: Callable[[EntityType], Sequence[Advert]] = lambda _kind: ()
    """The operations that are told with entities of a type, in full metadata."""

    def level(self, query: Query) -> tuple[Container, int, EntityType]:
        """Return the set, the number of hidden properties and the declared type of a level."""
        # Told apart by identity: two levels may be equal and yet lead to different sets.
        found = (level[1:] for level in self.levels if level[0] is query)
        return next(found, (None, 0, query.type))

    def row(self, query: Query) -> RowFactory:
        """Return the row factory for one level: see `demotic.store.Form`."""
        if self.metadata is not Metadata.MINIMAL and any(known is query for known in self.references):
            return replace(self, metadata=Metadata.MINIMAL).row(query)
        level = (*self.level(query), *self._told(query))
        return by_type(query, lambda single: self._row(single, *level)) if query.shapes else self._row(query, *level)

    def _row(
        self,
        query: Query,
        target: Container,
        hidden: int,
        declared: EntityType,
        streams: tuple[Stream, ...],
        changeable: bool,
    ) -> RowFactory:
        """Return the row factory for entities of one type."""
        layout = Layout()
        arguments = [f"v{n}" for n in range(len(query.delivered))]
        number = len(query.properties)
        shown = list(zip(arguments, query.properties, strict=False))[: number - hidden - 2 * len(streams)]
        counts = {part.property: f"q{n}" for n, part in enumerate(query.parts) if part.count}
        if query.parts:
            shown += [(f"p{n}", part.property) for n, part in enumerate(query.parts)]
            order = list(query.type.all_properties().values())
            shown.sort(key=lambda pair: order.index(pair[1]))
        entity_id = self._id_expression(query, target, arguments)
        # Section 4.5.3: with minimal metadata where the context URL tells another type, a base of it.
        told = self.metadata is Metadata.MINIMAL and query.type is not declared
        if told or self.metadata is Metadata.FULL:
            layout.add("@odata.type", repr(f"#{query.type.qualified_name}"))
        if entity_id is not None and (hidden or self.metadata is Metadata.FULL):
            layout.add("@odata.id", "id_")
        facts = iter(arguments[number - 2 * len(streams) : number])
        for stream, content_type, etag in zip(streams, facts, facts, strict=True):
            _add_stream(layout, stream, content_type, etag, has_id=entity_id is not None,
                        edit=changeable and self.metadata is Metadata.FULL)  # fmt: skip
        for argument, item in shown:
            if self.metadata is Metadata.FULL and (annotation := _type_annotation(item)):
                layout.add(f"{item.name}@odata.type", repr(annotation))
            typing = typing_of(item.type, self.metadata) if isinstance(item.type, StructuredType) else None
            if typing is not None:
                argument = layout.given(typing) + f"({argument})"
            if item in counts:
                layout.add(f"{item.name}@odata.count", self._count(counts[item]))
            layout.add(item.name, argument)
        for argument, computed in zip(arguments[number:], query.computed, strict=True):
            item = computed.property
            # No metadata tells the type of what is computed (section 4.6.3).
            if self.metadata is not Metadata.NONE and (annotation := _type_annotation(item)):
                layout.add(f"{item.name}@odata.type", repr(annotation))
            layout.add(item.name, argument)
        expanded = {expand.navigation.name: (n, expand) for n, expand in enumerate(query.expand)}
        names = query.type.all_navigation() if self.metadata is Metadata.FULL and entity_id else expanded
        for name in names:
            if self.metadata is Metadata.FULL and entity_id:
                # No association link: there is no $ref yet that it could lead to.
                known = target is None or name in target.type.all_navigation()
                path = f"/{name}" if known else f"/{query.type.qualified_name}/{name}"
                layout.add(f"{name}@odata.navigationLink", f"link(id_, {path!r})")
            if name in expanded:
                number, expand = expanded[name]
                if expand.query.count:
                    layout.add(f"{name}@odata.count", self._count(f"c{number}"))
                if expand.ending != "$count":
                    layout.add(name, f"n{number}")
        for advert in self.adverts(query.type) if self.metadata is Metadata.FULL and entity_id else ():
            layout.add(advert.name, layout.given(partial(_told, advert)) + "(id_)")
        for number, expand in enumerate(query.expand):
            arguments += [f"n{number}", f"c{number}"] if expand.query.count else [f"n{number}"]
        for number, part in enumerate(query.parts):
            arguments += [f"p{number}", f"q{number}"] if part.count else [f"p{number}"]
        return layout.factory(query.type.name, arguments, entity_id)

    def _count(self, argument: str) -> str:
        # Under IEEE754Compatible counts are text like all Int64 (section 3.2).
        return f"str({argument})" if self.representation is Representation.JSON_EXACT else argument

    def _told(self, query: Query) -> tuple[tuple[Stream, ...], bool]:
        """Return the streams that a level tells of, and whether they may be changed."""
        return next(((told, changeable) for known, told, changeable in self.streams if known is query), ((), False))

    def misfits(self, query: Query) -> Tell | None:
        """Return what tells of values that do not fit: nothing where no control information is wanted."""
        return None if self.metadata is Metadata.NONE else told

    def _id_expression(self, query: Query, target: Container, arguments: list[str]) -> str | None:
        if target is None or self.metadata is Metadata.NONE:
            return None
        if isinstance(target, Singleton):
            return repr(target.name)
        by_property = dict(zip(query.properties, arguments, strict=False))
        if any(item not in by_property for item in query.type.key):
            return None
        parts = [_key_part(item, by_property[item]) for item in query.type.key]
        if len(parts) > 1:
            parts = [f"'{item.name}='+{part}" for item, part in zip(query.type.key, parts, strict=True)]
        known = " and ".join(f"{by_property[item]} is not None" for item in query.type.key)
        return f"{target.name + '('!r}+" + "+','+".join(parts) + f"+')' if {known} else unset"


@dataclass(frozen=True, eq=False)
class PairForm:
    """Single entities as pairs: the row in ``form``, and a row of all properties.

    The plan reads ``whole``, the same as ``shown`` but for its properties: first all there are, so many of which make
    the entity tag, then what tells of streams.
    """

    form: JsonForm
    shown: Query
    whole: Query
    tagged: int

    @property
    def representation(self) -> Representation:
        """How values are represented."""
        return self.form.representation

    def row(self, query: Query) -> RowFactory:
        """Return the factory for one level: see `demotic.store.Form`."""
        if query is not self.whole:
            return self.form.row(query)
        make = self.form.row(self.shown)
        tagged, number = self.tagged, len(query.properties)
        known = query.properties[:tagged]
        shapes = tuple(Shape(item.type, tuple(p for p in item.properties if p in known)) for item in query.shapes)
        of_tag = replace(query, properties=known, expand=(), computed=(), parts=(), shapes=shapes)
        tag = JsonForm(Metadata.NONE, self.representation).row(of_tag)
        places = [query.properties.index(item) for item in self.shown.properties]
        if not query.shapes:
            return lambda *values: (make(*[values[n] for n in places], *values[number:]), tag(*values[:tagged]))
        kind = number + len(query.computed)  # where the name of the type is
        return lambda *values: (
            make(*[values[n] for n in places], *values[number:]),
            tag(*values[:tagged], values[kind]),
        )

    def misfits(self, query: Query) -> Tell | None:
        """Return what tells of values that do not fit: in what is shown alone."""
        tell = self.form.misfits(query)
        if tell is None or query is not self.whole:
            return tell
        return lambda row, texts: (tell(row[0], texts), row[1])


@dataclass(slots=True)
class Layout:
    """The fields of one row struct: wire names, and the expressions that fill them."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    scope: dict[str, Any] = field(default_factory=dict)

    def add(self, name: str, expression: str) -> None:
        """Append a field."""
        self.fields.append((name, expression))

    def given(self, function: Callable[[Any], Any]) -> str:
        """Return the name that expressions call a function by."""
        name = f"g{len(self.scope)}"
        self.scope[name] = function
        return name

    def factory(self, title: str, arguments: list[str], entity_id: str | None) -> RowFactory:
        """Return a callable that takes ``arguments`` by position and returns the filled struct."""
        rename = {f"f{n}": name for n, (name, _) in enumerate(self.fields)}
        struct = msgspec.defstruct(title, [(name, object) for name in rename], rename=rename, gc=False)
        expressions = [expression for _, expression in self.fields]
        if expressions == arguments:
            return struct
        lines = [f"def make({', '.join(arguments)}):"]
        if entity_id is not None and any("id_" in expression for expression in expressions):
            lines.append(f"    id_ = {entity_id}")
        lines.append(f"    return struct({', '.join(expressions)})")
        # The text is made of our own argument names and of names quoted by repr(): nothing of a request is in it.
        scope: dict[str, Any] = {"struct": struct, "unset": msgspec.UNSET, **KEY_WRITERS, **self.scope}
        exec("\n".join(lines), scope)
        make: Callable[..., Any] = scope["make"]
        return make


def _add_stream(layout: Layout, stream: Stream, content_type: str, etag: str, *, has_id: bool, edit: bool) -> None:
    """Add what tells of a stream (section 4.6.14); of one that holds nothing only where it is written to."""
    name, path = ("", "/$value") if stream is OWN else (stream.name, f"/{stream.name}")
    if has_id:
        layout.add(f"{name}@odata.mediaReadLink", f"unset if {etag} is None else link(id_, {path!r})")
        if edit:
            layout.add(f"{name}@odata.mediaEditLink", f"link(id_, {path!r})")
    layout.add(f"{name}@odata.mediaContentType", f"unset if {etag} is None else {content_type}")
    layout.add(f"{name}@odata.mediaEtag", f"unset if {etag} is None else {etag}")


def key_text(value: object) -> str:
    """Return a string key value as it stands in a URL: quoted, quotes doubled, percent-encoded."""
    return "'" + percent_encode(str(value).replace("'", "''"), PATH_SEGMENT) + "'"


def instant_text(value: object) -> str:
    """Return an instant as it stands in a URL; a store gives it as text already, or as a datetime to be encoded."""
    text = value if isinstance(value, str) else DATE_TIME_OFFSET.format(value)
    return text.replace("+00:00", "Z")


def decimal_text(value: object) -> str:
    """Return a decimal as it stands in a URL; a store may give it as a number of any kind, or as text."""
    return DECIMAL.format(Decimal(str(value)))


def boolean_text(value: object) -> str:
    """Return a truth value as it stands in a URL."""
    return "true" if value else "false"


def _link(entity_id: Any, rest: str) -> Any:
    # What a file holds may not fit the key's type. Such an entity has no address, so it has no links either.
    return msgspec.UNSET if entity_id is msgspec.UNSET else entity_id + rest


def _told(advert: Advert, entity_id: Any) -> Any:
    return msgspec.UNSET if entity_id is msgspec.UNSET else advert.at(entity_id)


# By the names under which generated functions call them.
KEY_WRITERS: dict[str, Callable[..., Any]] = {
    "text": key_text,
    "instant": instant_text,
    "decimal": decimal_text,
    "boolean": boolean_text,
    "str": str,
    "link": _link,
}
WRITER_NAMES = {BOOLEAN: "boolean", DATE_TIME_OFFSET: "instant", DECIMAL: "decimal"}


def _writer(item: Property) -> str:
    """Return the name of what writes a key value; JSON carries most in the very form that a URL does."""
    return "text" if _quotes(item) is not None else WRITER_NAMES.get(item.primitive or STRING, "str")


def _key_part(item: Property, argument: str) -> str:
    prefix = _quotes(item)
    return f"{prefix!r}+{_writer(item)}({argument})" if prefix else f"{_writer(item)}({argument})"


def _quotes(item: Property) -> str | None:
    """Return what stands before the quotes of a key value in a URL, ``None`` where it has no quotes."""
    if isinstance(item.type, EnumType):
        return ""
    return item.primitive.prefix if item.primitive is not None and item.primitive.quoted else None


def _type_annotation(item: Property) -> str | None:
    # Section 4.5.3: needed wherever a JSON value alone would be taken for String, Boolean or Double. A complex value
    # tells its type itself.
    if isinstance(item.type, StructuredType) and not item.collection:
        return None
    if item.primitive in (STRING, BOOLEAN, DOUBLE) and not isinstance(item.type, EnumType) and not item.collection:
        return None
    name = item.type.qualified_name.removeprefix("Edm.")
    return f"#Collection({name})" if item.collection else f"#{name}"


def typing_of(type_: StructuredType, metadata: Metadata) -> Callable[[Any], Any] | None:
    """Return what tells the types of complex values as metadata asks for it, ``None`` where nothing has to be done."""
    if metadata is Metadata.FULL:
        return with_types(type_)
    if not tells_types(type_):
        return None
    return untold if metadata is Metadata.NONE else with_types(type_, full=False)


def with_types(type_: StructuredType, *, full: bool = True, declared: bool = True) -> Callable[[Any], Any]:
    """Return a function from a complex value (or null, or a list of them) to the same with its types told.

    Unless in ``full``, that is the type of a value where it is not the ``declared`` one (section 4.5.3).
    """
    annotations = {name: _type_annotation(item) for name, item in type_.all_properties().items()} if full else {}
    own = {"@odata.type": f"#{type_.qualified_name}"} if full or not declared else {}

    @cache
    def inner() -> dict[str, Callable[[Any], Any]]:  # once there is a value, for a type may contain itself
        known = type_.all_properties().items()
        return {n: with_types(item.type, full=full) for n, item in known if isinstance(item.type, StructuredType)}

    @cache
    def heirs() -> dict[str, Callable[[Any], Any]]:
        return {item.qualified_name: with_types(item, full=full, declared=False) for item in heirs_of(type_)}

    def typed(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, list):
            return [typed(item) for item in value]
        said = value.get(TYPE_KEY)
        if said in heirs():
            return heirs()[said](without_type(value))
        result: dict[str, Any] = {**own}
        for name, part in value.items():
            if annotations.get(name):
                result[f"{name}@odata.type"] = annotations[name]
            result[name] = inner()[name](part) if name in inner() else part
        return result

    return typed


def key_literal(key: Sequence[Property], values: Sequence[object]) -> str | None:
    """Return a key predicate for values in JSON representation, parentheses included, ``None`` where one is null."""
    if None in values:
        return None
    texts = [(_quotes(item) or "") + KEY_WRITERS[_writer(item)](value) for item, value in zip(key, values, strict=True)]
    if len(key) > 1:
        texts = [f"{item.name}={text}" for item, text in zip(key, texts, strict=True)]
    return f"({','.join(texts)})"


def expanded_target(expand: Expand, owner: Container) -> Container:
    """Return the entity set that an expanded navigation property leads to, ``None`` where no binding says."""
    return bound_to(owner, expand.navigation, expand.of.type if expand.of else None) if owner is not None else None
