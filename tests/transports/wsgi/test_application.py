"""The WSGI application keeps its promises whatever its handler does."""

import os
import wsgiref.validate
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from demotic.syntax.http import Request, Response
from demotic.transports.wsgi import AccessLog, Mount, WsgiApplication


def drained(read: int, write: int) -> str:
    """Close a pipe's writing end and return what was written."""
    os.close(write)
    with os.fdopen(read) as pipe:
        return pipe.read()


class Sent:
    """What a WSGI server would have sent."""

    def __init__(self) -> None:
        self.status = ""
        self.fields: dict[str, str] = {}

    def __call__(self, status: str, fields: list[tuple[str, str]], exc_info: Any = None) -> Any:
        self.status = status
        self.fields = dict(fields)
        return lambda data: None


def environ(path: str = "/", query: str = "", **more: str) -> dict[str, Any]:
    result: dict[str, Any] = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, **more}
    setup_testing_defaults(result)
    result["wsgi.input"] = BytesIO(b"")
    return result


class Counted:
    """A body in chunks that knows whether it was closed."""

    def __init__(self, *chunks: bytes, fault: Exception | None = None) -> None:
        self.chunks = chunks
        self.fault = fault
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks
        if self.fault is not None:
            raise self.fault

    def close(self) -> None:
        self.closed += 1


def echo(request: Request) -> Response:
    text = f"{request.method} {request.target} {request.fields.get('x-more')}".encode()
    return Response(200, [("content-type", "text/plain"), ("content-length", str(len(text)))], text)


PATHS = [
    ("/a/b", "/a/b"),
    ("/Orders('x y')", "/Orders('x%20y')"),
    ("/caf\xc3\xa9", "/caf%C3%A9"),
    ("/100%", "/100%25"),
    ("/a?b#c", "/a%3Fb%23c"),
    ("/\xff\xfe", "/%FF%FE"),
]


@pytest.mark.feature("F-WSGI-03")
@pytest.mark.parametrize(("path_info", "path"), PATHS)
@pytest.mark.spec("OD-288", "NEW-038")
def test_a_handler_sees_the_path_percent_encoded_although_wsgi_decodes_it(path_info: str, path: str) -> None:
    body = WsgiApplication(echo)(environ(path_info, "q=1", HTTP_X_MORE="yes"), Sent())
    assert b"".join(body) == f"GET {path}?q=1 yes".encode()


@pytest.mark.spec("OD-288")
def test_the_raw_target_is_preferred_where_the_server_keeps_it() -> None:
    body = WsgiApplication(echo)(environ("/a/b", REQUEST_URI="/a%2Fb?ignored"), Sent())
    assert b"".join(body) == b"GET /a%2Fb None"


@pytest.mark.feature("F-WSGI-01")
def test_the_application_obeys_the_validator_of_the_standard_library() -> None:
    sent = Sent()
    application = wsgiref.validate.validator(WsgiApplication(echo))
    body = application(environ("/x", SERVER_PROTOCOL="HTTP/1.1"), sent)
    assert b"".join(body) == b"GET /x None"
    body.close()
    assert sent.status == "200 OK"


@pytest.mark.feature("F-WSGI-02")
def test_every_response_carries_an_id_that_its_log_line_has_too() -> None:
    read, write = os.pipe()
    sent = Sent()
    WsgiApplication(echo, log=AccessLog(write, delay=0))(environ("/x"), sent)
    line = drained(read, write)
    assert line.endswith("ms\n")
    assert line.split()[1:6] == [sent.fields["x-request-id"], "GET", "/x", "200", "11"]


@pytest.mark.feature("F-WSGI-02")
def test_a_path_cannot_forge_a_log_line() -> None:
    read, write = os.pipe()
    WsgiApplication(echo, log=AccessLog(write, delay=0))(environ("/x\nforged"), Sent())
    assert len(drained(read, write).splitlines()) == 1


@pytest.mark.feature("F-WSGI-04")
def test_a_fault_in_the_handler_becomes_a_500_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def broken(request: Request) -> Response:
        raise ZeroDivisionError("secret")

    sent = Sent()
    body = b"".join(WsgiApplication(broken)(environ(), sent))
    assert sent.status.startswith("500")
    assert b"secret" not in body
    assert sent.fields["x-request-id"] in caplog.text


@pytest.mark.feature("F-WSGI-05")
def test_a_body_in_chunks_is_closed_and_logged_once_at_its_end() -> None:
    read, write = os.pipe()
    chunks = Counted(b"ab", b"c")
    body = WsgiApplication(lambda _r: Response(200, [], chunks), log=AccessLog(write, delay=0))(environ(), Sent())
    assert b"".join(body) == b"abc"
    body.close()  # type: ignore[attr-defined]
    lines = drained(read, write).splitlines()
    assert chunks.closed == 1
    assert [line.split()[5] for line in lines] == ["3"]


@pytest.mark.feature("F-WSGI-05")
def test_a_body_whose_client_leaves_is_closed() -> None:
    chunks = Counted(b"ab", b"c")
    body = iter(WsgiApplication(lambda _r: Response(200, [], chunks))(environ(), Sent()))
    next(body)
    body.close()  # type: ignore[attr-defined]
    assert chunks.closed == 1


@pytest.mark.feature("F-WSGI-05")
def test_a_body_that_breaks_off_is_closed_and_the_client_sees_it_cut(caplog: pytest.LogCaptureFixture) -> None:
    chunks = Counted(b"ab", fault=OSError("disk"))
    body = iter(WsgiApplication(lambda _r: Response(200, [], chunks))(environ(), Sent()))
    next(body)
    with pytest.raises(OSError, match="disk"):
        next(body)
    assert chunks.closed == 1
    assert "broke off" in caplog.text


@pytest.mark.feature("F-WSGI-06")
def test_more_streams_than_allowed_are_told_to_come_back_and_get_their_turn_later() -> None:
    application = WsgiApplication(lambda _r: Response(200, [], Counted(b"a", b"b")), streams=1)
    first = application(environ(), Sent())
    sent = Sent()
    assert b"TooManyStreams" in b"".join(application(environ(), sent))
    assert (sent.status[:3], sent.fields["retry-after"]) == ("503", "1")
    assert b"".join(first) == b"ab"
    again = Sent()
    assert b"".join(application(environ(), again)) == b"ab"
    assert again.status == "200 OK"


@pytest.mark.feature("F-WSGI-07")
def test_mounted_handlers_are_told_apart_by_the_longest_prefix() -> None:
    def named(name: str) -> Any:
        return lambda _request: Response(200, [], name.encode())

    mount = Mount({"/": named("page"), "/odata/": named("any"), "/odata/v4/": named("four")})
    answers = {path: mount(Request("GET", path)).body for path in ("/", "/odata/v4/X", "/odata/v4", "/odata/v5")}
    assert answers == {"/": b"page", "/odata/v4/X": b"four", "/odata/v4": b"four", "/odata/v5": b"any"}
    assert mount(Request("GET", "/else")).status == 404


def test_header_fields_act_as_a_mapping() -> None:
    seen: dict[str, str] = {}
    WsgiApplication(lambda r: seen.update(r.fields) or Response(200, [], b""))(  # type: ignore[func-returns-value]
        environ(HTTP_ACCEPT="a/b", CONTENT_TYPE="c/d"), Sent()
    )
    assert (seen["accept"], seen["content-type"], seen["host"]) == ("a/b", "c/d", "127.0.0.1")


def test_log_lines_that_are_held_back_are_written_soon_and_in_order() -> None:
    read, write = os.pipe()
    log = AccessLog(write, delay=0.001)
    for number in range(100):
        log.write(f"id-{number}", "GET", "/", 200, 0, 0.0)
    text = b""
    while text.count(b"\n") < 100:
        text += os.read(read, 65536)
    assert [line.split()[1].decode() for line in text.splitlines()] == [f"id-{n}" for n in range(100)]
