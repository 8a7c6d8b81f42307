"""IRIs, escaping profiles, queries, and URIs in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import LimitExceeded, SyntaxFault
from demotic.syntax.uri import (
    IRI,
    RFC1738,
    RFC2396,
    RFC2732,
    RFC3986,
    InvalidURI,
    Profile,
    encode_illegal,
    encode_non_ascii,
    find_uris,
    format_query,
    host_to_ascii,
    host_to_unicode,
    parse_iri,
    parse_query,
    parse_uri,
    percent_decode_bytes,
    percent_normalize,
    uri_length,
    uri_to_iri,
)

# RFC 3987, sections 3.1 and 3.2, then our own.
IRIS = [
    ("http://www.example.org/red%09ros\u00e9#red", "http://www.example.org/red%09ros%C3%A9#red"),
    ("http://r\u00e9sum\u00e9.example.org", "http://xn--rsum-bpad.example.org"),
    ("http://example.com/\U00010300\U00010301\U00010302", "http://example.com/%F0%90%8C%80%F0%90%8C%81%F0%90%8C%82"),
    ("http://www.example.org/D\u00fcrst", "http://www.example.org/D%C3%BCrst"),
    ("http://www.example.org/D%FCrst", "http://www.example.org/D%FCrst"),
    ("http://\u7d0d\u8c46.example.org/%E2%80%AE", "http://xn--99zt52a.example.org/%E2%80%AE"),
    ("ex://\u00fc@h\u00f6st/?\u00e9#\u00e9", "ex://%C3%BC@h%C3%B6st/?%C3%A9#%C3%A9"),
    ("../\u00fc%2F", "../%C3%BC%2F"),
    ("http://h/%7E%41", "http://h/%7E%41"),
]


@pytest.mark.spec("URI-002")
@pytest.mark.feature("F-URI-08")
@pytest.mark.parametrize(("iri", "uri"), IRIS)
def test_an_iri_stands_for_a_uri_and_back(iri: str, uri: str) -> None:
    assert str(parse_iri(iri)) == iri
    assert str(parse_iri(iri).to_uri()) == uri
    assert str(uri_to_iri(uri)) == iri
    assert str(uri_to_iri(parse_uri(uri)).to_uri()) == uri


def test_codes_that_show_nothing_stay() -> None:
    for code in ("%E2%80%AE", "%C2%A0", "%E2%80%8B", "%C3", "%F4%8F%BF%BF", "%EE%80%80", "%C0%AF"):
        assert str(uri_to_iri(f"http://h/{code}")) == f"http://h/{code}"


def test_a_host_may_be_coded_instead_of_named() -> None:
    iri = parse_iri("http://r\u00e9sum\u00e9.example.org/")
    assert str(iri.to_uri(idna=False)) == "http://r%C3%A9sum%C3%A9.example.org/"
    assert str(parse_iri("ex://b\u00fccher/").to_uri(idna=True)) == "ex://xn--bcher-kva/"
    assert host_to_ascii("B\u00fccher.example") == "xn--bcher-kva.example"
    assert host_to_unicode("xn--bcher-kva.example") == "b\u00fccher.example"
    assert host_to_unicode("xn--99zt52.!") == "xn--99zt52.!"
    assert str(uri_to_iri("http://xn--a.example/")) == "http://xn--a.example/"


@pytest.mark.parametrize("host", ["\u00fc" * 64, "\u2603.example\u3002\u3002", "a\u200b\u202eb", "\u00fc..x"])
def test_a_host_without_a_name_is_refused(host: str) -> None:
    with pytest.raises(SyntaxFault, match="a name of the domain name system"):
        host_to_ascii(host)
    with pytest.raises((InvalidURI, SyntaxFault)):
        parse_iri(f"http://{host}/").to_uri()


def test_iris_resolve_and_compare_as_texts() -> None:
    base = parse_iri("http://\u00fc/a/b")
    assert str(base.resolve("../\u00e9#\u00e9")) == "http://\u00fc/\u00e9#\u00e9"
    assert str(base.relative("http://\u00fc/\u00e9")) == "../\u00e9"
    assert isinstance(base.resolve(""), IRI)
    assert base == parse_iri("http://\u00fc/a/b")
    assert len({base, parse_iri("HTTP://\u00fc/a/b"), base.replace(fragment="x")}) == 3
    assert base != parse_uri("http://h/")


@pytest.mark.parametrize(
    "text", ["a b", "\u0080", "\ue000", "\ufdd0", "\ufffe", "\U0001fffe", "\U000e0001", "\ud800", "%zz"]
)
def test_what_no_iri_may_hold_is_refused(text: str) -> None:
    with pytest.raises(InvalidURI):
        parse_iri(text)
    assert str(parse_iri("?\ue000\U00100000")) == "?\ue000\U00100000"


@pytest.mark.feature("F-URI-08")
def test_addresses_as_people_and_documents_have_them_are_read() -> None:
    assert str(parse_iri('a b{\u00e9}|"<>^`\\', legacy=True)) == "a%20b%7B\u00e9%7D%7C%22%3C%3E%5E%60%5C"
    assert encode_illegal("http://h/a b?\u00e9%20%") == "http://h/a%20b?%C3%A9%20%"


@pytest.mark.spec("URI-003")
@pytest.mark.feature("F-URI-09")
def test_letters_beyond_ascii_are_encoded_and_nothing_else() -> None:
    assert encode_non_ascii("a b<\u00e9\u20ac>%zz") == "a b<%C3%A9%E2%82%AC>%zz"
    assert encode_non_ascii("a b") == "a b"
    with pytest.raises(SyntaxFault):
        encode_non_ascii("\ud800")


@pytest.mark.spec("URI-024", "URI-025")
@pytest.mark.feature("F-URI-09")
@pytest.mark.parametrize(
    ("profile", "source", "reserved", "escaped"),
    [
        (RFC2732, "[file].txt", None, "%5Bfile%5D.txt"),
        (RFC2732, "[file].txt", RFC2732.in_segment, "[file].txt"),
        (RFC2396, "[file].txt", RFC2396.in_segment, "%5Bfile%5D.txt"),
        (RFC2732, "$&+,/:;=?@[]", None, "%24%26%2B%2C%2F%3A%3B%3D%3F%40%5B%5D"),
        (RFC1738, "~$+,", None, "%7E$+,"),
        (RFC2396, "~$+,", None, "~%24%2B%2C"),
        (RFC3986, "~$+,!'()*", None, "~%24%2B%2C%21%27%28%29%2A"),
        (RFC3986, "a/b?c&d=e+f#", RFC3986.in_query, "a/b?c%26d%3De%2Bf%23"),
        (RFC3986, "a:b;c=d/e", RFC3986.in_segment, "a:b;c=d%2Fe"),
        (RFC2396, "a b<>%\x7f\u00e9", None, "a%20b%3C%3E%25%7F%C3%A9"),
        (RFC2396, b"\x00\xffa/", None, "%00%FFa%2F"),
        (RFC3986, "a.b-c_d", frozenset(), "a.b-c_d"),
    ],
)
def test_data_are_escaped_by_a_profile(
    profile: Profile, source: str | bytes, reserved: frozenset[str] | None, escaped: str
) -> None:
    assert profile.escape(source, reserved) == escaped
    assert percent_decode_bytes(escaped) == (source.encode() if isinstance(source, str) else source)


@pytest.mark.spec("URI-025", "URI-032")
def test_the_classes_of_the_specifications() -> None:
    assert RFC1738.safe | RFC1738.extra < RFC1738.unreserved
    assert "".join(sorted(RFC2396.mark)) == "!'()*-._~"
    assert RFC2732.reserved - RFC2396.reserved == RFC2396.unwise - RFC2732.unwise == set("[]")
    assert ("~" in RFC1738.allowed, "~" in RFC2396.allowed, "[" in RFC2396.allowed) == (False, True, False)
    for profile in (RFC1738, RFC2396, RFC2732, RFC3986):
        kinds = (
            profile.reserved,
            profile.unreserved,
            profile.space,
            profile.control,
            profile.delims - profile.reserved,
        )
        assert sum(map(len, kinds)) == len(frozenset().union(*kinds))
        assert profile.in_authority | profile.in_segment | profile.in_query <= profile.reserved | {"#"}
        assert [None in kind for kind in kinds] == [False] * 5
        assert "é" not in profile.allowed


@pytest.mark.spec("URI-026")
def test_unescaped_data_are_bytes() -> None:
    assert percent_decode_bytes("%E8%8B%B1%E5%9B%BD.xml").decode() == "英国.xml"
    assert percent_decode_bytes("%ff+a") == b"\xff+a"
    for broken, position in (("a%", 2), ("%4", 1), ("%zz%41", 1)):
        with pytest.raises(SyntaxFault) as fault:
            percent_decode_bytes(broken)
        assert fault.value.position == position


@pytest.mark.spec("URI-027")
@pytest.mark.feature("F-URI-09")
def test_data_have_a_canonical_form() -> None:
    assert percent_normalize("%7ea%2f b%c3%a9\u00e9<") == "~a%2F%20b%C3%A9%C3%A9%3C"
    assert percent_normalize("%7e%41", plain="") == "%7E%41"
    assert percent_normalize("%7e%2f", plain="~/") == "~/"
    assert percent_normalize("a/b?", allowed="") == "a%2Fb%3F"
    with pytest.raises(SyntaxFault):
        percent_normalize("%4")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_canonical_form_is_its_own(text: str) -> None:
    once = percent_normalize(text.replace("%", "%25"))
    assert percent_normalize(once) == once
    assert percent_decode_bytes(once).decode() == text


@pytest.mark.spec("URI-028")
@pytest.mark.feature("F-URI-13")
def test_a_uri_is_cut_out_of_a_sentence() -> None:
    sentence = "See http://example.com/a_(b)?c#d, or ask «http://é.example»."
    assert uri_length(sentence, 4) == len("http://example.com/a_(b)?c#d,")
    assert uri_length(sentence, 3) == uri_length("") == uri_length("é") == uri_length("a", 5) == 0
    assert [(at, str(uri)) for at, uri in find_uris(sentence)] == [(4, "http://example.com/a_(b)?c#d")]


@pytest.mark.feature("F-URI-13")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(http://a.b/c_(d)), <mailto:x@y.z>.", ["http://a.b/c_(d)", "mailto:x@y.z"]),
        ("[http://h/a] \"https://h/b\" 'ftp://h/c'!", ["http://h/a", "https://h/b", "ftp://h/c"]),
        ("note: this is none, and 12:30 neither", []),
        ("http://[broken and http://h/?a=(b)", ["http://h/?a=(b)"]),
        ("http:// x", []),
        ("urn:isbn:0451450523.", ["urn:isbn:0451450523"]),
        ("http://h/%zz then http://h/ok...", ["http://h/ok"]),
    ],
)
def test_uris_are_found_in_running_text(text: str, found: list[str]) -> None:
    assert [str(uri) for _, uri in find_uris(text)] == found
    assert all(text.startswith(str(uri), at) for at, uri in find_uris(text))


@pytest.mark.feature("F-URI-14")
@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("", ()),
        ("a", (("a", None),)),
        ("a=&b=1&a=2", (("a", ""), ("b", "1"), ("a", "2"))),
        ("=x", (("", "x"),)),
        ("%C3%A9=a%20b%26", (("é", "a b&"),)),
        ("a=b=c", (("a", "b=c"),)),
    ],
)
def test_a_query_is_pairs(query: str, pairs: tuple[tuple[str, str | None], ...]) -> None:
    assert parse_query(query) == pairs
    assert parse_query(format_query(pairs)) == pairs


@pytest.mark.feature("F-URI-14")
def test_queries_are_read_as_forms_write_them() -> None:
    assert parse_query("&&a=x+y&") == (("a", "x y"),)
    assert parse_query("a=x+y", plus_is_blank=False) == (("a", "x+y"),)
    with pytest.raises(SyntaxFault) as fault:
        parse_query("a=1&b=%FF")
    assert fault.value.position == 6
    with pytest.raises(LimitExceeded):
        parse_query("&" * 1000)


_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(_WORDS, st.one_of(st.none(), _WORDS)), max_size=5))
def test_all_pairs_come_back(pairs: list[tuple[str, str | None]]) -> None:
    kept = tuple((name, value) for name, value in pairs if name or value is not None)
    assert parse_query(format_query(kept)) == kept
    assert parse_uri("http://h/").replace(query=format_query(kept)).query == format_query(kept)


def test_running_text_is_gone_through_once() -> None:
    # Each of these had every start looked at to the very end.
    for piece in ("aa:b[", "aa:b%zz", "http://[", "x:(", "aa:b)"):
        assert len(list(find_uris(piece * 20_000))) <= 20_000
    found = find_uris("[one](http://h/a)[two](http://h/b), http://u@[::1]:80/c and http://[::1]")
    assert [str(uri) for _, uri in found] == ["http://h/a", "http://h/b", "http://u@[::1]:80/c", "http://[::1]"]
