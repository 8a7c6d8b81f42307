"""Keys as segments of paths, where a service takes them; and what a service says of itself in its metadata."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.service.access import AccessControl, rules_of
from demotic.service.identity import Identity
from demotic.store.sql import open_store
from demotic.syntax.http import Request

from ....properties import declared, nasty

MODEL = declared.model()


def ask(handler: ODataV4, path: str, query: str = "", method: str = "GET", body: Any = None) -> tuple[int, Any]:
    data = b"" if body is None else json.dumps(body).encode()
    fields = {"content-type": "application/json", "content-length": str(len(data))}
    response = handler(Request(method, f"/odata/v4/{path}", query, fields, body=BytesIO(data).read))
    content = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    return response.status, content


@pytest.fixture(scope="module")
def handler() -> ODataV4:
    return ODataV4(Service(nasty.in_memory(MODEL), key_as_segment=True))


@pytest.mark.feature("F-ODATA-70")
@pytest.mark.parametrize(
    ("segments", "predicates"),
    [
        ("Things/2", "Things(2)"),
        ("Things/-4/Name", "Things(-4)/Name"),
        ("Things/2/Parts/2/0", "Things(2)/Parts(Thing_ID=2,Number=0)"),
        ("Parts/2/0/Thing/Kind/Title/$value", "Parts(Thing_ID=2,Number=0)/Thing/Kind/Title/$value"),
        ("Kinds/a/Things/$count", "Kinds('a')/Things/$count"),
        ("Kinds/it's%2F%25", "Kinds('it''s%2F%25')"),
        ("Kinds/it%27s%2F%25", "Kinds('it''s%2F%25')"),
        ("Kinds/%C3%9F/Title", "Kinds('%C3%9F')/Title"),
        ("Tags/new/Things/5/Tags/new", "Tags('new')/Things(5)/Tags('new')"),
        ("Tags/null", "Tags('null')"),
        ("Things(2)/Parts(Thing_ID=2,Number=0)/Note", "Things(2)/Parts(Thing_ID=2,Number=0)/Note"),
        ("Things/$count", "Things/$count"),
        ("Things", "Things"),
        ("", ""),
    ],
)
def test_a_key_as_a_segment_is_the_key_in_parentheses(handler: ODataV4, segments: str, predicates: str) -> None:
    expected = ask(handler, predicates)
    assert ask(handler, segments) == expected
    assert expected[0] in (200, 404)


@pytest.mark.parametrize("path", ["Parts/2", "Things/x", "Nothing/1", "Things/2/Nothing", "Things/2/3", "Things//"])
def test_what_is_no_key_is_told(handler: ODataV4, path: str) -> None:
    status, body = ask(handler, path)
    assert status in (400, 404)
    assert json.loads(body)["error"]["message"]


@pytest.mark.feature("F-ODATA-70")
def test_changes_take_keys_as_segments_too() -> None:
    store = nasty.in_memory(MODEL)
    handler = ODataV4(Service(store, key_as_segment=True))
    assert ask(handler, "Things/2", method="PATCH", body={"Name": "x"})[0] == 204
    assert ask(handler, "Things/2/Name/$value") == (200, b"x")
    assert ask(handler, "Things/2/Parent/$ref", method="DELETE")[0] in (204, 404)


def test_other_services_do_not_take_them() -> None:
    assert ask(ODataV4(Service(nasty.in_memory(MODEL))), "Things/2")[0] == 404


def _metadata(service: Service) -> dict[str, Any]:
    status, body = ask(ODataV4(service), "$metadata", "$format=json")
    assert status == 200
    found: dict[str, Any] = json.loads(body)
    return found


CAPABILITIES = "@Org.OData.Capabilities.V1."


def _container(document: dict[str, Any]) -> dict[str, Any]:
    schema = next(part for name, part in document.items() if isinstance(part, dict) and not name.startswith("$"))
    return next(part for part in schema.values() if isinstance(part, dict) and part.get("$Kind") == "EntityContainer")


def _said(container: dict[str, Any], term: str) -> Any:
    return next(
        (value for name, value in container.items() if name.startswith("@") and name.endswith(f".{term}")), None
    )


@pytest.mark.feature("F-ODATA-71")
def test_metadata_says_what_a_service_offers(tmp_path: Path) -> None:
    memory = nasty.in_memory(MODEL)
    plain = _container(_metadata(Service(memory)))
    assert "contains" in _said(plain, "FilterFunctions")
    assert _said(plain, "KeyAsSegmentSupported") is None
    assert _said(_container(_metadata(Service(memory, key_as_segment=True))), "KeyAsSegmentSupported") is True
    assert _said(plain["Things"], "InsertRestrictions") is None
    closed = _container(_metadata(Service(memory, read_only=True)))["Things"]
    assert _said(closed, "InsertRestrictions") == {"Insertable": False}
    assert _said(closed, "UpdateRestrictions") == {"Updatable": False}
    assert _said(closed, "DeleteRestrictions") == {"Deletable": False}
    sqlite = open_store(str(nasty.write_sqlite(tmp_path / "nasty.db")), read_only=True)
    assert _said(_container(_metadata(Service(sqlite)))["Things"], "InsertRestrictions") == {"Insertable": False}


@pytest.mark.feature("F-ODATA-71")
def test_metadata_says_what_rules_leave_of_a_service() -> None:
    rules = rules_of({"sets": {"Things": {"read": True, "update": {"roles": ["boss"]}}, "Tags": {"read": False}}})
    control = AccessControl(Service(nasty.in_memory(MODEL)), rules)
    found = _container(_metadata(control.service_for(Identity("ann"))))
    assert "Tags" not in found
    assert [_said(found["Things"], f"{name}Restrictions") is None for name in ("Insert", "Update", "Delete")] == [
        False, False, False,
    ]  # fmt: skip
    boss = _container(_metadata(control.service_for(Identity("bob", frozenset({"boss"})))))
    assert _said(boss["Things"], "UpdateRestrictions") is None
    assert _said(boss["Kinds"], "InsertRestrictions") is None
