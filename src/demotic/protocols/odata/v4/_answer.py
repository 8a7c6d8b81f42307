"""What all compiled operations share: the call, the envelope of a JSON response, and answers for what is not there.

An operation is made once per URL shape and shared by threads. ``respond`` takes what the single request brings (`Call`)
and the values of the parameters, and returns the response. OData Protocol 4.01, section 11.2 (requesting data).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from demotic.errors import NotFound, PreconditionFailed, SyntaxFault
from demotic.model import EntityType
from demotic.protocols.odata.v4._negotiation import Format
from demotic.protocols.odata.v4._rows import Metadata
from demotic.query import Along, Kind, Query, Read, Source, Variable
from demotic.service import Representation, RowFactory, Service
from demotic.syntax.http import ANY, Request, Response, parse_entity_tag, parse_entity_tags


@dataclass(slots=True)
class Call:
    """What one request brings.

    ``root`` is the service root as the client sees it and ``rest`` the path below it, both percent-encoded. ``page``
    is the page size agreed, ``preferred`` the one that the client asked for.
    """

    request: Request
    root: str
    rest: str
    page: int | None
    preferred: int | None


# What a cache must compare before it answers with a stored response (RFC 9110, section 12.5.5).
VARY = ("vary", "Accept, OData-MaxVersion")
VARY_BY_PREFERENCE = ("vary", "Accept, OData-MaxVersion, Prefer")


class Operation(Protocol):
    """A compiled request."""

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with these parameter values."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The constant parts of JSON responses of one shape: format, context fragment, header fields."""

    format: Format
    fragment: str
    vary: tuple[str, str] = VARY
    """The header field that says what of a request decided on the form."""
    controlled: bool = field(init=False)
    """Whether payloads carry control information at all."""
    constant: tuple[tuple[str, str], ...] = field(init=False)
    """The header fields that all responses have."""
    _context: bytes = field(init=False)

    def __post_init__(self) -> None:
        # Made once here, for every response of the shape.
        fields = (("content-type", self.format.content_type), ("odata-version", self.format.version), self.vary)
        object.__setattr__(self, "controlled", self.format.metadata is not Metadata.NONE)
        object.__setattr__(self, "_context", f'$metadata#{self.fragment}",'.encode())
        object.__setattr__(self, "constant", fields)

    def opening(self, call: Call) -> bytes:
        """Return the beginning of the payload object, up to where its content starts."""
        return b'{"@odata.context":"' + call.root.encode() + self._context if self.controlled else b"{"

    def fields(self, length: int | None) -> list[tuple[str, str]]:
        """Return the header fields of a response with that many bytes, ``None`` where it is not known."""
        return [*self.constant] if length is None else [*self.constant, ("content-length", str(length))]


class TupleForm:
    """Rows as plain tuples."""

    def __init__(self, representation: Representation) -> None:
        self.representation = representation

    def row(self, query: Query) -> RowFactory:
        """Return the factory for one level: see `demotic.store.Form`."""
        return lambda *values: values


def missing(
    service: Service, read: Read, values: Sequence[object], envelope: Envelope, *, absent_is_null: bool = True
) -> Response:
    """Answer for an entity that is not there: 204 where a navigation has no target, else NotFound."""
    steps = read.source.steps
    if steps and isinstance(steps[-1], Along):
        ensure_parent(service, read, values)
        if absent_is_null:
            return Response(204, [("odata-version", envelope.format.version)])
        raise NotFound(f"{steps[-1].navigation.name!r} leads to no entity here", target=steps[-1].navigation.name)
    name = read.query.type.name
    raise NotFound(f"no {name} has this key", target=read.source.set.name, hint="it may have been deleted")


def ensure_parent(service: Service, read: Read, values: Sequence[object]) -> None:
    """Raise NotFound unless the entity exists whose navigation property the read follows last."""
    steps = read.source.steps
    last = max((n for n, step in enumerate(steps) if isinstance(step, Along)), default=None)
    if last is None:
        return
    source = Source(read.source.set, steps[:last])
    type_ = _type_at(source)
    query = Query(type_, Variable("$it", 0, type_), type_.key)
    plan = service.prepare(Read(source, query, Kind.ENTITY), _NATIVE_TUPLES)
    if service.one(plan, values) is None:
        raise NotFound(f"there is no such {type_.name} to follow the path from", target=read.source.set.name)


_NATIVE_TUPLES = TupleForm(Representation.NATIVE)


def _type_at(source: Source) -> EntityType:
    navigations = [step.navigation for step in source.steps if isinstance(step, Along)]
    return navigations[-1].target if navigations else source.set.type


def has_current(request: Request, tag: str) -> bool:
    """Say whether If-None-Match names this state. A field that cannot be read names none: it asked for no more than
    an answer that may be left out."""
    field = request.fields.get("if-none-match")
    if field is None:
        return False
    try:
        tags = parse_entity_tags(field)
    except SyntaxFault:
        return False
    return tags is ANY or any(parse_entity_tag(tag).matches_weakly(other) for other in tags)


def ensure_match(request: Request, *current: str) -> None:
    """Raise PreconditionFailed if there is an If-Match that names none of these tags, SyntaxFault if it names nothing.

    Compared is the value alone: all tags here are weak, and OData clients send them back as they got them (Protocol
    4.01, section 8.2.4).
    """
    field = request.fields.get("if-match")
    if field is None:
        return
    tags = parse_entity_tags(field)
    if tags is not ANY and not any(parse_entity_tag(tag).matches_weakly(other) for other in tags for tag in current):
        raise PreconditionFailed(
            "this is not the state that was asked for", target="If-Match", hint=f"it is {current[0]} now"
        )
