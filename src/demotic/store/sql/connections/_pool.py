"""The connections of one store: opened when they are needed, kept for the next, never more than agreed.

Whoever needs one takes the one that was used last, so that those beyond what is needed grow old and are closed. One
that was idle for a while is asked whether it still answers. Where all are in use, one waits; where that takes too long,
it is said, and whoever asks may ask again. What differs from database to database is the `Handle`, one connection.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, ClassVar, Final

from demotic.errors import DemoticError, InvalidInput, Unavailable
from demotic.store.sql._errors import DatabaseBusy, StoreClosed

LOG: Final = logging.getLogger("demotic.store.sql")


@dataclass(frozen=True, slots=True)
class Limits:
    """How connections are kept.

    ``most`` is how many there may be at a time, ``wait`` how many seconds to wait for one, ``oldest`` after how many
    seconds one is closed, ``idle`` after how many unused ones are, and ``look`` after how many one is looked at first.
    """

    most: int = 32
    wait: float = 5.0
    oldest: float = 3600.0
    idle: float = 600.0
    look: float = 5.0

    def __post_init__(self) -> None:
        if self.most < 1:
            raise InvalidInput(f"a store with {self.most} connections", hint="allow at least 1")


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the connections of a store do now, and have done since it was opened.

    ``open`` are those that there are, ``in_use`` those that somebody works with, ``waiting`` how many wait for one.
    ``opened``, ``lost`` (found dead), ``waited`` (for another to finish), ``refused`` (that waited in vain) and
    ``retried`` (runs begun again on another connection) count what has happened.
    """

    most: int
    open: int
    in_use: int
    waiting: int
    opened: int
    lost: int
    waited: int
    refused: int
    retried: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a statement did: the rows that it returned, how many it changed, and the key that the database made."""

    rows: list[Any]
    count: int
    made: Any = None


class Reader(ABC):
    """The rows of a statement that is read in batches."""

    @abstractmethod
    def next(self, size: int) -> list[Any]:
        """Return the next rows, none at the end."""

    @abstractmethod
    def close(self) -> None:
        """Give up what is left."""


class Handle(ABC):
    """One connection. To be used by one thread at a time, but for `interrupt`."""

    __slots__ = ("age", "born", "used", "waiting", "writes")

    def __init__(self, *, age: int = 0, writes: bool = False) -> None:
        self.age = age
        self.writes = writes
        self.waiting: list[str] = []
        """Commands of ours without an answer (BEGIN, SAVEPOINT), which a server is sent with the next statement."""
        self.born = self.used = monotonic()

    @abstractmethod
    def fetch(self, text: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Run a statement and return all of its rows."""

    @abstractmethod
    def reader(self, text: str, parameters: Sequence[Any], *, alone: bool) -> Reader:
        """Run a statement whose rows are read in batches; ``alone`` says that no other runs meanwhile."""

    @abstractmethod
    def begin(self) -> None:
        """Start a transaction: what is read from now on is one state of the data."""

    @abstractmethod
    def finish(self) -> bool:
        """End the transaction, undoing what was not committed; return whether the connection is still good."""

    def usable(self) -> bool:
        """Return whether the connection may be given to others as it is."""
        return True

    def alive(self) -> bool:
        """Return whether the connection still answers."""
        return True

    @abstractmethod
    def interrupt(self) -> None:
        """Let what runs now on the connection fail; called by another thread."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""


class Connections(ABC):
    """All connections of one store. Safe to share between threads."""

    failures: ClassVar[tuple[type[BaseException], ...]]
    """What a driver raises where the database refuses or fails."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._changed = threading.Condition(threading.RLock())
        self._all: list[Handle] = []
        self._idle: list[Handle] = []
        self._idle_writers: list[Handle] = []
        self._age = 0
        self._closed = False
        self._opening = self._waiting = 0
        self._opened = self._lost = self._waited = self._refused = self._retried = 0

    # --- what a database says

    @abstractmethod
    def connect(self, *, writes: bool) -> Handle:
        """Open a connection. Raises `Unavailable` if that cannot be."""

    @abstractmethod
    def translate(self, error: BaseException) -> DemoticError:
        """Return our error for one of the driver's."""

    def is_lost(self, error: BaseException) -> bool:
        """Whether a failure means that the connection was gone before anything was done with it."""
        return False

    def begin(self, handle: Handle) -> None:
        """Start a transaction: what is read from now on is one state of the data."""
        handle.begin()

    def finish(self, handle: Handle) -> bool:
        """End the transaction; return whether the connection is still good."""
        return handle.finish()

    # --- connections of one's own

    def borrow(self, *, writes: bool = False) -> Handle:
        """Return a connection that nobody else uses until it is given back. Raises `Unavailable`."""
        idle = self._idle_writers if writes else self._idle
        while True:
            try:
                handle = idle.pop()
            except IndexError:
                return self._another(idle, writes=writes)
            now = monotonic()
            if now - handle.used < self.limits.look and now - handle.born < self.limits.oldest:
                return handle
            if self._still_good(handle, now):
                return handle

    def mine(self) -> Handle:
        """Return a connection for one run, to be given back by `done`."""
        return self.borrow()

    def done(self, handle: Handle) -> None:
        """Take back what `mine` gave."""
        self.give_back(handle)

    def give_back(self, handle: Handle) -> None:
        """Take a borrowed connection back."""
        if self._closed or handle.age != self._age or not handle.usable():
            self.discard(handle)
            return
        handle.used = monotonic()
        (self._idle_writers if handle.writes else self._idle).append(handle)
        if self._closed:
            self.close()
        elif self._waiting:
            with self._changed:
                self._changed.notify_all()

    def discard(self, handle: Handle) -> None:
        """Close a connection that is of no use any more."""
        with self._changed:
            if handle in self._all:
                self._all.remove(handle)
            self._changed.notify_all()
        handle.close()

    def lost(self, handle: Handle) -> None:
        """Close a connection that was found dead, and look at all others before they are used again."""
        with self._changed:
            self._lost += 1
            for other in (*self._idle, *self._idle_writers):
                other.used = 0.0
        self.discard(handle)

    def retried(self) -> None:
        """Count a run that is begun again."""
        with self._changed:
            self._retried += 1

    def _still_good(self, handle: Handle, now: float) -> bool:
        old = now - handle.born >= self.limits.oldest
        if old or now - handle.used >= self.limits.idle or not handle.alive():
            if not old:
                with self._changed:
                    self._lost += 1
            self.discard(handle)
            return False
        return True

    def _another(self, idle: list[Handle], *, writes: bool) -> Handle:
        """Open one more connection, or wait for one."""
        end = monotonic() + self.limits.wait
        with self._changed:
            self._waiting += 1
            waited = False
            try:
                while True:
                    if self._closed:
                        raise StoreClosed("the store has been closed")
                    if idle:
                        return idle.pop()
                    if len(self._all) + self._opening < self.limits.most or self._make_room(writes=writes):
                        self._opening += 1
                        break
                    if not waited:
                        waited = True
                        self._waited += 1
                    left = end - monotonic()
                    if left <= 0 or not self._changed.wait(left):
                        self._refused += 1
                        raise DatabaseBusy(
                            f"all {self.limits.most} connections to the database are in use", hint="try again"
                        )
            finally:
                self._waiting -= 1
        return self._open(writes=writes)

    def _make_room(self, *, writes: bool) -> bool:
        """Close an idle connection of the other kind."""
        other = self._idle if writes else self._idle_writers
        if not other:
            return False
        handle = other.pop()
        if handle in self._all:
            self._all.remove(handle)
        handle.close()
        return True

    def _open(self, *, writes: bool) -> Handle:
        try:
            handle = self.connect(writes=writes)
        except BaseException:
            with self._changed:
                self._opening -= 1
                self._changed.notify_all()
            raise
        with self._changed:
            self._opening -= 1
            self._opened += 1
            handle.age = self._age
            self._all.append(handle)
            if not self._closed:
                return handle
        self.discard(handle)
        raise StoreClosed("the store has been closed")

    # --- all of them

    def statistics(self) -> Statistics:
        """Return what the connections do now and have done."""
        with self._changed:
            idle = len(self._idle) + len(self._idle_writers)
            return Statistics(
                self.limits.most,
                len(self._all),
                len(self._all) - idle,
                self._waiting,
                self._opened,
                self._lost,
                self._waited,
                self._refused,
                self._retried,
            )

    def close(self, timeout: float | None = 0.0) -> None:
        """Close all connections; harmless when called again.

        What runs has ``timeout`` seconds to finish (``None``: as long as it takes), and is broken off then.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            idle = [*self._idle, *self._idle_writers]
            self._idle.clear()
            self._idle_writers.clear()
            for handle in idle:
                if handle in self._all:
                    self._all.remove(handle)
            if timeout is None or timeout > 0:
                self._changed.wait_for(lambda: not self._all, timeout)
            left = list(self._all)
            self._all.clear()
        for handle in left:
            handle.interrupt()
        for handle in (*idle, *left):
            handle.close()


class Held(Connections):
    """One connection in a transaction that is kept open: everything runs on it, in one state of the data.

    Not to be used by two threads at once.
    """

    def __init__(self, connections: Connections, *, writes: bool = False) -> None:
        self._connections = connections
        self._handle: Handle | None = started(connections, writes=writes)

    @property
    def limits(self) -> Limits:  # type: ignore[override]
        """How connections are kept."""
        return self._connections.limits

    @property
    def failures(self) -> tuple[type[BaseException], ...]:  # type: ignore[override]
        """What the driver raises."""
        return self._connections.failures

    def translate(self, error: BaseException) -> DemoticError:
        """Return our error for one of the driver's."""
        return self._connections.translate(error)

    def connect(self, *, writes: bool) -> Handle:
        """Return the one connection."""
        return self.mine()

    def mine(self) -> Handle:
        """Return the one connection."""
        if self._handle is None:
            raise StoreClosed("the snapshot has been closed")
        return self._handle

    def done(self, handle: Handle) -> None:
        """Nothing is lent."""

    def borrow(self, *, writes: bool = False) -> Handle:
        """Return the one connection."""
        return self.mine()

    def give_back(self, handle: Handle) -> None:
        """Nothing is lent."""

    def begin(self, handle: Handle) -> None:
        """The transaction has begun already."""

    def finish(self, handle: Handle) -> bool:
        """The transaction ends with the snapshot."""
        return True

    def close(self, timeout: float | None = 0.0) -> None:
        """End the transaction; harmless when called again."""
        handle, self._handle = self._handle, None
        if handle is not None:
            end(self._connections, handle)


def started(connections: Connections, *, writes: bool = False, begin: Callable[[Any], None] | None = None) -> Handle:
    """Return a borrowed connection in a transaction; one that turns out to be dead is replaced. Raises Unavailable."""
    tries = connections.limits.most + 1
    while True:
        handle = connections.borrow(writes=writes)
        try:
            (begin or type(handle).begin)(handle)
        except connections.failures as error:
            tries -= 1
            if tries and connections.is_lost(error):
                connections.lost(handle)
                connections.retried()
                continue
            end(connections, handle)
            raise connections.translate(error) from error
        except BaseException:
            end(connections, handle)
            raise
        return handle


def end(connections: Connections, handle: Handle) -> None:
    """End the transaction of a borrowed connection and give it back."""
    try:
        good = handle.finish()
    except BaseException:
        connections.discard(handle)
        raise
    if good:
        connections.give_back(handle)
    else:
        connections.discard(handle)


def unreachable(what: str, why: str) -> Unavailable:
    """Return, for raising, the error that a database server cannot be reached."""
    return Unavailable(f"{what} cannot be reached: {why}")
