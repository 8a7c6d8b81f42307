"""Casts in PostgreSQL's own language: one text for each type cast to and each type cast from.

OData URL Conventions 4.01, section 5.1.1.10.1. A text is cast once a regular expression has found it to be a literal of
the type, so that none is an error; what is none, or beyond the type, is null.
"""

from __future__ import annotations

from typing import Final

from demotic.model import INTEGER_RANGES, LARGEST_SINGLE

_INFINITE: Final = "'Infinity'::float8"
_DAY: Final = 86_400_000_000
_LEAST_SPAN, _MOST_SPAN = -86_399_999_913_600_000_000, 86_399_999_999_999_999_999
# Halfway beyond the greatest double; the inverses of half the least double and of half the least single.
_TOO_GREAT, _TOO_SMALL, _TOO_SMALL_SINGLE = 2**1024 - 2**970, 2**1075, 2.0**-150
_MOST_SINGLE: Final = 3.4028235677973366e38 * (1 - 2**-53)


def _over(text: str, *steps: str) -> str:
    """Return a text over values that are computed once, step after step, the first of them from the operand."""
    source = ""
    for step in steps:
        source = f"FROM (SELECT {step} {source} OFFSET 0) AS q"
    return f"SELECT {text} {source}"


_TEXT: Final = '{0} COLLATE "C" AS v'
_VALUE: Final = "{0} AS v"
_NUMBER: Final = r"^[+-]?[0-9]+(\.[0-9]+)?([Ee][+-]?[0-9][0-9]?[0-9]?[0-9]?)?$"
_LEAP: Final = "([0-9][0-9](0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_LONG: Final = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
_SHORT: Final = "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
_YEARLY: Final = f"[0-9][0-9][0-9][0-9]-({_LONG}|{_SHORT}|02-(0[1-9]|1[0-9]|2[0-8]))"
_DATE: Final = f"(?!0000)({_YEARLY}|{_LEAP}-02-29)"
_SIX: Final = "[0-9][0-9]?[0-9]?[0-9]?[0-9]?[0-9]?"
_TIME: Final = rf"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.{_SIX}0?0?0?0?0?0?)?)?"
_ZONE: Final = "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
_DURATION: Final = (
    "^(-?)P(?=[0-9T])(?:([0-9]+)D)?"
    rf"(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.({_SIX})0*)?S)?)?$"
)
_GUID: Final = "^" + "-".join("[0-9A-Fa-f]" * n for n in (8, 4, 4, 4, 12)) + "$"
_C64: Final = "[A-Za-z0-9_-]"
_BASE64: Final = f"^({_C64 * 4})*({_C64}[AQgw](==)?|{_C64 * 2}[AEIMQUYcgkosw048]=?)?$"


def _trimmed(text: str) -> str:
    """Return digits with a point without zeros at the end."""
    return f"rtrim(rtrim({text}, '0'), '.')"


def _read(pattern: str, value: str) -> str:
    return _over(f"CASE WHEN v ~ '{pattern}' THEN {value} END", _TEXT)


def _integers(least: int, most: int) -> dict[str, str]:
    within = f"CASE WHEN n BETWEEN {least} AND {most} THEN n::int8 END"
    double = f"CASE WHEN n >= ({least})::float8 AND n < ({most + 1})::float8 THEN n::int8 END"
    rounded = "trunc(v) + CASE WHEN abs(v - trunc(v)) >= 0.5 THEN sign(v) ELSE 0 END AS n"
    digits = "CASE WHEN length(ltrim(v, '+-')) <= 4300 AND v ~ '^[+-]?[0-9]+$' THEN v::numeric END AS n"
    return {
        "Int64": _over(within, "{0} AS n"),
        "Decimal": _over(within, "round({0}) AS n"),
        "Double": _over(double, _VALUE, rounded),
        "String": _over(within, _TEXT, digits),
    }


def _to_double(beyond: str) -> str:
    """The double nearest to a decimal, where PostgreSQL's own cast is an error for the greatest and the least."""
    return (
        f"CASE WHEN n >= {_TOO_GREAT} THEN {beyond} WHEN n <= -{_TOO_GREAT} THEN -{beyond}"
        f" WHEN abs(n) * {_TOO_SMALL} <= 1 THEN 0::float8 ELSE n::float8 END"
    )


_SINGLE: Final = (
    f"CASE WHEN abs(f) = {_INFINITE} THEN f WHEN abs(f) > {_MOST_SINGLE!r}::float8 THEN NULL"
    f" WHEN abs(f) <= {_TOO_SMALL_SINGLE!r}::float8 THEN 0::float8 ELSE f::float4::float8 END"
)
_DOUBLE_READ: Final = (
    _TEXT,
    f"v, CASE WHEN v ~ '{_NUMBER}' THEN v::numeric END AS n",
    f"CASE WHEN v = 'INF' THEN {_INFINITE} WHEN v = '-INF' THEN -{_INFINITE}"
    f" ELSE {_to_double('NULL::float8')} END AS f",
)
_STAMP: Final = f"CASE WHEN v ~ '^{_DATE}[Tt]{_TIME}{_ZONE}$' THEN v END AS v"
_LOCAL: Final = "v, CASE WHEN v ~ '[Zz]$' THEN left(v, -1) ELSE left(v, -6) END AS l"
_MINUTES: Final = "substr(right(v, 5), 1, 2)::int4 * 60 + right(v, 2)::int4"
_SHIFTED: Final = (
    "(left(l, 10) || ' ' || substr(l, 12))::timestamp"
    f" - CASE WHEN v ~ '[Zz]$' THEN 0 WHEN left(right(v, 6), 1) = '-' THEN -({_MINUTES}) ELSE {_MINUTES} END"
    " * interval '1 minute' AS t"
)
_INSTANT: Final = (
    "CASE WHEN t BETWEEN '0001-01-01'::timestamp AND '9999-12-31 23:59:59.999999'::timestamp"
    " THEN t AT TIME ZONE 'UTC' END"
)
_PARTS: Final = (
    "m[1] AS s, CASE WHEN m IS NOT NULL THEN ((coalesce(m[2], '0')::numeric * 24 + coalesce(m[3], '0')::numeric) * 60"
    " + coalesce(m[4], '0')::numeric) * 60000000"
    " + coalesce(m[5], '0')::numeric * 1000000 + rpad(coalesce(m[6], ''), 6, '0')::numeric END AS u"
)
_DURATION_READ: Final = _over(
    f"CASE WHEN n BETWEEN {_LEAST_SPAN} AND {_MOST_SPAN} THEN n END",
    _TEXT,
    f"regexp_match(v, '{_DURATION}') AS m",
    _PARTS,
    "CASE WHEN s = '-' THEN -u ELSE u END AS n",
)
_DURATION_TEXT: Final = _over(
    "CASE WHEN v < 0 THEN '-' ELSE '' END || 'P' || CASE WHEN d > 0 THEN d::text || 'D' ELSE '' END"
    " || CASE WHEN r > 0 OR d = 0 THEN 'T' ELSE '' END || CASE WHEN h > 0 THEN h::text || 'H' ELSE '' END"
    " || CASE WHEN i > 0 THEN i::text || 'M' ELSE '' END"
    f" || CASE WHEN s > 0 OR v = 0 THEN {_trimmed('round(s / 1000000, 6)::text')} || 'S' ELSE '' END",
    "trunc({0}) AS v",
    f"v, div(abs(v), {_DAY}) AS d, mod(abs(v), {_DAY}) AS r",
    "v, d, r, div(r, 3600000000) AS h, div(mod(r, 3600000000), 60000000) AS i, mod(r, 60000000) AS s",
)
_DOUBLE_TEXT: Final = _over(
    f"CASE WHEN v = {_INFINITE} THEN 'INF' WHEN v = -{_INFINITE} THEN '-INF' WHEN v = 0 THEN v::text || '.0'"
    " WHEN abs(v) >= 1e16 OR abs(v) < 1e-4 THEN v::text"
    " WHEN v = trunc(v) THEN v::text::numeric::text || '.0' ELSE v::text::numeric::text END",
    _VALUE,
)
_UTC: Final = "{0} AT TIME ZONE 'UTC'"

_BY_TARGET: Final[dict[str, dict[str, str]]] = {
    "String": {
        "String": "{0}",
        "Int64": "{0}::text",
        "Decimal": _over(f"CASE WHEN strpos(v, '.') > 0 THEN {_trimmed('v')} ELSE v END", "{0}::text AS v"),
        "Double": _DOUBLE_TEXT,
        "Boolean": "{0}::text",
        "Guid": "{0}::text",
        "Date": "to_char({0}, 'YYYY-MM-DD')",
        "TimeOfDay": "{0}::text",
        "DateTimeOffset": _trimmed(f"""to_char({_UTC}, 'YYYY-MM-DD"T"HH24:MI:SS.US')""") + " || 'Z'",
        "Duration": _DURATION_TEXT,
        "Binary": "translate(replace(encode({0}, 'base64'), chr(10), ''), '+/', '-_')",
    },
    **{name: _integers(*bounds) for name, bounds in INTEGER_RANGES.items()},
    "Decimal": {
        "Int64": "{0}::numeric",
        "Decimal": "{0}",
        "Double": _over(f"CASE WHEN abs(v) < {_INFINITE} THEN v::text::numeric END", _VALUE),
        "String": _read(_NUMBER, "v::numeric"),
    },
    "Double": {
        "Int64": "{0}::float8",
        "Decimal": _over(_to_double(_INFINITE), "{0} AS n"),
        "Double": "{0}",
        "String": _over("f", *_DOUBLE_READ),
    },
    "Single": {
        "Int64": _over(_SINGLE, "{0}::float8 AS f"),
        "Decimal": _over(_SINGLE, "{0} AS n", f"{_to_double(_INFINITE)} AS f"),
        "Double": _over(_SINGLE, "{0} AS f"),
        "String": _over(
            f"CASE WHEN abs(f) <= {LARGEST_SINGLE!r}::float8 OR abs(f) = {_INFINITE} THEN f END", *_DOUBLE_READ
        ),
    },
    "Boolean": {
        "Boolean": "{0}",
        "String": _over("CASE v WHEN 'true' THEN true WHEN 'false' THEN false END", _TEXT),
    },
    "Guid": {"Guid": "{0}", "String": _read(_GUID, "v::uuid")},
    "Date": {"Date": "{0}", "String": _read(f"^{_DATE}$", "v::date")},
    "TimeOfDay": {"TimeOfDay": "{0}", "String": _read(f"^{_TIME}$", "v::time")},
    "DateTimeOffset": {"DateTimeOffset": "{0}", "String": _over(_INSTANT, _TEXT, _STAMP, _LOCAL, _SHIFTED)},
    "Duration": {"Duration": "{0}", "String": _DURATION_READ},
    "Binary": {
        "Binary": "{0}",
        "String": _read(
            _BASE64,
            "decode(translate(rtrim(v, '='), '-_', '+/')"
            " || repeat('=', (4 - length(rtrim(v, '=')) % 4) % 4), 'base64')",
        ),
    },
}
CASTS: Final = {
    (f"cast_{target}", given): text for target, texts in _BY_TARGET.items() for given, text in texts.items()
}
"""The text of each cast, by its name and the type cast from."""
