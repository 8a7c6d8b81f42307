"""Long answers: the memory they take, when they begin, and what clients that stop reading do to the others."""

from __future__ import annotations

import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from random import Random
from statistics import median, quantiles

import msgspec
from client import Client
from make_shop import ITEMS_PER_ORDER, ORDERS
from report import Figure
from servers import HOST, ROOT, BenchError, Server, Setup, forget_peak, memory, peak_memory

ITEMS = ORDERS * ITEMS_PER_ORDER
ALL_ITEMS = f"{ROOT}OrderItems"
UNPAGED = ("--page-size", "0")
MEGABYTE = 1_000_000
# Clients that stop reading: the figure is about one; with several we look further than it.
STALLED = (1, 8)
LONGEST_WAIT_MS = 1000.0
# Seconds after which a server counts as stopped.
PATIENCE = 10


class Identified(msgspec.Struct):
    """Of an entity, what tells it apart."""

    ID: int


class Items(msgspec.Struct):
    """A collection's answer."""

    value: list[Identified]


def stream(setup: Setup, *, rounds: int) -> Iterator[Figure]:
    """Yield the memory that the server takes to send all order items at once, and the time until it begins."""
    with setup.ours(*UNPAGED) as server, Client(server) as client:
        client.get(f"{ROOT}Orders(1)")
        forget_peak(server)
        before = memory(server)
        times = []
        for _ in range(rounds):
            body, first, whole = client.streamed(ALL_ITEMS)
            times.append((first, whole))
            check_items(body)
        growth = (peak_memory(server) - before) / MEGABYTE
    size, took = len(body) / MEGABYTE, median(whole for _, whole in times)
    note = f"{ITEMS:,} items, {size:.1f} MB in {took:.2f} s; {before / MEGABYTE:.0f} MB before"
    yield Figure("stream: memory", growth, "MB more", most=50.0, note=note)
    note = f"the longest of {rounds}; median {median(first for first, _ in times) * 1000:.1f} ms"
    yield Figure("stream: first byte", max(first for first, _ in times) * 1000, "ms", most=100.0, note=note)


def check_items(body: bytes) -> None:
    """Raise `BenchError` unless ``body`` holds each order item once."""
    found = sorted(item.ID for item in msgspec.json.decode(body, type=Items).value)
    if found != list(range(1, ITEMS + 1)):
        raise BenchError(f"{ALL_ITEMS} sent {len(found):,} items, {len(set(found)):,} different ones, not {ITEMS:,}")


def stalled(setup: Setup, *, seconds: float) -> Iterator[Figure]:
    """Yield how long others wait for an order while some clients have asked for all items and do not read them."""
    with setup.ours(*UNPAGED) as server:
        alone = waits(server, seconds)
        for count in STALLED:
            with ExitStack() as stack:
                clients = [stack.enter_context(stalled_client(server)) for _ in range(count)]
                times = waits(server, seconds)
                writing = write_beside(setup)
                statuses = sorted(status(client) for client in clients)
            note = f"{spread(times)}; alone {spread(alone)}; stalled on {', '.join(statuses)}; {writing}"
            most = LONGEST_WAIT_MS if count == 1 else None
            yield Figure(f"stalled: {count}, longest wait", max(times), "ms", most=most, note=note)


def stalled_client(server: Server) -> socket.socket:
    """Ask for all items and read nothing; the buffer is small, so that the server soon cannot write on."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(10)
    client.connect((HOST, server.port))
    client.sendall(f"GET {ALL_ITEMS} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    return client


def status(client: socket.socket) -> str:
    """Return the status that a stalled client was answered with."""
    try:
        return client.recv(12).decode().rpartition(" ")[2] or "a closed connection"
    except OSError:
        return "no answer"


def waits(server: Server, seconds: float) -> list[float]:
    """Ask for single orders for some seconds; return the milliseconds that each took."""
    draw = Random(1)
    times = []
    until = time.perf_counter() + seconds
    with Client(server, timeout=PATIENCE) as client:
        while time.perf_counter() < until:
            times.append(client.timed(f"{ROOT}Orders({draw.randint(1, ORDERS)})")[1] * 1000)
    return times


def spread(times: list[float]) -> str:
    return f"median {median(times):.2f}, p99 {quantiles(times, n=100)[-1]:.2f} ms"


def write_beside(setup: Setup) -> str:
    """Try to change the database from a connection of our own, and say how that went."""
    began = time.perf_counter()
    try:
        with closing(sqlite3.connect(setup.database, timeout=2)) as db, db:
            db.execute("UPDATE Orders SET note = note WHERE ID = 1")
    except sqlite3.OperationalError as error:
        return f"a write from elsewhere fails: {error}"
    return f"a write from elsewhere takes {(time.perf_counter() - began) * 1000:.0f} ms"
