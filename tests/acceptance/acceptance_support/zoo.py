"""A service whose model has a derived type: animals, of which some are dogs."""

from __future__ import annotations

from demotic.model import read_xml
from demotic.store.memory import MemoryStore

MODEL = """<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="zoo" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="Animal">
    <Key><PropertyRef Name="id"/></Key>
    <Property Name="id" Type="Edm.Int64" Nullable="false"/>
    <Property Name="name" Type="Edm.String"/>
    <NavigationProperty Name="friend" Type="zoo.Animal"/>
  </EntityType>
  <EntityType Name="Dog" BaseType="zoo.Animal">
    <Property Name="bark" Type="Edm.String"/>
    <NavigationProperty Name="prey" Type="zoo.Animal"/>
  </EntityType>
  <EntityContainer Name="Zoo">
    <EntitySet Name="Animals" EntityType="zoo.Animal">
      <NavigationPropertyBinding Path="friend" Target="Animals"/>
    </EntitySet>
    <EntitySet Name="Dogs" EntityType="zoo.Dog"/>
  </EntityContainer>
</Schema>
</edmx:DataServices></edmx:Edmx>"""


def in_memory() -> MemoryStore:
    """One animal that is no dog, and one dog in a set of its own."""
    store = MemoryStore(read_xml(MODEL.encode()))
    with store.transaction() as tx:
        tx["Animals"].insert({"id": 1, "name": "Tom"})
        tx["Dogs"].insert({"id": 2, "name": "Rex", "bark": "wow"})
    return store
