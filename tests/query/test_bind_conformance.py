"""The public suite of requests against Olingo's model: each has its verdict, through reader and binder.

A request that is meaningful is bound, or refused as not offered after it was checked to its end; one that is not is
refused as wrong. Exceptions stand in a table with the reason.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from demotic.errors import DemoticError, Unsupported
from demotic.model import Model
from demotic.model.csdl import read_xml
from demotic.query import bind_request, read_options, read_path

EXCEPTIONS: dict[str, list[tuple[str, str | None]]] = json.loads(
    (Path(__file__).parent / "cases" / "olingo_exceptions.json").read_text("utf-8")
)
"""For each reason the paths and queries; a query that ends in ``(``, ``,`` or ``=`` stands for all that begin so."""

NUMBER = 740


@pytest.fixture(scope="module")
def model(shared_data: Path) -> Model:
    faults: list[Exception] = []
    text = (shared_data / "odata" / "olingo4" / "tecsvc" / "metadata.xml").read_bytes()
    found = read_xml(text, report=faults.append)
    assert len(faults) == 1, "the document names one type that it has not"
    return found


def cases(shared_data: Path) -> list[dict[str, Any]]:
    suite: list[dict[str, Any]] = json.loads((shared_data / "odata/olingo4/uri-cases.json").read_text("utf-8"))
    return suite


def reason(path: str, query: str | None) -> str | None:
    """Return why a case is an exception, if it is one."""
    for why, places in EXCEPTIONS.items():
        for where, text in places:
            begins = text is not None and text[-1] in "(=," and (query or "").startswith(text)
            if where == path and (text == query or begins):
                return why
    return None


def verdict(model: Model, path: str, query: str | None) -> str:
    if "?" in path and query is None:
        path, _, query = path.partition("?")
    try:
        bind_request(read_path(path), read_options(query or ""), model=model)
    except Unsupported as refused:
        assert refused.status == 501 and refused.target
        return "not offered"
    except DemoticError as refused:
        assert 400 <= refused.status < 500
        return "refused"
    return "bound"


@pytest.mark.feature("F-QUERY-31")
@pytest.mark.conformance("4.0-intermediate 2")
def test_every_case_has_its_verdict(shared_data: Path, model: Model, capsys: pytest.CaptureFixture[str]) -> None:
    wrong: list[str] = []
    tally: Counter[str] = Counter()
    for case in cases(shared_data):
        path, query = case["path"] or "", case["query"]
        found = verdict(model, path, query)
        if reason(path, query) is not None:
            tally["exception"] += 1
        elif (found == "refused") is case["valid"]:
            wrong.append(f"{path}?{query}: {found}, against {case.get('error_key', 'a valid one')}")
        else:
            tally[f"{'valid' if case['valid'] else 'invalid'}: {found}"] += 1
    with capsys.disabled():
        print(f"\nolingo: {sum(tally.values())} cases: {dict(tally)}")
    assert wrong == []
    assert sum(tally.values()) == NUMBER
    assert tally["exception"] <= 45


def test_every_exception_is_a_case_with_another_verdict(shared_data: Path, model: Model) -> None:
    suite = cases(shared_data)
    known = {(case["path"] or "", case["query"]) for case in suite}
    for places in EXCEPTIONS.values():
        for path, query in places:
            assert any(where == path and (text or "").startswith(query or "") for where, text in known), (path, query)
    needless = [
        f"{case['path']}?{case['query']}"
        for case in suite
        if reason(case["path"] or "", case["query"]) is not None
        and (verdict(model, case["path"] or "", case["query"]) == "refused") is not case["valid"]
    ]
    assert needless == []
