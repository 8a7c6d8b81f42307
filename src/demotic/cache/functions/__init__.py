"""Cached functions: the decorator, what it makes of a function or a method, the verbs, the registry."""

from demotic.cache.functions._decorator import cached
from demotic.cache.functions._registry import Registration, Registry, configure, registry
from demotic.cache.functions._settings import default_backend
from demotic.cache.functions._types import AsyncCachedFunction, CachedFunction
from demotic.cache.functions._verbs import Entry

__all__ = [
    "AsyncCachedFunction",
    "CachedFunction",
    "Entry",
    "Registration",
    "Registry",
    "cached",
    "configure",
    "default_backend",
    "registry",
]
