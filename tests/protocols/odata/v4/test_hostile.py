"""Requests that mean harm get an answer: in time, in form, and telling nothing about the inside."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store.sql import open_store
from demotic.transports.wsgi import Mount, WsgiApplication

from ....properties import declared, nasty

ROOT = "/odata/v4/"
GROUPS = json.loads((Path(__file__).parent / "hostile" / "requests.json").read_text())
ENOUGH_SECONDS = 30
REPEATED = re.compile(r"\{\{(.+?)\*(\d+)\}\}", re.DOTALL)
INSIDE = re.compile(r"Traceback|File \"|\.py(?:\", line|:\d)|sqlite3?\.|[Ss]qlalchemy|SELECT |0x[0-9a-f]{8,}")
CODE = re.compile(r"[A-Z][A-Za-z]+")
# RFC 9110, section 5.5: nothing else may stand in a field.
FIELD = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

Application = Callable[..., Any]


def unfolded(text: str) -> str:
    """Return a text with its repetitions written out."""
    return REPEATED.sub(lambda found: found[1] * int(found[2]), text)


@contextmanager
def watched() -> Iterator[None]:
    """Break off what does not come to an end; this is no measure of speed."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"no answer after {ENOUGH_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(ENOUGH_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def environ_of(target: str, method: str, headers: dict[str, str], *, raw: bool) -> dict[str, Any]:
    """Return the WSGI environment for a target below the root; ``raw`` as from a server that keeps targets as sent."""
    path, _, query = f"{ROOT}{target}".partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote_to_bytes(path.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    if raw:
        environ["REQUEST_URI"] = f"{ROOT}{target}"
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ


def send(
    application: Application, target: str, method: str = "GET", headers: dict[str, str] | None = None, raw: bool = True
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Send a request through the WSGI application."""
    begun: list[Any] = []
    with watched():
        environ = environ_of(target, method, headers or {}, raw=raw)
        chunks = application(environ, lambda status, fields: begun.append((status, fields)))
        body = b"".join(chunks)
    [(status, fields)] = begun
    return int(status.split()[0]), fields, body


def check(status: int, fields: list[tuple[str, str]], body: bytes) -> dict[str, Any]:
    """Assert what holds of every answer, and return the error if it is one."""
    assert status != 500 and 200 <= status < 600
    for name, value in fields:
        assert FIELD.fullmatch(name) and FIELD.fullmatch(value), (name, value)
    by_name = dict(fields)
    if "content-length" in by_name and status not in (204, 304):
        assert int(by_name["content-length"]) == len(body) or not body
    if status < 400 or not by_name["content-type"].startswith("application/json"):
        return {}
    error: dict[str, Any] = json.loads(body.decode("utf-8"))["error"]
    for part in (error, *error.get("details", [])):
        assert CODE.fullmatch(part["code"]), part
        assert isinstance(part["message"], str) and part["message"].strip()
        assert isinstance(part.get("target", ""), str)
    assert not INSIDE.search(error["message"])
    assert len(body) < 5000, "an error as long as what caused it"
    return error


REQUESTS = [
    pytest.param(group, request, id=f"{group['title'][:40]}-{number}")
    for group in GROUPS
    for number, request in enumerate(group["requests"])
]


@pytest.fixture(scope="module", params=["memory", "sqlite"])
def application(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Application:
    if request.param == "memory":
        store = nasty.in_memory(declared.model())
    else:
        store = open_store(str(nasty.write_sqlite(tmp_path_factory.mktemp("hostile") / "nasty.db")))
    return WsgiApplication(Mount({ROOT: ODataV4(Service(store, read_only=True), ROOT)}))


@pytest.mark.feature("F-ODATA-15")
@pytest.mark.parametrize(("group", "request_"), REQUESTS)
def test_a_hostile_request_is_answered_as_it_deserves(
    application: Application, group: dict[str, Any], request_: Any
) -> None:
    given = {"target": request_} if isinstance(request_, str) else request_
    target, method = unfolded(given["target"]), unfolded(given.get("method", "GET"))
    headers = {name: unfolded(value) for name, value in given.get("headers", {}).items()}
    for raw in (True, False):
        status, fields, body = send(application, target, method, headers, raw)
        error = check(status, fields, body)
        if raw:
            assert status in group["status"], body[:500]
            if "code" in group:
                assert error["code"] == group["code"], error
        if status == 405:
            assert dict(fields)["allow"] == "GET, HEAD"


def test_there_are_at_least_300_hostile_requests() -> None:
    assert len(REQUESTS) >= 300


# --- what nobody thought of

TOKENS = [
    *"()'\"/$@&=;:,*%+- .~{}[]\\<>|^`#!",
    *("%00", "%2F", "%27", "%27%27", "%25", "%FF", "%C3%28", "%F0%9F%8E%82", "%0D%0A", "\u00e9", "%EF%BC%87"),
    *("$filter=", "$orderby=", "$select=", "$expand=", "$top=", "$skip=", "$count=true", "$skiptoken=", "$format="),
    *(" eq ", " and ", " or ", "not ", " in ", " div ", " add ", " desc", "any(x:", "all(x:", "$it/", "/$count"),
    *("/$value", "/$ref", "null", "true", "INF", "NaN", "-0", "9223372036854775808", "1e999", "1.", "duration'P1D'"),
    *("binary'AA'", "2024-02-30", "2024-02-29T24:00:00Z", "contains(", "substring(Name,", "matchesPattern(Name,'"),
    *("Things", "Parts", "Kind", "Parent/", "Things(2)", "Parts(Thing_ID=2,Number=0)", "Kinds('a')", "$metadata"),
    *("Name", "Whole", "Seen", "Mark", "@p", "&@p=", "Nasty.", "cast(", "{{", "({", "/Nasty.X", "$root/", "$this"),
]
SEEDS = [request for group in GROUPS for request in group["requests"] if isinstance(request, str)]
SHORT_SEEDS = [seed for seed in SEEDS if len(unfolded(seed)) < 200] + [
    "Things?$filter=contains(Name,'a') and Whole gt 5&$orderby=Name desc,ID&$top=5",
    "Things?$expand=Parts($filter=Number gt 0;$orderby=Amount desc;$top=2),Kind($select=Title)&$select=Name",
    "Things(2)/Parts(Thing_ID=2,Number=0)/Thing/Kind/Title/$value",
    "Parts?$filter=Thing/Tags/any(t:t/Name eq 'new' and t/Things/$count gt 1)&$count=true&$skip=1",
    "Kinds('it''s%2F%25')/Things?$filter=Seen ge 2024-01-01T00:00:00Z or Born in (2024-02-29,null)",
]

mutations = st.lists(
    st.tuples(
        st.sampled_from(("insert", "delete", "replace", "double", "swap")),
        st.floats(0, 1),
        st.floats(0, 0.3),
        st.sampled_from(TOKENS),
    ),
    min_size=1,
    max_size=5,
)


def mutated(text: str, changes: list[tuple[str, float, float, str]]) -> str:
    """Return a target with pieces changed."""
    for kind, place, share, token in changes:
        start = int(place * len(text))
        end = start + max(1, int(share * len(text)))
        text = {
            "insert": text[:start] + token + text[start:],
            "delete": text[:start] + text[end:],
            "replace": text[:start] + token + text[end:],
            "double": text[:end] + text[start:],
            "swap": text[end:] + text[start:end] + text[:start],
        }[kind]
    return text


@given(st.sampled_from(SHORT_SEEDS), mutations, st.booleans())
@settings(max_examples=int(os.environ.get("DEMOTIC_EXAMPLES", "300")))
def test_whatever_a_url_says_the_answer_is_no_fault_of_ours(
    application: Application, seed: str, changes: list[tuple[str, float, float, str]], raw: bool
) -> None:
    target = mutated(unfolded(seed), changes)
    check(*send(application, target, raw=raw))


@given(st.text(st.characters(max_codepoint=255), max_size=80), st.text(st.characters(max_codepoint=255), max_size=80))
@settings(max_examples=int(os.environ.get("DEMOTIC_EXAMPLES", "100")))
def test_whatever_bytes_come_as_a_target_the_answer_is_no_fault_of_ours(
    application: Application, path: str, query: str
) -> None:
    check(*send(application, f"{path}?{query}"))
    check(*send(application, f"Things?$filter={query}"))
