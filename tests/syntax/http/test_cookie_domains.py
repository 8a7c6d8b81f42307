"""Domains of cookies, and which of them are public: the rules, the real list, and its official tests."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from demotic.errors import SyntaxFault
from demotic.syntax.http.cookies import (
    ALL_PUBLIC,
    SuffixList,
    domain_matches,
    is_a_label,
    is_ip_address,
    is_ldh_label,
    is_reserved_label,
    is_subdomain,
    shipped_suffix_list,
    split_domain,
    suffix_mismatches,
)

SOME = SuffixList.parse("// a comment\n\ncom\nco.uk and a note\n*.ck\n!www.ck\nuk\n*.b.example\n公司.cn\ncn\n")


@pytest.mark.spec("COOKIE-028")
@pytest.mark.parametrize(
    ("domain", "labels"),
    [
        ("www.Example.COM", ("www", "example", "com")),
        ("com", ("com",)),
        ("食狮.公司.cn", ("xn--85x722f", "xn--55qx5d", "cn")),
        ("食狮.公司.cn".encode(), ("xn--85x722f", "xn--55qx5d", "cn")),
        ("Bücher.example", ("xn--bcher-kva", "example")),
        ("_dmarc.example", ("_dmarc", "example")),
        ("a.1", ("a", "1")),
    ],
)
def test_a_domain_is_its_labels(domain: str | bytes, labels: tuple[str, ...]) -> None:
    assert split_domain(domain) == labels
    assert split_domain(".".join(labels)) == labels


BROKEN = ["", ".", ".com", "com.", "a..b", "a b", "-a.com", "a-.com", "*", "*.com", "a\u2028", "xn--\u00fc"]


@pytest.mark.spec("COOKIE-028")
@pytest.mark.parametrize("domain", [*BROKEN, "a" * 64, "a." * 127 + "a", "127.0.0.1", "::1", b"\xff"])
def test_what_is_no_domain_is_refused(domain: str | bytes) -> None:
    with pytest.raises(ValueError) as caught:
        split_domain(domain)
    assert isinstance(caught.value, SyntaxFault)


@pytest.mark.spec("COOKIE-028")
def test_a_label_may_be_wild_where_that_is_meant() -> None:
    assert split_domain("*.Ck", wild=True) == ("*", "ck")


@pytest.mark.spec("COOKIE-029")
def test_a_domain_contains_itself_and_those_under_it() -> None:
    assert is_subdomain("www.example.com", "example.com")
    assert is_subdomain("Example.com", "example.COM")
    assert not is_subdomain("example.com", "www.example.com")
    assert not is_subdomain("badexample.com", "example.com")
    assert domain_matches("www.example.com", "example.com")
    assert not domain_matches("badexample.com", "example.com")
    assert domain_matches("127.0.0.1", "127.0.0.1")
    assert not domain_matches("127.0.0.1", "0.0.1")
    assert is_ip_address("[::1]")
    assert not is_ip_address("example.com")


@pytest.mark.spec("COOKIE-030")
@pytest.mark.parametrize(
    ("label", "ldh", "reserved", "a_label"),
    [
        ("abc", True, False, False),
        ("9a", True, False, False),
        ("a-", False, False, False),
        ("-a", False, False, False),
        ("a_b", False, False, False),
        ("", False, False, False),
        ("a" * 63, True, False, False),
        ("a" * 64, False, False, False),
        ("ab--c", True, True, False),
        ("XN--bcher-kva", True, True, True),
        ("xn--abc", True, True, True),
        ("xn--a", True, True, True),
        ("xn--999999999", True, True, False),
    ],
)
def test_kinds_of_labels(label: str, ldh: bool, reserved: bool, a_label: bool) -> None:
    assert (is_ldh_label(label), is_reserved_label(label), is_a_label(label)) == (ldh, reserved, a_label)


@pytest.mark.spec("COOKIE-016", "COOKIE-017", "COOKIE-018", "COOKIE-020")
@pytest.mark.feature("F-HTTP-15")
@pytest.mark.parametrize(
    ("domain", "suffix", "registered"),
    [
        ("com", "com", None),
        ("example.com", "com", "example.com"),
        ("a.b.example.com", "com", "example.com"),
        ("www.example.co.uk", "co.uk", "example.co.uk"),
        ("example.uk", "uk", "example.uk"),
        ("ck", "ck", None),
        ("test.ck", "test.ck", None),
        ("b.test.ck", "test.ck", "b.test.ck"),
        ("www.ck", "ck", "www.ck"),
        ("a.www.ck", "ck", "www.ck"),
        ("unknown", "unknown", None),
        ("a.unknown", "unknown", "a.unknown"),
        ("x.a.b.example", "a.b.example", "x.a.b.example"),
        ("b.example", "example", "b.example"),
        ("食狮.公司.cn", "xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
    ],
)
def test_the_longest_rule_tells_what_is_public(domain: str, suffix: str, registered: str | None) -> None:
    assert SOME.public_suffix(domain) == suffix
    assert SOME.registered_domain(domain) == registered
    assert SOME.is_public(domain) == (registered is None)


@pytest.mark.spec("COOKIE-018")
def test_a_registered_domain_in_its_own_script_or_not_at_all() -> None:
    assert SOME.registered_domain("www.食狮.公司.cn", as_unicode=True) == "食狮.公司.cn"
    assert SOME.registered_domain("www.example.com", as_unicode=True) == "example.com"
    assert [SOME.registered_domain(name) for name in (None, "", "127.0.0.1", "a b")] == [None] * 4
    with pytest.raises(SyntaxFault):
        SOME.is_public("127.0.0.1")


@pytest.mark.spec("COOKIE-012", "COOKIE-013", "COOKIE-014")
@pytest.mark.feature("F-HTTP-15")
def test_nobody_is_trusted_until_somebody_says_so() -> None:
    assert ALL_PUBLIC.is_public("a.b.c.example.com")
    assert ALL_PUBLIC.registered_domain("www.example.com") is None
    trusting = ALL_PUBLIC.with_private("example.com", "*.sites.example")
    assert not trusting.is_public("example.com")
    assert not trusting.is_public("www.example.com")
    assert not trusting.is_public("a.sites.example")
    assert trusting.is_public("example.org")
    assert trusting.with_public("users.example.com").is_public("users.example.com")
    assert not SOME.with_private("co.uk").is_public("co.uk")
    assert SOME.with_public("*.example.com").is_public("any.example.com")
    assert not SOME.with_public("*.example.com").is_public("example.com")
    assert SOME.with_private("x.com").with_public("x.com") == SOME.with_public("x.com")
    assert SOME.is_public("co.uk")


@pytest.mark.spec("COOKIE-016")
def test_a_list_of_exceptions_alone() -> None:
    short = SuffixList.parse("!example.com\n", depth=255)
    assert not short.is_public("www.example.com")
    assert short.is_public("www.example.org")
    assert SuffixList.parse("", depth=2).registered_domain("a.b.c") == "a.b.c"
    with pytest.raises(SyntaxFault):
        SuffixList.parse("a..b")


@pytest.mark.spec("COOKIE-018", "COOKIE-019", "COOKIE-016")
@pytest.mark.feature("F-HTTP-15")
def test_the_real_list_passes_its_official_tests() -> None:
    tests = (files("publicsuffixlist") / "test_psl.txt").read_text("utf-8")
    assert tests.count("checkPublicSuffix(") > 70
    assert suffix_mismatches(shipped_suffix_list(), tests) == []
    assert shipped_suffix_list().registered_domain("www.example.co.uk") == "example.co.uk"


@pytest.mark.spec("COOKIE-019")
def test_what_a_list_gets_wrong_is_told() -> None:
    tests = "checkPublicSuffix('a.co.uk', 'a.co.uk');\n// checkPublicSuffix('x', 'y');\ncheckPublicSuffix('com', null);"
    assert suffix_mismatches(SuffixList(), tests) == ["'a.co.uk': 'a.co.uk' expected, found co.uk"]
    with pytest.raises(SyntaxFault):
        suffix_mismatches(SOME, "")


@pytest.fixture(scope="module")
def other() -> PublicSuffixList:
    """Another reader of the same list."""
    return PublicSuffixList()


NAMES = st.from_regex(r"[a-z]{1,3}(\.[a-z]{1,3}){0,3}", fullmatch=True)


@given(name=NAMES, suffix=st.sampled_from(["com", "co.uk", "ck", "kobe.jp", "公司.cn", "github.io", "example"]))
def test_the_real_list_agrees_with_its_package(other: PublicSuffixList, name: str, suffix: str) -> None:
    domain = ".".join(split_domain(f"{name}.{suffix}"))
    assert shipped_suffix_list().registered_domain(domain) == other.privatesuffix(domain)
