"""The data set, the handler written by hand, and the requests asked of it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from urllib.parse import unquote

import make_shop
import pytest
import raw_wsgi
import run
from shapes import fill, templates
from standard import STANDARD

COUNTS = {"Customers": 1000, "Products": 500, "Orders": 60, "OrderItems": 180}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shop.write(tmp_path_factory.mktemp("benchmarks") / "shop.db", 60)


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def ask(target: str) -> object:
    path, _, query = target.partition("?")
    statuses: list[str] = []
    body = raw_wsgi.app({"PATH_INFO": path, "QUERY_STRING": query}, lambda status, fields: statuses.append(status))
    assert statuses == ["200 OK"]
    return json.loads(b"".join(body))


@pytest.fixture
def handwritten(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(database)) as db:
        monkeypatch.setattr(raw_wsgi, "database", lambda: db)
        yield


def test_the_shop_has_so_many_rows_and_no_dangling_key(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        assert {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in COUNTS} == COUNTS
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_shop_is_the_same_every_time(database: Path, tmp_path: Path) -> None:
    assert dump(make_shop.write(tmp_path / "again.db", 60)) == dump(database)


@pytest.mark.usefixtures("handwritten")
def test_the_handler_by_hand_reads_an_order() -> None:
    order = ask("/key?id=3")
    assert isinstance(order, dict)
    assert order["@odata.context"] == "$metadata#Orders/$entity"
    assert (order["ID"], order["orderDate"]) == (3, "2020-01-01T01:51:00Z")


@pytest.mark.usefixtures("handwritten")
def test_the_handler_by_hand_expands_customer_and_items() -> None:
    answer = ask("/expand")
    assert isinstance(answer, dict)
    orders = answer["value"]
    assert [order["ID"] for order in orders] == list(range(1, 51))
    assert all(order["customer"]["ID"] == order["customer_ID"] for order in orders)
    assert [[item["ID"] for item in order["OrderItems"]] for order in orders[:2]] == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.usefixtures("handwritten")
def test_every_standard_request_has_an_answer_by_hand() -> None:
    for standard in STANDARD:
        ours, by_hand = standard.targets(max(standard.lowest, 1))
        assert ask(by_hand)
        assert "{" not in ours


def test_the_shapes_are_all_different_whatever_their_literals() -> None:
    chosen = templates(300)
    assert len(set(chosen)) == 300
    filled = [fill(template, Random(1)) for template in chosen]
    assert not any(" " in target or "{" in unquote(target) for target in filled)


def test_an_unknown_figure_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["run.py", "--only", "key,speed"])
    with pytest.raises(SystemExit):
        run.arguments()
    assert "there is no figure speed; there are key, customer" in capsys.readouterr().err
