"""Strict checking: each kind of problem told apart, with place and rule; document types as data; schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from demotic.errors import InvalidInput
from demotic.xml import Catalog, Doctype, Document, XmlSyntaxFault
from demotic.xml.validation import (
    AttributeDefinition,
    Choice,
    ContentModel,
    Dtd,
    Entity,
    ExternalId,
    NameParticle,
    Notation,
    Schema,
    Sequence,
    XmlInvalid,
    check,
    read_dtd,
)

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases" / "dtd.json").read_text("utf-8"))

LENIENT_PEER = {
    "CDATA counts as text",
    "ID with a default",
    "declared twice",
    "two IDs",
    "undeclared notation",
    "wrong root",
}


@pytest.mark.feature("F-XML-22")
@pytest.mark.spec("XML-073", "XML-060", "XML-089")
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_document_is_held_against_its_document_type(case: dict[str, Any]) -> None:
    document = f"<!DOCTYPE a [{case['dtd']}]>\n{case['root']}"
    report = check(document, dtd=True)
    assert [f"{p.rule} {p.line}.{p.column}" for p in report.dtd or ()] == case["problems"]
    assert (report.well_formed, report.valid) == (True, not case["problems"])
    # The peer takes blank CDATA for space, against section 3.2.1, and finds faults of declarations elsewhere or not.
    if case["name"] not in LENIENT_PEER:
        parser = etree.XMLParser(dtd_validation=True, no_network=True)
        try:
            etree.fromstring(document, parser)
        except etree.XMLSyntaxError:
            assert case["problems"]
        else:
            assert not case["problems"]


@pytest.mark.feature("F-XML-22")
@pytest.mark.spec("XML-072", "XML-074", "XML-071")
def test_each_kind_of_problem_is_told_apart_or_raised() -> None:
    broken = check("<a>\n<b></a>", dtd=True)
    assert [str(problem) for problem in broken.problems] == ["Line 2.6: mismatched tag [Well-formed]"]
    assert (broken.well_formed, broken.valid, broken.dtd, broken.xsd) == (False, False, None, None)
    with pytest.raises(XmlSyntaxFault):
        check("<a>", fatal=True)
    invalid = "<!DOCTYPE a [<!ELEMENT a EMPTY>]><a>x<b/></a>"
    assert check(invalid).valid
    assert [p.path for p in check(invalid, dtd=True).problems] == ["/a", "/a/b"]
    with pytest.raises(XmlInvalid, match="a must be empty") as fault:
        check(invalid, dtd=True, fatal=True)
    assert len(fault.value.problems) == 2
    assert check("<a/>", dtd=True).problems[0].rule == "Document Type Declaration"


@pytest.mark.spec("XML-075", "XML-059")
def test_a_model_that_is_not_deterministic_is_a_matter_of_compatibility() -> None:
    declared = "<!ELEMENT a ((b,d)|(b,e))><!ELEMENT b EMPTY><!ELEMENT d EMPTY><!ELEMENT e EMPTY>"
    document = f"<!DOCTYPE a [{declared}]><a><b/><e/></a>"
    assert check(document, dtd=True).problems == ()
    report = check(document, dtd=True, compatibility=True)
    assert [(p.rule, p.message) for p in report.compatibility or ()] == [
        ("Deterministic Content Models", "a ((b,d)|(b,e))")
    ]
    assert report.valid


DECLARED = """
<!ELEMENT a (b, (c | d)*, e?)><!ELEMENT b (#PCDATA | c)*><!ELEMENT c EMPTY><!ELEMENT d ANY>
<!ATTLIST a i ID #REQUIRED k (x|y) "x" f CDATA #FIXED "1" n NOTATION (g) #IMPLIED><!ATTLIST a k CDATA "later">
<!NOTATION g PUBLIC "-//G" "g.exe"><!ENTITY t "te&#120;t"><!ENTITY t "later"><!ENTITY % p "param">
<!ENTITY x SYSTEM "x.xml"><!ENTITY u PUBLIC "-//U" "u.gif" NDATA g>
"""


@pytest.mark.feature("F-XML-22")
@pytest.mark.spec("XML-056", "XML-058", "XML-061", "XML-062", "XML-087")
def test_a_document_type_is_data() -> None:
    dtd = read_dtd(Doctype("a", internal=DECLARED), base="http://h/d/a.xml")
    assert (dtd.name, list(dtd.elements)) == ("a", ["a", "b", "c", "d"])
    assert [str(e.particle) for e in dtd.elements.values()] == ["(b,(c|d)*,e?)", "(c)*", "None", "None"]
    assert [e.kind for e in dtd.elements.values()] == ["elements", "mixed", "EMPTY", "ANY"]
    assert dtd.attributes_of("a") == {
        "i": AttributeDefinition("i", "ID", "#REQUIRED"),
        "k": AttributeDefinition("k", "enumeration", "default", ("x", "y"), "x"),
        "f": AttributeDefinition("f", "CDATA", "#FIXED", (), "1"),
        "n": AttributeDefinition("n", "NOTATION", "#IMPLIED", ("g",)),
    }
    assert dtd.attributes_of("z") == {}
    assert dtd.notations == {"g": Notation("g", ExternalId("-//G", "g.exe", "http://h/d/a.xml"))}
    assert dtd.entities["t"] == Entity("t", "text")
    assert (str(dtd.entities["x"]), str(dtd.parameter_entities["p"])) == ("&x;", "%p;")
    assert dtd.entities["u"].notation == "g"
    assert dtd.entities["x"].external is not None
    assert dtd.entities["x"].external.location == "http://h/d/x.xml"
    assert ExternalId("-//X", None).location is None
    assert (dtd.elements.get("z"), dtd.entities.get("z")) == (None, None)


@pytest.mark.spec("XML-086")
def test_the_external_subset_comes_from_the_resolver() -> None:
    external = b"""<?xml version="1.0" encoding="UTF-8"?><!ENTITY % on "INCLUDE"><![%on;[<!ELEMENT a (b)>]]>
    <![IGNORE[<!ELEMENT a EMPTY><![INCLUDE[<!ELEMENT c ANY>]]>]]><!ENTITY % model "(#PCDATA)"><!ELEMENT b %model;>"""
    dtd = read_dtd(Doctype("a", system="a.dtd"), Catalog({"a.dtd": external}))
    assert list(dtd.elements) == ["a", "b"]
    document = "<!DOCTYPE a SYSTEM 'a.dtd'><a><b>x</b></a>"
    assert check(document, dtd=True, resolver=Catalog({"a.dtd": external})).valid
    assert not check(document, dtd=True).valid
    assert check("<a><b/></a>", dtd=dtd).valid
    with pytest.raises(XmlSyntaxFault):
        Document.parse(document, resolver=Catalog({"a.dtd": b"<!ELEMENT a (b"}))
    with pytest.raises(XmlSyntaxFault):
        read_dtd(Doctype("a", internal="<!ELEMENT a (b>"))


NAMES = st.sampled_from("abc").map(NameParticle)
PARTICLES = st.recursive(
    NAMES,
    lambda inner: st.builds(
        lambda kind, items, occurrence: kind(tuple(items), occurrence),
        st.sampled_from([Choice, Sequence]),
        st.lists(inner, min_size=1, max_size=3),
        st.sampled_from(["", "?", "*", "+"]),
    ),
    max_leaves=6,
)


@pytest.mark.spec("XML-059")
@settings(max_examples=80)
@given(PARTICLES, st.text("abc", max_size=6))
def test_a_content_model_accepts_what_its_expression_does(particle: Any, names: str) -> None:
    import re

    def expression(part: Any) -> str:
        if isinstance(part, NameParticle):
            return part.name
        joined = ("|" if isinstance(part, Choice) else "").join(map(expression, part.items))
        return f"(?:{joined}){part.occurrence}"

    fault = ContentModel(particle).first_fault(names)
    assert (fault is None) == (re.fullmatch(expression(particle), names) is not None)


def test_a_cursor_says_what_may_come() -> None:
    model = ContentModel(Sequence((NameParticle("a"), NameParticle("b", "?"), NameParticle("c"))))
    cursor = model.cursor()
    assert (cursor.expected, cursor.complete) == (("a",), False)
    assert not cursor.advance("b")
    assert cursor.advance("a")
    assert cursor.expected == ("b", "c")
    assert cursor.advance("c")
    assert (cursor.expected, cursor.complete) == ((), True)
    assert model.deterministic
    assert list(model.after(0)) == ["b", "c"]


XSD = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:s" elementFormDefault="qualified">
 <xs:element name="list"><xs:complexType><xs:sequence>
 <xs:element name="item" maxOccurs="9" type="xs:int"/></xs:sequence>
 <xs:attribute name="kind" use="required"/></xs:complexType></xs:element></xs:schema>"""


@pytest.mark.feature("F-XML-23")
def test_a_document_is_held_against_a_schema(tmp_path: Path) -> None:
    schema = Schema(XSD)
    for prefix in ("", "p"):
        tag, declared = (f"{prefix}:", f":{prefix}") if prefix else ("", "")
        data = f'<{tag}list xmlns{declared}="urn:s">\n <{tag}item>1</{tag}item>\n <{tag}item>x</{tag}item></{tag}list>'
        report = check(data, schema=schema)
        assert [(p.rule, p.line, p.column) for p in report.xsd or ()] == [
            ("cvc-complex-type.4", 1, 1),
            ("cvc-datatype-valid.1.2.1", 3, 2),
        ]
        assert report.problems[1].message.startswith("Element 'item': 'x' is not a valid value")
    assert check('<list xmlns="urn:s" kind="k"><item>1</item></list>', schema=schema).valid
    (tmp_path / "part.xsd").write_bytes(XSD)
    (tmp_path / "main.xsd").write_bytes(
        b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:s">'
        b'<xs:include schemaLocation="http://far.invalid/part.xsd"/></xs:schema>'
    )
    catalogued = Schema(tmp_path / "main.xsd", catalog={"http://far.invalid/part.xsd": tmp_path / "part.xsd"})
    assert not check('<list xmlns="urn:s"/>', schema=catalogued).valid
    with pytest.raises(InvalidInput, match="no XML Schema"):
        Schema(b"<a/>")
    with pytest.raises(InvalidInput, match="no XML Schema"):
        Schema(tmp_path / "missing.xsd")


def test_dtd_is_shown_as_its_declarations() -> None:
    assert Dtd("a").attributes_of("a") == {}
    assert str(Doctype("a", "-//A", "a.dtd", "<!ELEMENT a ANY>")) == (
        '<!DOCTYPE a PUBLIC "-//A" "a.dtd" [<!ELEMENT a ANY>]>'
    )
    assert str(Doctype("a")) == "<!DOCTYPE a>"
