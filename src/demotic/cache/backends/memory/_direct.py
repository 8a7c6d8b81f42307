"""The direct verbs of the cache in memory: values are bytes, as in every other backend."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from demotic.cache._errors import WrongCacheUse
from demotic.cache.backends._interface import checked_key, checked_step, checked_ttl, checked_value
from demotic.cache.backends._verbs import Verbs
from demotic.cache.backends.memory._entries import Entries


class DirectVerbs(Entries, Verbs):
    """The verbs over a table of entries, each under its lock."""

    name = "memory"

    def get(self, key: str) -> bytes | None:
        """Return the value of a key, or None."""
        with self._lock:
            return self._found(key)

    def gets(self, key: str) -> tuple[bytes, object] | None:
        """Return the value of a key and a token for `cas`, or None."""
        with self._lock:
            found = self._found(key)
            return None if found is None else (found, self._entries[key].token)

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the values of those keys that there are."""
        with self._lock:
            found = {key: self._found(key) for key in keys}
            return {key: value for key, value in found.items() if value is not None}

    def set(self, key: str, value: bytes, ttl: float | None = None) -> bool:
        """Keep a value, whatever was there."""
        with self._lock:
            return self._keep(checked_key(key), checked_value(value), checked_ttl(ttl)) is not None

    def set_many(self, values: Mapping[str, bytes], ttl: float | None = None) -> bool:
        """Keep several values; return whether all are kept."""
        with self._lock:
            kept = [self.set(key, value, ttl) for key, value in values.items()]
            return all(kept)

    def add(self, key: str, value: bytes, ttl: float | None = None) -> bool:
        """Keep a value if there is none."""
        checked_ttl(ttl)
        with self._lock:
            return self._live(checked_key(key)) is None and self.set(key, value, ttl)

    def replace(self, key: str, value: bytes, ttl: float | None = None) -> bool:
        """Keep a value if there is one."""
        checked_ttl(ttl)
        with self._lock:
            return self._live(checked_key(key)) is not None and self.set(key, value, ttl)

    def append(self, key: str, value: bytes) -> bool:
        """Put bytes behind the value of a key."""
        return self._change(key, lambda old: old + checked_value(value))

    def prepend(self, key: str, value: bytes) -> bool:
        """Put bytes before the value of a key."""
        return self._change(key, lambda old: checked_value(value) + old)

    def _change(self, key: str, change: Callable[[bytes], bytes]) -> bool:
        """Change the value of a key, and leave its time to live as it is."""
        with self._lock:
            old = self._found(key)
            if old is None:
                return False
            expires = self._entries[key].expires
            left = None if expires == math.inf else max(expires - self.now(), 1e-9)
            return self._keep(key, change(old), left) is not None

    def cas(self, key: str, value: bytes, token: object, ttl: float | None = None) -> bool:
        """Keep a value if nothing changed since `gets` gave this token."""
        with self._lock:
            entry = self._live(checked_key(key))
            return entry is not None and entry.token == token and self.set(key, value, ttl)

    def incr(self, key: str, by: int = 1) -> int | None:
        """Add to a number kept as decimal digits."""
        return self._count_by(key, checked_step(by))

    def decr(self, key: str, by: int = 1) -> int | None:
        """Take from a number, not below 0."""
        return self._count_by(key, -checked_step(by))

    def _count_by(self, key: str, step: int) -> int | None:
        with self._lock:
            old = self._found(key)
            if old is None:
                return None
            if not (old.isdigit() and len(old) <= 20):
                raise WrongCacheUse(f"the value of {key} is no number", target=key)
            new = max(int(old) + step, 0)
            self._change(key, lambda _: b"%d" % new)
            return new

    def touch(self, key: str, ttl: float | None = None) -> bool:
        """Give an entry a new time to live."""
        with self._lock:
            entry = self._live(checked_key(key))
            if entry is None:
                return False
            left = checked_ttl(ttl)
            entry.expires = math.inf if left is None else self.now() + left
            return True

    def delete(self, key: str) -> bool:
        """Forget a key; return whether there was a value."""
        with self._lock:
            return self._live(checked_key(key)) is not None and self._discard(key)

    def delete_many(self, keys: Iterable[str]) -> int:
        """Forget several keys; return how many had a value."""
        with self._lock:
            return sum([self.delete(key) for key in keys])

    def flush(self) -> bool:
        """Forget everything."""
        with self._lock:
            self._forget()
        return True

    def ping(self) -> dict[str, bool]:
        """Return that it answers."""
        return {self.name: True}

    def stats(self) -> dict[str, dict[str, object]]:
        """Return the number of entries, their bytes, and how many had to go."""
        return {self.name: {"entries": len(self._entries), "bytes": self.total_bytes, "evicted": self.evicted}}
