"""From a request that changes data to its response: all of it in one transaction, committed before it is answered.

OData 2.0, "Operations", section 2; [MS-ODATA], section 2.2.7. An insert is answered with the new entity (201), all else
with no content (204) and, where an entity was changed, the tag of its new state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from demotic.errors import InvalidInput, MethodNotAllowed, NotFound
from demotic.protocols.odata import common
from demotic.protocols.odata.common import Call, Roots, Shapes, addressed_stream, lift, read_bytes, with_body
from demotic.protocols.odata.common.changes import Asked, Done, Operation, References, incoming, set_of
from demotic.protocols.odata.v2._calls import CallOperation
from demotic.protocols.odata.v2._compile import Asked as Wanted
from demotic.protocols.odata.v2._compile import Compiler
from demotic.protocols.odata.v2._negotiation import check_json
from demotic.protocols.odata.v2._operations import ReadEntity
from demotic.protocols.odata.v2._rows import entity_path
from demotic.protocols.odata.v2.changes._dialect import DialectV2
from demotic.protocols.odata.v2.changes._methods import LINK_OPERATIONS, OPERATIONS
from demotic.query import BoundRequest, Options
from demotic.query.v2 import FormerPath, read_options, read_path
from demotic.service import Service, Transaction
from demotic.syntax.http import Response

READ: Final = ("GET", "HEAD")
_READING: Final = ("filter", "orderby", "top", "skip", "skiptoken", "count", "select", "expand")
_SPOKEN: Final = {"count": "$inlinecount"}


class Changer:
    """Answers requests that change data."""

    def __init__(self, service: Service, compiler: Compiler, shapes: Shapes[common.Operation], roots: Roots) -> None:
        """``shapes`` are those of reading, by which what was written is read back."""
        self._service = service
        self._compiler = compiler
        self._read_shapes = shapes
        self._roots = roots
        self._dialect = DialectV2(compiler.projection)

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
        options = read_options(request.query)
        former = read_path(call.rest)
        called = self._called(request.method, former, options, call, version)
        if called is not None:
            return lambda transaction, _known: called.within(call, transaction)
        bound = self._compiler.bind(former, Options())
        operation = _operation(request.method, bound, former)
        _ensure_shaping(options, request.method)
        if addressed_stream(bound) is None:  # which is answered without a body
            check_json(request.fields.get("accept"), options.format)  # what cannot be answered is not done
        limits = self._service.limits
        takes = None if former.links else incoming(self._service, bound, request.method)
        media = None if takes is None else takes.put_aside(request, limits.media_length)
        body = read_bytes(request, limits.body_length) if alone and media is None else None

        def answer(transaction: Transaction, known: Mapping[str, str]) -> Response:
            references = References(self._bound, transaction.view, call.root, self._roots.path, known)
            most = limits.body_length
            given = request if body is None else with_body(request, body)
            asked = Asked(given, bound, transaction, references, self._dialect, most, media=media)
            return self._response(call, asked, operation(asked), version)

        return answer

    def _called(
        self, method: str, former: FormerPath, options: Options, call: Call, version: str
    ) -> CallOperation | None:
        """Return the call of a service operation, if it is one."""
        imports = self._service.model.container.imports if self._service.model.container is not None else {}
        if not former.path.segments or former.path.segments[0].name not in imports:
            return None
        bound = self._compiler.bind(former, options)
        accept = call.request.fields.get("accept")
        return self._compiler.calling(Wanted(bound, accept, options.format, version, call.root), method)

    def _bound(self, path: str) -> BoundRequest:
        return self._compiler.bind(read_path(path), Options())

    def _response(self, call: Call, asked: Asked, done: Done, version: str) -> Response:
        if done.key is None:
            told = [] if done.media_tag is None else [("etag", done.media_tag)]
            return Response(204, [("dataserviceversion", version), *told])
        entity_set = set_of(asked.read.source)
        if not done.created:
            tag = self._dialect.tag(asked.unit.require(entity_set, done.key))
            return Response(204, [("dataserviceversion", version), ("etag", tag)])
        path = entity_path(entity_set.type, entity_set.name, done.key)
        lifted = lift(path, "")
        compile = partial(self._compiler.compile, path, "", None, version, call.root)
        key, kept = (lifted[0], None, version, call.root), self._roots.is_kept(call.request)
        operation, values = self._read_shapes.find(key, lifted, compile, kept=kept)
        assert isinstance(operation, ReadEntity)
        shown = replace(operation, service=replace(self._service, store=asked.transaction.view))
        plain = replace(call.request, method="GET", fields={})
        response = shown.respond(replace(call, request=plain), values)
        response.status = 201
        response.fields.append(("location", call.root + path))
        return response


def _operation(method: str, bound: BoundRequest, former: FormerPath) -> Operation:
    table = LINK_OPERATIONS if former.links else OPERATIONS
    if former.links and bound.target not in table:
        raise NotFound("$links stands before a navigation property", target="$links")
    offered = table.get(bound.target, {})
    if method not in offered:
        allowed = (*READ, *offered)
        raise MethodNotAllowed(
            f"{method} is not offered for {bound.target.value}", allowed=allowed, hint=f"it takes {', '.join(allowed)}"
        )
    return offered[method]


def _ensure_shaping(options: Options, method: str) -> None:
    """Raise InvalidInput for options that say nothing about a change."""
    given = [name for name in _READING if getattr(options, name)]
    if given:
        name = _SPOKEN.get(given[0], f"${given[0]}")
        raise InvalidInput(f"{name} says nothing about a {method}", target=name, hint="leave it out")
