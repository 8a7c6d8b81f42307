"""The SQL type of a column for each EDM type and its facets, by database: one table for each.

On SQLite, where a declared type is a name that says what is meant, the names are those that reflection reads as the
same type again (`reflection._declared`). A Decimal with more digits than a double holds is kept as text there: a column
of SQLite numbers would round it. On the others text is compared by code point, as OData means it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from demotic.errors import InvalidInput
from demotic.model import Facets

TypeText: TypeAlias = str | Callable[[Facets], str]
_DOUBLE_DIGITS: Final = 15
_MYSQL_VARCHAR: Final = 16_000
"""From this length on a text is TEXT in MySQL: all of a row's VARCHAR columns share 65,535 bytes, four a character."""
KEY_LENGTH: Final = 255
"""The length that MySQL gives a text in a key or an index for which the model states none."""


def _sized(name: str, otherwise: str) -> Callable[[Facets], str]:
    def text(facets: Facets) -> str:
        size = facets.max_length
        return f"{name}({size})" if size is not None and size > 0 else otherwise

    return text


def _fraction(name: str, most: int, default: int, after: str = "") -> Callable[[Facets], str]:
    def text(facets: Facets) -> str:
        digits = default if facets.precision is None else min(facets.precision, most)
        return f"{name}({digits}){after}"

    return text


def _sqlite_decimal(facets: Facets) -> str:
    scale = facets.scale if isinstance(facets.scale, int) else None
    if facets.precision is None or (scale is None and facets.scale is not None):
        return "DECIMAL_TEXT"
    name = "DECIMAL" if facets.precision <= _DOUBLE_DIGITS else "DECIMAL_TEXT"
    return f"{name}({facets.precision},{scale or 0})"


def _decimal(most: int, most_scale: int) -> Callable[[Facets], str]:
    def text(facets: Facets) -> str:
        if isinstance(facets.scale, str) or facets.precision is None:
            if most_scale > most:  # PostgreSQL: a NUMERIC without bounds
                return "NUMERIC"
            return f"DECIMAL({most},{facets.scale if isinstance(facets.scale, int) else most_scale})"
        return f"DECIMAL({min(facets.precision, most)},{facets.scale or 0})"

    return text


def _my_text(collation: str) -> Callable[[Facets], str]:
    def text(facets: Facets) -> str:
        size = facets.max_length
        name = f"VARCHAR({size})" if size is not None and 0 < size <= _MYSQL_VARCHAR else "LONGTEXT"
        return f"{name} CHARACTER SET utf8mb4 COLLATE {collation}"

    return text


def _my_bytes(facets: Facets) -> str:
    size = facets.max_length
    return f"VARBINARY({size})" if size is not None and 0 < size <= _MYSQL_VARCHAR else "LONGBLOB"


def _my_types(collation: str, guid: str) -> dict[str, TypeText]:
    """Return the types of MariaDB or MySQL, which have collations by code point of different names."""
    return {
        "Binary": _my_bytes,
        "Boolean": "TINYINT(1)",
        "Byte": "TINYINT UNSIGNED",
        "Date": "DATE",
        "DateTimeOffset": _fraction("DATETIME", 6, 6),
        "Decimal": _decimal(65, 30),
        "Double": "DOUBLE",
        "Duration": "BIGINT",  # of microseconds: TIME ends at 838 hours
        "Guid": guid,
        "Int16": "SMALLINT",
        "Int32": "INTEGER",
        "Int64": "BIGINT",
        "SByte": "TINYINT",
        "Single": "FLOAT",
        "String": _my_text(collation),
        "TimeOfDay": _fraction("TIME", 6, 6),
        "": f"LONGTEXT CHARACTER SET utf8mb4 COLLATE {collation}",
    }


_TYPES: Final[Mapping[str, Mapping[str, TypeText]]] = {
    "sqlite": {
        "Binary": _sized("VARBINARY", "BLOB"),
        "Boolean": "BOOLEAN",
        "Byte": "BYTE",
        "Date": "DATE",
        "DateTimeOffset": "DATETIME",
        "Decimal": _sqlite_decimal,
        "Double": "DOUBLE",
        "Duration": "DURATION",
        "Guid": "UUID",
        "Int16": "SMALLINT",
        "Int32": "INT32",
        "Int64": "BIGINT",
        "SByte": "SBYTE",
        "Single": "SINGLE",
        "String": _sized("VARCHAR", "TEXT"),
        "TimeOfDay": "TIME",
        "": "TEXT",
    },
    "postgresql": {
        "Binary": "BYTEA",
        "Boolean": "BOOLEAN",
        "Byte": "SMALLINT",
        "Date": "DATE",
        "DateTimeOffset": _fraction("TIMESTAMP", 6, 6, " WITH TIME ZONE"),
        "Decimal": _decimal(1000, 1001),
        "Double": "DOUBLE PRECISION",
        "Duration": "INTERVAL",
        "Guid": "UUID",
        "Int16": "SMALLINT",
        "Int32": "INTEGER",
        "Int64": "BIGINT",
        "SByte": "SMALLINT",
        "Single": "REAL",
        "String": lambda facets: f'{_sized("VARCHAR", "TEXT")(facets)} COLLATE "C"',
        "TimeOfDay": _fraction("TIME", 6, 6),
        "": 'TEXT COLLATE "C"',
    },
    "mariadb": _my_types("utf8mb4_nopad_bin", "UUID"),
    "mysql": _my_types("utf8mb4_0900_bin", "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin"),
}
"""The empty name is that of a value kept as JSON."""


def ensure_dialect(dialect: str) -> str:
    """Return the dialect. Raises InvalidInput for one that there is no table of types for."""
    if dialect not in _TYPES:
        raise InvalidInput(f"there is no dialect {dialect!r}", target="dialect", hint=f"one of {', '.join(_TYPES)}")
    return dialect


def sql_type(dialect: str, kind: str, facets: Facets) -> str:
    """Return the type of a column that keeps values of a primitive type (by its name), or JSON if that is empty."""
    found = _TYPES[dialect][kind]
    return found if isinstance(found, str) else found(facets)
