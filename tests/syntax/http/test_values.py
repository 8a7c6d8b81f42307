"""The values of fields: made, compared, ordered, and refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http import (
    HTTP_1_0,
    HTTP_1_1,
    AcceptedCoding,
    Allow,
    ContentDisposition,
    Digests,
    HttpVersion,
    LanguageTag,
    MediaType,
    Products,
    ProductToken,
    ReceivedBy,
    TransferCoding,
    WarningValue,
    decode_extended,
    encode_extended,
    explode_version,
    parse_allow,
    parse_content_disposition,
    parse_digests,
    parse_http_version,
    parse_language_tag,
    parse_language_tags,
    parse_media_type,
    parse_products,
    parse_te,
    parse_transfer_codings,
    parse_upgrade,
    parse_via,
    parse_warnings,
)

from .http_values import INSTANTS, PARAMETERS, QUALITIES, TOKENS, WORDS


@pytest.mark.spec("HTTP-078")
def test_versions_are_ordered_by_number() -> None:
    assert HttpVersion() == HTTP_1_1 == parse_http_version("HTTP/1.1")
    assert HTTP_1_0 < HTTP_1_1 < parse_http_version("HTTP/1.2") < parse_http_version("HTTP/1.25") < HttpVersion(2, 0)
    assert str(HTTP_1_0) == "HTTP/1.0"
    for text in ("HTTP/1", "http/1.1", "HTTP/1.1 ", "HTTP/-1.1", "HTTP/1.12345", ""):
        with pytest.raises(SyntaxFault):
            parse_http_version(text)


@pytest.mark.spec("HTTP-082")
def test_a_media_type_shows_its_parts_and_sorts_by_them() -> None:
    assert MediaType() == parse_media_type("application/octet-stream")
    html = parse_media_type("text/html; charset=iso-8859-1")
    assert (html.type, html.subtype, html["Charset"]) == ("text", "html", "iso-8859-1")
    with pytest.raises(KeyError, match="name"):
        html["name"]
    assert repr(html) == "MediaType(type='text', subtype='html', parameters=(('charset', 'iso-8859-1'),))"
    kinds = ["a/b", "a/c", "a/c;x=1", "a/c;x=2", "b/a"]
    assert [str(kind) for kind in sorted(map(parse_media_type, reversed(kinds)))] == kinds
    for text in ("text /html", "text/ html", "text/html;a =b", "text/html;a= b"):
        with pytest.raises(SyntaxFault):
            parse_media_type(text)


@pytest.mark.spec("HTTP-083")
def test_versions_of_products_are_ordered_as_people_read_them() -> None:
    versions = ["1.0dev", "1.0a", "1.0b1", "1.0rc2", "1.0live", "1.0prod", "1.0", "1.0.3a3", "1.0.3a20", "1.0.3b1"]
    versions += ["1.0.3", "1.0.10", "1.0.10.1", "2", "10"]
    products = [ProductToken("a"), *(ProductToken("a", version) for version in versions), ProductToken("b", "0")]
    assert sorted({*products}) == products
    assert all(one < other for one, other in pairwise(products))


@pytest.mark.spec("HTTP-083")
def test_a_version_explodes_into_numbers_and_words() -> None:
    assert explode_version("2.17b3") == ((2,), (17, "b", 3))
    assert explode_version("2.b3") == ((2,), (-1, "b", 3))
    assert explode_version("") == ((-1,),)
    assert explode_version("1..2") == ((1,), (-1,), (2,))
    assert ProductToken("a", "1" * 10_000) > ProductToken("a", "2")


@pytest.mark.spec("HTTP-083", "HTTP-086")
def test_products_are_parted_by_blanks() -> None:
    products = parse_products("  demotic/1.0 (a (b)) x/2 ")
    assert products.products == (ProductToken("demotic", "1.0"), ProductToken("x", "2"))
    assert str(products) == "demotic/1.0 (a (b)) x/2"
    assert parse_products("") == Products()
    assert parse_upgrade("") == ()
    assert parse_products("a " + "(" * 100 + ")" * 100).products == (ProductToken("a"),)
    with pytest.raises(SyntaxFault):
        parse_products("a " + "(" * 101 + ")" * 101)


@pytest.mark.spec("HTTP-084")
def test_a_language_tag_matches_leading_subtags() -> None:
    texan = parse_language_tag("en-US-Texas")
    matches = {(): True, ("en",): True, ("en", "us"): True, ("en", "us", "tex"): False, ("e",): False, ("us",): False}
    assert {given: texan.within(given) for given in matches} == matches
    assert not parse_language_tag("en").within(("en", "us"))
    assert texan == LanguageTag("EN-us-texas") == parse_language_tags("x, en-US-Texas")[1]
    assert hash(texan) == hash(LanguageTag("en-us-texas"))
    assert str(texan) == "en-US-Texas"
    assert sorted(map(LanguageTag, ["en-US", "en", "de"])) == [LanguageTag(text) for text in ("de", "en", "en-US")]
    assert texan != "en-US-Texas"
    for text in ("", "en US", " en", "en-", "e1", "en-123456789", "é"):
        with pytest.raises(SyntaxFault):
            parse_language_tag(text)


@pytest.mark.spec("HTTP-076")
def test_allowed_methods() -> None:
    allow = parse_allow("GET, HEAD, get")
    assert allow.is_allowed("GET")
    assert "HEAD" in allow
    assert not allow.is_allowed("Get")
    assert (len(allow), list(allow)) == (3, ["GET", "HEAD", "get"])
    assert Allow() == parse_allow("") < allow == Allow(("GET", "HEAD", "GET", "get"))


@pytest.mark.spec("HTTP-080")
def test_transfer_codings() -> None:
    assert TransferCoding() == TransferCoding("CHUNKED")
    assert parse_transfer_codings("chunked, x;A=b") == (TransferCoding(), TransferCoding("x", (("a", "b"),)))
    assert parse_te("trailers")[0].is_trailers


@pytest.mark.feature("F-HTTP-08")
@pytest.mark.parametrize(
    ("text", "filename"),
    [
        ("attachment; filename=example.html", "example.html"),
        ('INLINE; FILENAME="an example.html"', "an example.html"),
        ("attachment; filename*=UTF-8''%e2%82%ac%20rates", "€ rates"),
        ("attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates", "€ rates"),
        ("attachment; filename*=iso-8859-1'en'%A3%20rates; filename=x", "£ rates"),
        ("attachment; filename=x; filename*=utf-8''%ff", "x"),
        ("attachment; filename=x; filename*=koi8-r''a", "x"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\a\\\\b.exe"', "b.exe"),
        ("attachment; filename*=utf-8''..%2Fa%0Ab", "ab"),
        ('attachment; filename=".."', None),
        ('attachment; filename=""', None),
        ("attachment", None),
    ],
)
def test_a_file_is_saved_under_a_safe_name(text: str, filename: str | None) -> None:
    assert parse_content_disposition(text).filename == filename


@pytest.mark.feature("F-HTTP-08")
def test_a_file_name_is_written_for_old_and_new_readers() -> None:
    assert str(ContentDisposition.named("attachment", "a.txt")) == 'attachment; filename="a.txt"'
    written = "attachment; filename=\"_ rates.txt\"; filename*=UTF-8''%E2%82%AC%20rates.txt"
    assert str(ContentDisposition.named("attachment", "€ rates.txt")) == written
    with pytest.raises(InvalidInput):
        ContentDisposition.named("attachment", "a\nb")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(lambda name: name == name.strip()))
def test_every_file_name_survives(name: str) -> None:
    read = parse_content_disposition(str(ContentDisposition.named("attachment", name)))
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    assert read.filename == (last if last not in ("", ".", "..") else None)
    assert decode_extended(encode_extended(name)) == name


def test_values_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Allow().methods = ("GET",)  # type: ignore[misc]


@pytest.mark.parametrize(
    "make",
    [
        lambda: HttpVersion(-1, 0),
        lambda: ProductToken("a b"),
        lambda: ProductToken("a", ""),
        lambda: Products(("(a)",)),
        lambda: Products((ProductToken("a"), "(b")),
        lambda: Products((ProductToken("a"), "b")),
        lambda: Allow(("G T",)),
        lambda: TransferCoding("a,b"),
        lambda: TransferCoding("a", (("b c", "d"),)),
        lambda: AcceptedCoding(TransferCoding("trailers"), 0.5),
        lambda: AcceptedCoding(TransferCoding("a", (("q", "1"),))),
        lambda: ReceivedBy("1.1", "a b"),
        lambda: ReceivedBy("1 1", "a"),
        lambda: WarningValue(99, "a", ""),
        lambda: WarningValue(110, "a b", ""),
        lambda: ContentDisposition("a b"),
        lambda: ContentDisposition("a", (("b c", ""),)),
        lambda: str(ContentDisposition("a", (("b", "\n"),))),
    ],
)
def test_what_no_field_can_say_is_not_made(make: Callable[[], Any]) -> None:
    with pytest.raises(InvalidInput):
        make()


CODINGS = st.builds(TransferCoding, TOKENS.filter(lambda name: name.lower() != "trailers"), PARAMETERS)
NOT_QUALITY = CODINGS.filter(lambda coding: all(name != "q" for name, _ in coding.parameters))
PROPERTIES: dict[str, tuple[st.SearchStrategy[Any], Callable[[str], Any]]] = {
    "version": (st.builds(HttpVersion, st.integers(0, 9999), st.integers(0, 9999)), parse_http_version),
    "media type": (st.builds(MediaType, TOKENS, TOKENS, PARAMETERS), parse_media_type),
    "language": (st.from_regex(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,3}", fullmatch=True).map(LanguageTag), LanguageTag),
    "allow": (st.builds(Allow, st.lists(TOKENS, max_size=4).map(tuple)), parse_allow),
    "coding": (CODINGS, lambda text: parse_transfer_codings(text)[0]),
    "accepted coding": (st.builds(AcceptedCoding, NOT_QUALITY, QUALITIES), lambda text: parse_te(text)[0]),
    "product": (st.builds(ProductToken, TOKENS, st.none() | TOKENS), lambda text: parse_upgrade(text)[0]),
    "step": (st.builds(ReceivedBy, TOKENS, TOKENS, TOKENS), lambda text: parse_via(text)[0]),
    "warning": (
        st.builds(WarningValue, st.integers(100, 999), TOKENS, WORDS, st.none() | INSTANTS),
        lambda text: parse_warnings(text)[0],
    ),
    "disposition": (st.builds(ContentDisposition, TOKENS, PARAMETERS), parse_content_disposition),
    "digests": (
        st.dictionaries(st.from_regex(r"[a-z*][a-z0-9_.*-]{0,9}", fullmatch=True), st.binary(), max_size=3).map(
            lambda items: Digests(tuple(items.items()))
        ),
        parse_digests,
    ),
}


@pytest.mark.parametrize("name", PROPERTIES)
@given(data=st.data())
def test_a_value_survives_its_text(name: str, data: st.DataObject) -> None:
    values, parse = PROPERTIES[name]
    value = data.draw(values)
    assert parse(str(value)) == value


def test_a_warning_keeps_its_date() -> None:
    at = datetime(2012, 8, 25, 23, 34, 45, tzinfo=UTC)
    assert str(WarningValue(112, "-", "a", at)) == '112 - "a" "Sat, 25 Aug 2012 23:34:45 GMT"'
