"""Complex values, lists and contained entities in requests that change data: in memory, and in tables of the model."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demotic.model import read_xml
from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store import Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store
from demotic.syntax.http import Request

MODEL = b"""<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="people" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EnumType Name="Color"><Member Name="Red" Value="1"/><Member Name="Green" Value="2"/></EnumType>
  <ComplexType Name="Address">
    <Property Name="Street" Type="Edm.String"/>
    <Property Name="Country" Type="Edm.String" Nullable="false" DefaultValue="CH"/>
    <Property Name="Bells" Type="Collection(Edm.String)" Nullable="false"/>
  </ComplexType>
  <ComplexType Name="Office" BaseType="people.Address"><Property Name="Floor" Type="Edm.Int32"/></ComplexType>
  <EntityType Name="Person">
    <Key><PropertyRef Name="ID"/></Key>
    <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
    <Property Name="Color" Type="people.Color" Nullable="false" DefaultValue="Green"/>
    <Property Name="Other" Type="people.Color" DefaultValue="1"/>
    <Property Name="Home" Type="people.Address"/>
    <Property Name="Addresses" Type="Collection(people.Address)" Nullable="false"/>
    <Property Name="Emails" Type="Collection(Edm.String)" Nullable="false"/>
    <NavigationProperty Name="Notes" Type="Collection(people.Note)" ContainsTarget="true"/>
  </EntityType>
  <EntityType Name="Note">
    <Key><PropertyRef Name="No"/></Key><Property Name="No" Type="Edm.Int32" Nullable="false"/>
  </EntityType>
  <EntityContainer Name="All"><EntitySet Name="People" EntityType="people.Person"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""
WHOLE = {"Street": None, "Country": "CH", "Bells": []}


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    model = read_xml(MODEL)
    if request.param == "sqlite":
        create_tables(tmp_path / "people.db", model)
    made: Store = MemoryStore(model) if request.param == "memory" else open_store(tmp_path / "people.db", model=model)
    with made:
        with made.transaction() as tx:
            tx["People"].insert({"ID": 1, "Emails": ["a@x.org", "b@x.com"]})
        yield made


def ask(store: Store, method: str, target: str, body: object = None) -> tuple[int, Any]:
    """Send a request to a fresh handler, and return the status and the JSON of its answer."""
    path, _, query = target.partition("?")
    fields = {"content-type": "application/json"} if body is not None else {}
    given = io.BytesIO(json.dumps(body).encode() if body is not None else b"")
    handler = ODataV4(Service(store))
    response = handler(Request(method, f"/odata/v4/{path}", query, fields, "http", "shop.example", "r1", given.read))
    text = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    return response.status, json.loads(text) if text else None


def test_what_complex_values_leave_out_has_its_default_in_an_insert(store: Store) -> None:
    given = {"ID": 2, "Home": {"Street": "A"}, "Addresses": [{}, {"Country": "AT"}]}
    status, answer = ask(store, "POST", "People", given)
    assert (status, answer["Home"]) == (201, WHOLE | {"Street": "A"})
    assert answer["Addresses"] == [WHOLE, WHOLE | {"Country": "AT"}]


@pytest.mark.parametrize(
    ("target", "body"), [("People(1)", {"Home": {"Street": "A"}}), ("People(1)/Home", {"Street": "A"})]
)
def test_changing_a_part_of_a_complex_value_that_is_null_makes_one(store: Store, target: str, body: object) -> None:
    assert ask(store, "PATCH", target, body)[0] == 204
    assert ask(store, "GET", "People(1)")[1]["Home"] == WHOLE | {"Street": "A"}
    assert ask(store, "PATCH", "People(1)", {"Home": {"Bells": ["B"]}})[0] == 204
    assert ask(store, "GET", "People(1)")[1]["Home"] == WHOLE | {"Street": "A", "Bells": ["B"]}


@pytest.mark.parametrize("said", ["#people.Nope", "people.Person", 5])
def test_a_value_of_another_complex_type_is_refused(store: Store, said: object) -> None:
    before = ask(store, "GET", "People")
    for body in ({"Home": {"@odata.type": said}}, {"Addresses": [{}, {"@type": said}]}):
        status, answer = ask(store, "PATCH", "People(1)", body)
        assert (status, answer["error"]["code"]) == (400, "InvalidValue")
    assert ask(store, "GET", "People") == before


def test_a_value_of_a_derived_type_has_the_defaults_of_that_type(store: Store) -> None:
    given = {"Home": {"@odata.type": "#people.Office", "Street": "A"}, "Addresses": [{"@odata.type": "#people.Office"}]}
    assert ask(store, "PATCH", "People(1)", given)[0] == 204
    office = {"@odata.type": "#people.Office", **WHOLE, "Floor": None}
    answer = ask(store, "GET", "People(1)")[1]
    assert (answer["Home"], answer["Addresses"]) == (office | {"Street": "A"}, [office])
    assert ask(store, "PUT", "People(1)/Home", {"Country": "AT"})[0] == 204
    assert ask(store, "GET", "People(1)")[1]["Home"] == WHOLE | {"Country": "AT"}


def test_the_declared_complex_type_may_be_said(store: Store) -> None:
    assert ask(store, "PATCH", "People(1)", {"Home": {"@odata.type": "#people.Address", "Street": "A"}})[0] == 204
    assert ask(store, "GET", "People(1)")[1]["Home"]["Street"] == "A"


def test_an_enumeration_has_the_default_that_its_property_names(store: Store) -> None:
    status, answer = ask(store, "POST", "People", {"ID": 2})
    assert (status, answer["Color"], answer["Other"]) == (201, "Green", "Red")


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", "People(1)/Notes", {"No": 1}),
        ("PATCH", "People(1)/Notes(1)", {"No": 1}),
        ("DELETE", "People(1)/Notes(1)", None),
        ("POST", "People", {"ID": 3, "Notes": [{"No": 1}]}),
    ],
)
def test_writing_contained_entities_is_not_offered(store: Store, method: str, target: str, body: object) -> None:
    before = ask(store, "GET", "People")
    status, answer = ask(store, method, target, body)
    assert (status, answer["error"]["target"]) == (501, "Notes")
    assert ask(store, "GET", "People") == before


@pytest.mark.parametrize("name", ["$it", "$this"])
def test_each_member_of_a_list_is_asked_about(store: Store, name: str) -> None:
    found = ask(store, "GET", f"People(1)/Emails?$filter=endswith({name},'.org')")
    assert (found[0], found[1]["value"]) == (200, ["a@x.org"])
    assert ask(store, "GET", f"People(1)/Emails?$orderby={name}%20desc")[1]["value"] == ["b@x.com", "a@x.org"]
    assert ask(store, "GET", f"People(1)/Emails/$count?$filter={name}%20eq%20'a@x.org'") == (200, 1)


@pytest.mark.parametrize(("given", "shown"), [(1.5, "1.5"), (True, "true"), ([], "[]")])
def test_a_wrong_value_is_shown_as_it_was_sent(store: Store, given: object, shown: str) -> None:
    status, answer = ask(store, "POST", "People", {"ID": given})
    assert (status, answer["error"]["target"]) == (400, "ID")
    assert answer["error"]["message"].startswith(f"ID: {shown} is no value of Edm.Int32 in JSON")
