"""Redis, a server of its own or a cluster."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from demotic.cache._errors import CacheUnreachable, WrongCacheUse
from demotic.cache.backends.redis._verbs import Verbs
from demotic.cache.backends.shared import Breaker, SharedBackend

SCHEMES = ("redis", "rediss", "unix")


class Redis(SharedBackend):
    """A cache on Redis (``"redis://host:port/database"``, with TLS ``rediss://``), for threads and tasks.

    ``namespace`` begins all keys; `flush` forgets these and no others. ``cluster``: the servers are a Redis cluster.
    ``timeout``: seconds for a connection or a reply. ``rest``: for how long a server that did not answer is left alone.
    ``compress_over``: payloads of decorated functions longer than so many bytes are compressed.

    Raises `WrongCacheUse` for what is no address, or if redis is not installed.
    """

    def __init__(
        self,
        address: str = "redis://127.0.0.1:6379/0",
        *,
        namespace: str = "demotic",
        cluster: bool = False,
        timeout: float = 1.0,
        rest: float = 5.0,
        compress_over: int | None = 16_384,
        now: Callable[[], float] = time.time,
    ) -> None:
        try:
            from demotic.cache.backends.redis._links import ERRORS, TaskLink, ThreadLink
        except ImportError as error:
            raise WrongCacheUse(f"Redis needs {error.name}", hint="pip install 'demotic[redis]'") from error
        self.server = _shown(address)
        verbs = Verbs(namespace, cluster=cluster)
        breaker = Breaker(self.server, ERRORS, rest=rest)
        super().__init__(
            "redis",
            1,
            ThreadLink(verbs, address, breaker, timeout, cluster=cluster),
            TaskLink(verbs, address, breaker, timeout, cluster=cluster),
            namespace=namespace,
            compress_over=compress_over,
            now=now,
        )

    def __repr__(self) -> str:
        return f"<Redis at {self.server}>"

    def ping(self) -> dict[str, bool]:
        """Return whether it answers."""
        try:
            found: dict[str, bool] = self._link.ping()
            return found
        except CacheUnreachable:
            return {self.server: False}


def _shown(address: str) -> str:
    """Return an address without its password. Raises `WrongCacheUse` for what is none."""
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES:
        raise WrongCacheUse(f"{parts.scheme or 'no scheme'} is not Redis's", target="address", hint="redis://host:port")
    try:
        place = parts.hostname or parts.path
        return f"{place}:{parts.port}{parts.path}" if parts.port else place
    except ValueError as error:
        raise WrongCacheUse(f"no address of a Redis: {error}", target="address", hint="redis://host:port") from None
