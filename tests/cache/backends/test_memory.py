"""The cache in memory keeps its bounds, and forgets what was used least recently."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from demotic.cache import Memory, WrongCacheUse, cached


@pytest.mark.feature("F-CACHE-24")
def test_what_was_used_least_recently_goes_first() -> None:
    memory = Memory(max_entries=3)
    for key in "abc":
        memory.set(key, b"1")
    memory.get("a"), memory.gets("b")
    memory.set("d", b"1")
    assert [memory.get(key) is not None for key in "abcd"] == [True, True, False, True]
    memory.get_many(["b", "a"])
    memory.set("e", b"1"), memory.set("f", b"1")
    assert [memory.get(key) is not None for key in "abcdef"] == [True, False, False, False, True, True]
    assert (len(memory), memory.evicted) == (3, 3)


@pytest.mark.feature("F-CACHE-24")
def test_a_hit_of_a_function_is_a_use() -> None:
    memory = Memory(max_entries=2)

    @cached(backend=memory)
    def same(n: int) -> int:
        return n

    for n in (1, 2, 1, 3, 1, 2):
        same(n)
    assert (same.counters.hits, same.counters.misses) == (2, 4)


def fill_raw(memory: Memory, count: int) -> None:
    for number in range(count):
        memory.set(f"key:{number:09}", b"%0100d" % number)


def fill_values(memory: Memory, count: int) -> None:
    made = cached(600, backend=memory, key=lambda n: str(n))(lambda n: {"n": n, "text": "x" * 50})
    for number in range(count):
        made(number)


def fill_texts(memory: Memory, count: int) -> None:
    made = cached(600, backend=memory, key=lambda n: str(n))(lambda n: f"{n:050}")
    for number in range(count):
        made(number)


@pytest.mark.feature("F-CACHE-24")
@pytest.mark.parametrize("fill", [fill_raw, fill_values, fill_texts])
def test_the_bound_in_bytes_holds_for_what_python_really_takes(fill: Callable[[Memory, int], None]) -> None:
    bound = 1_000_000
    gc.collect()
    tracemalloc.start()
    try:
        memory = Memory(max_entries=None, max_bytes=bound)
        fill(memory, 3_000)
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert memory.evicted > 0 and bound * 0.8 < memory.total_bytes <= bound
    assert taken <= bound * 1.1


@pytest.mark.feature("F-CACHE-24")
def test_a_value_larger_than_the_cache_is_not_kept() -> None:
    memory = Memory(max_bytes=10_000)
    assert memory.set("small", b"1") and not memory.set("large", b"x" * 20_000)
    assert memory.get("small") == b"1" and memory.get("large") is None

    @cached(backend=memory)
    def large() -> str:
        return "x" * 20_000

    assert large() == large() and large.counters.discarded == 2 and len(memory) == 1


@pytest.mark.feature("F-CACHE-24")
def test_entries_end_when_their_time_is_over(clock: Any) -> None:
    memory = Memory(now=clock)
    memory.set("a", b"1", 10), memory.set("b", b"1"), memory.add("c", b"1", 0.5)
    memory.append("a", b"2")  # leaves the time as it is
    clock.advance(5)
    assert memory.get_many("abc") == {"a": b"12", "b": b"1"}
    assert memory.touch("a", 10) and not memory.touch("c")
    clock.advance(6)
    assert memory.get("a") == b"12" and memory.touch("b", 1)
    clock.advance(6)
    assert memory.get_many("abc") == {} and not memory.delete("a") and memory.add("a", b"new")
    assert memory.stats()["memory"]["entries"] == 1
    memory.close()
    assert len(memory) == 0


@pytest.mark.parametrize("bounds", [{"max_entries": 0}, {"max_bytes": -1}, {"max_entries": 1.5}, {"max_bytes": True}])
def test_a_bound_that_is_none_is_refused(bounds: dict[str, Any]) -> None:
    with pytest.raises(WrongCacheUse, match="a number above 0"):
        Memory(**bounds)


@pytest.mark.feature("F-CACHE-30")
def test_the_package_loads_nothing_that_it_does_not_need() -> None:
    heavy = (
        "asyncio",
        "logging",
        "sqlalchemy",
        "lxml",
        "pymemcache",
        "redis",
        "ssl",
        "hashlib",
        "pickle",
        "urllib.parse",
    )
    program = f"import sys, demotic.cache; print(*[name for name in {heavy!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-S", "-c", "import sys; sys.path[:0] = " + repr(sys.path) + "; " + program],
                          capture_output=True, text=True, check=True).stdout.strip() == ""  # fmt: skip
