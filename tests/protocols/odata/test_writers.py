"""Many who write at once, over HTTP, in both versions and on every store: no change is lost, none is left half done."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread, get_ident
from typing import Any

import pytest

from demotic.model import EntitySet, EntityType
from demotic.protocols.odata import ODataV2, ODataV4
from demotic.service import Service
from demotic.store import MOST_TRIES, ChangedMeanwhile, Store, Transaction, TransactionClosed
from demotic.store.memory import MemoryStore
from demotic.store.sql import QueryTooLong, open_store
from demotic.store.sql.changes._writer import SqlWriter
from demotic.syntax.http import Request

TABLES = """
CREATE TABLE Boxes (ID INT NOT NULL PRIMARY KEY, Label VARCHAR(20) NOT NULL, Hits INT NOT NULL);
CREATE TABLE Parts (ID INT NOT NULL PRIMARY KEY, Box_ID INT NOT NULL, Name VARCHAR(20) NOT NULL, UNIQUE (Name),
  FOREIGN KEY (Box_ID) REFERENCES Boxes (ID));
INSERT INTO Boxes VALUES (1, 'one', 0);
INSERT INTO Boxes VALUES (2, 'two', 0);
INSERT INTO Boxes VALUES (3, 'three', 0);
INSERT INTO Parts VALUES (1, 1, 'taken');
"""
SQL = ("sqlite", "postgresql", "mariadb")


def _sqlite(folder: Path) -> str:
    path = folder / "boxes.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(TABLES)
    return str(path)


def _database(request: pytest.FixtureRequest, kind: str) -> str:
    quoted = re.sub(r"\b(Boxes|Parts|Box_ID|ID|Label|Hits|Name)\b", r'"\1"', TABLES)
    server = request.getfixturevalue(kind)
    url: str = server.new_database(quoted if kind == "postgresql" else quoted.replace('"', "`"))
    return url


def _memory(folder: Path) -> Store:
    """The same model and data, in memory."""
    with open_store(_sqlite(folder)) as store:
        memory = MemoryStore(store.model)
        with store.transaction() as here, memory.transaction(write=True) as there:
            for name in ("Boxes", "Parts"):
                for entity in here[name].values():
                    there[name].insert(dict(entity))
    return memory


@pytest.fixture(params=["memory", *SQL])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The boxes, in each kind of store."""
    if request.param == "memory":
        yield _memory(tmp_path)
        return
    url = _sqlite(tmp_path) if request.param == "sqlite" else _database(request, request.param)
    with open_store(url, busy_timeout=20) as opened:
        yield opened


Send = Callable[..., tuple[int, Any, dict[str, str]]]


@pytest.fixture(params=["v4", "v2"])
def send(request: pytest.FixtureRequest, store: Store) -> Send:
    """What sends a request to the store's service, in each version of OData."""
    handler = {"v4": ODataV4, "v2": ODataV2}[request.param](Service(store))
    return sender(handler, f"/odata/{request.param}/")


def sender(handler: Any, root: str) -> Send:
    def send(method: str, path: str, given: Any = None, **fields: str) -> tuple[int, Any, dict[str, str]]:
        body = given if isinstance(given, bytes) else b"" if given is None else json.dumps(given).encode()
        sent = {"content-type": "application/json", "content-length": str(len(body))} if body else {}
        sent |= {name.replace("_", "-"): value for name, value in fields.items()}
        target, _, query = path.partition("?")
        answer = handler(Request(method, root + target, query, sent, body=BytesIO(body).read))
        data = answer.body if isinstance(answer.body, bytes) else b"".join(answer.body)
        shown = json.loads(data) if data[:1] == b"{" else data
        return answer.status, shown.get("d", shown) if isinstance(shown, dict) else shown, dict(answer.fields)

    return send


def together(count: int, work: Callable[[int], object]) -> list[Any]:
    """Return what ``work`` gives in so many threads that begin at once."""
    barrier, results = Barrier(count), [None] * count

    def run(number: int) -> None:
        barrier.wait()
        results[number] = work(number)  # type: ignore[call-overload]

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def changed(parts: list[tuple[str, str, Any]]) -> bytes:
    """Return a batch with one change set."""
    lines = ["--b", "Content-Type: multipart/mixed; boundary=c", ""]
    for number, (method, path, given) in enumerate(parts):
        body = json.dumps(given)
        lines += ["--c", "Content-Type: application/http", "Content-Transfer-Encoding: binary", f"Content-ID: {number}"]
        lines += ["", f"{method} {path} HTTP/1.1", "Content-Type: application/json", f"Content-Length: {len(body)}", ""]
        lines += [body]
    return "\r\n".join([*lines, "--c--", "--b--", ""]).encode()


def rows(store: Store, name: str) -> list[tuple[Any, ...]]:
    with store.transaction() as tx:
        return sorted(tuple(entity.values()) for entity in tx[name].values())


def _merge(send: Send) -> str:
    """Return the method that changes what is given: in OData 2 MERGE."""
    return "PATCH" if send("GET", "Boxes(1)")[1].get("@odata.context") else "MERGE"


# --- lost updates


@pytest.mark.feature("F-WRITE-09")
@pytest.mark.spec("OD-201", "OD-240")
def test_of_many_who_change_one_state_exactly_one_wins(store: Store, send: Send) -> None:
    method = _merge(send)
    for turn in range(3):
        tag = send("GET", "Boxes(2)")[2]["etag"]
        found = together(
            5, lambda n, turn=turn, tag=tag: send(method, "Boxes(2)", {"Hits": 10 * turn + n + 1}, if_match=tag)
        )
        assert sorted(status for status, _, _ in found) == [204, 412, 412, 412, 412]
        (winner,) = [n for n, (status, _, _) in enumerate(found) if status == 204]
        assert rows(store, "Boxes")[1] == (2, "two", 10 * turn + winner + 1)


@pytest.mark.feature("F-WRITE-09")
def test_counting_by_reading_and_writing_loses_nothing(store: Store, send: Send) -> None:
    method = _merge(send)

    def count(_: int) -> int:
        """Add one, as a client does that reads again where it is told that others were faster."""
        for tries in range(1, 200):
            _, seen, fields = send("GET", "Boxes(3)")
            status, answer, _ = send(method, "Boxes(3)", {"Hits": int(seen["Hits"]) + 1}, if_match=fields["etag"])
            if status == 204:
                return tries
            assert status == 412, answer
        return 0

    assert all(together(4, lambda n: count(n) and count(n) and count(n)))
    assert rows(store, "Boxes")[2] == (3, "three", 12)


@pytest.mark.feature("F-WRITE-09")
def test_of_deleting_and_changing_one_state_only_one_happens(store: Store, send: Send) -> None:
    method = _merge(send)
    tag = send("GET", "Boxes(3)")[2]["etag"]
    gone, written = together(
        2,
        lambda n: (
            send("DELETE", "Boxes(3)", if_match=tag)[0]
            if n == 0
            else send(method, "Boxes(3)", {"Hits": 5}, if_match=tag)[0]
        ),
    )
    left = [row for row in rows(store, "Boxes") if row[0] == 3]
    assert (gone, written, left) in [(204, 412, []), (204, 404, []), (412, 204, [(3, "three", 5)])]


@pytest.mark.feature("F-WRITE-05")
def test_of_many_who_set_what_is_not_there_one_inserts_and_all_are_done(store: Store) -> None:
    send = sender(ODataV4(Service(store)), "/odata/v4/")
    for key in range(20, 24):
        found = together(4, lambda n, key=key: send("PUT", f"Boxes({key})", {"Label": f"by {n}", "Hits": n}))
        assert sorted(status for status, _, _ in found) == [201, 204, 204, 204], [body for _, body, _ in found]
        (row,) = [row for row in rows(store, "Boxes") if row[0] == key]
        assert row[1] == f"by {row[2]}"


# --- all or nothing


@pytest.mark.feature("F-WRITE-05")
@pytest.mark.spec("OD-203")
def test_a_deep_insert_that_fails_in_the_middle_leaves_nothing(store: Store, send: Send) -> None:
    before = rows(store, "Boxes"), rows(store, "Parts")
    box = {"ID": 9, "Label": "nine", "Hits": 0}
    good, again = {"ID": 90, "Name": "new"}, {"ID": 90, "Name": "other"}
    status, answer, _ = send("POST", "Boxes", {**box, "Parts": [good, again]})
    assert status == 409, answer
    assert (rows(store, "Boxes"), rows(store, "Parts")) == before
    status, answer, _ = send("POST", "Boxes", {**box, "Parts": [good]})
    assert status == 201, answer
    assert rows(store, "Parts")[-1][:1] == (90,)


@pytest.mark.feature("F-WRITE-05")
@pytest.mark.spec("OD-203")
def test_a_change_set_that_fails_in_the_middle_leaves_nothing(store: Store, send: Send) -> None:
    before, method = rows(store, "Boxes"), _merge(send)
    parts = [
        ("POST", "Boxes", {"ID": 7, "Label": "seven", "Hits": 0}),
        (method, "Boxes(1)", {"Label": "changed"}),
        ("POST", "Boxes", {"ID": 2, "Label": "there already", "Hits": 0}),
    ]
    status, answer, _ = send("POST", "$batch", changed(parts), content_type="multipart/mixed; boundary=b")
    assert (status, b"HTTP/1.1 409" in answer) in [(200, True), (202, True)]
    assert rows(store, "Boxes") == before
    send("POST", "$batch", changed(parts[:2]), content_type="multipart/mixed; boundary=b")
    assert [row[:2] for row in rows(store, "Boxes")] == [(1, "changed"), (2, "two"), (3, "three"), (7, "seven")]


# --- what is run again


@pytest.fixture(params=["postgresql", "mariadb"])
def served(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The boxes on each kind of server."""
    with open_store(_database(request, request.param), busy_timeout=20) as opened:
        yield opened


@pytest.mark.feature("F-SQLWRITE-07")
def test_a_transaction_that_was_in_a_deadlock_is_run_again(served: Any) -> None:
    meeting = Barrier(2)

    def cross(number: int) -> int:
        runs = []

        def work(tx: Transaction) -> None:
            runs.append(number)
            tx["Boxes"].update(1 + number, {"Label": f"by {number}"})
            if len(runs) == 1:
                meeting.wait()  # both have one of them, and want the other
            tx["Boxes"].update(2 - number, {"Hits": 100 + number})

        served.transact(work)
        return len(runs)

    assert sorted(together(2, cross)) == [1, 2]
    found = rows(served, "Boxes")[:2]
    assert sorted(row[1] for row in found) == ["by 0", "by 1"]
    assert {row[2] for row in found} == {100, 101}


@pytest.mark.feature("F-SQLWRITE-07")
@pytest.mark.parametrize("version", ["v4", "v2"])
def test_change_sets_in_a_deadlock_are_all_done(served: Any, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    send = sender({"v4": ODataV4, "v2": ODataV2}[version](Service(served)), f"/odata/{version}/")
    method, meeting, met, runs = _merge(send), Barrier(2), set(), []
    begin, update = type(served).begin, SqlWriter.update

    def counted(self: Any, *, write: bool = False) -> Store:
        runs.append(write)
        return begin(self, write=write)

    def meets(self: SqlWriter, entity_set: EntitySet, key: tuple[object, ...], values: Any, kind: EntityType) -> None:
        update(self, entity_set, key, values, kind)
        if get_ident() not in met:
            met.add(get_ident())
            meeting.wait()  # both have one of them, and want the other

    monkeypatch.setattr(type(served), "begin", counted)
    monkeypatch.setattr(SqlWriter, "update", meets)

    def cross(number: int) -> bytes:
        parts = [(method, f"Boxes({key})", {"Label": f"by {number}"}) for key in ((1, 3), (3, 1))[number]]
        answer: bytes = send("POST", "$batch", changed(parts), content_type="multipart/mixed; boundary=b")[1]
        return answer

    for answer in together(2, cross):
        assert answer.count(b"HTTP/1.1 204") == 2
    assert sum(runs) == 3  # one of the two was run twice
    monkeypatch.undo()
    assert len({row[1] for row in rows(served, "Boxes") if row[0] != 2}) == 1


@pytest.mark.feature("F-SQLWRITE-07")
def test_what_is_run_again_ends_at_last(tmp_path: Path) -> None:
    runs = []

    def never(tx: Transaction) -> None:
        runs.append(tx)
        tx["Boxes"].update(1, {"Hits": len(runs)})
        raise ChangedMeanwhile("always")

    with open_store(_sqlite(tmp_path)) as store:
        with pytest.raises(ChangedMeanwhile, match="always"):
            store.transact(never)
        assert len(runs) == MOST_TRIES
        assert rows(store, "Boxes")[0] == (1, "one", 0)


@pytest.mark.feature("F-SQLWRITE-09")
def test_without_returning_a_counted_key_is_known_and_another_must_be_given(
    mariadb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = "CREATE TABLE counted (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, word VARCHAR(9));\n"
    tables += "CREATE TABLE made (id VARCHAR(36) NOT NULL DEFAULT (uuid()) PRIMARY KEY, word VARCHAR(9))"
    monkeypatch.setattr("demotic.store.sql.dialects.mariadb._dialect.Mariadb.returns", False)  # as on MySQL
    with open_store(mariadb.new_database(tables)) as store:
        send = sender(ODataV4(Service(store)), "/odata/v4/")
        assert [send("POST", "counted", {"word": word})[1]["id"] for word in ("a", "b")] == [1, 2]
        assert send("POST", "counted", {"id": 7, "word": "c"})[1]["id"] == 7
        assert send("POST", "counted", {"word": "d"})[1]["id"] == 8
        status, refused, _ = send("POST", "made", {"word": "a"})
        assert (status, refused["error"]["target"]) == (501, "id")
        assert rows(store, "made") == []
        assert send("POST", "made", {"id": "x", "word": "a"})[0] == 201
        assert rows(store, "made") == [("x", "a")]


@pytest.mark.feature("F-SQLWRITE-01")
def test_a_change_to_what_is_there_already_is_no_failure(store: Store, send: Send) -> None:
    method = _merge(send)
    assert [send(method, "Boxes(1)", {"Label": "one"})[0] for _ in range(2)] == [204, 204]
    assert rows(store, "Boxes")[0] == (1, "one", 0)


@pytest.mark.feature("F-SQLWRITE-07")
def test_a_transaction_in_which_a_statement_failed_is_not_taken_for_committed(
    request: pytest.FixtureRequest,
) -> None:
    slow = 'CREATE VIEW "Slow" AS SELECT 1 AS id, pg_sleep(5)::text AS word'
    url = _database(request, "postgresql")
    request.getfixturevalue("postgresql").run(slow, url.rpartition("/")[2])
    with open_store(url, time_limit=0.2, view_keys={"Slow": ["id"]}) as store:
        with pytest.raises(TransactionClosed), store.transaction(write=True) as tx:
            tx["Boxes"].update(1, {"Hits": 8})
            with suppress(QueryTooLong):
                list(tx["Slow"].values())
        with pytest.raises(QueryTooLong), store.transaction(write=True) as tx:
            tx["Boxes"].update(2, {"Hits": 8})
            with tx.unit.together():
                tx["Boxes"].update(1, {"Hits": 8})
                tx["Boxes"].update(1, {"Hits": 9})
                list(tx["Slow"].values())
        assert [row[2] for row in rows(store, "Boxes")] == [0, 0, 0]
