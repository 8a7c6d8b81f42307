"""Cases on what tables have not (cases/club/*.json), and ids that lead back to their entities, whatever the key."""

from __future__ import annotations

import json

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Service

from . import club
from .test_cases import FOLDER, ROOT, Case, ask, cases, check

FULL = {"accept": "application/json;odata.metadata=full;IEEE754Compatible=true"}


@pytest.fixture(scope="module")
def handler() -> ODataV4:
    return ODataV4(Service(club.in_memory()))


@pytest.mark.parametrize("case", cases(folder=FOLDER / "club", claiming=True))
def test_a_request_gets_its_answer(handler: ODataV4, case: Case) -> None:
    check(case, *ask(handler, case["given"]))


@pytest.mark.parametrize("case", cases(folder=FOLDER / "club"))
def test_the_second_answer_is_the_first_byte_for_byte(case: Case) -> None:
    fresh = ODataV4(Service(club.in_memory()))
    assert ask(fresh, case["given"]) == ask(fresh, case["given"])


@pytest.mark.feature("F-ODATA-04")
@pytest.mark.parametrize("name", [prefix + name for prefix in ("", "Pairs") for name in club.KEYS])
@pytest.mark.spec("NEW-037")
def test_an_id_leads_to_its_entity(handler: ODataV4, name: str) -> None:
    _, body = ask(handler, {"target": name, "fields": FULL})
    entities = json.loads(body)["value"]
    assert len(entities) >= 2
    for entity in entities:
        response, found = ask(handler, {"target": entity["@odata.id"], "fields": FULL})
        alone = json.loads(found)
        assert response.status == 200, (entity["@odata.id"], found)
        assert alone.pop("@odata.context") == f"{ROOT}$metadata#{name}/$entity"
        assert alone == entity


@pytest.mark.feature("F-ODATA-11")
@pytest.mark.parametrize("name", list(club.KEYS))
def test_the_context_of_a_property_leads_to_it(handler: ODataV4, name: str) -> None:
    _, body = ask(handler, {"target": name, "fields": FULL})
    for entity in json.loads(body)["value"]:
        _, found = ask(handler, {"target": f"{entity['@odata.id']}/Note"})
        context = json.loads(found)["@odata.context"]
        assert context == f"{ROOT}$metadata#{entity['@odata.id']}/Note"
        assert ask(handler, {"target": context.partition("#")[2]})[1] == found


@pytest.mark.feature("F-ODATA-09")
@pytest.mark.parametrize("name", list(club.KEYS))
def test_pages_of_any_key_lead_from_one_to_the_next(handler: ODataV4, name: str) -> None:
    keys, target = [], name
    for _ in range(50):
        _, body = ask(handler, {"target": target, "fields": {"prefer": "maxpagesize=1"}})
        page = json.loads(body)
        keys += [entity["Key"] for entity in page["value"]]
        if "@odata.nextLink" not in page:
            break
        target = page["@odata.nextLink"]
    whole = json.loads(ask(handler, {"target": name})[1])
    assert keys == [entity["Key"] for entity in whole["value"]]
