"""One pass over a tree: a copy that holds what the policy allows.

An element that is not allowed gives way to its content, unless its content is of no use without it (a script, a
template, a drawing). The vocabularies are kept apart: HTML within a drawing or a formula is how text changes its
meaning from one reading to the next, so it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from demotic.errors import LimitExceeded
from demotic.xml import CData, Comment, Element, EntityReference, Node, ProcessingInstruction, QName
from demotic.xml.html._elements import VOID
from demotic.xml.html._names import MATHML, SVG, XHTML
from demotic.xml.html._nodes import Leaf, as_tree
from demotic.xml.html.safe._attributes import AttributeFilter, clean_text
from demotic.xml.html.safe._policy import Policy, words
from demotic.xml.html.safe._report import Report

__all__ = ["TreeFilter", "join_texts"]

_WITH_CONTENT: Final = words("frame frameset head iframe isindex noembed noframes noscript script style template title")
_PLAIN_COMMENT: Final = re.compile("[^-<>&]*(-[^-<>&]+)*")
_ROOTS: Final = {SVG: "svg", MATHML: "math"}

_KEEP: Final = ""
_UNWRAP: Final = "the element is not allowed, its content stays"


class TreeFilter:
    """A policy at work on one tree."""

    def __init__(self, policy: Policy, base: str | None, report: Report, depth: int) -> None:
        self._policy = policy
        self._report = report
        self._depth = depth
        self._attributes = AttributeFilter(policy, base, report)
        self._elements = {XHTML: policy.elements, SVG: policy.svg, MATHML: policy.mathml}

    def filtered(self, source: Element, nodes: Sequence[Node], root: Element) -> Element:
        """Fill `root` with what may stay of these nodes, which are of `source`, and return it."""
        stack: list[tuple[Iterator[Node], Element, Element]] = [(iter(nodes), source, root)]
        while stack:
            pending, parent, target = stack[-1]
            for node in map(as_tree, pending):
                if not isinstance(node, Element):
                    self._leaf(node, parent, target)
                    continue
                inner = self._element(node, target)
                if inner is not None:
                    stack.append((iter(node.children), node, inner))
                    break
            else:
                stack.pop()
            if len(stack) > self._depth:
                raise LimitExceeded(f"elements more than {self._depth} deep at line {parent.line}")
        join_texts(root)
        return root

    def attributes(self, element: Element) -> dict[QName, str]:
        """Return the attributes of the element that may stay."""
        return self._attributes.filtered(element)

    def _element(self, element: Element, target: Element) -> Element | None:
        """Return what is to take the element's content: its copy, or `target` in its place; `None` if nothing is."""
        reason = self._reason(element.name, target.name.namespace)
        if reason == _KEEP:
            namespace = element.name.namespace
            copy = Element(element.name, self._attributes.filtered(element), namespaces={"": namespace})
            copy.line, copy.column = element.line, element.column
            target.children.append(copy)
            # A tree may give content to an element that can have none in HTML text; it comes after it.
            return target if namespace == XHTML and element.name.local in VOID else copy
        self._report.add("element", element.name.local, element.text, reason, element)
        return target if reason == _UNWRAP else None

    def _reason(self, name: QName, inside: str) -> str:
        """Return why the element may not stay, or nothing."""
        if name.namespace == XHTML or name.namespace not in self._elements:
            if inside != XHTML:
                return "an element of another vocabulary in a drawing or formula"
            if name.local in self._policy.elements and name.namespace == XHTML:
                return _KEEP
            return "the element is not allowed, nor is its content" if name.local in _WITH_CONTENT else _UNWRAP
        fits = inside == name.namespace or (inside == XHTML and name.local == _ROOTS[name.namespace])
        if fits and name.local in self._elements[name.namespace]:
            return _KEEP
        return "the element is not allowed here" if fits else "an element of a drawing or formula that is out of place"

    def _leaf(self, node: Leaf, parent: Element, target: Element) -> None:
        if isinstance(node, str | CData):
            target.children.append(clean_text(node if isinstance(node, str) else node.text))
        elif isinstance(node, EntityReference):
            self._report.add("entity", node.name, "", "an entity that was not read", parent)
        elif isinstance(node, ProcessingInstruction):
            self._report.add("instruction", node.target, node.data, "processing instructions are not allowed", parent)
        elif not self._policy.comments:
            self._report.add("comment", "", node.text, "comments are not allowed", parent)
        elif not _PLAIN_COMMENT.fullmatch(node.text):
            self._report.add("comment", "", node.text, "a comment that holds more than words", parent)
        else:
            target.children.append(Comment(clean_text(node.text)))


def join_texts(root: Element) -> None:
    """Make one text of those that touch, and none of empty ones."""
    for element in root.walk():
        children: list[Node] = []
        texts: list[str] = []
        for node in [*element.children, None]:
            if isinstance(node, str):
                texts.append(node)
                continue
            text = "".join(texts)
            texts.clear()
            children.extend(part for part in (text, node) if part)
        element.children = children
