"""Servers: how they are reached, the pool of connections, what happens when one breaks, and many writers at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest

from demotic.errors import Conflict, DemoticError, InvalidInput, PreconditionFailed, Unavailable
from demotic.store import EntityChanged
from demotic.store.sql import DatabaseBusy, DatabaseMissing, QueryTooLong, SqlStore, StoreClosed, open_store

from .support import ask, make

TABLE = "CREATE TABLE {t} (id INT PRIMARY KEY, word VARCHAR(20), hits INT NOT NULL)"
ROWS = "INSERT INTO {t} VALUES (1, 'one', 0), (2, 'two', 0)"


@dataclass
class Place:
    """A database of some kind: how it is opened, how SQL is run in it, and how its connections are killed."""

    open: Callable[..., SqlStore]
    run: Callable[[str], Any]
    kill: Callable[[], None] | None = None
    slow: str = ""


def _postgresql(server: Any) -> Place:
    url = server.new_database(f"{TABLE.format(t='t')}; {ROWS.format(t='t')}")
    name = url.rpartition("/")[2]
    others = f"datname = '{name}' AND pid <> pg_backend_pid()"
    terminate = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
    return Place(
        lambda **options: open_store(url, **options),
        lambda text: server.run(text, name),
        lambda: server.run(terminate),
    )


def _mariadb(server: Any) -> Place:
    url = server.new_database(f"{TABLE.format(t='t')};\n{ROWS.format(t='t')}")
    name = url.rpartition("/")[2]

    def kill() -> None:
        for (number,) in server.run(f"SELECT id FROM information_schema.processlist WHERE db = '{name}'"):
            server.run(f"KILL {number}")

    return Place(lambda **options: open_store(url, **options), lambda text: server.run(text, name), kill)


@pytest.fixture(scope="module", params=["postgresql", "mariadb"])
def served(request: pytest.FixtureRequest) -> Place:
    """A database of each kind of server."""
    server = request.getfixturevalue(request.param)
    return {"postgresql": _postgresql, "mariadb": _mariadb}[request.param](server)


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A database of each kind."""
    if request.param == "sqlite":
        script = f"{TABLE.format(t='t')}; {ROWS.format(t='t')};"
        make(tmp_path, script).close()
        return Place(lambda **options: open_store(tmp_path / "test.db", **options), lambda text: None)
    server = request.getfixturevalue(request.param)
    return {"postgresql": _postgresql, "mariadb": _mariadb}[request.param](server)


# --- reaching one


@pytest.mark.feature("F-SQL-37")
@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("postgresql://me:se%2Fcret@127.0.0.1:1/db", Unavailable, "127.0.0.1"),
        ("mariadb://me:se%2Fcret@127.0.0.1:1/db", Unavailable, "127.0.0.1"),
        ("postgresql://postgres:secret@127.0.0.1/db?colour=red", InvalidInput, "colour"),
        ("mysql://root:secret@127.0.0.1/db?connect_timeout=soon", InvalidInput, "connect_timeout"),
        ("postgresql://postgres:secret@127.0.0.1", InvalidInput, "names no database"),
        ("postgresql://postgres:secret@127.0.0.1:port/db", InvalidInput, "no address"),
    ],
)
def test_a_server_that_cannot_be_reached_is_told_without_the_password(
    url: str, error: type[DemoticError], words: str
) -> None:
    if not url.startswith("postgresql:"):
        pytest.importorskip("MySQLdb", reason="the driver of MariaDB is compiled where that can be done")
    with pytest.raises(error) as caught:
        open_store(url)
    said = f"{caught.value} {caught.value.target} {caught.value.hint}"
    assert words in said and "cret" not in said.replace("connect", "")


@pytest.mark.feature("F-SQL-37")
def test_a_database_that_is_not_there_and_a_schema_that_is_not_are_told(postgresql: Any, mariadb: Any) -> None:
    for server in (postgresql, mariadb):
        base = server.url.rpartition("/")[0]
        with pytest.raises(DatabaseMissing, match="demotic_no_such"):
            open_store(f"{base}/demotic_no_such")
        with pytest.raises(DemoticError, match="schema"):
            open_store(server.url, schema="demotic_no_such")
    with pytest.raises(InvalidInput, match="schema"):
        open_store(f"{postgresql.url}?schema=demotic_no_such")


# --- the pool, which is one for all


@pytest.mark.feature("F-SQL-35")
@pytest.mark.spec("OD-204", "OD-241", "OD-244", "OD-312", "OD-313")
def test_there_are_never_more_connections_than_agreed(place: Place) -> None:
    with place.open(pool_size=2, pool_timeout=0.05) as store:
        first, second = store.snapshot(), store.snapshot()
        assert (store.statistics().in_use, store.statistics().open) == (2, 2)
        with pytest.raises(DatabaseBusy, match="all 2 connections") as caught:
            ask(store, "t")
        assert caught.value.status == 503
        first.close()
        assert len(ask(store, "t")) == 2
        second.close()
        found = store.statistics()
        assert (found.most, found.in_use, found.waiting, found.refused, found.waited) == (2, 0, 0, 1, 1)


@pytest.mark.feature("F-SQL-35")
def test_who_waits_gets_the_connection_that_is_given_back(place: Place) -> None:
    with place.open(pool_size=1, pool_timeout=30) as store:
        held, found = store.snapshot(), []
        thread = Thread(target=lambda: found.append(len(ask(store, "t"))))
        thread.start()
        while not store.statistics().waiting:
            Event().wait(0.001)
        held.close()
        thread.join()
        assert found == [2]
        assert store.statistics().opened <= 2


@pytest.mark.feature("F-SQL-35")
@pytest.mark.spec("OD-243")
def test_a_connection_grows_old(place: Place) -> None:
    with place.open(pool_max_age=0) as store:
        before = store.statistics().opened
        for _ in range(3):
            ask(store, "t")
        assert store.statistics().opened == before + 3
        assert store.statistics().open == 1


@pytest.mark.feature("F-SQL-35")
@pytest.mark.spec("OD-245")
def test_a_closed_store_has_no_connections_and_gives_none(place: Place) -> None:
    store = place.open()
    held = store.snapshot()
    store.close(timeout=0.01)
    store.close()
    assert store.statistics().open == 0
    with pytest.raises(StoreClosed):
        ask(store, "t")
    held.close()
    assert store.statistics().open == 0


@pytest.mark.feature("F-SQL-35")
def test_a_pool_without_connections_is_refused(place: Place) -> None:
    with pytest.raises(InvalidInput, match="at least 1"):
        place.open(pool_size=0)


# --- what breaks


@pytest.mark.feature("F-SQL-36")
@pytest.mark.spec("OD-248", "NEW-013")
def test_reads_go_on_when_connections_were_killed(served: Place) -> None:
    with served.open() as store:
        assert len(ask(store, "t")) == 2
        assert served.kill is not None
        served.kill()
        assert len(ask(store, "t")) == 2
        served.kill()
        with store.transaction(write=True) as tx:
            tx["t"].update(1, {"word": "again"})
        assert store.statistics().retried >= 2


@pytest.mark.feature("F-SQLWRITE-06")
def test_a_connection_killed_within_a_transaction_leaves_nothing_and_is_no_acknowledgement(served: Place) -> None:
    assert served.kill is not None
    with served.open() as store:
        before = served.run("SELECT word, hits FROM t ORDER BY id")
        with pytest.raises(Unavailable), store.transaction(write=True) as tx:
            tx["t"].update(1, {"hits": 77})
            tx["t"].insert({"id": 3, "word": "x", "hits": 1})
            served.kill()
        with pytest.raises(Unavailable), store.transaction(write=True) as tx:
            tx["t"].update(1, {"hits": 77})
            served.kill()
            tx["t"].insert({"id": 3, "word": "x", "hits": 1})
        assert served.run("SELECT word, hits FROM t ORDER BY id") == before
        assert len(ask(store, "t")) == 2


@pytest.mark.feature("F-SQL-18")
@pytest.mark.spec("OD-246")
def test_a_query_that_takes_too_long_is_stopped(postgresql: Any, mariadb: Any) -> None:
    slow = "CREATE TABLE u (id INT PRIMARY KEY);\nCREATE VIEW v AS SELECT id, {0} AS s FROM u;\n"
    slow += "INSERT INTO u VALUES (1)"
    for server, call in ((postgresql, "pg_sleep(30)::text"), (mariadb, "sleep(30)")):
        url = server.new_database(slow.format(call))
        with open_store(url, time_limit=1, view_keys={"v": ["id"]}) as store:
            with pytest.raises(QueryTooLong):
                ask(store, "v")
            assert len(ask(store, "u")) == 1


# --- many at once


@pytest.mark.feature("F-WRITE-09")
@pytest.mark.spec("OD-201", "OD-240", "OD-259")
def test_of_many_writers_with_one_entity_tag_exactly_one_wins(place: Place) -> None:
    with place.open(busy_timeout=20) as store:
        for first in (1000, 2000, 3000):
            assert sorted(hammered(store, first)) == ["lost"] * 5 + ["won"]


def hammered(store: SqlStore, first: int) -> list[str]:
    """Change one entity in six threads that have all read it in one state."""
    with store.transaction() as tx:
        tag = tx["t"][2].etag
    outcomes: list[str] = []
    barrier = Barrier(6)

    def write(number: int) -> None:
        barrier.wait()
        try:
            with store.transaction(write=True) as tx:
                tx["t"].update(2, {"hits": number}, if_match=tag)
            outcomes.append("won")
        except (EntityChanged, PreconditionFailed):
            outcomes.append("lost")

    threads = [Thread(target=write, args=(first + number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.feature("F-WRITE-09")
def test_what_began_with_reading_does_not_overwrite_what_others_changed(served: Place) -> None:
    with served.open(busy_timeout=1) as store:
        with pytest.raises((Conflict, PreconditionFailed, DatabaseBusy)), store.transaction() as mine:
            seen = mine["t"][1]["hits"]
            with store.transaction(write=True) as other:
                other["t"].update(1, {"hits": seen + 10})
            mine["t"].update(1, {"hits": seen + 1})
        assert ask(store, "t(1)")[0]["hits"] == seen + 10


def test_transactions_that_wait_for_each_other_are_told(served: Place) -> None:
    with served.open(busy_timeout=20) as store:
        outcomes: list[str] = []
        barrier = Barrier(2)

        def write(first: int, second: int) -> None:
            try:
                with store.transaction(write=True) as tx:
                    tx["t"].update(first, {"word": f"by {first}"})
                    barrier.wait()
                    tx["t"].update(second, {"word": f"by {first}"})
                outcomes.append("done")
            except Conflict:
                outcomes.append("told")

        threads = [Thread(target=write, args=pair) for pair in ((1, 2), (2, 1))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["done", "told"]
        assert len({row["word"] for row in ask(store, "t")}) == 1


@pytest.fixture(autouse=True)
def _two_rows(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "served" in request.fixturenames:
        request.getfixturevalue("served").run("UPDATE t SET hits = 0")
