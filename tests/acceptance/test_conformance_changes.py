"""The changing part of the OData conformance levels, requirement by requirement (odata/conformance/levels.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from acceptance_support import lab, workshop, zoo
from acceptance_support.http import Reply, WsgiClient
from acceptance_support.requirements import NOT_OFFERED_CHANGES, NOT_OFFERED_CHANGES_IN_ZOO
from acceptance_support.serving import client_of

from demotic.store.sql import open_store

TASK = {"title": "New", "status": "OPEN", "rights": "READ"}


@pytest.fixture(params=["memory", "sqlite"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WsgiClient]:
    """The lab, to be changed, over each kind of store."""
    if request.param == "memory":
        yield client_of(lab.in_memory(), read_only=False)
    else:
        with open_store(str(lab.in_sqlite(tmp_path / "lab.db"))) as store:
            yield client_of(store, read_only=False)


@pytest.fixture
def declared() -> WsgiClient:
    """The lab over the model in code, which has a complex property."""
    return client_of(lab.in_memory(), read_only=False)


def send(client: WsgiClient, method: str, path: str, body: object = None, **fields: str) -> Reply:
    """Send JSON, with header fields of underlined names."""
    given = {name.replace("_", "-"): value for name, value in fields.items()}
    content = b"" if body is None else json.dumps(body).encode()
    return client.request(method, path, {"Content-Type": "application/json", **given} if content else given, content)


def ids(client: WsgiClient, path: str) -> list[int]:
    """The ids in a collection."""
    return [row["id"] for row in client.rows(path)]


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row without control information."""
    return {name: value for name, value in row.items() if "@" not in name}


@pytest.mark.conformance("4.0-minimal 10")
def test_4_0_minimal_10_patch_keeps_what_is_not_mentioned_and_put_does_not(service: WsgiClient) -> None:
    before = plain(service.read("People('ada')"))
    assert send(service, "PATCH", "People('ada')", {"name": "A."}).status == 204
    assert plain(service.read("People('ada')")) == {**before, "name": "A."}
    assert send(service, "PUT", "People('ada')", {"name": "B."}).status == 204
    assert plain(service.read("People('ada')")) == {"id": "ada", "name": "B.", "email": None, "boss_id": None}


@pytest.mark.conformance("4.0-minimal 18", "4.0-minimal 23", "4.0-minimal 24")
def test_4_0_minimal_18_every_entity_has_an_id_that_it_is_changed_and_deleted_by(service: WsgiClient) -> None:
    texts = {"People": "name", "Tags": "name", "Steps": "text", "Tasks": "title"}
    for name, text in texts.items():
        for row in service.read(f"{name}?$top=3", {"Accept": "application/json;odata.metadata=full"})["value"]:
            edit = row.get("@odata.editLink", row["@odata.id"])
            assert send(service, "PATCH", edit, {text: "changed"}).status == 204, edit
            assert service.read(edit)[text] == "changed"
    for row in service.read("Steps", {"Accept": "application/json;odata.metadata=full"})["value"]:
        assert send(service, "DELETE", row["@odata.id"]).status == 204
        assert service.get(row["@odata.id"]).status == 404
    assert send(service, "PATCH", "Tasks(1)/owner", {"name": "by way of a task"}).status == 204
    assert service.read("People('ada')")["name"] == "by way of a task"
    assert send(service, "DELETE", "Tasks(1)/Tags(2)").status == 204


@pytest.mark.conformance("4.0-minimal 19", "4.0-minimal 27")
def test_4_0_minimal_19_post_creates_and_says_where(service: WsgiClient) -> None:
    reply = send(service, "POST", "Tags", {"id": 9, "name": "new"})
    assert (reply.status, plain(reply.json)) == (201, {"id": 9, "name": "new"})
    assert reply.fields["location"] == f"{service.root}Tags(9)"
    assert plain(service.read(reply.fields["location"])) == {"id": 9, "name": "new"}


@pytest.mark.conformance("4.0-minimal 20")
def test_4_0_minimal_20_post_creates_related_entities(service: WsgiClient) -> None:
    reply = send(service, "POST", "Tasks(3)/Steps", {"number": 9, "text": "new"})
    assert (reply.status, plain(reply.json)) == (201, {"task_id": 3, "number": 9, "text": "new"})
    assert [step["number"] for step in service.rows("Tasks(3)/Steps")] == [9]
    assert send(service, "POST", "Tasks(3)/Tags", {"id": 9, "name": "new"}).status == 201
    assert (ids(service, "Tasks(3)/Tags"), ids(service, "Tags")) == ([9], [1, 2, 3, 9])


@pytest.mark.conformance("4.0-minimal 21", "4.0-minimal 22", "4.0-minimal 25", "4.01-minimal 19", "4.01-minimal 22")
def test_4_0_minimal_21_links_are_added_set_and_removed(service: WsgiClient) -> None:
    assert send(service, "POST", "Tasks(3)/Tags/$ref", {"@odata.id": "Tags(2)"}).status == 204
    assert send(service, "POST", "Tasks(3)/Tags/$ref", {"@odata.id": f"{service.root}Tags(3)"}).status == 204
    assert ids(service, "Tasks(3)/Tags") == [2, 3]
    assert send(service, "DELETE", "Tasks(3)/Tags/$ref?$id=Tags(2)").status == 204
    assert ids(service, "Tasks(3)/Tags") == [3]
    assert send(service, "DELETE", "Tasks(3)/Tags(3)/$ref").status == 204
    assert (ids(service, "Tasks(3)/Tags"), ids(service, "Tags")) == ([], [1, 2, 3])
    assert send(service, "PUT", "Tasks(3)/owner/$ref", {"@odata.id": "People('ada')"}).status == 204
    assert service.read("Tasks(3)/owner")["id"] == "ada"
    assert send(service, "DELETE", "Tasks(3)/owner/$ref").status == 204
    assert service.get("Tasks(3)/owner").status == 204


@pytest.mark.conformance("4.0-minimal 26")
def test_4_0_minimal_26_an_entity_is_changed_only_in_the_state_that_is_known(service: WsgiClient) -> None:
    tag = service.get("Tags(1)").fields["etag"]
    assert send(service, "PATCH", "Tags(1)", {"name": "first"}, If_Match=tag).status == 204
    for method, body in (("PATCH", {"name": "lost"}), ("PUT", {"name": "lost"}), ("DELETE", None)):
        assert send(service, method, "Tags(1)", body, If_Match=tag).status == 412
    assert service.read("Tags(1)")["name"] == "first"
    assert send(service, "DELETE", "Tags(1)", If_Match=service.get("Tags(1)").fields["etag"]).status == 204


@pytest.mark.conformance("4.0-minimal 28")
def test_4_0_minimal_28_an_answer_without_content_says_which_entity_it_is_about(service: WsgiClient) -> None:
    requests = (("POST", "Tags", {"id": 9, "name": "x"}), ("PUT", "Tags(10)", {"name": "x"}))
    for (method, path, body), key in zip((*requests, ("PATCH", "Tags(11)", {"name": "x"})), (9, 10, 11), strict=True):
        reply = send(service, method, path, body, Prefer="return=minimal")
        assert (reply.status, reply.body) == (204, b"")
        assert reply.fields["odata-entityid"] == reply.fields["location"] == f"{service.root}Tags({key})"


@pytest.mark.conformance("4.0-minimal 29")
def test_4_0_minimal_29_what_is_not_there_is_created(service: WsgiClient) -> None:
    for method, key in (("PATCH", 9), ("PUT", 10)):
        assert send(service, method, f"Tags({key})", {"name": "x"}, If_Match="*").status == 412
        assert send(service, method, f"Tags({key})", {"name": "x"}, If_None_Match="*").status == 201
        assert send(service, method, f"Tags({key})", {"name": "y"}, If_None_Match="*").status == 412
        assert service.read(f"Tags({key})")["name"] == "x"


@pytest.mark.conformance("4.0-minimal 30", "4.0-minimal 31")
def test_4_0_minimal_30_properties_are_written_and_removed_alone(service: WsgiClient) -> None:
    assert send(service, "PUT", "Tasks(1)/title", {"value": "Put"}).status == 204
    assert service.read("Tasks(1)/title")["value"] == "Put"
    assert send(service, "DELETE", "Tasks(1)/title").status == 204
    assert service.read("Tasks(1)")["title"] is None


@pytest.mark.conformance("4.0-minimal 30", "4.0-minimal 31")
def test_4_0_minimal_30_complex_properties_are_written_and_removed_alone(declared: WsgiClient) -> None:
    assert send(declared, "PATCH", "Tasks(2)/place", {"city": "Rome"}).status == 204
    assert declared.read("Tasks(2)")["place"] == {"street": "Street 2", "city": "Rome"}
    assert send(declared, "PUT", "Tasks(2)/place", {"street": "New"}).status == 204
    assert declared.read("Tasks(2)")["place"] == {"street": "New", "city": None}
    assert send(declared, "DELETE", "Tasks(2)/place").status == 204
    assert declared.read("Tasks(2)")["place"] is None


@pytest.mark.conformance("4.0-minimal 32", "4.01-minimal 21", "4.01-minimal 27")
def test_4_0_minimal_32_entities_are_inserted_with_others_and_answered_as_asked(service: WsgiClient) -> None:
    task = {"id": 30, "title": "T", "Steps": [{"number": 1, "text": "a"}], "owner": {"id": "new", "name": "N"}}
    if "status" in service.read("Tasks(1)"):
        task |= TASK
    reply = send(service, "POST", "Tasks?$select=id&$expand=Steps,owner($select=name)", task)
    assert reply.status == 201
    assert plain(reply.json).keys() == {"id", "Steps", "owner"}
    assert [plain(step) for step in reply.json["Steps"]] == [{"task_id": 30, "number": 1, "text": "a"}]
    assert reply.json["owner"]["name"] == "N"
    assert service.read("Tasks(30)")["owner_id"] == "new"


@pytest.mark.feature("F-ODATA-36")
@pytest.mark.conformance("4.01-minimal 20", "4.01-minimal 21")
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_4_01_minimal_20_a_nested_collection_is_all_that_an_entity_is_related_to(
    service: WsgiClient, method: str
) -> None:
    steps = [{"number": 1, "text": "first"}, {"number": 2, "text": "second"}]
    task = {"id": 30, "title": "T", "Steps": steps, "Tags@odata.bind": ["Tags(1)", "Tags(2)"]}
    task |= TASK if "status" in service.read("Tasks(1)") else {}
    assert send(service, "POST", "Tasks", task).status == 201
    tags = [{"@id": "Tags(2)"}, {"id": 3, "name": "renamed"}, {"id": 10, "name": "new"}]
    steps = [*steps[:1], {"number": 2, "text": "changed"}, {"number": 3, "text": "third"}]
    given = {
        **{name: task[name] for name in task if name not in ("id", "Tags@odata.bind")},
        "Steps": steps,
        "Tags": tags,
    }
    reply = send(service, method, "Tasks(30)", given, Prefer="return=representation")
    assert reply.status == 200, reply.text
    assert [plain(step) for step in service.rows("Tasks(30)/Steps")] == [{"task_id": 30, **step} for step in steps]
    assert sorted(ids(service, "Tasks(30)/Tags")) == [2, 3, 10]
    assert (service.read("Tags(3)")["name"], service.read("Tags(1)")["id"]) == ("renamed", 1)
    assert send(service, method, "Tasks(30)", given).status == 204  # and once more, which changes nothing
    assert sorted(ids(service, "Tasks(30)/Tags")) == [2, 3, 10]
    assert send(service, "PATCH", "Tasks(30)", {"Tags": []}).status == 204
    assert ids(service, "Tasks(30)/Tags") == []


@pytest.mark.conformance("4.01-minimal 21")
def test_4_01_minimal_21_a_nested_collection_that_cannot_be_is_refused_whole(service: WsgiClient) -> None:
    assert send(service, "POST", "Tasks(3)/Steps", {"number": 1, "text": "must stay"}).status == 201
    before = [service.read(path) for path in ("Tasks(3)?$expand=*", "Tags", "Steps")]
    # A step cannot be without its task, so that leaving it out cannot be done.
    for given in ({"title": "x", "Steps": []}, {"title": "x", "Tags": [{"id": 1, "name": "x"}, {"@id": "Tags(99)"}]}):
        assert send(service, "PATCH", "Tasks(3)", given).status in (404, 409)
        assert [service.read(path) for path in ("Tasks(3)?$expand=*", "Tags", "Steps")] == before


@pytest.mark.feature("F-ODATA-36")
@pytest.mark.conformance("4.01-minimal 22")
def test_4_01_minimal_22_all_references_are_set_at_once(service: WsgiClient) -> None:
    for numbers in ([1, 3], [3, 2], [3, 2], []):
        given = {"value": [{"@odata.id": f"Tags({number})"} for number in numbers]}
        assert send(service, "PUT", "Tasks(3)/Tags/$ref", given).status == 204
        assert sorted(ids(service, "Tasks(3)/Tags")) == sorted(numbers)
    assert (
        send(service, "PUT", "Tasks(3)/Tags/$ref", {"value": [{"@id": "Tags(1)"}, {"@id": "Tags(99)"}]}).status == 404
    )
    assert send(service, "PUT", "Tasks(3)/Tags/$ref", {"@id": "Tags(1)"}).status == 400
    assert ids(service, "Tasks(3)/Tags") == []


@pytest.mark.conformance("4.01-minimal 25")
def test_4_01_minimal_25_post_creates_in_a_set_that_is_cast(service: WsgiClient) -> None:
    assert send(service, "POST", "Tags/lab.Tags", {"id": 9, "name": "new"}).status == 201
    assert ids(service, "Tags") == [1, 2, 3, 9]


# --- what is not offered says so


def refused(client: WsgiClient, changes: list[tuple[str, str, str, int]]) -> list[str]:
    """What is wrong with the answers to changes that are not offered."""
    faults = []
    for method, path, body, status in changes:
        fields = {"Content-Type": "application/json"} if body else {}
        reply = client.request(method, path, fields, body.encode())
        if reply.status != status or not reply.json["error"]["message"]:
            faults.append(f"{method} {path}: {reply.status} {reply.text[:200]}")
    return faults


@pytest.mark.parametrize("name", NOT_OFFERED_CHANGES)
def test_changes_that_are_not_offered_are_refused_as_such(declared: WsgiClient, name: str) -> None:
    before = [declared.read(path) for path in ("Tasks?$expand=*", "Tags", "Steps")]
    assert refused(declared, NOT_OFFERED_CHANGES[name]) == []
    assert [declared.read(path) for path in ("Tasks?$expand=*", "Tags", "Steps")] == before


@pytest.mark.conformance("4.01-minimal 9.4")
@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_4_01_minimal_9_4_an_action_without_parameters_takes_an_empty_object_or_no_body(
    kind: str, tmp_path: Path
) -> None:
    with ExitStack() as opened:
        path = str(lab.in_sqlite(tmp_path / "lab.db"))
        store = lab.in_memory() if kind == "memory" else opened.enter_context(open_store(path))
        client = client_of(store, read_only=False, operations=workshop.operations())
        for body in ({}, None):
            assert send(client, "PATCH", "Tags(1)", {"name": "other"}).status == 204
            assert send(client, "POST", "Reset", body).status == 204
            assert client.read("Tags(1)")["name"] == "tag 1"
    zoo_client = client_of(zoo.in_memory(), read_only=False, operations=zoo.operations())
    assert [send(zoo_client, "POST", "Feed", body).status for body in ({}, None)] == [204, 204]
    assert zoo_client.read("Animals(1)")["nicks"] == ["Tommy", "fed", "fed"]
    assert send(client_of(zoo.in_memory(), read_only=False), "POST", "Feed").status == 501  # nothing does it


@pytest.mark.parametrize("name", NOT_OFFERED_CHANGES_IN_ZOO)
def test_changes_that_are_not_offered_in_other_models_are_refused_as_such(name: str) -> None:
    client = client_of(zoo.in_memory(), read_only=False)
    before = client.rows("Animals")
    assert refused(client, NOT_OFFERED_CHANGES_IN_ZOO[name]) == []
    assert client.rows("Animals") == before
