"""What expressions mean: the cases of cases/expressions.json, which every store must give the same answers to."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.model import (
    INT32,
    PRIMITIVES,
    STRING,
    EntityContainer,
    EntitySet,
    EntityType,
    Model,
    NavigationProperty,
    Property,
    Schema,
)
from demotic.query import (
    FUNCTIONS,
    Environment,
    bind_expression_on,
    compare_positions,
    compile_expression,
    read_filter,
    sort_key,
    sort_rows,
)

CASES = json.loads((Path(__file__).parent / "cases" / "expressions.json").read_text("utf-8"))


def _entity_type(properties: dict[str, str]) -> EntityType:
    items = {name: Property(name, PRIMITIVES[kind]) for name, kind in properties.items()}
    return EntityType("Test", "Row", properties=items, own_key=(items["i"],))


ROW = _entity_type(CASES["properties"])
MODEL = Model(
    {"Test": Schema("Test", types={"Row": ROW}, container=EntityContainer("C", {"Rows": EntitySet("Rows", ROW)}))}
)


def _native(row: dict[str, str | None]) -> dict[str, Any]:
    kinds = CASES["properties"]
    return {name: None if text is None else PRIMITIVES[kinds[name]].parse(text) for name, text in row.items()}


def _nothing(entity: object, navigation: object) -> None:
    raise AssertionError("no navigation in these cases")


@pytest.mark.feature("F-QUERY-13")
@pytest.mark.spec("OD-133")
@pytest.mark.parametrize(("text", "row", "kind", "expected"), CASES["cases"])
def test_an_expression_has_this_type_and_value(
    text: str, row: dict[str, str | None], kind: str, expected: str | None
) -> None:
    expression, values = bind_expression_on(read_filter(text), ROW, MODEL)
    result = compile_expression(expression)((_native(row),), Environment(values, _nothing))
    type = getattr(expression, "type", PRIMITIVES["Boolean"])
    assert type is PRIMITIVES[kind]
    if expected is None:
        assert result is None
    else:
        assert result == type.parse(expected)
        assert isinstance(result, type.python)


@pytest.mark.feature("F-QUERY-13")
def test_every_operator_and_function_has_a_case() -> None:
    words = " ".join(text for text, *_ in CASES["cases"])
    spelled = {"neg": "-"} | {
        name: f"Edm.{name.removeprefix('cast_')}" for name in FUNCTIONS if name.startswith("cast_")
    }
    spelled["has"] = ""  # of enumerations, which have a test of their own
    of_this_version = [name for name in FUNCTIONS if "." not in name]
    assert [name for name in of_this_version if spelled.get(name, name) not in words] == []


def test_now_is_one_instant_for_all_rows() -> None:
    expression, values = bind_expression_on(read_filter("now()"), ROW, MODEL)
    env = Environment(values, _nothing)
    evaluate = compile_expression(expression)
    first = evaluate(({},), env)
    assert first.tzinfo is UTC
    assert evaluate(({},), env) is first
    at = datetime(2024, 2, 29, tzinfo=UTC)
    assert evaluate(({},), Environment(values, _nothing, at)) == at


PERSON = EntityType("Test", "Person")
PERSON.properties = {"ID": Property("ID", INT32, nullable=False), "Name": Property("Name", STRING)}
PERSON.own_key = (PERSON.properties["ID"],)
PERSON.navigation = {
    "Boss": NavigationProperty("Boss", PERSON),
    "Staff": NavigationProperty("Staff", PERSON, collection=True),
}
PEOPLE_MODEL = Model({"Test": Schema("Test", types={"Person": PERSON})})
PEOPLE: tuple[dict[str, Any], ...] = (
    {"ID": 1, "Name": "Ada", "boss": None},
    {"ID": 2, "Name": "Bob", "boss": 1},
    {"ID": 3, "Name": None, "boss": 1},
    {"ID": 4, "Name": "Dan", "boss": 2},
)


class TestNavigation:
    """A small tree of people, related by a resolver."""

    def related(self, entity: Any, navigation: NavigationProperty) -> Any:
        if navigation.name == "Boss":
            return next((p for p in PEOPLE if p["ID"] == entity["boss"]), None)
        return [p for p in PEOPLE if p["boss"] == entity["ID"]]

    @pytest.mark.feature("F-QUERY-13")
    @pytest.mark.spec("OD-133")
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Boss eq null", [1]),
            ("Boss ne null", [2, 3, 4]),
            ("Boss/Boss eq null", [1, 2, 3]),
            ("Boss/Name eq 'Ada'", [2, 3]),
            ("Boss/Name eq null", [1]),
            ("Boss/Boss/Name eq 'Ada'", [4]),
            ("Staff/$count gt 1", [1]),
            ("Staff/$count eq 0", [3, 4]),
            ("Boss/Staff/$count eq 2", [2, 3]),
            ("Boss/Staff/$count eq 0", [1]),
            ("Staff/any()", [1, 2]),
            ("not Staff/any()", [3, 4]),
            ("Staff/any(s:s/Name eq 'Bob')", [1]),
            ("Staff/any(s:s/Name eq null)", [1]),
            ("Staff/all(s:s/Name ne null)", [2, 3, 4]),
            ("Staff/all(s:startswith(s/Name,'D'))", [2, 3, 4]),
            ("Staff/any(s:startswith(s/Name,'B') or s/ID eq 4)", [1, 2]),
            ("Staff/any(s:s/Staff/any(t:t/Name eq 'Dan'))", [1]),
            ("Staff/any(s:s/Staff/any(t:t/ID gt s/ID and t/Boss/Boss/Name eq Name))", [1]),
            ("Staff/any(s:s/Boss/ID eq $it/ID)", [1, 2]),
            ("Boss/Staff/any(s:s/ID ne $it/ID)", [2, 3]),
            ("Boss/Staff/all(s:s/ID eq $it/ID)", [1, 4]),
        ],
    )
    def test_a_condition_over_navigation_keeps_these(self, text: str, expected: list[int]) -> None:
        expression, values = bind_expression_on(read_filter(text), PERSON, PEOPLE_MODEL)
        evaluate, env = compile_expression(expression), Environment(values, self.related)
        assert [p["ID"] for p in PEOPLE if evaluate((p,), env) is True] == expected


class TestOrder:
    def test_null_is_lowest_then_nan_then_values(self) -> None:
        nan = float("nan")
        assert sorted([2.0, None, nan, -1.0], key=sort_key)[0] is None
        assert sorted([2.0, nan, -1.0], key=sort_key)[0] is nan
        assert sorted(["b", None, "a"], key=sort_key) == [None, "a", "b"]

    values = st.tuples(st.none() | st.integers(0, 3), st.none() | st.sampled_from("abc"), st.integers(0, 50))

    @settings(max_examples=100)
    @given(st.lists(values, unique_by=lambda row: row[2]), st.tuples(st.booleans(), st.booleans()))
    def test_comparing_positions_agrees_with_sorting(
        self, rows: list[tuple[Any, ...]], directions: tuple[bool, bool]
    ) -> None:
        descending = (*directions, False)
        ordered = [pair[0] for pair in sort_rows([(row, None) for row in rows], descending)]
        for index, row in enumerate(ordered):
            after = [other for other in ordered if compare_positions(other, row, descending) > 0]
            assert after == ordered[index + 1 :]


@settings(max_examples=150)
@given(st.integers(-(2**63), 2**63 - 1), st.integers(-50, 50))
def test_integer_division_truncates_and_the_remainder_fits(a: int, b: int) -> None:
    values = {"l": a, "i": b}
    quotient, remainder = (_evaluate(f"l {name} i", values) for name in ("div", "mod"))
    if b == 0:
        assert quotient is None and remainder is None
    elif quotient is not None:
        assert quotient * b + remainder == a
        assert abs(remainder) < abs(b) and (remainder == 0 or (remainder < 0) == (a < 0))
    else:
        assert (a, b) == (-(2**63), -1)


@settings(max_examples=100)
@given(st.decimals(-1000, 1000, places=3), st.decimals(-1000, 1000, places=3))
def test_decimals_compute_exactly(a: Decimal, b: Decimal) -> None:
    assert _evaluate("d add e", {"d": a, "e": b}) == a + b
    assert _evaluate("d mul e", {"d": a, "e": b}) == a * b
    assert _evaluate("d lt e", {"d": a, "e": b}) is (a < b)


def _evaluate(text: str, row: dict[str, Any]) -> Any:
    expression, values = bind_expression_on(read_filter(text), ROW, MODEL)
    return compile_expression(expression)((row,), Environment(values, _nothing))
