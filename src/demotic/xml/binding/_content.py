"""The content of an object in order: what was read keeps its place, what a program put in or took out follows.

An object holds its children twice: in its fields, where programs work, and in the order of the document, with all that
stands between them. Here the second is brought in line with the first.
"""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING, Any

from demotic.xml._errors import XmlBindingFault
from demotic.xml.tree._nodes import Branch, CData, Nodes

if TYPE_CHECKING:
    from demotic.xml.binding._bound import Bound

__all__ = ["arrange"]


def arrange(bound: Bound) -> Nodes:
    """Return the nodes inside `bound`, every field's children in their place.

    Raises `XmlBindingFault` for a child of a class that its field does not take.
    """
    binding = bound._binding
    nodes: Nodes = bound._children
    if binding.mixed is not None or not (binding.child_fields or binding.wildcard):
        return nodes
    placed: dict[str, list[Any]] = {}
    owners = binding._owners
    rest = binding.wildcard.attr if binding.wildcard is not None else ""
    for node in nodes:
        if isinstance(node, Branch):
            cls = type(node)
            attr = (owners[cls] if cls in owners else binding.owner(cls)) or rest
            if attr:
                placed.setdefault(attr, []).append(node)
    values = bound.__dict__
    for field in binding.fields.values():
        attr = field.attr
        if field in binding.child_fields or attr == rest:
            wanted = values.get(attr)
            items = [] if wanted is None else wanted if isinstance(wanted, list) else [wanted]
            held = placed.get(attr, [])
            if items and wanted is not items:
                # Documents may have more than the one that a field holds. They keep it, unless the field is emptied.
                held = held[:1]
            if len(held) != len(items) or not all(map(is_, held, items)):
                _check(bound, attr, items, rest)
                _replace(bound, attr, held, items)
    return nodes


def _check(bound: Bound, attr: str, items: list[Any], rest: str) -> None:
    binding = bound._binding
    for item in items:
        fits = isinstance(item, Branch) and (binding.owner(type(item)) or rest) == attr
        if not fits:
            raise XmlBindingFault(
                f"{attr} cannot hold {type(item).__name__}", path=f"/{bound._name.local}", line=bound.line
            )


def _replace(bound: Bound, attr: str, held: list[Any], items: list[Any]) -> None:
    """Put `items` where `held` stood: each into the place of one, further ones after the last, with space like its."""
    nodes: Nodes = bound._children
    places = [i for i, node in enumerate(nodes) if any(node is old for old in held)]
    start = places[-1] + 1 if places else _declared_place(bound, attr)
    for place, item in zip(places, items, strict=False):
        list.__setitem__(nodes, place, item)
    if len(items) > len(places):
        space = _space_before(nodes, places[-1]) if places else []
        added = [node for item in items[len(places) :] for node in (*space, item)]
        list.__setitem__(nodes, slice(start, start), added)
    for place in reversed(places[len(items) :]):
        space = _space_before(nodes, place)
        list.__delitem__(nodes, slice(place - len(space), place + 1))
    nodes._release(held)
    nodes._adopt(items)


def _space_before(nodes: Nodes, place: int) -> list[Any]:
    before = nodes[place - 1] if place else None
    return [before] if isinstance(before, str) and before and not before.strip(" \t\r\n") else []


def _declared_place(bound: Bound, attr: str) -> int:
    """Return where the first child of a field goes: before what is declared later, else at the end."""
    binding = bound._binding
    order = list(binding.fields)
    later = set(order[order.index(attr) + 1 :])
    nodes: Nodes = bound._children
    text = binding.text.attr if binding.text is not None else ""
    for place, node in enumerate(nodes):
        own = binding.owner(type(node)) if isinstance(node, Branch) else ""
        foreign = isinstance(node, Branch) and not own
        is_text = isinstance(node, str | CData) and text in later
        if own in later or foreign or is_text:
            return place - len(_space_before(nodes, place))
    tail = _space_before(nodes, len(nodes))
    return len(nodes) - len(tail)
