"""What all values of this room share: parts that are read but not changed.

A part lives in a slot of its own name with an underscore. Makers fill the slots of a new object directly, as dates are
made by the million; what users see are the parts.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, NoReturn

__all__ = ["new", "part"]

new = object.__new__


class _Part(property):
    """A part that refuses to be changed, and names what makes another value."""

    def __set__(self, owner: Any, value: object) -> NoReturn:
        raise AttributeError(f"a {type(owner).__name__} does not change; {owner._instead}")

    def __delete__(self, owner: Any) -> NoReturn:
        self.__set__(owner, None)


def part(read: str | Callable[[Any], Any]) -> Any:
    """Return a part by the slot that holds it, or by the function that reads it."""
    return _Part(attrgetter(read) if isinstance(read, str) else read)
