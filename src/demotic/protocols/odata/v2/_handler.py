"""The OData v2 protocol over one service: a handler from request to response.

[MS-ODATA], sections 2.2.5 (header fields) and 2.2.7 (requests). As in version 4, the first request of a URL's shape is
read, bound and compiled; the following ones only fill the lifted literals into the operation found for the shape. The
service root belongs to the shape, as payloads have it in every URL.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from demotic.errors import DemoticError, LimitExceeded
from demotic.protocols.odata.common import Call, Operation, Roots, Shapes, lift, refill, without_body
from demotic.protocols.odata.common.batch import PATHS
from demotic.protocols.odata.v2._batch import BatchV2
from demotic.protocols.odata.v2._compile import Compiler
from demotic.protocols.odata.v2._errors import error_response
from demotic.protocols.odata.v2._negotiation import prefers_xml, version_for
from demotic.protocols.odata.v2._tunnel import tunnelled
from demotic.protocols.odata.v2.changes import READ, Changer
from demotic.query import Literal, Slot
from demotic.query.v2 import read_as
from demotic.service import Service
from demotic.syntax.http import Request, Response


class ODataV2:
    """A handler that publishes ``service`` as OData 2.0, in verbose JSON.

    ``root`` is the path of the service root, with slashes at both ends. ``public_root`` is its whole URL as clients see
    it, where that differs from what they send as Host (behind a proxy, say).
    """

    def __init__(self, service: Service, root: str = "/odata/v2/", *, public_root: str | None = None) -> None:
        self._roots = Roots(root, public_root)
        self._shapes: Shapes[Operation] = Shapes(partial(refill, read=_read_like))
        self.statistics = self._shapes.statistics
        self._limits = service.limits
        self._compiler = Compiler(service)
        self._changer = Changer(service, self._compiler, self._shapes, self._roots)
        self._batch = BatchV2(service, self, self._changer, root)

    def __call__(self, request: Request) -> Response:
        """Answer a request. Every error becomes a response in OData's own form; only faults of ours are raised."""
        version = "2.0"
        fields = request.fields
        try:
            maximum, used = fields.get("maxdataserviceversion"), fields.get("dataserviceversion")
            if maximum is not None or used is not None:
                version = version_for(maximum, used)
            response = self._answer(tunnelled(request), version)
        except DemoticError as error:
            response = error_response(error, version, xml=prefers_xml(fields.get("accept"), request.query))
        except RecursionError:
            response = error_response(LimitExceeded("the request is nested too deeply"), version)
        return without_body(response) if request.method == "HEAD" else response

    def refuse(self, request: Request, error: DemoticError) -> Response:
        """Answer with an error that was found before the request came here: see `demotic.service.access.Speaker`."""
        version, fields = "2.0", request.fields
        with suppress(DemoticError):  # there is an error to tell already
            version = version_for(fields.get("maxdataserviceversion"), fields.get("dataserviceversion"))
        response = error_response(error, version, xml=prefers_xml(fields.get("accept"), request.query))
        return without_body(response) if request.method == "HEAD" else response

    def _answer(self, request: Request, version: str) -> Response:
        if len(request.path) + len(request.query) > self._limits.url_length:
            raise LimitExceeded(f"the URL is longer than {self._limits.url_length} characters", target="URL")
        rest = self._roots.below(request.path)
        root = self._roots.url(request)
        call = Call(request, root, rest, self._limits.page_size, None)
        if rest in PATHS:
            return self._batch.respond(call, version)
        if request.method not in READ:
            return self._changer.respond(call, version)
        accept = request.fields.get("accept")
        lifted = lift(rest, request.query)
        key = (lifted[0], accept, version, root)
        compile = partial(self._compiler.compile, rest, request.query, accept, version, root)
        operation, values = self._shapes.find(key, lifted, compile, kept=self._roots.is_kept(request))
        return operation.respond(call, values)


def _read_like(text: str, slot: Slot) -> Literal:
    assert isinstance(slot.node, Literal)
    return read_as(slot.node.kind, text)
