"""A cache that processes share: records as bytes, marks of fills, versions of scopes, all on the key's own server.

A look-up is one round trip: the record, and beside it the *pulse* of its server, which changes whenever any scope gets
a new version there. While the pulse stays, the versions that this process has read are the ones in force.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from demotic.cache._conversation import Ask, Conversation
from demotic.cache._errors import CacheUnreachable, Unreadable
from demotic.cache.backends._interface import Backend, Loaded
from demotic.cache.backends._verbs import AsyncVerbs
from demotic.cache.backends.shared._keys import checked_namespace, server_key
from demotic.cache.backends.shared._pending import Pending
from demotic.cache.keys import scope_key
from demotic.cache.values import Kind, Record, pack, take, unpack

PULSE = "pulse"
ALL_SCOPE = "all"
_MOST_KNOWN = 50_000
_MOST_TRIES = 5


class Known:
    """The versions of scopes on one server, as of one pulse of it."""

    __slots__ = ("joined", "pulse", "versions")

    def __init__(self, pulse: bytes | None) -> None:
        self.pulse = pulse
        self.versions: dict[str, bytes] = {}
        self.joined: dict[tuple[str, ...], bytes] = {}  # those of several scopes, one after the other


class SharedBackend(Backend):
    """What memcached and Redis have in common; ``link`` and ``aio_link`` talk to their servers."""

    shared = True

    def __init__(
        self,
        name: str,
        homes: int,
        link: Any,
        aio_link: Any,
        *,
        namespace: str,
        compress_over: int | None,
        now: Callable[[], float],
    ) -> None:
        self.name = name
        self.namespace = checked_namespace(namespace)
        self.now = now
        self.aio = _AsyncShared(self)
        self._compress_over = compress_over
        self._link = link
        self._aio_link = aio_link
        self._known = [Known(None) for _ in range(homes)]
        self._pending = [Pending() for _ in range(homes)]
        self._pulse_key = self._at(PULSE)

    def home_of(self, key: str) -> int:
        """Return which server a key belongs to."""
        return 0

    def _at(self, key: str) -> str:
        return server_key(self.namespace, key)

    # -- verbs

    def ask(self, verb: str, *args: Any) -> Any:
        """Do a verb. Raises `CacheUnreachable`."""
        return getattr(self._link, verb)(*args)

    async def ask_async(self, verb: str, *args: Any) -> Any:
        """Do a verb without blocking the event loop. Raises `CacheUnreachable`."""
        return await getattr(self._aio_link, verb)(*args)

    def _ask(self, verb: str, otherwise: Any, *args: Any) -> Any:
        try:
            return getattr(self._link, verb)(*args)
        except CacheUnreachable:
            return otherwise

    def close(self) -> None:
        """Close the connections that threads use."""
        self._link.close()

    def __enter__(self) -> SharedBackend:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- for decorated functions

    def find(self, key: str, scopes: tuple[str, ...], skew: float) -> tuple[bytes, float] | None:
        """Return the payload and cost of a valid, fresh record; None where more than one look is needed to tell."""
        home = self.home_of(key)
        known = self._known[home]
        versions = known.joined.get(scopes)
        if versions is None or self._pending[home].any:
            return None
        try:
            data, pulse = self._link.glance(home, f"{self.namespace}:{key}", self._pulse_key)
        except CacheUnreachable:
            return None
        if data is None or pulse is None or pulse != known.pulse:
            return None
        return take(data, key, versions, self.now(), skew)

    async def find_async(self, key: str, scopes: tuple[str, ...], skew: float) -> tuple[bytes, float] | None:
        """Do as `find`, without blocking the event loop."""
        home = self.home_of(key)
        known = self._known[home]
        versions = known.joined.get(scopes)
        if versions is None or self._pending[home].any:
            return None
        try:
            data, pulse = await self._aio_link.glance(home, f"{self.namespace}:{key}", self._pulse_key)
        except CacheUnreachable:
            return None
        if data is None or pulse is None or pulse != known.pulse:
            return None
        return take(data, key, versions, self.now(), skew)

    def load(self, key: str, scopes: tuple[str, ...]) -> Conversation[Loaded]:
        """Look a record up."""
        home = self.home_of(key)
        if self._pending[home].any:
            yield from self._deliver(home)
        data, pulse = yield Ask("read", (home, f"{self.namespace}:{key}", self._pulse_key))
        known = self._known[home]
        if pulse is None or known.pulse != pulse:
            known = yield from self._begin_anew(home, pulse)
        versions = known.joined.get(scopes)
        if versions is None:
            versions = yield from self._learn(home, known, scopes)
        if data is None:
            return Loaded(None, versions)
        try:
            record = unpack(data, key)
        except Unreadable:
            return Loaded(None, versions, unreadable=True, token=data)
        return Loaded(record, versions, valid=record.versions == versions, token=data)

    def begin(self, key: str, over: Loaded, seconds: float) -> Conversation[Any]:
        """Put a mark; what tells it from others is its serial."""
        home, at = self.home_of(key), self._at(key)
        mark = pack(Record(Kind.FILLING, b"", self.now()), key, compress_over=None)
        if over.token is None:
            placed = yield Ask("claim", (home, at, mark, seconds))
        else:
            placed = yield Ask("swap", (home, at, over.token, mark, seconds))
        return mark if placed else None

    def finish(self, key: str, record: Record, token: Any, ttl: float | None) -> Conversation[bool]:
        """Store a record in the place of what ``token`` is: the bytes that were there."""
        data = pack(record, key, compress_over=self._compress_over)
        return bool((yield Ask("swap", (self.home_of(key), self._at(key), token, data, ttl))))

    def release(self, key: str, token: Any) -> Conversation[None]:
        """Take a mark away, if it is still there."""
        yield Ask("remove", (self.home_of(key), self._at(key), token))

    def put(self, key: str, record: Record, ttl: float | None) -> Conversation[bool]:
        """Store a record whatever is there."""
        home, data = self.home_of(key), pack(record, key, compress_over=self._compress_over)
        try:
            return bool((yield Ask("write", (home, {self._at(key): data}, ttl))))
        except CacheUnreachable:  # what is there may be old by now
            self._pending[home].add(key=key, all_scope=ALL_SCOPE)
            raise

    def drop(self, key: str) -> Conversation[bool]:
        """Forget a record or a mark; what cannot be told now is told before this server is used again."""
        home = self.home_of(key)
        try:
            return bool((yield Ask("forget", (home, self._at(key)))))
        except CacheUnreachable:
            self._pending[home].add(key=key, all_scope=ALL_SCOPE)
            raise

    def elect(self, key: str, seconds: float) -> Conversation[bool]:
        """Return whether this caller is the one to refresh a record."""
        return bool((yield Ask("claim", (self.home_of(key), self._at(f"{key}:refresh"), b"1", seconds))))

    def dismiss(self, key: str) -> Conversation[None]:
        """End an election."""
        yield Ask("forget", (self.home_of(key), self._at(f"{key}:refresh")))

    def renew(self, scopes: Sequence[str]) -> Conversation[None]:
        """Give scopes new versions on every server, then change its pulse, so that everybody reads them."""
        unreachable: CacheUnreachable | None = None
        for home in range(len(self._known)):
            try:
                if self._pending[home].any:
                    yield from self._deliver(home)
                yield from self._renew_at(home, scopes)
            except CacheUnreachable as error:
                self._pending[home].add(scopes=tuple(scopes), all_scope=ALL_SCOPE)
                unreachable = error
        if unreachable is not None:
            raise unreachable

    def _renew_at(self, home: int, scopes: Sequence[str]) -> Conversation[None]:
        yield Ask("write", (home, {self._at(scope_key(scope)): os.urandom(8) for scope in scopes}, None))
        yield Ask("write", (home, {self._pulse_key: os.urandom(8)}, None))

    def _deliver(self, home: int) -> Conversation[None]:
        """Tell a server what it could not be told before."""
        pending = self._pending[home]
        keys, scopes = pending.take()
        try:
            for key in list(keys):
                yield Ask("forget", (home, self._at(key)))
            if scopes:
                yield from self._renew_at(home, tuple(scopes))
        except BaseException:
            pending.put_back(keys, scopes)
            raise

    def _begin_anew(self, home: int, pulse: bytes | None) -> Conversation[Known]:
        """Forget the versions that were read at an earlier pulse; a server without one is given its first."""
        for _ in range(_MOST_TRIES):
            if pulse is not None:
                break
            fresh = os.urandom(8)
            if (yield Ask("claim", (home, self._pulse_key, fresh, None))):
                pulse = fresh
            else:
                pulse = (yield Ask("read_many", (home, [self._pulse_key]))).get(self._pulse_key)
        if pulse is None:
            raise CacheUnreachable(f"the cache {self.name} keeps nothing", target=self.name)
        known = self._known[home] = Known(pulse)
        return known

    def _learn(self, home: int, known: Known, scopes: tuple[str, ...]) -> Conversation[bytes]:
        """Read the versions that are not known yet; a scope without one is given its first."""
        if len(known.versions) > _MOST_KNOWN or len(known.joined) > _MOST_KNOWN:
            known = self._known[home] = Known(known.pulse)
        for _ in range(_MOST_TRIES):
            missing = {scope: self._at(scope_key(scope)) for scope in scopes if scope not in known.versions}
            if not missing:
                joined = known.joined[scopes] = b"".join([known.versions[scope] for scope in scopes])
                return joined
            found = yield Ask("read_many", (home, list(missing.values())))
            for scope, at in missing.items():
                fresh = os.urandom(8)
                if at in found:
                    known.versions[scope] = found[at]
                elif (yield Ask("claim", (home, at, fresh, None))):
                    known.versions[scope] = fresh
        raise CacheUnreachable(f"the cache {self.name} keeps nothing", target=self.name)


class _AsyncShared(AsyncVerbs):
    """The verbs for tasks."""

    def __init__(self, backend: SharedBackend) -> None:
        self._backend = backend

    async def _ask(self, verb: str, otherwise: Any, *args: Any) -> Any:
        try:
            return await self._backend.ask_async(verb, *args)
        except CacheUnreachable:
            return otherwise

    async def close(self) -> None:
        """Close the connections of this event loop."""
        await self._backend._aio_link.close()
