"""Cached methods: bound to an instance or a class like any other, and their verbs with them."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from demotic.cache.functions._machine import Machine
from demotic.cache.functions._wrap import wrap

CALL_VERBS = ("key", "get", "peek", "set", "replace", "invalidate", "refresh")
_VALUE_FIRST = frozenset({"set", "replace"})


class Bound:
    """A cached method of one instance or class."""

    def __init__(self, function: Callable[..., Any], owner: object) -> None:
        self.__self__ = owner
        self.__func__ = function
        self.__wrapped__ = types.MethodType(function.original, owner)  # type: ignore[attr-defined]
        self.__name__ = function.__name__
        self.__qualname__ = function.__qualname__
        self.__doc__ = function.__doc__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__func__(self.__self__, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.__func__, name)
        if name not in CALL_VERBS:
            return found
        owner = self.__self__
        if name in _VALUE_FIRST:
            return lambda value, /, *args, **kwargs: found(value, owner, *args, **kwargs)
        return lambda *args, **kwargs: found(owner, *args, **kwargs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bound) and self.__self__ is other.__self__ and self.__func__ is other.__func__

    def __hash__(self) -> int:
        return hash((id(self.__self__), self.__func__))

    def __repr__(self) -> str:
        return f"<cached method {self.__qualname__} of {self.__self__!r}>"


class AsyncBound(Bound):
    """A cached method whose calls are awaited."""

    async def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return await self.__func__(self.__self__, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        # What inspect and asyncio know a coroutine function by where it is no plain function.
        if name == "_is_coroutine":
            import asyncio

            return getattr(asyncio.coroutines, "_is_coroutine", None)
        if name == "_is_coroutine_mark":
            import inspect

            return getattr(inspect, "_is_coroutine_mark", None)
        return super().__getattr__(name)


class CachedMethod:
    """What a class holds for a cached method, class method or static method."""

    def __init__(self, machine: Machine, kind: type | None) -> None:
        self._function = wrap(machine)
        self._kind = kind
        self._bound = AsyncBound if machine.asynchronous else Bound
        self.__wrapped__ = machine.original
        self.__name__ = self._function.__name__
        self.__qualname__ = self._function.__qualname__
        self.__module__ = self._function.__module__
        self.__doc__ = self._function.__doc__

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if self._kind is staticmethod:
            return self._function
        if self._kind is classmethod:
            return self._bound(self._function, owner if owner is not None else type(instance))
        return self._function if instance is None else self._bound(self._function, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it unbound, as an outer staticmethod or property does."""
        return self._function(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._function, name)


class CachedProperty(property):
    """A property whose getter is cached. Its verbs take the instance: `Class.name.invalidate(instance)`."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.fget, name)
