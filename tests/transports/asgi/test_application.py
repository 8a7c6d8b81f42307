"""The ASGI application: asked as servers ask, within Starlette, by uvicorn; and the WSGI one by other servers."""

from __future__ import annotations

import asyncio
import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import uvicorn
import waitress.server
from starlette.applications import Starlette
from starlette.routing import Mount as StarletteMount

from demotic.errors import PayloadTooLarge
from demotic.service.identity import Identity, acting, acting_as
from demotic.syntax.http import Request, Response
from demotic.transports.asgi import AsgiApplication
from demotic.transports.wsgi import WsgiApplication


def telling(request: Request) -> Response:
    """A handler that tells what it was asked."""
    told = f"{request.method} {request.target} {request.host} {len(request.body(1 << 20))} {request.fields.get('x-a')}"
    return Response(200, [("content-type", "text/plain"), ("content-length", str(len(told)))], told.encode())


class Chunky:
    """A long body that tells when it is closed."""

    def __init__(self, chunks: int, fails: bool = False) -> None:
        self.left, self.fails, self.closed = chunks, fails, threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        while self.left:
            self.left -= 1
            yield b"chunk"
        if self.fails:
            raise RuntimeError("broken")

    def close(self) -> None:
        self.closed.set()


class Log:
    def __init__(self) -> None:
        self.lines: list[tuple[Any, ...]] = []

    def write(self, *line: Any) -> None:
        self.lines.append(line[1:5])


def scope(**more: Any) -> dict[str, Any]:
    given = {
        "type": "http", "method": "GET", "path": "/a", "raw_path": None, "root_path": "", "query_string": b"",
        "headers": [(b"host", b"here:80")], "scheme": "http", "server": ("localhost", 80),
    }  # fmt: skip
    return {**given, **more}


def ask(
    application: Any, given: dict[str, Any], *messages: dict[str, Any], stay: bool = True
) -> tuple[int, dict[str, str], bytes]:
    """Ask as a server does; after the messages the client stays, or leaves."""
    inbox = list(messages) or [{"type": "http.request", "body": b""}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if inbox:
            return inbox.pop(0)
        if stay:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(application(given, receive, send))
    if not sent:
        return 0, {}, b""
    fields = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], fields, b"".join(message["body"] for message in sent[1:])


@pytest.mark.feature("F-ASGI-01")
@pytest.mark.parametrize(
    ("given", "target"),
    [
        ({}, "/a"),
        ({"raw_path": b"/x('a%2Fb')", "path": "/x('a/b')"}, "/x('a%2Fb')"),
        ({"path": "/x('a/b')/c"}, "/x('a%2Fb')/c"),
        ({"path": "/\u00fc b%"}, "/%C3%BC%20b%25"),
        ({"raw_path": b"/\xc3\xbc?x=1"}, "/%C3%BC"),
        ({"query_string": b"$top=1&a=%20"}, "/a?$top=1&a=%20"),
        ({"query_string": b"a=\xc3\xbc"}, "/a?a=%C3%BC"),
        ({"root_path": "/mounted", "path": "/mounted/a"}, "/mounted/a"),
        ({"root_path": "/mounted", "path": "/a", "raw_path": b"/a"}, "/mounted/a"),
    ],
)
def test_a_request_is_what_the_client_sent(given: dict[str, Any], target: str) -> None:
    status, fields, body = ask(AsgiApplication(telling), scope(**given))
    assert (status, body.decode()) == (200, f"GET {target} here:80 0 None")
    assert fields["x-request-id"].endswith("-1")


@pytest.mark.feature("F-ASGI-01")
def test_a_body_in_parts_is_one_and_fields_that_repeat_are_joined() -> None:
    parts = [{"type": "http.request", "body": b"ab", "more_body": True}, {"type": "http.request", "body": b"c"}]
    given = scope(method="POST", headers=[(b"X-A", b"1"), (b"x-a", b"2")])
    assert ask(AsgiApplication(telling), given, *parts)[2] == b"POST /a localhost:80 3 1, 2"


@pytest.mark.feature("F-ASGI-02")
def test_a_body_is_bounded_in_length_and_time() -> None:
    short = AsgiApplication(telling, body_length=4, body_timeout=0.05)
    long = [{"type": "http.request", "body": b"abc", "more_body": True}] * 50
    assert ask(short, scope(method="POST"), *long)[2].split()[3] == b"6"
    announced = scope(method="POST", headers=[(b"content-length", b"5")])
    status, fields, _ = ask(short, announced, *long)
    assert (status, fields["connection"]) == (413, "close")
    status, fields, _ = ask(short, scope(method="POST"), long[0])
    assert (status, fields["connection"]) == (408, "close")


@pytest.mark.feature("F-ASGI-02")
def test_who_leaves_before_asking_is_not_answered() -> None:
    log = Log()
    application = AsgiApplication(telling, log=log)  # type: ignore[arg-type]
    assert ask(application, scope(method="POST"), {"type": "http.disconnect"}) == (0, {}, b"")
    assert log.lines == [("POST", "/a", 499, -1)]


@pytest.mark.feature("F-ASGI-03")
def test_a_long_body_is_sent_closed_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    body, log = Chunky(3), Log()
    application = AsgiApplication(lambda _: Response(200, [], body), log=log)  # type: ignore[arg-type]
    assert ask(application, scope())[2] == b"chunk" * 3
    assert body.closed.is_set()
    assert log.lines == [("GET", "/a", 200, 15)]
    left = Chunky(10**9)
    application = AsgiApplication(lambda _: Response(200, [], left), log=log)  # type: ignore[arg-type]
    ask(application, scope(), stay=False)
    assert left.closed.is_set()
    assert left.left > 0
    assert log.lines[-1] == ("GET", "/a", 200, -1)
    broken = Chunky(1, fails=True)
    with pytest.raises(RuntimeError, match="broken"):
        ask(AsgiApplication(lambda _: Response(200, [], broken)), scope())
    assert broken.closed.is_set()
    assert "broke off" in caplog.text


def test_no_more_long_bodies_than_allowed_are_on_their_way() -> None:
    body = Chunky(1)
    status, fields, _ = ask(AsgiApplication(lambda _: Response(200, [], body), streams=0), scope())
    assert (status, fields["retry-after"]) == (503, "1")
    assert body.closed.is_set()


def test_a_handler_that_fails_is_answered_without_a_trace(caplog: pytest.LogCaptureFixture) -> None:
    def failing(request: Request) -> Response:
        raise ValueError("inside")

    status, _, body = ask(AsgiApplication(failing), scope())
    assert status == 500
    assert b"inside" not in body
    assert "inside" in caplog.text


def test_the_handler_works_for_whom_the_task_works() -> None:
    def who(request: Request) -> Response:
        return Response(200, [], str(acting().name).encode())

    with acting_as(Identity("ann")):
        assert ask(AsgiApplication(who), scope())[2] == b"ann"


@pytest.mark.feature("F-ASGI-04")
def test_the_application_lives_as_long_as_its_server() -> None:
    ended: list[int] = []
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[str] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    application = AsgiApplication(telling, on_shutdown=lambda: ended.append(1))
    asyncio.run(application({"type": "lifespan"}, receive, send))
    assert (sent, ended) == (["lifespan.startup.complete", "lifespan.shutdown.complete"], [1])
    messages.append({"type": "websocket.connect"})
    asyncio.run(AsgiApplication(telling)({"type": "websocket"}, receive, send))
    assert sent[-1] == "websocket.close"


@pytest.mark.feature("F-ASGI-01")
def test_mounted_in_starlette_it_sees_the_whole_path() -> None:
    app = Starlette(routes=[StarletteMount("/deep", routes=[StarletteMount("/er", AsgiApplication(telling))])])
    assert (
        ask(app, scope(path="/deep/er/x", raw_path=b"/deep/er/x", extensions={}))[2] == b"GET /deep/er/x here:80 0 None"
    )


# --- over sockets


def fetch(port: int) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/x('%2F')?$top=1", body=b"abc", headers={"X-A": "1"})
    response = connection.getresponse()
    found = response.status, response.read()
    connection.close()
    return found


def of_uvicorn() -> tuple[int, Callable[[], None]]:
    server = uvicorn.Server(uvicorn.Config(AsgiApplication(telling), port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)

    def stop() -> None:
        server.should_exit = True
        thread.join()

    return server.servers[0].sockets[0].getsockname()[1], stop


def of_wsgiref() -> tuple[int, Callable[[], None]]:
    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = make_server("127.0.0.1", 0, WsgiApplication(telling), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    return server.server_port, stop


def of_waitress() -> tuple[int, Callable[[], None]]:
    server = waitress.server.create_server(WsgiApplication(telling), host="127.0.0.1", port=0)

    def run() -> None:
        with suppress(OSError):  # it is woken by the end of its socket
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def stop() -> None:
        server.trigger.pull_trigger(server.close)  # its own thread closes what it waits for
        thread.join()

    return server.effective_port, stop


@pytest.mark.feature("F-ASGI-01", "F-WSGI-01")
@pytest.mark.spec("OD-288")
@pytest.mark.parametrize("serve", [of_uvicorn, of_wsgiref, of_waitress])
def test_other_servers_serve_it(serve: Callable[[], tuple[int, Callable[[], None]]]) -> None:
    port, stop = serve()
    try:
        status, body = fetch(port)
    finally:
        stop()
    # wsgiref gives a body without an end: what it announces is all that may be read of it
    assert (status, body.decode()) == (200, f"POST /x('%2F')?$top=1 127.0.0.1:{port} 3 1")


@pytest.mark.parametrize("announced", [True, False])
def test_a_handler_is_told_where_a_body_was_cut(announced: bool) -> None:
    read: list[bytes] = []

    def greedy(request: Request) -> Response:
        try:
            while piece := request.body(1 << 20):
                read.append(piece)
        except PayloadTooLarge as error:
            told = str(error).encode()
            return Response(413, [("content-length", str(len(told)))], told)
        return Response(200, [])

    application = AsgiApplication(greedy, body_length=10)
    headers = [(b"content-length", b"30")] if announced else []
    pieces = [{"type": "http.request", "body": b"x" * 6, "more_body": more} for more in (True,) * 4 + (False,)]
    status, _, body = ask(application, scope(method="PUT", headers=headers), *pieces)
    assert (status, body) == (413, b"the server takes at most 10 bytes")
    assert ask(application, scope(method="PUT"), {"type": "http.request", "body": b"x" * 10})[0] == 200
