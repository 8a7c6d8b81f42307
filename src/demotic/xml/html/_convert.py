"""From the parser's nodes to elements that are XML: names and characters that XML has no form for are replaced.

What is replaced is reported like any other repair. The rules are those of the HTML Standard, section 13.2.9 (coercing
an HTML DOM into an infoset): a character that no name can hold becomes `U` and six hexadecimal digits, which
`serialize_html` turns back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from demotic.errors import LimitExceeded
from demotic.syntax.unicode import XML_CHAR
from demotic.xml import XML, Comment, Element, QName
from demotic.xml.html._builder import CommentNode, Node
from demotic.xml.html._document import HtmlLimits, Repair
from demotic.xml.html._names import MATHML, SVG, XHTML, XLINK

__all__ = ["Converter"]

# Of names, only ASCII is kept: parsers differ over the rest, by the edition of XML 1.0 that they follow.
_NO_NAME: Final = re.compile("^[^A-Za-z_]|[^A-Za-z0-9_.-]")
_NO_CHARACTER: Final = re.compile(str(~XML_CHAR))

# The colons in these names mean what they mean in XML (HTML Standard, section 13.2.6.1, "adjust foreign attributes").
_PREFIXES: Final = {"xml": XML, "xlink": XLINK}

_SCOPES: Final[Mapping[str, Mapping[str, str]]] = {namespace: {"": namespace} for namespace in (XHTML, SVG, MATHML)}
_SCOPES_WITH_LINKS: Final = {namespace: {"": namespace, "xlink": XLINK} for namespace in _SCOPES}


class Converter:
    """One conversion, and what it had to replace."""

    def __init__(self, limits: HtmlLimits) -> None:
        self._limits = limits
        self.repairs: list[Repair] = []

    def convert(self, top: Node) -> Element:
        """Return the element of a node and all below it."""
        root = self._element(top)
        stack = [(top, root, 1)]
        while stack:
            node, element, depth = stack.pop()
            if depth > self._limits.depth:
                line, column = node.place
                raise LimitExceeded(
                    f"HTML elements more than {self._limits.depth} deep at line {line}, column {column}"
                )
            texts: list[str] = []
            for child in node.childNodes:
                if isinstance(child, str):
                    texts.append(child)
                    continue
                self._flush(texts, element, node)
                if isinstance(child, Node):
                    inner = self._element(child)
                    element.children.append(inner)
                    stack.append((child, inner, depth + 1))
                elif isinstance(child, CommentNode):
                    element.children.append(self.comment(child))
            self._flush(texts, element, node)
        return root

    def comment(self, node: CommentNode) -> Comment:
        """Return the comment of a node; XML allows no `--` in one."""
        text = _NO_CHARACTER.sub("\ufffd", node.text)
        text = re.sub("-(?=-)", "- ", text)
        return Comment(f"{text} " if text.endswith("-") else text)

    def _flush(self, texts: list[str], element: Element, node: Node) -> None:
        if texts:
            element.children.append(self._text("".join(texts), node))
            texts.clear()

    def _element(self, node: Node) -> Element:
        namespace = node.namespace or XHTML
        attributes = self._attributes(node)
        scopes = _SCOPES_WITH_LINKS if any(name.namespace == XLINK for name in attributes) else _SCOPES
        line, column = node.place
        name = QName(namespace, self._name(node.name, node))
        return Element(name, attributes, namespaces=scopes[namespace], line=line, column=column)

    def _attributes(self, node: Node) -> dict[QName, str]:
        attributes: dict[QName, str] = {}
        for raw, value in node.attributes.items():
            name = self._attribute_name(raw, node)
            if name is not None:
                attributes.setdefault(name, self._text(value, node))
        return attributes

    def _attribute_name(self, raw: Any, node: Node) -> QName | None:
        prefix, _, local = raw.partition(":") if isinstance(raw, str) else (raw[0] or "", "", raw[1])
        if prefix == "xmlns" or (not prefix and local == "xmlns"):
            return None  # namespaces follow from the names of the elements
        if prefix in _PREFIXES and local:
            return QName(_PREFIXES[prefix], self._name(local, node))
        return QName("", self._name(raw if isinstance(raw, str) else local, node))

    def _name(self, name: str, node: Node) -> str:
        replaced = _NO_NAME.sub(lambda found: f"U{ord(found[0]):06X}", name)
        if replaced != name:
            self._report("name-replaced", f"the name {name!r} is written {replaced!r}, as XML has no form for it", node)
        return replaced

    def _text(self, text: str, node: Node) -> str:
        if not _NO_CHARACTER.search(text):
            return text
        replaced = _NO_CHARACTER.sub("\ufffd", text.replace("\f", " "))
        if "\ufffd" in replaced:
            self._report("character-replaced", "a control character that XML cannot hold becomes U+FFFD", node)
        return replaced

    def _report(self, code: str, message: str, node: Node) -> None:
        self.repairs.append(Repair(code, message, *node.place))
