"""The page docs/conformance.md: each requirement of the levels, with its verdict and the tests that prove it.

What proves a requirement is read from the tests themselves: `pytest.mark.conformance` and the tables of `requirements`.
"""

from __future__ import annotations

import ast
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from acceptance_support.requirements import REFUSALS, REMARKS, SUMS, TABLES

ROOT = Path(__file__).resolve().parents[3]
TESTS = ROOT / "tests"
PAGE = ROOT / "docs" / "conformance.md"
LEVELS = ROOT.parent / "shared" / "data" / "odata" / "conformance" / "levels.json"
UNPROVABLE = "no test can prove it whole; what is known stands in [deviations](deviations.md)"
FINE = ("met", "does not apply")
NAMES = {"minimal": "Minimal", "intermediate": "Intermediate", "advanced": "Advanced"}

INTRODUCTION = """# Conformance with OData 4.0 and 4.01

Every requirement of the conformance levels of OData (Protocol 4.01, section 13), in our words, with what a service of
Demotic makes of it:

- **met**: the tests named prove it;
- **partly**: the tests prove what there is, and that the rest is refused;
- **planned**: not there yet; it is refused as such (501, or 405 for a method) unless said otherwise;
- **refused**: it may be left out, and is;
- **does not apply**: it is a condition on something that is not offered.

A requirement that sums others up is met if all that these MUST are met, and else names those that are not. This page is
made from the tests (`make docs`), and a test compares them. File names are those in `tests`.

"""


@dataclass(frozen=True)
class Row:
    """A requirement and what is made of it."""

    level: str
    no: str
    strength: str
    text: str
    verdict: str
    reason: str
    tests: tuple[str, ...]

    @property
    def name(self) -> str:
        """Level and number."""
        return f"{self.level} {self.no}"


def proofs() -> dict[str, list[str]]:
    """Return the tests that are about each requirement, as ``file::test`` below the folder of tests."""
    found: dict[str, list[str]] = defaultdict(list)
    for module in sorted(TESTS.rglob("test_*.py")):
        text = module.read_text(encoding="utf-8")
        if "mark.conformance" in text or module.name.startswith("test_conformance"):
            for test, names in _claims(text):
                for name in sorted(names):
                    found[name].append(f"{module.relative_to(TESTS).as_posix()}::{test}")
    return dict(found)


def _claims(text: str) -> Iterator[tuple[str, set[str]]]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            names = TABLES.get(node.name, set()) | REFUSALS.get(node.name, set())
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("mark.conformance"):
                    names = names | {str(item.value) for item in call.args if isinstance(item, ast.Constant)}
            yield node.name, names


def server_levels(path: Path) -> list[dict[str, Any]]:
    """Return the requirements of services."""
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["requirements"]
    return [item for item in found if not item["level"].startswith("client")]


def rows(path: Path) -> list[Row]:
    """Return all requirements with their verdicts."""
    tests = proofs()
    found = []
    for item in server_levels(path):
        name = f"{item['level']} {item['no']}"
        given = tests.get(name, [])
        verdict, reason = REMARKS.get(name, ("met" if given else "not proven", ""))
        found.append(
            Row(item["level"], item["no"], item["strength"], item["requirement"], verdict, reason, tuple(given))
        )
    return [_summed(row, found) if row.name in SUMS else row for row in found]


def _summed(row: Row, found: list[Row]) -> Row:
    parts = [r for r in found if r.level in SUMS[row.name] and r.name not in SUMS and r.strength == "MUST"]
    open_ = [r.name for r in parts if r.verdict not in FINE]
    if row.no == "11":
        return replace(row, verdict="partly", reason=UNPROVABLE)
    if open_:
        return replace(row, verdict="partly", reason=f"but for {', '.join(open_)}")
    return replace(row, verdict="met", reason="the sum of the others")


def conformance_page(path: Path) -> str:
    """Return the text of conformance.md."""
    found = rows(path)
    levels = list(dict.fromkeys(row.level for row in found))
    text = (
        INTRODUCTION
        + "| level | requirements | met | partly | planned | refused | does not apply | MUST not met, or not wholly |\n"
    )
    text += "|---|---|---|---|---|---|---|---|\n"
    for level in levels:
        inside = [row for row in found if row.level == level]
        count = Counter(row.verdict for row in inside)
        musts = [row.no for row in inside if row.strength == "MUST" and row.verdict not in FINE]
        numbers = " | ".join(str(count[v]) for v in ("met", "partly", "planned", "refused", "does not apply"))
        text += f"| {_title(level)} | {len(inside)} | {numbers} | {', '.join(musts) or 'none'} |\n"
    for level in levels:
        text += f"\n## {_title(level)}\n\n| no. | strength | requirement | verdict | tests |\n|---|---|---|---|---|\n"
        text += "".join(_line(row) for row in found if row.level == level)
    return text


def _title(level: str) -> str:
    version, _, name = level.partition("-")
    return f"{version} {NAMES[name]}"


def _line(row: Row) -> str:
    verdict = f"**{row.verdict}**" + (f": {row.reason}" if row.reason else "")
    tests = "<br>".join(f"`{test}`" for test in row.tests)
    text = row.text.replace("|", "\\|")
    return f"| {row.no} | {row.strength} | {text} | {verdict} | {tests} |\n"
