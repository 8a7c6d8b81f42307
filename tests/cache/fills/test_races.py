"""One computation per call however many ask, and none that began before an invalidation survives it."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from demotic.cache import Memory, cached, registry

GUARD = 60.0  # seconds that a test waits before it gives up; no test takes so long


class Gate:
    """A function's work that stops until the test lets it go on."""

    def __init__(self) -> None:
        self.truth = "old"
        self.entered = threading.Semaphore(0)
        self.leave = threading.Semaphore(0)
        self.runs = 0

    def __call__(self) -> str:
        self.runs += 1
        seen = self.truth
        self.entered.release()
        assert self.leave.acquire(timeout=GUARD)
        return seen


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.mark.spec("CACHE-018")
@pytest.mark.feature("F-CACHE-15")
def test_a_thousand_threads_and_tasks_make_one_computation(memory: Memory) -> None:
    runs: list[int] = []
    waiting = threading.Semaphore(0)

    @cached(in_thread=True)
    def slow(number: int) -> list[int]:
        assert all(waiting.acquire(timeout=GUARD) for _ in range(1000))  # all have asked
        runs.append(number)
        return [number]

    async def ask() -> list[int]:
        waiting.release()
        return await slow(1)

    async def many(count: int) -> list[list[int]]:
        return list(await asyncio.gather(*(ask() for _ in range(count))))

    with ThreadPoolExecutor(10) as pool:
        loops = [pool.submit(asyncio.run, many(100)) for _ in range(10)]
        answers = [answer for loop in loops for answer in loop.result(GUARD)]
    assert answers == [[1]] * 1000 and len(runs) == 1
    assert len({id(answer) for answer in answers}) == 1000  # nobody's list is another's
    assert slow.counters.misses == 1


@pytest.mark.spec("CACHE-018")
@pytest.mark.feature("F-CACHE-15")
def test_threads_wait_for_the_one_that_computes(memory: Memory, gate: Gate) -> None:
    @cached()
    def read() -> str:
        return gate()

    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(read) for _ in range(8)]
        assert gate.entered.acquire(timeout=GUARD)
        gate.leave.release()
        assert [call.result(GUARD) for call in calls] == ["old"] * 8
    assert gate.runs == 1 and len(read.machine.filling.flights) == 0


Forget = Callable[[Any], object]
FORGET: dict[str, Forget] = {
    "the call": lambda read: read.invalidate(),
    "the function": lambda read: read.invalidate_all(),
    "its tag": lambda read: registry.invalidate_tags("letters"),
    "everything": lambda read: registry.invalidate_all(),
    "by writing": lambda read: read.set("new"),
    "by replacing what is not there": lambda read: read.replace("new"),
    "the cache": lambda read: read.machine.backend.flush(),
}


@pytest.mark.spec("CACHE-017")
@pytest.mark.feature("F-CACHE-16")
@pytest.mark.parametrize("how", FORGET)
def test_a_fill_that_began_before_an_invalidation_does_not_bring_back_the_old_value(
    memory: Memory, gate: Gate, how: str
) -> None:
    @cached(tags=["letters"])
    def read() -> str:
        return gate()

    with ThreadPoolExecutor(2) as pool:
        before = pool.submit(read)
        assert gate.entered.acquire(timeout=GUARD)
        gate.truth = "new"
        FORGET[how](read)
        after = pool.submit(read)  # asks after the invalidation, and may find the old computation under way
        gate.leave.release(2)
        assert before.result(GUARD) == "old"
        assert after.result(GUARD) == "new"
    gate.leave.release(5)
    assert read() == "new"


@pytest.mark.feature("F-CACHE-16")
def test_a_failure_from_before_an_invalidation_is_not_passed_on(memory: Memory) -> None:
    entered, leave = threading.Event(), threading.Event()
    users: dict[str, str] = {}

    @cached()
    def read(name: str) -> str:
        found = users.get(name)
        entered.set()
        assert leave.wait(GUARD)
        if found is None:
            raise LookupError(name)
        return found

    with ThreadPoolExecutor(2) as pool:
        before = pool.submit(read, "a")
        assert entered.wait(GUARD)
        users["a"] = "here"
        read.invalidate("a")
        after = pool.submit(read, "a")
        leave.set()
        assert isinstance(before.exception(GUARD), LookupError)
        assert after.result(GUARD) == "here"


@pytest.mark.feature("F-CACHE-15")
def test_a_computation_that_is_cancelled_is_taken_over(memory: Memory) -> None:
    runs: list[int] = []

    async def program() -> str:
        go_on = asyncio.Event()

        @cached()
        async def slow() -> str:
            runs.append(1)
            await go_on.wait()
            return "done"

        first = asyncio.create_task(slow())
        while not runs:
            await asyncio.sleep(0)
        second = asyncio.create_task(slow())
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        go_on.set()
        return await second

    assert asyncio.run(program()) == "done" and len(runs) == 2


@pytest.mark.feature("F-CACHE-15")
def test_the_error_of_a_computation_goes_to_those_who_asked_before_it_began(memory: Memory) -> None:
    runs: list[int] = []

    @cached()
    def fail() -> int:
        runs.append(1)
        raise OSError("down")

    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(fail) for _ in range(8)]
        assert all(isinstance(call.exception(GUARD), OSError) for call in calls)
    assert 1 <= len(runs) <= 8


@pytest.mark.feature("F-CACHE-15")
def test_a_function_that_asks_for_itself_does_not_wait_for_itself(memory: Memory) -> None:
    depth: list[int] = []

    @cached()
    def again(number: int) -> int:
        depth.append(number)
        return again(number) + 1 if len(depth) < 3 else 0

    assert again(1) == 2

    async def program() -> int:
        @cached()
        async def again_later(number: int) -> int:
            depth.append(number)
            return await again_later(number) + 1 if len(depth) < 6 else 0

        return await again_later(1)

    assert asyncio.run(program()) == 2


@pytest.mark.feature("F-CACHE-15")
def test_two_computations_that_ask_for_each_other_do_not_wait_for_ever(memory: Memory) -> None:
    both = threading.Barrier(2, timeout=GUARD)
    runs: list[str] = []

    @cached(patience=GUARD)
    def ask(name: str) -> str:
        runs.append(name)
        if runs.count(name) > 1:
            return name
        both.wait()
        return name + ask("b" if name == "a" else "a")

    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(ask, name) for name in "ab"]
        answers = {call.result(GUARD / 2) for call in calls}
    assert answers <= {"ab", "ba", "aba", "bab"} and len(answers) == 2


@pytest.mark.feature("F-CACHE-15")
def test_who_has_waited_long_enough_computes_for_himself(memory: Memory, gate: Gate) -> None:
    @cached(patience=0.01)
    def read() -> str:
        return gate()

    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(read), pool.submit(read)]
        assert gate.entered.acquire(timeout=GUARD) and gate.entered.acquire(timeout=GUARD)
        gate.leave.release(2)
        assert [call.result(GUARD) for call in calls] == ["old", "old"]


@pytest.mark.spec("CACHE-017")
@pytest.mark.feature("F-CACHE-16")
def test_under_stress_nobody_reads_what_was_true_before_the_last_invalidation(memory: Memory) -> None:
    truth, failures = [0], []
    done = threading.Event()

    @cached(tags=["numbers"])
    def read() -> int:
        return truth[0]

    def reader() -> None:
        while not done.is_set():
            known = truth[1] if len(truth) > 1 else 0
            if read() < known:
                failures.append(known)

    truth.append(0)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    threads = [threading.Thread(target=reader) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        for number in range(1, 1500):
            truth[0] = number
            read.invalidate() if number % 2 else registry.invalidate_tags("numbers")
            truth[1] = number  # who asks from now on must not get less
    finally:
        done.set()
        for thread in threads:
            thread.join(GUARD)
        sys.setswitchinterval(interval)
    assert failures == [] and read() == 1499


@pytest.mark.feature("F-CACHE-15")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_process_does_not_wait_for_threads_of_its_parent(memory: Memory, gate: Gate) -> None:
    @cached()
    def read() -> str:
        return gate()

    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(read)
        assert gate.entered.acquire(timeout=GUARD)
        child = _fork_and(lambda: len(read.machine.filling.flights))
        gate.leave.release()
        call.result(GUARD)
    assert child == 0


def _fork_and(work: Callable[[], int]) -> int:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of threads, which this is about
        pid = os.fork()
    if pid == 0:
        os._exit(work())
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
