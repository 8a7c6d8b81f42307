"""The OData v4 protocol over one service: a handler from request to response.

OData Protocol 4.01, sections 8 to 11. A request takes one of two ways. The first of its URL shape is read, bound and
compiled (`compile_request`). The following ones only fill the lifted literals into the operation found for the shape.
Requests that change data go to `changes`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Final

from demotic.errors import DemoticError, LimitExceeded, MethodNotAllowed
from demotic.protocols.odata.common import (
    Call,
    Operation,
    Roots,
    Shapes,
    lift,
    refill,
    with_key_predicates,
    without_body,
)
from demotic.protocols.odata.common.batch import PATHS
from demotic.protocols.odata.v4._compile import Compiler
from demotic.protocols.odata.v4._errors import error_response
from demotic.protocols.odata.v4._negotiation import max_page_size, version_for
from demotic.protocols.odata.v4._standing import BY_ID, QUERY, by_id, query_of_body
from demotic.protocols.odata.v4.batch import BatchV4
from demotic.protocols.odata.v4.changes import READ, Changer
from demotic.query import read_literal
from demotic.service import Service
from demotic.syntax.http import Request, Response

FILL: Final = partial(refill, read=lambda text, _slot: read_literal(text))
"""How a parameter takes the value of another literal."""


class ODataV4:
    """A handler that publishes ``service`` as OData 4.01 and 4.0.

    ``root`` is the path of the service root, with slashes at both ends. ``public_root`` is its whole URL as clients see
    it, where that differs from what they send as Host (behind a proxy, say).
    """

    def __init__(self, service: Service, root: str = "/odata/v4/", *, public_root: str | None = None) -> None:
        self._roots = Roots(root, public_root)
        self._shapes: Shapes[Operation] = Shapes(FILL)
        self.statistics = self._shapes.statistics
        self._page_size = service.limits.page_size
        self._url_length = service.limits.url_length
        self._service = service
        self._compiler = Compiler(service)
        self._changer = Changer(service, self._compiler, self._shapes, root)
        self._batch = BatchV4(service, self, self._changer, root)

    def __call__(self, request: Request) -> Response:
        """Answer a request. Every error becomes a response in OData's own form; only faults of ours are raised."""
        version = "4.01"
        fields = request.fields
        try:
            maximum, used = fields.get("odata-maxversion"), fields.get("odata-version")
            if maximum is not None or used is not None:
                version = version_for(maximum, used)
            response = self._answer(request, version)
        except DemoticError as error:
            response = error_response(error, version)
        except RecursionError:
            response = error_response(LimitExceeded("the request is nested too deeply"), version)
        return without_body(response) if request.method == "HEAD" else response

    def refuse(self, request: Request, error: DemoticError) -> Response:
        """Answer with an error that was found before the request came here: see `demotic.service.access.Speaker`."""
        version = "4.01"
        with suppress(DemoticError):  # there is an error to tell already
            version = version_for(request.fields.get("odata-maxversion"), request.fields.get("odata-version"))
        response = error_response(error, version)
        return without_body(response) if request.method == "HEAD" else response

    def _answer(self, request: Request, version: str) -> Response:
        if len(request.path) + len(request.query) > self._url_length:
            raise LimitExceeded(f"the URL is longer than {self._url_length} characters", target="URL")
        rest = self._roots.below(request.path)
        identified = False
        if rest.startswith(BY_ID) and request.method in READ:
            found = by_id(request, rest, self._roots.url(request), self._roots.path)
            if found is not None:
                (request, rest), identified = found, True
        elif rest.endswith(QUERY):
            if request.method != "POST":
                raise MethodNotAllowed("a query in a body is posted", allowed=("POST",))
            request, rest = query_of_body(request, rest, self._service.limits.body_length)
        if self._service.key_as_segment:
            rest = with_key_predicates(rest, self._service.model)
        fields = request.fields
        accept = fields.get("accept")
        page, preferred = self._page_size, None
        if (prefer := fields.get("prefer")) is not None and (preferred := max_page_size(prefer)) is not None:
            page = preferred if page is None else min(page, preferred)
        call = Call(request, self._roots.url(request), rest, page, preferred)
        if rest in PATHS:
            return self._batch.respond(call, version)
        if request.method not in READ:
            return self._changer.respond(call, version)
        lifted = lift(rest, request.query)
        key = (lifted[0], accept, version, identified)
        compile = partial(self._compiler.compile, rest, request.query, accept, version, identified=identified)
        operation, values = self._shapes.find(key, lifted, compile)
        return operation.respond(call, values)
