"""Servers that die, sleep, forget, damage; processes that die: misses, never errors, never an old value."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from cache_servers import GUARD, HOST, Server, memcached, redis

from demotic.cache import Backend, CacheUnreachable, WrongCacheUse, cached, open_backend, registry
from demotic.cache.backends.memcached import Memcached
from demotic.cache.backends.redis import Redis

REST = 0.01  # a server that does not answer is left alone for so short a time that tests need not wait

Open = Callable[..., Backend]
KINDS: dict[str, tuple[Callable[[int], list[str]], Open]] = {
    "memcached": (memcached, lambda address, **options: Memcached(address, **options)),
    "redis": (redis, lambda address, **options: Redis(f"redis://{address}/0", **options)),
}


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of this test's own, to do anything with."""
    found = Server(KINDS[request.param][0])
    found.kind = request.param  # type: ignore[attr-defined]
    found.start()
    yield found
    found.kill()


@pytest.fixture
def opened(server: Server) -> Iterator[Open]:
    """Opens backends on the server, and closes them."""
    backends: list[Backend] = []

    def open_one(address: str = server.address, **options: Any) -> Backend:
        options = {"rest": REST, "timeout": GUARD} | options
        backends.append(KINDS[server.kind][1](address, **options))  # type: ignore[attr-defined]
        return backends[-1]

    yield open_one
    for backend in backends:
        backend.close()


def function(backend: Backend, work: Callable[..., Any], **options: Any) -> Any:
    return cached(600, backend=backend, name=f"fault {uuid4()}", tags=["all"], **options)(lambda n=0: work(n))


def until(condition: Callable[[], bool]) -> None:
    """Wait for what other processes do."""
    pause = threading.Event()
    for _ in range(int(GUARD / 0.01)):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("it does not come true")


@pytest.mark.spec("CACHE-021")
@pytest.mark.feature("F-CACHE-27")
def test_a_server_that_dies_under_load_and_comes_back_costs_misses_only(
    server: Server, opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "demotic.cache")
    backend = opened()
    read = function(backend, lambda n: {"n": n})
    done = threading.Event()

    def load() -> int:
        calls = 0
        while not done.is_set():
            for n in range(5):
                assert read(n) == {"n": n}
                calls += 1
        return calls

    with ThreadPoolExecutor(4) as pool:
        loads = [pool.submit(load) for _ in range(4)]
        try:
            for _ in range(2):
                before = read.counters.hits
                until(lambda before=before: read.counters.hits > before)  # type: ignore[misc]
                server.kill()
                before = read.counters.unreachable
                until(lambda before=before: read.counters.unreachable > before + 20)  # type: ignore[misc]
                server.start()
                before = read.counters.hits
                until(lambda before=before: read.counters.hits > before + 20)  # type: ignore[misc]
        finally:
            done.set()
        assert all(call.result(GUARD) > 0 for call in loads)
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert 1 <= len(warnings) <= 8 and "done without" in warnings[0].getMessage()
    assert any("answers again" in record.getMessage() for record in caplog.records)


@pytest.mark.spec("CACHE-021")
@pytest.mark.feature("F-CACHE-27")
def test_without_a_server_everything_works_but_nothing_is_kept(
    server: Server, opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    server.kill()
    backend = opened(rest=GUARD)
    runs: list[int] = []
    read = function(backend, runs.append)
    assert read(1) is read(1) is None and runs == [1, 1] and read.refresh(1) is None
    assert read.peek(1) is None and not read.set(None, 1) and not read.replace(None, 1) and not read.invalidate(1)
    assert not registry.invalidate_tags("all", backend=backend) and not read.invalidate_all()
    assert registry.key(read, 1) is None
    assert (backend.get("a"), backend.gets("a"), backend.get_many(["a"]), backend.set("a", b"1")) == (
        None,
        None,
        {},
        False,
    )
    assert (backend.add("a", b"1"), backend.incr("a"), backend.delete("a"), backend.flush()) == (
        False,
        None,
        False,
        False,
    )
    assert backend.stats() == {} and not any(backend.ping().values())
    with pytest.raises(CacheUnreachable):
        backend.ask("get", "a")
    assert len(caplog.records) == 1  # one warning, however many calls


@pytest.mark.spec("CACHE-021")
@pytest.mark.feature("F-CACHE-27")
def test_tasks_do_without_a_server_too(server: Server, opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    backend = opened()

    async def work(n: int) -> int:
        return n

    read = cached(600, backend=backend, name=f"fault {uuid4()}")(work)

    async def program() -> None:
        assert [await read(1), await read(1)] == [1, 1] and read.counters.hits == 1
        server.kill()
        assert [await read(1), await read(2), await read(1)] == [1, 2, 1]
        assert await backend.aio.get("a") is None and not await read.invalidate(1)
        server.start()
        while not read.counters.hits >= 3:
            assert await read(1) == 1
            await asyncio.sleep(0.001)
        await backend.aio.close()

    asyncio.run(asyncio.wait_for(program(), GUARD))
    assert sum(record.levelname == "WARNING" for record in caplog.records) == 1


class Silent:
    """A server that takes connections and says nothing."""

    def __init__(self) -> None:
        self._listening = socket.create_server((HOST, 0))
        self.address = f"{HOST}:{self._listening.getsockname()[1]}"

    def close(self) -> None:
        """Stop listening."""
        self._listening.close()


@pytest.mark.spec("CACHE-021")
@pytest.mark.feature("F-CACHE-27")
@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_is_too_slow_is_left_alone(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    silent = Silent()
    backend = KINDS[kind][1](silent.address, timeout=0.05, rest=GUARD)
    read = function(backend, lambda n: n)

    async def later(n: int) -> int:
        return n

    async def program() -> list[int]:
        answers = [await again(n) for n in range(100)]
        await other.aio.close()
        return answers

    try:
        assert [read(n) for n in range(100)] == list(range(100))
        other = KINDS[kind][1](silent.address, timeout=0.05, rest=GUARD)
        again = cached(backend=other, name="later")(later)
        assert asyncio.run(program()) == list(range(100))
        other.close()
    finally:
        backend.close()
        silent.close()
    assert len(caplog.records) == 2 and read.counters.unreachable >= 100


@pytest.mark.feature("F-CACHE-16", "F-CACHE-27")
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system stops no processes")
@pytest.mark.parametrize("how", ["the call", "a tag"])
def test_an_invalidation_that_a_server_could_not_be_told_is_told_before_it_is_used_again(
    server: Server, opened: Open, how: str
) -> None:
    backend = opened(timeout=1.0)
    truth = ["old"]
    read = function(backend, lambda n: truth[0])
    assert read() == "old"
    process = server._process
    assert process is not None
    until(lambda: read.peek() is not None)
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED)  # the signal takes effect when the system gets to it
    try:
        truth[0] = "new"
        assert not (read.invalidate() if how == "the call" else registry.invalidate_tags("all", backend=backend))
        assert read() == "new"
    finally:
        process.send_signal(signal.SIGCONT)
    for _ in range(20):
        assert read() == "new"  # never the old value that the server still has
    until(lambda: all(backend.ping().values()))
    before = read.counters.hits
    until(lambda: read() == "new" and read.counters.hits > before)


@pytest.mark.feature("F-CACHE-22")
def test_damage_in_the_cache_is_a_miss_that_is_counted(server: Server, opened: Open) -> None:
    backend = opened(namespace="damage")
    runs: list[int] = []

    def work(n: int) -> dict[str, int]:
        runs.append(n)
        return {"n": n}

    read = function(backend, work)
    read(1), read(2)
    whole, foreign = backend.get(read.key(1)), backend.get(read.key(2))
    assert whole is not None and foreign is not None
    damaged = [
        whole[:-1],
        whole[:20],
        whole[:30] + b"?" + whole[31:],
        whole + b"x",
        b"",
        foreign,
        b"D1",
        os.urandom(80),
    ]
    for data in damaged:
        assert backend.set(read.key(1), data)
        runs.clear()
        assert read(1) == read(1) == {"n": 1} and runs == [1]
    assert read.counters.unreadable >= len(damaged)


@pytest.mark.feature("F-CACHE-19")
def test_a_clock_that_jumps_costs_misses_only(server: Server, opened: Open, clock: Any) -> None:
    backend = opened(now=clock)
    runs: list[int] = []
    read = function(backend, runs.append, stale_on_error=10**6)
    for jump, expected in [(0, 1), (-3600, 2), (30, 2), (7200, 3), (-(10**7), 4), (10**9, 5)]:
        clock.advance(jump)
        assert read() is None and read() is None and len(runs) == expected, jump


HOLDER = """
import sys
from demotic.cache import cached
@cached(600, backend=sys.argv[1], name=sys.argv[2], lease=1)
def read():
    print("entered", flush=True)
    sys.stdin.read()
read()
"""


@pytest.mark.spec("CACHE-018")
@pytest.mark.feature("F-CACHE-28")
def test_a_process_that_is_killed_while_it_computes_holds_nobody_up(server: Server, opened: Open) -> None:
    name = f"held {uuid4()}"
    scheme = server.kind  # type: ignore[attr-defined]
    command = [sys.executable, "-c", HOLDER, f"{scheme}://{server.address}", name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "entered\n"
        holder.kill()
    read = cached(600, backend=opened(), name=name, lease=1, patience=GUARD)(lambda: "done")
    assert read() == "done" == read.get()


READER = """
import sys
from demotic.cache import cached
@cached(600, backend=sys.argv[1], name=sys.argv[2], patience=60)
def read():
    print("run", flush=True)
    sys.stdin.readline()
    return 42
print(read())
"""


@pytest.mark.spec("CACHE-016", "CACHE-018")
@pytest.mark.feature("F-CACHE-28")
def test_processes_that_ask_at_once_make_one_computation(server: Server) -> None:
    name, scheme = f"many {uuid4()}", server.kind  # type: ignore[attr-defined]
    command = [sys.executable, "-c", READER, f"{scheme}://{server.address}", name]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as first:  # type: ignore[call-overload]
        assert first.stdout.readline() == "run\n"
        with subprocess.Popen(command, text=True, **pipes) as second:  # type: ignore[call-overload]
            first.stdin.write("go\n")
            first.stdin.flush()
            assert first.stdout.readline() == "42\n"
            assert second.stdout.readline() == "42\n"  # it never printed "run"


@pytest.mark.spec("CACHE-016")
@pytest.mark.feature("F-CACHE-17")
def test_one_process_invalidates_what_another_has_cached(server: Server, opened: Open) -> None:
    truth = ["old"]
    read = function(opened(), lambda n: truth[0])
    assert read() == read() == "old"
    program = "import sys; from demotic.cache import open_backend, registry\n"
    program += "with open_backend(sys.argv[1]) as backend: print(registry.invalidate_tags('all', backend=backend))"
    scheme = server.kind  # type: ignore[attr-defined]
    truth[0] = "new"
    command = [sys.executable, "-W", "error", "-c", program, f"{scheme}://{server.address}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "True\n"
    assert read() == "new"


@pytest.mark.feature("F-CACHE-25")
def test_one_dead_server_of_two_takes_only_its_own_keys() -> None:
    servers = [Server(memcached).start(), Server(memcached).start()]
    try:
        with Memcached([server.address for server in servers], rest=GUARD, timeout=GUARD) as backend:
            read = function(backend, lambda n: n)
            homes = {n: backend.home_of(read.key(n)) for n in range(40)}
            assert set(homes.values()) == {0, 1}
            servers[1].kill()
            for _ in range(2):
                assert [read(n) for n in homes] == list(homes)
            assert {n for n in homes if read.peek(n) is not None} == {n for n in homes if homes[n] == 0}
            assert backend.ping() == {servers[0].address: True, servers[1].address: False}
    finally:
        for server in servers:
            server.kill()


@pytest.mark.feature("F-CACHE-29")
@pytest.mark.parametrize("address", ["memcached://", "memcached://h:0", "memcached://h:1,h:1", "redis", "http://x", ""])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(WrongCacheUse):
        open_backend(address)


@pytest.mark.feature("F-CACHE-29")
def test_backends_are_opened_by_their_addresses() -> None:
    with open_backend("memcached://a:1,b/mine") as backend:  # type: ignore[attr-defined]
        assert (backend.servers, backend.namespace) == (("a:1", "b:11211"), "mine")
    with open_backend("redis://user:secret@a:1/2?namespace=mine") as backend:  # type: ignore[attr-defined]
        assert (backend.server, backend.namespace) == ("a:1/2", "mine") and "secret" not in repr(backend)
    for namespace in ("", "a b", "x" * 61, "{a}", 3):
        with pytest.raises(WrongCacheUse, match="no namespace"):
            Memcached(namespace=namespace)  # type: ignore[arg-type]
