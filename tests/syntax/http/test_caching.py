"""`Cache-Control` and `Vary`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http import Fields
from demotic.syntax.http.caching import (
    LONGEST,
    CacheControl,
    KeptResponse,
    Use,
    Vary,
    current_age,
    freshened,
    freshness_lifetime,
    invalidates,
    judge,
    kept_fields,
    may_store,
    parse_cache_control,
    parse_seconds,
    parse_vary,
    validation_fields,
)

from .http_cases import cases
from .http_values import TOKENS, WORDS

CONTROLS = [
    ("no-cache", CacheControl("no-cache")),
    ("max-age=30", CacheControl(("max-age", 30))),
    ("private, community=UCI", CacheControl("private", ("community", "UCI"))),
    ('no-cache="x-user, set-cookie"', CacheControl(("no-cache", ("X-User", "set-cookie")))),
    ("s-maxage=600, stale-if-error=30", CacheControl(("S-Maxage", 600), ("stale-if-error", "30"))),
    ('a="b c\\"d"', CacheControl(("a", 'b c"d'))),
    ("max-stale, immutable", CacheControl("max-stale", "immutable")),
    ("", CacheControl()),
]


@pytest.mark.spec("HTTP-067")
@pytest.mark.feature("F-HTTP-04")
@pytest.mark.parametrize(("text", "control"), CONTROLS)
def test_directives_read_and_write(text: str, control: CacheControl) -> None:
    assert parse_cache_control(text) == control
    assert str(control) == text


@pytest.mark.spec("HTTP-067")
def test_directives_are_looked_up_by_name() -> None:
    control = parse_cache_control('Private="A", MAX-AGE="60", no-store,,ext=1')
    assert control["private"] == ("a",)
    assert (control["Max-Age"], control["no-store"], control["ext"]) == (60, None, "1")
    assert "NO-STORE" in control
    assert "no-cache" not in control
    assert 5 not in control
    assert [name for name, _ in control] == ["private", "max-age", "no-store", "ext"]
    assert len(control) == 4
    with pytest.raises(KeyError, match="s-maxage"):
        control["s-maxage"]
    assert [control.applies_to(name) for name in ("private", "no-store", "public")] == [("a",), True, False]


@pytest.mark.feature("F-HTTP-04")
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("max-age=60", 60),
        ("max-age=99999999999999999999", LONGEST),
        ("max-age=0003", 3),
        ("max-age=-1", 0),
        ("max-age=1.5", 0),
        ("max-age=60, max-age=10", 10),
        ("max-age", None),
        ("no-store", None),
    ],
)
def test_what_nobody_can_rely_on_is_not_fresh(text: str, seconds: int | None) -> None:
    assert parse_cache_control(text).seconds("max-age") == seconds


@pytest.mark.parametrize(
    ("text", "position"), [("a b", 2), ("=1", 0), ("a=", 2), ('a="b', 2), ("a = 1", 2), ("a;b", 1)]
)
def test_a_broken_cache_control_is_told_by_place(text: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse_cache_control(text)
    assert caught.value.position == position


@pytest.mark.parametrize(
    "make",
    [
        lambda: CacheControl("a b"),
        lambda: CacheControl(("max-age", -1)),
        lambda: CacheControl(("max-age", True)),
        lambda: CacheControl(("max-age", 1.5)),
        lambda: CacheControl(("private", ("a b",))),
        lambda: str(CacheControl(("a", "\n"))),
        lambda: Vary(("a b",)),
        lambda: Vary(("a",), anything=True),
    ],
)
def test_what_no_field_can_say_is_not_made(make: Callable[[], Any]) -> None:
    with pytest.raises(InvalidInput):
        make()


@pytest.mark.parametrize(("text", "position"), [("", 0), ("-1", 0), ("1 ", 1), ("1.0", 1), ("٣", 0)])
def test_seconds_are_digits(text: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse_seconds(text)
    assert caught.value.position == position


@given(
    st.lists(
        TOKENS
        | st.tuples(TOKENS, st.integers(0, LONGEST) | WORDS | st.lists(TOKENS, min_size=1, max_size=3).map(tuple)),
        max_size=4,
    )
)
def test_directives_survive_their_text(directives: list[Any]) -> None:
    once = parse_cache_control(str(CacheControl(*directives)))
    assert parse_cache_control(str(once)) == once
    assert [name for name, _ in once] == [name for name, _ in CacheControl(*directives)]


@pytest.mark.feature("F-HTTP-05")
@pytest.mark.parametrize(
    ("text", "vary", "written"),
    [
        ("Accept, Accept-Language", Vary(("accept", "accept-language")), "accept, accept-language"),
        ("*", Vary(anything=True), "*"),
        ("Accept, *", Vary(anything=True), "*"),
        ("A, b, a", Vary(("a", "b")), "a, b"),
        ("", Vary(), ""),
    ],
)
def test_vary_reads_and_writes(text: str, vary: Vary, written: str) -> None:
    assert parse_vary(text) == vary
    assert str(vary) == written
    assert bool(vary) == bool(written)


@pytest.mark.feature("F-HTTP-05")
def test_requests_that_agree_in_what_varies_share_a_response() -> None:
    vary = Vary(("accept-encoding",)).and_also(["Accept", "accept-encoding"])
    assert vary == Vary(("accept-encoding", "accept"))
    request = Fields({"Accept-Encoding": "gzip, br", "Cookie": "a=b"})
    assert vary.key(request) == (("accept", None), ("accept-encoding", "gzip,br"))
    assert vary.key(request) == vary.key(Fields([("accept-encoding", "gzip"), ("ACCEPT-ENCODING", "br")]))
    assert vary.key(request) != vary.key(request.set("Accept", ""))
    assert Vary(anything=True).key(request) is None
    assert Vary(anything=True).and_also(["a"]) == Vary(anything=True)
    assert Vary().key(request) == ()


RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.feature("F-HTTP-11")
@pytest.mark.parametrize("case", cases("freshness.json"))
def test_a_response_ages_and_becomes_stale(case: dict[str, Any]) -> None:
    requested = RECEIVED - timedelta(seconds=case.get("waited", 0))
    kept = KeptResponse(case.get("status", 200), Fields(case["fields"]), requested, RECEIVED)
    now, shared = RECEIVED + timedelta(seconds=case["after"]), case.get("shared", True)
    assert judge(kept, Fields(case.get("request", {})), now, shared=shared) is Use[case["use"]]
    assert current_age(kept, now) == case.get("age", current_age(kept, now))
    assert freshness_lifetime(kept, shared=shared) == case.get("lifetime", freshness_lifetime(kept, shared=shared))


@pytest.mark.feature("F-HTTP-11")
@pytest.mark.parametrize(
    ("method", "request_fields", "status", "response", "shared", "stored"),
    [
        ("GET", {}, 200, {}, True, True),
        ("GET", {}, 200, {"Cache-Control": "no-store"}, True, False),
        ("GET", {"Cache-Control": "no-store"}, 200, {}, True, False),
        ("GET", {}, 200, {"Cache-Control": "private"}, True, False),
        ("GET", {}, 200, {"Cache-Control": "private"}, False, True),
        ("GET", {}, 200, {"Cache-Control": 'private="set-cookie"'}, True, True),
        ("GET", {"Authorization": "Basic YTpi"}, 200, {"Cache-Control": "max-age=1"}, True, False),
        ("GET", {"Authorization": "Basic YTpi"}, 200, {"Cache-Control": "max-age=1"}, False, True),
        ("GET", {"Authorization": "Basic YTpi"}, 200, {"Cache-Control": "s-maxage=1"}, True, True),
        ("GET", {}, 302, {}, True, False),
        ("GET", {}, 302, {"Cache-Control": "max-age=1"}, True, True),
        ("GET", {}, 302, {"Expires": "0"}, True, True),
        ("GET", {}, 302, {"Cache-Control": "s-maxage=1"}, False, False),
        ("GET", {}, 206, {"Cache-Control": "max-age=1"}, True, False),
        ("GET", {}, 304, {"Cache-Control": "max-age=1"}, True, False),
        ("GET", {}, 103, {"Cache-Control": "max-age=1"}, True, False),
        ("HEAD", {}, 200, {}, True, True),
        ("POST", {}, 200, {"Cache-Control": "max-age=1"}, True, False),
        ("GET", {}, 200, {"Cache-Control": "no-store, must-understand"}, True, True),
        ("GET", {}, 299, {"Cache-Control": "must-understand, max-age=1"}, True, False),
        ("GET", {}, 200, {"Cache-Control": "broken directive"}, True, False),
    ],
)
def test_what_may_be_kept(
    method: str, request_fields: dict[str, str], status: int, response: dict[str, str], shared: bool, stored: bool
) -> None:
    assert may_store(method, Fields(request_fields), status, Fields(response), shared=shared) is stored


def test_what_is_kept_of_a_response() -> None:
    response = Fields(
        {
            "ETag": '"a"',
            "Connection": "x-hop",
            "X-Hop": "1",
            "Transfer-Encoding": "chunked",
            "Set-Cookie": "a=b",
            "X-User": "u",
            "Cache-Control": 'no-cache="set-cookie", private=x-user',
        }
    )
    assert kept_fields(response).names() == ["cache-control", "etag"]
    assert kept_fields(response, shared=False).names() == ["cache-control", "etag", "x-user"]
    assert kept_fields(Fields({"Connection": ";", "A": "b"})).names() == ["a"]


def test_a_kept_response_is_validated_and_freshened() -> None:
    kept = Fields({"ETag": '"a"', "Last-Modified": "x", "Content-Type": "a/b", "Date": "1", "Age": "5"})
    assert validation_fields(kept) == Fields({"If-None-Match": '"a"', "If-Modified-Since": "x"})
    assert validation_fields(Fields()) == Fields()
    update = Fields({"Date": "2", "Content-Length": "0", "Content-Type": "c/d", "Connection": "close", "Vary": "A"})
    expected = kept.set("Date", "2").set("Vary", "A")
    assert freshened(kept, update) == expected


@pytest.mark.parametrize(
    ("method", "status", "drops"),
    [("PUT", 200, True), ("DELETE", 204, True), ("POST", 303, True), ("PUT", 412, False), ("GET", 200, False)],
)
def test_an_unsafe_request_that_succeeds_drops_what_is_kept(method: str, status: int, drops: bool) -> None:
    assert invalidates(method, status) is drops
