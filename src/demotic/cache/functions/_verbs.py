"""The verbs of a cached function, each written once, as a conversation about one call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from demotic.cache._conversation import Conversation
from demotic.cache._errors import CacheUnreachable
from demotic.cache._switch import is_caching
from demotic.cache.backends import Backend
from demotic.cache.fills import MISSING, Call, Filling
from demotic.cache.values import Kind, Record

_MOST_TRIES = 20


class Entry(NamedTuple):
    """What is cached for a call: the value, its age in seconds, for how long it is fresh (None for no end).

    ``stale`` tells that it is expired, and kept only for the case that the function fails; ``error`` is set in place of
    a value where an exception is cached.
    """

    value: Any
    age: float
    fresh_for: float | None
    stale: bool = False
    error: Exception | None = None


def get(filling: Filling, call: Call) -> Conversation[Any]:
    """Return the cached value, or MISSING; the function is not run. Raises a kept exception."""
    if not is_caching():
        return MISSING
    loaded = yield from filling.look(call)
    value = MISSING if loaded is None else filling.records.fresh(loaded, call.key)
    if value is MISSING:
        filling.records.note("miss", call.key)
    return value


def peek(filling: Filling, call: Call) -> Conversation[Entry | None]:
    """Return what is cached, without counting it; None if there is nothing."""
    loaded = yield from filling.look(call)
    if loaded is None or loaded.record is None or not loaded.valid or loaded.record.kind == Kind.FILLING:
        return None
    record, now = loaded.record, filling.backend.now()
    if not filling.freshness.is_usable(record, now):
        return None
    left = None if record.expires_at == math.inf else max(record.expires_at - now, 0.0)
    age, stale = max(now - record.created, 0.0), not filling.freshness.is_fresh(record, now)
    if record.kind == Kind.FAILURE:
        return Entry(None, age, left, stale, filling.records.error_of(record))
    value = filling.records.value_of(record, call.key)
    return None if value is MISSING else Entry(value, age, left, stale)


def put(filling: Filling, call: Call, value: Any) -> Conversation[bool]:
    """Store a value; a computation under way is not stored over it."""
    if not is_caching():
        return False
    try:
        loaded = yield from filling.backend.load(call.key, call.scopes)
        record = filling.records.of_value(value, loaded, call, filling.backend.now(), 0.0)
        if record is None:
            yield from filling.backend.drop(call.key)  # what was there is no longer true
            return False
        return (yield from filling.backend.put(call.key, record, _stamp(filling, record)))
    except CacheUnreachable:
        filling.records.note("unreachable", call.key)
        return False


def replace(filling: Filling, call: Call, value: Any) -> Conversation[bool]:
    """Store a value if there is one; a computation under way is not stored in any case."""
    if not is_caching():
        return False
    try:
        for _ in range(_MOST_TRIES):
            loaded = yield from filling.backend.load(call.key, call.scopes)
            found = loaded.record
            if found is None or not loaded.valid or found.kind == Kind.FILLING:
                yield from filling.backend.drop(call.key)
                return False
            record = filling.records.of_value(value, loaded, call, filling.backend.now(), found.cost)
            if record is None:
                yield from filling.backend.drop(call.key)
                return False
            if (yield from filling.backend.finish(call.key, record, loaded.token, _stamp(filling, record))):
                return True
        yield from filling.backend.drop(call.key)
    except CacheUnreachable:
        filling.records.note("unreachable", call.key)
    return False


def _stamp(filling: Filling, record: Record) -> float | None:
    return filling.freshness.stamp(record, filling.freshness.ttl)


def invalidate(filling: Filling, call: Call) -> Conversation[bool]:
    """Forget the value of a call, and let none be stored that was begun before; return whether there was something."""
    try:
        dropped = yield from filling.backend.drop(call.key)
    except CacheUnreachable:
        filling.records.note("unreachable", call.key)
        return False
    filling.records.note("invalidated", call.key)
    return dropped


def renew(backend: Backend, scopes: Sequence[str]) -> Conversation[bool]:
    """Make all records of these scopes invalid; return whether the cache could be told."""
    try:
        yield from backend.renew(scopes)
    except CacheUnreachable:
        return False
    return True
