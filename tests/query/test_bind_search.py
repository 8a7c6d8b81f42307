"""Searches and computed properties: what they are bound to, and what they find."""

from __future__ import annotations

from typing import Any

import pytest

from demotic.errors import DemoticError, InvalidInput, LimitExceeded
from demotic.model import (
    DECIMAL,
    INT32,
    STRING,
    ComplexType,
    EntityType,
    EnumType,
    Model,
    NavigationProperty,
    Property,
    Schema,
)
from demotic.query import (
    Environment,
    QueryLimits,
    bind_expression_on,
    bind_options,
    compile_expression,
    read_filter,
    read_options,
)

FLAGS = EnumType("Test", "Colours", {"Red": 1, "Green": 2, "Blue": 4}, INT32, is_flags=True)
PLACE = ComplexType("Test", "Place", properties={"City": Property("City", STRING)})
ITEM = EntityType("Test", "Item")
ITEM.properties = {
    "ID": Property("ID", INT32, nullable=False),
    "Name": Property("Name", STRING),
    "Price": Property("Price", DECIMAL),
    "At": Property("At", PLACE),
    "Tags": Property("Tags", STRING, collection=True),
    "Colours": Property("Colours", FLAGS),
}
ITEM.own_key = (ITEM.properties["ID"],)
ITEM.navigation = {"Parts": NavigationProperty("Parts", ITEM, collection=True)}
BARE = EntityType("Test", "Bare", properties={"ID": ITEM.properties["ID"]}, own_key=ITEM.own_key)
MODEL = Model({"Test": Schema("Test", types={t.name: t for t in (FLAGS, PLACE, ITEM, BARE)})})

ROWS: list[dict[str, Any]] = [
    {"ID": 1, "Name": "Blue Tea", "At": {"City": "Bremen"}, "Colours": 5},
    {"ID": 2, "Name": 'Olive "oil"', "At": None, "Colours": 2},
    {"ID": 3, "Name": None, "At": {"City": "Blue Hill"}, "Colours": None},
    {"ID": 4, "Name": "100%", "At": {"City": None}, "Colours": 0},
]


def found(query: str, **limits: int) -> list[int]:
    bound, values = bind_options(read_options(query), ITEM, MODEL, limits=QueryLimits(**limits))
    assert bound.filter is not None
    evaluate = compile_expression(bound.filter)
    return [row["ID"] for row in ROWS if evaluate((row,), Environment(values, lambda entity, way: [])) is True]


@pytest.mark.feature("F-QUERY-32")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$search=blue", [1, 3]),
        ("$search=BLUE", [1, 3]),
        ("$search=blue tea", [1]),
        ("$search=blue AND tea", [1]),
        ("$search=tea OR olive", [1, 2]),
        ("$search=blue NOT tea", [3]),
        ("$search=NOT blue", [2, 4]),
        ("$search=NOT (blue OR olive)", [4]),
        ('$search="blue hill"', [3]),
        ('$search="olive \\"oil"', [2]),
        ("$search=%25", [4]),
        ("$search=_", []),
        ("$search='blue t'", [1]),
        ("$search=bremen", [1]),
        ("$search=blue&$filter=ID gt 1", [3]),
        ("$search=AND", []),
        ("$search=OR OR blue", [1, 3]),
    ],
)
def test_a_search_finds(query: str, expected: list[int]) -> None:
    assert found(query) == expected


@pytest.mark.feature("F-QUERY-32")
def test_searches_of_one_form_are_one_shape_and_bounded() -> None:
    first, _ = bind_options(read_options("$search=a b"), ITEM, MODEL)
    second, _ = bind_options(read_options("$search=c d"), ITEM, MODEL)
    assert first == second
    assert hash(first) == hash(second)
    with pytest.raises(LimitExceeded, match="expression nodes"):
        found("$search=" + " ".join(["word"] * 200), expression_nodes=100)
    nothing, _ = bind_options(read_options("$search=a"), BARE, MODEL)
    assert nothing.filter is not None
    assert compile_expression(nothing.filter)(({},), Environment((), lambda entity, way: [])) is False


@pytest.mark.feature("F-QUERY-34")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Colours has Test.Colours'Red'", [1]),
        ("Colours has 'Red,Blue'", [1]),
        ("Colours has Test.Colours'5'", [1]),
        ("not (Colours has Test.Colours'Red')", [2, 4]),
        ("(Colours has Test.Colours'Red') eq null", [3]),
        ("cast(Colours,Edm.Int32) gt 2", [1]),
        ("Colours in ('Green')", [2]),
        ("isof(ID,Edm.Int64)", []),
        ("isof(Name,Edm.String)", [1, 2, 4]),
        ("isof(Test.Item)", [1, 2, 3, 4]),
        ("isof(Colours,Test.Colours)", [1, 2, 4]),
    ],
)
def test_flags_and_types_are_looked_for(text: str, expected: list[int]) -> None:
    bound, values = bind_expression_on(read_filter(text), ITEM, MODEL)
    evaluate = compile_expression(bound)
    rows = [row["ID"] for row in ROWS if evaluate((row,), Environment(values, lambda entity, way: [])) is True]
    assert rows == expected


@pytest.mark.feature("F-QUERY-33")
def test_computed_properties_can_be_named_by_what_comes_after() -> None:
    query = "$compute=Price mul 2 as Twice,Twice add 1 as More&$filter=More gt 5&$orderby=Twice&$select=ID,More"
    bound, _ = bind_options(read_options(query), ITEM, MODEL)
    assert [item.property.name for item in bound.computed] == ["More"]
    assert [item.name for item in bound.delivered] == ["ID", "More"]
    again, _ = bind_options(read_options(query.replace("gt 5", "gt 6")), ITEM, MODEL)
    assert again == bound
    everything, _ = bind_options(read_options("$compute=Price mul 2 as Twice"), ITEM, MODEL)
    assert [item.property.name for item in everything.computed] == ["Twice"]
    starred, _ = bind_options(read_options("$compute=Price mul 2 as Twice&$select=*"), ITEM, MODEL)
    assert [item.property.name for item in starred.computed] == ["Twice"]


def test_a_constant_orders_nothing() -> None:
    bound, _ = bind_options(read_options("$orderby=true,Name desc,null"), ITEM, MODEL)
    assert [item.descending for item in bound.order] == [True]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("$compute=Price as Name", "already"),
        ("$compute=Price as P,Price as P", "already"),
        ("$compute=At as Place", "no primitive value"),
        ("$compute=Parts as Pieces", "no primitive value"),
        ("$compute=Later add 1 as P,Price as Later", "no property Later"),
        ("$compute=Price mul 2 as P&$select=Q", "no property Q"),
        ("$expand=Parts($levels=2;$compute=Price as ID)", "already"),
        ("$filter=Name has 'Red'", "enumeration"),
        ("$filter=Colours has 5", "one enumeration"),
        ("$filter=cast(Price,Edm.Guid) eq null", "cannot be cast"),
        ("$filter=cast(Price,Nowhere.Type) eq null", "nothing called Nowhere.Type"),
        ("$filter=hassubset(Tags,Name)", "two collections"),
        ("$filter=case(Price:1) eq 1", "conditions"),
        ("$filter=case(true:1,false:'a') eq 1", "of one type"),
        ("$filter=geo.length(Price) gt 1", "LineString"),
    ],
)
def test_what_cannot_be_meant_is_refused(query: str, message: str) -> None:
    with pytest.raises(DemoticError) as caught:
        bind_options(read_options(query), ITEM, MODEL)
    assert isinstance(caught.value, InvalidInput)
    assert message in caught.value.message or message in (caught.value.hint or "")


def test_computing_is_bounded() -> None:
    query = "$compute=" + ",".join(f"Price as P{n}" for n in range(101))
    with pytest.raises(LimitExceeded, match="compute items"):
        bind_options(read_options(query), ITEM, MODEL)
