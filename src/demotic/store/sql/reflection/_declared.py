"""The declared type of a SQLite column: the EDM type and facets that it stands for.

SQLite keeps any value in any column; the declared type says what is meant. Names that it shares with other databases
are in one table; for the rest its own rules of affinity decide (sqlite.org/datatype3.html, section 3.1). INTEGER and
INT are 64 bits wide, as SQLite's are; TINYINT is Int16, since some take it for signed and some do not. REAL is Double.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from demotic.model import (
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
    NO_FACETS,
    SBYTE,
    SCALE_FLOATING,
    SINGLE,
    STRING,
    TIME_OF_DAY,
    Facets,
    PrimitiveType,
)


class Affinity(Enum):
    """What SQLite turns values into when they are stored in a column."""

    INTEGER = "integer"
    TEXT = "text"
    BLOB = "blob"
    REAL = "real"
    NUMERIC = "numeric"


_NAMES: dict[str, PrimitiveType] = {
    name: kind
    for kind, names in (
        (BOOLEAN, "BOOLEAN|BOOL|LOGICAL|BIT"),
        (BYTE, "TINYINT UNSIGNED|UNSIGNED TINYINT|BYTE|UINT8"),
        (SBYTE, "TINYINT SIGNED|SIGNED TINYINT|SBYTE"),
        (INT16, "TINYINT|INT2|SMALLINT|INT16|YEAR|SMALLSERIAL"),
        (INT32, "MEDIUMINT|INT32|SMALLINT UNSIGNED|UNSIGNED SMALLINT|INT4|INT24|UINT16"),
        (INT64, "INT|INTEGER|BIGINT|INT8|INT64|LONG|SERIAL|BIGSERIAL|UNSIGNED BIG INT"),
        (SINGLE, "FLOAT4|SINGLE"),
        (DOUBLE, "REAL|DOUBLE|FLOAT|FLOAT8|DOUBLE PRECISION"),
        (DECIMAL, "DECIMAL_TEXT|DECIMAL|NUMERIC|NUMBER|DEC|FIXED|MONEY|SMALLMONEY|CURRENCY"),
        (DATE, "DATE"),
        (DATE_TIME_OFFSET, "DATETIME|TIMESTAMP|DATETIME2|DATETIMEOFFSET|SMALLDATETIME|TIMESTAMPTZ|DATETIMETZ"),
        (DATE_TIME_OFFSET, "TIMESTAMP WITH TIME ZONE|TIMESTAMP WITHOUT TIME ZONE"),
        (TIME_OF_DAY, "TIME|TIME WITHOUT TIME ZONE"),
        (DURATION, "INTERVAL|DURATION"),
        (GUID, "UUID|GUID|UNIQUEIDENTIFIER"),
        (BINARY, "BLOB|BINARY|VARBINARY|BYTEA|IMAGE|LONGBLOB|MEDIUMBLOB|TINYBLOB|BYTES|BINARY VARYING"),
        (STRING, "TEXT|CHAR|VARCHAR|NCHAR|NVARCHAR|CLOB|NCLOB|NTEXT|CHARACTER|VARCHAR2|STRING|JSON|XML|LONGTEXT"),
        (STRING, "MEDIUMTEXT|TINYTEXT|VARYING CHARACTER|CHARACTER VARYING|NATIVE CHARACTER|ENUM|SET"),
    )
    for name in names.split("|")
}

_AFFINITIES: tuple[tuple[str, Affinity], ...] = (
    ("INT", Affinity.INTEGER),
    ("CHAR", Affinity.TEXT),
    ("CLOB", Affinity.TEXT),
    ("TEXT", Affinity.TEXT),
    ("BLOB", Affinity.BLOB),
    ("REAL", Affinity.REAL),
    ("FLOA", Affinity.REAL),
    ("DOUB", Affinity.REAL),
)
_BY_AFFINITY = {
    Affinity.INTEGER: INT64,
    Affinity.TEXT: STRING,
    Affinity.BLOB: BINARY,
    Affinity.REAL: DOUBLE,
    Affinity.NUMERIC: DECIMAL,
}
_FORM = re.compile(r"\s*([^()]*?)\s*(?:\(\s*(-?\d+|max)\s*(?:,\s*(-?\d+)\s*)?\))?\s*([^()]*?)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared type read: ``type`` is ``None`` when none was declared."""

    type: PrimitiveType | None
    facets: Facets
    affinity: Affinity


def read_declared(text: str, *, strict: bool = False) -> Declared:
    """Read a declared type such as ``VARCHAR(80)`` or ``DECIMAL(10, 2)``; ``strict`` is that of a STRICT table."""
    if not text.strip() or (strict and text.upper() == "ANY"):
        return Declared(None, NO_FACETS, Affinity.BLOB)
    affinity = affinity_of(text)
    found = _FORM.fullmatch(text)
    name, first, second = text, None, None
    if found:
        name, first, second = " ".join(f"{found[1]} {found[4]}".upper().split()), found[2], found[3]
    kind = _NAMES.get(name) or _BY_AFFINITY[affinity]
    return Declared(kind, _facets(kind, first, second), affinity)


def affinity_of(declared: str) -> Affinity:
    """Return the affinity by SQLite's rules."""
    upper = declared.upper()
    return next((affinity for part, affinity in _AFFINITIES if part in upper), Affinity.NUMERIC)


def _facets(kind: PrimitiveType, first: str | None, second: str | None) -> Facets:
    size = int(first) if first and first.lstrip("-").isdigit() else None
    scale = int(second) if second else None
    if kind in (STRING, BINARY):
        return Facets(max_length=size) if size and size > 0 else NO_FACETS
    if kind is DECIMAL:
        if size is None or size <= 0:
            return Facets(scale=SCALE_FLOATING)
        return Facets(precision=size, scale=scale if scale and 0 < scale <= size else 0)
    return NO_FACETS
