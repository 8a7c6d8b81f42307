"""IDs and references to them. The table is made from the tree whenever it is asked for, so that it is always true.

What identifies an element is `xml:id`, an attribute that its class declares with `id=True`, or one that the document
type declares as an ID.

Specifications: xml:id 1.0; XML 1.0 (fifth edition), section 3.3.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from demotic.xml._errors import DuplicateId
from demotic.xml._names import XML, QName
from demotic.xml.tree._nodes import Branch
from demotic.xml.tree._search import find

__all__ = ["dangling", "ids"]

XML_ID: Final = QName(XML, "id")


def ids(top: Any) -> dict[str, Branch]:
    """Return the elements of a document or tree by their IDs.

    Raises `DuplicateId` where two have the same.
    """
    declared = getattr(top, "id_attributes", {})
    found: dict[str, Branch] = {}
    for node in _all(top):
        for value in set(_own_ids(node, declared)):
            if value in found:
                other = found[value]
                raise DuplicateId(
                    f"the ID {value!r} of {node._name.local} at line {node.line}, column {node.column} is taken by"
                    f" {other._name.local} at line {other.line}, column {other.column}",
                    target=value,
                )
            found[value] = node
    return found


def dangling(top: Any) -> list[tuple[Branch, str]]:
    """Return the references that lead nowhere, each with the element that it stands in."""
    known = ids(top)
    return [(node, value) for node in _all(top) for value in _references(node) if value not in known]


def _all(top: Any) -> Iterator[Branch]:
    if isinstance(top, Branch):
        yield top
    yield from find(top, Branch, depth=2**31)


def _own_ids(node: Branch, declared: Any) -> Iterator[str]:
    names = {XML_ID, *declared.get(node._name, ())}
    names |= {name for name, field in _fields(node).items() if field.identifies}
    for name in names:
        value = node._value_of(name)
        if value is not None and value.strip():
            yield value.strip(" \t\r\n")


def _references(node: Branch) -> Iterator[str]:
    for name, field in _fields(node).items():
        if field.type.refers:
            yield from (node._value_of(name) or "").split()


def _fields(node: Any) -> dict[QName, Any]:
    fields: dict[QName, Any] = node._binding.attributes if hasattr(node, "_binding") else {}
    return fields
