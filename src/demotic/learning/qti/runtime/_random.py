"""Chance that can be replayed: a generator whose whole state is one integer of 64 bits.

It is SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014), so that
the same seed gives the same clone in every process, on every machine, in every version of Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Random"]

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Random:
    """Numbers that look drawn at random, and follow from `state`, which may be kept and set again."""

    __slots__ = ("state",)

    def __init__(self, seed: int) -> None:
        self.state = seed & _MASK

    def bits(self) -> int:
        """Return the next 64 bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & _MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def below(self, count: int) -> int:
        """Return an integer from 0 to `count` - 1, all equally likely."""
        if count <= 0:
            raise ValueError(f"nothing can be drawn from {count}")
        limit = (1 << 64) - (1 << 64) % count
        while (bits := self.bits()) >= limit:
            pass
        return bits % count

    def fraction(self) -> float:
        """Return a float from 0 to below 1, in steps of 2 to the power of -53."""
        return (self.bits() >> 11) / (1 << 53)

    def choice(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in an order drawn at random (Fisher and Yates)."""
        shuffled = list(items)
        for last in range(len(shuffled) - 1, 0, -1):
            other = self.below(last + 1)
            shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
        return shuffled
