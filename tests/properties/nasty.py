"""A small data set made to be nasty, as a SQLite file and as the same entities in memory.

Nulls everywhere, text that folds, combines or lies beyond the basic plane, wildcards and quotes, numbers at their
bounds, dates at extremes and with fractions, ties, entities that refer to themselves, and many-to-many links. Decimals
have at most 15 digits: so many a REAL keeps exactly, which is the documented condition for exact answers from SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from demotic.model import DURATION, Model
from demotic.store.memory import MemoryStore

TEXTS = [
    "", " ", "a", "A", "ab", "aB", "ß", "ẞ", "ss", "SS", "İ", "i\u0307", "ı", "é", "e\u0301", "ﬁ", "ǅ", "Σ", "ς", "σ",
    "𝔘", "\uffff", "🎂", "🎂a", "日本", "100%", "1%0", "a_b", "axb", "a\\b", "a\\%", "[a]", "it's", "''", '"', "a\nb",
    "\u00a0a\u2003", " a ", "null", "-1", "a\x00b",
]  # fmt: skip
INTEGERS = [0, 1, -1, 2, -2, 3, 7, -7, 10, -128, 32_767, 2**31, -(2**31), 2**53, 2**53 + 1, 2**63 - 1, -(2**63)]
DECIMALS = [
    Decimal(text)
    for text in ("0", "0.1", "0.2", "0.3", "-0.0001", "1.5", "2.5", "-2.5", "1.0050", "7", "-7.5", "99999999.9999")
]
DOUBLES = [0.0, 0.1, 0.2, 0.5, -0.5, 1.5, 2.5, -2.5, 7.0, -7.25, 1e22, 1e308, -1e308, 5e-324, 2.0**53, 1e-7]
DATES = [date(1, 1, 1), date(1582, 10, 15), date(1970, 1, 1), date(2024, 2, 29), date(2024, 3, 1), date(9999, 12, 31)]
INSTANTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2024, 2, 29, 12, 30, tzinfo=UTC),
    datetime(2024, 2, 29, 12, 30, 0, 100_000, tzinfo=UTC),
    datetime(2024, 2, 29, 12, 30, 0, 123_456, tzinfo=UTC),
    datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]
TIMES = [time(0), time(0, 0, 0, 1), time(6), time(12, 30), time(12, 30, 1, 500_000), time(23, 59, 59, 999_999)]
DURATIONS = [
    timedelta(0), timedelta(seconds=-1), timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1),
    timedelta(days=-3, hours=2), timedelta(days=366), timedelta(days=3_000_000),
]  # fmt: skip
GUIDS = [
    UUID("00000000-0000-0000-0000-000000000000"),
    UUID("0f8fad5b-d9cb-469f-a165-70867728950e"),
    UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff"),
    UUID("ffffffff-ffff-ffff-ffff-ffffffffffff"),
]
BLOBS = [b"", b"\x00", b"\xff\xfe", "Ω".encode(), b"'"]

SCHEMA = """
CREATE TABLE Kinds (ID TEXT NOT NULL PRIMARY KEY, Title TEXT, Weight DOUBLE);
CREATE TABLE Things (
  ID INTEGER NOT NULL PRIMARY KEY, Name TEXT, Other TEXT, Flag BOOLEAN, Small SMALLINT, Whole BIGINT,
  Price DECIMAL(12, 4), Cost DECIMAL(12, 4), Ratio DOUBLE, Born DATE, Seen TIMESTAMP, Changed TIMESTAMP, At TIME,
  Span INTERVAL, Mark UUID, Bytes BLOB,
  Kind_ID TEXT REFERENCES Kinds (ID), Parent_ID INTEGER REFERENCES Things (ID)
);
CREATE TABLE Parts (
  Thing_ID INTEGER NOT NULL REFERENCES Things (ID), Number SMALLINT NOT NULL, Note TEXT, Amount DECIMAL(12, 4),
  PRIMARY KEY (Thing_ID, Number)
);
CREATE TABLE Tags (Name TEXT NOT NULL PRIMARY KEY, Rank BIGINT);
CREATE TABLE ThingTags (
  Thing_ID INTEGER NOT NULL REFERENCES Things (ID), Tag_ID TEXT NOT NULL REFERENCES Tags (Name),
  PRIMARY KEY (Thing_ID, Tag_ID)
);
"""


def _every(values: list[Any], step: int, number: int) -> Any:
    """Return a value for a row: every third null, the others in turn, so that columns do not go together."""
    return None if (number + step) % 3 == 0 else values[(number * step) % len(values)]


THINGS = [
    {
        "ID": number * 3 - 4,
        "Name": _every(TEXTS, 1, number),
        "Other": _every(TEXTS, 5, number),
        "Flag": (None, True, False)[number % 3],
        "Small": (None, 0, -7, 7, -32_768, 7)[number % 6],
        "Whole": _every(INTEGERS, 2, number),
        "Price": _every(DECIMALS, 1, number),
        "Cost": _every(DECIMALS, 7, number),
        "Ratio": _every(DOUBLES, 4, number),
        "Born": _every(DATES, 1, number),
        "Seen": _every(INSTANTS, 1, number),
        "Changed": _every(INSTANTS, 5, number),
        "At": _every(TIMES, 1, number),
        "Span": _every(DURATIONS, 2, number),
        "Mark": _every(GUIDS, 1, number),
        "Bytes": _every(BLOBS, 1, number),
        "Kind_ID": (None, "a", "it's/%", "ß", "a")[number % 5],
        # Itself, each other, and chains.
        "Parent_ID": (-4, None, -1, 8, 5, None, 2)[number % 7],
    }
    for number in range(44)
]
KINDS = [
    {"ID": "", "Title": "unused", "Weight": None},
    {"ID": "a", "Title": None, "Weight": 0.1},
    {"ID": "it's/%", "Title": "ß", "Weight": -2.5},
    {"ID": "ß", "Title": "ss", "Weight": None},
    {"ID": "🎂", "Title": "", "Weight": 7.0},
]
PARTS = [
    {
        "Thing_ID": thing,
        "Number": number,
        "Note": _every(TEXTS, 3, thing + number),
        "Amount": _every(DECIMALS, 5, number),
    }
    for thing in (-4, -1, 2, 5, 8, 11, 14, 101)
    for number in range(-1, thing % 5)
]
TAGS = [
    {"Name": name, "Rank": rank} for name, rank in [("new", 1), ("50% off", 1), ("人気", None), ("'", -7), ("Ω", 2)]
]
LINKS = [
    (thing["ID"], TAGS[n]["Name"]) for thing in THINGS for n in range(5) if (thing["ID"] * 7 + n * 5) % 11 in (0, 1, 4)
]
Entities: TypeAlias = Mapping[str, list[dict[str, Any]]]
ENTITIES: Entities = {"Kinds": KINDS, "Things": THINGS, "Parts": PARTS, "Tags": TAGS}

STORED: Mapping[type, Callable[[Any], Any]] = {
    bool: int,
    Decimal: float,
    date: date.isoformat,
    datetime: lambda value: value.isoformat(" ", "microseconds"),
    time: lambda value: value.isoformat("microseconds"),
    timedelta: DURATION.format,
    UUID: str,
}


def write_sqlite(path: Path, entities: Entities = ENTITIES) -> Path:
    """Write the data set, or others of the same form, into a new SQLite file."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(SCHEMA)
        for table, rows in entities.items():
            columns = ", ".join(rows[0])
            slots = ", ".join("?" * len(rows[0]))
            stored = [[STORED.get(type(value), lambda kept: kept)(value) for value in row.values()] for row in rows]
            db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({slots})", stored)
        db.executemany("INSERT INTO ThingTags VALUES (?, ?)", LINKS)
        db.commit()
    return path


def in_memory(model: Model, entities: Entities = ENTITIES) -> MemoryStore:
    """Return the data set, or others of the same form, as entities in memory."""
    store = MemoryStore(model, entities)
    with store.transaction() as tx:
        for thing, tag in LINKS:
            tx["Things"].link(thing, "Tags", tag)
    return store


# --- on servers: without NUL, which PostgreSQL's text cannot hold

POSTGRESQL = """
CREATE TABLE "Kinds" ("ID" TEXT PRIMARY KEY, "Title" TEXT, "Weight" DOUBLE PRECISION);
CREATE TABLE "Things" (
  "ID" BIGINT PRIMARY KEY, "Name" TEXT, "Other" TEXT, "Flag" BOOLEAN, "Small" SMALLINT, "Whole" BIGINT,
  "Price" NUMERIC(12, 4), "Cost" NUMERIC(12, 4), "Ratio" DOUBLE PRECISION, "Born" DATE, "Seen" TIMESTAMPTZ,
  "Changed" TIMESTAMP, "At" TIME, "Span" INTERVAL, "Mark" UUID, "Bytes" BYTEA,
  "Kind_ID" TEXT REFERENCES "Kinds", "Parent_ID" BIGINT REFERENCES "Things" DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE "Parts" (
  "Thing_ID" BIGINT REFERENCES "Things", "Number" SMALLINT, "Note" TEXT, "Amount" NUMERIC(12, 4),
  PRIMARY KEY ("Thing_ID", "Number")
);
CREATE TABLE "Tags" ("Name" TEXT PRIMARY KEY, "Rank" BIGINT);
CREATE TABLE "ThingTags" (
  "Thing_ID" BIGINT REFERENCES "Things", "Tag_ID" TEXT REFERENCES "Tags", PRIMARY KEY ("Thing_ID", "Tag_ID")
);
"""
MARIADB = """
CREATE TABLE Kinds (ID VARCHAR(40) PRIMARY KEY, Title TEXT, Weight DOUBLE);
CREATE TABLE Things (
  ID BIGINT PRIMARY KEY, Name TEXT, Other TEXT, Flag BOOLEAN, Small SMALLINT, Whole BIGINT, Price DECIMAL(12, 4),
  Cost DECIMAL(12, 4), Ratio DOUBLE, Born DATE, Seen DATETIME(6), Changed DATETIME(6), At TIME(6), Mark UUID,
  Bytes BLOB, Kind_ID VARCHAR(40), Parent_ID BIGINT,
  FOREIGN KEY (Kind_ID) REFERENCES Kinds (ID), FOREIGN KEY (Parent_ID) REFERENCES Things (ID)
);
CREATE TABLE Parts (
  Thing_ID BIGINT, Number SMALLINT, Note TEXT, Amount DECIMAL(12, 4), PRIMARY KEY (Thing_ID, Number),
  FOREIGN KEY (Thing_ID) REFERENCES Things (ID)
);
CREATE TABLE Tags (Name VARCHAR(40) PRIMARY KEY, `Rank` BIGINT);
CREATE TABLE ThingTags (
  Thing_ID BIGINT, Tag_ID VARCHAR(40), PRIMARY KEY (Thing_ID, Tag_ID),
  FOREIGN KEY (Thing_ID) REFERENCES Things (ID), FOREIGN KEY (Tag_ID) REFERENCES Tags (Name)
);
"""


def without_nul(value: Any) -> Any:
    """Return a value that every database can hold."""
    return value.replace("\x00", "\x01") if isinstance(value, str) else value


def held(entities: Entities = ENTITIES) -> dict[str, list[dict[str, Any]]]:
    """Return the entities as servers hold them."""
    return {name: [{k: without_nul(v) for k, v in row.items()} for row in rows] for name, rows in entities.items()}


def write_postgresql(server: Any, entities: Entities = ENTITIES) -> str:
    """Write the data set, or others of the same form, into a new database of a PostgreSQL server; return its URL."""
    url: str = server.new_database(POSTGRESQL)
    with server.connect(url.rpartition("/")[2]) as connection, connection.transaction():
        for table, rows in held(entities).items():
            names = ", ".join(f'"{name}"' for name in rows[0])
            slots = ", ".join(["%s"] * len(rows[0]))
            connection.cursor().executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({slots})', [list(row.values()) for row in rows]
            )
        connection.cursor().executemany('INSERT INTO "ThingTags" VALUES (%s, %s)', LINKS)
    connection.close()
    return url


def write_mariadb(server: Any, entities: Entities = ENTITIES) -> str:
    """Write the data set (or others of the same form), but for durations, into a new database of a MariaDB server.

    Return its URL.
    """
    url: str = server.new_database(MARIADB)
    connection = server.connect(url.rpartition("/")[2])
    cursor = connection.cursor()
    cursor.execute("SET foreign_key_checks = 0, sql_mode = 'STRICT_ALL_TABLES'")
    for table, rows in held(entities).items():
        kept = [{k: _in_mariadb(v) for k, v in row.items() if k != "Span"} for row in rows]
        names = ", ".join(f"`{name}`" for name in kept[0])
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(kept[0]))})", [[*r.values()] for r in kept]
        )
    cursor.executemany("INSERT INTO ThingTags VALUES (%s, %s)", LINKS)
    connection.close()
    return url


def _in_mariadb(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    return value.isoformat() if isinstance(value, (date, time)) else str(value) if isinstance(value, UUID) else value
