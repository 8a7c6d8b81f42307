"""Access rules as they are stated: read, checked against a model, and refused with their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from demotic.errors import DemoticError, Forbidden, NotFound
from demotic.model import INT32, STRING, EntityContainer, EntitySet, EntityType, Model, Property, Schema
from demotic.query import choices
from demotic.service import Service
from demotic.service.access import AccessControl, AccessRules, Grant, Hide, RulesFault, SetRules, read_rules, rules_of
from demotic.service.identity import ANONYMOUS, Identity, acting_as
from demotic.store.memory import MemoryStore


def _model(*, twice: bool = False) -> Model:
    kind = EntityType("Shop", "Order")
    kind.properties = {
        "ID": Property("ID", INT32, nullable=False),
        "Owner": Property("Owner", STRING),
        "Team": Property("Team", STRING),
        "Tenant": Property("Tenant", INT32),
    }
    kind.own_key = (kind.properties["ID"],)
    container = EntityContainer("Container", {"Orders": EntitySet("Orders", kind)})
    if twice:
        container.sets["OldOrders"] = EntitySet("OldOrders", kind)
    return Model({"Shop": Schema("Shop", types={"Order": kind}, container=container)})


ORDERS = [
    {"ID": 1, "Owner": "ann", "Team": "red", "Tenant": 1},
    {"ID": 2, "Owner": "ann", "Team": "blue", "Tenant": 2},
    {"ID": 3, "Owner": "bob", "Team": "red", "Tenant": 2},
    {"ID": 4, "Owner": None, "Team": None, "Tenant": None},
]


def control(rules: AccessRules, model: Model | None = None) -> AccessControl:
    return AccessControl(Service(MemoryStore(model or _model(), {"Orders": ORDERS})), rules)


def seen(given: object, identity: Identity) -> list[int] | str:
    """Return the keys of the orders that somebody can read under rules, or the code of the refusal."""
    held = control(rules_of(given) if not isinstance(given, AccessRules) else given)
    try:
        with acting_as(identity), held.service_for(identity).store.transaction() as tx:
            return list(tx["Orders"])
    except DemoticError as error:
        return error.code


def read(*grants: object, **others: object) -> dict[str, Any]:
    return {"sets": {"Orders": {"read": list(grants)}}, **others}


ANN = Identity("ann", frozenset({"clerk"}), {"teams": ["red", "green", "white"], "tenant": 2, "team": "blue"})
NOBODY = Identity("zoe", frozenset(), {"teams": []})
LISTS = {"teams": "Collection(Edm.String)", "tenant": "Edm.Int32"}

GRANTED = [
    (read(True), ANONYMOUS, [1, 2, 3, 4]),
    (read(), ANN, "Forbidden"),
    (read(False), ANN, "Forbidden"),
    (read("Owner eq $user/name"), ANN, [1, 2]),
    (read("Owner eq $user/name"), NOBODY, []),
    (read("Owner eq $user/name"), ANONYMOUS, "Forbidden"),
    (read("Owner ne $user/name"), ANONYMOUS, "Forbidden"),
    (read("Owner eq 'it''s $user/name'"), ANN, []),
    (read("Owner eq $user/name", "Team eq 'red'"), ANN, [1, 2, 3]),
    (read({"roles": ["clerk", "boss"]}), ANN, [1, 2, 3, 4]),
    (read({"roles": ["boss"]}), ANN, "Forbidden"),
    (read({"known": True, "where": "ID lt 3"}), ANN, [1, 2]),
    (read({"known": True}), ANONYMOUS, "Forbidden"),
    (read({"roles": ["clerk"], "where": "ID eq 4"}, "Owner eq 'bob'"), ANN, [3, 4]),
    (read("Team eq $user/team"), ANN, [2]),
    (read("Team eq $user/team"), NOBODY, "Forbidden"),
    (read("Team in $user/teams", claims=LISTS), ANN, [1, 3]),
    (read("$user/teams/any(t:t eq Team)", claims=LISTS), ANN, [1, 3]),
    (read("not $user/teams/any(t:Team eq t)", claims=LISTS), ANN, [2, 4]),
    (read("Team in $user/teams", claims=LISTS), NOBODY, []),
    (read("not (Team in $user/teams)", claims=LISTS), NOBODY, [1, 2, 3, 4]),
    (read("Team in $user/teams", claims=LISTS), ANONYMOUS, "Forbidden"),
    (read("$user/roles/any(r:r eq 'clerk') and ID gt 2"), ANN, [3, 4]),
    (read("$user/roles/any(r:r eq 'boss')"), ANN, []),
    (read("Tenant eq $user/tenant", claims=LISTS), ANN, [2, 3]),
    (read("Tenant eq $user/tenant", claims=LISTS), Identity("x", claims={"tenant": "2"}), [2, 3]),
    (read("Tenant eq $user/tenant", claims=LISTS), Identity("x", claims={"tenant": "two"}), "Forbidden"),
    (read("Tenant eq $user/tenant", claims=LISTS), Identity("x", claims={"tenant": [1, 2]}), "Forbidden"),
    (read("Team eq $user/team"), Identity("x", claims={"team": 5}), "Forbidden"),
    ({"others": "closed"}, ANN, "Forbidden"),
    ({"others": "open"}, ANONYMOUS, [1, 2, 3, 4]),
]


@pytest.mark.feature("F-ACCESS-01", "F-ACCESS-05")
@pytest.mark.parametrize(("given", "identity", "expected"), GRANTED, ids=lambda item: str(item)[:60])
def test_a_grant_lets_read_what_its_condition_is_true_for(given: object, identity: Identity, expected: object) -> None:
    assert seen(given, identity) == expected


@pytest.mark.feature("F-ACCESS-01")
def test_rules_are_the_same_in_python_toml_and_json(tmp_path: Path) -> None:
    stated = AccessRules(
        {
            "Orders": SetRules(
                read=[Grant("Owner eq $user/name"), Grant(roles={"boss"})],
                insert=[Grant()],
                hide=[Hide(["Team"]), Hide(["Tenant"], {"boss"})],
            )
        },
        others_open=False,
        claims={"tenant": "Edm.Int32"},
    )
    toml = tmp_path / "rules.toml"
    toml.write_text(
        'others = "closed"\nclaims = { tenant = "Edm.Int32" }\n[sets.Orders]\n'
        'read = ["Owner eq $user/name", { roles = ["boss"] }]\ninsert = true\nupdate = false\n'
        'hide = ["Team", { properties = ["Tenant"], unless = ["boss"] }]\n'
    )
    as_json = tmp_path / "rules.json"
    as_json.write_text(
        json.dumps(
            {
                "others": "closed",
                "claims": {"tenant": "Edm.Int32"},
                "sets": {
                    "Orders": {
                        "read": ["Owner eq $user/name", {"roles": ["boss"]}],
                        "insert": [True],
                        "hide": ["Team", {"properties": ["Tenant"], "unless": ["boss"]}],
                    }
                },
            }
        )
    )
    assert read_rules(toml) == read_rules(as_json) == stated
    with pytest.raises(NotFound, match="there is no file"):
        read_rules(tmp_path / "none.toml")


WRONG = [
    ([], "the rules: [] is no table"),
    ({"set": {}}, "the rules: there is nothing called set"),
    ({"others": "maybe"}, "others: 'maybe' is neither open nor closed"),
    ({"claims": {"a": 1}}, "claims.a: the type of a claim is a text"),
    ({"claims": {"a": "Edm.Stream"}}, "claims.a: 'Edm.Stream' is no type of a claim"),
    ({"claims": {"name": "Edm.String"}}, "claims.name: $user/name has its own meaning"),
    ({"sets": {"Order": {"read": True}}}, "sets.Order: there is no entity set Order"),
    ({"sets": {"Orders": True}}, "sets.Orders: True is no table"),
    ({"sets": {"Orders": {"reads": True}}}, "sets.Orders: there is nothing called reads"),
    ({"sets": {"Orders": {"read": 1}}}, "sets.Orders.read[1]: 1 is no table"),
    ({"sets": {"Orders": {"read": {"if": "x"}}}}, "sets.Orders.read[1]: there is nothing called if"),
    ({"sets": {"Orders": {"read": {"where": 1}}}}, "sets.Orders.read[1].where: a condition is a text"),
    ({"sets": {"Orders": {"read": {"roles": "boss"}}}}, "sets.Orders.read[1].roles: it is a list of texts"),
    ({"sets": {"Orders": {"read": {"known": 1}}}}, "sets.Orders.read[1].known: it is true or false"),
    ({"sets": {"Orders": {"insert": True}}}, "sets.Orders: something may be changed that nobody may read"),
    (read("Owner eq"), "sets.Orders.read[1]: expected"),
    (read(True, "Ower eq 'x'"), "sets.Orders.read[2]: position 0: Shop.Order has no property Ower"),
    (read("ID eq 'x'"), "sets.Orders.read[1]: position 6: 'x' is no Edm.Int64"),
    (read("ID"), "sets.Orders.read[1]: position 0: a condition is Boolean"),
    (read("$user eq 'x'"), "sets.Orders.read[1]: $user alone is no value"),
    (read("ID eq $user/name"), "sets.Orders.read[1]: $user/name is Edm.String, where Edm.Int64 belongs"),
    (read("$user/roles eq 'x'"), "sets.Orders.read[1]"),
    (read("$user/roles/$count eq 1"), "sets.Orders.read[1]: $user/roles is a list"),
    (read("$user/roles/all(r:r eq Team)"), "sets.Orders.read[1]: a list of $user takes any(x:x eq Property)"),
    (read("$user/name/any(r:r eq Team)"), "sets.Orders.read[1]: $user/name is one value"),
    ({"sets": {"Orders": {"read": True, "hide": ["ID"]}}}, "sets.Orders.hide: ID is part of the key"),
    ({"sets": {"Orders": {"read": True, "hide": ["No"]}}}, "sets.Orders.hide: Order has no property No"),
    ({"sets": {"Orders": {"read": True, "hide": [1]}}}, "sets.Orders.hide[1]: 1 is no table"),
]


@pytest.mark.feature("F-ACCESS-01")
@pytest.mark.parametrize(("given", "message"), WRONG, ids=lambda item: str(item)[:50])
def test_wrong_rules_are_refused_with_their_place(given: object, message: str) -> None:
    with pytest.raises(RulesFault) as caught:
        control(rules_of(given))
    assert caught.value.message.startswith(message)
    assert caught.value.target is None or caught.value.message.startswith(caught.value.target)


@pytest.mark.parametrize(("name", "text"), [("r.toml", "[sets\n"), ("r.json", "{"), ("r.toml", b"\xff")])
def test_a_file_that_is_none_is_refused(tmp_path: Path, name: str, text: str | bytes) -> None:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(RulesFault, match=name):
        read_rules(path)


def test_sets_of_one_type_need_the_same_rules() -> None:
    rules = {"Orders": SetRules(read=[Grant("ID eq 1")])}
    with pytest.raises(RulesFault, match="OldOrders has entities of the same type"):
        control(AccessRules(rules), _model(twice=True))
    both = AccessRules(dict.fromkeys(("Orders", "OldOrders"), rules["Orders"]))
    assert control(both, _model(twice=True)).service_for(ANN).model.container is not None


@pytest.mark.feature("F-ACCESS-06")
def test_people_with_the_same_grants_share_a_service() -> None:
    rules = rules_of(read("Owner eq $user/name", {"roles": ["boss"]}, "Team in $user/teams", claims=LISTS))
    held = control(rules)
    ann, bob = Identity("ann"), Identity("bob", frozenset({"irrelevant"}), {"other": 1})
    assert held.service_for(ann) is held.service_for(bob)
    assert held.service_for(ann) is not held.service_for(Identity("bob", frozenset({"boss"})))
    three, four = (Identity("x", claims={"teams": ["t"] * number}) for number in (3, 4))
    assert held.service_for(three) is held.service_for(four)
    with acting_as(ann), held.service_for(ann).store.transaction() as tx:
        assert list(tx["Orders"]) == [1, 2]
    with acting_as(bob), held.service_for(bob).store.transaction() as tx:
        assert list(tx["Orders"]) == [3]


@pytest.mark.feature("F-ACCESS-06")
def test_the_services_kept_are_bounded() -> None:
    grants = [{"roles": [f"role{number}"], "where": f"ID eq {number}"} for number in range(80)]
    held = control(rules_of(read(*grants)))
    for number in range(80):
        held.service_for(Identity("x", frozenset({f"role{number}"})))
    assert len(held._services) == 64
    assert len(held._people) <= 64


def test_somebody_with_claims_beyond_all_bounds_is_refused() -> None:
    many = Identity("x", claims={"teams": [str(number) for number in range(2000)]})
    with pytest.raises(Forbidden, match="more than 1024 claims"):
        control(rules_of(read("Team in $user/teams", claims=LISTS))).service_for(many)


def test_a_closed_set_is_refused_and_an_unknown_one_is_unknown() -> None:
    held = control(rules_of(read()))
    sets = held.service_for(ANN).model.container.sets  # type: ignore[union-attr]
    assert list(sets) == []
    assert sets.get("Others") is None
    assert choices("Orders", sets) is not None
    with pytest.raises(Forbidden, match="Orders may not be read"):
        sets.get("Orders")
