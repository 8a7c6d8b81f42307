"""Tables made from a model on database servers: what SQLite keeps of a model, they keep too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demotic.errors import DemoticError
from demotic.model import Model
from demotic.model.csdl import read_xml
from demotic.store import Ref, Store
from demotic.store.copying import copy
from demotic.store.memory import MemoryStore
from demotic.store.sql import TableRules, TablesDiffer, TablesThere, create_tables, drop_tables, open_store
from demotic.testing.stores import fill, world

CASES = Path(__file__).with_name("cases")


def gallery() -> Model:
    return read_xml((CASES / "gallery.xml").read_bytes())


@pytest.fixture(params=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def galleries(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """The URL of a database with the tables of the gallery, one on each server for the whole module."""
    made: dict[str, str] = {}

    def of(kind: str) -> str:
        if kind not in made:
            made[kind] = request.getfixturevalue(kind).new_database()
            create_tables(made[kind], gallery())
        return made[kind]

    return of


@pytest.fixture(params=["postgresql", "mariadb"])
def store(request: pytest.FixtureRequest, galleries: Callable[[str], str]) -> Iterator[Store]:
    with open_store(galleries(request.param), model=gallery()) as found:
        yield found
        with found.transaction(write=True) as tx:
            for name in ("Shows", "Pictures", "Studios", "Artists"):
                if name == "Artists":
                    for artist in list(tx[name].where("Teacher ne null").values()):
                        tx[name].unlink(artist.key, "Teacher")
                if name == "Shows":
                    for show in list(tx[name].where("Best ne null").values()):
                        tx[name].unlink(show.key, "Best")
                tx[name].clear()


ID = UUID("12345678-90ab-4cde-8f01-234567890abc")
ADA: dict[str, Any] = {
    "ID": ID,
    "Name": "Ada",
    "Home": {"Street": "Rue", "City": "Ulm", "Place": {"X": 1.5, "Y": None}},
    "Work": None,
    "Mood": 2,
    "Nicknames": ["A", "Ä"],
    "Places": [{"X": 1.0, "Y": 2.0}, {"X": None, "Y": None}],
    "Since": datetime(2024, 2, 29, 1, 2, 3, 450000, tzinfo=UTC),
    "Born": date(1815, 12, 10),
}
PICTURE: dict[str, Any] = {
    "Code": "x1",
    "Title": "Ünï ☕",
    "Price": Decimal("1234567890123456.1234"),
    "Traits": 3,
    "Ratio": 0.5,
    "Rank": 255,
    "Delta": -128,
    "Level": -32768,
    "Length": timedelta(hours=1000, microseconds=5),
    "Open": False,
    "Note": "a",
    "Thumb": b"\x00\xff",
    "Where": {"type": "Point", "coordinates": [1.5, 2]},
}


@pytest.mark.feature("F-TABLES-04")
@pytest.mark.spec("OD-074", "OD-221")
def test_every_kind_of_value_is_kept_and_found_again(store: Store) -> None:
    with store.transaction() as tx:
        tx["Artists"].insert(ADA)
        tx["Pictures"].insert({**PICTURE, "Artist": Ref(ID)})
    with store.transaction() as tx:
        assert dict(tx["Artists"][ID]) == ADA
        assert dict(tx["Pictures"]["x1"]) == PICTURE
        assert tx["Artists"].update(ID, {"Home": {"Street": None}})["Home"] == {**ADA["Home"], "Street": None}


@pytest.mark.feature("F-TABLES-04")
def test_the_database_makes_what_is_not_given(store: Store) -> None:
    with store.transaction() as tx:
        ada = tx["Artists"].insert({"Name": "Ada", "Home": {"City": "Ulm"}, "Studio": {}})
        assert isinstance(ada.key, UUID)
        assert (ada["Mood"], ada["Nicknames"], ada["Work"]) == (1, [], None)
        assert abs(ada["Since"] - datetime.now(UTC)) < timedelta(days=1)
        studio = tx["Studios"].expand("Owner").first()
        assert studio is not None
        assert (studio["Opens"], studio["Owner"]["Name"]) == (time(9), "Ada")
        picture = tx["Pictures"].insert({"Code": "p", "Artist": Ref(ada.key)})
        assert (picture["Note"], picture["Open"]) == ("it's: new", True)


@pytest.mark.feature("F-TABLES-12")
@pytest.mark.spec("NEW-017")
def test_keys_are_counted_on_from_those_that_were_given(store: Store) -> None:
    def studio(tx: Any, **values: Any) -> Any:
        number = tx["Artists"].count()
        artist = tx["Artists"].insert({"Name": f"A{number}", "Home": {"City": "x"}})
        return tx["Studios"].insert({**values, "Owner": Ref(artist.key)}).key

    with store.transaction() as tx:
        given = [studio(tx, ID=number) for number in (70_001, 70_003)]
        made = studio(tx)
    with store.transaction() as tx:
        studio(tx, ID=made + 5)
    with store.transaction() as tx:
        later = studio(tx)
    assert given == [70_001, 70_003]
    assert len({*given, made, made + 5, later}) == 5


CONDITIONS = [
    "Home/City eq 'Ulm'",
    "Home/Place/X gt 1",
    "Work/Place/X eq null",
    "startswith(Home/City,'U')",
    "Mood in (gallery.Mood'Wild')",
    "Teacher/Home/City eq 'Ulm'",
    "Pupils/any(p:p/Home/City eq 'Bonn')",
    "Since lt 2024-03-01T00:00:00Z",
    "Studio/Opens eq 10:00:00",
    "Works/any(w:w/Length gt duration'PT1H')",
    "Works/any(w:w/Price eq 1234567890123456.1234)",
    "Friends/$count eq 1",
    "ID eq 12345678-90ab-4cde-8f01-234567890abc",
]


@pytest.mark.feature("F-TABLES-04")
@pytest.mark.spec("OD-203")
def test_conditions_find_the_same_in_tables_as_in_memory(store: Store) -> None:
    memory = MemoryStore(gallery())
    for each in (memory, store):
        with each.transaction() as tx:
            tx["Artists"].insert({**ADA, "Studio": {"ID": 1, "Opens": time(10)}})
            tx["Artists"].insert(
                {
                    "Name": "Bo",
                    "Home": {"City": "Bonn"},
                    "Work": {"City": "Ulm", "Place": {"X": 5}},
                    "Since": datetime(2025, 1, 1, tzinfo=UTC),
                    "Teacher": Ref(ID),
                    "Friends": [Ref(ID)],
                    "Works": [PICTURE],
                }
            )
    found = []
    for each in (memory, store):
        with each.transaction() as tx:
            artists = tx["Artists"]
            answers = {}
            for text in CONDITIONS:
                answers[text] = [e["Name"] for e in artists.where(text).order_by("Home/City desc").values()]
            found.append(answers)
    assert found[0] == found[1]
    assert all(found[0].values())


@pytest.mark.feature("F-TABLES-06")
@pytest.mark.spec("OD-211", "OD-213")
def test_links_of_every_multiplicity_are_kept(store: Store) -> None:
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


def names_of(server: Any, url: str) -> set[str]:
    schema = "current_schema()" if url.startswith("postgresql") else "database()"
    rows = server.run(
        f"SELECT table_name FROM information_schema.tables WHERE table_schema = {schema}", url.rpartition("/")[2]
    )
    return {name for (name,) in rows}


@pytest.mark.feature("F-TABLES-07")
@pytest.mark.feature("F-TABLES-02")
@pytest.mark.spec("OD-216", "OD-217", "NEW-016")
def test_tables_are_made_reflected_and_dropped(server: Any) -> None:
    url, model = server.new_database(), world()
    create_tables(url, model)
    with open_store(url) as found, open_store(url, model=model) as own:
        fill(own)
        theirs, ours = found.model.container, own.model.container
        assert theirs is not None
        assert ours is not None
        assert set(theirs.sets) == set(ours.sets)
        for name, entity_set in ours.sets.items():
            other = theirs.sets[name].type
            assert {p.name: (p.type, p.nullable, p.facets.max_length) for p in other.all_properties().values()} == {
                p.name: (p.type, p.nullable, p.facets.max_length) for p in entity_set.type.all_properties().values()
            }
            assert set(other.all_navigation()) == set(entity_set.type.all_navigation())
        with found.transaction() as tx, own.transaction() as mine:
            assert {n: [dict(e) for e in tx[n].values()] for n in tx} == {
                n: [dict(e) for e in mine[n].values()] for n in tx
            }
    with pytest.raises(TablesThere):
        create_tables(url, model)
    assert create_tables(url, model, missing=True) == []
    assert len(drop_tables(url, model)) == 6
    assert names_of(server, url) == set()


@pytest.mark.feature("F-TABLES-02")
def test_tables_are_made_all_or_none(server: Any) -> None:
    url = server.new_database()
    rules = TableRules(types=lambda path, item: "NO_SUCH_TYPE" if path == ("Line", "No") else None)
    with pytest.raises(DemoticError):
        create_tables(url, world(), rules=rules)
    assert names_of(server, url) == set()


@pytest.mark.feature("F-TABLES-08")
@pytest.mark.spec("OD-220")
def test_differences_are_told(server: Any) -> None:
    quote = '"' if "postgresql" in server.url else "`"
    script = "CREATE TABLE 'Tag' ('Name' INTEGER, 'More' INTEGER NOT NULL); CREATE TABLE 'Line' ('No' TEXT)"
    url = server.new_database(script.replace("'", quote).replace("; ", ";\n"))
    with pytest.raises(TablesDiffer) as caught:
        open_store(url, model=world())
    assert [caught.value.message, *(detail.message for detail in caught.value.details)] == [
        "there is no table Supplier",
        "there is no table Product",
        "Tag.Name keeps Edm.Int32, the model has Edm.String",
        "Tag.More must have a value, but the model does not know it",
        "the key of Tag is none, in the model Name",
        "Line has no column Product_ID",
        "Line.No keeps Edm.String, the model has Edm.Int64",
        "Line has no column Quantity",
        "the key of Line is none, in the model Product_ID, No",
        "there is no table Folder",
        "there is no table Product_Tag",
    ]


@pytest.mark.feature("F-COPY-08")
@pytest.mark.spec("OD-295")
def test_data_moves_between_databases_of_all_kinds(tmp_path: Path, store: Store) -> None:
    source = MemoryStore(gallery())
    with source.transaction() as tx:
        tx["Artists"].insert({**ADA, "Studio": {"ID": 5}, "Works": [PICTURE]})
        bo = tx["Artists"].insert({"Name": "Bo", "Home": {"City": "Bonn"}, "Teacher": Ref(ID), "Friends": [Ref(ID)]})
        tx["Artists"].update(ID, {"Teacher": Ref(bo.key)})
        tx["Shows"].insert({"Year": 1, "Name": "a", "Pictures": [Ref("x1")], "Best": Ref("x1")})
    create_tables(tmp_path / "end.db", gallery())
    with open_store(tmp_path / "end.db", model=gallery()) as end:
        copy(source, store, batch=1)
        copy(store, end)
        assert everything(end) == everything(store) == everything(source)


def everything(store: Store) -> Any:
    with store.transaction() as tx:
        return {
            "artists": [
                (dict(e) | {"Teacher": e["Teacher"].key, "Friends": [f.key for f in e["Friends"]]})
                for e in tx["Artists"].expand("Teacher", "Friends").order_by("Name").values()
            ],
            "shows": [
                (e.key, e["Best"].key, [p.key for p in e["Pictures"]])
                for e in tx["Shows"].expand("Best", "Pictures").values()
            ],
            "pictures": [dict(e) for e in tx["Pictures"].values()],
            "studios": [(e.key, e["Owner"].key) for e in tx["Studios"].expand("Owner").values()],
        }
