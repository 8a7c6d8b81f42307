"""Whose pages may read what is answered: the fields of WHATWG Fetch, asked as browsers ask."""

from __future__ import annotations

import pytest

from demotic.errors import InvalidInput
from demotic.syntax.http import Request, Response
from demotic.transports.cors import Cors

APP = "https://app.example.com"


def handler(request: Request) -> Response:
    return Response(200, [("content-type", "text/plain"), ("vary", "Accept")], request.method.encode())


def fields(response: Response) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in response.fields:
        found.setdefault(name, []).append(value)
    return found


def ask(cors: Cors, method: str = "GET", **more: str) -> Response:
    return cors(Request(method, "/", "", {name.replace("_", "-"): value for name, value in more.items()}))


@pytest.mark.feature("F-CORS-01")
def test_a_page_of_a_named_origin_may_read_answers_and_others_not() -> None:
    cors = Cors(handler, [APP, "http://localhost:3000"])
    for origin in (APP, "http://localhost:3000"):
        got = fields(ask(cors, origin=origin))
        assert got["access-control-allow-origin"] == [origin]
        assert "odata-version" in got["access-control-expose-headers"][0]
        assert "access-control-allow-credentials" not in got
        assert got["vary"] == ["Accept", "Origin"]
    for origin in (
        "https://app.example.com.evil.example",
        "https://app.example.com:444",
        "null",
        "HTTPS://APP.EXAMPLE.COM",
    ):
        got = fields(ask(cors, origin=origin))
        assert not [name for name in got if name.startswith("access-control")]
        assert got["vary"] == ["Accept", "Origin"]
    assert fields(ask(cors))["vary"] == ["Accept", "Origin"]


@pytest.mark.feature("F-CORS-01")
def test_all_origins_are_a_star_that_depends_on_nothing() -> None:
    cors = Cors(handler, ["*"])
    got = fields(ask(cors, origin="https://any.example"))
    assert (got["access-control-allow-origin"], got["vary"]) == (["*"], ["Accept"])
    assert "access-control-allow-origin" not in fields(ask(cors))


@pytest.mark.feature("F-CORS-02")
def test_credentials_go_to_named_origins_only() -> None:
    cors = Cors(handler, [APP], credentials=True)
    assert fields(ask(cors, origin=APP))["access-control-allow-credentials"] == ["true"]
    assert "access-control-allow-credentials" not in fields(ask(cors, origin="https://other.example"))
    with pytest.raises(InvalidInput, match="all origins cannot be given credentials"):
        Cors(handler, ["*"], credentials=True)


@pytest.mark.feature("F-CORS-01")
def test_a_question_beforehand_is_answered_without_the_handler() -> None:
    cors = Cors(handler, [APP], credentials=True, max_age=5)
    response = ask(cors, "OPTIONS", origin=APP, access_control_request_method="PATCH")
    got = fields(response)
    assert (response.status, response.body) == (204, b"")
    assert got["access-control-allow-origin"] == [APP]
    assert got["access-control-allow-credentials"] == ["true"]
    assert "PATCH" in got["access-control-allow-methods"][0]
    assert {"authorization", "if-match", "prefer", "content-type"} <= set(
        got["access-control-allow-headers"][0].split(", ")
    )
    assert got["access-control-max-age"] == ["5"]
    assert got["vary"] == ["Origin, Access-Control-Request-Method, Access-Control-Request-Headers"]
    refused = fields(ask(cors, "OPTIONS", origin="https://other.example", access_control_request_method="GET"))
    assert list(refused) == ["vary"]


def test_other_options_are_the_handlers() -> None:
    cors = Cors(handler, [APP])
    assert ask(cors, "OPTIONS", origin=APP).body == b"OPTIONS"
    assert ask(cors, "OPTIONS", access_control_request_method="GET").body == b"OPTIONS"


@pytest.mark.parametrize(
    "origin",
    ["app.example.com", "https://app.example.com/", "https://*.example.com", "null", "https://APP.example.com", ""],
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(InvalidInput, match="is no origin"):
        Cors(handler, [origin])
