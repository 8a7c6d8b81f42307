"""Every operator and function of expressions: one row each, with its overloads and its null rule.

OData URL Conventions 4.01, sections 5.1.1.1 to 5.1.1.10. ``in``, ``any``, ``all`` and ``$count`` are nodes of their own
and not here. A store maps names to its own language, and must agree with the Python implementations here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from demotic.model import PRIMITIVES
from demotic.query import _function_values as v
from demotic.query._casts import CASTS
from demotic.query._signatures import Function, Nulls, Signature


def _signature(text: str, python: Callable[..., Any]) -> Signature:
    """Read ``String Int64 -> String``."""
    taken, result = text.split("->")
    return Signature(tuple(PRIMITIVES[name] for name in taken.split()), PRIMITIVES[result.strip()], python)


_Overloads = tuple[tuple[str, Callable[..., Any]], ...]
_COMPARED: Final = (
    *("Int64", "Decimal", "Double", "String", "Boolean", "Guid"),
    *("Date", "TimeOfDay", "DateTimeOffset", "Duration"),
)


def _comparison(python: Callable[[Any, Any], bool], *unordered: str) -> _Overloads:
    return tuple((f"{name} {name} -> Boolean", python) for name in (*_COMPARED, *unordered))


def _parts(python: Callable[[Any], Any], *names: str) -> _Overloads:
    return tuple((f"{name} -> Int32", python) for name in names)


_ARITHMETIC: Final[dict[str, _Overloads]] = {
    "add": (
        ("Int64 Int64 -> Int64", v.add_integers),
        ("Decimal Decimal -> Decimal", v.add_decimals),
        ("Double Double -> Double", operator.add),
        ("DateTimeOffset Duration -> DateTimeOffset", v.add_temporal),
        ("Duration Duration -> Duration", v.add_temporal),
        ("Date Duration -> Date", v.add_to_date),
    ),
    "sub": (
        ("Int64 Int64 -> Int64", v.subtract_integers),
        ("Decimal Decimal -> Decimal", v.subtract_decimals),
        ("Double Double -> Double", operator.sub),
        ("DateTimeOffset Duration -> DateTimeOffset", v.subtract_temporal),
        ("DateTimeOffset DateTimeOffset -> Duration", v.subtract_temporal),
        ("Duration Duration -> Duration", v.subtract_temporal),
        ("Date Duration -> Date", v.subtract_from_date),
        ("Date Date -> Duration", v.subtract_temporal),
    ),
    "mul": (
        ("Int64 Int64 -> Int64", v.multiply_integers),
        ("Decimal Decimal -> Decimal", v.multiply_decimals),
        ("Double Double -> Double", operator.mul),
        ("Duration Decimal -> Duration", v.multiply_duration),
        ("Duration Double -> Duration", v.multiply_duration_double),
        ("Decimal Duration -> Duration", v.multiply_by_duration),
        ("Double Duration -> Duration", v.multiply_double_by_duration),
    ),
    "div": (
        ("Int64 Int64 -> Int64", v.divide_integers),
        ("Decimal Decimal -> Decimal", v.divide_decimals),
        ("Double Double -> Double", v.divide_doubles),
        ("Duration Decimal -> Duration", v.divide_duration),
        ("Duration Double -> Duration", v.divide_duration_double),
    ),
    "divby": (
        ("Decimal Decimal -> Decimal", v.divide_decimals),
        ("Double Double -> Double", v.divide_doubles),
        ("Duration Decimal -> Duration", v.divide_duration),
        ("Duration Double -> Duration", v.divide_duration_double),
    ),
    "mod": (
        ("Int64 Int64 -> Int64", v.remainder_of_integers),
        ("Decimal Decimal -> Decimal", v.remainder_of_decimals),
        ("Double Double -> Double", v.remainder_of_doubles),
    ),
    "neg": (
        ("Int64 -> Int64", v.negate_integer),
        ("Decimal -> Decimal", v.negate_decimal),
        ("Double -> Double", operator.neg),
        ("Duration -> Duration", operator.neg),
    ),
}

_EQUALITY: Final = {"eq": _comparison(operator.eq, "Binary"), "ne": _comparison(operator.ne, "Binary")}
_ORDERING: Final = {
    "gt": _comparison(operator.gt),
    "ge": _comparison(operator.ge),
    "lt": _comparison(operator.lt),
    "le": _comparison(operator.le),
}
_LOGIC: Final[dict[str, _Overloads]] = {
    "and": (("Boolean Boolean -> Boolean", operator.and_),),
    "or": (("Boolean Boolean -> Boolean", operator.or_),),
    "not": (("Boolean -> Boolean", operator.not_),),
}

_NAMED: Final[dict[str, _Overloads]] = {
    "concat": (("String String -> String", operator.add),),
    "contains": (("String String -> Boolean", v.contains),),
    "endswith": (("String String -> Boolean", str.endswith),),
    "indexof": (("String String -> Int32", str.find),),
    "length": (("String -> Int32", len),),
    "startswith": (("String String -> Boolean", str.startswith),),
    "substring": (
        ("String Int64 -> String", v.substring_from),
        ("String Int64 Int64 -> String", v.substring),
    ),
    "odata2.replace": (("String String String -> String", v.replace_all),),
    "matchesPattern": (("String String -> Boolean", v.matches_pattern),),
    "tolower": (("String -> String", str.lower),),
    "toupper": (("String -> String", str.upper),),
    "trim": (("String -> String", str.strip),),
    "year": _parts(operator.attrgetter("year"), "Date", "DateTimeOffset"),
    "month": _parts(operator.attrgetter("month"), "Date", "DateTimeOffset"),
    "day": _parts(operator.attrgetter("day"), "Date", "DateTimeOffset"),
    "hour": _parts(operator.attrgetter("hour"), "DateTimeOffset", "TimeOfDay"),
    "minute": _parts(operator.attrgetter("minute"), "DateTimeOffset", "TimeOfDay"),
    "second": _parts(operator.attrgetter("second"), "DateTimeOffset", "TimeOfDay"),
    "fractionalseconds": (
        ("DateTimeOffset -> Decimal", v.fractional_seconds),
        ("TimeOfDay -> Decimal", v.fractional_seconds),
    ),
    "date": (("DateTimeOffset -> Date", datetime.date),),
    "time": (("DateTimeOffset -> TimeOfDay", v.time_of),),
    "totaloffsetminutes": (("DateTimeOffset -> Int32", v.total_offset_minutes),),
    "totalseconds": (("Duration -> Decimal", v.total_seconds),),
    "now": ((" -> DateTimeOffset", v.now),),
    "mindatetime": ((" -> DateTimeOffset", v.mindatetime),),
    "maxdatetime": ((" -> DateTimeOffset", v.maxdatetime),),
    "round": (("Decimal -> Decimal", v.round_decimal), ("Double -> Double", v.round_double)),
    "floor": (("Decimal -> Decimal", v.floor_decimal), ("Double -> Double", v.floor_double)),
    "ceiling": (("Decimal -> Decimal", v.ceiling_decimal), ("Double -> Double", v.ceiling_double)),
}

_FLAGS: Final[dict[str, _Overloads]] = {"has": (("Int64 Int64 -> Boolean", v.has_flags),)}

_GROUPS: Final = (
    (_EQUALITY, Nulls.EQUALITY, True),
    (_ORDERING, Nulls.FALSE, True),
    (_LOGIC, Nulls.LOGIC, True),
    (_ARITHMETIC, Nulls.PROPAGATE, True),
    (_NAMED, Nulls.PROPAGATE, False),
    (_FLAGS, Nulls.PROPAGATE, True),
)

# Those whose names begin with `odata2.` are of OData 2 alone: no text of another version is read as a call of them.
FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        name: Function(
            name,
            tuple(_signature(text, python) for text, python in overloads),
            nulls,
            is_operator,
            takes_enums=group is _FLAGS,
        )
        for group, nulls, is_operator in _GROUPS
        for name, overloads in group.items()
    }
    | dict(CASTS)
)
"""Every operator and function by name, and every cast."""

INSTANT_PARTS: Final = frozenset({"year", "month", "day", "hour", "minute", "date", "time", "totaloffsetminutes"})
"""Functions whose result depends on the zone of an instant, which the native form (UTC) does not keep."""
