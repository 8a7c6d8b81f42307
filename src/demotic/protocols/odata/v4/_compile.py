"""From the text of a request to a compiled operation: read, bind, agree on a format, prepare a plan.

The stages are those of the architecture's request, each with its own type: text -> `ResourcePath` and `Options` ->
`BoundRequest` -> `Read` and form -> `Plan`, wrapped as an `Operation`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial

from demotic.errors import NotFound, Unsupported
from demotic.model import STREAM, ComplexType, EntitySet, EntityType, Property, is_optional, tells_types
from demotic.model.csdl import write_json, write_xml
from demotic.protocols.odata.common import (
    Compiled,
    Container,
    Operation,
    TupleForm,
    addressed_stream,
    read_media,
    read_of,
    target_of,
)
from demotic.protocols.odata.common.calls import ensure_method
from demotic.protocols.odata.v4._adverts import adverts_for
from demotic.protocols.odata.v4._answer import VARY_BY_PREFERENCE, Envelope
from demotic.protocols.odata.v4._collections import ReadCollection, ReadCount, encode_tagged
from demotic.protocols.odata.v4._context import (
    cast_segment,
    collection_context,
    entity_context,
    projection,
    select_list,
)
from demotic.protocols.odata.v4._documents import Document, service_document
from demotic.protocols.odata.v4._entities import ReadEntity, ReadProperty, ReadReference, ReadValue, ReadValueCount
from demotic.protocols.odata.v4._negotiation import VERSIONS, Format, check_plain, json_format, metadata_is_json
from demotic.protocols.odata.v4._rows import JsonForm, Metadata, PairForm, encode, expanded_target
from demotic.protocols.odata.v4.calls import Answering, CallFunction
from demotic.query import (
    BoundRequest,
    Expand,
    Invocation,
    Query,
    Read,
    Selection,
    Shape,
    Target,
    bind_request,
    read_options,
    read_path,
    whole_query,
)
from demotic.service import OWN, Representation, Service, Stream, described


@dataclass(frozen=True, slots=True)
class Asked:
    """A bound request with what its header fields and ``$format`` say about the answer."""

    bound: BoundRequest
    accept: str | None
    format_option: str | None
    version: str

    @property
    def format(self) -> Format:
        """The agreed JSON format. Raises NotAcceptable."""
        return json_format(self.accept, self.format_option, self.version)

    def raw_format(self) -> Format:
        """The format of an answer that is not JSON, checked. Raises InvalidInput."""
        check_plain(self.accept, self.format_option)
        return Format(Metadata.MINIMAL, False, self.version)


class Compiler:
    """Compiles requests on one service."""

    def __init__(self, service: Service) -> None:
        self.service = service

    @cached_property
    def metadata_xml(self) -> dict[str, bytes]:
        """The metadata document as XML, by protocol version (CSDL XML 4.01, section 3.1)."""
        return {version: write_xml(replace(described(self.service), version=version)) for version in VERSIONS}

    @cached_property
    def metadata_json(self) -> dict[str, bytes]:
        """The metadata document as JSON, by protocol version."""
        return {version: write_json(replace(described(self.service), version=version)) for version in VERSIONS}

    def compile(
        self, path: str, query: str, accept: str | None, version: str, *, identified: bool = False
    ) -> Compiled[Operation]:
        """Compile the request for a percent-encoded path (below the service root) and query.

        With ``identified`` the path was given as the id of an entity.

        Raises SyntaxFault, NotFound, InvalidInput, LimitExceeded, NotAcceptable or Unsupported.
        """
        options = read_options(query)
        bound = bind_request(read_path(path), options, model=self.service.model, limits=self.service.limits.query)
        asked = Asked(bound, accept, options.format, version)
        if identified and bound.target is not Target.ENTITY:
            raise NotFound(f"{path} is {bound.target.value}, not the id of an entity", target="$id")
        if bound.invocation is not None:
            return Compiled(self._function(bound.invocation, asked), bound.values, bound.slots, None, shared=False)
        operation = OPERATIONS[bound.target](self, asked)
        return Compiled(operation, bound.values, bound.slots, bound.continuation)

    def _function(self, invocation: Invocation, asked: Asked) -> Operation:
        """Return the call of a function. Raises MethodNotAllowed for an action."""
        ensure_method("GET", invocation.operation)
        self.service.ensure_offered(invocation.operation)
        return CallFunction(self.service, invocation, self.answering(asked), self.bind)

    def bind(self, path: str) -> BoundRequest:
        """Bind a path alone."""
        return bind_request(read_path(path), model=self.service.model, limits=self.service.limits.query)

    def answering(self, asked: Asked) -> Answering:
        """Return what answers with what an operation returned. Raises NotAcceptable."""
        bound = asked.bound
        assert bound.invocation is not None
        agreed = asked.raw_format() if bound.target in (Target.VALUE, Target.COUNT) else asked.format
        target = bound.target
        if target is Target.OPERATION:
            target = Target.COLLECTION if bound.place.collection else Target.ENTITY
        return Answering(
            self.service,
            bound,
            bound.invocation.operation,
            agreed,
            lambda over: OPERATIONS[target](Compiler(over), asked),
        )


def _service_document(compiler: Compiler, asked: Asked) -> Operation:
    agreed = asked.format
    control = agreed.metadata is not Metadata.NONE
    make = partial(service_document, compiler.service.model, _listed(compiler.service), control_information=control)
    return Document(make, agreed.content_type, agreed.version)


def _listed(service: Service) -> list[str]:
    """Return the function imports that the service document lists: those that can be called as they are."""
    container = service.model.container
    if container is None:
        return []
    names = []
    for item in container.imports.values():
        found = service.model.find(item.operation) if item.in_service_document else []
        overloads = found if isinstance(found, list) else []
        if any(
            service.calls(o) and not o.bound and all(is_optional(p) for p in o.parameters.values()) for o in overloads
        ):
            names.append(item.name)
    return names


def _metadata(compiler: Compiler, asked: Asked) -> Operation:
    as_json = metadata_is_json(asked.accept, asked.format_option)
    body = (compiler.metadata_json if as_json else compiler.metadata_xml)[asked.version]
    content_type = f"application/{'json' if as_json else 'xml'};charset=utf-8"
    # Some tools (OpenUI5 among them) name no version when they ask for metadata, and refuse what is not 4.0.
    unasked = None if as_json else ("4.0", compiler.metadata_xml["4.0"])
    return Document(lambda _root: body, content_type, asked.version, unasked)


def _collection(compiler: Compiler, asked: Asked) -> Operation:
    agreed, bound = asked.format, asked.bound
    read, form = _json_read(compiler, bound, agreed)
    fragment = collection_context(target_of(read), read.query.type, projection(read_of(bound).query, bound.selection))
    assert bound.continuation is not None
    envelope = Envelope(agreed, fragment, VARY_BY_PREFERENCE, _told(compiler.service, read, agreed))
    if agreed.metadata is Metadata.FULL and isinstance(target_of(read), EntitySet):
        plan = compiler.service.prepare(*_paired(compiler.service, read, form))
        return ReadCollection(compiler.service, plan, envelope, bound.continuation, encode_tagged)
    return ReadCollection(compiler.service, compiler.service.prepare(read, form), envelope, bound.continuation)


def _told(service: Service, read: Read, agreed: Format) -> bytes:
    """Return what is told of operations on a whole set, in full metadata."""
    place = read.source.set
    if agreed.metadata is not Metadata.FULL or read.source.steps or not place.name:
        return b""
    found = {item.name: item.at(place.name) for item in adverts_for(service, place.type, many=True)}
    return encode(found)[1:-1] + b"," if found else b""


def _entity(compiler: Compiler, asked: Asked) -> Operation:
    agreed, bound = asked.format, asked.bound
    read, form = _json_read(compiler, bound, agreed)
    fragment = entity_context(target_of(read), read.query.type, projection(read_of(bound).query, bound.selection))
    envelope = Envelope(agreed, fragment)
    known = whole_query(compiler.service.model, read.query.type)
    everything = known.properties
    told = any(isinstance(item.type, ComplexType) and tells_types(item.type) for item in everything)
    bare = not (read.query.expand or read.query.computed or read.query.parts or known.shapes or told)
    if agreed.metadata is not Metadata.FULL and read.query.properties == everything and bare:
        plan = compiler.service.prepare(read, form)
        return ReadEntity(compiler.service, plan, envelope, conditional=True, paired=False)
    plan = compiler.service.prepare(*_paired(compiler.service, read, form))
    return ReadEntity(compiler.service, plan, envelope, conditional=not read.query.expand, paired=True)


def _paired(service: Service, read: Read, form: JsonForm) -> tuple[Read, PairForm]:
    """Return the read of all properties, whatever is selected: the entity tag speaks of all of them."""
    known = whole_query(service.model, read.query.type)
    everything = known.properties
    facts = tuple(item for item in read.query.properties if item not in everything)
    pairs = zip(known.shapes, read.query.shapes, strict=True)
    shapes = tuple(replace(item, properties=item.properties + facts, parts=shown.parts) for item, shown in pairs)
    whole = replace(read.query, properties=everything + facts, shapes=shapes)
    return replace(read, query=whole), PairForm(form, read.query, whole, len(everything))


def _references(compiler: Compiler, asked: Asked) -> Operation:
    agreed, bound = replace(asked.format, metadata=_with_ids(asked.format.metadata)), asked.bound
    read, form = _id_read(read_of(bound), agreed)
    plan = compiler.service.prepare(read, form)
    if bound.target is Target.REFERENCE:
        return ReadReference(compiler.service, plan, Envelope(agreed, "$ref"))
    assert bound.continuation is not None
    envelope = Envelope(agreed, "Collection($ref)", VARY_BY_PREFERENCE)
    return ReadCollection(compiler.service, plan, envelope, bound.continuation)


def _with_ids(metadata: Metadata) -> Metadata:
    """References are nothing but ids, so these are written whatever metadata is asked for."""
    return Metadata.MINIMAL if metadata is Metadata.FULL or metadata is Metadata.NONE else metadata


def _id_read(read: Read, agreed: Format) -> tuple[Read, JsonForm]:
    """Return the read of keys alone, and the form that makes ids of them."""
    target = target_of(read)
    if target is None:
        raise Unsupported("references to entities of no known set are not offered", target="$ref")
    query = replace(read.query, properties=read.query.type.key, computed=(), expand=(), shapes=())
    form = JsonForm(agreed.metadata, agreed.representation)
    form.levels.append((query, target, len(query.properties), query.type))
    return replace(read, query=query), form


def _property(compiler: Compiler, asked: Asked) -> Operation:
    if addressed_stream(asked.bound) is not None:  # its content is its representation (Protocol 4.01, section 11.2.4)
        return _media(compiler, asked)
    if asked.bound.properties[-1].type is STREAM:  # within a complex value, of which it is part
        return _value(compiler, asked)
    agreed, read = asked.format, _keyed(asked.bound)
    target = target_of(read)
    fragment = target.name if target is not None else read.query.type.qualified_name
    plan = compiler.service.prepare(read, TupleForm(agreed.representation))
    inside, cast = select_list(asked.bound.selection.names or ()), cast_segment(target, read.query.type)
    return ReadProperty(compiler.service, plan, Envelope(agreed, fragment), asked.bound.properties, inside, cast)


def _value(compiler: Compiler, asked: Asked) -> Operation:
    envelope = Envelope(asked.raw_format(), "")
    plan = compiler.service.prepare(_keyed(asked.bound), TupleForm(Representation.NATIVE))
    return ReadValue(compiler.service, plan, envelope, asked.bound.properties)


def _media(compiler: Compiler, asked: Asked) -> Operation:
    version = ("odata-version", asked.raw_format().version)
    stream = addressed_stream(asked.bound)
    assert stream is not None
    return read_media(compiler.service, asked.bound, stream, [version], asked.accept)


def _count(compiler: Compiler, asked: Asked) -> Operation:
    envelope = Envelope(asked.raw_format(), "")
    plan = compiler.service.prepare(read_of(asked.bound), TupleForm(Representation.NATIVE))
    if asked.bound.properties:
        return ReadValueCount(compiler.service, plan, envelope, asked.bound.properties)
    return ReadCount(compiler.service, plan, envelope)


OPERATIONS: dict[Target, Callable[[Compiler, Asked], Operation]] = {
    Target.SERVICE: _service_document,
    Target.METADATA: _metadata,
    Target.COLLECTION: _collection,
    Target.ENTITY: _entity,
    Target.PROPERTY: _property,
    Target.VALUE: _value,
    Target.MEDIA: _media,
    Target.COUNT: _count,
    Target.REFERENCE: _references,
    Target.REFERENCES: _references,
}


def _keyed(bound: BoundRequest) -> Read:
    """Return the read of a property: the key, which the context URL needs, and the property."""
    read = read_of(bound)
    properties = (*read.query.type.key, *read.query.properties)
    return replace(read, query=replace(read.query, properties=properties, shapes=()))


def _json_read(compiler: Compiler, bound: BoundRequest, agreed: Format) -> tuple[Read, JsonForm]:
    """Return the read with all that its ids and links need, and the form its rows are wanted in."""
    form = JsonForm(agreed.metadata, agreed.representation, adverts=partial(adverts_for, compiler.service))
    read, levels = read_of(bound), _Levels(compiler.service, form)
    return replace(read, query=levels.extended(read.query, target_of(read), bound.selection, read.query.type)), form


@dataclass(frozen=True, slots=True)
class _Levels:
    """Extends the levels of a query by what is read for control information alone, and notes it in the form."""

    service: Service
    form: JsonForm

    def extended(self, query: Query, target: Container, selection: Selection, declared: EntityType) -> Query:
        """Return a level with the key, where its entities need an id, and with what tells of their streams."""
        properties = _unstreamed(query)
        lacking = tuple(item for item in query.type.key if item not in properties)
        if self.form.metadata is Metadata.NONE or target is None:
            lacking = ()
        expands = tuple(
            self._expanded(expand, expanded_target(expand, target), inside)
            for expand, inside in zip(query.expand, selection.expand, strict=True)
        )
        streams = self._streams(target, selection)
        facts = tuple(item for stream in streams for item in (stream.content_type, stream.etag))
        shapes = tuple(replace(item, properties=_unstreamed(item) + lacking + facts) for item in query.shapes)
        level = replace(query, properties=properties + lacking + facts, expand=expands, shapes=shapes)
        self.form.levels.append((level, target, len(lacking), declared))
        if streams:
            self.form.streams.append((level, streams, self._may_change(target)))
        return level

    def _expanded(self, expand: Expand, target: Container, selection: Selection) -> Expand:
        """Return what is expanded with its level extended; one of references and numbers has what it needs."""
        if not expand.ending:
            return replace(expand, query=self.extended(expand.query, target, selection, expand.navigation.target))
        if expand.ending == "$ref" and target is None:
            raise Unsupported("references to entities of no known set are not offered", target="$expand")
        query = replace(expand.query)  # which is told apart by identity
        self.form.levels.append((query, target, len(query.properties), query.type))
        self.form.references.append(query)
        return replace(expand, query=query)

    def _streams(self, target: Container, selection: Selection) -> tuple[Stream, ...]:
        """Return the streams that are told of: the own one always, those of properties as these are selected."""
        if self.form.metadata is Metadata.NONE or not isinstance(target, EntitySet):
            return ()
        names = selection.names
        return tuple(
            stream
            for name, stream in self.service.media_streams(target).items()
            if names is None or "*" in names or name in names or stream is OWN
        )

    def _may_change(self, target: Container) -> bool:
        return isinstance(target, EntitySet) and self.service.offers(target, "update")


def _unstreamed(level: Query | Shape) -> tuple[Property, ...]:
    return tuple(item for item in level.properties if item.type is not STREAM)
