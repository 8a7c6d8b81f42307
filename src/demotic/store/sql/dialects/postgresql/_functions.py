"""Functions and operators in PostgreSQL's own language, computing exactly what the evaluator does.

One table, from name and parameter types to a text. What is not in it PostgreSQL cannot do exactly, and is refused.
Where PostgreSQL would raise an error (a sum beyond 64 bits, a double that overflows) the text gives what the evaluator
gives: null, or an infinity. Texts that need an operand more than once name it in a subquery, whose OFFSET keeps
PostgreSQL from putting the operand in the places of the name again.
"""

from __future__ import annotations

from typing import Final

from demotic.query import Signature
from demotic.store.sql._errors import NotInThisStore
from demotic.store.sql.dialects.postgresql._casts import CASTS
from demotic.store.sql.statements._template import sql
from demotic.store.sql.storage._storage import Sql

_LEAST_INT, _MOST_INT = -(2**63), 2**63 - 1
_LEAST_SPAN, _MOST_SPAN = -86_399_999_913_600_000_000, 86_399_999_999_999_999_999
_DAY: Final = 86_400_000_000
_FIRST_INSTANT, _LAST_INSTANT = -62_135_596_800_000_000, 253_402_300_799_999_999
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896


def _named(text: str, v: str, **others: str) -> str:
    """Return a text over values that are computed once, under names."""
    names = ", ".join(f"{value} AS {name}" for name, value in {"v": v, **others}.items())
    return f"SELECT {text} FROM (SELECT {names} OFFSET 0) AS q"


def _whole(value: str) -> str:
    return _named(f"CASE WHEN v BETWEEN {_LEAST_INT} AND {_MOST_INT} THEN v::int8 END", value)


def _span(value: str) -> str:
    """A number of microseconds that a duration can have, or null."""
    return _named(f"CASE WHEN v BETWEEN {_LEAST_SPAN} AND {_MOST_SPAN} THEN v END", value)


def _even(value: str) -> str:
    """The nearest whole number, the even one of two."""
    return _named("CASE WHEN abs(v - trunc(v)) = 0.5 THEN trunc(v) + mod(trunc(v), 2) ELSE round(v) END", value)


def _digits(value: str) -> str:
    """A decimal to 38 digits, ties to the even one."""
    power = "('1e' || s)::numeric"
    half = "abs(v - trunc(v, s)) = ('5e' || (-s - 1))::numeric"
    even = f"trunc(v, s) + mod(trunc(v * {power}), 2) / {power}"
    rounded = f"SELECT CASE WHEN n <= 38 THEN v WHEN {half} THEN {even} ELSE round(v, s) END"
    number = "length(replace(ltrim(abs(v)::text, '0.'), '.', ''))"
    counted = f"SELECT v, {number} AS n FROM (SELECT {value} AS v OFFSET 0) AS a OFFSET 0"
    scale = f"SELECT v, n, scale(v) - n + 38 AS s FROM ({counted}) AS b OFFSET 0"
    return f"{rounded} FROM ({scale}) AS q"


def _double(text: str) -> str:
    return f"SELECT {text} FROM (SELECT {{0}} AS a, {{1}} AS b OFFSET 0) AS q"


_INFINITE: Final = "'Infinity'::float8"
_SIGNED: Final = f"(CASE WHEN (a < 0) = (b < 0) THEN {_INFINITE} ELSE -{_INFINITE} END)"
_PLAIN: Final = f"abs(a) = {_INFINITE} OR abs(b) = {_INFINITE} OR a = 0 OR b = 0"
_HALF: Final = "8.98846567431157953865e307"  # 2 to the 1023rd


def _sum(sign: str) -> str:
    half = f"(a * 0.5 {sign} b * 0.5)"
    return _double(
        f"CASE WHEN abs(a) = {_INFINITE} OR abs(b) = {_INFINITE} THEN nullif(a {sign} b, 'NaN')"
        f" WHEN {half} >= {_HALF} THEN {_INFINITE} WHEN {half} <= -{_HALF} THEN -{_INFINITE} ELSE a {sign} b END"
    )


# 2 to the powers of 512, 537 and 538, and inverse ones: multiplying by them changes no digit.
_P512, _N512, _P537, _P538 = (f"{float(2) ** n!r}::float8" for n in (512, -512, 537, 538))
_TINY: Final = "(abs(a) < 1e-100 OR abs(b) < 1e-100)"
_PRODUCT: Final = _double(
    f"CASE WHEN {_PLAIN} THEN nullif(a * b, 'NaN')"
    f" WHEN abs(a) > 1 AND abs(b) > 1 THEN"
    f" CASE WHEN (abs(a) * {_N512}) * (abs(b) * {_N512}) >= 1 THEN {_SIGNED} ELSE a * b END"
    f" WHEN abs(a) < 1 AND abs(b) < 1 AND {_TINY} THEN"
    f" CASE WHEN (abs(a) * {_P537}) * (abs(b) * {_P538}) <= 1 THEN 0::float8 ELSE a * b END ELSE a * b END"
)
# A quotient is at least 1 when both are scaled so that it would just overflow, at most 1 when it would just vanish.
_QUOTIENT: Final = _double(
    f"CASE WHEN b = 0 THEN NULL WHEN {_PLAIN} THEN nullif(a / b, 'NaN')"
    f" WHEN abs(b) < 1 AND abs(a) > 1e-16 THEN"
    f" CASE WHEN (abs(a) * {_N512}) / (abs(b) * {_P512}) >= 1 THEN {_SIGNED} ELSE a / b END"
    f" WHEN abs(b) > 1 AND abs(a) < 1 THEN"
    f" CASE WHEN (abs(a) * {_P537}) / (abs(b) * {_N512}) <= {2.0**-26!r}::float8 THEN 0::float8 ELSE a / b END"
    " ELSE a / b END"
)


def _moved(sign: str) -> str:
    """An instant moved by microseconds, if it is one then: whole days, then the rest, which a double holds."""
    within = f"extract(epoch FROM a) * 1000000 + d BETWEEN {_FIRST_INSTANT} AND {_LAST_INSTANT}"
    days = f"div(d, {_DAY})::int4 * interval '1 day'"
    rest = f"mod(d, {_DAY})::float8 * interval '1 microsecond'"
    given = f"SELECT {{0}} AS a, {sign}{{1}} AS d OFFSET 0"
    return f"SELECT CASE WHEN {within} THEN a + {days} + {rest} END FROM ({given}) AS q"


def _date_moved(sign: str) -> str:
    within = f"(a - '1970-01-01'::date) + d BETWEEN {_FIRST_DAY} AND {_LAST_DAY}"
    given = f"SELECT {{0}} AS a, floor({sign}{{1}} / {_DAY}) AS d OFFSET 0"
    return f"SELECT CASE WHEN {within} THEN a + d::int4 END FROM ({given}) AS q"


_BLANKS: Final = "".join(f"\\{ord(c):04X}" for c in map(chr, range(0x10000)) if c.isspace())
_C: Final = 'COLLATE "C"'
_ICU: Final = 'COLLATE "und-x-icu"'
_UTC: Final = "{0} AT TIME ZONE 'UTC'"


def _part(name: str, value: str) -> str:
    return f"floor(extract({name} FROM {value}))::int8"


def _parts(names: str, kind: str, value: str) -> dict[tuple[str, str], str]:
    return {(name, kind): _part(name, value) for name in names.split()}


_FROM: Final = (
    "SELECT CASE WHEN n >= 0 THEN substr(a, least(n, 2147483645)::int4 + 1)"
    " WHEN n < 0 THEN right(a, least(-n, 2147483647)::int4) END"
)
_FIRST: Final = "least(CASE WHEN n >= 0 THEN n ELSE greatest(0, length(a) + n) END, 1073741823)::int4 + 1"


def _to_whole(value: str) -> str:
    return _span(f"({_even(f'({value})')})")


_QUOTIENT_OF_DECIMALS: Final = _digits("round({0}, 150) / nullif({1}, 0)")
_SCALED_UP: Final = _to_whole(_digits("{0} * {1}"))
_SCALED_DOWN: Final = _to_whole(_QUOTIENT_OF_DECIMALS)

TEXTS: Final[dict[tuple[str, str], str]] = {
    ("add", "Int64 Int64"): _whole("{0}::numeric + {1}::numeric"),
    ("sub", "Int64 Int64"): _whole("{0}::numeric - {1}::numeric"),
    ("mul", "Int64 Int64"): _whole("{0}::numeric * {1}::numeric"),
    ("div", "Int64 Int64"): _whole("div({0}::numeric, nullif({1}, 0)::numeric)"),
    ("mod", "Int64 Int64"): "mod({0}::numeric, nullif({1}, 0)::numeric)::int8",
    ("neg", "Int64"): _whole("-{0}::numeric"),
    ("add", "Decimal Decimal"): _digits("{0} + {1}"),
    ("sub", "Decimal Decimal"): _digits("{0} - {1}"),
    ("mul", "Decimal Decimal"): _digits("{0} * {1}"),
    **{(name, "Decimal Decimal"): _QUOTIENT_OF_DECIMALS for name in ("div", "divby")},
    ("mod", "Decimal Decimal"): (
        "SELECT CASE WHEN b <> 0 AND abs(a) < abs(b) * 1e38 THEN mod(a, b) END"
        " FROM (SELECT {0} AS a, {1} AS b OFFSET 0) AS q"
    ),
    ("neg", "Decimal"): "-{0}",
    ("round", "Decimal"): "round({0})",
    ("floor", "Decimal"): "floor({0})",
    ("ceiling", "Decimal"): "ceil({0})",
    ("add", "Double Double"): _sum("+"),
    ("sub", "Double Double"): _sum("-"),
    ("mul", "Double Double"): _PRODUCT,
    **dict.fromkeys((("div", "Double Double"), ("divby", "Double Double")), _QUOTIENT),
    ("neg", "Double"): "-{0}",
    ("round", "Double"): (
        "SELECT trunc(v) + CASE WHEN abs(v - trunc(v)) >= 0.5 THEN sign(v) ELSE 0 END"
        " FROM (SELECT {0} AS v OFFSET 0) AS q"
    ),
    ("floor", "Double"): "floor({0})",
    ("ceiling", "Double"): "ceil({0})",
    ("add", "DateTimeOffset Duration"): _moved(""),
    ("sub", "DateTimeOffset Duration"): _moved("-"),
    ("sub", "DateTimeOffset DateTimeOffset"): (
        "(extract(epoch FROM {0}) * 1000000 - extract(epoch FROM {1}) * 1000000)::numeric"
    ),
    ("add", "Date Duration"): _date_moved(""),
    ("sub", "Date Duration"): _date_moved("-"),
    ("sub", "Date Date"): f"({{0}} - {{1}})::numeric * {_DAY}",
    ("add", "Duration Duration"): _span("{0} + {1}"),
    ("sub", "Duration Duration"): _span("{0} - {1}"),
    ("neg", "Duration"): _span("-{0}"),
    ("mul", "Duration Decimal"): _SCALED_UP,
    ("mul", "Decimal Duration"): _SCALED_UP,
    **{(name, "Duration Decimal"): _SCALED_DOWN for name in ("div", "divby")},
    ("concat", "String String"): "{0} || {1}",
    ("contains", "String String"): f"strpos({{0}} {_C}, {{1}} {_C}) > 0",
    ("startswith", "String String"): f"starts_with({{0}} {_C}, {{1}} {_C})",
    ("endswith", "String String"): f"right({{0}} {_C}, length({{1}})) = {{1}} {_C}",
    ("indexof", "String String"): f"(strpos({{0}} {_C}, {{1}} {_C}) - 1)::int8",
    ("length", "String"): "length({0})::int8",
    ("substring", "String Int64"): f"{_FROM} FROM (SELECT {{0}} AS a, {{1}}::numeric AS n OFFSET 0) AS q",
    ("substring", "String Int64 Int64"): (
        f"SELECT CASE WHEN l >= 0 AND n IS NOT NULL THEN substr(a, {_FIRST}, least(l, 1073741823)::int4) END"
        " FROM (SELECT {0} AS a, {1}::numeric AS n, {2}::numeric AS l OFFSET 0) AS q"
    ),
    ("trim", "String"): f"btrim({{0}}, U&'{_BLANKS}')",
    **_parts("year month day hour minute second", "DateTimeOffset", _UTC),
    **_parts("year month day", "Date", "{0}"),
    **_parts("hour minute second", "TimeOfDay", "{0}"),
    ("fractionalseconds", "DateTimeOffset"): f"mod(extract(microseconds FROM {_UTC})::numeric, 1000000) / 1000000",
    ("fractionalseconds", "TimeOfDay"): "mod(extract(microseconds FROM {0})::numeric, 1000000) / 1000000",
    ("date", "DateTimeOffset"): f"({_UTC})::date",
    ("time", "DateTimeOffset"): f"({_UTC})::time",
    ("totaloffsetminutes", "DateTimeOffset"): "CASE WHEN {0} IS NOT NULL THEN 0::int8 END",
    ("totalseconds", "Duration"): "{0} / 1000000",
    ("has", "Int64 Int64"): "({0} & {1}) = {1}",
    **CASTS,
}
OF_ICU: Final = {
    ("tolower", "String"): f'lower({{0}} {_ICU}) COLLATE "default"',
    ("toupper", "String"): f'upper({{0}} {_ICU}) COLLATE "default"',
}
"""What needs the collations that know the letters of all scripts."""

_BY_DOUBLES: Final = "its decimals and doubles do not multiply to the nearest microsecond"
REFUSED: Final[dict[tuple[str, str], str]] = {
    ("mod", "Double Double"): "it has no remainder of doubles",
    ("matchesPattern", "String String"): "its regular expressions are of another language",
    ("odata2.replace", "String String String"): "it has no bound to the length of what comes out",
    ("mul", "Duration Double"): _BY_DOUBLES,
    ("mul", "Double Duration"): _BY_DOUBLES,
    ("div", "Duration Double"): _BY_DOUBLES,
    ("divby", "Duration Double"): _BY_DOUBLES,
}
"""Why PostgreSQL does not compute the other functions."""


def build(name: str, signature: Signature, arguments: list[Sql], *, icu: bool) -> Sql:
    """Return a function applied to canonical arguments. Raises `NotInThisStore`."""
    kinds = " ".join(kind.name for kind in signature.parameters)
    text = TEXTS.get((name, kinds)) or (OF_ICU.get((name, kinds)) if icu else None)
    if text is None:
        reason = REFUSED.get((name, kinds), "it has no collations that know the letters of all scripts")
        raise NotInThisStore(
            f"PostgreSQL cannot compute {name} of {kinds} exactly: {reason}",
            target=name,
            hint="leave it out of the query",
        )
    return sql(text, *arguments)
