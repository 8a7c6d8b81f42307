"""From a request that changes data to its response: all of it in one transaction, committed before it is answered.

OData Protocol 4.01, sections 8.2.8.7 (return), 8.3.4 (OData-EntityId), 10.8 and 11.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from demotic.errors import InvalidInput, MethodNotAllowed, NotFound, SyntaxFault, Unsupported
from demotic.protocols.odata import common
from demotic.protocols.odata.common import Call, Compiled, Shapes, addressed_stream, lift, read_bytes, with_body
from demotic.protocols.odata.common.calls import ensure_method
from demotic.protocols.odata.common.changes import Asked, Done, Incoming, Operation, References, incoming, set_of
from demotic.protocols.odata.v4._compile import Asked as Wanted
from demotic.protocols.odata.v4._compile import Compiler
from demotic.protocols.odata.v4._context import cast_segment
from demotic.protocols.odata.v4._entities import ReadEntity, ReadProperty
from demotic.protocols.odata.v4._negotiation import check_plain, json_format
from demotic.protocols.odata.v4.calls import ActionCall, address
from demotic.protocols.odata.v4.changes._dialect import DialectV4
from demotic.protocols.odata.v4.changes._methods import OPERATIONS, REFERENCE_OPERATIONS, STREAM_OPERATIONS
from demotic.query import BoundRequest, Filtered, Options, Target, bind_request, read_options, read_path, split_query
from demotic.service import Service, Transaction, entity_tag
from demotic.syntax.http import Response, parse_prefer

READ: Final = ("GET", "HEAD")
_DIALECT: Final = DialectV4()
_READING: Final = ("filter", "orderby", "top", "skip", "skiptoken", "count")


@dataclass(frozen=True, slots=True)
class _Change:
    """A change as its URL asks for it, for all requests of a shape."""

    bound: BoundRequest
    operation: Operation
    identifier: str | None
    takes: Incoming | None


class Changer:
    """Answers requests that change data."""

    def __init__(self, service: Service, compiler: Compiler, shapes: Shapes[common.Operation], root_path: str) -> None:
        """``shapes`` are those of reading, by which what was written is read back."""
        self._service = service
        self._compiler = compiler
        self._read_shapes = shapes
        self._shapes: Shapes[_Change | ActionCall] = Shapes(shapes.refill)
        self._root_path = root_path

    def respond(self, call: Call, version: str) -> Response:
        """Answer a request with another method than GET and HEAD. Raises DemoticError, having changed nothing."""
        prepared = self._prepared(call, version, alone=True)
        return self._service.transact(lambda transaction: prepared(transaction, {}))

    def within(self, call: Call, version: str, transaction: Transaction, known: Mapping[str, str]) -> Response:
        """Answer a request that belongs to a transaction with others; ``known`` are the URLs of their entities."""
        return self._prepared(call, version, alone=False)(transaction, known)

    def _prepared(
        self, call: Call, version: str, *, alone: bool
    ) -> Callable[[Transaction, Mapping[str, str]], Response]:
        """Check a request as far as that needs no data, and return what answers it.

        The body of one that comes ``alone`` is read before that: no transaction waits for who sends it.
        """
        request = call.request
        if self._service.read_only:
            hint = "this service is read-only"
            raise MethodNotAllowed(f"{request.method} is not offered here", allowed=READ, hint=hint)
        lifted = lift(call.rest, request.query)
        accept = request.fields.get("accept")
        key = (request.method, lifted[0], accept, version)
        change, values = self._shapes.find(key, lifted, partial(self._compiled, call, accept, version))
        bound = replace(change.bound, values=tuple(values)) if values else change.bound
        preferred = _preferred(request.fields.get("prefer"))

        most, takes = self._service.limits.body_length, None if isinstance(change, ActionCall) else change.takes
        media = None if takes is None else takes.put_aside(request, self._service.limits.media_length)
        body = read_bytes(request, most) if alone and media is None else None

        def answer(transaction: Transaction, known: Mapping[str, str]) -> Response:
            references = References(self._bound, transaction.view, call.root, self._root_path, known)
            given = request if body is None else with_body(request, body)
            if isinstance(change, ActionCall):
                return change.respond(replace(call, request=given), transaction, references, preferred)
            asked = Asked(given, bound, transaction, references, _DIALECT, most, change.identifier, media)
            return self._response(call, asked, change.operation(asked), preferred, version)

        return answer

    def _compiled(self, call: Call, accept: str | None, version: str) -> Compiled[_Change | ActionCall]:
        """Read and check a request, but for its body and the fields that are about the state of the data."""
        method = call.request.method
        path, of_reference = _without_ref(call.rest)
        pairs = split_query(call.request.query)
        identifier = next((value for name, value in pairs if name in ("$id", "id")), None) if of_reference else None
        options = read_options([pair for pair in pairs if not (of_reference and pair[0] in ("$id", "id"))])
        bound = self._bound(path)
        if bound.invocation is not None and not of_reference:
            return Compiled(self._called(call, accept, version), (), (), None, shared=False)
        operation = self._operation(method, bound, of_reference)
        _ensure_shaping(options, method, bound.target)
        if addressed_stream(bound) is None:  # which is answered without a body
            json_format(accept, options.format, version)  # what cannot be answered is not done
        else:
            check_plain(None, options.format)
        takes = None if of_reference else incoming(self._service, bound, method)
        return Compiled(_Change(bound, operation, identifier, takes), bound.values, bound.slots, None)

    def _called(self, call: Call, accept: str | None, version: str) -> ActionCall:
        """Check the call of an action as far as its URL goes."""
        request, service = call.request, self._service
        options = read_options(request.query)
        bound = bind_request(read_path(call.rest), options, model=service.model, limits=service.limits.query)
        assert bound.invocation is not None
        ensure_method(request.method, bound.invocation.operation)
        service.ensure_offered(bound.invocation.operation)
        answering = self._compiler.answering(Wanted(bound, accept, options.format, version))
        return ActionCall(service, bound, bound.invocation, answering, _DIALECT)

    def _bound(self, path: str) -> BoundRequest:
        bound = bind_request(read_path(path), model=self._service.model, limits=self._service.limits.query)
        if bound.read is not None and any(isinstance(step, Filtered) for step in bound.read.source.steps):
            raise Unsupported("changing what a path filters is not offered", target="$filter")
        return bound

    def _operation(self, method: str, bound: BoundRequest, of_reference: bool) -> Operation:
        table = REFERENCE_OPERATIONS if of_reference else OPERATIONS
        offered = table.get(bound.target, {})
        if bound.target is Target.PROPERTY and addressed_stream(bound) is not None:
            offered = STREAM_OPERATIONS
        if of_reference and bound.target not in table:
            raise NotFound("$ref follows a navigation property", hint="address Set(key)/Navigation/$ref")
        if method not in offered:
            allowed = (*READ, *offered)
            raise MethodNotAllowed(
                f"{method} is not offered for {bound.target.value}",
                allowed=allowed,
                hint=f"it takes {', '.join(allowed)}",
            )
        return offered[method]

    def _response(self, call: Call, asked: Asked, done: Done, preferred: str | None, version: str) -> Response:
        if done.key is None:
            told = [] if done.media_tag is None else [("etag", done.media_tag)]
            return Response(204, [("odata-version", version), *told])
        entity_set = set_of(asked.read.source)
        path = address(entity_set, done.key)
        wanted = preferred or ("representation" if done.created else "minimal")
        if wanted == "representation":
            response = self._representation(call, asked, path, done.shown, version)
        else:
            found = asked.unit.require(entity_set, done.key)
            tag = entity_tag(found.type, found)
            response = Response(204, [("odata-version", version), ("etag", tag)])
        if done.created:
            url = call.root + path
            response.status = 201 if response.status == 200 else response.status
            response.fields += [("location", url)] + ([("odata-entityid", url)] if response.status == 204 else [])
        if preferred:
            response.fields.append(("preference-applied", f"return={preferred}"))
        return response

    def _representation(self, call: Call, asked: Asked, path: str, shown: str, version: str) -> Response:
        """Answer with the entity, or the property, as it is now: in the state that the transaction sees."""
        request, query = call.request, call.request.query
        path += cast_segment(set_of(asked.read.source), asked.read.query.type)
        path += "".join(f"/{item.name}" for item in asked.bound.properties)
        if shown and not read_options(query).expand:  # as deep as was inserted (section 11.4.2.2)
            query = f"{query}&$expand={shown}" if query else f"$expand={shown}"
        accept, lifted = request.fields.get("accept"), lift(path, query)
        compile = partial(self._compiler.compile, path, query, accept, version)
        operation, values = self._read_shapes.find((lifted[0], accept, version), lifted, compile)
        if isinstance(operation, ReadEntity):
            return operation.shown(call, asked.transaction.view, values)
        assert isinstance(operation, ReadProperty)
        operation = replace(operation, service=replace(self._service, store=asked.transaction.view))
        plain = replace(request, method="GET", fields={})
        return operation.respond(replace(call, request=plain), values)


def _without_ref(path: str) -> tuple[str, bool]:
    for suffix in ("/$ref", "/%24ref"):
        if path.endswith(suffix):
            return path[: -len(suffix)], True
    return path, False


def _ensure_shaping(options: Options, method: str, target: Target) -> None:
    """Raise InvalidInput for options that say nothing about a change: only the answer can be shaped."""
    given = [name for name in _READING if getattr(options, name)]
    if given:
        raise InvalidInput(f"${given[0]} says nothing about a {method}", target=f"${given[0]}", hint="leave it out")
    if target not in (Target.COLLECTION, Target.ENTITY) and (options.select or options.expand):
        raise InvalidInput("$select and $expand shape entities", target="$select", hint="leave them out")


def _preferred(field: str | None) -> str | None:
    """Return what the caller prefers to be returned, ``None`` where it does not say (or not so that it can be read)."""
    if field is None:
        return None
    try:
        found = parse_prefer(field).get("return")
    except SyntaxFault:
        return None
    return found.value if found is not None and found.value in ("minimal", "representation") else None
