"""The manifest as objects: IMS Content Packaging 1.1.3 to 1.2, information model sections 2 to 4, XML binding.

The same classes read the profiles that have the specification under another namespace (Common Cartridge, QTI 3.0,
SCORM 1.2). Whatever a profile puts in beside them (sequencing, authorizations) is kept, in `other_elements`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from demotic.learning.cp._metadata import Metadata
from demotic.learning.cp._names import CP, CP_NAMESPACES, EXTENSIONS
from demotic.xml import XML, Bound, QName, attribute, boolean, child, children, text

__all__ = [
    "Dependency",
    "File",
    "Item",
    "Manifest",
    "Organization",
    "Organizations",
    "Resource",
    "Resources",
    "Title",
    "Variant",
]

BASE: Final = QName(XML, "base")


class Title(Bound, name=QName(CP, "title"), namespaces=CP_NAMESPACES):
    """The title of an organization or item."""

    value = text()


class Item(Bound, name=QName(CP, "item"), namespaces=CP_NAMESPACES):
    """A node of an organization; `identifierref` is the resource or sub-manifest that it stands for."""

    identifier = attribute("identifier", id=True)
    identifierref = attribute("identifierref")
    isvisible = attribute("isvisible", type=boolean, default=True)
    parameters = attribute("parameters")
    title = child(Title)
    items = children(lambda: Item)
    metadata = child(Metadata)

    def walk(self) -> Iterator[Item]:
        """Yield this item and all below it, in the order of the document."""
        waiting = [self]
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(reversed(item.items))


class Organization(Bound, name=QName(CP, "organization"), namespaces=CP_NAMESPACES):
    """One way through the content: a tree of items."""

    identifier = attribute("identifier", id=True)
    structure = attribute("structure", default="hierarchical")
    title = child(Title)
    items = children(Item)
    metadata = child(Metadata)

    def walk(self) -> Iterator[Item]:
        """Yield all items, in the order of the document."""
        for item in self.items:
            yield from item.walk()


class Organizations(Bound, name=QName(CP, "organizations"), namespaces=CP_NAMESPACES):
    """The organizations; `default` is the identifier of the one to take."""

    default = attribute("default")
    organizations = children(Organization)


class File(Bound, name=QName(CP, "file"), namespaces=CP_NAMESPACES):
    """A file that a resource consists of; `href` is relative to the `xml:base` around it."""

    href = attribute("href")
    metadata = child(Metadata)


class Dependency(Bound, name=QName(CP, "dependency"), namespaces=CP_NAMESPACES):
    """Another resource whose files this one needs."""

    identifierref = attribute("identifierref")


class Variant(Bound, name=QName(EXTENSIONS[0], "variant"), namespaces=EXTENSIONS):
    """Another resource that may stand in for this one (CP 1.2, extensions)."""

    identifier = attribute("identifier", id=True)
    identifierref = attribute("identifierref")
    metadata = child(lambda: VariantMetadata)


class VariantMetadata(Metadata, name=QName(EXTENSIONS[0], "metadata"), namespaces=EXTENSIONS):
    """Metadata of a variant."""


class Resource(Bound, name=QName(CP, "resource"), namespaces=CP_NAMESPACES):
    """A set of files, `href` the one to begin with, or an address elsewhere."""

    identifier = attribute("identifier", id=True)
    type = attribute("type")
    href = attribute("href")
    base = attribute(BASE)
    intendeduse = attribute("intendeduse")
    metadata = child(Metadata)
    files = children(File)
    dependencies = children(Dependency)
    variants = children(Variant)


class Resources(Bound, name=QName(CP, "resources"), namespaces=CP_NAMESPACES):
    """The resources."""

    base = attribute(BASE)
    resources = children(Resource)


class Manifest(Bound, name=QName(CP, "manifest"), namespaces=CP_NAMESPACES):
    """The root of the document, or a manifest within it."""

    identifier = attribute("identifier", id=True)
    version = attribute("version")
    base = attribute(BASE)
    metadata = child(Metadata)
    organizations = child(Organizations)
    resources = child(Resources)
    manifests = children(lambda: Manifest)

    def walk(self) -> Iterator[Manifest]:
        """Yield this manifest and all within it."""
        waiting = [self]
        while waiting:
            manifest = waiting.pop()
            yield manifest
            waiting.extend(reversed(manifest.manifests))

    def own_resources(self) -> list[Resource]:
        """Return the resources of this manifest alone."""
        return self.resources.resources if self.resources is not None else []

    def own_organizations(self) -> list[Organization]:
        """Return the organizations of this manifest alone."""
        return self.organizations.organizations if self.organizations is not None else []

    def own_items(self) -> Iterator[Item]:
        """Yield the items of all organizations of this manifest alone."""
        for organization in self.own_organizations():
            yield from organization.walk()
