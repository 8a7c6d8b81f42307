"""Caching on and off: for the whole program, and for a block of code in one thread or task."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_here: ContextVar[bool | None] = ContextVar("demotic_cache_switched", default=None)


class Switch:
    """Whether functions look into their caches. Off, they run as if they were not decorated."""

    __slots__ = ("on",)

    def __init__(self) -> None:
        self.on = True


SWITCH = Switch()


def is_caching() -> bool:
    """Return whether caching is on here: what the innermost `caching` block says, else what the program says."""
    here = _here.get()
    return SWITCH.on if here is None else here


def switch_caching(on: bool) -> None:
    """Switch caching on or off for the whole program. Invalidations are made in any case."""
    SWITCH.on = bool(on)


@contextmanager
def caching(on: bool) -> Iterator[None]:
    """Switch caching on or off for a block, in this thread or task and those tasks that it starts.

    >>> with caching(False):
    ...     is_caching()
    False
    """
    token = _here.set(bool(on))
    try:
        yield
    finally:
        _here.reset(token)
