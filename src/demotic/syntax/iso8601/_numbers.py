"""Exact numbers with a fraction: how they come in, and their decimal digits.

A fraction of a part may have any number of digits, and calculation makes fractions without a decimal end (20 seconds
are a third of a minute), so values are kept as ratios of whole numbers.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from demotic.syntax.iso8601._errors import DateTimeFault

__all__ = ["LONGEST_FRACTION", "Number", "decimals_of", "exact", "plain", "whole_number", "with_decimals"]

Number: TypeAlias = int | Fraction | Decimal | float | str

LONGEST_FRACTION: Final = 1000
"""The most digits that are read or written after a decimal mark; more have no use but to make work."""

_LARGEST: Final = 10**LONGEST_FRACTION
_TEXT: Final = re.compile(r"[+-]?[0-9]{1,1000}(?:[.,][0-9]{1,1000})?")


def exact(value: Number, name: str) -> int | Fraction:
    """Return a number as it is meant; a float stands for the shortest decimal that it prints as.

    Raises `DateTimeFault`, naming the part, for what is no finite number of a sensible length.
    """
    if isinstance(value, bool):
        raise DateTimeFault(f"{name} of {value} is no number")
    if isinstance(value, int) and abs(value) < _LARGEST:
        return int(value)
    if isinstance(value, Fraction) and max(abs(value.numerator), value.denominator) < _LARGEST:
        return plain(value)
    text: object = value
    if _is_modest(value):
        text = format(value if isinstance(value, Decimal) else Decimal(repr(value)), "f")
    if not isinstance(text, str) or not _TEXT.fullmatch(text):
        shown = "that size" if isinstance(value, (int, Fraction)) else repr(value)
        raise DateTimeFault(f"{name} of {shown} is no number of at most {LONGEST_FRACTION} digits on each side")
    return plain(Fraction(text.replace(",", ".")))


def whole_number(value: int, name: str) -> int:
    """Return a whole number, or raise `DateTimeFault`, naming what it should have been."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise DateTimeFault(f"{name} is a whole number, not {value!r}")
    return value


def _is_modest(value: Number) -> bool:
    """Whether a decimal or float can be written out in full: 1e999999 cannot, nor NaN."""
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    return isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= LONGEST_FRACTION


def plain(value: int | Fraction) -> int | Fraction:
    """Return a whole number as `int`."""
    return int(value) if value.denominator == 1 else value


def decimals_of(fraction: Fraction) -> int | None:
    """Return how many digits after the mark a fraction has; `None` if it has no end (or one beyond the longest)."""
    rest, twos, fives = fraction.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    needed = max(twos, fives)
    return needed if rest == 1 and needed <= LONGEST_FRACTION else None


def with_decimals(
    value: int | Fraction, decimals: int | None, mark: str, *, width: int = 1, most: int | None = None
) -> str:
    """Write a number that is not negative with so many decimals, rounded half up, or with all that it needs.

    Where rounding would reach `most` (60 seconds), it is cut instead: a rounded time is still within its minute.
    Raises `DateTimeFault` where all that it needs have no end, and for a mark or a count that there is not.
    """
    if mark not in (",", "."):
        raise DateTimeFault(f"{mark!r} is no decimal mark", hint="there are ',' and '.'")
    if decimals is None:
        decimals = decimals_of(Fraction(value))
        if decimals is None:
            raise DateTimeFault(f"the fraction of {value} has no decimal end", hint="say how many decimals to write")
    if not 0 <= whole_number(decimals, "the number of decimals") <= LONGEST_FRACTION:
        raise DateTimeFault(f"{decimals} decimals are not from 0 to {LONGEST_FRACTION}")
    scale = 10**decimals
    scaled = (2 * value.numerator * scale + value.denominator) // (2 * value.denominator)
    if most is not None:
        scaled = min(scaled, most * scale - 1) if value < most else scaled
    whole, rest = divmod(scaled, scale)
    return f"{whole:0{width}}{mark}{rest:0{decimals}}" if decimals else f"{whole:0{width}}"
