"""What happens at a function's cache: numbers that add up, and a hook for each event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from demotic.cache._log import log

Happening = Literal[
    "hit", "miss", "joined", "stale", "negative", "refreshed", "stored", "discarded", "unreadable", "unstorable",
    "unreachable", "error", "invalidated",
]  # fmt: skip


class Event(NamedTuple):
    """Something that happened to one key of one function; ``function`` is its name in the registry."""

    what: Happening
    function: str
    key: str | None


Hook = Callable[[Event], object]

# What is told of every function, beside the hooks of its own.
HOOKS: list[Hook] = []


def on_event(hook: Hook) -> Callable[[], None]:
    """Call ``hook`` with each `Event` of every function from now on; return what ends that."""
    HOOKS.append(hook)
    return lambda: HOOKS.remove(hook) if hook in HOOKS else None


class Counters:
    """How a function's cache has done since the program began, or since `reset`.

    ``hits`` were answered from the cache, ``stale`` of them with an expired value because the function failed,
    ``negative`` with a kept exception. ``misses`` ran the function; ``joined`` waited for one that did. ``refreshed``
    ran it in the background. ``stored`` were kept, ``discarded`` not, since an invalidation came between. ``errors``
    are exceptions of the function. ``seconds_saved`` adds up what the hits would have taken.
    """

    __slots__ = (
        "bytes_read",
        "bytes_written",
        "discarded",
        "errors",
        "hits",
        "invalidated",
        "joined",
        "misses",
        "negative",
        "refreshed",
        "seconds_saved",
        "stale",
        "stored",
        "unreachable",
        "unreadable",
        "unstorable",
    )  # fmt: skip
    hits: int
    misses: int
    joined: int
    stale: int
    negative: int
    refreshed: int
    stored: int
    discarded: int
    invalidated: int
    unreadable: int
    unstorable: int
    unreachable: int
    errors: int
    bytes_read: int
    bytes_written: int
    seconds_saved: float

    def __init__(self) -> None:
        self.reset()

    def __repr__(self) -> str:
        return f"Counters({', '.join(f'{name}={number}' for name, number in self.as_dict().items())})"

    def reset(self) -> None:
        """Begin anew."""
        for name in self.__slots__:
            setattr(self, name, 0)
        self.seconds_saved = 0.0

    def as_dict(self) -> dict[str, int | float]:
        """Return the numbers by their names."""
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def hit_ratio(self) -> float:
        """The part of all calls that was answered from the cache; 0 before the first."""
        calls = self.hits + self.misses + self.joined
        return self.hits / calls if calls else 0.0


def tell(hooks: list[Hook], event: Event) -> None:
    """Call every hook; one that fails is logged and harms nobody."""
    for hook in hooks:
        try:
            hook(event)
        except Exception:
            log().exception("a hook of the cache failed at %s", event.what)
