"""References: their parts, their text, what is refused where, and the class that a scheme asks for."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.syntax.uri import (
    URI,
    Authority,
    HttpURI,
    InvalidURI,
    ServerURI,
    URIFault,
    http_uri,
    parse_uri,
    register_scheme,
    split_authority,
)

from .strategies import fragments, references

SCHEMES = ["", "s:", "HTTP:", "x-y.z+1:"]

# RFC 3986, section 1.1.2, and the corners of section 3: text, then scheme, authority, path, query, fragment.
PARTS = [
    ("ftp://ftp.is.co.za/rfc/rfc1808.txt", "ftp", "ftp.is.co.za", "/rfc/rfc1808.txt", None, None),
    ("http://www.ietf.org/rfc/rfc2396.txt", "http", "www.ietf.org", "/rfc/rfc2396.txt", None, None),
    ("ldap://[2001:db8::7]/c=GB?objectClass?one", "ldap", "[2001:db8::7]", "/c=GB", "objectClass?one", None),
    ("mailto:John.Doe@example.com", "mailto", None, "John.Doe@example.com", None, None),
    ("news:comp.infosystems.www.servers.unix", "news", None, "comp.infosystems.www.servers.unix", None, None),
    ("tel:+1-816-555-1212", "tel", None, "+1-816-555-1212", None, None),
    ("telnet://192.0.2.16:80/", "telnet", "192.0.2.16:80", "/", None, None),
    ("foo://example.com:8042/a/b?name=ferret#nose", "foo", "example.com:8042", "/a/b", "name=ferret", "nose"),
    ("", None, None, "", None, None),
    ("?", None, None, "", "", None),
    ("#", None, None, "", None, ""),
    ("//", None, "", "", None, None),
    ("///", None, "", "/", None, None),
    ("s:", "s", None, "", None, None),
    ("s:?#", "s", None, "", "", ""),
    ("./a:b", None, None, "./a:b", None, None),
    ("//@:", None, "@:", "", None, None),
    ("//u:p:q@h:080/", None, "u:p:q@h:080", "/", None, None),
    ("a?b?c/d#e?f/g", None, None, "a", "b?c/d", "e?f/g"),
]


@pytest.mark.spec("URI-001", "URI-005", "URI-006")
@pytest.mark.feature("F-URI-01")
@pytest.mark.parametrize(("text", "scheme", "authority", "path", "query", "fragment"), PARTS)
def test_a_text_is_taken_apart_and_put_together_again(
    text: str, scheme: str | None, authority: str | None, path: str, query: str | None, fragment: str | None
) -> None:
    uri = parse_uri(text)
    server = None if uri.authority is None else str(uri.authority)
    assert (uri.scheme, server, uri.path, uri.query, uri.fragment) == (scheme, authority, path, query, fragment)
    made = URI(scheme, None if authority is None else Authority.parse(authority), path, query, fragment)
    assert str(uri) == str(made) == text
    assert made == uri


@pytest.mark.spec("URI-005", "URI-007", "URI-015", "URI-016")
@pytest.mark.parametrize(
    ("text", "specific", "absolute", "relative", "opaque", "file_name"),
    [
        ("http://h/a/b%20c?q#f", "//h/a/b%20c?q", "/a/b%20c", None, None, "b%20c"),
        ("http://h", "//h", None, None, None, ""),
        ("file:/a/", "/a/", "/a/", None, None, ""),
        ("mailto:a@b?subject=c#f", "a@b?subject=c", None, None, "a@b?subject=c", None),
        ("a/b?q", "a/b?q", None, "a/b", None, "b"),
        ("/a/b", "/a/b", "/a/b", None, None, "b"),
        ("#f", "", None, "", None, ""),
    ],
)
def test_the_parts_that_rfc_2396_names(
    text: str, specific: str, absolute: str | None, relative: str | None, opaque: str | None, file_name: str | None
) -> None:
    uri = parse_uri(text)
    assert uri.scheme_specific_part == specific
    assert (uri.absolute_path, uri.relative_path, uri.opaque_part) == (absolute, relative, opaque)
    assert uri.file_name == file_name
    assert uri.is_absolute == (":" in text.partition("/")[0])


REFUSED = [
    ("http://a b/", 8),
    ("é\ud800", 1),
    ("a b", 1),
    ("a\\b", 1),
    ("a\nb", 1),
    ("a\x00", 1),
    ("a<", 1),
    ('"', 0),
    ("a{b}", 1),
    ("a|b", 1),
    ("a^", 1),
    ("a`", 1),
    ("%", 1),
    ("a%4", 2),
    ("a%zz", 2),
    ("1a:b", 0),
    ("a_b:c", 1),
    (":b", 0),
    ("a#b#c", 3),
    ("a[b", 1),
    ("a?[", 2),
    ("http://h:8x/", 10),
    ("http://u@v@h/", 10),
    ("http://[::1/", 7),
    ("http://[::g]/", 8),
    ("http://[1.2.3.4]/", 8),
    ("http://[::1%eth0]/", 12),
    ("http://[::1%25]/", 8),
    ("http://[v1]/", 8),
    ("http://::1/", 8),
    ("http://h[::1]/", 8),
    ("http://", 7),
    ("http:///x", 7),
    ("http://:80/", 7),
    ("https://u@/", 8),
    ("http://h:65536/", 9),
    ("http://h:" + "9" * 5000 + "/", 9),
]


@pytest.mark.spec("URI-001", "URI-033")
@pytest.mark.feature("F-URI-02")
@pytest.mark.parametrize(("text", "position"), REFUSED, ids=[repr(text[:20]) for text, _ in REFUSED])
def test_what_no_uri_may_hold_is_refused_at_its_place(text: str, position: int) -> None:
    with pytest.raises(InvalidURI) as fault:
        parse_uri(text)
    assert isinstance(fault.value, URIFault)
    assert fault.value.text == text
    assert fault.value.position == position


@pytest.mark.parametrize(
    "parts",
    [
        {"path": "//a"},
        {"path": "a:b"},
        {"authority": Authority(host="h"), "path": "a"},
        {"path": "a?b"},
        {"scheme": "1"},
        {"scheme": ""},
        {"query": "#"},
        {"fragment": " "},
        {"path": "é"},
    ],
)
def test_parts_that_would_be_read_as_others_are_refused(parts: dict[str, object]) -> None:
    with pytest.raises(InvalidURI):
        URI(**parts)


@pytest.mark.parametrize("parts", [{"host": "a:80"}, {"host": "u@h"}, {"host": "::1"}, {"host": "h", "port_text": "x"}])
def test_parts_of_an_authority_that_would_be_read_as_others_are_refused(parts: dict[str, str]) -> None:
    with pytest.raises(InvalidURI):
        Authority(**parts)


@given(references(SCHEMES), fragments)
def test_every_text_comes_back_as_it_was(text: str, fragment: str | None) -> None:
    text = text if fragment is None else f"{text}#{fragment}"
    try:
        uri = parse_uri(text)
    except InvalidURI:
        assert text.startswith("HTTP:"), "only http asks for more than the grammar here"
        return
    assert str(uri) == text
    assert str(URI(*uri.parts)) == text
    assert pickle.loads(pickle.dumps(uri)) == uri


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        assert str(parse_uri(text, strict=True)) == text
    except InvalidURI as fault:
        assert 0 <= fault.position <= len(text)
        assert fault.caret()


@pytest.mark.spec("URI-002")
@pytest.mark.feature("F-URI-02")
def test_letters_beyond_ascii_are_encoded_unless_one_is_strict() -> None:
    assert str(parse_uri("http://h/é?ü#😀")) == "http://h/%C3%A9?%C3%BC#%F0%9F%98%80"
    with pytest.raises(InvalidURI, match=r"at position 9.*IRI"):
        parse_uri("http://h/é", strict=True)
    with pytest.raises(InvalidURI, match="position 1, found ' '"):
        parse_uri("é b")


@pytest.mark.spec("URI-009")
@pytest.mark.feature("F-URI-01")
def test_a_value_does_not_change_and_is_a_key() -> None:
    uri = parse_uri("http://h/a")
    with pytest.raises(AttributeError):
        uri.path = "/b"
    assert {uri: 1}[parse_uri("HTTP://H:80/./a")] == 1
    assert uri != "http://h/a"
    assert uri != parse_uri("//h/a")


def test_other_parts_make_another_value() -> None:
    uri = parse_uri("http://h/a?q#f")
    assert str(uri.replace(query=None, fragment="g")) == "http://h/a#g"
    assert str(uri.replace(authority="u@o:8")) == "http://u@o:8/a?q#f"
    assert type(uri.replace(scheme="s")) is URI
    assert type(parse_uri("//h/a").replace(scheme="HTTP")) is HttpURI
    with pytest.raises(InvalidURI):
        uri.replace(path="a")
    with pytest.raises(InvalidURI):
        uri.replace(authority="u@v@h")
    with pytest.raises(TypeError):
        uri.replace(host="o")


def test_a_password_is_not_shown_in_a_log() -> None:
    uri = parse_uri("http://me:secret@h/a")
    assert repr(uri) == "HttpURI('http://me:…@h/a')"
    assert str(uri) == "http://me:secret@h/a"
    assert repr(parse_uri("http://me@h/a")) == "HttpURI('http://me@h/a')"


@pytest.mark.spec("URI-029")
@pytest.mark.parametrize(
    ("text", "userinfo", "host", "port_text"),
    [
        ("", None, "", None),
        ("h", None, "h", None),
        ("h:", None, "h", ""),
        ("h:080", None, "h", "080"),
        ("@h", "", "h", None),
        ("u:p@h:80", "u:p", "h", "80"),
        ("%40%3a@h", "%40%3a", "h", None),
        ("[::1]", None, "[::1]", None),
        ("[::1]:80", None, "[::1]", "80"),
        ("[fe80::1%25eth0]:80", None, "[fe80::1%25eth0]", "80"),
    ],
)
def test_an_authority_is_split(text: str, userinfo: str | None, host: str, port_text: str | None) -> None:
    authority = Authority.parse(text)
    assert (authority.userinfo, authority.host, authority.port_text) == (userinfo, host, port_text)
    assert str(authority) == text
    assert authority.port == (int(port_text) if port_text else None)


@pytest.mark.spec("URI-029")
def test_what_follows_the_last_colon_is_no_port_unless_all_of_it_is_digits() -> None:
    assert split_authority("a:b:1x") == (None, "a:b:1x", None)
    assert split_authority("a:b:12") == (None, "a:b", "12")
    assert split_authority("a@b@c:") == ("a", "b@c", "")


def test_a_host_may_be_an_address() -> None:
    assert str(Authority.parse("192.0.2.1").address) == "192.0.2.1"
    assert str(Authority.parse("[2001:DB8::1]:80").address) == "2001:db8::1"
    assert Authority.parse("[fe80::1%25eth%30]").zone == "eth%30"
    for name in ("1.2.3", "256.1.1.1", "01.2.3.4", "1.2.3.4.", "[v1.a]", "h", ""):
        assert Authority.parse(name).address is None
        assert Authority.parse(name).zone is None


@pytest.mark.spec("URI-017")
@pytest.mark.feature("F-URI-03")
@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://Example.com/", ("example.com", 80)),
        ("https://example.com", ("example.com", 443)),
        ("https://example.com:/", ("example.com", 443)),
        ("http://u:p@example.com:8080/", ("example.com", 8080)),
        ("ws://[2001:DB8:0::1]/", ("2001:db8::1", 80)),
        ("ftp://[fe80::1%25eth0]:2121", ("fe80::1%eth0", 2121)),
    ],
)
def test_a_server_has_an_address(text: str, address: tuple[str, int]) -> None:
    uri = parse_uri(text)
    assert isinstance(uri, ServerURI)
    assert uri.address == address


def test_without_a_host_there_is_no_address() -> None:
    uri = parse_uri("http:g")
    assert isinstance(uri, HttpURI)
    with pytest.raises(InvalidURI, match="expected a host at position 5"):
        uri.address  # noqa: B018


@pytest.mark.spec("URI-018")
@pytest.mark.feature("F-URI-03")
def test_an_http_uri_is_made_of_its_parts() -> None:
    assert str(http_uri()) == "http://localhost/"
    assert str(http_uri(secure=True)) == "https://localhost/"
    made = http_uri("example.com", "/a b/ü?", port=8080, query="x=1", fragment="f")
    assert str(made) == "http://example.com:8080/a%20b/%C3%BC%3F?x=1#f"
    assert isinstance(made, HttpURI)
    assert made.target == "/a%20b/%C3%BC%3F?x=1"
    assert str(http_uri("::1", "/", port=80)) == str(http_uri("[::1]")) == "http://[::1]/"
    for parts in ({"host": ""}, {"host": "a/b"}, {"path": "a"}, {"port": 65536}, {"port": -1}, {"query": "#"}):
        with pytest.raises(InvalidURI):
            http_uri(**parts)


@pytest.mark.spec("URI-011")
@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("HTTP://Example.COM:80/a?b#c", "http://example.com"),
        ("http://h:81", "http://h:81"),
        ("file:///a", "file://"),
        ("mailto:a@b", "mailto:"),
        ("//h/a", None),
        ("a", None),
    ],
)
def test_the_root_is_what_is_trusted_as_one(text: str, root: str | None) -> None:
    assert parse_uri(text).root == root


class EvenURI(URI):
    """Paths of even length only, in which case does not count."""

    def _check(self) -> None:
        if len(self.path) % 2:
            raise InvalidURI("a path of even length", self.text, len(self.text))

    def _scheme_normal(self, parts):
        return parts._replace(path=parts.path.lower())


@pytest.mark.spec("URI-004", "URI-008")
@pytest.mark.feature("F-URI-04")
def test_a_scheme_may_have_a_class_of_its_own() -> None:
    assert register_scheme("X-Even", EvenURI) is URI
    try:
        uri = parse_uri("x-EVEN:ABcd")
        assert type(uri) is type(URI("x-even", path="ab")) is EvenURI
        assert uri == parse_uri("x-even:abCD")
        assert type(parse_uri("http://h/").resolve("x-even:ab")) is EvenURI
        with pytest.raises(InvalidURI, match="even length"):
            parse_uri("x-even:abc")
        with pytest.raises(InvalidURI, match="the scheme of EvenURI"):
            EvenURI("http", path="ab")
    finally:
        assert register_scheme("x-even", URI) is EvenURI
    with pytest.raises(InvalidURI):
        register_scheme("x even", EvenURI)
