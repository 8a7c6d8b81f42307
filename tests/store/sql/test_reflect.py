"""The model of a database: sets, keys, properties with facets, navigation both ways, and what is left out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from demotic.model import Facets, NavigationProperty, check
from demotic.store.sql import AmbiguousKey, InvalidSelection, SqlStore, open_store
from demotic.store.sql.reflection._declared import read_declared
from demotic.store.sql.reflection._names import identifier, identifiers, without_key_suffix

from .support import Answer, ask, kind, make


def ways(store: SqlStore, name: str) -> dict[str, str]:
    """Return the navigation of a type: name to target, with a star for many and a question mark for perhaps none."""

    def mark(item: NavigationProperty) -> str:
        return "*" if item.collection else "?" if item.nullable else ""

    return {n: f"{item.target.name}{mark(item)}" for n, item in kind(store, name).navigation.items()}


def load(shared_data: Path, folder: Path, script: str) -> SqlStore:
    path = folder / "loaded.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript((shared_data / "odata" / script).read_text("utf-8-sig"))
    return open_store(path)


@pytest.fixture(scope="module")
def northwind(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    with load(shared_data, tmp_path_factory.mktemp("northwind"), "northwind/create.sql") as store:
        yield store


@pytest.fixture(scope="module")
def chinook(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    with load(shared_data, tmp_path_factory.mktemp("chinook"), "chinook/Chinook_Sqlite.sql") as store:
        yield store


# --- the well-known databases


def test_northwind_is_a_sound_model(northwind: SqlStore) -> None:
    assert not check(northwind.model)
    assert northwind.model.container is not None
    assert list(northwind.model.container.sets) == [
        "Categories", "CustomerDemographics", "Customers", "Employees", "Order_Details", "Orders", "Products",
        "Regions",
        "Shippers", "Suppliers", "Territories",
    ]  # fmt: skip


@pytest.mark.feature("F-SQL-06")
@pytest.mark.spec("OD-003")
def test_northwind_navigates_both_ways(northwind: SqlStore) -> None:
    assert ways(northwind, "Orders") == {
        "Order_Details": "Order_Details*", "Customer": "Customers?", "Employee": "Employees?",
        "Shippers_ShipVia": "Shippers?",
    }  # fmt: skip
    assert ways(northwind, "Employees") == {
        "Territories": "Territories*", "Employees_ReportsTo": "Employees?", "Employees": "Employees*",
        "Orders": "Orders*",
    }  # fmt: skip
    for entity_set in northwind.model.container.sets.values():  # type: ignore[union-attr]
        for name, item in entity_set.type.navigation.items():
            assert item.partner is not None
            assert item.partner.partner is item
            assert entity_set.bindings[name].type is item.target


def test_northwind_keeps_a_key_that_the_database_lets_be_null(northwind: SqlStore) -> None:
    key = kind(northwind, "Customers").key
    assert [item.name for item in key] == ["CustomerID"]
    assert not key[0].nullable
    assert len(ask(northwind, "Customers")) == 93


@pytest.mark.feature("F-SQL-07")
def test_chinook_is_a_sound_model_with_its_link_table_as_navigation(chinook: SqlStore) -> None:
    assert not check(chinook.model)
    assert ways(chinook, "Playlist") == {"Track": "Track*"}
    assert ways(chinook, "Track") == {
        "InvoiceLine": "InvoiceLine*", "Playlist": "Playlist*", "Album": "Album?", "MediaType": "MediaType",
        "Genre": "Genre?",
    }  # fmt: skip
    assert kind(chinook, "Invoice").properties["Total"].facets == Facets(precision=10, scale=2)
    assert kind(chinook, "Track").properties["Name"].facets == Facets(max_length=200)


# --- names


@pytest.mark.feature("F-SQL-08")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Orders", "Orders"), ("Price List", "Price_List"), ("1st", "_1st"), ("", "_"), (" ", "_"), ("Größe", "Größe"),
        ("日本", "日本"), ("a-b.c", "a_b_c"), ("_x", "_x"), ("€", "_"), ("e\u0301", "é"),
    ],
)  # fmt: skip
def test_an_odd_name_becomes_an_identifier(name: str, expected: str) -> None:
    assert identifier(name) == expected


def test_a_long_name_is_cut_and_stays_distinct() -> None:
    names = [f"{'x' * 200}{n}" for n in range(3)]
    found = identifiers(names)
    assert {len(name) for name in found.values()} == {128}
    assert len(set(found.values())) == 3


@pytest.mark.feature("F-SQL-08")
def test_names_that_come_out_alike_are_numbered_those_that_fit_first() -> None:
    assert identifiers(["a b", "a_b", "A-B", "c"]) == {"a b": "a_b_2", "a_b": "a_b", "A-B": "A_B_3", "c": "c"}


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("customer_ID", "customer"), ("CustomerID", "Customer"), ("customerId", "customer"), ("parent_id", "parent"),
        ("ID", "ID"), ("_ID", "_ID"), ("Paid", "Paid"), ("GUID", "GUID"), ("ReportsTo", "ReportsTo"),
    ],
)  # fmt: skip
def test_a_key_column_gives_its_navigation_the_name_without_its_end(column: str, expected: str) -> None:
    assert without_key_suffix(column) == expected


# --- types


@pytest.mark.feature("F-SQL-04")
@pytest.mark.parametrize(
    ("declared", "type", "facets"),
    [
        ("INTEGER", "Int64", Facets()), ("INT", "Int64", Facets()), ("SMALLINT", "Int16", Facets()),
        ("TINYINT", "Int16", Facets()), ("TINYINT UNSIGNED", "Byte", Facets()), ("TINYINT SIGNED", "SByte", Facets()),
        ("mediumint(8)", "Int32", Facets()), ("UNSIGNED BIG INT", "Int64", Facets()), ("BOOLEAN", "Boolean", Facets()),
        ("DECIMAL(10,2)", "Decimal", Facets(precision=10, scale=2)), ("NUMERIC", "Decimal", Facets(scale="floating")),
        ("DECIMAL(5)", "Decimal", Facets(precision=5, scale=0)), ("REAL", "Double", Facets()),
        ("DOUBLE PRECISION", "Double", Facets()), ("FLOAT4", "Single", Facets()), ("TEXT", "String", Facets()),
        ("VARCHAR(80)", "String", Facets(max_length=80)), ("NATIVE CHARACTER(70)", "String", Facets(max_length=70)),
        ("nvarchar(max)", "String", Facets()), ("CLOB", "String", Facets()), ("BLOB", "Binary", Facets()),
        ("VARBINARY(16)", "Binary", Facets(max_length=16)), ("DATE", "Date", Facets()),
        ("DATETIME", "DateTimeOffset", Facets()), ("TIMESTAMP(3) WITH TIME ZONE", "DateTimeOffset", Facets()),
        ("TIME", "TimeOfDay", Facets()), ("UUID", "Guid", Facets()), ("UNIQUEIDENTIFIER", "Guid", Facets()),
        ("INTERVAL", "Duration", Facets()), ("MYTEXT", "String", Facets()), ("WHATEVER", "Decimal",
        Facets(scale="floating")),
        ("BIG INTEGER OF OURS", "Int64", Facets()),
    ],
)  # fmt: skip
def test_a_declared_type_stands_for_a_type_and_facets(declared: str, type: str, facets: Facets) -> None:
    found = read_declared(declared)
    assert found.type is not None
    assert (found.type.name, found.facets) == (type, facets)


def _properties(store: SqlStore, name: str) -> dict[str, Any]:
    return {n: item.type.name for n, item in kind(store, name).properties.items()}


@pytest.mark.feature("F-SQL-04")
def test_a_column_without_a_type_has_that_of_its_values(tmp_path: Path) -> None:
    script = """
      CREATE TABLE T (ID INTEGER PRIMARY KEY, i, r, s, b, m, n);
      INSERT INTO T VALUES (1, 1, 1.5, 'x', x'00', 1, NULL), (2, 2, 2, 'y', x'01', 'x', NULL);
      """
    with make(tmp_path, script) as store:
        assert _properties(store, "T") == {
            "ID": "Int64", "i": "Int64", "r": "Double", "s": "String", "b": "Binary", "m": "String", "n": "String",
        }  # fmt: skip
        assert [row["m"] for row in ask(store, "T")] == ["1", "x"]


def test_a_date_column_that_bears_times_is_of_instants(tmp_path: Path) -> None:
    script = """
      CREATE TABLE T (ID INTEGER PRIMARY KEY, midnight DATE, timed DATE);
      INSERT INTO T VALUES (1, '2024-02-29 00:00:00', '2024-02-29 12:30:00');
      """
    with make(tmp_path, script) as store:
        assert _properties(store, "T") == {"ID": "Int64", "midnight": "Date", "timed": "DateTimeOffset"}
        assert [str(row["midnight"]) for row in ask(store, "T")] == ["2024-02-29"]


@pytest.mark.feature("F-SQL-05")
def test_nullability_defaults_and_what_the_database_computes_are_declared(tmp_path: Path) -> None:
    script = """
      CREATE TABLE T (
        ID INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'it''s', b INT DEFAULT 5, c DATETIME DEFAULT CURRENT_TIMESTAMP,
        d BOOLEAN DEFAULT 1, e INT DEFAULT NULL, f INT GENERATED ALWAYS AS (b + 1) STORED, g TEXT COLLATE NOCASE,
        h DATE DEFAULT 'soon'
      );
      """
    with make(tmp_path, script) as store:
        items = kind(store, "T").properties
        assert {n for n, item in items.items() if not item.nullable} == {"ID", "a"}
        assert {n: item.default for n, item in items.items() if item.default} == {"a": "it's", "b": "5", "d": "true"}
        terms = {n: {a.term.rpartition(".")[2] for a in item.annotations} for n, item in items.items()}
        assert terms["f"] == {"Computed"}
        assert terms["ID"] == terms["c"] == terms["h"] == {"ComputedDefaultValue"}
        assert [a.value for a in items["g"].annotations] == ["Compared and ordered by the collation NOCASE."]
        assert not check(store.model)


@pytest.mark.feature("F-SQL-05")
def test_a_decimal_kept_as_a_double_is_declared_approximate(tmp_path: Path) -> None:
    script = """
      CREATE TABLE T (ID INTEGER PRIMARY KEY, kept DECIMAL(10, 2), whole DECIMAL(10, 2));
      INSERT INTO T VALUES (1, 1.25, 5);
      """
    with make(tmp_path, script) as store:
        items = kind(store, "T").properties
        assert [a.value for a in items["kept"].annotations] == ["Approximate: kept as a binary floating-point number."]
        assert items["whole"].annotations == []


# --- keys


@pytest.mark.feature("F-SQL-09")
def test_what_has_no_key_is_left_out_with_the_reason(tmp_path: Path) -> None:
    script = """
      CREATE TABLE Good (ID INTEGER PRIMARY KEY);
      CREATE TABLE Loose (a, b);
      CREATE TABLE Holds (k BLOB PRIMARY KEY NOT NULL);
      CREATE TABLE Narrow (a INT NOT NULL, b INT NOT NULL, c INT, UNIQUE (a, b), UNIQUE (c));
      CREATE VIEW Seen AS SELECT ID FROM Good;
      CREATE VIEW Broken AS SELECT gone FROM nowhere;
      """
    with make(tmp_path, script) as store:
        assert store.model.container is not None
        assert list(store.model.container.sets) == ["Good", "Narrow"]
        assert [item.name for item in kind(store, "Narrow").key] == ["a", "b"]
        assert dict(store.left_out).keys() == {"Broken", "Holds", "Loose", "Seen"}
        assert "a view needs a key" in dict(store.left_out)["Seen"]
        assert "cannot be read" in dict(store.left_out)["Broken"]


@pytest.mark.feature("F-SQL-09")
def test_a_view_is_published_with_the_key_stated_for_it(tmp_path: Path) -> None:
    script = """
      CREATE TABLE Good (ID INTEGER PRIMARY KEY, Name TEXT);
      INSERT INTO Good VALUES (1, 'a'), (2, 'b');
      CREATE VIEW "Seen by" AS SELECT ID AS "The ID", upper(Name) AS Name FROM Good;
      """
    for number, stated in enumerate([{"Seen by": ["The ID"]}, {"Seen_by": ["The_ID"]}]):
        with make(tmp_path, script, f"{number}.db", view_keys=stated) as store:
            assert [item.name for item in kind(store, "Seen_by").key] == ["The_ID"]
            assert ask(store, "Seen_by(2)") == [{"The_ID": 2, "Name": "B"}]


@pytest.mark.parametrize("stated", [{"Nowhere": ["ID"]}, {"Seen": ["Nothing"]}, {"Seen": []}, {"Good": ["ID"]}])
def test_a_key_stated_wrongly_is_refused(tmp_path: Path, stated: dict[str, list[str]]) -> None:
    script = "CREATE TABLE Good (ID INTEGER PRIMARY KEY); CREATE VIEW Seen AS SELECT ID FROM Good;"
    with pytest.raises(InvalidSelection):
        make(tmp_path, script, view_keys=stated)


def test_rows_whose_key_is_null_are_no_entities(tmp_path: Path) -> None:
    script = """
      CREATE TABLE T (k TEXT PRIMARY KEY, v INT, up TEXT REFERENCES T (k));
      INSERT INTO T VALUES ('a', 1, NULL), (NULL, 2, 'a'), (NULL, 3, 'a'), ('b', 4, 'a');
      """
    with make(tmp_path, script) as store:
        assert [row["v"] for row in ask(store, "T")] == [1, 4]
        assert [row["v"] for row in ask(store, "T('a')/T")] == [4]
        assert [row["k"] for row in ask(store, "T?$filter=T/$count eq 1")] == ["a"]
        assert [len(row["T"]) for row in ask(store, "T?$expand=T")] == [1, 0]


REPEATED = """
  CREATE TABLE P (ID INTEGER PRIMARY KEY, a INT, g UUID);
  INSERT INTO P VALUES (1, 1, 'x'), (2, 1, 'y'), (3, NULL, 'z'), (4, 2, NULL);
  CREATE TABLE Loose (a INT, b INT);
  INSERT INTO Loose VALUES (1, 1), (1, 2), (2, NULL);
  CREATE VIEW V AS SELECT a, g FROM P;
  """


@pytest.mark.feature("F-SQL-09")
@pytest.mark.parametrize(("stated", "example"), [({"V": ["a"]}, "a=1"), ({"Loose": ["a"]}, "a=1")])
def test_a_stated_key_that_rows_share_is_refused(tmp_path: Path, stated: dict[str, list[str]], example: str) -> None:
    with pytest.raises(InvalidSelection, match=example):
        make(tmp_path, REPEATED, view_keys=stated)


@pytest.mark.feature("F-SQL-09")
def test_rows_without_an_address_are_told(tmp_path: Path) -> None:
    script = f"""
      {REPEATED}
      CREATE TABLE Texts (k TEXT PRIMARY KEY, v INT);
      INSERT INTO Texts VALUES (NULL, 1), (NULL, 2), ('a', 3);
      CREATE TABLE Numbers (k INT PRIMARY KEY NOT NULL);
      INSERT INTO Numbers VALUES (1), ('x');
      """
    with make(tmp_path, script, view_keys={"Loose": ["a", "b"], "V": ["g"]}) as store:
        assert dict(store.notes) == {
            "Loose": "1 row is left out, whose key is null",
            "Numbers": "1 row is without an address: part of the key does not fit its type",
            "P.g": "published as text: most of its values are no Guid",
            "V": "1 row is left out, whose key is null",
            "V.g": "published as text: most of its values are no Guid",
            "Texts": "2 rows are left out, whose key is null",
        }
        assert len(ask(store, "Loose")) == 2


@pytest.mark.feature("F-SQL-09")
def test_a_key_that_two_rows_have_in_different_forms_is_none(tmp_path: Path) -> None:
    guid = "0f8fad5b-d9cb-469f-a165-70867728950e"
    script = f"""
      CREATE TABLE T (ID INTEGER PRIMARY KEY);
      CREATE TABLE G (g UUID PRIMARY KEY NOT NULL, T_ID INT REFERENCES T);
      INSERT INTO G VALUES ('{guid}', 1), ('{guid.upper()}', 2);
      """
    with make(tmp_path, script) as store:
        assert guid in dict(store.left_out)["G"]
        assert not ways(store, "T")


@pytest.mark.feature("F-SQL-09")
def test_a_key_that_comes_to_be_shared_gives_no_wrong_entity(tmp_path: Path) -> None:
    script = "CREATE TABLE P (a INT, b INT); INSERT INTO P VALUES (1, 1), (2, 2); CREATE VIEW V AS SELECT * FROM P;"
    with make(tmp_path, script, view_keys={"V": ["a"]}) as store:
        assert ask(store, "V(1)") == [{"a": 1, "b": 1}]
        with closing(sqlite3.connect(tmp_path / "test.db")) as db:
            db.execute("INSERT INTO P VALUES (1, 3)")
            db.commit()
        for text, page in [("V(1)", None), ("V(1)?$select=b", None), ("V", 1), ("V?$orderby=a desc", 2)]:
            with pytest.raises(AmbiguousKey):
                Answer(store, text, page=page)
        assert len(ask(store, "V")) == 3


def test_a_view_too_slow_to_look_through_is_told(tmp_path: Path) -> None:
    script = """
      CREATE TABLE T (ID INTEGER PRIMARY KEY);
      CREATE VIEW Endless AS WITH RECURSIVE n(ID) AS (SELECT 1 UNION ALL SELECT ID + 1 FROM n) SELECT ID FROM n;
      """
    with make(tmp_path, script, view_keys={"Endless": ["ID"]}) as store:
        assert "no time" in dict(store.notes)["Endless"]


def test_no_reference_leads_to_a_row_without_a_key(tmp_path: Path) -> None:
    script = """
      CREATE TABLE P (k TEXT PRIMARY KEY, code TEXT UNIQUE, n TEXT);
      INSERT INTO P VALUES (NULL, 'A', 'p1'), ('b', 'B', 'p2');
      CREATE TABLE C (ID INTEGER PRIMARY KEY, code TEXT REFERENCES P (code));
      INSERT INTO C VALUES (1, 'A'), (2, 'B');
      """
    with make(tmp_path, script) as store:
        assert [row["P_code"] and row["P_code"]["n"] for row in ask(store, "C?$expand=P_code")] == [None, "p2"]
        assert ask(store, "C(1)/P_code") == []
        assert [row["ID"] for row in ask(store, "C?$filter=P_code eq null")] == [1]
        assert [row["ID"] for row in ask(store, "C?$filter=P_code/n ne null")] == [2]


# --- navigation


def test_a_reference_to_what_rows_share_is_a_plain_property(tmp_path: Path) -> None:
    script = """
      CREATE TABLE P (ID INTEGER PRIMARY KEY, code TEXT, own TEXT UNIQUE);
      CREATE TABLE C (ID INTEGER PRIMARY KEY, code TEXT REFERENCES P (code), own TEXT REFERENCES P (own));
      """
    with make(tmp_path, script) as store:
        assert list(ways(store, "C")) == ["P_own"]


@pytest.mark.feature("F-SQL-06")
def test_colliding_names_have_the_column_added(tmp_path: Path) -> None:
    script = """
      CREATE TABLE Airport (ID INTEGER PRIMARY KEY, Flight TEXT);
      CREATE TABLE Leg (
        ID INTEGER PRIMARY KEY, from_ID INT NOT NULL REFERENCES Airport (ID), to_ID INT REFERENCES Airport (ID),
        Pilot INT REFERENCES Crew (ID), Mate_ID INT REFERENCES Crew (ID), Mate TEXT
      );
      CREATE TABLE Crew (ID INTEGER PRIMARY KEY, boss_id INT REFERENCES Crew);
      CREATE TABLE Flight (ID INTEGER PRIMARY KEY, Airport_ID INT REFERENCES Airport);
      """
    with make(tmp_path, script) as store:
        assert ways(store, "Leg") == {
            "from": "Airport",
            "to": "Airport?",
            "Crew_Pilot": "Crew?",
            "Crew_Mate_ID": "Crew?",
        }
        assert ways(store, "Airport") == {"Flight_Airport_ID": "Flight*", "Leg_from_ID": "Leg*", "Leg_to_ID": "Leg*"}
        assert ways(store, "Crew") == {"boss": "Crew?", "Crew": "Crew*", "Leg_Pilot": "Leg*", "Leg_Mate_ID": "Leg*"}
        assert not check(store.model)


@pytest.mark.feature("F-SQL-06")
@pytest.mark.spec("OD-230", "NEW-019")
def test_a_composite_key_is_navigated_with_all_of_its_columns(tmp_path: Path) -> None:
    script = """
      CREATE TABLE Room (house TEXT, number INT, PRIMARY KEY (house, number));
      CREATE TABLE Lamp (ID INTEGER PRIMARY KEY, house TEXT, place INT, FOREIGN KEY (house, place) REFERENCES Room);
      INSERT INTO Room VALUES ('A', 1), ('A', 2), ('B', 1);
      INSERT INTO Lamp VALUES (1, 'A', 1), (2, 'A', 1), (3, 'B', 1), (4, NULL, 1), (5, 'C', 1);
      """
    with make(tmp_path, script) as store:
        assert ways(store, "Lamp") == {"Room": "Room?"}
        constraints = kind(store, "Lamp").navigation["Room"].constraints
        assert [(a.name, b.name) for a, b in constraints] == [("house", "house"), ("place", "number")]
        assert [r["ID"] for r in ask(store, "Room(house='A',number=1)/Lamp")] == [1, 2]
        lamps = ask(store, "Lamp?$expand=Room")
        assert [lamp["Room"] and (lamp["Room"]["house"], lamp["Room"]["number"]) for lamp in lamps] == [
            ("A", 1), ("A", 1), ("B", 1), None, None,
        ]  # fmt: skip
        rooms = ask(store, "Room?$expand=Lamp($select=ID)")
        assert [[lamp["ID"] for lamp in room["Lamp"]] for room in rooms] == [[1, 2], [], [3]]
        assert [r["ID"] for r in ask(store, "Lamp?$filter=Room eq null")] == [4, 5]


@pytest.mark.feature("F-SQL-06")
@pytest.mark.spec("OD-230")
def test_a_reference_that_is_unique_is_navigated_back_to_one(tmp_path: Path) -> None:
    script = """
      CREATE TABLE Person (ID INTEGER PRIMARY KEY);
      CREATE TABLE Passport (Person_ID INTEGER PRIMARY KEY REFERENCES Person (ID) ON DELETE CASCADE, Number TEXT);
      INSERT INTO Person VALUES (1), (2);
      INSERT INTO Passport VALUES (1, 'X1');
      """
    with make(tmp_path, script) as store:
        assert ways(store, "Person") == {"Passport": "Passport?"}
        assert kind(store, "Person").navigation["Passport"].on_delete == "Cascade"
        assert [r["Passport"] and r["Passport"]["Number"] for r in ask(store, "Person?$expand=Passport")] == [
            "X1",
            None,
        ]
        assert [r["ID"] for r in ask(store, "Person?$filter=Passport/Number eq 'X1'")] == [1]
        assert ask(store, "Person(2)/Passport") == []


@pytest.mark.feature("F-SQL-07")
@pytest.mark.spec("OD-230")
def test_a_link_table_is_navigation_both_ways_and_no_set(tmp_path: Path) -> None:
    script = """
      CREATE TABLE P (ID INTEGER PRIMARY KEY);
      CREATE TABLE Friends (a_ID INT REFERENCES P (ID), b_ID INT REFERENCES P (ID), PRIMARY KEY (a_ID, b_ID));
      CREATE TABLE Loose (a INT REFERENCES P (ID), b INT REFERENCES P (ID));
      INSERT INTO P VALUES (1), (2), (3);
      INSERT INTO Friends VALUES (1, 2), (1, 3), (2, 3);
      """
    with make(tmp_path, script) as store:
        assert store.model.container is not None
        assert list(store.model.container.sets) == ["P"]
        assert ways(store, "P") == {"P_b_ID": "P*", "P_a_ID": "P*"}
        assert [r["ID"] for r in ask(store, "P(1)/P_b_ID")] == [2, 3]
        assert [[x["ID"] for x in r["P_a_ID"]] for r in ask(store, "P?$expand=P_a_ID")] == [[], [1], [1, 2]]
        assert dict(store.left_out).keys() == {"Loose"}


def test_a_reference_to_what_is_not_published_is_a_plain_property(tmp_path: Path) -> None:
    script = """
      CREATE TABLE A (ID INTEGER PRIMARY KEY, B_ID INT REFERENCES B (ID), C_ID INT REFERENCES Gone (ID));
      CREATE TABLE B (ID INTEGER PRIMARY KEY);
      """
    with make(tmp_path, script, exclude=["B"]) as store:
        assert ways(store, "A") == {}
        assert list(kind(store, "A").properties) == ["ID", "B_ID", "C_ID"]
