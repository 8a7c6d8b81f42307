"""A metadata document read, looked into, and written in other forms: CSDL XML to CSDL JSON and Python classes.

Run it anywhere: python examples/metadata.py
"""

import msgspec

from demotic.model import write_python
from demotic.model.csdl import read_xml, write_json

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:DataServices>
    <Schema Namespace="Garden" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EntityType Name="Plant">
        <Key><PropertyRef Name="ID"/></Key>
        <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
        <Property Name="Name" Type="Edm.String" MaxLength="40"/>
        <Property Name="Height" Type="Edm.Decimal" Precision="6" Scale="2"/>
      </EntityType>
      <EntityContainer Name="Container">
        <EntitySet Name="Plants" EntityType="Garden.Plant"/>
      </EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
"""


def main() -> None:
    """Read the document and write it in two other forms."""
    model = read_xml(DOCUMENT)
    assert model.container is not None
    for entity_set in model.container.sets.values():
        print(entity_set.name, "has", ", ".join(entity_set.type.all_properties()))
    print(msgspec.json.format(write_json(model)).decode())
    print(write_python(model))


if __name__ == "__main__":
    main()
