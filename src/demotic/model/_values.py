"""Values against their properties: coercion to the native type, and every facet that can be broken.

OData CSDL XML 4.01, sections 7.2 (facets) and 10 (enumerations). Stores call this when an entity is set; what they
keep is the value returned, not the one given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Final
from uuid import UUID

from demotic.errors import InvalidInput
from demotic.model._errors import InvalidValue
from demotic.model._geo import checked_shape, srid_of
from demotic.model._schema_children import (
    EnumType,
    Facets,
    Property,
    StructuredType,
)
from demotic.model._told import TYPE_KEY, told_type, without_type
from demotic.model._types import INTEGER_RANGES, LARGEST_SINGLE, PrimitiveType

MOST_DECIMAL_EXPONENT: Final = 6144
"""The greatest exponent of a decimal, that of IEEE 754's decimal128: written out, others would fill the memory."""


def check_value(property: Property, value: object) -> object:
    """Return `value` as a native value of `property`: an int where a float is meant becomes one, a date-time UTC.

    A collection is given as a list or tuple, a complex value as a mapping, a member of an enumeration as its number or
    its name (of flags, several names with commas). Raises `InvalidValue`, its target the property's name or a path
    below it, for a value of another type, out of range, or beyond a facet.
    """
    return _checked(property, value, property.name)


def _checked(property: Property, value: object, path: str) -> object:
    if property.collection:
        if not isinstance(value, (list, tuple)):
            raise InvalidValue(f"{path} takes a list, not {_shown(value)}", target=path)
        return [_single(property, item, f"{path}[{index}]") for index, item in enumerate(value)]
    return _single(property, value, path)


def _single(property: Property, value: object, path: str) -> object:
    if value is None:
        if property.nullable:
            return None
        raise InvalidValue(f"{path} must not be null", target=path)
    kind = property.type
    if isinstance(kind, StructuredType):
        return _complex(kind, value, path)
    if isinstance(kind, EnumType):
        return _member(kind, value, path)
    primitive = property.primitive
    if primitive is None:
        return value
    native = _native(primitive, value, path)
    problem = _broken_facet(property, primitive, native)
    if problem:
        raise InvalidValue(f"{path} {problem}", target=path)
    return native


def _complex(kind: StructuredType, value: object, path: str) -> object:
    if not isinstance(value, Mapping):
        raise InvalidValue(f"{path} takes a mapping for {kind.qualified_name}, not {_shown(value)}", target=path)
    declared, kind = kind, told_type(kind, value, path)
    properties, value = kind.all_properties(), without_type(value)
    unknown = [name for name in value if name not in properties]
    if unknown and not kind.open:
        raise InvalidValue(
            f"{path} has no property {unknown[0]}",
            target=f"{path}/{unknown[0]}",
            hint=f"it has {', '.join(properties)}",
        )
    checked = {name: _checked(item, value.get(name), f"{path}/{name}") for name, item in properties.items()}
    told = {} if kind is declared else {TYPE_KEY: kind.qualified_name}
    return {**told, **checked, **{name: value[name] for name in unknown}}


def _member(kind: EnumType, value: object, path: str) -> int:
    if isinstance(value, str):
        unknown = [name for name in value.split(",") if name not in kind.members]
        if unknown:
            known = ", ".join(kind.members)
            raise InvalidValue(
                f"{path}: {unknown[0]!r} is no member of {kind.name}", target=path, hint=f"one of {known}"
            )
        if "," in value and not kind.is_flags:
            raise InvalidValue(f"{path} takes one member of {kind.name}, not {value!r}", target=path)
        value = _combined(kind, value.split(","))
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidValue(f"{path} takes a member of {kind.name}, not {_shown(value)}", target=path)
    number = int(value)
    allowed = _combined(kind, list(kind.members))
    if (number & ~allowed) if kind.is_flags and number >= 0 else number not in kind.members.values():
        raise InvalidValue(f"{path}: {number} is no value of {kind.name}", target=path)
    return number


def _combined(kind: EnumType, names: list[str]) -> int:
    number = 0
    for name in names:
        number |= kind.members[name]
    return number


def _native(primitive: PrimitiveType, value: object, path: str) -> object:
    try:
        return _COERCIONS.get(primitive.python, _same)(primitive, value)
    except InvalidInput as fault:
        raise InvalidValue(f"{path}: {fault}", target=path) from None


def _wrong(primitive: PrimitiveType, value: object) -> InvalidInput:
    return InvalidInput(f"{primitive.qualified_name} takes {_TYPES[primitive.python]}, not {_shown(value)}")


def _same(primitive: PrimitiveType, value: object) -> object:
    if isinstance(value, primitive.python):
        return value
    raise _wrong(primitive, value)


def _to_integer(primitive: PrimitiveType, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(primitive, value)
    least, greatest = INTEGER_RANGES[primitive.name]
    if not least <= value <= greatest:
        raise InvalidInput(f"{value} is outside {least} to {greatest}, the range of {primitive.qualified_name}")
    return int(value)


def _to_float(primitive: PrimitiveType, value: object) -> float:
    if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
        raise _wrong(primitive, value)
    try:
        number = float(value)
    except OverflowError:
        raise InvalidInput(f"{_shown(value)} is outside the range of {primitive.qualified_name}") from None
    if primitive.name == "Single" and isfinite(number) and abs(number) > LARGEST_SINGLE:
        raise InvalidInput(f"{_shown(value)} is outside the range of {primitive.qualified_name}")
    return number


def _to_decimal(primitive: PrimitiveType, value: object) -> Decimal:
    if isinstance(value, Decimal):
        if value.is_finite() and abs(value.adjusted()) > MOST_DECIMAL_EXPONENT:
            raise InvalidInput(f"{value} is outside the range of {primitive.qualified_name}")
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value))
    raise _wrong(primitive, value)


def _to_bytes(primitive: PrimitiveType, value: object) -> bytes:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise _wrong(primitive, value)


def _to_shape(primitive: PrimitiveType, value: object) -> dict[str, object]:
    if not isinstance(value, Mapping):
        raise _wrong(primitive, value)
    return checked_shape(value, primitive.name)


def _to_instant(primitive: PrimitiveType, value: object) -> datetime:
    if not isinstance(value, datetime):
        raise _wrong(primitive, value)
    if value.utcoffset() is None:
        raise InvalidInput(f"{value} has no zone", hint="attach the zone that it was meant in")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(f"{value} is outside the years 0001 to 9999 of UTC") from None


def _to_date(primitive: PrimitiveType, value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _wrong(primitive, value)


def _to_time(primitive: PrimitiveType, value: object) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value
    raise _wrong(primitive, value)


_COERCIONS: Final[Mapping[type, Callable[[PrimitiveType, object], object]]] = {
    int: _to_integer,
    float: _to_float,
    Decimal: _to_decimal,
    bytes: _to_bytes,
    datetime: _to_instant,
    date: _to_date,
    time: _to_time,
    dict: _to_shape,
}

_TYPES: Final[Mapping[type, str]] = {
    int: "a whole number",
    float: "a number",
    Decimal: "a decimal number",
    bytes: "bytes",
    str: "text",
    bool: "true or false",
    datetime: "a date and time with a zone",
    date: "a date",
    time: "a time without a zone",
    timedelta: "a duration",
    UUID: "a UUID",
    dict: "a GeoJSON object",
}


def _broken_facet(property: Property, primitive: PrimitiveType, value: object) -> str | None:
    """Return what facet the value breaks, in words, or None. A type definition's facets are met as well."""
    for facets in (property.facets, getattr(property.type, "facets", None)):
        problem = _broken(facets, value) if facets is not None else None
        if problem:
            return problem
    return None


def _broken(facets: Facets, value: object) -> str | None:
    if isinstance(value, str) and not facets.unicode and not value.isascii():
        wrong = next(character for character in value if not character.isascii())
        return f"has the character {wrong!r}, only ASCII is allowed"
    if isinstance(value, dict) and facets.srid not in (None, "variable"):
        return _broken_srid(str(facets.srid), value)
    if isinstance(value, (str, bytes)):
        most = facets.max_length
        if most is not None and 0 <= most < len(value):
            unit = "characters" if isinstance(value, str) else "bytes"
            return f"has {len(value)} {unit}, at most {most} are allowed"
    if isinstance(value, Decimal):
        return _broken_decimal(facets, value)
    if isinstance(value, (datetime, time)):
        return _too_fine(facets.precision, value.microsecond)
    if isinstance(value, timedelta):
        return _too_fine(facets.precision, value.microseconds)
    return None


def _broken_decimal(facets: Facets, value: Decimal) -> str | None:
    floating = facets.scale == "floating"
    _, coefficient, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return None if floating else f"is {value}, which only a decimal with floating scale can be"
    written = "".join(map(str, coefficient)).lstrip("0")
    digits = len(written.rstrip("0"))  # not by normalize(), which rounds to the digits of its context
    exponent = exponent + len(written) - digits if digits else 0
    if isinstance(facets.scale, int) and -exponent > facets.scale:
        return f"is {value}, at most {facets.scale} digits are allowed after the decimal point"
    if facets.precision is None or floating:
        left, most = digits, facets.precision
    elif isinstance(facets.scale, int):
        left, most = digits + exponent, facets.precision - facets.scale
        return f"is {value}, at most {most} digits are allowed before the decimal point" if left > most else None
    else:
        left, most = max(digits, digits + exponent, -exponent), facets.precision
    return f"is {value}, at most {most} digits are allowed" if most is not None and left > most else None


def _broken_srid(srid: str, value: Mapping[str, object]) -> str | None:
    """A shape without `crs` is taken to be of the reference system that its property states."""
    own = srid_of(value)
    return None if own is None or own == srid else f"is of the reference system {own}, only {srid} is allowed"


def _too_fine(precision: int | None, microseconds: int) -> str | None:
    if precision is None or precision >= 6 or microseconds % 10 ** (6 - precision) == 0:
        return None
    return f"has a finer fraction than {precision} digits of a second"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
