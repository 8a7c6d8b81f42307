"""The cache in memory: safe for threads, with the same answers for tasks.

Values that cannot change are handed out as they are; others are kept as bytes and made anew for each caller, so that
nobody can change what the next one gets.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from demotic.cache._conversation import Conversation
from demotic.cache.backends._interface import Backend, Loaded
from demotic.cache.backends._verbs import AsyncVerbs
from demotic.cache.backends.memory._direct import DirectVerbs
from demotic.cache.values import Kind, Record

_MOST_SCOPES = 100_000


class Memory(DirectVerbs, Backend):
    """A cache in this process. ``now`` is its clock, a monotonic one unless you give another.

    >>> memory = Memory(max_entries=1000)
    >>> memory.set("greeting", b"hello", ttl=60)
    True
    >>> memory.get("greeting")
    b'hello'
    """

    shared = False

    def __init__(
        self,
        *,
        max_entries: int | None = 100_000,
        max_bytes: int | None = 256 * 1024 * 1024,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(max_entries, max_bytes, now)
        self.aio = _AsyncMemory(self)
        self._renewals = 0  # every renewal of a scope counts one up; a record is as old as the count it was begun at
        self._renewed: dict[str, int] = {}
        self._renewed_all = 0

    def __repr__(self) -> str:
        return f"<Memory of {len(self._entries)} entries in {self.total_bytes} bytes>"

    def ask(self, verb: str, *args: Any) -> Any:
        """Do a verb."""
        return getattr(self, verb)(*args)

    async def ask_async(self, verb: str, *args: Any) -> Any:
        """Do a verb: nothing here takes time."""
        return getattr(self, verb)(*args)

    def close(self) -> None:
        """Forget everything."""
        self.flush()

    def hit(self, key: str) -> Record | None:
        """Return a record that is certainly fresh, without a lock: the one step of nearly all calls."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        record = entry.value
        if type(record) is Record and record.born == self._renewals and self.now() < record.certain_until:
            try:  # noqa: SIM105 - a third of the time that suppress() takes
                self._entries.move_to_end(key)
            except KeyError:  # evicted by another thread just now
                pass
            return record
        return None

    def load(self, key: str, scopes: tuple[str, ...]) -> Conversation[Loaded]:
        """Look a record up."""
        with self._lock:
            born, entry = self._renewals, self._live(key)
            if entry is None:
                return Loaded(None, born=born)
            if not isinstance(entry.value, Record):
                return Loaded(None, born=born, unreadable=True, token=entry.token)
            record = entry.value
            valid = record.born == born or self._still_valid(record)
            if valid and record.kind != Kind.FILLING:
                record.born = born
            return Loaded(record, born=born, valid=valid, token=entry.token)
        yield  # a conversation that asks nobody

    def _still_valid(self, record: Record) -> bool:
        return self._renewed_all <= record.born and all(
            self._renewed.get(scope, 0) <= record.born for scope in record.scopes
        )

    def begin(self, key: str, over: Loaded, seconds: float) -> Conversation[Any]:
        """Put a mark; it has no end here, since whoever put it lives as long as the cache."""
        with self._lock:
            entry = self._live(key)
            if (entry.token if entry else None) != over.token:
                return None
            mark = Record(Kind.FILLING, b"", self.now(), born=over.born)
            return self._keep(key, mark, None)
        yield

    def finish(self, key: str, record: Record, token: Any, ttl: float | None) -> Conversation[bool]:
        """Store a record in the place of the entry that ``token`` stands for."""
        with self._lock:
            entry = self._live(key)
            if entry is None or entry.token != token:
                return False
            return self._keep(key, record, ttl) is not None
        yield

    def release(self, key: str, token: Any) -> Conversation[None]:
        """Take a mark away, if it is still there."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and entry.token == token:
                self._discard(key)
        return
        yield

    def put(self, key: str, record: Record, ttl: float | None) -> Conversation[bool]:
        """Store a record whatever is there."""
        with self._lock:
            return self._keep(key, record, ttl) is not None
        yield

    def drop(self, key: str) -> Conversation[bool]:
        """Forget a record or a mark."""
        return self.delete(key)
        yield

    def elect(self, key: str, seconds: float) -> Conversation[bool]:
        """Return True: calls of one process are told apart by their flights already."""
        return True
        yield

    def dismiss(self, key: str) -> Conversation[None]:
        """End an election."""
        return
        yield

    def renew(self, scopes: Sequence[str]) -> Conversation[None]:
        """Make all records of these scopes invalid."""
        with self._lock:
            self._renewals += 1
            self._renewed.update(dict.fromkeys(scopes, self._renewals))
            if len(self._renewed) > _MOST_SCOPES:  # rather than remember them all, forget all that is older
                self._renewed.clear()
                self._renewed_all = self._renewals
        return
        yield


class _AsyncMemory(AsyncVerbs):
    """The verbs for tasks: nothing here takes time."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def _ask(self, verb: str, otherwise: Any, *args: Any) -> Any:
        return getattr(self._memory, verb)(*args)
