"""Throughput beside the hand-written handler: in turns, with the same values, while the data change in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from random import Random
from statistics import median

from bodies import difference
from client import Client
from load import Outcome, load, wrk
from report import Figure
from servers import BenchError, Server, Setup
from standard import Standard

COMPARED = 8
# An order among the first of every page, so that each standard request shows its changes.
CHANGED_ORDER = 7
WARM_UP = 1.0

Servers = tuple[Server, Server]
Pair = tuple[Outcome, Outcome]


def throughput(setup: Setup, standards: Sequence[Standard], *, rounds: int, seconds: float) -> Iterator[Figure]:
    """Yield the ratio of our throughput to the hand-written handler's, for each of ``standards``.

    A standard request that fails is not asked again, and leaves the others alone.
    """
    wrk()
    measured: dict[str, list[Pair]] = {standard.name: [] for standard in standards}
    failures: dict[str, str] = {}
    with setup.ours() as ours, setup.handwritten() as handwritten:
        for turn in range(rounds + 1):
            customer = change(setup, turn)
            for standard in standards:
                if standard.name not in failures:
                    try:
                        pair = measure((ours, handwritten), standard, customer, turn, seconds if turn else WARM_UP)
                    except BenchError as error:
                        failures[standard.name] = str(error)
                    else:
                        measured[standard.name].append(pair)
    for standard in standards:
        failure = failures.get(standard.name)
        # Round 0 was to warm up.
        yield Figure(standard.name, None, note=failure) if failure else figure(standard, measured[standard.name][1:])


def measure(servers: Servers, standard: Standard, customer: int, turn: int, seconds: float) -> Pair:
    """Check that both servers show the change and the same values, then load them. Raises `BenchError`."""
    check_change(servers, standard, customer, turn)
    compare(servers, standard, turn)
    return both(servers, standard, seconds, turn)


def both(servers: Servers, standard: Standard, seconds: float, turn: int) -> Pair:
    """Load both servers one after the other, in turns beginning with either, with the same numbers drawn."""
    targets = (standard.ours, standard.handwritten)
    outcomes: dict[int, Outcome] = {}
    for side in (0, 1) if turn % 2 else (1, 0):
        draw = (standard.lowest, standard.highest)
        outcomes[side] = load(servers[side], targets[side], seconds=seconds, draw=draw, seed=turn)
    return outcomes[0], outcomes[1]


def figure(standard: Standard, outcomes: Sequence[Pair]) -> Figure:
    """Return the ratio of the medians, with the rates and the spread of the rounds in the note."""
    rates = [(ours.rate, handwritten.rate) for ours, handwritten in outcomes]
    ours, handwritten = (median(rate[side] for rate in rates) for side in (0, 1))
    ratios = [rate[0] / rate[1] for rate in rates]
    p99 = median(pair[0].p99_us for pair in outcomes) / 1000
    note = f"{ours:,.0f}/s beside {handwritten:,.0f}/s; rounds {min(ratios):.2f} to {max(ratios):.2f}; p99 {p99:.1f} ms"
    return Figure(standard.name, ours / handwritten, "of hand-written", least=standard.least, note=note)


def compare(servers: Servers, standard: Standard, seed: int) -> None:
    """Raise `BenchError` if the two servers' values differ, for several numbers drawn with ``seed``."""
    draw = Random(seed)
    numbers = {draw.randint(standard.lowest, standard.highest) for _ in range(COMPARED)}
    with Client(servers[0]) as ours, Client(servers[1]) as handwritten:
        for number in sorted(numbers):
            targets = standard.targets(number)
            found = difference(ours.get(targets[0]), handwritten.get(targets[1]))
            if found:
                raise BenchError(f"the values of {targets[0]} differ: {found}")


def change(setup: Setup, turn: int) -> int:
    """Change an order, its items and its customer from a connection of our own; return the customer."""
    with closing(sqlite3.connect(setup.database)) as db, db:
        (customer,) = db.execute("SELECT customer_ID FROM Orders WHERE ID = ?", (CHANGED_ORDER,)).fetchone()
        db.execute("UPDATE Orders SET note = ?, amount = ? WHERE ID = ?", (mark(turn), 600.25 + turn, CHANGED_ORDER))
        db.execute("UPDATE OrderItems SET price = ? WHERE parent_ID = ?", (10.5 + turn, CHANGED_ORDER))
        db.execute("UPDATE Customers SET name = ? WHERE ID = ?", (mark(turn), customer))
        number: int = customer
    return number


def mark(turn: int) -> str:
    return f"changed before round {turn}"


def check_change(servers: Servers, standard: Standard, customer: int, turn: int) -> None:
    """Raise `BenchError` if ours does not show what `change` wrote, or shows other values than the hand-written one."""
    number = customer if standard.name == "customer" else CHANGED_ORDER
    targets = standard.targets(number)
    with Client(servers[0]) as ours, Client(servers[1]) as handwritten:
        body = ours.get(targets[0])
        if mark(turn).encode() not in body:
            raise BenchError(f"{targets[0]} does not show the change made before round {turn}")
        found = difference(body, handwritten.get(targets[1]))
    if found:
        raise BenchError(f"after a change, the values of {targets[0]} differ: {found}")
