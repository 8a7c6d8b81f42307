"""Opening a database: what is accepted, and what each refusal says."""

from __future__ import annotations

import gc
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from demotic.errors import DemoticError, InvalidInput, Unsupported
from demotic.store.sql import (
    DatabaseBusy,
    DatabaseMissing,
    InvalidSelection,
    NotADatabase,
    NothingToPublish,
    QueryTooLong,
    StoreClosed,
    UnknownScheme,
    open_store,
)

from .support import ask, make

THINGS = "CREATE TABLE Things (ID INTEGER PRIMARY KEY, Name TEXT); INSERT INTO Things VALUES (1, 'one'), (2, 'two');"


@pytest.fixture
def things(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "things.db")) as db:
        db.executescript(THINGS)
    return tmp_path / "things.db"


@pytest.mark.feature("F-SQL-01")
def test_a_path_and_a_url_open_the_same_file(things: Path) -> None:
    for address in (things, str(things), f"sqlite:///{things}"):
        with open_store(address) as store:
            assert [row["Name"] for row in ask(store, "Things")] == ["one", "two"]


def test_a_relative_url_is_read_from_the_working_folder(things: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(things.parent)
    with open_store("sqlite:///things.db") as store:
        assert store.name == "things"
        assert store.model["things"].container is not None


def test_a_file_with_blanks_and_signs_in_its_name_opens(tmp_path: Path) -> None:
    with make(tmp_path, THINGS, "50% off? #1.db") as store:
        assert len(ask(store, "Things")) == 2


@pytest.mark.feature("F-SQL-01")
def test_a_shared_database_in_memory_opens_while_its_maker_holds_it() -> None:
    uri = "file:demotic-shared?mode=memory&cache=shared"
    with closing(sqlite3.connect(uri, uri=True)) as db:
        db.executescript(THINGS)
        with open_store(uri) as store:
            assert len(ask(store, "Things")) == 2


def _refusal(address: object, **options: Any) -> DemoticError:
    with pytest.raises(DemoticError) as caught:
        open_store(address, **options)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.feature("F-SQL-02")
def test_a_missing_file_is_refused_and_not_created(tmp_path: Path) -> None:
    error = _refusal(tmp_path / "nothing.db")
    assert isinstance(error, DatabaseMissing)
    assert "nothing.db" in error.message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.feature("F-SQL-02")
def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("not a database at all, only some text")
    assert isinstance(_refusal(path), NotADatabase)
    assert isinstance(_refusal(tmp_path), NotADatabase)


@pytest.mark.feature("F-SQL-02")
def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    assert isinstance(_refusal(path), DemoticError)


def test_an_empty_database_has_nothing_to_publish(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert isinstance(_refusal(path), NothingToPublish)


@pytest.mark.feature("F-SQL-02")
@pytest.mark.parametrize(
    "url", ["oracle://host/db", "mssql://root:secret@host/db", "sqlite3:///x.db", "http://host/x.db"]
)
def test_another_kind_of_database_is_refused_with_what_is_offered(url: str) -> None:
    error = _refusal(url)
    assert isinstance(error, UnknownScheme)
    assert isinstance(error, Unsupported)
    assert "sqlite:///" in str(error)
    assert "secret" not in f"{error} {error.target}"


@pytest.mark.parametrize(
    "url", ["sqlite://things.db", "sqlite:///", "sqlite:///:memory:", "sqlite:///x.db?mode=rw", "sqlite:x"]
)
def test_a_url_that_names_no_file_is_refused(url: str) -> None:
    assert isinstance(_refusal(url), InvalidInput)


@pytest.mark.feature("F-SQL-03")
def test_a_pattern_that_fits_no_table_is_refused_with_those_there_are(things: Path) -> None:
    error = _refusal(things, include=["Thing"])
    assert isinstance(error, InvalidSelection)
    assert error.target == "Thing"
    assert "Things" in str(error)


@pytest.mark.feature("F-SQL-03")
def test_patterns_choose_tables(tmp_path: Path) -> None:
    script = "".join(
        f"CREATE TABLE {name} (ID INTEGER PRIMARY KEY);" for name in ("Alpha", "Beta", "Bravo", "Old_Beta")
    )
    for number, (options, expected) in enumerate(
        [
            ({}, ["Alpha", "Beta", "Bravo", "Old_Beta"]),
            ({"include": ["B*"]}, ["Beta", "Bravo"]),
            ({"include": ["B*"], "exclude": ["*a"]}, ["Bravo"]),
            ({"exclude": ["Old_*"]}, ["Alpha", "Beta", "Bravo"]),
        ]
    ):
        with make(tmp_path, script, f"{number}.db", **options) as store:
            assert store.model.container is not None
            assert list(store.model.container.sets) == expected


def test_excluding_everything_leaves_nothing_to_publish(things: Path) -> None:
    assert isinstance(_refusal(things, exclude=["*"]), NothingToPublish)


def test_a_store_that_nobody_holds_any_more_lets_go_of_its_file(things: Path) -> None:
    store = open_store(str(things))
    with store.transaction() as tx:
        assert tx[next(iter(store.model.container.sets))] is not None  # type: ignore[union-attr]
    connection = store._connections.mine().connection
    assert connection.execute("SELECT 1").fetchall() == [(1,)]
    del store, tx
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_closed_store_answers_no_more(things: Path) -> None:
    store = open_store(things)
    ask(store, "Things")
    store.close()
    store.close()
    with pytest.raises(StoreClosed):
        ask(store, "Things")


@pytest.mark.feature("F-SQL-19")
def test_the_file_is_never_written(things: Path) -> None:
    with open_store(things) as store, pytest.raises(sqlite3.OperationalError, match="readonly"):
        store._connections.mine().execute("DELETE FROM Things")


@pytest.mark.feature("F-SQL-19")
def test_every_thread_reads(things: Path) -> None:
    with open_store(things) as store:
        found: list[int] = []
        threads = [threading.Thread(target=lambda: found.append(len(ask(store, "Things")))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [2] * 8


@pytest.mark.feature("F-SQL-18")
@pytest.mark.spec("OD-313")
def test_a_database_locked_by_a_writer_is_unavailable_for_now(things: Path) -> None:
    with (
        open_store(things, busy_timeout=0.01) as store,
        closing(sqlite3.connect(things, isolation_level=None)) as writer,
    ):
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseBusy):
            ask(store, "Things")
        writer.execute("ROLLBACK")
        assert len(ask(store, "Things")) == 2


@pytest.mark.feature("F-SQL-18")
def test_a_statement_that_runs_too_long_is_stopped_and_the_next_one_runs(tmp_path: Path) -> None:
    script = f"""
      {THINGS}
      CREATE VIEW Endless AS WITH RECURSIVE n(ID) AS (SELECT 1 UNION ALL SELECT ID + 1 FROM n) SELECT ID FROM n;
      """
    with closing(sqlite3.connect(tmp_path / "slow.db")) as db:
        db.executescript(script)
    with open_store(tmp_path / "slow.db", view_keys={"Endless": ["ID"]}, time_limit=0.05) as store:
        with pytest.raises(QueryTooLong):
            ask(store, "Endless?$filter=ID lt 0")
        with pytest.raises(QueryTooLong):
            ask(store, "Endless/$count")
        assert len(ask(store, "Things")) == 2
