"""Payloads and batches of another implementation (`olingo2-v2` of the test data), sent to a model of their kind."""

from __future__ import annotations

import io
import json
import re
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path
from typing import Any

import pytest

from demotic.model.csdl import read_xml
from demotic.protocols.odata import ODataV2
from demotic.service import Service
from demotic.store.memory import MemoryStore
from demotic.syntax.http import Request, Response

ROOT = "http://shop.example/odata/v2/"
MODEL = Path(__file__).parent / "cases" / "reference.xml"
ELSEWHERE = re.compile(r"https?://[^\"']*?/ReferenceScenario\.svc/")
PAYLOADS = {
    "JsonRoom.json": "Rooms",
    "JsonTeam.json": "Teams",
    "JsonBuildingWithInlineRoomsClientCase.json": "Buildings",
    "JsonEmployeeContentOnlyWithAdditionalLink.json": "Employees",
    "JsonEmployeeInlineRoomBuildingWithoutMetadata.json": "Employees",
    "JsonInlineRoomWithInlineBuilding.json": "Employees",
    "JsonInlineRoomWithInlineNull.json": "Employees",
    "JsonRoom_EmptyInlineEmployeesToTeam.json": "Rooms",
    "JsonRoom_InlineEmployeesToTeam.json": "Rooms",
    "JsonRoom_InlineEmployeesToTeamWithoutMetadata.json": "Rooms",
}


@pytest.fixture
def handler() -> ODataV2:
    data: dict[str, Any] = {
        "Managers": [{"EmployeeId": "1"}],
        "Employees": [{"EmployeeId": "2", "EmployeeName": "Frederic Fall"}],
    }
    return ODataV2(Service(MemoryStore(read_xml(MODEL.read_bytes()), data)))


def send(handler: ODataV2, method: str, target: str, data: bytes = b"", media: str = "application/json") -> Response:
    path, _, query = target.removeprefix(ROOT).partition("?")
    fields = {"content-type": media, "content-length": str(len(data))}
    return handler(
        Request(method, f"/odata/v2/{path}", query, fields, "http", "shop.example", body=io.BytesIO(data).read)
    )


def shown(response: Response) -> Any:
    body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    return json.loads(body)["d"]


def same(sent: Any, got: Any, where: str) -> None:
    """Assert that what was sent is there, as far as it is data."""
    if isinstance(sent, dict) and "results" in sent:
        sent = sent["results"]
    if isinstance(got, dict) and "results" in got:
        got = got["results"]
    if isinstance(sent, list):
        assert len(sent) == len(got), where
        for n, (one, other) in enumerate(zip(sent, got, strict=True)):
            same(one, other, f"{where}[{n}]")
    elif isinstance(sent, dict):
        for name, value in sent.items():
            if name != "__metadata" and not (isinstance(value, dict) and "__deferred" in value):
                same(value, got[name], f"{where}/{name}")
    else:
        assert got == sent, where


def ways(sent: Any, path: str = "") -> list[str]:
    """Return the paths of what lies inline."""
    found: list[str] = []
    for name, value in sent.items():
        inner = value.get("results") if isinstance(value, dict) and "results" in value else value
        if re.match(r"n[a-z]_", name) and not (isinstance(value, dict) and "__deferred" in value):
            found.append(path + name)
            for item in inner if isinstance(inner, list) else [inner]:
                found += ways(item, f"{path}{name}/") if isinstance(item, dict) else []
    return list(dict.fromkeys(found))


@pytest.mark.feature("F-VERBOSE-10", "F-VERBOSE-12")
@pytest.mark.spec("OD-276", "OD-277")
@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_is_inserted_with_all_that_is_in_it(handler: ODataV2, shared_data: Path, name: str) -> None:
    text = (shared_data / "odata" / "olingo2-v2" / "odata-core" / name).read_text(encoding="utf-8-sig")
    text = ELSEWHERE.sub(ROOT, text)
    response = send(handler, "POST", PAYLOADS[name], text.encode())
    assert response.status == 201, response.body
    sent = json.loads(text)
    sent = sent.get("d", sent)
    inline = ways(sent)
    expanded = f"?$expand={','.join(inline)}" if inline else ""
    same(sent, shown(send(handler, "GET", (response.field("location") or "") + expanded)), "d")


def batch(handler: ODataV2, shared_data: Path, name: str) -> list[Any]:
    """Send a batch and return the statuses of its parts, a list of such for a change set."""
    data = (shared_data / "odata" / "olingo2-v2" / "odata-fit" / name).read_bytes()
    boundary = data.split()[0].decode().removeprefix("--")
    response = send(handler, "POST", "$batch", data, f"multipart/mixed; boundary={boundary}")
    assert response.status == 202, response.body
    assert isinstance(response.body, bytes)
    head = f"Content-Type: {response.field('content-type')}\r\n\r\n".encode()
    return _statuses(message_from_bytes(head + response.body, policy=HTTP))


def _statuses(message: Any) -> list[Any]:
    return [
        _statuses(part)
        if part.get_content_type() == "multipart/mixed"
        else int(part.get_payload(decode=True).split()[1])
        for part in message.iter_parts()
    ]


@pytest.mark.feature("F-VERBOSE-13")
@pytest.mark.spec("OD-286")
@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("simple.batch", [200]),
        ("error.batch", [200, 404]),
        ("changeset.batch", [200, [204], 200]),
        ("employeesWithFilter.batch", [200]),
        ("batchFailFirstCreateRequest.batch", [404]),
        ("basicBatchWithContentIdWithNav.batch", [[201], 200]),
        ("functionImport.batch", [404]),
    ],
)
def test_a_batch_is_answered_part_by_part(handler: ODataV2, shared_data: Path, name: str, statuses: list[Any]) -> None:
    assert batch(handler, shared_data, name) == statuses
