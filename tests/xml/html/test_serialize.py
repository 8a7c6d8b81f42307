"""Writing HTML and XHTML: the same tree comes back, and what would not come back is not written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import InvalidInput
from demotic.xml import CData, Comment, Element, EntityReference, ProcessingInstruction, QName, parse, serialize
from demotic.xml.html import (
    HTML5,
    HTML_401_FRAMESET,
    HTML_401_STRICT,
    HTML_401_TRANSITIONAL,
    SVG,
    XHTML,
    XHTML_10_STRICT,
    XHTML_10_TRANSITIONAL,
    Doctype,
    indented,
    parse_fragment,
    parse_html,
    serialize_content,
    serialize_html,
    serialize_xhtml,
)

CASES = json.loads((Path(__file__).parent / "cases" / "texts.json").read_text(encoding="utf-8"))
TEXTS = [case["html"] for case in CASES]


def html(local: str, *children: object, **attributes: str) -> Element:
    """Return an element of HTML."""
    return Element(QName(XHTML, local), {QName("", k): v for k, v in attributes.items()}, list(children))


@pytest.mark.spec("HTML-008")
@pytest.mark.feature("F-HTML-10")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_html_text_comes_back_as_it_was(case: dict[str, str]) -> None:
    root = parse_fragment(case["html"]).root
    assert serialize_content(root) == case["html"]
    assert serialize_html(root) == f"<div>{case['html']}</div>"


@pytest.mark.feature("F-HTML-11")
@pytest.mark.parametrize("text", [t for t in TEXTS if not re.search("script|@|<pre>", t)])
def test_xhtml_text_is_the_same_tree_to_both_parsers(text: str) -> None:
    root = parse_fragment(text).root
    written = serialize_xhtml(root)
    assert parse(written) == root
    assert parse_fragment(written[written.index(">") + 1 : -len("</div>")]).root == root


@pytest.mark.spec("HTML-001", "HTML-008")
@pytest.mark.feature("F-HTML-05", "F-HTML-10")
def test_a_document_begins_with_its_type() -> None:
    root = parse_html("<title>a</title><p>b").root
    rest = "<html><head><title>a</title></head><body><p>b</p></body></html>"
    assert serialize_html(root) == f"<!DOCTYPE html>\n{rest}"
    assert serialize_html(root, doctype=None) == rest
    strict = '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">'
    assert serialize_html(root, doctype=HTML_401_STRICT) == f"{strict}\n{rest}"
    assert serialize_xhtml(root, doctype=XHTML_10_STRICT).startswith('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 S')
    assert serialize_html(parse_html(serialize_html(root)).root) == serialize_html(root)


@pytest.mark.spec("HTML-001")
def test_document_types_are_read_back_and_written() -> None:
    for known in (HTML5, HTML_401_STRICT, HTML_401_TRANSITIONAL, HTML_401_FRAMESET, XHTML_10_TRANSITIONAL):
        assert parse_html(str(known)).doctype == Doctype("html", known.public, known.system)
    assert str(Doctype("html", system="about:legacy-compat")) == '<!DOCTYPE html SYSTEM "about:legacy-compat">'
    assert str(Doctype("html", 'a"b')) == "<!DOCTYPE html PUBLIC 'a\"b'>"
    for wrong in ("a\"b'c", "a>b"):
        with pytest.raises(InvalidInput, match="no place in a document type declaration"):
            str(Doctype("html", wrong))


REFUSED = [
    (html("script", "a</script >"), "the text of the element script would end it"),
    (html("script", "<!--<script>"), "the text of the element script"),
    (html("style", "</STYLE>"), "the text of the element style"),
    (html("style", "a\rb"), "the text of the element style"),
    (html("script", html("p")), "stands where HTML has text only"),
    (html("br", "a"), "the element br has content"),
    (html("p", Element(QName("urn:x", "y"))), "HTML text has no namespaces but its own"),
    (html("DIV"), "'DIV' cannot be the name of an element"),
    (html("a b"), "cannot be the name of an element"),
    (html("a/onload=x"), "cannot be the name of an element"),
    (html("pU00003EU00003Cscript"), "cannot be the name of an element"),
    (html("plaintext"), "cannot be the name of an element"),
    (html("p", **{"a b": ""}), "cannot be the name of an attribute"),
    (html("p", aU00003E=""), "cannot be the name of an attribute"),
    (Element(QName(XHTML, "p"), {QName("urn:x", "y"): ""}), "cannot be the name of an attribute"),
    (html("p", "\0"), "U\\+0000 cannot be written"),
    (html("p", title="\ud800"), "U\\+D800 cannot be written"),
    (html("p", ProcessingInstruction("a", "b")), "no processing instructions"),
    (html("p", EntityReference("mine")), "HTML has no entity 'mine'"),
    *((html("p", Comment(text)), "a comment that HTML would end elsewhere") for text in (">", "->", "a-->b", "a--!>b")),
    *((html("p", Comment(text)), "a comment that HTML would end elsewhere") for text in ("a<!--", "a-", "a<!-", "\0")),
]


@pytest.mark.spec("HTML-008")
@pytest.mark.feature("F-HTML-12")
@pytest.mark.parametrize(("element", "problem"), REFUSED, ids=range(len(REFUSED)))
def test_what_would_not_come_back_is_not_written(element: Element, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        serialize_html(element)


def test_what_xml_has_more_of_is_written_as_text() -> None:
    assert serialize_html(html("p", CData("a<b"))) == "<p>a&lt;b</p>"
    assert serialize_html(html("p", EntityReference("eacute"), EntityReference("nbsp"))) == "<p>é&nbsp;</p>"
    assert serialize_html(html("script", CData("a<b"))) == "<script>a<b</script>"
    assert serialize_content(html("style", "a>b")) == "a>b"
    assert serialize_html(Element(QName(SVG, "linearGradient"))) == "<linearGradient></linearGradient>"
    assert serialize_html(html("pre", CData("\na"))) == "<pre>\n\na</pre>"


@pytest.mark.feature("F-HTML-11")
def test_xhtml_text_has_both_tags_but_for_void_elements() -> None:
    root = html("div", html("p"), html("br"), html("script", src="x"), Element(QName(SVG, "path")))
    written = serialize_xhtml(root)
    assert written == (f'<div xmlns="{XHTML}"><p></p><br/><script src="x"></script><path xmlns="{SVG}"/></div>')
    assert parse(written) == root
    assert parse(serialize(root)) == root


@pytest.mark.spec("HTML-007")
@pytest.mark.feature("F-HTML-13")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>a</p><p>b</p>", "<div>\n  <p>a</p>\n  <p>b</p>\n</div>"),
        ("<p>a</p> <b>b</b>", "<div><p>a</p> <b>b</b></div>"),
        ("<p>a</p>text", "<div><p>a</p>text</div>"),
        (" <p>a</p>\n\n", "<div>\n  <p>a</p>\n</div>"),
        (
            "<ul><li>a<li><p>b</ul>",
            "<div>\n  <ul>\n    <li>a</li>\n    <li>\n      <p>b</p>\n    </li>\n  </ul>\n</div>",
        ),
        ("<pre>a\n <b>b</b></pre>", "<div>\n  <pre>a\n <b>b</b></pre>\n</div>"),
        ("<!--a--><p>b</p>", "<div>\n  <!--a-->\n  <p>b</p>\n</div>"),
        (
            "<table><tr><td>a</table>",
            "<div>\n  <table>\n    <tbody>\n      <tr>\n        <td>a</td>\n"
            "      </tr>\n    </tbody>\n  </table>\n</div>",
        ),
        ("", "<div></div>"),
        ("<svg> <g/> </svg>", "<div><svg> <g></g> </svg></div>"),
    ],
)
def test_only_what_holds_blocks_alone_is_indented(text: str, expected: str) -> None:
    root = parse_fragment(text).root
    assert serialize_html(indented(root)) == expected
    assert serialize_html(indented(indented(root))) == expected


def test_a_whole_document_is_indented() -> None:
    root = parse_html("<title>a</title><p>b").root
    assert serialize_html(indented(root, step=" ")) == (
        "<!DOCTYPE html>\n<html>\n <head>\n  <title>a</title>\n </head>\n <body>\n  <p>b</p>\n </body>\n</html>"
    )


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=8)
CHARACTERS = TEXT.filter(lambda text: all(c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") for c in text))
NAMES = st.sampled_from(["b", "span", "em", "q", "br", "img", "sub"])


def _tree(children: st.SearchStrategy[list[Element | str]]) -> st.SearchStrategy[Element]:
    return st.builds(_inline, NAMES, st.dictionaries(st.sampled_from(["id", "title", "data-x"]), CHARACTERS), children)


def _inline(name: str, attributes: dict[str, str], children: list[Element | str]) -> Element:
    apart = [
        node
        for at, node in enumerate(children)
        if not (at and isinstance(node, str) and isinstance(children[at - 1], str))
    ]
    return html(name, *([] if name in ("br", "img") else apart), **attributes)


INLINE = st.recursive(CHARACTERS, lambda inner: _tree(st.lists(inner, max_size=4)), max_leaves=12)


@pytest.mark.feature("F-HTML-10")
@settings(max_examples=200)
@given(INLINE)
def test_any_text_and_attributes_come_back(content: Element | str) -> None:
    root = html("div", content)
    assert parse_fragment(serialize_content(root)).root == root
    assert parse(serialize_xhtml(root)) == root


@pytest.mark.feature("F-HTML-12")
@pytest.mark.parametrize("name", ["title", "textarea"])
def test_what_holds_text_only_is_not_given_elements(name: str) -> None:
    with pytest.raises(InvalidInput, match="stands where HTML has text only"):
        serialize_html(html(name, "a", html("b", "x")))
    with pytest.raises(InvalidInput):
        serialize_html(html(name, Comment("x")))
    assert serialize_html(html(name, "a < b & c"), doctype=None) == f"<{name}>a &lt; b &amp; c</{name}>"
