"""The projection of a model to versions 2 and 3: as documents (`cases/shop_v4.xml` becomes the others) and objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from demotic.errors import InvalidInput, NotFound
from demotic.model import PRIMITIVES, EntityType, Model, NavigationProperty
from demotic.model.csdl import read_xml, write_xml
from demotic.model.v2 import PRIMITIVE_NAMES, Projection, type_name
from demotic.xml import parse

CASES = Path(__file__).parent / "cases"


@pytest.fixture(scope="module")
def shop() -> Model:
    return read_xml((CASES / "shop_v4.xml").read_bytes())


@pytest.fixture(scope="module")
def projection(shop: Model) -> Projection:
    return Projection(shop)


def entity_type(model: Model, name: str) -> EntityType:
    found = model.find(name)
    assert isinstance(found, EntityType)
    return found


def way(model: Model, name: str) -> NavigationProperty:
    found = model.find(name)
    assert isinstance(found, NavigationProperty)
    return found


@pytest.mark.feature("F-MODEL-11")
@pytest.mark.spec("OD-021", "OD-036", "OD-037")
@pytest.mark.parametrize("version", ["2", "3"])
def test_a_model_is_written_as_versions_2_and_3_have_it(version: str, shop: Model, shape) -> None:
    written = write_xml(shop, version=f"{version}.0")
    golden = (CASES / f"shop_v{version}.xml").read_bytes()
    assert without_space(written) == without_space(golden)
    again = read_xml(written)
    assert (again.version, again.data_service_version) == (f"{version}.0", f"{version}.0")
    assert shape(read_xml(write_xml(again))) == shape(again)


def without_space(document: bytes) -> object:
    """Return a document as a tree without the space between elements."""
    root = parse(document)
    for element in root.walk():
        if any(True for _ in element.elements()):
            element.children = list(element.elements())
    return root


def test_a_version_that_there_is_not_is_refused(shop: Model) -> None:
    with pytest.raises(InvalidInput, match=r"no CSDL XML of version 5.*one of 1.0, 1.1, 1.2, 2.0, 2.2, 3.0, 4.0, 4.01"):
        write_xml(shop, version="5")


@pytest.mark.feature("F-MODEL-11")
@pytest.mark.spec("OD-022")
def test_every_primitive_type_has_a_row(projection: Projection) -> None:
    assert PRIMITIVE_NAMES.keys() == PRIMITIVES.keys()
    kept = {names.v2 for names in PRIMITIVE_NAMES.values() if names.v2} | {"Edm.DateTime"}
    simple = (
        "Binary Boolean Byte DateTime DateTimeOffset Time Decimal Double Single Guid Int16 Int32 Int64 String SByte"
    )
    assert kept == {f"Edm.{name}" for name in simple.split()}


@pytest.mark.feature("F-MODEL-11")
def test_what_a_version_lacks_is_left_out(shop: Model, projection: Projection) -> None:
    customer, order = entity_type(shop, "shop.Customer"), entity_type(shop, "shop.Order")
    assert list(projection.properties(customer)) == ["ID", "Code", "Address"]
    assert list(Projection(shop, "3.0").properties(customer)) == ["ID", "Code", "Address", "Places", "Seen"]
    assert list(projection.navigation(customer)) == ["Orders"]
    names = {name: type_name(item) for name, item in projection.properties(order).items()}
    assert (names["Day"], names["Local"], names["Stamp"]) == ("Edm.DateTime", "Edm.DateTime", "Edm.DateTimeOffset")
    assert (names["From"], names["Took"], names["Status"]) == ("Edm.Time", "Edm.Time", "Edm.Int32")
    assert names.keys().isdisjoint({"Scan", "Any"})
    assert list(projection.sets) == ["Customers", "Orders"]
    assert {name: item.method for name, item in projection.functions.items()} == {"Best": "GET", "Clear": "POST"}


@pytest.mark.feature("F-MODEL-11")
@pytest.mark.spec("OD-024", "OD-025", "OD-026", "OD-028")
def test_associations_are_made_of_navigation(shop: Model, projection: Projection) -> None:
    orders = projection.relationship(way(shop, "shop.Customer/Orders"))
    back = projection.relationship(way(shop, "shop.Order/Customer"))
    assert orders.association is back.association
    assert (orders.start.multiplicity, orders.target.multiplicity, orders.target.many) == ("1", "*", True)
    assert orders.target.navigation is way(shop, "shop.Order/Customer")
    assert orders.start.qualified_name == "shop.Customer_Orders_Order_Customer.Customer_Orders"
    follows = projection.relationship(way(shop, "shop.Order/Follows"))
    assert (follows.start.multiplicity, follows.target.multiplicity, follows.target.navigation) == ("*", "0..1", None)
    assert shop.container is not None
    sets = {item.name: item for item in projection.association_sets(shop.container)}
    assert sets["WebOrder_Referrer"].set_of("Referrer_Customer") is shop.container.sets["Customers"]


@pytest.mark.spec("OD-012")
def test_a_resource_is_found_by_the_name_that_urls_have(projection: Projection, shop: Model) -> None:
    assert shop.container is not None
    assert projection.resource("Orders") is shop.container.sets["Orders"]
    assert projection.resource("Best") is projection.functions["Best"]
    for name in ("Shop.Orders", "Me", "Nothing"):
        with pytest.raises(NotFound, match=name):
            projection.resource(name)


def test_a_relationship_that_is_not_there_is_not_found(projection: Projection, shop: Model) -> None:
    with pytest.raises(NotFound, match=r"Notes is no navigation of version 2\.0"):
        projection.relationship(way(shop, "shop.Customer/Notes"))
