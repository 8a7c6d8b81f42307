"""What type checkers see of a cached function: the original's call, and the verbs about a call."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, overload

from demotic.cache._counters import Counters
from demotic.cache.fills import Missing
from demotic.cache.functions._verbs import Entry

if TYPE_CHECKING:
    from demotic.cache.functions._machine import Machine

P = ParamSpec("P")
Q = ParamSpec("Q")
T = TypeVar("T")
S = TypeVar("S")


class CachedFunction(Protocol[P, T]):
    """A cached function. The verbs take the arguments of the call that they are about."""

    counters: Counters
    machine: Machine
    __name__: str
    __qualname__: str

    @property
    def original(self) -> Callable[P, T]:
        """The function as it was."""
        ...

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T: ...
    def key(self, *args: P.args, **kwargs: P.kwargs) -> str: ...
    def get(self, *args: P.args, **kwargs: P.kwargs) -> T | Missing: ...
    def peek(self, *args: P.args, **kwargs: P.kwargs) -> Entry | None: ...
    def set(self, value: T, /, *args: P.args, **kwargs: P.kwargs) -> bool: ...
    def replace(self, value: T, /, *args: P.args, **kwargs: P.kwargs) -> bool: ...
    def invalidate(self, *args: P.args, **kwargs: P.kwargs) -> bool: ...
    def refresh(self, *args: P.args, **kwargs: P.kwargs) -> T: ...
    def invalidate_all(self) -> bool: ...
    @overload
    def __get__(self, instance: None, owner: type, /) -> CachedFunction[P, T]: ...
    @overload
    def __get__(
        self: CachedFunction[Concatenate[S, Q], T], instance: S, owner: type | None = None, /
    ) -> CachedFunction[Q, T]: ...


class AsyncCachedFunction(Protocol[P, T]):
    """A cached function whose calls, and whose verbs, are awaited."""

    counters: Counters
    machine: Machine
    __name__: str
    __qualname__: str

    @property
    def original(self) -> Callable[P, Any]:
        """The function as it was."""
        ...

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, T]: ...
    def key(self, *args: P.args, **kwargs: P.kwargs) -> str: ...
    async def get(self, *args: P.args, **kwargs: P.kwargs) -> T | Missing: ...
    async def peek(self, *args: P.args, **kwargs: P.kwargs) -> Entry | None: ...
    async def set(self, value: T, /, *args: P.args, **kwargs: P.kwargs) -> bool: ...
    async def replace(self, value: T, /, *args: P.args, **kwargs: P.kwargs) -> bool: ...
    async def invalidate(self, *args: P.args, **kwargs: P.kwargs) -> bool: ...
    async def refresh(self, *args: P.args, **kwargs: P.kwargs) -> T: ...
    async def invalidate_all(self) -> bool: ...
    @overload
    def __get__(self, instance: None, owner: type, /) -> AsyncCachedFunction[P, T]: ...
    @overload
    def __get__(
        self: AsyncCachedFunction[Concatenate[S, Q], T], instance: S, owner: type | None = None, /
    ) -> AsyncCachedFunction[Q, T]: ...


class Decorator(Protocol):
    """What `cached(...)` returns."""

    @overload
    def __call__(  # type: ignore[overload-overlap]
        self, function: Callable[P, Coroutine[Any, Any, T]], /
    ) -> AsyncCachedFunction[P, T]: ...
    @overload
    def __call__(self, function: Callable[P, T], /) -> CachedFunction[P, T]: ...
    @overload
    def __call__(self, function: property, /) -> Any: ...


class ThreadDecorator(Protocol):
    """What `cached(in_thread=True, ...)` returns."""

    def __call__(self, function: Callable[P, T], /) -> AsyncCachedFunction[P, T]: ...
