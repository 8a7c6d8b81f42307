"""Collections: mappings that take queries, written as OData text or as Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from demotic.errors import InvalidInput, Unsupported
from demotic.model import (
    DECIMAL,
    INT32,
    STRING,
    EntityContainer,
    EntitySet,
    EntityType,
    Model,
    NavigationProperty,
    Property,
    Schema,
)
from demotic.query import InvalidContinuation, UnknownName, literal, properties, read_filter, tree_of, write_expression
from demotic.store import Collection, NoSuchEntity, NoSuchProperty, NoSuchSet, Store
from demotic.store.memory import MemoryStore


def _build() -> Model:
    maker = EntityType("Shop", "Maker")
    maker.properties = {"ID": Property("ID", INT32, nullable=False), "Name": Property("Name", STRING)}
    maker.own_key = (maker.properties["ID"],)
    product = EntityType("Shop", "Product")
    product.properties = {
        "ID": Property("ID", INT32, nullable=False),
        "Name": Property("Name", STRING),
        "UnitPrice": Property("UnitPrice", DECIMAL),
        "MakerID": Property("MakerID", INT32),
    }
    product.own_key = (product.properties["ID"],)
    line = EntityType("Shop", "Line")
    line.properties = {
        "Order": Property("Order", STRING, nullable=False),
        "Number": Property("Number", INT32, nullable=False),
        "ProductID": Property("ProductID", INT32),
    }
    line.own_key = (line.properties["Order"], line.properties["Number"])
    made_by = NavigationProperty("Maker", maker, constraints=((product.properties["MakerID"], maker.properties["ID"]),))
    makes = NavigationProperty("Products", product, collection=True, partner=made_by)
    of = NavigationProperty("Product", product, constraints=((line.properties["ProductID"], product.properties["ID"]),))
    lines = NavigationProperty("Lines", line, collection=True, partner=of)
    made_by.partner, of.partner = makes, lines
    maker.navigation, line.navigation = {"Products": makes}, {"Product": of}
    product.navigation = {"Maker": made_by, "Lines": lines}
    sets = {f"{item.name}s": EntitySet(f"{item.name}s", item) for item in (maker, product, line)}
    types = {item.name: item for item in (maker, product, line)}
    return Model({"Shop": Schema("Shop", types=types, container=EntityContainer("Container", sets))})


MODEL = _build()
STORE = MemoryStore(
    MODEL,
    {
        "Makers": [{"ID": 1, "Name": "Ada"}, {"ID": 2, "Name": "Bo"}],
        "Products": [
            {"ID": n, "Name": name, "UnitPrice": price, "MakerID": maker}
            for n, name, price, maker in (
                (1, "Tea", Decimal("2.5"), 1),
                (2, "Milk", None, 1),
                (3, "Bread", Decimal(4), 2),
                (4, "Salt", Decimal(1), None),
            )
        ],
        "Lines": [
            {"Order": "a", "Number": 1, "ProductID": 1},
            {"Order": "a", "Number": 2, "ProductID": 3},
            {"Order": "b", "Number": 1, "ProductID": 3},
        ],
    },
)


@pytest.fixture
def products() -> Iterator[Collection]:
    with STORE.transaction() as tx:
        yield tx["Products"]


@pytest.fixture
def lines() -> Iterator[Collection]:
    with STORE.transaction() as tx:
        yield tx["Lines"]


def pages_of(collection: Collection, size: int) -> list[Any]:
    """Return the keys of all pages, which are full but for the last."""
    keys, after = [], None
    while True:
        page = collection.page(size, after)
        keys += [entity.key for entity in page.entities]
        after = page.after
        if after is None:
            return keys
        assert len(page.entities) == size


class TestMapping:
    @pytest.mark.feature("F-STORE-02")
    @pytest.mark.spec("OD-084")
    def test_an_entity_is_found_by_its_key(self, products: Collection, lines: Collection) -> None:
        assert products[1]["Name"] == "Tea"
        assert products[1].key == 1
        assert lines["a", 2]["ProductID"] == 3
        assert lines["a", 2].key == ("a", 2)

    @pytest.mark.feature("F-STORE-02")
    @pytest.mark.spec("OD-202")
    @pytest.mark.parametrize("key", [9, "x", None, (1, 2), 1.5, 2**40, object()])
    def test_a_key_that_nothing_has_is_a_key_error(self, products: Collection, key: Any) -> None:
        assert key not in products
        assert products.get(key) is None
        with pytest.raises(KeyError):
            products[key]
        dear = products.where("UnitPrice gt 2")
        assert key not in dear and dear.get(key) is None

    @pytest.mark.feature("F-STORE-03")
    def test_it_is_iterated_by_key_and_has_a_length(self, products: Collection, lines: Collection) -> None:
        assert list(products) == [1, 2, 3, 4]
        assert list(lines) == [("a", 1), ("a", 2), ("b", 1)]
        assert len(products) == 4 and bool(products)
        assert 2 in products and ("b", 1) in lines

    @pytest.mark.feature("F-STORE-03")
    def test_values_and_items_are_read_together(self, products: Collection) -> None:
        assert [entity["Name"] for entity in products.values()] == ["Tea", "Milk", "Bread", "Salt"]
        assert [(key, entity["ID"]) for key, entity in products.items()] == [(n, n) for n in (1, 2, 3, 4)]
        assert products[3] in products.values()
        assert len(products.values()) == 4

    @pytest.mark.feature("F-STORE-04")
    def test_an_entity_is_a_mapping_of_its_properties(self, products: Collection) -> None:
        entity = products[4]
        assert dict(entity) == {"ID": 4, "Name": "Salt", "UnitPrice": Decimal(1), "MakerID": None}
        assert entity == {"ID": 4, "Name": "Salt", "UnitPrice": Decimal(1), "MakerID": None}
        assert entity.type.name == "Product"

    @pytest.mark.feature("F-STORE-01")
    @pytest.mark.spec("OD-107")
    def test_a_transaction_is_a_mapping_of_collections(self) -> None:
        with STORE.transaction() as tx:
            assert sorted(tx) == ["Lines", "Makers", "Products"]
            assert len(tx) == 3 and "Products" in tx


class TestQueries:
    @pytest.mark.feature("F-STORE-05")
    @pytest.mark.spec("OD-131")
    def test_conditions_add_up_and_leave_the_collection_as_it_was(self, products: Collection) -> None:
        dear = products.where("UnitPrice gt 2")
        assert list(dear) == [1, 3]
        assert list(dear.where("contains(Name,'e')").where("ID gt 1")) == [3]
        assert len(products) == 4

    @pytest.mark.feature("F-STORE-06")
    @pytest.mark.spec("OD-139")
    def test_a_condition_holds_for_every_way_of_looking(self, products: Collection) -> None:
        dear = products.where("UnitPrice gt 2")
        assert 1 in dear and 4 not in dear
        assert dear.get(4) is None and dear[3]["Name"] == "Bread"
        assert len(dear) == dear.count() == 2

    @pytest.mark.feature("F-STORE-07")
    @pytest.mark.spec("OD-167")
    @pytest.mark.parametrize(
        "order", ["UnitPrice desc", "UnitPrice desc,ID", "Maker/Name desc,ID desc", "length(Name),ID desc"]
    )
    def test_an_order_may_be_text(self, products: Collection, order: str) -> None:
        expected = {"U": [3, 1, 4, 2], "M": [3, 2, 1, 4], "l": [1, 4, 2, 3]}[order[0]]
        assert list(products.order_by(order)) == expected

    @pytest.mark.feature("F-STORE-07")
    def test_an_order_may_be_python(self, products: Collection) -> None:
        p = products.p
        assert list(products.order_by(p.UnitPrice.desc, p.ID)) == [3, 1, 4, 2]
        assert list(products.order_by(p.Maker.Name, p.ID.desc)) == [4, 2, 1, 3]

    @pytest.mark.feature("F-STORE-08")
    @pytest.mark.spec("OD-171", "OD-172", "OD-173")
    def test_select_reads_these_and_the_key(self, products: Collection) -> None:
        assert [dict(e) for e in products.select("Name")[:1].values()] == [{"ID": 1, "Name": "Tea"}]
        assert [set(e) for e in products.select("Name").values()] == [{"ID", "Name"}] * len(products)
        # A selection is the collection's own: another one takes its place, and the one it came from has none.
        assert set(products.select("Name").select("UnitPrice")[1]) == {"ID", "UnitPrice"}
        assert {"ID", "Name", "UnitPrice"} <= set(products[1])
        # That of an expanded entity is given along the way to it.
        inside = products.expand("Maker($select=Name)")[1]["Maker"]
        assert set(inside) <= {"ID", "Name"}
        assert "Name" in inside

    @pytest.mark.feature("F-STORE-09")
    def test_expanded_entities_are_inside(self, products: Collection) -> None:
        entity = products.expand("Maker", "Lines($filter=Order eq 'a';$count=true)")[3]
        assert entity["Maker"]["Name"] == "Bo"
        assert [line.key for line in entity["Lines"]] == [("a", 2)]
        assert entity["Lines@count"] == 1

    @pytest.mark.feature("F-STORE-10")
    def test_a_slice_cuts_and_slices_of_slices_cut_further(self, products: Collection) -> None:
        assert list(products[1:3]) == [2, 3]
        assert list(products[1:][:2]) == [2, 3]
        assert list(products[:3][2:]) == [3]
        assert list(products[:2][1:9]) == [2]
        assert [len(products[1:3]), len(products[2:99]), len(products[9:]), len(products[:0])] == [2, 2, 0, 0]
        with pytest.raises(InvalidInput):
            products[::2]
        with pytest.raises(InvalidInput):
            products[-1:]

    @pytest.mark.feature("F-STORE-10")
    def test_first_is_the_first_or_none(self, products: Collection) -> None:
        first = products.order_by("UnitPrice desc").first()
        assert first is not None and first.key == 3
        assert products.where("ID eq 99").first() is None

    @pytest.mark.feature("F-STORE-11")
    def test_pages_follow_each_other(self, products: Collection) -> None:
        ordered = products.order_by("UnitPrice desc")
        first = ordered.page(3, count=True)
        assert ([e.key for e in first.entities], first.count) == ([3, 1, 4], 4)
        assert first.after is not None
        second = ordered.page(3, first.after)
        assert ([e.key for e in second.entities], second.after, second.count) == ([2], None, None)
        with pytest.raises(InvalidContinuation):
            products.page(3, first.after)
        with pytest.raises(InvalidInput):
            products.page(0)

    @pytest.mark.parametrize("size", [1, 2, 3, 9])
    @pytest.mark.parametrize(
        "cut", [slice(1, 4), slice(1, None), slice(None, 3), slice(2, 99), slice(2, 2), slice(9, 12)]
    )
    def test_the_pages_of_a_slice_are_the_slice(self, products: Collection, cut: slice, size: int) -> None:
        ordered = products.order_by("UnitPrice desc")
        assert pages_of(ordered[cut], size) == [3, 1, 4, 2][cut]

    def test_a_token_of_another_slice_is_refused(self, products: Collection) -> None:
        whole, part = products.page(1).after, products[:3].page(1).after
        for collection, after in ((products, part), (products[:3], whole), (products[:1], part), (products, "x.y")):
            with pytest.raises(InvalidContinuation):
                collection.page(1, after)

    @pytest.mark.feature("F-STORE-12")
    def test_navigation_to_many_is_a_collection_too(self, products: Collection) -> None:
        assert list(products.follow(3, "Lines")) == [("a", 2), ("b", 1)]
        assert list(products.follow(3, "Lines").where("Order eq 'b'")) == [("b", 1)]
        with pytest.raises(InvalidInput):
            products.follow(3, "Maker")

    @pytest.mark.feature("F-STORE-13")
    def test_an_unknown_name_is_told(self, products: Collection) -> None:
        for query in (
            products.where("Nam eq 'x'"),
            products.select("Nam"),
            products.expand("Makr"),
            products.order_by("Nam"),
        ):
            with pytest.raises(UnknownName):
                query.first()


P = properties(MODEL["Shop"].types["Product"])  # type: ignore[arg-type]


class TestPython:
    @pytest.mark.feature("F-QUERY-16")
    @pytest.mark.spec("OD-132")
    @pytest.mark.parametrize(
        ("written", "text"),
        [
            (P.UnitPrice > 20, "UnitPrice gt 20"),
            (P.unit_price >= Decimal("2.50"), "UnitPrice ge 2.50"),
            (
                20 < P.UnitPrice,  # noqa: SIM300
                "UnitPrice gt 20",
            ),
            (P["Name"] == "it's", "Name eq 'it''s'"),
            (P.Name != None, "Name ne null"),  # noqa: E711
            (P.maker.name.startswith("A"), "startswith(Maker/Name,'A')"),
            (P.name.lower().contains("x"), "contains(tolower(Name),'x')"),
            (P.Name.strip().length() < 3, "length(trim(Name)) lt 3"),
            ((P.ID > 1) & (P.ID < 5) | ~(P.Name == "x"), "ID gt 1 and ID lt 5 or not (Name eq 'x')"),
            (P.ID.one_of([1, 2]), "ID in (1,2)"),
            ((P.ID + 1) * 2 - 3 > 4, "(ID add 1) mul 2 sub 3 gt 4"),
            (1 + P.ID == 2, "1 add ID eq 2"),
            (P.UnitPrice / 2 == 1, "UnitPrice divby 2 eq 1"),
            (P.ID.mod(2) == 1, "ID mod 2 eq 1"),
            (-P.ID < 0, "-ID lt 0"),
            (P.Maker == None, "Maker eq null"),  # noqa: E711
            (P.Lines.any(), "Lines/any()"),
            (P.Lines.count() > 2, "Lines/$count gt 2"),
            (P.Lines.any(lambda line: line.Number > 1), "Lines/any(x1:x1/Number gt 1)"),
            (
                P.lines.all(lambda a: a.Product.Lines.any(lambda b: b.Number == a.Number)),
                "Lines/all(x1:x1/Product/Lines/any(x2:x2/Number eq x1/Number))",
            ),
        ],
    )
    def test_an_expression_says_what_the_text_says(self, written: Any, text: str) -> None:
        assert write_expression(written.tree) == text
        assert write_expression(read_filter(text)) == text

    @pytest.mark.spec("OD-023")
    @pytest.mark.parametrize(
        "value",
        [
            None,
            True,
            5,
            -(2**70),
            Decimal("1.50"),
            Decimal("Infinity"),
            1.5,
            1e300,
            float("inf"),
            "it's",
            b"\x00\xff",
            UUID(int=1),
            datetime(2024, 2, 29, 12, tzinfo=UTC),
            date(2024, 2, 29),
            time(12, 30),
            timedelta(hours=-1),
        ],
    )
    def test_a_native_value_is_the_literal_that_reads_back(self, value: Any) -> None:
        written = literal(value)
        read = read_filter(written.text)
        assert (read.kind, read.value) == (written.kind, float(value) if value == Decimal("Infinity") else value)  # type: ignore[union-attr]

    def test_what_is_no_value_is_refused(self) -> None:
        for value in (object(), [1], datetime(2024, 2, 29)):
            with pytest.raises(InvalidInput):
                tree_of(value)

    @pytest.mark.feature("F-STORE-13")
    def test_an_unknown_attribute_says_what_there_is(self) -> None:
        with pytest.raises(AttributeError, match="UnitPrice"):
            _ = P.UnitPrise
        with pytest.raises(KeyError, match="UnitPrice"):
            P["UnitPrise"]
        with pytest.raises(AttributeError, match="startswith"):
            P.Name.startwith("x")

    def test_python_s_own_and_is_refused_with_what_to_write_instead(self) -> None:
        with pytest.raises(TypeError, match="&"):
            _ = (P.ID > 1) and (P.ID < 5)

    @pytest.mark.feature("F-STORE-05")
    @pytest.mark.spec("OD-132")
    def test_conditions_in_all_forms_keep_the_same(self, products: Collection) -> None:
        for condition in ("UnitPrice gt 2", P.UnitPrice > 2, lambda p: p.unit_price > 2, read_filter("UnitPrice gt 2")):
            assert list(products.where(condition)) == [1, 3]

    def test_conditions_over_navigation(self, products: Collection) -> None:
        assert list(products.where(P.Maker.Name == "Ada")) == [1, 2]
        assert list(products.where(P.Lines.any(lambda line: line.Order == "b"))) == [3]
        assert list(products.where(P.Lines.count() == 0)) == [2, 4]


def test_a_store_that_keeps_no_state_says_so() -> None:
    class Stateless(Store):
        model = MODEL
        prepare = run = close = None  # type: ignore[assignment]

    with pytest.raises(Unsupported, match="Stateless"):
        Stateless().transaction()


# --- what is refused


def test_a_property_that_is_not_there_is_told_from_one_that_was_not_read() -> None:
    with STORE.transaction() as tx:
        entity = tx["Products"].select("Name")[1]
        for name, message in (
            ("Nope", "Shop.Product has no property Nope (there are ID, Lines, Maker, MakerID, Name, UnitPrice)"),
            ("name", "Shop.Product has no property name (did you mean Name?)"),
            ("UnitPrice", "UnitPrice was not read (name it in select() too)"),
            ("Maker", 'Maker was not read (expand it first: .expand("Maker"))'),
        ):
            with pytest.raises(NoSuchProperty) as caught:
                entity[name]
            assert (str(caught.value), caught.value.target) == (message, name)
            assert entity.get(name) is None
            assert name not in entity


@pytest.mark.parametrize("name", [1, None, ("Products",)])
def test_a_set_of_no_name_is_not_there(name: Any) -> None:
    with STORE.transaction() as tx:
        with pytest.raises(NoSuchSet, match="there is no entity set"):
            tx[name]
        assert name not in tx


@pytest.mark.parametrize("value", [5, None, True, 1.5, b"x", ["ID eq 1"]])
def test_what_is_no_condition_and_no_order_is_refused_at_once(value: Any) -> None:
    with STORE.transaction() as tx:
        with pytest.raises(InvalidInput, match=r"where takes no .* OData text, or an expression over p"):
            tx["Products"].where(value)
        with pytest.raises(InvalidInput, match=r"order_by takes no .* OData text, or an expression over p"):
            tx["Products"].order_by(value)


def test_a_slice_takes_no_condition_and_no_order() -> None:
    with STORE.transaction() as tx:
        products = tx["Products"]
        for part in (products[:3], products[1:]):
            with pytest.raises(
                InvalidInput, match=r"a slice of a collection takes no where \(call where first, then slice\)"
            ):
                part.where("ID eq 1")
            with pytest.raises(InvalidInput, match="a slice of a collection takes no order_by"):
                part.order_by("Name")
        assert list(products[:].where("ID gt 2").order_by("Name")) == [3, 4]


def test_a_slice_is_a_mapping_of_what_is_in_it() -> None:
    with STORE.transaction() as tx:
        part = tx["Products"].order_by("Name desc")[1:3]
        assert list(part) == [4, 2]
        assert [key in part for key in (1, 2, 3, 4, 5)] == [False, True, False, True, False]
        assert {key: entity["Name"] for key, entity in dict(part).items()} == {4: "Salt", 2: "Milk"}
        for key in (1, 5):
            with pytest.raises(NoSuchEntity):
                part[key]
        assert list(tx["Lines"][1:2]) == [("a", 2)]
        assert [("a", n) in tx["Lines"][1:2] for n in (1, 2)] == [False, True]
