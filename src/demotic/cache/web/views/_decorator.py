"""`cached_response` for functions of a request: views, endpoints, handlers."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, Unpack

from demotic.cache._errors import WrongCacheUse
from demotic.cache.web.pages import (
    AsyncPages,
    Keeping,
    Page,
    PageOptions,
    PageRequest,
    Pages,
    Unkept,
    answer,
    changes,
    page_of,
)
from demotic.cache.web.views._adapter import Adapter, find_adapter

__all__ = ["cached_response"]

View = TypeVar("View", bound=Callable[..., Any])

NOT_KEPT = "a stream, or a response with a task of its own, is not kept"


def cached_response(
    ttl: float | None = None, *, adapter: Adapter | None = None, **options: Unpack[PageOptions]
) -> Callable[[View], View]:
    """Return a decorator for a function of a request, whose pages are kept for ``ttl`` seconds or until invalidated.

    It takes the views of Flask, Django and Starlette and handlers of Demotic, plain or to be awaited, functions or
    methods; ``adapter`` says how to read the requests of another framework. Functions given for ``key`` and ``tags``
    get what the view gets. What a page is told apart by, and what is kept, is as for whole applications.

    The decorated function has ``pages``, with `invalidate(path)` and `invalidate_all()`, to be awaited where the
    function is. Raises `WrongCacheUse` for what does not go together, and when called without a known request.
    """
    if callable(ttl):
        raise WrongCacheUse("cached_response is called before it decorates", hint="write @cached_response()")

    def decorate(view: View) -> View:
        keeping = Keeping.of(ttl, view, options, by_method=True)
        if inspect.isgeneratorfunction(view) or inspect.isasyncgenfunction(view):
            raise WrongCacheUse(f"{view.__qualname__} makes a stream, which is not kept")
        is_async = inspect.iscoroutinefunction(view)
        decorated = _async_view(view, keeping, adapter) if is_async else _view(view, keeping, adapter)
        return functools.update_wrapper(decorated, view)  # type: ignore[return-value]

    return decorate


@dataclass(frozen=True, slots=True)
class _Visit:
    """One call of a view."""

    keeping: Keeping
    adapter: Adapter
    native: Any
    request: PageRequest

    @classmethod
    def of(cls, view: Callable[..., Any], keeping: Keeping, adapter: Adapter | None, args: tuple[Any, ...]) -> _Visit:
        native: Any = None
        if adapter is None:
            adapter, native = find_adapter(view.__qualname__, args)
        else:
            native = args[0] if args else None
        return cls(keeping, adapter, native, adapter.facts(native))

    @property
    def concerned(self) -> bool:
        return self.keeping.rules.concern(self.request)

    @property
    def forgets(self) -> bool:
        return self.keeping.forget_on_write and changes(self.request)

    def taken(self, response: Any) -> Page | Unkept:
        whole = self.adapter.take(self.native, response)
        return Unkept(response, NOT_KEPT) if whole is None else page_of(*whole, self.keeping.rules.vary)

    def given(self, page: Page | Unkept, *, kept: bool) -> Any:
        if isinstance(page, Unkept):
            return page.response
        made = answer(page, self.request, time.time(), kept=kept)
        return self.adapter.give(self.native, made.head, made.body)

    def succeeded(self, response: Any) -> bool:
        """Tell whether a response says that data was changed; one that does not tell is taken to say so."""
        status = getattr(response, "status_code", None)  # asked first: taking a response apart may render it
        if status is None:
            whole = self.adapter.take(self.native, response)
            status = whole[0].status if whole is not None else 200
        return bool(status < 400)


def _view(view: Callable[..., Any], keeping: Keeping, adapter: Adapter | None) -> Callable[..., Any]:
    pages: Pages = keeping.pages()

    def cached_view(*args: Any, **kwargs: Any) -> Any:
        visit = _Visit.of(view, keeping, adapter, args)
        if not visit.concerned:
            response = view(*args, **kwargs)
            if visit.forgets and visit.succeeded(response):
                pages.invalidate(visit.request.path)
            return response
        asking = keeping.rules.asking(visit.request, args, kwargs, lambda: visit.taken(view(*args, **kwargs)))
        page = pages.get(asking)
        return visit.given(page, kept=not asking.made)

    cached_view.pages = pages  # type: ignore[attr-defined]
    return cached_view


def _async_view(view: Callable[..., Any], keeping: Keeping, adapter: Adapter | None) -> Callable[..., Any]:
    pages: AsyncPages = keeping.async_pages()

    async def cached_view(*args: Any, **kwargs: Any) -> Any:
        visit = _Visit.of(view, keeping, adapter, args)
        if not visit.concerned:
            response = await view(*args, **kwargs)
            if visit.forgets and visit.succeeded(response):
                await pages.invalidate(visit.request.path)
            return response

        async def make() -> Page | Unkept:
            return visit.taken(await view(*args, **kwargs))

        asking = keeping.rules.asking(visit.request, args, kwargs, make)
        page = await pages.get(asking)
        return visit.given(page, kept=not asking.made)

    cached_view.pages = pages  # type: ignore[attr-defined]
    return cached_view
