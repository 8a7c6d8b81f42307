"""The handler answers for what is below its root, and for nothing else."""

from __future__ import annotations

import json

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.syntax.http import Request, Response

from . import club


@pytest.fixture(scope="module")
def handler() -> ODataV4:
    return ODataV4(Service(club.in_memory()))


def get(handler: ODataV4, path: str) -> tuple[Response, dict[str, object]]:
    response = handler(Request("GET", path, "", {}, "http", "club.example"))
    assert isinstance(response.body, bytes)
    return response, json.loads(response.body)


@pytest.mark.parametrize(
    "path",
    ["/", "", "/other/Members", "/odata/v3/Members('Ada')", "/odata/v4x/Members", "/odata", "/odata/v", "/ODATA/V4/"],
)
def test_a_path_beside_the_root_is_not_found(handler: ODataV4, path: str) -> None:
    response, body = get(handler, path)
    assert response.status == 404
    assert body["error"] == {
        "code": "NotFound",
        "message": f"nothing is published at {path} (the service root is /odata/v4/)",
        "target": "path",
    }


def test_the_root_without_its_slash_is_the_service_document(handler: ODataV4) -> None:
    response, body = get(handler, "/odata/v4")
    assert (response.status, body) == (200, get(handler, "/odata/v4/")[1])
    assert body["@odata.context"] == "http://club.example/odata/v4/$metadata"
