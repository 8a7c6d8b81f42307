"""Every verb as commands to servers, written once: generators that yield what to send and receive the reply.

``Send`` goes to one server. Commands that change nothing when they are repeated say so (``again``), and are sent a
second time when a connection turns out to be dead.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from demotic.cache._errors import CacheUnreachable, WrongCacheUse
from demotic.cache._log import log
from demotic.cache.backends._interface import checked_step, checked_ttl, checked_value
from demotic.cache.backends.memcached._protocol import Found, Kind, command, retrieve, store
from demotic.cache.backends.memcached._ring import Ring
from demotic.cache.backends.shared import server_key

T = TypeVar("T")
_LONGEST_RELATIVE = 30 * 24 * 3600  # longer times are points in time (protocol.txt, "Expiration times")
_GONE = -1  # an expiration time in the past: gone at once


@dataclass(frozen=True, slots=True)
class Send:
    """Send a command to a server; the answer is its reply. `CacheUnreachable` is thrown in if there is none."""

    home: int
    data: bytes
    kind: Kind
    again: bool = False


Exchange = Generator[Send, Any, T]


def exptime(ttl: float | None) -> int:
    """Return a time to live as the protocol has it: whole seconds, rounded up."""
    ttl = checked_ttl(ttl)
    if ttl is None:
        return 0
    seconds = math.ceil(ttl)
    return seconds if seconds <= _LONGEST_RELATIVE else math.ceil(time.time() + ttl)


class Verbs:
    """The verbs, over a namespace and a ring of servers."""

    def __init__(self, namespace: str, servers: Sequence[str], ring: Ring) -> None:
        self._namespace = namespace
        self._servers = servers
        self._ring = ring

    def place(self, key: str) -> tuple[int, str]:
        """Return the server of a key, and the key as the server knows it."""
        at = server_key(self._namespace, key)
        return self._ring.home(key), at

    # -- for decorated functions: see `Link`

    def read(self, home: int, key: str, beside: str) -> Exchange[tuple[bytes | None, bytes | None]]:
        found = yield from _values(home, (key, beside))
        value, other = found.get(key), found.get(beside)
        return value and value[0], other and other[0]

    def read_many(self, home: int, keys: Sequence[str]) -> Exchange[dict[str, bytes]]:
        found = yield from _values(home, keys)
        return {key: value for key, (value, _) in found.items()}

    def write(self, home: int, values: Mapping[str, bytes], ttl: float | None) -> Exchange[bool]:
        kept = True
        for key, value in values.items():
            kept &= yield from _stored(home, store("set", key, value, exptime(ttl)), again=True)
        return kept

    def claim(self, home: int, key: str, value: bytes, ttl: float | None) -> Exchange[bool]:
        return (yield from _stored(home, store("add", key, value, exptime(ttl))))

    def swap(self, home: int, key: str, old: bytes, new: bytes, ttl: float | None) -> Exchange[bool]:
        return (yield from self._over(home, key, old, new, exptime(ttl)))

    def remove(self, home: int, key: str, old: bytes) -> Exchange[bool]:
        return (yield from self._over(home, key, old, b"", _GONE))

    def forget(self, home: int, key: str) -> Exchange[bool]:
        return bool((yield Send(home, command("delete", key), "line", again=True)) == b"DELETED")

    def _over(self, home: int, key: str, old: bytes, new: bytes, until: int) -> Exchange[bool]:
        found = yield from _values(home, (key,), cas=True)
        if key not in found or found[key][0] != old:
            return False
        return (yield from _stored(home, store("cas", key, new, until, found[key][1])))

    # -- direct verbs: see `demotic.cache.Verbs`

    def get(self, key: str) -> Exchange[bytes | None]:
        home, at = self.place(key)
        found = (yield from _values(home, (at,))).get(at)
        return found and found[0]

    def gets(self, key: str) -> Exchange[tuple[bytes, object] | None]:
        home, at = self.place(key)
        return (yield from _values(home, (at,), cas=True)).get(at)

    def get_many(self, keys: Iterable[str]) -> Exchange[dict[str, bytes]]:
        homes: dict[int, dict[str, str]] = {}
        for key in keys:
            home, at = self.place(key)
            homes.setdefault(home, {})[at] = key
        result = {}
        for home, names in homes.items():
            found = yield from _values(home, tuple(names))
            result.update({names[at]: value for at, (value, _) in found.items()})
        return result

    def set(self, key: str, value: bytes, ttl: float | None) -> Exchange[bool]:
        home, at = self.place(key)
        return (yield from _stored(home, store("set", at, checked_value(value), exptime(ttl)), again=True))

    def set_many(self, values: Mapping[str, bytes], ttl: float | None) -> Exchange[bool]:
        kept = True
        for key, value in values.items():
            kept &= yield from self.set(key, value, ttl)
        return kept

    def add(self, key: str, value: bytes, ttl: float | None) -> Exchange[bool]:
        return (yield from self._store("add", key, value, ttl))

    def replace(self, key: str, value: bytes, ttl: float | None) -> Exchange[bool]:
        return (yield from self._store("replace", key, value, ttl))

    def append(self, key: str, value: bytes) -> Exchange[bool]:
        return (yield from self._store("append", key, value, None))

    def prepend(self, key: str, value: bytes) -> Exchange[bool]:
        return (yield from self._store("prepend", key, value, None))

    def _store(self, verb: str, key: str, value: bytes, ttl: float | None) -> Exchange[bool]:
        home, at = self.place(key)
        return (yield from _stored(home, store(verb, at, checked_value(value), exptime(ttl))))

    def cas(self, key: str, value: bytes, token: object, ttl: float | None) -> Exchange[bool]:
        if not isinstance(token, int):
            raise WrongCacheUse("a token for cas is one that gets() gave", target="token")
        home, at = self.place(key)
        return (yield from _stored(home, store("cas", at, checked_value(value), exptime(ttl), token)))

    def incr(self, key: str, by: int) -> Exchange[int | None]:
        return (yield from self._count("incr", key, by))

    def decr(self, key: str, by: int) -> Exchange[int | None]:
        return (yield from self._count("decr", key, by))

    def _count(self, verb: str, key: str, by: int) -> Exchange[int | None]:
        home, at = self.place(key)
        reply = yield Send(home, command(verb, at, checked_step(by)), "line")
        if reply.startswith(b"CLIENT_ERROR"):
            raise WrongCacheUse(f"the value of {key} is no number", target=key)
        return int(reply) if reply.isdigit() else None

    def touch(self, key: str, ttl: float | None) -> Exchange[bool]:
        home, at = self.place(key)
        return bool((yield Send(home, command("touch", at, exptime(ttl)), "line", again=True)) == b"TOUCHED")

    def delete(self, key: str) -> Exchange[bool]:
        return (yield from self.forget(*self.place(key)))

    def delete_many(self, keys: Iterable[str]) -> Exchange[int]:
        count = 0
        for key in keys:
            count += yield from self.delete(key)
        return count

    def flush(self) -> Exchange[bool]:
        done = True
        for home in range(len(self._servers)):
            done &= (yield Send(home, command("flush_all"), "line", again=True)) == b"OK"
        return done

    def ping(self) -> Exchange[dict[str, bool]]:
        answers = {}
        for home, server in enumerate(self._servers):
            try:
                reply = yield Send(home, command("version"), "line", again=True)
                answers[server] = reply.startswith(b"VERSION")
            except CacheUnreachable:
                answers[server] = False
        return answers

    def stats(self) -> Exchange[dict[str, dict[str, object]]]:
        answers = {}
        for home, server in enumerate(self._servers):
            try:
                answers[server] = (yield Send(home, command("stats"), "values", again=True)).stats
            except CacheUnreachable:
                continue
        return answers


def _values(home: int, keys: Sequence[str], *, cas: bool = False) -> Exchange[dict[str, tuple[bytes, int]]]:
    found: Found = yield Send(home, retrieve(keys, cas=cas), "values", again=True)
    return found.values


def _stored(home: int, data: bytes, *, again: bool = False) -> Exchange[bool]:
    reply: bytes = yield Send(home, data, "line", again)
    if reply.startswith(b"SERVER_ERROR"):  # too large, or no memory left
        log().warning("memcached does not keep a value of %d bytes: %s", len(data), reply.decode("ascii", "replace"))
    return reply == b"STORED"
