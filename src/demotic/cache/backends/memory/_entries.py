"""A bounded table of entries: by number and by bytes, the least recently used goes first.

The bytes counted are those that Python takes for keys, values and the table that holds them.
"""

from __future__ import annotations

import math
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable

from demotic.cache._errors import WrongCacheUse
from demotic.cache.backends._interface import checked_key
from demotic.cache.backends.memory._weight import ENTRY_BYTES, weight
from demotic.cache.values import NOT_KEPT, Record


class Entry:
    """What is kept under a key."""

    __slots__ = ("expires", "size", "token", "value")

    def __init__(self, value: bytes | Record, size: int, expires: float, token: int) -> None:
        self.value = value
        self.size = size
        self.expires = expires
        self.token = token


class Entries:
    """The table. Methods with an underscore are called under its lock."""

    def __init__(self, max_entries: int | None, max_bytes: int | None, now: Callable[[], float]) -> None:
        for option, bound in (("max_entries", max_entries), ("max_bytes", max_bytes)):
            if bound is not None and (not isinstance(bound, int) or isinstance(bound, bool) or bound < 1):
                raise WrongCacheUse(f"{option} is {bound!r}", target=option, hint="a number above 0, or None for none")
        self.now = now
        self.evicted = 0
        self._most_entries = math.inf if max_entries is None else max_entries
        self._most_bytes = math.inf if max_bytes is None else max_bytes
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._bytes = 0
        self._count = 0
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def total_bytes(self) -> int:
        """The bytes that the entries take, with the tables that hold them."""
        return self._bytes + sys.getsizeof(self._entries)

    def _live(self, key: str) -> Entry | None:
        entry = self._entries.get(key)
        if entry is None or self.now() < entry.expires:
            return entry
        self._discard(key)
        return None

    def _discard(self, key: str) -> bool:
        entry = self._entries.pop(key, None)
        if entry is None:
            return False
        self._bytes -= entry.size
        return True

    def _forget(self) -> None:
        self._entries = OrderedDict()  # the table of a dictionary never shrinks, so it is a new one
        self._bytes = 0

    def _keep(self, key: str, value: bytes | Record, ttl: float | None) -> int | None:
        """Keep a value and return its token, or None if it is larger than the whole cache."""
        self._discard(key)
        self._count += 1
        size = ENTRY_BYTES + sys.getsizeof(key) + _weight_of(value)
        if size + sys.getsizeof(_EMPTY) > self._most_bytes:
            return None
        expires = math.inf if ttl is None else self.now() + ttl
        self._entries[key] = Entry(value, size, expires, self._count)
        self._bytes += size
        while len(self._entries) > self._most_entries or self.total_bytes > self._most_bytes:
            self._evict()
        return self._count if key in self._entries else None

    def _evict(self) -> None:
        _, entry = self._entries.popitem(last=False)
        self._bytes -= entry.size
        self.evicted += 1
        if not self._entries:
            self._forget()

    def _found(self, key: str) -> bytes | None:
        """Return the bytes under a key, and mark it as used."""
        entry = self._live(checked_key(key))
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry.value.payload if isinstance(entry.value, Record) else entry.value


_EMPTY: OrderedDict[str, Entry] = OrderedDict()


def _weight_of(value: bytes | Record) -> int:
    if isinstance(value, Record):
        return weight(value) + (0 if value.kept is NOT_KEPT else weight(value.kept))
    return weight(value)
