"""Service operations called over OData 2, the same over each kind of store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acceptance_support import lab, workshop
from acceptance_support.http import Reply, WsgiClient

from demotic.model import read_xml
from demotic.protocols.odata import ODataV2
from demotic.service import Service
from demotic.service.operations import Context, Operations
from demotic.store import Entity, Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import open_store
from demotic.transports.wsgi import WsgiApplication


class Client:
    """A client of OData 2."""

    def __init__(self, store: Store, operations: Operations) -> None:
        self._client = WsgiClient(WsgiApplication(ODataV2(Service(store, operations=operations))))

    def send(self, method: str, path: str, fields: dict[str, str] | None = None, body: bytes = b"") -> Reply:
        """Send a request for a path below the service root."""
        return self._client.send(method, "/odata/v2/" + path, fields or {}, body)

    def asked(self, path: str, method: str = "GET") -> Any:
        """What a call comes to: what is in ``d``, the ids of entities, or the status of anything but 200."""
        reply = self.send(method, path)
        if reply.status != 200:
            return reply.status
        if "json" not in reply.fields["content-type"]:
            return reply.text
        found = reply.json["d"]
        rows = found.get("results")
        if isinstance(rows, list):
            return [int(row["id"]) if isinstance(row, dict) else row for row in rows]
        return int(found["id"]) if "__metadata" in found else found


@pytest.fixture(params=["memory", "sqlite"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Client]:
    """The lab with its operations."""
    if request.param == "memory":
        yield Client(lab.in_memory(), workshop.operations())
        return
    with open_store(str(lab.in_sqlite(tmp_path / "lab.db"))) as store:
        yield Client(store, workshop.operations())


CALLS = [
    ("GET", "Opened", {"Opened": True}),
    ("GET", "Opened()", {"Opened": True}),
    ("GET", "Opened/$value", "true"),
    ("GET", "Nothing", {"Nothing": None}),
    ("GET", "Words?text='it''s%20a'&day=datetime'2024-02-29T00:00:00'", ["it's", "a", "2024-02-29"]),
    ("GET", "Words?text='x'", ["x"]),
    ("GET", "Doubled?number=4L", {"Doubled": "8"}),
    ("GET", "Doubled?number=4", {"Doubled": "8"}),
    ("GET", "Doubled/$value?number=4", "8"),
    ("GET", "Halved?number=3m", {"Halved": "1.5"}),
    ("GET", "Following?day=datetime'2024-02-28T00:00:00'", {"Following": "/Date(1709164800000)/"}),
    ("GET", "Following/$value?day=datetime'2024-02-28T00:00:00'", "2024-02-29T00:00:00"),
    ("GET", "Heaviest", [8, 7, 6]),
    ("GET", "Heaviest?most=2", [8, 7]),
    ("GET", "Heaviest?most=2L&$orderby=id", [7, 8]),
    ("GET", "Heaviest?most=8&$filter=owner/name%20eq%20'Ada'&$top=2", [7, 4]),
    ("GET", "Heaviest/$count", "3"),
    ("GET", "TaskOf?id=3", 3),
    ("GET", "First", {"First": None}),
    ("GET", "TaskOf?id=99", 404),
    ("GET", "TaskOf?id='x'", 400),
    ("GET", "TaskOf?id=1&id=2", 400),
    ("GET", "TaskOf", 404),
    ("GET", "Sum?a=1", 404),  # OData 2 has no overloads
    ("GET", "Tasks(1)/StepTexts", 404),  # nor operations of entities
    ("GET", "Broken", 500),
    ("GET", "Reset", 405),
    ("POST", "Opened", 405),
    ("POST", "Reset", 204),
    ("POST", "AddTag?name='x'", 4),
    ("POST", "Everything?$top=2&$orderby=id%20desc", [8, 7]),
    ("POST", "Fail?how='busy'", 409),
    ("DELETE", "Reset", 405),
]


@pytest.mark.feature("F-OPERATION-06")
@pytest.mark.spec("OD-283", "NEW-027")
@pytest.mark.parametrize(("method", "path", "expected"), CALLS)
def test_a_service_operation_comes_to_this(client: Client, method: str, path: str, expected: object) -> None:
    assert client.asked(path, method) == expected


@pytest.mark.feature("F-OPERATION-06")
@pytest.mark.spec("OD-035")
def test_metadata_lists_the_operations_that_odata_2_can_call(client: Client) -> None:
    metadata = client.send("GET", "$metadata").text
    found = dict(re.findall(r'<FunctionImport Name="(\w+)"[^>]*m:HttpMethod="(\w+)"', metadata))
    assert {name: found[name] for name in ("Opened", "Heaviest", "Reset")} == {
        "Opened": "GET",
        "Heaviest": "GET",
        "Reset": "POST",
    }
    assert "Sum" not in found and "StepTexts" not in found


@pytest.mark.feature("F-OPERATION-06")
def test_a_failing_operation_leaves_nothing_and_tells_nothing(client: Client) -> None:
    before = client.send("GET", "Tags").body
    reply = client.send("POST", "Fail?how='broken'")
    assert (reply.status, "tiger" in reply.text) == (500, False)
    assert client.send("GET", "Tags").body == before


@pytest.mark.feature("F-OPERATION-06")
def test_operations_of_a_change_set_are_one_transaction(client: Client) -> None:
    def batch(*calls: str) -> Reply:
        head = "--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        inner = "".join(f"{head}POST {call} HTTP/1.1\r\n\r\n\r\n" for call in calls)
        body = f"--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n{inner}--c--\r\n--b--\r\n"
        return client.send("POST", "$batch", {"Content-Type": "multipart/mixed;boundary=b"}, body.encode())

    before = client.send("GET", "Tags").body
    assert "HTTP/1.1 409" in batch("Reset", "Fail?how='busy'").text
    assert client.send("GET", "Tags").body == before
    assert batch("Reset", "AddTag?name='y'").text.count("HTTP/1.1 20") == 2
    assert [row["name"] for row in client.send("GET", "Tags").json["d"]["results"]] == ["tag 1", "tag 2", "tag 3", "y"]


DOCUMENT = """<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">
<edmx:DataServices m:DataServiceVersion="2.0" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">
<Schema Namespace="shop" xmlns="http://schemas.microsoft.com/ado/2008/09/edm">
  <EntityType Name="Customer"><Key><PropertyRef Name="id"/></Key>
    <Property Name="id" Type="Edm.Int32" Nullable="false"/></EntityType>
  <EntityContainer Name="C" m:IsDefaultEntityContainer="true">
    <EntitySet Name="Customers" EntityType="shop.Customer"/>
    <FunctionImport Name="Best" ReturnType="Collection(shop.Customer)" EntitySet="Customers" m:HttpMethod="GET">
      <Parameter Name="count" Type="Edm.Int32" Mode="In"/><Parameter Name="above" Type="Edm.Int32" Mode="In"/>
    </FunctionImport>
    <FunctionImport Name="Clear" m:HttpMethod="POST"/>
  </EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""


@pytest.mark.feature("F-OPERATION-06")
@pytest.mark.spec("OD-283", "OD-035")
def test_functions_do_the_service_operations_of_a_document_of_odata_2() -> None:
    operations = Operations()

    @operations.implements("shop.Best")
    def best(context: Context, count: int, above: int | None) -> list[Entity]:
        customers = context["Customers"].where(f"id gt {above or 0}")
        return list(customers.order_by("id desc")[:count].values())

    @operations.implements("shop.Clear")
    def clear(context: Context) -> None:
        for key in list(context["Customers"]):
            del context["Customers"][key]

    store = MemoryStore(read_xml(DOCUMENT.encode()), {"Customers": [{"id": n} for n in (1, 2, 3)]})
    client = Client(store, operations)
    assert client.asked("Best?count=2&above=1") == [3, 2]
    assert [client.asked(path) for path in ("Best?count=2", "Best?count=2.5&above=1", "Best?above=1")] == [
        404,
        400,
        404,
    ]
    assert client.asked("Clear", "POST") == 204
    assert client.asked("Customers/$count") == "0"
