"""Two columns that keep one value differently meet in every place where a link is followed, or in none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demotic.model import check
from demotic.store.sql import SqlStore, open_store

from .support import ask, kind

A, B = UUID(int=0xABC), UUID(int=0xDEF)
Case = tuple[str, Sequence[Any], str, Sequence[Any], list[int | None]]
"""Of the table referred to and of the one that refers: the type of the column, and its values. The third: which row of
the first each of the second refers to.
"""
CASES: dict[str, Case] = {
    "alike": ("INTEGER", [1, 2], "INTEGER", [2, 1, 3, None], [2, 1, None, None]),
    "instants": (
        "DATETIME", ["2024-01-01T00:00:00Z", "2024-01-02T10:00:00Z"],
        "DATETIME", ["2024-01-02 10:00:00", "2024-01-01 00:00:00", "2024-01-03 00:00:00", None], [2, 1, None, None],
    ),
    "instants and counts": (
        "DATETIME", ["2024-01-01 00:00:00", "2024-01-02 10:00:00"],
        "DATETIME", [1704067200, 1704189600, 5], [1, 2, None],
    ),
    "instants and dates": (
        "DATE", ["2024-01-01", "2024-01-02"], "DATETIME", ["2024-01-02T00:00:00", "2024-01-02T01:00:00"], [2, None],
    ),
    "instants as text": (
        "DATETIME", ["2024-01-01 00:00:00", "2024-01-02 10:00:00"], "TEXT", ["2024-01-02T10:00:00Z", "soon"], [2, None],
    ),
    "times": ("TIME", ["10:00:00", "11:00:00"], "TIME", ["11:00", "10:00", "12:00"], [2, 1, None]),
    "GUIDs": ("UUID", [str(A), str(B)], "UUID", [str(B).upper(), str(A).upper(), str(UUID(int=7))], [2, 1, None]),
    "GUIDs as bytes": ("UUID", [A.bytes, B.bytes], "UUID", [str(B), str(A).upper(), None], [2, 1, None]),
    "GUIDs as text": ("UUID", [A.bytes, B.bytes], "TEXT", [f"{{{B}}}", str(A), "none"], [2, 1, None]),
    "text to number": (
        "INTEGER", [1, 2], "TEXT", ["2", "1", "3", "01", "2.0", "x", None], [2, 1, None, 1, 2, None, None],
    ),
    "number to text": ("TEXT", ["1", "02"], "INTEGER", [2, 1, 3, None], [2, 1, None, None]),
    "number to undeclared": ("", ["1", "2"], "INTEGER", [2, 1, 3], [2, 1, None]),
    "undeclared to number": ("INTEGER", [1, 2], "", ["2", 1, "x"], [2, 1, None]),
    "undeclared to text": ("TEXT", ["1", "2"], "", [2, "1", 3.5], [2, 1, None]),
    "decimals as text": ("DECIMAL(9, 2)", [1.5, 2], "TEXT", ["2.00", "1.50", "1.51"], [2, 1, None]),
    "integers of two widths": ("INTEGER", [1, 2], "SMALLINT", [2, 1], [2, 1]),
    "truth": ("BOOLEAN", [0, 1], "BOOLEAN", ["true", "false"], [2, 1]),
}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[SqlStore, Case]]:
    """P is referred to by C, and by the link table L from a third table, T."""
    found = CASES[request.param]
    theirs, values, mine, references, _ = found
    with closing(sqlite3.connect(tmp_path / "t.db")) as db:
        db.executescript(f"""
          CREATE TABLE P (ID INTEGER PRIMARY KEY, k {theirs} NOT NULL UNIQUE);
          CREATE TABLE C (ID INTEGER PRIMARY KEY, up {mine} REFERENCES P (k));
          CREATE TABLE T (ID INTEGER PRIMARY KEY);
          CREATE TABLE L (t INTEGER NOT NULL REFERENCES T (ID), up {mine} NOT NULL REFERENCES P (k), UNIQUE (t, up));
          INSERT INTO T VALUES (1);
        """)
        db.executemany("INSERT INTO P VALUES (?, ?)", enumerate(values, 1))
        db.executemany("INSERT INTO C VALUES (?, ?)", enumerate(references, 1))
        db.executemany("INSERT INTO L VALUES (1, ?)", [(each,) for each in references if each is not None])
        db.commit()
    with open_store(tmp_path / "t.db") as store:
        yield store, found


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["ID"] for row in rows]


@pytest.mark.feature("F-SQL-21")
def test_a_reference_leads_to_the_same_row_wherever_it_is_followed(case: tuple[SqlStore, Case]) -> None:
    store, (*_, expected) = case
    (one,) = (n for n, item in kind(store, "C").navigation.items() if item.target.name == "P")
    wanted = dict(enumerate(expected, 1))
    assert {row["ID"]: row[one] and row[one]["ID"] for row in ask(store, f"C?$expand={one}")} == wanted
    for child, parent in wanted.items():
        assert ids(ask(store, f"C({child})/{one}")) == ([] if parent is None else [parent])
    assert ids(ask(store, f"C?$filter={one} eq null")) == [c for c, p in wanted.items() if p is None]
    assert ids(ask(store, f"C?$filter={one}/ID eq 2")) == [c for c, p in wanted.items() if p == 2]
    assert ids(ask(store, f"C?$orderby={one}/ID")) == sorted(wanted, key=lambda c: (wanted[c] or 0, c))


@pytest.mark.feature("F-SQL-21")
def test_a_reference_is_found_from_its_other_end_wherever_it_is_followed(case: tuple[SqlStore, Case]) -> None:
    store, (_, values, _, _, expected) = case
    wanted = {p: [c for c, found in enumerate(expected, 1) if found == p] for p in range(1, len(values) + 1)}
    assert {row["ID"]: ids(row["C"]) for row in ask(store, "P?$expand=C")} == wanted
    cut = ask(store, "P?$expand=C($top=1;$count=true)")
    assert {row["ID"]: (ids(row["C"]), row["C#"]) for row in cut} == {p: (c[:1], len(c)) for p, c in wanted.items()}
    for parent, children in wanted.items():
        assert ids(ask(store, f"P({parent})/C")) == children
        assert ids(ask(store, f"P?$filter=C/$count eq {len(children)}")) == [
            p for p, c in wanted.items() if len(c) == len(children)
        ]
    assert ids(ask(store, "P?$filter=C/any()")) == [p for p, c in wanted.items() if c]
    assert ids(ask(store, "P?$filter=C/any(c:c/ID eq 1)")) == [p for p, c in wanted.items() if 1 in c]
    assert ids(ask(store, "P?$filter=C/all(c:c/ID ne 1)")) == [p for p, c in wanted.items() if 1 not in c]


@pytest.mark.feature("F-SQL-21")
def test_a_link_table_leads_both_ways_wherever_it_is_followed(case: tuple[SqlStore, Case]) -> None:
    store, (*_, expected) = case
    met = sorted(parent for parent in expected if parent is not None)
    assert sorted(ids(ask(store, "T(1)/P"))) == met
    assert sorted(ids(ask(store, "T?$expand=P")[0]["P"])) == met
    assert ids(ask(store, "P?$filter=T/any()")) == sorted(set(met))
    assert [row["ID"] for row in ask(store, "P?$expand=T") if row["T"]] == sorted(set(met))
    for parent in set(met):
        assert set(ids(ask(store, f"P({parent})/T"))) == {1}


def test_a_constraint_is_declared_between_properties_of_one_type_alone(case: tuple[SqlStore, Case]) -> None:
    store, _ = case
    assert not check(store.model)
    for entity_set in store.model.container.sets.values():  # type: ignore[union-attr]
        for item in entity_set.type.navigation.values():
            assert all(mine.type is theirs.type for mine, theirs in item.constraints)


def test_columns_that_keep_values_alike_are_compared_as_they_stand(tmp_path: Path) -> None:
    for name in ("alike", "text to number"):
        theirs, _, mine, _, _ = CASES[name]
        path = tmp_path / f"{name}.db"
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"CREATE TABLE P (k {theirs} PRIMARY KEY)")
            db.execute(f"CREATE TABLE C (ID INTEGER PRIMARY KEY, up {mine} REFERENCES P (k))")
        with open_store(path) as store:
            (link, *_) = (link for n, link in store._database.links.items() if n.target.name == "P")
            assert link.forms == ()
