"""An order for values that name what they are sorted by."""

from __future__ import annotations

from typing import Any

__all__ = ["SortsByKey"]


class SortsByKey:
    """Gives a value `<`, `<=`, `>` and `>=` against its own kind, all of them by its `sort_key`."""

    __slots__ = ()

    @property
    def sort_key(self) -> Any:
        """What decides the order: anything that can be compared."""
        raise NotImplementedError

    def __lt__(self, other: object) -> bool:
        return self.sort_key < other.sort_key if isinstance(other, type(self)) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.sort_key <= other.sort_key if isinstance(other, type(self)) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.sort_key > other.sort_key if isinstance(other, type(self)) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.sort_key >= other.sort_key if isinstance(other, type(self)) else NotImplemented
