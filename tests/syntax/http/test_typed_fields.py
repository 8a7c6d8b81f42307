"""Every field with a type: its cases in both directions, and how a collection reads and writes it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http import (
    Allow,
    Digests,
    EntityTag,
    Fields,
    LanguageTag,
    MediaType,
    ProductToken,
    TransferCoding,
    typed,
)
from demotic.syntax.http.authentication import parse_challenges
from demotic.syntax.http.fields import FieldType, canonical_name
from demotic.syntax.http.ranges import AcceptRanges, ContentRange
from demotic.syntax.uri import parse_uri

from .http_cases import cases
from .http_plain import plain


def field_type(name: str) -> FieldType[Any]:
    return typed.FIELD_TYPES[name.lower()]


@pytest.mark.spec("HTTP-057", "HTTP-063", "HTTP-087", "HTTP-086", "HTTP-085")
@pytest.mark.feature("F-HTTP-07")
@pytest.mark.parametrize("case", cases("fields.json", "value"))
def test_a_field_is_read_and_written(case: dict[str, Any]) -> None:
    kind = field_type(case["field"])
    value = kind.parse(case["text"])
    assert plain(value) == case["value"]
    written = case.get("written", case["text"])
    assert kind.write(value) == (() if written is None else (written,))
    assert written is None or kind.parse(written) == value
    fields = Fields([(case["field"].upper(), case["text"])])
    assert fields.value(kind) == value
    assert Fields().put(kind, value).value(kind) == value
    assert fields.put(kind, None).value(kind) == kind.absent


@pytest.mark.spec("HTTP-097")
@pytest.mark.feature("F-HTTP-07")
@pytest.mark.parametrize("case", cases("fields.json", "error"))
def test_a_broken_field_is_told_by_name_and_place(case: dict[str, Any]) -> None:
    kind = field_type(case["field"])
    with pytest.raises(ValueError) as caught:
        Fields().put(kind, case["text"])
    assert isinstance(caught.value, SyntaxFault)
    assert [caught.value.position, caught.value.expected] == case["error"]
    if case["text"].isascii():
        with pytest.raises(SyntaxFault) as caught_in_field:
            Fields([(case["field"], case["text"])]).value(kind)
        assert caught_in_field.value.target == kind.name


def test_every_typed_field_has_cases_of_both_kinds_and_a_known_name() -> None:
    read = {case.values[0]["field"] for case in cases("fields.json", "value")}
    broken = {case.values[0]["field"] for case in cases("fields.json", "error")}
    assert read == broken == {kind.name for kind in typed.FIELD_TYPES.values()}
    assert [name for name in read if canonical_name(name.lower()) != name] == []


@pytest.mark.spec("HTTP-040")
def test_known_names_have_their_usual_case() -> None:
    assert canonical_name("etag") == "ETag"
    assert canonical_name("WWW-AUTHENTICATE") == "WWW-Authenticate"
    assert canonical_name("x-OF-mine") == "x-OF-mine"
    assert list(Fields().put(typed.TE, "trailers")) == [("TE", "trailers")]


@pytest.mark.spec("HTTP-058", "HTTP-059", "HTTP-060", "HTTP-061", "HTTP-063")
def test_a_missing_field_has_the_value_of_a_missing_field() -> None:
    none = Fields()
    assert none.value(typed.CONNECTION) == frozenset()
    assert none.value(typed.CONTENT_ENCODING) == none.value(typed.CONTENT_LANGUAGE) == ()
    assert none.value(typed.CONTENT_LENGTH) is none.value(typed.CONTENT_LOCATION) is None
    assert none.value(typed.CONTENT_RANGE) is none.value(typed.CONTENT_TYPE) is None
    assert none.put(typed.CONNECTION, frozenset()) == none


@pytest.mark.spec("HTTP-058", "HTTP-059", "HTTP-060", "HTTP-061")
def test_content_fields_are_written_from_values_and_text() -> None:
    fields = (
        Fields()
        .put(typed.CONNECTION, frozenset({"upgrade", "close"}))
        .put(typed.CONTENT_ENCODING, ("deflate", "gzip"))
        .put(typed.CONTENT_LANGUAGE, (LanguageTag("en-US"),))
        .put(typed.CONTENT_LENGTH, 42)
        .put(typed.CONTENT_LOCATION, parse_uri("/a?b"))
        .put(typed.CONTENT_TYPE, "text/html")
    )
    assert list(fields) == [
        ("Connection", "close, upgrade"),
        ("Content-Encoding", "deflate, gzip"),
        ("Content-Language", "en-US"),
        ("Content-Length", "42"),
        ("Content-Location", "/a?b"),
        ("Content-Type", "text/html"),
    ]


@pytest.mark.spec("HTTP-055")
def test_response_fields_are_set_and_removed() -> None:
    values: dict[FieldType[Any], Any] = {
        typed.ACCEPT_RANGES: AcceptRanges(("bytes",)),
        typed.AGE: 5,
        typed.ETAG: EntityTag("a"),
        typed.LOCATION: parse_uri("http://example.com/"),
        typed.WWW_AUTHENTICATE: parse_challenges('Basic realm="a"'),
    }
    fields = Fields()
    for kind, value in values.items():
        fields = fields.put(kind, value)
    assert {kind: fields.value(kind) for kind in values} == values
    for kind in values:
        fields = fields.put(kind, None)
    assert fields == Fields()


@pytest.mark.spec("HTTP-064")
def test_dates_are_instants() -> None:
    at = datetime(1994, 11, 15, 8, 12, 31, tzinfo=UTC)
    fields = Fields().put(typed.DATE, at).put(typed.LAST_MODIFIED, at)
    assert fields.get("date") == fields.get("last-modified") == "Tue, 15 Nov 1994 08:12:31 GMT"
    assert fields.value(typed.DATE) == at
    assert Fields().value(typed.DATE) is Fields().value(typed.LAST_MODIFIED) is None


@pytest.mark.spec("HTTP-065", "HTTP-080")
def test_transfer_codings_are_written_from_values_and_text() -> None:
    fields = Fields().put(typed.TRANSFER_ENCODING, (TransferCoding("Gzip"), TransferCoding()))
    assert fields.get("transfer-encoding") == "gzip, chunked"
    assert Fields().put(typed.TRANSFER_ENCODING, "gzip, chunked") == fields
    assert Fields().value(typed.TRANSFER_ENCODING) is None
    assert TransferCoding("a", (("Level", "X Y"),)).parameters == (("level", "X Y"),)


@pytest.mark.spec("HTTP-066", "HTTP-083")
def test_an_upgrade_is_an_option_of_the_connection() -> None:
    closing = Fields({"Connection": "close"})
    fields = typed.offer_upgrade(closing, ProductToken("HTTP", "2.0"), ProductToken("websocket"))
    assert fields.get("upgrade") == "HTTP/2.0, websocket"
    assert fields.value(typed.CONNECTION) == {"close", "upgrade"}
    assert typed.offer_upgrade(fields) == closing


@pytest.mark.spec("HTTP-062")
def test_digests_are_compared_with_content() -> None:
    fields = Fields().put(typed.CONTENT_DIGEST, Digests.of(b'{"hello": "world"}\n', "sha-256", "sha-512"))
    digests = fields.value(typed.CONTENT_DIGEST)
    assert digests is not None
    assert fields.get("content-digest", "").startswith("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:")
    assert (digests.match(b'{"hello": "world"}\n'), digests.match(b"{}")) == (True, False)
    assert Digests((("md5", b"x"),)).match(b"") is None
    md5 = Fields().put(typed.CONTENT_MD5, bytes(range(16)))
    assert md5.value(typed.CONTENT_MD5) == bytes(range(16))


def test_a_digest_that_cannot_be_is_not_made() -> None:
    with pytest.raises(InvalidInput, match="not computed"):
        Digests.of(b"", "md5")
    with pytest.raises(InvalidInput, match="no algorithm"):
        Digests((("A", b""),))
    with pytest.raises(InvalidInput, match="16 bytes"):
        Fields().put(typed.CONTENT_MD5, b"")


@pytest.mark.spec("HTTP-052", "HTTP-057")
def test_lists_over_several_fields_are_one() -> None:
    fields = Fields([("Accept-Encoding", "gzip"), ("accept-encoding", "br;q=0.5"), ("Allow", "GET"), ("Allow", "PUT")])
    assert [str(item) for item in fields.value(typed.ACCEPT_ENCODING) or ()] == ["gzip", "br;q=0.5"]
    assert fields.value(typed.ALLOW) == Allow(("GET", "PUT"))
    assert Fields().value(typed.ACCEPT) is None
    assert Fields().put(typed.ALLOW, Allow()).get("allow") == ""


def test_a_single_field_given_twice_must_be_the_same() -> None:
    assert Fields([("Age", "1"), ("Age", "1")]).value(typed.AGE) == 1
    with pytest.raises(SyntaxFault) as caught:
        Fields([("Content-Type", "a/b"), ("Content-Type", "a/c")]).value(typed.CONTENT_TYPE)
    assert (caught.value.target, caught.value.position) == ("Content-Type", 3)
    assert Fields([("content-type", "a/b")]).value(typed.CONTENT_TYPE) == MediaType("a", "b")


@pytest.mark.spec("HTTP-063", "HTTP-077")
def test_a_content_range_is_typed() -> None:
    assert Fields({"Content-Range": "bytes 0-1/3"}).value(typed.CONTENT_RANGE) == ContentRange(0, 1, 3)
