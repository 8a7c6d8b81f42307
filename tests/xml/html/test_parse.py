"""Reading HTML: any text is a tree, every repair is told with its place, and bounds hold."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import InvalidInput, LimitExceeded, Unsupported
from demotic.xml import Comment, Element, QName, XmlSyntaxFault, parse, serialize
from demotic.xml.html import (
    HTML_401_STRICT,
    XHTML,
    Doctype,
    HtmlLimits,
    HtmlUnreadable,
    parse_fragment,
    parse_html,
    serialize_html,
    serialize_xhtml,
)

CASES = json.loads((Path(__file__).parent / "cases" / "documents.json").read_text(encoding="utf-8"))


def body(root: Element) -> str | None:
    """Return what is in the body as XHTML text, without its own tags."""
    found = next(root.elements(QName(XHTML, "body")), None)
    if found is None:
        return None
    text = serialize_xhtml(found)
    start, end = f'<body xmlns="{XHTML}">', "</body>"
    assert text.startswith(start)
    assert text.endswith(end)
    return text[len(start) : -len(end)]


@pytest.mark.spec("HTML-004", "HTML-005")
@pytest.mark.feature("F-HTML-01", "F-HTML-02")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_any_text_becomes_a_tree(case: dict[str, Any]) -> None:
    document = parse_html(case["html"])
    assert document.root.name == QName(XHTML, "html")
    assert body(document.root) == case["body"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_a_tree_is_xml_and_comes_back_from_it(case: dict[str, Any]) -> None:
    root = parse_html(case["html"]).root
    assert parse(serialize(root)) == root
    assert parse(serialize_xhtml(root)) == root


@pytest.mark.spec("HTML-005")
@pytest.mark.feature("F-HTML-02")
def test_the_div_of_bare_text_can_be_left_out() -> None:
    assert body(parse_html("hello <em>world", bare_div=False).root) == "hello <em>world</em>"


@pytest.mark.spec("HTML-003")
@pytest.mark.feature("F-HTML-03")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", None])
def test_a_text_with_an_xml_declaration_is_xml(encoding: str | None) -> None:
    text = '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>a<br/></p></body></html>'
    document = parse_html(text.encode(encoding) if encoding else text)
    assert document.is_xml
    assert body(document.root) == "<p>a<br/></p>"
    assert document.repairs == ()
    broken = text.replace("<br/>", "<br>")
    with pytest.raises(XmlSyntaxFault, match=r"mismatched tag at line 2, column"):
        parse_html(broken.encode(encoding) if encoding else broken)


@pytest.mark.parametrize(
    "text", ["<?xml-stylesheet href='a'?><p>a", "<?php echo 1 ?><p>a", " <?xml version='1.0'?><p>a"]
)
def test_what_only_looks_like_xml_is_html(text: str) -> None:
    document = parse_html(text)
    assert not document.is_xml
    assert body(document.root) == "<p>a</p>"


@pytest.mark.feature("F-HTML-04")
def test_elements_know_their_places_and_implied_ones_that_of_what_implied_them() -> None:
    root = parse_html("<p>a\n<b>é<i>x</b>y</i><table>\n <tr><td>f").root
    assert [(e.name.local, e.line, e.column) for e in root.walk()] == [
        *((name, 1, 1) for name in ("html", "head", "body", "p")),
        *(("b", 2, 1), ("i", 2, 5), ("i", 2, 5)),
        *(("table", 2, 18), ("tbody", 3, 2), ("tr", 3, 2), ("td", 3, 6)),
    ]


@pytest.mark.feature("F-HTML-04")
@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("<!doctype html><p>a\n</b>", "unexpected-end-tag", 2, 4),
        ("<!doctype html><p>\n<a b b>", "duplicate-attribute", 2, 7),
        ("<p>a", "expected-doctype-but-got-start-tag", 1, 3),
        ("<!doctype html>\n<div/>", "non-void-element-with-trailing-solidus", 2, 6),
        ("<!doctype html>a &copy b", "named-entity-without-semicolon", 1, 22),
        ("<!doctype html>\n\n<p @x>", "name-replaced", 3, 1),
        ("<!doctype html>\n<p>\x01", "character-replaced", 2, 1),
    ],
)
def test_every_repair_is_told_with_its_place(text: str, code: str, line: int, column: int) -> None:
    found = {(repair.code, repair.line, repair.column) for repair in parse_html(text).repairs}
    assert (code, line, column) in found


def test_a_faultless_document_has_no_repairs() -> None:
    assert parse_html("<!DOCTYPE html><title>a</title><p>b &amp; c<ul><li>d</ul>").repairs == ()


@pytest.mark.spec("HTML-001")
@pytest.mark.feature("F-HTML-05")
def test_the_document_type_tells_the_mode() -> None:
    strict = parse_html(f"<!--a-->{HTML_401_STRICT}<!--b--><title>c</title><!--d--><p>e</html><!--f-->")
    # The parser tells names in lower case.
    assert strict.doctype == Doctype("html", HTML_401_STRICT.public, HTML_401_STRICT.system)
    assert strict.quirks == "no"
    assert (strict.before, strict.after) == ((Comment("a"), Comment("b")), (Comment("f"),))
    assert parse_html("<p>a").doctype is None
    assert parse_html("<p>a").quirks == "full"
    transitional = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "x">'
    assert parse_html(transitional).quirks == "limited"


@pytest.mark.feature("F-HTML-06")
@pytest.mark.parametrize(
    ("data", "encoding", "name"),
    [
        ("é€".encode("utf-8-sig"), None, "utf-8"),
        ("é€".encode("utf-16"), None, "utf-16le"),
        ("é€".encode("cp1252"), None, "windows-1252"),
        ("é€".encode("iso-8859-15"), "iso-8859-15", "iso-8859-15"),
        (b"<meta charset=utf-8><p>" + "é€".encode(), None, "utf-8"),
        (b"<meta http-equiv=content-type content='text/html; charset=utf-8'><p>" + "é€".encode(), None, "utf-8"),
        (b"<!--" + b" " * 3000 + b"--><meta charset=utf-8><p>" + "é€".encode(), None, "utf-8"),
    ],
)
def test_the_encoding_is_found(data: bytes, encoding: str | None, name: str) -> None:
    document = parse_html(data, encoding=encoding)
    assert document.encoding == name
    assert "é€" in serialize_html(document.root)


@pytest.mark.feature("F-HTML-07")
@pytest.mark.parametrize(
    ("text", "context", "children"),
    [
        ("a<b>c", "div", ["a", "b"]),
        ("<td>a<td>b", "tr", ["td", "td"]),
        ("<td>a<td>b", "div", ["ab"]),
        ("<html><head><title>x</title><body><p>a", "DIV", ["title", "p"]),
        ("<b>a</b>", "textarea", ["<b>a</b>"]),
    ],
)
def test_a_fragment_is_read_into_its_context(text: str, context: str, children: list[str]) -> None:
    root = parse_fragment(text, context=context).root
    assert root.name == QName(XHTML, context.lower())
    assert [node.name.local if isinstance(node, Element) else node for node in root.children] == children


def test_a_fragment_needs_an_element_as_context() -> None:
    with pytest.raises(InvalidInput, match="'a b' is no HTML element"):
        parse_fragment("a", context="a b")


NASTY = {
    "deep": ("<div>" * 100_000, "more than 256 deep at line 1, column 1271"),
    "deep by repair": ("<b><div>" * 50_000, "more than 256 deep"),
    "deep in SVG": ("<svg>" + "<g>" * 50_000, "more than 256 deep"),
    "attributes": (
        "<p " + " ".join(f"a{n}" for n in range(50_000)) + ">",
        "more than 256 attributes at line 1, column 1",
    ),
    "elements": ("<b>x</b>" * 1001, "more than 1000 elements"),
    "formatting that is opened again in each paragraph": (
        "<p>" + "".join(f"<b id={n}>" for n in range(100)) + "<p>x" * 10_000,
        "more than 1000 elements",
    ),
    "size": ("a" * 2_000_001, "HTML of 2000001 bytes or characters, at most 2000000 are read"),
}


@pytest.mark.feature("F-HTML-08")
@pytest.mark.parametrize("name", NASTY)
def test_bounds_hold_before_anything_grows(name: str) -> None:
    text, problem = NASTY[name]
    limits = HtmlLimits(size=2_000_000, elements=1000 if "elements" in problem else 200_000)
    with pytest.raises(LimitExceeded, match=problem):
        parse_html(text, limits=limits)


@pytest.mark.feature("F-HTML-08")
@pytest.mark.parametrize(
    "text", ["<table>" + "<b>x</b>" * 3000, "&amp;" * 5000, "</p>" * 5000, "<" * 9000, "<table>" + "<!-->x" * 3000]
)
def test_what_is_only_long_is_read(text: str) -> None:
    assert parse_html(text).root.name.local == "html"


def test_what_the_library_cannot_do_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    from demotic.xml.html import _builder

    def give_up(self: object) -> None:
        raise AssertionError("lost")

    monkeypatch.setattr(_builder.Parser, "mainLoop", give_up)
    with pytest.raises(HtmlUnreadable, match="gave up near line 1, column 0"):
        parse_html("a")


@pytest.mark.feature("F-HTML-09")
def test_a_missing_library_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    real = builtins.__import__

    def without(name: str, *rest: Any, **options: Any) -> Any:
        if name.partition(".")[0] == "html5lib":
            raise ModuleNotFoundError("No module named 'html5lib'", name="html5lib")
        return real(name, *rest, **options)

    monkeypatch.delitem(sys.modules, "demotic.xml.html._builder")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(
        Unsupported, match=r"needs the package html5lib \(install it with: pip install 'demotic\[html\]'"
    ):
        parse_html("a")


WORDS = """
<p> </p> <b> </b> <i> </i> <a href=x> </a> <table> </table> <tr> <td> <caption> <select> <option> <svg> </svg> <math>
<mi> <foreignObject> <title> </title> <script> </script> <style> </style> <!-- --> <!doctype &amp; &#x <textarea> <form>
<button> <ul> <li> <h1> </h1> <pre> <br> </br> <frameset> <body a=b> <html c=d> <input /> > ' " = < text <template>
<noscript> <![CDATA[ ]]> <plaintext> é
"""
MARKUP = st.lists(st.sampled_from([*WORDS.split(), " ", "\n", "\0", "\x0c", "\ud800"]), max_size=30).map("".join)


@settings(max_examples=300)
@given(MARKUP | st.text(max_size=50))
def test_no_text_is_refused_and_every_tree_is_xml(text: str) -> None:
    root = parse_html(text).root
    assert parse(serialize(root)) == root


@pytest.mark.parametrize("tag", ["textarea", "input", "keygen", "select"])
def test_what_fits_nowhere_is_left_out(tag: str) -> None:
    text = f"<math><select><mtext><select><{tag}>"
    assert parse_html(text).repairs
    assert parse_fragment(text).repairs


@pytest.mark.parametrize("tag", ["table", "tr", "td", "tbody", "caption", "col", "select", "body", "html", "frameset"])
def test_no_tag_out_of_place_is_looked_at_for_ever(tag: str) -> None:
    for around in ("<table><tr><td><svg><desc>{}", "<math><mtext><table>{}", "<table><svg><desc><table></table>{}",
                   "<select><svg><desc>{}", "<table><caption><math><mi>{}"):  # fmt: skip
        assert parse_html(around.format(f"<{tag}></{tag}><{tag}>")).root is not None
        assert parse_fragment(around.format(f"<{tag}></{tag}><{tag}>"), context="td").root is not None
