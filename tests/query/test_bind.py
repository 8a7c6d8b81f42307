"""The binder: what paths and options mean for a model, and how precisely it refuses what they cannot mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import DemoticError, InvalidInput, LimitExceeded, Unsupported
from demotic.model import (
    BINARY,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    DURATION,
    GUID,
    INT32,
    INT64,
    STRING,
    ComplexType,
    EntityContainer,
    EntitySet,
    EntityType,
    EnumType,
    Model,
    NavigationProperty,
    Property,
    Schema,
    Singleton,
)
from demotic.query import (
    Along,
    ByKey,
    Call,
    Constant,
    InvalidContinuation,
    KeyMismatch,
    Kind,
    Literal,
    NotApplicable,
    Options,
    QueryLimits,
    SyntaxExpression,
    TypeMismatch,
    UnknownName,
    UnknownResource,
    UnsupportedPattern,
    bind_request,
    read_options,
    read_path,
    token_shape,
)
from demotic.query import Target as T
from demotic.query._bind import BoundRequest
from demotic.query._bind_values import Unfit

CASES = json.loads((Path(__file__).parent / "cases" / "expressions.json").read_text("utf-8"))


def _type(name: str, key: tuple[str, ...], properties: list[Property], kind: type = EntityType) -> EntityType:
    items = {item.name: item for item in properties}
    if kind is ComplexType:
        return ComplexType("Shop", name, properties=items)  # type: ignore[return-value]
    return EntityType("Shop", name, properties=items, own_key=tuple(items[part] for part in key))


COLOUR = EnumType("Shop", "Colour", {"Red": 1, "Green": 2, "Blue": 4}, INT32, is_flags=True)
ADDRESS = _type("Address", (), [Property("City", STRING), Property("Zip", STRING)], ComplexType)
SUPPLIER = _type(
    "Supplier", ("ID",), [Property("ID", INT32, nullable=False), Property("Name", STRING), Property("Home", ADDRESS)]
)  # type: ignore[arg-type]
PRODUCT = _type(
    "Product",
    ("ID",),
    [
        Property("ID", INT32, nullable=False),
        Property("Name", STRING),
        Property("Price", DECIMAL),
        Property("Weight", DOUBLE),
        Property("Made", DATE),
        Property("Sold", DATE_TIME_OFFSET),
        Property("Lasts", DURATION),
        Property("Code", GUID),
        Property("Colour", COLOUR),
        Property("Photo", BINARY),
        Property("Tags", STRING, collection=True),
        Property("SupplierID", INT32),
    ],
)
LINE = _type(
    "Line", ("Order", "Number"), [Property("Order", STRING, nullable=False), Property("Number", INT64, nullable=False)]
)
PRODUCT.navigation = {
    "Supplier": NavigationProperty("Supplier", SUPPLIER),
    "Lines": NavigationProperty("Lines", LINE, collection=True),
}
SUPPLIER.navigation = {"Products": NavigationProperty("Products", PRODUCT, collection=True)}
LINE.navigation = {"Product": NavigationProperty("Product", PRODUCT)}
MODEL = Model(
    {
        "Shop": Schema(
            "Shop",
            types={item.name: item for item in (COLOUR, ADDRESS, SUPPLIER, PRODUCT, LINE)},
            container=EntityContainer(
                "Container",
                {
                    "Products": EntitySet("Products", PRODUCT),
                    "Suppliers": EntitySet("Suppliers", SUPPLIER),
                    "Lines": EntitySet("Lines", LINE),
                },
                {"Boss": Singleton("Boss", SUPPLIER)},
            ),
        )
    }
)


def bind(url: str, limits: QueryLimits | None = None) -> BoundRequest:
    """Bind a URL below the service root; options are joined by a blank and an ampersand."""
    path, _, query = url.partition("?")
    options = [tuple(part.split("=", 1)) for part in query.split(" & ")] if query else []
    return bind_request(read_path(path), read_options(options), model=MODEL, limits=limits or QueryLimits())  # type: ignore[arg-type]


def literals(tree: SyntaxExpression | None) -> Iterator[Literal]:
    """Yield the literals of an expression, as they are written."""
    if isinstance(tree, Literal):
        yield tree
    for argument in tree.arguments if isinstance(tree, Call) else ():
        yield from literals(argument)


class TestPaths:
    @pytest.mark.parametrize(
        ("path", "target", "type", "values"),
        [
            ("", T.SERVICE, None, ()),
            ("$metadata", T.METADATA, None, ()),
            ("Products", T.COLLECTION, PRODUCT, ()),
            ("Products/$count", T.COUNT, PRODUCT, ()),
            ("Products(7)", T.ENTITY, PRODUCT, (7,)),
            ("Products(ID=7)", T.ENTITY, PRODUCT, (7,)),
            ("Lines(Order='a',Number=1)", T.ENTITY, LINE, ("a", 1)),
            ("Lines(Number=1,Order='a')", T.ENTITY, LINE, ("a", 1)),
            ("Products(7)/Name", T.PROPERTY, PRODUCT, (7,)),
            ("Products(7)/Name/$value", T.VALUE, PRODUCT, (7,)),
            ("Products(7)/Tags", T.PROPERTY, PRODUCT, (7,)),
            ("Suppliers(1)/Home", T.PROPERTY, SUPPLIER, (1,)),
            ("Suppliers(1)/Home/City/$value", T.VALUE, SUPPLIER, (1,)),
            ("Products(7)/Supplier", T.ENTITY, SUPPLIER, (7,)),
            ("Products(7)/Supplier/Products/$count", T.COUNT, PRODUCT, (7,)),
            ("Products(7)/Lines(Order='a',Number=2)/Product/Name", T.PROPERTY, PRODUCT, (7, "a", 2)),
        ],
    )
    def test_a_path_addresses_this(
        self, path: str, target: T, type: EntityType | None, values: tuple[object, ...]
    ) -> None:
        bound = bind(path)
        assert (bound.target, bound.read.query.type if bound.read else None, bound.values) == (target, type, values)

    def test_a_path_becomes_steps_from_its_set(self) -> None:
        read = bind("Products(7)/Lines(Order='a',Number=2)/Product/Name").read
        assert read is not None and read.kind is Kind.ENTITY
        assert [type(step) for step in read.source.steps] == [ByKey, Along, ByKey, Along]
        assert [item.name for item in read.query.properties] == ["Name"]

    @pytest.mark.parametrize(
        ("path", "error", "message", "hint"),
        [
            ("Product", UnknownResource, "Product", "Products"),
            ("products", UnknownResource, "products", "Products"),
            ("Products(1)/Nam", UnknownResource, "Shop.Product has no property Nam", "Name"),
            ("Products(1)/Name/Length", UnknownResource, "Name has no parts", None),
            ("Suppliers(1)/Home/Town", UnknownResource, "Shop.Address has no property Town", "City, Zip"),
            ("Products/Name", UnknownResource, "collection", "(ID)"),
            ("Products/Supplier", UnknownResource, "collection", "(ID)"),
            ("Products(1)/$value", UnknownResource, "no media stream", None),
            ("Suppliers(1)/Home/$value", UnknownResource, "not primitive", None),
            ("Products(99999999999)", UnknownResource, "99999999999", None),
            ("Products('one')", KeyMismatch, "'one' is no Edm.Int32: expected an integer", None),
            ("Products(1.5)", KeyMismatch, "1.5 is no Edm.Int32", None),
            ("Products(null)", KeyMismatch, "null", None),
            ("Products(true)", KeyMismatch, "true is no Edm.Int32", None),
            ("Products(Number=1)", KeyMismatch, "is ID, not Number", "(ID=...)"),
            ("Lines('a')", KeyMismatch, "2 parts", "Order=..., Number=..."),
            ("Lines(Order='a')", KeyMismatch, "Order, Number, not Order", None),
            ("Lines(Order=1,Number=1)", KeyMismatch, "Order: 1 is no Edm.String", "single quotes"),
            ("Products(7)/Supplier(1)", KeyMismatch, "one entity", None),
            ("Products(7)/Name(1)", KeyMismatch, "property", None),
            ("Products(@id)", KeyMismatch, "@id", None),
            ("Boss", Unsupported, "Boss", None),
            ("Products/Shop.Special", UnknownResource, "Shop.Special", None),
        ],
    )
    def test_a_path_that_leads_nowhere_says_where_and_what_there_is(
        self, path: str, error: type[DemoticError], message: str, hint: str | None
    ) -> None:
        with pytest.raises(error) as caught:
            bind(path)
        assert message in caught.value.message
        assert hint is None or hint in (caught.value.hint or "")

    def test_a_key_may_be_an_alias(self) -> None:
        bound = bind("Products(@id)?@id=7")
        assert bound.values == (7,)
        assert bound.slots[0].option == "@id"


class TestLiterals:
    @pytest.mark.feature("F-QUERY-19")
    @pytest.mark.parametrize(
        ("filter", "values"),
        [
            ("ID eq 5", (5,)),
            ("ID eq 5000000000", (5000000000,)),
            ("ID eq 99999999999999999999", (Decimal("99999999999999999999"),)),
            ("Price eq 5", (Decimal(5),)),
            ("Price eq 5.50", (Decimal("5.50"),)),
            ("Price eq 5e2", (Decimal("5e2"),)),
            ("Weight eq 5", (5.0,)),
            ("Weight eq 5.5", (5.5,)),
            ("Weight eq 9007199254740993", (9007199254740993,)),
            ("Weight lt INF", (float("inf"),)),
            ("Name eq 'it''s'", ("it's",)),
            ("Made eq '2024-02-29'", (date(2024, 2, 29),)),
            ("'2024-02-29' eq Made", (date(2024, 2, 29),)),
            ("Sold eq '2024-02-29T12:00:00+02:00'", (datetime(2024, 2, 29, 10, tzinfo=UTC),)),
            ("Sold eq 2024-02-29T12:00:00%2B02:00".replace("%2B", "+"), (datetime(2024, 2, 29, 10, tzinfo=UTC),)),
            ("Lasts eq 'PT1H'", (timedelta(hours=1),)),
            ("Lasts eq duration'PT1H'", (timedelta(hours=1),)),
            ("Made add 'P1D' eq Made", (timedelta(days=1),)),
            ("Code eq '01234567-89ab-cdef-0123-456789abcdef'", (UUID("01234567-89ab-cdef-0123-456789abcdef"),)),
            ("Colour eq 'Red'", (1,)),
            ("Colour eq Shop.Colour'Red,Blue'", (5,)),
            ("Colour in ('Red','2')", (1, 2)),
            ("Price in (1,2.5)", (Decimal(1), Decimal("2.5"))),
            ("1 add 2 eq ID", (1, 2)),
            ("Lasts mul 2 eq Lasts", (Decimal(2),)),
            ("substring(Name,1) eq 'a'", (1, "a")),
            ("Name eq null", ()),
            ("Photo eq null", ()),
            ("contains(Name,@n) and Price gt @p & @n='x' & @p=3", ("x", Decimal(3))),
        ],
    )
    def test_a_literal_becomes_a_value_of_the_type_beside_it(self, filter: str, values: tuple[object, ...]) -> None:
        bound = bind(f"Products?$filter={filter}")
        assert repr(bound.values) == repr(values)

    @pytest.mark.feature("F-QUERY-12")
    @pytest.mark.spec("OD-148")
    def test_different_literals_are_one_shape(self) -> None:
        reads = [
            bind(f"Products({n})/Lines?$filter=Number gt {n} and Order in ('{n}','x')&$top={n}".replace("&", " & "))
            for n in (1, 2)
        ]
        assert reads[0].read == reads[1].read
        assert hash(reads[0].read) == hash(reads[1].read)
        assert reads[1].values == (2, 2, "2", "x", 2)

    def test_a_slot_tells_where_its_value_came_from_and_fills_itself_from_another_literal(self) -> None:
        first = bind("Products(1)/Lines?$filter=Number gt 10 & $top=3")
        other = bind("Products(2)/Lines?$filter=Number gt 20 & $top=4")
        assert [slot.option for slot in first.slots] == ["path", "$filter", "$top"]
        assert [slot.node.at for slot in first.slots] == [9, 10, 0]
        assert [slot.fill(o.node) for slot, o in zip(first.slots, other.slots, strict=True)] == [2, 20, 4]

    @pytest.mark.parametrize(
        ("one", "two"),
        [
            ("ID eq 1", "ID eq 99999999999999999999"),
            ("ID eq 1", "ID eq 1.5"),
            ("Weight eq 1.5", "Weight eq INF"),
            ("Made eq '2024-02-29'", "Made eq 'soon'"),
            ("Colour eq 'Red'", "Colour eq 'Pink'"),
            ("matchesPattern(Name,'a')", "matchesPattern(Name,'(')"),
            ("5 div 1 eq ID", "5 div 0 eq ID"),
            ("2 lt hour(2024-02-29T00:00:00Z)", "2 lt hour(2024-02-29T00:00:00+01:00)"),
        ],
    )
    def test_a_slot_refuses_a_literal_that_would_bind_differently(self, one: str, two: str) -> None:
        slots = bind(f"Products?$filter={one}").slots
        others = list(literals(read_options([("$filter", two)]).filter))
        assert len(slots) == len(others)
        with pytest.raises(InvalidInput):
            for slot, literal in zip(slots, others, strict=True):
                slot.fill(literal)


class TestRefusals:
    @pytest.mark.feature("F-QUERY-10")
    @pytest.mark.spec("OD-034")
    @pytest.mark.parametrize(
        ("query", "error", "message", "hint"),
        [
            ("$filter=Nam eq 'x'", UnknownName, "$filter, position 0: Shop.Product has no property Nam", "Name"),
            (
                "$filter=1 eq 1 and Supplier/Nam eq 'x'",
                UnknownName,
                "$filter, position 20: Shop.Supplier has no",
                "Name",
            ),
            ("$filter=Name eq 1", TypeMismatch, "$filter, position 5: eq takes no Edm.String with Edm.Int64", "quotes"),
            ("$filter=ID eq 'one'", Unfit, "$filter, position 6: 'one' is no Edm", None),
            ("$filter=Made eq Sold", TypeMismatch, "eq takes no Edm.Date with Edm.DateTimeOffset", "2024-02-29T00"),
            ("$filter=Sold eq 2024-02-29", TypeMismatch, "eq takes no Edm.DateTimeOffset with Edm.Date", "T00:00:00Z"),
            ("$filter=Photo gt binary'AA'", TypeMismatch, "gt takes no Edm.Binary with Edm.Binary", None),
            ("$filter=Price", TypeMismatch, "$filter, position 0: a condition is Boolean, this is Edm.Decimal", None),
            ("$filter=Supplier", TypeMismatch, "a condition is Boolean", None),
            ("$filter=Name and true", TypeMismatch, "and takes Booleans, this is Edm.String", None),
            ("$filter=not Name", TypeMismatch, "not takes no (Edm.String)", "Edm.Boolean"),
            ("$filter=length(ID) eq 1", TypeMismatch, "length takes no (Edm.Int32)", "(Edm.String)"),
            ("$filter=concat('a') eq 'a'", TypeMismatch, "concat takes no (Edm.String)", "(Edm.String, Edm.String)"),
            ("$filter=Supplier eq 1", TypeMismatch, "an entity (Shop.Supplier) with", "null only"),
            ("$filter=Supplier gt null", TypeMismatch, "gt takes no an entity", None),
            ("$filter=lenth(Name) eq 1", DemoticError, "lenth", "length"),
            ("$filter=Colour eq 'Pink'", InvalidInput, "'Pink' is no member of Shop.Colour", "Red, Green, Blue"),
            ("$filter=Colour eq Shop.Color'Red'", UnknownName, "no enumeration Shop.Color", None),
            ("$filter=Made eq 'today'", InvalidInput, "position 8: 'today' is no Edm.Date", None),
            ("$filter=Lines eq null", InvalidInput, "a collection of Shop.Line", "$count"),
            ("$filter=Lines/Number eq 1", InvalidInput, "Lines is a collection", "any(x:x/Number"),
            ("$filter=Name/any()", InvalidInput, "follows a collection only", None),
            ("$filter=Lines/all()", DemoticError, "", None),
            (
                "$filter=Lines/any(x:x/Product/Lines/any(x:x/Number eq 1))",
                InvalidInput,
                "x already means something",
                None,
            ),
            ("$filter=Lines/any(x:x/Number)", TypeMismatch, "a condition is Boolean, this is Edm.Int64", None),
            ("$filter=Tags/any(t:t eq 1)", TypeMismatch, "eq takes no Edm.String with Edm.Int64", None),
            ("$filter=Home/City eq 'x'", UnknownName, "Home", None),
            ("$filter=5 div 0 eq 1", InvalidInput, "division by zero", None),
            ("$filter=substring(Name,0,-1) eq ''", InvalidInput, "-1 characters", None),
            (
                "$filter=matchesPattern(Name,'(a')",
                InvalidInput,
                "$filter, position 23: expected ')', found the end",
                None,
            ),
            (
                "$filter=true and matchesPattern(Name,'it''s \\1')",
                UnsupportedPattern,
                "$filter, position 37: back references",
                None,
            ),
            ("$filter=matchesPattern(Name,@p) & @p='(?=a)'", UnsupportedPattern, "@p, position 2: look-around", None),
            ("$filter=matchesPattern(Name,'a{999}{9}')", InvalidInput, "$filter, position ", None),
            ("$filter=hour(2024-02-29T00:00:00+01:00) eq 1", InvalidInput, "offset", "UTC"),
            ("$filter=Name eq @a & @a=@b & @b=@a", InvalidInput, "@a -> @b -> @a", None),
            ("$orderby=Supplier", TypeMismatch, "has no order", "name one of its properties"),
            ("$orderby=Photo", TypeMismatch, "Edm.Binary has no order", None),
            ("$select=Nam", UnknownName, "$select, position 0: Shop.Product has no property Nam", "Name"),
            ("$select=Supplier/Name", InvalidInput, "another entity", "$expand=Supplier($select=Name)"),
            ("$expand=Suplier", UnknownName, "Suplier", "Supplier"),
            ("$expand=Name", UnknownName, "no navigation property", None),
            ("$expand=Supplier,Supplier", InvalidInput, "expanded twice", None),
            ("$expand=Supplier($filter=ID eq 1)", DemoticError, "$filter", None),
            ("$expand=Supplier($top=1)", DemoticError, "$top", None),
            ("$expand=Lines($filter=$it/Name eq 'x')", Unsupported, "$it", None),
            ("$expand=Lines($filter=Numbr eq 1)", UnknownName, "Shop.Line has no property Numbr", "Number"),
            ("$top=99999999999999999999", DemoticError, "", None),
            ("$skiptoken=garbage", InvalidContinuation, "not given out", "next links"),
        ],
    )
    def test_an_option_that_cannot_be_meant_is_refused_with_its_place(
        self, query: str, error: type[DemoticError], message: str, hint: str | None
    ) -> None:
        with pytest.raises(error) as caught:
            bind(f"Products?{query}")
        assert message in caught.value.message
        assert hint is None or hint in (caught.value.hint or "")
        assert 400 <= caught.value.status <= 501 and caught.value.status != 500
        assert caught.value.target is not None

    @pytest.mark.feature("F-QUERY-08")
    @pytest.mark.parametrize(
        ("query", "option"),
        [
            ("$apply=aggregate($count as Number)", "$apply"),
            ("$index=1", "$index"),
            ("$at=2024-02-29", "$temporal"),
            ("$select=@Core.Description", "$select"),
            ("$filter=@Core.Description eq 'x'", "$filter"),
            ("$filter=$root/Products(1)/ID eq 1", "$filter"),
            ("$filter=Made gt 10000-01-01", "$filter"),
        ],
    )
    def test_what_is_meaningful_and_not_offered_is_refused_as_that(self, query: str, option: str) -> None:
        with pytest.raises(Unsupported) as caught:
            bind(f"Products?{query}")
        assert caught.value.target == option
        assert caught.value.status == 501

    @pytest.mark.parametrize(
        ("url", "option"),
        [
            ("Products(1)?$filter=true", "$filter"),
            ("Products(1)?$orderby=ID", "$orderby"),
            ("Products(1)?$top=1", "$top"),
            ("Products(1)?$skip=1", "$skip"),
            ("Products(1)?$count=true", "$count"),
            ("Products/$count?$count=true", "$count"),
            ("Products/$count?$format=json", "$format"),
            ("Products(1)/Name?$select=ID", "$select"),
            ("$metadata?$filter=true", "$filter"),
            ("?$top=1", "$top"),
        ],
    )
    def test_an_option_is_refused_where_it_does_not_apply(self, url: str, option: str) -> None:
        with pytest.raises(NotApplicable) as caught:
            bind(url)
        assert caught.value.target == option
        assert "a collection" in (caught.value.hint or "") or "one entity" in (caught.value.hint or "")

    @pytest.mark.parametrize("option", ["$top=1", "$skip=1", "$orderby=Name desc", "$expand=Lines", "$select=Name"])
    def test_an_option_that_changes_no_number_may_stand_at_a_count(self, option: str) -> None:
        assert bind(f"Products/$count?{option}").target is T.COUNT
        with pytest.raises(UnknownName):
            bind("Products/$count?$orderby=Nothing")

    @pytest.mark.feature("F-QUERY-11")
    @pytest.mark.parametrize(
        ("limits", "query"),
        [
            (QueryLimits(expression_nodes=10), "$filter=ID eq 1 or ID eq 2 or ID eq 3"),
            (QueryLimits(expression_nodes=10), "$filter=ID eq @a & @a=@b add @b & @b=@c add @c & @c=@d add @d & @d=1"),
            (QueryLimits(expression_depth=5), "$filter=((((1 add 1) add 1) add 1) add 1) eq 1"),
            (QueryLimits(in_items=3), "$filter=ID in (1,2,3,4)"),
            (QueryLimits(orderby_items=1), "$orderby=ID,Name"),
            (QueryLimits(select_items=1), "$select=ID,Name"),
            (QueryLimits(expand_depth=1), "$expand=Supplier($expand=Products)"),
            (QueryLimits(expand_items=1), "$expand=Supplier,Lines"),
            (QueryLimits(path_segments=2), "$filter=Supplier/Home/City eq 'x'"),
            (QueryLimits(top=10), "$top=11"),
            (QueryLimits(top=10), "$expand=Lines($top=11)"),
        ],
    )
    def test_each_limit_is_told_with_its_value(self, limits: QueryLimits, query: str) -> None:
        with pytest.raises(LimitExceeded, match=r"limit of \d+"):
            bind(f"Products?{query}", limits)
        assert bind(f"Products?{query}").read is not None

    def test_long_chains_of_or_stay_shallow(self) -> None:
        chain = " or ".join(f"ID eq {n}" for n in range(300))
        bound = bind(f"Products?$filter={chain}", QueryLimits(expression_depth=5))
        assert bound.values == tuple(range(300))
        assert isinstance(hash(bound.read), int)

    def test_a_limit_is_a_whole_number(self) -> None:
        with pytest.raises(InvalidInput, match="in_items"):
            QueryLimits(in_items=-1)


class TestOptions:
    def test_without_select_all_properties_are_delivered(self) -> None:
        bound = bind("Suppliers")
        assert bound.read is not None
        assert [item.name for item in bound.read.query.properties] == ["ID", "Name", "Home"]
        assert bound.selection.names is None

    def test_select_delivers_in_the_order_of_the_type_and_tells_what_was_asked(self) -> None:
        bound = bind("Products?$select=Price,Name,Supplier,Price")
        assert bound.read is not None
        assert [item.name for item in bound.read.query.properties] == ["Name", "Price"]
        assert bound.selection.names == ("Price", "Name", "Supplier")

    def test_a_selected_star_is_everything(self) -> None:
        bound = bind("Products?$select=*,Supplier")
        assert bound.read is not None
        assert len(bound.read.query.properties) == len(PRODUCT.properties)
        assert bound.selection.names == ("*", "Supplier")

    def test_an_expanded_star_is_every_navigation_that_is_not_named(self) -> None:
        bound = bind("Products?$expand=*,Lines($top=1)")
        assert bound.read is not None
        tops = {item.navigation.name: item.query.top is not None for item in bound.read.query.expand}
        assert tops == {"Supplier": False, "Lines": True}

    def test_nested_options_make_a_query_of_their_own(self) -> None:
        url = (
            "Products?$expand=Lines($filter=Number gt 1;$orderby=Number desc;$top=2;$skip=1;$count=true;$select=Number)"
        )
        bound = bind(url)
        assert bound.read is not None
        inner = bound.read.query.expand[0].query
        assert (inner.count, inner.order[0].descending, [p.name for p in inner.properties]) == (True, True, ["Number"])
        assert bound.values == (1, 2, 1)
        assert bound.selection.expand[0].names == ("Number",)

    def test_what_was_given_is_told(self) -> None:
        assert bind("Products?$top=1 & $count=true").given == {"top", "count"}

    def test_an_alias_that_is_not_defined_is_null(self) -> None:
        read = bind("Products?$filter=Name eq @nothing").read
        assert read is not None and Constant(None, None) in read.query.filter.arguments  # type: ignore[union-attr]

    def test_names_of_functions_are_read_in_any_case(self) -> None:
        assert bind("Products?$filter=CONTAINS(Name,'x')").values == ("x",)


class TestContinuation:
    def test_a_token_comes_back_as_the_same_values(self) -> None:
        bound = bind("Products?$orderby=Price desc,Made")
        position = (None, date(2024, 2, 29), 7)
        assert bound.continuation is not None
        token = bound.continuation.write(position, bound.values)
        assert token_shape(token) == (True, False, False)
        again = bind(f"Products?$filter=ID gt 3 & $orderby=Price desc,Made & $skiptoken={token}")
        assert again.values == (3, date(2024, 2, 29), 7)
        assert again.read is not None and again.read.query.after is not None
        assert again.read.query.after.slots == (None, 1, 2)

    @pytest.mark.feature("F-QUERY-17")
    @pytest.mark.parametrize("other", ["", "$orderby=Price", "$orderby=Price desc,ID", "$orderby=Made desc"])
    def test_a_token_of_another_order_is_refused(self, other: str) -> None:
        bound = bind("Products?$orderby=Price desc")
        assert bound.continuation is not None
        token = bound.continuation.write((Decimal("1.50"), 7), bound.values)
        with pytest.raises(InvalidContinuation, match="another order"):
            bind(f"Products?{other} & $skiptoken={token}".replace("? & ", "?"))

    def test_a_token_is_bound_to_the_literals_of_its_order(self) -> None:
        bound = bind("Products?$orderby=ID mod 3")
        assert bound.continuation is not None
        token = bound.continuation.write((1, 7), bound.values)
        assert bind(f"Products?$orderby=ID mod 3 & $skiptoken={token}").values == (3, 1, 7)
        with pytest.raises(InvalidContinuation):
            bind(f"Products?$orderby=ID mod 4 & $skiptoken={token}")

    @pytest.mark.feature("F-QUERY-17")
    @settings(max_examples=150)
    @given(
        st.text(max_size=40)
        | st.binary(max_size=40).map(lambda b: b.hex())
        | st.from_regex(r"[A-Za-z0-9_=-]{0,60}", fullmatch=True)
    )
    def test_garbage_is_refused_and_nothing_else(self, token: str) -> None:
        with pytest.raises(InvalidContinuation):
            bind_request(read_path("Products"), replace(Options(), skiptoken=token), model=MODEL)


_WORDS = [
    "Name",
    "Price",
    "Made",
    "Supplier",
    "Lines",
    "eq",
    "gt",
    "and",
    "or",
    "not",
    "in",
    "add",
    "(",
    ")",
    "/",
    ",",
    "1",
    "'x'",
    "null",
]
_WORDS += [
    "true",
    "2024-02-29",
    "any(x:x/",
    "$count",
    "contains(",
    "year(",
    "-",
    "$it",
    "@a",
    "Colour",
    "duration'PT1S'",
    "1.5",
    "div",
    "0",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=12))
def test_whatever_can_be_read_is_bound_or_refused_as_the_callers_fault(words: list[str]) -> None:
    try:
        options = read_options([("$filter", " ".join(words)), ("@a", "Price add 1")])
    except DemoticError:
        return
    try:
        bound = bind_request(read_path("Products"), options, model=MODEL)
    except DemoticError as error:
        assert error.status in (400, 501)
        assert error.target is not None
        return
    assert len(bound.values) == len(bound.slots)
    assert [slot.fill(slot.node) for slot in bound.slots] == list(bound.values)
