"""The primitive types of the EDM: one row per type, and everything that differs by type is a column.

OData CSDL 4.01, section 3.3 (types), OData URL Conventions 4.01, section 5.1.1.6.1 (literals), OData JSON Format 4.01,
section 7.1 (JSON forms). Storage forms (SQL column types) belong to the stores, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from math import isfinite
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from demotic import syntax
from demotic.errors import InvalidInput, SyntaxFault
from demotic.model import _geo

INTEGER_RANGES: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "Byte": (0, 2**8 - 1),
        "SByte": (-(2**7), 2**7 - 1),
        "Int16": (-(2**15), 2**15 - 1),
        "Int32": (-(2**31), 2**31 - 1),
        "Int64": (-(2**63), 2**63 - 1),
    }
)
"""The least and the greatest value of each integer type, by its name (CSDL XML 4.01, section 3.3)."""

LARGEST_SINGLE: Final = 3.4028234663852886e38
"""The greatest finite value of Edm.Single (IEEE 754 binary32)."""


@dataclass(frozen=True, slots=True, eq=False)
class PrimitiveType:
    """One primitive type; compare by identity.

    ``name`` is without the ``Edm.`` prefix. ``python`` is the type of its native values. ``parse`` reads the bare
    lexical form (as in XML and in a URL without quotes or prefix) and raises SyntaxFault; ``format`` is its inverse.
    ``json`` turns a native value into what JSON carries, ``None`` meaning unchanged; ``json_exact`` does the same under
    IEEE754Compatible=true. ``from_json`` is the inverse of both, ``None`` meaning unchanged, and raises InvalidInput.
    ``numeric_rank`` orders the numeric types by promotion (URL Conventions 4.01, section 5.1.1.15), 0 for all others.
    A URL literal is the bare form, in single quotes if ``quoted``, after ``prefix``.
    """

    name: str
    python: type
    parse: Callable[[str], object]
    format: Callable[[Any], str]
    json: Callable[[Any], object] | None = None
    json_exact: Callable[[Any], object] | None = None
    from_json: Callable[[object], object] | None = None
    numeric_rank: int = 0
    prefix: str = ""
    quoted: bool = False

    @property
    def qualified_name(self) -> str:
        """The name with its ``Edm.`` prefix."""
        return f"Edm.{self.name}"

    def __repr__(self) -> str:
        return f"<{self.qualified_name}>"


@dataclass(frozen=True, slots=True, eq=False)
class BuiltinType:
    """A built-in type without values of its own: abstract, or that of a path in annotations; compare by identity."""

    name: str

    @property
    def qualified_name(self) -> str:
        """The name with its ``Edm.`` prefix."""
        return f"Edm.{self.name}"

    def __repr__(self) -> str:
        return f"<{self.qualified_name}>"


def _plain(text: str) -> str:
    return text


def _parse_instant(text: str) -> datetime:
    """Read a date-time with offset as the same instant in UTC, the native form."""
    try:
        return syntax.parse_datetime_offset(text).astimezone(UTC)
    except OverflowError:
        raise SyntaxFault("an instant in the years 0001 to 9999 of UTC", text, 0) from None


def _parse_single(text: str) -> float:
    value = syntax.parse_double(text)
    if isfinite(value) and abs(value) > LARGEST_SINGLE:
        raise SyntaxFault("a number in the range of a single, at most 3.4028235e38", text, 0)
    return value


def _float_json(value: float) -> object:
    return value if isfinite(value) else syntax.format_double(value)


def _decimal_json(value: Decimal) -> object:
    return value if value.is_finite() else syntax.format_decimal(value)


def _decimal_json_exact(value: Decimal) -> str:
    # Exponents only for callers who allow them (JSON Format 4.01, section 3.3), and nobody must use them then.
    return f"{value:f}" if value.is_finite() else syntax.format_decimal(value)


def _reject(name: str, form: str, value: object) -> InvalidInput:
    shown = str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, Decimal) else repr(value)
    return InvalidInput(f"{shown} is no value of Edm.{name} in JSON", hint=f"write {form}")


def _text_from_json(value: object, *, name: str, parse: Callable[[str], object]) -> object:
    if isinstance(value, str):
        return parse(value)
    raise _reject(name, "a string", value)


def _boolean_from_json(value: object) -> object:
    if isinstance(value, bool):
        return value
    raise _reject("Boolean", "true or false", value)


_BEYOND_INTEGERS: Final = 10**20
"""Greater than any value of an integer type: a number that is written with an exponent may be any size."""


def _integer_from_json(value: object, *, name: str, parse: Callable[[str], object], text: bool) -> object:
    if text and isinstance(value, str):
        return parse(value)
    if isinstance(value, (float, Decimal)) and -_BEYOND_INTEGERS < value < _BEYOND_INTEGERS and value == int(value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return parse(str(value))
    raise _reject(name, "a whole number", value)


def _float_from_json(value: object, *, name: str, parse: Callable[[str], object]) -> object:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return parse(str(value))
    if value in ("INF", "-INF", "NaN"):
        return parse(str(value))
    raise _reject(name, 'a number, "INF", "-INF" or "NaN"', value)


def _decimal_from_json(value: object) -> object:
    if isinstance(value, str):
        return syntax.parse_decimal(value)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return Decimal(str(value))
    raise _reject("Decimal", "a number, or a string holding one", value)


def _textual(
    name: str,
    python: type,
    parse: Callable[[str], object],
    format: Callable[[Any], str],
    *,
    json: Callable[[Any], object] | None = None,
    prefix: str = "",
    quoted: bool = False,
) -> PrimitiveType:
    """Return the row of a type whose JSON form is a string."""
    from_json = partial(_text_from_json, name=name, parse=parse)
    return PrimitiveType(name, python, parse, format, json, json, from_json, prefix=prefix, quoted=quoted)


def _integer(name: str, rank: int) -> PrimitiveType:
    """Return the row of an integer type. Only Int64 exceeds what a JSON reader can hold in a double."""
    parse = partial(syntax.parse_integer, minimum=INTEGER_RANGES[name][0], maximum=INTEGER_RANGES[name][1])
    exact = syntax.format_integer if name == "Int64" else None
    from_json = partial(_integer_from_json, name=name, parse=parse, text=exact is not None)
    return PrimitiveType(name, int, parse, syntax.format_integer, None, exact, from_json, numeric_rank=rank)


def _float(name: str, rank: int, parse: Callable[[str], float]) -> PrimitiveType:
    from_json = partial(_float_from_json, name=name, parse=parse)
    return PrimitiveType(
        name, float, parse, syntax.format_double, _float_json, _float_json, from_json, numeric_rank=rank
    )


def _geo_type(family: str, suffix: str) -> PrimitiveType:
    """Return the row of a geographic or geometric type; its native values are GeoJSON objects."""
    name = family + suffix
    shape = _geo.COLLECTION if suffix == "Collection" else suffix
    return PrimitiveType(
        name,
        dict,
        partial(_geo.parse_shape, family=family, shape=shape),
        partial(_geo.format_shape, family=family),
        from_json=partial(_geo.shape_from_json, name=name, shape=shape),
        prefix=family.lower(),
        quoted=True,
    )


STRING: Final = _textual("String", str, _plain, _plain, quoted=True)
BOOLEAN: Final = PrimitiveType(
    "Boolean", bool, syntax.parse_boolean, syntax.format_boolean, from_json=_boolean_from_json
)
SBYTE: Final = _integer("SByte", 1)
BYTE: Final = _integer("Byte", 2)
INT16: Final = _integer("Int16", 3)
INT32: Final = _integer("Int32", 4)
INT64: Final = _integer("Int64", 5)
DECIMAL: Final = PrimitiveType(
    "Decimal",
    Decimal,
    syntax.parse_decimal,
    syntax.format_decimal,
    _decimal_json,
    _decimal_json_exact,
    _decimal_from_json,
    numeric_rank=6,
)
SINGLE: Final = _float("Single", 7, _parse_single)
DOUBLE: Final = _float("Double", 8, syntax.parse_double)
DATE: Final = _textual("Date", date, syntax.parse_date, syntax.format_date)
TIME_OF_DAY: Final = _textual("TimeOfDay", time, syntax.parse_time_of_day, syntax.format_time_of_day)
DATE_TIME_OFFSET: Final = _textual("DateTimeOffset", datetime, _parse_instant, syntax.format_datetime_offset)
DURATION: Final = _textual(
    "Duration",
    timedelta,
    syntax.parse_duration,
    syntax.format_duration,
    json=syntax.format_duration,
    prefix="duration",
    quoted=True,
)
GUID: Final = _textual("Guid", UUID, syntax.parse_guid, syntax.format_guid)
BINARY: Final = _textual(
    "Binary",
    bytes,
    syntax.parse_binary,
    syntax.format_binary,
    json=syntax.format_binary,
    prefix="binary",
    quoted=True,
)
STREAM: Final = _textual("Stream", bytes, syntax.parse_binary, syntax.format_binary, json=syntax.format_binary)

PRIMITIVES: Final[Mapping[str, PrimitiveType]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            BINARY,
            BOOLEAN,
            BYTE,
            DATE,
            DATE_TIME_OFFSET,
            DECIMAL,
            DOUBLE,
            DURATION,
            GUID,
            INT16,
            INT32,
            INT64,
            SBYTE,
            SINGLE,
            STREAM,
            STRING,
            TIME_OF_DAY,
            *(_geo_type(family, shape) for family in _geo.DEFAULT_SRID for shape in (*_geo.SHAPES, "Collection")),
        )
    }
)
"""Every primitive type by its name without the ``Edm.`` prefix."""


def primitive_type(name: str) -> PrimitiveType | None:
    """Return the primitive type called ``Edm.X`` (or just ``X``), or ``None`` if there is none of that name."""
    return PRIMITIVES.get(name.removeprefix("Edm."))


BUILTINS: Final[Mapping[str, BuiltinType]] = MappingProxyType(
    {
        name: BuiltinType(name)
        for name in (
            "AnnotationPath",
            "AnyPropertyPath",
            "Geography",
            "Geometry",
            "ModelElementPath",
            "NavigationPropertyPath",
            "PrimitiveType",
            "PropertyPath",
            "Untyped",
        )
    }
)
"""The other built-in types (CSDL XML 4.01, sections 4.5 and 4.6), but for Edm.ComplexType and Edm.EntityType."""
