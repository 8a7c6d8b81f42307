"""What the published schemas say of elements and attributes, as plain data: the oracle for the table of elements."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from demotic.xml import Document, Element

XS = "http://www.w3.org/2001/XMLSchema"
FILES = {
    "2.0": "qtiworks/imsqti_v2p0.xsd",
    "2.1": "pie-qti-schemas/imsqti_v2p1.xsd",
    "2.2": "pie-qti-schemas/imsqti_v2p2.xsd",
    "3.0": "qti3-usable/qtiv3p0/imsqti_asiv3p0_sbacv1p0_v1p0.xsd",
}


class Declared(NamedTuple):
    """An attribute in a schema."""

    required: bool
    default: str | None


def _local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]


def attributes_of(folder: Path, version: str) -> dict[str, dict[str, Declared]]:
    """Return the attributes of every element that a schema declares, without those in namespaces."""
    root = Document.open(folder / FILES[version]).root
    named: dict[tuple[str, str], Element] = {
        (e.name.local, e.get("name") or ""): e for e in root.elements() if e.name.local != "element"
    }

    def collect(node: Element) -> dict[str, Declared]:
        found: dict[str, Declared] = {}
        for child in node.elements():
            kind = child.name.local
            if kind == "attribute" and child.get("name"):
                found[child.get("name") or ""] = Declared(child.get("use") == "required", child.get("default"))
            elif kind == "attributeGroup":
                found |= collect(named["attributeGroup", _local(child.get("ref"))])
            elif kind in ("simpleContent", "complexContent", "extension", "restriction"):
                base = named.get(("complexType", _local(child.get("base"))))
                found |= ({} if base is None else collect(base)) | collect(child)
        return found

    result: dict[str, dict[str, Declared]] = {}
    for element in root.walk():
        name: Any = element.get("name")
        if element.name.local != "element" or not name:
            continue
        typed = named.get(("complexType", _local(element.get("type"))))
        inline = next((e for e in element.elements() if e.name.local == "complexType"), None)
        chosen = typed if typed is not None else inline
        result[name] = {} if chosen is None else collect(chosen)
    return result
