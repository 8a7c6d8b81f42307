"""JSON objects as rows and columns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from demotic.cli._tables import cell, columns, csv_text, is_number, table_text

ROWS: list[tuple[list[dict[str, Any]], list[str], list[list[str]]]] = [
    ([], [], []),
    ([{"A": 1, "B": None}], ["A", "B"], [["1", ""]]),
    ([{"A": 1}, {"A": 2, "B": "x"}], ["A", "B"], [["1", ""], ["2", "x"]]),
    ([{"A@odata.type": "#Int64", "@odata.id": "x", "A": 1}], ["A"], [["1"]]),
    (
        [{"A": {"X": 1, "Y": {"Z": True}}}, {"A": None}, {"A": {"X": 2, "Y": None}}],
        ["A/X", "A/Y/Z"],
        [["1", "true"], ["", ""], ["2", ""]],
    ),
    ([{"A": [{"X": Decimal("1.50")}], "B": [1, 2]}], ["A", "B"], [['[{"X":1.50}]', "[1,2]"]]),
]


@pytest.mark.parametrize(("rows", "names", "cells"), ROWS)
def test_rows_have_columns_and_cells(rows: list[dict[str, Any]], names: list[str], cells: list[list[str]]) -> None:
    paths = columns(rows)
    assert ["/".join(path) for path in paths] == names
    assert [[csv_text(cell(row, path)) for path in paths] for row in rows] == cells


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (False, "false"),
        (Decimal("2.50"), "2.50"),
        ([{}, {}], "[2]"),
        ([], ""),
        ([1, 2], "1, 2"),
        ("é", "é"),
    ],
)
def test_a_table_shows_a_value_in_few_characters(value: object, text: str) -> None:
    assert table_text(value) == text


@pytest.mark.parametrize(
    ("values", "number"),
    [([1, None], True), ([Decimal("1"), 2.5], True), ([None], False), ([], False), ([True], False), (["1"], False)],
)
def test_numbers_are_told_from_the_rest(values: list[object], number: bool) -> None:
    assert is_number(values) is number
