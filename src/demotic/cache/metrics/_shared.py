"""The counters of many processes in one place: each leaves its own in the cache that they share, for who wants to see.

A process takes one of a fixed number of places and writes its counters there every few seconds. A place that is not
written to any more is free again after a minute. So whoever looks needs no list of processes, nor a way to reach them.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from dataclasses import dataclass
from typing import Final

import msgspec

from demotic.cache._counters import Counters
from demotic.cache.backends import Backend
from demotic.cache.metrics._counted import Number, counted

__all__ = ["Publisher", "Report", "Total", "read_reports", "total"]

PLACES: Final = 256
KEPT: Final = 60.0
KEYS: Final = tuple(f"stats:{number}" for number in range(PLACES))


class Report(msgspec.Struct, frozen=True):
    """What one process says: where it runs, when it said so, and the counters of its functions by their names."""

    host: str
    process: int
    at: float
    functions: dict[str, dict[str, Number]]


@dataclass(frozen=True, slots=True)
class Total:
    """The counters of one function over all processes that said something."""

    function: str
    processes: int
    counters: dict[str, Number]

    @property
    def hit_ratio(self) -> float:
        """The part of all calls that was answered from the cache; 0 before the first."""
        calls = sum(self.counters[name] for name in ("hits", "misses", "joined"))
        return self.counters["hits"] / calls if calls else 0.0


class Publisher:
    """Leaves this process's counters in a backend every ``every`` seconds, from a thread, until it is closed."""

    def __init__(self, backend: Backend, *, every: float = 10.0) -> None:
        self._backend = backend
        self._every = every
        self._key: str | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demotic-cache-stats", daemon=True)
        self._thread.start()

    def publish(self) -> bool:
        """Leave the counters now; return whether there was a place for them."""
        functions = {name: counters for name, counters in counted().items() if any(counters.values())}
        report = Report(socket.gethostname(), os.getpid(), time.time(), functions)
        data = msgspec.msgpack.encode(report)
        if self._key is None or not self._backend.set(self._key, data, KEPT):
            start = os.getpid() % PLACES
            places = (*KEYS[start:], *KEYS[:start])
            self._key = next((key for key in places[:8] if self._backend.add(key, data, KEPT)), None)
        return self._key is not None

    def _run(self) -> None:
        while not self._closed.wait(self._every):
            self.publish()

    def close(self) -> None:
        """Stop, and take the counters away."""
        self._closed.set()
        self._thread.join()
        if self._key is not None:
            self._backend.delete(self._key)

    def __enter__(self) -> Publisher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_reports(backend: Backend) -> list[Report]:
    """Return what the processes that share a backend said lately; what is no report is passed over."""
    reports = []
    for data in backend.get_many(KEYS).values():
        try:
            reports.append(msgspec.msgpack.decode(data, type=Report))
        except msgspec.MsgspecError:
            continue
    return sorted(reports, key=lambda report: (report.host, report.process))


def total(reports: list[Report]) -> list[Total]:
    """Return the counters by function, added up, in the order of their names."""
    names = sorted({name for report in reports for name in report.functions})
    zero: dict[str, Number] = Counters().as_dict()
    totals = []
    for name in names:
        said = [report.functions[name] for report in reports if name in report.functions]
        counters = {counter: sum(one.get(counter, 0) for one in said) for counter in zero}
        totals.append(Total(name, len(said), counters))
    return totals
