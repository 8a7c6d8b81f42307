"""What happens at a function's cache: numbers that add up, and a hook for each event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
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


@dataclass(slots=True)
class Counters:
    """How a function's cache has done since the program began, or since `reset`.

    ``hits`` were answered from the cache, ``stale`` of them with an expired value because the function failed,
    ``negative`` with a kept exception. ``misses`` ran the function; ``joined`` waited for one that did. ``refreshed``
    ran it in the background. ``stored`` were kept, ``discarded`` not, since an invalidation came between. ``errors``
    are exceptions of the function. ``seconds_saved`` adds up what the hits would have taken.
    """

    hits: int = 0
    misses: int = 0
    joined: int = 0
    stale: int = 0
    negative: int = 0
    refreshed: int = 0
    stored: int = 0
    discarded: int = 0
    invalidated: int = 0
    unreadable: int = 0
    unstorable: int = 0
    unreachable: int = 0
    errors: int = 0
    bytes_read: int = 0
    bytes_written: int = 0
    seconds_saved: float = 0.0

    def reset(self) -> None:
        """Begin anew."""
        for field in fields(self):
            setattr(self, field.name, field.default)

    def as_dict(self) -> dict[str, int | float]:
        """Return the numbers by their names."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

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
