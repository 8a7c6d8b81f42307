"""Batches, in both forms: what is asked is done in order, groups are all or none, and bad batches do nothing."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path
from typing import Any

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Limits, Service
from demotic.store import Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import open_store
from demotic.syntax.http import Request, Response
from demotic.testing.stores import fill, schema, world

ROOT = "http://shop.example/odata/v4/"
J = {"content-type": "application/json"}
TEXT, PNG = {"Content-Type": "text/plain"}, {"content-type": "image/png"}
M = {"content-type": "multipart/mixed; boundary=b"}


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
        return {name: {e.key: dict(e) for e in tx[name].values()} for name in tx}


def post(store: Store, body: bytes, fields: dict[str, str], limits: Limits | None = None) -> Response:
    handler = ODataV4(Service(store, limits=limits or Limits()))
    return handler(Request("POST", "/odata/v4/$batch", "", fields, "http", "shop.example", "r1", io.BytesIO(body).read))


def ask(store: Store, *requests: dict[str, Any], **fields: str) -> list[dict[str, Any]]:
    given = [{"id": str(number), "method": "get", **request} for number, request in enumerate(requests, 1)]
    response = post(store, json.dumps({"requests": given}).encode(), {"content-type": "application/json", **fields})
    assert response.status == 200, response.body
    assert isinstance(response.body, bytes)
    return json.loads(response.body)["responses"]  # type: ignore[no-any-return]


def mixed(store: Store, text: str, newline: str = "\r\n", **fields: str) -> list[Any]:
    """Send a multipart batch and return its parts: (status, body), a list of such for a change set."""
    body = text.strip("\n").replace("\n", newline).encode()
    response = post(store, body, {"content-type": "multipart/mixed; boundary=b", **fields})
    assert response.status == 200, response.body
    assert isinstance(response.body, bytes)
    head = f"Content-Type: {response.field('content-type')}\r\n\r\n".encode()
    return _parts(message_from_bytes(head + response.body, policy=HTTP))


def _parts(message: Any) -> list[Any]:
    assert message.is_multipart() and not message.defects
    found: list[Any] = []
    for part in message.iter_parts():
        if part.get_content_type() == "multipart/mixed":
            found.append(_parts(part))
            continue
        assert part.get_content_type() == "application/http"
        text = part.get_payload(decode=True).decode()
        head, _, body = text.partition("\r\n\r\n")
        found.append((int(head.split()[1]), json.loads(body) if body else None, part["content-id"]))
    return found


READ_AND_CHANGE = """
--b
Content-Type: application/http
Content-Transfer-Encoding: binary

GET Product(1)?$select=Name HTTP/1.1
Accept: application/json


--b
Content-Type: multipart/mixed; boundary=c

--c
Content-Type: application/http
Content-ID: 1

POST Supplier HTTP/1.1
Content-Type: application/json

{"Name": "New"}
--c
Content-Type: application/http
Content-ID: 2

POST $1/Product HTTP/1.1
Content-Type: application/json

{"Name": "Made"}
--c
Content-Type: application/http
Content-ID: 3

PATCH /odata/v4/Product(2) HTTP/1.1
Content-Type: application/json

{"Supplier@odata.bind": "$1"}
--c--
--b
Content-Type: application/http

GET http://shop.example/odata/v4/Product/$count HTTP/1.1

--b--
"""


@pytest.mark.feature("F-BATCH-01", "F-BATCH-03")
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_a_multipart_batch_reads_and_changes(store: Store, newline: str) -> None:
    last = "GET Product?$orderby=ID&$expand=Supplier"
    text = READ_AND_CHANGE.replace("GET http://shop.example/odata/v4/Product/$count", last)
    read, group, listed = mixed(store, text, newline)
    assert (read[0], read[1]["Name"]) == (200, "Tea")
    assert [(answer[0], answer[2]) for answer in group] == [(201, "1"), (201, "2"), (204, "3")]
    assert [item["Supplier"] and item["Supplier"]["Name"] for item in listed[1]["value"]] == ["Ada", "New", "New"]


@pytest.mark.feature("F-BATCH-02")
def test_a_change_set_that_fails_changes_nothing_and_has_one_answer(store: Store) -> None:
    before = state(store)
    text = READ_AND_CHANGE.replace('{"Name": "Made"}', '{"Nmae": "Made"}').replace("/Product/$count", "/Tag?$top=1")
    parts = mixed(store, text)
    assert [part[0] for part in parts] == [200, 400]
    assert parts[1][1]["error"]["target"] == "Nmae"
    assert state(store) == before


@pytest.mark.feature("F-BATCH-04")
@pytest.mark.parametrize("prefer", ["continue-on-error", "odata.continue-on-error=true"])
def test_what_follows_a_failure_is_done_only_if_that_is_preferred(store: Store, prefer: str) -> None:
    parts = [f"--b\nContent-Type: application/http\n\nGET {name} HTTP/1.1\n\n" for name in ("Nothing", "Tag")]
    text = "".join(parts) + "--b--"
    assert [part[0] for part in mixed(store, text)] == [404]
    assert [part[0] for part in mixed(store, text, prefer=prefer)] == [404, 200]
    assert [part[0] for part in mixed(store, text, prefer="continue-on-error=false")] == [404]


@pytest.mark.feature("F-BATCH-01")
def test_a_json_batch_reads_and_changes(store: Store) -> None:
    answers = ask(
        store,
        {"url": "Product(1)?$select=Name"},
        {"method": "POST", "url": "Tag", "body": {"Name": "new"}},
        {"url": "$2"},
        {
            "method": "PUT",
            "url": "/odata/v4/Product(1)/Name/$value",
            "headers": {"Content-Type": "text/plain"},
            "body": "Neu",
        },
        {
            "method": "PUT",
            "url": f"{ROOT}Product(1)/Photo/$value",
            "headers": {"content-type": "image/png"},
            "body": "AP8",
        },
        {"url": "Product(1)/Name/$value"},
        {"url": "Product(1)/Photo/$value"},
        {"method": "DELETE", "url": "Tag('new')"},
    )
    assert [answer["status"] for answer in answers] == [200, 201, 200, 204, 204, 200, 200, 204]
    assert answers[0]["body"]["Name"] == "Tea" and answers[2]["body"]["Name"] == "new"
    assert (answers[5]["body"], answers[6]["body"]) == ("Neu", "AP8")
    assert answers[1]["headers"]["location"] == f"{ROOT}Tag('new')"


@pytest.mark.feature("F-BATCH-02", "F-BATCH-03")
def test_an_atomicity_group_is_done_whole_or_not_at_all(store: Store) -> None:
    group: list[dict[str, Any]] = [
        {"method": "POST", "url": "Supplier", "body": {"Name": "S"}, "atomicityGroup": "g"},
        {
            "method": "POST",
            "url": "$1/Product",
            "body": {"Name": "P", "Supplier@odata.bind": "$1"},
            "atomicityGroup": "g",
        },
    ]
    group[1]["atomicityGroup"] = "g"
    last = {"url": "Product?$filter=Supplier/Name eq 'S'&$count=true", "dependsOn": ["g"]}
    done = ask(store, *group, last)
    assert [answer["status"] for answer in done] == [201, 201, 200]
    assert done[2]["body"]["@odata.count"] == 1 and done[0]["atomicityGroup"] == "g"
    before = state(store)
    group[1]["body"] = {"Name": 5}
    failed = ask(store, *group, last, prefer="continue-on-error")
    assert [answer["status"] for answer in failed] == [424, 400, 424]
    assert failed[1]["body"]["error"]["target"] == "Name"
    assert state(store) == before


def test_bodies_refer_to_requests_before_them_outside_of_groups(store: Store) -> None:
    body: dict[str, Any] = {"Name": "P", "Supplier@odata.bind": "$1"}
    made = ask(
        store,
        {"method": "POST", "url": "Supplier", "body": {"Name": "S"}},
        {"method": "POST", "url": "Product", "body": body, "dependsOn": ["1"]},
        {"url": "$2/Supplier/Name/$value", "dependsOn": ["2"]},
        {"method": "POST", "url": "Product", "body": {"Name": 5, "Supplier@odata.bind": "$1"}, "dependsOn": ["1"]},
        {"url": "$4", "dependsOn": ["4"]},
        prefer="continue-on-error",
    )
    assert [answer["status"] for answer in made] == [201, 201, 200, 400, 424]
    assert made[2]["body"] == "S" and made[3]["body"]["error"]["target"] == "Name"
    assert "atomicityGroup" not in made[1]
    before = state(store)
    (alone,) = ask(store, {"method": "POST", "url": "Product", "body": body})
    assert alone["status"] == 400 and state(store) == before


def test_a_url_that_refers_to_a_request_that_failed_is_not_followed(store: Store) -> None:
    before = state(store)
    failed = {"method": "POST", "url": "Supplier", "body": {"Name": 5}}
    made = ask(store, failed, {"method": "DELETE", "url": "$1"}, {"url": "$1/Name"}, prefer="continue-on-error")
    assert [answer["status"] for answer in made] == [400, 424, 424]
    assert made[1]["body"]["error"]["message"] == "1 failed, which this depends on" and state(store) == before


@pytest.mark.feature("F-BATCH-05")
@pytest.mark.parametrize(
    ("body", "fields", "status"),
    [
        (b"{}", J, 400),
        (b"[", J, 400),
        (b'{"requests": [5]}', J, 400),
        (b'{"requests": [{"id": "1", "method": "get"}]}', J, 400),
        (b'{"requests": [{"id": "1", "method": "get", "url": "Tag", "x": 1}]}', J, 400),
        (b'{"requests": [{"id": "1", "method": "get", "url": "Tag", "if": "true"}]}', J, 501),
        (b'{"requests": [{"id": "1", "method": "delete", "url": "Tag"}, {"id": "1", "method": "get", "url": "Tag"}]}',
         J, 400),
        (b'{"requests": [{"id": "1", "method": "get", "url": "Tag", "dependsOn": ["2"]}]}', J, 400),
        (b'{"requests": [{"id": "1", "method": "get", "url": "Tag", "atomicityGroup": "g"}]}', J, 400),
        (b"", {"content-type": "text/plain"}, 415),
        (b"", {}, 415),
        (b"", {"content-type": "multipart/mixed"}, 400),
        (b"", M, 400),
        (b"--b\r\n\r\n--b--", M, 400),
        (b"--b\r\nContent-Type: application/http\r\n\r\nnonsense\r\n--b--", M, 400),
        (b"--b\r\nContent-Type: application/http\r\n\r\nDELETE Tag('hot') HTTP/1.1\r\n\r\n",
         M, 400),
        (b"--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b--", M, 400),
    ],
)  # fmt: skip
def test_a_batch_that_cannot_be_read_does_nothing(
    store: Store, body: bytes, fields: dict[str, str], status: int
) -> None:
    before = state(store)
    response = post(store, body, fields)
    assert response.status == status, response.body
    assert isinstance(response.body, bytes) and json.loads(response.body)["error"]["message"]
    assert state(store) == before


@pytest.mark.feature("F-BATCH-05")
def test_a_batch_is_bounded_and_not_nested(store: Store) -> None:
    given = {"requests": [{"id": str(n), "method": "get", "url": "Tag"} for n in range(5)]}
    fields = {"content-type": "application/json"}
    assert post(store, json.dumps(given).encode(), fields, Limits(batch_requests=4)).status == 400
    assert post(store, json.dumps(given).encode(), fields, Limits(body_length=20)).status == 413
    assert [a["status"] for a in ask(store, {"method": "post", "url": "$batch", "body": {}})] == [400]
    assert [a["status"] for a in ask(store, {"url": "http://elsewhere.example/x"})] == [404]
    assert [a["status"] for a in ask(store, {"url": "/elsewhere"})] == [404]
    assert [a["status"] for a in ask(store, {"url": "$9/Name"})] == [400]
    handler = ODataV4(Service(store))
    response = handler(Request("GET", "/odata/v4/$batch", ""))
    assert (response.status, response.field("allow")) == (405, "POST")


def test_the_answer_comes_in_the_form_that_is_accepted(store: Store) -> None:
    body = json.dumps({"requests": [{"id": "1", "method": "get", "url": "Tag"}]}).encode()
    fields = {"content-type": "application/json", "accept": "multipart/mixed"}
    response = post(store, body, fields)
    assert (response.field("content-type") or "").startswith("multipart/mixed;boundary=")
    assert response.field("odata-version") == "4.01"
