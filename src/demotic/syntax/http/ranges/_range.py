"""`Range` and `Accept-Ranges` (RFC 9110, sections 14.1 to 14.3): which parts of a representation are wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._lists import format_list, read_list, read_tokens
from demotic.syntax.http.grammar._order import SortsByKey
from demotic.syntax.http.grammar._words import check_token, read_token

__all__ = ["AcceptRanges", "Range", "RangeSpec", "parse_accept_ranges", "parse_range"]

_INTEGERS: Final = re.compile(r"([0-9]{1,19})-([0-9]{1,19})?|-([0-9]{1,19})")


@dataclass(frozen=True, slots=True)
class RangeSpec:
    """From the byte `first` to the byte `last`, or to the end if that is `None`; or the last `suffix` bytes.

    Raises `InvalidInput` for a range that ends before it begins, and for one that is both or neither.
    """

    first: int | None = None
    last: int | None = None
    suffix: int | None = None

    def __post_init__(self) -> None:
        if (self.first is None) == (self.suffix is None) or (self.last is not None and self.first is None):
            raise InvalidInput("a range has a first position, with or without a last one, or the length of a suffix")
        if min(number for number in (self.first, self.last, self.suffix, 0) if number is not None) < 0:
            raise InvalidInput("a position or length in a range cannot be negative")
        if self.first is not None and self.last is not None and self.last < self.first:
            raise InvalidInput(f"the range {self} ends before it begins")

    def within(self, size: int) -> range | None:
        """Return the positions that this is among `size`, `None` if there are none (section 14.1.2)."""
        if self.suffix is not None:
            return range(max(0, size - self.suffix), size) if self.suffix else None
        first = self.first or 0
        if first >= size:
            return None
        return range(first, size if self.last is None else min(self.last + 1, size))

    def __str__(self) -> str:
        if self.suffix is not None:
            return f"-{self.suffix}"
        return f"{self.first}-{'' if self.last is None else self.last}"


@dataclass(frozen=True, slots=True)
class Range:
    """A `Range` field: parts of a representation, in the order wanted. Raises `InvalidInput` if there are none."""

    specs: tuple[RangeSpec, ...]
    unit: str = "bytes"

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", check_token(self.unit, "a range unit").lower())
        if not self.specs:
            raise InvalidInput("a Range field names at least one range")

    def within(self, size: int) -> tuple[range, ...]:
        """Return the positions of each part that there is of `size` bytes; none: the range cannot be satisfied."""
        return tuple(found for found in (spec.within(size) for spec in self.specs) if found is not None)

    def __str__(self) -> str:
        return f"{self.unit}={format_list(self.specs)}"


def parse_range(text: str) -> Range:
    """Read a `Range` field. Raises `SyntaxFault`, also for ranges of other units than positions, and for those that
    end before they begin.
    """
    scanner = Scanner(text)
    unit = read_token(scanner, "a range unit")
    scanner.expect("=")
    start = scanner.position
    specs = read_list(text, _read_spec, start=start)
    if not specs:
        raise scanner.fail("a range such as 0-499")
    return Range(specs, unit)


def _read_spec(scanner: Scanner) -> RangeSpec:
    start = scanner.position
    found = scanner.match(_INTEGERS)
    if found is None:
        raise scanner.fail("a range such as 0-499, 500- or -500")
    first, last, suffix = (None if digits is None else int(digits) for digits in found.groups())
    if first is not None and last is not None and last < first:
        scanner.position = start
        raise scanner.fail("a range that ends after it begins")
    return RangeSpec(first, last, suffix)


@dataclass(frozen=True, slots=True)
class AcceptRanges(SortsByKey):
    """The units that ranges may be asked for in, in lower case; none at all is written `none`."""

    units: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        units = tuple(check_token(unit, "a range unit").lower() for unit in self.units)
        object.__setattr__(self, "units", () if units == ("none",) else units)

    @property
    def sort_key(self) -> tuple[str, ...]:
        """The units."""
        return self.units

    def __iter__(self) -> Iterator[str]:
        return iter(self.units)

    def __len__(self) -> int:
        return len(self.units)

    def __getitem__(self, index: int) -> str:
        return self.units[index]

    def __contains__(self, unit: object) -> bool:
        return isinstance(unit, str) and unit.lower() in self.units

    def __str__(self) -> str:
        return format_list(self.units) or "none"


def parse_accept_ranges(text: str) -> AcceptRanges:
    """Read an `Accept-Ranges` field. Raises `SyntaxFault`."""
    return AcceptRanges(read_tokens(text))
