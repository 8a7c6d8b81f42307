"""Attacks of every documented technique: nothing of them is left, nothing of them comes back."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from demotic.errors import LimitExceeded
from demotic.xml import Element, QName
from demotic.xml.html import XHTML, parse_html
from demotic.xml.html.safe import FEED, LEARNING, LINE, Policy, sanitize

from .judge import judge

HOSTILE = json.loads((Path(__file__).parent / "cases" / "hostile.json").read_text(encoding="utf-8"))
VECTORS = [(group["technique"], vector) for group in HOSTILE for vector in group["vectors"]]

FORMS = Policy(
    elements={
        **LEARNING.elements,
        "form": {"action", "name"},
        "button": {"name", "formaction"},
        "input": {"name", "type", "value", "src"},
        "label": {"for"},
    },
    attributes={"class", "id"},
    svg={**LEARNING.svg, "a": {"href", "xlink:href"}, "image": {"href"}, "use": {"href"}},
    mathml=LEARNING.mathml,
    comments=True,
    class_prefix="c-",
    styles=LEARNING.styles,
)
"""A policy that allows nearly all that one can."""


def test_the_list_is_long_and_has_no_doubles() -> None:
    assert len({vector for _, vector in VECTORS}) == len(VECTORS) > 280


@pytest.mark.feature("F-HTML-20")
@pytest.mark.parametrize("policy", [LINE, FEED, LEARNING], ids=["line", "feed", "learning"])
@pytest.mark.parametrize("technique", HOSTILE, ids=lambda group: group["technique"])
def test_no_attack_gets_through(technique: dict[str, list[str]], policy: Policy) -> None:
    for vector in technique["vectors"]:
        judge(sanitize(vector, policy), policy)
        judge(sanitize(f"a<b>b{vector}</b>c", policy), policy)


@pytest.mark.feature("F-HTML-20")
@pytest.mark.parametrize("technique", HOSTILE, ids=lambda group: group["technique"])
def test_no_attack_gets_through_a_wide_policy(technique: dict[str, list[str]]) -> None:
    for vector in technique["vectors"]:
        judge(sanitize(vector, FORMS), FORMS)


@pytest.mark.feature("F-HTML-20")
@pytest.mark.parametrize("technique", HOSTILE, ids=lambda group: group["technique"])
def test_no_attack_gets_through_as_a_tree(technique: dict[str, list[str]]) -> None:
    for vector in technique["vectors"]:
        root = parse_html(vector).root
        if any(child.name.local == "body" for child in root.elements()):
            judge(sanitize(root, LEARNING), LEARNING)


@pytest.mark.feature("F-HTML-21")
def test_what_goes_is_told_with_its_place() -> None:
    result = sanitize(
        '<p>a</p>\n<p onclick="x()" style="position:fixed">b<script>c</script><!--d--></p>\n<?e f?>', FEED
    )
    assert [(r.kind, r.name, r.value, r.line, r.column) for r in result.removed] == [
        ("attribute", "onclick", "x()", 2, 1),
        ("style", "style", "position: fixed", 2, 1),
        ("element", "script", "c", 2, 42),
        ("comment", "", "d", 2, 1),
        ("comment", "", "?e f?", 1, 1),
    ]
    assert all(removal.reason for removal in result.removed)


@pytest.mark.feature("F-HTML-22")
def test_what_reads_differently_each_time_keeps_its_words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from demotic.xml.html.safe import _sanitize

    turns = itertools.count()
    monkeypatch.setattr(_sanitize, "serialize_content", lambda root: f"a{next(turns)}")
    result = sanitize("<p>x <b>y</b></p>", FEED)
    assert result.root.children == ["a5"]
    assert "reads differently each time" in result.removed[-1].reason


def test_deep_trees_are_refused() -> None:
    tree = Element(QName(XHTML, "div"))
    for _ in range(5000):
        tree = Element(QName(XHTML, "div"), None, [tree])
    with pytest.raises(LimitExceeded, match="elements more than 256 deep"):
        sanitize(tree)
