"""White space for people's eyes, put only where it changes nothing that is shown.

An element is indented if it holds blocks and nothing else. A container of flow that holds a word, or an element of a
line of text, is left as it is, and so is all that is below it.
"""

from __future__ import annotations

from demotic.xml import Comment, Element, Node, QName
from demotic.xml.html._elements import element_type, is_block
from demotic.xml.html._names import XHTML

__all__ = ["indented"]


def indented(root: Element, *, step: str = "  ") -> Element:
    """Return a copy of the tree in which each block stands on a line of its own, `step` further in than its parent."""
    return _indented(root, step, "\n")


def _indented(element: Element, step: str, line: str) -> Element:
    children = element.children
    if _may_be_indented(element):
        inner = line + step
        blocks = [node for node in children if not isinstance(node, str)]
        written = (_indented(node, step, inner) if isinstance(node, Element) else node for node in blocks)
        children = [part for node in written for part in (inner, node)]
        children.append(line)
    return Element(
        element.name,
        element.attributes,
        list(children),
        prefix=element.prefix,
        namespaces=element.namespaces,
        line=element.line,
        column=element.column,
    )


def _may_be_indented(element: Element) -> bool:
    found = element_type(element.name)
    if found is None or found.content in ("inline", "text", "empty") or not element.children:
        return False
    return element.name == QName(XHTML, "head") or all(map(_leaves_room, element.children))


def _leaves_room(node: Node) -> bool:
    if isinstance(node, Element):
        return is_block(node.name)
    return isinstance(node, Comment) or (isinstance(node, str) and not node.strip(" \t\r\n\f"))
