"""What a file holds may be mixed, or fit its type badly: ids, links and decimals of such rows."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store.sql import open_store

from .test_cases import ROOT, ask

FULL = {"accept": "application/json;odata.metadata=full"}
EXACT = {"accept": "application/json;odata.metadata=none;IEEE754Compatible=true"}
TABLES = """
    CREATE TABLE instants (k DATETIME NOT NULL PRIMARY KEY, note TEXT);
    INSERT INTO instants VALUES
        ('2023-01-01 00:00:00', 'blank'), ('2023-01-02T00:00:00+00:00', 'offset'), (1672704000, 'unix'), ('nil', 'nil');
    CREATE TABLE parts (a INT NOT NULL, b DATE NOT NULL, note TEXT, PRIMARY KEY (a, b));
    INSERT INTO parts VALUES (1, '2023-01-01', 'good'), ('x', '2023-01-02', 'bad a'), (2, 'soon', 'bad b');
    CREATE TABLE children (id INTEGER PRIMARY KEY, a INT, b DATE, FOREIGN KEY (a, b) REFERENCES parts (a, b));
    INSERT INTO children VALUES (1, 2, 'soon');
    CREATE TABLE numbers (k INTEGER PRIMARY KEY, d DECIMAL);
    INSERT INTO numbers VALUES (1, 1e300), (2, '1e-9'), (3, 9e999), (4, 'NaN'), (5, '-INF'), (6, 'Infinity');
"""


@pytest.fixture(scope="module")
def handler(tmp_path_factory: pytest.TempPathFactory) -> ODataV4:
    path = tmp_path_factory.mktemp("kept") / "kept.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(TABLES)
    return ODataV4(Service(open_store(str(path))))


def read(handler: ODataV4, target: str, fields: dict[str, str]) -> Any:
    response, body = ask(handler, {"target": target, "fields": fields})
    assert response.status == 200, body
    return json.loads(body)


@pytest.mark.parametrize("target", ["instants", "instants?$select=note"])
def test_an_instant_in_an_id_has_one_form_however_it_is_kept(handler: ODataV4, target: str) -> None:
    fields = FULL if target == "instants" else {}
    ids = {row["note"]: row.get("@odata.id") for row in read(handler, target, fields)["value"]}
    assert ids == {
        "blank": "instants(2023-01-01T00:00:00Z)",
        "offset": "instants(2023-01-02T00:00:00Z)",
        "unix": "instants(2023-01-03T00:00:00Z)",
        "nil": None,
    }
    for note, link in ids.items():
        if link is not None:
            answer = read(handler, f"{link}/note", {})
            assert (answer["value"], answer["@odata.context"]) == (note, f"{ROOT}$metadata#{link}/note")


def test_an_entity_whose_key_is_unfit_has_neither_id_nor_links(handler: ODataV4) -> None:
    rows = {row["note"]: row for row in read(handler, "parts", FULL)["value"]}
    assert rows["good"]["@odata.id"] == "parts(a=1,b=2023-01-01)"
    assert [name for name in rows["good"] if name.endswith("Link")]
    for note in ("bad a", "bad b"):
        assert not [name for name in rows[note] if name.endswith(("Link", "@odata.id"))]
    assert {row.get("@odata.id") for row in read(handler, "parts?$select=note", {})["value"]} == {
        "parts(a=1,b=2023-01-01)",
        None,
    }


def test_no_link_is_written_that_cannot_be_followed(handler: ODataV4) -> None:
    row = next(row for row in read(handler, "parts", FULL)["value"] if row["note"] == "good")
    links = [value for name, value in row.items() if name.endswith("Link")]
    assert links
    assert not [name for name in row if name.endswith("@odata.associationLink")]
    for link in links:
        assert read(handler, link, {})["value"] == []


def test_exact_decimals_are_plain_text_without_exponents(handler: ODataV4) -> None:
    values = {row["k"]: row["d"] for row in read(handler, "numbers?$filter=k le 2", EXACT)["value"]}
    assert values == {"1": "1" + 300 * "0", "2": "0.000000001"}


def test_exponents_in_decimals_may_be_allowed_and_need_not_be_used(handler: ODataV4) -> None:
    allowed = {"accept": f"{EXACT['accept']};ExponentialDecimals=true"}
    assert read(handler, "numbers", allowed) == read(handler, "numbers", EXACT)


@pytest.mark.parametrize("fields", [{}, EXACT, {"odata-maxversion": "4.0"}, {**EXACT, "odata-maxversion": "4.0"}])
def test_a_decimal_that_is_no_number_is_null(handler: ODataV4, fields: dict[str, str]) -> None:
    assert [row["d"] for row in read(handler, "numbers?$filter=k gt 2", fields)["value"]] == [None] * 4
