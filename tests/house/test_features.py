"""What docs/features promises is what tests prove: each row is claimed by a test, each claim is a row."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ROW = re.compile(r"^\| *(F-[A-Z-]+-\d{2}) *\|", re.MULTILINE)


def promised() -> list[str]:
    """Return the ids of all rows of docs/features."""
    pages = sorted((ROOT / "docs" / "features").glob("*.md"))
    return [row for page in pages for row in ROW.findall(page.read_text(encoding="utf-8"))]


def claims(text: str) -> Iterator[str]:
    """Yield the ids that a test module claims with `pytest.mark.feature`, wherever the mark stands."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.feature"):
            ids = [str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)]
            yield from (name for name in ids if name.startswith("F-"))


def claimed() -> set[str]:
    """Return all ids that the tests claim."""
    modules = sorted((ROOT / "tests").rglob("test_*.py"))
    return {name for module in modules for name in claims(module.read_text(encoding="utf-8"))}


def test_no_feature_has_two_rows() -> None:
    assert [row for row, count in Counter(promised()).items() if count > 1] == []


def test_every_promised_feature_is_claimed_by_a_test() -> None:
    assert sorted(set(promised()) - claimed()) == []


def test_every_claimed_feature_is_a_row_of_the_pages() -> None:
    assert sorted(claimed() - set(promised())) == []


def test_a_mark_is_seen_wherever_it_stands() -> None:
    text = "@pytest.mark.feature('F-A-01', 'F-A-02')\ndef test_a(): ...\npytestmark = [pytest.mark.feature('F-B-01')]\n"
    assert sorted(claims(text)) == ["F-A-01", "F-A-02", "F-B-01"]
