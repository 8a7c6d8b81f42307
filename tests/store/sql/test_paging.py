"""Key-set paging: whatever the order, nulls and ties included, pages of any size together are the whole, once each."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from demotic.query import Order, Query, Read
from demotic.store.sql import SqlStore
from demotic.store.sql.statements._plan import SqlPlan

from .support import NATIVE, Answer, make

SIZE = 30
SCRIPT = """
  CREATE TABLE T (
    ID INTEGER PRIMARY KEY, i INT, s TEXT, d DECIMAL(10, 2), at TIMESTAMP, odd DATETIME, g UUID, n NUMERIC NOT NULL,
    k TEXT COLLATE NOCASE
  );
  CREATE INDEX T_i ON T (i);
  CREATE INDEX T_s_i ON T (s, i);
  CREATE TABLE Pair (a INT, b TEXT NOT NULL, v INT, PRIMARY KEY (a, b));
  """


def _rows() -> Iterator[tuple[Any, ...]]:
    chance = random.Random(7)
    for number in range(SIZE):
        few = chance.choice
        at = few([None, "2024-02-29T10:00:00Z", "2024-02-29T10:00:01Z"])
        odd = few([None, "2024-02-29T10:00:00Z", "2024-02-29 10:00:00", 1709200800, "2024-02-29T11:30:00.5+01:00"])
        guid = few([None, "0f8fad5b-d9cb-469f-a165-70867728950e", "6f9619ff-8b86-d011-b42d-00c04fc964ff"])
        yield (
            number, few([None, None, 1, 2, -1]), few([None, "", "a", "A", "é"]), few([None, 1, 1.5, -2]), at, odd, guid,
            few([0, 1]), few([None, "x", "X", "y"]),
        )  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    def text(row: Sequence[Any]) -> str:
        return ", ".join("NULL" if v is None else repr(v) for v in row)

    rows = "".join(f"INSERT INTO T VALUES ({text(row)});" for row in _rows())
    pairs = "".join(f"INSERT INTO Pair VALUES ({n % 4}, '{n % 7}', {n % 3});" for n in range(28))
    with make(tmp_path_factory.mktemp("paging"), SCRIPT + rows + pairs) as store:
        yield store


def walk(store: SqlStore, text: str, size: int, *, longer: bool = False) -> list[dict[str, Any]]:
    """Return all rows, page by page, each page starting after the last; some may be ``longer`` than asked for."""
    answer = Answer(store, text, page=size)
    rows, place = answer.rows, answer.after
    bound = answer.bound
    assert bound.read is not None
    while place is not None:
        assert bound.continuation is not None
        after = bound.continuation.after(place)
        values = (*bound.values, *(value for value in place if value is not None))
        read = replace(bound.read, query=replace(bound.read.query, after=after))
        with store.run(store.prepare(read, NATIVE), values, page=size) as result:
            page = [row for batch in result.batches() for row in batch]
            place = result.after
        assert page
        assert longer or len(page) <= size
        rows += page
    return rows


COLUMNS = ["i", "s", "d", "at", "odd", "g", "n", "k", "ID"]
ORDERS = [
    *(f"{a}{x}" for a, x in product(COLUMNS, ("", " desc"))),
    *(f"{a}{x},{b}{y}" for (a, b), x, y in product([("i", "s"), ("s", "i"), ("at", "d"), ("k", "odd")], ("", " desc"),
    ("", " desc"))),
    "i,s desc,d,at desc", "tolower(s) desc", "d mul 2,i", "length(s),ID desc", "year(at),i desc", "i add 1 desc",
]  # fmt: skip


@pytest.mark.feature("F-SQL-15")
@pytest.mark.spec("OD-226", "OD-228")
@pytest.mark.parametrize("order", ORDERS)
def test_pages_of_every_size_give_every_row_once_and_in_order(store: SqlStore, order: str) -> None:
    whole = [row["ID"] for row in Answer(store, f"T?$orderby={order}").rows]
    assert sorted(whole) == list(range(SIZE))
    for size in (1, 2, 7, 29, 30):
        assert [row["ID"] for row in walk(store, f"T?$orderby={order}", size)] == whole


@pytest.mark.parametrize("options", ["", "$filter=n eq 1", "$filter=n eq 1&$orderby=i desc", "$top=11&$orderby=s"])
def test_filters_and_tops_hold_over_pages(store: SqlStore, options: str) -> None:
    whole = [row["ID"] for row in Answer(store, f"T?{options}" if options else "T").rows]
    answer = Answer(store, f"T?{options}" if options else "T", page=50)
    assert answer.after is None
    assert [row["ID"] for row in answer.rows] == whole
    if "top" not in options:
        assert [row["ID"] for row in walk(store, f"T?{options}" if options else "T", 4)] == whole


@pytest.mark.parametrize("order", ["", "?$orderby=v", "?$orderby=v desc,b", "?$orderby=b desc", "?$orderby=a desc"])
def test_composite_keys_page(store: SqlStore, order: str) -> None:
    whole = [(row["a"], row["b"]) for row in Answer(store, f"Pair{order}").rows]
    assert len(set(whole)) == 28
    for size in (1, 3, 27, 28):
        assert [(row["a"], row["b"]) for row in walk(store, f"Pair{order}", size)] == whole


@pytest.mark.feature("F-SQL-15")
def test_nulls_come_first_ascending_and_last_descending(store: SqlStore) -> None:
    for column in ("i", "s", "d", "at", "odd", "g"):
        up = [row[column] for row in Answer(store, f"T?$orderby={column}").rows]
        down = [row[column] for row in Answer(store, f"T?$orderby={column} desc").rows]
        nulls = up.count(None)
        assert nulls
        assert up == [None] * nulls + sorted(value for value in up if value is not None)
        assert down == list(reversed(up))


def test_the_count_is_of_all_whatever_the_page(store: SqlStore) -> None:
    for options in ("$count=true", "$count=true&$top=3", "$count=true&$skip=28", "$count=true&$top=0"):
        assert Answer(store, f"T?{options}", page=4).count == SIZE
    assert Answer(store, "T?$count=true&$filter=n eq 1").count == len(Answer(store, "T?$filter=n eq 1").rows)
    assert Answer(store, "T/$count").count == SIZE


def test_a_page_that_ends_exactly_at_the_end_has_no_next(store: SqlStore) -> None:
    assert Answer(store, "T", page=SIZE).after is None
    assert Answer(store, "T", page=SIZE - 1).after == (SIZE - 2,)
    assert Answer(store, "T?$top=5", page=5).after is None
    assert Answer(store, "T?$top=6", page=5).after == (4,)


def explain(store: SqlStore, plan: object, parameters: int) -> list[str]:
    """Return the database's own plan for a statement."""
    assert isinstance(plan, SqlPlan)
    rows = store._connections.mine().execute(f"EXPLAIN QUERY PLAN {plan.statements[0]}", [None] * parameters).fetchall()
    return [row[3] for row in rows]


@pytest.mark.feature("F-SQL-16")
@pytest.mark.spec("OD-168")
@pytest.mark.parametrize(
    ("options", "index"),
    [
        ("", "INTEGER PRIMARY KEY"), ("$orderby=ID desc", "INTEGER PRIMARY KEY"), ("$orderby=i", "T_i"),
        ("$orderby=i desc", "T_i"), ("$orderby=s,i", "T_s_i"),
    ],
)  # fmt: skip
def test_pages_in_the_order_of_an_index_are_ranges_of_it(store: SqlStore, options: str, index: str) -> None:
    for place in (1, None):
        answer = Answer(store, f"T?{options}" if options else "T", page=3)
        bound = answer.bound
        assert bound.read is not None
        assert bound.continuation is not None
        order = len(bound.read.query.order)
        after = bound.continuation.after((*[place] * order, 5))
        read = replace(bound.read, query=replace(bound.read.query, after=after))
        plan = store.prepare(read, NATIVE)
        assert isinstance(plan, SqlPlan)
        parts = [line for line in explain(store, plan, plan.statements[0].count("?")) if "T" in line and "t" in line]
        searched = [line for line in parts if line.startswith(("SEARCH", "SCAN t"))]
        assert searched
        assert all(line.startswith("SEARCH") and (index in line) for line in searched), parts
        assert not any(line == "TEMP B-TREE FOR ORDER BY" for line in parts)


def test_a_descending_order_after_null_has_nothing_but_nulls_to_come(store: SqlStore) -> None:
    answer = Answer(store, "T?$orderby=i desc", page=SIZE - 3)
    assert answer.after is not None
    assert answer.after[0] is None
    rest = walk(store, "T?$orderby=i desc", SIZE - 3)[SIZE - 3 :]
    assert [row["i"] for row in rest] == [None] * 3


def test_an_order_by_the_key_alone_is_one_range(store: SqlStore) -> None:
    bound = Answer(store, "T", page=3).bound
    assert bound.read is not None
    assert bound.continuation is not None
    read: Read = replace(bound.read, query=replace(bound.read.query, after=bound.continuation.after((5,))))
    plan = store.prepare(read, NATIVE)
    assert isinstance(plan, SqlPlan)
    assert "UNION" not in plan.statements[0]


def test_ordering_twice_by_the_same_column_is_ordering_once(store: SqlStore) -> None:
    bound = Answer(store, "T?$orderby=i").bound
    assert bound.read is not None
    query: Query = bound.read.query
    twice = replace(query, order=(*query.order, Order(query.order[0].expression, True)))
    with store.run(store.prepare(replace(bound.read, query=twice), NATIVE), ()) as result:
        rows = [row["ID"] for batch in result.batches() for row in batch]
    assert rows == [row["ID"] for row in Answer(store, "T?$orderby=i").rows]


def test_pages_are_streamed_too_when_they_are_large(tmp_path: Path) -> None:
    script = """
      CREATE TABLE N (ID INTEGER PRIMARY KEY, half INT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 16000)
      INSERT INTO N SELECT i, nullif(i / 2 % 5, 0) FROM n;
      """
    with make(tmp_path, script) as store:
        for size in (5001, 6000, 15_999, 16_000):
            for order in ("", "?$orderby=half desc"):
                assert len({row["ID"] for row in walk(store, f"N{order}", size)}) == 16_000
        first = Answer(store, "N", page=6000)
        assert (len(first.rows), first.after) == (6000, (6000,))
        assert Answer(store, "N?$top=6000", page=6000).after is None
        assert len(Answer(store, "N?$top=7000&$skip=10000").rows) == 6000


@pytest.mark.parametrize("size", [1, 2, 5, 99])
@pytest.mark.parametrize("order", ["ID", "i desc", "s,at desc"])
def test_the_pages_of_a_slice_of_a_collection_are_the_slice(store: SqlStore, order: str, size: int) -> None:
    with store.transaction() as tx:
        ordered = tx["T"].order_by(order)
        for cut in (slice(3, 8), slice(25, 99), slice(7, None), slice(0, 4)):
            keys, after = [], None
            while True:
                page = ordered[cut].page(size, after)
                keys += [entity.key for entity in page.entities]
                after = page.after
                if after is None:
                    break
            assert keys == list(ordered)[cut]
