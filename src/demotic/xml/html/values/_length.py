"""Lengths: `50` and `50%`, and with `3*` the lengths that share what is left.

Specification: HTML 4.01, section 6.6 (%Pixels, %Length, %MultiLength, %MultiLengths).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from demotic.errors import InvalidInput
from demotic.syntax import Scanner

__all__ = ["HtmlValueFault", "Length", "MultiLength", "MultiLengths"]

_DIGITS: Final = re.compile("[0-9]{1,9}")
_MOST: Final = 999_999_999


class HtmlValueFault(InvalidInput, ValueError):
    """A value that HTML's types cannot hold, or an operation that their values do not allow."""

    code = "HtmlValueError"


def _checked(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise HtmlValueFault(f"{value!r} is no length: a whole number from 0 to {_MOST} is needed")
    return value


@dataclass(frozen=True, slots=True)
class Length:
    """A number of pixels, or a percentage of a dimension that is known later. False if the number is 0.

    >>> Length.parse("50%").resolve(200), Length(3) + 4, str(Length(50, percent=True))
    (100.0, Length(value=7, percent=False), '50%')
    """

    value: int
    percent: bool = False

    def __post_init__(self) -> None:
        _checked(self.value)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `nn` or `nn%`, or raise `SyntaxFault`."""
        scanner = Scanner(text)
        value = int(scanner.expect_match(_DIGITS, "a number"))
        percent = scanner.accept("%")
        if not scanner.at_end:
            raise scanner.fail("the end" if percent else "'%' or the end")
        return cls(value, percent)

    @classmethod
    def of(cls, value: Length | int | str) -> Length:
        """Return a length as it is, a number as pixels, and a text as `parse` reads it."""
        if isinstance(value, Length):
            return value
        return cls.parse(value) if isinstance(value, str) else cls(value)

    def __str__(self) -> str:
        return f"{self.value}%" if self.percent else str(self.value)

    def __bool__(self) -> bool:
        return self.value != 0

    def __add__(self, other: Length | int) -> Length:
        """Return the sum; a number counts as pixels. Raises `HtmlValueFault` for pixels and a percentage."""
        if not isinstance(other, Length | int):
            return NotImplemented
        added = Length.of(other)
        if added.percent != self.percent:
            raise HtmlValueFault(f"pixels and a percentage cannot be added: {self} and {added}", hint="resolve them")
        return type(self)(self.value + added.value, self.percent)

    __radd__ = __add__

    def resolve(self, dimension: float | None = None) -> float:
        """Return the pixels, given what a percentage is of. Raises `HtmlValueFault` for a percentage of nothing."""
        if not self.percent:
            return self.value
        if dimension is None:
            raise HtmlValueFault(f"{self} of a dimension that is not known", hint="give the dimension in pixels")
        return dimension if self.value == 100 else self.value * dimension / 100


@dataclass(frozen=True, slots=True)
class MultiLength:
    """A length, or a share: `unit` is "" for pixels, "%" or "*"."""

    value: int
    unit: str = ""

    def __post_init__(self) -> None:
        _checked(self.value)
        if self.unit not in ("", "%", "*"):
            raise HtmlValueFault(f"{self.unit!r} is no unit of lengths: '', '%' and '*' are")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `nn`, `nn%`, `nn*` or `*`, which is `1*`; or raise `SyntaxFault`."""
        scanner = Scanner(text)
        if scanner.accept("*"):
            scanner.expect_end()
            return cls(1, "*")
        value = int(scanner.expect_match(_DIGITS, "a number or '*'"))
        unit = next((unit for unit in "%*" if scanner.accept(unit)), "")
        if not scanner.at_end:
            raise scanner.fail("the end" if unit else "'%', '*' or the end")
        return cls(value, unit)

    def __str__(self) -> str:
        return "*" if (self.value, self.unit) == (1, "*") else f"{self.value}{self.unit}"


class MultiLengths(tuple[MultiLength, ...]):
    """A list of lengths that divide a space, as the rows of a frameset do."""

    __slots__ = ()

    def __new__(cls, items: Iterable[MultiLength | str] = ()) -> Self:
        return super().__new__(cls, (MultiLength.parse(item) if isinstance(item, str) else item for item in items))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read lengths with commas between them, blanks around each allowed; or raise `SyntaxFault`."""
        return cls(item.strip(" \t\r\n\f") for item in text.split(","))

    def __str__(self) -> str:
        return ",".join(map(str, self))

    def resolve(self, space: float) -> tuple[float, ...]:
        """Return the pixels of each: first pixels and percentages, then the shares of what is left, at least 0."""
        pixels = sum(item.value for item in self if not item.unit)
        percent = sum(item.value for item in self if item.unit == "%")
        left = max(0.0, space - pixels - percent * space / 100)
        shares = sum(item.value for item in self if item.unit == "*")
        amounts = {"": 1.0, "%": space / 100, "*": left / shares if shares else 0.0}
        return tuple(item.value * amounts[item.unit] for item in self)
