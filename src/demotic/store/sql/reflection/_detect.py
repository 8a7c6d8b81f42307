"""Finds out how a column keeps its values, from a sample of them.

One table: for each EDM type, the function that looks at the sampled values (those that are not null) and says which
storage they share. Values of several forms, or none at all to look at, mean the storage that takes any form.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import inf, isfinite
from typing import Any, Final

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
from demotic.store.sql.reflection._declared import Affinity
from demotic.store.sql.storage import _storage as s
from demotic.store.sql.storage import _temporal as t
from demotic.store.sql.storage._storage import Storage

Values = Sequence[Any]

_GUID_LOWER: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GUID_UPPER: Final = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
# A count of days in a Julian day number of the years 1 to 9999; of seconds, that is within months of 1970.
_JULIAN: Final = (1721425.5, 5373484.5)
# Whole ones are believed of the years 1800 to 2200: as seconds, all of them would be within three days of January 1970.
_WHOLE_JULIAN: Final = (2378497, 2524958)
# From 100,000,000,000 on, a number counts milliseconds: as seconds it would be beyond the year 5138, as milliseconds
# 1973. So further on.
_UNITS: Final = ((1e11, "seconds"), (1e14, "milliseconds"), (1e17, "microseconds"), (inf, "nanoseconds"))
_WRITTEN_OUT: Final = "yyyymmdd"
"""Numbers such as 20240229, which count nothing: no unit, and so no value."""


def _kinds(values: Values) -> set[type]:
    return {type(value) for value in values}


def _shapes(values: Values) -> set[t.Shape | None]:
    return {t.shape_of(value) for value in values}


def _numbers(values: Values) -> str:
    """Say what numbers among dates count: what most of them do; the rest are read as that too. Nothing for none."""
    given = [value for value in values if isinstance(value, (int, float))]
    if not given:
        return ""
    if any(isinstance(v, float) for v in given) and all(_JULIAN[0] <= v <= _JULIAN[1] for v in given):
        return "julian"
    if all(_WHOLE_JULIAN[0] <= v <= _WHOLE_JULIAN[1] for v in given):
        return "julian"
    if all(_is_written_out(v) for v in given):
        return _WRITTEN_OUT
    units = Counter(_unit(abs(value)) for value in given if value and isfinite(value))
    return max(units, key=lambda unit: (units[unit], unit), default="seconds")


def _unit(size: float) -> str:
    return next(unit for most, unit in _UNITS if size < most)


def _is_written_out(value: float) -> bool:
    if not isfinite(value):
        return False
    year, month, day = int(value) // 10_000, int(value) // 100 % 100, int(value) % 100
    return 1800 <= year <= 2200 and 1 <= month <= 12 and 1 <= day <= 31


def _instants(values: Values) -> Storage:
    kinds = _kinds(values)
    if kinds == {str}:
        shapes = _shapes(values)
        shape = shapes.pop()
        if not shapes and shape is not None and shape.has_date:
            return t.text_instants(shape)
    numbers = _numbers(values)
    if kinds == {int} and numbers in ("seconds", "milliseconds", "microseconds"):
        return t.counted_instants(numbers)
    return t.any_instants(numbers)


def _dates(values: Values) -> Storage:
    if _kinds(values) == {str}:
        shapes = _shapes(values)
        shape = shapes.pop()
        if not shapes and shape is not None and shape.has_date and shape.digits in (0, 3):
            return t.text_dates(shape)
    return t.any_dates(_numbers(values))


def _times(values: Values) -> Storage:
    if _kinds(values) == {str}:
        shapes = _shapes(values)
        shape = shapes.pop()
        if not shapes and shape is not None and not shape.has_date:
            return t.text_times(shape)
    return t.any_times()


def _guids(values: Values) -> Storage:
    if _kinds(values) == {bytes}:
        return s.GUID_BYTES
    if _kinds(values) == {str}:
        for pattern, storage in ((_GUID_LOWER, s.GUID_LOWER), (_GUID_UPPER, s.GUID_UPPER)):
            if all(pattern.fullmatch(value) for value in values):
                return storage
    return s.GUID_ANY


def _booleans(values: Values) -> Storage:
    return s.FLAG if _kinds(values) <= {int} else s.BOOLEAN_ANY


def _decimals(values: Values) -> Storage:
    return s.DECIMAL_ANY if str in _kinds(values) else s.DECIMAL_NUMBER


def _always(storage: Storage) -> Callable[[Values], Storage]:
    return lambda values: storage


_DETECTORS: Final[dict[PrimitiveType, Callable[[Values], Storage]]] = {
    DATE_TIME_OFFSET: _instants,
    DATE: _dates,
    TIME_OF_DAY: _times,
    GUID: _guids,
    BOOLEAN: _booleans,
    DECIMAL: _decimals,
    DURATION: _always(s.DURATION_TEXT),
    DOUBLE: _always(s.DOUBLE_NUMBER),
    SINGLE: _always(s.SINGLE_NUMBER),
    STRING: _always(s.TEXT_ANY),
    BINARY: _always(s.BLOB),
    **{PRIMITIVES[name]: _always(s.integer(PRIMITIVES[name])) for name in INTEGER_RANGES},
}
_WHEN_EMPTY: Final[dict[PrimitiveType, Storage]] = {
    DATE_TIME_OFFSET: t.any_instants("seconds"),
    DATE: t.any_dates("seconds"),
    TIME_OF_DAY: t.any_times(),
    GUID: s.GUID_ANY,
    BOOLEAN: s.FLAG,
}


def detect(kind: PrimitiveType, affinity: Affinity, values: Values, odd: Values = ()) -> Storage:
    """Return the storage that the sampled values of a column share.

    ``odd`` are values that look like none of the sample: those that can be read make it one of several forms.
    """
    read = _MIXED[kind](_numbers(values)).raw if kind in _MIXED else None
    if read is not None:  # what is no value in any form says nothing of the form
        values = [value for value in values if read(value) is not None] or values
    found = _detect(kind, affinity, values)
    if found.mixed is not None and any(found.decode(value) is None for value in odd):
        numbers = _numbers([*values, *odd])
        mixed = _MIXED[kind](numbers) if kind in _MIXED else found.mixed
        if any(found.decode(v) is None and mixed.raw is not None and mixed.raw(v) is not None for v in odd):
            return mixed
    return found


_MIXED: Final[dict[PrimitiveType, Callable[[str], Storage]]] = {
    DATE_TIME_OFFSET: t.any_instants,
    DATE: t.any_dates,
    TIME_OF_DAY: lambda numbers: t.any_times(),
    DECIMAL: lambda numbers: s.DECIMAL_ANY,
    GUID: lambda numbers: s.GUID_ANY,
    BOOLEAN: lambda numbers: s.BOOLEAN_ANY,
    DURATION: lambda numbers: s.DURATION_TEXT,
}
"""For each type whose values have several forms, the storage that reads them all."""


def any_form(kind: PrimitiveType) -> Storage:
    """Return the storage that reads values of a type, which has several forms, in all those that are text."""
    return _MIXED[kind]("")


def has_forms(kind: PrimitiveType) -> bool:
    """Whether values of a type are kept in several forms."""
    return kind in _MIXED


def mostly_unfit(kind: PrimitiveType, values: Values) -> bool:
    """Whether most values of a column are none of a type, however they are read."""
    if kind not in _MIXED or kind is BOOLEAN or not values:
        return False
    if kind is DECIMAL:
        values = [value for value in values if not _beyond_numbers(value)]
    read = _MIXED[kind](_numbers(values)).raw
    return read is not None and 2 * sum(read(value) is None for value in values) > len(values)


def _beyond_numbers(value: Any) -> bool:
    """Whether a value is an infinity or NaN, or spells one: null as a decimal, yet no sign that text is meant."""
    try:
        return not isfinite(float(value))
    except ValueError:
        return False


def _detect(kind: PrimitiveType, affinity: Affinity, values: Values) -> Storage:
    if affinity is Affinity.TEXT and kind is STRING:
        return s.TEXT
    if not values:
        if kind is DECIMAL and affinity is Affinity.TEXT:
            return s.DECIMAL_ANY
        return _WHEN_EMPTY.get(kind) or _DETECTORS[kind](values)
    return _DETECTORS[kind](values)


def undeclared(values: Values) -> PrimitiveType:
    """Return the type of a column without a declared one."""
    kinds = _kinds(values)
    if kinds == {int}:
        return INT64
    if kinds and kinds <= {int, float}:
        return DOUBLE
    return BINARY if kinds == {bytes} else STRING


def bears_times(values: Values) -> bool:
    """Whether a column declared as a date holds times of day other than midnight."""
    return any(isinstance(value, str) and _is_timed(value) for value in values)


def _is_timed(text: str) -> bool:
    shape = t.shape_of(text)
    if shape is None or not (shape.has_date and shape.has_time):
        return False
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return False
    return moment.time() != moment.time().min
