"""What is under version control: nothing that belongs to one machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_no_environment_and_no_link_is_kept() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    found = subprocess.run(["git", "ls-files", "--stage"], cwd=ROOT, capture_output=True, text=True, check=True)
    entries = [line.split(maxsplit=3) for line in found.stdout.splitlines()]
    names = {name for _, _, _, name in entries}
    assert not {".venv", "build"} & {name.partition("/")[0] for name in names}
    assert [name for mode, _, _, name in entries if mode == "120000"] == []
