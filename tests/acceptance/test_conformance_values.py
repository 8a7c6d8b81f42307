"""The part of the conformance levels that speaks of complex values and collections of values.

As in `test_conformance`, each test names its requirements. The service is that of `acceptance_support.shelf`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from acceptance_support import shelf
from acceptance_support.http import WsgiClient
from acceptance_support.serving import client_of

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.service.access import AccessControl, AccessRules, Grant, Guard, Hide, SetRules
from demotic.store import Store
from demotic.transports.wsgi import WsgiApplication

KINDS = ("memory", "sqlite", "postgresql", "mariadb")


@pytest.fixture(scope="module")
def clients(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], WsgiClient]]:
    """A client of the service over each kind of store."""
    stores: dict[str, Store] = {}

    def store(kind: str) -> Store:
        if kind == "memory":
            return shelf.in_memory()
        if kind == "sqlite":
            return shelf.in_tables(tmp_path_factory.mktemp("shelf") / "shelf.db")
        return shelf.in_tables(request.getfixturevalue(kind).new_database())

    def client(kind: str) -> WsgiClient:
        if kind not in stores:
            stores[kind] = store(kind)
        return client_of(stores[kind])

    yield client
    for made in stores.values():
        made.close()


@pytest.fixture(params=KINDS)
def service(request: pytest.FixtureRequest, clients: Callable[[str], WsgiClient]) -> WsgiClient:
    return clients(request.param)


def value(client: WsgiClient, path: str) -> Any:
    """What an answer holds, without its context."""
    found = client.read(path)
    return {name: part for name, part in found.items() if not name.startswith("@odata.")}


def without_id(row: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in row.items() if name != "@odata.id"}


def context(client: WsgiClient, path: str) -> str:
    """The context of an answer, after the number sign."""
    return str(client.read(path)["@odata.context"]).partition("#")[2]


# --- parts of properties

PARTS: list[tuple[str, dict[str, Any], str]] = [
    ("Home/City", {"Home": {"City": "Ulm"}}, "Home/City"),
    ("Home/City,Name", {"Name": "Ada", "Home": {"City": "Ulm"}}, "Home/City,Name"),
    ("Home/Zip,Home/City", {"Home": {"City": "Ulm", "Zip": 89073}}, "Home/Zip,Home/City"),
    ("Home/Geo/Lat", {"Home": {"Geo": {"Lat": 63}}}, "Home/Geo/Lat"),
    ("Home/Geo/Lat,Home/Geo", {"Home": {"Geo": {"Lat": 63, "Lon": None}}}, "Home/Geo/Lat,Home/Geo"),
    ("Home,Home/City", {"Home": shelf.AUTHORS[0]["Home"]}, "Home,Home/City"),
    ("Others/City", {"Others": [{"City": "Rom"}, {"City": "Bern"}, {"City": None}]}, "Others/City"),
    ("Home($select=City,Zip)", {"Home": {"City": "Ulm", "Zip": 89073}}, "Home/City,Home/Zip"),
    ("Home($select=City),Home/Zip", {"Home": {"City": "Ulm", "Zip": 89073}}, "Home/City,Home/Zip"),
    ("Home($select=Geo($select=Lat))", {"Home": {"Geo": {"Lat": 63}}}, "Home/Geo/Lat"),
    ("Home($select=*)", {"Home": shelf.AUTHORS[0]["Home"]}, "Home"),
    ("Tags($filter=$this ne 'x')", {"Tags": ["y", "z"]}, "Tags"),
    ("Tags($filter=$this ne @t;@t='y')", {"Tags": ["x", "z", "x"]}, "Tags"),
    ("Tags($orderby=$this desc)", {"Tags": ["z", "y", "x", "x"]}, "Tags"),
    ("Tags($top=2;$skip=1)", {"Tags": ["y", "z"]}, "Tags"),
    ("Tags($count=true;$top=1)", {"Tags@odata.count": 4, "Tags": ["x"]}, "Tags"),
    ("Tags($count=true;$filter=$this eq 'x')", {"Tags@odata.count": 2, "Tags": ["x", "x"]}, "Tags"),
    ("Tags($search=z)", {"Tags": ["z"]}, "Tags"),
    ("Home/Phones($top=1)", {"Home": {"Phones": ["1"]}}, "Home/Phones"),
    (
        "Home($select=Phones($filter=length($this) gt 1;$count=true))",
        {"Home": {"Phones@odata.count": 2, "Phones": ["22", "333"]}},
        "Home/Phones",
    ),
    ("Others($filter=Zip gt 100;$select=City)", {"Others": [{"City": "Bern"}]}, "Others/City"),
    ("Others($orderby=City;$select=City)", {"Others": [{"City": c} for c in (None, "Bern", "Rom")]}, "Others/City"),
    ("Others($search=rom;$select=Zip)", {"Others": [{"Zip": 100}]}, "Others/Zip"),
    ("Others($filter=Phones/any(p:p eq '7');$select=Zip)", {"Others": [{"Zip": 3000}]}, "Others/Zip"),
    (
        "Others($compute=Zip add 1 as Next;$select=City,Next;$top=1)",
        {"Others": [{"City": "Rom", "Next": 101}]},
        "Others/City,Others/Next",
    ),
    ("Others($top=1;$select=City,Phones($count=true))",
     {"Others": [{"City": "Rom", "Phones@odata.count": 0, "Phones": []}]}, "Others/City,Others/Phones"),
]  # fmt: skip
"""What is selected, what comes of the first author, and what the context says of it."""


@pytest.mark.feature("F-ODATA-28")
@pytest.mark.conformance(
    "4.0-intermediate 3",
    "4.01-intermediate 5",
    "4.01-intermediate 9",
    "4.01-advanced 5.1",
    "4.01-advanced 5.2",
    "4.01-advanced 5.3",
    "4.01-advanced 5.4",
    "4.01-advanced 5.5",
)
def test_4_0_intermediate_3_parts_of_properties_come_as_they_are_asked_for(service: WsgiClient) -> None:
    for selected, expected, said in PARTS:
        query = f"$select={quote(selected)}"
        assert value(service, f"Authors(1)?{query}") == expected, selected
        assert context(service, f"Authors(1)?{query}") == f"Authors({said})/$entity", selected
        (row,) = service.read(f"Authors?$filter=ID eq 1&{query}")["value"]
        assert without_id(row) == expected, selected
        assert context(service, f"Authors?{query}") == f"Authors({said})", selected
        (row,) = service.read(f"Books?$filter=ID eq 10&$expand=Author({query})")["value"]
        assert without_id(row["Author"]) == expected, selected


@pytest.mark.conformance("4.0-intermediate 3", "4.01-intermediate 5")
def test_parts_of_null_are_null_and_full_metadata_tell_the_types_of_parts(service: WsgiClient) -> None:
    assert value(service, "Authors(2)?$select=Home/City,Others/City") == {"Home": None, "Others": []}
    full = {"Accept": "application/json;odata.metadata=full"}
    found = service.read("Authors(1)?$select=Home/Zip,Tags($top=1)", full)
    assert found["Home"] == {"@odata.type": "#shelf.Address", "Zip@odata.type": "#Int64", "Zip": 89073}
    assert (found["Tags@odata.type"], found["Tags"]) == ("#Collection(String)", ["x"])
    exact = {"Accept": "application/json;IEEE754Compatible=true"}
    found = service.read("Authors(3)?$select=Home/Zip,Tags($count=true)", exact)
    assert (found["Home"], found["Tags@odata.count"]) == ({"Zip": "9007199254740993"}, "0")


def test_the_entity_tag_of_a_part_is_that_of_the_whole(service: WsgiClient) -> None:
    tag = service.get("Authors(1)").fields["etag"]
    assert service.get("Authors(1)?$select=Home/City").fields["etag"] == tag
    assert service.get("Authors(1)?$select=Tags($top=1)", {"If-None-Match": tag}).status == 304


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("$select=Home($filter=City eq 'x')", "does not apply to a complex value"),
        ("$select=Home($top=1)", "does not apply"),
        ("$select=Tags($select=x)", "does not apply to a collection of Edm.String"),
        ("$select=Tags($top=1),Tags($top=2)", "options for Tags are given twice"),
        ("$select=Tags/x", "has no parts"),
        ("$select=Home/Town", "has no property Town"),
        ("$select=Home($select=Town)", "has no property Town"),
        ("$select=Others($filter=Town eq 1)", "has no property Town"),
        ("$select=Tags($filter=$this eq 1)", "takes no Edm.String with Edm.Int64"),
        ("$filter=Tags/any(t:t eq 1)", "takes no Edm.String with Edm.Int64"),
        ("$filter=Tags/any(t:t/x eq 1)", "has no parts"),
        ("$filter=Tags eq 'x'", "a collection"),
        ("$filter=Others/City eq 'x'", "Others is a collection"),
    ],
)
def test_what_a_part_cannot_be_is_told(clients: Callable[[str], WsgiClient], query: str, message: str) -> None:
    reply = clients("memory").get(f"Authors?{quote(query, safe='=$&')}")
    assert (reply.status, message in reply.json["error"]["message"]) == (400, True), reply.text


# --- asking for values

FILTERS: list[tuple[str, list[int]]] = [
    ("Tags/any()", [1, 2]),
    ("Tags/any(t:t eq 'y')", [1, 2]),
    ("Tags/all(t:t eq 'y')", [2, 3]),
    ("not Tags/any(t:t eq 'y')", [3]),
    ("Tags/$count gt 2", [1]),
    ("Tags/$count($filter=$this eq 'x') eq 2", [1]),
    ("Others/any(o:o/City eq 'Rom')", [1]),
    ("Others/any(o:o/City eq $it/Home/City)", []),
    ("Others/all(o:o/City eq 'Ulm')", [2, 3]),
    ("Others/any(o:o/Zip eq 3000 and o/Phones/any(p:p eq '7'))", [1]),
    ("Others/any(o:o/Geo/Lat gt 9)", [1]),
    ("Others/$count eq 3", [1]),
    ("Home/Phones/any(p:length(p) gt 2)", [1]),
    ("Home/Phones/$count eq 3", [1]),
    ("Books/any(b:b/Author/Tags/any(t:t eq b/Author/Name or t eq 'x'))", [1]),
]


@pytest.mark.feature("F-ODATA-29")
@pytest.mark.conformance("4.0-intermediate 15", "4.0-advanced 5", "4.0-intermediate 16", "4.0-advanced 4")
def test_4_0_advanced_5_any_all_and_count_range_over_values(service: WsgiClient) -> None:
    for text, expected in FILTERS:
        assert [row["ID"] for row in service.read(f"Authors?$filter={quote(text)}")["value"]] == expected, text
        assert service.get(f"Authors/$count?$filter={quote(text)}").text == str(len(expected)), text
    rows = service.read("Authors?$orderby=Tags/$count desc,ID&$compute=Others/$count as n&$select=ID,n")["value"]
    assert [(row["ID"], row["n"]) for row in rows] == [(1, 3), (2, 0), (3, 1)]
    rows = service.read("Books?$filter=Author/Tags/any(t:t eq 'z')")["value"]
    assert [row["ID"] for row in rows] == [10, 11]


COUNTS = {
    "Authors(1)/Tags/$count": "4",
    "Authors(1)/Tags/$count?$filter=$this eq 'x'": "2",
    "Authors(3)/Tags/$count": "0",
    "Authors(1)/Home/Phones/$count": "3",
    "Authors(1)/Others/$count?$filter=Zip gt 100": "1",
    "Books(10)/Author/Tags/$count": "4",
}


@pytest.mark.conformance("4.0-intermediate 16", "4.0-advanced 4")
def test_4_0_advanced_4_collections_of_values_are_counted_by_a_segment(service: WsgiClient) -> None:
    for path, number in COUNTS.items():
        reply = service.get(path)
        assert (reply.status, reply.text) == (200, number), path
    assert service.get("Authors(9)/Tags/$count").status == 404
    assert service.get("Authors(1)/Tags/$count?$top=1").status == 400


PROPERTIES: list[tuple[str, dict[str, Any], str]] = [
    ("Authors(1)/Tags?$top=2", {"value": ["x", "y"]}, "Authors(1)/Tags"),
    ("Authors(1)/Tags?$filter=$this gt 'x'&$orderby=$this desc", {"value": ["z", "y"]}, "Authors(1)/Tags"),
    ("Authors(1)/Tags?$count=true&$skip=3", {"value": ["x"]}, "Authors(1)/Tags"),
    ("Authors(1)/Home/Phones?$filter=length($this) eq 2", {"value": ["22"]}, "Authors(1)/Home/Phones"),
    ("Authors(1)/Others?$select=City&$top=1", {"value": [{"City": "Rom"}]}, "Authors(1)/Others(City)"),
    ("Authors(1)/Home?$select=City,Geo/Lat", {"City": "Ulm", "Geo": {"Lat": 63}}, "Authors(1)/Home(City,Geo/Lat)"),
]


@pytest.mark.conformance("4.0-intermediate 12", "4.0-intermediate 13", "4.0-intermediate 5")
def test_a_collection_of_values_is_filtered_ordered_and_cut_by_itself(service: WsgiClient) -> None:
    for path, expected, said in PROPERTIES:
        assert value(service, path) == expected, path
        assert context(service, path) == said, path
    assert service.read("Authors(1)/Tags?$count=true&$skip=3")["@odata.count"] == 4
    assert service.read("Authors(1)/Home/Phones?$count=true&$top=0")["@odata.count"] == 3
    assert service.get("Authors(2)/Home?$select=City").status == 204
    assert service.get("Authors(1)/Name?$top=1").status == 400
    assert [service.get(f"Authors(1)/{path}").status for path in ("Tags/0", "Others/-1/City")] == [501, 501]


# --- references in expansions, and conditions in paths


@pytest.mark.feature("F-ODATA-43")
@pytest.mark.conformance("4.0-advanced 9.1")
def test_4_0_advanced_9_1_references_are_expanded(service: WsgiClient) -> None:
    def ids(found: list[dict[str, Any]]) -> list[list[str]]:
        assert all(set(book) == {"@odata.id"} for author in found for book in author["Books"])
        return [[book["@odata.id"] for book in author["Books"]] for author in found]

    for options, expected in {
        "": [["Books(10)", "Books(11)"], [], ["Books(12)"]],
        "($filter=ID gt 10)": [["Books(11)"], [], ["Books(12)"]],
        "($orderby=Title desc;$top=1)": [["Books(11)"], [], ["Books(12)"]],
        "($skip=1)": [["Books(11)"], [], []],
        "($search=one)": [["Books(10)"], [], []],
    }.items():
        for level in ("none", "minimal", "full"):
            accept = {"Accept": f"application/json;odata.metadata={level}"}
            found = service.read(f"Authors?$select=ID&$expand=Books/$ref{quote(options)}", accept)["value"]
            assert ids(found) == expected, (options, level)
    rows = service.read("Authors?$expand=Books/$ref($count=true;$top=0),Best/$ref&$select=ID")["value"]
    assert [(row["Books@odata.count"], row["Books"]) for row in rows] == [(2, []), (0, []), (1, [])]
    assert [row["Best"] for row in rows] == [{"@odata.id": "Books(11)"}, None, None]
    everything = service.read("Authors(1)?$expand=*/$ref")
    assert (len(everything["Books"]), everything["Best"]) == (2, {"@odata.id": "Books(11)"})
    assert context(service, "Authors?$expand=Books/$ref&$select=ID") == "Authors(ID,Books())"
    assert service.get("Authors?$expand=Books/$ref,Books").status == 400
    assert service.get("Authors?$expand=Books/$ref($select=ID)").status == 400


def test_the_number_of_what_is_expanded_comes_alone(service: WsgiClient) -> None:
    rows = service.read("Authors?$expand=Books/$count&$select=ID")["value"]
    assert rows == [{"ID": n, "Books@odata.count": count} for n, count in ((1, 2), (2, 0), (3, 1))]
    (row,) = service.read("Authors?$filter=ID eq 1&$expand=Books/$count($filter=ID gt 10)&$select=ID")["value"]
    assert row == {"ID": 1, "Books@odata.count": 1}
    assert service.get("Authors?$expand=Best/$count").status == 501


FILTERED = {
    "Authors/$filter(ID gt 1)": [2, 3],
    "Authors/$filter(ID gt 1)/$filter(Tags%2Fany())": [2],
    "Authors/$filter(ID gt 1)?$filter=ID lt 3": [2],
    "Authors/$filter(@f)?@f=ID gt 2": [3],
    "Authors/shelf.Author/$filter(ID gt 2)": [3],
    "Authors/$filter(ID gt 2)/shelf.Author": [3],
    "Authors(1)/Books/$filter(Title eq 'Two')": [11],
    "Authors/$filter(Best%2FTitle eq 'Two')(1)/Books/$filter(ID gt 10)": [11],
    "Authors/$filter(Best%2FTitle eq 'Two')(1)/Books?$orderby=ID desc&$top=1": [11],
}


@pytest.mark.feature("F-ODATA-40")
@pytest.mark.conformance("4.01-intermediate 11", "4.01-advanced 8")
def test_4_01_advanced_8_a_path_may_filter(service: WsgiClient) -> None:
    for path, expected in FILTERED.items():
        assert [row["ID"] for row in service.rows(path)] == expected, path
        first, mark, options = path.partition("?")
        if "$top" not in options:
            assert service.get(f"{first}/$count{mark}{options}").text == str(len(expected)), path
    assert service.read("Authors/$filter(ID gt 1)(2)")["Name"] == "Bo"
    assert service.get("Authors/$filter(ID gt 1)(1)").status == 404
    assert service.get("Authors/$filter(ID gt 1)(1)/Books").status == 404
    assert service.get("Authors/$filter(Nme eq 1)").status == 400
    assert context(service, "Authors/$filter(ID gt 1)") == "Authors"
    pages = list(service.pages("Authors/$filter(ID gt 1)", {"Prefer": "maxpagesize=1"}))
    assert [[row["ID"] for row in page] for page in pages] == [[2], [3]]


# --- requests that stand for others


@pytest.mark.feature("F-ODATA-41")
@pytest.mark.conformance("4.0-advanced 12")
def test_4_0_advanced_12_an_entity_is_found_by_its_id(service: WsgiClient) -> None:
    plain = service.read("Authors(1)")
    for given in ("Authors(1)", f"{service.root}Authors(1)", quote("Authors(ID=1)"), "Books(10)/Author"):
        assert service.read(f"$entity?$id={given}") == plain, given
    assert service.read("$entity/shelf.Author?id=Authors(1)") == plain
    shaped = "$select=Name&$expand=Books($select=Title)"
    assert service.read(f"$entity?$id=Authors(1)&{shaped}") == service.read(f"Authors(1)?{shaped}")
    wrong = {
        "$entity": 400,
        "$entity?$id=Authors(9)": 404,
        "$entity?$id=Authors": 404,
        "$entity?$id=Authors(1)/Name": 404,
        "$entity?$id=http://elsewhere.example/Authors(1)": 404,
        "$entity?$id=Authors(1)&$filter=ID eq 1": 400,
        "$entity/shelf.Book?$id=Authors(1)": 404,
        "$entity?$id=Authors(1)&$id=Authors(2)": 400,
    }
    assert {path: service.get(path).status for path in wrong} == wrong


@pytest.mark.feature("F-ODATA-42")
@pytest.mark.conformance("4.0-advanced 12")
def test_4_0_advanced_12_a_query_may_be_posted(service: WsgiClient) -> None:
    def posted(path: str, body: str, kind: str = "text/plain") -> Any:
        return service.request("POST", f"{path}/$query", {"Content-Type": kind}, body.encode())

    options = "$filter=ID%20gt%201&$select=ID,Tags&$count=true"
    assert posted("Authors", options).json == service.read(f"Authors?{options}")
    assert posted("Authors", options, "application/x-www-form-urlencoded").status == 200
    assert posted("Authors(1)", "$select=Name").json == service.read("Authors(1)?$select=Name")
    assert posted("Authors/$count", "$filter=ID gt 1").text == "2"
    beside = service.request("POST", "Authors/$query?$top=1", {"Content-Type": "text/plain"}, b"$skip=1")
    assert [row["ID"] for row in beside.json["value"]] == [2]
    assert posted("Authors", "").json == service.read("Authors")
    assert posted("Authors", "$filter=ID eq").status == 400
    assert posted("Nothing", "").status == 404
    assert posted("Authors", "{}", "application/json").status == 415
    reply = service.get("Authors/$query")
    assert (reply.status, reply.fields["allow"]) == (405, "POST")
    doubled = service.request("POST", "Authors/$query?$top=1", {"Content-Type": "text/plain"}, b"$top=1")
    assert doubled.status == 400


# --- wholes

EQUALITIES: list[tuple[str, list[int]]] = [
    ("$filter=Home eq null", [2]),
    ("$filter=Home ne null", [1, 3]),
    ('$filter=Tags eq ["y"]', [2]),
    ("$filter=Tags eq @t&@t=[]", [3]),
    ('$filter=Others eq [{"City":"Ulm"}]', [3]),
    ('$filter=Home eq @h&@h={"City":"Rom","Zip":"9007199254740993","Geo":{"Lat":33}}', [3]),
    ('$filter=Home ne {"City":"Rom"}', [1, 2, 3]),
    ('$filter=Home/Geo eq {"Lat":63}', [1]),
    ("$filter=Home/Geo eq null", [2]),
    ("$filter=Others/any(o:o eq $it/Home)", []),
    ("$filter=Home eq Home and Tags eq Tags", [1, 2, 3]),
    ("$filter='z' in Tags", [1]),
    ("$filter=Best/Author/Home eq null", [2, 3]),
    ("$orderby=Home eq null desc,ID&$top=2", [2, 1]),
]


@pytest.mark.feature("F-ODATA-44")
@pytest.mark.conformance("4.01-minimal 9.14", "4.01-intermediate 7")
def test_4_01_intermediate_7_complex_values_and_collections_are_compared(service: WsgiClient) -> None:
    for query, expected in EQUALITIES:
        found = [row["ID"] for row in service.read(f"Authors?{quote(query, safe='=$&@')}")["value"]]
        assert found == expected, query


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('$filter=Home eq ["x"]', "this is not a complex value"),
        ("$filter=Tags eq {}", "this is not a collection of Edm.String"),
        ("$filter=Tags eq [1]", "1 is no Edm.String"),
        ('$filter=Home eq {"Town":"x"}', "has no property Town"),
        ("$filter=Tags eq null", "compares a collection of Edm.String with null"),
        ("$filter=Home eq Tags", "compares"),
        ("$filter=Home gt Home", "takes no"),
        ("$filter=Name eq {}", "compares Edm.String with a value in JSON"),
        ("$filter=1 in Tags", "in compares Edm.Int64 with a collection of Edm.String"),
        ("$orderby=Home", "has no order"),
    ],
)
def test_what_a_whole_does_not_compare_with_is_told(
    clients: Callable[[str], WsgiClient], query: str, message: str
) -> None:
    reply = clients("memory").get(f"Authors?{quote(query, safe='=$&@')}")
    assert (reply.status, message in reply.json["error"]["message"]) == (400, True), reply.text


# --- held to the rules, and in batches

SEEN: dict[str, tuple[int, Any]] = {
    "Authors?$select=Tags($count=true;$top=0)": (200, [("Authors(1)", 4), ("Authors(3)", 0)]),
    "Authors/$filter(ID gt 1)?$select=Tags($count=true)": (200, [("Authors(3)", 0)]),
    "Authors?$filter=Tags/any(t:t eq Name)": (400, None),
    "Authors/$filter(Name eq 'Ada')": (400, None),
    "Authors?$select=Tags($filter=$this eq $it/Name)": (400, None),
    "Authors/$filter(Best%2FTitle eq 'Two')/$count": (200, "0"),
    "Authors(1)/Books/$count": (200, "1"),
    "Authors(2)/Tags/$count": (404, None),
    "$entity?$id=Books(11)": (404, None),
    "$entity?$id=Authors(2)": (404, None),
}
"""What those see to whom no book 11, no names, and only authors with a home are shown."""


@pytest.mark.feature("F-ACCESS-03")
@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_parts_and_paths_show_what_the_rules_let_be_seen(kind: str, tmp_path: Path) -> None:
    with shelf.in_memory() if kind == "memory" else shelf.in_tables(tmp_path / "shelf.db") as store:
        service = Service(store, read_only=True)
        authors = SetRules(read=[Grant("Home ne null and Tags ne [] or Home/City eq 'Rom'")],
                           hide=[Hide(("Name",))])  # fmt: skip
        rules = AccessRules({"Authors": authors, "Books": SetRules(read=[Grant("ID ne 11")])})
        control = AccessControl(service, rules)
        client = WsgiClient(WsgiApplication(Guard(ODataV4, service, control=control, authenticators=[])))
        for path, (status, expected) in SEEN.items():
            reply = client.get(path)
            assert reply.status == status, (path, reply.text)
            if isinstance(expected, list):
                rows = reply.json["value"]
                assert [(row["@odata.id"], row["Tags@odata.count"]) for row in rows] == expected, path
            elif expected is not None:
                assert reply.text == expected, path
        rows = client.read("Authors?$expand=Books/$ref,Best/$ref&$select=ID")["value"]
        assert [([b["@odata.id"] for b in row["Books"]], row["Best"]) for row in rows] == [
            (["Books(10)"], None), (["Books(12)"], None)
        ]  # fmt: skip


def test_queries_in_bodies_are_part_of_batches(service: WsgiClient) -> None:
    one = {"id": "1", "method": "POST", "url": "Authors/$query", "headers": {"content-type": "text/plain"},
           "body": "$filter=ID gt 2&$select=ID"}  # fmt: skip
    two = {"id": "2", "method": "GET", "url": "$entity?$id=Authors(2)&$select=ID"}
    body = json.dumps({"requests": [one, two]}).encode()
    first, second = service.request("POST", "$batch", {"Content-Type": "application/json"}, body).json["responses"]
    assert [row["ID"] for row in first["body"]["value"]] == [3]
    assert second["body"]["ID"] == 2
