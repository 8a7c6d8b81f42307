"""JSON objects as rows and columns, for tables and CSV.

A single related entity becomes columns of its own (``Category/Name``). A list stays one cell: as JSON in CSV, as the
number of its entries in a table. Annotations are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

Path = tuple[str, ...]
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def columns(rows: Iterable[dict[str, Any]]) -> list[Path]:
    """Return the columns that a list of rows fills, in the order of their first appearance."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        for name, value in row.items():
            if "@" not in name:
                inner = found.setdefault(name, [])
                if isinstance(value, dict):
                    inner.append(value)
    return [path for name, inner in found.items() for path in _below(name, inner)]


def _below(name: str, inner: list[dict[str, Any]]) -> Iterable[Path]:
    return ((name, *path) for path in columns(inner)) if inner else ((name,),)


def cell(row: dict[str, Any], path: Path) -> Any:
    """Return a row's value at a column, ``None`` where nothing leads there."""
    value: Any = row
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def csv_text(value: Any) -> str:
    """Return a value as CSV holds it: null is empty, structure is JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json_text(value)
    return str(value)


def table_text(value: Any) -> str:
    """Return a value as a table shows it."""
    if isinstance(value, list):
        return f"[{len(value)}]" if value and isinstance(value[0], dict) else ", ".join(map(table_text, value))
    return csv_text(value)


def json_text(value: Any) -> str:
    """Return a value as JSON, its decimals with the digits that they came with."""
    return _ENCODER.encode(value).decode()


def is_number(values: Sequence[Any]) -> bool:
    """Whether a column holds numbers and nothing else."""
    given = [value for value in values if value is not None]
    return bool(given) and all(
        hasattr(value, "__add__") and not isinstance(value, (str, list, bool)) for value in given
    )
