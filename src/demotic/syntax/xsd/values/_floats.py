"""Float and double: literal and value side by side (XSD 1.1 part 2, 3.3.4 and 3.3.5, with the functions of E.1).

Both are Python floats. A float is one that single precision can hold, and a literal is rounded to it at once, not by
way of double precision, whose own rounding may tip the second. The canonical form has the fewest digits that read back
to the same value.
"""

from __future__ import annotations

import re
import struct
from decimal import Decimal
from math import copysign, inf, isinf, isnan, nextafter
from typing import Any, Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.xsd.values._space import ValueSpace, number_order

__all__ = ["DOUBLE", "FLOAT", "format_double", "format_float", "parse_double", "parse_float"]

_number: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")
_number_start: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]*)?(?:(?<=[0-9.])[Ee][+-]?[0-9]*)?")
_SPECIAL: Final = {"INF": inf, "+INF": inf, "-INF": -inf, "NaN": float("nan")}

LARGEST_SINGLE: Final = 3.4028234663852886e38
SMALLEST_SINGLE: Final = 2.0**-149


def parse_double(text: str) -> float:
    """Read `-1.5E3`, `.5`, `INF`, `+INF`, `-INF` or `NaN`; beyond the range of a double is infinity, or zero.

    Raises `SyntaxFault` for another form.
    """
    if _number.fullmatch(text):
        return float(text)
    if text in _SPECIAL:
        return _SPECIAL[text]
    found = _number_start.match(text)
    raise SyntaxFault("a floating-point number, INF, -INF or NaN", text, found.end() if found else 0)


def parse_float(text: str, *, exact: bool = True) -> float:
    """Read the same forms into single precision: the nearest value, infinity or zero beyond its range.

    With `exact=False` the value keeps the precision of a double and is only put within the range: infinity above the
    largest single, a zero of the same sign below the smallest. Raises `SyntaxFault` for another form.
    """
    value = parse_double(text)
    if isnan(value) or text in _SPECIAL:
        return value
    if not exact:
        return _within_range(value)
    single = _rounded(value)
    if single == value or isinf(value):
        return single
    # Was the double, itself rounded, just half way between two singles? Then the text decides.
    other = 2 * value - (copysign(2.0**128, value) if isinf(single) else single)
    if _rounded(other) == other and abs(other) <= LARGEST_SINGLE and (text_value := Decimal(text)) != Decimal(value):
        return _rounded(nextafter(value, inf if text_value > Decimal(value) else -inf))
    return single


def format_double(value: float, *, digits: int | None = None, strip: bool = True) -> str:
    """Return the canonical form of a double: `1.5E3`, `0.0E0`, `INF`, `-INF`, `NaN`.

    `digits` asks for that many digits after the point: none of the value's are kept beyond, zeros at the end are
    stripped up to one, unless `strip` is false. `digits=0` leaves the point out too, which is no longer canonical.
    """
    return _format(value, digits, strip, lambda text: float(text) == value)


def format_float(value: float, *, digits: int | None = None, strip: bool = True) -> str:
    """Return the canonical form of a float, as a reader of single precision takes it.

    The value is rounded to single precision first, so a large one is `INF` and a small one `0.0E0`. `digits` and
    `strip` are as in `format_double`.
    """
    single = _rounded(value)
    return _format(single, digits, strip, lambda text: parse_float(text) == single)


def _format(value: float, digits: int | None, strip: bool, reads_back: Any) -> str:
    if digits is not None and digits < 0:
        raise InvalidInput(f"{digits} digits after the point cannot be asked for")
    if isnan(value) or isinf(value):
        return "NaN" if isnan(value) else "INF" if value > 0 else "-INF"
    if digits is None:
        text = next(text for n in range(17) if reads_back(text := f"{value:.{n}e}"))
    else:
        text = f"{value:.{digits}e}"
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    if strip or digits is None:
        fraction = fraction.rstrip("0") or "0"
    return f"{whole}{'' if digits == 0 else '.' + fraction}E{int(exponent)}"


def _rounded(value: float) -> float:
    """Return the nearest single, ties to even."""
    try:
        single: float = struct.unpack("f", struct.pack("f", value))[0]
        return single
    except OverflowError:
        return copysign(inf, value)


def _within_range(value: float) -> float:
    if abs(value) > LARGEST_SINGLE:
        return copysign(inf, value)
    return copysign(0.0, value) if abs(value) < SMALLEST_SINGLE else value


def _is_float(value: object) -> bool:
    return isinstance(value, float)


def _adopt(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("it is no number of Python's int or float")
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


DOUBLE: Final[ValueSpace[float]] = ValueSpace(
    "double", lambda text, _: parse_double(text), format_double, _is_float, adopt=_adopt, compare=number_order
)
FLOAT: Final[ValueSpace[float]] = ValueSpace(
    "float",
    lambda text, _: parse_float(text),
    format_float,
    lambda value: isinstance(value, float) and (value != value or _rounded(value) == value),
    adopt=lambda value: _rounded(_adopt(value)),
    compare=number_order,
)
