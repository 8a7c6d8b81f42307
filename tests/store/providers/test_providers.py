"""Stores whose entities come from providers: all that a query asks for, made of nothing but all entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Thread
from typing import Any

import pytest

from demotic.errors import InvalidInput, Unsupported
from demotic.model import Model
from demotic.query import Query
from demotic.store import BrokenReference, DuplicateKey, EntityChanged, NoSuchEntity, ReadOnly, Ref, StillReferenced
from demotic.store.memory import MemoryStore
from demotic.store.providers import Provider, ProviderStore, equalities
from demotic.store.providers._state import ProviderFault
from demotic.testing.stores import world

Values = Mapping[str, Any]
SUPPLIERS = [{"ID": 1, "Name": "Ada"}, {"ID": 2, "Name": "Bo"}]
PRODUCTS = [
    {"ID": 3, "Name": "Milk", "Stock": 5},
    {"ID": 1, "Name": "Tea", "Stock": 0, "Price": 3, "Supplier_ID": 1},
    {"ID": 2, "Name": "Jam", "Stock": 7, "Price": 2, "Supplier_ID": 1, "Active": True},
]
LINES = [{"Product_ID": 1, "No": 1, "Quantity": 2}, {"Product_ID": 1, "No": 2, "Quantity": 9}]
DATA = {"Supplier": SUPPLIERS, "Product": PRODUCTS, "Line": LINES}


class Listed(Provider):
    """The least that a provider can be, and the number of times that it was asked for everything."""

    def __init__(self, given: Iterable[Values]) -> None:
        self.given = [dict(item) for item in given]
        self.looks = 0

    def entities(self) -> Iterator[Values]:
        self.looks += 1
        yield from self.given


class Shelf(Provider):
    """All that a provider can be: entities by key, found, counted and changed."""

    def __init__(self, given: Iterable[Values]) -> None:
        self.first = [dict(item) for item in given]
        self.kept: dict[tuple[Any, ...], Values] = {}
        self.asked: list[dict[str, object]] = []

    def fill(self) -> None:
        names = [item.name for item in self.set.type.key]
        self.kept = {tuple(item[name] for name in names): item for item in self.first}

    def entities(self) -> Iterable[Values]:
        return list(self.kept.values())

    def get(self, key: tuple[Any, ...]) -> Values | None:
        return self.kept.get(key)

    def query(self, query: Query, values: Sequence[object]) -> Iterable[Values]:
        self.asked.append(equalities(query, values))
        return self.entities()

    def insert(self, entity: Values) -> None:
        self.kept[tuple(entity[item.name] for item in self.set.type.key)] = dict(entity)

    def update(self, key: tuple[Any, ...], entity: Values) -> None:
        self.kept[key] = dict(entity)

    def delete(self, key: tuple[Any, ...]) -> None:
        del self.kept[key]


def store_of(make: type[Any]) -> ProviderStore:
    model = world()
    assert model.container is not None
    store = ProviderStore(model, {name: make(DATA.get(name, [])) for name in model.container.sets})
    for provider in store.providers.values():
        if isinstance(provider, Shelf):
            provider.fill()
    return store


def memory() -> MemoryStore:
    return MemoryStore(world(), DATA)


@pytest.mark.feature("F-PROVIDERS-01")
@pytest.mark.spec("OD-289", "OD-129")
@pytest.mark.parametrize("condition", ["Stock gt 0", "Price eq null or Active", "Supplier/Name eq 'Ada'", "Line/any()"])
@pytest.mark.parametrize("order", ["Name desc", "Price,Stock desc", "Supplier/Name"])
def test_queries_are_answered_as_from_memory(condition: str, order: str) -> None:
    answers = []
    for store in (memory(), store_of(Listed), store_of(Shelf)):
        with store.transaction() as tx:
            found = tx["Product"].where(condition).order_by(order).expand("Supplier", "Line($orderby=No desc;$top=1)")
            page = found.page(1, count=True)
            rest = found.page(5, page.after) if page.after is not None else None
            answers.append(
                (
                    [dict(item) for item in found.values()],
                    found.count(),
                    [dict(item) for item in found[1:2].values()],
                    (page.entities, page.count, page.after, rest and rest.entities),
                )
            )
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.feature("F-PROVIDERS-01")
@pytest.mark.spec("OD-289", "OD-290", "OD-202")
@pytest.mark.parametrize("make", [Listed, Shelf])
def test_entities_are_found_by_key_and_followed(make: type[Any]) -> None:
    with store_of(make).transaction() as tx:
        products = tx["Product"]
        assert products[1]["Name"] == "Tea"
        assert 9 not in products
        with pytest.raises(NoSuchEntity):
            products[9]
        with pytest.raises(NoSuchEntity):
            products.where("Stock gt 0")[1]
        assert [line.key for line in products.follow(1, "Line").values()] == [(1, 1), (1, 2)]
        assert dict(products.select("Name")[2]) == {"ID": 2, "Name": "Jam"}
        assert (len(products), sorted(products)) == (3, [1, 2, 3])


@pytest.mark.feature("F-PROVIDERS-02")
@pytest.mark.spec("OD-293")
def test_what_an_answer_costs_is_what_is_said() -> None:
    store = store_of(Listed)
    lines = store.providers["Line"]
    assert isinstance(lines, Listed)
    with store.transaction() as tx:
        list(tx["Product"].expand("Line").values())
    assert lines.looks == 1  # once for a whole answer, not for each product


@pytest.mark.feature("F-PROVIDERS-02")
@pytest.mark.spec("OD-290", "OD-293")
def test_a_provider_learns_what_must_be_equal() -> None:
    store = store_of(Shelf)
    shelf = store.providers["Product"]
    assert isinstance(shelf, Shelf)
    with store.transaction() as tx:
        products = tx["Product"]
        assert [e.key for e in products.where("Name eq 'Tea' and 0 eq Stock and Price gt 1").values()] == [1]
        assert [e.key for e in products.where("Name eq 'Tea' or Stock eq 7").values()] == [1, 2]
        assert [e.key for e in products.where("Name ne 'Tea'").where("Supplier/Name eq 'Ada'").values()] == [2]
    assert shelf.asked == [{"Name": "Tea", "Stock": 0}, {}, {}]


class Tagged(Listed):
    def related(self, entity: Values, navigation: str) -> Any:
        return [{"Name": "hot"}] if navigation == "Tag" and entity["ID"] == 1 else super().related(entity, navigation)


@pytest.mark.feature("F-PROVIDERS-03")
@pytest.mark.spec("OD-291")
def test_navigation_without_a_constraint_is_what_the_provider_says_or_refused() -> None:
    model = world()
    assert model.container is not None
    kinds = {"Product": Tagged}
    store = ProviderStore(model, {n: kinds.get(n, Listed)(DATA.get(n, [])) for n in model.container.sets})
    with store.transaction() as tx:
        assert [tag["Name"] for tag in tx["Product"].follow(1, "Tag").values()] == ["hot"]
        assert [line.key for line in tx["Product"].follow(1, "Line").values()] == [(1, 1), (1, 2)]
        with pytest.raises(Unsupported, match="Tag is not provided"):
            list(tx["Product"].follow(2, "Tag").values())


# --- writing


@pytest.mark.feature("F-PROVIDERS-04")
@pytest.mark.spec("OD-290")
def test_changes_go_to_the_provider_checked_as_in_memory() -> None:
    store = store_of(Shelf)
    with store.transaction() as tx:
        made = tx["Product"].insert({"Name": "Cup", "Supplier": Ref(2), "Line": [{"No": 1, "Quantity": 1}]})
        assert (made.key, made["Supplier_ID"], made["Stock"]) == (4, 2, 0)
        assert tx["Product"].update(1, {"Price": 4}, if_match=tx["Product"][1].etag)["Price"] == 4
        with pytest.raises(EntityChanged):
            tx["Product"].update(1, {"Price": 5}, if_match='W/"old"')
        with pytest.raises(DuplicateKey):
            tx["Product"].insert({"ID": 1, "Name": "x"})
        with pytest.raises(BrokenReference):
            tx["Product"].insert({"Name": "x", "Supplier_ID": 77})
        with pytest.raises(StillReferenced):
            tx["Supplier"].delete(1)
        tx["Product"].delete(1)
        assert len(tx["Line"]) == 1
        with pytest.raises(Unsupported, match="nothing keeps its links"):
            tx["Product"].insert({"Name": "y", "Tag": [{"Name": "n"}]})
    shelf = store.providers["Product"]
    assert isinstance(shelf, Shelf)
    assert sorted(shelf.kept) == [(2,), (3,), (4,)]


@pytest.mark.feature("F-PROVIDERS-04")
def test_what_is_not_committed_is_undone() -> None:
    store = store_of(Shelf)
    shelf = store.providers["Product"]
    assert isinstance(shelf, Shelf)
    before = dict(shelf.kept)
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        tx["Product"].insert({"Name": "Cup"})
        tx["Product"].update(2, {"Price": 9})
        tx["Product"].delete(1)
        _ = 1 / 0
    assert {key: {n: v for n, v in e.items() if v is not None} for key, e in shelf.kept.items()} == before


@pytest.mark.feature("F-PROVIDERS-04")
def test_those_who_write_wait_for_each_other() -> None:
    store = store_of(Shelf)

    def count(times: int) -> None:
        while times:
            with store.transaction() as tx:
                found = tx["Product"][2]
            try:
                with store.transaction(write=True) as tx:
                    tx["Product"].update(2, {"Stock": found["Stock"] + 1}, if_match=found.etag)
                times -= 1
            except EntityChanged:
                continue

    threads = [Thread(target=count, args=(10,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.transaction() as tx:
        assert tx["Product"][2]["Stock"] == 37


@pytest.mark.feature("F-PROVIDERS-04")
@pytest.mark.spec("OD-120")
def test_what_a_provider_cannot_do_is_refused() -> None:
    assert (store_of(Listed).read_only, store_of(Shelf).read_only) == (True, False)
    with store_of(Listed).transaction() as tx, pytest.raises(ReadOnly):
        tx["Product"].insert({"Name": "x"})
    with pytest.raises(ReadOnly):
        store_of(Listed).transaction(write=True)

    class Growing(Listed):
        def insert(self, entity: Values) -> None:
            self.given.append(dict(entity))

    model = world()
    assert model.container is not None
    store = ProviderStore(model, {name: Growing(DATA.get(name, [])) for name in model.container.sets})
    with store.transaction() as tx:
        tx["Supplier"].insert({"ID": 3, "Name": "Cy"})
        with pytest.raises(ReadOnly, match="cannot be changed"):
            tx["Supplier"].update(1, {"Name": "x"})
        with pytest.raises(ReadOnly, match="cannot be removed"):
            tx["Product"].delete(3)


# --- what is wrong


@pytest.mark.feature("F-PROVIDERS-05")
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ID": "x", "Name": "a"}, "the provider of Tag gave a property ID"),
        ({"Name": 5}, "gave a wrong value: Name"),
        ({"Name": "x" * 21}, "gave a wrong value: Name"),
        ({}, "gave a wrong value: Name must not be null"),
        (5, "gave 5, which is no mapping"),
    ],
)
def test_what_is_no_entity_is_told_as_the_providers_fault(given: Any, message: str) -> None:
    class Wrong(Provider):
        def entities(self) -> Any:
            return [given]

    model = world()
    assert model.container is not None
    kinds: dict[str, type[Any]] = {"Tag": Wrong}
    store = ProviderStore(model, {n: kinds[n]() if n in kinds else Listed([]) for n in model.container.sets})
    with store.transaction() as tx, pytest.raises(ProviderFault, match=message):
        list(tx["Tag"].values())


@pytest.mark.feature("F-PROVIDERS-05")
def test_every_set_has_a_provider_and_every_provider_a_set() -> None:
    model: Model = world()
    assert model.container is not None
    all_of_them = {name: Listed([]) for name in model.container.sets}
    with pytest.raises(InvalidInput, match="no set Nothing"):
        ProviderStore(model, {**all_of_them, "Nothing": Listed([])})
    with pytest.raises(InvalidInput, match="Tag has no provider"):
        ProviderStore(model, {name: item for name, item in all_of_them.items() if name != "Tag"})
    with pytest.raises(InvalidInput, match="is no model"):
        ProviderStore(None, {})  # type: ignore[arg-type]
    with pytest.raises(NotImplementedError, match="gives no entities"):
        Provider().entities()


@pytest.mark.feature("F-PROVIDERS-06")
def test_a_value_may_be_read_when_it_is_asked_for() -> None:
    read: list[str] = []

    def photo() -> bytes:
        read.append("photo")
        return b"x"

    model = world()
    assert model.container is not None
    given: dict[str, list[Values]] = {"Product": [{"ID": 1, "Name": "Tea", "Stock": 0, "Photo": photo}]}
    store = ProviderStore(model, {name: Listed(given.get(name, [])) for name in model.container.sets})
    with store.transaction() as tx:
        assert tx["Product"].select("Name")[1]["Name"] == "Tea"
        assert not read
        assert tx["Product"][1]["Photo"] == b"x"
        assert read == ["photo"]
