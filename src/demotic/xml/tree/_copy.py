"""Copies and pickles. A tree is taken apart into a flat list first, so that its depth does not matter.

A copy stands alone: it has no parent, and shares nothing that can change with the original but its scopes.
"""

from __future__ import annotations

import copy
from typing import Any

from demotic.xml._names import QName
from demotic.xml.tree._nodes import Branch, Element, Nodes

__all__ = ["flatten", "restore", "twin"]


def flatten(root: Branch) -> list[tuple[Any, ...]]:
    """Return one record for each element, in the order of the document; the first is the root's."""
    order = [root]
    numbers = {id(root): 0}
    for node in order:
        for inner in node._content():
            if isinstance(inner, Branch):
                numbers[id(inner)] = len(order)
                order.append(inner)
    return [_record(node, numbers) for node in order]


def _record(node: Branch, numbers: dict[int, int]) -> tuple[Any, ...]:
    content = [numbers[id(inner)] if isinstance(inner, Branch) else inner for inner in node._content()]
    values: dict[str, Any] | None = None
    if not isinstance(node, Element):
        fields: Any = type(node)._binding.fields  # type: ignore[attr-defined]
        values = {attr: _numbered(value, numbers) for attr, value in node.__dict__.items() if attr in fields}
        values["_changed"] = "_changed" in node.__dict__
    place = (node._prefix, node.namespaces, node.line, node.column)
    return type(node), tuple(node._name), dict(node._attributes), *place, content, values


class _Number(int):
    """Stands for the element of this number."""

    __slots__ = ()


def _numbered(value: Any, numbers: dict[int, int]) -> Any:
    if isinstance(value, Branch):
        return _Number(numbers[id(value)])
    if isinstance(value, Nodes):
        return [_Number(numbers[id(item)]) for item in value]
    return value


def restore(records: list[tuple[Any, ...]]) -> Branch:
    """Return the tree that `flatten` took apart."""
    made = [_made(record) for record in records]
    for node, (*_, content, values) in zip(made, records, strict=True):
        nodes = node._children
        list.extend(nodes, [made[item] if isinstance(item, int) else item for item in content])
        nodes._adopt(nodes)
        if values is not None:
            _fill(node, values, made)
    top: Branch = made[0]
    return top


def _made(record: tuple[Any, ...]) -> Any:
    cls, name, attributes, prefix, namespaces, line, column, *_ = record
    node: Any = cls.__new__(cls)
    node._name, node._prefix, node._parent = QName(*name), prefix, None
    node._attributes, node._children = attributes, Nodes(node)
    node.namespaces, node.line, node.column = namespaces, line, column
    return node


def _fill(node: Any, values: dict[str, Any], made: list[Branch]) -> None:
    own = node.__dict__
    for attr, value in values.items():
        if isinstance(value, _Number):
            own[attr] = made[value]
        elif isinstance(value, list) and (not value or isinstance(value[0], _Number)):
            own[attr] = Nodes(node, [made[number] for number in value])
        else:
            own[attr] = value
    if not own["_changed"]:
        del own["_changed"]


def twin(root: Branch) -> Branch:
    """Return a copy of the tree."""
    records = [(*record[:-1], _copied(record[-1])) for record in flatten(root)]
    return restore(records)


def _copied(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {attr: value if isinstance(value, _Number) else copy.deepcopy(value) for attr, value in values.items()}
