"""The shared cases of what expressions mean, answered by SQLite, however the columns keep their values."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from demotic.model import BOOLEAN, INT64, PRIMITIVES
from demotic.query import (
    Apply,
    Constant,
    Expression,
    Field,
    Kind,
    Order,
    Parameter,
    Query,
    Read,
    Source,
    Variable,
    bind_expression_on,
    read_filter,
)
from demotic.store.sql import SqlStore, open_store

from .support import NATIVE

CASES = json.loads((Path(__file__).parents[2] / "query" / "cases" / "expressions.json").read_text("utf-8"))
COPY = 100_000
DECLARED = {
    "Int32": "INT4", "Int64": "BIGINT", "Byte": "BYTE", "Decimal": "DECIMAL(38, 20)", "Double": "DOUBLE",
    "Single": "FLOAT4", "String": "TEXT", "Boolean": "BOOLEAN", "Guid": "UUID", "Date": "DATE", "TimeOfDay": "TIME",
    "DateTimeOffset": "TIMESTAMP", "Duration": "DURATION",
}  # fmt: skip

Keep = Callable[[Any], Any]


def _instant(form: str) -> Keep:
    return lambda v: v.astimezone(UTC).strftime(form)


def _epoch(factor: int) -> Keep:
    return lambda v: round(v.timestamp() * factor)


def _decimal(value: Any) -> Any:
    return float(value) if value % 1 else int(value)


def _plain(text: str, kind: str) -> Any:
    return PRIMITIVES[kind].parse(text)


COMMON: dict[str, Keep] = {
    "Boolean": int, "Guid": str, "Date": str, "DateTimeOffset": _instant("%Y-%m-%dT%H:%M:%S.%fZ"),
    "TimeOfDay": lambda v: v.isoformat("microseconds"), "Duration": PRIMITIVES["Duration"].format, "Decimal": _decimal,
}  # fmt: skip
WAYS: dict[str, dict[str, Keep]] = {
    "usual": COMMON,
    "other texts": COMMON
    | {
        "Guid": lambda v: str(v).upper(), "Boolean": lambda v: "t" if v else "f",
        "DateTimeOffset": _instant("%Y-%m-%d %H:%M:%S.%f"),
    },
    "numbers and bytes": COMMON | {"Guid": lambda v: v.bytes, "DateTimeOffset": _epoch(1000)},
    "mixed": COMMON
    | {
        "DateTimeOffset": lambda v: _epoch(1)(v) if v.minute % 2 and not v.microsecond else v.isoformat(),
        "Guid": lambda v: v.bytes if v.int % 2 else v.hex, "Date": lambda v: f"{v} 00:00:00" if v.day % 2 else str(v),
        "TimeOfDay": lambda v: v.isoformat("auto"),
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=WAYS)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    path = tmp_path_factory.mktemp("expressions") / "cases.db"
    kinds = CASES["properties"]
    keep = WAYS[request.param]
    columns = ", ".join(f"{name} {DECLARED[kind]}" for name, kind in kinds.items())
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE TABLE Rows (ID INTEGER PRIMARY KEY, {columns})")
        for number, (_, row, _, _) in enumerate(CASES["cases"], 1):
            values = {n: _plain(t, kinds[n]) for n, t in row.items() if t is not None}
            kept = {n: keep.get(kinds[n], lambda v: v)(v) for n, v in values.items()}
            names = ", ".join(["ID", *kept])
            slots = ", ".join("?" * (len(kept) + 1))
            for key in (number, number + COPY):
                db.execute(f"INSERT INTO Rows ({names}) VALUES ({slots})", (key, *kept.values()))
        if request.param != "usual":
            db.execute("INSERT INTO Rows (ID, d, e, f, i, b, u) VALUES (0, 'n/a', 'n/a', 'n/a', 'n/a', '?', '?')")
        db.commit()
    with open_store(path) as store:
        yield store


class Asked:
    """A question about the row of one case and its copy."""

    def __init__(self, store: SqlStore, text: str, number: int) -> None:
        self.store = store
        self.set = store.model.container.sets["Rows"]
        self.expression, given = bind_expression_on(read_filter(text), self.set.type, store.model)
        self.values = (*given, number, number + COPY)
        self.variable = Variable("$it", 0, self.set.type)
        key = Field(self.variable, (), (self.set.type.key[0],), INT64)
        numbers = [Parameter(len(given) + n, INT64) for n in range(2)]
        self.mine: Expression = Apply("or", tuple(Apply("eq", (key, n), BOOLEAN) for n in numbers), BOOLEAN)

    def rows(self, condition: Expression | None = None, order: tuple[Order, ...] = (), page: int | None = None) -> Any:
        """Return how many of the two rows pass a condition, and where a page of them ends."""
        filter = self.mine if condition is None else Apply("and", (self.mine, condition), BOOLEAN)
        query = Query(self.set.type, self.variable, (), filter, order)
        plan = self.store.prepare(Read(Source(self.set), query, Kind.COLLECTION), NATIVE)
        with self.store.run(plan, self.values, page=page) as result:
            return sum(map(len, result.batches())), result.after


@pytest.mark.feature("F-SQL-12")
@pytest.mark.spec("OD-253")
@pytest.mark.parametrize("number", range(1, len(CASES["cases"]) + 1))
def test_sqlite_gives_an_expression_the_same_value(store: SqlStore, number: int) -> None:
    text, _, kind, expected = CASES["cases"][number - 1]
    wanted = None if expected is None else PRIMITIVES[kind].parse(expected)
    asked = Asked(store, text, number)
    count, after = asked.rows(order=(Order(asked.expression),), page=1)
    assert count == 1
    assert after[0] == wanted
    assert after[0] is None or isinstance(after[0], PRIMITIVES[kind].python)


@pytest.mark.parametrize("number", [n for n, case in enumerate(CASES["cases"], 1) if case[2] == "Boolean"])
def test_a_filter_keeps_what_is_true_and_its_negation_what_is_false(store: SqlStore, number: int) -> None:
    text, _, _, expected = CASES["cases"][number - 1]
    asked = Asked(store, text, number)
    assert asked.rows(asked.expression)[0] == (2 if expected == "true" else 0)
    assert asked.rows(Apply("not", (asked.expression,), BOOLEAN))[0] == (2 if expected == "false" else 0)
    null = Constant(None, None)
    assert asked.rows(Apply("eq", (asked.expression, null), BOOLEAN))[0] == (2 if expected is None else 0)


def test_now_is_the_present(store: SqlStore) -> None:
    asked = Asked(store, "now()", 1)
    before = datetime.now(UTC)
    _, after = asked.rows(order=(Order(asked.expression),), page=1)
    assert before <= after[0] <= datetime.now(UTC)
