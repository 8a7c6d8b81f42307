"""What PostgreSQL's catalogue says of the tables, views and materialised views of a schema."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from demotic.model import (
    BINARY,
    BOOLEAN,
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
    SCALE_FLOATING,
    SINGLE,
    STRING,
    TIME_OF_DAY,
    Annotation,
    Facets,
    PrimitiveType,
    Property,
)
from demotic.store.sql.dialects.postgresql import _storage as s
from demotic.store.sql.dialects.postgresql._connection import PostgresqlHandle
from demotic.store.sql.reflection._catalogue import Catalogue
from demotic.store.sql.reflection._defaults import CORE, declare_default
from demotic.store.sql.reflection._tables import Reference, TableFacts
from demotic.store.sql.storage._mapping import Column, Identities
from demotic.store.sql.storage._storage import Storage

_TYPES: Final[Mapping[str, tuple[PrimitiveType, Storage]]] = {
    "bool": (BOOLEAN, s.BOOLEAN_COLUMN),
    "int2": (INT16, s.INTEGERS[INT16]),
    "int4": (INT32, s.INTEGERS[INT32]),
    "int8": (INT64, s.INTEGERS[INT64]),
    "oid": (INT64, s.INTEGERS[INT64]),
    "float4": (SINGLE, s.FLOAT4),
    "float8": (DOUBLE, s.FLOAT8),
    "numeric": (DECIMAL, s.NUMERIC),
    "text": (STRING, s.TEXT),
    "varchar": (STRING, s.TEXT),
    "bpchar": (STRING, s.PADDED),
    "bytea": (BINARY, s.BYTES),
    "date": (DATE, s.DATES),
    "time": (TIME_OF_DAY, s.TIMES),
    "timestamptz": (DATE_TIME_OFFSET, s.ZONED),
    "timestamp": (DATE_TIME_OFFSET, s.LOCAL),
    "interval": (DURATION, s.INTERVALS),
    "uuid": (GUID, s.UUIDS),
}
"""The types that have one of ours; all others are text."""
_ON_DELETE: Final = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_CODE_POINTS: Final = ("C", "POSIX", "ucs_basic")
VALIDATION: Final = "Org.OData.Validation.V1"


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column: ``kind`` is the name of its type, of an array that of its items; ``native`` how casts name it."""

    name: str
    kind: str
    native: str
    modifier: int
    is_array: bool
    not_null: bool
    default: str | None
    generated: bool
    made: bool
    collation: str
    comment: str
    labels: tuple[str, ...]
    domain: str


_TABLES: Final = """
SELECT c.relname, c.relkind IN ('v', 'm'), obj_description(c.oid, 'pg_class') FROM pg_class c
WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND NOT c.relispartition
  AND has_table_privilege(c.oid, 'SELECT')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname COLLATE "C"
"""
# A domain is the type below it, of whatever depth, with what it adds: NOT NULL, a default, a collation.
_COLUMNS: Final = """
WITH RECURSIVE base AS (
  SELECT t.oid AS start, t.oid, t.typbasetype, t.typtypmod, t.typnotnull, t.typdefault, t.typtype, 0 AS depth
  FROM pg_type t
  UNION ALL
  SELECT b.start, t.oid, t.typbasetype, CASE WHEN b.typtypmod >= 0 THEN b.typtypmod ELSE t.typtypmod END,
    b.typnotnull OR t.typnotnull, coalesce(b.typdefault, t.typdefault), t.typtype, b.depth + 1
  FROM base b JOIN pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd'
)
SELECT c.relname, a.attname, coalesce(item.typname, t.typname), format_type(coalesce(item.oid, t.oid), NULL),
  CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE base.typtypmod END, item.oid IS NOT NULL,
  a.attnotnull OR base.typnotnull, coalesce(pg_get_expr(d.adbin, d.adrelid), base.typdefault),
  a.attgenerated <> '', a.attidentity <> '',
  CASE WHEN o.collname = 'default' THEN (SELECT datcollate FROM pg_database WHERE datname = current_database())
    ELSE o.collname END,
  col_description(c.oid, a.attnum),
  (SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e
   WHERE e.enumtypid = coalesce(item.oid, t.oid))::text[],
  CASE WHEN base.depth > 0 THEN format_type(a.atttypid, NULL) ELSE '' END, a.attidentity = 'a'
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN base ON base.start = a.atttypid AND base.typtype <> 'd' JOIN pg_type t ON t.oid = base.oid
LEFT JOIN pg_type item ON item.oid = t.typelem AND t.typcategory = 'A'
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_collation o ON o.oid = a.attcollation
WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND a.attnum > 0
  AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY c.relname, a.attnum
"""
_KEYS: Final = """
SELECT c.relname, i.indisprimary,
  (SELECT array_agg(a.attname ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(num, n)
   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.num WHERE k.n <= i.indnkeyatts)::text[]
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relnamespace = $1::regnamespace AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
"""
_REFERENCES: Final = """
SELECT c.relname, f.relname, o.confdeltype::text,
  (SELECT array_agg(a.attname ORDER BY k.n) FROM unnest(o.conkey) WITH ORDINALITY k(num, n)
   JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.num)::text[],
  (SELECT array_agg(a.attname ORDER BY k.n) FROM unnest(o.confkey) WITH ORDINALITY k(num, n)
   JOIN pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.num)::text[]
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_class f ON f.oid = o.confrelid
WHERE o.contype = 'f' AND o.connamespace = $1::regnamespace AND f.relnamespace = $1::regnamespace
  AND o.conparentid = 0
"""


class PostgresqlCatalogue(Catalogue):
    """The catalogue of one schema, read at once."""

    failures = (psycopg.Error, KeyError)

    def __init__(self, handle: PostgresqlHandle, schema: str) -> None:
        self._handle = handle
        self._schema = schema
        quoted = '"' + schema.replace('"', '""') + '"'
        self._tables = self._rows(_TABLES, quoted)
        self._columns: dict[str, list[ColumnFacts]] = defaultdict(list)
        for table, *facts in self._rows(_COLUMNS, quoted):
            self._columns[table].append(_column(facts))
        self._keys: dict[str, list[tuple[bool, tuple[str, ...]]]] = defaultdict(list)
        for table, primary, columns in self._rows(_KEYS, quoted):
            self._keys[table].append((primary, tuple(columns or ())))
        self._references: dict[str, list[Reference]] = defaultdict(list)
        for table, target, action, columns, targets in self._rows(_REFERENCES, quoted):
            self._references[table].append(Reference(tuple(columns), target, tuple(targets), _ON_DELETE[action]))

    def _rows(self, text: str, schema: str) -> list[Any]:
        return self._handle.fetch(text, (schema,))

    def tables(self) -> list[tuple[str, bool]]:
        """Return the names of all tables and views."""
        return [(name, is_view) for name, is_view, _ in self._tables]

    def read(self, name: str, *, is_view: bool, sampled: bool) -> TableFacts:
        """Return the facts about a table or view."""
        columns = tuple(self._columns[name])
        order = [column.name for column in columns]
        keys = self._keys[name]
        primary = next((key for is_primary, key in keys if is_primary), ())
        unique = sorted((key for is_primary, key in keys if not is_primary and key), key=lambda key: (len(key), key))
        comment = next(text for table, _, text in self._tables if table == name) or ""
        references = [r for r in self._references[name] if set(r.columns) <= set(order)]
        references.sort(key=lambda r: [order.index(c) for c in r.columns])
        return TableFacts(
            name,
            is_view,
            columns,
            primary if set(primary) <= set(order) else (),
            None,
            tuple(key for key in unique if set(key) <= set(order)),
            tuple(references),
            self._schema,
            comment,
        )

    def look_at_keys(
        self, facts: Mapping[str, TableFacts], keys: Mapping[str, tuple[str, ...]], stated: set[str]
    ) -> Identities:
        """Look whether keys that were stated identify rows, as long as there is time."""
        found = Identities()
        for name in sorted(set(facts) & stated):
            columns = ", ".join(map(_quoted, keys[name]))
            given = " AND ".join(f"{_quoted(column)} IS NOT NULL" for column in keys[name])
            text = (
                f"SELECT {columns} FROM {_quoted(self._schema)}.{_quoted(name)} WHERE {given}"
                f" GROUP BY {columns} HAVING count(*) > 1 LIMIT 1"
            )
            self._handle.change("SET statement_timeout = 500")
            try:
                rows = self._handle.fetch(text)
            except psycopg.Error:
                found.notes.append((name, "there was no time to find out whether its key is different in every row"))
                continue
            if rows:
                pairs = zip(keys[name], rows[0], strict=True)
                found.repeated[name] = ", ".join(f"{column}={value!r}" for column, value in pairs)
        return found

    def type_of(self, column: ColumnFacts) -> PrimitiveType:
        """Return the type of a column's values."""
        return _TYPES.get(column.kind, (STRING, s.AS_TEXT))[0]

    def column(self, facts: ColumnFacts, name: str, *, in_key: bool, is_rowid: bool) -> Column:
        """Return the column that a property stands for."""
        kind, storage = _TYPES.get(facts.kind, (STRING, s.AS_TEXT))
        if in_key and kind in (DOUBLE, SINGLE):
            kind, storage = DECIMAL, s.storage(DECIMAL, canonical=lambda c: c)
        if facts.is_array:
            storage = s.array(storage, f"{facts.native}[]")
        nullable = not (facts.not_null or in_key) if not facts.is_array else True
        item = Property(name, kind, collection=facts.is_array, nullable=nullable, facets=_facets(kind, facts))
        if facts.generated:
            item.annotations.append(Annotation(f"{CORE}.Computed", True))
        elif facts.made:
            item.annotations.append(Annotation(f"{CORE}.ComputedDefaultValue", True))
        elif not facts.is_array:
            declare_default(item, _plain_default(facts.default))
        elif facts.default is not None:
            item.annotations.append(Annotation(f"{CORE}.ComputedDefaultValue", True))
        item.annotations += _remarks(facts, kind)
        return Column(facts.name, item, storage, collation=facts.collation if kind is STRING else "")

    def native(self, column: ColumnFacts) -> str:
        """Return the name of a column's type in casts."""
        return column.native

    def alike(self, near: ColumnFacts, far: ColumnFacts) -> bool:
        """Whether equal values of two columns are equal to Python."""
        same = near.native == far.native and near.modifier == far.modifier
        return same and near.kind not in ("float4", "citext") and near.kind in _TYPES


def _column(facts: Sequence[Any]) -> ColumnFacts:
    (
        name,
        kind,
        native,
        modifier,
        is_array,
        not_null,
        default,
        generated,
        identity,
        collation,
        comment,
        labels,
        *rest,
    ) = facts
    domain, always = rest
    made = identity or bool(default and default.startswith("nextval("))
    return ColumnFacts(
        name,
        kind,
        native,
        modifier if modifier is not None else -1,
        is_array,
        not_null,
        default,
        generated or always,
        made,
        "" if collation is None or collation in _CODE_POINTS else collation,
        comment or "",
        tuple(labels or ()),
        domain,
    )


def _facets(kind: PrimitiveType, facts: ColumnFacts) -> Facets:
    modifier = facts.modifier
    if kind is DECIMAL:
        if facts.kind != "numeric" or modifier < 4:
            return Facets(scale=SCALE_FLOATING)
        scale = (modifier - 4) & 0x7FF
        scale = scale - 2048 if scale > 1023 else scale
        precision = ((modifier - 4) >> 16) & 0xFFFF
        return Facets(precision=precision, scale=scale) if 0 <= scale <= precision else Facets(scale=SCALE_FLOATING)
    if facts.kind in ("varchar", "bpchar"):
        return Facets(max_length=modifier - 4) if modifier > 4 else NO_FACETS
    if kind in (DATE_TIME_OFFSET, TIME_OF_DAY):
        return Facets(precision=modifier if 0 <= modifier <= 6 else 6)
    if kind is DURATION:
        precision = modifier & 0xFFFF if modifier >= 0 else 6
        return Facets(precision=precision if precision <= 6 else 6)
    return NO_FACETS


def _remarks(facts: ColumnFacts, kind: PrimitiveType) -> Iterator[Annotation]:
    """Yield what a reader should know of a column."""
    if facts.comment:
        yield Annotation(f"{CORE}.Description", facts.comment)
    said = []
    if facts.kind == "timestamp":
        said.append("Kept without a zone: taken for UTC.")
    if facts.kind not in _TYPES and not facts.labels:
        said.append(f"The text form of PostgreSQL's type {facts.native}.")
    if kind is STRING and facts.collation:
        said.append(f"Ordered by the collation {facts.collation}.")
    if said:
        yield Annotation(f"{CORE}.LongDescription", " ".join(said))
    if facts.labels:
        yield Annotation(f"{VALIDATION}.AllowedValues", [{"Value": label} for label in facts.labels])


_CAST: Final = re.compile(r"(.*?)::[a-zA-Z_\"][\w\" .]*(?:\(\d+(?:,\d+)?\))?(?:\[\])*", re.DOTALL)


def _plain_default(default: str | None) -> str | None:
    """Return a default without the cast of its type."""
    found = _CAST.fullmatch(default) if default is not None else None
    text = found[1] if found else default
    return text[1:-1] if text and re.fullmatch(r"\(-?\d+(?:\.\d+)?\)", text) else text


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
