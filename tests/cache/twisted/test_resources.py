"""Resources whose pages are kept, asked over HTTP in a running Twisted server, alone and under load."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.protocols.basic import FileSender
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from demotic.cache import Memory
from demotic.cache.twisted import cached_response, registry

Serve = Callable[[Resource], int]
Fetch = Callable[..., tuple[int, dict[str, str], bytes]]
Within = Callable[..., Any]


def user_of(request: Any) -> str:
    return bytes(request.postpath[-1]).decode()


class Mail(Resource):
    """The page of a user's e-mail address; each subclass answers in a form of its own."""

    isLeaf = True

    def __init__(self) -> None:
        super().__init__()
        self.emails = {"bob": "bob@example.com"}
        self.reads: list[str] = []
        self.lock = threading.Lock()

    def page(self, request: Any) -> bytes:
        user = user_of(request)
        self.reads.append(user)
        request.setHeader(b"content-type", b"text/plain")
        if user not in self.emails:
            request.setResponseCode(404)
        return self.emails.get(user, "not found").encode()

    def render_POST(self, request: Any) -> Any:
        user = user_of(request)
        self.emails[user] = request.content.read().decode()

        def done(_: Any) -> None:
            request.setResponseCode(204)
            request.finish()

        registry.invalidate_tags(f"user:{user}").addCallback(done)
        return NOT_DONE_YET


def kept(render: Any) -> Any:
    return cached_response(
        60, tags=lambda self, request: [f"user:{user_of(request)}"], statuses=[200, 404], backend=Memory()
    )(render)


def resources() -> dict[str, type[Mail]]:
    """Return new classes, whose pages are theirs."""

    class Returned(Mail):
        def render_GET(self, request: Any) -> Any:
            return self.page(request)

    class WrittenLater(Mail):
        def render_GET(self, request: Any) -> Any:
            def answer(_: None) -> None:
                body = self.page(request)
                request.write(body[:3])
                request.write(body[3:])
                request.finish()

            deferLater(reactor, 0, lambda: None).addCallback(answer).addErrback(request.processingFailed)
            return NOT_DONE_YET

    class Produced(Mail):
        def render_GET(self, request: Any) -> Any:
            sent = FileSender().beginFileTransfer(BytesIO(self.page(request)), request)
            sent.addCallback(lambda _: request.finish())
            return NOT_DONE_YET

    made = {"returned": Returned, "written later": WrittenLater, "produced": Produced}
    for kind in made.values():
        kind.render_GET = kept(kind.render_GET)  # type: ignore[attr-defined]
    return made


@pytest.fixture(params=["returned", "written later", "produced"])
def mail(request: pytest.FixtureRequest) -> Mail:
    return resources()[request.param]()


@pytest.mark.feature("F-TWISTED-10")
@pytest.mark.spec("CACHE-007", "CACHE-008", "CACHE-014")
def test_a_page_is_made_once(mail: Mail, serve: Serve, fetch: Fetch) -> None:
    port = serve(mail)
    status, fields, body = fetch(port, "/bob")
    again = fetch(port, "/bob")
    assert (status, body) == (200, b"bob@example.com")
    assert (again[0], again[2], mail.reads) == (200, body, ["bob"])
    assert (fields["content-type"], again[1]["content-type"]) == ("text/plain", "text/plain")
    assert again[1]["age"] == "0"
    tag = again[1]["etag"]
    assert fields["etag"] == tag
    assert fetch(port, "/bob", if_none_match=tag)[0::2] == (304, b"")
    head = fetch(port, "/bob", "HEAD")
    assert (head[0], head[1]["content-length"], head[2]) == (200, "15", b"")
    assert mail.reads == ["bob"]
    assert fetch(port, "/bob?x=1")[2] == body
    assert mail.reads == ["bob", "bob"]


@pytest.mark.feature("F-TWISTED-11")
@pytest.mark.spec("CACHE-011", "CACHE-013", "CACHE-015")
def test_a_page_is_forgotten_when_its_data_changes(mail: Mail, serve: Serve, fetch: Fetch, within: Within) -> None:
    port = serve(mail)
    assert [fetch(port, "/ann")[0::2] for _ in range(2)] == [(404, b"not found")] * 2
    assert mail.reads == ["ann"]
    assert post(port, "/ann", b"ann@example.com") == 204
    assert [fetch(port, "/ann")[0::2] for _ in range(2)] == [(200, b"ann@example.com")] * 2
    assert mail.reads == ["ann"] * 2
    pages = type(mail).render_GET.pages  # type: ignore[attr-defined]
    assert within(pages.invalidate, "/ann") is True
    fetch(port, "/ann")
    assert within(pages.invalidate_all) is True
    fetch(port, "/ann")
    assert mail.reads == ["ann"] * 4


def post(port: int, path: str, body: bytes) -> int:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", path, body, {"Connection": "close"})
        with connection.getresponse() as response:
            return response.status
    finally:
        connection.close()


@pytest.mark.feature("F-TWISTED-12")
@pytest.mark.spec("CACHE-018")
def test_a_running_server_under_load_makes_each_page_once(mail: Mail, serve: Serve, fetch: Fetch) -> None:
    port = serve(mail)
    users = [f"user{number % 5}" for number in range(200)]
    mail.emails |= {user: f"{user}@example.com" for user in users}
    with ThreadPoolExecutor(20) as clients:
        answers = list(clients.map(lambda user: fetch(port, f"/{user}"), users))
    assert [answer[0::2] for answer in answers] == [(200, f"{user}@example.com".encode()) for user in users]
    assert sorted(mail.reads) == sorted(set(users))


@pytest.mark.feature("F-TWISTED-12")
@pytest.mark.spec("CACHE-017")
def test_changes_under_load_are_seen_by_whoever_asks_afterwards(mail: Mail, serve: Serve, fetch: Fetch) -> None:
    port = serve(mail)

    def change_and_read(user: str) -> None:
        for number in range(10):
            text = f"{user}-{number}"
            assert post(port, f"/{user}", text.encode()) == 204
            assert fetch(port, f"/{user}")[2] == text.encode()

    with ThreadPoolExecutor(16) as clients:
        readers = [clients.submit(lambda: [fetch(port, f"/{user}")[0] for user in "abcd" * 10]) for _ in range(8)]
        list(clients.map(change_and_read, "abcd"))
        statuses = {status for reader in readers for status in reader.result()}
    assert statuses <= {200, 404}


class Odd(Resource):
    """Pages that must not be kept, or that fail."""

    isLeaf = True

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[str] = []

    @cached_response(60, largest=100, backend=Memory())
    def render_GET(self, request: Any) -> Any:
        what = user_of(request)
        self.runs.append(what)
        request.setHeader(b"content-type", b"text/plain")
        return getattr(self, what)(request)

    def cookie(self, request: Any) -> bytes:
        request.addCookie(b"a", b"b")
        return b"cookie"

    def session(self, request: Any) -> bytes:
        request.getSession().expire()
        return b"session"

    def private(self, request: Any) -> bytes:
        request.setHeader(b"cache-control", b"private")
        return b"private"

    def fails(self, request: Any) -> bytes:
        raise ZeroDivisionError

    def fails_later(self, request: Any) -> Any:
        deferLater(reactor, 0, lambda: 1 / 0).addErrback(request.processingFailed)
        return NOT_DONE_YET

    def text(self, request: Any) -> Any:
        return "text"

    def long(self, request: Any) -> Any:
        def pieces() -> Iterator[Any]:
            for number in range(50):
                request.write(b"%05d" % number)
                yield None
            request.finish()

        from twisted.internet.task import cooperate

        cooperate(pieces())
        return NOT_DONE_YET

    def moved(self, request: Any) -> bytes:
        request.redirect(b"/elsewhere")
        return b"moved"

    def encoded(self, request: Any) -> bytes:
        return repr(request.getHeader("accept-encoding")).encode()


@pytest.fixture
def odd(within: Within) -> Odd:
    within(Odd.render_GET.pages.invalidate_all)  # type: ignore[attr-defined]
    return Odd()


@pytest.mark.parametrize("what", ["cookie", "session", "private", "moved"])
@pytest.mark.feature("F-TWISTED-13")
def test_what_is_for_one_client_is_not_kept(what: str, odd: Odd, serve: Serve, fetch: Fetch) -> None:
    port = serve(odd)
    answers = [fetch(port, f"/{what}") for _ in range(2)]
    assert [answer[2] for answer in answers] == [what.encode()] * 2
    assert odd.runs == [what] * 2
    if what == "cookie":
        assert answers[0][1]["set-cookie"] == "a=b"
    if what == "moved":
        assert (answers[0][0], answers[0][1]["location"]) == (302, "/elsewhere")


@pytest.mark.parametrize("what", ["fails", "fails_later", "text"])
@pytest.mark.feature("F-TWISTED-13")
@pytest.mark.spec("CACHE-015")
def test_a_failure_is_answered_as_twisted_does_and_not_kept(what: str, odd: Odd, serve: Serve, fetch: Fetch) -> None:
    port = serve(odd)
    assert [fetch(port, f"/{what}")[0] for _ in range(2)] == [500, 500]
    assert odd.runs == [what] * 2


@pytest.mark.feature("F-TWISTED-13")
def test_a_long_response_goes_to_the_client_and_is_not_kept(odd: Odd, serve: Serve, fetch: Fetch) -> None:
    port = serve(odd)
    body = b"".join(b"%05d" % number for number in range(50))
    assert [fetch(port, "/long")[0::2] for _ in range(2)] == [(200, body)] * 2
    assert odd.runs == ["long"] * 2


@pytest.mark.feature("F-TWISTED-13")
def test_a_page_for_everybody_does_not_see_what_one_client_accepts(odd: Odd, serve: Serve, fetch: Fetch) -> None:
    port = serve(odd)
    assert fetch(port, "/encoded", accept_encoding="gzip")[2] == b"None"
    assert fetch(port, "/encoded", range="bytes=0-1", accept_encoding="gzip")[2] == b"'gzip'"


@pytest.mark.feature("F-TWISTED-12")
def test_a_client_that_leaves_harms_nobody(within: Within) -> None:
    """The one who asked first leaves; the page is made all the same, and kept."""
    waiting: list[Deferred[None]] = []

    class Slow(Resource):
        @cached_response(60, backend=Memory())
        def render_GET(self, request: Any) -> Any:
            waiting.append(Deferred())
            waiting[-1].addCallback(lambda _: (request.write(b"page"), request.finish()))
            return NOT_DONE_YET

    from twisted.internet.error import ConnectionDone
    from twisted.python.failure import Failure
    from twisted.web.test.requesthelper import DummyRequest

    def asked() -> Any:
        request = DummyRequest([b"x"])
        request.uri, request.method, request.isSecure = b"/x", b"GET", lambda: False
        return request

    def ask() -> Any:
        first, second = asked(), asked()
        slow = Slow()
        assert slow.render_GET(first) is NOT_DONE_YET
        assert slow.render_GET(second) is NOT_DONE_YET
        first.processingFailed(Failure(ConnectionDone()))
        waiting[0].callback(None)
        return second.notifyFinish().addCallback(lambda _: (first, second))

    first, second = within(ask)
    assert (first.written, second.written, len(waiting)) == ([], [b"page"], 1)
