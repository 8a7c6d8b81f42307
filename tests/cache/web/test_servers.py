"""Middleware and kept pages in real servers under load: Flask, Django and plain WSGI, Starlette in uvicorn."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
import flask
import pytest
import uvicorn
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from demotic.cache import Memory
from demotic.cache.web import asgi, wsgi

from .support import Got

PATIENCE = 60


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each request; closing waits for all of them."""

    daemon_threads = False
    request_queue_size = 128


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def wsgi_server(app: Any) -> Iterator[int]:
    server = Server(("127.0.0.1", 0), Quiet)
    server.set_app(app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join(PATIENCE)
        server.server_close()


@contextmanager
def asgi_server(app: Any) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        config = uvicorn.Config(app, log_level="critical", lifespan="off", loop="asyncio", http="h11", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive()


def fetch(port: int, target: str, method: str = "GET", **fields: str) -> Got:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        connection.request(method, target, headers={"Connection": "close", **headers})
        with connection.getresponse() as response:
            got = {name.lower(): value for name, value in response.getheaders()}
            return Got(response.status, got, response.read())
    finally:
        connection.close()


PAGE = "All about {}.\n" * 200


class Counted(list[str]):
    """The pages that were made, noted by threads and tasks."""

    def page(self, user: str) -> str:
        self.append(user)
        return PAGE.format(*[user] * 200)


def flask_app(made: Counted) -> Any:
    app = flask.Flask("test")

    @app.route("/about/<user>")
    def about(user: str) -> Any:
        return made.page(user), {"Content-Type": "text/plain"}

    return app.wsgi_app


def django_app(made: Counted) -> Any:
    if not settings.configured:
        settings.configure(
            ALLOWED_HOSTS=["*"], SECRET_KEY="test", SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"
        )
        django.setup()

    def about(request: Any, user: str) -> HttpResponse:
        return HttpResponse(made.page(user), content_type="text/plain")

    class Urls:
        urlpatterns = [path("about/<user>", about)]  # noqa: RUF012

    handler = WSGIHandler()

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        from django.urls import set_urlconf

        set_urlconf(Urls)
        return handler(environ, start_response)

    from django.test.utils import override_settings

    return override_settings(ROOT_URLCONF=Urls, MIDDLEWARE=["django.middleware.common.CommonMiddleware"]), app


def plain_app(made: Counted) -> Any:
    def app(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [made.page(environ["PATH_INFO"].rpartition("/")[2]).encode()]

    return app


def starlette_app(made: Counted) -> Any:
    async def about(request: Request) -> PlainTextResponse:
        return PlainTextResponse(made.page(request.path_params["user"]))

    return Starlette(routes=[Route("/about/{user}", about)])


@contextmanager
def running(name: str, made: Counted) -> Iterator[int]:
    app: Any
    if name == "starlette":
        inner = asgi.cached_response(starlette_app(made), 60, backend=Memory())
        with asgi_server(asgi.compress(asgi.conditional(inner))) as port:
            yield port
        return
    if name == "django":
        overridden, app = django_app(made)
    else:
        overridden, app = None, {"flask": flask_app, "plain": plain_app}[name](made)
    inner = wsgi.cached_response(app, 60, backend=Memory())
    with (
        overridden or contextmanager(lambda: iter([None]))(),
        wsgi_server(wsgi.compress(wsgi.conditional(inner))) as port,
    ):
        yield port


@pytest.mark.parametrize("name", ["plain", "flask", "django", "starlette"])
@pytest.mark.feature("F-WEBCACHE-30")
@pytest.mark.spec("CACHE-018", "APP-005", "APP-007")
def test_a_real_server_under_load_makes_each_page_once(name: str) -> None:
    made = Counted()
    users = [f"user{number % 4}" for number in range(120)]
    codings = ["gzip", "br", "zstd", "identity"]
    asked = [(user, codings[number % 3 if number % 2 else 3]) for number, user in enumerate(users)]
    with running(name, made) as port:
        with ThreadPoolExecutor(16) as clients:
            answers = list(clients.map(lambda one: fetch(port, f"/about/{one[0]}", accept_encoding=one[1]), asked))
        tags = {(one, answer.fields["etag"]) for one, answer in zip(asked, answers, strict=True)}
        again = [
            fetch(port, f"/about/{user}", accept_encoding=coding, if_none_match=tag) for (user, coding), tag in tags
        ]
    for (user, coding), answer in zip(asked, answers, strict=True):
        assert answer.plain.decode() == PAGE.format(*[user] * 200)
        assert answer.fields.get("content-encoding", "identity") == coding
    assert sorted(made) == sorted(set(users))
    assert len(tags) == len(set(asked))
    assert {answer.status for answer in again} == {304}


def test_a_write_under_load_is_seen_afterwards() -> None:
    texts = {"bob": "0"}

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        user = environ["PATH_INFO"].rpartition("/")[2]
        if environ["REQUEST_METHOD"] == "POST":
            texts[user] = environ["QUERY_STRING"]
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [texts[user].encode()]

    with (
        wsgi_server(wsgi.cached_response(app, 60, backend=Memory())) as port,
        ThreadPoolExecutor(8) as clients,
    ):
        readers = [clients.submit(lambda: [fetch(port, "/bob").status for _ in range(20)]) for _ in range(6)]
        for number in range(20):
            assert fetch(port, f"/bob?{number}", "POST").status == 200
            assert fetch(port, "/bob").body == b"%d" % number
        assert {status for reader in readers for status in reader.result()} == {200}
