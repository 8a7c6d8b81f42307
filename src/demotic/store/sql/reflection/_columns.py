"""Columns as properties: the type, the facets and the way of keeping values that stand for a column's facts."""

from __future__ import annotations

from collections.abc import Iterable

from demotic.model import (
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    INT64,
    NO_FACETS,
    SCALE_FLOATING,
    SINGLE,
    STRING,
    TIME_OF_DAY,
    Annotation,
    Facets,
    PrimitiveType,
    Property,
)
from demotic.store.sql.reflection._defaults import CORE, declare_default
from demotic.store.sql.reflection._detect import bears_times, detect, mostly_unfit, undeclared
from demotic.store.sql.reflection._tables import ColumnFacts
from demotic.store.sql.storage._mapping import Column
from demotic.store.sql.storage._storage import DECIMAL_NUMBER, Storage, integer, trusted


def build_column(facts: ColumnFacts, name: str, in_key: bool, is_rowid: bool) -> Column:
    """Return the column with the property called ``name`` that it is published as."""
    kind, storage = kept(facts, in_key, is_rowid)
    item = Property(name, kind, nullable=not (facts.not_null or in_key), facets=_facets(kind, facts, storage))
    if facts.generated:
        item.annotations.append(Annotation(f"{CORE}.Computed", True))
    elif is_rowid:
        item.annotations.append(Annotation(f"{CORE}.ComputedDefaultValue", True))
    else:
        declare_default(item, facts.default)
    remarks = " ".join(_remarks(facts, storage))
    if remarks:
        item.annotations.append(Annotation(f"{CORE}.LongDescription", remarks))
    return Column(facts.name, item, storage, collation=facts.collation)


def kept(facts: ColumnFacts, in_key: bool = False, is_rowid: bool = False) -> tuple[PrimitiveType, Storage]:
    """Return the type of a column's values, and how it keeps them."""
    kind = type_of(facts)
    if in_key and kind in (DOUBLE, SINGLE):
        kind = DECIMAL  # no floating-point type may be a key (CSDL 4.01, section 6.5)
    if is_rowid:
        return kind, trusted(integer(INT64))
    return kind, detect(kind, facts.declared.affinity, facts.sample, facts.odd)


def type_of(facts: ColumnFacts) -> PrimitiveType:
    """Return the type of a column's values: the declared one, unless they tell otherwise."""
    kind = facts.declared.type or undeclared(facts.sample)
    if kind is DATE and bears_times(facts.sample):
        kind = DATE_TIME_OFFSET
    return STRING if mostly_unfit(kind, facts.sample) else kind


def _facets(kind: PrimitiveType, facts: ColumnFacts, storage: Storage) -> Facets:
    if kind in (DATE_TIME_OFFSET, TIME_OF_DAY):
        if storage.shape is None:
            return Facets(precision={"seconds": 0, "milliseconds": 3, "microseconds": 6}.get(storage.name, 6) or None)
        return Facets(precision=storage.shape.partition(".")[2].count("0") or None)
    if kind is DECIMAL and facts.declared.type is not DECIMAL:
        return Facets(scale=SCALE_FLOATING)
    if kind is STRING and facts.declared.type is not STRING:
        return NO_FACETS
    return facts.declared.facets


def _remarks(facts: ColumnFacts, storage: Storage) -> Iterable[str]:
    """Yield what a reader should know of how the database treats the values."""
    if storage is DECIMAL_NUMBER and any(isinstance(value, float) for value in facts.sample):
        yield "Approximate: kept as a binary floating-point number."
    if facts.collation:
        yield f"Compared and ordered by the collation {facts.collation}."
