"""The case files beside the tests."""

import json
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).parent / "cases"


def cases(name: str, having: str | None = None) -> list[Any]:
    """Return the cases of a file as parameters named by number and source; only those that have a certain key."""
    found = json.loads((CASES / name).read_text(encoding="utf-8"))
    return [
        pytest.param(case, id=f"{number}: {case.get('source', '')}")
        for number, case in enumerate(found)
        if having is None or having in case
    ]
