"""Functions and actions called over OData, the same over each kind of store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest
from acceptance_support import lab, workshop, zoo
from acceptance_support.http import Reply, WsgiClient
from acceptance_support.serving import client_of

from demotic.model import FromSet, declare, entity
from demotic.protocols.odata import ODataV4
from demotic.service import Limits, Service
from demotic.service.access import AccessControl, RulesFault, rules_of
from demotic.service.identity import Identity, acting_as
from demotic.service.operations import Context, Operations
from demotic.store import Entity
from demotic.store.memory import MemoryStore
from demotic.store.sql import open_store
from demotic.transports.wsgi import WsgiApplication


@pytest.fixture(params=["memory", "sqlite"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WsgiClient]:
    """The lab with its operations, to be changed."""
    if request.param == "memory":
        yield client_of(lab.in_memory(), read_only=False, operations=workshop.operations())
    else:
        with open_store(str(lab.in_sqlite(tmp_path / "lab.db"))) as store:
            yield client_of(store, read_only=False, operations=workshop.operations())


def post(client: WsgiClient, path: str, body: object = None, **fields: str) -> Reply:
    """Post JSON, or nothing at all, with header fields of underlined names."""
    given = {name.replace("_", "-"): value for name, value in fields.items()}
    content = b"" if body is None else json.dumps(body).encode()
    return client.request("POST", path, {"Content-Type": "application/json", **given} if content else given, content)


def asked(client: WsgiClient, path: str) -> Any:
    """What a GET comes to: a value, the ids of entities, the status of anything but 200."""
    reply = client.get(path)
    if reply.status != 200:
        return reply.status
    if "json" not in reply.fields["content-type"]:
        return reply.text
    value = reply.json.get("value", reply.json)
    if isinstance(value, dict):
        return {name: part for name, part in value.items() if "@" not in name}
    rows = isinstance(value, list) and value and isinstance(value[0], dict)
    return [row["id"] for row in value] if rows else value


VALUES = [
    ("Opened", True),
    ("Opened()", True),
    ("Sum(a=1)", 11),
    ("Sum(a=1,b=2)", 3),
    ("Sum(b=2,a=1,scale=1.5)", 4.5),
    ("Sum(a=1,b=@b)?@b=5", 6),
    ("Sum(a=1,scale=@s)?@s=null", 11),
    ("Sum?a=1", 11),
    ("Sum?a=1&b=2&scale=2", 6),
    ("Sum?@a=1&@b=2", 3),
    ("Sum(a=1)?b=2", 3),
    ("Sum(numbers=@n)?@n=[1,2,3]", 6),
    ("Sum?numbers=[4,5]", 9),
    ("Sum(numbers=@n)?@n=[]", 0),
    ("Sum(a=1)/$value", "11"),
    ("Words(text='it''s a',day=2024-02-29)", ["it's", "a", "2024-02-29"]),
    ("Words(text=@t,day=null)?@t='a%2Fb c'", ["a/b", "c"]),
    ("Words?text='x'&day=null", ["x"]),
    ("Nothing", 204),
    ("First", 204),
    ("Who", "anybody"),
    ("Tasks(1)/lab.StepTexts()", ["step 1 of 1", "step 2 of 1", "step 3 of 1"]),
    ("Tasks(1)/lab.StepTexts", ["step 1 of 1", "step 2 of 1", "step 3 of 1"]),
    ("Tasks(1)/StepTexts()", ["step 1 of 1", "step 2 of 1", "step 3 of 1"]),
    ("Tasks(4)/StepTexts", []),
    ("Tasks(1)/owner/Tasks/Weight()", 3.0),
    ("Tasks/Weight(above=1.6)", 3.75),
    ("Tasks/Weight?above=1.6", 3.75),
    ("Tasks/$filter(id gt 6)/Weight", 3.75),
    ("Heaviest()/$filter(id lt 8)/$count", "2"),
    ("Tasks/$count", "8"),
]
"""Calls, and the values that they give."""

ENTITIES = [
    ("Heaviest", [8, 7, 6]),
    ("Heaviest()", [8, 7, 6]),
    ("Heaviest(most=2)", [8, 7]),
    ("Heaviest(most=0)", []),
    ("Heaviest?most=5&$filter=id lt 7", [6, 5, 4]),
    ("Heaviest?$orderby=id", [6, 7, 8]),
    ("Heaviest?$top=1&$skip=1", [7]),
    ("Heaviest(most=8)?$filter=owner/name eq 'Ada'", [7, 4, 1]),
    ("Heaviest(most=8)?$filter=Steps/any(s:s/number eq 3)&$orderby=Steps/$count desc,id desc", [5, 2, 1]),
    ("Heaviest()/$count", "3"),
    ("Heaviest()/$count?$filter=id gt 6", "2"),
    ("Heaviest()(7)/title", "ÄÖÜ ☃"),
    ("Heaviest()(7)/owner/name/$value", "Ada"),
    ("Heaviest()(1)", 404),
    ("Heaviest()(7)/Others/$count", "7"),
    ("Heaviest/Weight", 5.25),
    ("Tasks(1)/Others()?$top=2", [2, 3]),
]
"""Calls, and the ids of the tasks that they give, in order."""


@pytest.mark.feature("F-OPERATION-01")
@pytest.mark.parametrize(("path", "value"), VALUES)
def test_a_function_gives_this_value(service: WsgiClient, path: str, value: object) -> None:
    assert asked(service, path) == value


@pytest.mark.feature("F-OPERATION-02")
@pytest.mark.parametrize(("path", "expected"), ENTITIES)
def test_what_a_function_gives_is_asked_further(service: WsgiClient, path: str, expected: object) -> None:
    assert asked(service, path) == expected


@pytest.mark.feature("F-OPERATION-02")
def test_entities_that_a_function_gives_come_as_those_of_their_set(service: WsgiClient) -> None:
    whole = service.read("Heaviest?$expand=Steps($select=text;$top=1),owner&$count=true&$select=id,title")
    assert whole["@odata.context"].endswith("$metadata#Tasks(id,title,Steps(text),owner())")
    assert whole["@odata.count"] == 3
    assert [(row["id"], row["owner"] and row["owner"]["id"]) for row in whole["value"]] == [
        (8, "bo/b"),
        (7, "ada"),
        (6, None),
    ]
    one = service.read("TaskOf(id=5)?$expand=Steps($select=text;$top=2)")
    assert [step["text"] for step in one["Steps"]] == ["step 1 of 5", "step 2 of 5"]
    plain = service.get("TaskOf(id=5)")
    assert plain.fields["etag"] == service.get("Tasks(5)").fields["etag"]
    assert plain.json["@odata.context"] == service.read("Tasks(5)")["@odata.context"]
    assert service.get("TaskOf(id=5)", {"If-None-Match": plain.fields["etag"]}).status == 304


@pytest.mark.feature("F-OPERATION-02")
def test_what_a_function_gives_comes_in_pages_that_keep_its_order(service: WsgiClient) -> None:
    pages = list(service.pages("Heaviest(most=5)?$select=id", {"Prefer": "maxpagesize=2"}))
    assert [[row["id"] for row in page] for page in pages] == [[8, 7], [6, 5], [4]]
    pages = list(service.pages("Heaviest(most=5)?$orderby=owner_id,id&$select=id", {"Prefer": "maxpagesize=2"}))
    assert [row["id"] for page in pages for row in page] == [6, 4, 7, 5, 8]


FAULTS = [
    ("GET", "Sum", None, 404, "UnknownResource", "no function Sum takes ()"),
    ("GET", "Sum(a=1,c=2)", None, 404, "UnknownResource", "(a, b, scale) or (numbers)"),
    ("GET", "Sum(1)", None, 404, "UnknownResource", "have names"),
    ("GET", "Sum(a=1,a=2)", None, 400, "KeyMismatch", "an argument twice"),
    ("GET", "Sum(a='x')", None, 400, "KeyMismatch", "a: 'x' is no Edm.Int64"),
    ("GET", "Sum(a=null)", None, 400, "KeyMismatch", "a cannot be null"),
    ("GET", "Sum?a=", None, 400, "SyntaxError", "position 0"),
    ("GET", "Sum?a=1&a=2", None, 400, "RepeatedQueryOption", "a"),
    ("GET", "Sum(a=@x)", None, 400, "KeyMismatch", "@x is not given"),
    ("GET", "Sum(numbers=@n)?@n=1", None, 400, "KeyMismatch", "a collection of Edm.Int64"),
    ("GET", 'Sum(numbers=@n)?@n=["x"]', None, 400, "InvalidValue", "numbers[0]"),
    ("GET", "Sum(a=@x)?@x=1 add 1", None, 501, "NotImplemented", "an expression"),
    ("GET", "Opened/more", None, 404, "UnknownResource", "more"),
    ("GET", "Tasks(99)/StepTexts", None, 404, "NotFound", "no entity"),
    ("GET", "People('ada')/StepTexts", None, 404, "UnknownResource", "does not apply"),
    ("GET", "Tasks/StepTexts", None, 404, "UnknownResource", "does not apply"),
    ("GET", "TaskOf(id=99)", None, 404, "NoSuchEntity", "99"),
    ("GET", "Opened?$filter=true", None, 400, "NotApplicable", "$filter"),
    ("GET", "Words(text='b a',day=null)?$filter=$this eq 'a'", None, 501, "NotImplemented", "operation returns"),
    ("GET", "Cheating", None, 405, "ReadOnly", "nothing can be changed"),
    ("GET", "Broken", None, 500, "OperationFailed", "Broken failed"),
    ("GET", "Wrong", None, 500, "OperationFailed", "Wrong failed"),
    ("POST", "Tasks(1)/Finish", {"titel": "x"}, 400, "UnknownName", "did you mean title?"),
    ("POST", "Tasks(1)/Finish", {"weight": "x"}, 400, "InvalidValue", "weight"),
    ("POST", "Tasks(1)/Finish", {"weight": None}, 400, "InvalidValue", "weight must not be null"),
    ("POST", "Tasks(1)/Finish", {"task": {"id": 1}}, 400, "UnknownName", "no parameter task"),
    ("POST", "Tasks(1)/Finish", [1], 400, "InvalidInput", "no JSON object"),
    ("POST", "Tasks(99)/Finish", {}, 404, "NotFound", "no entity"),
    ("POST", "Tags/Paint", {}, 400, "ArgumentMissing", "Paint needs colour"),
    ("POST", "AddTag", {"name": "x", "like": {"@id": "Tags(99)"}}, 400, "InvalidInput", "leads nowhere"),
    ("POST", "Fail", {"how": "busy"}, 409, "Busy", "somebody else is at it"),
    ("POST", "Fail", {"how": "missing"}, 404, "NotFound", "not here"),
    ("POST", "Fail", {"how": "broken"}, 500, "OperationFailed", "Fail failed"),
    ("POST", "Reset?$select=id", {}, 400, "NotApplicable", "$select"),
    ("POST", "Reset()", {}, 404, "UnknownResource", "in the body"),
]
"""Calls that are refused: method, path, body, status, code, and a part of the message."""


@pytest.mark.feature("F-OPERATION-05")
@pytest.mark.parametrize(("method", "path", "body", "status", "code", "said"), FAULTS)
def test_a_call_is_refused_in_the_callers_terms(
    service: WsgiClient, method: str, path: str, body: object, status: int, code: str, said: str
) -> None:
    before = [service.read(name) for name in ("Tasks", "Tags")]
    reply = post(service, path, body) if method == "POST" else service.get(path.replace('"', "%22"))
    assert (reply.status, reply.json["error"]["code"]) == (status, code), reply.text
    assert said in reply.json["error"]["message"]
    assert "tiger" not in reply.text
    assert [service.read(name) for name in ("Tasks", "Tags")] == before


@pytest.mark.feature("F-OPERATION-05")
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "POST"])
def test_functions_are_read_and_actions_posted(service: WsgiClient, method: str) -> None:
    for path, allowed in (("Opened", "GET, HEAD"), ("Tasks(1)/StepTexts", "GET, HEAD"), ("Reset", "POST")):
        reply = service.request(method, path)
        if method in allowed:
            assert reply.status in (200, 204)
        else:
            assert (reply.status, reply.fields["allow"]) == (405, allowed)


@pytest.mark.feature("F-OPERATION-03")
def test_an_action_changes_data_and_answers_with_what_it_returns(service: WsgiClient) -> None:
    assert post(service, "Reset").status == 204
    assert [row["name"] for row in service.rows("Tags")] == ["tag 1", "tag 2", "tag 3"]
    reply = post(service, "Tasks(4)/lab.Finish", {"title": "Done", "@odata.type": "#whatever"})
    assert (reply.status, reply.json["title"], reply.json["done"], reply.json["weight"]) == (200, "Done", True, 0.5)
    assert reply.json["@odata.context"].endswith("$metadata#Tasks/$entity")
    assert reply.fields["etag"] == service.get("Tasks(4)").fields["etag"]
    shaped = post(service, "Tasks(5)/Finish?$select=id,weight&$expand=owner($select=name)", {"weight": 7})
    assert (shaped.json["weight"], shaped.json["owner"]["name"], "title" in shaped.json) == (7, "Bo B.", False)
    painted = post(service, "Tags/Paint", {"colour": "black"})
    assert (painted.json["value"], {row["name"] for row in service.rows("Tags")}) == (3, {"black"})
    assert post(service, "Tasks(1)/Tags/Paint", {"colour": "white"}).json["value"] == 2
    assert [row["name"] for row in service.rows("Tags")] == ["white", "white", "black"]
    assert post(service, "Tags/$filter(name eq 'black')/Paint", {"colour": "red"}).json["value"] == 1
    assert [row["name"] for row in service.rows("Tags")] == ["white", "white", "red"]


@pytest.mark.feature("F-OPERATION-03")
def test_entities_that_an_action_returns_come_whole_and_shaped(service: WsgiClient) -> None:
    found = post(service, "Everything?$filter=id lt 4&$orderby=id desc&$select=id", None, Prefer="maxpagesize=1")
    assert [row["id"] for row in found.json["value"]] == [3, 2, 1]
    assert "@odata.nextLink" not in found.json


@pytest.mark.feature("F-OPERATION-04")
def test_what_an_action_creates_has_a_location_and_comes_as_preferred(service: WsgiClient) -> None:
    made = post(service, "AddTag", {"name": "light ", "like": {"@odata.id": "Tags(2)"}})
    assert (made.status, made.json["name"]) == (201, "light green")
    assert made.fields["location"] == service.root + "Tags(4)"
    quiet = post(service, "AddTag", {"name": "x", "like": None}, Prefer="return=minimal")
    assert (quiet.status, quiet.body, quiet.fields["preference-applied"]) == (204, b"", "return=minimal")
    assert quiet.fields["location"] == quiet.fields["odata-entityid"] == service.root + "Tags(5)"
    loud = post(service, "Tasks(1)/Finish", {}, Prefer="return=representation")
    assert (loud.status, loud.fields["preference-applied"]) == (200, "return=representation")


@pytest.mark.feature("F-OPERATION-04")
def test_an_action_is_done_only_in_the_state_that_the_caller_knows(service: WsgiClient) -> None:
    known = service.get("Tasks(1)").fields["etag"]
    assert post(service, "Tasks(1)/Finish", {"weight": 1}, If_Match=known).status == 200
    assert post(service, "Tasks(1)/Finish", {"weight": 2}, If_Match=known).status == 412
    assert service.read("Tasks(1)")["weight"] == 1
    assert post(service, "Tasks(1)/Finish", {"weight": 2}, If_Match="*").status == 200


class Kennel:
    """Animals and dogs in one set, and operations on them."""

    def __init__(self) -> None:
        self.operations = Operations()

        @self.operations.function
        def All(context: Context) -> Annotated[list[Entity], FromSet("Animals")]:
            return list(context["Animals"].order_by("id desc").values())

        @self.operations.function(bound=True)
        def Bark(dog: Dog) -> str:
            return f"{dog['name']}!"  # type: ignore[index]

        @self.operations.action(creates=True)
        def Buy(context: Context, id: int, name: str) -> Annotated[Entity, FromSet("Animals")]:
            return context["Animals"].insert({"id": id, "name": name})

        self.client = client_of(MemoryStore(declare("zoo", Animal, Dog)), read_only=False, operations=self.operations)
        for row in (
            {"id": 1, "name": "Tom"},
            {"id": 2, "name": "Rex", "bark": "wow", "@odata.type": "#zoo.Dog"},
            {"id": 3, "name": "Ute"},
        ):
            assert post(self.client, "Animals", row).status == 201


@entity(key="id", set="Animals")
class Animal:
    id: int
    name: str


@entity()
class Dog(Animal):
    bark: str | None


@pytest.mark.feature("F-OPERATION-02")
def test_entities_of_derived_types_come_as_what_they_are() -> None:
    client = Kennel().client
    rows = client.read("All")["value"]
    assert [(row["id"], row.get("@odata.type"), row.get("bark")) for row in rows] == [
        (3, None, None),
        (2, "#zoo.Dog", "wow"),
        (1, None, None),
    ]
    assert asked(client, "All/zoo.Dog") == [2]
    assert asked(client, "All()(2)/zoo.Dog/bark") == "wow"
    assert asked(client, "All?$filter=isof(zoo.Dog)") == [2]
    assert asked(client, "Animals(2)/zoo.Dog/Bark") == "Rex!"
    assert client.get("Animals(1)/zoo.Dog/Bark").status == client.get("Animals(1)/Bark").status == 404
    full = client.read("Animals(2)", {"Accept": "application/json;odata.metadata=full"})
    assert full["#zoo.Bark"]["title"] == "Bark"
    assert post(client, "Buy", {"id": 4, "name": "Ida"}).fields["location"] == client.root + "Animals(4)"


@pytest.mark.feature("F-OPERATION-02")
def test_media_entities_come_with_their_streams() -> None:
    operations = zoo.operations()

    @operations.function
    def Shots(context: Context) -> Annotated[list[Entity], FromSet("Photos")]:
        return list(context["Photos"].values())

    @operations.function
    def Shot(context: Context) -> Annotated[Entity | None, FromSet("Photos")]:
        return context["Photos"].first()

    client = client_of(zoo.in_memory(), read_only=False, operations=operations)
    fields = {"Content-Type": "image/png", "Content-Length": "3"}
    assert client.request("PUT", "Photos(1)/$value", fields, b"png").status == 204
    for accept in ("application/json", "application/json;odata.metadata=full"):
        assert client.read("Shots", {"Accept": accept}) == client.read("Photos", {"Accept": accept})
        assert client.read("Shot", {"Accept": accept}) == client.read("Photos(1)", {"Accept": accept})
    assert (client.get("Shot/$value").body, client.get("Shots()(1)/$value").body) == (b"png", b"png")


DECLARED = [
    ("Spell?status='RUNNING'", "RUNNING"),
    ("Spell(status=lab.Status'ENDED')", "ENDED"),
    ("Spell?status=null", 400),
    ("Spell?status='NONE'", 400),
    ("Allowed?of='READ,WRITE'", "READ,WRITE"),
    ('Move(place=@p)?@p={"street":"A","city":"Rome"}', {"street": "A, moved", "city": "Rome"}),
    ('Move()/city?place={"street":"A","city":"Rome"}', "Rome"),
    ('Move/city/$value?place={"street":"A","city":"Rome"}', "Rome"),
    ('Move?place={"streets":"A"}', 400),
    ("Move?place=1", 400),
    ('Cities?places=[{"street":"A","city":"Rome"},{"street":"B","city":null}]', ["Rome", None]),
    ("Cities?places={}", 400),
]
"""Calls with the types that a model in code has."""


@pytest.mark.feature("F-OPERATION-01")
@pytest.mark.parametrize(("path", "expected"), DECLARED)
def test_enumerations_and_complex_values_are_arguments_and_results(path: str, expected: object) -> None:
    operations = Operations()

    @operations.function
    def Spell(status: lab.Status) -> lab.Status:
        assert isinstance(status, lab.Status)
        return status

    @operations.function
    def Allowed(of: lab.Rights) -> lab.Rights:
        return of

    @operations.function
    def Move(place: lab.Place) -> lab.Place:
        return {**place, "street": f"{place['street']}, moved"}  # type: ignore[dict-item,index,return-value]

    @operations.function
    def Cities(places: list[lab.Place]) -> list[str | None]:
        return [place["city"] for place in places]  # type: ignore[index]

    client = client_of(lab.in_memory(), operations=operations)
    assert asked(client, path.replace('"', "%22").replace("{", "%7B").replace("}", "%7D")) == expected


@pytest.mark.feature("F-OPERATION-07")
def test_requests_of_a_batch_call_operations_and_a_group_is_one_transaction(service: WsgiClient) -> None:
    def batch(*calls: tuple[str, str, object], group: str | None) -> list[int]:
        requests = [
            {"id": str(n), "method": method, "url": url, "headers": {"content-type": "application/json"}}
            | ({} if body is None else {"body": body})
            | ({} if group is None else {"atomicityGroup": group})
            for n, (method, url, body) in enumerate(calls)
        ]
        reply = post(service, "$batch", {"requests": requests}, Accept="application/json", Prefer="continue-on-error")
        return [part["status"] for part in reply.json["responses"]]

    before = service.read("Tags")
    paint, fail = ("POST", "Tags/Paint", {"colour": "grey"}), ("POST", "Fail", {"how": "busy"})
    assert batch(("GET", "Sum(a=1)", None), ("GET", "Broken", None), group=None) == [200, 500]
    assert batch(paint, fail, group="g") == [424, 409]
    assert service.read("Tags") == before
    assert batch(paint, ("POST", "Tasks(1)/Finish", {}), group="g") == [200, 200]
    assert {row["name"] for row in service.rows("Tags")} == {"grey"}


@pytest.mark.feature("F-OPERATION-08")
def test_full_metadata_tells_the_operations_of_entities_and_sets(service: WsgiClient) -> None:
    full = {"Accept": "application/json;odata.metadata=full"}
    found = service.read("Tasks?$top=1&$expand=Steps,Tags", full)
    assert found["#lab.Weight"] == {"title": "Weight", "target": "Tasks/lab.Weight(above=@above)"}
    row = found["value"][0]
    assert row["#lab.Finish"] == {"title": "Finish", "target": "Tasks(1)/lab.Finish"}
    assert row["#lab.StepTexts"] == {"title": "StepTexts", "target": "Tasks(1)/lab.StepTexts()"}
    assert not any(name.startswith("#") for name in row["Tags"][0])
    assert service.read(row["#lab.StepTexts"]["target"])["value"] == asked(service, "Tasks(1)/StepTexts")
    assert post(service, row["#lab.Finish"]["target"], {}).status == 200
    given = service.read("Heaviest(most=1)", full)["value"][0]
    assert given["#lab.Finish"]["target"] == "Tasks(8)/lab.Finish"
    assert not any(name.startswith("#") for name in service.read("Tasks(1)"))


@pytest.mark.feature("F-OPERATION-08")
def test_the_documents_list_what_can_be_called(service: WsgiClient) -> None:
    listed = {item["name"]: item for item in service.read("")["value"] if item["kind"] == "FunctionImport"}
    assert listed["Opened"] == {"name": "Opened", "kind": "FunctionImport", "url": "Opened"}
    assert "Heaviest" not in listed and "Sum" not in listed  # which have parameters
    metadata = service.get("$metadata").text
    assert '<FunctionImport Name="Heaviest" Function="lab.Heaviest" EntitySet="Tasks"' in metadata
    assert '<Function Name="Others" IsBound="true" EntitySetPath="task" IsComposable="true">' in metadata
    assert "The heaviest tasks, heaviest first." in metadata


@pytest.mark.feature("F-OPERATION-09")
def test_a_read_only_service_calls_no_actions() -> None:
    client = client_of(lab.in_memory(), operations=workshop.operations())
    for path in ("Reset", "Tasks(1)/Finish"):
        assert post(client, path, {}).status == 405
    assert client.read("Sum(a=1)")["value"] == 11
    row = client.read("Tasks(1)", {"Accept": "application/json;odata.metadata=full"})
    assert "#lab.StepTexts" in row and "#lab.Finish" not in row


@pytest.mark.feature("F-OPERATION-09")
def test_limits_hold_for_calls(service: WsgiClient) -> None:
    client = client_of(lab.in_memory(), Limits(body_length=50), read_only=False, operations=workshop.operations())
    assert post(client, "Tags/Paint", {"colour": "x" * 60}).status == 413
    assert service.get(f"Words(text='{'x' * 20000}',day=null)").status == 400
    reply = service.request("POST", "Tags/Paint", {"Content-Type": "text/plain"}, b"{}")
    assert reply.status == 415


@pytest.mark.feature("F-OPERATION-09")
def test_under_access_rules_an_operation_is_called_by_whom_it_is_granted() -> None:
    rules = {
        "sets": {"Tasks": {"read": "id le $user/most", "update": "id le 2"}, "Tags": {"read": True}},
        "claims": {"most": "Edm.Int32"},
        "others": "closed",
        "operations": {"Heaviest": True, "lab.Others": True, "lab.Finish": {"roles": ["boss"]}, "Who": {"known": True}},
    }
    service = Service(lab.in_memory(), operations=workshop.operations())
    control = AccessControl(service, rules_of(rules))
    boss, clerk = (
        WsgiClient(WsgiApplication(ODataV4(control.service_for(identity))))
        for identity in (
            Identity("ann", roles=frozenset({"boss"}), claims={"most": 3}),
            Identity("bob", claims={"most": 2}),
        )
    )
    with acting_as(Identity("bob", claims={"most": 2})):
        # A function sees what its caller sees.
        assert asked(clerk, "Heaviest") == [2, 1]
        assert asked(clerk, "Tasks(1)/Others") == [2]
        assert clerk.get("Tasks(3)/Others").status == 404
        assert clerk.read("Who")["value"] == "bob"
        # What is not named is closed, and so is what others may call.
        assert [clerk.get(name).status for name in ("Opened", "Sum(a=1)", "First")] == [403, 403, 403]
        assert post(clerk, "Tasks(1)/Finish", {}).status == 403
        metadata = clerk.get("$metadata").text
        assert 'Name="Heaviest"' in metadata and 'Name="Finish"' not in metadata and 'Name="Opened"' not in metadata
        assert "StepTexts" not in metadata
        assert clerk.get("People").status == 403
    with acting_as(Identity("ann", roles=frozenset({"boss"}), claims={"most": 3})):
        assert asked(boss, "Heaviest") == [3, 2, 1]
        assert post(boss, "Tasks(1)/Finish", {"weight": 3}).json["weight"] == 3
        # An action changes what its caller may change.
        assert post(boss, "Tasks(3)/Finish", {"weight": 3}).status == 403
        assert boss.read("Tasks(3)")["weight"] == Decimal("0.75")
        full = boss.read("Tasks(1)", {"Accept": "application/json;odata.metadata=full"})
        assert {name for name in full if name.startswith("#")} == {"#lab.Finish", "#lab.Others"}


@pytest.mark.feature("F-OPERATION-09")
def test_a_hidden_property_is_in_no_answer_of_an_operation() -> None:
    operations = Operations()

    @operations.function
    def Read(context: Context) -> Annotated[list[Entity], FromSet("Tags")]:
        return list(context["Tags"].values())

    @operations.function
    def Made() -> Annotated[Entity, FromSet("Tags")]:
        return {"id": 9, "name": "secret"}  # type: ignore[return-value]

    service = Service(lab.in_memory(), operations=operations)
    rules = {"sets": {"Tags": {"read": True, "hide": ["name"]}}, "operations": {"Read": True, "Made": True}}
    client = WsgiClient(WsgiApplication(ODataV4(AccessControl(service, rules_of(rules)).service_for(Identity("ann")))))
    assert client.read("Read")["value"] == [{"id": 1}, {"id": 2}, {"id": 3}]
    assert {name: value for name, value in client.read("Made").items() if "@" not in name} == {"id": 9}
    assert client.get("Read?$filter=name eq 'red'").status == 400


RULE_FAULTS = [
    ({"operations": {"Missing": True}}, "there is no operation Missing"),
    ({"operations": {"Opened": "id eq 1"}}, "has no condition"),
    ({"operations": {"Opened": True, "lab.Opened": True}}, "named twice"),
    ({"operations": {"Opened": {"rules": 1}}}, "there is nothing called rules"),
]


@pytest.mark.feature("F-OPERATION-09")
@pytest.mark.parametrize(("rules", "said"), RULE_FAULTS)
def test_rules_of_operations_that_do_not_fit_are_told_at_start(rules: object, said: str) -> None:
    service = Service(lab.in_memory(), operations=workshop.operations())
    with pytest.raises(RulesFault, match=said):
        AccessControl(service, rules_of(rules))
