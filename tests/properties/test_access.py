"""Access rules attacked: whatever is asked, the answer is that of a service which holds nothing but what may be seen.

Values that may not be seen carry a mark. It must be in no body, no header field and no error, of any answer.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from demotic.errors import DemoticError
from demotic.model import Model
from demotic.protocols.odata import ODataV4
from demotic.query import Options, write_options
from demotic.service import Limits, Service
from demotic.service.access import AccessControl, Guard, Speaker, rules_of
from demotic.service.identity import Identity
from demotic.store import Store
from demotic.store.sql import open_store
from demotic.syntax.http import Request, Response
from demotic.syntax.http.authentication import AuthScheme

from . import declared, nasty
from .answers import over_http
from .questions import Questions
from .reduced import kept_keys, reduced
from .test_same_answer import SAMPLES

EXAMPLES = int(os.environ.get("DEMOTIC_EXAMPLES", "60"))
MARK = "s3cr3t"
MODEL = declared.model()
HIDDEN = {"Things": frozenset({"Other", "Cost", "Mark"}), "Parts": frozenset({"Amount"}), "Tags": frozenset()}
RULES = rules_of(
    {
        "claims": {"smalls": "Collection(Edm.Int32)", "ranks": "Collection(Edm.Int32)"},
        "sets": {
            "Things": {
                "read": ["Kind_ID eq $user/kind or Small in $user/smalls", {"where": "Flag eq null", "known": True}],
                "insert": True,
                "update": "Small ne 0",
                "delete": "Flag eq null and not contains(Other,'0')",
                "hide": ["Other", {"properties": ["Cost", "Mark"], "unless": ["boss"]}],
            },
            "Parts": {"read": "Number ge 0 and Thing/Cost ne 7", "insert": True, "update": True, "hide": ["Amount"]},
            "Kinds": {"read": "not startswith(ID,'it') or $user/roles/any(r:r eq Title)"},
            "Tags": {"read": "Rank in $user/ranks", "insert": True, "update": True, "delete": True},
        },
    }
)
ANN = Identity("ann", frozenset({"ss"}), {"kind": "a", "smalls": [0, -7, -32768], "ranks": [1]})
# The same for ann, without a word of her.
CONDITIONS = {
    "Things": "Kind_ID eq 'a' or Small in (0,-7,-32768) or Flag eq null",
    "Parts": "Number ge 0 and Thing/Cost ne 7",
    "Kinds": "not startswith(ID,'it') or Title eq 'ss'",
    "Tags": "Rank eq 1",
}
KEPT = kept_keys(MODEL, CONDITIONS)


def _marked() -> dict[str, list[dict[str, Any]]]:
    """Return the data set with a mark in every text that ann may not see."""
    marked = {name: [dict(item) for item in rows] for name, rows in nasty.ENTITIES.items()}
    for item in marked["Things"]:
        item["Other"] = f"{MARK}{item['ID'] % 5}"
        if item["ID"] not in KEPT["Things"]:
            item["Name"] = f"{MARK} of {item['ID']}"
    for item in marked["Parts"]:
        if (item["Thing_ID"], item["Number"]) not in KEPT["Parts"]:
            item["Note"] = f"{MARK} {item['Number']}"
    return marked


ENTITIES = _marked()


@dataclass(frozen=True)
class Ann:
    """Knows one person."""

    scheme = "Test"

    def challenge(self, *, failed: bool) -> AuthScheme:
        return AuthScheme("Test")

    def identify(self, credentials: AuthScheme) -> Identity:
        return ANN


class Seen:
    """A guarded service in a version of OData, asked by ann; looks for the mark in all that it answers."""

    def __init__(
        self, store: Store, speak: Callable[[Service], Speaker] = ODataV4, limits: Limits | None = None
    ) -> None:
        service = Service(store, limits=limits or Limits())
        control = AccessControl(service, RULES)
        self.visible: Model = control.service_for(ANN).model
        self._guard = Guard(speak, service, control=control, authenticators=(Ann(),))

    def __call__(self, request: Request) -> Response:
        response = self._guard(replace(request, fields={**request.fields, "authorization": "Test"}))
        body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
        assert MARK.encode() not in body.replace(request.target.encode(), b"")
        assert not any(MARK in value for _, value in response.fields)
        assert response.status < 500 or response.status == 501, body
        return replace(response, body=body)


@dataclass(frozen=True)
class Places:
    memory: Seen
    sqlite: Seen
    expected: ODataV4


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    sqlite = open_store(str(nasty.write_sqlite(tmp_path_factory.mktemp("nasty") / "nasty.db", ENTITIES)))
    memory = Seen(nasty.in_memory(MODEL, ENTITIES))
    left = reduced(memory.visible, MODEL, CONDITIONS, HIDDEN, ENTITIES)
    return Places(memory, Seen(sqlite), ODataV4(Service(left)))


VISIBLE = Seen(nasty.in_memory(MODEL)).visible
# Questions about what ann can see, and those of somebody who guesses the names of what she cannot.
FAIR, GUESSING = Questions(VISIBLE, SAMPLES), Questions(MODEL, SAMPLES)
SETS = st.sampled_from(["Things", "Things", "Things", "Parts", "Kinds", "Tags"])


@st.composite
def asked(draw: st.DrawFn) -> tuple[str, Options]:
    name = draw(SETS)
    kinds, model = draw(st.sampled_from([(FAIR, VISIBLE), (FAIR, VISIBLE), (FAIR, VISIBLE), (GUESSING, MODEL)]))
    assert model.container is not None
    return name, draw(kinds.questions(model.container.sets[name].type))


def test_there_is_something_to_hide_in_every_set() -> None:
    for name, kept in KEPT.items():
        assert 0 < len(kept) < len(nasty.ENTITIES[name])


@pytest.mark.feature("F-ACCESS-03")
@given(asked(), st.sampled_from((1, 3, 7, 20)))
@settings(max_examples=EXAMPLES)
def test_whatever_is_asked_is_answered_as_if_there_were_nothing_else(
    places: Places, question: tuple[str, Options], page: int
) -> None:
    name, options = question
    assert places.memory.visible.container is not None
    kind = places.memory.visible.container.sets[name].type
    query = write_options(options)
    expected = over_http(places.expected, kind, name, query)
    event(expected.refused or ("entities" if expected.entities else "no entities"))
    for who, handler in (("memory", places.memory), ("SQLite", places.sqlite)):
        assert over_http(handler, kind, name, query) == expected, f"{who}: {name}?{query}"
        assert over_http(handler, kind, name, query, page) == expected, f"{who} in pages: {name}?{query}"


def _addresses() -> Iterator[str]:
    for thing in (*[item["ID"] for item in nasty.THINGS[:9]], 9999):
        yield f"Things({thing})"
        for rest in ("Kind", "Parent", "Parent/Name", "Name/$value", "Tags", "Parts/$count", "Parent/Things/$count"):
            yield f"Things({thing})/{rest}"
        yield from (f"Things({thing})/Other", f"Things({thing})/Tags('new')", f"Things({thing})/Parent/Cost/$value")
    for kind in ("a", "%DF", "ß", "it''s%2F%25", "nobody"):
        yield from (f"Kinds('{kind}')", f"Kinds('{kind}')/Things/$count", f"Kinds('{kind}')/Title")
    for number in (-1, 0, 1, 7):
        yield from (f"Parts(Thing_ID=2,Number={number})", f"Parts(Thing_ID=2,Number={number})/Thing/Parts")
    for tag in ("new", "50%25 off", "'''", "Ω"):
        yield from (f"Tags('{tag}')/Things", f"Tags('{tag}')/Rank", f"Tags('{tag}')/Things/$count")


@pytest.mark.feature("F-ACCESS-03")
def test_every_address_leads_as_far_as_if_there_were_nothing_else(places: Places) -> None:
    for path in (*_addresses(), "", "Things/$count", "Parts/$count", "Kinds", "Tags", "Others"):
        for query in ("", "$expand=*", "$select=Other", "$apply=aggregate($count as N)", "$search=s3cr3t"):
            request = Request("GET", f"/odata/v4/{path}", query, {"accept": "application/json;odata.metadata=full"})
            expected = places.expected(request)
            body = _whole(expected)
            for handler in (places.memory, places.sqlite):
                got = handler(request)
                assert (path, query, got.status) == (path, query, expected.status)
                if handler is places.memory:
                    assert got.body == body
                    assert got.field("etag") == expected.field("etag")


def _whole(response: Response) -> bytes:
    return response.body if isinstance(response.body, bytes) else b"".join(response.body)


@pytest.mark.feature("F-ACCESS-02")
def test_metadata_knows_no_hidden_property(places: Places) -> None:
    for accept in ("application/xml", "application/json"):
        body = _whole(places.sqlite(Request("GET", "/odata/v4/$metadata", "", {"accept": accept}))).decode()
        assert all(name not in body for name in ("Other", "Cost", "Mark", "Amount"))
        assert "Kind_ID" in body


# --- changes


KEYS = [item["ID"] for item in nasty.THINGS[:20]]
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "Name": st.sampled_from(["new", "", None]),
        "Small": st.sampled_from([0, 7, -7, None]),
        "Flag": st.sampled_from([True, False, None]),
        "Kind_ID": st.sampled_from(["a", "ß", "it's/%", "nobody", None]),
        "Parent_ID": st.sampled_from([*KEYS[:8], 9999, None]),
        "Parent@odata.bind": st.sampled_from([f"Things({key})" for key in (*KEYS[:8], 9999)]),
        "Other": st.just("x"),
        "Tags@odata.bind": st.lists(st.sampled_from(["Tags('new')", "Tags('Ω')", "Tags('none')"]), max_size=2),
        "Parts": st.lists(st.fixed_dictionaries({"Number": st.sampled_from([-1, 0, 1])}), max_size=2),
    },
)


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, str, Any]:
    key = draw(st.sampled_from([*KEYS, 9999]))
    method, path = draw(
        st.sampled_from(
            [
                ("POST", "Things"),
                ("PATCH", f"Things({key})"),
                ("PATCH", f"Things({key})"),
                ("PUT", f"Things({key})"),
                ("DELETE", f"Things({key})"),
                ("POST", f"Things({key})/Things"),
                ("POST", f"Things({key})/Tags/$ref"),
                ("PUT", f"Things({key})/Parent/$ref"),
                ("DELETE", f"Things({key})/Parent/$ref"),
                ("DELETE", f"Things({key})/Tags('new')/$ref"),
                ("PUT", f"Things({key})/Name"),
                ("DELETE", f"Things({key})/Name"),
                ("PATCH", f"Things({key})/Parent"),
                ("DELETE", "Tags('Ω')"),
                ("DELETE", "Tags('50%25 off')"),
                ("PATCH", "Kinds('a')"),
            ]
        )
    )
    if method == "DELETE":
        return method, path, None
    if path.endswith("$ref"):
        target = draw(st.sampled_from(["Tags('new')", "Tags('Ω')"])) if "Tags" in path else None
        return method, path, {"@odata.id": target or f"Things({draw(st.sampled_from([*KEYS, 9999]))})"}
    if path.endswith("/Name"):
        return method, path, {"value": "changed"}
    body = draw(BODIES)
    if method == "POST" and draw(st.booleans()):
        body = {"ID": draw(st.sampled_from([*KEYS, 5000])), **body}
    return method, path, body


def state(store: Store) -> dict[tuple[str, object], dict[str, Any]]:
    """Return all entities. Links that are kept apart go with either end, so that those of others may well change."""
    with store.transaction() as tx:
        return {(name, key): dict(entity) for name in tx for key, entity in tx[name].items()}


def send(handler: Callable[[Request], Response], method: str, path: str, body: Any) -> Response:
    data = b"" if body is None else json.dumps(body).encode()
    fields = {"content-type": "application/json", "content-length": str(len(data))}
    return handler(Request(method, f"/odata/v4/{path}", "", fields, body=io.BytesIO(data).read))


def _hidden(name: str) -> frozenset[str]:
    return HIDDEN.get(name, frozenset())


BEFORE = state(nasty.in_memory(MODEL, ENTITIES))


@pytest.mark.feature("F-ACCESS-04")
@given(st.lists(changes(), min_size=1, max_size=3))
@settings(max_examples=EXAMPLES)
def test_no_change_reaches_what_cannot_be_seen_or_makes_what_may_not_be_made(todo: list[tuple[str, str, Any]]) -> None:
    store = nasty.in_memory(MODEL, ENTITIES)
    seen = Seen(store)
    for method, path, body in todo:
        before = state(store)
        response = send(seen, method, path, body)
        after = state(store)
        event(f"{method} {response.status}")
        if response.status >= 400:
            assert after == before
        for place in {p for p in (*before, *after) if before.get(p) != after.get(p)}:
            name, key = place
            old, new = before.get(place), after.get(place)
            with store.transaction() as tx:
                if new is not None:
                    assert key in tx[name].where(CONDITIONS[name]), "made what may not be seen"
            if old is not None:
                assert place not in BEFORE or key in KEPT[name] or BEFORE[place] != old, "changed what cannot be seen"
                if new is not None:
                    assert {n: old[n] for n in _hidden(name)} == {n: new[n] for n in _hidden(name)}
            assert name != "Kinds"
            if name == "Things" and new is not None and old is not None and method in ("PATCH", "PUT"):
                assert old["Small"] != 0
                assert new["Small"] != 0


@pytest.mark.feature("F-ACCESS-04")
@pytest.mark.parametrize("make", ["memory", "sqlite"])
def test_for_changes_what_cannot_be_seen_is_as_what_is_not_there(make: str, tmp_path: Any) -> None:
    store: Store = nasty.in_memory(MODEL, ENTITIES)
    if make == "sqlite":
        store = open_store(str(nasty.write_sqlite(tmp_path / "nasty.db", ENTITIES)))
    seen, before = Seen(store), state(store)
    unseen = next(item["ID"] for item in nasty.THINGS if item["ID"] not in KEPT["Things"])
    own = next(item["ID"] for item in nasty.THINGS if item["ID"] in KEPT["Things"] and item["Small"] == -7)
    for method, path, body in [
        ("PATCH", "Things({})", {"Name": "x"}),
        ("PUT", "Things({})", {"Name": "x", "Flag": None}),
        ("DELETE", "Things({})", None),
        ("PUT", "Things({})/Name", {"value": "x"}),
        ("DELETE", "Things({})/Name", None),
        ("POST", "Things({})/Things", {"ID": 7000}),
        ("PUT", "Things({})/Parent/$ref", {"@odata.id": f"Things({own})"}),
        ("POST", "Things({})/Tags/$ref", {"@odata.id": "Tags('new')"}),
        ("PUT", f"Things({own})/Parent/$ref", {"@odata.id": "Things({})"}),
        ("PATCH", f"Things({own})", {"Parent_ID": "{}"}),
        ("PATCH", f"Things({own})", {"Parent@odata.bind": "Things({})"}),
        ("POST", "Things", {"ID": 7000, "Parent@odata.bind": "Things({})"}),
        ("POST", "Things", {"ID": 7000, "Parent_ID": "{}"}),
        ("DELETE", f"Things({own})/Things/$ref?$id=Things({{}})", None),
    ]:
        told = []
        for key in (unseen, 9999):
            text = (
                None if body is None else json.loads(json.dumps(body).replace('"{}"', str(key)).replace("{}", str(key)))
            )
            response = send(seen, method, path.format(key), text)
            told.append((response.status, _whole(response).replace(str(key).encode(), b"KEY")))
        upserted = method in ("PATCH", "PUT") and path == "Things({})"
        if upserted and told[1][0] == 201:
            # What is not there is made; what is there unseen cannot be, and is not told from what may not be made.
            assert told[0][0] == 404
            with store.transaction(write=True) as tx:
                tx["Things"].delete(9999)
        else:
            assert told[0] == told[1], (method, path)
            assert told[0][0] in (400, 403, 404, 409)
    assert state(store) == before


def test_a_batch_has_no_more_rights(places: Places) -> None:
    unseen = next(item["ID"] for item in nasty.THINGS if item["ID"] not in KEPT["Things"])
    requests = [
        {"id": "1", "method": "get", "url": f"Things({unseen})"},
        {"id": "2", "method": "get", "url": "Things/$count"},
        {"id": "3", "method": "patch", "url": f"Things({unseen})", "body": {"Name": "x"},
         "headers": {"content-type": "application/json", "if-match": "*"}},
        {"id": "4", "method": "get", "url": "Things?$filter=contains(Other,'s3cr3t')"},
    ]  # fmt: skip
    for handler in (places.memory, places.sqlite):
        data = json.dumps({"requests": requests}).encode()
        fields = {"content-type": "application/json", "prefer": "continue-on-error", "content-length": str(len(data))}
        response = handler(Request("POST", "/odata/v4/$batch", "", fields, body=io.BytesIO(data).read))
        answers = {item["id"]: item for item in json.loads(response.body)["responses"]}
        assert [answers[name]["status"] for name in "1234"] == [404, 200, 412, 400]
        assert int(answers["2"]["body"]) == len(KEPT["Things"])


def test_errors_are_demotics_own() -> None:
    with pytest.raises(DemoticError):
        AccessControl(Service(nasty.in_memory(MODEL)), rules_of({"sets": {"Nothing": {"read": True}}}))
