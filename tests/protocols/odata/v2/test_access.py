"""Access rules hold in OData 2 as they do in every version: what is hidden is nowhere."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from demotic.protocols.odata import ODataV2
from demotic.service import Service
from demotic.service.access import AccessControl, Guard, rules_of
from demotic.store import Store
from demotic.syntax.http import Request, Response

from ..v4.changes.test_changes import state, store

__all__ = ["store"]  # a fixture

RULES = {
    "sets": {
        "Product": {"read": "Stock ge 1", "update": "Stock ge 1", "hide": ["Price"]},
        "Supplier": {"read": True, "insert": True},
    }
}


@pytest.fixture
def guard(store: Store) -> Guard:
    service = Service(store)
    return Guard(ODataV2, service, control=AccessControl(service, rules_of(RULES)))


def send(guard: Guard, method: str, target: str, body: Any = None) -> tuple[Response, bytes]:
    path, _, query = target.partition("?")
    data = b"" if body is None else json.dumps(body).encode()
    fields = {"content-type": "application/json", "content-length": str(len(data))}
    request = Request(method, f"/odata/v2/{path}", query, fields, "http", "shop.example", body=io.BytesIO(data).read)
    response = guard(request)
    return response, response.body if isinstance(response.body, bytes) else b"".join(response.body)


@pytest.mark.feature("F-VERBOSE-17")
def test_what_is_hidden_is_nowhere(guard: Guard) -> None:
    metadata = send(guard, "GET", "$metadata")[1]
    assert b'"Stock"' in metadata and b'"Price"' not in metadata
    found = json.loads(send(guard, "GET", "Product?$inlinecount=allpages")[1])["d"]
    assert (found["__count"], [item["Name"] for item in found["results"]]) == ("1", ["Milk"])
    assert "Price" not in found["results"][0]
    assert send(guard, "GET", "Product/$count")[1] == b"1"
    assert json.loads(send(guard, "GET", "Supplier(1)?$expand=Product")[1])["d"]["Product"]["results"] == []
    assert json.loads(send(guard, "GET", "Supplier(1)/$links/Product")[1])["d"]["results"] == []
    for target in ("Product(1)", "Product(2)/Price", "Product?$filter=Price eq 3", "Product?$orderby=Price"):
        assert send(guard, "GET", target)[0].status in (400, 404), target


@pytest.mark.feature("F-VERBOSE-17")
def test_what_is_not_granted_is_not_done(guard: Guard, store: Store) -> None:
    before = state(store)
    assert send(guard, "MERGE", "Product(1)", {"Name": "x"})[0].status == 404
    assert send(guard, "DELETE", "Product(2)")[0].status in (403, 405)
    assert send(guard, "POST", "Product", {"Name": "x", "Stock": 5})[0].status in (403, 405)
    assert send(guard, "MERGE", "Supplier(1)", {"Name": "x"})[0].status in (403, 405)
    assert state(store) == before
    assert send(guard, "MERGE", "Product(2)", {"Name": "x"})[0].status == 204
    assert send(guard, "POST", "Supplier", {"Name": "Cy"})[0].status == 201
