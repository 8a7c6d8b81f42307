"""An order whose expressions are constant or null leaves the order of the key, whole and in pages, on every store.

NOT binds looser than a comparison in SQL: a negation that is compared with the place a page starts after must stand in
parentheses, or pages never end. What is not constant is negated here as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from demotic.query import read_options
from demotic.store import Store
from demotic.store.sql import open_store

from . import declared, nasty
from .answers import over_collection

MODEL = declared.model()
CONSTANT = (
    "not (cast(-9223372036854775808,Edm.Byte) lt null)",
    "not (null lt 1)",
    "not (1 eq null)",
    "not (null eq null)",
    "not not (null ne 1)",
    "null",
    "true",
    "false",
    "1",
    "7",
    "'word'",
    "1.5",
    "null add 1",
    "1 eq 1",
    "1 div null",
    "1 in (2,null)",
    "true and not false",
    "true or null",
    "(not true) lt (not false)",
    "length(null)",
)
VARYING = (
    "not (Weight lt 2)",
    "not (Title eq null)",
    "not (true and Weight gt 1)",
    "not contains(Title,'a')",
    "not Things/any()",
    "not Things/all(x:x/ID ne 1)",
    "(not (Weight lt 2)) lt (not (Title eq null))",
)


@pytest.fixture(scope="module")
def memory() -> Store:
    return nasty.in_memory(MODEL, nasty.held())


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "mariadb"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(_written(request, tmp_path_factory.mktemp("orders"))) as opened:
        yield opened


def _written(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        return str(nasty.write_sqlite(folder / "orders.db"))
    write: Any = {"postgresql": nasty.write_postgresql, "mariadb": nasty.write_mariadb}[request.param]
    return str(write(request.getfixturevalue(request.param)))


@pytest.mark.feature("F-SQL-15")
@pytest.mark.spec("OD-226")
@pytest.mark.parametrize("direction", ["", " desc"])
@pytest.mark.parametrize("order", CONSTANT + VARYING)
def test_pages_in_an_order_that_is_constant_end(memory: Store, store: Store, order: str, direction: str) -> None:
    asked = read_options(f"$orderby={quote(order + direction)}&$select=ID")
    expected = over_collection(memory, "Kinds", asked)
    assert expected.refused is None and len(expected.entities) > 2
    assert over_collection(memory, "Kinds", asked, 2) == expected
    for page in (None, 1, 2):
        assert over_collection(store, "Kinds", asked, page) == expected
    if order in CONSTANT:
        assert expected == over_collection(memory, "Kinds", read_options("$select=ID"))
