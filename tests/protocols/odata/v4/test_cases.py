"""This request gets this answer: the cases in ``cases/*.json`` on the sample shop, in the form that README.md tells."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store.sql import open_store
from demotic.syntax.http import Request, Response

ROOT = "http://shop.example/odata/v4/"
FOLDER = Path(__file__).parent / "cases"

Case = dict[str, Any]


def cases(*, folder: Path = FOLDER, claiming: bool = False) -> list[Any]:
    """Return every case in a folder as a parameter, named after file and title; ``claiming`` marks what it proves."""
    return [
        pytest.param(
            case,
            id=f"{file.stem}: {case['title']}",
            marks=[pytest.mark.spec(*case["spec"])] if claiming and "spec" in case else [],
        )
        for file in sorted(folder.glob("*.json"))
        for case in json.loads(file.read_text(encoding="utf-8"))
    ]


def ask(handler: ODataV4, given: Case) -> tuple[Response, bytes]:
    """Send the request of a case."""
    target = given["target"].replace("{root}", ROOT)
    if target.startswith(ROOT):
        target = target[len(ROOT) :]
    path, _, query = target.partition("?")
    fields = {name.lower(): value for name, value in given.get("fields", {}).items()}
    request = Request(given.get("method", "GET"), f"/odata/v4/{path}", query, fields, "http", "shop.example")
    response = handler(request)
    body = response.body
    if isinstance(body, bytes):
        return response, body
    try:
        return response, b"".join(body)
    finally:
        body.close()


@pytest.fixture(scope="module")
def make_handler(shop: Path) -> Callable[[], ODataV4]:
    store = open_store(str(shop), view_keys={"Product Sales": ["Product_ID"]})
    return lambda: ODataV4(Service(store, read_only=True))


@pytest.fixture(scope="module")
def handler(make_handler: Callable[[], ODataV4]) -> ODataV4:
    return make_handler()


# --- what is expected


def same(expected: Any, got: Any, where: str, root: str = ROOT) -> None:
    """Assert that a value is as expected; ``{"matches": ...}``, ``{"absent": true}`` and ``{"size": n}`` say more."""
    if isinstance(expected, dict) and set(expected) == {"matches"}:
        assert isinstance(got, str) and re.fullmatch(expected["matches"].replace("{root}", re.escape(root)), got), (
            f"{where} is {got!r}"
        )
    elif isinstance(expected, dict) and set(expected) == {"size"}:
        assert len(got) == expected["size"], f"{where} has {len(got)} members"
    else:
        wanted = json.loads(json.dumps(expected).replace("{root}", root))
        assert got == wanted and json.dumps(got) == json.dumps(wanted), f"{where} is {got!r}"


ABSENT = object()


def at(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer (RFC 6901) leads to, or ``ABSENT``."""
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(step)] if isinstance(document, list) else document[step]
        except (KeyError, IndexError):
            return ABSENT
    return document


def check(case: Case, response: Response, body: bytes, root: str = ROOT) -> None:
    """Assert everything that a case says about its answer."""
    expect = case["expect"]
    assert response.status == expect.get("status", 200), body[:600]
    for name, value in expect.get("fields", {}).items():
        got = response.field(name)
        assert got is None if value is None else got is not None, f"{name}: {got}"
        if value is not None:
            same(value, got, name, root)
    if "text" in expect:
        assert body.decode("utf-8") == expect["text"].replace("{root}", root)
    if "base64" in expect:
        assert body == base64.b64decode(expect["base64"])
    if "starts" in expect:
        assert body.startswith(expect["starts"].encode("latin-1"))
    for part in expect.get("contains", ()):
        assert part in body.decode("utf-8")
    if "json" in expect:
        same(expect["json"], json.loads(body), "the body", root)
    for pointer, value in expect.get("at", {}).items():
        got = at(json.loads(body), pointer)
        if value == {"absent": True}:
            assert got is ABSENT, f"{pointer} is {got!r}"
        else:
            assert got is not ABSENT, f"there is no {pointer} in {body[:600]!r}"
            same(value, got, pointer, root)


# --- the tests


@pytest.mark.feature("F-ODATA-03", "F-ODATA-05", "F-ODATA-07", "F-ODATA-10", "F-ODATA-14")
@pytest.mark.parametrize("case", cases(claiming=True))
def test_a_request_gets_its_answer(handler: ODataV4, case: Case) -> None:
    response, body = ask(handler, case["given"])
    check(case, response, body)


@pytest.mark.parametrize("case", cases())
def test_the_second_answer_is_the_first_byte_for_byte(
    make_handler: Callable[[], ODataV4], case: Case, handler: ODataV4
) -> None:
    fresh = make_handler()
    first, again = ask(fresh, case["given"]), ask(fresh, case["given"])
    assert again == first
    # What others asked before makes no difference either.
    assert ask(handler, case["given"]) == first


@pytest.mark.feature("F-ODATA-12")
@pytest.mark.parametrize("case", [case for case in cases() if case.values[0]["given"].get("method", "GET") == "GET"])
def test_head_is_get_without_its_body(handler: ODataV4, case: Case) -> None:
    got, _ = ask(handler, case["given"])
    head, nothing = ask(handler, {**case["given"], "method": "HEAD"})
    assert (head.status, head.fields, nothing) == (got.status, got.fields, b"")
