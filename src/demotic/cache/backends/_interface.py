"""What a decorated function asks of a backend beyond the direct verbs, each a conversation.

Fills are made safe by one entry alone. Whoever fills an empty place first puts a mark there (`begin`) and stores the
value only over that very mark (`finish`). An invalidation takes the mark away (`drop`), so a value that was computed
before it finds its mark gone and is not stored. Groups of entries (a function's, a class's, a tag's) are invalidated
by giving their scope a new version (`renew`): every record carries the versions that held when its function began.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from demotic.cache._conversation import Conversation
from demotic.cache._errors import WrongCacheUse
from demotic.cache.backends._verbs import AsyncVerbs, Verbs
from demotic.cache.values import Record

# Thirty years: what is longer is meant to stay, and would overflow somewhere.
_LONGEST = 30 * 366 * 24 * 3600.0


class Loaded(NamedTuple):
    """What was found under a key, with the versions of its scopes at that moment.

    ``valid`` tells whether the record's versions are these, ``unreadable`` that there is something that is no record.
    ``token`` is what a change of this very entry is made with; None where nothing is there.
    """

    record: Record | None
    versions: bytes = b""
    born: int = 0
    valid: bool = False
    unreadable: bool = False
    token: Any = None


class Backend(Verbs, ABC):
    """A cache. ``shared`` tells whether other processes see it, ``now`` is the clock that its records go by."""

    name: str
    shared: bool
    now: Callable[[], float]
    aio: AsyncVerbs

    @abstractmethod
    def ask(self, verb: str, *args: Any) -> Any:
        """Do a verb. Raises `CacheUnreachable`."""

    @abstractmethod
    async def ask_async(self, verb: str, *args: Any) -> Any:
        """Do a verb without blocking the event loop. Raises `CacheUnreachable`."""

    @abstractmethod
    def load(self, key: str, scopes: tuple[str, ...]) -> Conversation[Loaded]:
        """Look a record up."""

    @abstractmethod
    def begin(self, key: str, over: Loaded, seconds: float) -> Conversation[Any]:
        """Put a mark where `load` found nothing of use; return its token, or None if another was quicker.

        The mark goes away after ``seconds``, so that a process that died holds nobody up.
        """

    @abstractmethod
    def finish(self, key: str, record: Record, token: Any, ttl: float | None) -> Conversation[bool]:
        """Store a record in the place of the entry that ``token`` stands for; return whether it was still there."""

    @abstractmethod
    def release(self, key: str, token: Any) -> Conversation[None]:
        """Take a mark away, if it is still there."""

    @abstractmethod
    def put(self, key: str, record: Record, ttl: float | None) -> Conversation[bool]:
        """Store a record whatever is there."""

    @abstractmethod
    def drop(self, key: str) -> Conversation[bool]:
        """Forget a record or a mark; return whether there was one."""

    @abstractmethod
    def elect(self, key: str, seconds: float) -> Conversation[bool]:
        """Return whether this caller is the one to refresh a record that others go on using meanwhile."""

    @abstractmethod
    def dismiss(self, key: str) -> Conversation[None]:
        """End an election."""

    @abstractmethod
    def renew(self, scopes: Sequence[str]) -> Conversation[None]:
        """Give scopes new versions: all their records become invalid, those being computed too."""

    def hit(self, key: str) -> Record | None:
        """Return a record if it is certainly fresh and that can be told at once, without a conversation."""
        return None

    def find(self, key: str, scopes: tuple[str, ...], skew: float) -> tuple[bytes, float] | None:
        """Return the payload and cost of a record if one look is enough to tell that it is valid and fresh."""
        return None

    async def find_async(self, key: str, scopes: tuple[str, ...], skew: float) -> tuple[bytes, float] | None:
        """Do as `find`, without blocking the event loop."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Close the connections that threads use (`aio.close` those of an event loop)."""


def checked_ttl(ttl: float | None) -> float | None:
    """Return a time to live as it is used. Raises `WrongCacheUse` for one that is none."""
    if ttl is None or ttl == math.inf:
        return None
    if isinstance(ttl, bool) or not isinstance(ttl, int | float) or not ttl > 0:
        raise WrongCacheUse(f"{ttl!r} is no time to live", target="ttl", hint="seconds above 0, or None for no end")
    return None if ttl > _LONGEST else float(ttl)


def checked_value(value: object) -> bytes:
    """Return a value of a direct verb. Raises `WrongCacheUse` unless it is bytes."""
    if isinstance(value, bytes):
        return value
    raise WrongCacheUse(f"the verbs of a backend take bytes, not {type(value).__name__}", hint="encode it first")


def checked_key(key: object) -> str:
    """Return a key of a direct verb. Raises `WrongCacheUse` unless it is text."""
    if isinstance(key, str):
        return key
    raise WrongCacheUse(f"a key is text, not {type(key).__name__}", target="key")


def checked_step(by: object) -> int:
    """Return the step of a counter. Raises `WrongCacheUse` unless it is a whole number from 0 to 2**63-1."""
    if isinstance(by, int) and not isinstance(by, bool) and 0 <= by < 2**63:
        return by
    raise WrongCacheUse(f"a counter changes by a whole number of at least 0, not {by!r}", target="by")
