"""Comparison operators for values that are ordered only in part: they answer, or they refuse."""

from __future__ import annotations

from typing import Self

from demotic.syntax.xsd._errors import IndeterminateOrder

__all__ = ["PartlyOrdered"]


class PartlyOrdered:
    """Gives `<`, `<=`, `>`, `>=` to a class that says by `compare` how two of its values stand.

    Where XML Schema calls the order indeterminate they raise `IndeterminateOrder`, which is a `TypeError`, as Python
    has it for what has no order; `compare` returns `None` for those who would rather ask.
    """

    __slots__ = ()

    def compare(self, other: Self) -> int | None:
        """Return -1, 0 or 1 as this is less, equal or greater, or `None` where neither holds."""
        raise NotImplementedError

    def _ordered(self, other: object) -> int:
        if type(other) is not type(self):
            raise TypeError(f"a {type(self).__name__} has no order with a {type(other).__name__}")
        order = self.compare(other)
        if order is None:
            raise IndeterminateOrder(f"{self} and {other} are in no order", hint="compare() tells without an error")
        return order

    def __lt__(self, other: object) -> bool:
        return self._ordered(other) < 0

    def __le__(self, other: object) -> bool:
        return self._ordered(other) <= 0

    def __gt__(self, other: object) -> bool:
        return self._ordered(other) > 0

    def __ge__(self, other: object) -> bool:
        return self._ordered(other) >= 0
