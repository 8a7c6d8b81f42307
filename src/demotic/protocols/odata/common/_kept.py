"""Compiled requests, kept by the shape of their URL: a request of a known shape only fills its literals in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from demotic.errors import DemoticError
from demotic.protocols.odata.common._shapes import Lifted, match
from demotic.query import Continuation, Slot

KEPT_SHAPES = 2000

Fill = Callable[[str], object]
"""How a parameter is read from the text of a literal; raises DemoticError or ValueError where it must be bound anew."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Compiled(Generic[_T]):
    """An operation, with the parameters of the request it was compiled from: their values, and where they came from.

    One that holds more of the request than its parameters is not for others of its shape (``shared``).
    """

    operation: _T
    values: Sequence[object]
    slots: tuple[Slot, ...]
    continuation: Continuation | None
    shared: bool = True


@dataclass(frozen=True, slots=True)
class Known(Generic[_T]):
    """A compiled shape: its operation, and for each parameter the lifted text it comes from and how to read it."""

    operation: _T
    fills: tuple[tuple[int, Fill], ...]
    continuation: Continuation | None

    def values(self, lifted: Lifted) -> list[object]:
        """Return the values of the parameters. Raises DemoticError or ValueError where they must be bound anew."""
        _, texts, token = lifted
        values = [fill(texts[place]) for place, fill in self.fills]
        if token is not None and self.continuation is not None:
            values += [value for value in self.continuation.read(token, values) if value is not None]
        return values


@dataclass(slots=True)
class Statistics:
    """What a handler has done: requests compiled in full, and shapes kept."""

    compiled: int = 0
    shapes: int = 0


class Shapes(Generic[_T]):
    """The shapes that are kept. ``refill`` says how the parameter of a slot is read from another literal."""

    def __init__(self, refill: Callable[[Slot], Fill]) -> None:
        self.statistics = Statistics()
        self.refill = refill
        self._known: dict[Hashable, Known[_T]] = {}
        self._lock = threading.Lock()

    def find(
        self, key: Hashable, lifted: Lifted, compile: Callable[[], Compiled[_T]], *, kept: bool = True
    ) -> tuple[_T, Sequence[object]]:
        """Return the operation for a request and the values of its parameters, compiled only if that must be.

        Unless it shall not be ``kept``, the next request of the shape finds it. Raises what ``compile`` raises.
        """
        known = self._known.get(key)
        if known is not None:
            try:
                return known.operation, known.values(lifted)
            except (DemoticError, ValueError):
                pass  # a literal that its place takes differently: the long way finds out how, or what is wrong
        compiled = compile()
        self.statistics.compiled += 1
        if known is None and kept:
            self._keep(key, lifted, compiled)
        return compiled.operation, compiled.values

    def _keep(self, key: Hashable, lifted: Lifted, compiled: Compiled[_T]) -> None:
        """Keep what was compiled for a shape, if it is certain where the literals of the shape went."""
        if not compiled.shared:
            return
        _, texts, token = lifted
        if token is None and len(compiled.values) > len(compiled.slots):
            return  # a skip token written in a way of its own
        places = match(texts, [slot.node.text for slot in compiled.slots])
        if places is None:
            return
        fills = tuple((place, self.refill(slot)) for place, slot in zip(places, compiled.slots, strict=True))
        with self._lock:
            if len(self._known) >= KEPT_SHAPES:
                # The oldest goes: dictionaries keep the order of insertion. A shape still in use soon comes back.
                del self._known[next(iter(self._known))]
            self._known[key] = Known(compiled.operation, fills, compiled.continuation)
            self.statistics.shapes = len(self._known)
