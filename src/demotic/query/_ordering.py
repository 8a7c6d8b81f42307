"""The order of values in memory: null is lowest (OData Protocol 4.01, section 11.2.6.2), then NaN, then the values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from demotic.query._evaluate import Evaluate, compile_expression
from demotic.query._resolved import Order

SortKey: TypeAlias = tuple[int, Any]


def sort_key(value: Any) -> SortKey:
    """Return what a value sorts by, ascending: null first, then NaN, then the values."""
    if value is None:
        return (0, 0)
    return (0, 1) if value != value else (1, value)


def compare_positions(row: Sequence[Any], position: Sequence[Any], descending: Sequence[bool]) -> int:
    """Return a number below, at or above 0 as ``row`` comes before, at or after ``position`` in the order."""
    for a, b, down in zip(row, position, descending, strict=True):
        left, right = sort_key(a), sort_key(b)
        if left != right:
            return 1 if (left > right) is not down else -1
    return 0


def sort_rows(rows: Iterable[tuple[tuple[Any, ...], Any]], descending: Sequence[bool]) -> list[tuple[Any, ...]]:
    """Return (order values, anything) pairs sorted by their order values, each in its direction."""
    result = list(rows)
    for index in reversed(range(len(descending))):
        result.sort(key=lambda pair: sort_key(pair[0][index]), reverse=descending[index])
    return result


def order_evaluators(order: Sequence[Order]) -> list[Evaluate]:
    """Return the functions for the values of an order, in its own sequence."""
    return [compile_expression(item.expression) for item in order]
