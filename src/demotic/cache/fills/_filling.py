"""One call of a cached function, from look-up to stored value, whoever drives it.

The rule that everything follows: a value may answer a call only if the function began to compute it after the last
invalidation that had returned before the call. So a fill is stored only over its own mark, records carry the versions
of their scopes, and who waited for another's computation looks into the cache again, unless that computation began
after he had asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from demotic.cache._conversation import Conversation, Pause, Run, Spawn, Wait
from demotic.cache._errors import CacheUnreachable, Unreadable
from demotic.cache._log import log
from demotic.cache.backends._interface import Backend, Loaded
from demotic.cache.fills._failures import negative_ttl
from demotic.cache.fills._flight import Flight, Flights, Landed, leading, waiting
from demotic.cache.fills._freshness import Freshness
from demotic.cache.fills._records import MISSING, Call, Records
from demotic.cache.values import Kind, Record

_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.1


class Claim(NamedTuple):
    """The right to store a value: over what, with which versions. Without a token, nothing is stored."""

    loaded: Loaded
    token: Any = None
    stale: Record | None = None
    elected: bool = False


class Filling:
    """How the calls of one function are answered."""

    __slots__ = ("backend", "flights", "freshness", "records")

    def __init__(self, backend: Backend, freshness: Freshness, records: Records) -> None:
        self.backend = backend
        self.freshness = freshness
        self.records = records
        self.flights: Flights = Flights()

    def call(self, call: Call) -> Conversation[Any]:
        """Answer a call. Raises what the function raises."""
        asked_again = False
        while True:
            loaded = yield from self.look(call)
            value = MISSING if loaded is None else self.records.fresh(loaded, call.key)
            if value is not MISSING:
                assert loaded is not None and loaded.record is not None
                if self.freshness.wants_refresh(loaded.record, self.backend.now()):
                    yield Spawn(lambda: self.refresh_behind(call))
                return value
            flight, leads = self.flights.join(call.key)
            if leads:
                return (yield from self._lead(call, flight, again=False))
            with waiting(flight) as finite:
                landed = finite and (yield Wait(flight, self.freshness.patience))
            self.records.note("joined", call.key)
            if not landed:
                return (yield Run(call.run))
            if asked_again and flight.result is not None:
                if flight.result.error is not None:
                    raise flight.result.error
                return flight.result.value() if flight.result.value else (yield Run(call.run))
            asked_again = True

    def taken(self, found: tuple[bytes, float], key: str) -> Any:
        """Return the value of what a backend found at one look, or MISSING if it cannot be read."""
        payload, cost = found
        try:
            value = self.records.serializer.loads(payload, key)
        except Unreadable:
            return MISSING
        self.records.count_hit(key, len(payload), cost)
        return value

    def look(self, call: Call) -> Conversation[Loaded | None]:
        """Look up a call; None if the cache cannot be reached."""
        try:
            return (yield from self.backend.load(call.key, call.scopes))
        except CacheUnreachable:
            self.records.note("unreachable", call.key)
            return None

    def refresh(self, call: Call) -> Conversation[Any]:
        """Compute a call anew, store the value and return it."""
        while True:
            flight, leads = self.flights.join(call.key)
            if leads:
                return (yield from self._lead(call, flight, again=True))
            with waiting(flight) as finite:
                if not (finite and (yield Wait(flight, self.freshness.patience))):
                    return (yield Run(call.run))

    def refresh_behind(self, call: Call) -> Conversation[None]:
        """Compute a call anew in the background, unless somebody does so already."""
        flight, leads = self.flights.join(call.key)
        if not leads:
            return
        result: Landed | None = None
        try:
            with leading(flight):
                if (yield from self.backend.elect(call.key, self.freshness.lease)):
                    loaded = yield from self.backend.load(call.key, call.scopes)
                    if self._is_due(loaded):
                        _, result = yield from self._compute(call, Claim(loaded, loaded.token, elected=True))
                        self.records.note("refreshed", call.key)
                    else:
                        yield from self.backend.dismiss(call.key)
        except CacheUnreachable:
            self.records.note("unreachable", call.key)
        except Exception as error:
            log().warning("%s could not be refreshed, its value stays: %r", self.records.function, error)
        finally:
            self.flights.leave(call.key, flight, result)

    def _is_due(self, loaded: Loaded) -> bool:
        """Return whether what was found is a value that is still to be refreshed: another may have been quicker."""
        record = loaded.record
        if record is None or not loaded.valid or record.kind != Kind.VALUE:
            return False
        now = self.backend.now()
        return now >= record.certain_until or now >= record.refresh_at or not self.freshness.is_fresh(record, now)

    def _lead(self, call: Call, flight: Flight, *, again: bool) -> Conversation[Any]:
        result: Landed | None = None
        try:
            with leading(flight):
                claim = yield from self._claim(call, again=again)
                if not isinstance(claim, Claim):
                    result = Landed(claim)
                    return claim()
                self.records.note("refreshed" if again else "miss", call.key)
                value, result = yield from self._compute(call, claim)
                return value
        except Exception as error:
            result = Landed(error=error)
            raise
        finally:
            self.flights.leave(call.key, flight, result)

    def _claim(self, call: Call, *, again: bool) -> Conversation[Claim | Callable[[], Any]]:
        """Return the right to store, or the value that another process has stored meanwhile."""
        pause, end = _FIRST_PAUSE, time.monotonic() + self.freshness.patience
        while True:
            loaded = yield from self.look(call)
            if loaded is None:
                return Claim(Loaded(None))
            record = loaded.record
            if not again:
                value = self.records.fresh(loaded, call.key)
                if value is not MISSING:
                    return self.records.again(record, call.key, value)
            try:
                claim = yield from self._stake(call, loaded, again=again)
            except CacheUnreachable:
                claim = Claim(Loaded(None))
            if claim is not None:
                return claim
            if time.monotonic() >= end:
                return Claim(loaded)
            yield Pause(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _stake(self, call: Call, loaded: Loaded, *, again: bool) -> Conversation[Claim | None]:
        """Try to become the one who fills; None while another is."""
        record, key, lease = loaded.record, call.key, self.freshness.lease
        if record is not None and record.kind == Kind.FILLING and not again:
            return None
        usable = record is not None and loaded.valid and record.kind == Kind.VALUE
        if usable and record is not None and self.freshness.is_usable(record, self.backend.now()):
            elected = again or (yield from self.backend.elect(key, lease))
            return Claim(loaded, loaded.token, record, elected) if elected else None
        token = yield from self.backend.begin(key, loaded, lease)
        return None if token is None else Claim(loaded, token)

    def _compute(self, call: Call, claim: Claim) -> Conversation[tuple[Any, Landed]]:
        """Run the function, and store what it returns if the claim still holds."""
        created, began = self.backend.now(), time.perf_counter()
        try:
            value = yield Run(call.run)
        except GeneratorExit:  # nobody drives on: what can be done without asking is done
            if not claim.elected:
                next(self.backend.release(call.key, claim.token), None)
            raise
        except Exception as error:
            return (yield from self._failed(call, claim, error, created))
        except BaseException:
            yield from self._give_up(call, claim)
            raise
        record = self.records.of_value(value, claim.loaded, call, created, time.perf_counter() - began)
        if record is None:
            yield from self._give_up(call, claim, also_stale=True)
            return value, Landed()
        yield from self._store(call, claim, record, self.freshness.ttl)
        return value, Landed(self.records.again(record, call.key, record.kept))

    def _failed(self, call: Call, claim: Claim, error: Exception, created: float) -> Conversation[tuple[Any, Landed]]:
        self.records.note("error", call.key)
        ttl = negative_ttl(error, self.records.negative) if self.records.negative else None
        if ttl is not None and (record := self.records.of_error(error, claim.loaded, call, created)) is not None:
            yield from self._store(call, claim, record, ttl)
            raise error
        yield from self._give_up(call, claim)
        if claim.stale is not None and not isinstance(error, CacheUnreachable):
            value = self.records.value_of(claim.stale, call.key)
            if value is not MISSING:
                self.records.note("stale", call.key)
                log().warning("%s failed, its last value is used: %r", self.records.function, error)
                self.records.counters.hits += 1
                return value, Landed(self.records.again(claim.stale, call.key, value))
        raise error

    def _store(self, call: Call, claim: Claim, record: Record, ttl: float | None) -> Conversation[None]:
        if claim.token is None:
            return
        keep = self.freshness.stamp(record, ttl)
        try:
            stored = yield from self.backend.finish(call.key, record, claim.token, keep)
            if claim.elected:
                yield from self.backend.dismiss(call.key)
        except CacheUnreachable:
            self.records.note("unreachable", call.key)
            return
        self.records.note("stored" if stored else "discarded", call.key)
        self.records.counters.bytes_written += record.size if stored else 0

    def _give_up(self, call: Call, claim: Claim, *, also_stale: bool = False) -> Conversation[None]:
        """Leave the place as it was found."""
        try:
            if claim.token is not None and (also_stale or not claim.elected):
                yield from self.backend.release(call.key, claim.token)
            if claim.elected:
                yield from self.backend.dismiss(call.key)
        except CacheUnreachable:
            pass  # the mark has an end of its own
