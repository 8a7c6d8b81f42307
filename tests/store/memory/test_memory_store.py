"""The store in memory: reads of every kind, paging, snapshots, writing with checks, links."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import InternalFault, InvalidInput
from demotic.model import (
    DATE_TIME_OFFSET,
    DECIMAL,
    INT32,
    INT64,
    STRING,
    ComplexType,
    EntityContainer,
    EntitySet,
    EntityType,
    EnumType,
    Facets,
    InvalidValue,
    Model,
    NavigationProperty,
    Property,
    Schema,
)
from demotic.query import Query, UnknownName, bind_request, read_options, read_path
from demotic.store import ChangedMeanwhile, DuplicateKey, NoSuchEntity, NoSuchSet, Representation, TransactionClosed
from demotic.store.memory import MemoryStore

COLOUR = EnumType("Shop", "Colour", {"Red": 1, "Green": 2}, INT32, is_flags=True)
SIZE = ComplexType("Shop", "Size", properties={"Width": Property("Width", DECIMAL), "Unit": Property("Unit", STRING)})


def _build() -> Model:
    supplier = EntityType("Shop", "Supplier")
    supplier.properties = {
        "ID": Property("ID", INT32, nullable=False),
        "Name": Property("Name", STRING, facets=Facets(max_length=10)),
    }
    supplier.own_key = (supplier.properties["ID"],)
    product = EntityType("Shop", "Product")
    product.properties = {
        "ID": Property("ID", INT32, nullable=False),
        "Name": Property("Name", STRING, nullable=False),
        "Price": Property("Price", DECIMAL),
        "Stock": Property("Stock", INT64, default="0"),
        "Sold": Property("Sold", DATE_TIME_OFFSET),
        "Colour": Property("Colour", COLOUR),
        "Size": Property("Size", SIZE),
        "Words": Property("Words", STRING, collection=True),
        "SupplierID": Property("SupplierID", INT32),
    }
    product.own_key = (product.properties["ID"],)
    tag = EntityType("Shop", "Tag")
    tag.properties = {"Word": Property("Word", STRING, nullable=False)}
    tag.own_key = (tag.properties["Word"],)
    keys = (product.properties["SupplierID"], supplier.properties["ID"])
    to_supplier = NavigationProperty("Supplier", supplier, constraints=(keys,))
    to_products = NavigationProperty("Products", product, collection=True, partner=to_supplier)
    to_supplier.partner = to_products
    to_tags = NavigationProperty("Tags", tag, collection=True)
    tagged = NavigationProperty("Tagged", product, collection=True, partner=to_tags)
    to_tags.partner = tagged
    product.navigation = {"Supplier": to_supplier, "Tags": to_tags, "Twin": NavigationProperty("Twin", product)}
    supplier.navigation = {"Products": to_products}
    tag.navigation = {"Tagged": tagged}
    types = {item.name: item for item in (COLOUR, SIZE, supplier, product, tag)}
    sets = {f"{item.name}s": EntitySet(f"{item.name}s", item) for item in (supplier, product, tag)}
    return Model({"Shop": Schema("Shop", types=types, container=EntityContainer("Container", sets))})


MODEL = _build()
DATA: dict[str, list[dict[str, Any]]] = {
    "Suppliers": [{"ID": 1, "Name": "Ada"}, {"ID": 2, "Name": None}, {"ID": 3, "Name": "Cy"}],
    "Products": [
        {"ID": 1, "Name": "Tea", "Price": Decimal("2.50"), "SupplierID": 1, "Colour": "Green"},
        {"ID": 2, "Name": "Milk", "Price": None, "SupplierID": 1, "Colour": 3, "Size": {"Width": 2, "Unit": "m"}},
        {"ID": 3, "Name": "Bread", "Price": Decimal(4), "SupplierID": 2, "Words": ["a", "b"]},
        {"ID": 4, "Name": "Salt", "Price": Decimal(1), "SupplierID": None},
        {"ID": 5, "Name": "Tea", "Price": Decimal(4), "SupplierID": 9},
    ],
    "Tags": [{"Word": "hot"}, {"Word": "white"}],
}


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore(MODEL, DATA)
    with store.transaction() as tx:
        tx["Products"].link(1, "Tags", "hot")
        tx["Products"].link(2, "Tags", "white")
        tx["Products"].link(4, "Tags", "white")
        tx["Products"].link(1, "Twin", 5)
    return store


class Plain:
    """A form whose rows are dictionaries, as an encoder would see them."""

    def __init__(self, representation: Representation = Representation.NATIVE) -> None:
        self._representation = representation

    @property
    def representation(self) -> Representation:
        return self._representation

    def row(self, query: Query) -> Any:
        names = [item.name for item in query.properties]
        for item in query.expand:
            names += [item.navigation.name, f"{item.navigation.name}#"][
                : 1 + (item.navigation.collection and item.query.count)
            ]
        return lambda *values: dict(zip(names, values, strict=True))


def read(
    store: MemoryStore, url: str, *, page: int | None = None, form: Plain | None = None
) -> tuple[list[Any], Any, Any]:
    """Return rows, count and where the next page starts."""
    path, _, query = url.partition("?")
    options = [tuple(part.split("=", 1)) for part in query.split(" & ")] if query else []
    bound = bind_request(read_path(path), read_options(options), model=MODEL)  # type: ignore[arg-type]
    assert bound.read is not None
    plan = store.prepare(bound.read, form or Plain())
    with store.run(plan, bound.values, page=page) as result:
        rows = [row for batch in result.batches() for row in batch]
        token = (
            None
            if result.after is None or bound.continuation is None
            else bound.continuation.write(result.after, bound.values)
        )
        return rows, result.count, token


class TestReading:
    @pytest.mark.feature("F-MEMORY-01")
    @pytest.mark.spec("OD-199")
    @pytest.mark.parametrize(
        ("url", "ids"),
        [
            ("Products", [1, 2, 3, 4, 5]),
            ("Products(3)", [3]),
            ("Products(9)", []),
            ("Products?$filter=Price gt 2", [1, 3, 5]),
            ("Products?$filter=not (Price gt 2)", [2, 4]),
            ("Products?$filter=Size/Unit eq 'm'", [2]),
            ("Products?$filter=Size/Unit eq null", [1, 3, 4, 5]),
            ("Products?$filter=Colour eq 'Green'", [1]),
            ("Products?$filter=Supplier/Name eq 'Ada'", [1, 2]),
            ("Products?$filter=Supplier eq null", [4, 5]),
            ("Products?$filter=Twin ne null", [1]),
            ("Products?$filter=Tags/any(t:t/Word eq 'white')", [2, 4]),
            ("Products?$filter=Tags/$count eq 0", [3, 5]),
            ("Products?$orderby=Price", [2, 4, 1, 3, 5]),
            ("Products?$orderby=Price desc", [3, 5, 1, 4, 2]),
            ("Products?$orderby=Name desc,Price desc", [5, 1, 4, 2, 3]),
            ("Products?$orderby=Price desc & $top=2", [3, 5]),
            ("Products?$orderby=Price desc & $skip=1 & $top=2", [5, 1]),
            ("Products?$top=0", []),
            ("Products?$skip=99", []),
            ("Suppliers(1)/Products", [1, 2]),
            ("Suppliers(1)/Products(2)", [2]),
            ("Suppliers(1)/Products(3)", []),
            ("Suppliers(9)/Products", []),
            ("Products(2)/Supplier", [1]),
            ("Products(4)/Supplier", []),
            ("Products(2)/Supplier/Products?$filter=ID lt 2", [1]),
            ("Products(1)/Twin", [5]),
            ("Tags('white')/Tagged", [2, 4]),
        ],
    )
    def test_a_url_reads_these(self, store: MemoryStore, url: str, ids: list[int]) -> None:
        assert [row["ID"] for row in read(store, url)[0]] == ids

    @pytest.mark.parametrize(
        ("url", "count"),
        [
            ("Products/$count", 5),
            ("Products/$count?$filter=Price gt 2", 3),
            ("Suppliers(1)/Products/$count", 2),
            ("Suppliers(3)/Products/$count", 0),
            ("Products?$count=true & $top=1", 5),
            ("Products?$count=true & $filter=Price gt 2 & $skip=2", 3),
            ("Products?$top=1", None),
        ],
    )
    def test_the_count_is_of_all_that_pass_the_filter(self, store: MemoryStore, url: str, count: int | None) -> None:
        assert read(store, url)[1] == count

    def test_expanded_entities_are_shaped_by_a_query_of_their_own_per_parent(self, store: MemoryStore) -> None:
        nested = "$select=ID;$orderby=Price desc;$top=1;$count=true;$filter=ID lt 5"
        rows, _, _ = read(store, f"Suppliers?$select=ID & $expand=Products({nested})")
        assert rows == [
            {"ID": 1, "Products": [{"ID": 1}], "Products#": 2},
            {"ID": 2, "Products": [{"ID": 3}], "Products#": 1},
            {"ID": 3, "Products": [], "Products#": 0},
        ]

    def test_expanding_nests_and_gives_null_where_nothing_is_related(self, store: MemoryStore) -> None:
        url = "Products?$select=ID & $filter=ID ge 3 & $expand=Supplier($select=Name;$expand=Products($select=ID)),Tags"
        assert read(store, url)[0] == [
            {"ID": 3, "Supplier": {"Name": None, "Products": [{"ID": 3}]}, "Tags": []},
            {"ID": 4, "Supplier": None, "Tags": [{"Word": "white"}]},
            {"ID": 5, "Supplier": None, "Tags": []},
        ]

    def test_values_come_in_the_representation_asked_for(self, store: MemoryStore) -> None:
        url = "Products(2)?$select=Colour,Size,Stock"
        assert read(store, url)[0] == [{"Colour": 3, "Size": {"Width": Decimal(2), "Unit": "m"}, "Stock": 0}]
        exact = read(store, url, form=Plain(Representation.JSON_EXACT))[0]
        assert exact == [{"Colour": "Red,Green", "Size": {"Width": "2", "Unit": "m"}, "Stock": "0"}]
        assert read(store, "Products(3)?$select=Words", form=Plain(Representation.JSON))[0] == [{"Words": ["a", "b"]}]

    def test_where_the_next_page_starts_is_known_only_after_the_last_batch(self, store: MemoryStore) -> None:
        bound = bind_request(read_path("Products"), model=MODEL)
        assert bound.read is not None
        result = store.run(store.prepare(bound.read, Plain()), bound.values, page=2)
        with pytest.raises(InternalFault):
            _ = result.after
        assert len(list(result.batches())) == 1
        assert result.after == (2,)

    def test_many_rows_come_in_batches_of_bounded_size(self) -> None:
        store = MemoryStore(MODEL, {"Tags": [{"Word": f"{n:05}"} for n in range(2500)]})
        bound = bind_request(read_path("Tags"), model=MODEL)
        assert bound.read is not None
        batches = store.run(store.prepare(bound.read, Plain()), ()).batches()
        assert [len(batch) for batch in batches] == [1000, 1000, 500]


class TestPaging:
    @pytest.mark.parametrize("size", [1, 2, 3, 5, 6])
    @pytest.mark.parametrize(
        "order", ["", "Price", "Price desc", "Name desc,Price", "Supplier/Name desc,Price desc", "ID mod 2"]
    )
    def test_pages_together_are_the_whole_in_order(self, store: MemoryStore, size: int, order: str) -> None:
        options = f"$orderby={order}" if order else "$select=*"
        whole = [row["ID"] for row in read(store, f"Products?{options}")[0]]
        assert [n for page in _pages(store, f"Products?{options}", size) for n in page] == whole

    def test_a_page_that_holds_the_rest_has_none_after_it(self, store: MemoryStore) -> None:
        assert read(store, "Products", page=5)[2] is None
        assert read(store, "Products", page=4)[2] is not None
        assert read(store, "Products?$top=4", page=4)[2] is None

    values = st.tuples(st.none() | st.integers(-2, 2), st.text("ab", max_size=2), st.none() | st.integers(1, 3))

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(values, max_size=12),
        st.lists(st.sampled_from(["Price", "Name", "Supplier/Name", "SupplierID"]), max_size=3, unique=True),
        st.lists(st.booleans(), min_size=3, max_size=3),
        st.integers(1, 4),
    )
    def test_pages_are_the_whole_for_any_data_and_order(
        self, rows: list[tuple[Any, ...]], names: list[str], down: list[bool], size: int
    ) -> None:
        products = [
            {"ID": n, "Name": name, "Price": price, "SupplierID": supplier}
            for n, (price, name, supplier) in enumerate(rows)
        ]
        store = MemoryStore(MODEL, {"Suppliers": DATA["Suppliers"], "Products": products})
        order = ",".join(f"{name} {'desc' if d else 'asc'}" for name, d in zip(names, down, strict=False))
        url = f"Products?$orderby={order}" if order else "Products?$select=*"
        whole = [row["ID"] for row in read(store, url)[0]]
        assert sorted(whole) == list(range(len(rows)))
        assert [n for page in _pages(store, url, size) for n in page] == whole


def _pages(store: MemoryStore, url: str, size: int) -> Iterator[list[int]]:
    token = None
    while True:
        rows, _, token = read(store, url + (f" & $skiptoken={token}" if token else ""), page=size)
        yield [row["ID"] for row in rows]
        if token is None:
            return


class TestWriting:
    @pytest.mark.feature("F-MEMORY-02")
    def test_an_inserted_entity_is_checked_completed_and_returned(self, store: MemoryStore) -> None:
        at = datetime(2024, 2, 29, 12, tzinfo=timezone(timedelta(hours=2)))
        with store.transaction() as tx:
            kept = tx["Products"].insert({"ID": 6, "Name": "Oil", "Price": 3, "Sold": at, "Colour": "Red"})
            assert kept["Sold"] == at and kept["Sold"].tzinfo is UTC
            assert (kept["Stock"], kept["Colour"], kept["Words"], kept["Size"]) == (0, 1, [], None)
            assert tx["Products"][6] == kept
        with store.transaction() as tx:
            assert tx["Products"][6] == kept

    @pytest.mark.feature("F-MEMORY-02")
    @pytest.mark.spec("OD-202")
    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"ID": 1, "Name": "x"}, DuplicateKey),
            ({"ID": 6}, InvalidValue),
            ({"ID": "6", "Name": "x"}, InvalidValue),
            ({"ID": 2**31, "Name": "x"}, InvalidValue),
            ({"ID": 6, "Name": "x", "Colour": "Pink"}, InvalidValue),
            ({"ID": 6, "Name": "x", "Sold": datetime(2024, 1, 1)}, InvalidValue),
            ({"ID": 6, "Name": "x", "Prise": 1}, UnknownName),
            ({"Name": "x"}, InvalidValue),
        ],
    )
    def test_what_may_not_be_inserted_changes_nothing(
        self, store: MemoryStore, values: dict[str, Any], error: type[Exception]
    ) -> None:
        with store.transaction() as tx:
            with pytest.raises(error):
                tx["Products"].insert(values)
            assert len(tx["Products"]) == 5

    @pytest.mark.feature("F-MEMORY-02")
    def test_facets_are_checked(self, store: MemoryStore) -> None:
        with store.transaction() as tx, pytest.raises(InvalidValue, match="at most 10"):
            tx["Suppliers"].update(1, {"Name": "A very long name"})

    @pytest.mark.feature("F-MEMORY-03")
    def test_an_update_changes_what_is_given(self, store: MemoryStore) -> None:
        with store.transaction() as tx:
            before = tx["Products"][1]
            after = tx["Products"].update(1, {"Price": None, "SupplierID": 3})
            assert dict(after) == {**before, "Price": None, "SupplierID": 3}
            assert list(tx["Products"].where("Supplier/Name eq 'Cy'")) == [1]

    @pytest.mark.feature("F-MEMORY-03")
    def test_a_key_cannot_change(self, store: MemoryStore) -> None:
        with store.transaction() as tx:
            with pytest.raises(InvalidInput, match="key"):
                tx["Products"].update(1, {"ID": 7})
            tx["Products"].update(1, {"ID": 1, "Name": "Same"})
            assert tx["Products"][1]["Name"] == "Same"

    @pytest.mark.feature("F-MEMORY-04")
    def test_a_deleted_entity_is_gone_with_its_links(self, store: MemoryStore) -> None:
        with store.transaction() as tx:
            del tx["Products"][2]
            assert 2 not in tx["Products"]
            assert list(tx["Tags"].follow("white", "Tagged")) == [4]
            for key in (2, 99, "x", (1, 2), None):
                with pytest.raises(NoSuchEntity):
                    tx["Products"].delete(key)

    @pytest.mark.feature("F-MEMORY-05")
    def test_links_are_seen_from_both_sides_and_can_be_removed(self, store: MemoryStore) -> None:
        with store.transaction() as tx:
            tx["Tags"].link("hot", "Tagged", 3)
            assert list(tx["Products"].follow(3, "Tags")) == ["hot"]
            tx["Products"].unlink(3, "Tags", "hot")
            assert list(tx["Products"].follow(3, "Tags")) == []
            with pytest.raises(NoSuchEntity):
                tx["Products"].unlink(3, "Tags", "hot")

    @pytest.mark.feature("F-MEMORY-05")
    def test_a_link_to_one_replaces_the_one_before(self, store: MemoryStore) -> None:
        with store.transaction() as tx:
            tx["Products"].link(1, "Twin", 3)
            assert tx["Products"].expand("Twin")[1]["Twin"]["ID"] == 3

    def test_a_link_that_follows_from_properties_sets_them(self, store: MemoryStore) -> None:
        with store.transaction() as tx:
            tx["Products"].link(1, "Supplier", 2)
            assert tx["Products"][1]["SupplierID"] == 2


class TestTransactions:
    @pytest.mark.feature("F-MEMORY-06")
    def test_an_exception_leaves_everything_as_it_was(self, store: MemoryStore) -> None:
        with pytest.raises(ZeroDivisionError), store.transaction() as tx:
            tx["Products"].delete(1)
            _ = 1 / 0
        with store.transaction() as tx:
            assert 1 in tx["Products"]

    @pytest.mark.feature("F-MEMORY-06")
    def test_others_see_changes_when_the_transaction_ends(self, store: MemoryStore) -> None:
        with store.transaction() as writing:
            writing["Products"].delete(1)
            with store.transaction() as reading:
                assert 1 in reading["Products"]
        with store.transaction() as reading:
            assert 1 not in reading["Products"]

    @pytest.mark.feature("F-MEMORY-07")
    def test_a_transaction_reads_one_state_throughout(self, store: MemoryStore) -> None:
        with store.transaction() as reading:
            before = list(reading["Products"])
            with store.transaction() as writing:
                writing["Products"].delete(1)
                writing["Suppliers"].update(2, {"Name": "New"})
            assert list(reading["Products"]) == before
            assert reading["Suppliers"][2]["Name"] is None

    @pytest.mark.feature("F-MEMORY-07")
    def test_a_result_under_way_keeps_its_state(self, store: MemoryStore) -> None:
        bound = bind_request(read_path("Products"), read_options([("$expand", "Supplier")]), model=MODEL)
        assert bound.read is not None
        with store.run(store.prepare(bound.read, Plain()), bound.values) as result:
            with store.transaction() as tx:
                tx["Suppliers"].update(1, {"Name": "New"})
            assert next(result.batches())[0]["Supplier"]["Name"] == "Ada"

    @pytest.mark.feature("F-MEMORY-08")
    def test_of_two_writers_to_one_set_the_later_is_told(self, store: MemoryStore) -> None:
        first, second = store.transaction(), store.transaction()
        first["Products"].update(1, {"Price": 1})
        second["Products"].update(1, {"Price": 2})
        first.commit()
        with pytest.raises(ChangedMeanwhile):
            second.commit()
        with store.transaction() as tx:
            assert tx["Products"][1]["Price"] == 1

    @pytest.mark.feature("F-MEMORY-08")
    def test_writers_to_different_sets_both_succeed(self, store: MemoryStore) -> None:
        first, second = store.transaction(), store.transaction()
        first["Products"].update(1, {"Price": 1})
        second["Suppliers"].update(1, {"Name": "Zoe"})
        first.commit()
        second.commit()
        with store.transaction() as tx:
            assert (tx["Products"][1]["Price"], tx["Suppliers"][1]["Name"]) == (1, "Zoe")

    @pytest.mark.feature("F-MEMORY-08")
    @pytest.mark.spec("OD-201")
    def test_concurrent_writers_lose_nothing(self, store: MemoryStore) -> None:
        def add(start: int) -> None:
            for n in range(start, start + 20):
                while True:
                    try:
                        with store.transaction() as tx:
                            tx["Products"].insert({"ID": n, "Name": "x"})
                        break
                    except ChangedMeanwhile:
                        continue

        threads = [Thread(target=add, args=(start,)) for start in (100, 200, 300)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.transaction() as tx:
            assert len(tx["Products"]) == 65

    @pytest.mark.feature("F-STORE-01")
    @pytest.mark.spec("OD-107")
    def test_after_its_end_a_transaction_is_of_no_use(self, store: MemoryStore) -> None:
        with store.transaction() as tx:
            products = tx["Products"]
        with pytest.raises(TransactionClosed):
            products.count()
        with pytest.raises(TransactionClosed):
            products.insert({"ID": 6, "Name": "x"})

    def test_an_unknown_set_is_a_key_error_with_a_hint(self, store: MemoryStore) -> None:
        with store.transaction() as tx, pytest.raises(KeyError) as caught:
            tx["Product"]
        assert isinstance(caught.value, NoSuchSet) and "Products" in str(caught.value)


def test_a_store_is_closed_with_its_block_and_holds_nothing_then() -> None:
    with MemoryStore(MODEL, DATA) as store:
        assert read(store, "Products/$count")[1] == 5
    assert read(store, "Products/$count")[1] == 0


@pytest.mark.parametrize("model", [None, {}, "Shop"])
def test_a_store_needs_a_model(model: Any) -> None:
    with pytest.raises(InvalidInput, match="is no model"):
        MemoryStore(model)


@pytest.mark.parametrize(("namespace", "nullable", "problem"), [("Shop", True, "ID"), ("no name", False, "no name")])
def test_a_wrong_model_is_refused(namespace: str, nullable: bool, problem: str) -> None:
    kind = EntityType(namespace, "Tag")
    kind.properties = {"ID": Property("ID", INT32, nullable=nullable)}
    kind.own_key = (kind.properties["ID"],)
    container = EntityContainer("Container", {"Tags": EntitySet("Tags", kind)})
    with pytest.raises(InvalidInput, match=problem):
        MemoryStore(Model({namespace: Schema(namespace, types={"Tag": kind}, container=container)}))
