"""Programs over collections: what they rely on holds over every store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from demotic.errors import InvalidInput
from demotic.store import Collection, NoSuchEntity, StillReferenced, Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store
from demotic.testing.stores import fill, world


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    model = world()
    if request.param == "sqlite":
        create_tables(tmp_path / "world.db", model)
    with MemoryStore(model) if request.param == "memory" else open_store(tmp_path / "world.db", model=model) as made:
        fill(made)
        yield made


@pytest.mark.feature("F-STORE-14")
def test_keys_are_given_in_every_form(store: Store) -> None:
    with store.transaction() as tx:
        lines = tx["Line"]
        line = lines[1, 1]
        for key in ((1, 1), {"No": 1, "Product_ID": 1}, line, lines.select()[1, 1]):
            assert lines[key].key == (1, 1)
            assert key in lines
            assert lines.where("Quantity gt 0")[key]["Quantity"] == 2
        assert tx["Product"][(1,)]["Name"] == tx["Product"][{"ID": 1}]["Name"] == "Tea"
        for wrong in ({"No": 1}, {"No": 1, "Product_ID": 1, "x": 1}, {}, tx["Product"][1], (1,), (1, 1, 1), "x"):
            assert wrong not in lines
            with pytest.raises(NoSuchEntity):
                lines[wrong]
        assert tx["Product"].follow({"ID": 1}, "Line").count() == 1


@pytest.mark.feature("F-STORE-15")
@pytest.mark.spec("OD-098")
def test_navigation_to_one_gives_the_entity_or_none(store: Store) -> None:
    with store.transaction() as tx:
        products = tx["Product"]
        supplier = products.single(1, "Supplier")
        assert supplier is not None
        assert supplier["Name"] == "Ada"
        assert products.single(2, "Supplier") is None
        assert tx["Folder"].single(tx["Folder"][2], "Parent") == tx["Folder"][1]
        with pytest.raises(NoSuchEntity):
            products.single(99, "Supplier")
        with pytest.raises(InvalidInput, match=r"follow\(\) leads to many"):
            products.single(1, "Tag")
        with pytest.raises(InvalidInput, match="no navigation to one called Suplier"):
            products.single(1, "Suplier")


@pytest.mark.feature("F-STORE-16")
@pytest.mark.spec("OD-108")
def test_entities_are_popped(store: Store) -> None:
    with store.transaction() as tx:
        products = tx["Product"]
        assert products.pop(2)["Name"] == "Milk"
        assert products.get(2) is None
        assert products.pop(2, None) is None
        with pytest.raises(KeyError):
            products.pop(2)
        with pytest.raises(KeyError):
            products.where("ID eq 2").pop(1)
        assert products.popitem()[0] == 1
        with pytest.raises(KeyError):
            products.popitem()
        with pytest.raises(StillReferenced):
            tx["Folder"].link(2, "Parent", 1)
            tx["Product"].insert({"ID": 1, "Name": "x", "Supplier_ID": 1})
            tx["Supplier"].pop(1)


@pytest.mark.feature("F-STORE-16")
@pytest.mark.spec("OD-083", "OD-085")
def test_another_entity_is_made_like_one_that_is_there(store: Store) -> None:
    with store.transaction() as tx:
        tea = tx["Product"][1]
        assert set(tea.without_key()) == set(tea) - {"ID"}
        other = tx["Product"].insert({**tea.without_key(), "ID": 50})
        assert (other.key, other["Name"], other["Supplier_ID"]) == (50, "Tea", 1)
        assert tx["Product"].expand("Supplier").select("Name")[1].without_key() == {"Name": "Tea"}


@pytest.mark.feature("F-STORE-04")
@pytest.mark.spec("OD-080")
def test_data_and_navigation_are_told_apart_by_the_type(store: Store) -> None:
    with store.transaction() as tx:
        tea = tx["Product"].expand("Supplier", "Line")[1]
        properties, navigation = tea.type.all_properties(), tea.type.all_navigation()
        assert [name for name in tea if name in properties] == list(properties)
        assert {name: navigation[name].collection for name in tea if name in navigation} == {
            "Supplier": False,
            "Line": True,
        }
        assert list(navigation) == ["Supplier", "Line", "Tag"]


@pytest.mark.feature("F-STORE-09")
@pytest.mark.spec("OD-104")
def test_what_was_expanded_is_read_no_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.transaction() as tx:
        tea = tx["Product"].expand("Supplier", "Line")[1]
        monkeypatch.setattr(type(tx), "run", lambda *_: pytest.fail("the store was asked again"))
        assert tea["Supplier"] is tea["Supplier"]
        assert tea["Line"] is tea["Line"]
        assert tea["Supplier"]["Name"] == "Ada"


@pytest.mark.feature("F-STORE-06")
@pytest.mark.spec("OD-114")
def test_conditions_do_not_hold_for_what_is_written(store: Store) -> None:
    with store.transaction() as tx:
        many = tx["Product"].where("Stock gt 100")
        made = many.insert({"Name": "Cup"})
        assert made.key not in many
        with pytest.raises(KeyError):
            many[made.key]
        assert many.update(made.key, {"Stock": 101})["Stock"] == 101
        assert many[made.key]["Name"] == "Cup"


@pytest.mark.feature("F-STORE-08")
@pytest.mark.spec("OD-117")
def test_keys_alone_are_read(store: Store) -> None:
    with store.transaction() as tx:
        assert [dict(item) for item in tx["Line"].select().values()] == [{"Product_ID": 1, "No": 1}]


@pytest.mark.feature("F-STORE-03")
@pytest.mark.spec("OD-121")
def test_a_list_is_taken_before_what_it_is_of_is_changed(store: Store) -> None:
    with store.transaction() as tx:
        for number in range(10, 60):
            tx["Tag"].insert({"Name": f"t{number}"})
        for tag in list(tx["Tag"].where("startswith(Name,'t')").values()):
            tx["Tag"].delete(tag.key)
        assert list(tx["Tag"]) == ["hot", "white"]


@pytest.mark.feature("F-STORE-17")
@pytest.mark.spec("OD-122")
def test_threads_read_from_one_store(store: Store) -> None:
    found: list[Any] = []

    def read() -> None:
        for _ in range(10):
            with store.transaction() as tx:
                entities = tx["Product"].expand("Line", "Tag").order_by("Name").values()
                found.append([(e["Name"], len(e["Line"]), len(e["Tag"])) for e in entities])

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[("Milk", 0, 0), ("Tea", 1, 1)]] * 40


@pytest.mark.feature("F-STORE-11")
@pytest.mark.spec("OD-130", "OD-126")
def test_pages_survive_changes_in_between(store: Store) -> None:
    with store.transaction() as tx:
        for number in range(100, 130):
            tx["Product"].insert({"ID": number, "Name": f"P{number}"})
    seen, after, pages = [], None, 0
    while True:
        with store.transaction() as tx:  # each page in a transaction of its own
            page = tx["Product"].where("ID ge 100").page(7, after)
            seen += [item.key for item in page.entities]
            after, pages = page.after, pages + 1
            tx["Product"].delete(page.entities[0].key)
            if pages == 1:
                tx["Product"].insert({"ID": 500, "Name": "late"})
                tx["Product"].delete(128)
        if after is None:
            break
    assert seen == [number for number in range(100, 130) if number != 128] + [500]
    assert pages == 5


def cheapest(products: Collection, most: int) -> list[str]:
    """A program that knows of no store."""
    return [item["Name"] for item in products.where(products.p.Stock <= most).order_by("Name").values()]


@pytest.mark.feature("F-STORE-17")
@pytest.mark.spec("OD-297", "OD-203")
def test_a_program_is_given_collections(store: Store) -> None:
    with store.transaction() as tx:
        assert cheapest(tx["Product"], 5) == ["Milk", "Tea"]
        assert cheapest(tx["Supplier"].follow(1, "Product"), 5) == ["Tea"]
        sets: Mapping[str, Collection] = tx
        assert {name: len(items) for name, items in sets.items()}["Folder"] == 2
