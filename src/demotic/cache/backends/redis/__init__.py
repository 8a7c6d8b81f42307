"""The cache on Redis."""

from demotic.cache.backends.redis._redis import Redis

__all__ = ["Redis"]
