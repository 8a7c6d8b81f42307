"""The time from starting `demotic serve` to its first answer."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from client import Client
from report import Figure
from servers import ROOT, Setup


def start(setup: Setup, *, rounds: int) -> Iterator[Figure]:
    """Yield the seconds until a server just started answers; the median, after one start to warm the disk's cache."""
    times, data = [], []
    for _ in range(rounds + 1):
        with setup.ours() as server, Client(server) as client:
            times.append(server.started_in)
            data.append(client.timed(f"{ROOT}Orders(1)")[1] * 1000)
    note = f"{min(times[1:]):.2f} to {max(times[1:]):.2f} s, the very first {times[0]:.2f} s"
    note += f"; then the first order in {median(data):.0f} ms"
    yield Figure("start: first answer", median(times[1:]), "s", most=1.5, note=note)
