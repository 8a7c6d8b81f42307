"""A service whose model has what the lab has not: a derived type, values in collections, media, and operations."""

from __future__ import annotations

from demotic.model import read_xml
from demotic.service.operations import Context, Operations
from demotic.store import Entity
from demotic.store.memory import MemoryStore

MODEL = """<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="zoo" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="Animal">
    <Key><PropertyRef Name="id"/></Key>
    <Property Name="id" Type="Edm.Int64" Nullable="false"/>
    <Property Name="name" Type="Edm.String"/>
    <Property Name="nicks" Type="Collection(Edm.String)" Nullable="false"/>
    <NavigationProperty Name="friend" Type="zoo.Animal"/>
  </EntityType>
  <EntityType Name="Dog" BaseType="zoo.Animal">
    <Property Name="bark" Type="Edm.String"/>
    <NavigationProperty Name="prey" Type="zoo.Animal"/>
  </EntityType>
  <EntityType Name="Photo" HasStream="true">
    <Key><PropertyRef Name="id"/></Key>
    <Property Name="id" Type="Edm.Int64" Nullable="false"/>
  </EntityType>
  <Function Name="Opened"><ReturnType Type="Edm.Boolean"/></Function>
  <Action Name="Feed"/>
  <Function Name="Friends" IsBound="true">
    <Parameter Name="animal" Type="zoo.Animal"/>
    <ReturnType Type="Collection(zoo.Animal)"/>
  </Function>
  <EntityContainer Name="Zoo">
    <EntitySet Name="Animals" EntityType="zoo.Animal">
      <NavigationPropertyBinding Path="friend" Target="Animals"/>
    </EntitySet>
    <EntitySet Name="Dogs" EntityType="zoo.Dog"/>
    <EntitySet Name="Photos" EntityType="zoo.Photo"/>
    <FunctionImport Name="Opened" Function="zoo.Opened"/>
    <ActionImport Name="Feed" Action="zoo.Feed"/>
  </EntityContainer>
</Schema>
</edmx:DataServices></edmx:Edmx>"""

VERSION = '<Annotation Term="Org.OData.Core.V1.SchemaVersion" String="7"/>'


def operations() -> Operations:
    """What does the operations that the model declares."""
    offered = Operations()

    @offered.implements("zoo.Opened")
    def opened() -> bool:
        return True

    @offered.implements("zoo.Friends")
    def friends(context: Context, animal: Entity) -> list[Entity]:
        found = context["Animals"].single(animal.key, "friend")
        return [] if found is None else [found]

    @offered.implements("zoo.Feed")
    def feed(context: Context) -> None:
        for animal in list(context["Animals"].values()):
            context["Animals"].update(animal.key, {"nicks": [*animal["nicks"], "fed"]})

    return offered


def in_memory() -> MemoryStore:
    """One animal that is no dog, one dog in a set of its own, one photo."""
    store = MemoryStore(read_xml(MODEL.encode()))
    with store.transaction() as tx:
        tx["Animals"].insert({"id": 1, "name": "Tom", "nicks": ["Tommy"]})
        tx["Dogs"].insert({"id": 2, "name": "Rex", "nicks": [], "bark": "wow"})
        tx["Photos"].insert({"id": 1})
    return store
