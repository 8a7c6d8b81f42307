"""The OData v4 protocol over one service: a handler from request to response.

OData Protocol 4.01, sections 8 to 11. A request takes one of two ways. The first of its URL shape is read, bound and
compiled (`compile_request`). The following ones only fill the lifted literals into the operation found for the shape.
Requests that change data go to `changes`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from demotic.errors import DemoticError, InvalidInput, LimitExceeded, NotFound
from demotic.protocols.odata.v4._answer import Call, Operation
from demotic.protocols.odata.v4._compile import Compiled, Compiler
from demotic.protocols.odata.v4._errors import error_response
from demotic.protocols.odata.v4._negotiation import max_page_size, version_for
from demotic.protocols.odata.v4._refill import Fill, refill
from demotic.protocols.odata.v4._shapes import Lifted, lift, match
from demotic.protocols.odata.v4.batch import PATHS, Batch
from demotic.protocols.odata.v4.changes import READ, Changer
from demotic.query import Continuation
from demotic.service import Service
from demotic.syntax.http import Request, Response

KEPT_SHAPES = 2000
KEPT_ROOTS = 100

ShapeKey = tuple[tuple[str, ...], str | None, str]


@dataclass(frozen=True, slots=True)
class Known:
    """A compiled shape: its operation, and for each parameter the lifted text it comes from and how to read it."""

    operation: Operation
    fills: tuple[tuple[int, Fill], ...]
    continuation: Continuation | None

    def values(self, lifted: Lifted) -> list[object]:
        """Return the values of the parameters. Raises DemoticError or ValueError where they must be bound anew."""
        _, texts, token = lifted
        values = [fill(texts[place]) for place, fill in self.fills]
        if token is not None and self.continuation is not None:
            values += [value for value in self.continuation.read(token, values) if value is not None]
        return values


@dataclass(slots=True)
class Statistics:
    """What the handler has done: requests compiled in full, and shapes kept."""

    compiled: int = 0
    shapes: int = 0


class ODataV4:
    """A handler that publishes ``service`` as OData 4.01 and 4.0.

    ``root`` is the path of the service root, with slashes at both ends. ``public_root`` is its whole URL as clients see
    it, where that differs from what they send as Host (behind a proxy, say).
    """

    def __init__(self, service: Service, root: str = "/odata/v4/", *, public_root: str | None = None) -> None:
        if not (root.startswith("/") and root.endswith("/")):
            raise InvalidInput(f"the service root {root!r} is no path", hint="begin and end it with a slash")
        if public_root is not None and not public_root.startswith(("http://", "https://")):
            raise InvalidInput(f"the public root {public_root!r} is no URL", hint="begin it with http:// or https://")
        self.statistics = Statistics()
        self._page_size = service.limits.page_size
        self._url_length = service.limits.url_length
        self._compiler = Compiler(service)
        self._changer = Changer(service, self._compiler, root)
        self._batch = Batch(service, self, self._changer, root)
        self._root = root
        self._root_length = len(root)
        self._public_root = public_root if public_root is None or public_root.endswith("/") else public_root + "/"
        self._roots: dict[tuple[str, str], str] = {}
        self._shapes: dict[ShapeKey, Known] = {}
        self._lock = threading.Lock()

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
        return _without_body(response) if request.method == "HEAD" else response

    def _answer(self, request: Request, version: str) -> Response:
        if len(request.path) + len(request.query) > self._url_length:
            raise LimitExceeded(f"the URL is longer than {self._url_length} characters", target="URL")
        path = request.path
        rest = path[self._root_length :] if path.startswith(self._root) else self._outside(path)
        fields = request.fields
        accept = fields.get("accept")
        page, preferred = self._page_size, None
        if (prefer := fields.get("prefer")) is not None and (preferred := max_page_size(prefer)) is not None:
            page = preferred if page is None else min(page, preferred)
        root = self._roots.get((request.scheme, request.host)) or self._new_root(request)
        call = Call(request, root, rest, page, preferred)
        if rest in PATHS:
            return self._batch.respond(call, version)
        if request.method not in READ:
            return self._changer.respond(call, version)
        lifted = lift(rest, request.query)
        key = (lifted[0], accept, version)
        known = self._shapes.get(key)
        if known is not None:
            try:
                values = known.values(lifted)
            except (DemoticError, ValueError):
                pass  # a literal that its place takes differently: the long way finds out how, or what is wrong
            else:
                return known.operation.respond(call, values)
        compiled = self._compiler.compile(rest, request.query, accept, version)
        self.statistics.compiled += 1
        if known is None:
            self._keep(key, lifted, compiled)
        return compiled.operation.respond(call, compiled.values)

    def _outside(self, path: str) -> str:
        if f"{path}/" == self._root:
            return ""
        raise NotFound(f"nothing is published at {path}", target="path", hint=f"the service root is {self._root}")

    def _keep(self, key: ShapeKey, lifted: Lifted, compiled: Compiled) -> None:
        _, texts, token = lifted
        if token is None and len(compiled.values) > len(compiled.slots):
            return  # a skip token written in a way of its own
        places = match(texts, [slot.node.text for slot in compiled.slots])
        if places is None:
            return
        fills = tuple((place, refill(slot)) for place, slot in zip(places, compiled.slots, strict=True))
        with self._lock:
            if len(self._shapes) >= KEPT_SHAPES:
                # The oldest goes: dictionaries keep the order of insertion. A shape still in use soon comes back.
                del self._shapes[next(iter(self._shapes))]
            self._shapes[key] = Known(compiled.operation, fills, compiled.continuation)
            self.statistics.shapes = len(self._shapes)

    def _new_root(self, request: Request) -> str:
        root = self._public_root or f"{request.scheme}://{_checked_host(request.host)}{self._root}"
        if len(self._roots) < KEPT_ROOTS:
            self._roots[request.scheme, request.host] = root
        return root


def _checked_host(host: str) -> str:
    # The host goes into JSON payloads as it is, so it must be nothing but a host (RFC 3986, section 3.2.2).
    if not host or len(host) > 300 or not all(c.isascii() and (c.isalnum() or c in "-._~[]:%") for c in host):
        raise InvalidInput("the Host field is not a host", target="Host")
    return host


def _without_body(response: Response) -> Response:
    body = response.body
    if not isinstance(body, bytes):
        body.close()
    return Response(response.status, response.fields, b"")
