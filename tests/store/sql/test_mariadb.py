"""MariaDB: what is found in its information schema, how its types are read, asked for and written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from demotic.errors import DemoticError
from demotic.model import InvalidValue
from demotic.store import BrokenReference, ConstraintBroken, DuplicateKey, MissingValue
from demotic.store.sql import SqlStore, open_store

from .support import JSON, ask, keys, kind

SCRIPT = """
CREATE TABLE kinds (
  id INT AUTO_INCREMENT PRIMARY KEY COMMENT 'The number', tiny TINYINT, utiny TINYINT UNSIGNED, flag TINYINT(1),
  bit1 BIT(1),
  bits BIT(10), small SMALLINT, usmall SMALLINT UNSIGNED, medium MEDIUMINT, uint INT UNSIGNED, big BIGINT,
  ubig BIGINT UNSIGNED,
  f4 FLOAT, f8 DOUBLE, amount DECIMAL(12, 2), word VARCHAR(20) DEFAULT 'it''s',
  folded VARCHAR(20) COLLATE utf8mb4_general_ci,
  padded CHAR(5), raw VARBINARY(10), day DATE, at TIME(3), moment TIMESTAMP(3) NULL, local DATETIME(6), year YEAR,
  mark UUID,
  doc JSON, mood ENUM('sad', 'ok', 'happy one'), colours SET('red', 'green'),
  twice BIGINT AS (small * 2) STORED, changed TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
) AUTO_INCREMENT 100 COMMENT 'Of every kind';
CREATE TABLE parents (a INT, b VARCHAR(10) COLLATE utf8mb4_general_ci, name VARCHAR(20) UNIQUE, PRIMARY KEY (a, b));
CREATE TABLE children (
  id INT AUTO_INCREMENT PRIMARY KEY, a INT, b VARCHAR(10) COLLATE utf8mb4_general_ci, kind_id INT NOT NULL,
  UNIQUE KEY both_of (a, kind_id), CONSTRAINT no_nines CHECK (a <> 9),
  FOREIGN KEY (a, b) REFERENCES parents (a, b), FOREIGN KEY (kind_id) REFERENCES kinds (id) ON DELETE CASCADE
);
CREATE VIEW shown AS SELECT id, word FROM kinds;
CREATE TABLE loose (x INT);
CREATE TABLE kept_otherwise (id INT PRIMARY KEY) ENGINE = MyISAM;
INSERT INTO kinds (id, tiny, utiny, flag, bit1, bits, small, usmall, medium, uint, big, ubig, f4, f8, amount, word,
folded, padded,
  raw, day, at, moment, local, year, mark, doc, mood, colours)
VALUES (1, -7, 200, 1, b'1', b'1000000001', 7, 65535, -8388608, 4294967295, 9007199254740993, 18446744073709551615,
0.1, 0.1, 12.50,
  'one', 'Straße', 'ab', x'00ff', '2024-02-29', '12:30:01.5', '2024-02-29 12:30:00.123', '2024-02-29 12:30', 1999,
  '6f9619ff-8b86-d011-b42d-00c04fc964ff', '{"a": 1}', 'happy one', 'red,green'),
  (2, null, null, 7, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
  '30:00:00', null, null, null, null, null, null, null),
  (3, -1, 0, 0, b'0', 0, -1, 0, 0, 0, -1, 0, 1e10, -1e300, -0.01, 'b', 'ABC', 'b', '', '0001-01-01', '23:59:59.999',
  '2038-01-01', '9999-12-31 23:59:59.999999', 2155, '00000000-0000-0000-0000-000000000000', 'null', 'sad', '');
INSERT INTO parents VALUES (1, 'x', 'one x'), (1, 'y', 'one y'), (2, 'x', 'two x');
INSERT INTO children (a, b, kind_id) VALUES (1, 'X', 1), (1, 'y', 3), (2, 'x', 3), (null, null, 3), (1, 'x', 2);
"""


@pytest.fixture(scope="module")
def url(mariadb: Any) -> str:
    made: str = mariadb.new_database(SCRIPT)
    return made


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[SqlStore]:
    with open_store(url, view_keys={"shown": ["id"]}) as store:
        yield store


@pytest.mark.feature("F-SQL-33")
@pytest.mark.spec("OD-221", "OD-255")
def test_every_type_of_column_has_one_of_ours(store: SqlStore) -> None:
    properties = kind(store, "kinds").all_properties()
    found = {n: item.type.qualified_name[4:] + ("" if item.nullable else "!") for n, item in properties.items()}
    assert found == {
        "id": "Int32!", "tiny": "SByte", "utiny": "Byte", "flag": "Boolean", "bit1": "Boolean", "bits": "Int64",
        "small": "Int16",
        "usmall": "Int32", "medium": "Int32", "uint": "Int64", "big": "Int64", "ubig": "Decimal", "f4": "Single",
        "f8": "Double",
        "amount": "Decimal", "word": "String", "folded": "String", "padded": "String", "raw": "Binary", "day": "Date",
        "at": "TimeOfDay", "moment": "DateTimeOffset", "local": "DateTimeOffset", "year": "Int16", "mark": "Guid",
        "doc": "String",
        "mood": "String", "colours": "String", "twice": "Int64", "changed": "DateTimeOffset",
    }  # fmt: skip
    assert (properties["amount"].facets.precision, properties["amount"].facets.scale) == (12, 2)
    assert (properties["word"].facets.max_length, properties["word"].default) == (20, "it's")
    said = {(n, a.term.rpartition(".")[2]): a.value for n, item in properties.items() for a in item.annotations}
    assert said["id", "Description"] == "The number"
    assert said["twice", "Computed"] and said["changed", "ComputedDefaultValue"] and said["id", "ComputedDefaultValue"]
    assert "utf8mb4_general_ci" in said["folded", "LongDescription"]
    assert [one["Value"] for one in said["mood", "AllowedValues"]] == ["sad", "ok", "happy one"]
    assert kind(store, "kinds").annotations[0].value == "Of every kind"
    assert "Approximate" in str(store.model.container.annotations[0].value)


@pytest.mark.feature("F-SQL-34")
def test_values_are_read_as_what_they_are(store: SqlStore) -> None:
    row = ask(store, "kinds(1)")[0]
    del row["changed"]
    assert row == {
        "id": 1, "tiny": -7, "utiny": 200, "flag": True, "bit1": True, "bits": 513, "small": 7, "usmall": 65535,
        "medium": -8388608, "uint": 4294967295, "big": 9007199254740993, "ubig": Decimal(18446744073709551615),
        "f4": 0.10000000149011612, "f8": 0.1, "amount": Decimal("12.50"), "word": "one", "folded": "Straße",
        "padded": "ab",
        "raw": b"\x00\xff", "day": date(2024, 2, 29), "at": time(12, 30, 1, 500_000),
        "moment": datetime(2024, 2, 29, 12, 30, 0, 123_000, UTC), "local": datetime(2024, 2, 29, 12, 30, tzinfo=UTC),
        "year": 1999, "mark": UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff"), "doc": '{"a": 1}', "mood": "happy one",
        "colours": "red,green", "twice": 14,
    }  # fmt: skip
    unfit = ask(store, "kinds(2)", JSON)[0]
    assert (unfit["flag"], unfit["at"]) == (None, None)
    assert keys(store, "kinds?$filter=flag eq null and at eq null") == [2]


@pytest.mark.feature("F-SQL-12")
@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("small eq 7 and small lt 7.5 and small gt 6.5e0", [1]),
        ("big eq 9007199254740993 and big gt 9007199254740992e0", [1]),
        ("big eq 9007199254740992.0", []),
        ("ubig eq 18446744073709551615", [1]),
        ("f8 eq 0.1", [1]),
        ("f8 lt big", [1, 3]),
        ("amount eq 12.5 and amount add 0.25 eq 12.75", [1]),
        ("flag", [1]),
        ("not flag", [3]),
        ("bit1 and bits eq 513", [1]),
        ("raw eq binary'AP8='", [1]),
        ("moment eq 2024-02-29T12:30:00.123Z and year(local) eq 2024", [1]),
        ("mark eq 6f9619ff-8b86-d011-b42d-00c04fc964ff", [1]),
        ("mood eq 'happy one' and contains(mood,'ppy')", [1]),
        ("folded eq 'abc'", [3]),
        ("contains(folded,'abc')", []),
        ("word eq 'ONE'", []),
        ("startswith(word,'on') and endswith(word,'e') and length(word) eq 3", [1]),
        ("tolower(word) eq 'one' and toupper(word) eq 'ONE'", [1]),
        ("substring(word,-2) eq 'ne' and indexof(word,'e') eq 2", [1]),
        ("big mul big gt 0", [3]),
        ("big div 0 eq null", [1, 2, 3]),
        ("children/$count gt 1", [3]),
        ("children/any(c:c/a eq 2)", [3]),
        ("day add duration'P1D' eq 2024-03-01", [1]),
        ("day sub duration'P1D' eq null and id ne 2", [3]),
        ("local sub moment eq duration'-PT0.123S'", [1]),
        ("fractionalseconds(at) eq 0.5", [1]),
        ("f8 mod 0.3 gt 0", [1]),
    ],
)
def test_conditions_have_the_answer_of_the_evaluator(store: SqlStore, condition: str, found: list[int]) -> None:
    assert keys(store, f"kinds?$filter={condition}") == found


@pytest.mark.feature("F-SQL-32")
@pytest.mark.parametrize("condition", ["matchesPattern(word,'o.e')", "f8 mul 1e300 lt 0", "f8 lt INF"])
def test_what_cannot_be_computed_exactly_is_refused(store: SqlStore, condition: str) -> None:
    with pytest.raises(DemoticError) as caught:
        ask(store, f"kinds?$filter={condition}")
    assert caught.value.status == 501


@pytest.mark.feature("F-SQL-15")
@pytest.mark.parametrize("order", ["word", "folded desc", "small desc,f8", "moment", "mark desc", "flag"])
def test_null_is_lowest_and_pages_follow_each_other(store: SqlStore, order: str) -> None:
    whole = keys(store, f"kinds?$orderby={order}")
    assert sorted(whole) == [1, 2, 3]
    with store.transaction() as tx:
        asked, after, found = tx["kinds"].order_by(order), None, []
        while True:
            page = asked.page(1, after)
            found += [entity["id"] for entity in page.entities]
            after = page.after
            if after is None:
                break
    assert found == whole


@pytest.mark.feature("F-SQL-06", "F-SQL-14")
def test_composite_references_expand_by_the_collation_of_their_columns(store: SqlStore) -> None:
    rows = ask(store, "parents?$expand=children($orderby=id desc;$top=1;$count=true;$select=id)")
    assert [(r["name"], r["children#"], [c["id"] for c in r["children"]]) for r in rows] == [
        ("one x", 2, [5]), ("one y", 1, [2]), ("two x", 1, [3]),
    ]  # fmt: skip


def test_what_is_left_out_and_what_undoes_nothing_is_told(store: SqlStore) -> None:
    assert [name for name, _ in store.left_out] == ["loose"]
    assert [(name, "MyISAM" in text) for name, text in store.notes] == [("kept_otherwise", True)]


@pytest.mark.feature("F-SQLWRITE-01", "F-SQLWRITE-02")
def test_values_are_written_and_refusals_told_in_terms_of_the_model(store: SqlStore, mariadb: Any, url: str) -> None:
    values: dict[str, Any] = {
        "tiny": -1, "utiny": 1, "flag": True, "bit1": False, "bits": 3, "small": 1, "uint": 2**32 - 1,
        "ubig": Decimal(2**64 - 1),
        "f4": 0.5, "f8": 1e300, "amount": Decimal("1.25"), "word": "w\\'%", "folded": "F", "padded": "p",
        "raw": b"\x00'%",
        "day": date(2000, 1, 1), "at": time(1, 2, 3), "moment": datetime(2000, 1, 1, tzinfo=UTC), "year": 2000,
        "local": datetime(2000, 1, 1, tzinfo=UTC), "mark": UUID(int=7), "doc": "[1]", "mood": "ok", "colours": "red",
    }  # fmt: skip
    with pytest.raises(ZeroDivisionError), store.transaction(write=True) as tx:
        made = tx["kinds"].insert(values)
        assert {name: made[name] for name in values} == values
        assert made["twice"] == 2 and made.key >= 100
        for change in (
            {"mood": "wrong"},
            {"doc": "{"},
            {"f8": float("inf")},
            {"moment": datetime(2100, 1, 1, tzinfo=UTC)},
        ):
            with pytest.raises((InvalidValue, ConstraintBroken, DemoticError)):
                tx["kinds"].update(made.key, change)
        for child, error in (
            ({"kind_id": 77}, BrokenReference),
            ({"kind_id": 1, "a": 9, "b": "x"}, ConstraintBroken),
            ({"kind_id": 1, "a": 1, "b": "x"}, ConstraintBroken),
            ({"kind_id": 1, "id": 1}, DuplicateKey),
            ({}, MissingValue),
        ):
            with pytest.raises(error):
                tx["children"].insert(child)
        raise ZeroDivisionError
    assert mariadb.run("SELECT count(*) FROM kinds", url.rpartition("/")[2]) == [(3,)]


@pytest.mark.feature("F-SQL-17")
def test_long_results_are_streamed_in_one_state(mariadb: Any) -> None:
    script = "CREATE TABLE n (id INT PRIMARY KEY, half INT, INDEX (half), FOREIGN KEY (half) REFERENCES n (id));\n"
    script += "INSERT INTO n SELECT seq, CASE WHEN seq > 1 THEN seq DIV 2 END FROM seq_1_to_12000"
    url = mariadb.new_database(script)
    with open_store(url) as store:
        for collection in (lambda tx: tx["n"], lambda tx: tx["n"].expand("n_half")):
            with store.transaction() as tx:
                rows = iter(collection(tx).values())
                next(rows)
                mariadb.run("UPDATE n SET half = NULL WHERE id = 12000", url.rpartition("/")[2])
                assert [row["half"] for row in rows][-1] == 6000
            mariadb.run("UPDATE n SET half = 6000 WHERE id = 12000", url.rpartition("/")[2])
        with store.transaction() as tx:
            assert next(iter(tx["n"].values()))["id"] == 1  # and nothing more of it
        with store.transaction() as tx:
            assert len(tx["n"]) == 12_000
