"""Tables made from a model: the statements, what is kept in them, and what is refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from demotic.errors import InvalidInput, Unsupported
from demotic.model import Model, Property
from demotic.model.csdl import read_xml
from demotic.store import DuplicateKey, MissingValue, Ref, Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import (
    SqlStore,
    TableRules,
    TablesDiffer,
    TablesThere,
    create_tables,
    drop_tables,
    open_store,
    table_statements,
)
from demotic.testing.stores import world

CASES = Path(__file__).with_name("cases")


def gallery() -> Model:
    return read_xml((CASES / "gallery.xml").read_bytes())


@pytest.fixture
def store(tmp_path: Path) -> Any:
    model = gallery()
    create_tables(tmp_path / "gallery.db", model)
    with open_store(tmp_path / "gallery.db", model=model) as found:
        yield found


def tables_of(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


# --- the statements


@pytest.mark.feature("F-TABLES-01")
@pytest.mark.spec("OD-211", "OD-215", "OD-216", "OD-219", "OD-078")
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mariadb", "mysql"])
def test_the_statements_are_those_of_the_file(dialect: str) -> None:
    text = "".join(f"{statement};\n" for statement in table_statements(gallery(), dialect))
    assert text == (CASES / f"gallery.{dialect}.sql").read_text(encoding="utf-8")


@pytest.mark.feature("F-TABLES-01")
@pytest.mark.spec("OD-217")
def test_tables_that_refer_to_others_are_dropped_first(tmp_path: Path) -> None:
    path, model = tmp_path / "w.db", world()
    create_tables(path, model)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE Other (a)")
    dropped = drop_tables(path, model)
    assert dropped == table_statements(model, drop=True)
    assert dropped.index('DROP TABLE "Product_Tag"') < dropped.index('DROP TABLE "Product"')
    assert tables_of(path) == ["Other"]
    assert drop_tables(path, model) == []


CIRCLE = """<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"
 xmlns="http://docs.oasis-open.org/odata/ns/edm"><edmx:DataServices><Schema Namespace="c">
 <EntityType Name="A"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <NavigationProperty Name="B" Type="c.B"/></EntityType>
 <EntityType Name="B"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <NavigationProperty Name="A" Type="c.A"/></EntityType>
 <EntityContainer Name="C"><EntitySet Name="As" EntityType="c.A"/><EntitySet Name="Bs" EntityType="c.B"/>
 </EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"""


@pytest.mark.feature("F-TABLES-01")
@pytest.mark.spec("OD-216")
@pytest.mark.parametrize(("dialect", "apart"), [("sqlite", 0), ("postgresql", 2), ("mysql", 2)])
def test_tables_may_refer_to_each_other_in_a_circle(dialect: str, apart: int, tmp_path: Path) -> None:
    model = read_xml(CIRCLE)
    statements = table_statements(model, dialect)
    assert sum(statement.startswith("ALTER TABLE") for statement in statements) == apart
    assert sum("FOREIGN KEY" in statement for statement in statements) == 2
    if dialect == "sqlite":
        create_tables(tmp_path / "c.db", model)
        with open_store(tmp_path / "c.db", model=model) as store, store.transaction() as tx:
            tx["As"].insert({"ID": 1})
            tx["Bs"].insert({"ID": 2, "A": Ref(1)})
            tx["As"].update(1, {"B": Ref(2)})
            found = tx["As"].expand("B($expand=A)")[1]
            assert (found["B"].key, found["B"]["A"].key) == (2, 1)


@pytest.mark.feature("F-TABLES-02")
def test_tables_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    path, model = tmp_path / "w.db", world()
    with closing(sqlite3.connect(path)) as db:
        db.executescript("CREATE TABLE tag (Name VARCHAR(20) NOT NULL PRIMARY KEY); INSERT INTO tag VALUES ('kept')")
    with pytest.raises(TablesThere, match="Tag"):
        create_tables(path, model)
    assert tables_of(path) == ["tag"]
    made = create_tables(path, model, missing=True)
    assert not any('TABLE "Tag"' in statement for statement in made)
    assert create_tables(path, model, missing=True) == []
    with open_store(path, model=model) as store, store.transaction() as tx:
        assert list(tx["Tag"]) == ["kept"]


# --- names and types


@pytest.mark.feature("F-TABLES-03")
@pytest.mark.spec("OD-206", "OD-207", "OD-208")
def test_names_are_given_by_a_hook_or_made_by_default(tmp_path: Path) -> None:
    seen: list[tuple[str, ...]] = []

    def names(path: tuple[str, ...]) -> str | None:
        seen.append(path)
        return {("Artists",): "person", ("Artists", "Home", "City"): "town", ("Pictures", "Artist", "ID"): "by"}.get(
            path
        )

    rules = TableRules(names=names, joiner="$")
    model = gallery()
    create_tables(tmp_path / "g.db", model, rules=rules)
    with closing(sqlite3.connect(tmp_path / "g.db")) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(person)")]
        assert {"town", "Home$Street", "Home$Place$X", "Teacher$ID"} <= set(columns)
        assert "by" in [row[1] for row in db.execute("PRAGMA table_info(Pictures)")]
    assert {("Pictures", "Shows"), ("Pictures", "Shows", "source", "Code"), ("Artists", "Letters", "No")} <= set(seen)
    with open_store(tmp_path / "g.db", model=model, rules=rules) as store, store.transaction() as tx:
        made = tx["Artists"].insert({"Name": "A", "Home": {"City": "Ulm"}, "Works": [{"Code": "x"}]})
        assert list(tx["Pictures"].where("Artist/Home/City eq 'Ulm'")) == ["x"]
        assert made["Home"]["City"] == "Ulm"


@pytest.mark.feature("F-TABLES-03")
@pytest.mark.spec("OD-221", "OD-218")
def test_types_and_defaults_are_given_by_hooks(tmp_path: Path) -> None:
    def types(path: tuple[str, ...], item: Property) -> str | None:
        return "NVARCHAR(9)" if path == ("Tag", "Name") else None

    def defaults(path: tuple[str, ...], item: Property) -> str | None:
        return "(7 * 6)" if path == ("Product", "Stock") else None

    rules = TableRules(types=types, defaults=defaults)
    statements = "\n".join(table_statements(world(), rules=rules))
    assert '"Name" NVARCHAR(9) NOT NULL' in statements
    assert '"Stock" BIGINT DEFAULT (7 * 6) NOT NULL' in statements


@pytest.mark.feature("F-TABLES-03")
@pytest.mark.parametrize("given", ["", 5, "a\0b"])
def test_a_hook_must_give_names(given: Any) -> None:
    with pytest.raises(InvalidInput, match="no name for Tag"):
        table_statements(world(), rules=TableRules(names={("Tag",): given}))


@pytest.mark.feature("F-TABLES-03")
@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({("Tag",): "product"}, "second table product"),
        ({("Product", "Stock"): "NAME"}, "two columns NAME"),
        ({("Product", "Tag", "source", "ID"): "x", ("Product", "Tag", "target", "Name"): "X"}, "two columns X"),
    ],
)
def test_two_things_cannot_have_one_name(names: dict[tuple[str, ...], str], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        table_statements(world(), rules=TableRules(names=names))


def test_a_dialect_that_there_is_none_of_is_told() -> None:
    with pytest.raises(InvalidInput, match="no dialect 'oracle'"):
        table_statements(world(), "oracle")


# --- what is kept

EVERYTHING: dict[str, Any] = {
    "Code": "x1",
    "Title": "Ünï ☕",
    "Price": Decimal("1234567890123456.1234"),
    "Traits": 3,
    "Ratio": 0.5,
    "Rank": 255,
    "Delta": -128,
    "Level": -32768,
    "Length": timedelta(hours=1, microseconds=5),
    "Open": False,
    "Note": "a",
    "Thumb": b"\x00\xff",
    "Where": {"type": "Point", "coordinates": [1.5, 2]},
}
ADA: dict[str, Any] = {
    "Name": "Ada",
    "Home": {"Street": "Rue", "City": "Ulm", "Place": {"X": 1.5, "Y": None}},
    "Work": None,
    "Mood": 2,
    "Nicknames": ["A", "Ä"],
    "Places": [{"X": 1.0, "Y": 2.0}, {"X": None, "Y": None}],
    "Since": datetime(2024, 2, 29, 1, 2, 3, 450000, tzinfo=UTC),
    "Born": date(1815, 12, 10),
}


@pytest.mark.feature("F-TABLES-04")
@pytest.mark.spec("OD-053")
def test_whole_numbers_of_32_bits_are_kept_and_no_others(store: Store) -> None:
    least, most = -(2**31), 2**31 - 1
    with store.transaction() as tx:
        shows = tx["Shows"]
        for year in (least, -1, most):
            shows.insert({"Year": year, "Name": "a"})
        for year in (least - 1, most + 1, 2024.5, "2024"):
            with pytest.raises(InvalidInput, match="Year"):
                shows.insert({"Year": year, "Name": "a"})
    with store.transaction() as tx:
        shows = tx["Shows"]
        assert [show["Year"] for show in shows.values()] == [least, -1, most]
        assert {type(show["Year"]) for show in shows.values()} == {int}
        assert list(shows.where(f"Year gt -1 and Year le {most}")) == [(most, "a")]


@pytest.mark.feature("F-TABLES-04")
@pytest.mark.spec("OD-074", "OD-078")
def test_every_kind_of_value_is_kept_and_found_again(store: SqlStore, tmp_path: Path) -> None:
    with store.transaction() as tx:
        ada = tx["Artists"].insert(ADA)
        picture = tx["Pictures"].insert({**EVERYTHING, "Artist": Ref(ada.key)})
    with open_store(tmp_path / "gallery.db", model=gallery()) as again, again.transaction() as tx:
        assert dict(tx["Artists"][ada.key]) == {**ADA, "ID": ada.key} == dict(ada)
        assert dict(tx["Pictures"]["x1"]) == EVERYTHING == dict(picture)


@pytest.mark.feature("F-TABLES-04")
@pytest.mark.spec("OD-086", "OD-234")
def test_the_database_makes_what_is_not_given(store: SqlStore) -> None:
    with store.transaction() as tx:
        ada = tx["Artists"].insert({"Name": "Ada", "Home": {"City": "Ulm"}, "Studio": {}})
        bo = tx["Artists"].insert({"Name": "Bo", "Home": {"City": "Bonn"}})
        assert ada.key != bo.key
        assert ada.key.version == 4
        assert ada["Since"].microsecond % 1000 == 0
        assert (ada["Mood"], ada["Nicknames"], ada["Work"]) == (1, [], None)
        studio = tx["Studios"].expand("Owner").first()
        assert studio is not None
        assert (studio["Opens"], studio["Owner"]["Name"]) == (time(9), "Ada")


def both(tmp_path: Path) -> tuple[Store, Store]:
    model = gallery()
    create_tables(tmp_path / "both.db", model)
    return MemoryStore(gallery()), open_store(tmp_path / "both.db", model=model)


@pytest.mark.feature("F-TABLES-04")
@pytest.mark.parametrize(
    "condition",
    [
        "Home/City eq 'Ulm'",
        "Home/Place/X gt 1",
        "Work/City eq null",
        "Work/Place/X eq null",
        "startswith(Home/City,'U')",
        "contains(Home/Street,'u') or Mood eq gallery.Mood'Calm'",
        "Mood in (gallery.Mood'Wild')",
        "Teacher/Home/City eq 'Ulm'",
        "Pupils/any(p:p/Home/City eq 'Bonn')",
        "Since lt 2024-03-01T00:00:00Z",
        "Studio/Opens eq 10:00:00",
        "Works/any(w:w/Length gt duration'PT1H')",
        "Works/any(w:w/Price eq 1234567890123456.1234)",
        "Friends/$count eq 1",
    ],
)
def test_conditions_find_the_same_in_tables_as_in_memory(condition: str, tmp_path: Path) -> None:
    found = []
    for store in both(tmp_path):
        with store, store.transaction() as tx:
            ada = tx["Artists"].insert({**ADA, "Studio": {"ID": 1, "Opens": time(10)}})
            tx["Artists"].insert(
                {
                    "Name": "Bo",
                    "Home": {"City": "Bonn"},
                    "Work": {"City": "Ulm", "Place": {"X": 5}},
                    "Since": datetime(2025, 1, 1, tzinfo=UTC),
                    "Teacher": Ref(ada.key),
                    "Friends": [Ref(ada.key)],
                    "Works": [EVERYTHING],
                }
            )
            found.append([e["Name"] for e in tx["Artists"].where(condition).order_by("Home/City desc").values()])
    assert found[0] == found[1]
    assert found[0]


@pytest.mark.feature("F-TABLES-05")
@pytest.mark.spec("OD-076", "OD-089")
@pytest.mark.parametrize("number", [0, 1], ids=["memory", "sqlite"])
def test_a_change_within_a_complex_value_leaves_the_rest(number: int, tmp_path: Path) -> None:
    store = both(tmp_path)[number]
    with store, store.transaction() as tx:
        key = tx["Artists"].insert(ADA).key
        after = tx["Artists"].update(key, {"Home": {"Street": None, "Place": {"Y": 7}}})
        assert after["Home"] == {"Street": None, "City": "Ulm", "Place": {"X": 1.5, "Y": 7.0}}
        assert tx["Artists"].update(key, {"Work": {"City": "Rom"}})["Work"]["City"] == "Rom"
        assert tx["Artists"].update(key, {"Work": None})["Work"] is None
        with pytest.raises(InvalidInput, match="no property Town"):
            tx["Artists"].update(key, {"Home": {"Town": "x"}})
        with pytest.raises(InvalidInput, match="Work/City"):
            tx["Artists"].update(key, {"Work": {"Street": "x"}})
        replaced = tx["Artists"].replace(key, {"Name": "Ada", "Home": {"City": "K"}})
        assert replaced["Home"] == {"Street": None, "City": "K", "Place": None}


@pytest.mark.feature("F-TABLES-06")
@pytest.mark.spec("OD-211", "OD-213", "OD-214", "OD-094")
def test_links_of_every_multiplicity_are_kept(store: SqlStore) -> None:
    with store.transaction() as tx:
        ada = tx["Artists"].insert({"Name": "Ada", "Home": {"City": "Ulm"}, "Studio": {}})
        bo = tx["Artists"].insert({"Name": "Bo", "Home": {"City": "Bonn"}, "Teacher": Ref(ada.key)})
        tx["Artists"].link(ada.key, "Friends", bo.key)
        tx["Pictures"].insert({"Code": "p", "Artist": Ref(bo.key), "Shows": [{"Year": 1999, "Name": "All"}]})
        tx["Shows"].link((1999, "All"), "Best", "p")
        read = tx["Artists"].expand("Teacher", "Pupils", "Friends", "Works($expand=Shows($expand=Best))", "Studio")
        first, second = read[ada.key], read[bo.key]
        assert [e["Name"] for e in first["Pupils"]] == [e["Name"] for e in first["Friends"]] == ["Bo"]
        assert (second["Teacher"]["Name"], second["Friends"], second["Studio"]) == ("Ada", [], None)
        assert second["Works"][0]["Shows"][0]["Best"]["Code"] == "p"
        with pytest.raises(MissingValue, match="Owner"):
            tx["Studios"].insert({})
        with pytest.raises(MissingValue, match="Artist"):
            tx["Pictures"].insert({"Code": "q"})
        with pytest.raises(Exception, match="Name"):
            tx["Artists"].insert({"Name": "Ada", "Home": {"City": "x"}})


@pytest.mark.feature("F-TABLES-04")
def test_a_key_that_is_there_is_told(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx["Shows"].insert({"Year": 1, "Name": "a"})
        with pytest.raises(DuplicateKey, match="Year, Name"):
            tx["Shows"].insert({"Year": 1, "Name": "a"})


# --- back to a model, and tables that are there


def shape(store: Store) -> Any:
    container = store.model.container
    assert container is not None
    return {
        name: (
            {p.name: (p.type.qualified_name, p.nullable, p.facets) for p in item.type.properties.values()},
            [p.name for p in item.type.key],
            {
                n.name: (n.target.name, n.collection, n.nullable, n.partner and n.partner.name, n.on_delete)
                for n in item.type.navigation.values()
            },
        )
        for name, item in sorted(container.sets.items())
    }


@pytest.mark.feature("F-TABLES-07")
def test_a_model_made_of_tables_made_of_a_model_is_that_model(tmp_path: Path) -> None:
    create_tables(tmp_path / "world.db", world())
    with open_store(tmp_path / "world.db") as found:
        assert shape(found) == shape(MemoryStore(world()))


def unnamed(kind: Any) -> Any:
    """Return what there is of a type but for the names of its navigation, which are made of those of columns."""
    properties, key, navigation = kind
    return len(properties), key, sorted((target, *rest[:2], str(rest[-1])) for target, *rest in navigation.values())


@pytest.mark.feature("F-TABLES-07")
def test_tables_made_of_reflected_ones_are_those(tmp_path: Path) -> None:
    create_tables(tmp_path / "one.db", gallery())
    with open_store(tmp_path / "one.db") as first:
        create_tables(tmp_path / "two.db", first.model)
        with open_store(tmp_path / "two.db") as second:
            for one, two in zip(shape(first).values(), shape(second).values(), strict=True):
                assert unnamed(one) == unnamed(two)


@pytest.mark.feature("F-TABLES-07")
def test_a_reflected_model_opens_the_tables_it_was_made_of(tmp_path: Path) -> None:
    create_tables(tmp_path / "world.db", world())
    with open_store(tmp_path / "world.db") as first, open_store(tmp_path / "world.db", model=first.model) as again:
        assert again.model is first.model
        assert again.notes == ()


THERE = """CREATE TABLE Product (ID INTEGER PRIMARY KEY, Name TEXT, Price INTEGER, Sold TEXT, Stock TEXT, Active INT,
 Since DATE, Weight REAL, Photo BLOB, Supplier_ID BIGINT, Extra TEXT NOT NULL);
CREATE TABLE Tag (Name TEXT); CREATE TABLE Line (Product_ID INT, No INT, PRIMARY KEY (No, Product_ID));
CREATE TABLE Folder (ID INTEGER PRIMARY KEY, Name TEXT, Parent_ID INT);"""


@pytest.mark.feature("F-TABLES-08")
@pytest.mark.spec("OD-220")
def test_all_differences_between_a_model_and_the_tables_are_told(tmp_path: Path) -> None:
    path = tmp_path / "there.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(THERE)
    with pytest.raises(TablesDiffer) as caught:
        open_store(path, model=world())
    assert [caught.value.message, *(detail.message for detail in caught.value.details)] == [
        "there is no table Supplier",
        "Product.Stock keeps Edm.String, the model has Edm.Int64",
        "Product.Extra must have a value, but the model does not know it",
        "the key of Tag is none, in the model Name",
        "Line has no column Quantity",
        "there is no table Product_Tag",
    ]


@pytest.mark.feature("F-TABLES-08")
@pytest.mark.spec("OD-220")
def test_tables_of_others_are_used_with_a_model_of_ones_own(tmp_path: Path) -> None:
    model = read_xml(CIRCLE.replace('Name="B" Type="c.B"', 'Name="B" Type="c.B" Partner="A"'))
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            "CREATE TABLE old_a (no INT PRIMARY KEY, b_no INT, more TEXT);"
            "CREATE TABLE bs (ID INT NOT NULL PRIMARY KEY, a INT);"
            "INSERT INTO old_a VALUES (1, 7, 'x'); INSERT INTO bs VALUES (7, 1); CREATE TABLE other (x);"
        )
    names = {("As",): "old_a", ("As", "ID"): "no", ("As", "B", "ID"): "b_no"}
    with open_store(path, model=model, rules=TableRules(names=names)) as store, store.transaction() as tx:
        assert list(tx) == ["As", "Bs"]
        assert tx["As"].expand("B")[1]["B"].key == 7
        tx["As"].insert({"ID": 2, "B": Ref(7)})
        assert list(tx["As"].where("B/ID eq 7")) == [1, 2]


@pytest.mark.feature("F-TABLES-08")
def test_a_model_takes_no_other_selection(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="what is published"):
        open_store(tmp_path / "x.db", model=world(), include=["a*"])


# --- what tables cannot keep


@pytest.mark.feature("F-TABLES-09")
def test_what_is_left_out_is_noted(tmp_path: Path) -> None:
    more = """<EntityType Name="Open" BaseType="c.A" OpenType="true"><Property Name="X" Type="Edm.String"/></EntityType>
      <EntityType Name="Root" Abstract="true"><Key><PropertyRef Name="ID"/></Key>
        <Property Name="ID" Type="Edm.Int32" Nullable="false"/></EntityType>
      <EntityType Name="Leaf" BaseType="c.Root" OpenType="true"><Property Name="Y" Type="Edm.String"/></EntityType>
      <EntityContainer Name="C"><Singleton Name="Me" Type="c.A"/><EntitySet Name="Leaves" EntityType="c.Leaf"/>"""
    model = read_xml(CIRCLE.replace('<EntityContainer Name="C">', more))
    create_tables(tmp_path / "n.db", model)
    with open_store(tmp_path / "n.db", model=model) as store, store.transaction() as tx:
        assert dict(tx["Leaves"].insert({"ID": 1, "Y": "a"})) == {"ID": 1, "Y": "a"}
        assert sorted(store.notes) == [
            ("Me", "a singleton is kept in no table"),
            ("c.Leaf", "its dynamic properties are not kept"),
            ("c.Open", "its dynamic properties are not kept"),
        ]


def with_type(change: tuple[str, str]) -> Model:
    return read_xml(CIRCLE.replace(*change))


@pytest.mark.feature("F-TABLES-09")
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (('"Bs" EntityType="c.B"', '"Bs" EntityType="c.A"'), Unsupported, "second set"),
        (('Name="ID" Type="Edm.Int32"', 'Name="ID" Type="Edm.Binary"'), InvalidInput, "key"),
        (('Name="B" Type="c.B"/>', 'Name="B" Type="c.B" ContainsTarget="true"/>'), Unsupported, "contains B"),
    ],
)
def test_what_tables_cannot_keep_is_refused(change: tuple[str, str], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        table_statements(with_type(change))


@pytest.mark.feature("F-TABLES-09")
def test_navigation_that_leads_to_no_set_is_told_and_refused(tmp_path: Path) -> None:
    model = with_type(('<EntitySet Name="Bs" EntityType="c.B"/>', ""))
    create_tables(tmp_path / "a.db", model)
    with open_store(tmp_path / "a.db", model=model) as store:
        assert store.notes == (("As/B", "it leads to no one entity set, so is not kept"),)
        with store.transaction() as tx:
            tx["As"].insert({"ID": 1})
            with pytest.raises(Unsupported, match="B is kept in no table"):
                list(tx["As"].expand("B").values())
            tx["As"].delete(1)
            assert len(tx["As"]) == 0
