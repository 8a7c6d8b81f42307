"""Which of several memcached servers a key belongs to: the same for threads, tasks and all processes.

Rendezvous hashing: a server that is added or taken from the list moves only the keys that it gets or had. A server
that does not answer keeps its keys, since they would be found there again, with old values, when it comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from demotic.cache._errors import WrongCacheUse

DEFAULT_PORT = 11211

Address = tuple[str, int]


def read_servers(servers: str | Address | Sequence[str | Address]) -> list[Address]:
    """Return the addresses of servers, each ``"host"``, ``"host:port"`` or a pair. Raises `WrongCacheUse`."""
    listed = [servers] if isinstance(servers, str) or _is_pair(servers) else list(servers)
    found = [_read(server) for server in listed]  # type: ignore[arg-type]
    if not found or len(set(found)) < len(found):
        raise WrongCacheUse("memcached takes one server or several different ones", target="servers")
    return found


def _is_pair(servers: object) -> bool:
    return isinstance(servers, tuple) and len(servers) == 2 and isinstance(servers[1], int)


def _read(server: str | Address) -> Address:
    if not isinstance(server, str):
        return server
    host, _, port = server.rpartition(":") if not server.endswith("]") else (server, "", "")
    host, port = (host, port) if host else (server, str(DEFAULT_PORT))
    if not port.isdecimal() or not 0 < int(port) < 65536 or not host.strip("[]"):
        raise WrongCacheUse(f"{server!r} is no server", target="servers", hint="write host:port")
    return host.strip("[]"), int(port)


class Ring:
    """The order of servers for every key."""

    def __init__(self, servers: Sequence[Address]) -> None:
        names = sorted(f"{host}:{port}" for host, port in servers)
        positions = [f"{host}:{port}" for host, port in servers]
        self._seeds = [(name.encode(), positions.index(name)) for name in names]

    def home(self, key: str) -> int:
        """Return the position of the server that a key belongs to."""
        if len(self._seeds) == 1:
            return 0
        data = key.encode("utf-8", "surrogatepass")
        return max((blake2b(data, digest_size=8, key=name[:64]).digest(), at) for name, at in self._seeds)[1]
