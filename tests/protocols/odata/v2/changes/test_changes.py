"""Requests of OData 2 that change data, in sequences: ``cases/*.json``, in memory and over SQLite.

The form of a case is that of ``../../v4/changes/test_changes.py``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from demotic.model import Annotation
from demotic.model.v2 import OPTIMISTIC_CONCURRENCY
from demotic.protocols.odata import ODataV2
from demotic.service import Service
from demotic.store import Store

from ...v4.changes.test_changes import BODIES as BODIES_OF_V4
from ...v4.changes.test_changes import Caller as AnyCaller
from ...v4.changes.test_changes import state, store
from ...v4.test_cases import check

__all__ = ["store"]  # a fixture

ROOT = "http://shop.example/odata/v2/"
FOLDER = Path(__file__).parent / "cases"
CASES = [
    pytest.param(
        case, id=f"{file.stem}: {case['title']}", marks=[pytest.mark.spec(*case["spec"])] if "spec" in case else []
    )
    for file in sorted(FOLDER.glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8"))
]


class Caller(AnyCaller):
    root = ROOT


@pytest.fixture
def caller(store: Store) -> Caller:
    return Caller(ODataV2(Service(store)))


@pytest.mark.feature("F-VERBOSE-08", "F-VERBOSE-09", "F-VERBOSE-10", "F-VERBOSE-11", "F-VERBOSE-12")
@pytest.mark.parametrize("case", CASES)
def test_a_sequence_of_requests_gets_its_answers(store: Store, caller: Caller, case: dict[str, Any]) -> None:
    for step in case["steps"]:
        before = state(store) if step.get("unchanged") else None
        response, body = caller.send(step)
        check(step, response, body, ROOT)
        if before is not None:
            assert state(store) == before


NAMES = ["Product", "Product(1)", "Product(1)/Name", "Product(1)/Line", "Product(1)/$links/Supplier", "", "$metadata"]
BODIES = [
    *BODIES_OF_V4,
    b'{"d": []}',
    b'{"d": {"Name": {"d": 1}}}',
    b'{"Name": "x", "Sold": "/Date(99999999999999999999)/"}',
    b'{"Name": "x", "Sold": "/Date(0+9999)/", "Since": "/Date(-62135596800000-9999)/"}',
    b'{"Name": "x", "Supplier": {"__metadata": 5}}',
    b'{"Name": "x", "Supplier": {"__metadata": {"uri": 5}}}',
    b'{"Name": "x", "Supplier": {"__deferred": []}}',
    b'{"Name": "x", "Line": {"results": {}}}',
    b'{"uri": ["x"]}',
    b'{"uri": "$1"}',
    b'{"Name":"x","__metadata":[]}',
]


@pytest.mark.feature("F-VERBOSE-14")
@pytest.mark.parametrize("method", ["POST", "PUT", "MERGE"])
@pytest.mark.parametrize("target", NAMES)
def test_a_hostile_body_is_refused_and_changes_nothing(store: Store, caller: Caller, method: str, target: str) -> None:
    before = state(store)
    for body in BODIES:
        step = {
            "send": f"{method} {target}",
            "text": body.decode("latin-1"),
            "fields": {"Content-Type": "application/json"},
        }
        response, answer = caller.send(step)
        assert 400 <= response.status < 500 or response.status == 501, (body[:80], response.status, answer[:300])
        assert json.loads(answer)["error"]["message"]["value"]
    assert state(store) == before


@pytest.mark.feature("F-VERBOSE-11")
@pytest.mark.spec("OD-279", "OD-282")
def test_sets_with_concurrency_tokens_want_to_know_the_state(store: Store) -> None:
    handler = ODataV2(Service(store))
    entity_set = store.model.container.sets["Product"]
    entity_set.annotations.append(Annotation(OPTIMISTIC_CONCURRENCY, ["Name"]))
    caller = Caller(handler)
    before = state(store)
    response, body = caller.send({"send": "MERGE Product(1)", "body": {"Name": "x"}})
    assert (response.status, json.loads(body)["error"]["code"]) == (428, "PreconditionRequired")
    assert caller.send({"send": "DELETE Product(1)"})[0].status == 428
    assert state(store) == before
    caller.send({"send": "GET Product(1)"})
    step = {"send": "MERGE Product(1)", "body": {"Name": "x"}, "fields": {"If-Match": "{etag}"}}
    assert caller.send(step)[0].status == 204
    assert caller.send({"send": "DELETE Product(1)", "fields": {"If-Match": "*"}})[0].status == 204
