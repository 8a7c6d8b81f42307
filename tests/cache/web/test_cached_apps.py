"""Whole applications whose pages are kept, behind WSGI and ASGI: what is kept, for whom, and until when."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from demotic.cache import Memory, WrongCacheUse, registry
from demotic.cache.web import PageRequest, asgi, path_tag, wsgi

from .support import Got, Scripted, ask_asgi, ask_wsgi, environ_of

FORMS: dict[str, tuple[Any, Callable[..., Got]]] = {"wsgi": (wsgi, ask_wsgi), "asgi": (asgi, ask_asgi)}
TEXT = {"Content-Type": "text/plain"}


class Site:
    """A scripted application behind `cached_response`, in one of the two forms."""

    def __init__(self, form: str, *, status: int = 200, body: bytes = b"hello", stream: bool = False, **options: Any):
        fields = {**TEXT, **options.pop("fields", {})}
        self.app = Scripted(status, fields, tuple(body[at : at + 2] for at in range(0, len(body), 2)), stream)
        module, self._ask = FORMS[form]
        self.cached = module.cached_response(getattr(self.app, form), backend=Memory(), **options)

    def ask(self, *args: str, **fields: str) -> Got:
        return self._ask(self.cached, *args, **fields)

    @property
    def runs(self) -> int:
        return len(self.app.asked)

    def forget(self, path: str) -> None:
        answer = self.cached.pages.invalidate(path)
        assert (answer if isinstance(answer, bool) else asyncio.run(answer)) is True


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.feature("F-WEBCACHE-10")
@pytest.mark.spec("CACHE-007", "CACHE-014")
def test_a_page_is_made_once(form: str) -> None:
    site = Site(form)
    first, second = site.ask(), site.ask()
    assert (site.runs, first.body, second.body) == (1, b"hello", b"hello")
    assert first.fields | {"age": "0"} == second.fields
    assert second.fields["content-length"] == "5"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"path": "/a"}, {"path": "/b"}),
        ({"query": "a=1"}, {"query": "a=2"}),
        ({"query": "a=1"}, {}),
        ({"query": "a=1&b=2"}, {"query": "b=2&a=1"}),
        ({"host": "one.example"}, {"host": "two.example"}),
    ],
)
@pytest.mark.feature("F-WEBCACHE-10")
def test_pages_of_different_addresses_are_apart(one: dict[str, str], other: dict[str, str], form: str) -> None:
    site = Site(form)
    for asked in (one, other, one, other):
        site.ask(**asked)
    assert site.runs == 2


@pytest.mark.feature("F-WEBCACHE-11")
def test_named_fields_and_parameters_make_the_difference(form: str) -> None:
    site = Site(form, vary=["Accept-Language"], query=["page"])
    got = [
        site.ask(query=query, accept_language=language) for query in ("page=1&x=1", "x=2&page=1") for language in "de"
    ]
    assert site.runs == 2
    assert got[0].fields["vary"] == "accept-language"
    site.ask(query="page=2", accept_language="d")
    assert site.runs == 3


@pytest.mark.feature("F-WEBCACHE-11")
def test_a_key_of_ones_own_comes_beside_the_address(form: str) -> None:
    site = Site(form, key=lambda request: request.field("user-agent") == "robot")
    for agent in ("robot", "person", "robot", "another"):
        site.ask(user_agent=agent)
    assert site.runs == 2


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"fields": {"Set-Cookie": "a=b"}}, {}),
        ({"fields": {"Vary": "Cookie"}}, {}),
        ({"fields": {"Vary": "*"}}, {}),
        ({"fields": {"Vary": "a b"}}, {}),
        ({"fields": {"Cache-Control": "no-store"}}, {}),
        ({"fields": {"Cache-Control": "private"}}, {}),
        ({"fields": {"Cache-Control": "no-cache"}}, {}),
        ({"fields": {"Cache-Control": "max-age=0"}}, {}),
        ({"fields": {"Cache-Control": "max-age=9, s-maxage=0"}}, {}),
        ({"fields": {"Cache-Control": "a b"}}, {}),
        ({"status": 404}, {}),
        ({"status": 500}, {}),
        ({"largest": 4}, {}),
        ({"fields": {"Content-Type": "text/event-stream"}, "stream": True}, {}),
        ({"largest": 4, "stream": True}, {}),
        ({}, {"authorization": "Basic x"}),
        ({}, {"range": "bytes=0-1"}),
        ({}, {"transfer_encoding": "chunked"}),
        ({}, {"method": "OPTIONS"}),
    ],
    ids=str,
)
@pytest.mark.feature("F-WEBCACHE-12")
def test_what_is_not_for_everybody_is_made_anew_each_time(
    given: dict[str, Any], asked: dict[str, str], form: str
) -> None:
    site = Site(form, **given)
    bodies = [site.ask(**asked).body for _ in range(3)]
    assert (site.runs, bodies) == (3, [b"hello"] * 3)


@pytest.mark.feature("F-WEBCACHE-12")
def test_why_a_page_is_not_kept_is_logged_once(form: str, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(form, fields={"Vary": "Cookie"}, name="shop")
    with caplog.at_level(logging.WARNING, "demotic.cache"):
        site.ask(), site.ask()
    assert [record.getMessage() for record in caplog.records] == [
        "a result of shop is not cached: the response varies by cookie, which vary= does not name"
    ]


@pytest.mark.parametrize("status", [404, 301, 410])
@pytest.mark.feature("F-WEBCACHE-13")
@pytest.mark.spec("CACHE-015")
def test_not_found_is_kept_if_asked_for(status: int, form: str) -> None:
    site = Site(form, status=status, statuses=[200, status])
    assert [site.ask().status for _ in range(3)] == [status] * 3
    assert site.runs == 1
    site.forget("/")
    site.ask()
    assert site.runs == 2


@pytest.mark.feature("F-WEBCACHE-14")
def test_conditions_head_and_codings_are_answered_from_the_one_page(form: str) -> None:
    site = Site(form)
    tag = site.ask(if_none_match='"other"', accept_encoding="gzip").fields["etag"]
    assert site.app.asked[0][1].keys().isdisjoint({"if-none-match", "accept-encoding"})
    again = site.ask(if_none_match=tag)
    assert (again.status, again.body, again.fields["etag"]) == (304, b"", tag)
    assert site.ask(if_match='"other"').status == 412
    head = site.ask("HEAD")
    assert (head.status, head.body, head.fields["content-length"], head.fields["etag"]) == (200, b"", "5", tag)
    assert site.runs == 1


@pytest.mark.feature("F-WEBCACHE-14")
def test_a_page_asked_for_by_head_is_there_for_get(form: str) -> None:
    site = Site(form)
    assert (site.ask("HEAD").body, site.ask().body, site.runs) == (b"", b"hello", 1)
    assert site.app.asked[0][0] == "GET"


@pytest.mark.feature("F-WEBCACHE-14")
def test_the_applications_own_tag_is_kept(form: str) -> None:
    site = Site(form, fields={"ETag": 'W/"v1"'})
    assert [site.ask().fields["etag"] for _ in range(2)] == ['W/"v1"'] * 2
    assert site.ask(if_none_match='"v1"').status == 304


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.feature("F-WEBCACHE-15")
@pytest.mark.spec("CACHE-011")
def test_a_write_forgets_the_pages_of_its_path(method: str, form: str) -> None:
    site = Site(form)
    for query in ("", "a=1"):
        site.ask(query=query)
    site.ask(path="/other")
    assert site.ask(method).status == 200
    for path, query in (("/", ""), ("/", "a=1"), ("/other", "")):
        site.ask(path=path, query=query)
    assert site.runs == 3 + 1 + 2


@pytest.mark.feature("F-WEBCACHE-15")
def test_a_refused_write_forgets_nothing(form: str) -> None:
    site = Site(form, status=409, statuses=[200, 410])
    site.app.status = 410
    site.ask()
    site.app.status = 409
    assert site.ask("POST").status == 409
    assert (site.ask().status, site.runs) == (410, 2)


@pytest.mark.feature("F-WEBCACHE-15")
def test_writes_can_be_left_to_the_program(form: str) -> None:
    site = Site(form, forget_on_write=False)
    site.ask(), site.ask("POST"), site.ask()
    assert site.runs == 2
    site.forget("/")
    site.ask()
    assert site.runs == 3


@pytest.mark.feature("F-WEBCACHE-16")
@pytest.mark.spec("CACHE-011", "CACHE-013")
def test_pages_are_forgotten_when_their_data_changes(form: str) -> None:
    def tags(request: PageRequest) -> Iterator[str]:
        yield f"user:{request.path.rpartition('/')[2]}"

    site = Site(form, tags=tags)
    site.ask(path="/mail/bob"), site.ask(path="/mail/ann")
    registry.invalidate_tags("user:bob")
    site.ask(path="/mail/bob"), site.ask(path="/mail/ann")
    assert site.runs == 3
    registry.invalidate_tags(path_tag("/mail/ann"))
    site.ask(path="/mail/bob"), site.ask(path="/mail/ann")
    assert site.runs == 4


@pytest.mark.feature("F-WEBCACHE-17")
def test_a_page_is_no_longer_kept_than_it_says_itself(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(form, ttl=60, fields={"Cache-Control": "max-age=5"})
    site.ask()
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 4)
    assert (site.ask().fields["age"], site.runs) == ("4", 1)
    monkeypatch.setattr(time, "time", lambda: now + 6)
    assert ("age" in site.ask().fields, site.runs) == (False, 2)


@pytest.mark.parametrize("size", [10, 1000])
@pytest.mark.feature("F-WEBCACHE-12")
def test_a_long_stream_arrives_whole(size: int, form: str) -> None:
    body = b"0123456789" * size
    site = Site(form, body=body, stream=True, largest=99)
    assert (site.ask().body, site.ask("HEAD").body) == (body, b"")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"vary": "cookie"}, "vary and query are lists of names"),
        ({"statuses": [204]}, "a response with status 204 cannot be kept"),
        ({"largest": 0}, "largest=0 keeps no page"),
        ({"ttl": -1}, "-1 is no time to live"),
    ],
)
@pytest.mark.feature("F-WEBCACHE-18")
def test_wrong_options_are_told_at_once(options: dict[str, Any], message: str, form: str) -> None:
    with pytest.raises(WrongCacheUse, match=message):
        Site(form, **options)


@pytest.mark.feature("F-WEBCACHE-18")
def test_an_unknown_option_is_refused(form: str) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'max_age'"):
        Site(form, max_age=5)


def test_tags_that_are_one_text_are_refused(form: str) -> None:
    with pytest.raises(WrongCacheUse, match="tags are a list of texts"):
        Site(form, tags=lambda request: "user").ask()


def test_an_application_that_fails_fails_and_nothing_is_kept(form: str) -> None:
    runs = []

    def failing(*_: Any) -> Any:
        runs.append(1)
        raise ZeroDivisionError

    async def failing_too(*_: Any) -> Any:
        failing()

    module, ask = FORMS[form]
    app = module.cached_response({"wsgi": failing, "asgi": failing_too}[form], backend=Memory())
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            ask(app)
    assert len(runs) == 2


@pytest.mark.feature("F-WEBCACHE-10")
def test_one_path_at_two_mounts_is_two_pages() -> None:
    seen: list[tuple[str, str]] = []

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        seen.append((environ["SCRIPT_NAME"], environ["PATH_INFO"]))
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"page"]

    cached = wsgi.cached_response(app, backend=Memory())
    for script, path in (("/a", "/x"), ("", "/a/x"), ("/a", "/x")):
        environ = environ_of(path=path) | {"SCRIPT_NAME": script}
        assert list(cached(environ, lambda *_: None)) == [b"page"]
    assert seen == [("/a", "/x"), ("", "/a/x")]


@pytest.mark.feature("F-WEBCACHE-12")
def test_readers_of_a_page_that_is_not_kept_do_not_wait_for_one_another() -> None:
    together: list[threading.Barrier] = []

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        for barrier in together:
            barrier.wait(60)  # passes only if all of them are here at once
        start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=b")])
        return [b"page"]

    cached = wsgi.cached_response(app, backend=Memory())
    assert ask_wsgi(cached).body == b"page"
    together.append(threading.Barrier(8))
    with ThreadPoolExecutor(8) as readers:
        assert {got.body for got in readers.map(lambda _: ask_wsgi(cached), range(8))} == {b"page"}
