"""Views of Flask, Django and Starlette, and our own handlers: each decorated with the one decorator."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import django
import flask
import pytest
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request as StarletteRequest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from demotic.cache import Memory, WrongCacheUse, registry
from demotic.cache.web import PageRequest, cached_response
from demotic.syntax.http import Request, Response

from .support import Got, ask_asgi, ask_wsgi

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"], SECRET_KEY="test", SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"
    )
    django.setup()

Ask = Callable[..., Got]


class Runs(list[str]):
    """What a view was run for."""


def flask_site(runs: Runs, **options: Any) -> Ask:
    app = flask.Flask("test")
    app.secret_key = "test"

    @app.route("/mail/<user>", methods=["GET", "POST"])
    @cached_response(60, tags=lambda user: [f"user:{user}"], backend=Memory(), **options)
    def mail(user: str) -> Any:
        runs.append(user)
        if user == "session":
            flask.session.get("name")
        if user == "cookie":
            response = flask.make_response("mail")
            response.set_cookie("a", "b")
            return response
        if user == "stream":
            return flask.Response(iter(["mail ", "of stream"]))
        return f"mail of {user}", 404 if user == "nobody" else 200

    return lambda *args, **fields: ask_wsgi(app, *args, **fields)


def django_site(runs: Runs, **options: Any) -> Ask:
    @cached_response(60, tags=lambda request: [f"user:{request.path.rpartition('/')[2]}"], backend=Memory(), **options)
    def mail(request: Any) -> Any:
        user = request.path.rpartition("/")[2]
        runs.append(user)
        if user == "session":
            request.session.get("name")
        response = HttpResponse(f"mail of {user}", status=404 if user == "nobody" else 200, content_type="text/plain")
        if user == "cookie":
            response.set_cookie("a", "b")
        if user == "stream":
            return StreamingHttpResponse(iter(["mail ", "of stream"]))
        return response

    def ask(method: str = "GET", path: str = "/", query: str = "", **fields: str) -> Got:
        from django.contrib.sessions.backends.signed_cookies import SessionStore

        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        request = RequestFactory().generic(method, f"{path}?{query}", headers=headers)
        request.session = SessionStore()
        response = mail(request)
        return Got(response.status_code, {k.lower(): v for k, v in response.items()}, b"".join(response))

    return ask


def starlette_site(runs: Runs, **options: Any) -> Ask:
    @cached_response(60, tags=lambda request: [f"user:{request.path_params['user']}"], backend=Memory(), **options)
    async def mail(request: StarletteRequest) -> Any:
        user = request.path_params["user"]
        runs.append(user)
        if user == "session":
            request.session.get("name")
        response = PlainTextResponse(f"mail of {user}", 404 if user == "nobody" else 200)
        if user == "cookie":
            response.set_cookie("a", "b")
        if user == "task":
            response.background = BackgroundTask(lambda: None)
        if user == "stream":
            return StreamingResponse(iter(["mail ", "of stream"]))
        return response

    from starlette.middleware import Middleware
    from starlette.middleware.sessions import SessionMiddleware

    routes = [Route("/mail/{user}", mail, methods=["GET", "HEAD", "POST"])]
    app = Starlette(routes=routes, middleware=[Middleware(SessionMiddleware, secret_key="test")])
    return lambda *args, **fields: ask_asgi(app, *args, **fields)


def handler_site(runs: Runs, **options: Any) -> Ask:
    class Handlers:
        @cached_response(
            60, tags=lambda self, request: [f"user:{request.path.rpartition('/')[2]}"], backend=Memory(), **options
        )
        def mail(self, request: Request) -> Response:
            user = request.path.rpartition("/")[2]
            runs.append(user)
            fields = [("Content-Type", "text/plain")]
            fields += [("Set-Cookie", "a=b")] * (user == "cookie") + [("Vary", "Cookie")] * (user == "session")
            return Response(404 if user == "nobody" else 200, fields, f"mail of {user}".encode())

    handlers = Handlers()

    def ask(method: str = "GET", path: str = "/", query: str = "", **fields: str) -> Got:
        request = Request(method, path, query, {name.replace("_", "-"): value for name, value in fields.items()})
        response = handlers.mail(request)
        assert isinstance(response.body, bytes)
        return Got(response.status, {name.lower(): value for name, value in response.fields}, response.body)

    return ask


SITES = {"flask": flask_site, "django": django_site, "starlette": starlette_site, "handler": handler_site}


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest) -> tuple[Ask, Runs]:
    runs = Runs()
    return SITES[request.param](runs), runs


@pytest.mark.feature("F-WEBCACHE-20")
@pytest.mark.spec("CACHE-007", "CACHE-013", "CACHE-014")
def test_a_view_runs_once_for_a_page(site: tuple[Ask, Runs]) -> None:
    ask, runs = site
    first, second = ask(path="/mail/bob"), ask(path="/mail/bob")
    assert (first.body, second.body, runs) == (b"mail of bob", b"mail of bob", ["bob"])
    tag = second.fields["etag"]
    assert first.fields["etag"] == tag
    assert second.fields["age"] == "0"
    assert second.fields["content-type"] == first.fields["content-type"]
    assert (ask(path="/mail/bob", if_none_match=tag).status, runs) == (304, ["bob"])
    assert ask(path="/mail/bob", query="x=1").body == b"mail of bob"
    assert runs == ["bob", "bob"]


@pytest.mark.feature("F-WEBCACHE-20")
def test_head_of_a_view_is_apart(site: tuple[Ask, Runs]) -> None:
    ask, runs = site
    ask("HEAD", path="/mail/bob")
    assert (ask(path="/mail/bob").body, ask("HEAD", path="/mail/bob").body) == (b"mail of bob", b"")
    assert runs == ["bob", "bob"]


@pytest.mark.feature("F-WEBCACHE-16", "F-WEBCACHE-20")
@pytest.mark.spec("CACHE-011", "CACHE-013")
def test_a_page_is_forgotten_when_its_data_changes(site: tuple[Ask, Runs]) -> None:
    ask, runs = site
    ask(path="/mail/bob"), ask(path="/mail/ann")
    registry.invalidate_tags("user:bob")
    ask(path="/mail/bob"), ask(path="/mail/ann")
    assert runs == ["bob", "ann", "bob"]


@pytest.mark.feature("F-WEBCACHE-15", "F-WEBCACHE-20")
def test_a_post_to_the_view_forgets_its_page(site: tuple[Ask, Runs]) -> None:
    ask, runs = site
    for method in ("GET", "POST", "GET", "GET"):
        assert ask(method, path="/mail/bob").body == b"mail of bob"
    assert runs == ["bob"] * 3


@pytest.mark.parametrize("user", ["nobody", "cookie", "session"])
@pytest.mark.feature("F-WEBCACHE-12", "F-WEBCACHE-21")
def test_what_is_for_one_client_is_not_kept(user: str, site: tuple[Ask, Runs]) -> None:
    ask, runs = site
    ask(path=f"/mail/{user}"), ask(path=f"/mail/{user}")
    assert runs == [user, user]


@pytest.mark.parametrize(
    ("name", "user"), [("flask", "stream"), ("starlette", "stream"), ("starlette", "task"), ("django", "stream")]
)
@pytest.mark.feature("F-WEBCACHE-12")
def test_streams_and_tasks_are_not_kept(name: str, user: str) -> None:
    runs = Runs()
    ask = SITES[name](runs)
    assert [ask(path=f"/mail/{user}").body for _ in range(2)] == [f"mail of {user}".encode()] * 2
    assert runs == [user, user]


@pytest.mark.parametrize("name", SITES)
@pytest.mark.feature("F-WEBCACHE-13", "F-WEBCACHE-21")
@pytest.mark.spec("CACHE-015")
def test_pages_by_session_and_not_found_are_kept_if_asked_for(name: str) -> None:
    runs = Runs()
    ask = SITES[name](runs, statuses=[200, 404], vary=["cookie"])
    for cookie in ("a=1", "a=2", "a=1", "a=2"):
        ask(path="/mail/session", cookie=cookie)
    assert [ask(path="/mail/nobody").status for _ in range(2)] == [404, 404]
    assert runs == ["session", "session", "nobody"]
    registry.invalidate_tags("user:nobody")
    ask(path="/mail/nobody")
    assert runs[3:] == ["nobody"]


class Strange:
    """A request of a framework that nobody knows."""

    path = "/x"


class StrangeAdapter:
    def facts(self, request: Any) -> PageRequest:
        return PageRequest("GET", request.path)

    def take(self, request: Any, response: Any) -> Any:
        from demotic.cache.web._flow import Head

        return Head(200, []), response.encode()

    def give(self, request: Any, head: Any, body: bytes) -> Any:
        return body.decode()


@pytest.mark.feature("F-WEBCACHE-22")
def test_another_framework_needs_an_adapter() -> None:
    runs = []

    @cached_response(adapter=StrangeAdapter(), backend=Memory())
    def view(request: Strange) -> str:
        runs.append(1)
        return "page"

    assert (view(Strange()), view(Strange()), runs) == ("page", "page", [1])

    @cached_response(backend=Memory())
    def lost(request: Strange) -> str:
        return "page"

    with pytest.raises(WrongCacheUse, match="lost was called without a request"):
        lost(Strange())


@pytest.mark.feature("F-WEBCACHE-18")
def test_what_is_no_view_is_told_at_once() -> None:
    with pytest.raises(WrongCacheUse, match="is called before it decorates"):
        cached_response(lambda request: None)  # type: ignore[arg-type]
    with pytest.raises(WrongCacheUse, match="makes a stream"):

        @cached_response()
        def stream(request: Any) -> Any:
            yield b""


@pytest.mark.feature("F-WEBCACHE-20")
def test_an_awaited_view_has_awaited_verbs() -> None:
    runs = []

    @cached_response(backend=Memory())
    async def view(request: Request) -> Response:
        """The page."""
        runs.append(1)
        return Response(200, [], b"page")

    async def visit() -> None:
        await view(Request("GET", "/a")), await view(Request("GET", "/a"))
        assert runs == [1]
        assert await view.pages.invalidate("/a")  # type: ignore[attr-defined]
        await view(Request("GET", "/a"))
        assert runs == [1, 1]
        assert await view.pages.invalidate_all()  # type: ignore[attr-defined]
        await asyncio.gather(*(view(Request("GET", "/a")) for _ in range(20)))
        assert runs == [1, 1, 1]

    asyncio.run(visit())
    assert (view.__name__, view.__doc__) == ("view", "The page.")
