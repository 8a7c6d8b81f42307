"""Who may import whom: the table of docs/architecture.md, held over every import of the source, wherever it stands."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"

# A room imports only from itself, from `errors`, and from the rooms of its line. Lines of rooms that are yet to come
# stand in docs/architecture.md only.
TABLE: dict[str, set[str]] = {
    "errors": set(),
    "syntax": set(),
    "cache": {"syntax"},
    "xml": {"syntax"},
    "files": {"syntax"},
    "model": {"syntax", "xml"},
    "query": {"syntax", "model"},
    "store": {"model", "query", "files"},
    "service": {"syntax", "model", "query", "store"},
    "protocols": {"syntax", "xml", "model", "query", "service"},
    "transports": {"syntax", "queue"},
    "sample": set(),
    "learning": {"syntax", "xml", "files"},
    "testing": {"cache", "model", "query", "store"},
    "cli": {
        "syntax",
        "cache",
        "xml",
        "model",
        "query",
        "store",
        "service",
        "protocols",
        "transports",
        "sample",
        "learning",
        "files",
    },
}

# What comes from outside, by the rooms that may ask for it. The base install is msgspec and idna.
OUTSIDE: dict[str, set[str]] = {
    "msgspec": set(TABLE) - {"errors", "sample"},
    "idna": {"syntax"},
    "joserfc": {"service"},
    "fsspec": {"files"},
    "lxml": {"xml"},
    "sqlalchemy": {"store", "cli"},
    "psycopg": {"store"},
    "MySQLdb": {"store"},
    "brotli": {"cache"},
    "backports": {"cache"},
    "django": {"cache"},
    "flask": {"cache"},
    "prometheus_client": {"cache"},
    "twisted": {"cache"},
    "zope": {"cache"},
    "starlette": {"cache"},
    "html5lib": {"xml"},
    "pymemcache": {"cache"},
    "redis": {"cache"},
    "granian": {"transports", "cli"},
    "typer": {"cli"},
    "click": {"cli"},
    "rich": {"cli"},
    "pytest": {"testing"},
}

# Rooms that turn text into values and back: nothing in them opens a socket, a database or a process.
NO_IO_ROOMS = {"errors", "syntax", "xml", "model", "query", "protocols"}
IO_MODULES = {
    "asyncio", "http.client", "http.server", "multiprocessing", "select", "selectors", "socket", "socketserver",
    "sqlite3", "ssl", "subprocess", "tempfile", "urllib.request",
}  # fmt: skip


def _room(module: str) -> str:
    """Return the room of `demotic.room.module`; the package itself is no room and gives an empty name."""
    return module.split(".")[1] if "." in module else ""


def _module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(text: str, module: str, *, is_package: bool) -> Iterator[tuple[int, str]]:
    """Yield line and full name of all that a module imports, also inside functions and for type checkers only."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield node.lineno, node.args[0].value


def _imports_of_the_source() -> list[tuple[str, str, str]]:
    """Return (place, importing module, imported name) for the whole source."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        module = _module_name(path)
        for line, name in imported(path.read_text(encoding="utf-8"), module, is_package=path.name == "__init__.py"):
            found.append((f"{path.relative_to(ROOT)}:{line}", module, name))
    return found


IMPORTS = _imports_of_the_source()


def refusals(place: str, module: str, name: str) -> Iterator[str]:
    """Yield what is wrong with one import."""
    room, top = _room(module), name.split(".")[0]
    if top == "demotic":
        target = _room(name)
        allowed = TABLE.get(room, set()) | {room, "errors"}
        if target and target not in allowed and not target.startswith("__"):
            yield f"{place}: {room or 'the package itself'} may not import from {target}"
    elif top in OUTSIDE:
        if room not in OUTSIDE[top]:
            yield f"{place}: {room or 'the package itself'} may not import {top}"
    elif top not in sys.stdlib_module_names:
        yield f"{place}: {top} is in no line of the table of outside packages"
    elif room in NO_IO_ROOMS and any(name == module or name.startswith(f"{module}.") for module in IO_MODULES):
        yield f"{place}: {room} does no input or output, so not {name}"


def test_the_table_has_no_cycle() -> None:
    order = list(graphlib.TopologicalSorter(TABLE).static_order())
    assert set(TABLE) <= set(order)


def rooms() -> set[str]:
    """Return the rooms that there are: the packages and public modules of the source."""
    folder = SOURCE / "demotic"
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    return packages | {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}


def test_every_room_has_a_line_and_every_line_a_room() -> None:
    assert rooms() == set(TABLE)


def test_the_architecture_page_tells_which_rooms_are_built() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    built = re.search(r"^Built so far: (.*?)\. ", page, re.MULTILINE | re.DOTALL)
    assert built
    assert set(re.findall(r"`(\w+)`", built[1])) == rooms()


def test_every_import_is_one_that_the_table_allows() -> None:
    refused = [refusal for found in IMPORTS for refusal in refusals(*found)]
    assert not refused, "\n".join(refused)


@pytest.mark.parametrize(
    ("module", "text", "refused"),
    [
        ("demotic.model._a", "import demotic.query", "model may not import from query"),
        ("demotic.model._a", "from demotic import query", "model may not import from query"),
        ("demotic.model._a", "from ..query import bind", "model may not import from query"),
        ("demotic.model.csdl._a", "def f():\n    from ...store import x", "model may not import from store"),
        ("demotic.model._a", "if TYPE_CHECKING:\n    from demotic.cli import x", "model may not import from cli"),
        ("demotic.model._a", "import_module('demotic.service')", "model may not import from service"),
        ("demotic.model._a", "import sqlalchemy.sql", "model may not import sqlalchemy"),
        ("demotic.model._a", "import numpy", "numpy is in no line"),
        ("demotic.query._a", "import sqlite3", "query does no input or output"),
        ("demotic.syntax._a", "from http import client", "syntax does no input or output"),
        ("demotic", "from demotic.model import x", "the package itself may not import from model"),
    ],
)
def test_an_import_against_the_table_is_seen(module: str, text: str, refused: str) -> None:
    found = [
        message
        for line, name in imported(text, module, is_package=module == "demotic")
        for message in refusals("x:1", module, name)
    ]
    assert len(found) == 1
    assert refused in found[0]


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("demotic.model._a", "from demotic.errors import InvalidInput\nfrom demotic.syntax import uri\nimport msgspec"),
        ("demotic.syntax._a", "from http import HTTPStatus\nfrom urllib.parse import quote"),
        ("demotic.model._a", "from . import _b\nfrom ._b import c\nfrom .csdl import d\nfrom ..xml import e"),
        ("demotic.cli._a", "from demotic import __version__"),
        ("demotic.store.sql._a", "import sqlalchemy, sqlite3"),
    ],
)
def test_an_import_within_the_table_is_fine(module: str, text: str) -> None:
    found = [
        message for _, name in imported(text, module, is_package=False) for message in refusals("x:1", module, name)
    ]
    assert found == []


def test_the_table_is_that_of_the_architecture_page() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    lines = _lines_of_rooms(page)
    assert {room: lines.get(room) for room in TABLE if room != "cli"} == {
        room: allowed for room, allowed in TABLE.items() if room != "cli"
    }


def _lines_of_rooms(page: str) -> dict[str, set[str]]:
    """Read `room/  what it is, over one or more lines  <- others` from the page's block of rooms."""
    block = re.search(r"^```\w*\ndemotic/\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert block, "docs/architecture.md has no block that begins with demotic/"
    rooms: dict[str, set[str]] = {}
    for entry in re.split(r"^  (?=\w)", block[1], flags=re.MULTILINE)[1:]:
        name = re.match(r"\w+", entry)
        arrow = re.search(r"<-((?:\s+\w+,?)+)\s*$", entry)
        assert name
        rooms[name[0]] = set(re.findall(r"\w+", arrow[1])) - {"errors"} if arrow else set()
    return rooms


def _is_pure(room: str) -> bool:
    return (SOURCE / "demotic" / room / "__init__.py").exists() and room not in OUTSIDE["sqlalchemy"]


@pytest.mark.parametrize("room", [room for room in TABLE if _is_pure(room)])
def test_a_room_loads_no_library_of_another_job(room: str) -> None:
    libraries = {library for library, rooms in OUTSIDE.items() if room not in rooms}
    program = f"import sys, demotic.{room}; print(*sorted({libraries!r} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""
