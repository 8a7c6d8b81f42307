"""What compiled operations of every version share: the call, plain rows, fields that make a request conditional.

An operation is made once per URL shape and shared by threads. ``respond`` takes what the single request brings (`Call`)
and the values of the parameters, and returns the response.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from demotic.errors import NotFound, PreconditionFailed, SyntaxFault
from demotic.model import EntitySet, EntityType, Singleton, bound_to
from demotic.query import Along, BoundRequest, Kind, OfType, Query, Read, Source, Variable
from demotic.service import Representation, RowFactory, Service
from demotic.syntax.http import ANY, Request, Response, parse_entity_tag, parse_entity_tags

Container: TypeAlias = EntitySet | Singleton | None
"""Where addressed entities live, ``None`` where no binding says."""


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


class Operation(Protocol):
    """A compiled request."""

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with these parameter values."""


class TupleForm:
    """Rows as plain tuples."""

    def __init__(self, representation: Representation) -> None:
        self.representation = representation

    def row(self, query: Query) -> RowFactory:
        """Return the factory for one level: see `demotic.store.Form`."""
        return lambda *values: values


def read_of(bound: BoundRequest) -> Read:
    """Return what a bound request reads; that of a document reads nothing."""
    assert bound.read is not None
    return bound.read


def target_of(read: Read) -> Container:
    """Return the set that the addressed entities live in, as far as the bindings say."""
    target: Container = read.source.set if read.source.set.name else None  # what a call returns may be of no set
    for step in read.source.steps:
        if isinstance(step, Along):
            target = bound_to(target, step.navigation) if target is not None else None
    return target


def missing(service: Service, read: Read, values: Sequence[object]) -> NotFound | None:
    """Return the error for an entity that is not there, ``None`` where a navigation that leads to one has no target.

    Raises NotFound where a navigation is followed from what is not there.
    """
    steps = read.source.steps
    if steps and isinstance(steps[-1], Along):
        ensure_parent(service, read, values)
        return None
    name = read.query.type.name
    if steps and isinstance(steps[-1], OfType):
        return NotFound(f"the path leads to no {name}", target=read.source.set.name, hint="leave out the cast")
    return NotFound(f"no {name} has this key", target=read.source.set.name, hint="it may have been deleted")


def no_target(read: Read) -> NotFound:
    """Return the error for a navigation without a target, where there must be one."""
    last = next(step for step in reversed(read.source.steps) if isinstance(step, Along))
    return NotFound(f"{last.navigation.name!r} leads to no entity here", target=last.navigation.name)


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
    kind = source.set.type
    for step in source.steps:
        kind = step.navigation.target if isinstance(step, Along) else step.type if isinstance(step, OfType) else kind
    return kind


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


def without_body(response: Response) -> Response:
    """Return the answer to HEAD for that to GET."""
    body = response.body
    if not isinstance(body, bytes):
        body.close()
    return Response(response.status, response.fields, b"")
