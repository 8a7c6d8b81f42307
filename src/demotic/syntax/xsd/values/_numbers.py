"""Boolean, decimal, integer: literal and value side by side (XSD 1.1 part 2, 3.3.2, 3.3.3, 3.4.13)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax._scalars import format_boolean, parse_boolean, parse_integer
from demotic.syntax.xsd.values._space import ValueSpace, number_order

__all__ = ["BOOLEAN", "DECIMAL", "EXACT", "INTEGER", "MOST_DIGITS", "exact_decimal", "format_decimal", "parse_decimal"]

MOST_DIGITS: Final = 1_000_000
"""The most digits that a number is written with: a `Decimal` of ten characters can stand for gigabytes of them."""

EXACT: Final = Context(prec=MOST_DIGITS * 2, rounding=ROUND_HALF_EVEN)
"""Arithmetic that rounds nothing, whatever precision the program works with."""

_decimal: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_decimal_start: Final = re.compile(r"[+-]?[0-9]*(?:\.[0-9]*)?")


def exact_decimal(value: Any) -> Decimal:
    """Return a number or its text as a decimal. Raises `InvalidInput` for what is none."""
    try:
        return Decimal(value)
    except (ArithmeticError, TypeError, ValueError):
        raise InvalidInput(f"{value!r} is no number") from None


def parse_decimal(text: str) -> Decimal:
    """Read `-12.50`, `+.5` or `7.`: no exponent, no INF. Raises `SyntaxFault` for another form."""
    if _decimal.fullmatch(text):
        return Decimal(text)
    found = _decimal_start.match(text)
    raise SyntaxFault("a decimal number without exponent", text, found.end() if found else 0)


def format_decimal(value: Decimal | int, *, digits: int | None = None, strip: bool = True) -> str:
    """Return the canonical form of a decimal: no sign for plus, no needless zeros, no point in a whole number.

    With `digits` (at least 1) it is rounded to that many fraction digits, half to even; with `strip=False` too, it has
    exactly so many. Raises `InvalidInput` for a value that is no finite number or has more than a million digits.
    """
    if digits is not None and digits < 1:
        raise InvalidInput(f"{digits} fraction digits cannot be asked for", hint="ask for 1 or more, or for None")
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS or len(number.as_tuple().digits) > MOST_DIGITS:
        raise InvalidInput(f"{number} cannot be written as a decimal")
    if digits is not None:
        number = number.quantize(Decimal((0, (1,), -digits)), context=EXACT) if _scale(number) > digits else number
    whole, _, fraction = f"{number:f}".partition(".")
    fraction = fraction.rstrip("0") if strip or digits is None else fraction.ljust(digits, "0")
    whole = whole.lstrip("-").lstrip("0") or "0"
    text = f"{whole}.{fraction}" if fraction else whole
    return f"-{text}" if number.is_signed() and text.strip("0.") else text


def _scale(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _is_decimal(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, Decimal) and value.is_finite()
    )


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _adopt_integer(value: Any) -> int:
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        return int(value)
    raise TypeError("it is no whole number")


def _adopt_boolean(value: Any) -> bool:
    if value is None:
        raise TypeError("nothing is neither true nor false")
    return bool(value)


def _format_integer(value: int) -> str:
    return str(int(value))


BOOLEAN: Final[ValueSpace[bool]] = ValueSpace(
    "boolean",
    lambda text, _: parse_boolean(text, digits=True),
    format_boolean,
    lambda value: isinstance(value, bool),
    adopt=_adopt_boolean,
)
DECIMAL: Final[ValueSpace[Decimal]] = ValueSpace(
    "decimal",
    lambda text, _: parse_decimal(text),
    format_decimal,
    _is_decimal,
    compare=number_order,
    has_digits=True,
)
INTEGER: Final[ValueSpace[int]] = ValueSpace(
    "decimal",
    lambda text, _: parse_integer(text),
    _format_integer,
    _is_integer,
    adopt=_adopt_integer,
    compare=number_order,
    has_digits=True,
)
