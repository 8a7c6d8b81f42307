"""The reading part of the OData conformance levels, requirement by requirement (odata/conformance/levels.json).

Each test and each case names the requirements it is about, as ``level number``. What is not offered must say so: 501.
`test_conformance_page` sees to it that every requirement has its verdict, and that no page says more than tests prove.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from acceptance_support import lab, workshop, zoo
from acceptance_support.databases import World
from acceptance_support.http import WsgiClient
from acceptance_support.metadata import read_metadata
from acceptance_support.requirements import (
    DECLARED_QUERIES,
    EXPANDS,
    NOT_OFFERED,
    QUERIES,
)
from acceptance_support.serving import client_of

from demotic.model import read_xml
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store
from demotic.testing.stores import gallery


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, WsgiClient]]:
    path = lab.in_sqlite(tmp_path_factory.mktemp("lab") / "lab.db")
    with open_store(str(path)) as store:
        yield {"memory": client_of(lab.in_memory()), "sqlite": client_of(store)}


@pytest.fixture(params=["memory", "sqlite"])
def service(request: pytest.FixtureRequest, stores: dict[str, WsgiClient]) -> WsgiClient:
    """The lab over each kind of store."""
    return stores[request.param]


@pytest.fixture
def declared(stores: dict[str, WsgiClient]) -> WsgiClient:
    """The lab over the model in code, which has an enumeration and a complex property."""
    return stores["memory"]


def ids(client: WsgiClient, query: str) -> list[int]:
    """The ids of the tasks that a query gives, in its order."""
    return [row["id"] for row in client.read(f"Tasks?{query}")["value"]]


# --- documents, formats, headers


@pytest.mark.conformance("4.0-minimal 1")
def test_4_0_minimal_1_the_root_answers_with_a_service_document(service: WsgiClient) -> None:
    document = service.read("")
    assert document["@odata.context"].endswith("/$metadata")
    assert [(s["name"], s["kind"], s["url"]) for s in sorted(document["value"], key=lambda s: str(s["name"]))] == [
        (name, "EntitySet", name) for name in ("People", "Steps", "Tags", "Tasks")
    ]


@pytest.mark.conformance("4.0-minimal 2", "4.0-intermediate 9", "4.0-advanced 3", "4.01-minimal 2")
def test_4_0_minimal_2_data_comes_in_the_odata_json_format(service: WsgiClient) -> None:
    task = service.read("Tasks(1)")
    assert {name: task[name] for name in ("id", "title", "due", "at", "clock", "effort", "done", "owner_id")} == {
        "id": 1,
        "title": "Ask",
        "due": "2024-01-28",
        "at": "2024-01-01T12:30:01Z",
        "clock": "01:15:00",
        "effort": "PT1H30M",
        "done": False,
        "owner_id": "ada",
    }
    assert task["code"] == "00000000-0000-0000-0000-000000000001"
    assert (task["price"], task["weight"]) == (Decimal("0.1"), Decimal("0.25"))
    assert task["@odata.context"] == f"{service.root}$metadata#Tasks/$entity"
    exact = service.read("Tasks(1)", {"Accept": "application/json;IEEE754Compatible=true"})
    assert (exact["id"], exact["price"], exact["weight"]) == ("1", "0.1", Decimal("0.25"))
    collection = service.read("Tasks?$top=2")
    assert collection["@odata.context"] == f"{service.root}$metadata#Tasks"
    assert [row["id"] for row in collection["value"]] == [1, 2]


@pytest.mark.feature("F-ODATA-10")
@pytest.mark.conformance("4.0-minimal 2", "4.0-minimal 9", "client-interoperable 15")
def test_4_0_minimal_9_control_information_is_as_much_as_was_asked_for(service: WsgiClient) -> None:
    def names(level: str) -> set[str]:
        row = service.read("Tasks?$top=1", {"Accept": f"application/json;odata.metadata={level}"})["value"][0]
        return {name for name in row if "@" in name}

    assert names("none") == names("minimal") == set()
    assert {"@odata.id", "@odata.type", "due@odata.type", "owner@odata.navigationLink"} <= names("full")
    plain = service.read("Tasks?$top=1", {"Accept": "application/json;odata.metadata=none"})
    assert set(plain) == {"value"}
    full = service.read("Tasks(1)", {"Accept": "application/json;odata.metadata=full"})
    assert (full["due@odata.type"], full["at@odata.type"]) == ("#Date", "#DateTimeOffset")
    owner = service.read(full["owner@odata.navigationLink"])
    assert owner["id"] == "ada"


@pytest.mark.feature("F-ODATA-09")
@pytest.mark.spec("OD-271")
@pytest.mark.conformance("4.0-minimal 3")
@pytest.mark.parametrize("query", ["", "$filter=id gt 1", "$orderby=title desc", "$orderby=done,due desc", "$top=7"])
def test_4_0_minimal_3_partial_results_carry_a_next_link(service: WsgiClient, query: str) -> None:
    whole = [row["id"] for row in service.rows(f"Tasks?{query}")]
    assert len(whole) >= 7
    pages = list(service.pages(f"Tasks?{query}", {"Prefer": "maxpagesize=3"}))
    assert [len(page) for page in pages] == [3] * (len(whole) // 3) + [len(whole) % 3] * (len(whole) % 3 > 0)
    assert [row["id"] for page in pages for row in page] == whole


@pytest.mark.conformance("4.0-minimal 4")
@pytest.mark.parametrize(
    "path", ["", "$metadata", "Tasks", "Tasks(1)", "Tasks(99)", "Tasks/$count", "Nothing", "Tasks?$x=1"]
)
def test_4_0_minimal_4_every_response_says_its_version(service: WsgiClient, path: str) -> None:
    assert service.get(path).fields["odata-version"] == ("4.0" if path == "$metadata" else "4.01")
    assert service.get(path, {"OData-MaxVersion": "4.0"}).fields["odata-version"] == "4.0"


ACCEPTED = {
    "application/json": "odata.metadata=minimal",
    "*/*": "odata.metadata=minimal",
    "application/*;q=0.1": "odata.metadata=minimal",
    "application/json;odata.metadata=none": "odata.metadata=none",
    "application/json;metadata=full": "metadata=full",
    "application/json;odata.metadata=full;q=0.1, application/json;odata.metadata=none;q=0.9": "metadata=none",
    "text/html, application/json;q=0.5": "odata.metadata=minimal",
    "application/json;IEEE754Compatible=true": "IEEE754Compatible=true",
}


@pytest.mark.conformance("4.0-minimal 5.1")
def test_4_0_minimal_5_1_accept_is_honoured_or_refused(service: WsgiClient) -> None:
    for accept, parameter in ACCEPTED.items():
        reply = service.get("Tasks?$top=1", {"Accept": accept})
        assert reply.status == 200, accept
        assert reply.fields["content-type"].startswith("application/json;"), accept
        assert parameter in reply.fields["content-type"], accept
    for accept in ("image/png", "application/json;q=0", "application/xml", "application/json;odata.metadata=some"):
        assert service.get("Tasks?$top=1", {"Accept": accept}).status == 406, accept
    assert service.get("Tasks?$top=1&$format=json", {"Accept": "image/png"}).status == 200
    assert service.get("Tasks?$top=1&$format=application/json;odata.metadata=none").json.keys() == {"value"}
    assert service.get("Tasks?$format=xml").status == 406


@pytest.mark.feature("F-ODATA-13")
@pytest.mark.conformance("4.0-minimal 5.2", "4.01-minimal 17")
def test_4_0_minimal_5_2_the_greatest_version_is_honoured_or_refused(service: WsgiClient) -> None:
    versions = {"4.0": "4.0", "4.01": "4.01", "5.0": "4.01"}
    for asked, given in versions.items():
        reply = service.get("Tasks(1)", {"OData-MaxVersion": asked})
        assert (reply.status, reply.fields["odata-version"]) == (200, given)
    refused = service.get("Tasks(1)", {"OData-MaxVersion": "3.0"})
    assert (refused.status, refused.json["error"]["target"]) == (400, "OData-MaxVersion")
    assert service.get("Tasks(1)").fields["odata-version"] == "4.01"


@pytest.mark.feature("F-ODATA-02")
@pytest.mark.conformance("4.0-minimal 5.2")
def test_4_0_minimal_5_2_the_metadata_is_of_the_version_asked_for(northwind: World) -> None:
    for version in ("4.0", "4.01"):
        reply = northwind.client.get("$metadata", {"OData-MaxVersion": version})
        assert ET.fromstring(reply.body).get("Version") == version == reply.fields["odata-version"]
        scales = {element.get("Scale") for element in ET.fromstring(reply.body).iter()} - {None}
        assert scales == {"variable" if version == "4.0" else "floating"}  # 4.0 does not know the latter
        in_json = {"OData-MaxVersion": version, "Accept": "application/json"}
        assert northwind.client.read("$metadata", in_json)["$Version"] == version


@pytest.mark.spec("OD-270")
@pytest.mark.conformance("4.0-minimal 6")
def test_4_0_minimal_6_unknown_options_and_fields_are_treated_as_the_rules_of_extension_say(
    service: WsgiClient,
) -> None:
    for path in ("Tasks?$foo=1", "Tasks?$FILTERS=id eq 1", "Tasks?$expand=Steps($foo=1)", "Tasks(1)?$nope"):
        assert service.get(path).status in (400, 501), path
    plain = service.read("Tasks?$top=1")
    assert service.read("Tasks?$top=1&foo=1&session=$x&a.b=c", {"X-Whatever": "1", "Prefer": "what-ever; a=b"}) == plain


@pytest.mark.conformance("4.0-minimal 8")
def test_4_0_minimal_8_only_types_of_csdl_are_exposed(service: WsgiClient) -> None:
    document = service.get("$metadata").body
    known = {"Binary", "Boolean", "Byte", "Date", "DateTimeOffset", "Decimal", "Double", "Duration", "Guid", "Int16"}
    known |= {"Int32", "Int64", "SByte", "Single", "String", "TimeOfDay"}
    own = {name for element in ET.fromstring(document).iter() if (name := element.get("Name"))}
    types = {
        item.get("Type", "").removeprefix("Collection(").removesuffix(")") for item in ET.fromstring(document).iter()
    }
    assert {name.removeprefix("Edm.") for name in types if name.startswith("Edm.")} <= known
    assert {name.rpartition(".")[2] for name in types if name and not name.startswith("Edm.")} <= own


@pytest.mark.conformance("4.0-minimal 9")
def test_4_0_minimal_9_a_client_that_knows_no_annotations_reads_all(service: WsgiClient) -> None:
    rows, following = [], "Tasks"
    while following:
        document = service.read(following, {"Accept": "application/json", "Prefer": "maxpagesize=5"})
        rows += document["value"]
        following = document.get("@odata.nextLink")
    assert [row["id"] for row in rows] == [task["id"] for task in lab.TASKS]
    assert [row["title"] for row in rows] == [task["title"] for task in lab.TASKS]


@pytest.mark.feature("F-ODATA-02")
@pytest.mark.conformance("4.0-minimal 13", "4.0-intermediate 8", "4.0-advanced 2", "4.01-minimal 10", "4.01-advanced 6")
def test_4_0_minimal_13_metadata_is_published_in_xml_and_in_json(service: WsgiClient) -> None:
    reply = service.get("$metadata")
    assert reply.fields["content-type"].startswith("application/xml")
    metadata = read_metadata(reply.body)
    assert metadata.sets["Steps"].key == ("task_id", "number")
    assert metadata.sets["Tasks"].navigation["Tags"].collection
    assert metadata.bindings["Tasks"] == {"owner": "People", "Steps": "Steps", "Tags": "Tags"}
    for path, fields in (("$metadata?$format=json", {}), ("$metadata", {"Accept": "application/json"})):
        reply = service.get(path, fields)
        assert reply.fields["content-type"].startswith("application/json")
        assert reply.json["lab"]["Steps"]["$Key"] == ["task_id", "number"]
        assert reply.json["lab"]["Tasks"]["due"] == {"$Type": "Edm.Date", "$Nullable": True}


@pytest.mark.conformance("4.0-minimal 14", "4.01-minimal 4")
def test_4_0_minimal_14_preferences_and_parameters_go_with_and_without_the_prefix(service: WsgiClient) -> None:
    for version in ("4.0", "4.01"):
        for preference in ("odata.maxpagesize=2", "maxpagesize=2"):
            reply = service.get("Tasks", {"Prefer": preference, "OData-MaxVersion": version})
            assert len(reply.json["value"]) == 2
            assert reply.fields["preference-applied"] in ("odata.maxpagesize=2", "maxpagesize=2")
        for parameter in ("odata.metadata=none", "metadata=none"):
            fields = {"Accept": f"application/json;{parameter}", "OData-MaxVersion": version}
            assert set(service.read("Tasks(1)?$select=id", fields)) == {"id"}


# --- queries


@pytest.mark.feature("F-ODATA-05", "F-ODATA-06")
@pytest.mark.parametrize(("names", "query", "expected"), QUERIES, ids=[f"{name}: {q}" for name, q, _ in QUERIES])
def test_a_query_gives_these_tasks(service: WsgiClient, names: str, query: str, expected: list[int]) -> None:
    assert ids(service, query) == expected, names


@pytest.mark.parametrize(("names", "query", "expected"), DECLARED_QUERIES)
def test_a_query_on_what_a_model_in_code_declares(
    declared: WsgiClient, names: str, query: str, expected: list[int]
) -> None:
    assert ids(declared, query) == expected, names


# --- shaping: select, expand, count


@pytest.mark.feature("F-ODATA-07")
@pytest.mark.conformance("4.0-intermediate 3")
def test_4_0_intermediate_3_select_gives_the_properties_asked_for(service: WsgiClient) -> None:
    assert service.read("Tasks?$select=id,title&$top=1")["value"] == [{"id": 1, "title": "Ask"}]
    whole = service.read("Tasks?$top=1")["value"]
    assert service.read("Tasks?$select=*&$top=1")["value"] == whole
    one = service.read("Tasks(2)?$select=title")
    assert {name: value for name, value in one.items() if "@" not in name} == {"title": "build"}
    assert service.read("Tasks?$select=id,title")["@odata.context"].endswith("$metadata#Tasks(id,title)")


@pytest.mark.conformance("4.0-intermediate 6")
def test_4_0_intermediate_6_raw_values_of_properties(service: WsgiClient) -> None:
    expected = {
        "title": "Ask",
        "due": "2024-01-28",
        "at": "2024-01-01T12:30:01Z",
        "effort": "PT1H30M",
        "done": "false",
        "price": "0.1",
        "code": "00000000-0000-0000-0000-000000000001",
    }
    for name, text in expected.items():
        reply = service.get(f"Tasks(1)/{name}/$value")
        assert (reply.status, reply.text) == (200, text), name
        assert reply.fields["content-type"].startswith("text/plain")
    assert service.get("Tasks(3)/due/$value").status == 204
    assert service.get("Tasks(99)/due/$value").status == 404
    assert service.read("Tasks(1)/due")["value"] == "2024-01-28"
    assert service.get("Tasks(3)/due").status == 204


@pytest.fixture(params=["memory", "sqlite"])
def photos(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WsgiClient]:
    """Media entities over each kind of store that keeps media."""
    model = gallery()
    if request.param == "sqlite":
        create_tables(tmp_path / "gallery.db", model)
    with MemoryStore(model) if request.param == "memory" else open_store(tmp_path / "gallery.db", model=model) as store:
        yield client_of(store, read_only=False)


@pytest.mark.feature("F-MEDIA-04")
@pytest.mark.conformance("4.0-intermediate 6")
def test_4_0_intermediate_6_the_content_of_media_entities(photos: WsgiClient) -> None:
    content, fields = bytes(range(256)) * 3000, {"Content-Type": "image/png"}
    made = photos.request("POST", "Photo", fields, content)
    assert (made.status, made.json["@odata.mediaContentType"]) == (201, "image/png")
    assert made.fields["location"] == f"{photos.root}Photo(1)"
    reply = photos.get(made.json["@odata.mediaReadLink"])
    assert (reply.status, reply.body, reply.fields["content-type"]) == (200, content, "image/png")
    assert reply.fields["etag"] == photos.read("Photo(1)")["@odata.mediaEtag"]
    assert photos.get("Photo(1)/$value", {"If-None-Match": reply.fields["etag"]}).status == 304
    changed = photos.request("PUT", "Photo(1)/$value", {**fields, "If-Match": reply.fields["etag"]}, b"new")
    assert changed.status == 204 and photos.get("Photo(1)/$value").body == b"new"
    assert photos.request("PUT", "Photo(1)/$value", {**fields, "If-Match": reply.fields["etag"]}, b"no").status == 412
    assert photos.get("Photo(2)/$value").status == 404
    assert photos.request("DELETE", "Photo(1)").status == 204
    assert photos.get("Photo(1)/$value").status == 404


@pytest.mark.feature("F-ODATA-06")
@pytest.mark.conformance("4.0-intermediate 13", "4.0-advanced 7")
def test_4_0_intermediate_13_count_comes_with_the_collection(service: WsgiClient) -> None:
    assert service.read("Tasks?$count=true&$top=2&$filter=id gt 2")["@odata.count"] == 6
    assert "@odata.count" not in service.read("Tasks?$count=false")
    first = service.read("Tasks?$count=true", {"Prefer": "maxpagesize=3"})
    assert (first["@odata.count"], len(first["value"])) == (8, 3)


@pytest.mark.conformance("4.0-intermediate 16", "4.0-advanced 4")
def test_4_0_intermediate_16_the_count_segment_counts_sets_and_navigation(service: WsgiClient) -> None:
    counts = {
        "Tasks/$count": "8",
        "Tasks/$count?$filter=done eq true": "3",
        "Tasks(1)/Steps/$count": "3",
        "Tasks(3)/Steps/$count": "0",
        "Tasks(1)/Tags/$count?$filter=name eq 'red'": "1",
        "People('ada')/People('bo%2Fb')/Tasks/$count": "3",
        "Tasks/$count?$top=2&$skip=1&$orderby=id desc&$expand=Steps&$filter=id gt 3": "5",
    }
    for path, number in counts.items():
        reply = service.get(path)
        assert (reply.status, reply.text) == (200, number), path
        assert reply.fields["content-type"].startswith("text/plain")
    assert service.get("Tasks(99)/Steps/$count").status == 404


@pytest.mark.conformance("4.0-minimal 12", "4.0-intermediate 14")
def test_4_0_minimal_12_expand_gives_related_entities_inside(service: WsgiClient) -> None:
    rows = service.read("Tasks?$expand=owner,Steps,Tags($select=name)&$select=id&$top=3")["value"]
    assert [(row["id"], row["owner"] and row["owner"]["name"]) for row in rows] == [(1, "Ada"), (2, "Bo B."), (3, None)]
    assert [[step["number"] for step in row["Steps"]] for row in rows] == [[1, 2, 3], [1, 2, 3], []]
    assert [sorted(tag["name"] for tag in row["Tags"]) for row in rows] == [["green", "red"], ["red"], []]
    deep = service.read("Steps(task_id=2,number=1)?$expand=task($expand=owner($expand=boss($expand=People)))")
    assert [person["id"] for person in deep["task"]["owner"]["boss"]["People"]] == ["bo/b", "c\\d"]
    everything = service.read("Tasks(1)?$expand=*")
    assert everything["owner"]["id"] == "ada"
    assert (len(everything["Steps"]), len(everything["Tags"])) == (3, 2)


@pytest.mark.feature("F-ODATA-07")
@pytest.mark.parametrize(("names", "options", "expected"), EXPANDS)
def test_options_inside_expand_hold_for_each_parent(
    service: WsgiClient, names: str, options: str, expected: list[Any]
) -> None:
    inside, _, alias = options.partition("&")
    document = service.read(f"Tasks?$select=id&$top=3&$expand=Steps({inside})" + (f"&{alias}" if alias else ""))
    found = []
    for row in document["value"]:
        numbers = [step["number"] for step in row["Steps"]]
        found.append((row["Steps@odata.count"], numbers) if "Steps@odata.count" in row else numbers)
    assert found == expected, names


@pytest.mark.conformance("4.0-advanced 16", "4.01-intermediate 8", "4.01-advanced 4", "4.0-advanced 9.9")
def test_4_01_advanced_4_what_is_computed_can_be_selected(service: WsgiClient) -> None:
    rows = service.read("Tasks?$compute=id add 1 as x&$select=id,x&$top=2")["value"]
    assert [(row["id"], row["x"]) for row in rows] == [(1, 2), (2, 3)]
    (row,) = service.read("Tasks?$expand=Steps($compute=number mul 2 as y;$select=number,y)&$top=1")["value"]
    assert [(step["number"], step["y"]) for step in row["Steps"]] == [(1, 2), (2, 4), (3, 6)]


@pytest.mark.conformance("4.01-minimal 16")
def test_4_01_minimal_16_collections_of_all_kinds_can_be_searched(service: WsgiClient) -> None:
    searches = {
        'Tasks(1)/Steps?$search="2 of"': ["step 2 of 1"],
        'Steps?$search="2 of"': ["step 2 of 1", "step 2 of 2", "step 2 of 5"],
        "People('ada')/Tasks(1)/Steps?$search=1 AND 3": ["step 3 of 1"],
    }
    for path, texts in searches.items():
        assert [row["text"] for row in service.read(path)["value"]] == texts, path
    assert service.get('Steps/$count?$search="2 of"').text == "3"


def chain(person: dict[str, Any]) -> list[str]:
    """The ids of a person and of those above."""
    return [person["id"], *(chain(person["boss"]) if person.get("boss") else [])]


@pytest.mark.conformance("4.0-advanced 9.8")
def test_4_0_advanced_9_8_levels_expand_the_same_navigation_again(service: WsgiClient) -> None:
    above = {"ada": ["ada"], "bo/b": ["bo/b", "ada"], "c\\d": ["c\\d", "ada"]}
    above[lab.PEOPLE[3]["id"]] = [lab.PEOPLE[3]["id"], "bo/b", "ada"]
    for levels, most in (("1", 2), ("2", 3), ("max", 9)):
        rows = service.read(f"People?$expand=boss($levels={levels})")["value"]
        assert {row["id"]: chain(row) for row in rows} == {name: ids[:most] for name, ids in above.items()}, levels


def test_a_cast_to_the_type_that_everything_has_changes_nothing(service: WsgiClient) -> None:
    assert service.rows("Tasks/lab.Tasks?$filter=lab.Tasks/id lt 3") == service.rows("Tasks?$filter=id lt 3")
    assert service.get("Tasks/lab.Tasks/$count").text == "8"
    assert service.read("Tasks(1)/lab.Tasks/title")["value"] == "Ask"
    for path in ("Tasks/lab.Steps", "Tasks(1)/lab.Steps", "Tasks/lab.Nothing"):
        assert service.get(path).status == 404, path


# --- URLs


@pytest.mark.feature("F-ODATA-03")
@pytest.mark.conformance("4.0-advanced 12")
def test_4_0_advanced_12_resource_paths_in_all_forms_that_are_offered(service: WsgiClient) -> None:
    same = [
        "Steps(task_id=1,number=2)",
        "Steps(number=2,task_id=1)",
        "Tasks(1)/Steps(task_id=1,number=2)",
        "Tasks(id=1)/Steps(task_id=1,number=2)",
        "People('ada')/Tasks(1)/Steps(task_id=1,number=2)",
        "Steps(task_id=@t,number=@n)?@t=1&@n=2",
        "Steps%28task_id%3D1%2Cnumber%3D2%29",
    ]
    for path in same:
        found = service.read(path)
        assert (found["task_id"], found["number"], found["text"]) == (1, 2, "step 2 of 1"), path
    assert service.read("Steps(task_id=1,number=2)/task/owner/name")["value"] == "Ada"
    assert service.get("Tasks(3)/owner").status == 204
    assert service.get("Tasks(3)/owner/name").status == 404
    for path, status in {"Tasks(99)": 404, "Tasks(99)/Steps": 404, "Tasks(1)/Steps(task_id=2,number=1)": 404}.items():
        assert service.get(path).status == status, path


@pytest.mark.conformance("4.01-minimal 8", "4.01-minimal 11")
def test_4_01_minimal_8_identifiers_come_in_the_case_of_the_metadata(service: WsgiClient) -> None:
    metadata = read_metadata(service.get("$metadata").body)
    for name, kind in metadata.sets.items():
        row = service.read(f"{name}?$top=1&$EXPAND=*")["value"][0]
        assert {item for item in row if "@" not in item} == set(kind.properties) | set(kind.navigation)
        folded = [item.casefold() for item in (*kind.properties, *kind.navigation)]
        assert len(set(folded)) == len(folded)


@pytest.mark.conformance("4.01-minimal 9")
def test_4_01_minimal_9_old_and_new_syntax_go_whatever_the_version(service: WsgiClient) -> None:
    for version in ("4.0", "4.01"):
        for query in ("$filter=id eq 1", "filter=id eq 1", "$filter=id in (1)", "$filter=effort lt 'PT2H'"):
            rows = service.read(f"Tasks?{query}", {"OData-MaxVersion": version})["value"]
            assert [row["id"] for row in rows] == [1], (version, query)


@pytest.mark.feature("F-ODATA-08")
@pytest.mark.conformance("4.01-minimal 9.6")
def test_4_01_minimal_9_6_aliases_carry_keys_with_slashes(service: WsgiClient) -> None:
    for key in ("bo/b", "c\\d"):
        assert service.read(f"People(@key)?@key='{key}'")["id"] == key
    for person in lab.PEOPLE:
        found = service.read(f"People('{quote(person['id'], safe='')}')")
        assert (found["id"], found["name"]) == (person["id"], person["name"])
        full = {"Accept": "application/json;odata.metadata=full"}
        by_id = service.read(f"People('{quote(person['id'], safe='')}')", full)["@odata.id"]
        assert service.read(by_id)["name"] == person["name"]


@pytest.mark.conformance("4.01-minimal 9.12")
def test_4_01_minimal_9_12_keys_may_be_segments_where_a_service_takes_them() -> None:
    client = client_of(lab.in_memory(), key_as_segment=True)
    assert client.read("Tasks/1") == client.read("Tasks(1)")
    assert b"KeyAsSegmentSupported" in client.get("$metadata").body


@pytest.mark.conformance("4.01-minimal 13")
def test_4_01_minimal_13_metadata_says_what_is_offered(service: WsgiClient) -> None:
    document = ET.fromstring(service.get("$metadata").body)
    said = {item.get("Term", "").rpartition(".")[2]: item for item in document.iter() if "Term" in item.attrib}
    assert {"FilterFunctions", "InsertRestrictions", "UpdateRestrictions", "DeleteRestrictions"} <= set(said)
    assert "contains" in {item.text for item in said["FilterFunctions"].iter()}


@pytest.mark.conformance("4.01-minimal 5")
def test_4_01_minimal_5_a_schema_version_that_is_not_the_published_one_is_refused() -> None:
    model = read_xml(zoo.MODEL.replace("<EntityContainer", zoo.VERSION + "<EntityContainer").encode())
    client = client_of(MemoryStore(model))
    assert b"SchemaVersion" in client.get("$metadata").body
    assert {client.get(f"Animals?$schemaversion={text}").status for text in ("7", "*")} == {200}
    for path in ("Animals", "Animals(1)", "Animals/$count", "$metadata"):
        reply = client.get(f"{path}?$schemaversion=8")
        assert (reply.status, reply.json["error"]["target"]) == (404, "$schemaversion")
    assert client_of(zoo.in_memory()).get("Animals?$schemaversion=1").status == 501  # none is published


@pytest.mark.conformance("4.01-minimal 12")
def test_4_01_minimal_12_metadata_says_which_versions_are_spoken(service: WsgiClient) -> None:
    document = ET.fromstring(service.get("$metadata").body)
    said = {item.get("Term"): item.get("String") for item in document.iter() if "Term" in item.attrib}
    assert said["Core.ODataVersions"] == "4.0 4.01"


# --- operations


@pytest.fixture(params=["memory", "sqlite"])
def workshop_service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WsgiClient]:
    """The lab with operations, over each kind of store."""
    if request.param == "memory":
        yield client_of(lab.in_memory(), operations=workshop.operations())
        return
    with open_store(str(lab.in_sqlite(tmp_path / "lab.db"))) as store:
        yield client_of(store, operations=workshop.operations())


@pytest.mark.conformance("4.01-minimal 9.3")
def test_4_01_minimal_9_3_parentheses_without_parameters_may_be_left_out(workshop_service: WsgiClient) -> None:
    for name in ("Opened", "Heaviest", "Tasks(1)/lab.StepTexts", "Tasks/lab.Weight"):
        assert workshop_service.read(name) == workshop_service.read(f"{name}()")
    assert workshop_service.read("Opened")["value"] is True
    # A model in CSDL, with functions registered for what it declares.
    client = client_of(zoo.in_memory(), operations=zoo.operations())
    assert client.read("Opened")["value"] is client.read("Opened()")["value"] is True


@pytest.mark.conformance("4.01-minimal 9.5")
def test_4_01_minimal_9_5_operations_of_a_default_namespace_need_no_namespace(workshop_service: WsgiClient) -> None:
    document = workshop_service.get("$metadata").text
    assert "Core.DefaultNamespace" in document
    for path in ("Tasks(1)/{}StepTexts()", "Tasks(2)/owner/Tasks/{}Weight(above=0.5)", "Heaviest()(7)/{}Others/$count"):
        plain, qualified = (workshop_service.get(path.format(prefix)) for prefix in ("", "lab."))
        assert (plain.status, plain.body) == (200, qualified.body)
    client = client_of(zoo.in_memory(), operations=zoo.operations())  # where there is no default namespace
    assert [client.get(f"Animals(1)/{name}()").status for name in ("zoo.Friends", "Friends")] == [200, 404]


@pytest.mark.conformance("4.01-minimal 9.7")
def test_4_01_minimal_9_7_arguments_may_be_query_options(workshop_service: WsgiClient) -> None:
    for implicit, explicit in (
        ("Sum?a=1&b=2", "Sum(a=1,b=2)"),
        ("Sum?@a=1&@b=2", "Sum(a=1,b=2)"),
        ("Sum(a=1)?b=2", "Sum(a=1,b=2)"),
        ("Sum()?numbers=[1,2]", "Sum(numbers=@n)?@n=[1,2]"),
        ("Heaviest?most=2&$select=id", "Heaviest(most=2)?$select=id"),
        ("Tasks/Weight?above=1", "Tasks/lab.Weight(above=@x)?@x=1"),
    ):
        assert workshop_service.read(implicit) == workshop_service.read(explicit)


@pytest.mark.conformance("4.01-advanced 10")
def test_4_01_advanced_10_a_name_in_another_case_is_told_the_right_one(service: WsgiClient) -> None:
    for path, status, right in (("tasks", 404, "Tasks"), ("Tasks?$filter=ID eq 1", 400, "id")):
        reply = service.get(path)
        assert reply.status == status
        assert f"did you mean {right}?" in reply.json["error"]["message"]


# --- batches


@pytest.mark.conformance("4.0-advanced 11", "4.01-advanced 7")
def test_4_0_advanced_11_batches_are_answered_as_multipart_and_as_json(service: WsgiClient) -> None:
    wanted = ["Tasks(1)?$select=title", "People/$count", "Nowhere"]
    parts = "".join(f"--b\r\nContent-Type: application/http\r\n\r\nGET {u} HTTP/1.1\r\n\r\n\r\n" for u in wanted)
    reply = service.request("POST", "$batch", {"Content-Type": "multipart/mixed;boundary=b"}, f"{parts}--b--".encode())
    assert reply.status == 200 and reply.fields["content-type"].startswith("multipart/mixed;boundary=")
    assert [line for line in reply.text.splitlines() if line.startswith("HTTP/1.1")] == [
        "HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"
    ]  # fmt: skip
    requests = [{"id": str(n), "method": "GET", "url": url} for n, url in enumerate(wanted)]
    body = json.dumps({"requests": requests}).encode()
    answers = service.request("POST", "$batch", {"Content-Type": "application/json"}, body).json["responses"]
    assert [(answer["id"], answer["status"]) for answer in answers] == [("0", 200), ("1", 200), ("2", 404)]
    assert answers[0]["body"]["title"] == service.read("Tasks(1)?$select=title")["title"]


# --- what is not offered says so


def refused(client: WsgiClient, text: str) -> list[str]:
    """What is wrong with the answer to something that is not offered."""
    reply = client.get(text)
    right = reply.status == 501 and reply.json["error"]["message"]
    return [] if right else [f"{text}: {reply.status} {reply.text[:200]}"]


@pytest.mark.parametrize("name", NOT_OFFERED)
def test_what_is_not_offered_is_refused_as_such(service: WsgiClient, name: str) -> None:
    assert [fault for text in NOT_OFFERED[name] for fault in refused(service, text)] == []


@pytest.mark.conformance("4.0-minimal 7", "4.0-intermediate 2")
@pytest.mark.parametrize(
    "path",
    [
        "Tasks?$filter=id eq",
        "Tasks?$filter=id eq 'open",
        "Tasks?$filter=(id eq 1",
        "Tasks?$orderby=id down",
        "Tasks?$top=many",
        "Tasks?$expand=Steps($top=1,$skip=1)",
        "Tasks?$search=(x",
        "Tasks?$compute=id add as x",
        "Tasks(1",
        "Tasks?$filter=nothing eq 1",
        "Tasks?$select=nothing",
        "Tasks?$top=1&$top=2",
    ],
)
def test_4_0_minimal_7_a_fault_is_a_fault_even_in_what_is_not_offered(service: WsgiClient, path: str) -> None:
    reply = service.get(path)
    assert reply.status == 400
    error = reply.json["error"]
    assert error["code"]
    assert error["message"]


@pytest.mark.feature("F-ODATA-14")
@pytest.mark.conformance("4.0-minimal 10")
@pytest.mark.spec("OD-261")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "MERGE", "OPTIONS"])
@pytest.mark.parametrize(
    "path", ["", "$metadata", "Tasks", "Tasks(1)", "Tasks(1)/title", "Tasks(1)/Steps", "Tasks(1)/Steps/$ref"]
)
def test_4_0_minimal_10_methods_that_change_are_refused_and_change_nothing(
    service: WsgiClient, method: str, path: str
) -> None:
    before = service.get("Tasks?$expand=*").body
    reply = service.request(method, path, {"Content-Type": "application/json"})
    assert (reply.status, reply.fields["allow"]) == (405, "GET, HEAD")
    assert reply.fields["odata-version"] == "4.01"
    assert service.get("Tasks?$expand=*").body == before


@pytest.mark.conformance("4.0-minimal 16", "4.0-minimal 17", "4.01-minimal 3", "4.0-advanced 13", "4.0-advanced 14")
def test_4_0_advanced_13_preferences_for_what_is_not_offered_are_passed_over(service: WsgiClient) -> None:
    plain = service.get("Tasks")
    for preference in (
        "respond-async",
        "odata.track-changes",
        "track-changes",
        "respond-async, wait=5",
        "odata.callback",
    ):
        reply = service.get("Tasks", {"Prefer": preference})
        assert (reply.status, reply.body) == (200, plain.body), preference
        assert "preference-applied" not in reply.fields
