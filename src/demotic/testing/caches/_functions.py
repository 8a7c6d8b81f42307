"""What decorated functions do over a back end, as one process sees it and as two do."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from demotic.cache import MISSING, Backend, cached, registry


@dataclass
class User:
    """A value that comes back through the annotation."""

    name: str
    born: datetime.date
    tags: tuple[str, ...] = ()


def read_user(name: str, *, full: bool = False) -> User | None:
    """Return a user, as a storage does."""
    RUNS.append(name)
    if name == "nobody":
        return None
    if name == "broken":
        raise LookupError(name)
    return User(name, datetime.date(2000, 1, len(RUNS) % 28 + 1), ("full",) if full else ())


RUNS: list[str] = []


class FunctionSuite:
    """Decorated functions over an empty back end."""

    @pytest.fixture
    def read(self, backend: Backend) -> Iterator[Any]:
        """A cached function."""
        RUNS.clear()
        yield cached(60, backend=backend, name=f"read {uuid4()}", tags=lambda name, **_: [f"user:{name}", "users"])(
            read_user
        )

    @pytest.fixture
    def twin(self, read: Any, backend: Backend) -> Any:
        """The same function as another process has it."""
        return cached(60, backend=backend, name=read.machine.name, tags=read.machine.options.tags)(read_user)

    def test_a_value_is_computed_once_and_comes_back_as_it_was(self, read: Any, twin: Any) -> None:
        first = read("ann", full=True)
        assert read("ann", full=True) == twin("ann", full=True) == first and RUNS == ["ann"]
        assert (read.counters.hits, read.counters.misses, twin.counters.hits) == (1, 1, 1)

    def test_none_is_a_value(self, read: Any, twin: Any) -> None:
        assert read("nobody") is read("nobody") is twin("nobody") is None and RUNS == ["nobody"]

    def test_an_error_is_not_cached(self, read: Any) -> None:
        for _ in range(2):
            with pytest.raises(LookupError, match="broken"):
                read("broken")
        assert RUNS == ["broken", "broken"] and read.peek("broken") is None

    def test_an_error_is_cached_on_request(self, read: Any, backend: Backend) -> None:
        name = f"negative {uuid4()}"
        one, two = (cached(60, backend=backend, name=name, negative={LookupError: 30})(read_user) for _ in range(2))
        for function in (one, two):
            with pytest.raises(LookupError, match="broken"):
                function("broken")
        assert RUNS == ["broken"]

    def test_the_verbs_are_seen_by_all(self, read: Any, twin: Any) -> None:
        other = User("other", datetime.date(1999, 9, 9))
        assert read.get("ann") is MISSING and not read.replace(other, "ann")
        read("ann")
        assert read.replace(other, "ann") and twin("ann") == other and twin.get("ann") == other
        assert twin.set(None, "ann") and read("ann") is None
        entry = twin.peek("ann")
        assert entry.value is None and 0 <= entry.age < 60 and 0 < entry.fresh_for <= 60
        assert read.refresh("ann").name == "ann" == twin("ann").name and RUNS == ["ann", "ann"]
        assert twin.invalidate("ann") and read.get("ann") is MISSING and not read.invalidate("ann")

    @pytest.mark.parametrize("how", ["function", "tag", "other tag", "all", "verb"])
    def test_what_is_invalidated_together_is_forgotten_by_all(
        self, read: Any, twin: Any, backend: Backend, how: str
    ) -> None:
        read("ann"), read("bob")
        forget: dict[str, Any] = {
            "function": lambda: registry.invalidate(twin),
            "tag": lambda: registry.invalidate_tags("user:ann", backend=backend),
            "other tag": lambda: registry.invalidate_tags("users", "unknown", backend=backend),
            "all": lambda: registry.invalidate_all(backend=backend),
            "verb": lambda: twin.invalidate_all(),
        }
        assert forget[how]()
        assert read.get("ann") is MISSING and (read.get("bob") is MISSING) == (how != "tag")
        assert read("ann") == twin("ann") and twin.peek("ann") is not None

    def test_the_key_of_a_call_that_is_cached_is_known_to_all(self, read: Any, twin: Any) -> None:
        assert registry.key(twin, "ann") is None
        read("ann")
        assert registry.key(twin, "ann") == read.key("ann")

    def test_a_flushed_cache_is_an_empty_one(self, read: Any, backend: Backend) -> None:
        read("ann")
        backend.flush()
        assert read.get("ann") is MISSING and read("ann").name == "ann" and read.get("ann").name == "ann"

    def test_foreign_bytes_under_a_key_are_a_miss(self, read: Any, backend: Backend) -> None:
        read("ann")
        for junk in (b"", b"junk", b"D1" + b"\0" * 60):
            backend.set(read.key("ann"), junk)
            RUNS.clear()
            assert read("ann").name == read("ann").name == "ann" and RUNS == ["ann"]
        assert read.counters.unreadable >= 3

    def test_large_values_are_kept(self, backend: Backend) -> None:
        made = cached(60, backend=backend, name=f"large {uuid4()}")(lambda: {"text": "word " * 200_000})
        assert made() == made() and (made.counters.hits, made.counters.stored) == (1, 1)

    def test_tasks_do_as_threads(self, read: Any, backend: Backend) -> None:
        name, runs = read.machine.name, RUNS

        async def read_later(name: str, *, full: bool = False) -> User | None:
            return read_user(name, full=full)

        later = cached(60, backend=backend, name=name, tags=read.machine.options.tags)(read_later)

        async def program() -> None:
            try:
                assert await later("ann") == await later("ann") and runs == ["ann"]
                assert await later.peek("ann") and await later.replace(None, "ann") and await later("ann") is None
                assert await later.invalidate("ann") and await later.get("ann") is MISSING
                assert await later.set(None, "bob") and await later("bob") is None
                assert await registry.aio.invalidate_tags("user:bob", backend=backend)
                assert await later.refresh("bob") is not None and await later.invalidate_all()
                assert await later.get("bob") is MISSING
            finally:
                await backend.aio.close()

        asyncio.run(program())
