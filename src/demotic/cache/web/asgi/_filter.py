"""The driver of ASGI 3 (HTTP message format 2.5): takes an application's response through a `Flow`.

The head is held back until the first piece of the body has come, since whether a body comes in one piece is what tells
a page from a stream. What a flow cannot follow (a file sent by its path, trailers) goes as the application sent it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from demotic.cache.web._fields import content_length
from demotic.cache.web._flow import Answer, Asked, Flow, Head, Middleware, Step, Through

__all__ = ["AsgiApp", "AsgiFilter", "Message", "Receive", "Scope", "Send", "field_reader", "read_head", "start_message"]

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

START = "http.response.start"
BODY = "http.response.body"


class AsgiFilter:
    """An ASGI application that passes HTTP requests and responses of another through a middleware."""

    def __init__(self, app: AsgiApp, middleware: Middleware) -> None:
        self._app = app
        self._middleware = middleware

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        step = self._middleware(Asked(scope["method"], field_reader(scope))) if scope["type"] == "http" else None
        if step is None:
            await self._app(scope, receive, send)
        elif isinstance(step, Answer):
            await send(start_message(step.head))
            await send({"type": BODY, "body": b"" if scope["method"] == "HEAD" else step.body})
        else:
            await self._app(_seen(scope, step), receive, _Exchange(step, send).send)


class _Exchange:
    """One response between its application and its server."""

    def __init__(self, step: Step, send: Send) -> None:
        self._step = step
        self._send = send
        self._start: Message = {}
        self._flow: Flow | None = None
        self._head_sent = False
        self._ended = False

    async def send(self, message: Message) -> None:
        """Take a message of the application and send what follows from it."""
        kind = message["type"]
        if kind == START:
            self._start = message
        elif kind == BODY:
            await self._take_body(message.get("body", b""), more=message.get("more_body", False))
        elif kind.startswith("http.response.") and kind not in ("http.response.push", "http.response.debug"):
            await self._take_other(message)
        else:
            await self._send(message)

    async def _take_body(self, body: bytes, *, more: bool) -> None:
        if self._ended:
            return
        flow = self._decide(None if more else len(body))
        out = flow.push(body)
        if not more or not flow.wanted:
            out += flow.end()
            self._ended = True
        await self._send_head()
        if self._head_sent and (out or self._ended):
            await self._send({"type": BODY, "body": out, "more_body": not self._ended})

    async def _take_other(self, message: Message) -> None:
        """Hand on a body that comes in another way, or trailers; where no body is wanted, end the response instead."""
        flow = self._decide(None)
        if flow.wanted:
            if not self._head_sent:
                self._flow = Through(read_head(self._start))
            await self._send_head()
            await self._send(message)
        elif not self._ended:
            self._ended = True
            await self._send_head()
            await self._send({"type": BODY, "body": b""})

    def _decide(self, size: int | None) -> Flow:
        if self._flow is None:
            head = read_head(self._start)
            stated = content_length(head.fields)
            self._flow = self._step.flow(head, size if stated is None else stated)
            if self._start.get("trailers") and self._flow.wanted:
                self._flow = Through(head)
        return self._flow

    async def _send_head(self) -> None:
        flow = self._flow
        if self._head_sent or flow is None or flow.head is None:
            return
        self._head_sent = True
        trailers = {"trailers": True} if self._start.get("trailers") and flow.wanted else {}
        await self._send({**start_message(flow.head), **trailers})


def field_reader(scope: Scope) -> Callable[[str], str | None]:
    """Return a function that reads a request field by its lower-case name, repeated ones joined with commas."""

    def read(name: str) -> str | None:
        wanted = name.encode("latin-1")
        values = [value for known, value in scope["headers"] if known.lower() == wanted]
        return b", ".join(values).decode("latin-1") if values else None

    return read


def read_head(message: Message) -> Head:
    """Return the head that an `http.response.start` message carries."""
    pairs = message.get("headers", ())
    return Head(message["status"], [(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs])


def start_message(head: Head) -> Message:
    """Return the `http.response.start` message of a head; names are lower case, as ASGI asks."""
    fields = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in head.fields]
    return {"type": START, "status": head.status, "headers": fields}


def _seen(scope: Scope, step: Step) -> Scope:
    """Return the scope that the application sees; the client's own stays as it is, for what stands outside."""
    if step.method is None and not step.fields:
        return scope
    hidden = {name.encode("latin-1") for name in step.fields}
    headers = [(name, value) for name, value in scope["headers"] if name.lower() not in hidden]
    changed = [(name.encode(), value.encode("latin-1")) for name, value in step.fields.items() if value is not None]
    return {**scope, "method": step.method or scope["method"], "headers": [*headers, *changed]}
