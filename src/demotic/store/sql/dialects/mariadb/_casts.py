"""Casts in MariaDB's own language: one text for each type cast to and each type cast from, where there is an exact one.

OData URL Conventions 4.01, section 5.1.1.10.1. A text is cast once a regular expression has found it to be a literal of
the type; what is none, or beyond the type, is null. What MariaDB's types cannot hold is in `REFUSED`, with the reason.
"""

from __future__ import annotations

from typing import Final

from demotic.model import INTEGER_RANGES

_LEAP: Final = "([0-9][0-9](0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_LONG: Final = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
_SHORT: Final = "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
_YEARLY: Final = f"[0-9][0-9][0-9][0-9]-({_LONG}|{_SHORT}|02-(0[1-9]|1[0-9]|2[0-8]))"
_DATE: Final = f"(?!0000)({_YEARLY}|{_LEAP}-02-29)"
_SIX: Final = "[0-9][0-9]?[0-9]?[0-9]?[0-9]?[0-9]?"
_TIME: Final = f"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.]{_SIX}0?0?0?0?0?0?)?)?"
_GUID: Final = "-".join("[0-9A-Fa-f]" * n for n in (8, 4, 4, 4, 12))
_C64: Final = "[A-Za-z0-9_-]"
_BASE64: Final = f"({_C64 * 4})*({_C64}[AQgw](==)?|{_C64 * 2}[AEIMQUYcgkosw048]=?)?"
# Not the operand alone: a number by itself in ORDER BY is the place of a column.
_SAME: Final = "COALESCE({0})"
_TEXT: Final = "(CONVERT({0} USING utf8mb4) COLLATE {collation})"


def _read(pattern: str, value: str) -> str:
    return f"CASE WHEN {_TEXT} REGEXP '\\\\A({pattern})\\\\z' THEN {value} END"


def _trimmed(text: str) -> str:
    """Return digits with a point without zeros at the end."""
    return f"TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM {text}))"


def _integers(least: int, most: int) -> dict[str, str]:
    def within(value: str) -> str:
        return f"CASE WHEN {value} BETWEEN {least} AND {most} THEN CAST({value} AS SIGNED) END"

    rounded = "(TRUNCATE({0}, 0) + IF(ABS({0} - TRUNCATE({0}, 0)) >= 0.5, SIGN({0}), 0))"
    double = f"{rounded} >= {float(least)!r} AND {rounded} < {float(most + 1)!r}"
    digits = "CAST({0} AS DECIMAL(65,0))"
    return {
        "Int64": within("{0}"),
        "Decimal": within("ROUND({0})"),
        "Double": f"CASE WHEN {double} THEN CAST({rounded} AS SIGNED) END",
        "String": _read("[+-]?0*[0-9]{1,20}", within(digits)),
    }


_DECIMAL_TEXT: Final = "CAST({0} AS CHAR)"
_UNPADDED: Final = "TRIM(TRAILING '=' FROM {0})"

_BY_TARGET: Final[dict[str, dict[str, str]]] = {
    "String": {
        "String": _SAME,
        "Int64": "CAST({0} AS CHAR)",
        "Decimal": f"IF(LOCATE('.', {_DECIMAL_TEXT}) > 0, {_trimmed(_DECIMAL_TEXT)}, {_DECIMAL_TEXT})",
        "Boolean": "CASE {0} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END",
        "Guid": "LOWER(CAST({0} AS CHAR))",
        "Date": "CAST({0} AS CHAR)",
        "TimeOfDay": _trimmed("CAST(CAST({0} AS TIME(6)) AS CHAR)"),
        "DateTimeOffset": (f"CONCAT(REPLACE({_trimmed('CAST(CAST({0} AS DATETIME(6)) AS CHAR)')}, ' ', 'T'), 'Z')"),
        "Binary": (
            "CONVERT(REPLACE(REPLACE(REPLACE(TO_BASE64({0}), CHAR(10), ''), '+', '-'), '/', '_') USING utf8mb4)"
        ),
    },
    **{name: _integers(*bounds) for name, bounds in INTEGER_RANGES.items()},
    "Decimal": {"Int64": "CAST({0} AS DECIMAL(20,0))", "Decimal": _SAME},
    "Double": {"Int64": "CAST({0} AS DOUBLE)", "Decimal": "CAST({0} AS DOUBLE)", "Double": _SAME},
    "Boolean": {"Boolean": _SAME, "String": f"CASE {_TEXT} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"},
    "Guid": {"Guid": _SAME, "String": _read(_GUID, "LOWER({0})")},
    "Date": {"Date": _SAME, "String": _read(_DATE, "CAST({0} AS DATE)")},
    "TimeOfDay": {"TimeOfDay": _SAME, "String": _read(_TIME, "CAST({0} AS TIME(6))")},
    "DateTimeOffset": {"DateTimeOffset": _SAME},
    "Duration": {"Duration": _SAME},
    "Binary": {
        "Binary": "CAST({0} AS BINARY)",
        "String": _read(
            _BASE64,
            f"FROM_BASE64(CONCAT(REPLACE(REPLACE({_UNPADDED}, '-', '+'), '_', '/'),"
            f" REPEAT('=', (4 - CHAR_LENGTH({_UNPADDED}) % 4) % 4)))",
        ),
    },
}
CASTS: Final = {
    (f"cast_{target}", given): text for target, texts in _BY_TARGET.items() for given, text in texts.items()
}
"""The text of each cast, by its name and the type cast from."""

_INFINITE: Final = "it has no infinite numbers, which a text may stand for"
_SINGLE: Final = "its doubles and singles lose other digits than ours where one becomes the other"
REFUSED: Final[dict[tuple[str, str], str]] = {
    ("cast_String", "Double"): "it writes doubles in other digits",
    ("cast_String", "Duration"): "it has no durations",
    ("cast_Duration", "String"): "it has no durations",
    ("cast_DateTimeOffset", "String"): "its instants have no offsets",
    ("cast_Decimal", "Double"): "its decimals have fewer digits than doubles",
    ("cast_Decimal", "String"): "its decimals have fewer digits than a text may have",
    ("cast_Double", "String"): _INFINITE,
    **{("cast_Single", given): _SINGLE for given in ("Int64", "Decimal", "Double")},
    ("cast_Single", "String"): _INFINITE,
}
"""Why MariaDB does not compute the other casts."""
