"""What expressions and rules see of the session that they run in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from demotic.learning.qti.model import ItemSubset
from demotic.learning.qti.runtime._random import Random
from demotic.learning.qti.runtime.values import Optional

__all__ = ["Items", "Mapped", "Scope"]


class Mapped(Protocol):
    """A response variable as its mappings see it."""

    def map(self, value: Optional) -> float:
        """Return the number that the mapping gives for a value."""

    def map_points(self, value: Optional) -> float:
        """Return the number that the area mapping gives for a value."""


class Items(Protocol):
    """The items of a test, as outcome expressions see them."""

    def values_of(
        self, subset: ItemSubset, variable: str, weight: str | None
    ) -> Iterable[tuple[Optional, float | None]]:
        """Iterate over the values that a variable has in the items chosen, each with the item's weight (or None)."""

    def bounds(self, subset: ItemSubset, variable: str, weight: str | None, upper: bool) -> Iterable[float | None]:
        """Iterate over the normal maxima (or minima) of an outcome in the items chosen, weighted; None where there is
        none.
        """

    def count(self, subset: ItemSubset) -> int:
        """Return how many items the expression counts: which ones, its class says."""


class Scope(Protocol):
    """A session: names and what they hold, chance, and for tests the items."""

    random: Random

    def value(self, name: str) -> Optional:
        """Return the value of a variable. Raises `ProcessingError` for a name that nothing has."""

    def weighted(self, name: str, weight: str) -> Optional:
        """Return the value of an item's variable, multiplied by a weight of the item."""

    def default(self, name: str) -> Optional:
        """Return the default of a variable."""

    def correct(self, name: str) -> Optional:
        """Return the correct value of a response variable."""

    def mapped(self, name: str) -> Mapped:
        """Return the mappings of a response variable."""

    def items(self) -> Items:
        """Return the items of the test. Raises `ProcessingError` in an item."""
