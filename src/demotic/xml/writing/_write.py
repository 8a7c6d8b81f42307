"""From objects to the plain tree: what `serialize` would write of them, as elements."""

from __future__ import annotations

from typing import Any

from demotic.xml.binding._bound import Bound
from demotic.xml.tree._nodes import Element
from demotic.xml.writing._serialize import prepared

__all__ = ["write"]


def write(value: Bound) -> Element:
    """Return the element that `read` reads back as `value`.

    Raises `XmlBindingFault` for a required field that is not set, and for a child of a class that its field does not
    take.
    """
    root = _element(value)
    stack: list[tuple[Any, Element]] = [(value, root)]
    while stack:
        source, target = stack.pop()
        inside = []
        for node in prepared(source):
            if isinstance(node, Bound):
                twin = _element(node)
                stack.append((node, twin))
                inside.append(twin)
            elif node != "":
                inside.append(node)
        parents = [node._parent for node in inside if isinstance(node, Element)]
        target.children = inside
        # Elements without a class belong to both trees; their parent stays the object that they were read into.
        for node, parent in zip([n for n in inside if isinstance(n, Element)], parents, strict=True):
            node._parent = parent if parent is not None else target
    return root


def _element(value: Bound) -> Element:
    return Element(
        value._name,
        dict(value._pairs()),
        prefix=value._prefix,
        namespaces=value.namespaces,
        line=value.line,
        column=value.column,
    )
