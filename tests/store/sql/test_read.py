"""Reading: paths along navigation, conditions over it, and what is expanded, in how many statements."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from demotic.store.sql import SqlStore

from .support import JSON, Answer, ask, keys, make

SCRIPT = """
  CREATE TABLE Customer (ID TEXT PRIMARY KEY NOT NULL, City TEXT, Boss_ID TEXT REFERENCES Customer (ID));
  CREATE TABLE Invoice (ID INTEGER PRIMARY KEY, Customer_ID TEXT REFERENCES Customer (ID), Total DECIMAL(10, 2),
  Paid BOOLEAN);
  CREATE TABLE Line (
    Invoice_ID INTEGER REFERENCES Invoice (ID), Number INTEGER, Product_ID INTEGER REFERENCES Product (ID),
    Quantity INT,
    PRIMARY KEY (Invoice_ID, Number)
  );
  CREATE TABLE Product (ID INTEGER PRIMARY KEY, Name TEXT, Price REAL);
  CREATE TABLE Tag (Name TEXT PRIMARY KEY NOT NULL, Weight INT);
  CREATE TABLE Tagged (
    Product_ID INTEGER REFERENCES Product (ID), Tag_Name TEXT REFERENCES Tag (Name), PRIMARY KEY (Product_ID, Tag_Name)
  );
  INSERT INTO Customer VALUES ('ann', 'Rome', NULL), ('bob', 'Oslo', 'ann'), ('cyd', NULL, 'bob'), ('dan', 'Oslo',
  'gone');
  INSERT INTO Invoice VALUES
    (1, 'ann', 10.5, 1), (2, 'ann', 20, 0), (3, 'bob', 5, 1), (4, NULL, 7, NULL), (5, 'gone', 1, 0), (6, 'ann', NULL,
    NULL);
  INSERT INTO Product VALUES (1, 'Tea', 2.5), (2, 'Cup', 4), (3, 'Pot', NULL);
  INSERT INTO Line VALUES (1, 1, 1, 3), (1, 2, 2, 1), (2, 1, 2, 5), (3, 1, 1, NULL), (3, 2, NULL, 2), (1, 3, 1, 9);
  INSERT INTO Tag VALUES ('hot', 3), ('new', NULL), ('odd', 1);
  INSERT INTO Tagged VALUES (1, 'hot'), (1, 'new'), (2, 'new');
  """


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    with make(tmp_path_factory.mktemp("read"), SCRIPT) as store:
        yield store


@pytest.mark.spec("OD-230")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Customer", ["ann", "bob", "cyd", "dan"]),
        ("Customer('bob')", ["bob"]),
        ("Customer('nobody')", []),
        ("Customer('ann')/Invoice", [1, 2, 6]),
        ("Customer('ann')/Invoice(2)", [2]),
        ("Customer('ann')/Invoice(3)", []),
        ("Customer('ann')/Invoice(2)/Customer", ["ann"]),
        ("Invoice(5)/Customer", []),
        ("Customer('cyd')/Boss/Boss", ["ann"]),
        ("Customer('cyd')/Boss/Boss/Boss", []),
        ("Customer('cyd')/Boss/Invoice", [3]),
        ("Customer('ann')/Customer", ["bob"]),
        ("Product(1)/Tag", ["hot", "new"]),
        ("Tag('new')/Product", [1, 2]),
        ("Tag('new')/Product(2)/Tag", ["new"]),
        ("Product(1)/Tag('odd')", []),
        ("Line(Invoice_ID=1,Number=2)/Product/Tag", ["new"]),
        ("Product(2)/Line", [1, 2]),
    ],
)
def test_a_path_leads_to(store: SqlStore, path: str, expected: list[Any]) -> None:
    assert keys(store, path) == expected


@pytest.mark.spec("OD-232")
@pytest.mark.parametrize(
    ("path", "expected"),
    [("Customer/$count", 4), ("Customer('ann')/Invoice/$count", 3), ("Product(1)/Tag/$count", 2),
     ("Invoice/$count?$filter=Customer/City eq 'Rome'", 3), ("Customer('nobody')/Invoice/$count", 0)],
)  # fmt: skip
def test_a_count_is(store: SqlStore, path: str, expected: int) -> None:
    answer = Answer(store, path)
    assert (answer.count, answer.rows) == (expected, [])


@pytest.mark.feature("F-SQL-12")
@pytest.mark.spec("OD-229")
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Invoice?$filter=Customer/City eq 'Rome'", [1, 2, 6]),
        ("Invoice?$filter=Customer/City ne 'Rome'", [3, 4, 5]),
        ("Invoice?$filter=Customer/City eq null", [4, 5]),
        ("Invoice?$filter=Customer eq null", [4, 5]),
        ("Invoice?$filter=Customer ne null", [1, 2, 3, 6]),
        ("Invoice?$filter=Customer/Boss eq null", [1, 2, 4, 5, 6]),
        ("Invoice?$filter=not (Customer/City gt 'Pisa')", [3, 4, 5]),
        ("Invoice?$filter=Paid", [1, 3]),
        ("Invoice?$filter=not Paid", [2, 5]),
        ("Invoice?$filter=Paid eq null", [4, 6]),
        ("Invoice?$filter=Paid ne true", [2, 4, 5, 6]),
        ("Invoice?$filter=Total in (5,20,10.5)", [1, 2, 3]),
        ("Invoice?$filter=not (Total in (5,20))", [1, 4, 5, 6]),
        ("Invoice?$filter=Total in (5,null)", [3, 6]),
        ("Customer?$filter=Invoice/any()", ["ann", "bob"]),
        ("Customer?$filter=not Invoice/any()", ["cyd", "dan"]),
        ("Customer?$filter=Invoice/any(i:i/Total gt 10)", ["ann"]),
        ("Customer?$filter=Invoice/all(i:i/Total gt 1)", ["bob", "cyd", "dan"]),
        ("Customer?$filter=not Invoice/all(i:i/Paid)", ["ann"]),
        ("Customer?$filter=Invoice/$count gt 1", ["ann"]),
        ("Customer?$filter=Invoice/$count eq 0 and Boss/Invoice/$count eq 1", ["cyd"]),
        ("Customer?$filter=Invoice/any(i:i/Line/any(l:l/Product/Name eq 'Cup'))", ["ann"]),
        ("Customer?$filter=Invoice/any(i:i/Line/any(l:l/Quantity gt i/Total))", []),
        ("Customer?$filter=Invoice/any(i:i/Line/any(l:l/Quantity lt i/Total and i/Customer/City eq 'Rome'))", ["ann"]),
        ("Customer?$filter=Invoice/any(i:i/Customer/Boss/City eq 'Rome')", ["bob"]),
        ("Customer?$filter=Boss/Invoice/any(i:i/Total eq 5)", ["cyd"]),
        ("Product?$filter=Tag/any(t:t/Name eq 'hot')", [1]),
        ("Product?$filter=Tag/all(t:t/Weight eq null)", [2, 3]),
        ("Product?$filter=Tag/$count eq 2", [1]),
        ("Tag?$filter=Product/any(p:p/Tag/any(t:t/Name eq 'hot'))", ["hot", "new"]),
        ("Tag?$filter=Product/any(p:p/Line/any(l:l/Invoice/Customer/City eq 'Oslo'))", ["hot", "new"]),
        ("Customer?$orderby=Boss/City desc,ID", ["bob", "cyd", "ann", "dan"]),
        ("Customer?$orderby=Invoice/$count desc,ID desc", ["ann", "bob", "dan", "cyd"]),
        ("Product?$orderby=Tag/any(t:t/Weight eq 3) desc,ID", [1, 2, 3]),
        ("Invoice?$filter=startswith(Customer/ID,'b')", [3]),
        ("Customer?$filter=startswith(ID,'')", ["ann", "bob", "cyd", "dan"]),
        ("Customer?$filter=startswith(City,'Os') or endswith(City,'e')", ["ann", "bob", "dan"]),
        ("Customer?$filter=not startswith(City,'Os')", ["ann"]),
        ("Product?$filter=contains(Name,'%25') or contains(Name,'_')", []),
        ("Invoice?$filter=(Paid and Total gt 6) eq true", [1]),
        ("Invoice?$filter=(Paid or Total gt 6) eq null", [6]),
        ("Invoice?$filter=true", [1, 2, 3, 4, 5, 6]),
        ("Invoice?$filter=null", []),
        ("Invoice?$filter=not null", []),
    ],
)
def test_a_question_finds(store: SqlStore, question: str, expected: list[Any]) -> None:
    assert keys(store, question) == expected


# --- expand


def brief(row: dict[str, Any] | None) -> Any:
    """Return the first value of a row, and of the rows expanded in it."""
    if row is None:
        return None
    first = next(iter(row.values()))
    inner = {}
    for name, value in row.items():
        if isinstance(value, list):
            inner[name] = [brief(item) for item in value]
        elif isinstance(value, dict) or name == "Customer":
            inner[name] = brief(value)
        elif name.endswith("#"):
            inner[name] = value
    return (first, inner) if inner else first


@pytest.mark.feature("F-SQL-14")
@pytest.mark.spec("OD-169")
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Customer?$expand=Invoice", [
            ("ann", {"Invoice": [1, 2, 6]}), ("bob", {"Invoice": [3]}), ("cyd", {"Invoice": []}), ("dan",
            {"Invoice": []})]),
        ("Invoice?$expand=Customer&$select=ID", [
            (1, {"Customer": "ann"}), (2, {"Customer": "ann"}), (3, {"Customer": "bob"}), (4, {"Customer": None}),
            (5, {"Customer": None}), (6, {"Customer": "ann"})]),
        ("Customer('ann')?$expand=Invoice($top=1)", [("ann", {"Invoice": [1]})]),
        ("Customer?$expand=Invoice($top=1;$skip=1;$count=true)", [
            ("ann", {"Invoice": [2], "Invoice#": 3}), ("bob", {"Invoice": [], "Invoice#": 1}),
            ("cyd", {"Invoice": [], "Invoice#": 0}), ("dan", {"Invoice": [], "Invoice#": 0})]),
        ("Customer('ann')?$expand=Invoice($top=0;$count=true)", [("ann", {"Invoice": [], "Invoice#": 3})]),
        ("Customer('ann')?$expand=Invoice($count=true;$filter=Total gt 10)", [("ann", {"Invoice": [1, 2],
        "Invoice#": 2})]),
        ("Customer('ann')?$expand=Invoice($orderby=Total desc;$top=2)", [("ann", {"Invoice": [2, 1]})]),
        ("Customer('ann')?$expand=Invoice($skip=2)", [("ann", {"Invoice": [6]})]),
        ("Product?$expand=Tag", [(1, {"Tag": ["hot", "new"]}), (2, {"Tag": ["new"]}), (3, {"Tag": []})]),
        ("Product?$expand=Tag($orderby=Name desc;$top=1;$count=true)", [
            (1, {"Tag": ["new"], "Tag#": 2}), (2, {"Tag": ["new"], "Tag#": 1}), (3, {"Tag": [], "Tag#": 0})]),
        ("Tag('new')?$expand=Product($expand=Tag)", [("new", {"Product": [(1, {"Tag": ["hot", "new"]}), (2,
        {"Tag": ["new"]})]})]),
        ("Customer('bob')?$expand=Boss($expand=Invoice($filter=Paid)),Invoice($expand=Line($select=Number))", [
            ("bob", {"Boss": ("ann", {"Invoice": [1]}), "Invoice": [(3, {"Line": [1, 2]})]})]),
        ("Invoice(1)/Customer?$expand=Customer", [("ann", {"Customer": ["bob"]})]),
    ],
)  # fmt: skip
def test_what_is_expanded(store: SqlStore, question: str, expected: list[Any]) -> None:
    assert [brief(row) for row in ask(store, question)] == expected


@pytest.mark.feature("F-SQL-13")
@pytest.mark.spec("OD-174")
@pytest.mark.parametrize(
    ("question", "most"),
    [
        ("Customer?$expand=Invoice", 2),
        ("Customer?$expand=Invoice,Boss", 3),
        ("Customer?$expand=Invoice($expand=Line($expand=Product($expand=Tag)))", 5),
        ("Customer?$expand=Invoice($top=1;$count=true)&$count=true", 3),
        ("Customer", 1),
        ("Customer('ann')/Invoice(1)/Line", 1),
        ("Customer('ann')", 1),
    ],
)
def test_at_most_one_statement_and_one_for_each_expanded_navigation(
    store: SqlStore, question: str, most: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "demotic.store.sql"):
        ask(store, question)
    assert 0 < len(caplog.records) <= most


def test_values_are_logged_by_their_number_only(store: SqlStore, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "demotic.store.sql"):
        ask(store, "Customer?$filter=City eq 'Timbuktu'")
    assert "Timbuktu" not in caplog.text
    assert "2 parameters" in caplog.text


def test_a_shape_is_compiled_once(store: SqlStore) -> None:
    plans = {id(Answer(store, f"Invoice?$filter=Total gt {n} and ID ne {n}&$top={n}").plan) for n in range(50)}
    assert len(plans) == 1
    assert id(Answer(store, "Invoice?$filter=Total gt 5 and ID ne 5&$top=5", form=JSON).plan) not in plans
