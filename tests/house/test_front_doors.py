"""The front doors: each package lists what it offers, all of it and nothing else (that it is sorted, ruff checks)."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"

# Rooms of a single module; every other module is an implementation and starts with an underscore.
PUBLIC_MODULES = {"demotic.errors"}

MODULES = sorted(SOURCE.rglob("*.py"))


def _name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_front_door(path: Path) -> bool:
    return path.name == "__init__.py" or _name(path) in PUBLIC_MODULES


def offered(text: str) -> Iterator[str]:
    """Yield the public names that a module binds: what it imports from its own rooms, defines or assigns."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("demotic")):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name == "__version__"


@pytest.mark.parametrize("path", [p for p in MODULES if _is_front_door(p)], ids=_name)
def test_all_lists_exactly_what_the_module_offers(path: Path) -> None:
    if "mariadb" in _name(path):
        pytest.importorskip("MySQLdb", reason="the driver of MariaDB is compiled where that can be done")
    module = importlib.import_module(_name(path))
    text = path.read_text(encoding="utf-8")
    assert "__all__" in vars(module), "a front door lists its names in __all__"
    assert sorted(module.__all__) == sorted({name for name in offered(text) if _is_public(name)})
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_every_other_module_starts_with_an_underscore() -> None:
    assert [_name(path) for path in MODULES if not _is_front_door(path) and not path.name.startswith("_")] == []


def test_what_a_module_binds_is_seen() -> None:
    text = "import sys\nfrom typing import Any\nfrom demotic.a import b as c\nfrom ._d import e\nF = 1\nG: int = 2\n"
    assert list(offered(text)) == ["c", "e", "F", "G"]
