"""The tree under construction: start tags, text and end tags go in, elements and objects come out.

Expat's events, those of the lenient reader and those of a tree that is read again all end here. What a start tag
becomes is looked up by its name in the class of the element around it; where that says nothing, among the classes given
for any place; else it is a plain element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

from demotic.errors import LimitExceeded
from demotic.xml._names import XSI, QName, from_wire, to_wire
from demotic.xml.binding._binding import Binding, Step, binding_of
from demotic.xml.binding._bound import Bound
from demotic.xml.reading._faults import Faults
from demotic.xml.reading._finish import bind_attribute, finish, place_child, place_other, typed_step
from demotic.xml.reading._limits import Limits
from demotic.xml.tree._nodes import (
    CData,
    Comment,
    Element,
    EntityReference,
    Node,
    Nodes,
    ProcessingInstruction,
    inner_scope,
)

__all__ = ["Builder", "Position"]

_new: Final = object.__new__
_new_list: Final = list.__new__
_append: Final = list.append
_TYPE: Final = QName(XSI, "type")
# Names come again from document to document, so what was worked out for one is kept; bounded, for names can be made up.
_MOST_NAMES: Final = 4096
_LONGEST_NAME: Final = 256
_PLAIN: Final[dict[str, Step]] = {}
_NAMES: Final[dict[str, QName]] = {}


class Position(Protocol):
    """Where the reader is: what expat's parser tells of itself; the column counts from 0."""

    @property
    def CurrentLineNumber(self) -> int: ...
    @property
    def CurrentColumnNumber(self) -> int: ...


class Builder:
    """The open elements, and the text not yet placed."""

    def __init__(
        self,
        position: Position,
        limits: Limits,
        root: type[Bound] | None = None,
        classes: Iterable[type[Bound]] = (),
        faults: Faults | None = None,
    ) -> None:
        self.position = position
        self.root: Any = None
        self.before: list[Any] = []
        self.choose: Callable[[QName], type[Bound] | None] | None = None
        self.after: list[Node] = []
        self.chunks: list[str] = []
        self.declared: dict[str, str] = {}
        self._types: tuple[str, ...] = ()
        self.scope: Mapping[str, str] = {}
        self.faults = faults if faults is not None else Faults()
        # Who asks to be told of the end of an element sets the element around it, and the function.
        self.stop: Any = None
        self.on_close: Callable[[Any], None] = self._close_root
        self._depth = limits.depth
        self._attributes = limits.attributes
        self._open: list[tuple[Any, Nodes, Step]] = []
        self._node: Any = None
        self._nodes: Any = self.before
        self.wanted = root
        self._classes = {name: cls for cls in classes for name in binding_of(cls).names}
        self._plain: dict[str, Step] = {} if self._classes else _PLAIN
        self._step = Step("", Element, None, None)
        self._steps: Mapping[str, Step] = {}

    def sees_types(self, scope: Mapping[str, str]) -> None:
        """Look for `xsi:type` under the prefixes that a scope has for it."""
        found = {to_wire(_TYPE, prefix) for prefix, uri in scope.items() if uri == XSI and prefix}
        self._types = tuple({*self._types, *found})

    def declare(self, prefix: str | None, uri: str | None) -> None:
        """Note a namespace declaration; it comes before the start tag that it stands in."""
        self.declared[prefix or ""] = uri or ""

    def start(self, raw: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        if self.chunks:
            _append(self._nodes, "".join(self.chunks))
            self.chunks.clear()
        if len(self._open) >= self._depth or len(attributes) > self._attributes:
            self._refuse(attributes)
        if self.declared:
            self._enter_scope()
        step = self._steps.get(raw) or self._find(raw)
        problem = ""
        for key in self._types:
            if key in attributes and step.binding is not None:
                step, problem = typed_step(step, attributes[key], self.scope)
        node: Any = _new(step.cls)
        nodes: Any = []
        if not step.plain_text:
            nodes = _new_list(Nodes)
            nodes.owner = node
        position = self.position
        if step.binding is None:
            node._name = step.name
            node._prefix = step.prefix
            node._parent = self._node
            node._children = nodes
            node.namespaces = self.scope
            node.line = position.CurrentLineNumber
            node.column = position.CurrentColumnNumber + 1
            node._attributes = {self._name(key): value for key, value in attributes.items()} if attributes else {}
        else:
            values = node.__dict__
            if step.named:
                values["_name"] = step.name
            if step.prefix:
                values["_prefix"] = step.prefix
            if not step.plain_text:
                values["_children"] = nodes
            values["_parent"] = self._node
            values["namespaces"] = self.scope
            values["line"] = position.CurrentLineNumber
            values["column"] = position.CurrentColumnNumber + 1
            values["_attributes"] = attributes
            if attributes or step.required or problem:
                self._bind(node, attributes, step, problem)
        _append(self._nodes, node)
        if step.attr:
            around = self._node.__dict__
            if step.many or step.attr in around:
                place_child(self._node, node, step, self.faults)
            else:
                around[step.attr] = node
        elif self._step.binding is not None:
            place_other(self._node, node, self.faults)
        self._open.append((self._node, self._nodes, self._step))
        self._node = node
        self._nodes = nodes
        self._step = step
        self._steps = step.inner

    def _enter_scope(self) -> None:
        self.scope = inner_scope(self.scope, self.declared)
        if XSI in self.declared.values():
            self.sees_types(self.scope)
        self.declared = {}

    def _bind(self, node: Any, attributes: dict[str, str], step: Step, problem: str) -> None:
        """Read the attributes of an object; `problem` is what is wrong with its type."""
        values, known = node.__dict__, step.attributes
        for key, value in attributes.items():
            found = known.get(key)
            if found is not None and found[1] is None:
                values[found[0]] = value
            else:
                bind_attribute(node, key, value, step, self.faults)
        for attr in step.required:
            if attr not in values:
                self.faults.missing_attribute(node, attr)
        if problem:
            self.faults.add(node, problem, f"/@{{{XSI}}}type")

    def end(self, _raw: str = "") -> None:
        """Close the innermost element."""
        step, nodes, closed, chunks = self._step, self._nodes, self._node, self.chunks
        if step.plain_text and not nodes:
            closed.__dict__[step.plain_text] = "".join(chunks)
            chunks.clear()
        else:
            if chunks:
                _append(nodes, "".join(chunks))
                chunks.clear()
            if step.plain_text:
                nodes = closed.__dict__["_children"] = Nodes.of(closed, nodes)
            if step.finish if nodes else step.finish_empty:
                finish(closed, nodes, step, self.faults)
        self._node, self._nodes, self._step = self._open.pop()
        self._steps = self._step.inner
        self.scope = self._node.namespaces if self._node is not None else {}
        if self._node is self.stop:
            self.on_close(closed)

    def _close_root(self, root: Any) -> None:
        self.root = root
        self._nodes.pop()
        self._nodes = self.after

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._open)

    @property
    def node(self) -> Any:
        """The innermost open element."""
        return self._node

    @property
    def binding(self) -> Binding | None:
        """What is declared by the class of the innermost open element, if it is of a class."""
        return self._step.binding

    def binding_at(self, up: int) -> Binding | None:
        """The same for an element further out."""
        return self._step.binding if not up else self._open[-up][2].binding

    def peek(self, raw: str) -> Step:
        """Return what a start tag of this name would be read as."""
        return self._steps.get(raw) or self._find(raw)

    def start_as(self, step: Step, raw: str, attributes: dict[str, str]) -> None:
        """Open an element of a class that is known already."""
        self._steps = {raw: step}
        self.start(raw, attributes)

    def open_plain(self, raw: str, attributes: dict[str, str]) -> None:
        """Open an element whose content will not be kept."""
        self.start_as(Step(raw, Element, None, None), raw, attributes)
        if len(self._open) > 1:
            list.clear(self._open[-1][1])

    def forget(self) -> None:
        """Drop the last element that was closed; it keeps its parent, for the sake of its scope, base and language."""
        list.clear(self._nodes)

    def _find(self, raw: str) -> Step:
        """Return the step for a name that the current class has not met yet."""
        found = self._make_step(raw)
        if self._step.binding is None and self._open:
            _keep(self._plain, raw, found)
        return found

    def _make_step(self, raw: str) -> Step:
        if not self._open and self.wanted is not None:
            return Step(raw, self.wanted, binding_of(self.wanted), None)
        chosen = self.choose(from_wire(raw)[0]) if self.choose is not None and not self._open else None
        if chosen is not None:
            return Step(raw, chosen, binding_of(chosen), None)
        binding = self._step.binding
        found = None if binding is None else binding.step(raw)
        if found is None:
            name, _ = from_wire(raw)
            cls = self._classes.get(name)
            found = Step(raw, cls or Element, None if cls is None else binding_of(cls), None)
            if cls is None:
                found.inner = self._plain
        return found

    def _name(self, raw: str) -> Any:
        found = _NAMES.get(raw)
        if found is None:
            found = from_wire(raw)[0]
            _keep(_NAMES, raw, found)
        return found

    def _place(self) -> tuple[int, int]:
        return self.position.CurrentLineNumber, self.position.CurrentColumnNumber + 1

    def _refuse(self, attributes: Mapping[str, str]) -> None:
        line, column = self._place()
        problem, target = f"elements more than {self._depth} deep", "depth"
        if len(self._open) < self._depth:
            problem = f"an element with {len(attributes)} attributes, at most {self._attributes} are read"
            target = "attributes"
        raise LimitExceeded(f"{problem} at line {line}, column {column}", target=target)

    def flush(self) -> None:
        """Place the text that has come so far."""
        if self.chunks:
            _append(self._nodes, "".join(self.chunks))
            self.chunks.clear()

    def end_cdata(self) -> None:
        """Place a CDATA section."""
        _append(self._nodes, CData("".join(self.chunks)))
        self.chunks.clear()

    def comment(self, text: str) -> None:
        """Place a comment."""
        self.flush()
        _append(self._nodes, Comment(text))

    def instruction(self, target: str, data: str) -> None:
        """Place a processing instruction."""
        self.flush()
        _append(self._nodes, ProcessingInstruction(target, data))

    def reference(self, name: str) -> None:
        """Place a reference to an entity that was not read."""
        self.flush()
        _append(self._nodes, EntityReference(name))


def _keep(known: dict[str, Any], name: str, value: Any) -> None:
    """Remember what a name stands for, unless it is a long one; where there are too many, begin again."""
    if len(known) >= _MOST_NAMES:
        known.clear()
    if len(name) <= _LONGEST_NAME:
        known[name] = value
