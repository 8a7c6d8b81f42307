"""Media entities and stream properties over HTTP: ``cases/*.json`` in sequences of requests, as those of changes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demotic.model import read_xml
from demotic.protocols.odata import ODataV4
from demotic.service import Limits, Service
from demotic.service.access import AccessControl, Guard, rules_of
from demotic.store import Store
from demotic.store.media import Media
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store
from demotic.syntax.http import Handler, Request, Response
from demotic.testing.stores import gallery

from ..changes.test_changes import Caller
from ..test_cases import check

CASES = [
    pytest.param(case, id=case["title"], marks=[pytest.mark.spec(*case["spec"])] if "spec" in case else [])
    for file in sorted((Path(__file__).parent / "cases").glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8"))
]
BIG = b"0123456789abcdef" * 40_000


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    model = gallery()
    if request.param == "sqlite":
        create_tables(tmp_path / "gallery.db", model)
    with MemoryStore(model) if request.param == "memory" else open_store(tmp_path / "gallery.db", model=model) as made:
        yield made


@pytest.fixture
def caller(store: Store) -> Caller:
    return Caller(ODataV4(Service(store)))


@pytest.mark.feature("F-MEDIA-04", "F-MEDIA-05", "F-MEDIA-06", "F-MEDIA-07")
@pytest.mark.parametrize("case", CASES)
def test_a_sequence_of_requests_gets_its_answers(caller: Caller, case: dict[str, Any]) -> None:
    for step in case["steps"]:
        check(step, *caller.send(step))


def send(handler: Handler, method: str, target: str, body: bytes = b"", **fields: str) -> tuple[Response, bytes]:
    given = {"content-length": str(len(body)), **{name.replace("_", "-"): value for name, value in fields.items()}}
    path = f"/odata/v4/{target}"
    response = handler(Request(method, path, "", given, "http", "shop.example", body=io.BytesIO(body).read))
    if isinstance(response.body, bytes):
        return response, response.body
    chunks = response.body
    whole = b"".join(chunks)
    chunks.close()
    return response, whole


class Counting(io.BytesIO):
    """A body that knows how much was asked of it at once, and in all."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None and size >= 0
        self.most = max(self.most, size)
        return super().read(size)


@pytest.mark.feature("F-MEDIA-06")
def test_what_is_long_goes_in_and_out_in_pieces(store: Store) -> None:
    handler = ODataV4(Service(store))
    body = Counting(BIG * 3)
    fields = {"content-type": "text/plain", "content-length": str(len(BIG) * 3)}
    assert handler(Request("POST", "/odata/v4/Photo", "", fields, body=body.read)).status == 201
    assert body.most <= 1024 * 1024
    response = handler(Request("GET", "/odata/v4/Photo(1)/$value"))
    assert not isinstance(response.body, bytes)
    chunks = list(response.body)
    response.body.close()
    assert b"".join(chunks) == BIG * 3 and max(map(len, chunks)) <= 256 * 1024
    part, found = send(handler, "GET", "Photo(1)/$value", range="bytes=300000-900000")
    assert (part.status, found) == (206, (BIG * 3)[300_000:900_001])


@pytest.mark.feature("F-MEDIA-08")
def test_what_is_too_long_is_refused_and_leaves_nothing(store: Store) -> None:
    handler = ODataV4(Service(store, limits=Limits(media_length=10)))
    assert send(handler, "POST", "Photo", b"x" * 10, content_type="a/b")[0].status == 201
    for method, target in (("POST", "Photo"), ("PUT", "Photo(1)/$value"), ("PUT", "Photo(1)/Small")):
        response, body = send(handler, method, target, b"x" * 11, content_type="a/b")
        assert (response.status, json.loads(body)["error"]["target"]) == (413, "body")
    response = handler(Request("PUT", "/odata/v4/Photo(1)/$value", "", {"content-type": "a/b"}, body=lambda _: b"x"))
    assert response.status == 411  # its end would not be known
    assert send(handler, "GET", "Photo/$count")[1] == b"1"
    assert send(handler, "GET", "Photo(1)/$value")[1] == b"x" * 10


@pytest.mark.feature("F-MEDIA-08")
def test_who_only_reads_changes_no_media(store: Store) -> None:
    with store.transaction(write=True) as tx:
        tx["Photo"].insert({"ID": 1, "$value": Media(b"x")})
    handler = ODataV4(Service(store, read_only=True))
    for method, target in (("POST", "Photo"), ("PUT", "Photo(1)/$value"), ("DELETE", "Photo(1)/$value")):
        assert send(handler, method, target, b"x", content_type="a/b")[0].status == 405
    shown = send(handler, "GET", "Photo(1)", accept="application/json;odata.metadata=full")[1]
    assert b"mediaReadLink" in shown and b"mediaEditLink" not in shown
    assert send(handler, "GET", "Photo(1)/$value")[1] == b"x"


RULES = {
    "sets": {
        "Photo": {"read": "Title ne 'secret'", "update": "Title eq 'mine'", "insert": True, "hide": ["Small"]},
        "Document": {"read": True},
    }
}


@pytest.mark.feature("F-MEDIA-08")
def test_access_rules_hold_for_media(store: Store) -> None:
    with store.transaction(write=True) as tx:
        for number, title in enumerate(("secret", "theirs", "mine"), 1):
            tx["Photo"].insert({"ID": number, "Title": title, "$value": Media(title.encode()), "Small": b"small"})
        tx["Document"].insert({"Name": "d", "$value": Media(b"d")})
    service = Service(store)
    guard = Guard(ODataV4, service, control=AccessControl(service, rules_of(RULES)))
    said = {
        "GET Photo(1)/$value": 404,
        "GET Photo(2)/$value": 200,
        "GET Photo(3)/$value": 200,
        "GET Photo(3)/Small": 404,
        "PUT Photo(1)/$value": 404,
        "PUT Photo(2)/$value": 403,
        "PUT Photo(3)/$value": 204,
        "PUT Photo(3)/Small": 404,
        "DELETE Photo(3)/$value": 403,
        "PUT Document('d')/$value": 403,
        "POST Document": 403,
        "POST Photo": 201,
    }
    found = {}
    for request in said:
        method, _, target = request.partition(" ")
        body = b"" if method == "GET" else b"new"
        found[request] = send(guard, method, target, body, content_type="text/plain")[0].status
    assert found == said
    assert b"Small" not in send(guard, "GET", "Photo(3)", accept="application/json;odata.metadata=full")[1]
    with store.transaction() as tx:
        held = {key: media.read() for key in tx["Photo"] if (media := tx["Photo"].open_media(key)) is not None}
        assert held == {1: b"secret", 2: b"theirs", 3: b"new", 4: b"new"}
        assert all((small := tx["Photo"].open_media(key, "Small")) and small.read() == b"small" for key in (1, 2, 3))


def batch(handler: Handler, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    body = json.dumps({"requests": requests}).encode()
    response, answer = send(
        handler, "POST", "$batch", body, content_type="application/json", prefer="continue-on-error"
    )
    assert response.status == 200, answer
    found: list[dict[str, Any]] = json.loads(answer)["responses"]
    return found


@pytest.mark.feature("F-MEDIA-07")
def test_media_is_changed_and_read_in_batches(store: Store) -> None:
    handler = ODataV4(Service(store))
    png, text = {"content-type": "image/png"}, {"content-type": "text/plain"}
    made = batch(
        handler,
        {"id": "1", "method": "POST", "url": "Photo", "headers": png, "body": "AAH_", "atomicityGroup": "g"},
        {"id": "2", "method": "PATCH", "url": "$1", "body": {"Title": "x"}, "atomicityGroup": "g",
         "headers": {"content-type": "application/json"}},
        {"id": "3", "method": "PUT", "url": "$1/Small", "headers": text, "body": "small", "atomicityGroup": "g"},
        {"id": "4", "method": "GET", "url": "Photo(1)/$value", "dependsOn": ["g"]},
        {"id": "5", "method": "GET", "url": "Photo(1)/Small"},
    )  # fmt: skip
    assert [answer["status"] for answer in made] == [201, 204, 204, 200, 200]
    assert (made[3]["body"], made[4]["body"]) == ("AAH_", "small")
    failed = batch(
        handler,
        {"id": "1", "method": "PUT", "url": "Photo(1)/$value", "headers": text, "body": "no", "atomicityGroup": "g"},
        {"id": "2", "method": "DELETE", "url": "Photo(9)/$value", "atomicityGroup": "g"},
        {"id": "3", "method": "GET", "url": "Photo(1)/$value"},
    )
    assert [answer["status"] for answer in failed] == [424, 404, 200] and failed[2]["body"] == "AAH_"


@pytest.mark.feature("F-MEDIA-08")
def test_streams_in_a_batch_are_no_longer_than_a_body_together(store: Store) -> None:
    with store.transaction(write=True) as tx:
        tx["Photo"].insert({"ID": 1, "$value": Media(b"x" * 600, "text/plain")})
    handler = ODataV4(Service(store, limits=Limits(body_length=1000)))
    asked = [{"id": str(number), "method": "GET", "url": "Photo(1)/$value"} for number in range(2)]
    answers = batch(handler, *asked)
    assert [answer["status"] for answer in answers] == [200, 400]
    assert "1000 bytes" in answers[1]["body"]["error"]["message"]


DERIVED = b"""<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="m" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="Doc" HasStream="true">
    <Key><PropertyRef Name="ID"/></Key>
    <Property Name="ID" Type="Edm.Int64" Nullable="false">
      <Annotation Term="Org.OData.Core.V1.ComputedDefaultValue" Bool="true"/>
    </Property>
  </EntityType>
  <EntityType Name="Pdf" BaseType="m.Doc">
    <Property Name="Pages" Type="Edm.Int32"/><Property Name="Cover" Type="Edm.Stream"/>
  </EntityType>
  <EntityContainer Name="C"><EntitySet Name="Docs" EntityType="m.Doc"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""


@pytest.mark.feature("F-MEDIA-04")
@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_entities_of_derived_types_have_the_streams_of_their_base(kind: str, tmp_path: Path) -> None:
    model = read_xml(DERIVED)
    if kind == "sqlite":
        create_tables(tmp_path / "docs.db", model)
    with MemoryStore(model) if kind == "memory" else open_store(tmp_path / "docs.db", model=model) as store:
        handler = ODataV4(Service(store))
        assert send(handler, "POST", "Docs", b"plain", content_type="text/plain")[0].status == 201
        made, shown = send(handler, "POST", "Docs/m.Pdf", b"pdf", content_type="application/pdf")
        assert (made.status, json.loads(shown)["Pages"]) == (201, None)
        for path, content in (("Docs(1)", b"plain"), ("Docs(2)", b"pdf"), ("Docs(2)/m.Pdf", b"pdf")):
            assert send(handler, "GET", f"{path}/$value")[1] == content
        rows = json.loads(send(handler, "GET", "Docs")[1])["value"]
        assert [row["@odata.mediaContentType"] for row in rows] == ["text/plain", "application/pdf"]
        full = json.loads(send(handler, "GET", "Docs(2)", accept="application/json;odata.metadata=full")[1])
        assert (full["@odata.type"], full["@odata.mediaReadLink"]) == ("#m.Pdf", "Docs(2)/$value")
        for method in ("GET", "PUT"):
            refused, told = send(handler, method, "Docs(2)/m.Pdf/Cover", b"", content_type="image/png")
            assert (refused.status, json.loads(told)["error"]["target"]) == (501, "Cover")
