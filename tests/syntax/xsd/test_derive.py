"""Types of one's own: facets, what they refuse, which derivations are none, lists and unions."""

from decimal import Decimal
from typing import Any

import pytest

from demotic.errors import InvalidInput, LimitExceeded
from demotic.syntax import xsd
from demotic.syntax.xsd import (
    Context,
    DatatypeError,
    DerivationFault,
    ExpandedName,
    LiteralFault,
    PatternFault,
    SimpleType,
)

# A base type, facets, literals that are of the derived type, and ones that are not, with the rule that says so.
FACETS: list[tuple[SimpleType, dict[str, Any], list[str], list[str], str]] = [
    (xsd.string, {"length": 3}, ["abc", "a\nb", "😀😀😀"], ["ab", "abcd"], "cvc-length-valid"),
    (xsd.string, {"minLength": 2}, ["ab", "abc"], ["a", ""], "cvc-minLength-valid"),
    (xsd.string, {"maxLength": 2}, ["", "ab"], ["abc"], "cvc-maxLength-valid"),
    (xsd.hexBinary, {"length": 2}, ["0FB7"], ["0F", "0FB700"], "cvc-length-valid"),
    (xsd.base64Binary, {"maxLength": 2}, ["AA==", "AAA="], ["AAAA"], "cvc-maxLength-valid"),
    (xsd.anyURI, {"minLength": 1}, ["a"], [""], "cvc-minLength-valid"),
    (xsd.NMTOKENS, {"maxLength": 2}, ["a", "a b"], ["a b c"], "cvc-maxLength-valid"),
    (xsd.string, {"pattern": "[a-z]+"}, ["abc"], ["", "ABC", "a b"], "cvc-pattern-valid"),
    (xsd.string, {"pattern": ["a+", "b+"]}, ["aa", "bb"], ["ab"], "cvc-pattern-valid"),
    (xsd.integer, {"pattern": "[0-9]{2}"}, ["07", "42"], ["7", "+7", "123"], "cvc-pattern-valid"),
    (xsd.string, {"enumeration": ["red", "green"]}, ["red"], ["blue", " red"], "cvc-enumeration-valid"),
    (xsd.decimal, {"enumeration": ["1.0", 2]}, ["1", "1.00", "2.0"], ["1.5"], "cvc-enumeration-valid"),
    (xsd.float, {"enumeration": ["NaN", "0"]}, ["NaN", "-0"], ["1"], "cvc-enumeration-valid"),
    (xsd.NMTOKENS, {"enumeration": ["a b", ("c",)]}, ["a  b", "c"], ["a", "b a"], "cvc-enumeration-valid"),
    (
        xsd.dateTime,
        {"enumeration": ["2000-01-01T12:00:00Z"]},
        ["2000-01-01T13:00:00+01:00"],
        ["2000-01-01T12:00:00"],
        "cvc-enumeration-valid",
    ),
    (xsd.integer, {"minInclusive": 1, "maxInclusive": 3}, ["1", "3"], ["0", "4"], "Inclusive"),
    (xsd.decimal, {"minExclusive": "0", "maxExclusive": 1}, ["0.001", "0.999"], ["0", "1"], "Exclusive"),
    (xsd.double, {"maxInclusive": 1.5}, ["1.5", "-INF"], ["1.6", "NaN"], "cvc-maxInclusive-valid"),
    (xsd.date, {"minInclusive": "2000-01-01"}, ["2000-01-01"], ["1999-12-31", "2000-01-01Z"], "cvc-minInclusive-valid"),
    (xsd.duration, {"maxExclusive": "P1M"}, ["P27D"], ["P28D", "P1M", "P32D"], "cvc-maxExclusive-valid"),
    (xsd.decimal, {"totalDigits": 3}, ["123", "1.23", "0.123", "0012.30"], ["1234", "0.1234"], "cvc-totalDigits-valid"),
    (xsd.decimal, {"fractionDigits": 2}, ["1.23", "1.2300", "100"], ["1.234", "0.001"], "cvc-fractionDigits-valid"),
    (xsd.integer, {"totalDigits": 2}, ["99", "-99", "007"], ["100"], "cvc-totalDigits-valid"),
    (xsd.gYear, {"explicitTimezone": "required"}, ["2000Z"], ["2000"], "cvc-explicitTimezone-valid"),
    (xsd.date, {"explicitTimezone": "prohibited"}, ["2000-01-01"], ["2000-01-01Z"], "cvc-explicitTimezone-valid"),
    (xsd.time, {"explicitTimezone": "optional"}, ["00:00:00", "00:00:00Z"], ["x"], "cvc-datatype-valid"),
    (xsd.integer, {"assertion": lambda value: value % 2 == 0}, ["2"], ["3"], "cvc-assertion-valid"),
    (xsd.string, {"whiteSpace": "collapse", "length": 3}, ["  a \n b "], ["a b c"], "cvc-length-valid"),
]  # fmt: skip


@pytest.mark.spec("XSD-015")
@pytest.mark.feature("F-XSD-10")
@pytest.mark.parametrize(("base", "facets", "good", "bad", "rule"), FACETS, ids=lambda v: str(v)[:40])
def test_a_facet_restricts(base: SimpleType, facets: dict, good: list[str], bad: list[str], rule: str) -> None:
    derived = base.restrict("derived", **facets)
    assert derived.base is base
    assert derived.name == "derived"
    for literal in good:
        value = derived.parse(literal)
        assert derived.holds(value)
        assert "pattern" in facets or derived.parse(derived.format(value)) == value or value != value
    for literal in bad:
        with pytest.raises(LiteralFault) as refusal:
            derived.parse(literal)
        assert rule in refusal.value.rule
        assert refusal.value.target == "derived"


@pytest.mark.spec("XSD-015")
@pytest.mark.feature("F-XSD-10")
def test_facets_of_all_steps_hold() -> None:
    first = xsd.string.restrict("first", pattern="[a-z]+", maxLength=5)
    second = first.restrict("second", pattern=".*x", minLength=2)
    third = second.restrict("third", enumeration=["abx", "yx"], assertion=str.islower)
    assert [text for text in ("x", "ax", "abcdx", "abcdex", "Ax", "ab") if second.is_valid(text)] == ["ax", "abcdx"]
    assert [text for text in ("abx", "yx", "zx") if third.is_valid(text)] == ["abx", "yx"]
    assert third.facets["maxLength"] == 5
    assert third.restrict("fourth", assertion=lambda text: text != "yx").is_valid("yx") is False


@pytest.mark.feature("F-XSD-11")
@pytest.mark.parametrize(
    ("base", "facets", "message"),
    [
        (xsd.string, {"assertion": 5}, "function of the value"),
        (xsd.string, {"minimum": 1}, "'minimum' is no facet"),
        (xsd.boolean, {"enumeration": ["true"]}, "boolean has no facet enumeration"),
        (xsd.boolean, {"length": 1}, "boolean has no facet length"),
        (xsd.string, {"maxInclusive": "a"}, "string has no facet maxInclusive"),
        (xsd.double, {"totalDigits": 2}, "double has no facet totalDigits"),
        (xsd.duration, {"explicitTimezone": "required"}, "no facet explicitTimezone"),
        (xsd.hexBinary, {"fractionDigits": 2}, "no facet fractionDigits"),
        (xsd.string, {"length": -1}, "whole number from 0"),
        (xsd.string, {"length": "3"}, "whole number from 0"),
        (xsd.string, {"length": True}, "whole number from 0"),
        (xsd.decimal, {"totalDigits": 0}, "whole number from 1"),
        (xsd.string, {"minLength": 3, "maxLength": 2}, "does not go with"),
        (xsd.string, {"length": 3, "maxLength": 2}, "outside minLength"),
        (xsd.integer, {"minInclusive": 3, "maxInclusive": 2}, "does not go with"),
        (xsd.integer, {"minInclusive": 3, "maxExclusive": 3}, "does not go with"),
        (xsd.integer, {"minInclusive": 1, "minExclusive": 1}, "either minInclusive or minExclusive"),
        (xsd.date, {"minInclusive": "2000-01-01", "maxInclusive": "2000-01-01Z"}, "does not go with"),
        (xsd.decimal, {"totalDigits": 2, "fractionDigits": 3}, "does not go with"),
        (xsd.byte, {"maxInclusive": 200}, "no value of byte"),
        (xsd.byte, {"minInclusive": "x"}, "no value of byte"),
        (xsd.integer, {"fractionDigits": 2}, "does not restrict 0"),
        (xsd.token, {"whiteSpace": "preserve"}, "does not restrict collapse"),
        (xsd.string, {"whiteSpace": "trim"}, "is not 'trim'"),
        (xsd.dateTimeStamp, {"explicitTimezone": "optional"}, "does not restrict required"),
        (xsd.date, {"explicitTimezone": "never"}, "not 'never'"),
        (xsd.string, {"enumeration": "red"}, "takes several values"),
        (xsd.integer, {"enumeration": [1, "x"]}, "no value of integer"),
        (xsd.NMTOKENS, {"minLength": 0}, "does not restrict 1"),
        (xsd.anySimpleType, {"length": 1}, "is not restricted"),
        (xsd.anyAtomicType, {}, "is not restricted"),
        (xsd.union_of(xsd.integer, xsd.token), {"length": 1}, "no facet length"),
        (xsd.union_of(xsd.integer, xsd.token), {"whiteSpace": "collapse"}, "whiteSpace"),
        (xsd.string.restrict("s", length=3), {"length": 2}, "does not restrict 3"),
        (xsd.string.restrict("s", maxLength=3), {"maxLength": 4}, "does not restrict 3"),
        (xsd.string.restrict("s", minLength=3), {"maxLength": 2}, "does not go with"),
    ],
)
def test_what_is_no_restriction_is_refused(base: SimpleType, facets: dict, message: str) -> None:
    with pytest.raises(DerivationFault, match=message) as refusal:
        base.restrict("derived", **facets)
    assert isinstance(refusal.value, ValueError)


@pytest.mark.feature("F-XSD-11")
def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(PatternFault):
        xsd.string.restrict("derived", pattern="(a")
    with pytest.raises(LimitExceeded):
        xsd.string.restrict("derived", pattern="a{9999999}")


@pytest.mark.spec("XSD-015")
@pytest.mark.feature("F-XSD-10")
def test_the_length_of_names_is_not_counted() -> None:
    name = xsd.QName.restrict("name", length=1)
    assert name.parse("p:abc", Context({"p": "urn:p"})) == ExpandedName("urn:p", "abc")


@pytest.mark.spec("XSD-013")
@pytest.mark.feature("F-XSD-12")
def test_lists() -> None:
    sizes = xsd.list_of(xsd.decimal, "sizes").restrict("few", maxLength=3)
    assert sizes.parse(" 8 10.5\n 12 ") == (Decimal(8), Decimal("10.5"), Decimal(12))
    assert sizes.parse("") == ()
    assert sizes.format((Decimal("8.0"), 10)) == sizes.format([Decimal(8), 10]) == "8 10"  # type: ignore[arg-type, list-item]
    assert sizes.format(()) == ""
    for wrong in ("1 2 3 4", "1 x", "1,2"):
        assert not sizes.is_valid(wrong)
    with pytest.raises(DatatypeError, match="at most 3 items"):
        sizes.format((1, 2, 3, 4))  # type: ignore[arg-type]
    with pytest.raises(DatatypeError, match="no list or tuple"):
        sizes.format("1 2")  # type: ignore[arg-type]
    words = xsd.list_of(xsd.string)
    for unwritable in (("a b",), ("",)):
        with pytest.raises(DatatypeError, match="blanks divide"):
            words.format(unwritable)
    for wrong_item in (xsd.NMTOKENS, xsd.union_of(xsd.integer, xsd.NMTOKENS), xsd.anySimpleType):
        with pytest.raises(DerivationFault):
            xsd.list_of(wrong_item)


@pytest.mark.spec("XSD-013")
@pytest.mark.feature("F-XSD-12")
def test_unions() -> None:
    size = xsd.union_of(xsd.positiveInteger, xsd.string.restrict("word", enumeration=["small", "large"]), name="size")
    assert (size.parse(" 7 "), size.parse("small")) == (7, "small")
    assert (size.format(7), size.format("small")) == ("7", "small")
    for wrong in ("0", " small", "medium"):
        with pytest.raises(DatatypeError, match="no member type of size"):
            size.parse(wrong)
    with pytest.raises(DatatypeError, match="no member type of size"):
        size.format("medium")
    few = size.restrict("few", enumeration=[1, "small"], pattern="[1s].*")
    assert [text for text in ("1", "2", "small", "large") if few.is_valid(text)] == ["1", "small"]
    mixed = xsd.union_of(xsd.boolean, xsd.integer, xsd.list_of(xsd.date))
    assert mixed.parse("1") is True
    assert mixed.format(1) == "1"
    assert mixed.format(True) == "true"
    assert mixed.format(mixed.parse("2000-01-01 2001-01-01")) == "2000-01-01 2001-01-01"
    assert xsd.list_of(size).parse("small 3") == ("small", 3)
    flags = xsd.union_of(xsd.boolean, xsd.integer).restrict("flags", enumeration=[True, 5])
    assert not flags.holds(1)
    with pytest.raises(DerivationFault):
        xsd.union_of()
    with pytest.raises(DerivationFault):
        xsd.union_of(xsd.anyAtomicType, xsd.integer)


@pytest.mark.feature("F-XSD-10")
def test_what_would_not_be_read_is_not_written() -> None:
    two = xsd.integer.restrict("two", pattern="[0-9]{2}")
    assert two.format(42) == "42"
    with pytest.raises(DatatypeError, match="does not match"):
        two.format(7)
    for simple, value in [
        (xsd.byte, 200),
        (xsd.token, " a"),
        (xsd.normalizedString, "a\n"),
        (xsd.string, "\0"),
        (xsd.integer, True),
    ]:
        with pytest.raises(DatatypeError):
            simple.format(value)  # type: ignore[arg-type]


@pytest.mark.feature("F-XSD-10")
def test_an_assertion_that_fails_by_itself_is_seen() -> None:
    careless = xsd.integer.restrict("careless", assertion=lambda value: 1 / value > 0)
    with pytest.raises(ZeroDivisionError):
        careless.parse("0")
    assert not isinstance(ZeroDivisionError(), InvalidInput)


@pytest.mark.feature("F-XSD-12")
def test_an_enumerated_literal_of_a_union_is_of_its_first_member_that_takes_it() -> None:
    numbers_first = xsd.union_of(xsd.integer, xsd.string, name="numbersFirst").restrict("e", enumeration=["1", "x"])
    assert [numbers_first.parse(text) for text in ("1", "01", "x")] == [1, 1, "x"]
    assert not numbers_first.is_valid("2")
    texts_first = xsd.union_of(xsd.string, xsd.integer, name="textsFirst").restrict("e", enumeration=["1"])
    assert (texts_first.parse("1"), texts_first.is_valid("01")) == ("1", False)
