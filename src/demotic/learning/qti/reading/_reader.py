"""From the tree of an XML document to the model, in one pass and without recursion.

The reader goes on wherever it can: what is wrong is noted as a `Problem`, with its place, and kept as text or as a
foreign node, so that nothing of the document is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from html.entities import html5
from typing import Any, Final

from demotic.errors import DemoticError
from demotic.learning.qti.model import CatalogInfo, ContentBody, Node, Problem, Stylesheet, Version
from demotic.learning.qti.reading._steps import Step, Steps
from demotic.xml import CData, Comment, Element, EntityReference, ProcessingInstruction, QName

__all__ = ["Reader"]

_STEPS: Final = {version: Steps(version) for version in Version}
_new: Final[Callable[[type], Any]] = object.__new__
_KEPT_PREFIXES: Final = ("aria-", "data-")


class Reader:
    """Reads trees of one version."""

    __slots__ = ("problems", "steps", "version")

    def __init__(self, version: Version) -> None:
        self.version = version
        self.steps = _STEPS[version]
        self.problems: list[Problem] = []

    def read(self, root: Element) -> Node:
        """Return the node for an element and all that stands in it."""
        node: Node
        node, step = self._make(root)
        stack = [(root, node, step)]
        while stack:
            element, parent, within = stack.pop()
            children = parent.children
            for child in element._children:
                kind = type(child)
                if kind is Element:
                    inner, inner_step = self._make(child)
                    children.append(inner)
                    if child._children:
                        stack.append((child, inner, inner_step))
                elif kind is str:
                    if within.keep_text:
                        children.append(child)
                    elif not child.isspace():
                        self._stray_text(parent, child, element)
                else:
                    self._other(parent, child, element, within)
            if within.holder:
                self._wrap(parent, element)
        return node

    def _make(self, element: Element) -> tuple[Any, Step]:
        name = element._name
        step = self.steps.known.get(name)
        if step is None:
            step, problem = self.steps.find(name)
            if problem:
                self._name_problem(element, problem)
        node = _new(step.cls)
        node.line = element.line
        node.column = element.column
        node.children = []
        node.attributes = values = {}
        node.extra = extra = {}
        if step.free:
            node.name = name.local if step.html else name
            if step.foreign:
                node.prefix = element._prefix
        attributes = element._attributes
        if attributes:
            known = step.attributes
            for key, value in attributes.items():
                found = known.get(key)
                if found is None:
                    extra[key] = value
                    if not step.free and not key[0] and not key[1].startswith(_KEPT_PREFIXES):
                        self._unknown_attribute(element, step, key)
                elif found[1] is None:
                    values[found[0]] = value
                else:
                    try:
                        values[found[0]] = found[1](value)
                    except DemoticError as fault:
                        self._wrong_value(element, key, value, fault, found, node)
        for field, default in step.fill.items():
            if field not in values:
                values[field] = default
        return node, step

    def _wrap(self, node: Any, element: Element) -> None:
        """Put content into the `ContentBody` that 3.0 has for it and 2.x has not."""
        outside = (Stylesheet, CatalogInfo)
        children = node.children
        if any(type(child) is ContentBody for child in children):
            stray = [child for child in children if isinstance(child, str) and not child.isspace()]
            for text in stray:
                self._stray_text(node, text, element, keep=False)
            node.children = [child for child in children if not (isinstance(child, str) and child.isspace())]
            return
        content = [child for child in children if not isinstance(child, outside)]
        rest = [child for child in children if isinstance(child, outside)]
        aside = (Comment, ProcessingInstruction)
        if all(child.isspace() if isinstance(child, str) else isinstance(child, aside) for child in content):
            node.children = [child for child in children if not isinstance(child, str)]
            return
        if self.version is Version.V3_0:
            self._problem(
                element, "no-content-body", f"the content of {node.tag} is not in qti-content-body", "put it into one"
            )
        body = ContentBody(*content, line=element.line, column=element.column)
        at = next((i for i, child in enumerate(rest) if isinstance(child, CatalogInfo)), len(rest))
        node.children = [*rest[:at], body, *rest[at:]]

    def _other(self, parent: Node, child: Any, element: Element, within: Step) -> None:
        if isinstance(child, CData):
            if within.keep_text or child.text.strip():
                self._text(parent, child.text, element, within)
        elif isinstance(child, EntityReference):
            self._text(parent, self._entity(child, element), element, within)
        else:
            parent.children.append(child)

    def _text(self, parent: Node, text: str, element: Element, within: Step) -> None:
        if not within.keep_text:
            self._stray_text(parent, text, element)
        elif parent.children and isinstance(parent.children[-1], str):
            parent.children[-1] += text
        else:
            parent.children.append(text)

    def _entity(self, reference: EntityReference, element: Element) -> str:
        meant = html5.get(f"{reference.name};")
        self._problem(
            element,
            "undeclared-entity",
            f"the entity &{reference.name}; is not declared in the document",
            f"write {meant!r}" if meant else "declare it, or write what it stands for",
        )
        return meant if meant is not None else f"&{reference.name};"

    def _stray_text(self, parent: Node, text: str, element: Element, *, keep: bool = True) -> None:
        if keep:
            parent.children.append(text)
        shown = text.strip()
        self._problem(
            element, "stray-text", f"text in {element.name.local}, which has none: {shown[:60]!r}", "take it out"
        )

    def _unknown_attribute(self, element: Element, step: Step, key: QName) -> None:
        known = ", ".join(sorted(f.wire_in(self.version) for f in step.cls.attribute_table.values()))
        self._problem(
            element,
            "unknown-attribute",
            f"{element.name.local} has no attribute {key.local}",
            f"it has {known or 'none'}",
        )

    def _wrong_value(
        self, element: Element, key: QName, value: str, fault: DemoticError, found: Any, node: Node
    ) -> None:
        """Keep a wrong value as text; but one that is wrong in its case only, as `TRUE`, is taken as meant."""
        field, parse = found
        expected = getattr(fault, "expected", "") or str(fault)
        try:
            node.attributes[field] = parse(value.strip().lower())
        except DemoticError:
            node.extra[key] = value
        self._problem(
            element, "wrong-value", f"{element.name.local}: {key.local}={value[:80]!r} is wrong", f"expected {expected}"
        )

    def _name_problem(self, element: Element, problem: str) -> None:
        local = element.name.local
        code, _, meant = problem.partition(" ")
        match code:
            case "wrong-case":
                self._problem(element, code, f"{local} is spelled in the wrong case", f"write {meant}")
            case "wrong-namespace":
                self._problem(element, code, f"{local} is not in its namespace", "declare it there")
            case _:
                self._problem(
                    element,
                    code,
                    f"QTI has no element {local}",
                    "see the specification, or put it in a namespace of its own",
                )

    def _problem(self, element: Element, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code, message, element.line, element.column, hint))
