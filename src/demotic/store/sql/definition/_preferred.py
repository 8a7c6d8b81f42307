"""How a column of a table made from a model keeps values on SQLite, as long as no others say that it does otherwise.

Where a type has several forms, this is the one that orders like its values, so that indexes serve comparisons. It is
stated by an example, from which the form is detected as from a value of somebody else's.
"""

from __future__ import annotations

from typing import Final

from demotic.model import DATE, DATE_TIME_OFFSET, DURATION, GUID, TIME_OF_DAY, PrimitiveType
from demotic.store.sql.definition._plans import ColumnPlan
from demotic.store.sql.reflection._declared import affinity_of
from demotic.store.sql.reflection._detect import detect

_FINEST: Final = 6
_EXAMPLES: Final[dict[PrimitiveType, str]] = {
    DATE_TIME_OFFSET: "2000-01-01T00:00:00{fraction}Z",
    DATE: "2000-01-01",
    TIME_OF_DAY: "00:00:00{fraction}",
    GUID: "12345678-90ab-4cde-8f01-234567890abc",
}


def example(column: ColumnPlan) -> str | None:
    """Return what a value in an empty column would look like, ``None`` where its type has one form only."""
    text = _EXAMPLES.get(column.kind) if column.kind is not None else None
    precision = column.property.facets.precision
    digits = _FINEST if precision is None else min(precision, _FINEST)
    return None if text is None else text.format(fraction=f".{'0' * digits}" if digits else "")


def encoded_new(column: ColumnPlan, value: object) -> object:
    """Return a native value as an empty column would keep it."""
    assert column.kind is not None
    if column.kind is DURATION:
        return DURATION.format(value)
    shown = example(column)
    storage = detect(column.kind, affinity_of(column.type), () if shown is None else (shown,))
    return storage.encode(value)
