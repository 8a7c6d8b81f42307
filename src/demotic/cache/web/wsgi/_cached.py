"""`cached_response` for WSGI applications: their pages are made once and kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, Unpack

from demotic.cache.web._fields import Fields
from demotic.cache.web._flow import Head
from demotic.cache.web.pages import (
    TOO_LONG,
    Keeping,
    Page,
    PageOptions,
    PageRequest,
    Pages,
    Rules,
    Unkept,
    answer,
    changes,
    page_of,
)
from demotic.cache.web.wsgi._filter import Environ, StartResponse, WsgiApp, environ_key, read_head, send_head
from demotic.cache.web.wsgi._request import page_request

__all__ = ["CachedApp", "cached_response"]


def cached_response(app: WsgiApp, ttl: float | None = None, **options: Unpack[PageOptions]) -> CachedApp:
    """Return the application with its pages kept for ``ttl`` seconds, or until they are invalidated.

    Pages are told apart by site, path and query, and by what ``vary`` and ``key`` name; `PageOptions` tells what each
    option means. Functions given for ``key`` and ``tags`` get the `PageRequest`. An application whose pages are kept
    where other processes see them needs a ``name``.
    """
    return CachedApp(app, Keeping.of(ttl, app, options))


class CachedApp:
    """A WSGI application whose pages are kept; ``pages`` are invalidated by their paths."""

    def __init__(self, app: WsgiApp, keeping: Keeping) -> None:
        self._app = app
        self._keeping = keeping
        self.pages: Pages = keeping.pages()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request, rules = page_request(environ), self._keeping.rules
        if not rules.concern(request):
            return self._app(environ, self._forgetting(request, start_response))
        asking = rules.asking(request, (request,), {}, lambda: self._make(environ))
        page = self.pages.get(asking)
        if isinstance(page, Unkept):
            head, body = page.response
            send_head(start_response, head)
            return _sent(body) if request.method == "HEAD" else body
        given = answer(page, request, time.time(), kept=not asking.made)
        send_head(start_response, given.head)
        return [given.body]

    def _make(self, environ: Environ) -> Page | Unkept:
        rules = self._keeping.rules
        hidden = {environ_key(name) for name in rules.hidden}
        seen = {key: value for key, value in environ.items() if key not in hidden}
        head, body = _collect(self._app, seen | {"REQUEST_METHOD": "GET"}, rules)
        return page_of(head, body, rules.vary) if isinstance(body, bytes) else Unkept((head, body), TOO_LONG)

    def _forgetting(self, request: PageRequest, start_response: StartResponse) -> StartResponse:
        """Return a `start_response` that forgets the pages of a path when its data has been changed."""
        if not (changes(request) and self._keeping.forget_on_write):
            return start_response

        def start(status: str, headers: Fields, exc_info: Any = None) -> Any:
            # RFC 9111, section 4.4: any answer that is no error.
            if status[:1] in ("2", "3"):
                self.pages.invalidate(request.path)
            return start_response(status, headers, *([exc_info] if exc_info else []))

        return start


class Rest:
    """The body of a response that is not kept: what was read of it already, and the rest as it comes."""

    def __init__(self, read: list[bytes], rest: Iterator[bytes], close: Callable[[], None]) -> None:
        self._pieces = chain(read, rest)
        self.close = close

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces


def _collect(app: WsgiApp, environ: Environ, rules: Rules) -> tuple[Head, bytes | Rest]:
    """Return the response of an application; its body whole, if it is no stream and not too long."""
    heads: list[Head] = []
    read: list[bytes] = []

    def start_response(status: str, headers: Fields, exc_info: Any = None) -> Callable[[bytes], Any]:
        heads[:] = [read_head(status, headers)]
        return read.append

    result = app(environ, start_response)
    close: Callable[[], None] = getattr(result, "close", lambda: None)
    pieces, size = iter(result), 0
    try:
        for chunk in pieces:
            read.append(chunk)
            size += len(chunk)
            if size > rules.largest or rules.is_stream(heads[-1]):
                return heads[-1], Rest(read, pieces, close)
    except BaseException:
        close()
        raise
    close()
    if not heads:
        raise AssertionError("the WSGI application ended without calling start_response")
    return heads[-1], b"".join(read)


def _sent(body: Rest) -> list[bytes]:
    body.close()
    return []
