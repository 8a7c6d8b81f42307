"""How columns keep their values is found out from the values, and questions are put in the same form."""

from __future__ import annotations

import operator
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demotic.store.sql import SqlStore, open_store
from demotic.store.sql.statements._plan import SqlPlan

from .support import EXACT, JSON, Answer, ask, keys, kind

MOMENTS = [
    datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), datetime(2000, 2, 29, tzinfo=UTC),
    datetime(2024, 2, 29, 12, 30, tzinfo=UTC), datetime(2024, 2, 29, 12, 30, 1, tzinfo=UTC),
    datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC),
]  # fmt: skip
FINE = [m.replace(microsecond=n * 125_000) for n, m in enumerate(MOMENTS)]
MIDNIGHTS = [datetime(m.year, m.month, m.day, tzinfo=UTC) for m in MOMENTS[1:4]]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def written(form: str) -> Callable[[datetime], str]:
    return lambda m: m.strftime(form)


def milliseconds(m: datetime) -> int:
    return round((m - EPOCH).total_seconds() * 1000)


INSTANTS: dict[str, tuple[list[datetime], Callable[[datetime], Any], str]] = {
    "T and Z": (MOMENTS, written("%Y-%m-%dT%H:%M:%SZ"), "text"),
    "a blank": (MOMENTS, written("%Y-%m-%d %H:%M:%S"), "text"),
    "T alone": (MOMENTS, written("%Y-%m-%dT%H:%M:%S"), "text"),
    "a blank and an offset of zero": (MOMENTS, written("%Y-%m-%d %H:%M:%S+00:00"), "text"),
    "milliseconds": (FINE, lambda m: m.isoformat(" ", "milliseconds")[:23], "text"),
    "microseconds and Z": (FINE, written("%Y-%m-%dT%H:%M:%S.%fZ"), "text"),
    "one digit": (MOMENTS, written("%Y-%m-%dT%H:%M:%S.5Z"), "text"),
    "a date": (MIDNIGHTS, written("%Y-%m-%d"), "text"),
    "seconds since 1970": (MOMENTS, lambda m: round(m.timestamp()), "seconds"),
    "milliseconds since 1970": (FINE[2:], milliseconds, "milliseconds"),
    "fractions of seconds since 1970": (FINE[2:], lambda m: m.timestamp(), "instant-seconds"),
    "Julian days": (FINE, lambda m: m.timestamp() / 86400 + 2440587.5, "instant-julian"),
    "another zone": (FINE, lambda m: m.isoformat().replace("+00:00", "Z") if m.second else m.isoformat(), "instant-"),
    "no seconds": (MIDNIGHTS, written("%Y-%m-%d %H:%M"), "instant-"),
    "text and numbers": (MOMENTS, lambda m: round(m.timestamp()) if m.second else m.isoformat(), "instant-seconds"),
}  # fmt: skip
ONE_DIGIT = [m.replace(microsecond=500_000) for m in MOMENTS]

COMPARED = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


def table(path: Path, type: str, kept: list[Any], extra: str = "") -> SqlStore:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE TABLE T (ID INTEGER PRIMARY KEY, v {type})")
        db.executemany("INSERT INTO T VALUES (?, ?)", [*enumerate(kept, 1), (len(kept) + 1, None)])
        db.executescript(extra)
        db.commit()
    return open_store(path)


def storage(store: SqlStore) -> str:
    (found,) = store._database.sets.values()
    return next(column.storage.name for column in found.columns.values() if column.name == "v")


@pytest.mark.feature("F-SQL-10")
@pytest.mark.parametrize("form", INSTANTS)
def test_instants_are_read_and_sought_in_the_form_that_they_are_kept_in(tmp_path: Path, form: str) -> None:
    moments, write, name = INSTANTS[form]
    expected = ONE_DIGIT if form == "one digit" else moments
    with table(tmp_path / "t.db", "TIMESTAMP", [write(m) for m in moments]) as store:
        assert storage(store) == name
        assert [row["v"] for row in ask(store, "T")] == [*expected, None]
        for wanted in (*MOMENTS, *FINE, *ONE_DIGIT, *(m.replace(microsecond=1) for m in MOMENTS)):
            literal = wanted.isoformat("T", "microseconds").replace("+00:00", "Z")
            for word, compare in COMPARED.items():
                found = [n for n, value in enumerate(expected, 1) if compare(value, wanted)]
                null = [len(expected) + 1] if word == "ne" else []
                assert keys(store, f"T?$filter=v {word} {literal}") == found + null, (word, literal)


@pytest.mark.parametrize("form", INSTANTS)
@pytest.mark.parametrize("representation", [JSON, EXACT], ids=["json", "exact"])
@pytest.mark.parametrize("copies", [1, 20])
def test_json_has_every_instant_as_what_it_is(tmp_path: Path, form: str, representation: Any, copies: int) -> None:
    moments, write, _ = INSTANTS[form]
    expected = ONE_DIGIT if form == "one digit" else moments
    with table(tmp_path / "t.db", "DATETIME", [write(m) for m in moments] * copies) as store:
        rows = [row["v"] for row in ask(store, "T", representation)]
    assert rows[-1] is None
    read = [value if isinstance(value, datetime) else datetime.fromisoformat(value) for value in rows[:-1]]
    assert read == expected * copies
    assert all(isinstance(value, datetime) or value.endswith(("Z", "+00:00")) for value in rows[:-1])


def test_a_column_without_values_takes_any_form_that_may_come(tmp_path: Path) -> None:
    with table(tmp_path / "t.db", "TIMESTAMP", []) as store:
        with closing(sqlite3.connect(tmp_path / "t.db")) as db:
            values = "(5, '2024-02-29 12:30:00'), (6, 1709209800), (7, '2024-02-29T13:30+01:00')"
            db.execute(f"INSERT INTO T VALUES {values}")
            db.commit()
        assert keys(store, "T?$filter=v eq 2024-02-29T12:30:00Z") == [5, 6, 7]


@pytest.mark.feature("F-SQL-10")
@pytest.mark.parametrize(
    ("type", "kept", "name", "natives", "literal"),
    [
        ("DATE", ["2024-02-29", "2023-01-01"], "text", [date(2024, 2, 29), date(2023, 1, 1)], "2023-01-01"),
        ("DATE", ["2024-02-29 00:00:00", "2023-01-01 00:00:00"], "text", [date(2024, 2, 29), date(2023, 1, 1)],
         "2023-01-01"),
        ("DATE", ["2024-02-29", "2023-01-01T00:00:00Z"], "date-", [date(2024, 2, 29), date(2023, 1, 1)], "2023-01-01"),
        ("DATE", [1709164800, 0], "date-seconds", [date(2024, 2, 29), date(1970, 1, 1)], "1970-01-01"),
        ("DATE", [2460369.5, 2440587.5], "date-julian", [date(2024, 2, 29), date(1970, 1, 1)], "1970-01-01"),
        ("TIME", ["12:30:00", "00:00:01"], "text", [time(12, 30), time(0, 0, 1)], "00:00:01"),
        ("TIME", ["12:30:00.125", "00:00:01.000"], "text", [time(12, 30, 0, 125_000), time(0, 0, 1)], "00:00:01"),
        ("TIME", ["12:30", "00:00:01"], "time", [time(12, 30), time(0, 0, 1)], "00:00:01"),
        ("BOOLEAN", [1, 0], "flag", [True, False], "false"),
        ("BOOLEAN", ["t", "f"], "boolean", [True, False], "false"),
        ("BOOLEAN", ["TRUE", "no"], "boolean", [True, False], "false"),
        ("UUID", [f"{UUID(int=7)}", f"{UUID(int=10)}"], "guid-lower", [UUID(int=7), UUID(int=10)], str(UUID(int=10))),
        ("UUID", [f"{UUID(int=171)}".upper(), f"{UUID(int=10)}".upper()], "guid-upper", [UUID(int=171), UUID(int=10)],
         str(UUID(int=10))),
        ("UUID", [UUID(int=7).bytes, UUID(int=10).bytes], "guid-bytes", [UUID(int=7), UUID(int=10)], str(UUID(int=10))),
        ("UUID", [f"{{{UUID(int=7)}}}", UUID(int=10).bytes], "guid", [UUID(int=7), UUID(int=10)], str(UUID(int=10))),
    ],
)  # fmt: skip
def test_other_values_are_read_and_sought_in_their_form(
    tmp_path: Path, type: str, kept: list[Any], name: str, natives: list[Any], literal: str
) -> None:
    with table(tmp_path / "t.db", type, kept) as store:
        assert storage(store) == name
        assert [row["v"] for row in ask(store, "T")] == [*natives, None]
        assert keys(store, f"T?$filter=v eq {literal}") == [2]
        assert keys(store, f"T?$filter=v ne {literal}") == [1, 3]
        assert keys(store, f"T?$filter=v in ({literal},null)") == [2, 3]
        if type != "BOOLEAN":
            larger = natives[0] > natives[1]
            assert keys(store, f"T?$filter=v gt {literal}") == ([1] if larger else [])
            assert keys(store, f"T?$filter=v lt {literal}") == ([] if larger else [1])
            assert keys(store, "T?$orderby=v") == ([3, 2, 1] if larger else [3, 1, 2])


def test_bytes_are_sought_whether_kept_as_bytes_or_as_text(tmp_path: Path) -> None:
    with table(tmp_path / "t.db", "BLOB", [b"text", "text", b"\x01\xff", b"", 5]) as store:
        wanted = "binary'dGV4dA=='"
        assert keys(store, f"T?$filter=v eq {wanted}") == [1, 2]
        assert keys(store, f"T?$filter={wanted} ne v") == [3, 4, 5, 6]
        assert keys(store, f"T?$filter=v in (binary'Af8=',{wanted})") == [1, 2, 3]
        assert keys(store, "T?$filter=v eq binary''") == [4]
        assert keys(store, "T?$filter=v eq null") == [5, 6]
        assert keys(store, "T?$filter=v eq v") == [1, 2, 3, 4, 5, 6]


@pytest.mark.feature("F-SQL-10")
def test_decimals_compare_as_decimals(tmp_path: Path) -> None:
    with table(tmp_path / "t.db", "DECIMAL(12, 2)", [0.1, 0.3, 19.99, 20, 1e15]) as store:
        assert keys(store, "T?$filter=v eq 0.1") == [1]
        assert keys(store, "T?$filter=v lt 19.990000000000000001") == [1, 2, 3]
        assert keys(store, "T?$filter=v ge 19.990000000000000001") == [4, 5]
        assert keys(store, "T?$filter=v eq 20.00") == [4]
        assert keys(store, "T?$filter=v sub 0.2 eq 0.1") == [2]
        assert keys(store, "T?$filter=v mul 3 eq 59.97") == [3]
        assert keys(store, "T?$filter=v gt 99999999999999999999") == []
        assert [row["v"] for row in ask(store, "T", JSON)] == [0.1, 0.3, 19.99, 20, 1e15, None]
        assert [row["v"] for row in ask(store, "T", EXACT)][:4] == ["0.1", "0.3", "19.99", "20"]


def explained(store: SqlStore, text: str) -> str:
    plan = Answer(store, text).plan
    assert isinstance(plan, SqlPlan)
    statement = plan.statements[0]
    rows = (
        store._connections.mine().execute(f"EXPLAIN QUERY PLAN {statement}", [None] * statement.count("?")).fetchall()
    )
    return "; ".join(row[3] for row in rows)


@pytest.mark.feature("F-SQL-16")
@pytest.mark.parametrize(
    ("type", "kept", "condition"),
    [
        ("TIMESTAMP", ["2024-02-29T12:30:00Z"], "v gt 2024-01-01T00:00:00Z"),
        ("TIMESTAMP", ["2024-02-29 12:30:00"], "v ge 2024-01-01T00:00:00Z and v lt 2025-01-01T00:00:00Z"),
        ("TIMESTAMP", [1709209800], "v eq 2024-01-01T00:00:00Z"),
        ("DATE", ["2024-02-29"], "v le 2024-01-01"),
        ("DECIMAL(10, 2)", [1.5], "v gt 500"),
        ("INTEGER", [1], "v eq 5 or v eq 6"),
        ("INTEGER", [1], "v in (5,6,7)"),
        ("TEXT", ["a"], "v eq 'a'"),
        ("TEXT", ["a"], "startswith(v,'a')"),
        ("UUID", [str(UUID(int=7))], f"v eq {UUID(int=7)}"),
        ("BOOLEAN", [1], "v"),
        ("BOOLEAN", [1], "v eq false"),
        ("REAL", [1.5], "not (v ne 1.5)"),
    ],
)
def test_a_condition_on_an_indexed_column_uses_its_index(
    tmp_path: Path, type: str, kept: list[Any], condition: str
) -> None:
    with table(tmp_path / "t.db", type, kept, "CREATE INDEX T_v ON T (v);") as store:
        assert "SEARCH t0 USING INDEX T_v" in explained(store, f"T/$count?$filter={condition}").replace("COVERING ", "")


def test_a_collation_of_the_database_holds_in_questions_and_orders(tmp_path: Path) -> None:
    with table(tmp_path / "t.db", "TEXT COLLATE NOCASE", ["b", "A", "a", "B"]) as store:
        assert keys(store, "T?$filter=v eq 'a'") == [2, 3]
        assert keys(store, "T?$filter=v lt 'B'") == [2, 3]
        assert keys(store, "T?$orderby=v") == [5, 2, 3, 1, 4]
        assert keys(store, "T?$filter=contains(v,'a')") == [3]
        assert keys(store, "T?$filter=startswith(v,'a')") == [3]


def test_a_join_follows_the_collation_of_the_database(tmp_path: Path) -> None:
    script = """
      CREATE TABLE P (Name TEXT COLLATE NOCASE PRIMARY KEY NOT NULL);
      CREATE TABLE C (ID INTEGER PRIMARY KEY, P_Name TEXT REFERENCES P (Name));
      INSERT INTO P VALUES ('Ann'), ('Bob');
      INSERT INTO C VALUES (1, 'ANN'), (2, 'bob'), (3, 'Cyd');
      """
    with closing(sqlite3.connect(tmp_path / "t.db")) as db:
        db.executescript(script)
    with open_store(tmp_path / "t.db") as store:
        way = next(iter(kind(store, "C").navigation))
        rows = ask(store, f"C?$expand={way}")
        assert [row[way] and row[way]["Name"] for row in rows] == ["Ann", "Bob", None]
        assert keys(store, f"C?$filter={way}/Name eq 'Ann'") == [1]
        assert keys(store, f"C(2)/{way}") == ["Bob"]
        assert keys(store, "P('Bob')/C") == [2]
        assert keys(store, "P?$filter=C/any(c:c/ID eq 1)") == ["Ann"]
        assert [[item["ID"] for item in row["C"]] for row in ask(store, "P?$expand=C")] == [[1], [2]]
        assert [[item["ID"] for item in row["C"]] for row in ask(store, "P?$expand=C($top=5)")] == [[1], [2]]
