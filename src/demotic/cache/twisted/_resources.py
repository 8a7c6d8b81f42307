"""`cached_response` for `Resource.render_GET`, in both of its forms: bytes that are returned, or written later."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Generator
from typing import Any, Unpack

from twisted.internet.defer import Deferred, inlineCallbacks, maybeDeferred
from twisted.python.failure import Failure
from twisted.web.server import NOT_DONE_YET

from demotic.cache._errors import WrongCacheUse
from demotic.cache.twisted._capture import Capture, send_head
from demotic.cache.twisted._functions import cached
from demotic.cache.twisted._registry import registry
from demotic.cache.web.pages import Asking, Keeping, Page, PageOptions, PageRequest, Passed, Unkept, answer, path_tag

__all__ = ["DeferredPages", "cached_response"]

Render = Callable[[Any, Any], Any]


class DeferredPages:
    """The pages of one resource class; ``function`` is the cached function behind them, with verbs and counters."""

    def __init__(self, function: Any, passed: Passed) -> None:
        self.function = function
        self._passed = passed

    @inlineCallbacks
    def get(self, asking: Asking) -> Generator[Any, Any, Page | Unkept]:
        """Bring a page, made now if it is not kept or no longer as fresh as it says."""
        page: Page | Unkept
        if self._passed.knows(asking):
            page = yield self.function.original(asking)
            return page
        page = yield self.function(asking)
        self._passed.note(asking, page)
        if isinstance(page, Page) and not asking.made and not page.is_fresh(time.time()):
            page = yield self.function.refresh(asking)
        return page

    def invalidate(self, path: str) -> Deferred[bool]:
        """Forget the pages of a path, whatever their query and fields; bring whether the cache could be told."""
        return registry.invalidate_tags(path_tag(path), backend=self.function.machine.backend)

    def invalidate_all(self) -> Deferred[bool]:
        """Forget all pages."""
        return self.function.invalidate_all()  # type: ignore[no-any-return]


def cached_response(ttl: float | None = None, **options: Unpack[PageOptions]) -> Callable[[Render], Render]:
    """Return a decorator for `render_GET` whose pages are kept for ``ttl`` seconds, or until they are invalidated.

    The method may return bytes, or NOT_DONE_YET and write and finish later; a failure is answered as Twisted answers
    it, and not kept. Functions given for ``key`` and ``tags`` get the resource and the request. What pages are told
    apart by, and what is kept, is as for whole applications (`demotic.cache.web`).

    The decorated method has ``pages``, with `invalidate(path)` and `invalidate_all()`, which return Deferreds.
    """
    if callable(ttl):
        raise WrongCacheUse("cached_response is called before it decorates", hint="write @cached_response()")

    def decorate(render: Render) -> Render:
        keeping = Keeping.of(ttl, render, options)

        def make(asking: Asking) -> Any:
            asking.made = True
            return asking.make()

        function = keeping.decorated(make, cached)
        pages = DeferredPages(function, Passed(function.key, keeping.rules.refusal))

        @functools.wraps(render)
        def cached_render(self: Any, request: Any) -> Any:
            facts = page_request(request)
            if not keeping.rules.concern(facts):
                return render(self, request)
            _answer(self, request, facts, keeping, pages, render)
            return NOT_DONE_YET

        cached_render.pages = pages  # type: ignore[attr-defined]
        return cached_render

    return decorate


def _answer(
    resource: Any, request: Any, facts: PageRequest, keeping: Keeping, pages: DeferredPages, render: Render
) -> None:
    """Answer a request with its page, unless its client leaves before."""
    left: list[Failure] = []
    request.notifyFinish().addErrback(left.append)
    rules = keeping.rules

    def make() -> Deferred[Page | Unkept]:
        capture = Capture(request, rules)
        return maybeDeferred(render, resource, capture).addCallback(capture.rendered)

    def send(page: Page | Unkept) -> None:
        if isinstance(page, Page) and not left:
            given = answer(page, facts, time.time(), kept=not asking.made)
            send_head(request, given.head)
            request.write(given.body)
            request.finish()

    def fail(failure: Failure) -> None:
        if not left:
            request.processingFailed(failure)

    # What is wrong with key= or tags= is the program's fault, and raised where Twisted reports such.
    asking = rules.asking(facts, (resource, request), {}, make)
    pages.get(asking).addCallback(send).addErrback(fail)


def page_request(request: Any) -> PageRequest:
    """Return what a page may depend on, of a request of Twisted."""

    def field(name: str) -> str | None:
        values = request.requestHeaders.getRawHeaders(name)
        return None if values is None else ", ".join(values)

    target, _, query = request.uri.partition(b"?")
    return PageRequest(
        request.method.decode("latin-1"),
        b"/".join((b"", *request.prepath, *request.postpath)).decode("utf-8", "surrogateescape"),
        query.decode("latin-1"),
        "https" if request.isSecure() else "http",
        field("host") or "",
        target.decode("latin-1"),
        field,
        field("content-length") not in (None, "", "0") or field("transfer-encoding") is not None,
    )
