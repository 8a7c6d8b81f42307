"""Copying between stores: everything arrives, in an order that works, and goes on after a break."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from demotic.errors import InvalidInput, Unavailable, Unsupported
from demotic.model import Model
from demotic.model.csdl import read_xml
from demotic.store import NoSuchSet, Ref, Store
from demotic.store.copying import CannotCopy, Progress, copy, plan_copy
from demotic.store.files import folder_store
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store
from demotic.testing.stores import fill, hire, staff, world

GALLERY = Path(__file__).parents[1] / "sql" / "definition" / "cases" / "gallery.xml"


def tables(tmp_path: Path, model: Callable[[], Model], name: str = "to.db") -> Store:
    made = model()
    create_tables(tmp_path / name, made)
    return open_store(tmp_path / name, model=made)


def gallery() -> Model:
    return read_xml(GALLERY.read_bytes())


def everything(store: Store, *links: tuple[str, str]) -> Any:
    with store.transaction() as tx:
        found: dict[str, Any] = {name: {e.key: dict(e) for e in tx[name].values()} for name in tx}
        for name, navigation in links:
            found[f"{name}/{navigation}"] = {e.key: _keys(e[navigation]) for e in tx[name].expand(navigation).values()}
        return found


def _keys(value: Any) -> Any:
    return sorted(e.key for e in value) if isinstance(value, list) else value and value.key


@pytest.fixture
def filled() -> MemoryStore:
    store = MemoryStore(world())
    fill(store)
    with store.transaction() as tx:
        tx["Folder"].update(1, {"Parent": Ref(2)})  # a circle
        for number in range(3, 40):
            tx["Product"].insert({"ID": number, "Name": f"P{number}", "Supplier_ID": 1 + number % 2})
            tx["Product"].link(number, "Tag", "white")
    return store


WORLD_LINKS = (("Product", "Tag"), ("Tag", "Product"), ("Folder", "Folder"), ("Supplier", "Product"))


@pytest.mark.feature("F-COPY-01")
@pytest.mark.spec("OD-295")
@pytest.mark.parametrize("batch", [1, 7, 500])
def test_all_arrives_whatever_the_batch(filled: MemoryStore, batch: int, tmp_path: Path) -> None:
    with tables(tmp_path, world) as target:
        done = copy(filled, target, batch=batch)
        assert everything(target, *WORLD_LINKS) == everything(filled, *WORLD_LINKS)
        assert {item.set: (item.source, item.before, item.after, item.complete) for item in done} == {
            "Supplier": (2, 0, 2, True),
            "Product": (39, 0, 39, True),
            "Tag": (2, 0, 2, True),
            "Line": (1, 0, 1, True),
            "Folder": (2, 0, 2, True),
        }
        again = MemoryStore(world())
        copy(target, again, batch=batch)
        assert everything(again, *WORLD_LINKS) == everything(filled, *WORLD_LINKS)


@pytest.mark.feature("F-COPY-01")
@pytest.mark.spec("OD-295")
def test_links_and_values_of_every_kind_arrive(tmp_path: Path) -> None:
    source = MemoryStore(gallery())
    with source.transaction() as tx:
        ada = tx["Artists"].insert(
            {"Name": "Ada", "Home": {"City": "Ulm"}, "Nicknames": ["A"], "Places": [{"X": 1}], "Studio": {"ID": 5}}
        )
        bo = tx["Artists"].insert(
            {
                "Name": "Bo",
                "Home": {"City": "Bonn", "Place": {"Y": 2}},
                "Teacher": Ref(ada.key),
                "Friends": [Ref(ada.key)],
                "Works": [{"Code": "x", "Where": {"type": "Point", "coordinates": [1, 2]}}],
            }
        )
        tx["Artists"].update(ada.key, {"Teacher": Ref(bo.key)})
        tx["Shows"].insert({"Year": 1, "Name": "a", "Pictures": [Ref("x")], "Best": Ref("x")})
    ways = (("Artists", "Teacher"), ("Artists", "Friends"), ("Artists", "Studio"), ("Pictures", "Artist"))
    ways += (("Pictures", "Shows"), ("Shows", "Best"))
    with tables(tmp_path, gallery) as target:
        copy(source, target, batch=1)
        assert everything(target, *ways) == everything(source, *ways)
    plan = plan_copy(gallery(), gallery())
    assert plan.left_out == (("Artists/Letters", "contained entities are not copied"),)


@pytest.mark.feature("F-COPY-02")
def test_sets_come_after_those_that_they_refer_to() -> None:
    jobs = [job.name for job in plan_copy(world(), world()).jobs]
    assert jobs == ["Supplier", "Product", "Tag", "Line", "Folder", "Folder (references)", "Product/Tag"]
    assert [job.name for job in plan_copy(world(), world(), ["Line", "Product"]).jobs] == ["Product", "Line"]
    jobs = [job.name for job in plan_copy(gallery(), gallery()).jobs]
    assert jobs.index("Artists") < jobs.index("Pictures") < jobs.index("Shows")
    assert "Artists (references)" in jobs


CIRCLE = """<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"
 xmlns="http://docs.oasis-open.org/odata/ns/edm"><edmx:DataServices><Schema Namespace="c">
 <EntityType Name="A"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <NavigationProperty Name="B" Type="c.B" Nullable="false"/></EntityType>
 <EntityType Name="B"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <NavigationProperty Name="A" Type="c.A" Nullable="{nullable}"/></EntityType>
 <EntityContainer Name="C"><EntitySet Name="As" EntityType="c.A"/><EntitySet Name="Bs" EntityType="c.B"/>
 </EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"""


@pytest.mark.feature("F-COPY-02")
def test_a_circle_is_broken_where_a_reference_may_be_null(tmp_path: Path) -> None:
    def circle() -> Model:
        return read_xml(CIRCLE.replace("{nullable}", "true"))

    source = MemoryStore(circle())
    with source.transaction() as tx:
        tx["Bs"].insert({"ID": 1})
        tx["As"].insert({"ID": 2, "B": Ref(1)})
        tx["Bs"].update(1, {"A": Ref(2)})
    with tables(tmp_path, circle) as target:
        copy(source, target)
        assert everything(target, ("As", "B"), ("Bs", "A")) == everything(source, ("As", "B"), ("Bs", "A"))
    tight = read_xml(CIRCLE.replace("{nullable}", "false"))
    with pytest.raises(Unsupported, match="As, Bs need each other"):
        plan_copy(tight, tight)


# --- breaks


class Broken(Exception):
    """The break of a copy."""


def stop_after(number: int) -> Callable[[Progress], None]:
    left = [number]

    def stop(progress: Progress) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Broken

    return stop


@pytest.mark.feature("F-COPY-03")
@pytest.mark.parametrize("number", range(0, 28, 3))
def test_it_goes_on_after_a_break(filled: MemoryStore, number: int, tmp_path: Path) -> None:
    state = tmp_path / "copy.state"
    with tables(tmp_path, world) as target:
        with pytest.raises(Broken):
            copy(filled, target, batch=5, state=state, on_progress=stop_after(number))
        assert state.exists()
        seen: list[Progress] = []
        done = copy(filled, target, batch=5, state=state, on_progress=seen.append)
        assert everything(target, *WORLD_LINKS) == everything(filled, *WORLD_LINKS)
        assert all(item.complete for item in done)
        assert not state.exists()
        if number > 15:
            assert seen[0].job == "Supplier"
            assert len(seen) < 25


@pytest.mark.feature("F-COPY-03")
def test_what_was_written_but_not_noted_is_written_again(
    filled: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from demotic.store.copying import _copy

    state, write = tmp_path / "copy.state", _copy.write_state
    left = [6]

    def failing(path: Path | None, kept: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise Broken
        write(path, kept)

    with tables(tmp_path, world) as target:
        monkeypatch.setattr(_copy, "write_state", failing)
        with pytest.raises(Broken):
            copy(filled, target, batch=5, state=state)
        monkeypatch.setattr(_copy, "write_state", write)
        copy(filled, target, batch=5, state=state)
        assert everything(target, *WORLD_LINKS) == everything(filled, *WORLD_LINKS)


@pytest.mark.feature("F-COPY-03")
@pytest.mark.parametrize("content", [b"no state", b'{"fingerprint":["other"]}', b"[]"])
def test_the_state_of_something_else_is_told(filled: MemoryStore, content: bytes, tmp_path: Path) -> None:
    state = tmp_path / "copy.state"
    state.write_bytes(content)
    target = MemoryStore(world())
    with pytest.raises(CannotCopy, match="copy"):
        copy(filled, target, state=state)
    assert everything(target)["Product"] == {}


# --- what is there, and what does not fit


@pytest.mark.feature("F-COPY-04")
def test_what_is_there_is_refused_or_updated(filled: MemoryStore) -> None:
    target = MemoryStore(world(), {"Product": [{"ID": 1, "Name": "Old"}, {"ID": 99, "Name": "Own"}]})
    with pytest.raises(CannotCopy, match="Product has 2 entities already"):
        copy(filled, target)
    assert everything(target)["Supplier"] == {}
    done = copy(filled, target, existing="update")
    found = everything(target)["Product"]
    assert (found[1]["Name"], found[99]["Name"], len(found)) == ("Tea", "Own", 40)
    assert all(item.complete for item in done)


@pytest.mark.feature("F-COPY-05")
def test_stores_that_differ_are_told_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            "CREATE TABLE Tag (Title TEXT NOT NULL PRIMARY KEY); CREATE TABLE Line (ID INTEGER PRIMARY KEY);"
        )
    with open_store(path) as target:
        with pytest.raises(NoSuchSet, match="no entity set Supplier to copy to"):
            plan_copy(world(), target.model)
        with pytest.raises(NoSuchSet, match="no entity set Tags to copy from"):
            plan_copy(world(), target.model, ["Tags"])
        with pytest.raises(CannotCopy) as caught:
            plan_copy(world(), target.model, ["Tag"])
    assert [caught.value.message, *(detail.message for detail in caught.value.details)] == [
        "Tag has no property Name to copy to",
        "Tag/Title must have a value, and Tag has none to copy",
        "the keys of Tag differ",
    ]
    with pytest.raises(InvalidInput, match="a batch of 0"):
        copy(MemoryStore(world()), MemoryStore(world()), batch=0)


@pytest.mark.feature("F-COPY-05")
def test_an_entity_that_is_not_taken_is_named(filled: MemoryStore, tmp_path: Path) -> None:
    path = tmp_path / "short.db"
    create_tables(path, world())
    with closing(sqlite3.connect(path)) as db:
        db.executescript("CREATE UNIQUE INDEX one_supplier ON Product (Supplier_ID)")
    with open_store(path) as target:
        with pytest.raises(CannotCopy, match="Product 4 cannot be copied"):
            copy(filled, target, batch=2)
        assert sorted(everything(target)["Product"]) == [1, 2]


class Failing(MemoryStore):
    def begin(self, *, write: bool = False) -> Store:
        if write:
            raise Unavailable("the database is away")
        return super().begin(write=write)


@pytest.mark.feature("F-COPY-05")
def test_a_fault_of_a_store_is_told_as_it_is(filled: MemoryStore) -> None:
    with pytest.raises(Unavailable, match="the database is away"):
        copy(filled, Failing(world()))


# --- a folder


@pytest.mark.feature("F-COPY-06")
@pytest.mark.parametrize("streams", [False, True])
def test_a_folder_is_copied_into_a_database(streams: bool, tmp_path: Path) -> None:
    (tmp_path / "base" / "inner").mkdir(parents=True)
    (tmp_path / "base" / "inner" / "a.txt").write_text("Hello")
    source = folder_store(tmp_path / "base")
    create_tables(tmp_path / "files.db", source.model)
    with open_store(tmp_path / "files.db", model=source.model) as target:
        copy(source, target, batch=2, streams=streams)
        assert everything(target, ("Files", "Parent")) == everything(source, ("Files", "Parent"))
        with target.transaction() as tx:
            found = tx["Files"].open_media("/inner/a.txt")
            assert found is not None  # each media entity has a stream
            assert (found.info.content_type, found.read()) == (
                ("text/plain", b"Hello") if streams else ("application/octet-stream", b"")
            )


def hierarchy(store: Store) -> dict[str, Any]:
    with store.transaction() as tx:
        people = tx["People"].expand("friend($select=id)", "staff.Worker/manager($select=id)")
        found = {row.key: (row.type.name, dict(row)) for row in people.values()}
        return {**found, "team": sorted(tx["Projects"].follow("moon", "team"))}


@pytest.mark.feature("F-COPY-09")
def test_entities_of_derived_types_keep_their_types(tmp_path: Path) -> None:
    with MemoryStore(staff()) as source, tables(tmp_path, staff) as between, MemoryStore(staff()) as target:
        hire(source)
        with source.transaction() as tx:
            tx["People"].update("bo", {"manager": Ref("bo")})  # a circle
        assert {done.complete for done in copy(source, between)} == {True}
        assert {done.complete for done in copy(between, target, batch=1)} == {True}
        assert hierarchy(source) == hierarchy(between) == hierarchy(target)
        assert {done.complete for done in copy(source, between, existing="update")} == {True}
        assert hierarchy(source) == hierarchy(between)


@pytest.mark.feature("F-COPY-09")
def test_a_derived_type_that_there_is_no_place_for_is_told() -> None:
    flat = staff()
    del flat.schemas["staff"].types["Customer"]
    with pytest.raises(CannotCopy, match="People keeps no Customer to copy to"):
        plan_copy(staff(), flat)
