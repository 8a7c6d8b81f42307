"""The namespaces of versions 1 to 3: all that were ever used for one vocabulary become one.

[MC-EDMX], section 2.1; [MC-CSDL], section 2.1.1; [MS-ODATA], section 2.2.3.7.2. What versions 3 says as
``ValueAnnotation`` and ``TypeAnnotation`` is what version 4 says as ``Annotation``, and is read as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from demotic.model.csdl.elements import EDM, EDMX
from demotic.xml import Element, QName

EDMX1: Final = "http://schemas.microsoft.com/ado/2007/06/edmx"
METADATA: Final = "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"
DATA: Final = "http://schemas.microsoft.com/ado/2007/08/dataservices"
_ADO: Final = "http://schemas.microsoft.com/ado"

SCHEMAS: Final[Mapping[str, str]] = {
    "1.0": f"{_ADO}/2006/04/edm",
    "1.1": f"{_ADO}/2007/05/edm",
    "1.2": f"{_ADO}/2008/01/edm",
    "2.0": f"{_ADO}/2008/09/edm",
    "2.2": f"{_ADO}/2009/08/edm",
    "3.0": f"{_ADO}/2009/11/edm",
}
"""The namespace of schemas by the version of CSDL."""

EDM3: Final = SCHEMAS["3.0"]
"""The one namespace that elements of all versions are declared in."""

_VERSIONS: Final = {uri: version for version, uri in SCHEMAS.items()}
_RENAMED: Final = {
    **dict.fromkeys(SCHEMAS.values(), EDM3),
    **{uri.replace("http:", "https:"): EDM3 for uri in SCHEMAS.values()},
}
_ANNOTATIONS: Final = frozenset(("Annotations", "Annotation", "ValueAnnotation", "TypeAnnotation"))
_NAMES: Final = {"ValueAnnotation": "Annotation", "TypeAnnotation": "Annotation"}


def is_of_version_3(root: Element) -> bool:
    """Whether a document is one of versions 1 to 3: an Edmx, or a schema by itself."""
    return root.name.namespace == EDMX1 or root.name.namespace in _RENAMED


def schema_version(root: Element) -> str:
    """Return the highest version of CSDL that the schemas of a document are of."""
    found = {_VERSIONS.get(item.name.namespace, "") for item in root.walk() if item.name.local == "Schema"}
    return max(found - {""}, default="2.0")


def renamed(element: Element) -> Element:
    """Return a copy of a tree in which all schemas are in one namespace, and annotations in that of version 4."""
    return _renamed(element, annotation=False)


def _renamed(element: Element, *, annotation: bool) -> Element:
    name = element.name
    namespace = _RENAMED.get(name.namespace, name.namespace)
    annotation = annotation or (namespace == EDM3 and name.local in _ANNOTATIONS)
    if namespace == EDM3:
        name = QName(EDM, _NAMES.get(name.local, name.local)) if annotation else QName(EDM3, name.local)
    children = [_renamed(n, annotation=annotation) if isinstance(n, Element) else n for n in element.children]
    if element.name.local == "TypeAnnotation" and annotation:
        record = Element(QName(EDM, "Record"), children=children, line=element.line, column=element.column)
        children = [record]
    return Element(
        name,
        element.attributes,
        children,
        prefix=element.prefix,
        namespaces=element.namespaces,
        line=element.line,
        column=element.column,
    )


def in_version(element: Element, version: str) -> Element:
    """Return a copy of a tree with schemas in the namespace of a version: the inverse of `renamed`."""
    name = element.name
    return Element(
        QName(SCHEMAS[version], name.local) if name.namespace == EDM3 else name,
        element.attributes,
        [in_version(n, version) if isinstance(n, Element) else n for n in element.children],
        prefix=element.prefix,
        namespaces={p: SCHEMAS[version] if uri == EDM3 else uri for p, uri in element.namespaces.items()},
        line=element.line,
        column=element.column,
    )


__all__ = ["DATA", "EDM", "EDM3", "EDMX", "EDMX1", "METADATA", "SCHEMAS"]
__all__ += ["in_version", "is_of_version_3", "renamed", "schema_version"]
