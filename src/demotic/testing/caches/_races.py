"""One computation at a time, and none from before an invalidation, over a back end that two parties use.

The two parties are two decorated functions of one name: what one process knows of its own computations, the other
party does not.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from demotic.cache import Backend, cached, registry

GUARD = 60.0  # seconds that a test waits before it gives up; none takes so long

FORGET: dict[str, Callable[[Any, Backend], object]] = {
    "the call": lambda read, backend: read.invalidate(),
    "the function": lambda read, backend: read.invalidate_all(),
    "its tag": lambda read, backend: registry.invalidate_tags("letters", backend=backend),
    "everything": lambda read, backend: registry.invalidate_all(backend=backend),
    "by writing": lambda read, backend: read.set("new"),
    "by replacing what is not there": lambda read, backend: read.replace("new"),
    "the cache": lambda read, backend: backend.flush(),
}


class Work:
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


class RaceSuite:
    """Races over an empty back end."""

    @pytest.fixture
    def work(self) -> Work:
        """What the function does."""
        return Work()

    @pytest.fixture
    def name(self) -> str:
        """The function's name."""
        return f"race {uuid4()}"

    def party(self, backend: Backend, name: str, work: Callable[[], Any], **options: Any) -> Any:
        """Return the function as one party has it."""
        return cached(600, backend=backend, name=name, tags=["letters"], **options)(lambda: work())

    @pytest.mark.parametrize("how", FORGET)
    def test_a_fill_that_began_before_an_invalidation_by_another_is_not_stored(
        self, backend: Backend, work: Work, name: str, how: str
    ) -> None:
        one, two = self.party(backend, name, work), self.party(backend, name, lambda: "new")
        with ThreadPoolExecutor(1) as pool:
            before = pool.submit(one)
            assert work.entered.acquire(timeout=GUARD)
            work.truth = "new"
            FORGET[how](two, backend)
            work.leave.release()
            assert before.result(GUARD) == "old"
        work.leave.release(5)
        assert one() == two() == "new"

    def test_who_asks_after_an_invalidation_is_not_given_what_was_begun_before(
        self, backend: Backend, work: Work, name: str
    ) -> None:
        one, two = self.party(backend, name, work), self.party(backend, name, lambda: "new")
        with ThreadPoolExecutor(2) as pool:
            before = pool.submit(one)
            assert work.entered.acquire(timeout=GUARD)
            work.truth = "new"
            two.invalidate()
            after = pool.submit(one)
            work.leave.release(2)
            assert (before.result(GUARD), after.result(GUARD)) == ("old", "new")

    def test_parties_that_do_not_know_each_other_make_one_computation(
        self, backend: Backend, work: Work, name: str
    ) -> None:
        parties = [self.party(backend, name, work, patience=GUARD) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            calls = [pool.submit(party) for party in parties]
            assert work.entered.acquire(timeout=GUARD)
            work.leave.release()
            assert [call.result(GUARD) for call in calls] == ["old"] * 4
        assert work.runs == 1

    def test_an_error_makes_room_for_the_next(self, backend: Backend, name: str) -> None:
        answers: Iterator[str | OSError] = iter([OSError("down"), "up"])

        def work() -> str:
            answer = next(answers)
            if not isinstance(answer, str):
                raise answer
            return answer

        one, two = self.party(backend, name, work), self.party(backend, name, work)
        with pytest.raises(OSError, match="down"):
            one()
        assert two() == one() == "up"

    def test_a_task_that_is_cancelled_makes_room_for_the_next(self, backend: Backend, name: str) -> None:
        entered = threading.Event()

        async def for_ever() -> str:
            entered.set()
            await asyncio.sleep(GUARD)
            return "late"

        one = cached(600, backend=backend, name=name, tags=["letters"])(for_ever)

        async def program() -> None:
            call = asyncio.create_task(one())
            while not entered.is_set():
                await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            await backend.aio.close()

        asyncio.run(program())
        assert self.party(backend, name, lambda: "next")() == "next"

    def test_under_stress_nobody_reads_what_was_true_before_the_last_invalidation(
        self, backend: Backend, name: str
    ) -> None:
        truth, known, failures = [0], [0], []
        parties = [self.party(backend, name, lambda: truth[0], lease=GUARD) for _ in range(3)]
        done = threading.Event()

        def reader(read: Any) -> None:
            while not done.is_set():
                least = known[0]
                found = read()
                if found < least:
                    failures.append((found, least))

        with ThreadPoolExecutor(3) as pool:
            readers = [pool.submit(reader, read) for read in parties]
            try:
                for number in range(1, 120):
                    truth[0] = number
                    if number % 3:
                        assert parties[0].invalidate() in (True, False)
                    else:
                        assert registry.invalidate_tags("letters", backend=backend)
                    known[0] = number
            finally:
                done.set()
            for call in readers:
                call.result(GUARD)
        assert failures == [] and [read() for read in parties] == [119] * 3
