"""Numbers, booleans, GUIDs and binary: text form and native value side by side.

The forms are those of OData ABNF 4.01 (`decimalValue`, `doubleValue`, `int64Value`, `booleanValue`, `guidValue`,
`binaryValue`). Ranges that belong to a type of the model (a byte, a decimal's scale) are the model's business, except
that `parse_integer` takes bounds.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64encode
from decimal import Decimal, InvalidOperation
from math import isinf, isnan
from typing import Final
from uuid import UUID

from demotic.errors import SyntaxFault

__all__ = [
    "format_binary",
    "format_boolean",
    "format_decimal",
    "format_double",
    "format_guid",
    "format_integer",
    "parse_binary",
    "parse_boolean",
    "parse_decimal",
    "parse_double",
    "parse_guid",
    "parse_integer",
]

_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
# Four digits of exponent reach far beyond a double; more would let ten characters ask for gigabytes of digits.
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]{1,4})?")
_NUMBER_PREFIX: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?(?:(?<=[0-9])[Ee][+-]?[0-9]{0,4})?)?")
_GUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_BASE64URL: Final = re.compile(r"([A-Za-z0-9_-]*)(={0,2})")

_SPECIAL_DECIMALS: Final = {"INF": Decimal("Infinity"), "-INF": Decimal("-Infinity"), "NaN": Decimal("NaN")}
_SPECIAL_DOUBLES: Final = {"INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}
_BOOLEANS: Final = {"true": True, "false": False}
_BOOLEAN_DIGITS: Final = {"1": True, "0": False}
# The final character of an incomplete group of four holds bits that no byte uses; they must be zero.
_FINAL_CHARACTERS: Final = {0: None, 2: "AQgw", 3: "AEIMQUYcgkosw048"}


def parse_integer(text: str, minimum: int | None = None, maximum: int | None = None) -> int:
    """Read `-42`. Raises `SyntaxFault` for another form, and outside the bounds given (inclusive)."""
    found = _INTEGER.match(text)
    if found is None or found.end() != len(text):
        raise SyntaxFault("an integer", text, found.end() if found else int(text[:1] in ("+", "-")))
    try:
        value = int(text)
    except ValueError:
        raise SyntaxFault("an integer of at most 4300 digits", text, 0) from None
    if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
        bounds = (f"from {minimum}" if minimum is not None else "", f"to {maximum}" if maximum is not None else "")
        raise SyntaxFault(f"an integer {' '.join(filter(None, bounds))}", text, 0)
    return value


def format_integer(value: int) -> str:
    """Return the form that `parse_integer` reads."""
    return str(int(value))


def parse_decimal(text: str, *, special: bool = True) -> Decimal:
    """Read `-12.50`, keeping the scale, or `1e3`; with `special` also `INF`, `-INF` and `NaN`.

    Raises `SyntaxFault` for another form, and for an exponent of more than four digits.
    """
    if _NUMBER.fullmatch(text):
        try:
            return Decimal(text)
        except InvalidOperation:
            raise SyntaxFault("a decimal number of fewer digits", text, 0) from None
    if special and text in _SPECIAL_DECIMALS:
        return _SPECIAL_DECIMALS[text]
    raise _number_fault("a decimal number", text)


def format_decimal(value: Decimal) -> str:
    """Return the form that `parse_decimal` reads: plain digits as far as that stays readable, else with an exponent."""
    if not value.is_finite():
        return "NaN" if value.is_nan() else "INF" if value > 0 else "-INF"
    if -100 <= value.adjusted() <= 100:
        return f"{value:f}"
    return f"{value:e}"


def parse_double(text: str) -> float:
    """Read `1.5e-3`, `INF`, `-INF` or `NaN`. Raises `SyntaxFault` for another form, and beyond a double's range."""
    if _NUMBER.fullmatch(text):
        value = float(text)
        if isinf(value):
            raise SyntaxFault("a number in the range of a double, at most 1.7976931348623157e308", text, 0)
        return value
    if text in _SPECIAL_DOUBLES:
        return _SPECIAL_DOUBLES[text]
    raise _number_fault("a floating-point number", text)


def format_double(value: float) -> str:
    """Return the shortest text that `parse_double` reads back to the same value."""
    if isinf(value) or isnan(value):
        return "NaN" if value != value else "INF" if value > 0 else "-INF"
    return repr(float(value))


def _number_fault(expected: str, text: str) -> SyntaxFault:
    found = _NUMBER_PREFIX.match(text)
    return SyntaxFault(expected, text, found.end() if found else 0)


def parse_boolean(text: str, *, digits: bool = False) -> bool:
    """Read `true` or `false`; with `digits` also `1` and `0`, as XML Schema does. Raises `SyntaxFault` otherwise."""
    value = _BOOLEANS.get(text)
    if value is None and digits:
        value = _BOOLEAN_DIGITS.get(text)
    if value is None:
        raise SyntaxFault("'true', 'false', '1' or '0'" if digits else "'true' or 'false'", text, 0)
    return value


def format_boolean(value: bool) -> str:
    """Return `true` or `false`."""
    return "true" if value else "false"


def parse_guid(text: str) -> UUID:
    """Read `01234567-89ab-cdef-0123-456789abcdef`, in either case. Raises `SyntaxFault` for another form."""
    if _GUID.fullmatch(text):
        return UUID(text)
    form = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh"
    agrees = (c == f if f == "-" else c in "0123456789abcdefABCDEF" for c, f in zip(text, form, strict=False))
    position = next((i for i, good in enumerate(agrees) if not good), min(len(text), len(form)))
    raise SyntaxFault("a GUID of 8-4-4-4-12 hexadecimal digits", text, position)


def format_guid(value: UUID) -> str:
    """Return the form that `parse_guid` reads, in lower case."""
    return str(value)


def parse_binary(text: str) -> bytes:
    """Read base64url (RFC 4648, section 5), padded or not.

    Raises `SyntaxFault` at characters outside the alphabet (`+` and `/` are those of another), at padding that does not
    fit the length, and at a last character with stray bits.
    """
    found = _BASE64URL.fullmatch(text)
    if found is None:
        outside = re.search(r"[^A-Za-z0-9_-]", text)
        raise SyntaxFault(
            "a character of base64url (letters, digits, '-', '_')", text, outside.start() if outside else 0
        )
    characters, padding = found.groups()
    rest = len(characters) % 4
    if rest not in _FINAL_CHARACTERS or (padding and len(padding) != -rest % 4):
        raise SyntaxFault("base64url in groups of four, the last padded or left short", text, len(characters))
    final = _FINAL_CHARACTERS[rest]
    if final is not None and characters[-1] not in final:
        raise SyntaxFault(f"one of {final} as the last character", text, len(characters) - 1)
    return binascii.a2b_base64(characters.translate({45: 43, 95: 47}) + "=" * (-rest % 4))


def format_binary(value: bytes) -> str:
    """Return padded base64url."""
    return urlsafe_b64encode(value).decode("ascii")
