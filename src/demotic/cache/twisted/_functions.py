"""`cached` for functions that return a Deferred: the one decorator, its calls and verbs answered by Deferreds."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, fail, maybeDeferred, succeed
from twisted.internet.threads import deferToThread

from demotic.cache import cached as core_cached
from demotic.cache._conversation import Conversation
from demotic.cache._errors import WrongCacheUse
from demotic.cache._switch import is_caching
from demotic.cache.functions import _verbs as verbs
from demotic.cache.functions._machine import Machine, function_scope
from demotic.cache.functions._methods import Bound
from demotic.cache.functions._wrap import refresh
from demotic.cache.twisted._drive import drive
from demotic.cache.values import NOT_KEPT

__all__ = ["cached"]

Answering = Callable[..., "Deferred[Any]"]


def cached(ttl: float | None = None, *, in_thread: bool = False, **options: Any) -> Callable[[Any], Any]:
    """Return a decorator that caches what a function's Deferred brings, for ``ttl`` seconds or until invalidated.

    It takes functions, methods, class and static methods that return a Deferred, a coroutine or a plain value; calls
    always return a Deferred, and so do the verbs (`get`, `set`, `replace`, `invalidate`, `refresh`, `peek`). Failures
    are not cached unless ``negative`` says so. With ``in_thread``, a function that blocks runs in the reactor's pool of
    threads. All other options are those of `demotic.cache.cached`. Raises `WrongCacheUse` for what does not fit.
    """
    decorate = core_cached(ttl, **options)

    def decorated(function: Any) -> Any:
        if isinstance(function, property):
            raise WrongCacheUse("a property cannot be waited for", hint="cache a method that returns a Deferred")
        kind = type(function) if isinstance(function, classmethod | staticmethod) else None
        original = function.__func__ if kind else function
        deferring = _deferring(original, in_thread)
        machine: Machine = decorate(kind(deferring) if kind else deferring).machine
        call = _call(machine, original)
        return DeferredMethod(call, kind) if kind or machine.in_class else call

    return decorated


class DeferredMethod:
    """What a class holds for a cached method whose calls return Deferreds."""

    def __init__(self, function: Answering, kind: type | None) -> None:
        self._function = function
        self._kind = kind
        functools.update_wrapper(self, function, updated=())  # type: ignore[arg-type]

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if self._kind is staticmethod:
            return self._function
        if self._kind is classmethod:
            return Bound(self._function, owner if owner is not None else type(instance))
        return self._function if instance is None else Bound(self._function, instance)


def _deferring(function: Callable[..., Any], in_thread: bool) -> Answering:
    @functools.wraps(function)
    def deferring(*args: Any, **kwargs: Any) -> Deferred[Any]:
        if in_thread:
            return deferToThread(function, *args, **kwargs)
        return maybeDeferred(function, *args, **kwargs)  # a coroutine is run by it too

    return deferring


def _call(machine: Machine, original: Callable[..., Any]) -> Answering:
    def cached_call(*args: Any, **kwargs: Any) -> Deferred[Any]:
        if not is_caching():
            return machine.original(*args, **kwargs)  # type: ignore[no-any-return]
        try:
            filling = machine.filling or machine.prepare()
            key = machine.keys(args, kwargs)
            record = machine.hit(key)
            if record is None:
                return drive(filling.call(machine.call(key, args, kwargs)), filling.backend)
            filling.records.hit(record, key)
            kept = record.kept
            return succeed(filling.records.serializer.loads(record.payload, key) if kept is NOT_KEPT else kept)
        except Exception:
            return fail()

    functools.update_wrapper(cached_call, original)
    for name, verb in _verbs(machine, original).items():
        setattr(cached_call, name, verb)
    return cached_call


def _verbs(machine: Machine, original: Callable[..., Any]) -> dict[str, Any]:
    def about(conversation: Callable[..., Conversation[Any]], values: int) -> Answering:
        def verb(*given: Any, **kwargs: Any) -> Deferred[Any]:
            try:
                args, kwargs = machine.checked(given[values:], kwargs)
                call = machine.call(machine.key(args, kwargs), args, kwargs)
                filling = machine.prepare()
                return drive(conversation(filling, call, *given[:values]), filling.backend)
            except Exception:
                return fail()

        verb.__name__, verb.__doc__ = conversation.__name__, conversation.__doc__
        return verb

    def invalidate_all() -> Deferred[Any]:
        """Forget the values of all calls, and let none be stored that was begun before."""
        filling = machine.prepare()
        return drive(verbs.renew(filling.backend, (function_scope(machine.name),)), filling.backend)

    return {
        "key": lambda *args, **kwargs: machine.key(*machine.checked(args, kwargs)),
        "original": original,
        "counters": machine.counters,
        "machine": machine,
        "get": about(verbs.get, 0),
        "peek": about(verbs.peek, 0),
        "set": about(verbs.put, 1),
        "replace": about(verbs.replace, 1),
        "invalidate": about(verbs.invalidate, 0),
        "refresh": about(refresh, 0),
        "invalidate_all": invalidate_all,
    }
