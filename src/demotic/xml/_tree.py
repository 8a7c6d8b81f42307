"""An XML document as a tree: slotted elements that know their names, namespaces and place.

Names are pairs of namespace and local part; prefixes are kept beside them, because values may use them and because
people know their documents by them, but they never decide what is equal. Text is plain `str`; CDATA sections, comments
and processing instructions are nodes of their own. What stands before and after the root element is not kept.

Specifications: XML 1.0 (fifth edition), Namespaces in XML 1.0 (third edition).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

__all__ = [
    "XML",
    "CData",
    "Comment",
    "Element",
    "Node",
    "ProcessingInstruction",
    "QName",
    "inner_scope",
    "rename_namespaces",
]

XML: Final = "http://www.w3.org/XML/1998/namespace"
"""The namespace of `xml:lang`, `xml:base` and `xml:space`; its prefix needs no declaration."""


class QName(NamedTuple):
    """An expanded name; the namespace is empty for a name in none."""

    namespace: str
    local: str

    def __str__(self) -> str:
        return f"{{{self.namespace}}}{self.local}" if self.namespace else self.local


@dataclass(frozen=True, slots=True)
class CData:
    """A CDATA section."""

    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment."""

    text: str


@dataclass(frozen=True, slots=True)
class ProcessingInstruction:
    """A processing instruction."""

    target: str
    data: str = ""


class Element:
    """An element with its attributes and children, in the order of the document.

    `namespaces` maps the prefixes in scope to namespaces (`""` is the default namespace's prefix); elements without
    declarations share the mapping of their parent, so replace it rather than change it. `prefix` is the one the element
    was written with. `line` and `column` count from 1; they are 0 for an element made in a program. Two elements are
    equal if names, attributes and children are; prefixes and places do not count.
    """

    __slots__ = ("attributes", "children", "column", "line", "name", "namespaces", "prefix")
    __hash__ = None  # type: ignore[assignment]  # equal by content, which may change

    def __init__(
        self,
        name: QName,
        attributes: Mapping[QName, str] | None = None,
        children: list[Node] | None = None,
        *,
        prefix: str | None = None,
        namespaces: Mapping[str, str] | None = None,
        line: int = 0,
        column: int = 0,
    ) -> None:
        self.name = name
        self.attributes: dict[QName, str] = {} if attributes is None else dict(attributes)
        self.children: list[Node] = [] if children is None else children
        self.prefix = prefix
        self.namespaces: Mapping[str, str] = {} if namespaces is None else namespaces
        self.line = line
        self.column = column

    def __repr__(self) -> str:
        return f"<Element {self.name} at {self.line}:{self.column}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Element):
            return NotImplemented
        return (self.name, self.attributes, self.children) == (other.name, other.attributes, other.children)

    @property
    def text(self) -> str:
        """The element's own text, CDATA included, descendants' not."""
        return "".join(
            node if isinstance(node, str) else node.text for node in self.children if isinstance(node, str | CData)
        )

    def get(self, local: str, default: str | None = None) -> str | None:
        """Return the value of an attribute without namespace."""
        return self.attributes.get(QName("", local), default)

    def elements(self, name: QName | None = None) -> Iterator[Element]:
        """Iterate over the child elements, or over those called `name`."""
        for node in self.children:
            if isinstance(node, Element) and (name is None or node.name == name):
                yield node

    def walk(self) -> Iterator[Element]:
        """Iterate over this element and all below it, in the order of the document."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(list(element.elements())))


Node: TypeAlias = Element | str | CData | Comment | ProcessingInstruction


def inner_scope(outer: Mapping[str, str], declared: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes in scope after further declarations; these come last, for reading and writing alike."""
    return {prefix: uri for prefix, uri in outer.items() if prefix not in declared} | dict(declared)


def rename_namespaces(root: Element, names: Mapping[str, str]) -> Element:
    """Return a copy of the tree with namespaces replaced as `names` says, in names and declarations alike.

    This is how one vocabulary declaration serves the several namespaces that its versions have had.
    """

    def renamed(name: QName) -> QName:
        return QName(names.get(name.namespace, name.namespace), name.local)

    def copy(element: Element) -> Element:
        return Element(
            renamed(element.name),
            {renamed(name): value for name, value in element.attributes.items()},
            prefix=element.prefix,
            namespaces={prefix: names.get(uri, uri) for prefix, uri in element.namespaces.items()},
            line=element.line,
            column=element.column,
        )

    result = copy(root)
    stack = [(root, result)]
    while stack:
        source, target = stack.pop()
        for node in source.children:
            if isinstance(node, Element):
                twin = copy(node)
                stack.append((node, twin))
                target.children.append(twin)
            else:
                target.children.append(node)
    return result
