"""`cached_response` for ASGI applications: their pages are made once and kept."""

from __future__ import annotations

import asyncio
import time
from typing import Unpack

from demotic.cache.web._flow import Head
from demotic.cache.web.asgi._filter import BODY, START, AsgiApp, Message, Receive, Scope, Send, read_head, start_message
from demotic.cache.web.asgi._request import page_request
from demotic.cache.web.pages import (
    TOO_LONG,
    AsyncPages,
    Keeping,
    Page,
    PageOptions,
    PageRequest,
    Rules,
    Unkept,
    answer,
    changes,
    page_of,
)

__all__ = ["CachedApp", "cached_response"]


def cached_response(app: AsgiApp, ttl: float | None = None, **options: Unpack[PageOptions]) -> CachedApp:
    """Return the application with its pages kept for ``ttl`` seconds, or until they are invalidated.

    Pages are told apart by site, path and query, and by what ``vary`` and ``key`` name; `PageOptions` tells what each
    option means. Functions given for ``key`` and ``tags`` get the `PageRequest`. An application whose pages are kept
    where other processes see them needs a ``name``.
    """
    return CachedApp(app, Keeping.of(ttl, app, options))


class CachedApp:
    """An ASGI application whose pages are kept; ``pages`` are invalidated by their paths."""

    def __init__(self, app: AsgiApp, keeping: Keeping) -> None:
        self._app = app
        self._keeping = keeping
        self.pages: AsyncPages = keeping.async_pages()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request, rules = page_request(scope), self._keeping.rules
        if not rules.concern(request):
            return await self._app(scope, receive, self._forgetting(request, send))
        asking = rules.asking(request, (request,), {}, lambda: self._make(scope, receive, send))
        page = await self.pages.get(asking)
        if isinstance(page, Page):
            given = answer(page, request, time.time(), kept=not asking.made)
            await send(start_message(given.head))
            await send({"type": BODY, "body": given.body})
        return None

    async def _make(self, scope: Scope, receive: Receive, send: Send) -> Page | Unkept:
        rules = self._keeping.rules
        hidden = {name.encode() for name in rules.hidden}
        headers = [pair for pair in scope["headers"] if pair[0].lower() not in hidden]
        collector = _Collector(scope["method"], receive, send, rules)
        await self._app({**scope, "method": "GET", "headers": headers}, collector.receive, collector.send)
        whole = collector.whole
        return Unkept(None, TOO_LONG) if whole is None else page_of(*whole, rules.vary)

    def _forgetting(self, request: PageRequest, send: Send) -> Send:
        """Return a `send` that forgets the pages of a path when its data has been changed."""
        if not (changes(request) and self._keeping.forget_on_write):
            return send

        async def sending(message: Message) -> None:
            # RFC 9111, section 4.4: any answer that is no error.
            if message["type"] == START and message["status"] < 400:
                await self.pages.invalidate(request.path)
            await send(message)

        return sending


class _Collector:
    """Takes what an application sends; from the moment it is more than a page, hands it on to the client.

    While a page is made, nobody tells the application that its client has left: others may wait for the same page.
    """

    def __init__(self, method: str, receive: Receive, send: Send, rules: Rules) -> None:
        self._method = method
        self._receive = receive
        self._send = send
        self._rules = rules
        self._start: Message = {}
        self._body = bytearray()
        self._ended = False
        self._asked = False
        self._passing = asyncio.Event()

    @property
    def whole(self) -> tuple[Head, bytes] | None:
        """The head and the body, `None` if they went to the client. Raises `RuntimeError` if the end never came."""
        if self._passing.is_set():
            return None
        if not self._ended:
            raise RuntimeError("the ASGI application returned before its response was complete")
        return read_head(self._start), bytes(self._body)

    async def receive(self) -> Message:
        """Tell that the request has no body, and nothing more until the response goes to the client directly."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._passing.wait()
        return await self._receive()

    async def send(self, message: Message) -> None:
        """Take one message."""
        if self._passing.is_set():
            await self._pass(message)
        elif message["type"] == START:
            self._start = message
            if self._rules.is_stream(read_head(message)) or message.get("trailers"):
                await self._pass_on()
        elif message["type"] == BODY and len(self._body) + len(message.get("body", b"")) <= self._rules.largest:
            self._body += message.get("body", b"")
            self._ended = not message.get("more_body", False)
        elif message["type"].startswith("http.response."):
            await self._pass_on()
            await self._pass(message)

    async def _pass_on(self) -> None:
        self._passing.set()
        await self._send(self._start)
        if self._body:
            await self._pass({"type": BODY, "body": bytes(self._body), "more_body": True})

    async def _pass(self, message: Message) -> None:
        hidden = {"body": b""} if self._method == "HEAD" and message["type"] == BODY else {}
        await self._send({**message, **hidden})
