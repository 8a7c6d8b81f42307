"""The sample shop: the same rows everywhere, one of everything, and true to its own references."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from demotic import sample
from demotic.sample.__main__ import main

# Over every row of every table, in the order of writing. It changes only when the sample is changed on purpose.
DIGEST = "979b7d81e5846e5aeb94fee818f5d84f2446f6aee7cbd873bd8a7610f9aee820"

ROW_COUNTS = {
    "Categories": 12,
    "Suppliers": 10,
    "Customers": 120,
    "Employees": 9,
    "Products": 66,
    "Photos": 33,
    "Tags": 11,
    "ProductTags": 115,
    "Price List": 198,
    "Orders": 640,
    "OrderLines": 1839,
    "EveryType": 6,
    "Product Sales": 66,
}


@pytest.fixture
def db(shop: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{shop.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.mark.feature("F-SAMPLE-02")
def test_the_rows_are_the_same_on_every_machine(db: sqlite3.Connection) -> None:
    digest = hashlib.sha256()
    for table in ROW_COUNTS:
        for row in db.execute(f'SELECT * FROM "{table}"'):
            digest.update(repr(row).encode())
    assert digest.hexdigest() == DIGEST


def test_two_samples_are_the_same_file(shop: Path, tmp_path: Path) -> None:
    assert sample.create(tmp_path / "again.db").read_bytes() == shop.read_bytes()


@pytest.mark.parametrize(("table", "count"), ROW_COUNTS.items())
def test_each_table_has_its_rows(db: sqlite3.Connection, table: str, count: int) -> None:
    assert db.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (count,)


def test_every_reference_finds_its_target(db: sqlite3.Connection) -> None:
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_every_value_fits_the_column_it_stands_in(db: sqlite3.Connection) -> None:
    too_long = []
    for table in ROW_COUNTS:
        for _, name, kind, *_ in db.execute(f'PRAGMA table_info("{table}")').fetchall():
            if kind.startswith(("VARCHAR", "CHAR")):
                size = int(kind.partition("(")[2].rstrip(")"))
                count = f'SELECT count(*) FROM "{table}" WHERE length("{name}") > {size}'
                too_long += [(table, name)] * db.execute(count).fetchone()[0]
    assert too_long == []


@pytest.mark.parametrize(
    ("what", "query"),
    {
        "a category within a category within a category": """
            SELECT 1 FROM Categories a JOIN Categories b ON a.Parent_ID = b.ID WHERE b.Parent_ID IS NOT NULL""",
        "an employee without a superior": "SELECT 1 FROM Employees WHERE ReportsTo IS NULL",
        "a product without a supplier": "SELECT 1 FROM Products WHERE Supplier_ID IS NULL",
        "a product without a tag": "SELECT 1 FROM Products WHERE ID NOT IN (SELECT Product_ID FROM ProductTags)",
        "a customer who never ordered": "SELECT 1 FROM Customers WHERE ID NOT IN (SELECT Customer_ID FROM Orders)",
        "a percent sign and an underscore to search for": """
            SELECT 1 FROM Products a, Products b WHERE instr(a.Name, '%') AND instr(b.Name, '_')""",
        "a row of nothing but nulls": """
            SELECT 1 FROM EveryType WHERE coalesce(StringValue, BooleanValue, GuidValue) IS NULL""",
        "an empty text beside a null": "SELECT 1 FROM Orders a, Orders b WHERE a.Note = '' AND b.Note IS NULL",
        "a picture that is a PNG": "SELECT 1 FROM Photos WHERE substr(Image, 1, 8) = x'89504E470D0A1A0A'",
    }.items(),
)
def test_it_holds(db: sqlite3.Connection, what: str, query: str) -> None:
    assert db.execute(query).fetchone() == (1,), what


def test_a_line_costs_what_the_price_list_says_for_its_day(db: sqlite3.Connection) -> None:
    wrong = """
        SELECT count(*) FROM OrderLines l JOIN Orders o ON o.ID = l.Order_ID WHERE l.UnitPrice <> (
          SELECT p.Price FROM "Price List" p WHERE p.Product_ID = l.Product_ID AND p."Valid From" <= o.OrderDate
          ORDER BY p."Valid From" DESC LIMIT 1)"""
    assert db.execute(wrong).fetchone() == (0,)


@pytest.mark.feature("F-SAMPLE-03")
def test_an_existing_file_is_left_alone_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_text("mine")
    with pytest.raises(sample.SampleNotWritten, match="already exists"):
        sample.create(path)
    assert path.read_text() == "mine"
    assert sample.create(path, replace=True).read_bytes().startswith(b"SQLite format 3")


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(sample.SampleNotWritten, match="cannot be written"):
        sample.create(tmp_path / "nowhere" / "shop.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.feature("F-SAMPLE-01")
def test_the_command_writes_the_file_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "shop.db"
    assert main([str(path)]) == 0
    assert capsys.readouterr().out == f"wrote {path}\n"
    assert main([str(path)]) == 1
    assert "already exists" in capsys.readouterr().err
