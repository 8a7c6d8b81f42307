"""Entity tags there and back, and what a cache is told (RFC 9110, sections 12.5.5, 13.1.1 and 13.1.2)."""

from __future__ import annotations

import json

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Service

from . import club
from .test_cases import ask

TAGGED = ("", "$metadata", "Members('Ada')", "Members('Ada')?$select=Name")


@pytest.fixture(scope="module")
def handler() -> ODataV4:
    return ODataV4(Service(club.in_memory()))


@pytest.mark.parametrize("target", TAGGED)
def test_a_tag_that_was_given_out_is_known_again(handler: ODataV4, target: str) -> None:
    first, body = ask(handler, {"target": target})
    tag = first.field("etag")
    assert tag is not None
    for fields in ({"If-Match": tag}, {"If-Match": f'"x", {tag}'}, {"If-Match": "*"}, {"If-None-Match": '"x"'}):
        assert ask(handler, {"target": target, "fields": fields}) == (first, body)
    for fields in ({"If-None-Match": tag}, {"If-Match": tag, "If-None-Match": tag}):
        response, nothing = ask(handler, {"target": target, "fields": fields})
        assert (response.status, response.field("etag"), nothing) == (304, tag, b"")
        assert response.field("vary") == first.field("vary")


@pytest.mark.parametrize("target", TAGGED)
@pytest.mark.parametrize("others", [{}, {"If-None-Match": "*"}])
def test_another_state_than_the_one_asked_for_is_not_sent(
    handler: ODataV4, target: str, others: dict[str, str]
) -> None:
    fields = {"If-Match": '"x", W/"y"', **others}
    response, body = ask(handler, {"target": target, "fields": fields})
    error = json.loads(body)["error"]
    assert (response.status, error["code"], error["target"]) == (412, "PreconditionFailed", "If-Match")


def test_a_condition_that_cannot_be_read_is_wrong(handler: ODataV4) -> None:
    response, _ = ask(handler, {"target": "Members('Ada')", "fields": {"If-Match": "x"}})
    assert response.status == 400


@pytest.mark.parametrize("condition", ["*", '"x"'])
def test_what_is_not_there_stays_not_found(handler: ODataV4, condition: str) -> None:
    response, _ = ask(handler, {"target": "Members('Nobody')", "fields": {"If-Match": condition}})
    assert response.status == 404


@pytest.mark.parametrize(
    ("target", "vary"),
    [(target, "Accept, OData-MaxVersion") for target in (*TAGGED, "Members('Ada')/Name")]
    + [("Members", "Accept, OData-MaxVersion, Prefer")],
)
def test_a_cache_is_told_what_decided_on_an_answer(handler: ODataV4, target: str, vary: str) -> None:
    assert ask(handler, {"target": target})[0].field("vary") == vary
