"""What is known of each element: where it may stand, and what may stand in it."""

from __future__ import annotations

import pytest

from demotic.xml import QName
from demotic.xml.html import ELEMENTS, RAW_TEXT, SVG, VOID, XHTML, element_type, may_contain

LEFT_OUT_BY_OTHERS = {"applet", "dir", "isindex", "menu", "noframes"}


@pytest.mark.spec("HTML-002")
@pytest.mark.feature("F-HTML-18")
def test_every_element_of_html_is_known() -> None:
    old = {name for name, found in ELEMENTS.items() if found.since == "4.01"}
    assert len(old) == 91
    assert len(old - LEFT_OUT_BY_OTHERS) == 86
    assert {"article", "video", "ruby", "template", "wbr"} <= ELEMENTS.keys() - old
    assert all(found.kind in ("block", "inline", "flow", "part") for found in ELEMENTS.values())
    assert all(found.content in ("block", "inline", "flow", "text", "none", "empty") for found in ELEMENTS.values())
    assert all(part in ELEMENTS for found in ELEMENTS.values() for part in found.parts)
    parts = {part for found in ELEMENTS.values() for part in found.parts}
    assert {name for name, found in ELEMENTS.items() if found.kind == "part"} - parts == {"html"}
    assert {name for name in VOID & ELEMENTS.keys() if ELEMENTS[name].content != "empty"} == set()
    assert "script" in RAW_TEXT


@pytest.mark.spec("HTML-006")
@pytest.mark.feature("F-HTML-18")
@pytest.mark.parametrize(
    ("parent", "child", "allowed"),
    [
        ("p", "em", True), ("p", "", True), ("p", "div", False), ("p", "ins", True), ("p", "td", False),
        ("div", "p", True), ("div", "span", True), ("div", "li", False), ("ul", "li", True), ("ul", "p", False),
        ("ul", "", False), ("table", "tr", True), ("table", "td", False), ("tr", "td", True), ("td", "table", True),
        ("dl", "dd", True), ("select", "option", True), ("option", "", True), ("option", "b", False),
        ("br", "", False), ("br", "b", False), ("map", "area", True), ("map", "p", True), ("map", "b", False),
        ("object", "param", True), ("object", "p", True), ("head", "title", True), ("head", "p", False),
        ("fieldset", "legend", True), ("form", "p", True), ("ruby", "rt", True), ("video", "source", True),
        ("figure", "figcaption", True), ("h1", "span", True), ("h1", "h2", False), ("span", "p", False),
    ],
)  # fmt: skip
def test_callers_can_ask_what_may_go_where(parent: str, child: str, allowed: bool) -> None:
    assert may_contain(parent, child) is allowed


@pytest.mark.spec("HTML-006")
def test_an_element_of_a_tree_tells_its_kind() -> None:
    table, other = element_type(QName(XHTML, "table")), element_type(QName(SVG, "a"))
    assert table is not None
    assert (table.kind, table.content, "tbody" in table.parts) == ("block", "none", True)
    assert other is None
