"""Another implementation of the same algorithm makes the same trees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from justhtml import JustHTML

from demotic.xml import XML, Comment, Element
from demotic.xml.html import MATHML, SVG, XHTML, XLINK, parse_html

CASES = json.loads((Path(__file__).parent / "cases" / "documents.json").read_text(encoding="utf-8"))
PREFIXES = {"": "", XML: "xml:", XLINK: "xlink:"}
NAMESPACES = {"html": XHTML, "svg": SVG, "math": MATHML}


def ours(node: Any) -> Any:
    """Return a tree as nested tuples."""
    if isinstance(node, Element):
        attributes = {PREFIXES[name.namespace] + name.local: value for name, value in node.attributes.items()}
        return (node.name.namespace, node.name.local, attributes, [ours(child) for child in node.children])
    return ("#comment", node.text) if isinstance(node, Comment) else node


def theirs(node: Any) -> Any:
    """Return the other implementation's tree as nested tuples."""
    if node.name == "#text":
        return node.data
    if node.name in ("#comment", "#processing-instruction"):
        return ("#comment", node.data)
    attributes = {name: value or "" for name, value in (node.attrs or {}).items()}
    children = [theirs(child) for child in node.children]
    return (NAMESPACES[node.namespace], node.name, attributes, children)


# Where trees must differ: what XML cannot hold is replaced, and instructions are told apart by the newer parser.
REPLACED = {
    "two hyphens have no place in a comment of XML",
    "characters that XML cannot hold",
    "names that XML cannot hold",
    "xml:lang is what it says, xmlns follows from the names",
    "comments of all kinds are comments",
}


@pytest.mark.spec("HTML-004")
@pytest.mark.parametrize("case", [case for case in CASES if case["title"] not in REPLACED], ids=lambda c: c["title"])
def test_trees_are_those_of_another_parser(case: dict[str, Any]) -> None:
    root = JustHTML(case["html"], sanitize=False, scripting_enabled=False).root
    found = next(child for child in root.children if child.name == "html")
    assert ours(parse_html(case["html"], bare_div=False).root) == theirs(found)
