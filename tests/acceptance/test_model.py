"""The model of a reflected database is what its schema says: every table, column, key and foreign key."""

from __future__ import annotations

import re

import pytest
from acceptance_support.databases import World
from acceptance_support.metadata import PropertyInfo
from acceptance_support.naming import identifier
from acceptance_support.truth import Column, Table

from demotic.store.sql import open_store

SIMPLE_IDENTIFIER = re.compile(r"[^\W\d]\w{0,127}")
TYPES = {
    "INTEGER": "Edm.Int64",
    "TEXT": "Edm.String",
    "NVARCHAR": "Edm.String",
    "NUMERIC": "Edm.Decimal",
    "REAL": "Edm.Double",
    "DATE": "Edm.Date",
    "DATETIME": "Edm.DateTimeOffset",
    "BLOB": "Edm.Binary",
}


@pytest.mark.spec("OD-003", "OD-017", "OD-264")
def test_every_table_is_an_entity_set_with_the_columns_and_the_key_of_the_table(world: World) -> None:
    expected = {
        identifier(table.name): ([identifier(c.name) for c in table.columns], tuple(map(identifier, table.key)))
        for table in world.truth.tables.values()
        if not table.is_link
    }
    found = {name: (list(kind.properties), kind.key) for name, kind in world.served.metadata.sets.items()}
    assert found == expected


def test_a_pure_link_table_is_navigation_and_no_set(world: World) -> None:
    links = {table.name for table in world.truth.tables.values() if table.is_link}
    assert (
        links
        == {
            "northwind": {"EmployeeTerritories", "CustomerCustomerDemo"},
            "chinook": {"PlaylistTrack"},
        }[world.name]
    )
    assert not links & set(world.served.metadata.sets)


def test_a_view_without_a_stated_key_is_left_out_with_its_reason(world: World) -> None:
    views = {table.name for table in world.truth.tables.values() if table.is_view}
    with open_store(str(world.path)) as store:
        assert store.model.container is not None
        names = set(store.model.container.sets)
        assert not {identifier(view) for view in views} & names
        reasons = dict(store.left_out)
        assert views <= set(reasons)
        assert all("key" in reasons[view] for view in views)


@pytest.mark.feature("F-SQL-08")
@pytest.mark.spec("OD-209")
def test_all_names_are_simple_identifiers_and_odd_ones_are_mapped(northwind: World, chinook: World) -> None:
    for world in (northwind, chinook):
        for name, kind in world.served.metadata.sets.items():
            for text in (name, *kind.properties, *kind.navigation):
                assert SIMPLE_IDENTIFIER.fullmatch(text), text
            names = [text.casefold() for text in (*kind.properties, *kind.navigation)]
            assert len(names) == len(set(names)), f"{name} has names that differ in case alone"
    assert northwind.served.sets["Order Details"] == "Order_Details"
    assert northwind.served.sets["Summary of Sales by Year"] == "Summary_of_Sales_by_Year"


def wanted_type(column: Column) -> tuple[set[str], int | None, int | None]:
    """The EDM types that a column may have, its length and its precision."""
    name, _, facets = column.declared.partition("(")
    numbers = [int(number) for number in re.findall(r"\d+", facets)]
    if not name:  # a computed column of a view: what it holds decides
        return {"Edm.String", "Edm.Double", "Edm.Decimal", "Edm.Int64"}, None, None
    length = numbers[0] if numbers and name == "NVARCHAR" else None
    return {TYPES[name]}, length, numbers[0] if numbers and name == "NUMERIC" else None


def described(table: Table, column: Column, item: PropertyInfo) -> list[str]:
    """What is wrong with a property's description."""
    types, length, precision = wanted_type(column)
    nullable = not (column.not_null or column.name in table.key)
    problems = []
    if item.type not in types:
        problems.append(f"type {item.type}, not {types}")
    if item.nullable != nullable:
        problems.append(f"nullable {item.nullable}")
    if item.max_length != length:
        problems.append(f"MaxLength {item.max_length}, not {length}")
    if "Edm.Decimal" in types and column.declared and item.precision != precision:
        problems.append(f"Precision {item.precision}, not {precision}")
    if precision is not None and item.scale != "2":
        problems.append(f"Scale {item.scale}")
    if item.type == "Edm.Decimal" and precision is None and item.scale not in ("variable", "floating"):
        problems.append(f"Scale {item.scale} where the column fixes none")
    return [f"{table.name}.{column.name}: {problem}" for problem in problems]


def test_every_property_has_the_type_and_facets_of_its_column(world: World) -> None:
    problems = []
    for name, table in world.served.tables.items():
        for column in table.columns:
            problems += described(table, column, world.served.type(name).properties[identifier(column.name)])
    assert problems == []


@pytest.mark.spec("OD-033")
def test_every_foreign_key_is_navigation_both_ways_under_the_names_of_the_rules(world: World) -> None:
    ways = world.served.ways()
    problems = []
    for way in ways:
        if way.wanted.casefold() in world.served.collisions(way.set, ways):
            right = way.info.name != way.wanted and way.column in way.info.name
        else:
            right = way.info.name == way.wanted
        if not right:
            problems.append(f"{way.set}: {way.info.name}, not {way.wanted} ({way.column})")
    assert problems == []
    explained = {(way.set, way.info.name) for way in ways}
    described = {(name, item) for name, kind in world.served.metadata.sets.items() for item in kind.navigation}
    assert described == explained


def test_the_names_of_both_databases_are_those_that_people_expect(northwind: World, chinook: World) -> None:
    names = {name: set(kind.navigation) for name, kind in northwind.served.metadata.sets.items()}
    assert {"Customer", "Employee", "Order_Details"} < names["Orders"]
    assert names["Order_Details"] == {"Order", "Product"}
    assert {"Territories", "Employees", "Orders"} < names["Employees"]
    assert names["Territories"] == {"Region", "Employees"}
    assert names["Customers"] == {"Orders", "CustomerDemographics"}
    music = {name: set(kind.navigation) for name, kind in chinook.served.metadata.sets.items()}
    assert music["Track"] == {"Album", "Genre", "MediaType", "InvoiceLine", "Playlist"}
    assert music["Customer"] == {"SupportRep", "Invoice"}


def test_every_navigation_property_is_bound_to_the_set_that_it_leads_to(world: World) -> None:
    expected: dict[str, dict[str, str]] = {name: {} for name in world.served.metadata.sets}
    for way in world.served.ways():
        expected[way.set][way.info.name] = way.target_set
    assert world.served.metadata.bindings == expected


def test_navigation_to_one_is_nullable_where_its_column_is(world: World) -> None:
    for way in world.served.ways():
        if not way.info.collection and way.info.constraints:
            columns = [world.served.type(way.set).properties[name] for name in way.info.constraints]
            assert way.info.nullable == any(column.nullable for column in columns), f"{way.set}/{way.info.name}"


@pytest.mark.feature("F-ODATA-01")
def test_the_service_document_lists_every_set_and_links_that_work(world: World) -> None:
    document = world.client.read("")
    assert document["@odata.context"] == f"{world.client.root}$metadata"
    assert {entry["name"] for entry in document["value"]} == set(world.served.metadata.sets)
    assert {entry["kind"] for entry in document["value"]} == {"EntitySet"}
    for entry in document["value"]:
        assert world.client.read(f"{entry['url']}?$top=1")["value"] is not None
