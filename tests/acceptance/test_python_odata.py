"""python-odata 0.8, a client from outside, on real servers: reflects, filters, expands, creates, changes, deletes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from acceptance_support.databases import World
from acceptance_support.serving import running_server, wait_for

odata = pytest.importorskip("odata", reason="python-odata is not installed (it is in the extra `dev`)")


Service = Any


def connected(origin: str) -> Service:
    return odata.ODataService(f"{origin}/odata/v4/", reflect_entities=True, quiet_progress=True)


@pytest.fixture(scope="module")
def north(servers: Callable[..., str]) -> Service:
    return connected(servers("northwind"))


@pytest.fixture(scope="module")
def music(servers: Callable[..., str]) -> Service:
    return connected(servers("chinook"))


def test_it_reflects_every_set_with_its_properties_keys_and_navigation(
    north: Service, music: Service, northwind: World, chinook: World
) -> None:
    for service, world in ((north, northwind), (music, chinook)):
        assert set(service.entities) == set(world.served.metadata.sets)
        for name, kind in world.served.metadata.sets.items():
            state = service.entities[name].__new__(service.entities[name]).__odata__
            assert {item.name for _, item in state.properties} == set(kind.properties)
            assert {item.name for _, item in state.primary_key_properties} == set(kind.key)
            assert {item.name for _, item in state.navigation_properties} == set(kind.navigation)


@pytest.mark.feature("F-ODATA-18")
def test_it_reads_every_set_to_the_end(north: Service, northwind: World, music: Service, chinook: World) -> None:
    for service, world in ((north, northwind), (music, chinook)):
        for name, table in world.served.tables.items():
            query = service.query(service.entities[name])
            number = world.truth.count(table)
            assert query.count() == number
            if number <= 1000:
                keys = world.served.type(name).key
                found = {tuple(getattr(entity, key) for key in keys) for entity in query.all()}
                assert len(found) == number, name


def test_it_follows_next_links(servers: Callable[..., str], chinook: World, music: Service) -> None:
    small = connected(servers("chinook", "--page-size", "100"))
    tracks = small.query(small.entities["Track"]).all()
    names = [row[0] for row in chinook.truth.ask("SELECT Name FROM Track ORDER BY TrackId")]
    assert [track.Name for track in tracks] == names


def test_it_reads_values_of_every_kind(north: Service, music: Service) -> None:
    order = north.query(north.entities["Orders"]).get(10248)
    assert (order.CustomerID, order.EmployeeID, order.ShipRegion) == ("VINET", 5, "Western Europe")
    assert order.OrderDate == datetime(2016, 7, 4, tzinfo=UTC)
    assert order.Freight == Decimal("32.38")
    line = north.query(north.entities["Order_Details"]).get(OrderID=10248, ProductID=11)
    assert (line.Quantity, line.UnitPrice) == (12, Decimal("14"))
    invoice = music.query(music.entities["Invoice"]).get(1)
    assert (invoice.Total, invoice.InvoiceDate) == (Decimal("1.98"), datetime(2021, 1, 1, tzinfo=UTC))
    assert invoice.BillingState is None


FILTERS: list[tuple[str, Callable[[Any], Any], str]] = [
    ("Products", lambda P: P.UnitPrice > 50, "UnitPrice > 50"),
    ("Products", lambda P: P.UnitPrice == Decimal("18"), "UnitPrice = 18"),
    ("Products", lambda P: (P.UnitsInStock < 10) | (P.Discontinued == "1"), "UnitsInStock < 10 OR Discontinued = '1'"),
    ("Products", lambda P: (P.UnitsInStock >= 10) & (P.UnitsOnOrder > 0), "UnitsInStock >= 10 AND UnitsOnOrder > 0"),
    ("Products", lambda P: P.ProductName == "Chef Anton's Gumbo Mix", "ProductName = 'Chef Anton''s Gumbo Mix'"),
    ("Products", lambda P: P.ProductName.contains("ö"), "instr(ProductName, 'ö') > 0"),
    ("Products", lambda P: P.ProductName.lacks("a"), "instr(ProductName, 'a') = 0"),
    ("Customers", lambda C: C.ContactTitle.startswith("Sales"), "ContactTitle GLOB 'Sales*'"),
    ("Customers", lambda C: C.CompanyName.endswith(" Markets"), "CompanyName GLOB '* Markets'"),
    ("Customers", lambda C: C.Fax.is_null(), "Fax IS NULL"),
    ("Customers", lambda C: C.Fax.not_null(), "Fax IS NOT NULL"),
    ("Customers", lambda C: C.Country != "Germany", "Country IS NOT 'Germany'"),
    ("Orders", lambda R: R.OrderDate >= datetime(2018, 5, 1, tzinfo=UTC), "OrderDate >= '2018-05-01'"),
    (
        "Orders",
        lambda R: R.Customer.Country == "Sweden",
        "CustomerID IN (SELECT CustomerID FROM Customers WHERE Country = 'Sweden')",
    ),
    (
        "Order_Details",
        lambda D: D.Order.Employee.LastName == "King",
        "OrderID IN (SELECT OrderID FROM Orders JOIN Employees USING (EmployeeID) WHERE LastName = 'King')",
    ),
    ("Employees", lambda E: E.BirthDate >= "1980-01-01", "BirthDate >= '1980-01-01'"),
]


MUSIC: list[tuple[str, Callable[[Any], Any], str]] = [
    (
        "Track",
        lambda T: (T.UnitPrice > Decimal("0.99")) & (T.Milliseconds > 2_700_000),
        "UnitPrice > 0.99 AND Milliseconds > 2700000",
    ),
    ("Track", lambda T: T.Album.Artist.Name == "AC/DC", "AlbumId IN (SELECT AlbumId FROM Album WHERE ArtistId = 1)"),
    ("Invoice", lambda R: R.InvoiceDate < datetime(2021, 2, 1, tzinfo=UTC), "InvoiceDate < '2021-02-01'"),
    ("Invoice", lambda R: R.BillingState.is_null(), "BillingState IS NULL"),
    ("Customer", lambda C: C.SupportRep.LastName.startswith("Pe"), "SupportRepId = 3"),
    ("Employee", lambda E: E.ReportsTo == 2, "ReportsTo = 2"),
]


def compare_filter(service: Service, world: World, name: str, condition: Callable[[Any], Any], where: str) -> None:
    table, keys = world.served.tables[name], world.served.type(name).key
    entity = service.entities[name]
    query = service.query(entity).filter(condition(entity))
    found = sorted(tuple(getattr(item, key) for key in keys) for item in query.all())
    expected = world.truth.ask(f'SELECT {", ".join(table.key)} FROM "{table.name}" WHERE {where}')
    assert found == sorted(expected)
    assert found
    assert query.order_by(getattr(entity, keys[0]).desc()).count() == len(found)


@pytest.mark.parametrize(("name", "condition", "where"), FILTERS, ids=[where for _, _, where in FILTERS])
def test_it_filters_northwind(
    north: Service, northwind: World, name: str, condition: Callable[[Any], Any], where: str
) -> None:
    compare_filter(north, northwind, name, condition, where)


@pytest.mark.parametrize(("name", "condition", "where"), MUSIC, ids=[where for _, _, where in MUSIC])
def test_it_filters_chinook(
    music: Service, chinook: World, name: str, condition: Callable[[Any], Any], where: str
) -> None:
    compare_filter(music, chinook, name, condition, where)


def test_it_orders_and_cuts(north: Service, northwind: World, music: Service, chinook: World) -> None:
    product = north.entities["Products"]
    query = north.query(product).order_by(product.UnitPrice.desc(), product.ProductName.asc()).limit(7).offset(2)
    sql = "SELECT ProductName FROM Products ORDER BY UnitPrice DESC, ProductName LIMIT 7 OFFSET 2"
    assert [(p.ProductName,) for p in query.all()] == northwind.truth.ask(sql)
    track = music.entities["Track"]
    by_composer = music.query(track).order_by(track.Composer.asc(), track.TrackId.desc()).limit(1000)
    sql = "SELECT TrackId FROM Track ORDER BY Composer, TrackId DESC LIMIT 1000"
    assert [(t.TrackId,) for t in by_composer.all()] == chinook.truth.ask(sql)


def test_it_selects(music: Service, chinook: World) -> None:
    artist = music.entities["Artist"]
    rows = music.query(artist).select(artist.Name).order_by(artist.Name.asc()).limit(5).all()
    assert [(row["Name"],) for row in rows] == chinook.truth.ask("SELECT Name FROM Artist ORDER BY Name LIMIT 5")


@pytest.mark.feature("F-ODATA-18")
def test_it_expands_to_one_and_to_many(north: Service, northwind: World, music: Service, chinook: World) -> None:
    detail = north.entities["Order_Details"]
    rows = north.query(detail).expand(detail.Product, detail.Order).filter(detail.OrderID == 10250).all()
    sql = (
        'SELECT p.ProductName, o.ShipCity FROM "Order Details" d JOIN Products p USING (ProductID)'
        " JOIN Orders o USING (OrderID) WHERE OrderID = 10250"
    )
    assert {(row.Product.ProductName, row.Order.ShipCity) for row in rows} == set(northwind.truth.ask(sql))
    album = music.entities["Album"]
    albums = music.query(album).expand(album.Track, album.Artist).filter(album.Artist.Name == "Metallica").all()
    found = {(album.Title, track.Name) for album in albums for track in album.Track}
    sql = (
        "SELECT Title, t.Name FROM Album JOIN Track t USING (AlbumId) JOIN Artist r USING (ArtistId)"
        " WHERE r.Name = 'Metallica'"
    )
    assert found == set(chinook.truth.ask(sql))


def test_it_expands_nested_and_over_link_tables(
    music: Service, chinook: World, north: Service, northwind: World
) -> None:
    playlist = music.entities["Playlist"]
    rows = music.query(playlist).expand(playlist.Track.Genre).filter(playlist.Name == "Grunge").all()
    found = {(row.Name, track.Name, track.Genre.Name) for row in rows for track in row.Track}
    sql = (
        "SELECT p.Name, t.Name, g.Name FROM Playlist p JOIN PlaylistTrack USING (PlaylistId)"
        " JOIN Track t USING (TrackId) JOIN Genre g USING (GenreId) WHERE p.Name = 'Grunge'"
    )
    assert found == set(chinook.truth.ask(sql))
    employee = north.entities["Employees"]
    rows = north.query(employee).expand(employee.Territories).all()
    pairs = {(row.EmployeeID, territory.TerritoryID) for row in rows for territory in row.Territories}
    assert pairs == set(northwind.truth.ask("SELECT EmployeeID, TerritoryID FROM EmployeeTerritories"))


def test_it_follows_navigation_when_asked_for(north: Service, northwind: World) -> None:
    order = north.query(north.entities["Orders"]).get(10248)
    assert order.Customer.CompanyName == "Vins et alcools Chevalier"
    assert {detail.ProductID for detail in order.Order_Details} == {11, 42, 72}
    assert order.Employee.FirstName == "Steven"
    sql = "SELECT CompanyName FROM Suppliers WHERE SupplierID = (SELECT SupplierID FROM Products WHERE ProductID = 11)"
    product = north.query(north.entities["Products"]).get(11)
    assert [(product.Supplier.CompanyName,)] == northwind.truth.ask(sql)


def test_it_shows_our_errors(north: Service) -> None:
    with pytest.raises(odata.ODataError) as caught:
        north.query(north.entities["Products"]).raw({"$filter": "NoSuchThing eq 1"})
    assert caught.value.status_code == "HTTP 400"
    assert "NoSuchThing" in caught.value.message


# --- changes


@pytest.fixture(scope="module")
def trade(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    path = tmp_path_factory.mktemp("python-odata") / "shop.db"
    shutil.copy(shop, path)
    with running_server(path, writable=True) as started:
        yield connected(wait_for(started))


def teahouse(trade: Service) -> Any:
    made = trade.entities["Suppliers"]()
    made.CompanyName, made.City, made.Country = "Teehaus", "Bremen", "DE"
    return made


@pytest.mark.feature("F-ODATA-18")
def test_it_creates_changes_and_deletes(trade: Service) -> None:
    suppliers, products = trade.entities["Suppliers"], trade.entities["Products"]
    supplier = teahouse(trade)
    trade.save(supplier)
    assert supplier.ID
    supplier.City = "Leipzig"
    trade.save(supplier)
    again = trade.query(suppliers).get(supplier.ID)
    assert (again.CompanyName, again.City, again.HomePage) == ("Teehaus", "Leipzig", None)

    tea = products()
    tea.Name, tea.Price, tea.Stock, tea.Discontinued = "Assam", Decimal("4.50"), 3, False
    tea.Supplier, tea.Category = supplier, trade.query(trade.entities["Categories"]).get(1)
    trade.save(tea)
    assert (tea.Price, tea.Supplier_ID) == (Decimal("4.5"), supplier.ID)
    (found,) = trade.query(products).filter(products.Name == "Assam").expand(products.Supplier, products.Category).all()
    assert (found.ID, found.Supplier.CompanyName, found.Category_ID) == (tea.ID, "Teehaus", 1)

    trade.delete(found)
    trade.delete(supplier)
    assert trade.query(products).filter(products.Name == "Assam").all() == []
    with pytest.raises(odata.exceptions.NoResultsFound):
        trade.query(suppliers).get(supplier.ID)


@pytest.mark.feature("F-ODATA-18")
def test_it_changes_entities_with_keys_of_several_parts(trade: Service) -> None:
    lines = trade.query(trade.entities["OrderLines"])
    line = lines.get(Order_ID=1, LineNumber=1)
    line.Quantity += 1
    trade.save(line)
    assert lines.get(Order_ID=1, LineNumber=1).Quantity == line.Quantity


@pytest.mark.feature("F-ODATA-18")
def test_its_refused_changes_change_nothing(trade: Service) -> None:
    suppliers = trade.entities["Suppliers"]
    before = trade.query(suppliers).count()
    incomplete = suppliers()
    incomplete.CompanyName = "Nowhere"
    with pytest.raises(odata.ODataError) as caught:
        trade.save(incomplete)
    assert (caught.value.status_code, caught.value.message) == ("HTTP 400", "City must not be null")
    bound = trade.query(suppliers).get(1)
    with pytest.raises(odata.ODataError) as caught:
        trade.delete(bound)
    assert caught.value.status_code == "HTTP 409"
    assert trade.query(suppliers).count() == before
