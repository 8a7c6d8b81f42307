"""Smaller promises about classes, attributes and documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from demotic.errors import InvalidInput, NotFound
from demotic.xml import (
    XML,
    Bound,
    CData,
    Comment,
    Declaration,
    Document,
    Element,
    ProcessingInstruction,
    QName,
    XmlSyntaxFault,
    attribute,
    attributes_of,
    child,
    children,
    mixed,
    parse,
    read,
    serialize,
    text,
    wildcard,
)


class Thumb(Bound, name=QName("urn:m", "thumb")):
    class_ = attribute("class")
    lang = attribute(QName(XML, "lang"))
    odd = attribute(QName("urn:o", "a-b.c"), id=True)


class Plain(Bound, name=QName("", "name")):
    value = text()


class Structured(Bound, name=QName("", "name")):
    given_ = child(Plain)


class Person(Bound, name=QName("", "person")):
    name = child(Plain)


class Company(Bound, name=QName("", "company")):
    name = child(Structured)
    any = wildcard()


class Root(Bound, name=QName("", "root")):
    person = child(Person)
    company = child(Company)


@pytest.mark.feature("F-XML-13")
@pytest.mark.spec("XML-002")
def test_one_name_has_another_class_in_another_context() -> None:
    data = (
        '<root><person><name>x</name></person><company><name/><m:thumb xmlns:m="urn:m"/><z><m:thumb xmlns:m="urn:m"/>'
        '</z></company><m:thumb xmlns:m="urn:m" class="c"/></root>'
    )
    root = read(data, Root, classes=[Thumb])
    assert root.person is not None
    assert root.company is not None
    assert (type(root.person.name), type(root.company.name)) == (Plain, Structured)
    thumb, other = root.company.any
    assert (type(thumb), type(other)) == (Thumb, Element)
    assert type(other.children[0]) is Thumb
    assert [type(node) for node in root.other_elements] == [Thumb]
    assert serialize(root, declaration=False).decode() == data
    assert type(read('<m:thumb xmlns:m="urn:m"/>', classes=[Thumb])) is Thumb
    assert type(read("<other/>", classes=[Thumb])) is Element


@pytest.mark.spec("XML-025", "XML-027", "XML-033", "XML-095")
def test_a_class_declares_name_content_and_id_and_any_attribute_under_any_name() -> None:
    data = '<m:thumb xmlns:m="urn:m" xmlns:q="urn:o" class="c" xml:lang="fr" q:a-b.c="i"/>'
    document = Document.parse(data, Thumb)
    assert (document.root.class_, document.root.lang, document.root.odd) == ("c", "fr", "i")
    assert document.by_id("i") is document.root
    document.root.odd = "j"
    document.root.lang = None
    assert serialize(document.root, declaration=False).decode() == (
        '<m:thumb xmlns:m="urn:m" xmlns:q="urn:o" class="c" q:a-b.c="j"/>'
    )
    assert (Thumb._binding.content.elements, Thumb._binding.content.text) == (False, False)
    assert Root._binding.name == QName("", "root")


@pytest.mark.spec("XML-026", "XML-035")
def test_attributes_are_had_by_name() -> None:
    thumb = read('<thumb xmlns="urn:m" xmlns:x="urn:x" x:y="1" class="c"/>', Thumb)
    assert dict(thumb.other_attributes) == {QName("urn:x", "y"): "1"}
    everything = attributes_of(thumb)
    everything.clear()
    assert attributes_of(thumb) == {QName("urn:x", "y"): "1", QName("", "class"): "c"}
    with pytest.raises(KeyError):
        _ = thumb.other_attributes[QName("", "z")]
    with pytest.raises(KeyError, match="has a field of its own"):
        thumb.other_attributes[QName("", "class")] = "d"
    thumb.other_attributes[QName("urn:x", "y")] = "2"
    thumb.other_attributes[QName("", "z")] = "3"
    assert serialize(thumb, declaration=False) == (b'<thumb xmlns="urn:m" xmlns:x="urn:x" x:y="2" class="c" z="3"/>')
    del thumb.other_attributes[QName("urn:x", "y")]
    thumb.class_ = None
    thumb.other_attributes = {QName("", "only"): "1"}
    assert attributes_of(thumb) == {QName("", "only"): "1"}
    with pytest.raises(KeyError):
        del thumb.other_attributes[QName("", "z")]


def test_other_elements_are_a_list() -> None:
    root = read("<root><a xmlns='urn:a'/><person/><b xmlns='urn:b'/></root>", Root)
    assert [e.name.local for e in root.other_elements] == ["a", "b"]
    root.other_elements.insert(1, Element(QName("urn:c", "c")))
    root.other_elements.append(Element(QName("urn:d", "d")))
    root.other_elements[0] = Element(QName("urn:e", "e"))
    del root.other_elements[2]
    assert [e.name.local for e in root.other_elements] == ["e", "c", "d"]
    assert [e.name.local for e in root.other_elements[1:]] == ["c", "d"]
    root.other_elements = []
    assert serialize(root, declaration=False) == b"<root><person/></root>"


DECLARATIONS = [
    ("<a/>", None, True),
    ('<?xml version="1.0"?><a/>', Declaration("1.0"), True),
    ("<?xml version='1.0' encoding='UTF-8' standalone='no'?><a/>", Declaration("1.0", "UTF-8", False), True),
    ("<?xml version='1.0' standalone='yes'?><!DOCTYPE a SYSTEM 'x'><a/>", Declaration("1.0", None, True), True),
    ("<!DOCTYPE a SYSTEM 'x'><a/>", None, False),
    ("<!DOCTYPE a [<!ENTITY e 'x'>]><a/>", None, True),
    ("<!DOCTYPE a [<!ENTITY % e ''>%e;]><a/>", None, False),
]


@pytest.mark.spec("XML-057", "XML-085")
@pytest.mark.parametrize(("data", "declaration", "standalone"), DECLARATIONS)
def test_the_declaration_and_what_it_means(data: str, declaration: Declaration | None, standalone: bool) -> None:
    document = Document.parse(data)
    assert (document.declaration, document.standalone) == (declaration, standalone)
    assert Document.parse(document.serialize()).standalone == standalone


@pytest.mark.feature("F-XML-16")
@pytest.mark.spec("XML-065", "XML-066")
def test_a_document_is_loaded_from_an_address(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text("<a/>")
    assert Document.load(file.as_uri()).root.name.local == "a"
    data = '<?xml version="1.0" encoding="utf-8"?><a>é</a>'.encode("latin-1")
    asked = []

    def fetch(address: str) -> tuple[bytes, str | None]:
        asked.append(address)
        return data, "iso-8859-1"

    document = Document.load("http://h/a.xml", fetch=fetch)
    assert (document.root.text, str(document.base), asked) == ("é", "http://h/a.xml", ["http://h/a.xml"])
    with pytest.raises(InvalidInput, match="nothing that fetches"):
        Document.load("http://h/a.xml")
    with pytest.raises(NotFound):
        Document.load((tmp_path / "missing.xml").as_uri())


@pytest.mark.feature("F-XML-01")
@pytest.mark.spec("XML-090", "XML-005")
def test_every_kind_of_node_is_kept() -> None:
    data = "<a>x<!-- c --><?p d?><![CDATA[<&>]]><b/>&amp;</a>"
    nodes = parse(data).children
    assert nodes == ["x", Comment(" c "), ProcessingInstruction("p", "d"), CData("<&>"), Element(QName("", "b")), "&"]
    assert serialize(parse(data), declaration=False).decode() == data


@pytest.mark.spec("XML-094")
def test_documents_are_those_of_xml_10() -> None:
    assert Document.parse('<?xml version="1.1"?><a/>').declaration == Declaration("1.1")
    with pytest.raises(XmlSyntaxFault):
        parse('<?xml version="1.1"?><a>&#1;</a>')


class Loose(Bound, name=QName("", "loose")):
    content = mixed()


def test_assigning_a_list_copies_it() -> None:
    nodes: list = ["a", Comment("b")]
    loose = Loose(content=nodes)
    nodes.append("c")
    loose.content += ["d"]
    assert serialize(loose, declaration=False) == b"<loose>a<!--b-->d</loose>"
    holder = Company()
    holder.any.extend([Element(QName("", "x"))])
    assert serialize(holder, declaration=False) == b"<company><x/></company>"


def test_a_text_is_one_node() -> None:
    assert Loose(content="text").content == ["text"]
    assert Element(QName("", "a"), children="text").children == ["text"]
    loose = Loose(content=["x"])
    loose.content = None
    assert serialize(loose, declaration=False) == b"<loose/>"


def test_children_may_be_sorted_in_place() -> None:
    class N(Bound, name=QName("", "n")):
        value = text()

    class Ns(Bound, name=QName("", "ns")):
        values = children(N)

    numbers = read("<ns>\n<n>2</n>\n<n>1</n>\n</ns>", Ns)
    numbers.values.sort(key=lambda n: n.value)
    assert serialize(numbers, declaration=False) == b"<ns>\n<n>1</n>\n<n>2</n>\n</ns>"
