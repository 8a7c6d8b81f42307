"""What policies let through, and how they write it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from demotic.errors import InvalidInput
from demotic.xml import Bound, CData, Element, EntityReference, ProcessingInstruction, QName, mixed, parse
from demotic.xml.html import XHTML, parse_html
from demotic.xml.html.safe import FEED, LEARNING, LINE, NEVER, Policy, sanitize

from .judge import judge

CASES = json.loads((Path(__file__).parent / "cases" / "kept.json").read_text(encoding="utf-8"))
POLICIES = {"LINE": LINE, "FEED": FEED, "LEARNING": LEARNING}


@pytest.mark.feature("F-HTML-19")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_what_is_allowed_stays(case: dict[str, Any]) -> None:
    policy = POLICIES[case["policy"]]
    result = sanitize(case.get("given", case["html"]), policy)
    assert judge(result, policy) == case["html"]
    assert [removal.name for removal in result.removed] == case.get("removed", [])


@pytest.mark.feature("F-HTML-19")
def test_trees_of_every_origin_are_taken() -> None:
    expected = "<p>a<b>b</b></p>"
    root = parse_html(f"<title>t</title>{expected}<script>x</script>").root
    body = next(root.elements(QName(XHTML, "body")))
    paragraph = next(body.elements())
    atom = parse(f'<h:div xmlns:h="{XHTML}" class="c" onclick="x"><h:p>a<h:b><![CDATA[b]]></h:b><?x y?></h:p></h:div>')
    for content in (root, body, paragraph, atom, expected, expected.encode()):
        assert sanitize(content).html == expected
    assert sanitize(atom).xhtml == f'<div xmlns="{XHTML}" class="c">{expected}</div>'
    assert {removal.name for removal in sanitize(atom).removed} == {"onclick", "x"}
    assert sanitize(Element(QName("urn:x", "y"), None, ["a", CData("<b>")])).html == "a&lt;b&gt;"
    assert (
        sanitize(Element(QName(XHTML, "p"), None, [ProcessingInstruction("a"), "\0b\ud800"])).html
        == "<p>\ufffdb\ufffd</p>"
    )
    with pytest.raises(InvalidInput, match="without a body"):
        sanitize(parse_html("<frameset>").root)


class Choice(Bound, name=QName("urn:qti", "choice")):
    content = mixed()


def test_objects_and_entities_in_trees_are_taken() -> None:
    bold = Element(QName(XHTML, "b"), None, ["a"])
    nodes = [Choice(content=[bold, EntityReference("eacute")]), EntityReference("mine")]
    result = sanitize(Element(QName(XHTML, "div"), None, nodes))
    assert result.html == "<b>a</b>é"
    assert [(removal.kind, removal.name) for removal in result.removed] == [("element", "choice"), ("entity", "mine")]


def test_sanitising_leaves_the_tree_as_it_was() -> None:
    part = Element(QName(XHTML, "p"), None, ["a"])
    sanitize(part)
    assert part.parent is None
    root = parse_html("<p onclick=x style='color:red'>a<script>b</script>").root
    before = parse_html("<p onclick=x style='color:red'>a<script>b</script>").root
    sanitize(root)
    assert root == before


@pytest.mark.feature("F-HTML-23")
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("b.png", "http://e.example/a/b.png"), ("/b", "http://e.example/b"), ("//f.example/", "http://f.example/"),
        ("?c", "http://e.example/a/x?c"), ("http://g.example/", "http://g.example/"), ("\\\\h.example\\i", "http://h.example/i"),
        ("javascript:x", None), ("http://[", None), ("", "http://e.example/a/x"),
    ],
)  # fmt: skip
def test_urls_are_resolved_against_a_base(url: str, expected: str | None) -> None:
    result = sanitize(Element(QName(XHTML, "img"), {QName("", "src"): url}), FEED, base="http://e.example/a/x")
    image = next(result.root.elements())
    assert image.get("src") == expected


def test_parts_of_the_page_are_not_resolved() -> None:
    assert 'href="#content-x"' in sanitize("<a href='#x'>a</a>", base="http://e.example/").html


@pytest.mark.feature("F-HTML-19")
def test_relative_urls_can_be_refused() -> None:
    policy = Policy(elements={"a": {"href"}, "img": {"src"}}, relative_urls=False, schemes={"https"}, link_rel=())
    given = "<a href=b>1</a><a href='#c'>2</a><a href='//d'>3</a><a href='http://e'>4</a><img src=f><img src=https://g>"
    assert sanitize(given, policy).html == (
        '<a>1</a><a href="#c">2</a><a href="//d">3</a><a>4</a><img><img src="https://g">'
    )


@pytest.mark.feature("F-HTML-19")
def test_classes_and_ids_get_prefixes_once() -> None:
    policy = Policy(elements={"p": {"class", "id"}}, classes={"a", "b"}, class_prefix="x-", id_prefix="y-")
    result = sanitize("<p class='a c b' id=' d '>1<p class=c id=y-e>2", policy)
    assert result.html == '<p class="x-a x-b" id="y-d">1</p><p id="y-e">2</p>'
    assert sanitize(result.html, policy).html == result.html


@pytest.mark.feature("F-HTML-19")
def test_comments_of_words_can_stay() -> None:
    policy = Policy(elements={}, comments=True)
    result = sanitize("<!-- a-b --><!--[if IE]>--><!--a--!>c", policy)
    assert result.html == "<!-- a-b --><!--a-->c"
    assert [removal.kind for removal in result.removed] == ["comment"]


REFUSED: list[tuple[dict[str, Any], str]] = [
    *(({"elements": {name: ()}}, f"no policy can allow the element '{name}'") for name in sorted(NEVER["html"])),
    ({"elements": {"SCRIPT": ()}}, "no policy can allow the element 'SCRIPT'"),
    ({"elements": {}, "svg": {"foreignObject": ()}}, "no policy can allow the element 'foreignObject'"),
    ({"elements": {}, "svg": {"animate": ()}}, "no policy can allow the element 'animate'"),
    ({"elements": {}, "mathml": {"annotation-xml": ()}}, "no policy can allow the element 'annotation-xml'"),
    ({"elements": {"a b": ()}}, "'a b' cannot be the name of a element"),
    ({"elements": {"p": {"onclick"}}}, "no policy can allow the attribute 'onclick'"),
    ({"elements": {}, "attributes": {"ONLOAD"}}, "no policy can allow the attribute 'ONLOAD'"),
    ({"elements": {"p": {"style"}}}, "no policy can allow the attribute 'style'"),
    ({"elements": {"p": {"srcdoc"}}}, "no policy can allow the attribute 'srcdoc'"),
    ({"elements": {"p": "href"}}, "'href' is one name, not a list of names"),
    ({"elements": {"p": {"a=b"}}}, "'a=b' cannot be the name of a attribute"),
    ({"elements": {}, "families": ("on",)}, "'on' cannot be the name of a family of attributes"),
    ({"elements": {}, "families": ("",)}, "'' cannot be the name of a family of attributes"),
    ({"elements": {}, "schemes": {"javascript"}}, "no policy can allow the scheme 'javascript'"),
    ({"elements": {}, "embedded_schemes": {"data"}}, "no policy can allow the scheme 'data'"),
    ({"elements": {}, "schemes": {"http:"}}, "'http:' cannot be the name of a scheme"),
    ({"elements": {}, "styles": {"behavior"}}, "no policy can allow the CSS property 'behavior'"),
    ({"elements": {}, "styles": {"--x"}}, "no policy can allow the CSS property '--x'"),
    ({"elements": {}, "styles": {"a:b"}}, "'a:b' cannot be the name of a CSS property"),
    ({"elements": {}, "id_prefix": 'x"y'}, "cannot be the name of a prefix"),
    ({"elements": {}, "classes": {"a b"}}, "'a b' cannot be the name of a class"),
    ({"elements": {}, "link_rel": ("no follow",)}, "'no follow' cannot be the name of a word of rel"),
]


@pytest.mark.feature("F-HTML-24")
@pytest.mark.parametrize(("options", "problem"), REFUSED)
def test_a_policy_that_cannot_be_safe_is_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Policy(**options)
    assert problem in str(refused.value)


def test_unknown_options_of_a_policy_are_refused() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'element'"):
        Policy(element={})  # type: ignore[call-arg]
