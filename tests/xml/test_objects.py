"""Objects that were read: what is kept of the document, what changes when a field does, and the rarer declarations."""

from __future__ import annotations

import pytest

from demotic.syntax import xsd
from demotic.xml import (
    Bound,
    CData,
    Comment,
    Document,
    Element,
    QName,
    XmlBindingFault,
    assign,
    attribute,
    boolean,
    child,
    children,
    counted,
    decimal,
    integer,
    list_of,
    mixed,
    nillable,
    one_of,
    parse,
    read,
    serialize,
    text,
    wildcard,
    write,
)

NS = "urn:list"


class Item(Bound, name=QName(NS, "item")):
    n = attribute("n", type=integer)
    ok = attribute("ok", type=boolean)
    value = text()


class Price(Bound, name=QName(NS, "price")):
    value = text(type=decimal)


class Listing(Bound, name=QName(NS, "list")):
    id = attribute("id", id=True)
    primes = attribute("primes", type=list_of(integer))
    weights = attribute("weights", type=counted(integer))
    items = children(Item)
    price = child(Price)


def written(value: Bound) -> str:
    return serialize(value, declaration=False).decode()


AS_IT_STOOD = [
    f'<list xmlns="{NS}" primes="2  3" id="a" >',
    "\n  <!-- one -->\n  <item n='+1' ok='1'><![CDATA[x < y]]></item> <?go on?>\n",
    '  <price> 09.50 </price>\n  <item ok="0" n="2"/>\n',
    '  <x:foreign xmlns:x="urn:x" x:a="1"><x:b/></x:foreign>\n</list>',
]


@pytest.mark.feature("F-XML-12")
def test_what_was_not_changed_is_written_as_it_stood() -> None:
    document = "".join(AS_IT_STOOD)
    listing = read(document, Listing)
    assert written(listing) == document.replace('"a" >', '"a">').replace("n='+1' ok='1'", 'n="+1" ok="1"')
    assert serialize(write(listing)) == serialize(listing)
    assert (listing.primes, listing.items[0].n, listing.items[0].ok, listing.items[0].value) == (
        [2, 3],
        1,
        True,
        "x < y",
    )


CHANGES = [
    ("listing.items[0].n = 5", 'n="+1" ok="1"', 'n="5" ok="1"'),
    ("listing.items[0].ok = None", 'n="+1" ok="1"', 'n="+1"'),
    ("listing.items[0].value = 'a < b'", "<![CDATA[x < y]]>", "<![CDATA[a < b]]>"),
    ("listing.items[0].value = ''", "<![CDATA[x < y]]>", "<![CDATA[]]>"),
    ("listing.price.value = 3", " 09.50 ", "3"),
    ("listing.price = None", "\n  <price> 09.50 </price>", ""),
    ("del listing.price", "\n  <price> 09.50 </price>", ""),
    ("listing.items.pop()", '\n  <item ok="0" n="2"/>', ""),
    ("del listing.items[1]", '\n  <item ok="0" n="2"/>', ""),
    ("listing.items.append(Item(value='new'))", 'n="2"/>', 'n="2"/>\n  <item>new</item>'),
    ("listing.items += [Item(n=3), Item(n=4)]", 'n="2"/>', 'n="2"/>\n  <item n="3"/>\n  <item n="4"/>'),
    ("listing.items.reverse()", None, None),
    ("listing.items[1] = Item(n=9)", '<item ok="0" n="2"/>', '<item n="9"/>'),
    ("listing.primes = [5]", 'primes="2  3"', 'primes="5"'),
    ("listing.primes = []", 'primes="2  3"', 'primes=""'),
    ("listing.weights = {3: 2, 4: 1}", 'id="a"', 'id="a" weights="3 3 4"'),
    ("listing.other_attributes[QName('urn:x', 'y')] = '1'", None, None),
    ("listing.other_elements.clear()", '\n  <x:foreign xmlns:x="urn:x" x:a="1"><x:b/></x:foreign>', None),
]


@pytest.mark.feature("F-XML-12")
@pytest.mark.parametrize(("change", "old", "new"), CHANGES, ids=[change for change, _, _ in CHANGES])
def test_a_change_changes_its_own_place_and_nothing_else(change: str, old: str | None, new: str | None) -> None:
    listing = read("".join(AS_IT_STOOD), Listing)
    before = written(listing)
    exec(change, {"listing": listing, "Item": Item, "QName": QName})
    after = written(listing)
    if old is not None and new is not None:
        assert after == before.replace(old, new)
    assert after != before
    assert read(after, Listing) == listing


@pytest.mark.spec("XML-029", "XML-030", "XML-031")
def test_a_list_or_counted_value_reads_and_writes() -> None:
    listing = read(f'<list xmlns="{NS}" id="a" primes="2 3 5 7" weights="1 2 1"/>', Listing)
    assert (listing.primes, listing.weights) == ([2, 3, 5, 7], {1: 2, 2: 1})
    listing.primes = [*(listing.primes or []), 11]
    listing.id = None
    assert written(listing) == f'<list xmlns="{NS}" primes="2 3 5 7 11" weights="1 2 1"/>'
    assign(listing, primes=[], weights={})
    assert written(listing) == f'<list xmlns="{NS}" primes="" weights=""/>'


class Em(Bound, name=QName("", "em")):
    content = mixed(lambda: Em)


class Para(Bound, name=QName("", "p")):
    lang = attribute("lang")
    content = mixed(Em)


@pytest.mark.feature("F-XML-13")
def test_mixed_content_is_one_list() -> None:
    para = read("<p>one <em>two <em>three</em></em><!--c--> <b>four</b>.</p>", Para)
    first, em, comment, space, bold, last = para.content
    assert (first, comment, space, last) == ("one ", Comment("c"), " ", ".")
    assert isinstance(em, Em)
    assert isinstance(bold, Element)
    assert em.content[0] == "two "
    para.content.insert(1, CData("<raw>"))
    para.content.append(Em(content=["five"]))
    assert written(para) == (
        "<p>one <![CDATA[<raw>]]><em>two <em>three</em></em><!--c--> <b>four</b>.<em>five</em></p>"
    )
    assert read(written(para), Para) == para


class Shape(Bound):
    label = attribute("label")


class Circle(Shape, name=QName("", "circle"), substitutes=Shape):
    r = attribute("r", type=integer, required=True)


class Square(Shape, name=QName("", "square"), substitutes=Shape):
    a = attribute("a", type=integer)


class Drawing(Bound, name=QName("", "drawing")):
    shapes = children(Shape)
    others = wildcard("##other")


@pytest.mark.feature("F-XML-13")
def test_members_of_a_substitution_group_stand_where_their_head_is_declared() -> None:
    document = '<drawing><square a="2"/><circle r="1" label="c"/></drawing>'
    drawing = read(document, Drawing)
    assert drawing.shapes == [Square(a=2), Circle(r=1, label="c")]
    assert written(drawing) == document

    class Line(Shape, name=QName("", "line"), substitutes=Shape):
        pass

    assert isinstance(read("<drawing><line/></drawing>", Drawing).shapes[0], Line)
    with pytest.raises(XmlBindingFault, match="unknown element, expected one of circle, line, square"):
        read("<drawing><oval/></drawing>", Drawing)


@pytest.mark.feature("F-XML-13")
def test_a_wildcard_takes_the_namespaces_that_it_names() -> None:
    drawing = read('<drawing><x xmlns="urn:x"/></drawing>', Drawing)
    assert [element.name for element in drawing.others] == [QName("urn:x", "x")]
    drawing.others.clear()
    assert written(drawing) == "<drawing/>"


class Party(Bound, name=QName("", "party"), type=QName("urn:t", "Party")):
    name = attribute("name")


class Person(Party, type=QName("urn:t", "Person")):
    born = attribute("born", type=integer)


class Parties(Bound, name=QName("", "parties")):
    parties = children(Party)


@pytest.mark.feature("F-XML-13")
def test_xsi_type_chooses_the_class() -> None:
    head = '<parties xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:t="urn:t">'
    document = f'{head}<party name="x"/><party i:type="t:Person" born="1815"/></parties>'
    found = read(document, Parties)
    assert [type(party) for party in found.parties] == [Party, Person]
    assert found == read(parse(document), Parties)
    assert written(found) == document
    with pytest.raises(XmlBindingFault, match="'t:Dog' names no type that can stand for Party"):
        read(f'{head}<party i:type="t:Dog"/></parties>', Parties)


class Amount(Bound, name=QName("", "amount")):
    value = text(type=nillable(integer))


@pytest.mark.feature("F-XML-13")
def test_a_nil_element_has_no_value() -> None:
    document = '<amount xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'
    amount = read(document, Amount)
    assert amount.value is None
    assert written(amount) == document
    assert read("<amount>3</amount>", Amount).value == 3
    with pytest.raises(XmlBindingFault, match="nil has text"):
        read(document.replace("/>", ">3</amount>"), Amount)
    with pytest.raises(XmlBindingFault, match="'' is wrong"):
        read("<amount/>", Amount)


class Ordered(Bound, name=QName("", "o"), ordered=True):
    first = child(Em)
    second = children(Para)


def test_an_ordered_class_wants_its_children_in_order() -> None:
    assert len(read("<o><em/><p/><p/></o>", Ordered).second) == 2
    with pytest.raises(XmlBindingFault, match=r"/o/em at line 1, column 8: out of order, expected before p"):
        read("<o><p/><em/></o>", Ordered)


def test_faults_may_be_collected_and_what_is_wrong_kept() -> None:
    faults: list[XmlBindingFault] = []
    item = read('<item n="x" m="1">t<y/></item>'.replace("<item", f'<item xmlns="{NS}"'), Item, report=faults.append)
    assert [(f.target, f.data) for f in faults] == [("/item/@n", "x"), ("/item/@m", "1"), ("/item/y", "")]
    assert faults[0].node is item
    assert (item.n, item.value, dict(item.other_attributes)) == (None, "t", {QName("", "m"): "1"})
    assert written(item) == f'<item xmlns="{NS}" n="x" m="1">t<y/></item>'


def test_a_class_is_declared_once_and_without_the_names_of_its_base() -> None:
    with pytest.raises(TypeError, match=r"Bad\.line is a name that every element class uses itself"):

        class Bad(Bound, name=QName("", "bad")):
            line = attribute("line")

    with pytest.raises(TypeError, match="which takes all text and children by itself"):

        class Both(Bound, name=QName("", "both")):
            content = mixed(Em)
            items = children(Item)

    with pytest.raises(AttributeError, match="Item has no field nn"):
        Item().nn = 1
    with pytest.raises(AttributeError, match="Item has no field nn"):
        del Item().nn


def test_choices_are_words() -> None:
    kind = one_of("a", "b")
    assert kind.parse(" a ") == "a"


class Typed(Bound, name=QName("", "typed")):
    when = attribute("when", type=xsd.dateTime)
    kind = attribute("kind", type=xsd.QName)
    small = attribute("small", type=xsd.byte, default=0)
    value = text(type=xsd.hexBinary)


@pytest.mark.feature("F-XML-13")
@pytest.mark.spec("XML-028", "XML-015")
def test_datatypes_of_xml_schema_are_types_of_fields() -> None:
    document = '<typed xmlns:p="urn:p" when="2026-01-01T00:00:00Z" kind="p:x" small=" 7 ">0aFF</typed>'
    typed = read(document, Typed)
    assert (str(typed.when), typed.small, typed.value) == ("2026-01-01T00:00:00Z", 7, b"\x0a\xff")
    assert typed.kind is not None
    assert (typed.kind.namespace, typed.kind.local) == ("urn:p", "x")
    assert written(typed) == document
    typed.small = -1
    typed.value = b"\x00"
    assert written(typed) == document.replace('" 7 "', '"-1"').replace("0aFF", "00")
    with pytest.raises(XmlBindingFault, match=r"/typed/@small.*'300' is wrong"):
        read(document.replace(" 7 ", "300"), Typed)


class Single(Bound, name=QName("", "single")):
    """Something with one child, and with many."""

    one = child(Circle)
    many = children(Square)


@pytest.mark.feature("F-XML-13")
def test_a_second_child_where_one_is_expected_is_kept_until_the_field_is_emptied() -> None:
    document = '<single><circle r="1"/> <circle r="2"/><square a="1"/></single>'
    single = Document.parse(document, Single, report=lambda _: None).root
    assert single.one == Circle(r=1) and len(single.many) == 1
    assert written(single) == document
    single.many.append(Square(a=2))
    assert written(single) == document.replace("</single>", '<square a="2"/></single>')
    single.one = None
    assert written(single) == '<single><square a="1"/><square a="2"/></single>'
