"""The pages of one handler: cached functions of an `Asking`, for handlers that return or are awaited."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypedDict

from demotic.cache._counters import Hook
from demotic.cache.backends import Backend
from demotic.cache.functions import AsyncCachedFunction, CachedFunction, cached, registry
from demotic.cache.web.pages._page import Page, PageSerializer, Unkept
from demotic.cache.web.pages._passed import Passed
from demotic.cache.web.pages._rules import Asking, Rules, path_tag

__all__ = ["AsyncPages", "Keeping", "PageOptions", "Pages", "name_of"]


class PageOptions(TypedDict, total=False):
    """What every form of `cached_response` takes by name.

    ``vary`` names the request fields that a page depends on, ``query`` the parameters of the query (by default all of
    it), and ``key``, a function of the handler's own arguments, whatever else. ``tags``, names or a function of these
    arguments, are what pages are invalidated by; each page also has the tag ``page:`` and its path. ``statuses`` are
    kept (200 alone by default), of at most ``largest`` bytes. A request that changes data invalidates the pages of its
    path, unless ``forget_on_write`` is false. The others are those of `demotic.cache.cached`.
    """

    vary: Iterable[str]
    query: Iterable[str] | None
    key: Callable[..., object] | None
    tags: Callable[..., Iterable[str]] | Iterable[str]
    statuses: Iterable[int]
    largest: int
    forget_on_write: bool
    backend: Backend | str | None
    stale_on_error: float
    jitter: float
    lease: float
    name: str | None
    version: str | int | None
    on_event: Hook | None


RULES = ("vary", "query", "key", "tags", "statuses", "largest")


@dataclass(frozen=True, slots=True)
class Keeping:
    """How one handler's pages are kept: by which rules, with which options of `cached`."""

    rules: Rules
    forget_on_write: bool
    options: dict[str, Any]

    @classmethod
    def of(cls, ttl: float | None, handler: object, given: PageOptions, *, by_method: bool = False) -> Keeping:
        """Read the options of `cached_response`. Raises `WrongCacheUse`, and TypeError for one that is not there."""
        options: dict[str, Any] = dict(given)
        unknown = options.keys() - PageOptions.__annotations__.keys()
        if unknown:
            raise TypeError(f"cached_response() got an unexpected keyword argument {min(unknown)!r}")
        rules: dict[str, Any] = {name: options.pop(name) for name in RULES if name in options}
        for name, kind in (("vary", tuple), ("query", tuple), ("statuses", frozenset)):
            value = rules.get(name)
            if value is not None and not isinstance(value, str):
                rules[name] = kind(value)
        checked = Rules(**rules, by_method=by_method)
        forget = options.pop("forget_on_write", True)
        options["name"] = options.get("name") or name_of(handler)
        return cls(checked, forget, {**options, "ttl": ttl, "serializer": PageSerializer(checked.refusal)})

    def decorated(self, make: Any, decorator: Any = cached) -> Any:
        """Return the cached form of a function of an `Asking`."""
        return decorator(key=lambda asking: asking.key, tags=lambda asking: asking.tags, **self.options)(make)

    def pages(self) -> Pages:
        """Return the pages of a handler that returns."""

        def make(asking: Asking) -> Page | Unkept:
            asking.made = True
            return asking.make()  # type: ignore[no-any-return]

        function = self.decorated(make)
        return Pages(function, Passed(function.key, self.rules.refusal))

    def async_pages(self) -> AsyncPages:
        """Return the pages of a handler that is awaited."""

        async def make(asking: Asking) -> Page | Unkept:
            asking.made = True
            return await asking.make()  # type: ignore[no-any-return]

        function = self.decorated(make)
        return AsyncPages(function, Passed(function.key, self.rules.refusal))


class Pages:
    """Pages of a handler that returns; ``function`` is the cached function behind them, with verbs and counters."""

    def __init__(self, function: CachedFunction[[Asking], Page | Unkept], passed: Passed) -> None:
        self.function = function
        self._passed = passed

    def get(self, asking: Asking) -> Page | Unkept:
        """Return a page, made now if it is not kept or no longer as fresh as it says."""
        if self._passed.knows(asking):
            return self.function.original(asking)
        page = self.function(asking)
        self._passed.note(asking, page)
        if isinstance(page, Page) and not asking.made and not page.is_fresh(time.time()):
            page = self.function.refresh(asking)
        return page

    def invalidate(self, path: str) -> bool:
        """Forget the pages of a path, whatever their query and fields; return whether the cache could be told."""
        return registry.invalidate_tags(path_tag(path), backend=self.function.machine.backend)

    def invalidate_all(self) -> bool:
        """Forget all pages."""
        return self.function.invalidate_all()


class AsyncPages:
    """Pages of a handler that is awaited: as `Pages`, and each method is awaited too."""

    def __init__(self, function: AsyncCachedFunction[[Asking], Page | Unkept], passed: Passed) -> None:
        self.function = function
        self._passed = passed

    async def get(self, asking: Asking) -> Page | Unkept:
        """Return a page, made now if it is not kept or no longer as fresh as it says."""
        if self._passed.knows(asking):
            return await self.function.original(asking)  # type: ignore[no-any-return]
        page = await self.function(asking)
        self._passed.note(asking, page)
        if isinstance(page, Page) and not asking.made and not page.is_fresh(time.time()):
            page = await self.function.refresh(asking)
        return page

    async def invalidate(self, path: str) -> bool:
        """Forget the pages of a path, whatever their query and fields; return whether the cache could be told."""
        return await registry.aio.invalidate_tags(path_tag(path), backend=self.function.machine.backend)

    async def invalidate_all(self) -> bool:
        """Forget all pages."""
        return await self.function.invalidate_all()


def name_of(handler: object) -> str | None:
    """Return what a handler is called in every process; `None` if its name does not tell which one it is."""
    if not inspect.isfunction(handler) or "<" in handler.__qualname__:
        return None
    return f"{handler.__module__}:{handler.__qualname__}"
