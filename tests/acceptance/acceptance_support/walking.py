"""From SQL rows to what a service must answer, and how two answers differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from acceptance_support.naming import Served, Way
from acceptance_support.truth import Key, Row
from acceptance_support.values import from_json, in_json, in_url, native

T = TypeVar("T")
Types = list[tuple[str, str]]


def sample(items: Iterable[T], most: int) -> list[T]:
    """The first, the last, and some spread between them: always the same ones."""
    given = list(items)
    if len(given) <= most:
        return given
    step = (len(given) - 1) / (most - 1)
    return [given[round(n * step)] for n in range(most)]


def key_in_url(served: Served, name: str, key: Key) -> str:
    """An entity as a path."""
    parts = [(k, in_url(type, value)) for (k, type), value in zip(served.keys(name), key, strict=True)]
    inside = parts[0][1] if len(parts) == 1 else ",".join(f"{k}={text}" for k, text in parts)
    return f"{name}({inside})"


def native_key(served: Served, name: str, key: Key) -> Any:
    """A key as a collection takes it."""
    values = tuple(native(type, value) for (_, type), value in zip(served.keys(name), key, strict=True))
    return values[0] if len(values) == 1 else values


def json_rows(served: Served, name: str) -> dict[Key, dict[str, object]]:
    """All rows as JSON must have them, by SQL key."""
    types = served.types(name)
    return {key: json_row(types, row) for key, row in served.truth.rows(served.tables[name]).items()}


def json_row(types: Types, row: Row) -> dict[str, object]:
    """A row as JSON must have it."""
    return {name: in_json(type, value) for (name, type), value in zip(types, row, strict=True)}


def read_back(types: Types, row: dict[str, Any]) -> dict[str, object]:
    """The properties of a JSON row, comparable."""
    return {name: from_json(type, row[name]) for name, type in types}


def key_of(served: Served, name: str, row: dict[str, Any]) -> Key:
    """The key in a row that was read back or made by `json_row`."""
    return tuple(row[key] for key, _ in served.keys(name))


def by_key(served: Served, name: str, rows: Iterable[dict[str, Any]]) -> dict[Key, dict[str, object]]:
    """JSON rows by their key; no two may have the same."""
    types, result = served.types(name), {}
    for row in rows:
        back = read_back(types, row)
        key = key_of(served, name, back)
        assert key not in result, f"{name}{key} comes twice"
        result[key] = back
    return result


def expected_by_key(served: Served, name: str) -> dict[Key, dict[str, object]]:
    """All rows as JSON must have them, by their key as JSON must have it."""
    return {key_of(served, name, row): row for row in json_rows(served, name).values()}


def difference(label: str, found: dict[Key, Any], expected: dict[Key, Any]) -> list[str]:
    """Say how two tables of rows differ, shortly."""
    if found == expected:
        return []
    lacking, extra = expected.keys() - found.keys(), found.keys() - expected.keys()
    changed = [key for key in expected.keys() & found.keys() if expected[key] != found[key]]
    said = [f"{label}: {len(lacking)} lacking, {len(extra)} too many, {len(changed)} different"]
    said += [f"  lacking {key}" for key in list(lacking)[:2]] + [f"  too many {key}" for key in list(extra)[:2]]
    return said + [f"  {key}: {str(found[key])[:300]}\n    not {str(expected[key])[:300]}" for key in changed[:2]]


def expected_children(served: Served, way: Way) -> dict[Key, list[dict[str, object]]]:
    """The rows that each row leads to, by its SQL key."""
    targets = json_rows(served, way.target_set)
    return {
        key: [targets[child] for child in way.leads.get(key, [])] for key in served.truth.rows(served.tables[way.set])
    }


def ordered(served: Served, name: str, rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Rows by their key."""
    return sorted(rows, key=lambda row: key_of(served, name, row))


def json_key(served: Served, name: str, key: Key) -> dict[str, object]:
    """The key properties of a row as JSON has them."""
    return {k: in_json(type, value) for (k, type), value in zip(served.keys(name), key, strict=True)}
