"""Long results: in batches, in constant memory, in one state of the data, and in nobody's way."""

from __future__ import annotations

import sqlite3
import threading
import tracemalloc
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demotic.errors import InternalFault
from demotic.query import After, Options, bind_request, read_options, read_path
from demotic.store import Result
from demotic.store.sql import SqlStore, StoreClosed, open_store
from demotic.store.sql.connections._connection import GATE

from .support import NATIVE, Answer, ask

NUMBERS = 12_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Write-ahead logging, so that a writer and readers do not wait for each other."""
    path = tmp_path / "numbers.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            f"""
            PRAGMA journal_mode = WAL;
            CREATE TABLE N (ID INTEGER PRIMARY KEY, Text TEXT);
            CREATE TABLE M (ID INTEGER PRIMARY KEY, N_ID INTEGER REFERENCES N (ID), V INT);
            CREATE INDEX M_N ON M (N_ID);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {NUMBERS})
            INSERT INTO N SELECT i, 'old' FROM n;
            INSERT INTO M SELECT ID, ID, 0 FROM N;
            """
        )
    return path


def start(store: SqlStore, text: str, page: int | None = None) -> Result:
    """Start a run, and leave its rows where they are."""
    where, _, options = text.partition("?")
    bound = bind_request(read_path(where), read_options(options) if options else Options(), model=store.model)
    assert bound.read is not None
    return store.run(store.prepare(bound.read, NATIVE), bound.values, page=page)


def write(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement)
        db.commit()


def test_a_result_without_a_bound_comes_in_batches(path: Path) -> None:
    with open_store(path) as store, start(store, "N") as result:
        sizes = [len(batch) for batch in result.batches()]
        assert sum(sizes) == NUMBERS
        assert max(sizes) <= 1000
        assert sizes[0] <= 250
        assert result.after is None


@pytest.mark.feature("F-SQL-17")
def test_a_long_result_is_of_one_state_whatever_a_writer_does(path: Path) -> None:
    with open_store(path) as store, start(store, "N?$expand=M&$count=true") as result:
        batches = result.batches()
        rows = next(batches)
        write(path, "UPDATE N SET Text = 'new'")
        write(path, "UPDATE M SET V = 1")
        write(path, f"DELETE FROM N WHERE ID > {NUMBERS // 2}")
        rows += [row for batch in batches for row in batch]
        assert result.count == len(rows) == NUMBERS
        assert {row["Text"] for row in rows} == {"old"}
        assert {item["V"] for row in rows for item in row["M"]} == {0}
        assert {row["Text"] for row in ask(store, "N")} == {"new"}


@pytest.mark.feature("F-SQL-13")
def test_a_page_with_what_is_expanded_is_of_one_state(path: Path) -> None:
    with open_store(path) as store:
        seen = set()
        stop = threading.Event()

        def change() -> None:
            with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as db:
                value = 0
                while not stop.is_set():
                    value += 1
                    db.executescript(
                        f"BEGIN; UPDATE N SET Text = '{value}' WHERE ID <= 50;"
                        f"UPDATE M SET V = {value} WHERE N_ID <= 50; COMMIT;"
                    )

        writer = threading.Thread(target=change)
        writer.start()
        try:
            for _ in range(200):
                rows = Answer(store, "N?$top=50&$expand=M").rows
                states = {row["Text"] for row in rows} | {str(item["V"]) for row in rows for item in row["M"]}
                assert len(states - {"old", "0"}) <= 1
                assert len(states) == 1 or states == {"old", "0"}
                seen |= states
        finally:
            stop.set()
            writer.join()
        assert len(seen) > 2


def test_the_collections_of_a_transaction_are_of_one_state(path: Path) -> None:
    with open_store(path) as store:
        with store.transaction() as transaction:
            assert len(transaction["N"]) == NUMBERS
            write(path, "DELETE FROM N WHERE ID > 10")
            assert len(transaction["N"]) == NUMBERS
            assert transaction["N"][NUMBERS]["Text"] == "old"
        with store.transaction() as transaction:
            assert len(transaction["N"]) == 10


def test_a_closed_snapshot_answers_no_more(path: Path) -> None:
    with open_store(path) as store:
        snapshot = store.snapshot()
        snapshot.close()
        snapshot.close()
        bound = bind_request(read_path("N(1)"), model=store.model)
        assert bound.read is not None
        with pytest.raises(StoreClosed):
            snapshot.run(snapshot.prepare(bound.read, NATIVE), bound.values)


def is_open() -> bool:
    """Whether another thread could pass the gate now."""
    found: list[bool] = []

    def look() -> None:
        found.append(GATE.acquire(blocking=False))
        if found[0]:
            GATE.release()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]


def test_a_result_abandoned_within_the_gate_is_closed_there(path: Path) -> None:
    with open_store(path) as store:
        result = start(store, "N")
        next(result.batches())
        with GATE:
            result.close()
        assert len(store._connections._idle) == 1
        assert len(ask(store, "N?$top=1")) == 1


def test_a_client_that_stops_reading_stops_nobody(path: Path) -> None:
    with open_store(path) as store, start(store, "N?$expand=M") as first, start(store, "N") as second:
        slow, slower = first.batches(), second.batches()
        next(slow)
        next(slower)
        assert is_open()
        found: list[int] = []
        threads = [threading.Thread(target=lambda: found.append(len(ask(store, "N?$top=300")))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert found == [300] * 4
        assert sum(len(batch) for batch in slow) + 250 == NUMBERS


def test_connections_of_results_left_unread_are_used_again(path: Path) -> None:
    with open_store(path) as store:
        for _ in range(30):
            with start(store, "N") as result:
                next(result.batches())
        assert len(store._connections._all) <= 2


def test_a_result_may_be_read_by_another_thread(path: Path) -> None:
    with open_store(path) as store, start(store, "N") as result:
        found: list[int] = []
        thread = threading.Thread(target=lambda: found.append(sum(len(batch) for batch in result.batches())))
        thread.start()
        thread.join()
        assert found == [NUMBERS]


def test_the_next_place_is_known_only_at_the_end(path: Path) -> None:
    with open_store(path) as store, start(store, "N", page=8000) as result:
        batches = result.batches()
        next(batches)
        with pytest.raises(InternalFault):
            _ = result.after
        for _ in batches:
            pass
        assert result.after == (8000,)


def test_a_stream_continues_after_a_place(path: Path) -> None:
    with open_store(path) as store:
        bound = bind_request(read_path("N"), model=store.model)
        assert bound.read is not None
        read = replace(bound.read, query=replace(bound.read.query, after=After((0,))))
        with store.run(store.prepare(read, NATIVE), (11_000,)) as result:
            rows = [row["ID"] for batch in result.batches() for row in batch]
        assert rows == list(range(11_001, NUMBERS + 1))


@pytest.mark.feature("F-SQL-17")
def test_memory_stays_constant_however_long_the_result(path: Path) -> None:
    def peak(store: SqlStore, options: str) -> int:
        tracemalloc.start()
        with start(store, f"N?$expand=M{options}") as result:
            for _ in result.batches():
                pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    with open_store(path) as store:
        peak(store, "")
        assert peak(store, "") < 2 * peak(store, "&$filter=ID le 2500")


def test_broken_text_amid_a_long_result_is_null_and_nothing_is_lost(path: Path) -> None:
    write(path, "UPDATE N SET Text = CAST(x'ff' AS TEXT) WHERE ID IN (700, 5000)")
    with open_store(path) as store:
        rows: list[dict[str, Any]] = ask(store, "N")
        assert [row["ID"] for row in rows] == list(range(1, NUMBERS + 1))
        assert [row["ID"] for row in rows if row["Text"] is None] == [700, 5000]
        assert ask(store, "N(700)") == [{"ID": 700, "Text": None}]
        assert len(ask(store, "N?$filter=Text eq 'old'")) == NUMBERS - 2
