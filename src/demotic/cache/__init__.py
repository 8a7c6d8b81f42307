"""Caching that cannot return the wrong value: one decorator for functions and methods, for threads and for tasks.

>>> from demotic.cache import cached
>>> @cached(ttl=60)
... def square(number: int) -> int:
...     return number * number
>>> square(12), square.invalidate(12)
(144, True)
"""

from demotic.cache._counters import Counters, Event, Hook, on_event
from demotic.cache._errors import (
    CacheUnreachable,
    UnkeyableArgument,
    UnknownFunction,
    Unreadable,
    Unstorable,
    WrongCacheUse,
)
from demotic.cache._switch import caching, is_caching, switch_caching
from demotic.cache.backends import AsyncVerbs, Backend, Memory, Verbs, open_backend
from demotic.cache.fills import MISSING, Missing, wait_for_refreshes, wait_for_refreshes_async
from demotic.cache.functions import (
    AsyncCachedFunction,
    CachedFunction,
    Entry,
    Registration,
    Registry,
    cached,
    configure,
    default_backend,
    registry,
)
from demotic.cache.values import ByReference, Json, Msgpack, Serializer, SignedPickle

__all__ = [
    "MISSING",
    "AsyncCachedFunction",
    "AsyncVerbs",
    "Backend",
    "ByReference",
    "CacheUnreachable",
    "CachedFunction",
    "Counters",
    "Entry",
    "Event",
    "Hook",
    "Json",
    "Memory",
    "Missing",
    "Msgpack",
    "Registration",
    "Registry",
    "Serializer",
    "SignedPickle",
    "UnkeyableArgument",
    "UnknownFunction",
    "Unreadable",
    "Unstorable",
    "Verbs",
    "WrongCacheUse",
    "cached",
    "caching",
    "configure",
    "default_backend",
    "is_caching",
    "on_event",
    "open_backend",
    "registry",
    "switch_caching",
    "wait_for_refreshes",
    "wait_for_refreshes_async",
]
