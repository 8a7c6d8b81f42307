"""Every verb as Redis commands, written once: generators that yield commands and receive what Redis answers.

No command has keys of two slots when the servers are a cluster: what needs two keys takes two commands there. Changes
that depend on what is there are scripts of one key, which Redis runs as one step.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from demotic.cache._errors import WrongCacheUse
from demotic.cache.backends._interface import checked_step, checked_ttl, checked_value
from demotic.cache.backends.shared import server_key

T = TypeVar("T")
Command = tuple[Any, ...]
Exchange = Generator[Command, Any, T]

_SET = "if tonumber(ARGV[3]) > 0 then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) "
_SET += "else redis.call('SET', KEYS[1], ARGV[2]) end return 1"
SWAP = f"if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end {_SET}"
REMOVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
APPEND = "if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end redis.call('APPEND', KEYS[1], ARGV[1]) return 1"
PREPEND = (
    "local old = redis.call('GET', KEYS[1]) if not old then return 0 end "
    "redis.call('SET', KEYS[1], ARGV[1] .. old, 'KEEPTTL') return 1"
)
# Redis counts with signs; what goes below 0 is 0, as in memcached. -1 stands for what is no number.
COUNT = (
    "local old = redis.call('GET', KEYS[1]) if not old then return false end "
    "if not string.match(old, '^%d+$') or #old > 18 then return -1 end "
    "local new = redis.call('INCRBY', KEYS[1], ARGV[1]) "
    "if new < 0 then redis.call('SET', KEYS[1], '0', 'KEEPTTL') new = 0 end return new"
)
# What may be sent a second time when a connection turns out to be dead.
AGAIN = frozenset({"GET", "MGET", "SET", "DEL", "PEXPIRE", "PERSIST", "PING", "SCAN", "UNLINK", "INFO"})


def repeatable(command: Command) -> bool:
    """Return whether a command has the same effect when it is sent twice."""
    return command[0] in AGAIN and not {"NX", "XX"} & set(command[3:] if command[0] == "SET" else ())


def milliseconds(ttl: float | None) -> int:
    """Return a time to live in milliseconds, rounded up; 0 for no end."""
    ttl = checked_ttl(ttl)
    return 0 if ttl is None else math.ceil(ttl * 1000)


def _ending(ttl: float | None) -> tuple[Any, ...]:
    left = milliseconds(ttl)
    return ("PX", left) if left else ()


class Verbs:
    """The verbs, over a namespace."""

    def __init__(self, namespace: str, *, cluster: bool) -> None:
        self._namespace = namespace
        self._cluster = cluster
        self.pattern = f"{namespace}:*"  # a namespace has no sign that a pattern knows

    def _at(self, key: str) -> str:
        return server_key(self._namespace, key)

    # -- for decorated functions: see `Link`

    def read(self, home: int, key: str, beside: str) -> Exchange[tuple[bytes | None, bytes | None]]:
        if self._cluster:  # what is beside first: a version that is too old only costs a miss
            other = yield ("GET", beside)
            return (yield ("GET", key)), other
        value, other = yield ("MGET", key, beside)
        return value, other

    def read_many(self, home: int, keys: Sequence[str]) -> Exchange[dict[str, bytes]]:
        if self._cluster:
            found = []
            for key in keys:
                found.append((yield ("GET", key)))
        else:
            found = (yield ("MGET", *keys)) if keys else []
        return {key: value for key, value in zip(keys, found, strict=True) if value is not None}

    def write(self, home: int, values: Mapping[str, bytes], ttl: float | None) -> Exchange[bool]:
        for key, value in values.items():
            yield ("SET", key, value, *_ending(ttl))
        return True

    def claim(self, home: int, key: str, value: bytes, ttl: float | None) -> Exchange[bool]:
        return bool((yield ("SET", key, value, "NX", *_ending(ttl))))

    def swap(self, home: int, key: str, old: bytes, new: bytes, ttl: float | None) -> Exchange[bool]:
        return bool((yield ("EVAL", SWAP, 1, key, old, new, milliseconds(ttl))))

    def remove(self, home: int, key: str, old: bytes) -> Exchange[bool]:
        return bool((yield ("EVAL", REMOVE, 1, key, old)))

    def forget(self, home: int, key: str) -> Exchange[bool]:
        return bool((yield ("DEL", key)))

    # -- direct verbs: see `demotic.cache.Verbs`

    def get(self, key: str) -> Exchange[bytes | None]:
        found: bytes | None = yield ("GET", self._at(key))
        return found

    def gets(self, key: str) -> Exchange[tuple[bytes, object] | None]:
        value = yield ("GET", self._at(key))
        return None if value is None else (value, value)  # a value stands for itself: A, B, A again is A

    def get_many(self, keys: Iterable[str]) -> Exchange[dict[str, bytes]]:
        names = {self._at(key): key for key in keys}
        found = yield from self.read_many(0, list(names))
        return {names[at]: value for at, value in found.items()}

    def set(self, key: str, value: bytes, ttl: float | None) -> Exchange[bool]:
        return (yield from self.write(0, {self._at(key): checked_value(value)}, ttl))

    def set_many(self, values: Mapping[str, bytes], ttl: float | None) -> Exchange[bool]:
        return (yield from self.write(0, {self._at(key): checked_value(value) for key, value in values.items()}, ttl))

    def add(self, key: str, value: bytes, ttl: float | None) -> Exchange[bool]:
        return (yield from self.claim(0, self._at(key), checked_value(value), ttl))

    def replace(self, key: str, value: bytes, ttl: float | None) -> Exchange[bool]:
        return bool((yield ("SET", self._at(key), checked_value(value), "XX", *_ending(ttl))))

    def append(self, key: str, value: bytes) -> Exchange[bool]:
        return bool((yield ("EVAL", APPEND, 1, self._at(key), checked_value(value))))

    def prepend(self, key: str, value: bytes) -> Exchange[bool]:
        return bool((yield ("EVAL", PREPEND, 1, self._at(key), checked_value(value))))

    def cas(self, key: str, value: bytes, token: object, ttl: float | None) -> Exchange[bool]:
        if not isinstance(token, bytes):
            raise WrongCacheUse("a token for cas is one that gets() gave", target="token")
        return (yield from self.swap(0, self._at(key), token, checked_value(value), ttl))

    def incr(self, key: str, by: int) -> Exchange[int | None]:
        return (yield from self._count(key, checked_step(by)))

    def decr(self, key: str, by: int) -> Exchange[int | None]:
        return (yield from self._count(key, -checked_step(by)))

    def _count(self, key: str, step: int) -> Exchange[int | None]:
        found: int | None = yield ("EVAL", COUNT, 1, self._at(key), step)
        if found == -1:
            raise WrongCacheUse(f"the value of {key} is no number", target=key)
        return found

    def touch(self, key: str, ttl: float | None) -> Exchange[bool]:
        at, left = self._at(key), milliseconds(ttl)
        if left:
            return bool((yield ("PEXPIRE", at, left)))
        yield ("PERSIST", at)
        return (yield ("GET", at)) is not None

    def delete(self, key: str) -> Exchange[bool]:
        return bool((yield ("DEL", self._at(key))))

    def delete_many(self, keys: Iterable[str]) -> Exchange[int]:
        count = 0
        for key in keys:
            count += yield ("DEL", self._at(key))
        return count
