"""HTTP fields: media types, entity tags, preferences."""

import pytest

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http import (
    ANY,
    EntityTag,
    MediaType,
    Preference,
    negotiate,
    parse_accept,
    parse_entity_tag,
    parse_entity_tags,
    parse_media_type,
    parse_prefer,
)

MEDIA_TYPES = [
    ("application/json", MediaType("application", "json")),
    ("application/json;odata.metadata=minimal", MediaType("application", "json", (("odata.metadata", "minimal"),))),
    ('multipart/mixed;boundary="a b"', MediaType("multipart", "mixed", (("boundary", "a b"),))),
    ('text/plain;x="a\\"b\\\\c";y=""', MediaType("text", "plain", (("x", 'a"b\\c'), ("y", "")))),
    ("application/vnd.oasis+xml", MediaType("application", "vnd.oasis+xml")),
]


@pytest.mark.feature("F-SYNTAX-09")
@pytest.mark.parametrize(("text", "media_type"), MEDIA_TYPES)
def test_a_media_type_reads_and_writes(text: str, media_type: MediaType) -> None:
    assert parse_media_type(text) == media_type
    assert str(media_type) == text


@pytest.mark.feature("F-SYNTAX-09")
def test_a_media_type_ignores_case_blanks_and_the_order_of_parameters() -> None:
    read = parse_media_type(' Application/JSON ; IEEE754Compatible=true;; a="x" ')
    assert read == parse_media_type("application/json;a=x;ieee754compatible=true")
    assert hash(read) == hash(parse_media_type("application/json;a=x;ieee754compatible=true"))
    assert read.essence == "application/json"
    assert read.parameter("IEEE754compatible") == "true"
    assert read.parameter("b", "none") == "none"
    assert read != parse_media_type("application/json;a=X;ieee754compatible=true")


@pytest.mark.parametrize(
    "text", ["", "text", "text/", "/html", "text/html;a", "text/html;a=", 'a/b;c="', "a/b;c=d e", "a b/c", "a/b, c/d"]
)
def test_a_malformed_media_type_is_refused(text: str) -> None:
    with pytest.raises(SyntaxFault):
        parse_media_type(text)


@pytest.mark.parametrize(
    "parts", [("text", "a b"), ("", "html"), ("text", "html", (("a b", "c"),))], ids=["subtype", "type", "parameter"]
)
def test_a_media_type_cannot_be_made_of_what_is_no_token(parts: tuple) -> None:
    with pytest.raises(InvalidInput):
        MediaType(*parts)


def test_a_parameter_that_no_field_may_hold_is_not_written() -> None:
    with pytest.raises(InvalidInput):
        str(MediaType("a", "b", (("c", "x\r\nSet-Cookie: y"),)))


MINIMAL, FULL, XML, TEXT = (
    parse_media_type(text)
    for text in (
        "application/json;odata.metadata=minimal",
        "application/json;odata.metadata=full",
        "application/xml",
        "text/plain",
    )
)
NEGOTIATIONS = [
    (None, MINIMAL),
    ("", MINIMAL),
    ("*/*", MINIMAL),
    ("application/json", MINIMAL),
    ("application/json;odata.metadata=FULL", FULL),
    ("application/json, application/json;odata.metadata=full", FULL),
    ("application/json;q=0.5, application/xml", XML),
    ("application/*;q=0.5, application/xml;q=0.2", MINIMAL),
    ("application/*, application/json;q=0", XML),
    ("text/*", TEXT),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", XML),
    ("text/html, image/gif, *; q=.2, */*; q=.2", MINIMAL),
    ("application/json;odata.metadata=none", None),
    ("application/json;odata.metadata=minimal;charset=utf-8", None),
    ("image/png", None),
    ("*/*;q=0", None),
    ("application/xml;q=0.000, */*;q=0.001", MINIMAL),
    ("APPLICATION/XML;Q=1.000;ext=1", XML),
    (", ,application/xml,", XML),
]


@pytest.mark.feature("F-SYNTAX-08")
@pytest.mark.parametrize(("accept", "chosen"), NEGOTIATIONS)
def test_negotiation_follows_specificity_then_quality_then_our_order(
    accept: str | None, chosen: MediaType | None
) -> None:
    assert negotiate(accept, [MINIMAL, FULL, XML, TEXT]) == chosen


def test_a_parameter_can_be_ignored_in_negotiation() -> None:
    accept = "application/xml;charset=utf-8"
    assert negotiate(accept, [MINIMAL, XML]) is None
    assert negotiate(accept, [MINIMAL, XML], ignoring={"charset"}) == XML
    assert negotiate(accept, []) is None
    assert negotiate(None, []) is None


@pytest.mark.parametrize(
    "accept",
    ["text", "text/", "*/html", "a/b;q=2", "a/b;q=0.1234", "a/b;q=", "a/b;q=.", "a/b c/d", "a/b;x", "a/b;q=-1"],
)
def test_a_malformed_accept_field_is_refused(accept: str) -> None:
    with pytest.raises(SyntaxFault):
        parse_accept(accept)


TAGS = [
    ('"v1"', EntityTag("v1")),
    ('W/"v1"', EntityTag("v1", weak=True)),
    ('""', EntityTag("")),
    ("W/\"X'00'\"", EntityTag("X'00'", True)),
]


@pytest.mark.parametrize(("text", "tag"), TAGS)
def test_an_entity_tag_reads_and_writes(text: str, tag: EntityTag) -> None:
    assert parse_entity_tag(text) == tag
    assert str(tag) == text


@pytest.mark.parametrize("text", ["", "v1", 'w/"v1"', '"v1', '"a b"', '"a""', ' "a"', '"a","b"', '"a\x7f"'])
def test_a_malformed_entity_tag_is_refused(text: str) -> None:
    with pytest.raises(SyntaxFault):
        parse_entity_tag(text)


def test_an_entity_tag_cannot_be_made_of_what_none_may_hold() -> None:
    with pytest.raises(SyntaxFault, match="position 1"):
        EntityTag('a"b')


@pytest.mark.feature("F-SYNTAX-10")
def test_a_list_of_entity_tags_is_read_or_any() -> None:
    assert parse_entity_tags(' "a" ,, W/"b,c",') == (EntityTag("a"), EntityTag("b,c", weak=True))
    assert parse_entity_tags(" * ") is ANY


@pytest.mark.parametrize("field", ["", " ", ",", '*, "a"', '"a" "b"', "a", '"a", *'])
def test_a_malformed_list_of_entity_tags_is_refused(field: str) -> None:
    with pytest.raises(SyntaxFault):
        parse_entity_tags(field)


@pytest.mark.feature("F-SYNTAX-10")
@pytest.mark.parametrize(
    ("one", "other", "strongly", "weakly"),
    [
        ('W/"1"', 'W/"1"', False, True),
        ('W/"1"', 'W/"2"', False, False),
        ('W/"1"', '"1"', False, True),
        ('"1"', '"1"', True, True),
    ],
)
def test_comparison_is_that_of_rfc_9110_section_8_8_3_2(one: str, other: str, strongly: bool, weakly: bool) -> None:
    first, second = parse_entity_tag(one), parse_entity_tag(other)
    assert first.matches_strongly(second) is second.matches_strongly(first) is strongly
    assert first.matches_weakly(second) is second.matches_weakly(first) is weakly


PREFERENCES = [
    ("return=minimal", Preference("return", "minimal")),
    ("respond-async", Preference("respond-async")),
    ('odata.include-annotations="display.*,-*"', Preference("odata.include-annotations", "display.*,-*")),
    ("callback;url=a", Preference("callback", None, (("url", "a"),))),
    ("foo;bar;baz=1", Preference("foo", None, (("bar", None), ("baz", "1")))),
]


@pytest.mark.feature("F-SYNTAX-11")
@pytest.mark.parametrize(("text", "preference"), PREFERENCES)
def test_a_preference_reads_and_writes(text: str, preference: Preference) -> None:
    assert parse_prefer(text) == {preference.name: preference}
    assert str(preference) == text


@pytest.mark.feature("F-SYNTAX-11")
def test_of_equal_preferences_the_first_counts_and_an_empty_value_is_none() -> None:
    read = parse_prefer('Return = minimal , return=representation, foo="", Wait=10; x ;; y="1" , odata.maxpagesize=50')
    assert list(map(str, read.values())) == ["return=minimal", "foo", "wait=10;x;y=1", "odata.maxpagesize=50"]
    assert parse_prefer("") == {}


@pytest.mark.parametrize("field", ["=a", "a=", 'a="b', "a b", "a;=b", "a=b=c"])
def test_a_malformed_prefer_field_is_refused(field: str) -> None:
    with pytest.raises(SyntaxFault):
        parse_prefer(field)
