"""Requests that change data, in sequences: ``cases/*.json``, each on a fresh small world, in memory and over SQLite.

A case has a ``title`` and ``steps``; a step is a request (``send``: "METHOD target", ``body`` or ``text``, ``fields``)
and what is expected of its answer (``expect``, as in the cases of reading). ``{etag}`` stands for the last entity
tag that was seen, and ``unchanged`` says that the data is as it was before the step.
"""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Limits, Service
from demotic.store import Store, Transaction
from demotic.store.memory import MemoryStore
from demotic.store.sql import DatabaseBusy, open_store
from demotic.syntax.http import Handler, Request, Response
from demotic.testing.stores import fill, schema, world

from ..test_cases import ROOT, check

FOLDER = Path(__file__).parent / "cases"
CASES = [
    pytest.param(
        case, id=f"{file.stem}: {case['title']}", marks=[pytest.mark.spec(*case["spec"])] if "spec" in case else []
    )
    for file in sorted(FOLDER.glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8"))
]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        made: Store = MemoryStore(world())
    else:
        with closing(sqlite3.connect(tmp_path / "world.db")) as db:
            db.executescript(schema("sqlite"))
        made = open_store(tmp_path / "world.db")
    with made:
        fill(made)
        yield made


def state(store: Store) -> dict[str, Any]:
    with store.transaction() as tx:
        found: dict[str, Any] = {name: {e.key: dict(e) for e in tx[name].values()} for name in tx}
        return found | {"tags": {key: sorted(tx["Product"].follow(key, "Tag")) for key in tx["Product"]}}


class Caller:
    """Sends the requests of a case, and remembers the last entity tag."""

    root = ROOT

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._tag = ""

    def send(self, step: dict[str, Any]) -> tuple[Response, bytes]:
        method, _, target = step["send"].partition(" ")
        path, _, query = target.replace("{root}", self.root).partition("?")
        fields = {name.lower(): value.replace("{etag}", self._tag) for name, value in step.get("fields", {}).items()}
        data = b""
        if "body" in step:
            data = json.dumps(step["body"]).replace("{root}", self.root).encode()
            fields.setdefault("content-type", "application/json")
        elif "text" in step:
            data = step["text"].encode("latin-1")
        fields.setdefault("content-length", str(len(data)))
        path = f"/odata/{self.root[-3:-1]}/{path}"
        request = Request(method, path, query, fields, "http", "shop.example", body=io.BytesIO(data).read)
        response = self._handler(request)
        body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
        self._tag = response.field("etag") or self._tag
        return response, body


@pytest.fixture
def caller(store: Store) -> Caller:
    return Caller(ODataV4(Service(store)))


@pytest.mark.feature("F-ODATA-19", "F-ODATA-20", "F-ODATA-21", "F-ODATA-22", "F-ODATA-23")
@pytest.mark.conformance("4.0-minimal 10", "4.0-minimal 26", "4.0-minimal 29", "4.0-minimal 32")
@pytest.mark.parametrize("case", CASES)
def test_a_sequence_of_requests_gets_its_answers(store: Store, caller: Caller, case: dict[str, Any]) -> None:
    for step in case["steps"]:
        before = state(store) if step.get("unchanged") else None
        response, body = caller.send(step)
        check(step, response, body)
        if before is not None:
            assert state(store) == before


NAMES = ["Product", "Product(1)", "Product(1)/Name", "Product(1)/Line", "Product(1)/Supplier/$ref", "", "$metadata"]
JSON = {"Content-Type": "application/json"}
JSON_FIELDS = {"content-type": "application/json"}
BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe{",
    b'{"Name": "\\ud800"}',
    b'{"Name": "x", "Stock": 1e400}',
    b'{"Name": "x", "Price": 1e999999999}',
    b'{"Name": "x", "Sold": "2024-13-01T00:00:00Z"}',
    b"[" * 100_000,
    b'{"Line":[' * 30_000,
    json.dumps({"Name": "x" * 1_000_000}).encode(),
    b'{"Name":"x","Supplier":{"Name":"y","Product":[{"Name":"z","Supplier@odata.bind":"Supplier(99)"}]}}',
    b'{"Supplier@odata.bind": 5}',
    b'{"Supplier@odata.bind": "http://elsewhere.example/odata/v4/Supplier(1)"}',
    b'{"Supplier@odata.bind": "Supplier(1"}',
    b'{"Supplier@odata.bind": "/Supplier(1)"}',
    b'{"Supplier": {"@id": ["x"]}}',
    b'{"@odata.type": "#world.Tag", "Name": "x"}',
    b'{"Name": {"a": 1}, "Line": {}, "Tag": [1, null, "x"]}',
]


@pytest.mark.feature("F-ODATA-15")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("target", NAMES)
def test_a_hostile_body_is_refused_and_changes_nothing(store: Store, caller: Caller, method: str, target: str) -> None:
    before = state(store)
    for body in BODIES:
        step = {"send": f"{method} {target}", "text": body.decode("latin-1"), "fields": JSON}
        response, answer = caller.send(step)
        assert 400 <= response.status < 500 or response.status == 501, (body[:80], response.status, answer[:300])
        assert json.loads(answer)["error"]["message"]
    assert state(store) == before


def test_a_body_that_is_too_long_is_not_read(store: Store) -> None:
    class Endless:
        read = 0

        def __call__(self, size: int) -> bytes:
            self.read += size
            return b" " * size

    body, limits = Endless(), Limits(body_length=1000)
    handler = ODataV4(Service(store, limits=limits))
    for fields in ({}, {"content-length": "5000000000"}):
        answer = handler(Request("POST", "/odata/v4/Product", "", {**JSON_FIELDS, **fields}, body=body))
        assert answer.status == 413
    assert body.read <= 2002


def test_nothing_is_acknowledged_that_was_not_committed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(store)

    def fail(self: object) -> None:
        raise DatabaseBusy("cannot commit now")

    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "commit", fail)
        response, _ = Caller(ODataV4(Service(store))).send({"send": "POST Product", "body": {"Name": "x"}})
    assert response.status == 503
    assert state(store) == before


@pytest.mark.feature("F-ODATA-23")
@pytest.mark.parametrize("asked", ["POST Product", "PATCH Product(1)", "DELETE Product(1)", "DELETE Product(1)/Price"])
def test_a_request_that_was_cut_off_does_nothing(store: Store, caller: Caller, asked: str) -> None:
    before = state(store)
    fields = {**JSON, "Content-Length": "100"}
    response, answer = caller.send({"send": asked, "text": '{"Name": "cut"}', "fields": fields})
    assert response.status == 400 and "cut off" in json.loads(answer)["error"]["message"]
    assert state(store) == before


def test_a_raw_value_of_unknown_length_is_not_taken(store: Store) -> None:
    body = io.BytesIO(b"half a text").read
    request = Request("PUT", "/odata/v4/Product(1)/Name/$value", "", {"content-type": "text/plain"}, body=body)
    assert ODataV4(Service(store))(request).status == 411
