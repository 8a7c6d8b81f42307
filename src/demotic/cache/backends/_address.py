"""Backends by their addresses, for settings and command lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from demotic.cache._errors import WrongCacheUse
from demotic.cache.backends._interface import Backend

if TYPE_CHECKING:
    from urllib.parse import SplitResult


def _memory(address: SplitResult) -> Backend:
    from demotic.cache.backends.memory import Memory

    return Memory()


def _memcached(address: SplitResult) -> Backend:
    from demotic.cache.backends.memcached import Memcached

    path = address.path.strip("/")
    return Memcached(address.netloc.split(","), namespace=path or "demotic")


def _redis(address: SplitResult) -> Backend:
    from urllib.parse import parse_qsl, urlencode

    from demotic.cache.backends.redis import Redis

    options = dict(parse_qsl(address.query))
    namespace = options.pop("namespace", "demotic")
    cluster = address.scheme.endswith("+cluster")
    plain = address._replace(scheme=address.scheme.partition("+")[0], query=urlencode(options))
    return Redis(plain.geturl(), namespace=namespace, cluster=cluster)


OPENERS: dict[str, Callable[[SplitResult], Backend]] = {
    "memory": _memory,
    "memcached": _memcached,
    **dict.fromkeys(("redis", "rediss", "unix", "redis+cluster", "rediss+cluster"), _redis),
}


def open_backend(address: str) -> Backend:
    """Return the backend of an address.

    ``memory://``; ``memcached://host:port,host:port/namespace``; ``redis://host:port/0?namespace=name``, also
    ``rediss`` and ``redis+cluster``. Raises `WrongCacheUse` for any other.
    """
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    opener = OPENERS.get(parts.scheme)
    if opener is None:
        known = ", ".join(f"{scheme}://" for scheme in OPENERS)
        raise WrongCacheUse(f"{address!r} is no address of a cache", target="backend", hint=f"there are {known}")
    return opener(parts)
