"""The cache beside its peers and beside bare clients; README.md beside this file has the method."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from report import Figure
from servers import BenchError

from demotic.cache import Memory, cached
from demotic.cache.backends.memcached import Memcached
from demotic.cache.backends.redis import Redis

HOST = "127.0.0.1"
VALUE = {"id": 1, "name": "somebody", "mail": "x" * 100}
LIMIT = 1.0  # seconds that both sides wait for a reply


def caches(*, rounds: int, quick: bool) -> Iterator[Figure]:
    """Yield all figures of the cache."""
    turns = max(rounds, 3) * (1 if quick else 4)
    yield from _memory(turns)
    yield from _stampede()
    yield from _million(1_000_000)
    yield from _start(rounds)
    yield from _servers(turns)


def _ratio(name: str, ours: Callable[[], Any], theirs: Callable[[], Any], turns: int, most: float) -> Figure:
    """Measure two calls in turns; the figure is the median of the turns' ratios."""
    pairs = [(_timed(ours), _timed(theirs)) for _ in range(turns)]
    return _figure(name, pairs, most)


def _timed(call: Callable[[], Any], count: int = 500) -> float:
    began = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - began) / count


async def _ratio_async(
    name: str, ours: Callable[[], Awaitable[Any]], theirs: Callable[[], Awaitable[Any]], turns: int, most: float
) -> Figure:
    pairs = [(await _timed_async(ours), await _timed_async(theirs)) for _ in range(turns)]
    return _figure(name, pairs, most)


async def _timed_async(call: Callable[[], Awaitable[Any]], count: int = 500) -> float:
    began = time.perf_counter()
    for _ in range(count):
        await call()
    return (time.perf_counter() - began) / count


def _figure(name: str, pairs: list[tuple[float, float]], most: float) -> Figure:
    ratios = sorted(ours / theirs for ours, theirs in pairs)
    mine, other = (median(column) * 1e6 for column in zip(*pairs, strict=True))
    note = f"{mine:.1f} µs beside {other:.1f} µs; {ratios[0]:.2f} to {ratios[-1]:.2f}"
    return Figure(f"cache: {name}", median(ratios), "", most=most, note=note)


def work(number: int, name: str) -> dict[str, Any]:
    return VALUE


async def work_later(number: int, name: str) -> dict[str, Any]:
    return VALUE


def _memory(turns: int) -> Iterator[Figure]:
    import aiocache
    import cashews
    from dogpile.cache import make_region

    region = make_region().configure("dogpile.cache.memory")
    theirs, ours = region.cache_on_arguments()(work), cached(600, backend=Memory())(work)
    theirs(1, "a"), ours(1, "a")
    yield _ratio("memory hit beside dogpile", lambda: ours(1, "a"), lambda: theirs(1, "a"), turns, 0.25)

    async def measure() -> list[Figure]:
        cashews.cache.setup("mem://")
        mine = cached(600, backend=Memory())(work_later)
        peers = {
            "cashews": (cashews.cache(ttl="10m")(work_later), 0.2),
            "aiocache": (aiocache.cached(ttl=600)(work_later), 0.25),
        }
        figures = []
        await mine(1, "a")
        for name, (peer, most) in peers.items():
            await peer(1, "a")
            title = f"awaited memory hit beside {name}"
            figures.append(await _ratio_async(title, lambda: mine(1, "a"), lambda peer=peer: peer(1, "a"), turns, most))
        await cashews.cache.close()
        return figures

    yield from asyncio.run(measure())


def _stampede() -> Iterator[Figure]:
    calls: list[int] = []

    @cached(600, backend=Memory())
    def slow(number: int) -> int:
        calls.append(number)
        time.sleep(0.05)
        return number

    with ThreadPoolExecutor(1000) as pool:
        list(pool.map(lambda _: slow(1), range(1000)))
    yield Figure("cache: runs for 1,000 concurrent misses", len(calls), "", most=1, note="of a function of 50 ms")


# In a process of its own, so that what it takes is seen as the system sees it.
_FILL = """
import sys, time
from pathlib import Path
from demotic.cache import Memory

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

def timed(memory, count):
    keys = [f"key:{number * 7919 % count:09}" for number in range(20_000)]
    began = time.perf_counter()
    for key in keys:
        memory.get(key)
    return (time.perf_counter() - began) / len(keys)

count = int(sys.argv[1])
small = Memory()
for number in range(1000):
    small.set(f"key:{number:09}", b"%0100d" % number)
before = held()
memory = Memory(max_entries=None, max_bytes=count * 400)
for number in range(count * 11 // 10):
    memory.set(f"key:{number % count:09}", b"%0100d" % number)
print(len(memory), held() - before, count * 400, min(timed(small, 1000) for _ in range(5)),
      min(timed(memory, count) for _ in range(5)))
"""


def _million(count: int) -> Iterator[Figure]:
    done = subprocess.run([sys.executable, "-c", _FILL, str(count)], capture_output=True, text=True, check=True)
    entries, taken, bound, small, large = done.stdout.split()
    note = f"{int(entries):,} entries take {int(taken) / 1e6:.0f} MB, the bound is {int(bound) / 1e6:.0f} MB"
    yield Figure("cache: memory of a million entries", int(taken) / int(bound), "of the bound", most=1.1, note=note)
    note = f"{float(large) * 1e6:.2f} µs beside {float(small) * 1e6:.2f} µs"
    yield Figure("cache: get among them", float(large) / float(small), "of one among 1,000", most=3, note=note)


def _start(rounds: int) -> Iterator[Figure]:
    program = "import time; t = time.perf_counter(); import demotic.cache; print(time.perf_counter() - t)"
    times = []
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:  # for the bytecode, which an installed package has
        kept["PYTHONPYCACHEPREFIX"] = folder
        for _ in range(max(rounds, 5) + 1):
            command = [sys.executable, "-c", program]
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=kept)
            times.append(float(done.stdout) * 1000)
    note = f"{min(times[1:]):.0f} to {max(times[1:]):.0f} ms"
    yield Figure("cache: import", median(times[1:]), "ms", most=40, note=note)


@contextmanager
def _running(*command: str) -> Iterator[int]:
    if shutil.which(command[0]) is None:
        raise BenchError(f"there is no {command[0]}")
    with socket.socket() as found:
        found.bind((HOST, 0))
        port = found.getsockname()[1]
    words = [word.format(port=port) for word in command]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path("/"))
    try:
        for _ in range(500):
            try:
                socket.create_connection((HOST, port), timeout=LIMIT).close()
                break
            except OSError:
                time.sleep(0.02)
        yield port
    finally:
        process.kill()
        process.wait()


def _servers(turns: int) -> Iterator[Figure]:
    with (
        _running("memcached", "-u", "nobody", "-l", HOST, "-p", "{port}") as memcached,
        _running("redis-server", "--port", "{port}", "--bind", HOST, "--save", "", "--appendonly", "no") as redis,
        Memcached(f"{HOST}:{memcached}", timeout=LIMIT) as on_memcached,
        Redis(f"redis://{HOST}:{redis}/0", timeout=LIMIT) as on_redis,
    ):
        first = cached(600, backend=on_memcached, name="bench")(work)
        second = cached(600, backend=on_redis, name="bench")(work)
        first(1, "a"), second(1, "a")
        key = f"demotic:{first.key(1, 'a')}"
        yield from _threads(first, second, key, memcached, redis, turns)
        yield from asyncio.run(_tasks(on_memcached, on_redis, key, memcached, redis, turns))


def _threads(first: Any, second: Any, key: str, memcached: int, redis: int, turns: int) -> Iterator[Figure]:
    from pymemcache.client.base import Client
    from redis import Redis as Bare

    client = Client((HOST, memcached), no_delay=True, timeout=LIMIT, connect_timeout=LIMIT)
    yield _ratio("memcached hit beside pymemcache", lambda: first(1, "a"), lambda: client.get(key), turns, 1.35)
    client.close()
    bare = Bare(HOST, redis, socket_timeout=LIMIT)
    yield _ratio("Redis hit beside redis-py", lambda: second(1, "a"), lambda: bare.get(key), turns, 1.35)
    bare.close()


async def _tasks(
    on_memcached: Memcached, on_redis: Redis, key: str, memcached: int, redis: int, turns: int
) -> list[Figure]:
    from aiomcache import Client
    from redis.asyncio import Redis as Bare

    first = cached(600, backend=on_memcached, name="bench")(work_later)
    second = cached(600, backend=on_redis, name="bench")(work_later)
    client, bare, raw = (
        Client(HOST, memcached, pool_size=1),
        Bare(host=HOST, port=redis, socket_timeout=LIMIT),
        key.encode(),
    )
    ask = _ratio_async
    figures = [
        await ask(
            "awaited memcached hit beside aiomcache", lambda: first(1, "a"), lambda: client.get(raw), turns, 1.35
        ),
        await ask("awaited Redis hit beside redis-py", lambda: second(1, "a"), lambda: bare.get(key), turns, 1.35),
    ]
    await client.close()
    await bare.aclose()
    await on_memcached.aio.close()
    await on_redis.aio.close()
    return figures
