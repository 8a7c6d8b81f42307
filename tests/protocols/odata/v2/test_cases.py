"""This request gets this answer: ``cases/*.json`` on the sample shop, in the form of ``../v4/cases/README.md``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from demotic.protocols.odata import ODataV2
from demotic.service import Limits, Service
from demotic.store.sql import open_store
from demotic.syntax.http import Request, Response

from ..v4.test_cases import cases, check

ROOT = "http://shop.example/odata/v2/"
FOLDER = Path(__file__).parent / "cases"

Case = dict[str, Any]


def ask(handler: ODataV2, given: Case) -> tuple[Response, bytes]:
    """Send the request of a case."""
    target = given["target"].removeprefix(ROOT)
    path, _, query = target.partition("?")
    fields = {name.lower(): value for name, value in given.get("fields", {}).items()}
    request = Request(given.get("method", "GET"), f"/odata/v2/{path}", query, fields, "http", "shop.example")
    response = handler(request)
    body = response.body
    if isinstance(body, bytes):
        return response, body
    try:
        return response, b"".join(body)
    finally:
        body.close()


@pytest.fixture(scope="module")
def make_handler(shop: Path) -> Callable[[], ODataV2]:
    store = open_store(str(shop), view_keys={"Product Sales": ["Product_ID"]})
    return lambda: ODataV2(Service(store, read_only=True))


@pytest.fixture(scope="module")
def handler(make_handler: Callable[[], ODataV2]) -> ODataV2:
    return make_handler()


@pytest.mark.feature("F-VERBOSE-01", "F-VERBOSE-02", "F-VERBOSE-03", "F-VERBOSE-04", "F-VERBOSE-05")
@pytest.mark.parametrize("case", cases(folder=FOLDER, claiming=True))
def test_a_request_gets_its_answer(handler: ODataV2, case: Case) -> None:
    response, body = ask(handler, case["given"])
    check(case, response, body, ROOT)


@pytest.mark.parametrize("case", cases(folder=FOLDER))
def test_the_second_answer_is_the_first_byte_for_byte(
    make_handler: Callable[[], ODataV2], case: Case, handler: ODataV2
) -> None:
    fresh = make_handler()
    first, again = ask(fresh, case["given"]), ask(fresh, case["given"])
    assert again == first
    # What others asked before makes no difference either.
    assert ask(handler, case["given"]) == first


@pytest.mark.parametrize("case", cases(folder=FOLDER))
def test_head_is_get_without_its_body(handler: ODataV2, case: Case) -> None:
    if case["given"].get("method", "GET") != "GET":
        return
    got, _ = ask(handler, case["given"])
    head, nothing = ask(handler, {**case["given"], "method": "HEAD"})
    assert (head.status, head.fields, nothing) == (got.status, got.fields, b"")


@pytest.mark.feature("F-VERBOSE-06")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Products(1)", "Products(2)"),
        ("Products(1L)?$select=Name", "Products(2L)?$select=Name"),
        ("Products?$filter=Price gt 20.5M", "Products?$filter=Price gt 30.25M"),
        ("Products?$filter=Price gt 20.5&$top=3", "Products?$filter=Price gt 7.25&$top=4"),
        ("EveryType?$filter=DoubleValue lt 2d", "EveryType?$filter=DoubleValue lt 0d"),
        ("Products?$filter=substringof('a',Name)", "Products?$filter=substringof('it''s',Name)"),
        (
            "Orders?$filter=OrderDate gt datetime'2024-01-01T00:00:00'",
            "Orders?$filter=OrderDate gt datetime'2023-06-01T12:00:00'",
        ),
        (
            "EveryType?$filter=GuidValue eq guid'0f8fad5b-d9cb-469f-a165-70867728950e'",
            "EveryType?$filter=GuidValue eq guid'00000000-0000-0000-0000-000000000001'",
        ),
        ("EveryType?$filter=TimeOfDayValue eq time'PT1H'", "EveryType?$filter=TimeOfDayValue eq time'PT12H30M'"),
        ("EveryType?$filter=BinaryValue eq X'00'", "EveryType?$filter=BinaryValue eq X'000102'"),
    ],
)
def test_requests_that_differ_in_literals_are_compiled_once(
    make_handler: Callable[[], ODataV2], one: str, other: str
) -> None:
    handler, fresh = make_handler(), make_handler()
    ask(handler, {"target": one})
    assert handler.statistics.shapes == 1
    compiled = handler.statistics.compiled
    answer = ask(handler, {"target": other})
    assert handler.statistics.compiled == compiled
    assert answer == ask(fresh, {"target": other})


@pytest.mark.feature("F-VERBOSE-07")
@pytest.mark.spec("OD-271", "NEW-035")
@pytest.mark.parametrize(
    "query", ["", "$orderby=Price desc", "$top=20", "$filter=Price gt 10&$skip=3&$inlinecount=allpages"]
)
def test_pages_lead_to_each_other(shop: Path, query: str) -> None:
    store = open_store(str(shop))
    whole, paged = ODataV2(Service(store)), ODataV2(Service(store, limits=Limits(page_size=7)))
    expected = json.loads(ask(whole, {"target": f"Products?{query}"})[1])["d"]["results"]
    found: list[Any] = []
    url = f"{ROOT}Products?{query}"
    while url:
        page = json.loads(ask(paged, {"target": url})[1])["d"]
        assert len(page["results"]) <= 7
        found += page["results"]
        url = page.get("__next", "")
        assert not url or url.startswith(ROOT)
    assert found == expected
    assert len(found) > 7


@pytest.mark.spec("OD-280")
def test_version_1_has_no_pages(shop: Path) -> None:
    paged = ODataV2(Service(open_store(str(shop)), limits=Limits(page_size=7)))
    given = {"target": "Products", "fields": {"MaxDataServiceVersion": "1.0"}}
    response, body = ask(paged, given)
    assert (response.status, json.loads(body)["error"]["innererror"]["target"]) == (400, "MaxDataServiceVersion")
    assert len(json.loads(ask(paged, {**given, "target": "Products?$top=7"})[1])["d"]) == 7


@pytest.mark.feature("F-VERBOSE-07")
@pytest.mark.spec("OD-271")
def test_a_long_collection_is_sent_in_chunks(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "numbers.db")) as db:
        db.execute("CREATE TABLE Numbers (ID INTEGER PRIMARY KEY)")
        db.executemany("INSERT INTO Numbers VALUES (?)", [(n,) for n in range(12_000)])
        db.commit()
    handler = ODataV2(Service(open_store(tmp_path / "numbers.db"), limits=Limits(page_size=11_000)))
    response = handler(Request("GET", "/odata/v2/Numbers", "$inlinecount=allpages", {}, "http", "shop.example"))
    assert not isinstance(response.body, bytes)
    body = json.loads(b"".join(response.body))
    response.body.close()
    assert [row["ID"] for row in body["d"]["results"]] == [str(n) for n in range(11_000)]
    assert body["d"]["__count"] == "12000"
    assert "$skiptoken=" in body["d"]["__next"]


def test_the_root_is_as_the_caller_sees_it(shop: Path) -> None:
    store = open_store(str(shop))
    behind = ODataV2(Service(store), "/odata/v2/", public_root="https://data.example.com/shop")
    for handler, host, root in (
        (ODataV2(Service(store)), "one.example", "http://one.example/odata/v2/"),
        (behind, "any.example", "https://data.example.com/shop/"),
    ):
        for _ in range(2):
            body = handler(Request("GET", "/odata/v2/Tags(1)", "", {}, "http", host)).body
            assert isinstance(body, bytes)
            assert json.loads(body)["d"]["__metadata"]["uri"] == f"{root}Tags(1L)"
    same = ODataV2(Service(store))
    for host in ("one.example", "two.example", "one.example"):
        body = same(Request("GET", "/odata/v2/Tags(1)", "", {}, "http", host)).body
        assert isinstance(body, bytes)
        assert f"http://{host}/".encode() in body
