"""Collections of values and values kept as JSON: asked and read in part alike in memory and in every database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demotic.errors import Unsupported
from demotic.model import Model
from demotic.model.csdl import read_xml
from demotic.store import NoSuchProperty, Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store

MODEL = """<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="box" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EnumType Name="Color"><Member Name="Red" Value="1"/><Member Name="Blue" Value="2"/></EnumType>
  <ComplexType Name="Phone">
    <Property Name="Kind" Type="Edm.String"/>
    <Property Name="Numbers" Type="Collection(Edm.String)" Nullable="false"/>
  </ComplexType>
  <ComplexType Name="Address">
    <Property Name="City" Type="Edm.String"/>
    <Property Name="Zip" Type="Edm.Int32"/>
    <Property Name="Since" Type="Edm.Date"/>
    <Property Name="Color" Type="box.Color"/>
    <Property Name="Phones" Type="Collection(box.Phone)" Nullable="false"/>
  </ComplexType>
  <ComplexType Name="Node">
    <Property Name="Name" Type="Edm.String"/>
    <Property Name="Next" Type="box.Node"/>
  </ComplexType>
  <EntityType Name="Box">
    <Key><PropertyRef Name="ID"/></Key>
    <Property Name="ID" Type="Edm.Int64" Nullable="false"/>
    <Property Name="Name" Type="Edm.String"/>
    <Property Name="Tags" Type="Collection(Edm.String)" Nullable="true"/>
    <Property Name="Numbers" Type="Collection(Edm.Int64)" Nullable="false"/>
    <Property Name="Prices" Type="Collection(Edm.Decimal)" Nullable="false"/>
    <Property Name="Weights" Type="Collection(Edm.Double)" Nullable="false"/>
    <Property Name="Flags" Type="Collection(Edm.Boolean)" Nullable="true"/>
    <Property Name="Days" Type="Collection(Edm.Date)" Nullable="false"/>
    <Property Name="Times" Type="Collection(Edm.TimeOfDay)" Nullable="false"/>
    <Property Name="Instants" Type="Collection(Edm.DateTimeOffset)" Nullable="false"/>
    <Property Name="Spans" Type="Collection(Edm.Duration)" Nullable="false"/>
    <Property Name="Codes" Type="Collection(Edm.Guid)" Nullable="false"/>
    <Property Name="Colors" Type="Collection(box.Color)" Nullable="false"/>
    <Property Name="Addresses" Type="Collection(box.Address)" Nullable="true"/>
    <Property Name="Home" Type="box.Address"/>
    <Property Name="Chain" Type="box.Node"/>
    <NavigationProperty Name="Inner" Type="box.Box"/>
  </EntityType>
  <EntityContainer Name="Service">
    <EntitySet Name="Boxes" EntityType="box.Box"><NavigationPropertyBinding Path="Inner" Target="Boxes"/></EntitySet>
  </EntityContainer>
</Schema>
</edmx:DataServices></edmx:Edmx>"""

WORDS = "Tags Numbers Prices Weights Flags Days Times Instants Spans Codes Colors Addresses"
EMPTY: dict[str, Any] = {name: [] for name in WORDS.split(" ")}


def place(city: str | None, code: int | None = None, **more: Any) -> dict[str, Any]:
    return {"City": city, "Zip": code, "Since": None, "Color": None, "Phones": [], **more}


BOXES: list[dict[str, Any]] = [
    {
        "ID": 1,
        "Name": "a",
        "Tags": ["a", "b ", "Ä☃😀", 'q"\\\n', None, ""],
        "Numbers": [9007199254740993, -1, 0],
        "Prices": [Decimal("0.1"), Decimal("12345678901234567890.000000001")],
        "Weights": [0.1, 1e300, 5e-324],
        "Flags": [True, None],
        "Days": [date(2024, 2, 29), date(1, 1, 1)],
        "Times": [time(23, 59, 59, 999999)],
        "Instants": [datetime(2024, 2, 29, 1, 2, 3, 450000, tzinfo=UTC)],
        "Spans": [timedelta(days=1, microseconds=1)],
        "Codes": [UUID(int=1)],
        "Colors": [1, 2],
        "Addresses": [
            place("Ulm", 89073, Color=1, Since=date(2020, 1, 1)),
            place("Rom", None, Phones=[{"Kind": "home", "Numbers": ["1", "2"]}, {"Kind": None, "Numbers": []}]),
            None,
        ],
        "Home": place("Bern", 3000, Phones=[{"Kind": "work", "Numbers": ["7"]}]),
        "Chain": {"Name": "x", "Next": {"Name": "y", "Next": None}},
    },
    {"ID": 2, "Name": "b", **EMPTY, "Tags": ["b", "a"], "Numbers": [1, 2, 3], "Weights": [2.0], "Home": None},
    {"ID": 3, "Name": None, **EMPTY, "Home": place(None), "Addresses": [place("Ulm", 1)], "Flags": [False]},
]


def boxes() -> Model:
    return read_xml(MODEL.encode())


def fill(store: Any) -> None:
    with store.transaction(write=True) as tx:
        for row in BOXES:
            tx["Boxes"].insert(row)
        tx["Boxes"].link(2, "Inner", 1)


@pytest.fixture(scope="module")
def stores(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Store]]:
    made: dict[str, Store] = {}

    def opened(kind: str) -> Store:
        sqlite = kind == "sqlite"
        where = tmp_path_factory.mktemp("v") / "v.db" if sqlite else request.getfixturevalue(kind).new_database()
        create_tables(where, boxes())
        return open_store(where, model=boxes())

    def of(kind: str) -> Store:
        if kind not in made:
            made[kind] = MemoryStore(boxes()) if kind == "memory" else opened(kind)
            fill(made[kind])
        return made[kind]

    yield of
    for store in made.values():
        store.close()


KINDS = ("memory", "sqlite", "postgresql", "mariadb")

FILTERS: list[tuple[str, list[int]]] = [
    ("Tags/any()", [1, 2]),
    ("not Tags/any()", [3]),
    ("Tags/any(t:t eq 'a')", [1, 2]),
    ("Tags/any(t:t eq 'A')", []),
    ("Tags/any(t:t eq 'b')", [2]),
    ("Tags/any(t:t eq 'b ')", [1]),
    ("Tags/any(t:t eq '')", [1]),
    ("Tags/any(t:t eq null)", [1]),
    ("Tags/all(t:t ne null)", [2, 3]),
    ("Tags/all(t:t eq 'a' or t eq 'b')", [2, 3]),
    ("not Tags/all(t:t in ('a','b'))", [1]),
    ("Tags/any(t:t eq 'Ä☃😀')", [1]),
    ("Tags/any(t:contains(t,'☃'))", [1]),
    ("Tags/any(t:length(t) eq 4)", [1]),
    ("Tags/any(t:startswith(t,'b') and t gt 'b')", [1]),
    ("Tags/any(t:t gt 'z')", [1]),
    ("Tags/any(t:t eq Name)", [1, 2]),
    ("Tags/any(t:t eq $it/Name and Numbers/any(n:n eq 2))", [2]),
    ("Tags/$count gt 2", [1]),
    ("Tags/$count eq 0", [3]),
    ("Tags/$count($filter=$this eq 'a' or $this eq 'b') eq 2", [2]),
    ("Tags/$count($search=b) eq 1", [1, 2]),
    ("Inner/Tags/any(t:t eq 'b ')", [2]),
    ("Inner/Tags/$count eq 6", [2]),
    ("Numbers/any(n:n eq 9007199254740993)", [1]),
    ("Numbers/any(n:n eq 9007199254740992)", []),
    ("Numbers/any(n:n lt 0)", [1]),
    ("Numbers/any(n:n add 1 eq 4)", [2]),
    ("Numbers/any(n:n eq ID)", [2]),
    ("Numbers/all(n:n gt 0)", [2, 3]),
    ("Flags/any(f:f)", [1]),
    ("Flags/any(f:not f)", [3]),
    ("Flags/any(f:f eq null)", [1]),
    ("Days/any(d:d eq 2024-02-29)", [1]),
    ("Days/any(d:year(d) eq 1)", [1]),
    ("Times/any(t:t gt 23:59:59)", [1]),
    ("Codes/any(c:c eq 00000000-0000-0000-0000-000000000001)", [1]),
    ("Colors/any(c:c eq 'Blue')", [1]),
    ("Addresses/any(a:a/City eq 'Ulm')", [1, 3]),
    ("Addresses/any(a:a/City eq 'Ulm' and a/Zip gt 1)", [1]),
    ("Addresses/any(a:a/City eq null)", [1]),
    ("Addresses/all(a:a/City eq 'Ulm')", [2, 3]),
    ("Addresses/any(a:a/Zip add 1 eq 2)", [3]),
    ("Addresses/any(a:a/Color eq 'Red')", [1]),
    ("Addresses/any(a:a/Since ge 2020-01-01)", [1]),
    ("Addresses/any(a:a/Phones/any(p:p/Kind eq 'home' and p/Numbers/any(n:n eq '2')))", [1]),
    ("Addresses/any(a:a/Phones/any(p:p/Kind eq null))", [1]),
    ("Addresses/any(a:a/Phones/$count eq 2)", [1]),
    ("Addresses/$count($filter=City eq 'Ulm') eq 1", [1, 3]),
    ("Addresses/$count eq 3", [1]),
    ("Home/Phones/any(p:p/Kind eq 'work')", [1]),
    ("Home/Phones/$count eq 0", [2, 3]),
    ("Chain/Name eq 'x'", [1]),
    ("Chain/Next/Name eq 'y'", [1]),
    ("Chain/Next/Name eq null", [2, 3]),
]

SOME_EXACT: list[tuple[str, list[int], frozenset[str]]] = [
    ("Prices/any(p:p eq 0.1)", [1], frozenset({"mariadb"})),
    ("Prices/any(p:p eq 12345678901234567890.000000001)", [1], frozenset({"mariadb"})),
    ("Prices/any(p:p gt 12345678901234567890)", [1], frozenset({"mariadb"})),
    ("Weights/any(w:w eq 0.1)", [1], frozenset({"mariadb"})),
    ("Weights/any(w:w gt 1e299)", [1], frozenset({"mariadb"})),
    ("Weights/any(w:w gt 0 and w lt 1e-300)", [1], frozenset({"mariadb"})),
    ("Instants/any(i:i eq 2024-02-29T02:02:03.45+01:00)", [1], frozenset({"mariadb"})),
    ("Spans/any(s:s gt duration'P1D')", [1], frozenset({"mariadb"})),
]
"""Filters, whom they find, and the databases that refuse them since they are not exact there."""


@pytest.mark.feature("F-ODATA-29")
@pytest.mark.parametrize("kind", KINDS)
def test_collections_of_values_are_asked_alike(stores: Callable[[str], Store], kind: str) -> None:
    wrong = []
    with stores(kind).transaction() as tx:
        for text, expected in FILTERS:
            found = sorted(tx["Boxes"].where(text))
            if found != expected:
                wrong.append((text, found, expected))
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_values_of_types_that_a_database_does_not_have_are_refused(stores: Callable[[str], Store], kind: str) -> None:
    with stores(kind).transaction() as tx:
        for text, expected, refused in SOME_EXACT:
            if kind in refused:
                with pytest.raises(Unsupported):
                    list(tx["Boxes"].where(text))
            else:
                assert sorted(tx["Boxes"].where(text)) == expected, text


EQUALITIES: list[tuple[str, list[int]]] = [
    ("Home eq null", [2]),
    ("Home ne null", [1, 3]),
    ("null eq Home", [2]),
    ("Chain eq null", [2, 3]),
    ("Chain/Next eq null", [2, 3]),
    ("Chain/Next/Next eq null", [1, 2, 3]),
    ("Inner/Home eq null", [1, 3]),
    ('Home eq {"City":"Bern","Zip":3000,"Phones":[{"Kind":"work","Numbers":["7"]}]}', [1]),
    ('{"City":"Bern","Zip":3000,"Phones":[{"Kind":"work","Numbers":["7"]}]} eq Home', [1]),
    ('Home eq {"City":"Bern","Zip":3000,"Phones":[{"Kind":"work","Numbers":[]}]}', []),
    ('Home eq {"City":"Bern","Zip":3000}', []),
    ('Home ne {"City":"Bern","Zip":3000}', [1, 2, 3]),
    ('Home eq {"City":null}', [3]),
    ("Home eq {}", [3]),
    ('Inner/Home eq {"City":"Bern","Zip":3000,"Phones":[{"Kind":"work","Numbers":["7"]}]}', [2]),
    ('Tags eq ["b","a"]', [2]),
    ('Tags eq ["a","b"]', []),
    ("Tags eq []", [3]),
    ("Tags ne []", [1, 2]),
    ('Tags eq ["a","b ","Ä☃😀","q\\"\\\\\\n",null,""]', [1]),
    ("Numbers eq [1,2,3]", [2]),
    ("Numbers eq [9007199254740993,-1,0]", [1]),
    ("Numbers eq [9007199254740992,-1,0]", []),
    ("Flags eq [true,null]", [1]),
    ('Days eq ["2024-02-29","0001-01-01"]', [1]),
    ('Colors eq ["Red","Blue"]', [1]),
    ('Addresses eq [{"City":"Ulm","Zip":1}]', [3]),
    ("Addresses eq [null]", []),
    ('Addresses/any(a:a eq {"City":"Ulm","Zip":1})', [3]),
    ("Addresses/any(a:a eq null)", [1]),
    ("Addresses/any(a:a eq Home)", []),
    ("Home eq Home", [1, 2, 3]),
    ("Home ne Inner/Home", [1, 2, 3]),
    ("Tags eq Tags", [1, 2, 3]),
    ("Tags eq Inner/Tags", [3]),
    ("Addresses eq Addresses", [1, 2, 3]),
    ("Addresses ne Inner/Addresses", [1, 2, 3]),
    ("'b' in Tags", [2]),
    ("Name in Tags", [1, 2]),
    ("not (Name in Tags)", [3]),
    ("1 in Numbers and not ('a' in Inner/Tags)", []),
]
"""Comparisons of wholes, and whom they find."""


@pytest.mark.feature("F-ODATA-44")
@pytest.mark.parametrize("kind", KINDS)
def test_complex_values_and_collections_are_compared_as_wholes(stores: Callable[[str], Store], kind: str) -> None:
    wrong = []
    with stores(kind).transaction() as tx:
        for text, expected in EQUALITIES:
            found = sorted(tx["Boxes"].where(text))
            if found != expected:
                wrong.append((text, found, expected))
    assert wrong == []


CASES: list[tuple[str, list[int]]] = [
    ("case(ID eq 1:'x',ID eq 2:'y') eq 'x'", [1]),
    ("case(ID eq 1:'x',ID eq 2:'y') eq null", [3]),
    ("case(ID eq 1:Name,true:'b') eq 'b'", [2, 3]),
    ("case(Name eq null:true,ID gt 1:false)", [3]),
    ("not case(Name eq null:true,ID gt 1:false)", [2]),
    ("case(ID lt 3:ID,true:2.5) gt 2.1", [3]),
    ("case(ID lt 2:1,true:70000) add 1 eq 70001", [2, 3]),
    ("case(Tags/any():1,true:null) eq 1", [1, 2]),
    ("case(ID eq 9:null) eq null", [1, 2, 3]),
    ("case(Home/Color eq 'Red':Home/Color,true:box.Color'Blue') eq 'Blue'", [1, 2, 3]),
    ("Addresses/any(a:case(a/Zip gt 1:a/City,true:'none') eq 'none')", [1, 3]),
]


@pytest.mark.feature("F-QUERY-35")
@pytest.mark.parametrize("kind", KINDS)
def test_cases_have_the_value_of_the_first_true_condition(stores: Callable[[str], Store], kind: str) -> None:
    with stores(kind).transaction() as tx:
        found = {text: sorted(tx["Boxes"].where(text)) for text, _ in CASES}
        assert found == dict(CASES)
        ordered = tx["Boxes"].order_by("case(ID eq 2:0,true:ID)")
        assert [row["ID"] for row in ordered.values()] == [2, 1, 3]


@pytest.mark.feature("F-ODATA-28")
@pytest.mark.parametrize("kind", KINDS)
def test_programs_read_parts_too(stores: Callable[[str], Store], kind: str) -> None:
    with stores(kind).transaction() as tx:
        box = tx["Boxes"].select("Home/City", "Tags($top=1;$count=true)", "Prices($orderby=$this desc)")[1]
        assert dict(box) == {
            "ID": 1,
            "Home": {"City": "Bern"},
            "Tags": ["a"],
            "Tags@count": 6,
            "Prices": [Decimal("12345678901234567890.000000001"), Decimal("0.1")],
        }
        assert box.without_key() == {}
        with pytest.raises(NoSuchProperty, match="Home was read in part"):
            _ = box.etag


@pytest.mark.feature("F-ODATA-29")
def test_what_is_no_json_of_a_collection_is_none(tmp_path: Path) -> None:
    create_tables(tmp_path / "v.db", boxes())
    with open_store(tmp_path / "v.db", model=boxes()) as store:
        fill(store)
        with closing(sqlite3.connect(tmp_path / "v.db")) as db:
            for number, text in ((1, "no json"), (2, '{"a": 1}'), (3, "\ud83d")):
                kept = text.encode("utf-8", "surrogatepass")
                db.execute("UPDATE Boxes SET Tags = CAST(? AS TEXT) WHERE ID = ?", (kept, number))
            db.commit()
        with store.transaction() as tx:
            assert [row["Tags"] for row in tx["Boxes"].values()] == [None, None, None]
            assert list(tx["Boxes"].where("Tags/any() or Tags/$count gt 0 or Tags/any(t:t ne 'x')")) == []
            assert [row["Tags"] for row in tx["Boxes"].select("Tags($top=1)").values()] == [None, None, None]
