"""Cached functions as functions: called like the original, with the verbs as attributes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from demotic.cache._conversation import Conversation, drive, drive_async
from demotic.cache._switch import SWITCH, _here, is_caching
from demotic.cache.fills import MISSING, SKEW, Call, Filling
from demotic.cache.functions import _verbs as verbs
from demotic.cache.functions._machine import Machine, function_scope
from demotic.cache.values import NOT_KEPT


def wrap(machine: Machine) -> Callable[..., Any]:
    """Return the function that takes the place of the original."""
    call = _async_call(machine) if machine.asynchronous else _sync_call(machine)
    functools.update_wrapper(call, machine.original)
    for name, verb in make_verbs(machine).items():
        setattr(call, name, verb)
    return call


# The two calls below are one text, but for the words that make tasks wait: all that a hit costs is in them.


def _sync_call(machine: Machine) -> Callable[..., Any]:
    original = machine.original

    def cached_call(*args: Any, **kwargs: Any) -> Any:
        if not (SWITCH.on if (here := _here.get()) is None else here):
            return original(*args, **kwargs)
        filling = machine.filling or machine.prepare()
        key = machine.keys(args, kwargs)
        record = machine.hit(key)
        if record is not None:
            filling.records.hit(record, key)
            if record.kept is not NOT_KEPT:
                return record.kept
            return filling.records.serializer.loads(record.payload, key)
        scopes = machine.scopes(args, kwargs)
        if machine.one_look:
            found = filling.backend.find(key, scopes, SKEW)
            if found is not None and (value := filling.taken(found, key)) is not MISSING:
                return value
        return drive(filling.call(machine.call(key, args, kwargs, scopes)), filling.backend)

    return cached_call


def _async_call(machine: Machine) -> Callable[..., Any]:
    async def cached_call(*args: Any, **kwargs: Any) -> Any:
        if not (SWITCH.on if (here := _here.get()) is None else here):
            return await machine.uncached(args, kwargs)
        filling = machine.filling or machine.prepare()
        key = machine.keys(args, kwargs)
        record = machine.hit(key)
        if record is not None:
            filling.records.hit(record, key)
            if record.kept is not NOT_KEPT:
                return record.kept
            return filling.records.serializer.loads(record.payload, key)
        scopes = machine.scopes(args, kwargs)
        if machine.one_look:
            found = await filling.backend.find_async(key, scopes, SKEW)
            if found is not None and (value := filling.taken(found, key)) is not MISSING:
                return value
        return await drive_async(filling.call(machine.call(key, args, kwargs, scopes)), filling.backend)

    return cached_call


def make_verbs(machine: Machine) -> dict[str, Any]:
    """Return the verbs and attributes of a cached function by their names."""
    about: dict[str, Any] = {
        "key": lambda *args, **kwargs: machine.key(*machine.checked(args, kwargs)),
        "original": machine.original,
        "counters": machine.counters,
        "machine": machine,
    }
    talk = _in_task if machine.asynchronous else _in_thread

    def verb(conversation: Callable[..., Conversation[Any]]) -> Callable[..., Any]:
        def about_call(*args: Any, **kwargs: Any) -> Any:
            return talk(machine, conversation, machine.checked(args, kwargs), ())

        return _named(about_call, conversation)

    def verb_with_value(conversation: Callable[..., Conversation[Any]]) -> Callable[..., Any]:
        def about_call(value: Any, /, *args: Any, **kwargs: Any) -> Any:
            return talk(machine, conversation, machine.checked(args, kwargs), (value,))

        return _named(about_call, conversation)

    def invalidate_all() -> Any:
        """Forget the values of all calls, and let none be stored that was begun before."""
        filling = machine.filling or machine.prepare()
        conversation = verbs.renew(filling.backend, (function_scope(machine.name),))
        if machine.asynchronous:
            return drive_async(conversation, filling.backend)
        return drive(conversation, filling.backend)

    return {
        **about,
        "get": verb(verbs.get),
        "peek": verb(verbs.peek),
        "set": verb_with_value(verbs.put),
        "replace": verb_with_value(verbs.replace),
        "invalidate": verb(verbs.invalidate),
        "refresh": verb(refresh),
        "invalidate_all": invalidate_all,
    }


def refresh(filling: Filling, call: Call) -> Conversation[Any]:
    """Run the function, store what it returns, and return it."""
    if not is_caching():
        from demotic.cache._conversation import Run

        return (yield Run(call.run))
    return (yield from filling.refresh(call))


def _named(function: Callable[..., Any], conversation: Callable[..., Any]) -> Callable[..., Any]:
    function.__name__ = conversation.__name__.strip("_")
    function.__doc__ = conversation.__doc__
    return function


def _in_thread(
    machine: Machine,
    conversation: Callable[..., Conversation[Any]],
    bound: tuple[tuple[Any, ...], dict[str, Any]],
    values: tuple[Any, ...],
) -> Any:
    filling = machine.filling or machine.prepare()
    call = machine.call(machine.key(*bound), *bound)
    return drive(conversation(filling, call, *values), filling.backend)


async def _in_task(
    machine: Machine,
    conversation: Callable[..., Conversation[Any]],
    bound: tuple[tuple[Any, ...], dict[str, Any]],
    values: tuple[Any, ...],
) -> Any:
    filling = machine.filling or machine.prepare()
    call = machine.call(machine.key(*bound), *bound)
    return await drive_async(conversation(filling, call, *values), filling.backend)
