"""A database file that is replaced or taken away while it is served: its new data, or a clear refusal."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store.sql import DatabaseBusy, DatabaseReplaced, SqlStore, open_store
from demotic.store.sql.connections._watch import LOOK_EVERY, FileWatch
from demotic.syntax.http import Request

from .support import ask

READS = ["T", "T?$top=1", "T?$count=true", "T(1)", "T(1)?$expand=Parent"]


def write(path: Path, value: int, columns: str = "v INT") -> Path:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE TABLE T (ID INTEGER PRIMARY KEY, {columns}, Parent_ID INTEGER REFERENCES T)")
        db.execute("INSERT INTO T VALUES (1, ?, 1)", (value,))
        db.commit()
    return path


def look_again() -> None:
    time.sleep(2 * LOOK_EVERY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with open_store(write(tmp_path / "served.db", 1)) as store:
        assert [ask(store, text)[0]["v"] for text in READS] == [1] * len(READS)
        yield store


@pytest.mark.feature("F-SQL-20")
@pytest.mark.parametrize("put", [Path.replace, shutil.copyfile], ids=["renamed", "copied over"])
@pytest.mark.parametrize("text", READS)
def test_a_file_put_in_place_of_another_is_read(
    store: SqlStore, tmp_path: Path, put: Callable[[Path, Path], object], text: str
) -> None:
    for value in (2, 3):
        put(write(tmp_path / f"{value}.db", value), tmp_path / "served.db")
        look_again()
        assert [ask(store, each)[0]["v"] for each in (text, *READS)] == [value] * (1 + len(READS))


@pytest.mark.feature("F-SQL-20")
def test_a_file_taken_away_is_told_until_it_is_back(store: SqlStore, tmp_path: Path) -> None:
    (tmp_path / "served.db").rename(tmp_path / "away.db")
    look_again()
    for text in READS:
        with pytest.raises(DatabaseBusy, match=r"served\.db"):
            ask(store, text)
    handler = ODataV4(Service(store))
    response = handler(Request("GET", "/odata/v4/T", "", {}, "http", "example.com"))
    assert response.status == 503
    (tmp_path / "away.db").rename(tmp_path / "served.db")
    assert ask(store, "T")[0]["v"] == 1


@pytest.mark.feature("F-SQL-20")
@pytest.mark.parametrize("columns", ["w INT", "v TEXT", "v INT, w INT"])
def test_a_file_of_another_form_is_refused_until_one_of_the_same_is_there(
    store: SqlStore, tmp_path: Path, columns: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        db.execute(f"CREATE TABLE T (ID INTEGER PRIMARY KEY, {columns}, Parent_ID INTEGER REFERENCES T)")
    (tmp_path / "other.db").replace(tmp_path / "served.db")
    look_again()
    for text in READS:
        with pytest.raises(DatabaseReplaced):
            ask(store, text)
    write(tmp_path / "same.db", 5).replace(tmp_path / "served.db")
    look_again()
    assert ask(store, "T")[0]["v"] == 5


def test_what_is_no_database_is_refused_until_one_is_there(store: SqlStore, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database at all " * 100)
    (tmp_path / "text").replace(tmp_path / "served.db")
    look_again()
    with pytest.raises(DatabaseReplaced):
        ask(store, "T")
    write(tmp_path / "same.db", 5).replace(tmp_path / "served.db")
    look_again()
    assert ask(store, "T")[0]["v"] == 5


def test_a_snapshot_stays_in_the_state_that_it_was_taken_of(store: SqlStore, tmp_path: Path) -> None:
    with store.snapshot() as snapshot:
        write(tmp_path / "2.db", 2).replace(tmp_path / "served.db")
        look_again()
        assert ask(snapshot, "T")[0]["v"] == 1  # type: ignore[arg-type]
        assert ask(store, "T")[0]["v"] == 2
    assert ask(store, "T")[0]["v"] == 2


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_what_a_writer_changes_is_no_replacement(tmp_path: Path, journal: str) -> None:
    path = write(tmp_path / "served.db", 1)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA journal_mode = {journal}")
        watch = FileWatch(path, f"file:{path}?mode=ro")
        for value in range(5):
            db.execute("UPDATE T SET v = ?", (value,))
            db.commit()
            if value % 2:
                db.execute("PRAGMA wal_checkpoint")
            assert not watch.replaced()
        watch.close()
