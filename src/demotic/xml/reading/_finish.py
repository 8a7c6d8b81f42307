"""The rules of element classes, as the builder applies them: which class, which value, what must be there.

Specifications: XML Schema 1.1 part 1, sections 2.7 (`xsi:type`, `xsi:nil`) and 3.4; part 2, section 4.3.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from demotic.errors import InvalidInput
from demotic.xml._names import XSI, QName, from_wire
from demotic.xml.binding._binding import Binding, Step, binding_of
from demotic.xml.reading._faults import Faults
from demotic.xml.tree._nodes import Branch, CData, Nodes

if TYPE_CHECKING:
    from demotic.syntax.xsd import Context

__all__ = ["bind_attribute", "finish", "place_child", "place_other", "typed_step"]

_BLANKS: Final = " \t\r\n"
_append: Final = list.append
_new_list: Final = list.__new__


def bind_attribute(node: Any, key: str, value: str, step: Step, faults: Faults) -> None:
    """Read an attribute that is no plain string under its usual name."""
    binding: Any = step.binding
    found = step.attributes.get(key)
    if found is not None:
        attr, parse = found
        try:
            if parse is None:
                node.__dict__[attr] = value
            elif binding.scoped and key in binding.scoped:
                node.__dict__[attr] = binding.scoped[key].parse(value, _scope(node))
            else:
                node.__dict__[attr] = parse(value)
        except InvalidInput as fault:
            faults.add(node, f"{value[:100]!r} is wrong, {fault}", f"/@{from_wire(key)[0]}", value)
        return
    name, _ = from_wire(key)
    if name in binding.attributes:
        bind_attribute(node, binding.attributes[name].wire, value, step, faults)
    elif name.namespace in binding.vocabulary:
        faults.add(node, f"unknown attribute, expected {_listed(binding.attributes)}", f"/@{name}", value)


def typed_step(step: Step, value: str, scope: Mapping[str, str]) -> tuple[Step, str]:
    """Follow `xsi:type`: return the step for the class that it names, or the same one and what is wrong."""
    prefix, _, local = value.strip(_BLANKS).rpartition(":")
    name = QName(scope.get(prefix, ""), local)
    for cls in _descendants(step.cls):
        if binding_of(cls).schema_type == name:
            derived = Step("", cls, binding_of(cls), None)
            derived.name, derived.prefix, derived.attr, derived.many = step.name, step.prefix, step.attr, step.many
            derived.named = binding_of(cls).needs_name(step.name)
            return derived, ""
    known = any(binding_of(cls).schema_type for cls in _descendants(step.cls))
    return step, f"{value!r} names no type that can stand for {step.cls.__name__}" if known else ""


NIL: Final = QName(XSI, "nil")


def _descendants(cls: Any) -> Iterator[Any]:
    yield cls
    for below in cls.__subclasses__():
        yield from _descendants(below)


def place_child(parent: Any, node: Any, step: Step, faults: Faults) -> None:
    """Keep a child in the field that takes it."""
    values = parent.__dict__
    attr = step.attr
    if step.many:
        items = values.get(attr)
        if items is None:
            items = values[attr] = _new_list(Nodes)
            items.owner = parent
        _append(items, node)
    elif attr in values:
        faults.add(node, f"a second {_choice(parent._binding, attr)}, expected one")
    else:
        values[attr] = node


def place_other(parent: Any, node: Any, faults: Faults) -> None:
    """Keep a child that no field takes, where the class has room for it."""
    binding: Binding = parent._binding
    wildcard = binding.wildcard
    if binding.mixed is not None:
        return
    if wildcard is not None and wildcard.takes(node._name.namespace, binding.name.namespace):
        items = parent.__dict__.get(wildcard.attr)
        if items is None:
            items = parent.__dict__[wildcard.attr] = _new_list(Nodes)
            items.owner = parent
        _append(items, node)
    elif node._name.namespace in binding.vocabulary:
        faults.add(node, f"unknown element, expected {_listed(binding.children)}")


def finish(node: Any, nodes: Nodes, step: Step, faults: Faults) -> None:
    """Check an element that is complete: its text, and what must be in it."""
    binding: Any = step.binding
    if binding.text is not None:
        _finish_text(node, nodes, binding, faults)
    elif binding.mixed is None:
        for inner in nodes:
            if (type(inner) is str and inner.strip(_BLANKS)) or (type(inner) is CData and inner.text.strip(_BLANKS)):
                text = (inner if isinstance(inner, str) else inner.text).strip(_BLANKS)
                faults.add(node, f"unexpected text {text[:40]!r}, expected elements only", data=text)
                break
    for attr in binding.required_children:
        if attr not in node.__dict__ and node._value_of(NIL) is None:
            faults.add(node, f"missing {_choice(binding, attr)}, expected one")
    if binding.ordered:
        _check_order(node, nodes, binding, faults)


def _scope(node: Any) -> Context:
    from demotic.syntax.xsd import Context

    return Context(node.namespaces)


def _finish_text(node: Any, nodes: Nodes, binding: Binding, faults: Faults) -> None:
    field: Any = binding.text
    if len(nodes) == 1 and type(nodes[0]) is str:
        text = nodes[0]
    else:
        text = "".join(n if isinstance(n, str) else n.text for n in nodes if isinstance(n, str | CData))
    if field.type.nillable and node._value_of(NIL) in ("true", "1"):
        if text.strip(_BLANKS):
            faults.add(node, "an element that is nil has text", data=text)
        node.__dict__[field.attr] = None
        return
    try:
        scoped = field.type.scoped
        parsed = field.type.parse(text) if scoped is None else scoped.parse(text, _scope(node))
        node.__dict__[field.attr] = parsed
    except InvalidInput as fault:
        faults.add(node, f"{text[:100]!r} is wrong, {fault}", data=text)


def _check_order(node: Any, nodes: Nodes, binding: Binding, faults: Faults) -> None:
    order = {field.attr: i for i, field in enumerate(binding.child_fields)}
    last, before = -1, ""
    for inner in nodes:
        attr = binding.owner(type(inner)) if isinstance(inner, Branch) else ""
        if attr:
            if order[attr] < last:
                faults.add(inner, f"out of order, expected before {before}")
            else:
                last, before = order[attr], inner._name.local


def _choice(binding: Binding, attr: str) -> str:
    names = dict.fromkeys(name.local for name, (field, _) in binding.children.items() if field.attr == attr)
    return f"element {' or '.join(names)}"


def _listed(names: Iterable[QName]) -> str:
    known = sorted({name.local for name in names})
    return f"one of {', '.join(known)}" if known else "none here"
