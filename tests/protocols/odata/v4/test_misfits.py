"""Stored values that do not fit their types: null, with what is stored as Core.ValueException, and only then."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store.sql import SqlStore, open_store
from demotic.syntax.http import Request

NOTE = "@Core.ValueException"
SCRIPT = """
CREATE TABLE Makers (ID INTEGER PRIMARY KEY, Since DATE);
CREATE TABLE Things (ID INTEGER PRIMARY KEY, Word TEXT, Number INT, Small SMALLINT, Weight REAL, Price DECIMAL(9,2),
  Day DATE, Moment TIMESTAMP, Flag BOOLEAN, Maker_ID INT REFERENCES Makers (ID));
INSERT INTO Makers VALUES (1, '2020-02-30'), (2, '2020-02-29');
INSERT INTO Things VALUES
  (1, 'fits', 1, 2, 0.5, 9.75, '2024-02-29', '2024-02-29 12:00:00', 1, 2),
  (2, X'00FF', 'twelve', 99999, 'heavy', 'dear', '2024-02-30', 'soon', 7, 1),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, 'fits', 1.5, 3, 1.0, 1, '2024-03-01', '2024-02-29 12:00:00', 0, 2);
"""
WRONG = {
    "Word": "X'00FF'",
    "Number": "twelve",
    "Small": "99999",
    "Weight": "heavy",
    "Price": "dear",
    "Day": "2024-02-30",
    "Moment": "soon",
    "Flag": "7",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(sqlite3.connect(tmp_path / "things.db")) as db:
        db.executescript(SCRIPT)
        rows = [(number, "fits", "2024-01-01") for number in range(100, 1500)]
        db.executemany("INSERT INTO Things (ID, Word, Day) VALUES (?, ?, ?)", rows)
        db.execute("INSERT INTO Things (ID, Day) VALUES (2000, 'never')")
        db.commit()
    with open_store(tmp_path / "things.db") as opened:
        yield opened


def ask(
    store: Any, path: str, method: str = "GET", given: Any = None, **fields: str
) -> tuple[int, Any, dict[str, str]]:
    target, _, query = path.partition("?")
    body = b"" if given is None else json.dumps(given).encode()
    sent = {"content-type": "application/json", "content-length": str(len(body))} if body else {}
    sent |= {name.replace("_", "-"): value for name, value in fields.items()}
    request = Request(method, f"/odata/v4/{target}", query.replace(" ", "%20"), sent, body=BytesIO(body).read)
    answer = ODataV4(Service(store))(request)
    data = answer.body if isinstance(answer.body, bytes) else b"".join(answer.body)
    return answer.status, json.loads(data) if data else None, dict(answer.fields)


def notes(entity: dict[str, Any]) -> dict[str, Any]:
    """Return what is annotated, the value of each checked to be null."""
    found = {name.removesuffix(NOTE): value for name, value in entity.items() if name.endswith(NOTE)}
    assert all(entity[name] is None for name in found)
    return {name: value["value"] for name, value in found.items()}


@pytest.mark.feature("F-ODATA-35")
def test_what_does_not_fit_is_null_and_told_beside_it(store: SqlStore) -> None:
    first, second, third, fourth = ask(store, "Things?$top=4&$orderby=ID")[1]["value"]
    assert notes(second) == WRONG
    assert list(second)[:3] == ["ID", f"Word{NOTE}", "Word"]  # an annotation stands before what it is about
    assert [notes(one) for one in (first, third, fourth)] == [{}, {}, {"Number": "1.5"}]
    assert [third[name] for name in WRONG] == [None] * len(WRONG)


@pytest.mark.feature("F-ODATA-35")
@pytest.mark.parametrize("accept", ["application/json", "application/json;IEEE754Compatible=true"])
def test_null_is_null_however_numbers_are_written(store: SqlStore, accept: str) -> None:
    for path in ("Things(3)", "Things?$filter=ID eq 3"):
        _, found, _ = ask(store, path, accept=accept)
        entity = found["value"][0] if "value" in found else found
        assert [entity[name] for name in WRONG] == [None] * len(WRONG)
    assert ask(store, "Things(3)", "PATCH", {"Word": "x"}, if_match=found_tag(store, accept))[0] == 204


def found_tag(store: SqlStore, accept: str) -> str:
    return ask(store, "Things(3)", accept=accept)[1]["@odata.etag"]  # type: ignore[no-any-return]


@pytest.mark.feature("F-ODATA-35")
@pytest.mark.parametrize("options", ["", "&$select=Word", "&$select=ID&$expand=Maker&$orderby=Number desc"])
def test_full_metadata_tells_the_tags_of_listed_entities(store: SqlStore, options: str) -> None:
    full = "application/json;odata.metadata=full"
    listed = ask(store, f"Things?$top=4{options}", accept=full)[1]["value"]
    alone = {entity["@odata.id"]: ask(store, entity["@odata.id"])[1]["@odata.etag"] for entity in listed}
    assert [entity["@odata.etag"] for entity in listed] == list(alone.values())
    assert len(set(alone.values())) == 4
    many = ask(store, f"Things?$top=1400{options}", accept=full)[1]["value"]
    assert all(entity["@odata.etag"].startswith("W/") for entity in many) and len(many) == 1400


@pytest.mark.feature("F-ODATA-35")
def test_a_single_entity_tells_it_too_and_can_be_changed_in_its_state(store: SqlStore) -> None:
    status, entity, fields = ask(store, "Things(2)")
    assert (status, notes(entity), entity["@odata.etag"]) == (200, WRONG, fields["etag"])
    assert ask(store, "Things(2)", if_none_match=fields["etag"])[0] == 304
    assert ask(store, "Things(2)", "PATCH", {"Number": 12}, if_match=fields["etag"])[0] == 204
    status, entity, _ = ask(store, "Things(2)", "PATCH", {"Word": "two"}, prefer="return=representation")
    assert notes(entity) == {name: text for name, text in WRONG.items() if name not in ("Number", "Word")}
    assert (entity["Number"], entity["Word"]) == (12, "two")


@pytest.mark.feature("F-ODATA-35")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Things(2)?$select=Number", {"Number": "twelve"}),
        ("Things(2)?$select=ID", {}),
        ("Things(2)/Maker_ID_Makers", {"Since": "2020-02-30"}),
        ("Makers(2)", {}),
    ],
)
def test_what_is_not_asked_for_is_not_told(store: SqlStore, path: str, expected: dict[str, str]) -> None:
    way = next(iter(store.model.container.sets["Things"].type.navigation))  # type: ignore[union-attr]
    status, entity, _ = ask(store, path.replace("Maker_ID_Makers", way))
    assert (status, notes(entity)) == (200, expected)


@pytest.mark.feature("F-ODATA-35")
def test_expanded_entities_tell_it(store: SqlStore) -> None:
    way = next(iter(store.model.container.sets["Things"].type.navigation))  # type: ignore[union-attr]
    found = ask(store, f"Things?$filter=ID le 2&$select=ID&$expand={way}")[1]["value"]
    assert [notes(one[way]) for one in found] == [{}, {"Since": "2020-02-30"}]
    assert notes(ask(store, f"Things(2)?$select=Day&$expand={way}")[1][way]) == {"Since": "2020-02-30"}


@pytest.mark.feature("F-ODATA-35")
def test_long_answers_tell_it_where_it_happens_alone(store: SqlStore) -> None:
    found = ask(store, "Things?$orderby=ID&$filter=ID ge 100")[1]["value"]
    assert len(found) == 1401
    assert [(one["ID"], notes(one)) for one in found if notes(one)] == [(2000, {"Day": "never"})]


@pytest.mark.feature("F-ODATA-35")
def test_without_metadata_nothing_is_told(store: SqlStore) -> None:
    entity = ask(store, "Things(2)", accept="application/json;odata.metadata=none")[1]
    assert set(entity) == {"ID", *WRONG, "Maker_ID"}
    full = ask(store, "Things(2)", accept="application/json;odata.metadata=full")[1]
    assert notes(full) == WRONG
    assert full["Day@odata.type"] == "#Date"


@pytest.mark.feature("F-ODATA-35")
def test_servers_have_values_that_are_none_of_ours(postgresql: Any, mariadb: Any) -> None:
    tables = "CREATE TABLE t (id INT PRIMARY KEY, d DATE, m TIMESTAMP, n NUMERIC(9,2)); "
    url = postgresql.new_database(
        tables + "INSERT INTO t VALUES (1, 'infinity', '-infinity', 'NaN'), (2, NULL, NULL, 1)"
    )
    with open_store(url) as store:
        one, two = ask(store, "t?$orderby=id")[1]["value"]
        assert notes(one) == {"d": "infinity", "m": "-infinity", "n": "NaN"}
        assert notes(two) == {}
        assert notes(ask(store, "t(1)")[1]) == notes(one)
    tables = "CREATE TABLE t (id INT PRIMARY KEY, d DATE, h TIME, f TINYINT(1));\nSET sql_mode = '';\n"
    url = mariadb.new_database(tables + "INSERT INTO t VALUES (1, '0000-00-00', '30:00:00', 7), (2, NULL, NULL, 1)")
    with open_store(url) as store:
        one, two = ask(store, "t?$orderby=id")[1]["value"]
        assert notes(one) == {"d": "0000-00-00", "h": "30:00:00", "f": "7"}
        assert notes(two) == {}
