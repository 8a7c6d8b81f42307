"""Media entities in OData 2: what an entity tells of its media, and how it is made, read, replaced and removed."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from demotic.protocols.odata import ODataV2
from demotic.service import Service
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store
from demotic.syntax.http import Request as HttpRequest
from demotic.syntax.http import Response
from demotic.testing.stores import gallery

ROOT = "http://shop.example/odata/v2/"


@pytest.fixture(params=["memory", "sqlite"])
def handler(request: pytest.FixtureRequest, tmp_path: Path) -> ODataV2:
    model = gallery()
    if request.param == "memory":
        return ODataV2(Service(MemoryStore(model)))
    create_tables(tmp_path / "gallery.db", model)
    store = open_store(tmp_path / "gallery.db", model=model)
    request.addfinalizer(store.close)
    return ODataV2(Service(store))


def send(handler: ODataV2, method: str, target: str, body: bytes = b"", **fields: str) -> Response:
    path, _, query = target.partition("?")
    given = {"content-length": str(len(body)), **{name.replace("_", "-"): value for name, value in fields.items()}}
    return handler(
        HttpRequest(method, f"/odata/v2/{path}", query, given, "http", "shop.example", body=io.BytesIO(body).read)
    )


def shown(response: Response) -> Any:
    assert isinstance(response.body, bytes)
    return json.loads(response.body)["d"]


@pytest.mark.feature("F-VERBOSE-18")
@pytest.mark.spec("OD-284", "OD-276", "NEW-025")
def test_media_is_made_told_of_read_replaced_and_removed(handler: ODataV2) -> None:
    made = send(handler, "POST", "Photo", b"PNG", content_type="image/png", slug="any")
    assert (made.status, made.field("location")) == (201, f"{ROOT}Photo(1L)")
    told = shown(made)["__metadata"]
    assert told["media_src"] == told["edit_media"] == f"{ROOT}Photo(1L)/$value"
    got = send(handler, "GET", "Photo(1)/$value", accept="application/json")
    assert (got.status, got.body, got.field("content-type")) == (200, b"PNG", "image/png")
    assert (told["content_type"], told["media_etag"]) == ("image/png", got.field("etag"))
    listed = shown(send(handler, "GET", "Photo?$select=Title"))["results"][0]
    assert listed["__metadata"]["media_src"] == told["media_src"] and "Small" not in listed
    tag = str(got.field("etag"))
    put = send(handler, "PUT", "Photo(1)/$value", b"new", content_type="text/plain", if_match=tag)
    assert put.status == 204 and put.field("etag") != tag
    assert send(handler, "PUT", "Photo(1)/$value", b"no", content_type="text/plain", if_match=tag).status == 412
    assert send(handler, "MERGE", "Photo(1)", b'{"Title":"x"}', content_type="application/json").status == 204
    assert send(handler, "GET", "Photo(1)/$value").body == b"new"
    assert send(handler, "GET", "Photo(1)/$value", if_none_match=str(put.field("etag"))).status == 304
    assert send(handler, "DELETE", "Photo(1)").status == 204
    assert send(handler, "GET", "Photo(1)/$value").status == 404


@pytest.mark.feature("F-VERBOSE-18")
def test_what_has_no_media_tells_of_none(handler: ODataV2) -> None:
    assert b'Name="Photo" m:HasStream="true"' in bytes(send(handler, "GET", "$metadata").body)  # type: ignore[arg-type]
    assert send(handler, "POST", "Album", b'{"Name":"a"}', content_type="application/json").status == 201
    assert "media_src" not in shown(send(handler, "GET", "Album('a')"))["__metadata"]
    assert send(handler, "GET", "Album('a')/$value").status == 404
    assert send(handler, "POST", "Photo", b"x").status == 415
    assert send(handler, "POST", "Album('a')/Photo", b"x", content_type="a/b").status == 201
    assert shown(send(handler, "GET", "Album('a')/Photo"))["results"][0]["Album_Name"] == "a"
