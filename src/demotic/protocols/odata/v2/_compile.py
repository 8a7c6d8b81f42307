"""From the text of a request to a compiled operation: read, bind, hide, agree on a format, prepare a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec

from demotic.errors import InvalidInput, NotFound
from demotic.model import EntitySet, NavigationProperty, Property, bound_to
from demotic.model.csdl import write_xml
from demotic.model.v2 import Projection
from demotic.protocols.odata.common import Compiled, Container, Operation, TupleForm, read_media, read_of, target_of
from demotic.protocols.odata.v2._calls import CallOperation, ensure_method, published
from demotic.protocols.odata.v2._errors import JSON
from demotic.protocols.odata.v2._negotiation import check_json, check_plain, check_xml
from demotic.protocols.odata.v2._operations import (
    Document,
    ReadCollection,
    ReadCount,
    ReadEntity,
    ReadLink,
    ReadProperty,
    ReadValue,
)
from demotic.protocols.odata.v2._rows import VALUES, Level, LinkForm, VerboseForm
from demotic.protocols.odata.v2._visible import ensure_visible
from demotic.query import (
    BoundRequest,
    Literal,
    NotApplicable,
    Options,
    Query,
    Read,
    Selection,
    Shape,
    Target,
    bind_request,
    default_properties,
    whole_query,
)
from demotic.query.v2 import FormerPath, read_literal, read_options, read_path
from demotic.service import OWN, Representation, Service, callable_model


@dataclass(frozen=True, slots=True)
class Asked:
    """A bound request with what its header fields and ``$format`` say about the answer."""

    bound: BoundRequest
    accept: str | None
    format_option: str | None
    version: str
    root: str


class Compiler:
    """Compiles requests on one service."""

    def __init__(self, service: Service, projection: Projection | None = None) -> None:
        self.service = service
        self.model = callable_model(service)
        self.projection = Projection(self.model, "2.0") if projection is None else projection

    @cached_property
    def metadata(self) -> bytes:
        """The metadata document."""
        return write_xml(self.model, version="2.0")

    @cached_property
    def service_document(self) -> bytes:
        """The service document ([MS-ODATA], section 2.2.6.3.11)."""
        names = [name for name, item in self.projection.sets.items() if item.in_service_document]
        return msgspec.json.encode({"d": {"EntitySets": names}})

    def bind(self, former: FormerPath, options: Options) -> BoundRequest:
        """Bind a path and its options. Raises DemoticError, also for what OData 2 does not show."""
        model, limits = self.service.model, self.service.limits.query
        bound = bind_request(
            former.path, options, model=model, limits=limits, read_argument=_read_argument, former=True
        )
        ensure_visible(bound, self.projection)
        return bound

    def compile(self, path: str, query: str, accept: str | None, version: str, root: str) -> Compiled[Operation]:
        """Compile the request for a percent-encoded path (below the service root) and query.

        Raises SyntaxFault, NotFound, InvalidInput, LimitExceeded, NotAcceptable or Unsupported.
        """
        options = read_options(query)
        former = read_path(path)
        bound = self.bind(former, options)
        if version == "1.0" and (options.count or options.select):
            name = "$select" if options.select else "$inlinecount"
            raise InvalidInput(f"version 1.0 has no {name}", target="MaxDataServiceVersion", hint="take version 2.0")
        asked = Asked(bound, accept, options.format, version, root)
        if bound.invocation is not None:
            return Compiled(self.calling(asked, "GET"), bound.values, bound.slots, None, shared=False)
        operation = (LINKS if former.links else OPERATIONS)[bound.target](self, asked)
        return Compiled(operation, bound.values, bound.slots, bound.continuation)

    def calling(self, asked: Asked, method: str) -> CallOperation:
        """Return the call of an operation. Raises MethodNotAllowed, and UnknownResource for what OData 2 cannot say."""
        check_json(asked.accept, asked.format_option)
        bound = asked.bound
        assert bound.invocation is not None
        imported = published(bound.invocation, self.projection)
        ensure_method(method, imported)
        self.service.ensure_offered(bound.invocation.operation)
        target = bound.target
        if target is Target.OPERATION:
            target = Target.COLLECTION if bound.place.collection else Target.ENTITY
        return CallOperation(
            self.service,
            bound,
            bound.invocation,
            asked.version,
            self.projection,
            lambda over: OPERATIONS[target](Compiler(over, self.projection), asked),
        )


def _read_argument(name: str, text: str) -> Literal:
    return read_literal(text, target=name)


def _service_document(compiler: Compiler, asked: Asked) -> Operation:
    check_json(asked.accept, asked.format_option)
    return Document(lambda: compiler.service_document, JSON, asked.version)


def _metadata(compiler: Compiler, asked: Asked) -> Operation:
    check_xml(asked.accept, asked.format_option)
    return Document(lambda: compiler.metadata, "application/xml;charset=utf-8", "2.0")


def _collection(compiler: Compiler, asked: Asked) -> Operation:
    check_json(asked.accept, asked.format_option)
    read, form = _verbose(compiler, asked)
    assert asked.bound.continuation is not None
    plan = compiler.service.prepare(read, form)
    return ReadCollection(compiler.service, plan, asked.version, asked.bound.continuation)


def _entity(compiler: Compiler, asked: Asked) -> Operation:
    check_json(asked.accept, asked.format_option)
    read, form = _verbose(compiler, asked, tagged=True)
    plan = compiler.service.prepare(read, form)
    return ReadEntity(compiler.service, plan, asked.version, conditional=not read.query.expand)


def _verbose(compiler: Compiler, asked: Asked, *, tagged: bool = False) -> tuple[Read, VerboseForm]:
    """Return the read with all that the objects need, and the form its rows are wanted in."""
    read = read_of(asked.bound)
    form = VerboseForm(asked.root, compiler.projection, asked.version, tagged)
    query = _level(compiler, form, read.query, asked.bound.selection, target_of(read), whole=tagged)
    return replace(read, query=query), form


def _level(
    compiler: Compiler, form: VerboseForm, query: Query, selection: Selection, target: Container, *, whole: bool = False
) -> Query:
    """Note in the form what one level shows, and return its query with the properties to read for that.

    Those of the key make the URL. All are read where all are shown or the level is to be ``whole``: they make the tag.
    """
    kind, projection = query.type, form.projection
    kinds = (kind, *(shape.type for shape in query.shapes))
    visible = {item for found in kinds for item in projection.properties(found).values()}
    names = selection.names
    shown = tuple(item for item in query.properties if item in visible)
    navigation = tuple(name for name in projection.navigation(kind) if names is None or "*" in names or name in names)
    if isinstance(target, EntitySet):  # from there the links lead on, and a URL of version 2 has no casts
        navigation = tuple(name for name in navigation if name in target.type.all_navigation())
    if whole or names is None or "*" in names:
        wanted = whole_query(projection.model, kind) if query.shapes else None
        properties = default_properties(kind) if wanted is None else wanted.properties
        shapes = () if wanted is None else wanted.shapes
    else:
        lacking = tuple(item for item in kind.key if item not in shown)
        properties = shown + lacking
        shapes = tuple(replace(item, properties=_visible(item, shown) + lacking) for item in query.shapes)
    expands = tuple(
        replace(expand, query=_level(compiler, form, expand.query, inside, _next(target, expand.navigation)))
        for expand, inside in zip(query.expand, selection.expand, strict=True)
    )
    navigation += tuple(e.navigation.name for e in expands if e.navigation.name not in navigation)
    media = isinstance(target, EntitySet) and OWN.name in compiler.service.media_streams(target)
    facts = (OWN.content_type, OWN.etag) if media else ()
    shapes = tuple(replace(shape, properties=shape.properties + facts) for shape in shapes)
    extended = replace(query, properties=properties + facts, expand=expands, shapes=shapes)
    form.levels.append((extended, Level(target, shown, navigation, media)))
    return extended


def _visible(shape: Shape, shown: tuple[Property, ...]) -> tuple[Property, ...]:
    return tuple(item for item in shape.properties if item in shown)


def _next(target: Container, way: NavigationProperty) -> Container:
    return bound_to(target, way) if target is not None else None


def _property(compiler: Compiler, asked: Asked) -> Operation:
    check_json(asked.accept, asked.format_option)
    plan = compiler.service.prepare(_single(asked.bound), TupleForm(VALUES))
    return ReadProperty(compiler.service, plan, asked.version, asked.bound.properties, compiler.projection)


def _value(compiler: Compiler, asked: Asked) -> Operation:
    check_plain(asked.accept, asked.format_option)
    plan = compiler.service.prepare(_single(asked.bound), TupleForm(Representation.NATIVE))
    return ReadValue(compiler.service, plan, asked.version, asked.bound.properties)


def _single(bound: BoundRequest) -> Read:
    read = read_of(bound)
    properties: tuple[Property, ...] = bound.properties[:1]
    return replace(read, query=replace(read.query, properties=properties, shapes=()))


def _media(compiler: Compiler, asked: Asked) -> Operation:
    check_plain(asked.accept, asked.format_option)
    # Clients of version 2 send the Accept of their JSON requests here as well, so it is not held against them.
    return read_media(compiler.service, asked.bound, OWN, [("dataserviceversion", asked.version)], None)


def _count(compiler: Compiler, asked: Asked) -> Operation:
    check_plain(asked.accept, asked.format_option)
    plan = compiler.service.prepare(read_of(asked.bound), TupleForm(Representation.NATIVE))
    return ReadCount(compiler.service, plan, asked.version)


def _links(compiler: Compiler, asked: Asked) -> Operation:
    bound = asked.bound
    assert bound.continuation is not None
    plan = compiler.service.prepare(*_linked(asked))
    return ReadCollection(compiler.service, plan, asked.version, bound.continuation)


def _link(compiler: Compiler, asked: Asked) -> Operation:
    plan = compiler.service.prepare(*_linked(asked))
    return ReadLink(compiler.service, plan, asked.version)


def _linked(asked: Asked) -> tuple[Read, LinkForm]:
    """Return the read of the keys behind links, and the form of links."""
    check_json(asked.accept, asked.format_option)
    read = read_of(asked.bound)
    if asked.bound.given & {"expand", "select"}:
        raise NotApplicable("links are neither expanded nor selected from", target="$links", hint="leave $links out")
    target = target_of(read)
    if not isinstance(target, EntitySet):
        raise NotFound("what is linked belongs to no entity set, so it has no address", target="$links")
    return replace(read, query=replace(read.query, properties=read.query.type.key, shapes=())), LinkForm(
        asked.root, target
    )


def _no_link(compiler: Compiler, asked: Asked) -> Operation:
    raise NotFound("$links stands before a navigation property", target="$links")


OPERATIONS: dict[Target, Callable[[Compiler, Asked], Operation]] = {
    Target.SERVICE: _service_document,
    Target.METADATA: _metadata,
    Target.COLLECTION: _collection,
    Target.ENTITY: _entity,
    Target.PROPERTY: _property,
    Target.VALUE: _value,
    Target.MEDIA: _media,
    Target.COUNT: _count,
}

LINKS: dict[Target, Callable[[Compiler, Asked], Operation]] = {
    **dict.fromkeys(OPERATIONS, _no_link),
    Target.COLLECTION: _links,
    Target.ENTITY: _link,
    Target.COUNT: _count,
}
"""The same for what ``$links`` stands before."""
