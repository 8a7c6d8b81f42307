"""Entities of derived types in OData 2: their real type is told, and taken."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from demotic.protocols.odata import ODataV2
from demotic.service import Service
from demotic.store import Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store
from demotic.syntax.http import Request, Response
from demotic.testing.stores import hire, staff


@pytest.fixture(params=["memory", "sqlite"])
def handler(request: pytest.FixtureRequest, tmp_path: Path) -> ODataV2:
    store: Store
    if request.param == "memory":
        store = MemoryStore(staff())
    else:
        create_tables(tmp_path / "staff.db", staff())
        store = open_store(tmp_path / "staff.db", model=staff())
    request.addfinalizer(store.close)
    hire(store)
    return ODataV2(Service(store))


def send(handler: ODataV2, method: str, target: str, body: Any = None) -> Response:
    path, _, query = target.partition("?")
    content = b"" if body is None else json.dumps(body).encode()
    fields = {"content-length": str(len(content)), "content-type": "application/json"}
    return handler(
        Request(method, f"/odata/v2/{path}", query, fields, "http", "shop.example", body=io.BytesIO(content).read)
    )


def shown(response: Response) -> Any:
    assert isinstance(response.body, bytes), response.status
    return json.loads(response.body)["d"]


def listed(handler: ODataV2, target: str) -> list[Any]:
    found: list[Any] = shown(send(handler, "GET", target))["results"]
    return found


@pytest.mark.feature("F-VERBOSE-19")
def test_an_entity_tells_its_real_type_and_has_its_properties(handler: ODataV2) -> None:
    rows = listed(handler, "People")
    assert [row["__metadata"]["type"] for row in rows] == [
        "staff.Boss",
        "staff.Customer",
        "staff.Employee",
        "staff.Person",
    ]
    names = [sorted(name for name in row if name not in ("__metadata", "friend")) for row in rows]
    worker = ["id", "level", "name", "room_id", "salary"]
    assert names == [sorted([*worker, "budget"]), ["id", "level", "name"], worker, ["id", "name"]]
    assert (rows[0]["salary"], rows[1]["level"], rows[2]["level"]) == ("9", "gold", 2)
    single = shown(send(handler, "GET", "People('eve')"))
    assert single == rows[2]  # the entity tag is among it
    # A URL of version 2 has no casts, so there is none for navigation that only some have.
    assert "manager" not in single and "friend" in single
    selected = listed(handler, "People?$select=name&$top=1")
    assert [sorted(row) for row in selected] == [["__metadata", "name"]]
    expanded = listed(handler, "Rooms?$expand=workers")[0]["workers"]["results"]
    assert [(row["__metadata"]["type"], row["level"]) for row in expanded] == [("staff.Employee", 2)]
    assert "manager" not in expanded[0]


@pytest.mark.feature("F-VERBOSE-19")
def test_complex_values_tell_their_types(handler: ODataV2) -> None:
    place = {"__metadata": {"type": "staff.Flat"}, "city": "Rome", "floor": 3, "rent": "1.5"}
    made = send(handler, "POST", "Homes", {"id": "1", "place": place})
    assert (made.status, shown(made)["place"]) == (201, place)
    assert shown(send(handler, "GET", "Homes(1)"))["place"] == place
    wrong = {"__metadata": {"type": "staff.Room"}, "city": "Rome"}
    assert send(handler, "POST", "Homes", {"id": "2", "place": wrong}).status == 400


@pytest.mark.feature("F-VERBOSE-19")
def test_an_entity_is_of_the_type_that_its_metadata_says(handler: ODataV2) -> None:
    def typed(kind: str, **values: Any) -> dict[str, Any]:
        return {"__metadata": {"type": f"staff.{kind}"}, **values}

    made = send(handler, "POST", "People", typed("Employee", id="x", name="X", salary="2.5"))
    assert (made.status, shown(made)["__metadata"]["type"], shown(made)["level"]) == (201, "staff.Employee", 1)
    below = typed("Customer", id="z", name="Z")
    assert send(handler, "POST", "People", typed("Person", id="y", name="Y", friend=below)).status == 201
    assert shown(send(handler, "GET", "People('y')/friend"))["__metadata"]["type"] == "staff.Customer"
    assert send(handler, "MERGE", "People('x')", {"salary": "3"}).status == 204
    assert send(handler, "PUT", "People('x')", typed("Employee", name="XX", salary="4")).status == 204
    assert shown(send(handler, "GET", "People('x')"))["salary"] == "4"
    for method, target, body in (
        ("POST", "People", typed("Worker", id="w", name="W", salary="1")),
        ("POST", "People", typed("Room", id="w")),
        ("POST", "People", {"id": "w", "name": "W", "salary": "1"}),
        ("MERGE", "People('x')", typed("Boss", salary="1")),
        ("MERGE", "People('x')", {"budget": "1"}),
    ):
        assert send(handler, method, target, body).status == 400, body
    assert len(listed(handler, "People")) == 7
