"""memcached, one server or several."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from demotic.cache._errors import WrongCacheUse
from demotic.cache.backends.memcached._ring import Address, Ring, read_servers
from demotic.cache.backends.memcached._verbs import Verbs
from demotic.cache.backends.shared import Breaker, SharedBackend


class Memcached(SharedBackend):
    """A cache on memcached servers (``"host:port"``, or several of them), for threads and tasks.

    ``namespace`` begins all keys. ``timeout``: seconds for a connection or a reply. ``rest``: for how long a server
    that did not answer is left alone. ``compress_over``: payloads of decorated functions longer than so many bytes are
    compressed. `flush` empties the servers, for everybody who uses them. Times to live are rounded up to whole seconds.

    Raises `WrongCacheUse` for what is no server, or if pymemcache is not installed.
    """

    def __init__(
        self,
        servers: str | Address | Sequence[str | Address] = "127.0.0.1:11211",
        *,
        namespace: str = "demotic",
        timeout: float = 1.0,
        rest: float = 5.0,
        compress_over: int | None = 16_384,
        now: Callable[[], float] = time.time,
    ) -> None:
        try:
            from demotic.cache.backends.memcached._links import ERRORS, TaskLink, ThreadLink
        except ImportError as error:
            raise WrongCacheUse(f"memcached needs {error.name}", hint="pip install 'demotic[memcached]'") from error
        addresses = read_servers(servers)
        names = [f"{host}:{port}" for host, port in addresses]
        self.servers = tuple(names)
        self._ring = Ring(addresses)
        verbs = Verbs(namespace, names, self._ring)
        breakers = [Breaker(name, ERRORS, rest=rest) for name in names]
        super().__init__(
            "memcached",
            len(names),
            ThreadLink(verbs, addresses, breakers, timeout),
            TaskLink(verbs, addresses, breakers, timeout),
            namespace=namespace,
            compress_over=compress_over,
            now=now,
        )

    def __repr__(self) -> str:
        return f"<Memcached at {', '.join(self.servers)}>"

    def home_of(self, key: str) -> int:
        """Return which server a key belongs to."""
        return self._ring.home(key)
