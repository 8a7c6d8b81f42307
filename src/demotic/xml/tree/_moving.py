"""Namespaces of a tree changed where it stands, for elements and objects alike.

A vocabulary whose versions have namespaces of their own is moved to another version so; `rename_namespaces` makes a
copy instead, of plain elements.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from demotic.xml._names import QName, from_wire, to_wire
from demotic.xml.tree._nodes import Branch, Element

__all__ = ["move_namespaces"]


def move_namespaces(root: Branch, names: Mapping[str, str]) -> None:
    """Replace namespaces as `names` says, in names and declarations of `root` and all below it.

    Prefixes stay. An object stays of its class, which should know the new namespace (`namespaces=`) to be read again.
    """

    def moved(name: QName) -> QName:
        return QName(names.get(name.namespace, name.namespace), name.local)

    scopes: dict[int, tuple[Mapping[str, str], Mapping[str, str]]] = {}
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        name = node._name
        waiting.extend(inner for inner in node._content() if isinstance(inner, Branch))
        if name.namespace in names or isinstance(node, Element):
            node._name = moved(name)
        if any(uri in names for uri in node.namespaces.values()):
            # Elements without declarations share the mapping of their parent, and go on doing so.
            before = node.namespaces
            fresh = {prefix: names.get(uri, uri) for prefix, uri in before.items()}
            node.namespaces = scopes.setdefault(id(before), (before, fresh))[1]
        if isinstance(node, Element):
            node.attributes = {moved(key): value for key, value in node.attributes.items()}
        else:
            node.__dict__["_attributes"] = {_moved_key(key, names): text for key, text in node._attributes.items()}


def _moved_key(key: Any, names: Mapping[str, str]) -> Any:
    if isinstance(key, QName):
        return QName(names.get(key.namespace, key.namespace), key.local)
    name, prefix = from_wire(key)
    return to_wire(QName(names.get(name.namespace, name.namespace), name.local), prefix)
