"""Invalidations that a server could not be told, kept until it can.

Until they are delivered this process uses nothing from that server. (Other processes that still reach it see the old
values until then: there is no way to tell them but the server.) A process that ends before has only the ttl on its
side.
"""

from __future__ import annotations

import threading

from demotic.cache._fork import after_fork

_MOST = 10_000


class Pending:
    """What one server has to be told."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._scopes: set[str] = set()
        self._lock = threading.Lock()
        self.any = False
        after_fork(self, lambda pending: setattr(pending, "_lock", threading.Lock()))

    def add(self, *, key: str | None = None, scopes: tuple[str, ...] = (), all_scope: str) -> None:
        """Keep an invalidation; when there are too many, one of everything in their place."""
        with self._lock:
            if key is not None:
                self._keys.add(key)
            self._scopes.update(scopes)
            if len(self._keys) + len(self._scopes) > _MOST:
                self._keys, self._scopes = set(), {all_scope}
            self.any = True

    def take(self) -> tuple[set[str], set[str]]:
        """Return the keys and scopes, and forget them; who cannot deliver them adds them again."""
        with self._lock:
            taken = self._keys, self._scopes
            self._keys, self._scopes, self.any = set(), set(), False
            return taken

    def put_back(self, keys: set[str], scopes: set[str]) -> None:
        """Keep again what was taken."""
        with self._lock:
            self._keys |= keys
            self._scopes |= scopes
            self.any = bool(self._keys or self._scopes)
