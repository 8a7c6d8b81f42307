"""Batches of OData 2: every part is answered, change sets are all or none, requests refer to others by ``$id``."""

from __future__ import annotations

import io
import json
from email import message_from_bytes
from email.policy import HTTP
from typing import Any

import pytest

from demotic.protocols.odata import ODataV2
from demotic.service import Limits, Service
from demotic.store import Store
from demotic.syntax.http import Request, Response

from ...v4.changes.test_changes import state, store

__all__ = ["store"]  # a fixture

ROOT = "http://shop.example/odata/v2/"
MIXED = {"content-type": "multipart/mixed; boundary=b"}


def post(store: Store, text: str, fields: dict[str, str] | None = None, limits: Limits | None = None) -> Response:
    handler = ODataV2(Service(store, limits=limits or Limits()))
    body = io.BytesIO(text.replace("\n", "\r\n").encode())
    given = {**MIXED, **(fields or {})}
    return handler(Request("POST", "/odata/v2/$batch", "", given, "http", "shop.example", "r1", body.read))


def parts(response: Response) -> list[Any]:
    """Return the parts of an answer: (status, body), a list of such for a change set."""
    assert response.status == 202, response.body
    assert response.field("dataserviceversion") == "2.0"
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
        head, _, body = part.get_payload(decode=True).decode().partition("\r\n\r\n")
        found.append((int(head.split()[1]), json.loads(body) if body.strip().startswith("{") else body.strip()))
    return found


def get(url: str, *fields: str) -> str:
    return "\n".join(["Content-Type: application/http", "", f"GET {url} HTTP/1.1", *fields, "", ""])


def change(method: str, url: str, body: Any = None, *fields: str, id: str = "") -> str:
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    lines += [f"Content-ID: {id}"] if id else []
    lines += ["", f"{method} {url} HTTP/1.1", "Content-Type: application/json", *fields, ""]
    return "\n".join([*lines, "" if body is None else json.dumps(body)])


def together(*changes: str) -> str:
    inner = "".join(f"--c\n{item}\n" for item in changes)
    return f"Content-Type: multipart/mixed; boundary=c\n\n{inner}--c--"


def batch(*items: str) -> str:
    return "".join(f"--b\n{item}\n" for item in items) + "--b--"


@pytest.mark.feature("F-VERBOSE-13")
@pytest.mark.spec("OD-286")
def test_every_part_is_answered_whatever_became_of_the_others(store: Store) -> None:
    text = batch(
        get("Product(1)/Name", "Accept: application/json"),
        get("Nothing"),
        get(f"{ROOT}Product/$count"),
        get("/odata/v2/Supplier?$filter=substringof('d',Name)&$select=Name"),
        together(change("MERGE", "Product(99)", {"Name": "x"})),
        together(change("MERGE", "Product(1)", {"Name": "x"})),
    )
    name, nothing, count, suppliers, failed, made = parts(post(store, text))
    assert name == (200, {"d": {"Name": "Tea"}})
    assert (nothing[0], nothing[1]["error"]["code"]) == (404, "UnknownResource")
    assert count == (200, "2")
    assert [row["Name"] for row in suppliers[1]["d"]["results"]] == ["Ada"]
    assert (failed[0], failed[1]["error"]["message"]["lang"]) == (404, "en"), "one answer, not a set of them"
    assert made == [(204, "")]


@pytest.mark.feature("F-VERBOSE-13")
def test_a_change_set_is_all_or_none(store: Store) -> None:
    before = state(store)
    text = batch(
        together(
            change("POST", "Supplier", {"ID": 7, "Name": "x"}),
            change("POST", "Product(1)", {"Name": "y"}, "X-HTTP-Method: MERGE"),
            change("DELETE", "Product(2)"),
            change("POST", "Supplier", {"ID": 1, "Name": "there is one"}),
        )
    )
    (answer,) = parts(post(store, text))
    assert (answer[0], answer[1]["error"]["code"]) == (409, "DuplicateKey")
    assert state(store) == before


@pytest.mark.feature("F-VERBOSE-13")
def test_requests_refer_to_what_was_made_before(store: Store) -> None:
    text = batch(
        together(
            change("POST", "Supplier", {"ID": 7, "Name": "x"}, id="1"),
            change("POST", "$1/Product", {"ID": 70, "Name": "a"}, id="new"),
            change("PUT", "$new/Name", {"Name": "b"}, "Content-Length: 100"),
            change("POST", "$new/$links/Tag", {"uri": "Tag('hot')"}),
            change("POST", "Product", {"ID": 71, "Name": "c", "Supplier": {"__metadata": {"uri": "$1"}}}),
            change("POST", "$1", {"Name": "y"}, "X-HTTP-Method: MERGE"),
        ),
        get("$1/Product?$orderby=ID&$select=Name"),
        get("$new/$links/Tag"),
    )
    made, products, tags = parts(post(store, text))
    assert [status for status, _ in made] == [201, 201, 204, 204, 201, 204]
    assert [row["Name"] for row in products[1]["d"]["results"]] == ["b", "c"]
    assert tags[1]["d"]["results"] == [{"uri": f"{ROOT}Tag('hot')"}]


@pytest.mark.feature("F-VERBOSE-11", "F-VERBOSE-13")
def test_states_are_compared_within_change_sets(store: Store) -> None:
    tag = parts(post(store, batch(get("Product(1)"))))[0][1]["d"]["__metadata"]["etag"]
    merge = change("MERGE", "Product(1)", {"Name": "x"}, f"If-Match: {tag}")
    assert parts(post(store, batch(together(merge)))) == [[(204, "")]]
    assert parts(post(store, batch(together(merge))))[0][0] == 412


@pytest.mark.feature("F-VERBOSE-13")
@pytest.mark.parametrize(
    ("text", "fields", "status"),
    [
        (batch(get("Product")), {"content-type": "application/json"}, 415),
        (batch(get("Product")), {"content-type": "multipart/mixed"}, 400),
        ("--b\nContent-Type: application/http\n\nGET Product HTTP/1.1\n\n", {}, 400),
        (batch(together(get("Product"))), {}, 400),
        (batch("Content-Type: text/plain\n\nx"), {}, 400),
        (batch(*[get("Product")] * 11), {}, 400),
        ("x" * 20_000, {}, 413),
    ],
    ids=["JSON", "no boundary", "no end", "reading in a change set", "no request", "too many", "too long"],
)
def test_a_batch_that_cannot_be_read_does_nothing(store: Store, text: str, fields: dict[str, str], status: int) -> None:
    before = state(store)
    response = post(store, text, fields, Limits(batch_requests=10, body_length=15_000))
    assert response.status == status
    assert isinstance(response.body, bytes)
    assert json.loads(response.body)["error"]["message"]["value"]
    assert state(store) == before


def test_a_batch_within_a_batch_is_refused(store: Store) -> None:
    (answer,) = parts(post(store, batch(together(change("POST", "$batch")))))
    assert answer[0] == 400
