"""Functions and operators in MariaDB's own language, computing what the evaluator does.

One table, from name and parameter types to a text. What is not in it is refused. A few only come near, which the
metadata say (`APPROXIMATE`): letters of which the other case is several, and quotients of decimals beyond 30 digits.
A result beyond what its type can hold is an error of the database, and refused as well.
"""

from __future__ import annotations

from typing import Final

from demotic.query import Signature
from demotic.store.sql._errors import NotInThisStore
from demotic.store.sql.dialects.mariadb import _casts as casts
from demotic.store.sql.statements._template import sql
from demotic.store.sql.storage._storage import Sql

APPROXIMATE: Final = (
    "Approximate: tolower and toupper leave letters alone whose other case is several letters; decimals are divided"
    " and multiplied to 30 digits after the decimal point."
)
_LEAST, _MOST = -(2**63), 2**63 - 1
_LEAST_SPAN, _MOST_SPAN = -86_399_999_913_600_000_000, 86_399_999_999_999_999_999
_DAY: Final = 86_400_000_000


def _within(value: str, low: int, high: int) -> str:
    """A whole number within bounds, null beyond them: without saying it twice."""
    return f"NULLIF(NULLIF(GREATEST(LEAST({value}, {high + 1}), {low - 1}), {high + 1}), {low - 1})"


def _whole(value: str) -> str:
    return f"CAST({_within(value, _LEAST, _MOST)} AS SIGNED)"


_A: Final = "CAST({0} AS DECIMAL(65,0))"


def _text(place: int) -> str:
    """Text compared by code point."""
    return f"(CONVERT({{{place}}} USING utf8mb4) COLLATE {{collation}})"


_BLANKS: Final = "".join(c for c in map(chr, range(0x10000)) if c.isspace())
_FIRST: Final = "IF({1} >= 0, {1} + 1, GREATEST(CAST(CHAR_LENGTH({0}) AS SIGNED) + {1}, 0) + 1)"
_TOO_EARLY: Final = "CAST('0000-12-31 23:59:59.999999' AS DATETIME(6))"


def _moved(function: str) -> str:
    moved = f"{function}({{0}}, INTERVAL {_within('{1}', -(10**18), 10**18)} MICROSECOND)"
    return f"NULLIF(GREATEST({moved}, {_TOO_EARLY}), {_TOO_EARLY})"


def _day_moved(function: str) -> str:
    return f"CAST({_moved(function).replace('{0}', 'CAST({0} AS DATETIME(6))')} AS DATE)"


def _parts(names: str, kind: str) -> dict[tuple[str, str], str]:
    return {(name, kind): f"{name.upper()}({{0}})" for name in names.split()}


TEXTS: Final[dict[tuple[str, str], str]] = {
    ("add", "Int64 Int64"): _whole(f"{_A} + {{1}}"),
    ("sub", "Int64 Int64"): _whole(f"{_A} - {{1}}"),
    ("mul", "Int64 Int64"): _whole(f"{_A} * {{1}}"),
    ("div", "Int64 Int64"): f"{_A} DIV NULLIF({{1}}, 0)",
    ("mod", "Int64 Int64"): "MOD({0}, NULLIF({1}, 0))",
    ("neg", "Int64"): _whole(f"-{_A}"),
    ("add", "Decimal Decimal"): "{0} + {1}",
    ("sub", "Decimal Decimal"): "{0} - {1}",
    ("mul", "Decimal Decimal"): "{0} * {1}",
    **{(name, "Decimal Decimal"): "{0} / NULLIF({1}, 0)" for name in ("div", "divby")},
    ("mod", "Decimal Decimal"): "MOD({0}, NULLIF({1}, 0))",
    ("neg", "Decimal"): "-{0}",
    ("round", "Decimal"): "ROUND({0})",
    ("floor", "Decimal"): "FLOOR({0})",
    ("ceiling", "Decimal"): "CEILING({0})",
    ("add", "Double Double"): "{0} + {1}",
    ("sub", "Double Double"): "{0} - {1}",
    ("mul", "Double Double"): "{0} * {1}",
    **{(name, "Double Double"): "{0} / NULLIF({1}, 0)" for name in ("div", "divby")},
    ("mod", "Double Double"): "MOD({0}, NULLIF({1}, 0))",
    ("neg", "Double"): "-{0}",
    ("round", "Double"): "TRUNCATE({0}, 0) + IF(ABS({0} - TRUNCATE({0}, 0)) >= 0.5, SIGN({0}), 0)",
    ("floor", "Double"): "FLOOR({0})",
    ("ceiling", "Double"): "CEILING({0})",
    ("add", "DateTimeOffset Duration"): _moved("DATE_ADD"),
    ("sub", "DateTimeOffset Duration"): _moved("DATE_SUB"),
    ("sub", "DateTimeOffset DateTimeOffset"): "CAST(TIMESTAMPDIFF(MICROSECOND, {1}, {0}) AS DECIMAL(20,0))",
    ("add", "Date Duration"): _day_moved("DATE_ADD"),
    ("sub", "Date Duration"): _day_moved("DATE_SUB"),
    ("sub", "Date Date"): f"CAST(DATEDIFF({{0}}, {{1}}) AS DECIMAL(20,0)) * {_DAY}",
    ("add", "Duration Duration"): _within("{0} + {1}", _LEAST_SPAN, _MOST_SPAN),
    ("sub", "Duration Duration"): _within("{0} - {1}", _LEAST_SPAN, _MOST_SPAN),
    ("neg", "Duration"): _within("-{0}", _LEAST_SPAN, _MOST_SPAN),
    ("concat", "String String"): f"CONCAT({_text(0)}, {_text(1)})",
    ("contains", "String String"): f"LOCATE({_text(1)}, {_text(0)}) > 0",
    ("startswith", "String String"): f"LOCATE({_text(1)}, {_text(0)}) = 1",
    ("endswith", "String String"): f"LOCATE(REVERSE({_text(1)}), REVERSE({_text(0)})) = 1",
    ("indexof", "String String"): f"CAST(LOCATE({_text(1)}, {_text(0)}) AS SIGNED) - 1",
    ("length", "String"): "CHAR_LENGTH({0})",
    ("substring", "String Int64"): f"SUBSTRING({_text(0)}, {_FIRST})",
    ("substring", "String Int64 Int64"): f"IF({{2}} < 0, NULL, SUBSTRING({_text(0)}, {_FIRST}, {{2}}))",
    ("tolower", "String"): f"LOWER({_text(0)})",
    ("toupper", "String"): f"UPPER({_text(0)})",
    ("trim", "String"): f"REGEXP_REPLACE({_text(0)}, '^[{_BLANKS}]+|[{_BLANKS}]+\\\\z', '')",
    **_parts("year month day hour minute second", "DateTimeOffset"),
    **_parts("year month day", "Date"),
    **_parts("hour minute second", "TimeOfDay"),
    ("fractionalseconds", "DateTimeOffset"): "CAST(MICROSECOND({0}) AS DECIMAL(10,0)) / 1000000",
    ("fractionalseconds", "TimeOfDay"): "CAST(MICROSECOND({0}) AS DECIMAL(10,0)) / 1000000",
    ("date", "DateTimeOffset"): "CAST({0} AS DATE)",
    ("time", "DateTimeOffset"): "CAST({0} AS TIME(6))",
    ("totaloffsetminutes", "DateTimeOffset"): "IF({0} IS NULL, NULL, 0)",
    ("totalseconds", "Duration"): "{0} / 1000000",
    ("has", "Int64 Int64"): "CAST({0} & {1} AS SIGNED) = {1}",
    **casts.CASTS,
}
_SCALED: Final = "its decimals do not keep all digits of the factor"
REFUSED: Final[dict[tuple[str, str], str]] = {
    ("matchesPattern", "String String"): "its regular expressions are of another language",
    ("odata2.replace", "String String String"): "it has no bound to the length of what comes out",
    ("mul", "Decimal Duration"): _SCALED,
    ("mul", "Double Duration"): _SCALED,
    **{(name, f"Duration {kind}"): _SCALED for name in ("mul", "div", "divby") for kind in ("Decimal", "Double")},
    **casts.REFUSED,
}
"""Why MariaDB does not compute the other functions."""


def build(name: str, signature: Signature, arguments: list[Sql], collation: str) -> Sql:
    """Return a function applied to canonical arguments. Raises `NotInThisStore`."""
    kinds = " ".join(kind.name for kind in signature.parameters)
    text = TEXTS.get((name, kinds))
    if text is None:
        raise NotInThisStore(
            f"MariaDB cannot compute {name} of {kinds} exactly: {REFUSED[name, kinds]}",
            target=name,
            hint="leave it out of the query",
        )
    return sql(text.replace("{collation}", collation), *arguments)
