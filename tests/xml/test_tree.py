"""Documents: parse and serialize, what survives, what is refused and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, LimitExceeded
from demotic.xml import (
    XML,
    CData,
    Comment,
    Element,
    Limits,
    ProcessingInstruction,
    QName,
    XmlSyntaxFault,
    parse,
    rename_namespaces,
    serialize,
)

SAME = [
    "<a/>",
    '<a b="1" c="&lt;&amp;&quot;&#9;&#10;&#13;">x &amp; y &lt;z&gt;</a>',
    "<a>1<b/>2<!-- note -->3<![CDATA[<raw>]]>4<?do it?><?stop?></a>",
    "<a><![CDATA[]]></a>",
    '<p:a xmlns:p="urn:p" xmlns:q="urn:q" p:x="1" q:y="2" z="3"><p:b/><q:c/><d/></p:a>',
    '<a xmlns="urn:a" xmlns:p="urn:a" p:x="1"><p:b/><c/></a>',
    '<a xmlns="urn:a"><b xmlns=""><c/></b><d xmlns="urn:d"><a xmlns="urn:a"/></d></a>',
    '<p:a xmlns:p="urn:1"><p:a xmlns:p="urn:2"/><p:a/></p:a>',
    '<a xml:lang="en" xml:space="preserve"> </a>',
    '<a xmlns:unused="urn:u" type="unused:b"/>',
    '<Ж élan="ü">\U0001f600</Ж>',
    "<a>line\n\ttab</a>",
]


@pytest.mark.feature("F-XML-01")
@pytest.mark.parametrize("text", SAME)
def test_a_document_comes_back_as_it_was(text: str) -> None:
    assert serialize(parse(text), declaration=False).decode() == text
    assert parse(serialize(parse(text.encode()))) == parse(text)


@pytest.mark.feature("F-XML-02")
def test_the_tree_knows_names_order_and_places() -> None:
    root = parse('<a xmlns="urn:a" one="1">\n  <b/>é<b x="2">t<![CDATA[u]]><c>v</c></b>\n</a>')
    first, second = root.elements(QName("urn:a", "b"))
    assert (root.name, root.get("one"), root.get("two", "-")) == (QName("urn:a", "a"), "1", "-")
    assert root.children == ["\n  ", first, "é", second, "\n"]
    assert second.children == ["t", CData("u"), Element(QName("urn:a", "c"), children=["v"])]
    assert second.text == "tu"
    assert [(e.name.local, e.line, e.column) for e in root.walk()] == [
        ("a", 1, 1),
        ("b", 2, 3),
        ("b", 2, 8),
        ("c", 2, 31),
    ]
    assert str(second.name) == "{urn:a}b"
    assert str(QName("", "b")) == "b"
    assert dict(second.namespaces) == {"": "urn:a"}


def test_text_around_is_not_lost_and_kinds_of_nodes_differ() -> None:
    assert parse("<a>x</a>") != parse("<a><![CDATA[x]]></a>")
    assert parse("<a><!--x--></a>").children == [Comment("x")]
    assert parse("<a><?x y?></a>").children == [ProcessingInstruction("x", "y")]
    assert parse("<a x='1' y='2'/>") == parse("<a y='2' x='1'/>")
    assert parse("<!--before--><a/><?after?>") == parse("<a/>")
    assert parse("<a>" + "x" * 300_000 + "</a>").children == ["x" * 300_000]


@pytest.mark.feature("F-XML-03")
@pytest.mark.parametrize(
    "data",
    [
        "<a>é</a>".encode("utf-8-sig"),
        "<a>é</a>".encode("utf-16"),
        '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1"),
        '<?xml version="1.0" encoding="windows-1252"?><a>é</a>'.encode("cp1252"),
        '<?xml version="1.0" encoding="UTF-16"?><a>é</a>',
    ],
    ids=["utf-8 with mark", "utf-16", "latin-1", "windows-1252", "text whatever it declares"],
)
def test_the_encoding_is_detected(data: bytes | str) -> None:
    assert parse(data).text == "é"


@pytest.mark.feature("F-XML-04", "F-XML-05")
@pytest.mark.parametrize(
    ("data", "problem", "line", "column"),
    [
        (b"", "no element found", 1, 1),
        (b"<a", "unclosed token", 1, 1),
        (b"<a>\n <b></a>", "mismatched tag", 2, 7),
        (b"<a b='1' b='2'/>", "duplicate attribute", 1, 10),
        (b"<a b=1/>", "not well-formed", 1, 6),
        (b"<a/><b/>", "junk after document element", 1, 5),
        (b"<a>\r\n&nbsp;</a>", "undefined entity", 2, 1),
        (b"<p:a/>", "unbound prefix", 1, 1),
        (b"<a xmlns:p=''/>", "must not undeclare prefix", 1, 1),
        (b"<a>\xff</a>", "not well-formed", 1, 4),
        (b"<a>&#1;</a>", "reference to invalid character", 1, 4),
        (b"<a>]]></a>", "not well-formed", 1, 6),
        (b'<?xml version="1.0" encoding="nope"?><a/>', "encoding", 1, 1),
        ("<a>\n\ud800</a>", "surrogate", 2, 1),
        (b"<!DOCTYPE a><a/>", "document type declaration", 1, 12),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "document type declaration", 1, 40),
        (b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "document type declaration", 1, 13),
    ],
)
def test_what_is_refused_is_told_by_line_and_column(data: bytes | str, problem: str, line: int, column: int) -> None:
    with pytest.raises(XmlSyntaxFault, match=problem) as fault:
        parse(data)
    assert (fault.value.line, fault.value.column) == (line, column)
    assert f"line {line}, column {column}" in str(fault.value)


@pytest.mark.feature("F-XML-05")
def test_an_entity_bomb_is_refused_before_it_expands() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    with pytest.raises(XmlSyntaxFault, match="document type declaration"):
        parse(f'<!DOCTYPE a [<!ENTITY e0 "ha">{levels}]><a>&e9;</a>')


@pytest.mark.feature("F-XML-05")
@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("<a>" * 5 + "</a>" * 5, Limits(depth=4)),
        ("<a" + "".join(f' b{n}=""' for n in range(5)) + "/>", Limits(attributes=4)),
        ("<a>éééé</a>", Limits(size=14)),
        ("<a>" * 100_000, Limits()),
    ],
)
def test_a_document_over_the_limits_is_refused(text: str, limits: Limits) -> None:
    with pytest.raises(LimitExceeded):
        parse(text, limits=limits)


def test_a_document_at_the_limits_is_read() -> None:
    parsed = parse("<a>" * 4 + "<b c='' d=''/>" + "</a>" * 4, limits=Limits(size=42, depth=5, attributes=2))
    assert len(list(parsed.walk())) == 5


A, B = "urn:a", "urn:b"
WRITTEN = [
    (Element(QName("", "a")), "<a/>"),
    (Element(QName(A, "a"), children=[Element(QName(A, "b"))]), '<a xmlns="urn:a"><b/></a>'),
    (Element(QName(A, "a"), prefix="p", children=[Element(QName(A, "b"))]), '<p:a xmlns:p="urn:a"><p:b/></p:a>'),
    (Element(QName(A, "a"), {QName(A, "x"): "1"}), '<a xmlns="urn:a" xmlns:ns1="urn:a" ns1:x="1"/>'),
    (
        Element(QName(A, "a"), {QName(A, "x"): "1", QName(B, "y"): "2"}),
        '<a xmlns="urn:a" xmlns:ns1="urn:a" xmlns:ns2="urn:b" ns1:x="1" ns2:y="2"/>',
    ),
    (Element(QName(A, "a"), children=[Element(QName("", "b"))]), '<a xmlns="urn:a"><b xmlns=""/></a>'),
    (Element(QName(A, "a"), namespaces={"p": A, "q": B}), '<p:a xmlns:p="urn:a" xmlns:q="urn:b"/>'),
    (Element(QName(A, "a"), prefix="p", namespaces={"p": B}), '<ns1:a xmlns:p="urn:b" xmlns:ns1="urn:a"/>'),
    (Element(QName("", "a"), namespaces={"": A}), "<a/>"),
    (Element(QName(XML, "a"), {QName(XML, "lang"): "en"}), '<xml:a xml:lang="en"/>'),
    (Element(QName("", "a"), children=[CData("x]]>y")]), "<a><![CDATA[x]]]]><![CDATA[>y]]></a>"),
]


@pytest.mark.feature("F-XML-06")
@pytest.mark.parametrize(("element", "text"), WRITTEN)
def test_namespaces_are_declared_where_they_are_needed(element: Element, text: str) -> None:
    assert serialize(element, declaration=False).decode() == text
    read = parse(text)
    assert (read.name, read.attributes, read.text) == (element.name, element.attributes, element.text)


@pytest.mark.feature("F-XML-06")
def test_a_part_moved_elsewhere_takes_its_namespaces_along() -> None:
    part = next(parse('<p:a xmlns:p="urn:a" xmlns:q="urn:q"><p:b t="q:x"/></p:a>').elements())
    moved = Element(QName("", "new"), children=[part])
    assert serialize(moved, declaration=False) == b'<new><p:b xmlns:p="urn:a" xmlns:q="urn:q" t="q:x"/></new>'


@pytest.mark.feature("F-XML-11")
@pytest.mark.parametrize(
    "element",
    [
        Element(QName("", "a b")),
        Element(QName("", "1a")),
        Element(QName("", "")),
        Element(QName("", "p:a")),
        Element(QName("", "a"), {QName("", "x y"): ""}),
        Element(QName("", "a"), {QName("", "xmlns"): "urn:x"}),
        Element(QName("", "a"), {QName("", "x"): "\x00"}),
        Element(QName("", "a"), children=["\x0b"]),
        Element(QName("", "a"), children=["\ud800"]),
        Element(QName("", "a"), children=["\uffff"]),
        Element(QName("", "a"), children=[CData("a\rb")]),
        Element(QName("", "a"), children=[Comment("a--b")]),
        Element(QName("", "a"), children=[Comment("a-")]),
        Element(QName("", "a"), children=[ProcessingInstruction("a", "?>")]),
        Element(QName("", "a"), children=[ProcessingInstruction("XML", "")]),
        Element(QName("", "a"), namespaces={"p": ""}),
        Element(QName("", "a"), namespaces={"xmlns": A}),
        Element(QName("", "a"), namespaces={"p": XML}),
        Element(QName("", "a"), namespaces={"p q": A}),
    ],
)
def test_what_would_not_read_back_is_not_written(element: Element) -> None:
    with pytest.raises(InvalidInput):
        serialize(element)


@pytest.mark.feature("F-XML-07")
def test_a_namespace_is_renamed_everywhere() -> None:
    old = parse('<p:a xmlns:p="urn:a" xmlns="urn:b" p:x="1">t<p:c/><d/></p:a>')
    new = rename_namespaces(old, {"urn:a": "urn:new"})
    assert serialize(new, declaration=False) == b'<p:a xmlns:p="urn:new" xmlns="urn:b" p:x="1">t<p:c/><d/></p:a>'
    assert rename_namespaces(new, {"urn:new": "urn:a"}) == old
    assert (new.line, new.column) == (1, 1)


NAMES = st.sampled_from(["a", "b", "Ж", "c-1.x"])
QNAMES = st.builds(QName, st.sampled_from(["", A, B, XML]), NAMES)
CHARACTERS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, range(32))) + "\ufffe\uffff")
    | st.sampled_from("\t\n\r<>&\"']")
)
LEAVES = (
    st.builds(CData, CHARACTERS.filter(lambda text: "\r" not in text and "]]>" not in text))
    | st.builds(Comment, CHARACTERS.filter(lambda text: "-" not in text and "\r" not in text))
    | st.builds(ProcessingInstruction, NAMES, st.sampled_from(["", "x", "x y"]))
)
SCOPES = st.dictionaries(st.sampled_from(["", "p", "ns1"]), st.sampled_from([A, B]))
TREES = st.recursive(
    st.builds(
        Element,
        QNAMES,
        st.dictionaries(QNAMES, CHARACTERS),
        namespaces=SCOPES,
        prefix=st.sampled_from([None, "p", "ns1"]),
    ),
    lambda below: st.builds(
        lambda name, attributes, text, nodes, scope, prefix: Element(
            name, attributes, [*([text] if text else []), *nodes], namespaces=scope, prefix=prefix
        ),
        QNAMES,
        st.dictionaries(QNAMES, CHARACTERS, max_size=3),
        CHARACTERS,
        st.lists(below | LEAVES, max_size=4),
        SCOPES,
        st.sampled_from([None, "p", "q"]),
    ),
    max_leaves=8,
)


@given(TREES)
def test_every_tree_survives(tree: Element) -> None:
    data = serialize(tree)
    assert parse(data) == tree
    assert serialize(parse(data)) == data
