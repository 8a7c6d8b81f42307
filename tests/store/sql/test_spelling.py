"""Dates kept as text are spelt in JSON as their values are, so that entity tags are those of the values."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from demotic.protocols.odata import ODataV2, ODataV4
from demotic.service import Service
from demotic.store.sql import open_store
from demotic.syntax.http import Request, Response

# The text in the database, its column's type, and what JSON has for it.
SPELLINGS = [
    ("TIMESTAMP", "2024-02-29T12:30:01Z", "2024-02-29T12:30:01Z"),
    ("TIMESTAMP", "2024-02-29 12:30:01", "2024-02-29T12:30:01Z"),
    ("TIMESTAMP", "2024-02-29T12:30:01.000Z", "2024-02-29T12:30:01Z"),
    ("TIMESTAMP", "2024-02-29T12:30:01.250Z", "2024-02-29T12:30:01.250000Z"),
    ("TIMESTAMP", "2024-02-29 12:30:01.123456+00:00", "2024-02-29T12:30:01.123456Z"),
    ("TIMESTAMP", "2024-02-29 12:30:01+00:00", "2024-02-29T12:30:01Z"),
    ("TIME", "12:30:01", "12:30:01"),
    ("TIME", "12:30:01.500", "12:30:01.500000"),
    ("TIME", "12:30:01.000", "12:30:01"),
    ("DATE", "2024-02-29", "2024-02-29"),
]


def send(handler: Any, method: str, target: str, body: Any = None, **fields: str) -> Response:
    data = b"" if body is None else json.dumps(body).encode()
    sent = {"content-type": "application/json", "content-length": str(len(data)), **fields}
    path, _, query = target.partition("?")
    return handler(Request(method, path, query, sent, body=io.BytesIO(data).read))  # type: ignore[no-any-return]


@pytest.mark.feature("F-ODATA-20")
@pytest.mark.parametrize(("declared", "text", "expected"), SPELLINGS, ids=[text for _, text, _ in SPELLINGS])
def test_a_date_is_spelt_in_one_way_and_its_entity_changes_in_the_state_that_was_read(
    tmp_path: Path, declared: str, text: str, expected: str
) -> None:
    path = tmp_path / "dates.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE TABLE Dates (ID INTEGER PRIMARY KEY, Value {declared}, Word TEXT)")
        db.executemany("INSERT INTO Dates VALUES (?, ?, 'old')", [(n, text) for n in range(1, 31)])
        db.commit()
    with open_store(str(path)) as store:
        v4, v2 = (speak(Service(store), "/") for speak in (ODataV4, ODataV2))
        rows = json.loads(send(v4, "GET", "/Dates").body)["value"]  # enough of them to be looked at as a column
        assert {row["Value"] for row in rows} == {expected}
        one = send(v4, "GET", "/Dates(1)")
        assert json.loads(one.body)["Value"] == expected
        changed = send(v4, "PATCH", "/Dates(1)", {"Word": "new"}, **{"if-match": str(one.field("etag"))})
        assert changed.status == 204
        listed = json.loads(send(v2, "GET", "/Dates?$orderby=ID desc").body)["d"]["results"][0]
        tag = listed["__metadata"]["etag"]
        assert send(v2, "GET", "/Dates(30L)").field("etag") == tag
        assert send(v2, "MERGE", "/Dates(30L)", {"Word": "new"}, **{"if-match": tag}).status == 204
        assert send(v2, "MERGE", "/Dates(30L)", {"Word": "x"}, **{"if-match": tag}).status == 412
