"""What a file may hold against its declared types: never an exception, and one answer, whichever way it is asked.

A value that does not fit is null: delivered as null, and null to conditions.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demotic.store.sql import SqlStore, open_store

from .support import EXACT, JSON, NATIVE, Answer, Rows, ask, keys
from .test_paging import walk

COLUMNS = {
    "i": "INTEGER", "small": "SMALLINT", "r": "REAL", "d": "DECIMAL(10, 2)", "s": "TEXT", "v": "VARCHAR(5)",
    "b": "BOOLEAN",
    "day": "DATE", "at": "TIMESTAMP", "ms": "DATETIME", "clock": "TIME", "g": "UUID", "bin": "BLOB", "span": "INTERVAL",
}  # fmt: skip
GOOD: dict[str, Any] = {
    "i": 5, "small": 7, "r": 1.5, "d": 2.25, "s": "text", "v": "five", "b": 1, "day": "2024-02-29",
    "at": "2024-02-29T10:00:00Z", "ms": 1709200800000, "clock": "10:00:00", "g": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "bin": b"\x00\x01", "span": "PT1H",
}  # fmt: skip
JUNK: list[Any] = [
    "junk", "", "5x", 70_000, -1, 2**63 - 1, -(2**63), 0.5, -1e308, math.inf, -math.inf, b"", b"\xff\xfe",
    b"2024-02-29",
    "2024-02-30", "2023-02-29T10:00:00Z", "2024-02-29T24:00:00Z", "2024-02-29T10:00:60Z", "0000-01-01",
    "0000-01-01T00:00:00Z",
    "2024-13-01T10:00:00Z", "24:00:00", "10:60:00", "2024-02-29T10:00:00", "2024-02-29 10:00:00Z", "x" * 5000, "\x00",
    "٢٠٢٤-٠٢-٢٩", "0F8FAD5B-D9CB-469F-A165-70867728950E", "0f8fad5bd9cb469fa16570867728950e", "g" * 36, "1e999",
    "NaN", "0x10",
    "𝔘🎂", "P1Y", True, 253402300800000, -62135596800001, 99999999999999999.0,
]  # fmt: skip
BROKEN = b"broken \xff\xfe text"
FIRST = 1000
"""The keys of junk start here, after as many good rows as are sampled."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of good rows, amid which each column has a row for each piece of junk."""
    path = tmp_path_factory.mktemp("dirty") / "dirty.db"
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    slots = ", ".join("?" * (len(COLUMNS) + 1))
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE TABLE T (ID INTEGER PRIMARY KEY, {columns})")
        for number in [*range(1, 501), *range(100_001, 100_501)]:
            db.execute(f"INSERT INTO T VALUES ({slots})", (number, *GOOD.values()))
        number = FIRST
        for name in COLUMNS:
            for junk in JUNK:
                db.execute(f"INSERT INTO T VALUES ({slots})", (number, *(GOOD | {name: junk}).values()))
                number += 1
            db.execute(f"INSERT INTO T (ID, {name}) VALUES (?, CAST(? AS TEXT))", (number, BROKEN))
            number += 1
        db.commit()
    return path


@pytest.fixture(scope="module")
def store(path: Path) -> Iterator[SqlStore]:
    with open_store(path) as store:
        yield store


@pytest.mark.feature("F-SQL-11")
@pytest.mark.parametrize("form", [NATIVE, JSON, EXACT], ids=["native", "json", "exact"])
def test_every_row_is_delivered_with_null_for_what_does_not_fit(store: SqlStore, form: Rows) -> None:
    rows = {int(row["ID"]): row for row in ask(store, "T", form)}
    assert len(rows) == 1000 + len(COLUMNS) * (len(JUNK) + 1)
    number = FIRST
    python = {
        "i": int, "small": int, "r": float, "s": str, "v": str, "b": bool, "day": object, "at": object, "bin": object,
    }  # fmt: skip
    for name in COLUMNS:
        fits = [rows[n][name] for n in range(number, number + len(JUNK) + 1)]
        assert None in fits or name in ("s", "v", "bin")
        if form is NATIVE and name in python:
            assert all(value is None or isinstance(value, python[name]) for value in fits)
        number += len(JUNK) + 1


def test_values_that_fit_are_kept_whatever_their_neighbours(store: SqlStore) -> None:
    rows = {row["ID"]: row for row in ask(store, "T")}
    start = {name: FIRST + n * (len(JUNK) + 1) for n, name in enumerate(COLUMNS)}

    def kept(name: str) -> set[Any]:
        found = (rows[n][name] for n in range(start[name], start[name] + len(JUNK) + 1))
        return {value for value in found if value is not None}

    # SQLite itself makes a number of a text that is one, as it is stored.
    assert kept("i") == {70_000, -1, 2**63 - 1, -(2**63), 1, 253402300800000, -62135596800001, 10**17}
    assert kept("small") == {-1, 1}
    assert kept("b") == {True}
    assert kept("day") == {date(2024, 2, 29)}
    assert {str(value) for value in kept("clock")} == set()
    instant = datetime(2024, 2, 29, tzinfo=UTC)
    assert kept("at") >= {instant, instant.replace(hour=10)}
    assert {value.year for value in kept("ms")} == {1969, 1970, 2024}
    assert math.inf in kept("r")
    assert not any(value.is_infinite() for value in kept("d"))
    assert kept("g") == {UUID(GOOD["g"])}
    assert "𝔘🎂" in kept("s")
    assert "\x00" in kept("s")


LITERALS = {
    "i": "3", "small": "3", "r": "1.25", "d": "2", "s": "'t'", "v": "'f'", "day": "2024-02-28",
    "at": "2024-02-29T09:00:00Z",
    "ms": "2024-02-29T09:00:00Z", "clock": "09:00:00", "g": "00000000-0000-0000-0000-000000000001",
    "span": "duration'PT1M'",
}  # fmt: skip


@pytest.mark.parametrize("name", LITERALS)
@pytest.mark.parametrize("operator", ["eq", "ne", "lt", "le", "gt", "ge"])
def test_conditions_see_the_values_that_are_delivered(store: SqlStore, name: str, operator: str) -> None:
    rows = ask(store, f"T?$select=ID,{name}")
    answer = Answer(store, f"T?$select=ID&$filter={name} {operator} {LITERALS[name]}")
    wanted: Any = answer.bound.values[0]
    compare = {
        "eq": lambda v: v == wanted, "ne": lambda v: v != wanted, "lt": lambda v: v is not None and v < wanted,
        "le": lambda v: v is not None and v <= wanted, "gt": lambda v: v is not None and v > wanted,
        "ge": lambda v: v is not None and v >= wanted,
    }[operator]  # fmt: skip
    broken = FIRST + list(COLUMNS).index(name) * (len(JUNK) + 1) + len(JUNK)
    got = {row["ID"] for row in answer.rows}
    expected = {row["ID"] for row in rows if compare(row[name])}
    # Broken UTF-8 is delivered as null, but to SQLite it is a text like any other.
    assert got - {broken} == expected - {broken}
    negated = set(keys(store, f"T?$select=ID&$filter=not ({name} {operator} {LITERALS[name]})"))
    assert negated | got == {row["ID"] for row in rows}
    assert not negated & got


@pytest.mark.parametrize("name", [name for name in COLUMNS if name != "bin"])
def test_null_is_what_is_delivered_as_null(store: SqlStore, name: str) -> None:
    rows = ask(store, f"T?$select=ID,{name}")
    broken = {FIRST + n * (len(JUNK) + 1) + len(JUNK) for n in range(len(COLUMNS))}
    null = {row["ID"] for row in rows if row[name] is None}
    assert set(keys(store, f"T?$filter={name} eq null&$select=ID")) - broken == null - broken
    assert set(keys(store, f"T?$filter={name} ne null&$select=ID")) - broken == {r["ID"] for r in rows} - null - broken


@pytest.mark.feature("F-SQL-11")
@pytest.mark.parametrize(
    "expression",
    [
        "tolower(s) eq 'text'", "length(v) gt 3", "contains(s,'t')", "startswith(s,'t')", "endswith(v,'e')",
        "trim(s) ne s",
        "concat(s,v) eq 'textfive'", "indexof(s,'x') gt 0", "substring(s,1) eq 'ext'", "matchesPattern(v,'^f')",
        "not b",
        "year(day) eq 2024", "hour(at) eq 10", "minute(ms) eq 0", "second(clock) eq 0", "date(at) eq day",
        "i add small gt 3",
        "i div small eq 0", "i mod 3 eq 2", "-i lt 0", "d mul 2 eq 4.5", "d add r gt 3", "round(r) eq 2",
        "floor(d) eq 2",
        "day add span ge day", "at sub ms eq duration'PT0S'", "totalseconds(span) eq 3600",
        "fractionalseconds(at) eq 0",
        "i eq d", "r gt d", "at eq ms", "s eq v", "i in (5,6)", "g in (0f8fad5b-d9cb-469f-a165-70867728950e)",
    ],
)  # fmt: skip
def test_no_function_fails_on_what_a_file_holds(store: SqlStore, expression: str) -> None:
    all_keys = {row["ID"] for row in ask(store, "T?$select=ID")}
    true = set(keys(store, f"T?$filter={expression}&$select=ID"))
    false = set(keys(store, f"T?$filter=not ({expression})&$select=ID"))
    assert not true & false
    assert true | false <= all_keys
    assert len(true | false) >= 1000


@pytest.mark.parametrize("name", [name for name in COLUMNS if name != "bin"])
@pytest.mark.parametrize("direction", ["", " desc"])
def test_pages_by_a_dirty_column_give_every_row_once(store: SqlStore, name: str, direction: str) -> None:
    expected = {row["ID"] for row in ask(store, "T?$select=ID")}
    found = [row["ID"] for row in walk(store, f"T?$select=ID&$orderby={name}{direction}", 97)]
    assert len(found) == len(expected)
    assert set(found) == expected


BROKEN_KEYS = [b"\xff", b"a\xfe", b"a\xff", b"m\xf0", b"\xc3"]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """Texts that are no UTF-8, as keys and as values to order by, amid others."""
    path = tmp_path_factory.mktemp("broken") / "broken.db"
    texts = [*BROKEN_KEYS, b"a", b"b", b"m", b"z"]
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE K (k TEXT NOT NULL, v INT NOT NULL, PRIMARY KEY (k, v))")
        db.executemany("INSERT INTO K VALUES (CAST(? AS TEXT), ?)", [(t, n % 4) for n, t in enumerate(texts * 2)])
        db.execute("CREATE TABLE T (ID INTEGER PRIMARY KEY, s TEXT)")
        db.executemany("INSERT INTO T (s) VALUES (CAST(? AS TEXT))", [(t,) for t in [*texts, None] * 3])
        db.commit()
    with open_store(path) as store:
        yield store


@pytest.mark.feature("F-SQL-15")
@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("K", 18), ("K?$orderby=k desc", 18), ("K?$orderby=v", 18), ("T?$orderby=s", 30), ("T?$orderby=s desc", 30),
        ("T?$orderby=concat(s,'x')", 30), ("T?$orderby=tolower(s) desc", 30),
    ],
)  # fmt: skip
def test_pages_over_broken_text_give_every_row_once_and_end(
    broken: SqlStore, text: str, number: int, size: int
) -> None:
    whole = ask(broken, text)
    assert len(whole) == number
    assert walk(broken, text, size, longer=True) == whole


def test_broken_text_in_a_binary_column_is_its_bytes(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "t.db")) as db:
        db.execute("CREATE TABLE T (ID INTEGER PRIMARY KEY, v BLOB)")
        db.execute("INSERT INTO T VALUES (1, CAST(? AS TEXT))", (BROKEN,))
        db.commit()
    with open_store(tmp_path / "t.db") as store:
        assert ask(store, "T(1)") == [{"ID": 1, "v": BROKEN}]
        assert type(ask(store, "T(1)")[0]["v"]) is bytes


@pytest.mark.feature("F-SQL-11")
@pytest.mark.spec("OD-322")
def test_dirty_keys_and_references_are_no_exception(tmp_path: Path) -> None:
    script = """
      CREATE TABLE P (ID INT PRIMARY KEY NOT NULL, Name TEXT);
      CREATE TABLE C (ID INTEGER PRIMARY KEY, P_ID INT REFERENCES P (ID), Q_ID TEXT REFERENCES P (ID));
      INSERT INTO P VALUES (1, 'a'), ('x', 'b'), (2.5, 'c'), (x'00', 'd');
      INSERT INTO C VALUES (1, 1, '1'), (2, 'x', 'x'), (3, 2.5, '2.5'), (4, x'00', 'y'), (5, 9, NULL);
      """
    with closing(sqlite3.connect(tmp_path / "keys.db")) as db:
        db.executescript(script)
    with open_store(tmp_path / "keys.db") as store:
        rows = ask(store, "C?$expand=P,Q")
        assert [row["P"] and row["P"]["Name"] for row in rows][::4] == ["a", None]
        assert rows[0]["Q"]["Name"] == "a"
        assert len(ask(store, "P?$expand=C_P_ID,C_Q_ID")) == 4
        assert [row["ID"] for row in ask(store, "P?$orderby=Name")] == [1, None, None, None]


@pytest.mark.parametrize(
    ("type", "value", "fits"),
    [
        ("BOOLEAN", 2, None), ("BOOLEAN", 0, False), ("TINYINT UNSIGNED", 255, 255), ("TINYINT UNSIGNED", 256, None),
        ("TINYINT UNSIGNED", -1, None), ("MEDIUMINT", 2**31, None), ("INTEGER", "12", 12), ("INTEGER", 12.0, 12),
        ("INTEGER", 12.5, None), ("REAL", "1e3", 1000.0), ("TEXT", 5, "5"), ("BLOB", "text", b"text"), ("BLOB", 5,
        None),
    ],
)  # fmt: skip
def test_a_value_beyond_its_type_is_null(tmp_path: Path, type: str, value: object, fits: object) -> None:
    with closing(sqlite3.connect(tmp_path / "t.db")) as db:
        db.execute(f"CREATE TABLE T (ID INTEGER PRIMARY KEY, v {type})")
        db.execute("INSERT INTO T VALUES (1, ?)", (value,))
        db.commit()
    with open_store(tmp_path / "t.db") as store:
        assert ask(store, "T(1)") == [{"ID": 1, "v": fits}]
