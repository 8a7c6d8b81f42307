"""Cookies as values: set and sent, strictly and leniently; their dates and characters."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http import Fields
from demotic.syntax.http.cookies import (
    COOKIE_OCTETS,
    DATE_DELIMITERS,
    NON_DELIMITERS,
    NON_DIGITS,
    SameSite,
    SetCookie,
    StrictCookie,
    date_pieces,
    format_cookies,
    parse_attribute_text,
    parse_cookie_date,
    parse_cookies,
    parse_pair,
    parse_set_cookie,
    parse_strict_set_cookie,
    read_cookies,
    read_set_cookies,
    write_cookies,
    write_set_cookies,
)

from .http_cases import cases
from .http_plain import plain
from .http_values import INSTANTS, TOKENS

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.spec("COOKIE-002", "COOKIE-007", "HTTP-056")
@pytest.mark.feature("F-HTTP-13")
@pytest.mark.parametrize("case", cases("set_cookie.json", "value"))
def test_a_cookie_is_read_as_browsers_do_and_written(case: dict[str, Any]) -> None:
    cookie = parse_set_cookie(case["text"])
    assert cookie is not None
    assert plain(cookie) == case["value"]
    assert str(cookie) == case.get("written", case["text"])
    assert parse_set_cookie(str(cookie)) == cookie


@pytest.mark.spec("COOKIE-007")
@pytest.mark.parametrize("case", cases("set_cookie.json", "ignored"))
def test_what_browsers_ignore_is_none(case: dict[str, Any]) -> None:
    assert parse_set_cookie(case["text"]) is None


@pytest.mark.spec("COOKIE-008")
@pytest.mark.parametrize("case", cases("set_cookie.json", "strict"))
def test_a_well_formed_cookie_is_read_strictly(case: dict[str, Any]) -> None:
    cookie = parse_strict_set_cookie(case["text"])
    assert isinstance(cookie, StrictCookie)
    assert plain(cookie) == case["value"]
    assert str(cookie) == case["text"]


@pytest.mark.spec("COOKIE-008", "COOKIE-024")
@pytest.mark.feature("F-HTTP-13")
@pytest.mark.parametrize("case", cases("set_cookie.json", "error"))
def test_a_broken_cookie_is_told_by_place(case: dict[str, Any]) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse_strict_set_cookie(case["text"])
    assert caught.value.position == case["error"]


@pytest.mark.spec("COOKIE-003", "COOKIE-008")
def test_the_cookie_of_a_session_is_written() -> None:
    cookie = StrictCookie("SID", "31d4d96e407aad42", path="/", max_age=15 * 60, secure=True, http_only=True)
    assert str(cookie) == "SID=31d4d96e407aad42; Path=/; Max-Age=900; Secure; HttpOnly"
    with pytest.raises(InvalidInput, match="value"):
        StrictCookie("SID", "a,b")


@pytest.mark.spec("COOKIE-004")
def test_the_age_counts_before_the_date() -> None:
    at = NOW + timedelta(days=2)
    both = SetCookie("a", "b", expires=at, max_age=60)
    assert str(both) == "a=b; Expires=Sat, 03 Jan 2026 00:00:00 GMT; Max-Age=60"
    assert both.expiry(NOW) == NOW + timedelta(seconds=60)
    assert SetCookie("a", "b", expires=at).expiry(NOW) == at
    session = SetCookie("a", "b")
    assert (session.is_session, session.expiry(NOW)) == (True, None)
    assert not both.is_session
    assert SetCookie("a", "b", max_age=-5).expiry(NOW) == NOW
    assert SetCookie("a", "b", max_age=10**30).expiry(NOW) == NOW + timedelta(days=400)
    assert SetCookie("a", "b", expires=NOW.replace(year=9999)).expiry(NOW) == NOW + timedelta(days=400)


@pytest.mark.spec("COOKIE-008", "COOKIE-031")
@pytest.mark.parametrize(
    "make",
    [
        lambda: SetCookie("a;b", "c"),
        lambda: SetCookie("a=b", "c"),
        lambda: SetCookie("a", "b\r\nc"),
        lambda: SetCookie("a", "b", path="/;Secure"),
        lambda: SetCookie("a", "b", extensions=("c;d",)),
        lambda: StrictCookie("", "b"),
        lambda: StrictCookie("a b", "c"),
        lambda: StrictCookie("a", "b c"),
        lambda: StrictCookie("a", 'b"c'),
        lambda: StrictCookie("a", "b\\c"),
        lambda: StrictCookie("a", "é"),
        lambda: StrictCookie("a", "b", path="x"),
        lambda: StrictCookie("a", "b", path="/é"),
        lambda: StrictCookie("a", "b", domain="a b"),
        lambda: StrictCookie("a", "b", domain="127.0.0.1"),
        lambda: StrictCookie("a", "b", extensions=("",)),
        lambda: StrictCookie("a", "b", expires=datetime(2026, 1, 1)),
        lambda: StrictCookie("a", "b", same_site=SameSite.NONE),
        lambda: StrictCookie("a", "b", partitioned=True),
        lambda: StrictCookie("__Secure-a", "b"),
        lambda: StrictCookie("__Host-a", "b", path="/"),
        lambda: StrictCookie("__Host-a", "b", secure=True),
        lambda: StrictCookie("__host-a", "b", secure=True, path="/", domain="a.example"),
    ],
)
def test_what_no_cookie_can_be_is_not_made(make: Callable[[], Any]) -> None:
    with pytest.raises(InvalidInput):
        make()


def test_prefixes_are_kept_promises() -> None:
    assert str(StrictCookie("__Secure-a", "b", secure=True)) == "__Secure-a=b; Secure"
    assert str(StrictCookie("__Host-a", "b", secure=True, path="/")) == "__Host-a=b; Path=/; Secure"


def test_what_is_too_long_is_passed_over() -> None:
    assert parse_set_cookie("a" * 4096 + "=") is not None
    assert parse_set_cookie("a" * 4096 + "=b") is None
    assert parse_set_cookie("a=b; Path=/" + "x" * 1024) == SetCookie("a", "b")


@pytest.mark.spec("COOKIE-025", "COOKIE-026")
@pytest.mark.feature("F-HTTP-13")
@pytest.mark.parametrize("case", cases("cookie_dates.json", "means"))
def test_a_date_is_found_in_whatever_form(case: dict[str, Any]) -> None:
    assert parse_cookie_date(case["text"]) == datetime.fromisoformat(case["means"])


@pytest.mark.spec("COOKIE-026")
@pytest.mark.parametrize("case", cases("cookie_dates.json", "missing"))
def test_a_missing_piece_of_a_date_is_told(case: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"a {case['missing']} "):
        date_pieces(case["text"])


@pytest.mark.spec("COOKIE-026")
@pytest.mark.parametrize("case", cases("cookie_dates.json", "error"))
def test_pieces_that_are_no_date_are_refused(case: dict[str, Any]) -> None:
    assert len(date_pieces(case["text"])) == 6
    with pytest.raises(SyntaxFault) as caught:
        parse_cookie_date(case["text"])
    assert caught.value.expected == case["error"]


@pytest.mark.spec("COOKIE-025")
def test_a_date_that_cannot_be_read_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        cookie = parse_set_cookie("a=b; Expires=never")
    assert cookie is not None
    assert cookie.is_session
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.spec("COOKIE-027")
def test_the_characters_of_cookies() -> None:
    assert all(c in DATE_DELIMITERS for c in "\t !\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~")
    assert not any(c in DATE_DELIMITERS for c in "0:aZ\x00\n\x7f")
    assert "0" in NON_DELIMITERS
    assert "a" in NON_DIGITS
    assert "0" not in NON_DIGITS
    assert "".join(sorted(COOKIE_OCTETS)) == "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '",;\\')
    assert not any(None in characters for characters in (DATE_DELIMITERS, NON_DELIMITERS, NON_DIGITS, COOKIE_OCTETS))


@pytest.mark.spec("COOKIE-021", "HTTP-053")
@pytest.mark.feature("F-HTTP-14")
def test_the_cookies_of_a_request() -> None:
    assert parse_cookies("SID=31d4d96e407aad42; lang=en-US") == {"SID": ("31d4d96e407aad42",), "lang": ("en-US",)}
    assert parse_cookies('a=1;a = 2 ; b="x"; broken; =c') == {"a": ("1", "2"), "b": ('"x"',), "": ("c",)}
    assert parse_cookies("") == parse_cookies("", strict=True) == {}
    assert parse_cookies("a=1; b=2", strict=True) == {"a": ("1",), "b": ("2",)}
    for text, position in (("a=1;  b=2", 4), ("a=1; b", 4), ("a=1;b c=2", 4), ("a=1;", 4), ("a=é", 0)):
        with pytest.raises(SyntaxFault) as caught:
            parse_cookies(text, strict=True)
        assert caught.value.position == position


@pytest.mark.spec("COOKIE-022")
@pytest.mark.parametrize(
    ("text", "lenient", "strict"),
    [
        ("a=b", ("a", "b"), ("a", "b")),
        (" a = b ", ("a", "b"), None),
        ('a="b"', ("a", '"b"'), ("a", '"b"')),
        ("a=b=c", ("a", "b=c"), ("a", "b=c")),
        ("=b", ("", "b"), None),
        ("a=", ("a", ""), ("a", "")),
        ("a", None, None),
        ("a=b,c", ("a", "b,c"), None),
        ("a=b c", ("a", "b c"), None),
        ("a=b\\c", ("a", "b\\c"), None),
        ("a=b;c", ("a", "b;c"), None),
        ('a="b', ("a", '"b'), None),
    ],
)
def test_a_single_pair(text: str, lenient: tuple[str, str] | None, strict: tuple[str, str] | None) -> None:
    assert parse_pair(text) == lenient
    assert parse_pair(text, strict=True) == strict


@pytest.mark.spec("COOKIE-023")
def test_the_text_of_an_attribute_ends_at_a_semicolon_or_control() -> None:
    assert parse_attribute_text("Path=/ x; Secure") == "Path=/ x"
    assert parse_attribute_text("a; b\nc", 2) == " b"
    assert parse_attribute_text("") == parse_attribute_text(";") == parse_attribute_text("\t") == ""


@pytest.mark.spec("HTTP-056")
@pytest.mark.feature("F-HTTP-13")
def test_each_cookie_that_is_set_has_a_field_of_its_own() -> None:
    fields = write_set_cookies(Fields({"Date": "x"}), StrictCookie("a", "b"), StrictCookie("c", "d"))
    assert fields.get_all("set-cookie") == ("a=b", "c=d")
    assert read_set_cookies(fields.add("Set-Cookie", "")) == (SetCookie("a", "b"), SetCookie("c", "d"))
    assert write_set_cookies(fields, StrictCookie("e", "f"), replace=True).get_all("set-cookie") == ("e=f",)
    assert write_set_cookies(fields, replace=True) == Fields({"Date": "x"})


@pytest.mark.spec("HTTP-053")
def test_cookies_are_written_into_one_field() -> None:
    fields = write_cookies(Fields(), [SetCookie("a", "b"), SetCookie("", "c")])
    assert fields.get("cookie") == "a=b; c"
    assert read_cookies(Fields([("Cookie", "a=b"), ("cookie", "a=c")])) == {"a": ("b", "c")}
    assert write_cookies(fields, None) == write_cookies(fields, []) == Fields()
    with pytest.raises(InvalidInput):
        format_cookies([("a", "b;c")])
    with pytest.raises(InvalidInput, match="'a==b' cannot be part"):
        format_cookies([("a=", "b")])


VALUES = st.text("".join(sorted(COOKIE_OCTETS)), max_size=10)
STRICT = st.builds(
    StrictCookie,
    TOKENS.filter(lambda name: not name.lower().startswith("__")),
    VALUES,
    path=st.none() | st.from_regex(r"/[a-z/ =,.]{0,8}[a-z]", fullmatch=True),
    domain=st.none() | st.sampled_from(["a.example", "xn--bcher-kva.example"]),
    expires=st.none() | INSTANTS.filter(lambda at: at.year > 1600),
    max_age=st.none() | st.integers(-5, 10**9),
    secure=st.just(True),
    http_only=st.booleans(),
    same_site=st.none() | st.sampled_from(SameSite),
    partitioned=st.booleans(),
)


@given(STRICT)
def test_a_strict_cookie_survives_its_text(cookie: StrictCookie) -> None:
    assert parse_strict_set_cookie(str(cookie)) == cookie
    read = parse_set_cookie(str(cookie))
    assert read is not None
    assert str(read) == str(cookie)


@given(st.text())
def test_whatever_is_read_can_be_written_and_read_again(text: str) -> None:
    cookie = parse_set_cookie(text)
    if cookie is not None:
        assert parse_set_cookie(str(cookie)) == cookie


@given(st.lists(st.tuples(TOKENS, VALUES), max_size=5))
def test_cookies_survive_their_field(pairs: list[tuple[str, str]]) -> None:
    read = parse_cookies(format_cookies(pairs), strict=True)
    assert sorted((name, value) for name, values in read.items() for value in values) == sorted(pairs)
