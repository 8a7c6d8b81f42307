"""A service whose entities hold what the lab's do not: collections of values, and complex values within each other.

The same entities in memory, and in tables that were made from the model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from demotic.model import Model, read_xml
from demotic.store import Ref, Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store

MODEL = """<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="shelf" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <ComplexType Name="Geo"><Property Name="Lat" Type="Edm.Int32"/><Property Name="Lon" Type="Edm.Int32"/></ComplexType>
  <ComplexType Name="Address">
    <Property Name="City" Type="Edm.String"/>
    <Property Name="Zip" Type="Edm.Int64"/>
    <Property Name="Geo" Type="shelf.Geo"/>
    <Property Name="Phones" Type="Collection(Edm.String)" Nullable="false"/>
  </ComplexType>
  <EntityType Name="Author">
    <Key><PropertyRef Name="ID"/></Key>
    <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
    <Property Name="Name" Type="Edm.String"/>
    <Property Name="Tags" Type="Collection(Edm.String)" Nullable="false"/>
    <Property Name="Home" Type="shelf.Address"/>
    <Property Name="Others" Type="Collection(shelf.Address)" Nullable="false"/>
    <NavigationProperty Name="Books" Type="Collection(shelf.Book)" Partner="Author"/>
    <NavigationProperty Name="Best" Type="shelf.Book"/>
  </EntityType>
  <EntityType Name="Book">
    <Key><PropertyRef Name="ID"/></Key>
    <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
    <Property Name="Title" Type="Edm.String"/>
    <NavigationProperty Name="Author" Type="shelf.Author" Partner="Books"/>
  </EntityType>
  <EntityContainer Name="Shelf">
    <EntitySet Name="Authors" EntityType="shelf.Author">
      <NavigationPropertyBinding Path="Books" Target="Books"/><NavigationPropertyBinding Path="Best" Target="Books"/>
    </EntitySet>
    <EntitySet Name="Books" EntityType="shelf.Book">
      <NavigationPropertyBinding Path="Author" Target="Authors"/>
    </EntitySet>
  </EntityContainer>
</Schema>
</edmx:DataServices></edmx:Edmx>"""


def address(city: str | None, code: int | None = None, phones: list[str] | None = None) -> dict[str, Any]:
    """A complex value; one with a code lies somewhere."""
    return {"City": city, "Zip": code, "Geo": code and {"Lat": code % 90, "Lon": None}, "Phones": phones or []}


AUTHORS: list[dict[str, Any]] = [
    {
        "ID": 1,
        "Name": "Ada",
        "Tags": ["x", "y", "z", "x"],
        "Home": address("Ulm", 89073, ["1", "22", "333"]),
        "Others": [address("Rom", 100), address("Bern", 3000, ["7"]), address(None)],
    },
    {"ID": 2, "Name": "Bo", "Tags": ["y"], "Home": None, "Others": []},
    {"ID": 3, "Name": None, "Tags": [], "Home": address("Rom", 9007199254740993), "Others": [address("Ulm")]},
]
BOOKS = [(10, "One", 1), (11, "Two", 1), (12, "Three", 3)]


def model() -> Model:
    """The model."""
    return read_xml(MODEL.encode())


def fill(store: Store) -> None:
    """Put the entities in."""
    with store.transaction(write=True) as tx:
        for row in AUTHORS:
            tx["Authors"].insert(row)
        for number, title, author in BOOKS:
            tx["Books"].insert({"ID": number, "Title": title, "Author": Ref(author)})
        tx["Authors"].link(1, "Best", 11)


def in_memory() -> Store:
    """A store in memory."""
    store = MemoryStore(model())
    fill(store)
    return store


def in_tables(where: Path | str) -> Store:
    """A store over tables made in a new database."""
    create_tables(where, model())
    store = open_store(where, model=model())
    fill(store)
    return store
