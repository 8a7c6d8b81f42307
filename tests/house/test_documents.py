"""The documents are true: their Python runs, their links lead somewhere, and the examples are executed."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))

FENCE = "```python\n"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def _page_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def run_python_of(text: str, name: str) -> int:
    """Run a page's Python blocks one after the other, as one program; return how many there were.

    A block with prompts is compared with the answers it shows; any other is executed.
    """
    names: dict[str, object] = {"__name__": "__main__"}
    blocks = list(BLOCK.finditer(text))
    for match in blocks:
        line = text.count("\n", 0, match.start(1))
        if ">>>" in match[1]:
            example = doctest.DocTestParser().get_doctest(match[1], names, name, name, line)
            runner = doctest.DebugRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
            runner.run(example, clear_globs=False)
            names = example.globs
        else:
            exec(compile("\n" * line + match[1], name, "exec", dont_inherit=True), names)
    return len(blocks)


@pytest.mark.usefixtures("leave_no_functions")
@pytest.mark.parametrize("page", PAGES, ids=_page_name)
def test_the_python_of_a_page_runs(page: Path, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(shop, tmp_path / "shop.db")
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    assert run_python_of(text, _page_name(page)) == text.count(FENCE)


def test_blocks_of_one_page_share_their_names() -> None:
    assert (
        run_python_of(
            "```python\na = 1\n```\ntext\n```python\n>>> a + 1\n2\n>>> b = 3\n```\n```python\nassert b == 3\n```\n", "x"
        )
        == 3
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [("```python\nassert False\n```\n", AssertionError), ("```python\n>>> 1\n2\n```\n", doctest.DocTestFailure)],
)
def test_a_block_that_is_not_true_fails(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        run_python_of(text, "x")


@pytest.mark.parametrize("page", PAGES, ids=_page_name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if ":" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=_page_name)
def test_an_example_runs_and_prints_something(example: Path, shop: Path, tmp_path: Path) -> None:
    shutil.copy(shop, tmp_path / "shop.db")
    command = [sys.executable, "-W", "error", str(example)]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.strip()
