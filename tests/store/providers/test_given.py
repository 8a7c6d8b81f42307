"""Providers made of functions, and options that a provider does not offer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest

from demotic.errors import InvalidInput, Unsupported
from demotic.protocols.odata import ODataV2, ODataV4
from demotic.service import Service
from demotic.store import ReadOnly
from demotic.store.providers import Given, Provider, ProviderStore
from demotic.syntax.http import Request
from demotic.testing.stores import world

from .test_providers import DATA, PRODUCTS, Values


def rows(name: str, *, least: int = 0) -> Iterable[Values]:
    return [item for item in DATA.get(name, []) if item.get("ID", least) >= least]


def store_of(**other: Any) -> ProviderStore:
    model = world()
    assert model.container is not None
    return ProviderStore(model, {name: partial(rows, name) for name in model.container.sets} | other)


ROOTS: dict[type[Any], str] = {ODataV2: "/odata/v2/", ODataV4: "/odata/v4/"}


def ask(handler: Callable[[Request], Any], target: str) -> tuple[int, bytes]:
    path, _, query = target.partition("?")
    response = handler(Request("GET", f"{ROOTS[type(handler)]}{path}", query, {}, "http", "shop.example"))
    body = response.body
    return response.status, body if isinstance(body, bytes) else b"".join(body)


@pytest.mark.feature("F-PROVIDERS-07")
@pytest.mark.spec("OD-031")
def test_a_function_is_bound_to_a_set_with_arguments_of_its_own_and_called_for_each_question() -> None:
    calls: list[int] = []

    def products(least: int, *, called: list[int]) -> Iterable[Values]:
        called.append(least)
        return (item for item in PRODUCTS if item["ID"] >= least)

    store = store_of(Product=partial(products, 2, called=calls))
    assert calls == []
    with store.transaction() as tx:
        assert [item.key for item in tx["Product"].order_by("Name").values()] == [2, 3]
        assert calls == [2]
        assert 1 not in tx["Product"]
        assert [line.key for line in tx["Product"].follow(2, "Line").values()] == []
        with pytest.raises(ReadOnly):
            tx["Product"].insert({"Name": "x"})


@pytest.mark.feature("F-PROVIDERS-07")
@pytest.mark.spec("OD-031", "OD-032")
def test_a_function_that_returns_nothing_is_an_empty_set() -> None:
    with store_of(Product=Given(list, Tag=lambda product: ())).transaction() as tx:
        assert (len(tx["Product"]), list(tx["Product"].expand("Tag").values())) == (0, [])


@pytest.mark.feature("F-PROVIDERS-07")
@pytest.mark.spec("OD-032")
def test_functions_are_bound_to_navigation_properties_by_name() -> None:
    ada = {"ID": 1, "Name": "Ada"}
    given = Given(
        partial(rows, "Product"),
        Tag=lambda product: [{"Name": "hot"}, {"Name": "new"}] if product["ID"] == 1 else [],
        Supplier=lambda product: ada if product["ID"] == 3 else None,
    )
    with store_of(Product=given).transaction() as tx:
        products = tx["Product"]
        assert [tag["Name"] for tag in products.follow(1, "Tag").order_by("Name desc").values()] == ["new", "hot"]
        assert len(products.follow(2, "Tag")) == 0
        assert {
            item.key: item["Supplier"] and item["Supplier"]["Name"] for item in products.expand("Supplier").values()
        } == {
            1: None,
            2: None,
            3: "Ada",
        }
        assert [line.key for line in products.follow(1, "Line").values()] == [(1, 1), (1, 2)]  # by its constraint


@pytest.mark.feature("F-PROVIDERS-07")
def test_what_is_no_function_or_no_navigation_is_refused() -> None:
    with pytest.raises(InvalidInput, match="Product has no navigation property Colour"):
        store_of(Product=Given(list, Colour=lambda product: ()))
    with pytest.raises(InvalidInput, match="5 is no function"):
        Given(list, Tag=5)  # type: ignore[arg-type]
    for wrong in (5, Provider):
        with pytest.raises(InvalidInput, match="is no provider"):
            store_of(Product=wrong)


class Unsorted(Given):
    unavailable = ("filter", "orderby")


@pytest.mark.feature("F-PROVIDERS-08")
@pytest.mark.spec("OD-285")
@pytest.mark.parametrize(
    ("target", "option"),
    [
        ("Line?$filter=No eq 1", "filter"),
        ("Line/$count?$filter=No eq 1", "filter"),
        ("Line?$orderby=No", "orderby"),
        ("Product(1)/Line?$orderby=No", "orderby"),
    ],
)
@pytest.mark.parametrize("handler", [ODataV2, ODataV4])
def test_an_option_that_a_set_does_not_offer_is_answered_501(handler: Any, target: str, option: str) -> None:
    status, body = ask(handler(Service(store_of(Line=Unsorted(partial(rows, "Line"))))), target)
    assert status == 501
    assert f"Line offers no ${option}" in str(json.loads(body)["error"]["message"])


@pytest.mark.feature("F-PROVIDERS-08")
@pytest.mark.spec("OD-285")
def test_all_else_is_offered_and_the_metadata_say_what_is_not() -> None:
    handler = ODataV4(Service(store_of(Line=Unsorted(partial(rows, "Line")))))
    for target in (
        "Line?$top=1&$skip=1&$count=true",
        "Line(Product_ID=1,No=2)",
        "Product?$filter=ID eq 1&$expand=Line",
    ):
        assert ask(handler, target)[0] == 200
    assert ask(handler, "Product?$expand=Line($orderby=No)")[0] == 501
    status, metadata = ask(handler, "$metadata")
    assert status == 200
    for word in ("FilterRestrictions", "Filterable", "SortRestrictions", "Sortable"):
        assert metadata.count(f".{word}".encode()) + metadata.count(f'"{word}"'.encode()) == 1


@pytest.mark.feature("F-PROVIDERS-08")
def test_programs_are_refused_alike_and_names_are_checked() -> None:
    with store_of(Line=Unsorted(partial(rows, "Line"))).transaction() as tx:
        assert len(tx["Line"]) == 2
        with pytest.raises(Unsupported, match=r"Line offers no \$filter") as caught:
            list(tx["Line"].where("No eq 1").values())
        assert caught.value.target == "$filter"

    class Wrong(Given):
        unavailable = ("top",)

    with pytest.raises(InvalidInput, match="'top' cannot be unavailable"):
        store_of(Line=Wrong(list))
