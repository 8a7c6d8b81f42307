"""`Content-Range` (RFC 9110, section 14.4): which part of a representation this is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._lists import read_whole
from demotic.syntax.http.grammar._words import check_token, read_token

__all__ = ["ContentRange", "parse_content_range"]

_RANGE: Final = re.compile(r" +(?:([0-9]{1,19})-([0-9]{1,19})|\*)/(?:([0-9]{1,19})|\*)")


@dataclass(frozen=True, slots=True)
class ContentRange:
    """The bytes `first` to `last` of `size` (`None`: not known); without positions, that no range could be satisfied.

    Raises `InvalidInput` for one position without the other, and for negative numbers.
    """

    first: int | None = None
    last: int | None = None
    size: int | None = None
    unit: str = "bytes"

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", check_token(self.unit, "a range unit").lower())
        if (self.first is None) != (self.last is None):
            raise InvalidInput("a content range has a first and a last position, or neither")
        if min(number for number in (self.first, self.last, self.size, 0) if number is not None) < 0:
            raise InvalidInput("a position or size of a content range cannot be negative")

    @classmethod
    def of(cls, positions: range, size: int | None = None) -> ContentRange:
        """Return that of a part. Raises `InvalidInput` for an empty one: no content range can say that."""
        if not positions or positions.step != 1:
            raise InvalidInput(f"{positions} is no part that a content range can tell")
        return cls(positions.start, positions.stop - 1, size)

    @property
    def is_valid(self) -> bool:
        """Whether this is a part, and inside the whole; any other must not be put together with what one has."""
        if self.first is None or self.last is None or self.first > self.last:
            return False
        return self.size is None or self.last < self.size

    @property
    def positions(self) -> range:
        """The positions of the part, none if it is not valid."""
        return range(self.first or 0, (self.last or 0) + 1) if self.is_valid else range(0)

    def __str__(self) -> str:
        part = "*" if self.first is None else f"{self.first}-{self.last}"
        return f"{self.unit} {part}/{'*' if self.size is None else self.size}"


def parse_content_range(text: str) -> ContentRange:
    """Read a `Content-Range` field; ask `is_valid` before use. Raises `SyntaxFault`."""
    return read_whole(text, _read_content_range)


def _read_content_range(scanner: Scanner) -> ContentRange:
    unit = read_token(scanner, "a range unit")
    found = scanner.match(_RANGE)
    if found is None:
        raise scanner.fail("a range such as 0-499/1234, 0-499/* or */1234 after a blank")
    first, last, size = (None if digits is None else int(digits) for digits in found.groups())
    return ContentRange(first, last, size, unit)
