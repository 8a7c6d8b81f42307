"""$metadata as any client would read it: with an XML parser and the specification (CSDL XML 4.01)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

EDMX = "{http://docs.oasis-open.org/odata/ns/edmx}"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


@dataclass(frozen=True)
class PropertyInfo:
    """A property as described."""

    name: str
    type: str
    nullable: bool
    max_length: int | None
    precision: int | None
    scale: str | None


@dataclass(frozen=True)
class NavigationInfo:
    """A navigation property as described; ``constraints`` pairs own properties with the target's."""

    name: str
    target: str
    collection: bool
    nullable: bool
    partner: str | None
    constraints: dict[str, str]


@dataclass(frozen=True)
class TypeInfo:
    """An entity type as described."""

    name: str
    key: tuple[str, ...]
    properties: dict[str, PropertyInfo]
    navigation: dict[str, NavigationInfo]


@dataclass
class Metadata:
    """What a metadata document describes: entity sets with their types, bindings by set and path."""

    version: str
    types: dict[str, TypeInfo] = field(default_factory=dict)
    sets: dict[str, TypeInfo] = field(default_factory=dict)
    bindings: dict[str, dict[str, str]] = field(default_factory=dict)


def read_metadata(document: bytes) -> Metadata:
    """Read a metadata document."""
    root = ET.fromstring(document)
    assert root.tag == f"{EDMX}Edmx", root.tag
    metadata = Metadata(root.attrib["Version"])
    aliases: dict[str, str] = {}
    schemas = list(root.iter(f"{EDM}Schema"))
    for schema in schemas:
        aliases[schema.get("Alias", "")] = schema.attrib["Namespace"]
        for element in schema.iter(f"{EDM}EntityType"):
            name = f"{schema.attrib['Namespace']}.{element.attrib['Name']}"
            metadata.types[name] = _type(name, element)
    for schema in schemas:
        for element in schema.iter(f"{EDM}EntitySet"):
            name = element.attrib["Name"]
            metadata.sets[name] = metadata.types[_full(element.attrib["EntityType"], aliases)]
            metadata.bindings[name] = {
                binding.attrib["Path"]: binding.attrib["Target"]
                for binding in element.iter(f"{EDM}NavigationPropertyBinding")
            }
    return metadata


def _full(name: str, aliases: dict[str, str]) -> str:
    namespace, _, last = name.rpartition(".")
    return f"{aliases.get(namespace, namespace)}.{last}"


def _type(name: str, element: ET.Element) -> TypeInfo:
    key = tuple(ref.attrib["Name"] for ref in element.findall(f"{EDM}Key/{EDM}PropertyRef"))
    properties = [_property(item) for item in element.findall(f"{EDM}Property")]
    navigation = [_navigation(item) for item in element.findall(f"{EDM}NavigationProperty")]
    return TypeInfo(name, key, {item.name: item for item in properties}, {item.name: item for item in navigation})


def _number(text: str | None) -> int | None:
    return int(text) if text is not None else None


def _property(element: ET.Element) -> PropertyInfo:
    return PropertyInfo(
        element.attrib["Name"],
        element.attrib["Type"],
        element.get("Nullable", "true") == "true",
        _number(element.get("MaxLength")),
        _number(element.get("Precision")),
        element.get("Scale"),
    )


def _navigation(element: ET.Element) -> NavigationInfo:
    target = element.attrib["Type"]
    collection = target.startswith("Collection(")
    return NavigationInfo(
        element.attrib["Name"],
        target.removeprefix("Collection(").removesuffix(")"),
        collection,
        element.get("Nullable", "true") == "true",
        element.get("Partner"),
        {
            item.attrib["Property"]: item.attrib["ReferencedProperty"]
            for item in element.findall(f"{EDM}ReferentialConstraint")
        },
    )
