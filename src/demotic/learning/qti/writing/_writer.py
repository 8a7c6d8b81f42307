"""From the model to the tree of an XML document, as one version spells it.

Nothing is left out here: what a version does not have is written as the newest one spells it, and `convert` takes it
out before. Space is put in where it means nothing, so that the result reads well and is always the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from demotic.learning.qti.model import (
    HTML,
    HTML5_22,
    XINCLUDE,
    ContentBody,
    ContentHolder,
    Foreign,
    Html,
    Include,
    Node,
    QtiDocument,
    Version,
    namespace_of,
)
from demotic.learning.qti.model._node import EMPTY, REQUIRED, STRUCTURE
from demotic.learning.qti.model._version import MATHML, XMLNS, XSI_NS
from demotic.xml import Document, Element, QName

__all__ = ["tree", "write"]

# 2.2 has `bdo` in its own namespace, and the other elements of HTML5 in theirs.
_HTML5: Final = frozenset(name for name, since in HTML.items() if since is Version.V2_2) - {"bdo"}
_PREFIXES: Final = {MATHML: "m", HTML5_22: "qh5", XINCLUDE: "xi"}


def write(document: QtiDocument, *, declaration: bool = True) -> bytes:
    """Return a document as bytes, in its version: the same document gives the same bytes."""
    result: Document[Element] = Document(tree(document))
    before: list[Any] = document.before
    after: list[Any] = document.after
    result.before, result.after = [*before], [*after]
    return result.serialize(declaration=declaration) + b"\n"


def tree(document: QtiDocument) -> Element:
    """Return a document as an XML tree."""
    version = document.version
    namespace = namespace_of(version)
    root = _Writer(version, namespace).write(document.root)
    own = {uri for uri in document.namespaces.values() if uri == document.namespace}
    prefixes = {p: uri for p, uri in document.namespaces.items() if p not in ("", "xml") and uri not in own}
    prefixes.setdefault("xsi", XSI_NS)
    root.namespaces = {"": namespace, **prefixes}
    return root


class _Writer:
    """Writes nodes as one version spells them."""

    def __init__(self, version: Version, namespace: str) -> None:
        self.version = version
        self.namespace = namespace

    def write(self, root: Node) -> Element:
        """Return the element for a node and all in it."""
        result = self._element(root)
        stack: list[tuple[Node, Element, int]] = [(root, result, 0)]
        while stack:
            node, element, depth = stack.pop()
            inner: list[Any] = []
            for child in self._content(node):
                if isinstance(child, Node):
                    made = self._element(child)
                    inner.append(made)
                    stack.append((child, made, depth + 1))
                else:
                    inner.append(child)
            element.children = _spaced(inner, depth) if self._is_structure(node) else inner
        return result

    def _is_structure(self, node: Node) -> bool:
        if isinstance(node, ContentHolder):
            return self.version is Version.V3_0
        return node.content in (STRUCTURE, EMPTY) and all(
            not isinstance(child, str) or child.isspace() for child in node.children
        )

    def _content(self, node: Node) -> list[Any]:
        """Return what stands inside, which in 2.x is the content itself where 3.0 has a `ContentBody` for it."""
        if not isinstance(node, ContentHolder) or self.version is Version.V3_0:
            return node.children
        content: list[Any] = []
        for child in node.children:
            content += child.children if isinstance(child, ContentBody) else [child]
        return content

    def _element(self, node: Node) -> Element:
        attributes = dict(self._attributes(node))
        name, prefix = self._name(node)
        return Element(name, attributes, prefix=prefix, line=node.line, column=node.column)

    def _name(self, node: Node) -> tuple[QName, str | None]:
        if isinstance(node, Foreign):
            uri = node.name.namespace
            return node.name, node.prefix if node.prefix is not None else _PREFIXES.get(uri)
        if isinstance(node, Include):
            return QName(XINCLUDE, "include"), "xi"
        local = node.name_in(self.version)
        if self.version is Version.V2_2 and isinstance(node, Html) and local in _HTML5:
            return QName(HTML5_22, local), "qh5"
        return QName(self.namespace, local), None

    def _attributes(self, node: Node) -> Mapping[QName, str]:
        version, values = self.version, node.attributes
        written: dict[QName, str] = {}
        for field in node.attribute_table.values():
            value = values.get(field.name)
            if value is None:
                # What holds without the attribute differs between the versions: then it is said.
                default = field.default_in(version)
                if field.name in values or field.default is REQUIRED or default == field.default:
                    continue
                if not field.exists_in(version) or field.default is None:
                    continue
                value = field.default
            elif value == field.older.get(version) and not field.exists_in(version):
                continue  # the version has no such attribute, and the value is what it means without
            written[_attribute_name(field.wire_in(version))] = field.type.format(value)
        for name, text in node.extra.items():
            written.setdefault(self._extra_name(node, name), text)
        return written

    def _extra_name(self, node: Node, name: QName) -> QName:
        """Return the name of an attribute with a wrong value, as this version spells it."""
        if not name.namespace:
            for field in node.attribute_table.values():
                if name.local in (field.wire, field.old):
                    return _attribute_name(field.wire_in(self.version))
        return name


def _attribute_name(wire: str) -> QName:
    return QName(XMLNS, wire[4:]) if wire.startswith("xml:") else QName("", wire)


def _spaced(nodes: list[Any], depth: int) -> list[Any]:
    """Return nodes with each on a line of its own."""
    if not nodes:
        return []
    inside, outside = "\n" + "  " * (depth + 1), "\n" + "  " * depth
    return [piece for node in nodes for piece in (inside, node)] + [outside]
