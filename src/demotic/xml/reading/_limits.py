"""How large a document may be, and what happens beyond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from demotic.errors import LimitExceeded

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a document may be.

    `size` is in bytes, `depth` in levels of elements, `attributes` in number on one element, `value` in characters of
    one attribute; `expansion` is how many characters entities and defaults of a document type may add, and `entities`
    how many external ones are fetched.
    """

    size: int = 64 * 2**20
    depth: int = 256
    attributes: int = 256
    value: int = 4 * 2**20
    expansion: int = 2**20
    entities: int = 16

    def check_size(self, size: int) -> None:
        """Raise `LimitExceeded` for a document of more bytes than allowed."""
        if size > self.size:
            raise LimitExceeded(
                f"a document of {size} bytes, at most {self.size} are read",
                target="size",
                hint="give other Limits, or read it piece by piece with iterate",
            )


DEFAULT_LIMITS: Final = Limits()
