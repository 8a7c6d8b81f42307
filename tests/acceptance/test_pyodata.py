"""pyodata 1.12, an OData 2 client from outside, works on a real server: reads, filters, writes, deletes, in batches."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from acceptance_support.serving import running_server, wait_for

pyodata = pytest.importorskip("pyodata", reason="pyodata is not installed (it is in the extra `dev`)")
requests = pytest.importorskip("requests", reason="requests is not installed (it comes with pyodata)")

from pyodata.exceptions import HttpError  # noqa: E402
from pyodata.v2.model import Config  # noqa: E402
from pyodata.v2.service import GetEntitySetFilter  # noqa: E402

Client = Any


@contextmanager
def connected(origin: str) -> Iterator[Client]:
    with requests.Session() as session:
        yield pyodata.Client(f"{origin}/odata/v2/", session, config=Config(retain_null=True))


@pytest.fixture(scope="module")
def origin(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("pyodata") / "shop.db"
    shutil.copy(shop, path)
    with running_server(path, "--key", "Product Sales=Product_ID", "--page-size", "20", writable=True) as started:
        yield wait_for(started)


@pytest.fixture(scope="module")
def client(origin: str) -> Iterator[Client]:
    with connected(origin) as found:
        yield found


@pytest.mark.feature("F-VERBOSE-15")
@pytest.mark.spec("OD-260", "OD-264")
def test_it_reads_the_metadata(client: Client) -> None:
    schema = client.schema
    assert {item.name for item in schema.entity_sets} >= {"Products", "Orders", "OrderLines", "EveryType"}
    kind = schema.entity_type("Products")
    assert {item.name: item.typ.name for item in kind.proprties()} == {
        "ID": "Edm.Int64",
        "Name": "Edm.String",
        "Price": "Edm.Decimal",
        "Weight": "Edm.Double",
        "Stock": "Edm.Int64",
        "Discontinued": "Edm.Boolean",
        "Released": "Edm.DateTime",
        "Category_ID": "Edm.Int64",
        "Supplier_ID": "Edm.Int64",
    }
    assert [item.name for item in kind.key_proprties] == ["ID"]
    assert {item.name for item in kind.nav_proprties} >= {"Supplier", "Category", "OrderLines", "Tags"}
    assert len(schema.associations) > 5 and len(schema.association_sets) > 5


@pytest.mark.feature("F-VERBOSE-15")
@pytest.mark.spec("OD-263", "OD-266", "OD-268", "OD-269")
def test_it_reads_entities_navigation_and_counts(client: Client) -> None:
    products = client.entity_sets.Products
    first = products.get_entity(1).execute()
    assert (first.ID, first.Name, first.Price, first.Weight) == (1, "Olive Oil", "28.95", 19.875)
    assert first.Released == datetime(2010, 7, 2, tzinfo=UTC)
    assert first.Discontinued is False
    assert first.nav("Supplier").execute().CompanyName == "Λαδάδικα"
    assert products.get_entities().count().execute() == 66
    assert products.get_entity(1).expand("Supplier").execute().Supplier.CompanyName == "Λαδάδικα"
    orders = client.entity_sets.Orders.get_entities().expand("OrderLines,Customer").top(2).execute()
    assert all(line.Order_ID == order.ID for order in orders for line in order.OrderLines)
    line = client.entity_sets.OrderLines.get_entity(Order_ID=1, LineNumber=1).execute()
    assert (line.Order_ID, line.LineNumber) == (1, 1)
    every = client.entity_sets.EveryType.get_entity(1).execute()
    assert (every.BooleanValue, every.ByteValue, every.Int64Value) == (True, 1, 5_000_000_000)
    assert every.GuidValue == "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.feature("F-VERBOSE-15")
@pytest.mark.spec("OD-270")
def test_it_filters_orders_and_pages(client: Client) -> None:
    products = client.entity_sets.Products
    found = products.get_entities().filter("substringof('Oil',Name)").order_by("ID").execute()
    assert [item.Name for item in found] == [item.Name for item in found if "Oil" in item.Name] != []
    request = products.get_entities()
    named = request.filter(GetEntitySetFilter.and_(request.Name == "Olive Oil", request.ID == 1))
    assert [item.ID for item in named.execute()] == [1]
    dated = products.get_entities().filter(Released__eq=datetime(2010, 7, 2, tzinfo=UTC), Price__gt="20")
    assert 1 in [item.ID for item in dated.execute()]
    assert [item.ID for item in products.get_entities().order_by("ID desc").skip(1).top(2).execute()] == [65, 64]
    assert [item.ID for item in products.get_entities().select("ID,Name").top(1).execute()] == [1]
    counted = products.get_entities().count(inline=True).execute()
    assert (counted.total_count, len(counted)) == (66, 20)
    pages, page = [list(counted)], counted
    while page.next_url is not None:
        page = products.get_entities().next_url(page.next_url).execute()
        pages.append(list(page))
    assert [item.ID for page in pages for item in page] == list(range(1, 67))


@pytest.mark.feature("F-VERBOSE-15")
@pytest.mark.spec("OD-277", "OD-278", "OD-279")
def test_it_creates_changes_and_deletes(client: Client) -> None:
    suppliers, products = client.entity_sets.Suppliers, client.entity_sets.Products
    made = suppliers.create_entity().set(CompanyName="Teehaus", City="Bremen", Country="DE").execute()
    assert made.CompanyName == "Teehaus"
    released = datetime(2024, 2, 29, tzinfo=UTC)
    tea = (
        products.create_entity()
        .set(
            Name="Assam", Price="4.50", Stock=3, Discontinued=False, Category_ID=1, Released=released,
            Supplier_ID=made.ID,
        )
        .execute()
    )  # fmt: skip
    assert (tea.Price, tea.Stock, tea.Released) == ("4.5", 3, released)
    assert tea.nav("Supplier").execute().CompanyName == "Teehaus"
    for method, name in (("PATCH", "Assam 1"), ("MERGE", "Assam 2")):
        products.update_entity(tea.ID, method=method).set(Name=name).execute()
        again = products.get_entity(tea.ID).execute()
        assert (again.Name, again.Price) == (name, "4.5")
    values = {"Name": "Plain", "Price": "1", "Stock": 0, "Discontinued": True, "Category_ID": 1}
    products.update_entity(tea.ID, method="PUT").set(**values).execute()
    again = products.get_entity(tea.ID).execute()
    assert (again.Name, again.Released, again.Supplier_ID) == ("Plain", None, None)
    assert again.etag
    products.delete_entity(tea.ID).execute()
    with pytest.raises(HttpError) as caught:
        products.get_entity(tea.ID).execute()
    assert caught.value.response.status_code == 404
    with pytest.raises(HttpError) as caught:
        products.create_entity().set(Name="Nothing else").execute()
    assert caught.value.response.status_code == 400


@pytest.mark.feature("F-VERBOSE-13", "F-VERBOSE-15")
@pytest.mark.spec("OD-286")
def test_it_sends_batches_with_change_sets(client: Client) -> None:
    suppliers = client.entity_sets.Suppliers
    before = suppliers.get_entities().count().execute()

    def insert(name: str, **more: str) -> Any:
        return suppliers.create_entity().set(CompanyName=name, City="Bremen", Country="DE", **more)

    batch, changes = client.create_batch(), client.create_changeset()
    batch.add_request(suppliers.get_entity(1))
    changes.add_request(insert("One"))
    changes.add_request(insert("Two"))
    batch.add_request(changes)
    batch.add_request(suppliers.get_entities().count())
    one, made, count = batch.execute()
    assert (one.ID, [item.CompanyName for item in made], count) == (1, ["One", "Two"], before + 2)

    batch, changes = client.create_batch(), client.create_changeset()
    changes.add_request(insert("Three"))
    changes.add_request(suppliers.create_entity().set(CompanyName="no city"))
    batch.add_request(changes)
    with pytest.raises(HttpError):
        batch.execute()
    assert suppliers.get_entities().count().execute() == before + 2
