"""A server that does not answer is left alone for a while: one warning, then misses that cost nothing.

The first call that fails opens the breaker; until ``rest`` seconds have passed every call is refused at once, then one
may try, and what it finds decides for all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

from demotic.cache._errors import CacheUnreachable
from demotic.cache._log import log


class Breaker:
    """Guards the calls to one server: ``with breaker: call``. ``errors`` are those that mean it does not answer."""

    def __init__(
        self,
        server: str,
        errors: tuple[type[Exception], ...],
        *,
        rest: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.server = server
        self.rest = rest
        self._errors = errors
        self._now = now
        self._lock = threading.Lock()
        self._retry_at: float | None = None  # None while it answers
        self._trying = False  # whether a call is let through to see; calls from before the silence tell nothing

    @property
    def is_open(self) -> bool:
        """Whether calls are refused now."""
        return self._retry_at is not None and self._now() < self._retry_at

    def __enter__(self) -> None:
        """Raise `CacheUnreachable` while the server is left alone."""
        if self._retry_at is None:
            return
        with self._lock:
            if self._retry_at is not None:
                if self._now() < self._retry_at:
                    raise CacheUnreachable(f"the cache at {self.server} did not answer lately", target=self.server)
                self._trying = True
                self._retry_at = self._now() + self.rest  # this caller tries; the others wait for what he finds

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Note whether the server answered. Raises `CacheUnreachable` in the place of its own errors."""
        if error is None:
            if self._trying:
                self._close()
        elif isinstance(error, self._errors):
            self._open(error)
            raise CacheUnreachable(
                f"the cache at {self.server} does not answer: {error}", target=self.server
            ) from error

    def _open(self, error: BaseException) -> None:
        with self._lock:
            first, self._retry_at = self._retry_at is None, self._now() + self.rest
            self._trying = False
        if first:
            log().warning("the cache at %s does not answer, and is done without: %r", self.server, error)

    def _close(self) -> None:
        with self._lock:
            was_open, self._retry_at, self._trying = self._retry_at is not None, None, False
        if was_open:
            log().info("the cache at %s answers again", self.server)
