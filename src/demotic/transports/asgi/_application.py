"""The ASGI application around a handler (ASGI 3.0, HTTP and lifespan protocols).

Handlers are plain functions, so they run in a bounded pool of threads; the event loop only carries bytes. A long body
holds a thread while its next chunk is computed, and none while the client reads. A body of a request is read whole
before the handler is called: how much of it, and for how long, is bounded.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, Final, TypeAlias

from demotic.errors import PayloadTooLarge
from demotic.syntax.http import Chunks, Handler, Request, Response
from demotic.transports._conversion import BUSY, SLOW, Ids, answer, encoded_path, plain, sent
from demotic.transports.wsgi import AccessLog

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

logger = logging.getLogger("demotic.asgi")

_IN_MEMORY: Final = 1024 * 1024
_END: Final = b""


class ScopeFields(Mapping[str, str]):
    """Header fields by lower-case name, of an ASGI scope; those that came more than once joined."""

    __slots__ = ("_fields",)

    def __init__(self, headers: Any) -> None:
        self._fields: dict[str, str] = {}
        for name, value in headers:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            self._fields[key] = f"{self._fields[key]}, {text}" if key in self._fields else text

    def __getitem__(self, name: str) -> str:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


class ClientLeft(Exception):
    """The client left before its request was read."""


class AsgiApplication:
    """An ASGI application that answers with ``handler``.

    ``threads`` is how many requests are worked on at a time, ``streams`` how many bodies in chunks may be on their way
    (``None``: as many as come). Of a request's body, ``body_length`` bytes are taken, within ``body_timeout`` seconds.
    ``log`` takes a line per request. ``on_shutdown`` is called when the server ends, to close a store, say.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        log: AccessLog | None = None,
        threads: int = 8,
        streams: int | None = 32,
        body_length: int = 32 * 1024 * 1024,
        body_timeout: float = 30.0,
        on_shutdown: Callable[[], object] | None = None,
    ) -> None:
        self._handler = handler
        self._log = log
        self._ids = Ids()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="demotic-asgi")
        self._streams = streams
        self._streaming = 0
        self._body_length = body_length
        self._body_timeout = body_timeout
        self._on_shutdown = on_shutdown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of the server's."""
        match scope["type"]:
            case "http":
                await self._answer(scope, receive, send)
            case "lifespan":
                await self._live(receive, send)
            case "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1003})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            kind = (await receive())["type"]
            if kind == "lifespan.shutdown":
                self._pool.shutdown()
                if self._on_shutdown is not None:
                    self._on_shutdown()
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        request = self._request(scope)
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
            try:
                async with asyncio.timeout(self._body_timeout):
                    whole = await self._read(receive, body, request.fields)
            except ClientLeft:
                self._note(request, 499, -1, began)
                return
            except TimeoutError:
                await self._send(request, plain(408, SLOW, ("connection", "close")), receive, send, began)
                return
            body.seek(0)
            request.body = body.read if whole else _cut(body.read, self._body_length)
            response = await self._run(answer, self._handler, request, logger)
        await self._send(request, response, receive, send, began)

    def _request(self, scope: Scope) -> Request:
        fields = ScopeFields(scope["headers"])
        raw: bytes | None = scope.get("raw_path")
        path = sent(raw.partition(b"?")[0].decode("latin-1")) if raw else encoded_path(_disguised(scope["path"]))
        prefix = encoded_path(_disguised(scope.get("root_path", "")))
        # The path has all that the client sent (ASGI 3.0); servers of old left out what the application is mounted at.
        if prefix and not path.startswith(prefix):
            path = prefix + path
        host, port = scope.get("server") or ("localhost", None)
        return Request(
            scope["method"],
            path,
            sent(scope.get("query_string", b"").decode("latin-1")),
            fields,
            scope.get("scheme", "http"),
            fields.get("host") or (host if port is None else f"{host}:{port}"),
            next(self._ids),
        )

    async def _read(self, receive: Receive, body: IO[bytes], fields: Mapping[str, str]) -> bool:
        """Read the body, no more of it than shows whether it is too long; return whether it is not.

        Raises `ClientLeft`.
        """
        length = fields.get("content-length", "")
        if length.isdecimal() and int(length) > self._body_length:
            return False
        size = 0
        while size <= self._body_length:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientLeft
            size += body.write(message.get("body", b""))
            if not message.get("more_body", False):
                return True
        return False

    async def _run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function in the pool, in the context of the request."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._pool, context.run, function, *arguments)

    async def _send(self, request: Request, response: Response, receive: Receive, send: Send, began: float) -> None:
        body = response.body
        if not isinstance(body, bytes) and self._streams is not None and self._streaming >= self._streams:
            await self._run(body.close)
            response = plain(503, BUSY, ("retry-after", "1"))
            body = response.body
        response.fields.append(("x-request-id", request.id))
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.fields]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        if isinstance(body, bytes):
            await send({"type": "http.response.body", "body": body})
            self._note(request, response.status, len(body), began)
            return
        size = -1
        self._streaming += 1
        try:
            size = await self._stream(body, request, receive, send)
        finally:
            self._streaming -= 1
            await asyncio.shield(self._run(body.close))
            self._note(request, response.status, size, began)

    async def _stream(self, body: Chunks, request: Request, receive: Receive, send: Send) -> int:
        """Send a body in chunks until it ends or the client leaves; return its size, -1 if it was cut short."""
        left = asyncio.ensure_future(_left(receive))
        size, chunks = 0, iter(body)
        try:
            while not left.done():
                chunk = await self._run(next, chunks, _END)
                if chunk == _END:
                    await send({"type": "http.response.body", "body": b""})
                    return size
                size += len(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except Exception:
            # The status has left: all that is left to do is to break off, so that the client sees a cut body.
            logger.exception("request %s broke off: %s %s", request.id, request.method, request.target)
            raise
        finally:
            left.cancel()
        return -1

    def _note(self, request: Request, status: int, size: int, began: float) -> None:
        if self._log is not None:
            seconds = time.perf_counter() - began
            self._log.write(request.id, request.method, request.target, status, size, seconds)


async def _left(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _cut(read: Callable[[int], bytes], most: int) -> Callable[[int], bytes]:
    """Return what reads a body that was not taken whole, as far as it was; who comes to its end is told."""

    def cut(size: int) -> bytes:
        piece = read(size)
        if not piece and size:
            raise PayloadTooLarge(f"the server takes at most {most} bytes", target="body")
        return piece

    return cut


def _disguised(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("latin-1")
