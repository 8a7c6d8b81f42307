"""Caching for Twisted (extra `twisted`): functions that return Deferreds, pages of resources, a client for memcached.

Everything runs in the reactor's thread and nothing blocks it. The keys and records are those of `demotic.cache`, so
that programs with and without Twisted share their caches.
"""

from demotic.cache.twisted._functions import cached
from demotic.cache.twisted._memcached import DeferredVerbs, TwistedMemcached
from demotic.cache.twisted._registry import DeferredRegistry, registry
from demotic.cache.twisted._resources import DeferredPages, cached_response

__all__ = [
    "DeferredPages",
    "DeferredRegistry",
    "DeferredVerbs",
    "TwistedMemcached",
    "cached",
    "cached_response",
    "registry",
]
