"""The datatypes of XML Schema as types of attributes and text."""

from enum import IntEnum

import pytest

from demotic.syntax import xsd
from demotic.xml import Bound, Lexical, QName, XmlBindingFault, attribute, parse, read, serialize, text, write


class Fruit(IntEnum):
    apples = 1
    pears = 2


class Basket(Bound, name=QName("", "basket")):
    """One attribute of every kind of datatype."""

    size = attribute("size", type=Lexical.of(xsd.byte))
    ripe = attribute("ripe", type=Lexical.of(xsd.dateTime))
    weights = attribute("weights", type=Lexical.of(xsd.list_of(xsd.decimal)))
    grade = attribute("grade", type=Lexical.of(xsd.token.restrict("grade", pattern="[A-C]")))
    fruit = attribute("fruit", type=Lexical.of(xsd.Enumeration(Fruit)))
    code = text(type=Lexical.of(xsd.hexBinary))


@pytest.mark.spec("XSD-012")
@pytest.mark.feature("F-XSD-09")
def test_datatypes_are_types_of_attributes_and_text() -> None:
    source = '<basket size="+7" ripe="2004-04-12T24:00:00Z" weights=" 1.50  2 " grade=" B " fruit="pears">0fb7</basket>'
    basket = read(source, Basket)
    assert basket.size == 7
    assert basket.ripe == xsd.DateTime(2004, 4, 13, timezone=0)
    assert basket.weights == (xsd.decimal.parse("1.5"), 2)
    assert (basket.grade, basket.fruit, basket.code) == ("B", Fruit.pears, b"\x0f\xb7")
    basket.size, basket.weights, basket.grade, basket.ripe = 8, (), "C", basket.ripe + xsd.duration.parse("P1D")
    written = parse(serialize(write(basket)))
    assert {name.local: value for name, value in written.attributes.items()} == {
        "size": "8",
        "ripe": "2004-04-14T00:00:00Z",
        "weights": "",
        "grade": "C",
        "fruit": "pears",
    }
    assert written.text == "0fb7", "what nobody touched stays as it was"


@pytest.mark.spec("XSD-012")
@pytest.mark.feature("F-XSD-09")
@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ('size="128"', "at most 127"),
        ('ripe="2004-02-30T00:00:00"', "a day up to 29"),
        ('weights="1 x"', "a decimal number"),
        ('grade="D"', "does not match"),
        ('fruit="plums"', "one of apples, pears"),
    ],
)
def test_a_literal_that_is_none_is_told_with_its_place(attributes: str, problem: str) -> None:
    with pytest.raises(XmlBindingFault) as fault:
        read(f"<basket {attributes}>00</basket>", Basket)
    assert problem in str(fault.value) + "".join(map(str, fault.value.details))
