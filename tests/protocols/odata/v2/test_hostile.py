"""Requests that mean harm to OData 2 get an answer, in time and in form: those of version 4, and mutated ones."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.protocols.odata import ODataV2
from demotic.service import Service
from demotic.syntax.http import Request, Response

from ....properties import declared, nasty
from ..v4.test_hostile import FIELD, GROUPS, INSIDE, TOKENS, mutated, mutations, unfolded, watched

REQUESTS = [request for group in GROUPS for request in group["requests"]]
SEEDS = [
    "Things?$filter=substringof('a',Name) and Whole gt 5L&$orderby=Name desc,ID&$top=5&$inlinecount=allpages",
    "Things?$expand=Parts/Thing,Kind&$select=Name,Parts/Number,Kind/Title",
    "Things(2)/Parts(Thing_ID=2,Number=0)/Thing/Kind/Title/$value",
    "Things(2)/$links/Parts?$skip=1",
    "Kinds('it''s%2F%25')/Things?$filter=Seen ge datetime'2024-01-01T00:00:00' or replace(Name,'a','b') eq 'c'",
    "Things?$filter=indexof(concat(Name,'x'),'y') sub -1 mod 2M eq 1.5d and not (Mark eq guid'0')",
    "$metadata?$format=xml",
]
TOKENS_OF_V2 = [
    *TOKENS,
    "$links/",
    "datetime'",
    "guid'",
    "X'",
    "time'PT",
    "1L",
    "2.0M",
    "$inlinecount=",
    "isof('",
    "()",
]


@pytest.fixture(scope="module")
def handler() -> ODataV2:
    return ODataV2(Service(nasty.in_memory(declared.model()), read_only=True))


def ask(handler: ODataV2, target: str, method: str, fields: dict[str, str]) -> tuple[Response, bytes]:
    path, _, query = target.partition("?")
    with watched():
        response = handler(Request(method, f"/odata/v2/{path}", query, fields, "http", "shop.example"))
        body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    return response, body


def check(response: Response, body: bytes) -> None:
    """Assert what holds of every answer."""
    assert response.status in range(200, 600) and response.status != 500
    for name, value in response.fields:
        assert FIELD.fullmatch(name) and FIELD.fullmatch(value), (name, value)
    if response.status >= 400 and body:
        assert len(body) < 8000, "an error as long as what caused it"
        assert not INSIDE.search(body.decode())
        if (response.field("content-type") or "").startswith("application/xml"):
            assert ElementTree.fromstring(body).tag.endswith("}error")
        else:
            error: dict[str, Any] = json.loads(body)["error"]
            assert error["code"] and error["message"]["value"].strip()


@pytest.mark.feature("F-VERBOSE-14")
def test_hostile_requests_of_version_4_are_answered(handler: ODataV2) -> None:
    for request in REQUESTS:
        given_ = {"target": request} if isinstance(request, str) else request
        fields = {name.lower(): unfolded(value) for name, value in given_.get("headers", {}).items()}
        method = unfolded(given_.get("method", "GET"))
        check(*ask(handler, unfolded(given_["target"]), method, fields))
    assert len(REQUESTS) >= 300


ACCEPTED = st.sampled_from(
    ["", "application/json", "application/atom+xml", "text/html", "application/json;odata=light", "*"]
)


@pytest.mark.feature("F-VERBOSE-14")
@given(st.sampled_from(SEEDS), mutations, st.sampled_from(TOKENS_OF_V2), st.floats(0, 1), ACCEPTED)
@settings(max_examples=300)
def test_mutated_requests_are_answered(
    target: str, changes: list[tuple[str, float, float, str]], token: str, place: float, accept: str
) -> None:
    text = mutated(target, changes)
    cut = int(place * len(text))
    check(*ask(HANDLER, text[:cut] + token + text[cut:], "GET", {"accept": accept} if accept else {}))


HANDLER = ODataV2(Service(nasty.in_memory(declared.model()), read_only=True))
