"""Types derived from others, in requests of OData 4, over memory and SQLite: reading, casting, changing.

The cases of the tables are paths and what the answer is, without its context; the world is `demotic.testing.stores`'.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acceptance_support.http import Reply, WsgiClient
from acceptance_support.serving import client_of

from demotic.errors import DemoticError
from demotic.service import Service
from demotic.service.access import AccessControl, RulesFault, rules_of
from demotic.service.identity import Identity, acting_as
from demotic.store import Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store
from demotic.testing.stores import hire, staff

PIA = {"id": "pia", "name": "Pia"}
BO = {"id": "bo", "name": "Bo", "salary": 9, "level": 1, "room_id": None, "budget": 100}
EVE = {"id": "eve", "name": "Eve", "salary": 3, "level": 2, "room_id": 1}
CY = {"id": "cy", "name": "Cy", "level": "gold"}


def of(kind: str, entity: dict[str, Any]) -> dict[str, Any]:
    """An entity whose type is told."""
    return {"@odata.type": f"#staff.{kind}", **entity}


COLLECTIONS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "People": ("People", [of("Boss", BO), of("Customer", CY), of("Employee", EVE), PIA]),
    "People/staff.Worker": ("People/staff.Worker", [of("Boss", BO), of("Employee", EVE)]),
    "People/staff.Employee": ("People/staff.Employee", [EVE]),
    "People/staff.Person": ("People", [of("Boss", BO), of("Customer", CY), of("Employee", EVE), PIA]),
    "People('bo')/staff.Boss/reports": ("People/staff.Worker", [of("Employee", EVE)]),
    "People('bo')/staff.Boss/reports/staff.Employee": ("People/staff.Employee", [EVE]),
    "Rooms(1)/workers": ("People/staff.Worker", [of("Employee", EVE)]),
    "People/staff.Worker?$filter=salary gt 3": ("People/staff.Worker", [of("Boss", BO)]),
    "People?$filter=isof(staff.Boss) or staff.Customer/level eq 'gold'": (
        "People",
        [of("Boss", BO), of("Customer", CY)],
    ),
    "People?$filter=staff.Worker/manager/staff.Boss/budget eq 100": ("People", [of("Employee", EVE)]),
    "People?$filter=staff.Boss/reports/any(r:r/staff.Employee/level eq 2)": ("People", [of("Boss", BO)]),
    "Projects?$filter=team/staff.Boss/any(b:b/budget gt 1)&$select=id": ("Projects(id)", [{"id": "moon"}]),
    "People?$orderby=staff.Worker/salary desc&$top=1": ("People", [of("Boss", BO)]),
    "People?$search=gold": ("People", [of("Customer", CY)]),
    "People?$select=id,staff.Worker/salary": (
        "People(id,staff.Worker/salary)",
        [
            of("Boss", {"id": "bo", "salary": 9}),
            of("Customer", {"id": "cy"}),
            of("Employee", {"id": "eve", "salary": 3}),
            {"id": "pia"},
        ],
    ),
    "People/staff.Worker?$compute=salary mul 2 as twice&$select=id,twice": (
        "People/staff.Worker(id,twice)",
        [
            of("Boss", {"id": "bo", "twice@odata.type": "#Decimal", "twice": 18}),
            of("Employee", {"id": "eve", "twice@odata.type": "#Decimal", "twice": 6}),
        ],
    ),
}
"""Paths of collections; the fragment of the context, and the entities."""

EXPANDED: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "People?$select=id&$expand=staff.Worker/manager($select=name)": (
        "People(id,staff.Worker/manager(name))",
        [
            of("Boss", {"id": "bo", "manager": None}),
            of("Customer", {"id": "cy"}),
            of("Employee", {"id": "eve", "manager": {"@odata.id": "People('bo')", "name": "Bo"}}),
            {"id": "pia"},
        ],
    ),
    "People/staff.Boss?$select=id&$expand=reports($count=true)": (
        "People/staff.Boss(id,reports())",
        [{"id": "bo", "reports@odata.count": 1, "reports": [of("Employee", EVE)]}],
    ),
    "Projects?$select=id&$expand=team/staff.Boss($select=id)": (
        "Projects(id,team(id))",
        [{"id": "moon", "team": [of("Boss", {"id": "bo"})]}],
    ),
    "People/staff.Boss?$select=id&$expand=friend/staff.Customer": (
        "People/staff.Boss(id,friend())",
        [{"id": "bo", "friend": None}],
    ),
    "People/staff.Worker?$select=id&$expand=manager($levels=2;$select=id)": (
        "People/staff.Worker(id,manager(id,manager(id)))",
        [
            of("Boss", {"id": "bo", "manager": None}),
            of("Employee", {"id": "eve", "manager": {"id": "bo", "manager": None}}),
        ],
    ),
    "Rooms?$expand=workers($select=id;$expand=staff.Employee/manager($select=id;$expand=reports($select=id)))": (
        "Rooms(workers(id,staff.Employee/manager(id,reports(id))))",
        [
            {
                "id": 1,
                "workers": [
                    of("Employee", {"id": "eve", "manager": {"id": "bo", "reports": [of("Employee", {"id": "eve"})]}})
                ],
            }
        ],
    ),
}
"""The same with casts inside ``$expand``."""

SINGLE: dict[str, tuple[str, Any]] = {
    "People('eve')": ("People/$entity", of("Employee", EVE)),
    "People('eve')/staff.Employee": ("People/staff.Employee/$entity", EVE),
    "People('eve')/staff.Worker": ("People/staff.Worker/$entity", of("Employee", EVE)),
    "People/staff.Boss('bo')": ("People/staff.Boss/$entity", BO),
    "People('eve')/staff.Worker/manager": ("People/staff.Boss/$entity", BO),
    "People('eve')/staff.Worker/manager/budget": ("People('bo')/staff.Boss/budget", {"value": 100}),
    "People('eve')/staff.Worker/salary": ("People('eve')/staff.Worker/salary", {"value": 3}),
    "Projects('moon')/lead/staff.Boss/name": ("People('bo')/staff.Boss/name", {"value": "Bo"}),
}
"""Paths of single entities and of properties; the fragment of the context, and the answer."""


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The staff over each kind of store."""
    made: Store
    if request.param == "memory":
        made = MemoryStore(staff())
    else:
        create_tables(tmp_path / "staff.db", staff())
        made = open_store(tmp_path / "staff.db", model=staff())
    with made:
        hire(made)
        yield made


@pytest.fixture
def service(store: Store) -> WsgiClient:
    """The staff served, for reading and writing."""
    return client_of(store, read_only=False)


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without the control information of the payload as a whole."""
    return {name: value for name, value in answer.items() if name not in ("@odata.context", "@odata.etag")}


def sent(client: WsgiClient, method: str, path: str, body: Any = None, **fields: str) -> Reply:
    """The answer to a change."""
    content = b"" if body is None else json.dumps(body).encode()
    return client.request(method, path, {"Content-Type": "application/json", **fields}, content)


def _check(client: WsgiClient, path: str, fragment: str, entities: list[dict[str, Any]]) -> None:
    answer = client.read(path)
    assert answer["@odata.context"].partition("#")[2] == fragment
    assert answer["value"] == entities


@pytest.mark.feature("F-ODATA-80")
@pytest.mark.conformance("4.0-intermediate 4")
@pytest.mark.parametrize("path", COLLECTIONS)
def test_4_0_intermediate_4_collections_are_cast_in_paths(service: WsgiClient, path: str) -> None:
    _check(service, path, *COLLECTIONS[path])


@pytest.mark.feature("F-ODATA-80")
@pytest.mark.conformance("4.0-intermediate 4")
def test_4_0_intermediate_4_entities_are_cast_in_paths(service: WsgiClient) -> None:
    for path, (fragment, wanted) in SINGLE.items():
        answer = service.read(path)
        assert (answer["@odata.context"].partition("#")[2], plain(answer)) == (fragment, wanted), path
    for path, text in {
        "People/staff.Worker/$count": "2",
        "People/$count?$filter=isof(staff.Boss)": "1",
        "People('bo')/staff.Boss/reports/staff.Boss/$count": "0",
        "People('eve')/staff.Worker/salary/$value": "3",
    }.items():
        assert service.get(path).text == text, path
    for path in ("People('pia')/staff.Worker", "People/staff.Boss('eve')", "People('pia')/staff.Worker/salary"):
        assert service.get(path).status == 404, path
    for path in ("People('eve')/salary", "People/staff.Room", "People/staff.Boss/staff.Boss", "People/staff.Nobody"):
        assert service.get(path).status == 404, path
    references = service.read("People/staff.Worker/$ref")["value"]
    assert references == [{"@odata.id": "People('bo')"}, {"@odata.id": "People('eve')"}]


@pytest.mark.feature("F-ODATA-80")
@pytest.mark.conformance("4.0-advanced 9.3")
@pytest.mark.parametrize("path", EXPANDED)
def test_4_0_advanced_9_3_navigation_of_derived_types_is_expanded(service: WsgiClient, path: str) -> None:
    _check(service, path, *EXPANDED[path])


@pytest.mark.feature("F-ODATA-80")
def test_types_are_told_as_much_as_is_asked_for(service: WsgiClient) -> None:
    form = "$format=application/json;odata.metadata="
    assert service.read(f"People?{form}none")["value"] == [BO, CY, EVE, PIA]
    full = service.read(f"People('bo')?{form}full")
    assert full["@odata.type"] == "#staff.Boss"
    assert full["reports@odata.navigationLink"] == "People('bo')/staff.Boss/reports"
    assert full["friend@odata.navigationLink"] == "People('bo')/friend"
    assert service.read(full["reports@odata.navigationLink"])["value"] == [of("Employee", EVE)]
    tags = {
        dict(service.get(path).fields)["etag"]
        for path in (
            "People('eve')",
            "People('eve')/staff.Employee",
            f"People('eve')?{form}none",
            "People('eve')?$select=id",
        )
    }
    assert len(tags) == 1


@pytest.mark.feature("F-ODATA-80")
def test_pages_of_a_collection_of_several_types_follow_each_other(service: WsgiClient) -> None:
    found, url = [], "People?$orderby=staff.Worker/salary desc&$count=true"
    while url:
        answer = service.get(url, {"Prefer": "maxpagesize=1"}).json
        found += [row["id"] for row in answer["value"]]
        url = answer.get("@odata.nextLink", "").partition("/odata/v4/")[2]
    assert found == ["bo", "eve", "cy", "pia"]


@pytest.mark.feature("F-ODATA-81")
@pytest.mark.conformance("4.01-minimal 25")
def test_4_01_minimal_25_entities_are_created_in_collections_that_are_cast(service: WsgiClient) -> None:
    reply = sent(service, "POST", "People/staff.Employee", {"id": "al", "name": "Al", "salary": 1})
    assert (reply.status, plain(reply.json)) == (
        201,
        {"id": "al", "name": "Al", "salary": 1, "level": 1, "room_id": None},
    )
    assert dict(reply.fields)["location"].endswith("/People('al')")
    body = {"@odata.type": "#staff.Boss", "id": "di", "name": "Di", "salary": 1}
    assert sent(service, "POST", "People('bo')/staff.Boss/reports", body).status == 201
    assert service.read("People('di')/staff.Worker/manager/$ref")["@odata.id"] == "People('bo')"
    for path, wrong in (
        ("People/staff.Employee", {"@odata.type": "#staff.Customer", "id": "x", "name": "x"}),
        ("People/staff.Worker", {"id": "x", "name": "x", "salary": 1}),
        ("People", {"@odata.type": "#staff.Party", "id": "x"}),
        ("People", {"@type": "#staff.Employee", "id": "x", "name": "x"}),
        ("People", {"id": "x", "name": "x", "salary": 1}),
    ):
        assert sent(service, "POST", path, wrong).status == 400, wrong
    assert service.get("People/$count").text == "6"


@pytest.mark.feature("F-ODATA-81")
def test_entities_of_derived_types_are_inserted_with_others(service: WsgiClient) -> None:
    body = {
        "@odata.type": "http://service.test/odata/v4/$metadata#staff.Boss",
        "id": "a",
        "name": "a",
        "salary": 5,
        "reports": [
            {
                "@odata.type": "#staff.Employee",
                "id": "b",
                "name": "b",
                "salary": 1,
                "projects@odata.bind": ["Projects('moon')"],
            },
            {"@type": "#staff.Boss", "id": "c", "name": "c", "salary": 2, "reports": []},
        ],
        "friend": {"@odata.type": "#staff.Customer", "id": "d", "name": "d", "level": "x"},
    }
    reply = sent(service, "POST", "People", body)
    assert reply.status == 201
    assert [row["@odata.type"] for row in reply.json["reports"]] == ["#staff.Employee", "#staff.Boss"]
    assert reply.json["friend"] == of("Customer", {"id": "d", "name": "d", "level": "x"})
    assert service.read("Projects('moon')/team/staff.Employee?$select=id")["value"] == [{"id": "b"}, {"id": "eve"}]


@pytest.mark.feature("F-ODATA-81")
def test_entities_are_changed_by_their_own_types_and_keep_them(service: WsgiClient) -> None:
    shown = {"Prefer": "return=representation"}
    reply = sent(service, "PATCH", "People('eve')", {"salary": 4}, **shown)
    assert plain(reply.json) == of("Employee", {**EVE, "salary": 4})
    reply = sent(
        service, "PATCH", "People('eve')/staff.Worker", {"@odata.type": "#staff.Employee", "level": 3}, **shown
    )
    assert reply.json["level"] == 3
    reply = sent(service, "PUT", "People('eve')", {"name": "E", "salary": 1}, **shown)
    assert plain(reply.json) == of("Employee", {"id": "eve", "name": "E", "salary": 1, "level": 1, "room_id": None})
    reply = sent(service, "PUT", "People('new')", {"@odata.type": "#staff.Customer", "name": "N"}, **shown)
    assert (reply.status, plain(reply.json)) == (201, of("Customer", {"id": "new", "name": "N", "level": None}))
    assert sent(service, "PUT", "People('eve')/staff.Worker/salary", {"value": 7}).status == 204
    assert service.read("People('eve')")["salary"] == 7
    for method, path, body, status in (
        ("PATCH", "People('eve')", {"@odata.type": "#staff.Boss", "salary": 1}, 400),
        ("PUT", "People('eve')", {"@odata.type": "#staff.Person", "name": "x"}, 400),
        ("PATCH", "People('eve')", {"budget": 1}, 400),
        ("PATCH", "People('pia')/staff.Worker", {"salary": 1}, 404),
        ("DELETE", "People('pia')/staff.Worker", None, 404),
        ("PUT", "People('eve')/staff.Worker/manager/$ref", {"@id": "People('pia')"}, 400),
    ):
        assert sent(service, method, path, body).status == status, (method, path, body)
    assert (
        sent(service, "PUT", "People('eve')/staff.Worker/manager/$ref", {"@id": "People('bo')/staff.Boss"}).status
        == 204
    )
    assert sent(service, "DELETE", "People('eve')/staff.Worker/manager/$ref").status == 204
    tag = dict(service.get("People('eve')/staff.Worker").fields)["etag"]
    assert sent(service, "PATCH", "People('eve')", {"name": "F"}, **{"If-Match": tag}).status == 204
    assert sent(service, "DELETE", "People('eve')/staff.Worker", **{"If-Match": tag}).status == 412
    assert sent(service, "DELETE", "People('eve')/staff.Worker").status == 204
    assert service.get("People('eve')").status == 404


@pytest.mark.feature("F-ODATA-82")
def test_complex_values_tell_their_types(service: WsgiClient) -> None:
    flat = {"@odata.type": "#staff.Flat", "city": "Rome", "floor": 3, "rent": 1.5}
    body = {"id": 1, "place": flat, "former": [{"city": "A"}, {**flat, "@odata.type": "#staff.Flat"}]}
    assert plain(sent(service, "POST", "Homes", body).json) == body
    assert service.read("Homes")["value"] == [body]
    assert plain(service.read("Homes(1)/place")) == flat
    assert service.read("Homes(1)/former")["value"] == body["former"]
    form = "$format=application/json;odata.metadata="
    assert service.read(f"Homes(1)?{form}none")["place"] == {"city": "Rome", "floor": 3, "rent": 1.5}
    full = service.read(f"Homes?{form}full")["value"][0]
    assert full["place"]["@odata.type"] == full["former"][1]["@odata.type"] == "#staff.Flat"
    assert full["former"][0]["@odata.type"] == "#staff.Place"
    tags = {dict(service.get(path).fields)["etag"] for path in ("Homes(1)", f"Homes(1)?{form}none")}
    assert len(tags) == 1
    changed = sent(service, "PATCH", "Homes(1)", {"place": {"city": "Oslo"}}, **{"If-Match": tags.pop()})
    assert changed.status == 204
    assert service.read("Homes(1)")["place"] == {**flat, "city": "Oslo"}
    for path, value, wanted in (
        ("Homes(1)/place", {"@type": "#staff.Place", "city": "Kiel"}, {"city": "Kiel"}),
        ("Homes(1)/place", {"@type": "#staff.Flat", "floor": 1}, {**flat, "city": None, "floor": 1, "rent": None}),
    ):
        assert sent(service, "PUT", path, value).status == 204
        assert service.read("Homes(1)")["place"] == wanted
    for wrong in ({"@type": "#staff.Room"}, {"@type": "#staff.Flat", "city": "x"}, {"floor": 1}):
        assert sent(service, "PATCH", "Homes(1)", {"former": [wrong]}).status == 400, wrong


RULES = {
    "sets": {
        "People": {
            "read": [{"roles": ["boss"]}, {"where": "isof(staff.Customer) or staff.Worker/salary lt 5"}],
            "insert": [{"where": "staff.Worker/salary lt 5"}],
            "update": [{"where": "staff.Worker/salary lt 5"}],
            "hide": [{"properties": ["name"], "unless": ["boss"]}],
        },
        "Rooms": {"read": True},
        "Projects": {"read": True},
    }
}


@pytest.mark.feature("F-ODATA-81")
def test_access_rules_hold_for_derived_types(store: Store) -> None:
    control = AccessControl(Service(store), rules_of(RULES))
    somebody = Identity("ada")
    with acting_as(somebody):
        seen = control.service_for(somebody).store
        with seen.transaction() as tx:
            people = tx["People"]
            assert {e.key: (e.type.name, sorted(e)) for e in people.values()} == {
                "cy": ("Customer", ["id", "level"]),
                "eve": ("Employee", ["id", "level", "room_id", "salary"]),
            }
            assert list(people.of_type("Worker")) == ["eve"]
            assert list(people.where("staff.Worker/manager ne null")) == []
            assert [len(row["team"]) for row in tx["Projects"].expand("team").values()] == [1]
            assert people.of_type("Worker").single("eve", "manager") is None
            assert people.update("eve", {"salary": 4})["salary"] == 4
            for change in (
                lambda: people.update("eve", {"salary": 9}),
                lambda: people.update("bo", {"salary": 1}),
                lambda: people.insert({"id": "x", "level": "a"}, type="Customer"),
            ):
                with pytest.raises(DemoticError):
                    change()
    with pytest.raises(RulesFault):
        AccessControl(Service(store), rules_of({"sets": {"People": {"read": [{"where": "salary lt 5"}]}}}))


@pytest.mark.feature("F-ODATA-81")
def test_batches_carry_entities_of_derived_types(service: WsgiClient) -> None:
    made = {"@odata.type": "#staff.Boss", "id": "di", "name": "Di", "salary": 1}
    requests = [
        {"id": "1", "method": "post", "url": "People", "atomicityGroup": "g", "body": made},
        {"id": "2", "method": "patch", "url": "$1", "atomicityGroup": "g", "body": {"budget": 5}},
        {"id": "3", "method": "get", "url": "People/staff.Boss('di')/budget"},
    ]
    for item in requests[:2]:
        item["headers"] = {"content-type": "application/json"}
    reply = sent(service, "POST", "$batch", {"requests": requests})
    answers = {item["id"]: item for item in reply.json["responses"]}
    assert [answers[name]["status"] for name in "12"] == [201, 204], answers
    assert answers["3"]["body"]["value"] == 5
