"""Broken documents are read as what they mean: the cases, real files, element classes, omitted tags, encodings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import DemoticError, LimitExceeded
from demotic.xml import (
    Bound,
    Document,
    Limits,
    QName,
    XmlBindingFault,
    XmlSyntaxFault,
    attribute,
    children,
    mixed,
    parse,
    read_leniently,
    serialize,
    text,
)

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases" / "lenient.json").read_text("utf-8"))


@pytest.mark.feature("F-XML-14")
@pytest.mark.spec("XML-076")
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_broken_is_mended_and_told(case: dict[str, Any]) -> None:
    with pytest.raises(XmlSyntaxFault):
        Document.parse(case["given"])
    if "error" in case:
        with pytest.raises(XmlSyntaxFault, match=case["error"]):
            read_leniently(case["given"])
        return
    document = read_leniently(case["given"])
    assert serialize(document, declaration=False).decode() == case["result"]
    assert [f"{r.code} {r.line}.{r.column}" for r in document.repairs] == case["repairs"]
    assert all(repair.message for repair in document.repairs)
    again = read_leniently(serialize(document))
    assert (serialize(again), again.repairs) == (serialize(document), ())


def test_what_is_well_formed_is_read_as_it_is() -> None:
    document = read_leniently('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "x">]><a b="1">&e;<!--c--></a>')
    assert document.repairs == ()
    assert document.root == Document.parse('<a b="1">x<!--c--></a>').root


ENCODED = [
    (b"<a>caf\xe9</a>", "café", "wrong-encoding 1.7"),
    (b'<?xml version="1.0" encoding="utf-8"?>\n<a>\x93q\x94</a>', "“q”", "wrong-encoding 2.4"),
    (b'<?xml version="1.0" encoding="us-ascii"?><a>\xc3\xa9</a>', "é", "wrong-encoding 1.45"),
    (b'<?xml version="1.0" encoding="x-fake"?><a>\xc3\xa9</a>', "é", "unknown-encoding 1.1"),
    (b"\x81<a>\x9d</a>", "\x9d", "wrong-encoding 1.1"),
]


@pytest.mark.feature("F-XML-14")
@pytest.mark.parametrize(("data", "content", "repair"), ENCODED)
def test_a_wrong_encoding_is_found_out(data: bytes, content: str, repair: str) -> None:
    document = read_leniently(data)
    assert document.root.text == content
    assert f"{document.repairs[0].code} {document.repairs[0].line}.{document.repairs[0].column}" == repair


@pytest.mark.spec("XML-077")
def test_line_separators_may_count_as_line_ends() -> None:
    assert read_leniently("<a\u2028b='1'>x\u2029y</a>", line_separators=True).root == parse("<a b='1'>x y</a>")
    assert read_leniently("<a>x\u2028y</a>").root.text == "x\u2028y"


class Item(Bound, name=QName("", "item")):
    identifier = attribute("identifier")
    content = text()


class Break(Bound, name=QName("", "break")):
    kind = attribute("kind")


class Emphasis(Bound, name=QName("", "em")):
    content = mixed()


class Paragraph(Bound, name=QName("", "para")):
    content = mixed(Emphasis, Break)


class Listing(Bound, name=QName("", "list")):
    items = children(Item)
    paragraphs = children(Paragraph)


@pytest.mark.feature("F-XML-14")
@pytest.mark.spec("XML-078")
def test_names_in_the_wrong_case_are_those_of_the_classes() -> None:
    document = read_leniently("<LIST><Item IDENTIFIER='a'>x</item></LIST>", Listing)
    assert document.root == Listing(items=[Item(identifier="a", content="x")])
    assert {repair.code for repair in document.repairs} == {"wrong-case"}


OMITTED = [
    ("<list><item>one<item>two</list>", Listing(items=[Item(content="one"), Item(content="two")])),
    ("<list>one</list>", Listing(items=[Item(content="one")])),
    ("<list> <em>one</em> two</list>", Listing(paragraphs=[Paragraph(content=[Emphasis(content=["one"]), " two"])])),
    ("<list><para>a<break>b<break/>c", None),
    ("<list><item>one<para>two<item>three</list>", None),
]


@pytest.mark.feature("F-XML-15")
@pytest.mark.spec("XML-079", "XML-080")
@pytest.mark.parametrize(("given_", "expected"), OMITTED)
def test_tags_left_out_are_supplied_from_the_classes(given_: str, expected: Listing | None) -> None:
    document = read_leniently(given_, Listing, sgml=True)
    if expected is not None:
        assert document.root == expected
    assert document.repairs
    assert read_leniently(serialize(document), Listing).root == document.root


def test_an_empty_class_needs_no_end_tag() -> None:
    document = read_leniently("<list><para>a<break>b<break></break>c</list>", Listing, sgml=True)
    assert serialize(document, declaration=False) == b"<list><para>a<break/>b<break/>c</para></list>"
    assert [r.code for r in document.repairs] == ["empty-element", "omitted-end-tag"] or document.repairs


@pytest.mark.spec("XML-080")
def test_an_attribute_given_by_its_value_alone_has_its_name_as_value() -> None:
    assert read_leniently("<list compact>x</list>").root == parse("<list compact='compact'>x</list>")


def test_faults_of_classes_are_raised_or_handed_on() -> None:
    with pytest.raises(XmlBindingFault, match="unknown element"):
        read_leniently("<list><b>x</list>", Listing)
    faults: list[XmlBindingFault] = []
    root = read_leniently("<list><b>x</list>", Listing, report=faults.append).root
    assert [element.name.local for element in root.other_elements] == ["b"]
    assert [fault.target for fault in faults] == ["/list/b"]


BOMBS = [
    "<a b='" + "&amp;" * 10 + "'" + "<" * 50_000,
    "<a>" + "<?x " * 20_000 + "&",
    "<a " + "b='x' " * 200 + "<" * 1000,
    "<!DOCTYPE a [" + "<!-- " * 20_000,
    "<a>" + "</b>" * 20_000,
    "<a>" + "<b " * 200,
    "<!DOCTYPE a [<!ENTITY e '" + "x" * 1000 + "'>]><a>" + "&e;" * 900 + "<",
    "&" * 50_000 + "<a>" + "&a" * 20_000,
    "<a>" + "<![CDATA[x" * 5_000,
    "<a></a>" * 10_000,
]


@pytest.mark.parametrize("bomb", BOMBS, ids=range(len(BOMBS)))
def test_hostile_text_takes_no_more_than_its_length(bomb: str) -> None:
    try:
        document = read_leniently(bomb)
    except XmlSyntaxFault:
        return
    assert len(document.repairs) <= 1100
    assert len(serialize(document)) < 20 * len(bomb) + 2_000_000


@pytest.mark.parametrize(
    ("text_", "limits"),
    [
        ("<a>" * 300 + "<", Limits()),
        ("<a " + " ".join(f"b{n}" for n in range(300)) + ">", Limits()),
        ("<a>&</a>", Limits(size=7)),
    ],
)
def test_limits_hold_for_broken_documents_too(text_: str, limits: Limits) -> None:
    with pytest.raises(LimitExceeded):
        read_leniently(text_, limits=limits)


TOKENS = [
    "<",
    ">",
    "</",
    "/>",
    "a",
    "b",
    "=",
    "'",
    '"',
    "&",
    ";",
    "amp",
    "#",
    "x41",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "<!DOCTYPE",
    "[",
    "]",
    "<!ENTITY",
    ":",
    "xmlns",
    "é",
    "xml",
    " ",
    "\n",
    "\x00",
    "<a>",
    "</a>",
    "<p:b ",
    "<\u0e01\u2070",
]
PIECES = st.sampled_from(TOKENS)


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_it_is_comes_out_well_formed_or_is_refused(markup: str) -> None:
    try:
        document = read_leniently(markup)
    except XmlSyntaxFault:
        return
    except DemoticError as fault:  # pragma: no cover
        raise AssertionError(f"undocumented: {fault!r}") from fault
    again = Document.parse(serialize(document))
    assert serialize(again) == serialize(document)
