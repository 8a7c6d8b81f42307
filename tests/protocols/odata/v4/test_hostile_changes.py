"""Changes and batches that mean harm: they get an answer, which is no fault of ours, and nothing is changed."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store import Store
from demotic.store.sql import open_store
from demotic.transports.wsgi import Mount, WsgiApplication

from ....properties import declared, nasty
from .test_hostile import REQUESTS, ROOT, Application, check, environ_of, unfolded, watched

GROUPS = json.loads((Path(__file__).parent / "hostile" / "changes.json").read_text())
CHANGES = [
    pytest.param(group, request, id=f"{group['title'][:40]}-{number}")
    for group in GROUPS
    for number, request in enumerate(group["requests"])
]


def all_of(store: Store) -> dict[str, list[dict[str, Any]]]:
    with store.transaction() as tx:
        return {name: [dict(entity) for entity in tx[name].values()] for name in tx}


@pytest.fixture(scope="module", params=["memory", "sqlite"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Application, Any]:
    store: Store = nasty.in_memory(declared.model())
    if request.param == "sqlite":
        store = open_store(str(nasty.write_sqlite(tmp_path_factory.mktemp("hostile") / "nasty.db")))
    return store, WsgiApplication(Mount({ROOT: ODataV4(Service(store), ROOT)})), all_of(store)


@pytest.mark.feature("F-ODATA-15")
@pytest.mark.parametrize(("group", "given"), CHANGES)
def test_a_hostile_change_changes_nothing(
    served: tuple[Store, Application, Any], group: dict[str, Any], given: dict[str, Any]
) -> None:
    store, application, before = served
    body = unfolded(given["body"]).encode("latin-1", "surrogateescape")
    headers = {"content-length": str(len(body)), **{name: unfolded(text) for name, text in given["headers"].items()}}
    environ = environ_of(unfolded(given["target"]), given["method"], headers, raw=True)
    environ["wsgi.input"] = BytesIO(body)
    begun: list[Any] = []
    with watched():
        answer = b"".join(application(environ, lambda status, fields: begun.append((status, fields))))
    [(line, fields)] = begun
    status = int(line.split()[0])
    assert status in group["status"], answer[:500]
    if status == 200 and answer.startswith(b"{"):
        assert all(item["status"] >= 400 for item in json.loads(answer)["responses"]), answer[:500]
    elif status != 200:
        check(status, fields, answer)
    assert all_of(store) == before


def test_there_are_a_thousand_hostile_requests() -> None:
    assert len(REQUESTS) + len(CHANGES) >= 1000
