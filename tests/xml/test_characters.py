"""Characters, white space, names and escapes as XML has them."""

from __future__ import annotations

import re

import pytest
from html5lib import _ihatexml as peer

from demotic.errors import InvalidInput
from demotic.xml import CData, Element, QName, cdata, escape, parse, serialize
from demotic.xml.characters import (
    collapse_space,
    fourth_edition,
    has_space,
    is_all_space,
    is_char,
    is_discouraged,
    is_name,
    is_name_char,
    is_name_start_char,
    is_pubid_char,
    is_reserved,
    is_space,
    normalize_attribute,
    strip_leading_space,
)

TESTS = [
    (is_char, "\t\n\r a\ud7ff\ue000\ufffd\U00010000\U0010ffff", "\x00\x0b\x1f\ud800\ufffe"),
    (is_name_start_char, "a:_Ж\U00010000", "-1. "),
    (is_name_char, "a:_-.1\xb7\u203f", " /"),
    (is_pubid_char, "aZ9 \n-'%", '"&\t'),
    (is_space, " \t\r\n", "\x0b\xa0\u2028"),
    (is_discouraged, "\x7f\x84\x86\x9f\ufdd0\U0001fffe\U0010ffff", "a\x85\ufdf0\U00010000"),
]


@pytest.mark.spec("XML-016", "XML-017")
@pytest.mark.parametrize(("test", "inside", "outside"), TESTS)
def test_characters_are_told_apart(test, inside: str, outside: str) -> None:
    assert [c for c in inside if not test(c)] == []
    assert [c for c in outside if test(c)] == []
    assert test(None) is False


@pytest.mark.spec("XML-018")
def test_the_classes_of_the_fourth_edition_are_those_of_its_appendix() -> None:
    for name, text in (
        ("BaseChar", peer.baseChar),
        ("Ideographic", peer.ideographic),
        ("CombiningChar", peer.combiningCharacter),
        ("Digit", peer.digit),
        ("Extender", peer.extender),
    ):
        hexadecimal = re.findall(r"#x([0-9A-F]{4})(?:-#x([0-9A-F]{4}))?", text)
        points = {p for first, last in hexadecimal for p in range(int(first, 16), int(last or first, 16) + 1)}
        assert {ord(character) for character in fourth_edition(name)} == points, name
    letter = fourth_edition("Letter")
    assert (letter.test("Ж"), letter.test("中"), letter.test("1")) == (True, True, False)
    with pytest.raises(KeyError):
        fourth_edition("Word")


@pytest.mark.spec("XML-019", "XML-020", "XML-021")
def test_white_space_and_names() -> None:
    assert (is_all_space(" \t\r\n"), is_all_space(""), is_all_space("\xa0")) == (True, True, False)
    assert (has_space("a b"), has_space("a\xa0b")) == (True, False)
    assert strip_leading_space(" \n\xa0a ") == "\xa0a "
    assert normalize_attribute("  a  b\t c ") == "a b\t c"
    assert collapse_space(" a \n b ") == "a b "
    assert collapse_space(" a \n b ", strip=False) == " a b "
    assert (collapse_space(""), collapse_space("", strip=False), collapse_space(" \n")) == (" ", " ", " ")
    assert collapse_space("_a__b", space=lambda c: c == "_") == "a b"
    assert (is_name("a:b-1"), is_name("1a"), is_name("")) == (True, False, False)
    assert (is_reserved("xmlish"), is_reserved("XML"), is_reserved("axml")) == (True, True, False)


@pytest.mark.spec("XML-022", "XML-023", "XML-024")
def test_text_is_escaped_so_that_it_is_read_back() -> None:
    hard = "<&>\"'\r\n\té\U0001f600]]>"
    assert escape(hard) == "&lt;&amp;&gt;\"'&#13;\n\té\U0001f600]]&gt;"
    assert escape("é\U0001f600<", ascii=True) == "&#233;&#128512;&lt;"
    assert escape('a"b\n', quote=True) == '"a&quot;b&#10;"'
    assert parse(f"<a b={escape(hard, quote=True, ascii=True)}>{escape(hard)}</a>").text == hard
    assert parse(f"<a b={escape(hard, quote=True)}/>").get("b") == hard
    assert (cdata("x"), cdata(""), cdata("a]]>b")) == ("<![CDATA[x]]>", "", "<![CDATA[a]]]]><![CDATA[>b]]>")
    for bad in ("\x00", "\ufffe", "\ud800"):
        with pytest.raises(InvalidInput, match="cannot be written"):
            escape(bad)
    with pytest.raises(InvalidInput, match="carriage return"):
        cdata("\r")


@pytest.mark.parametrize(
    "written",
    [
        "<\u00e9/>",
        "<a \u00e9=''/>",
        "<a><!--\u00e9--></a>",
        "<a><?p \u00e9?></a>",
        "<a><?\u00e9 p?></a>",
        "<b:\u00e9 xmlns:b='u'/>",
    ],
)
def test_where_no_reference_can_stand_a_lacking_character_is_refused(written: str) -> None:
    root = parse(written)
    with pytest.raises(InvalidInput, match="ascii cannot write '\u00e9'"):
        serialize(root, encoding="ascii")
    assert serialize(parse(serialize(root, encoding="latin-1")), encoding="utf-8") == serialize(root)


def test_where_references_can_stand_they_are_written() -> None:
    root = parse("<a b='\u00e9 &gt; &lt;'>\u00e9<!-- > \" --><c d='&quot;'/>\u20ac</a>")
    data = serialize(root, encoding="ascii")
    assert b"&#233;" in data
    assert b"&#8364;" in data
    assert serialize(parse(data)) == serialize(root)
    section = Element(QName("", "a"), {}, [CData("\u00e9")])
    with pytest.raises(InvalidInput, match="no reference can stand"):
        serialize(section, encoding="ascii")


def test_the_prefix_xml_belongs_to_one_namespace() -> None:
    with pytest.raises(InvalidInput, match="prefix 'xml' cannot be declared for the namespace 'u'"):
        serialize(Element(QName("u", "a"), prefix="xml"))
