"""The cache on memcached servers."""

from demotic.cache.backends.memcached._memcached import Memcached

__all__ = ["Memcached"]
