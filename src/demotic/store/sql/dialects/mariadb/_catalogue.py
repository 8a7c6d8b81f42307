"""What the information schema of MariaDB and MySQL says of the tables and views of a database."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import MySQLdb

from demotic.model import (
    BINARY,
    BOOLEAN,
    BYTE,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    GUID,
    INT16,
    INT32,
    INT64,
    NO_FACETS,
    SBYTE,
    SINGLE,
    STRING,
    TIME_OF_DAY,
    Annotation,
    Facets,
    PrimitiveType,
    Property,
)
from demotic.store.sql.dialects.mariadb import _storage as s
from demotic.store.sql.dialects.mariadb._connection import MariadbHandle
from demotic.store.sql.reflection._catalogue import Catalogue
from demotic.store.sql.reflection._defaults import CORE, declare_default
from demotic.store.sql.reflection._tables import Reference, TableFacts
from demotic.store.sql.storage._mapping import Column, Identities, Table
from demotic.store.sql.storage._storage import Storage

_SIGNED: Final = {"tinyint": SBYTE, "smallint": INT16, "mediumint": INT32, "int": INT32, "bigint": INT64}
_UNSIGNED: Final = {"tinyint": BYTE, "smallint": INT32, "mediumint": INT32, "int": INT64, "bigint": DECIMAL}
_OTHERS: Final[Mapping[str, tuple[PrimitiveType, Storage]]] = {
    "year": (INT16, s.INTEGERS[INT16]),
    "float": (SINGLE, s.SINGLES),
    "double": (DOUBLE, s.DOUBLES),
    "decimal": (DECIMAL, s.DECIMALS),
    "date": (DATE, s.DATES),
    "time": (TIME_OF_DAY, s.TIMES),
    "datetime": (DATE_TIME_OFFSET, s.INSTANTS),
    "timestamp": (DATE_TIME_OFFSET, s.INSTANTS),
    "uuid": (GUID, s.GUIDS),
    **dict.fromkeys(("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "json"), (STRING, s.TEXT)),
    **dict.fromkeys(("enum", "set"), (STRING, s.AS_TEXT)),
    **dict.fromkeys(("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"), (BINARY, s.BYTES)),
    **dict.fromkeys(
        ("geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"),
        (STRING, s.GEOMETRY),
    ),
    "geometrycollection": (STRING, s.GEOMETRY),
    "geomcollection": (STRING, s.GEOMETRY),
}
"""The types of columns but for the whole numbers; any other is text."""
_CODE_POINTS: Final = re.compile(r".*_nopad_bin|utf8mb4_0900_bin|binary")
_LABEL: Final = re.compile(r"'((?:[^']|'')*)'")
VALIDATION: Final = "Org.OData.Validation.V1"
_TEXTS: Final = ("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "json", "enum", "set")


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column: ``declared`` is the whole of its type, ``kind`` the name alone."""

    name: str
    kind: str
    declared: str
    not_null: bool
    default: str | None
    extra: str
    collation: str
    character_set: str
    length: int | None
    precision: int | None
    scale: int | None
    fraction: int | None
    comment: str

    @property
    def generated(self) -> bool:
        """Whether the database computes the values."""
        return "GENERATED" in self.extra.upper() and "DEFAULT_GENERATED" not in self.extra.upper()


_TABLES: Final = """
SELECT TABLE_NAME, TABLE_TYPE LIKE '%%VIEW', coalesce(ENGINE, ''), TABLE_COMMENT FROM information_schema.TABLES
WHERE TABLE_SCHEMA = %s AND TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED') ORDER BY BINARY TABLE_NAME
"""
_COLUMNS: Final = """
SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE = 'NO', COLUMN_DEFAULT, EXTRA, COLLATION_NAME,
  CHARACTER_SET_NAME, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, COLUMN_COMMENT
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = %s ORDER BY TABLE_NAME, ORDINAL_POSITION
"""
_KEYS: Final = """
SELECT TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = %s AND NON_UNIQUE = 0 ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX
"""
_REFERENCES: Final = """
SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, r.DELETE_RULE
FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.TABLE_SCHEMA = %s AND k.REFERENCED_TABLE_SCHEMA = k.TABLE_SCHEMA
ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION
"""


class MariadbCatalogue(Catalogue):
    """The catalogue of one database, read at once."""

    failures = (MySQLdb.Error, KeyError)

    def __init__(self, handle: MariadbHandle, database: str) -> None:
        self._handle = handle
        self._database = database
        self._facts = {name: (bool(view), engine, comment) for name, view, engine, comment in self._rows(_TABLES)}
        self._columns: dict[str, list[ColumnFacts]] = defaultdict(list)
        for table, *facts in self._rows(_COLUMNS):
            self._columns[table].append(_column(facts))
        self._keys: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for table, index, column, part in self._rows(_KEYS):
            self._keys[table][index].append(column if part is None and column is not None else "")
        found: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for table, name, *rest in self._rows(_REFERENCES):
            found[table, name].append(rest)
        self._references: dict[str, list[Reference]] = defaultdict(list)
        for (table, _), rows in found.items():
            reference = Reference(tuple(r[0] for r in rows), rows[0][1], tuple(r[2] for r in rows), rows[0][3])
            self._references[table].append(reference)

    @property
    def indexes(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """The columns of unique indexes, by the names of table and index."""
        return {(table, name): tuple(c) for table, keys in self._keys.items() for name, c in keys.items()}

    def _rows(self, text: str) -> list[Any]:
        return [tuple(map(_plain, row)) for row in self._handle.fetch(text, (self._database,))]

    def tables(self) -> list[tuple[str, bool]]:
        """Return the names of all tables and views."""
        return [(name, is_view) for name, (is_view, _, _) in self._facts.items()]

    def read(self, name: str, *, is_view: bool, sampled: bool) -> TableFacts:
        """Return the facts about a table or view."""
        columns = tuple(self._columns[name])
        order = [column.name for column in columns]
        keys = {index: tuple(found) for index, found in self._keys[name].items() if "" not in found}
        primary = keys.pop("PRIMARY", ())
        unique = tuple(sorted(keys.values(), key=lambda key: (len(key), key)))
        references = sorted(self._references[name], key=lambda r: [order.index(c) for c in r.columns])
        comment = self._facts[name][2]
        return TableFacts(
            name, is_view, columns, primary, None, unique, tuple(references), None, "" if is_view else comment
        )

    def look_at_keys(
        self, facts: Mapping[str, TableFacts], keys: Mapping[str, tuple[str, ...]], stated: set[str]
    ) -> Identities:
        """Look whether keys that were stated identify rows, as long as there is time."""
        found = Identities()
        for name in sorted(set(facts) & stated):
            columns = ", ".join(map(_quoted, keys[name]))
            given = " AND ".join(f"{_quoted(column)} IS NOT NULL" for column in keys[name])
            text = f"SELECT {columns} FROM {_quoted(name)} WHERE {given} GROUP BY {columns} HAVING count(*) > 1 LIMIT 1"
            try:
                rows = self._handle.fetch(text.replace("%", "%%"))
            except MySQLdb.Error:
                found.notes.append((name, "there was no time to find out whether its key is different in every row"))
                continue
            if rows:
                pairs = zip(keys[name], rows[0], strict=True)
                found.repeated[name] = ", ".join(f"{column}={value!r}" for column, value in pairs)
        return found

    def type_of(self, column: ColumnFacts) -> PrimitiveType:
        """Return the type of a column's values."""
        return _kept(column)[0]

    def column(self, facts: ColumnFacts, name: str, *, in_key: bool, is_rowid: bool) -> Column:
        """Return the column that a property stands for."""
        kind, storage = _kept(facts)
        if in_key and kind in (DOUBLE, SINGLE):
            kind, storage = DECIMAL, s.DECIMALS
        item = Property(name, kind, nullable=not (facts.not_null or in_key), facets=_facets(kind, facts))
        extra = facts.extra.lower()
        if facts.generated:
            item.annotations.append(Annotation(f"{CORE}.Computed", True))
        elif "auto_increment" in extra or "on update" in extra:
            item.annotations.append(Annotation(f"{CORE}.ComputedDefaultValue", True))
        else:
            declare_default(item, facts.default)
        item.annotations += _remarks(facts)
        return Column(facts.name, item, storage, collation=facts.collation)

    def native(self, column: ColumnFacts) -> str:
        """Return a column's type, with the collation that it compares by."""
        if column.kind in _TEXTS:
            length = column.length if column.kind in ("char", "varchar") and column.length else 255
            return f"varchar({length}) CHARACTER SET {column.character_set} COLLATE {_collation(column)}"
        return "char(36)" if column.kind == "uuid" else column.declared.partition(" /*")[0]

    def alike(self, near: ColumnFacts, far: ColumnFacts) -> bool:
        """Whether equal values of two columns are equal to Python: not by a collation of its own."""
        kinds = [_kept(column)[0] for column in (near, far)]
        plain = not near.collation and not far.collation and near.kind not in ("enum", "set", "float", "bit")
        return kinds[0] is kinds[1] and plain and far.kind not in ("enum", "set", "float", "bit")

    def notes(self, facts: TableFacts, table: Table) -> Iterable[tuple[str, str]]:
        """Yield which tables are kept by an engine that undoes nothing."""
        engine = self._facts[facts.name][1]
        if not facts.is_view and engine.lower() not in ("innodb", "rocksdb", "tokudb", ""):
            yield facts.name, f"kept by the engine {engine}, which undoes nothing: a change that fails may stay in part"


def _plain(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _column(facts: Sequence[Any]) -> ColumnFacts:
    name, kind, declared, not_null, default, extra, collation, characters, length, precision, scale, fraction, *rest = (
        facts
    )
    return ColumnFacts(
        name,
        kind.lower(),
        declared,
        bool(not_null),
        None if default == "NULL" else default,
        extra or "",
        "" if collation is None or _CODE_POINTS.fullmatch(collation) else collation,
        characters or "utf8mb4",
        length,
        precision,
        scale,
        fraction,
        rest[0] or "",
    )


def _collation(column: ColumnFacts) -> str:
    return column.collation or f"{column.character_set}_nopad_bin"


def _kept(column: ColumnFacts) -> tuple[PrimitiveType, Storage]:
    if column.kind == "tinyint" and column.declared.lower().startswith("tinyint(1)"):
        return BOOLEAN, s.FLAG
    if column.kind in _SIGNED:
        kind = (_UNSIGNED if "unsigned" in column.declared.lower() else _SIGNED)[column.kind]
        return kind, s.WIDE_INTEGERS if kind is DECIMAL else s.INTEGERS[kind]
    if column.kind == "bit":
        bits = column.precision or 1
        return (BOOLEAN, s.BIT_FLAG) if bits == 1 else (INT64, s.BITS[INT64]) if bits < 64 else (DECIMAL, s.WIDE_BITS)
    return _OTHERS.get(column.kind, (STRING, s.AS_TEXT))


def _facets(kind: PrimitiveType, facts: ColumnFacts) -> Facets:
    if kind is DECIMAL:
        return Facets(precision=facts.precision or 20, scale=facts.scale or 0)
    if facts.kind in ("char", "varchar", "binary", "varbinary"):
        return Facets(max_length=facts.length)
    if kind in (DATE_TIME_OFFSET, TIME_OF_DAY):
        return Facets(precision=facts.fraction or None)
    return NO_FACETS


def _remarks(facts: ColumnFacts) -> Iterator[Annotation]:
    """Yield what a reader should know of a column."""
    if facts.comment:
        yield Annotation(f"{CORE}.Description", facts.comment)
    said = []
    if facts.kind == "datetime":
        said.append("Kept without a zone: taken for UTC.")
    if facts.collation:
        said.append(f"Compared and ordered by the collation {facts.collation}.")
    if said:
        yield Annotation(f"{CORE}.LongDescription", " ".join(said))
    if facts.kind == "enum":
        labels = [found[1].replace("''", "'") for found in _LABEL.finditer(facts.declared)]
        yield Annotation(f"{VALIDATION}.AllowedValues", [{"Value": label} for label in labels])


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
