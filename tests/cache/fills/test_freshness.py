"""How long values are good: fresh, refreshed behind the callers' back, used when the function fails, gone."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from demotic.cache import Memory, cached, wait_for_refreshes, wait_for_refreshes_async
from demotic.cache.fills import Freshness
from demotic.cache.values import Kind, Record


class Counter:
    """A function's work: counts its runs, and fails on request."""

    def __init__(self) -> None:
        self.runs = 0
        self.error: Exception | None = None

    def __call__(self) -> int:
        self.runs += 1
        if self.error is not None:
            raise self.error
        return self.runs


@pytest.fixture
def work() -> Counter:
    return Counter()


@pytest.mark.feature("F-CACHE-11")
def test_a_value_is_used_until_its_time_is_over(memory: Memory, clock: Any, work: Counter) -> None:
    @cached(ttl=10)
    def count() -> int:
        return work()

    answers = [count()]
    for seconds in (9.9, 0.2, 9.7, 0.4):
        clock.advance(seconds)
        answers.append(count())
    assert answers == [1, 1, 2, 2, 3]


@pytest.mark.feature("F-CACHE-11")
def test_without_a_ttl_a_value_stays(memory: Memory, clock: Any, work: Counter) -> None:
    @cached()
    def count() -> int:
        return work()

    assert count() == 1
    clock.advance(10**9)
    assert count() == 1


@pytest.mark.feature("F-CACHE-12")
def test_after_its_soft_ttl_a_value_is_used_and_refreshed_in_the_background(
    memory: Memory, clock: Any, work: Counter
) -> None:
    @cached(ttl=100, soft_ttl=10)
    def count() -> int:
        return work()

    assert count() == 1
    clock.advance(11)
    assert count() == 1 and wait_for_refreshes()
    assert count() == 2 == work.runs
    assert count.counters.refreshed == 1
    work.error = OSError("down")
    clock.advance(11)
    assert count() == 2 and wait_for_refreshes() and count() == 2 and wait_for_refreshes()
    clock.advance(100)
    with pytest.raises(OSError, match="down"):
        count()


@pytest.mark.feature("F-CACHE-12")
def test_tasks_refresh_in_tasks(memory: Memory, clock: Any, work: Counter) -> None:
    @cached(ttl=100, soft_ttl=10)
    async def count() -> int:
        return work()

    async def program() -> list[int]:
        answers = [await count()]
        clock.advance(11)
        answers.append(await count())
        await wait_for_refreshes_async()
        return [*answers, await count()]

    assert asyncio.run(program()) == [1, 1, 2]


@pytest.mark.feature("F-CACHE-13")
def test_an_expired_value_is_used_if_the_function_fails(
    memory: Memory, clock: Any, work: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    @cached(ttl=10, stale_on_error=50)
    def count() -> int:
        return work()

    assert count() == 1
    work.error = OSError("down")
    clock.advance(11)
    assert count() == 1 and count.counters.stale == 1 and "OSError('down')" in caplog.text
    entry = count.peek()
    assert entry is not None and entry.stale and entry.value == 1
    work.error = None
    assert count() == 3
    work.error = OSError("down")
    clock.advance(61)
    with pytest.raises(OSError, match="down"):
        count()
    assert count.counters.errors == 2


@pytest.mark.feature("F-CACHE-13")
def test_an_invalidated_value_is_not_used_even_if_the_function_fails(memory: Memory, clock: Any, work: Counter) -> None:
    @cached(ttl=10, stale_on_error=50)
    def count() -> int:
        return work()

    for forget in (count.invalidate, count.invalidate_all):
        work.error = None
        count()
        work.error = OSError("down")
        clock.advance(11)
        forget()
        with pytest.raises(OSError, match="down"):
            count()


class NoSuchUser(LookupError):
    """An error with a state of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no user {name}", len(name))
        self.name = name


@pytest.mark.spec("CACHE-015")
@pytest.mark.feature("F-CACHE-14")
def test_failures_are_cached_only_if_asked_for(memory: Memory, clock: Any, work: Counter) -> None:
    @cached()
    def plain(name: str) -> int:
        work()
        raise NoSuchUser(name)

    @cached(negative={LookupError: 5})
    def negative(name: str) -> int:
        if work() > 10:
            return 0
        raise NoSuchUser(name) if name else OSError(name)

    for function, name, kind, runs in [
        (plain, "a", NoSuchUser, 2),
        (negative, "a", NoSuchUser, 1),
        (negative, "", OSError, 2),
    ]:
        work.runs = 0
        for _ in range(2):
            with pytest.raises(kind) as caught:
                function(name)
            assert caught.type is kind
            if name:
                assert (caught.value.args, caught.value.name) == (("no user a", 1), "a")
        assert work.runs == runs
    entry = negative.peek("a")
    assert entry is not None and isinstance(entry.error, NoSuchUser) and entry.value is None
    with pytest.raises(NoSuchUser):
        negative.get("a")
    work.runs = 10
    assert negative.set(7, "a") and negative("a") == 7 and negative.invalidate("a") and negative("a") == 0
    assert negative.counters.negative == 2


@pytest.mark.feature("F-CACHE-14")
def test_a_cached_failure_has_a_time_of_its_own(memory: Memory, clock: Any, work: Counter) -> None:
    @cached(ttl=100, negative={KeyError: 5})
    def count() -> int:
        if work() == 1:
            raise KeyError("x")
        return work.runs

    for _ in range(2):
        with pytest.raises(KeyError, match="x"):
            count()
    clock.advance(6)
    assert count() == 2


class Unsayable(Exception):
    def __init__(self) -> None:
        super().__init__(object())


def test_a_failure_that_cannot_be_stored_is_raised_and_told(
    memory: Memory, work: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    @cached(negative={Exception: 5})
    def fail() -> int:
        work()
        raise Unsayable

    for _ in range(2):
        with pytest.raises(Unsayable):
            fail()
    assert work.runs == 2 and "Unsayable" in caplog.text and len(caplog.records) == 1


def made(freshness: Freshness, cost: float = 0.0) -> Record:
    record = Record(Kind.VALUE, b"", created=1000.0, cost=cost)
    freshness.stamp(record, freshness.ttl)
    return record


@pytest.mark.feature("F-CACHE-11")
def test_jitter_spreads_the_ends() -> None:
    ends = [made(Freshness(ttl=100, jitter=0.2, draw=lambda at=at: at)).expires_at for at in (0.0, 0.5, 0.99)]
    assert ends == pytest.approx([1100, 1090, 1080.2])


# (seconds before the end, cost, beta, draw, whether this caller recomputes)
EARLY = [
    (50, 1.0, 1.0, 0.999_999, False),
    (1, 1.0, 1.0, 0.9, True),
    (1, 1.0, 1.0, 0.1, False),
    (1, 0.001, 1.0, 0.9, False),
    (1, 1.0, 0.0, 0.999_999, False),
    (5, 1.0, 10.0, 0.9, True),
]


@pytest.mark.feature("F-CACHE-12")
@pytest.mark.parametrize(("before", "cost", "beta", "draw", "expected"), EARLY)
def test_what_is_costly_is_recomputed_shortly_before_its_end(
    before: float, cost: float, beta: float, draw: float, expected: bool
) -> None:
    freshness = Freshness(ttl=100, early=beta, draw=lambda: draw)
    record = made(freshness, cost)
    assert freshness.is_fresh(record, 1100 - before)
    assert freshness.wants_refresh(record, 1100 - before) is expected


@pytest.mark.feature("F-CACHE-12")
def test_a_value_that_is_certain_is_never_recomputed() -> None:
    freshness = Freshness(ttl=100, early=1.0, draw=lambda: 1 - 1e-9)
    record = made(freshness, cost=2.0)
    assert not freshness.wants_refresh(record, record.certain_until - 0.01)


@pytest.mark.feature("F-CACHE-19")
def test_a_clock_that_is_set_back_does_not_make_values_fresh_for_ever() -> None:
    freshness = Freshness(ttl=100, stale_on_error=1000)
    record = made(freshness)
    assert [freshness.is_fresh(record, now) for now in (999.0, 1050.0, 1100.0, 900.0)] == [True, True, False, False]
    assert not freshness.is_usable(record, 900.0) and freshness.is_usable(record, 1500.0)


@pytest.mark.feature("F-CACHE-19")
def test_a_jump_of_the_clock_costs_a_miss_at_most(memory: Memory, clock: Any, work: Counter) -> None:
    @cached(ttl=10, stale_on_error=5)
    def count() -> int:
        return work()

    assert count() == 1
    clock.advance(-3600)
    assert count() == 2 or memory.hit(count.key()) is not None
    clock.advance(7200)
    assert count() in (2, 3) and count() == work.runs


def test_a_refresh_that_fails_is_told(
    memory: Memory, clock: Any, work: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    @cached(ttl=100, soft_ttl=10)
    def count() -> int:
        return work()

    count()
    work.error = OSError("down")
    clock.advance(11)
    with caplog.at_level(logging.WARNING, "demotic.cache"):
        assert count() == 1 and wait_for_refreshes()
    assert "could not be refreshed" in caplog.text and count.counters.errors == 1
