"""Element classes: a document as objects, objects as a document, and every way not to fit."""

from decimal import Decimal

import pytest

from demotic.xml import (
    Bound,
    Element,
    QName,
    XmlBindingFault,
    attribute,
    boolean,
    child,
    children,
    decimal,
    double,
    integer,
    names,
    one_of,
    parse,
    read,
    serialize,
    text,
    wildcard,
    write,
)

NS = "urn:shop"
META = "urn:meta"


class Note(Bound, name=QName(NS, "Note")):
    lang = attribute("Lang")
    value = text()


class Price(Bound, name=QName(NS, "Price")):
    currency = attribute("Currency", default="EUR")
    value = text(type=decimal)


class Item(Bound, name=QName(NS, "Item")):
    name = attribute("Name", required=True)
    active = attribute("Active", type=boolean, default=True)
    count = attribute("Count", type=integer)
    weight = attribute("Weight", type=double)
    state = attribute("State", type=one_of("new", "used"), default="new")
    tags = attribute("Tags", type=names, default=())
    rank = attribute(QName(META, "rank"), type=integer)
    price = child(Price)
    notes = children(Note)
    parts = children(lambda: Item, lambda: Service)


class Service(Item, name=QName(NS, "Service")):
    hours = attribute("Hours", type=integer, required=True)


class Holder(Bound, name=QName(NS, "Holder")):
    item = child(Item, required=True)
    anything = wildcard()


FULL = (
    f'<Item xmlns="{NS}" xmlns:m="{META}" '
    'Name="Set" Active="false" Count="3" Weight="1.5" State="used" Tags="a b" m:rank="1">'
    '<Price Currency="USD">9.50</Price><Note Lang="en">one &amp; only</Note><Note/>'
    '<Item Name="Inner"><Item Name="Innermost"/></Item><Service Name="Fit" Hours="2"/><Item Name="Last"/></Item>'
)


def item() -> Item:
    return Item(
        name="Set",
        active=False,
        count=3,
        weight=1.5,
        state="used",
        tags=("a", "b"),
        rank=1,
        price=Price(currency="USD", value=Decimal("9.50")),
        notes=[Note(lang="en", value="one & only"), Note(value="")],
        parts=[
            Item(name="Inner", parts=[Item(name="Innermost")]),
            Service(name="Fit", hours=2),
            Item(name="Last"),
        ],
    )


@pytest.mark.feature("F-XML-08")
def test_a_document_and_its_objects_are_each_others() -> None:
    found = read(parse(FULL), Item)
    assert found == item()
    assert serialize(write(found), declaration=False).decode() == FULL
    assert write(item()) == parse(FULL)


def test_what_is_left_out_reads_as_its_default_and_is_not_written() -> None:
    bare = f'<Item xmlns="{NS}" Name="x"/>'
    found = read(parse(bare), Item)
    assert (found.active, found.count, found.state, found.tags, found.price) == (True, None, "new", (), None)
    assert (found.notes, found.parts) == ([], [])
    assert serialize(write(found), declaration=False).decode() == bare
    found.notes.append(Note(value="added"))
    found.active = True
    assert [n.value for n in read(write(found), Item).notes] == ["added"]
    assert write(found).get("Active") == "true"


def test_objects_know_their_place_and_class_attributes_their_declaration() -> None:
    found = read(parse(f'<Item xmlns="{NS}" Name="x">\n  <Note/>\n</Item>'), Item)
    assert (found.line, found.column, found.notes[0].line, found.notes[0].column) == (1, 1, 2, 3)
    assert dict(found.notes[0].namespaces) == {"": NS}
    assert Item.name.name == QName("", "Name")
    assert repr(found.notes[0]) == "Note(value='')"


@pytest.mark.feature("F-XML-09")
def test_what_is_foreign_is_kept_and_written_back() -> None:
    text_ = f'<Item xmlns="{NS}" xmlns:x="urn:x" Name="a" x:b="1" xml:lang="en"><x:c d="2">t</x:c></Item>'
    found = read(parse(text_), Item)
    assert list(map(str, found.other_attributes)) == ["{urn:x}b", "{http://www.w3.org/XML/1998/namespace}lang"]
    assert [e.name for e in found.other_elements] == [QName("urn:x", "c")]
    assert serialize(write(found), declaration=False).decode() == text_
    assert found != read(parse(f'<Item xmlns="{NS}" Name="a"/>'), Item)


@pytest.mark.feature("F-XML-09")
def test_a_wildcard_takes_what_no_other_field_does() -> None:
    text_ = f'<Holder xmlns="{NS}"><Item Name="a"/><Unknown/><x:y xmlns:x="urn:x"/></Holder>'
    found = read(parse(text_), Holder)
    assert found.item.name == "a"
    assert [e.name.local for e in found.anything] == ["Unknown", "y"]
    assert serialize(write(found), declaration=False).decode() == text_


REFUSED = [
    ('<Item xmlns="urn:other" Name="a"/>', "/Item", 1, "expected the element {urn:shop}Item"),
    ("<I/>", "/Item/@Name", 1, "missing attribute"),
    ('<I Name="a" name="b"/>', "/Item/@name", 1, "unknown attribute, expected one of Active, Count, Name"),
    ('<I Name="a"\n m:rank="x"/>', "/Item/@{urn:meta}rank", 1, "'x' is wrong, expected an integer"),
    ('<I Name="a" Active="yes"/>', "/Item/@Active", 1, "expected 'true'"),
    ('<I Name="a" State="old"/>', "/Item/@State", 1, "expected 'new' or 'used'"),
    ('<I Name="a">\n<Bogus/></I>', "/Item/Bogus", 2, "unknown element, expected one of Item, Note, Price, Service"),
    ('<I Name="a">\n<Bogus xmlns=""/></I>', "/Item/Bogus", 2, "unknown element"),
    ('<I Name="a">\n<Price>1</Price>\n<Price>2</Price></I>', "/Item/Price[2]", 3, "a second element Price"),
    ('<I Name="a"><Price/></I>', "/Item/Price", 1, "'' is wrong, expected a decimal number"),
    ('<I Name="a"><Price>1<Note/></Price></I>', "/Item/Price/Note", 1, "unknown element, expected none here"),
    ('<I Name="a">\n<Note/>stray</I>', "/Item", 1, "unexpected text 'stray'"),
    ('<I Name="a"><![CDATA[stray]]></I>', "/Item", 1, "unexpected text 'stray'"),
    ('<I Name="a"><Service Name="b"/>\n<Service Name="c"/></I>', "/Item/Service[1]/@Hours", 1, "expected an integer"),
]


@pytest.mark.feature("F-XML-10")
@pytest.mark.parametrize(("document", "path", "line", "problem"), REFUSED)
def test_what_does_not_fit_is_told_by_path_place_and_expectation(
    document: str, path: str, line: int, problem: str
) -> None:
    opening = f'<Item xmlns="{NS}" xmlns:m="{META}"'
    document = document.replace("<I ", opening + " ").replace("<I/", opening + "/").replace("</I>", "</Item>")
    with pytest.raises(XmlBindingFault) as fault:
        read(parse(document), Item)
    assert (fault.value.target, fault.value.line) == (path, line)
    assert problem in fault.value.problem
    assert f"{path} at line {line}, column" in str(fault.value)


@pytest.mark.feature("F-XML-10")
def test_all_faults_are_told_at_once_up_to_fifty() -> None:
    with pytest.raises(XmlBindingFault) as fault:
        read(parse(f'<Item xmlns="{NS}"><Item/><Item Name="a" Count="x"/></Item>'), Item)
    assert [d.target for d in (fault.value, *fault.value.details)] == [
        "/Item/@Name",
        "/Item/Item[1]/@Name",
        "/Item/Item[2]/@Count",
    ]
    with pytest.raises(XmlBindingFault) as fault:
        read(parse(f'<Item xmlns="{NS}" Name="a">{"<Item/>" * 100}</Item>'), Item)
    assert len(fault.value.details) == 49


def test_a_missing_child_is_a_fault() -> None:
    with pytest.raises(XmlBindingFault, match="missing element Item, expected one"):
        read(parse(f'<Holder xmlns="{NS}"/>'), Holder)


@pytest.mark.feature("F-XML-11")
@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (Item(), "/Item: name is required"),
        (Item(name="a", parts=[Service(name="b")]), "/Item/Service: hours is required"),
        (Holder(), "/Holder: item is required"),
        (Item(name="a", notes=[Item(name="b")]), "/Item: notes cannot hold Item"),
        (Item(name="a", price="9.50"), "/Item: price cannot hold str"),
    ],
)
def test_what_would_not_read_back_is_not_written(value: Bound, problem: str) -> None:
    with pytest.raises(XmlBindingFault, match=problem):
        write(value)


def test_mistakes_in_a_program_are_told_as_such() -> None:
    with pytest.raises(TypeError, match="Note has no field valeu"):
        Note(valeu="x")
    with pytest.raises(AttributeError, match=r"Item\.name is required and not set"):
        _ = Item().name
    with pytest.raises(TypeError, match="declares an attribute twice"):

        class Twice(Bound, name=QName(NS, "Twice")):
            a = attribute("A")
            b = attribute("A")

    with pytest.raises(TypeError, match="TextField more than once"):

        class Texts(Bound, name=QName(NS, "Texts")):
            a = text()
            b = text()

    class Children(Bound, name=QName(NS, "Children")):
        a = children(Note)
        b = child(Note)

    class Nameless(Bound):
        a = attribute("A")

    with pytest.raises(TypeError, match="declares the child"):
        read(Element(QName(NS, "Children"), children=[Element(QName(NS, "Note"))]), Children)
    with pytest.raises(TypeError, match="Nameless has no element name"):
        write(Nameless())
