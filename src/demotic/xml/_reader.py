"""The one reader of all element classes: from the tree to objects, strictly.

A document is read to its end and every fault in it reported, the first as the error raised and the others as its
`details`. What the vocabulary's own namespaces do not declare is a fault; what comes from foreign namespaces is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final, TypeVar

from demotic.errors import InvalidInput
from demotic.xml._bound import Binding, Bound, binding_of
from demotic.xml._errors import XmlBindingFault
from demotic.xml._fields import AttributeField, TextField
from demotic.xml._tree import CData, Element, QName

__all__ = ["read"]

B = TypeVar("B", bound=Bound)
_Path = tuple[Element, ...]

_MOST_FAULTS: Final = 50
_BLANKS: Final = " \t\r\n"


class _Faults:
    """The faults found so far, as far as they are reported; naming the place of each costs a search."""

    def __init__(self) -> None:
        self.found: list[XmlBindingFault] = []

    def add(self, path: _Path, problem: str, step: str = "") -> None:
        if len(self.found) < _MOST_FAULTS:
            self.found.append(_fault(path, problem, step))


def read(element: Element, cls: type[B]) -> B:
    """Read `element` as an object of `cls`.

    Raises `XmlBindingFault` with the path, line and column of the first culprit and up to 49 further ones as `details`:
    an element or attribute that is not declared, one that is missing or comes twice, a value that its type cannot read,
    text where none is declared.
    """
    faults = _Faults()
    wanted = binding_of(cls).name
    if element.name != wanted:
        raise _fault((element,), f"expected the element {wanted}")
    result = _read((element,), cls, faults)
    if faults.found:
        first, *rest = faults.found
        raise XmlBindingFault(
            first.problem, path=first.target or "", line=first.line, column=first.column, details=tuple(rest)
        )
    return result


def _read(path: _Path, cls: type[B], faults: _Faults) -> B:
    element, binding = path[-1], binding_of(cls)
    result = cls()
    result.line, result.column, result.namespaces = element.line, element.column, element.namespaces
    _read_attributes(path, binding, result, faults)
    _read_text(path, binding, result, faults)
    _read_children(path, binding, result, faults)
    return result


def _read_attributes(path: _Path, binding: Binding, result: Bound, faults: _Faults) -> None:
    for name, value in path[-1].attributes.items():
        field = binding.attributes.get(name)
        if field is not None:
            _read_value(path, field, value, result, faults, f"/@{name}")
        elif name.namespace in binding.vocabulary:
            known = _listed(binding.attributes)
            faults.add(path, f"unknown attribute, expected {known}", f"/@{name}")
        else:
            result.other_attributes[name] = value
    for name, field in binding.attributes.items():
        if field.required and name not in path[-1].attributes:
            faults.add(path, f"missing attribute, expected {field.type.meaning}", f"/@{name}")


def _read_text(path: _Path, binding: Binding, result: Bound, faults: _Faults) -> None:
    field = binding.text
    if isinstance(field, TextField):
        _read_value(path, field, path[-1].text, result, faults)
        return
    for node in path[-1].children:
        stray = node if isinstance(node, str) else node.text if isinstance(node, CData) else ""
        if stray.strip(_BLANKS):
            faults.add(path, f"unexpected text {stray.strip(_BLANKS)[:40]!r}, expected elements only")
            return


def _read_value(
    path: _Path,
    field: AttributeField[Any] | TextField[Any],
    value: str,
    result: Bound,
    faults: _Faults,
    step: str = "",
) -> None:
    try:
        result.__dict__[field.attr] = field.type.parse(value)
    except InvalidInput as fault:
        faults.add(path, f"{value[:100]!r} is wrong, {fault}", step)


def _read_children(path: _Path, binding: Binding, result: Bound, faults: _Faults) -> None:
    for node in path[-1].elements():
        below = (*path, node)
        field, cls = binding.children.get(node.name, (None, None))
        if field is not None and cls is not None:
            value = _read(below, cls, faults)
            if field.many:
                result.__dict__.setdefault(field.attr, []).append(value)
            elif field.attr in result.__dict__:
                faults.add(below, f"a second {_choice(binding, field.attr)}, expected one")
            else:
                result.__dict__[field.attr] = value
        elif binding.wildcard is not None:
            result.__dict__.setdefault(binding.wildcard.attr, []).append(node)
        elif node.name.namespace in binding.vocabulary:
            faults.add(below, f"unknown element, expected {_listed(binding.children)}")
        else:
            result.other_elements.append(node)
    for required in binding.child_fields:
        if required.required and required.attr not in result.__dict__:
            faults.add(path, f"missing {_choice(binding, required.attr)}, expected one")


def _choice(binding: Binding, attr: str) -> str:
    names = [name.local for name, (field, _) in binding.children.items() if field.attr == attr]
    return f"element {' or '.join(names)}"


def _listed(names: Iterable[QName]) -> str:
    known = sorted(name.local for name in names)
    return f"one of {', '.join(known)}" if known else "none here"


def _fault(path: _Path, problem: str, step: str = "") -> XmlBindingFault:
    element = path[-1]
    return XmlBindingFault(problem, path=_place(path) + step, line=element.line, column=element.column)


def _place(path: _Path) -> str:
    """Return such as `/Schema/EntityType[2]/Property[1]`, numbered among the siblings of the same name if there are
    any."""
    steps = [f"/{path[0].name.local}"]
    for parent, element in pairwise(path):
        alike = list(parent.elements(element.name))
        number = next(i for i, sibling in enumerate(alike, 1) if sibling is element)
        steps.append(f"/{element.name.local}[{number}]" if len(alike) > 1 else f"/{element.name.local}")
    return "".join(steps)
