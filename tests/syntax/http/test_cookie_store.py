"""A store of cookies: what a page may set, what goes with a request, when cookies end, and how many are kept."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http import Request, Response
from demotic.syntax.http.cookies import (
    ALL_PUBLIC,
    CookieLimits,
    CookieRefused,
    CookieStore,
    SetCookie,
    Site,
    SuffixList,
    dump_cookies,
    keep_cookies,
    load_cookies,
    parse_set_cookie,
)
from demotic.syntax.uri import parse_uri

from .http_cases import cases

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SUFFIXES = SuffixList.parse("com\nco.uk\nuk")


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.spec("COOKIE-005", "COOKIE-009", "COOKIE-010", "COOKIE-031")
@pytest.mark.feature("F-HTTP-16")
@pytest.mark.parametrize("case", cases("cookie_store.json"))
def test_what_is_set_is_what_is_sent(case: dict[str, Any]) -> None:
    store = CookieStore(SUFFIXES)
    for second, (url, text, refusal) in enumerate(case["steps"]):
        refused = store.receive(url, [text], later(second))
        assert [bool(re.search(refusal or "^$", str(error))) for error in refused] == ([True] if refusal else [])
    for url, sent in case["sent"].items():
        assert store.header(url, later(100)) == sent


@pytest.mark.feature("F-HTTP-16")
def test_a_host_beyond_ascii_is_the_same_however_it_is_written() -> None:
    store = CookieStore(SUFFIXES)
    assert store.receive("http://B\u00fccher.com/", ["a=b; Domain=b\u00fccher.com"], NOW) == []
    for host in ("b%C3%BCcher.com", "xn--bcher-kva.com", "www.b\u00fccher.com"):
        assert store.header(f"http://{host}/", NOW) == "a=b"
    for host in ("a%2Fb.com", "a%00.com", "%FF.com"):
        with pytest.raises(SyntaxFault):
            store.header(f"http://{host}/", NOW)


@pytest.mark.spec("COOKIE-009")
def test_a_refusal_says_why() -> None:
    store = CookieStore(SUFFIXES)
    with pytest.raises(CookieRefused, match="is a public domain") as caught:
        store.set(SetCookie("a", "b", domain="co.uk"), "http://example.co.uk/", NOW)
    assert (caught.value.code, caught.value.target) == ("CookieRefused", "co.uk")
    for url in ("/a", "mailto:a", "http://a b/"):
        with pytest.raises(SyntaxFault):
            store.set(SetCookie("a", "b"), url, NOW)
    with pytest.raises(InvalidInput, match="no zone"):
        store.set(SetCookie("a", "b"), "http://a.com/", NOW.replace(tzinfo=None))
    assert len(store) == 0


@pytest.mark.spec("COOKIE-012", "COOKIE-013")
@pytest.mark.feature("F-HTTP-16")
def test_without_a_list_every_cookie_is_for_its_host_until_a_domain_is_trusted() -> None:
    store = CookieStore()
    cookie = SetCookie("a", "b", domain="example.com")
    with pytest.raises(CookieRefused, match="with_private"):
        store.set(cookie, "http://www.example.com/", NOW)
    stored = store.set(cookie, "http://example.com/", NOW)
    assert stored is not None
    assert stored.host_only
    assert store.header("http://www2.example.com/", NOW) is None
    store.suffixes = ALL_PUBLIC.with_private("example.com")
    assert store.set(cookie, "http://www.example.com/", NOW) is not None
    assert store.header("http://www2.example.com/", NOW) == "a=b"


@pytest.mark.spec("COOKIE-006", "COOKIE-010")
def test_cookies_know_when_they_were_made_and_used() -> None:
    store = CookieStore(SUFFIXES)
    store.receive("http://a.com/x/y", ["a=b; Max-Age=60", "s=t"], NOW)
    found = store.search("http://a.com/x/", later(10))
    assert [(cookie.created, cookie.accessed) for cookie in found] == [(NOW, later(10))] * 2
    assert [cookie.is_session for cookie in found] == [False, True]
    assert found[0].touched(later(20)).accessed == later(20)
    assert (found[0].host_only, found[0].domain, found[0].path) == (True, "a.com", "/x")
    assert [found[0].is_expired(later(at)) for at in (-10, 59, 60)] == [False, False, True]
    assert [cookie.accessed for cookie in store] == [later(10)] * 2


@pytest.mark.spec("COOKIE-010", "COOKIE-011")
@pytest.mark.feature("F-HTTP-16")
def test_cookies_end() -> None:
    store = CookieStore(SUFFIXES)
    texts = ["a=1; Max-Age=60", "b=2; Max-Age=600", "s=3"]
    store.receive("http://a.com/", texts, NOW)
    assert store.header("http://a.com/", later(60)) == "b=2; s=3"
    assert len(store) == 2
    store.receive("http://a.com/", texts, NOW)
    store.expire(later(60))
    assert [cookie.name for cookie in store] == ["b", "s"]
    store.expire_session(later(60))
    assert [cookie.name for cookie in store] == ["b"]
    store.expire(later(600))
    assert len(store) == 0
    store.receive("http://a.com/", texts, NOW)
    store.clear()
    assert list(store) == []


@pytest.mark.spec("COOKIE-031")
@pytest.mark.parametrize(
    ("same_site", "sent"),
    [
        ("", {Site.SAME: True, Site.CROSS_NAVIGATION: True, Site.CROSS: False}),
        ("; SameSite=Lax", {Site.SAME: True, Site.CROSS_NAVIGATION: True, Site.CROSS: False}),
        ("; SameSite=Strict", {Site.SAME: True, Site.CROSS_NAVIGATION: False, Site.CROSS: False}),
        ("; SameSite=None", {Site.SAME: True, Site.CROSS_NAVIGATION: True, Site.CROSS: True}),
    ],
)
def test_what_other_sites_make_a_client_send(same_site: str, sent: dict[Site, bool]) -> None:
    store = CookieStore(SUFFIXES)
    store.receive("https://a.com/", [f"a=b; Secure{same_site}"], NOW)
    found = {site: store.header("https://a.com/", NOW, site=site) is not None for site in Site}
    assert found == sent
    writes = store.header("https://a.com/", NOW, site=Site.CROSS_NAVIGATION, safe=False)
    assert (writes is not None) == sent[Site.CROSS]
    other = CookieStore(SUFFIXES)
    refused = other.receive("https://a.com/", [f"a=b; Secure{same_site}"], NOW, site=Site.CROSS)
    assert (not refused) == sent[Site.CROSS]


def test_scripts_see_and_change_no_cookie_of_http() -> None:
    store = CookieStore(SUFFIXES)
    store.receive("http://a.com/", ["a=1; HttpOnly", "b=2"], NOW)
    assert [cookie.name for cookie in store.search("http://a.com/", NOW, http=False)] == ["b"]
    with pytest.raises(CookieRefused, match="did not come over HTTP"):
        store.set(SetCookie("c", "3", http_only=True), "http://a.com/", NOW, http=False)
    with pytest.raises(CookieRefused, match="cannot change"):
        store.set(SetCookie("a", "3"), "http://a.com/", NOW, http=False)
    assert store.set(SetCookie("b", "3"), "http://a.com/", NOW, http=False) is not None


@pytest.mark.spec("COOKIE-031")
@pytest.mark.feature("F-HTTP-16")
def test_the_longest_unused_cookies_go_first() -> None:
    store = CookieStore(SUFFIXES, limits=CookieLimits(per_domain=3, total=5))
    store.receive("https://a.com/", ["a=1; Secure"], NOW)
    store.receive("http://a.com/p/", ["b=2", "c=3; Path=/p"], later(1))
    store.search("http://a.com/p/", later(2))
    store.receive("http://a.com/", ["d=4"], later(3))
    assert sorted(cookie.name for cookie in store) == ["a", "c", "d"]
    store.receive("http://b.com/", ["e=5"], later(4))
    store.receive("http://c.com/", ["f=6"], later(5))
    assert len(store) == 5
    store.receive("http://d.com/", ["g=7"], later(6))
    assert len(store) == 5
    assert {"a", "d", "e", "f", "g"} == {cookie.name for cookie in store}


@pytest.mark.spec("COOKIE-031")
@pytest.mark.feature("F-HTTP-16")
def test_kept_cookies_outlive_the_program() -> None:
    store = CookieStore(SUFFIXES)
    store.receive("https://www.a.com/x/", ["a=é; Max-Age=60; Secure; SameSite=Lax; Domain=a.com", "s=t"], NOW)
    text = dump_cookies(store)
    again = CookieStore(SUFFIXES)
    again.restore(load_cookies(text))
    assert list(again) == [cookie for cookie in store if not cookie.is_session]
    assert sorted(load_cookies(dump_cookies(store, session=True)), key=str) == sorted(store, key=str)
    naive = text.replace("+00:00", "").replace("Z", "")
    for broken in ("", "{}", "[1]", '[{"name": 1}]', naive):
        with pytest.raises(InvalidInput, match="no cookies"):
            load_cookies(broken)


@pytest.mark.spec("COOKIE-001")
@pytest.mark.feature("F-HTTP-17")
def test_cookies_are_kept_once_a_store_is_attached() -> None:
    seen: list[dict[str, str]] = []

    def server(request: Request) -> Response:
        seen.append(dict(request.fields))
        return Response(200, [("Set-Cookie", "a=1; Path=/"), ("X", "y"), ("set-cookie", "b=2; Max-Age=5")])

    def request(path: str) -> Request:
        return Request("GET", path, query="q", fields={"accept": "*/*"}, scheme="https", host="a.com:8443")

    server(request("/x/1"))
    server(request("/x/2"))
    store = CookieStore(SUFFIXES)
    ticks = iter([NOW, NOW, later(1), later(1), later(9), later(9)])
    client = keep_cookies(server, store, lambda: next(ticks))
    answers = [client(request(path)) for path in ("/x/3", "/x/4", "/z")]
    assert [fields.get("cookie") for fields in seen] == [None, None, None, "b=2; a=1", "a=1"]
    assert [fields["accept"] for fields in seen] == ["*/*"] * 5
    assert [answer.status for answer in answers] == [200] * 3


def test_a_url_may_be_a_value() -> None:
    store = CookieStore(SUFFIXES)
    store.receive(parse_uri("http://a.com/x?y#z"), ["a=b"], NOW)
    assert store.header(parse_uri("http://a.com/"), NOW) == "a=b"


def test_threads_share_a_store() -> None:
    store = CookieStore(SUFFIXES, limits=CookieLimits(per_domain=50, total=100))
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(60):
                store.receive(f"http://{number}.com/", [f"c{step}={step}", "x=; Max-Age=0"], later(step))
                store.search(f"http://{number}.com/", later(step))
                list(store)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store) == 100


@given(st.lists(st.text(max_size=40), max_size=6))
def test_no_field_breaks_a_store(texts: list[str]) -> None:
    store = CookieStore(SUFFIXES)
    refused = store.receive("https://www.a.com/x", texts, NOW)
    sent = store.header("https://www.a.com/x", NOW)
    assert len(refused) <= len(texts)
    assert sent is None or all(parse_set_cookie(pair) for pair in sent.split("; "))
