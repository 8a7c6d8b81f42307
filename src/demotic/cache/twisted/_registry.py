"""The registry's methods that talk to a cache, answered by Deferreds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, gatherResults

from demotic.cache import Backend
from demotic.cache import registry as core_registry
from demotic.cache.functions import _verbs as verbs
from demotic.cache.functions._machine import ALL, function_scope
from demotic.cache.twisted._drive import drive

__all__ = ["DeferredRegistry", "registry"]


class DeferredRegistry:
    """As `demotic.cache.Registry`: each method returns a Deferred."""

    def key(self, function: Callable[..., Any] | str, *args: Any, **kwargs: Any) -> Deferred[str | None]:
        """Bring the key of a call if its value is cached now, else None. For methods the instance comes first."""
        machine = core_registry.find(function)
        key, filling = machine.key(args, kwargs), machine.prepare()
        found = drive(verbs.peek(filling, machine.call(key, args, kwargs)), filling.backend)
        return found.addCallback(lambda entry: None if entry is None else key)

    def invalidate(self, function: Callable[..., Any] | str) -> Deferred[bool]:
        """Forget all calls of a function; bring whether the cache could be told."""
        machine = core_registry.find(function)
        return self._renew((machine.backend,), (function_scope(machine.name),))

    def invalidate_tags(self, *tags: str, backend: Backend | None = None) -> Deferred[bool]:
        """Forget all calls with any of these tags, in all backends or in one."""
        return self._renew(core_registry.backends(backend), core_registry.tag_scopes(tags))

    def invalidate_class(self, cls: type | str, *, backend: Backend | None = None) -> Deferred[bool]:
        """Forget all calls of a class's methods."""
        return self._renew(core_registry.backends(backend), (core_registry.class_scope(cls),))

    def invalidate_all(self, *, backend: Backend | None = None) -> Deferred[bool]:
        """Forget all calls of all functions."""
        return self._renew(core_registry.backends(backend), (ALL,))

    def _renew(self, backends: tuple[Backend, ...], scopes: tuple[str, ...]) -> Deferred[bool]:
        told = [drive(verbs.renew(backend, scopes), backend) for backend in backends if scopes]
        return gatherResults(told).addCallback(all)


registry = DeferredRegistry()
