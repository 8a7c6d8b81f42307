"""The one writer of all element classes: from objects to the tree.

What is set is written, attributes and children in the order of their declaration; defaults that nobody set are not.
What came from foreign namespaces follows at the end.
"""

from __future__ import annotations

from demotic.xml._bound import Binding, Bound, binding_of
from demotic.xml._errors import XmlBindingFault
from demotic.xml._fields import TextField
from demotic.xml._tree import Element, Node, QName

__all__ = ["write"]


def write(value: Bound) -> Element:
    """Return the element that `read` reads back as `value`.

    Raises `XmlBindingFault` for a required field that is not set, and for a child of a class that its field does not
    take.
    """
    return _write(value, "")


def _write(value: Bound, above: str) -> Element:
    binding = binding_of(type(value))
    path = f"{above}/{binding.name.local}"
    for field in binding.fields.values():
        if field.required and value.__dict__.get(field.attr) is None:
            raise XmlBindingFault(f"{field.attr} is required and not set", path=path, line=value.line)
    return Element(
        binding.name,
        _attributes(value, binding),
        _children(value, binding, path),
        namespaces=value.namespaces,
        line=value.line,
        column=value.column,
    )


def _attributes(value: Bound, binding: Binding) -> dict[QName, str]:
    attributes = {}
    for name, field in binding.attributes.items():
        own = value.__dict__.get(field.attr)
        if own is not None:
            attributes[name] = field.type.format(own)
    return attributes | value.other_attributes


def _children(value: Bound, binding: Binding, path: str) -> list[Node]:
    nodes: list[Node] = []
    for field in binding.fields.values():
        own = value.__dict__.get(field.attr)
        if own is None:
            continue
        if isinstance(field, TextField):
            formatted = field.type.format(own)
            nodes.extend([formatted] if formatted else [])
        elif field is binding.wildcard and isinstance(own, list):
            nodes.extend(own)
        elif field in binding.child_fields:
            nodes.extend(_write_child(item, binding, field.attr, path) for item in _as_list(own))
    return [*nodes, *value.other_elements]


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _write_child(item: object, binding: Binding, attr: str, path: str) -> Element:
    if isinstance(item, Bound):
        field, cls = binding.children.get(binding_of(type(item)).name, (None, None))
        if field is not None and field.attr == attr and cls is type(item):
            return _write(item, path)
    raise XmlBindingFault(f"{attr} cannot hold {type(item).__name__}", path=path)
