"""What may stand in a tree, made plain for writing: elements, and leaves.

Objects of element classes stand in trees beside plain elements; references to HTML's own entities are text.
"""

from __future__ import annotations

from html.entities import html5
from typing import TypeAlias

from demotic.errors import InvalidInput
from demotic.xml import Bound, CData, Comment, Element, EntityReference, Node, ProcessingInstruction, write

__all__ = ["Leaf", "as_tree"]

Leaf: TypeAlias = str | CData | Comment | ProcessingInstruction | EntityReference


def as_tree(node: Node) -> Element | Leaf:
    """Return an object as its element, a reference to an entity of HTML as its text, anything else as it is."""
    if isinstance(node, Bound):
        return write(node)
    if isinstance(node, EntityReference):
        return html5.get(f"{node.name};", node)
    if isinstance(node, Element | str | CData | Comment | ProcessingInstruction):
        return node
    raise InvalidInput(f"{type(node).__name__} is nothing that HTML could hold")
