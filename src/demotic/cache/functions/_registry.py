"""Which functions are cached, where, with what; and invalidation by function, class, tag, or all.

Keys are computed, never remembered: another process, or this one after a restart, finds what it has not cached itself.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from demotic.cache._conversation import drive, drive_async
from demotic.cache._counters import Counters
from demotic.cache._errors import UnknownFunction, WrongCacheUse
from demotic.cache.backends import Backend
from demotic.cache.functions import _verbs as verbs
from demotic.cache.functions._machine import ALL, Machine, class_scope, function_scope, tag_scope
from demotic.cache.functions._options import Options
from demotic.cache.functions._settings import default_backend, set_default
from demotic.cache.keys import type_name


class Registration(NamedTuple):
    """One cached function: its name in keys, the function as it was, its backend, its options, its counters."""

    name: str
    original: Callable[..., Any]
    backend: Backend
    options: Options
    counters: Counters


class Registry:
    """The cached functions of this process. Each method that talks to a cache has a twin to await, in `aio`."""

    def __init__(self) -> None:
        self._machines: weakref.WeakSet[Machine] = weakref.WeakSet()
        self._lock = threading.Lock()
        self.aio = AsyncRegistry(self)

    def add(self, machine: Machine) -> None:
        """Take note of a cached function."""
        with self._lock:
            self._machines.add(machine)

    def __iter__(self) -> Iterator[Registration]:
        """Yield the cached functions by their names."""
        for machine in sorted(self.machines(), key=lambda machine: machine.name):
            yield Registration(machine.name, machine.original, machine.backend, machine.options, machine.counters)

    def __len__(self) -> int:
        return len(self._machines)

    def machines(self) -> list[Machine]:
        """Return what belongs to each cached function."""
        with self._lock:
            return list(self._machines)

    def find(self, function: Callable[..., Any] | str) -> Machine:
        """Return what belongs to a cached function, by itself, what it was, or its name. Raises `UnknownFunction`."""
        machine = getattr(function, "machine", None)
        if isinstance(machine, Machine):
            return machine
        for known in self.machines():
            if known.original is function or function == known.name:
                return known
        names = ", ".join(sorted(known.name for known in self.machines())[:12])
        raise UnknownFunction(f"{function!r} is no cached function", hint=f"there are {names or 'none'}")

    def key(self, function: Callable[..., Any] | str, *args: Any, **kwargs: Any) -> str | None:
        """Return the key of a call if its value is cached now, else None. For methods the instance comes first."""
        machine = self.find(function)
        key = machine.key(args, kwargs)
        filling = machine.prepare()
        found = drive(verbs.peek(filling, machine.call(key, args, kwargs)), filling.backend)
        return key if found is not None else None

    def invalidate(self, function: Callable[..., Any] | str) -> bool:
        """Forget all calls of a function; return whether the cache could be told."""
        machine = self.find(function)
        return self._renew((machine.backend,), (function_scope(machine.name),))

    def invalidate_named(self, name: str, *, backend: Backend | None = None) -> bool:
        """Forget all calls of a function by its name in keys; this process need not know the function."""
        return self._renew(self.backends(backend), (function_scope(name),))

    def invalidate_tags(self, *tags: str, backend: Backend | None = None) -> bool:
        """Forget all calls with any of these tags, in all backends or in one."""
        return self._renew(self.backends(backend), self.tag_scopes(tags))

    def invalidate_class(self, cls: type | str, *, backend: Backend | None = None) -> bool:
        """Forget all calls of a class's methods; ``cls`` is the class or its `module:qualified.name`."""
        return self._renew(self.backends(backend), (self.class_scope(cls),))

    def invalidate_all(self, *, backend: Backend | None = None) -> bool:
        """Forget all calls of all functions; what was stored by direct verbs stays."""
        return self._renew(self.backends(backend), (ALL,))

    def backends(self, backend: Backend | None) -> tuple[Backend, ...]:
        """Return the backend given, or all that functions of this process use."""
        if backend is not None:
            return (backend,)
        used = [default_backend(), *(machine.backend for machine in self.machines())]
        return tuple({id(found): found for found in used}.values())

    def tag_scopes(self, tags: tuple[str, ...]) -> tuple[str, ...]:
        """Return the scopes of tags. Raises `WrongCacheUse` for what is no text."""
        for tag in tags:
            if not isinstance(tag, str):
                raise WrongCacheUse(f"a tag is a text, not {tag!r}", target="tags")
        return tuple(map(tag_scope, tags))

    def class_scope(self, cls: type | str) -> str:
        """Return the scope of a class."""
        return class_scope(cls if isinstance(cls, str) else type_name(cls))

    def _renew(self, backends: tuple[Backend, ...], scopes: tuple[str, ...]) -> bool:
        told = [drive(verbs.renew(backend, scopes), backend) for backend in backends if scopes]
        return all(told)

    def forget_backends(self) -> None:
        """Let functions that name no backend look for the default one again."""
        for machine in self.machines():
            machine.forget_backend()


class AsyncRegistry:
    """The methods of the registry that talk to a cache, for tasks: see `Registry`."""

    def __init__(self, of: Registry) -> None:
        self._of = of

    async def key(self, function: Callable[..., Any] | str, *args: Any, **kwargs: Any) -> str | None:
        """Return the key of a call if its value is cached now, else None."""
        machine = self._of.find(function)
        key = machine.key(args, kwargs)
        filling = machine.prepare()
        found = await drive_async(verbs.peek(filling, machine.call(key, args, kwargs)), filling.backend)
        return key if found is not None else None

    async def invalidate(self, function: Callable[..., Any] | str) -> bool:
        """Forget all calls of a function."""
        machine = self._of.find(function)
        return await self._renew((machine.backend,), (function_scope(machine.name),))

    async def invalidate_tags(self, *tags: str, backend: Backend | None = None) -> bool:
        """Forget all calls with any of these tags."""
        return await self._renew(self._of.backends(backend), self._of.tag_scopes(tags))

    async def invalidate_class(self, cls: type | str, *, backend: Backend | None = None) -> bool:
        """Forget all calls of a class's methods."""
        return await self._renew(self._of.backends(backend), (self._of.class_scope(cls),))

    async def invalidate_all(self, *, backend: Backend | None = None) -> bool:
        """Forget all calls of all functions."""
        return await self._renew(self._of.backends(backend), (ALL,))

    async def _renew(self, backends: tuple[Backend, ...], scopes: tuple[str, ...]) -> bool:
        told = [await drive_async(verbs.renew(backend, scopes), backend) for backend in backends if scopes]
        return all(told)


registry = Registry()


def configure(backend: Backend | str) -> Backend:
    """Make a backend, or the one of an address, that of all functions which name none; return it."""
    chosen = set_default(backend)
    registry.forget_backends()
    return chosen
