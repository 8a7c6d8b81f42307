"""What elements inherit, what is found in them, how they are indented, and the canonical form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from demotic.errors import InvalidInput
from demotic.xml import (
    XML,
    Bound,
    CData,
    Document,
    Element,
    QName,
    ancestors,
    attribute,
    attributes_of,
    base_of,
    canonical_content,
    canonicalize,
    child,
    children,
    content_of,
    document_of,
    find,
    indent,
    inherited,
    lang_of,
    mixed,
    name_of,
    nearest,
    parent_of,
    parse,
    pieces,
    preserves_space,
    read,
    relative,
    resolve,
    scope_of,
    serialize,
    text,
    text_of,
)


class Leaf(Bound, name=QName("", "leaf")):
    href = attribute("href")
    value = text()


class Box(Bound, name=QName("", "box")):
    label = attribute("label")
    boxes = children(lambda: Box)
    leaves = children(Leaf)
    one = child(lambda: Single)


class Single(Bound, name=QName("", "single")):
    content = mixed(Leaf)


NESTED = (
    '<box xml:base="a/" xml:lang="fr"><box xml:base="b" xml:space="preserve"><leaf href="c.html">x</leaf></box>'
    '<leaf xml:lang="">y</leaf><box label="z"><box><leaf/></box></box></box>'
)


@pytest.mark.feature("F-XML-20")
@pytest.mark.spec("XML-050", "XML-051", "XML-052", "XML-053")
def test_base_and_language_come_from_around() -> None:
    document = Document.parse(NESTED, Box, base="http://h/d/x.xml", lang="de")
    leaf = document.root.boxes[0].leaves[0]
    assert str(base_of(leaf)) == "http://h/d/a/b"
    assert str(resolve(leaf, leaf.href or "")) == "http://h/d/a/c.html"
    assert str(relative(leaf, "http://h/d/a/z")) == "z"
    assert str(resolve(leaf, "a b|é")) == "http://h/d/a/a%20b%7C%C3%A9"
    assert (lang_of(leaf), lang_of(document.root.leaves[0])) == ("fr", "")
    assert lang_of(Document(Box(), lang="de").root) == "de"
    assert (lang_of(Box()), base_of(Box())) == (None, None)
    assert (preserves_space(leaf), preserves_space(document.root)) == (True, False)
    assert inherited(leaf, QName(XML, "space")) == "preserve"
    orphan = read('<box xml:base="a/"><leaf/></box>', Box).leaves[0]
    assert (str(base_of(orphan)), str(resolve(orphan, "b")), str(relative(orphan, "http://h/"))) == (
        "a/",
        "a/b",
        "http://h/",
    )
    broken = parse('<a xml:base="http://[/"><b/></a>')
    assert base_of(broken) is None


@pytest.mark.spec("XML-041", "XML-042")
def test_elements_know_who_is_around_them() -> None:
    document = Document.parse(NESTED, Box)
    leaf = document.root.boxes[1].boxes[0].leaves[0]
    assert [type(above) for above in ancestors(leaf)] == [Box, Box, Box]
    assert nearest(leaf, Box) is parent_of(leaf)
    assert (nearest(leaf, Single), document_of(leaf)) == (None, document)
    box = document.root.boxes.pop()
    assert (parent_of(box), document_of(leaf)) == (None, None)
    document.root.one = Single(content=["a", Leaf()])
    assert document_of(document.root.one.content[1]) is document
    del document.root.one
    assert serialize(document.root, declaration=False).endswith(b'<leaf xml:lang="">y</leaf></box>')
    assert scope_of(parse('<a xmlns="urn:a"><b xmlns:p="urn:p"/></a>').children[0]) == {  # type: ignore[arg-type]
        "xml": XML,
        "": "urn:a",
        "p": "urn:p",
    }


@pytest.mark.feature("F-XML-20")
@pytest.mark.spec("XML-038", "XML-040", "XML-003", "XML-004")
def test_elements_are_found_by_class_or_name() -> None:
    box = read(NESTED, Box)
    first, second = box.boxes
    assert list(find(box, Box)) == [first, second, second.boxes[0]]
    assert list(find(box, Box, inside=False)) == [first, second]
    assert list(find(box, (Leaf, Single))) == [first.leaves[0], box.leaves[0], second.boxes[0].leaves[0]]
    assert [leaf.value for leaf in find(box, Leaf, breadth=True)] == ["y", "x", ""]
    assert list(find(box, QName("", "leaf"), depth=1)) == box.leaves
    with pytest.raises(InvalidInput, match="a depth of 0"):
        find(box, Leaf, depth=0)
    assert content_of(box) == [first, box.leaves[0], second]
    assert (name_of(box), attributes_of(second)) == (QName("", "box"), {QName("", "label"): "z"})
    box.leaves.insert(0, Leaf(value="new"))
    assert [type(node).__name__ for node in content_of(box)] == ["Box", "Leaf", "Leaf", "Box"]


@pytest.mark.spec("XML-039", "XML-045", "XML-046", "XML-043", "XML-044")
def test_text_and_content_of_an_element() -> None:
    element = parse("<a> one <b>two</b>\n\n<![CDATA[three]]> four </a>")
    assert text_of(element, elements="skip") == " one \n\nthree four "
    assert text_of(element, elements="descend") == " one two\n\nthree four "
    with pytest.raises(InvalidInput, match="b in a, of which only text was expected"):
        text_of(element)
    with pytest.raises(InvalidInput, match="unknown"):
        text_of(element, elements="?")
    bold = next(element.elements())
    assert canonical_content(element) == ["one ", bold, " ", CData("three"), " four "]
    assert canonical_content(parse("<a xml:space='preserve'> x </a>")) == [" x "]
    element.children = ["only"]
    assert (text_of(element), parent_of(bold)) == ("only", element)
    element.children.clear()
    assert (text_of(element), serialize(element, declaration=False)) == ("", b"<a/>")
    leaf = Leaf(value="x")
    leaf.value = ""
    assert text_of(leaf) == ""


INDENTED = [
    ("<a><b/><c>x</c><d><e/></d></a>", "<a>\n  <b/>\n  <c>x</c>\n  <d>\n    <e/>\n  </d>\n</a>"),
    ("<a>x<b><c/></b></a>", "<a>x<b><c/></b></a>"),
    ("<a>\n\n<b/><!--c--></a>", "<a>\n  <b/>\n  <!--c-->\n</a>"),
    ("<a><b xml:space='preserve'><c/></b></a>", '<a>\n  <b xml:space="preserve"><c/></b>\n</a>'),
    ("<a><![CDATA[]]><b/></a>", "<a><![CDATA[]]><b/></a>"),
    ("<a/>", "<a/>"),
]


@pytest.mark.feature("F-XML-20")
@pytest.mark.spec("XML-054", "XML-047")
@pytest.mark.parametrize(("given_", "expected"), INDENTED)
def test_only_space_that_means_nothing_is_put_in(given_: str, expected: str) -> None:
    element = parse(given_)
    indent(element)
    assert serialize(element, declaration=False).decode() == expected
    indent(element)
    assert serialize(element, declaration=False).decode() == expected


def test_objects_are_indented_by_what_their_class_may_hold() -> None:
    box = Box(one=Single(content=[Leaf(value="x")]), boxes=[Box()])
    indent(box, "\t")
    assert serialize(box, declaration=False) == b"<box>\n\t<box/>\n\t<single><leaf>x</leaf></single>\n</box>"
    assert read(serialize(box), Box).boxes == [Box()]
    assert Single._binding.content.text
    assert not Box._binding.content.text


@pytest.mark.spec("XML-055")
def test_a_long_document_is_written_piece_by_piece() -> None:
    element = Element(QName("", "a"), children=[Element(QName("", "b"), children=["x", "y"]) for _ in range(9000)])
    parts = list(pieces(element))
    assert len(parts) > 1
    assert "".join(parts).encode() == serialize(element, declaration=False)


CANONICAL = """<?xml version="1.0"?><!-- before --><?pi?>
<r:a  xmlns:r="urn:r" xmlns:unused="urn:u" z='1' r:b="&lt;" a='x' xml:lang="en" xml:id="i"><!-- in -->
<b xmlns="urn:b" ><![CDATA[<]]>&#13;</b></r:a><!-- after -->"""


@pytest.mark.feature("F-XML-16")
def test_the_canonical_forms_are_those_of_another_implementation() -> None:
    tree = etree.fromstring(CANONICAL.encode()).getroottree()
    document = Document.parse(CANONICAL)
    for comments in (True, False):
        assert canonicalize(document, comments=comments) == etree.tostring(tree, method="c14n", with_comments=comments)
        exclusive = etree.tostring(tree, method="c14n", exclusive=True, with_comments=comments)
        assert canonicalize(document, "exclusive", comments=comments) == exclusive
    assert b"unused" in canonicalize(document, "exclusive", prefixes=["unused"])
    assert canonicalize(CANONICAL.encode(), "2.0") == etree.canonicalize(CANONICAL).encode()
    part = next(document.root.elements())
    assert canonicalize(part) == (
        b'<b xmlns="urn:b" xmlns:r="urn:r" xmlns:unused="urn:u" xml:id="i" xml:lang="en">&lt;&#xD;</b>'
    )
    assert b"xml:id" not in canonicalize(part, "1.1")
    assert canonicalize(part, "exclusive") == b'<b xmlns="urn:b">&lt;&#xD;</b>'
    with pytest.raises(InvalidInput, match="no canonical form"):
        canonicalize(part, "3.0")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="an entity in a at line 1"):
        canonicalize(Document.parse("<!DOCTYPE a SYSTEM 'x'><a>&e;</a>"))


def test_the_base_of_a_part_is_joined_in_canonical_xml_11() -> None:
    part = read('<box xml:base="http://h/a/"><box xml:base="b/"><leaf/></box></box>', Box).boxes[0].leaves[0]
    assert canonicalize(part, "1.1") == b'<leaf xml:base="http://h/a/b/"></leaf>'
    assert canonicalize(part, "1.0") == b'<leaf xml:base="b/"></leaf>'


@pytest.mark.feature("F-XML-20")
@pytest.mark.spec("XML-050")
def test_the_public_cases_of_xml_base(shared_data: Path) -> None:
    wanted = re.compile(r"\['(?:base|href)'\] == u?'([^']+)'")
    found = 0
    for file in sorted((shared_data / "atom" / "feedparser" / "wellformed" / "base").glob("*.xml")):
        data = file.read_text("utf-8")
        expected = wanted.search(data)
        if expected is None or file.name.startswith("http_") or "malformed" in file.name:
            continue
        root = Document.parse(data).root
        bases = {str(base_of(node)) for node in (root, *find(root, Element))}
        assert expected[1] in bases or f"{expected[1]}/" in bases, file
        found += 1
    assert found >= 20
