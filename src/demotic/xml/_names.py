"""Names: expanded ones, what is a name at all, and the one text form in which the reader hands them on.

Specifications: XML 1.0 (fifth edition), section 2.3; Namespaces in XML 1.0 (third edition).
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = [
    "SEPARATOR",
    "XML",
    "XMLNS",
    "XSI",
    "QName",
    "from_wire",
    "is_reserved",
    "to_wire",
]

XML: Final = "http://www.w3.org/XML/1998/namespace"
"""The namespace of `xml:lang`, `xml:base`, `xml:space` and `xml:id`; its prefix needs no declaration."""

XMLNS: Final = "http://www.w3.org/2000/xmlns/"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
"""The namespace of `xsi:type`, `xsi:nil` and the places of schemas."""

# No XML 1.0 document can hold this character, so no namespace can either.
SEPARATOR: Final = "\x1f"


class QName(NamedTuple):
    """An expanded name; the namespace is empty for a name in none."""

    namespace: str
    local: str

    def __str__(self) -> str:
        return f"{{{self.namespace}}}{self.local}" if self.namespace else self.local


def is_reserved(name: str) -> bool:
    """Tell whether a name begins with `xml` in any case, which the specification keeps to itself."""
    return name[:3].lower() == "xml"


def to_wire(name: QName, prefix: str | None = None) -> str:
    """Return a name as expat hands it on: local part alone, or namespace, local part and perhaps prefix."""
    if not name.namespace:
        return name.local
    parts = (name.namespace, name.local, prefix) if prefix else (name.namespace, name.local)
    return SEPARATOR.join(parts)


def from_wire(text: str) -> tuple[QName, str | None]:
    """Return the name and the prefix that `to_wire` was given."""
    namespace, found, rest = text.partition(SEPARATOR)
    if not found:
        return QName("", namespace), None
    local, _, prefix = rest.partition(SEPARATOR)
    return QName(namespace, local), prefix or None
