"""The public test cases: which there are, and which of them a ruling of docs/qti-rulings.md contradicts."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from demotic.learning.qti.model import BaseType
from demotic.learning.qti.runtime import Value, from_json
from demotic.learning.qti.runtime.values import format_data, format_single

HERE = Path(__file__).parent
RULINGS: dict[str, list[str]] = json.loads((HERE / "cases" / "rulings.json").read_text())
CONTRADICTED = {case for cases in RULINGS.values() for case in cases}


@cache
def _all(folder: Path) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((folder / "learning" / "cases.json").read_text())["cases"]
    return cases


def cases_of(folder: Path, *kinds: str) -> Iterator[dict[str, Any]]:
    return (case for case in _all(folder) if case["kind"] in kinds)


def agrees(value: Value | None, expected: Any) -> bool:
    """Whether a value is the one expected, in the long or the short form of the cases; floats to nine digits."""
    if isinstance(expected, dict) and "cardinality" in expected:
        return _same(value, None if expected.get("value") == [] else from_json(expected))
    if value is None or expected in (None, []):
        return value is None and expected in (None, [])
    if isinstance(expected, list):
        texts = [format_data(value.base_type, item) for item in value.items]  # type: ignore[arg-type]
        return sorted(texts) == sorted(map(str, expected))
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        return math.isclose(value.data, expected, abs_tol=1e-9)
    return bool(value.data == expected or format_single(value) == expected)


def _same(value: Value | None, expected: Value | None) -> bool:
    if value == expected:
        return True
    if value is None or expected is None or value.cardinality is not expected.cardinality:
        return False
    if value.base_type is not BaseType.FLOAT or len(value.items) != len(expected.items):
        return False
    pairs = zip(sorted(value.items), sorted(expected.items), strict=True)
    return all(math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) for one, other in pairs)
