"""Functions and operators in SQLite's own language, where that computes exactly what the evaluator does.

One table, from name (and parameter types, where they matter) to a builder over canonical arguments. What is not in it
is computed by the function that `_registered` gives every connection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa

from demotic.model import STRING
from demotic.query import Signature
from demotic.store.sql.storage._registered import function_name
from demotic.store.sql.storage._storage import Sql, literal, quoted

Builder = Callable[..., Sql]


def _whole(value: Any) -> Sql:
    """An integer result, or null: SQLite makes a double of what 64 bits cannot hold."""
    return sa.case((sa.func.typeof(value) == quoted("integer"), value))


def _operator(symbol: str, *, whole: bool) -> Builder:
    def build(a: Any, b: Any) -> Sql:
        value = sa.type_coerce(a, sa.types.NullType()).op(symbol, precedence=8)(b)
        return _whole(value) if whole else value

    return build


def _part(start: int, length: int) -> Builder:
    """A part of a canonical date or time as a number."""

    def build(a: Any) -> Sql:
        return sa.cast(sa.func.substr(a, literal(str(start)), literal(str(length))), sa.INTEGER)

    return build


def _contains(a: Any, b: Any) -> Sql:
    return sa.func.instr(a, b) > literal("0")


def _starts(a: Any, b: Any) -> Sql:
    return sa.func.instr(a, b) == literal("1")


def _ends(a: Any, b: Any) -> Sql:
    # As bytes: UTF-8 has no character inside another, and SQLite's character functions stop at a NUL. The lengths are
    # compared first, as the end of no bytes is null to SQLite.
    x, y = sa.cast(a, sa.BLOB), sa.cast(b, sa.BLOB)
    whole, part = sa.func.length(x), sa.func.length(y)
    found = sa.or_(part == literal("0"), sa.func.substr(x, -part) == y)
    return sa.case((whole < part, literal("0")), (whole >= part, found))


def _index_of(a: Any, b: Any) -> Sql:
    return sa.func.instr(a, b) - literal("1")


def _concat(a: Any, b: Any) -> Sql:
    result: Sql = a.op("||")(b)
    return result


_INSTANT_PARTS: Final = {
    "year": (1, 4),
    "month": (6, 2),
    "day": (9, 2),
    "hour": (12, 2),
    "minute": (15, 2),
    "second": (18, 2),
}
_TIME_PARTS: Final = {"hour": (1, 2), "minute": (4, 2), "second": (7, 2)}

BUILDERS: Final[dict[tuple[str, str], Builder]] = {
    ("add", "Int64 Int64"): _operator("+", whole=True),
    ("sub", "Int64 Int64"): _operator("-", whole=True),
    ("mul", "Int64 Int64"): _operator("*", whole=True),
    ("div", "Int64 Int64"): _operator("/", whole=True),
    ("mod", "Int64 Int64"): _operator("%", whole=True),
    ("contains", "String String"): _contains,
    ("startswith", "String String"): _starts,
    ("endswith", "String String"): _ends,
    ("indexof", "String String"): _index_of,
    ("concat", "String String"): _concat,
    ("date", "DateTimeOffset"): lambda a: sa.func.substr(a, literal("1"), literal("10")),
    ("time", "DateTimeOffset"): lambda a: sa.func.substr(a, literal("12"), literal("15")),
    **{(name, "DateTimeOffset"): _part(*place) for name, place in _INSTANT_PARTS.items()},
    **{(name, "Date"): _part(*place) for name, place in _INSTANT_PARTS.items() if place[0] < 11},
    **{(name, "TimeOfDay"): _part(*place) for name, place in _TIME_PARTS.items()},
}


def build(name: str, signature: Signature, arguments: list[Sql]) -> Sql:
    """Return a function applied to canonical arguments, in canonical form."""
    types = " ".join(kind.name for kind in signature.parameters)
    builder = BUILDERS.get((name, types))
    if builder is not None:
        return builder(*arguments)
    # Text goes to Python as bytes, for it may be broken UTF-8, which the driver would refuse to pass.
    given = [
        sa.cast(argument, sa.BLOB) if kind is STRING else argument
        for argument, kind in zip(arguments, signature.parameters, strict=True)
    ]
    result: Sql = getattr(sa.func, function_name(name, signature))(*given)
    return result
