"""What the tests of the cache share: a clock that they set, and a cache that goes by it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demotic.cache import Memory, configure, switch_caching


class Clock:
    """A clock that stands still until it is told the time."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass, or come back."""
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(clock: Clock) -> Iterator[Memory]:
    """A cache in memory that goes by the clock of the test; the default one meanwhile."""
    backend = Memory(now=clock)
    configure(backend)
    yield backend
    configure(Memory())
    switch_caching(True)
