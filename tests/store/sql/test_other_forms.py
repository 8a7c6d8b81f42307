"""A value that fits its type is never null, whatever the form of its neighbours."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demotic.model import DECIMAL, STRING
from demotic.store.sql import SqlStore, open_store

from .support import EXACT, JSON, ask, keys, kind

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)
GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
FORMS: list[tuple[str, Any, list[Any], Any, str]] = [
    ("DATETIME", "2023-01-01 10:00:00", ["2024-02-29T12:00:00", "2024-02-29T13:00:00+01:00"], NOON, ""),
    ("DATETIME", "2023-01-01T10:00:00.250000", ["2024-02-29T12:00:00", "2024-02-29 12:00"], NOON, ""),
    ("DATETIME", 1600000000, ["2024-02-29T12:00:00", 1709208000.0], NOON, ""),
    ("DATETIME", 1600000000000, ["2024-02-29T12:00:00Z"], NOON, ""),
    ("DATE", "2023-01-01", ["2024-02-29T00:00:00Z"], date(2024, 2, 29), ""),
    ("TIME", "10:00:00", ["12:00", "12:00:00.0"], time(12), ""),
    ("UUID", "6f9619ff-8b86-d011-b42d-00c04fc964ff", [GUID.upper(), f"{{{GUID}}}", UUID(GUID).bytes], UUID(GUID), ""),
    ("UUID", "6F9619FF-8B86-D011-B42D-00C04FC964FF", [GUID], UUID(GUID), ""),
    ("UUID", b"0123456789abcdef", [GUID], UUID(GUID), ""),
    ("BOOLEAN", 0, ["true", "T"], True, ""),
    ("DECIMAL(9, 2)", 1.5, [b"2.25"], Decimal("2.25"), ""),
]  # fmt: skip


def literal(value: Any) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value).lower()


def filled(path: Path, type: str, usual: Sequence[Any], others: Sequence[Any] = ()) -> SqlStore:
    """Open a table of usual values, amid which there are others."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE TABLE T (ID INTEGER PRIMARY KEY, v {type})")
        db.executemany("INSERT INTO T VALUES (?, ?)", enumerate(usual, 10_000))
        add(db, others)
    return open_store(path)


def add(db: sqlite3.Connection, others: Sequence[Any]) -> None:
    middle = 10_000 + 1535  # between the places that are sampled
    db.executemany("INSERT OR REPLACE INTO T VALUES (?, ?)", enumerate(others, middle))
    db.commit()


@pytest.mark.parametrize(("type", "usual", "others", "value", "_"), FORMS)
def test_values_in_another_form_are_found_when_the_store_is_opened(
    tmp_path: Path, type: str, usual: Any, others: list[Any], value: Any, _: str
) -> None:
    with filled(tmp_path / "t.db", type, [usual] * 3000, others) as store:
        found = keys(store, f"T?$filter=v eq {literal(value)}")
        assert found == [11_535 + n for n in range(len(others))]
        assert len(keys(store, f"T?$filter=v ne {literal(value)}")) == 3000 - len(others)
        for number in found:
            assert ask(store, f"T({number})") == [{"ID": number, "v": value}]
            assert ask(store, f"T({number})", EXACT)[0]["v"] is not None


@pytest.mark.parametrize(("type", "usual", "others", "value", "_"), FORMS)
def test_values_that_come_later_in_another_form_are_never_null(
    tmp_path: Path, type: str, usual: Any, others: list[Any], value: Any, _: str
) -> None:
    with filled(tmp_path / "t.db", type, [usual] * 3000) as store:
        with closing(sqlite3.connect(tmp_path / "t.db")) as db:
            add(db, others)
        wanted = list(range(11_535, 11_535 + len(others)))
        for form in (JSON, EXACT):
            rows = ask(store, "T?$filter=ID ge 11535 and ID lt " + str(11_535 + len(others)), form)
            single = ask(store, f"T({wanted[0]})", form)
            assert rows[:1] == single
            assert len({str(row["v"]).rstrip("Z") for row in rows}) >= 1
            assert all(row["v"] is not None for row in rows)
        assert {row["v"] for row in ask(store, "T") if row["ID"] in wanted} == {value}
        assert keys(store, "T?$filter=v eq null") == []
        assert len(keys(store, "T?$filter=v ne null")) == 3000


def test_what_no_reader_can_read_is_null_and_leaves_the_column_as_it_is(tmp_path: Path) -> None:
    usual = ["2023-01-01 10:00:00"] * 3000
    with filled(tmp_path / "t.db", "DATETIME", usual, ["2023-02-30 10:00:00", "never"]) as store:
        (found,) = store._database.sets.values()
        assert [column.storage.name for column in found.columns.values()][1] == "text"
        assert keys(store, "T?$filter=v eq null") == [11_535, 11_536]


@pytest.mark.parametrize(
    ("unit", "factor"), [("seconds", 1), ("milliseconds", 1000), ("microseconds", 10**6), ("nanoseconds", 10**9)]
)
def test_most_values_decide_what_a_count_since_1970_counts(tmp_path: Path, unit: str, factor: int) -> None:
    usual = [1709208000 * factor] * 20
    few = [-5 * factor, 0, 7 * factor]
    with filled(tmp_path / "t.db", "DATETIME", [*usual, *few]) as store:
        rows = ask(store, "T")
        assert {row["v"] for row in rows[:20]} == {NOON}
        assert [row["v"].timestamp() for row in rows[20:]] == [-5, 0, 7]
        assert len(keys(store, "T?$filter=v eq 2024-02-29T12:00:00Z")) == 20


def test_one_outlier_does_not_unmake_a_column(tmp_path: Path) -> None:
    with filled(tmp_path / "t.db", "DATETIME", [1709208000] * 20 + [1709208000000]) as store:
        assert [row["v"] for row in ask(store, "T")] == [NOON] * 20 + [None]


@pytest.mark.parametrize(("type", "value"), [("DATETIME", NOON), ("DATE", date(2024, 2, 29))])
def test_whole_julian_days_are_no_seconds(tmp_path: Path, type: str, value: Any) -> None:
    with filled(tmp_path / "t.db", type, [2460370, 2451545]) as store:
        assert ask(store, "T")[0]["v"] == value


@pytest.mark.parametrize(
    ("type", "text"),
    [("DATE", "31.01.2024"), ("DATETIME", "31/01/2024 10:00"), ("DECIMAL(9, 2)", "1,5"), ("TIME", "half past nine")],
)
def test_a_column_of_other_things_than_declared_is_published_as_text(tmp_path: Path, type: str, text: str) -> None:
    with filled(tmp_path / "t.db", type, [text, text, None]) as store:
        assert kind(store, "T").properties["v"].type is STRING
        assert [row["v"] for row in ask(store, "T")] == [text, text, None]
        assert keys(store, f"T?$filter=v eq '{text}'") == [10_000, 10_001]
        assert [name for name, _ in store.notes] == ["T.v"]


def test_numbers_that_write_dates_out_are_published_as_text(tmp_path: Path) -> None:
    with filled(tmp_path / "t.db", "DATE", [20240131, 20240229]) as store:
        assert [row["v"] for row in ask(store, "T")] == ["20240131", "20240229"]


def test_numbers_beyond_all_numbers_do_not_make_text_of_a_column(tmp_path: Path) -> None:
    others = [math.inf, -math.inf, "NaN", "-INF", "Infinity"]
    with filled(tmp_path / "t.db", "DECIMAL(9, 2)", [1.5, *others]) as store:
        assert kind(store, "T").properties["v"].type is DECIMAL
        assert [row["v"] for row in ask(store, "T")] == [Decimal("1.5"), *[None] * len(others)]
        assert keys(store, "T?$filter=v eq null") == [10_001, 10_002, 10_003, 10_004, 10_005]
