"""Casts between primitive types: one function for each type cast to, with an overload for each type cast from.

OData URL Conventions 4.01, section 5.1.1.10.1: numbers are rounded as `round` does, and what the type cannot hold is
null; every type has a text; a text is read as a literal of the type, and null where it is none.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from demotic.errors import DemoticError
from demotic.model import (
    BINARY,
    BOOLEAN,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    DURATION,
    GUID,
    INT64,
    INTEGER_RANGES,
    PRIMITIVES,
    SINGLE,
    STRING,
    TIME_OF_DAY,
    PrimitiveType,
)
from demotic.query._signatures import Function, Signature

_LARGEST_SINGLE: Final = 3.4028235677973366e38 * (1 - 2**-53)


def cast_name(kind: PrimitiveType) -> str:
    """Return the name of the function that casts to a type."""
    return f"cast_{kind.name}"


def _parsed(text: str, *, kind: PrimitiveType) -> Any:
    try:
        return kind.parse(text)
    except DemoticError:
        return None


def _finite(text: str) -> Decimal | None:
    value = _parsed(text, kind=DECIMAL)
    return value if isinstance(value, Decimal) and value.is_finite() else None


def _integer(value: Any, *, least: int, most: int) -> int | None:
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = Decimal(value)
    if isinstance(value, Decimal):
        if value.adjusted() > 20:
            return None
        value = int(value.to_integral_value(ROUND_HALF_UP))
    return value if least <= value <= most else None


def _integer_text(text: str, *, least: int, most: int) -> int | None:
    value = _parsed(text, kind=INT64)
    return value if isinstance(value, int) and least <= value <= most else None


def _decimal(value: float) -> Decimal | None:
    return Decimal(repr(value)) if math.isfinite(value) else None


def _single(value: Any) -> float | None:
    """Return the nearest number of 32 bits, or ``None`` beyond them."""
    number = float(value)
    if math.isfinite(number) and abs(number) > _LARGEST_SINGLE:
        return None
    return float(struct.unpack("<f", struct.pack("<f", number))[0])


def _decimal_text(value: Decimal) -> str:
    """Return plain digits without zeros at the end, which not all stores keep."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _same(value: Any) -> Any:
    return value


_TEXTUAL: Final = (BOOLEAN, GUID, DATE, TIME_OF_DAY, DATE_TIME_OFFSET, DURATION, BINARY)
_NUMBERS: Final = (INT64, DECIMAL, DOUBLE)


def _overloads(kind: PrimitiveType) -> list[tuple[PrimitiveType, Callable[..., Any]]]:
    if kind is STRING:
        texts = [(given, given.format) for given in (INT64, DOUBLE, *_TEXTUAL)]
        return [(STRING, _same), (DECIMAL, _decimal_text), *texts]
    if kind.name in INTEGER_RANGES:
        least, most = INTEGER_RANGES[kind.name]
        whole = partial(_integer, least=least, most=most)
        text = partial(_integer_text, least=least, most=most)
        return [*((given, whole) for given in _NUMBERS), (STRING, text)]
    if kind is DECIMAL:
        return [(INT64, Decimal), (DECIMAL, _same), (DOUBLE, _decimal), (STRING, _finite)]
    if kind is DOUBLE:
        return [(INT64, float), (DECIMAL, float), (DOUBLE, _same), (STRING, partial(_parsed, kind=DOUBLE))]
    if kind is SINGLE:
        return [*((given, _single) for given in _NUMBERS), (STRING, partial(_parsed, kind=SINGLE))]
    return [(kind, _same), (STRING, partial(_parsed, kind=kind))]


_TARGETS: Final = (
    STRING,
    *(PRIMITIVES[name] for name in INTEGER_RANGES),
    DECIMAL,
    DOUBLE,
    SINGLE,
    *_TEXTUAL,
)

CASTS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        cast_name(kind): Function(
            cast_name(kind),
            tuple(Signature((given,), kind, python) for given, python in _overloads(kind)),
            takes_enums=kind.numeric_rank > 0,
        )
        for kind in _TARGETS
    }
)
"""The function that casts to each type, by its name."""
