"""Access rules attacked on every store and in both versions: with questions, addresses, changes and batches.

What is attacked with, and what may not be seen, is that of `test_access`, which asks OData 4 of memory and SQLite.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from demotic.protocols.odata import ODataV2, ODataV4
from demotic.query import Options, write_options
from demotic.service import Limits, Service
from demotic.store import Store
from demotic.store.sql import open_store
from demotic.syntax.http import Request, Response

from . import nasty
from .answers import over_http
from .reduced import kept_keys, reduced
from .test_access import CONDITIONS, ENTITIES, EXAMPLES, HIDDEN, KEYS, MARK, MODEL, Seen, asked, changes, send, state
from .test_servers import NOT_ASKED, without_span

HELD = nasty.held(ENTITIES)
KEPT = kept_keys(MODEL, CONDITIONS, HELD)
STORES = ("memory", "sqlite", "postgresql", "mariadb")
SERVERS = ("postgresql", "mariadb")
FEW = Limits(page_size=3)
SEEN_THINGS = [key for key in KEYS if key in KEPT["Things"]]
UNSEEN_THINGS = [key for key in KEYS if key not in KEPT["Things"]]


@dataclass(frozen=True)
class Place:
    """A store with everything in it, guarded in both versions, and what a store with nothing to hide answers."""

    name: str
    store: Store
    v4: Seen
    v2: Seen
    v4_expected: ODataV4
    v2_expected: ODataV2


def _opened(name: str, request: pytest.FixtureRequest, folder: Any) -> Store:
    if name == "memory":
        return nasty.in_memory(MODEL, HELD)
    if name == "sqlite":
        return open_store(str(nasty.write_sqlite(folder / "nasty.db", HELD)))
    write = {"postgresql": nasty.write_postgresql, "mariadb": nasty.write_mariadb}[name]
    return open_store(write(request.getfixturevalue(name), HELD))


def _place(name: str, store: Store) -> Place:
    v4 = Seen(store)
    left = reduced(v4.visible, MODEL, CONDITIONS, HIDDEN | {"Things": HIDDEN["Things"] | _missing(v4)}, HELD)
    expected = Service(left, limits=FEW)
    return Place(name, store, v4, Seen(store, ODataV2, FEW), ODataV4(Service(left)), ODataV2(expected))


def _missing(seen: Seen) -> frozenset[str]:
    assert seen.visible.container is not None
    return frozenset(MODEL.container.sets["Things"].type.all_properties()) - frozenset(
        seen.visible.container.sets["Things"].type.all_properties()
    )


@pytest.fixture(scope="module")
def places(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Place]]:
    """Return the place of a name, for questions alone."""
    made: dict[str, Place] = {}
    with ExitStack() as opened:

        def place(name: str) -> Place:
            if name not in made:
                store = opened.enter_context(_opened(name, request, tmp_path_factory.mktemp("nasty")))
                made[name] = _place(name, store)
            return made[name]

        yield place


# --- questions in OData 4, on servers


@pytest.mark.feature("F-ACCESS-03")
@pytest.mark.parametrize("name", SERVERS)
@given(question=asked(), page=st.sampled_from((3, 20)))
@settings(max_examples=EXAMPLES // 2)
def test_a_server_answers_as_if_there_were_nothing_else(
    places: Callable[[str], Place], name: str, question: tuple[str, Options], page: int
) -> None:
    place, (target, options) = places(name), question
    assert place.v4.visible.container is not None
    kind = place.v4.visible.container.sets[target].type
    query = write_options(without_span(options, MODEL.container.sets[target].type) if name == "mariadb" else options)
    if name == "mariadb" and NOT_ASKED.search(query):
        return
    expected = over_http(place.v4_expected, kind, target, query)
    for size in (None, page):
        got = over_http(place.v4, kind, target, query, size)
        if got.refused == "NotInThisStore" and not expected.refused:
            event("beyond the server")
            return
        assert got == expected, f"{target}?{query}"
    event(expected.refused or ("entities" if expected.entities else "no entities"))


# --- questions in OData 2, on every store

GUESSES = ("Other", "Cost", "Mark", "Amount")
TEXTS = (
    "Name",
    "Kind/Title",
    "Parent/Name",
    "Parent/Kind/ID",
    "Kind_ID",
    "Parent/Parent/Name",
    "Other",
    "Parent/Other",
)
FIELDS = {
    "Things": (TEXTS, ("Small", "ID", "Parent/Small", "Parent_ID", "Cost", "Parent/Cost")),
    "Parts": (("Note", "Thing/Name", "Thing/Other", "Thing/Kind/Title"), ("Number", "Thing/Small", "Amount")),
    "Kinds": (("ID", "Title"), ("Weight",)),
    "Tags": (("Name",), ("Rank",)),
}
WAYS = {
    "Things": (
        "Kind",
        "Parent",
        "Things",
        "Parts",
        "Tags",
        "Parent/Things",
        "Tags/Things",
        "Parts/Thing",
        "Kind/Things",
    ),
    "Parts": ("Thing", "Thing/Parts", "Thing/Parent"),
    "Kinds": ("Things", "Things/Parts"),
    "Tags": ("Things", "Things/Tags"),
}
WORDS = st.sampled_from(["a", "s3cr3t", "s3cr3t0", "", "ß", "new", "it"]).map(lambda text: f"'{text}'")


@st.composite
def conditions(draw: st.DrawFn, name: str, depth: int = 2) -> str:
    texts, numbers = FIELDS[name]
    if depth and draw(st.booleans()):
        left, right = draw(conditions(name, depth - 1)), draw(conditions(name, depth - 1))
        return draw(st.sampled_from([f"({left}) and ({right})", f"({left}) or ({right})", f"not ({left})"]))
    text, number, word = draw(st.sampled_from(texts)), draw(st.sampled_from(numbers)), draw(WORDS)
    digit, operator = draw(st.integers(-8, 8)), draw(st.sampled_from(["eq", "ne", "gt", "le"]))
    return draw(
        st.sampled_from(
            [
                f"{text} {operator} {word}",
                f"{text} eq null",
                f"substringof({word},{text})",
                f"startswith({text},{word})",
                f"length({text}) {operator} {abs(digit)}",
                f"concat({text},{word}) ne {word}",
                f"{number} {operator} {digit}",
                f"{number} ne null",
                f"({number} add 1) {operator} {digit}",
            ]
        )
    )


@st.composite
def former_questions(draw: st.DrawFn) -> str:
    """Draw a request of OData 2 about a set, or about what is at an entity."""
    name = draw(st.sampled_from(["Things", "Things", "Things", "Parts", "Kinds", "Tags"]))
    key = draw(st.sampled_from([*KEYS[:12], 9999]))
    inside, of = draw(st.sampled_from([("Things", "Things"), ("Parts", "Parts"), ("Tags", "Tags")]))
    path, kind = draw(
        st.sampled_from(
            [(name, name)] * 4
            + [(f"{name}/$count", name), (f"Things({key}L)/{inside}", of), (f"Things({key}L)/{inside}/$count", of)]
            + [(f"Things({key}L)/$links/{inside}", of)]
        )
    )
    options = {}
    if draw(st.booleans()):
        options["$filter"] = draw(conditions(kind))
    texts, numbers = FIELDS[kind]
    if draw(st.booleans()):
        options["$orderby"] = f"{draw(st.sampled_from([*texts, *numbers]))} {draw(st.sampled_from(['asc', 'desc']))}"
    if "$" not in path:
        if draw(st.booleans()):
            options["$expand"] = ",".join(draw(st.lists(st.sampled_from(WAYS[kind]), min_size=1, max_size=2)))
        if draw(st.booleans()):
            options["$inlinecount"] = "allpages"
        if draw(st.booleans()):
            options["$skip"] = str(draw(st.integers(0, 5)))
    return f"{path}?{'&'.join(f'{name}={quote(value)}' for name, value in options.items())}"


def plain(value: Any) -> Any:
    """Return JSON without entity tags, and numbers in text by their value: stores spell decimals differently."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if name not in ("etag", "Span")}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return Decimal(value) if isinstance(value, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) else value


def whole(response: Response) -> bytes:
    return response.body if isinstance(response.body, bytes) else b"".join(response.body)


def pages(handler: Callable[[Request], Response], target: str) -> list[Any]:
    """Return status and content of an answer, and of those that its next links lead to; a refusal's code alone."""
    found: list[Any] = []
    for _ in range(100):
        path, _, query = target.partition("?")
        response = handler(Request("GET", f"/odata/v2/{path}", query, {"accept": "application/json"}))
        body = whole(response)
        if not (response.field("content-type") or "").startswith("application/json"):
            return [*found, response.status, body]
        content = json.loads(body)
        if "error" in content:
            return [*found, response.status, content["error"]["code"]]
        following = content["d"].pop("__next", None) if isinstance(content["d"], dict) else None
        found += [response.status, plain(content)]
        if following is None:
            return found
        parts = urlsplit(following)
        target = f"{parts.path.partition('/odata/v2/')[2]}?{parts.query}"
    raise AssertionError("next links without end")


@pytest.mark.feature("F-ACCESS-03", "F-VERBOSE-17")
@pytest.mark.parametrize("name", STORES)
@given(target=former_questions())
@settings(max_examples=EXAMPLES // 2)
def test_odata_2_answers_as_if_there_were_nothing_else(places: Callable[[str], Place], name: str, target: str) -> None:
    place = places(name)
    expected, got = pages(place.v2_expected, target), pages(place.v2, target)
    if got[-1] == "NotInThisStore" and got != expected:
        event("beyond the store")
        return
    event(f"{expected[0]} {'guessed' if any(guess in target for guess in GUESSES) else ''}")
    assert got == expected, target


@pytest.mark.feature("F-ACCESS-03", "F-VERBOSE-17")
@pytest.mark.parametrize("name", STORES)
def test_every_address_of_odata_2_leads_as_far_as_if_there_were_nothing_else(
    places: Callable[[str], Place], name: str
) -> None:
    place = places(name)
    for key in (*KEYS[:9], 9999):
        for rest in (
            "", "/Kind", "/Parent", "/Parent/Name", "/Name/$value", "/Other", "/Cost/$value", "/Tags", "/Tags/$count",
            "/$links/Parent", "/$links/Tags", "/$links/Parts", "/Parent/Things", "/Things?$expand=Parts,Parent",
            "/Parts?$inlinecount=allpages", "?$expand=Parent/Parent,Tags/Things&$select=Name,Parent/Name,Tags",
            "?$select=Other", "/Tags('new')", "/Parts(Thing_ID=2L,Number=0)",
        ):  # fmt: skip
            target = f"Things({key}L){rest}"
            assert pages(place.v2, target) == pages(place.v2_expected, target), target


# --- changes on servers, in both versions


def former_send(handler: Callable[[Request], Response], method: str, path: str, body: Any) -> Response:
    data = b"" if body is None else json.dumps(body).encode()
    fields = {"content-type": "application/json", "content-length": str(len(data))}
    return handler(Request(method, f"/odata/v2/{path}", "", fields, body=io.BytesIO(data).read))


def link(path: str) -> dict[str, Any]:
    return {"__metadata": {"uri": path}}


FORMER_BODIES = st.fixed_dictionaries(
    {},
    optional={
        "Name": st.sampled_from(["new", "", None]),
        "Small": st.sampled_from([0, 7, -7, None]),
        "Flag": st.sampled_from([True, False, None]),
        "Kind_ID": st.sampled_from(["a", "ß", "it's/%", "nobody", None]),
        "Parent_ID": st.sampled_from([*map(str, KEYS[:8]), "9999", None]),
        "Parent": st.sampled_from([link(f"Things({key}L)") for key in (*KEYS[:8], 9999)]),
        "Other": st.just("x"),
        "Tags": st.lists(st.sampled_from([link("Tags('new')"), link("Tags('Ω')"), link("Tags('none')")]), max_size=2),
        "Parts": st.lists(st.fixed_dictionaries({"Number": st.sampled_from([-1, 0, 1])}), max_size=2),
    },
)


@st.composite
def former_changes(draw: st.DrawFn) -> tuple[str, str, Any]:
    key = draw(st.sampled_from([*KEYS, 9999]))
    method, path = draw(
        st.sampled_from(
            [
                ("POST", "Things"),
                ("MERGE", f"Things({key}L)"),
                ("MERGE", f"Things({key}L)"),
                ("PUT", f"Things({key}L)"),
                ("DELETE", f"Things({key}L)"),
                ("POST", f"Things({key}L)/Things"),
                ("POST", f"Things({key}L)/$links/Tags"),
                ("PUT", f"Things({key}L)/$links/Parent"),
                ("DELETE", f"Things({key}L)/$links/Parent"),
                ("DELETE", f"Things({key}L)/$links/Tags('new')"),
                ("PUT", f"Things({key}L)/Name"),
                ("MERGE", f"Things({key}L)/Parent"),
                ("DELETE", "Tags('Ω')"),
                ("MERGE", "Kinds('a')"),
            ]
        )
    )
    if method == "DELETE":
        return method, path, None
    if "$links" in path:
        target = draw(st.sampled_from(["Tags('new')", "Tags('Ω')"])) if path.endswith("Tags") else None
        return method, path, {"uri": target or f"Things({draw(st.sampled_from([*KEYS, 9999]))}L)"}
    if path.endswith("/Name"):
        return method, path, {"Name": "changed"}
    body = draw(FORMER_BODIES)
    if method == "POST" and draw(st.booleans()):
        body = {"ID": str(draw(st.sampled_from([*KEYS, 5000]))), **body}
    return method, path, body


def visible(store: Store) -> dict[str, set[Any]]:
    with store.transaction() as tx:
        return {name: set(tx[name].where(condition)) for name, condition in CONDITIONS.items()}


def attack(store: Store, answer: Callable[[], Response], what: str) -> None:
    """Check that a change did what may be done, to what could be seen, and left what can be seen."""
    before, seen = state(store), visible(store)
    response = answer()
    after, seen_after = state(store), visible(store)
    event(f"{what} {response.status}")
    if response.status >= 400:
        assert after == before
        return
    for place in {p for p in (*before, *after) if before.get(p) != after.get(p)}:
        name, key = place
        old, new = before.get(place), after.get(place)
        assert name != "Kinds", "changed what nobody may change"
        assert old is None or key in seen[name], "changed what cannot be seen"
        assert new is None or key in seen_after[name], "made what may not be seen"
        if old is not None and new is not None:
            assert {n: old[n] for n in HIDDEN[name]} == {n: new[n] for n in HIDDEN[name]}, "changed what is hidden"
            assert name != "Things" or (old["Small"] != 0 and new["Small"] != 0), "changed what may not be changed"
        if name == "Things" and old is not None and new is None:
            assert old["Flag"] is None and "0" not in old["Other"], "deleted what may not be deleted"


@pytest.fixture(scope="module")
def changing(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Place]]:
    """Return the place of a name, whose data change from test to test."""
    made: dict[str, Place] = {}
    with ExitStack() as opened:

        def place(name: str) -> Place:
            if name not in made:
                store = opened.enter_context(_opened(name, request, tmp_path_factory.mktemp("changed")))
                made[name] = _place(name, store)
            return made[name]

        yield place


@pytest.mark.feature("F-ACCESS-04")
@pytest.mark.parametrize("name", SERVERS)
@given(change=changes())
@settings(max_examples=EXAMPLES // 3)
def test_no_change_on_a_server_reaches_what_cannot_be_seen(
    changing: Callable[[str], Place], name: str, change: tuple[str, str, Any]
) -> None:
    place = changing(name)
    attack(place.store, lambda: send(place.v4, *change), change[0])


@pytest.mark.feature("F-ACCESS-04", "F-VERBOSE-17")
@pytest.mark.parametrize("name", STORES)
@given(change=former_changes())
@settings(max_examples=EXAMPLES // 3)
def test_no_change_in_odata_2_reaches_what_cannot_be_seen(
    changing: Callable[[str], Place], name: str, change: tuple[str, str, Any]
) -> None:
    place = changing(name)
    attack(place.store, lambda: former_send(place.v2, *change), change[0])


REFUSED = [
    ("MERGE", "Things({})", {"Name": "x"}),
    ("PUT", "Things({})", {"Name": "x"}),
    ("DELETE", "Things({})", None),
    ("PUT", "Things({})/Name", {"Name": "x"}),
    ("POST", "Things({})/Things", {"ID": "7000"}),
    ("POST", "Things({})/Parts", {"Number": 9}),
    ("PUT", "Things({})/$links/Parent", {"uri": "Things({own})"}),
    ("POST", "Things({})/$links/Tags", {"uri": "Tags('new')"}),
    ("PUT", "Things({own})/$links/Parent", {"uri": "Things({})"}),
    ("POST", "Things({own})/$links/Things", {"uri": "Things({})"}),
    ("DELETE", "Things({own})/$links/Things({})", None),
    ("MERGE", "Things({own})", {"Parent_ID": "{}"}),
    ("MERGE", "Things({own})", {"Parent": link("Things({})")}),
    ("POST", "Things", {"ID": "7000", "Small": -7, "Parent": link("Things({})")}),
    ("POST", "Things", {"ID": "7000", "Small": -7, "Things": [link("Things({})")]}),
    ("POST", "Things", {"ID": "7000", "Small": -7, "Parent_ID": "{}"}),
    ("POST", "Things", {"ID": "7000", "Small": -7, "Things": [{"ID": "7001", "Small": -7, "Parent_ID": "{}"}]}),
]


@pytest.mark.feature("F-ACCESS-04", "F-VERBOSE-17")
@pytest.mark.parametrize("name", STORES)
def test_for_changes_of_odata_2_what_cannot_be_seen_is_as_what_is_not_there(
    places: Callable[[str], Place], name: str
) -> None:
    place, before = places(name), state(places(name).store)
    own = next(key for key in SEEN_THINGS if any(i["ID"] == key and i["Small"] == -7 for i in HELD["Things"]))
    for method, path, body in REFUSED:
        told = []
        for key in (UNSEEN_THINGS[0], 9999):

            def filled(text: str, key: int = key) -> str:
                return text.replace("{own}", f"{own}L").replace('"{}"', f'"{key}"').replace("{}", f"{key}L")

            given = None if body is None else json.loads(filled(json.dumps(body)))
            response = former_send(place.v2, method, filled(path), given)
            told.append((response.status, whole(response).replace(str(key).encode(), b"KEY")))
        assert told[0] == told[1], (method, path, body)
        assert told[0][0] in (400, 403, 404, 409), (method, path, body)
    assert state(place.store) == before


BATCH = """--b
Content-Type: application/http
Content-Transfer-Encoding: binary

GET Things({unseen}L) HTTP/1.1
Accept: application/json


--b
Content-Type: application/http
Content-Transfer-Encoding: binary

GET Things/$count?$filter=substringof('s3cr3t',Name) HTTP/1.1


--b
Content-Type: multipart/mixed; boundary=c

--c
Content-Type: application/http
Content-Transfer-Encoding: binary

MERGE Things({unseen}L) HTTP/1.1
Content-Type: application/json
Authorization: Test
Content-Length: 12

{{"Name":"x"}}
--c--
--b
Content-Type: application/http
Content-Transfer-Encoding: binary

GET Things?$orderby=Other HTTP/1.1
Accept: application/json


--b--
"""


@pytest.mark.feature("F-VERBOSE-17")
@pytest.mark.parametrize("name", STORES)
def test_a_batch_of_odata_2_has_no_more_rights(places: Callable[[str], Place], name: str) -> None:
    place = places(name)
    before = state(place.store)
    data = BATCH.format(unseen=UNSEEN_THINGS[0]).replace("\n", "\r\n").encode()
    fields = {"content-type": "multipart/mixed; boundary=b", "content-length": str(len(data))}
    response = place.v2(Request("POST", "/odata/v2/$batch", "", fields, body=io.BytesIO(data).read))
    body = whole(response).decode()
    assert response.status == 202
    assert re.findall(r"^HTTP/1.1 (\d+)", body, re.MULTILINE) == ["404", "200", "404", "400"]
    assert MARK not in body.replace(f"substringof('{MARK}'", "")
    assert state(place.store) == before
