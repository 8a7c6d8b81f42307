"""Writing to SQLite: what only a database knows, and the forms in which values are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demotic.errors import Conflict, InvalidInput
from demotic.model import InvalidValue
from demotic.store import (
    BrokenReference,
    ConstraintBroken,
    MissingValue,
    ReadOnly,
    Ref,
    StillReferenced,
    TransactionClosed,
)
from demotic.store.sql import DatabaseBusy, SqlStore

from .support import make

SCRIPT = """
CREATE TABLE Maker (ID INTEGER PRIMARY KEY, Name TEXT NOT NULL UNIQUE, Code TEXT UNIQUE);
CREATE TABLE Thing (
  ID INTEGER PRIMARY KEY, Name TEXT NOT NULL, Price DECIMAL(12, 2) CHECK (Price >= 0), Made DATETIME, Day DATE, At TIME,
  Token GUID, Odd DECIMAL, Double_ DOUBLE AS (Price * 2), Stamp DATETIME DEFAULT CURRENT_TIMESTAMP, Flag BOOLEAN,
  Maker_ID INTEGER REFERENCES Maker (ID), Maker_Code TEXT REFERENCES Maker (Code), Size REAL
);
CREATE TABLE Loose (Key TEXT PRIMARY KEY DEFAULT (hex(randomblob(4))) NOT NULL, Word TEXT) WITHOUT ROWID;
CREATE TABLE "Odd Name" ("The Key" INTEGER PRIMARY KEY, "a b" TEXT);
CREATE VIEW Shown AS SELECT ID, Name FROM Thing;
CREATE TRIGGER No_Nines BEFORE INSERT ON Thing WHEN NEW.Name = 'nine' BEGIN SELECT RAISE(ABORT, 'no nines here'); END;
INSERT INTO Maker VALUES (1, 'Ada', 'a'), (2, 'Bo', 'b');
INSERT INTO Thing (ID, Name, Made, Day, At, Token) VALUES
  (1, 'one', '2024-01-02 03:04:05', '2024-01-02', '03:04:05', '6F9619FF-8B86-D011-B42D-00C04FC964FF');
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with make(tmp_path, SCRIPT, view_keys={"Shown": ["ID"]}) as store:
        yield store


def rows(tmp_path: Path, text: str) -> list[Any]:
    with closing(sqlite3.connect(tmp_path / "test.db")) as db:
        return db.execute(text).fetchall()


@pytest.mark.feature("F-SQLWRITE-01")
@pytest.mark.spec("OD-234")
def test_values_are_kept_in_the_form_that_their_column_has(store: SqlStore, tmp_path: Path) -> None:
    given: dict[str, Any] = {
        "Name": "two",
        "Price": Decimal("9.99"),
        "Made": datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
        "Day": date(2024, 5, 6),
        "At": time(7, 8, 9),
        "Token": UUID("00112233-4455-6677-8899-aabbccddeeff"),
        "Flag": True,
    }
    with store.transaction() as tx:
        made = tx["Thing"].insert(given)
        assert {name: made[name] for name in given} == given
        assert made["Double_"] == pytest.approx(19.98)
        assert abs(made["Stamp"] - datetime.now(UTC)) < timedelta(minutes=5)
    assert rows(tmp_path, "SELECT Name, Price, Made, Day, At, Token, Flag FROM Thing WHERE ID = 2") == [
        ("two", 9.99, "2024-05-06 07:08:09", "2024-05-06", "07:08:09", "00112233-4455-6677-8899-AABBCCDDEEFF", 1)
    ]


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"Name": "x", "Price": -1}, ConstraintBroken, "Price >= 0"),
        ({"Name": "nine"}, ConstraintBroken, "no nines here"),
        ({"Name": "x", "Maker_ID": 5}, BrokenReference, "what is not there"),
        ({"Price": 1}, MissingValue, "Name"),
        ({"Name": "x", "Double_": 1.0}, InvalidInput, "the store makes it"),
        ({"Name": "x", "Size": float("nan")}, InvalidValue, "NaN"),
        ({"Name": "x", "Odd": Decimal("1234567890.12345678901")}, InvalidValue, "digits"),
        ({"Name": "x", "Made": datetime(2024, 1, 1, 0, 0, 0, 5, tzinfo=UTC)}, InvalidValue, "fraction|digits"),
        ({"Name": "x\ud800"}, InvalidInput, "cannot hold"),
    ],
)
@pytest.mark.feature("F-SQLWRITE-02")
def test_what_the_database_refuses_is_told_in_terms_of_the_model(
    store: SqlStore, values: dict[str, Any], error: type[Exception], message: str
) -> None:
    with store.transaction() as tx:
        with pytest.raises(error, match=message):
            tx["Thing"].insert(values)
        assert len(tx["Thing"]) == 1


@pytest.mark.feature("F-SQLWRITE-02")
def test_a_unique_value_that_is_taken_is_named(store: SqlStore) -> None:
    with store.transaction() as tx, pytest.raises(ConstraintBroken, match="this Name already"):
        tx["Maker"].insert({"Name": "Ada"})


@pytest.mark.feature("F-SQLWRITE-01")
def test_a_link_and_the_columns_that_keep_it_must_agree(store: SqlStore) -> None:
    with store.transaction(write=True) as tx:
        made = tx["Thing"].insert({"Name": "x", "Maker_ID": 1, "Maker": Ref(1)})
        with pytest.raises(InvalidInput, match="Maker and Maker_ID lead to different entities"):
            tx["Thing"].insert({"Name": "y", "Maker_ID": 2, "Maker": Ref(1)})
        with pytest.raises(InvalidInput, match="Maker and Maker_ID lead to different entities"):
            tx["Thing"].update(made.key, {"Maker_ID": None, "Maker": Ref(2)})
        assert tx["Thing"][made.key]["Maker_ID"] == 1
        assert tx["Thing"].update(made.key, {"Maker_ID": 2, "Maker": Ref(2)})["Maker_ID"] == 2


@pytest.mark.feature("F-SQLWRITE-01")
def test_a_link_may_be_kept_by_another_unique_column(store: SqlStore) -> None:
    with store.transaction() as tx:
        made = tx["Thing"].insert({"Name": "x", "Maker_Code": "b", "Maker": Ref(1)})
        assert (made["Maker_ID"], made["Maker_Code"]) == (1, "b")
        coded = next(
            name for name, item in tx["Thing"].type.navigation.items() if item.constraints[0][0].name == "Maker_Code"
        )
        tx["Thing"].link(made.key, coded, 1)
        assert tx["Thing"][made.key]["Maker_Code"] == "a"
        with pytest.raises(StillReferenced):
            tx["Maker"].delete(1)


def test_the_database_may_make_a_key_that_is_no_number(store: SqlStore) -> None:
    with store.transaction() as tx:
        made = tx["Loose"].insert({"Word": "w"})
        assert len(made.key) == 8 and tx["Loose"][made.key]["Word"] == "w"


def test_odd_names_are_written_to(store: SqlStore, tmp_path: Path) -> None:
    with store.transaction() as tx:
        made = tx["Odd_Name"].insert({"a_b": "x"})
        tx["Odd_Name"].update(made.key, {"a_b": "y"})
    assert rows(tmp_path, 'SELECT * FROM "Odd Name"') == [(1, "y")]


@pytest.mark.feature("F-SQLWRITE-03")
def test_a_view_is_not_written_to(store: SqlStore) -> None:
    with store.transaction() as tx:
        for change in (lambda: tx["Shown"].insert({"ID": 5, "Name": "x"}), lambda: tx["Shown"].delete(1)):
            with pytest.raises(ReadOnly, match="view"):
                change()


@pytest.mark.feature("F-SQLWRITE-03")
def test_a_store_opened_for_reading_changes_nothing(tmp_path: Path) -> None:
    with make(tmp_path, SCRIPT, read_only=True) as store:
        with store.transaction() as tx:
            assert tx["Thing"][1]["Name"] == "one"
            with pytest.raises(ReadOnly):
                tx["Thing"].delete(1)
        with pytest.raises(ReadOnly):
            store.transaction(write=True)


@pytest.mark.feature("F-SQLWRITE-04")
@pytest.mark.spec("OD-247")
def test_a_writer_waits_for_another_no_longer_than_agreed(tmp_path: Path) -> None:
    with make(tmp_path, SCRIPT, busy_timeout=0.05) as store:
        with store.transaction(write=True) as first:
            first["Maker"].insert({"Name": "Cy"})
            with pytest.raises(DatabaseBusy), store.transaction(write=True) as second:
                second["Maker"].insert({"Name": "Di"})
        with closing(sqlite3.connect(tmp_path / "test.db")) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseBusy):
                store.transaction(write=True)
        with store.transaction(write=True) as tx:
            assert sorted(item["Name"] for item in tx["Maker"].values()) == ["Ada", "Bo", "Cy"]


def test_what_was_written_is_there_for_others_at_once(store: SqlStore, tmp_path: Path) -> None:
    for number in range(5):
        with store.transaction() as tx:
            tx["Maker"].insert({"Name": f"m{number}"})
        assert rows(tmp_path, "SELECT count(*) FROM Maker") == [(3 + number,)]


@pytest.mark.feature("F-SQLWRITE-05")
@pytest.mark.spec("OD-252")
def test_foreign_keys_are_enforced_whatever_the_default_of_the_library(store: SqlStore, tmp_path: Path) -> None:
    with store.transaction() as tx, pytest.raises(BrokenReference):
        tx["Thing"].update(1, {"Maker_ID": 99})
    assert rows(tmp_path, "SELECT Maker_ID FROM Thing") == [(None,)]


RULES = """
CREATE TABLE T (ID INTEGER PRIMARY KEY, U TEXT UNIQUE ON CONFLICT ROLLBACK, N TEXT UNIQUE ON CONFLICT REPLACE);
CREATE TABLE Kept (ID INTEGER PRIMARY KEY, N TEXT UNIQUE ON CONFLICT IGNORE);
CREATE TABLE Late (ID INTEGER PRIMARY KEY, T_ID INTEGER REFERENCES T (ID) DEFERRABLE INITIALLY DEFERRED);
CREATE TRIGGER Keep BEFORE DELETE ON Kept BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER Same BEFORE UPDATE ON Kept WHEN NEW.N = 'same' BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER No BEFORE INSERT ON Kept WHEN NEW.N = 'no' BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER All_Back BEFORE INSERT ON Kept WHEN NEW.N = 'back' BEGIN SELECT RAISE(ROLLBACK, 'all back'); END;
INSERT INTO T VALUES (1, 'a', 'x'), (2, 'b', 'y');
INSERT INTO Kept VALUES (1, 'k'), (2, 'l');
"""


@pytest.fixture
def ruled(tmp_path: Path) -> Iterator[SqlStore]:
    with make(tmp_path, RULES) as store:
        yield store


@pytest.mark.feature("F-SQLWRITE-02")
def test_no_rule_of_a_table_replaces_ignores_or_undoes_in_silence(ruled: SqlStore, tmp_path: Path) -> None:
    with ruled.transaction() as tx:
        for change in (
            lambda: tx["T"].insert({"U": "a"}),
            lambda: tx["T"].insert({"N": "x"}),
            lambda: tx["T"].insert({"ID": 1}),
            lambda: tx["T"].update(1, {"N": "y"}),
            lambda: tx["Kept"].insert({"N": "k"}),
            lambda: tx["Kept"].insert({"N": "no"}),
            lambda: tx["Kept"].insert({"ID": 7, "N": "no"}),
            lambda: tx["Kept"].update(1, {"N": "same"}),
            lambda: tx["Kept"].update(1, {"N": "l"}),
            lambda: tx["Kept"].delete(1),
        ):
            with pytest.raises(Conflict):
                change()
    assert rows(tmp_path, "SELECT * FROM T") == [(1, "a", "x"), (2, "b", "y")]
    assert rows(tmp_path, "SELECT * FROM Kept") == [(1, "k"), (2, "l")]


def test_what_the_database_undoes_as_a_whole_stays_undone(ruled: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(TransactionClosed), ruled.transaction() as tx:
        tx["T"].insert({"U": "first"})
        with pytest.raises(ConstraintBroken, match="all back"):
            tx["Kept"].insert({"N": "back"})
        tx["T"].insert({"U": "second"})
    assert rows(tmp_path, "SELECT count(*) FROM T") == [(2,)]
    with ruled.transaction() as tx:
        tx["T"].insert({"U": "third"})
    assert rows(tmp_path, "SELECT count(*) FROM T") == [(3,)]


def test_a_reference_that_is_checked_at_the_end_is_told_at_the_end(ruled: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(BrokenReference), ruled.transaction() as tx:
        tx["Late"].insert({"T_ID": 99})
    assert rows(tmp_path, "SELECT count(*) FROM Late") == [(0,)]


@pytest.mark.feature("F-WRITE-06")
def test_clearing_a_slice_removes_no_more_than_it(ruled: SqlStore) -> None:
    with ruled.transaction() as tx:
        assert tx["T"].order_by("ID desc")[:1].clear() == 1
        assert list(tx["T"]) == [1]
