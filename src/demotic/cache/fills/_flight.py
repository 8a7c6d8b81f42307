"""One computation per key in a process, however many ask: threads and tasks of any event loop, mixed.

The first to ask leads; the others wait for its flight to land and take what it brings. A leader that is cancelled or
dies leaves the flight abandoned, and one of those waiting leads the next. Who waits for a flight that, over others,
waits for himself, would wait for ever: he computes for himself instead.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, NamedTuple

from demotic.cache._fork import after_fork

# The flights that this thread or task leads, the innermost last.
_leading: ContextVar[tuple[Flight, ...]] = ContextVar("demotic_cache_leading", default=())
_graph = threading.Lock()


class Landed(NamedTuple):
    """What a flight brought: a way to make the value for each who waited, or the error of the function."""

    value: Callable[[], Any] | None = None
    error: BaseException | None = None


class Flight:
    """One computation under way."""

    __slots__ = ("_callbacks", "_lock", "held_up_by", "result")

    def __init__(self) -> None:
        self.result: Landed | None = None  # None when it has landed means that it was abandoned
        self.held_up_by: dict[int, Flight] = {}
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], object]] | None = []  # None once it has landed

    def land(self, result: Landed | None) -> None:
        """Tell all who wait; without a result, that they must see for themselves."""
        with self._lock:
            self.result = result
            callbacks, self._callbacks = self._callbacks or [], None
        for callback in callbacks:
            callback()

    def when_landed(self, callback: Callable[[], object]) -> None:
        with self._lock:
            if self._callbacks is not None:
                self._callbacks.append(callback)
                return
        callback()

    def wait(self, seconds: float) -> bool:
        """Wait in this thread; return whether it has landed."""
        event = threading.Event()
        self.when_landed(event.set)
        return event.wait(seconds)

    async def wait_async(self, seconds: float) -> bool:
        """Wait in this task; return whether it has landed."""
        import asyncio

        loop = asyncio.get_running_loop()
        landed = asyncio.Event()

        def tell() -> None:
            with suppress(RuntimeError):  # the loop was closed, and with it whoever waited there
                loop.call_soon_threadsafe(landed.set)

        self.when_landed(tell)
        try:
            await asyncio.wait_for(landed.wait(), seconds)
        except TimeoutError:
            return False
        return True


_marks = itertools.count()


class Flights:
    """The flights of one function."""

    def __init__(self) -> None:
        self._flights: dict[str, Flight] = {}
        self._lock = threading.Lock()
        after_fork(self, Flights._forget)

    def _forget(self) -> None:
        """In a child process: the threads that led are the parent's."""
        self._flights = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._flights)

    def join(self, key: str) -> tuple[Flight, bool]:
        """Return the flight of a key, and whether the caller leads it."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                return flight, False
            flight = self._flights[key] = Flight()
            return flight, True

    def leave(self, key: str, flight: Flight, result: Landed | None) -> None:
        """Land a flight: whoever asks from now on starts anew."""
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
        flight.land(result)


class leading:
    """A block in which this thread or task leads a flight."""

    def __init__(self, flight: Flight) -> None:
        self._flight = flight
        self._before: tuple[Flight, ...] = ()

    def __enter__(self) -> None:
        self._before = _leading.get()
        _leading.set((*self._before, self._flight))

    def __exit__(self, *_: object) -> None:
        # A generator may be closed in another context than it began in; there, nothing is to be undone.
        if _leading.get()[-1:] == (self._flight,):
            _leading.set(self._before)


class waiting:
    """A block in which this thread or task waits for a flight; true unless that would be for ever."""

    def __init__(self, flight: Flight) -> None:
        self._flight = flight
        self._mark = next(_marks)
        self._mine = _leading.get()

    def __enter__(self) -> bool:
        with _graph:
            if _reaches(self._flight, self._mine):
                return False
            for flight in self._mine:
                flight.held_up_by[self._mark] = self._flight
        return True

    def __exit__(self, *_: object) -> None:
        with _graph:
            for flight in self._mine:
                flight.held_up_by.pop(self._mark, None)


def _reaches(start: Flight, mine: tuple[Flight, ...]) -> bool:
    """Return whether a flight is one of mine, or is held up by one over any number of steps."""
    seen: set[int] = set()
    ahead = [start] if mine else []
    while ahead:
        flight = ahead.pop()
        if any(flight is other for other in mine):
            return True
        if id(flight) not in seen:
            seen.add(id(flight))
            ahead.extend(flight.held_up_by.values())
    return False
