"""What tables have not, in OData 2: complex values, enumerations as numbers, lists left out, keys of every type."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from demotic.protocols.odata import ODataV2
from demotic.service import Service
from demotic.syntax.http import Request, Response

from ..v4.club import KEYS, in_memory

ROOT = "http://club.example/odata/v2/"


@pytest.fixture
def handler() -> ODataV2:
    return ODataV2(Service(in_memory()))


def send(handler: ODataV2, method: str, target: str, body: Any = None) -> tuple[Response, Any]:
    path, _, query = target.removeprefix(ROOT).partition("?")
    data = b"" if body is None else json.dumps(body).encode()
    fields = {"content-type": "application/json", "content-length": str(len(data))}
    request = Request(method, f"/odata/v2/{path}", query, fields, "http", "club.example", body=io.BytesIO(data).read)
    response = handler(request)
    content = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    return response, json.loads(content) if content else None


def read(handler: ODataV2, target: str) -> Any:
    response, found = send(handler, "GET", target)
    assert response.status == 200, (target, found)
    return found["d"]


@pytest.mark.feature("F-VERBOSE-02")
@pytest.mark.spec("OD-266", "OD-288")
@pytest.mark.parametrize("name", [*KEYS, *(f"Pairs{name}" for name in KEYS)])
def test_the_url_of_each_entity_leads_to_it(handler: ODataV2, name: str) -> None:
    found = read(handler, name)["results"]
    assert found
    for entity in found:
        url = entity["__metadata"]["uri"]
        assert url.startswith(ROOT)
        assert read(handler, url) == entity
        assert read(handler, url) == entity, "also when its shape is known"


@pytest.mark.feature("F-VERBOSE-04")
@pytest.mark.spec("OD-276")
def test_values_that_later_versions_have_are_shown_as_what_there_is(handler: ODataV2) -> None:
    zoe, ada = read(handler, "Members?$orderby=Level desc")["results"]
    assert (zoe["Level"], zoe["Skills"], ada["Skills"]) == (2, 5, None)
    assert zoe["Shift"] == "PT6H30M"
    assert "Nicknames" not in zoe
    assert ada["Contact"] is None
    home = {"__metadata": {"type": "Club.Place"}, "City": "Köln", "Street": None}
    assert zoe["Contact"] == {"__metadata": {"type": "Club.Contact"}, "Email": None, "Home": home}


@pytest.mark.feature("F-VERBOSE-03")
@pytest.mark.parametrize(
    "condition",
    [
        "Level eq 2",
        "Level ne 0",
        "Shift eq time'PT6H30M'",
        "Contact/Home/City eq 'Köln'",
        "Skills eq 5",
        "substringof('Hara',Name)",
    ],
)
def test_conditions_speak_of_what_is_shown(handler: ODataV2, condition: str) -> None:
    found = read(handler, f"Members?$filter={condition}")["results"]
    assert [item["Name"] for item in found] == ["Zoë O'Hara/Voß"]


def test_properties_have_addresses(handler: ODataV2) -> None:
    zoe = read(handler, "Members?$filter=Level eq 2")["results"][0]["__metadata"]["uri"]
    assert read(handler, f"{zoe}/Contact/Home/City") == {"City": "Köln"}
    assert read(handler, f"{zoe}/Contact/Home")["Home"]["City"] == "Köln"
    assert read(handler, f"{zoe}/Level") == {"Level": 2}
    response, _ = send(handler, "GET", f"{zoe}/Nicknames")
    assert response.status == 404
    assert send(handler, "GET", "Members?$select=Nicknames")[0].status in (200, 400)


@pytest.mark.feature("F-VERBOSE-09", "F-VERBOSE-12")
@pytest.mark.spec("OD-275")
def test_they_are_written_as_they_are_read(handler: ODataV2) -> None:
    zoe = read(handler, "Members?$filter=Level eq 2")["results"][0]
    uri = zoe["__metadata"]["uri"]
    response, _ = send(handler, "PUT", uri, {**zoe, "Level": 1, "Guests": {"__deferred": {"uri": f"{uri}/Guests"}}})
    assert response.status == 204
    assert read(handler, uri)["Level"] == 1
    assert read(handler, uri)["Contact"] == zoe["Contact"]
    home = {"City": "Bonn", "Street": "Am Hof"}
    assert send(handler, "PUT", f"{uri}/Contact/Home", {"Home": home})[0].status == 204
    assert send(handler, "MERGE", f"{uri}/Contact/Home", {"Home": {"Street": None}})[0].status == 204
    found = read(handler, f"{uri}/Contact/Home")["Home"]
    assert (found["City"], found["Street"]) == ("Bonn", None)
    made = {"Name": "New", "Level": "0", "Shift": "13:20:00", "Contact": {"Email": "a@b.c", "Home": None}}
    response, body = send(handler, "POST", "Members", made)
    assert response.status == 201, body
    assert (body["d"]["Level"], body["d"]["Shift"], body["d"]["Contact"]["Email"]) == (0, "PT13H20M", "a@b.c")
    for wrong in ({"Name": "x", "Level": "chair"}, {"Name": "x", "Level": 0, "Contact": {"Emial": "x"}}):
        response, body = send(handler, "POST", "Members", wrong)
        assert response.status == 400 and body["error"]["message"]["value"]
