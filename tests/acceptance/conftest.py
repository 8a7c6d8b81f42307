"""Two well-known databases, served: in this process and by `demotic serve`, beside what plain SQL says of them."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from acceptance_support.databases import DATABASES, ON_POSTGRESQL, World, chinook_on_postgresql, copied
from acceptance_support.metadata import read_metadata
from acceptance_support.naming import Served
from acceptance_support.serving import client_of, running_server, wait_for
from acceptance_support.truth import Truth

from demotic.store.sql import open_store

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "build" / "tools" / "node_modules"


@pytest.fixture
def look_at(tool: Callable[[str], str], tmp_path: Path) -> Callable[[str, dict[str, str]], dict[str, Any]]:
    """Return what a script of tests/tools/browser finds in pages of HTML that a browser shows, by their names."""
    if not (MODULES / "axe-core").is_dir() or not (MODULES / "playwright-core").is_dir():
        pytest.skip("axe-core and playwright-core are not installed (`make tools` installs them)")
    node, chromium = tool("node"), tool("chromium")

    def run(script: str, pages: dict[str, str]) -> dict[str, Any]:
        names = dict(zip((f"{number:04}.html" for number in range(len(pages))), pages, strict=True))
        for name, source in names.items():
            (tmp_path / name).write_text(pages[source], encoding="utf-8")
        command = [node, str(ROOT / "tests" / "tools" / "browser" / script), chromium, str(tmp_path)]
        environment = {**os.environ, "NODE_PATH": str(MODULES)}
        result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=300)
        assert result.returncode == 0, result.stderr[-3000:]
        found: dict[str, Any] = json.loads(result.stdout)
        found["hits"] = [names[name] for name in found.get("hits", ())]
        for violation in found.get("violations", ()):
            violation["page"] = names[violation["page"]]
        return found

    return run


@pytest.fixture(scope="session")
def database_files(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both databases as SQLite files, by name."""
    folder = tmp_path_factory.mktemp("databases")
    for name, (scripts, _) in DATABASES.items():
        connection = sqlite3.connect(folder / f"{name}.db")
        connection.execute("PRAGMA synchronous = OFF")
        for script in scripts:
            connection.executescript((shared_data / "odata" / script).read_text(encoding="utf-8-sig"))
        connection.close()
    return {name: folder / f"{name}.db" for name in DATABASES}


def _world(name: str, files: dict[str, Path]) -> Iterator[World]:
    path, views = files[name], DATABASES[name][1]
    truth = Truth(path, views)
    with open_store(str(path), view_keys={view: list(columns) for view, columns in views.items()}) as store:
        client = client_of(store)
        served = Served(truth, read_metadata(client.get("$metadata").body))
        yield World(name, path, truth, store, client, served)
    truth.connection.close()


@pytest.fixture(scope="session")
def northwind(database_files: dict[str, Path]) -> Iterator[World]:
    """Northwind, with its views."""
    yield from _world("northwind", database_files)


@pytest.fixture(scope="session")
def chinook(database_files: dict[str, Path]) -> Iterator[World]:
    """Chinook."""
    yield from _world("chinook", database_files)


@pytest.fixture(scope="session")
def chinook_on_a_server(
    postgresql: Any, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Chinook on PostgreSQL, made by the script for it."""
    script = (shared_data / "odata" / "chinook" / "Chinook_PostgreSql.sql").read_text(encoding="utf-8-sig")
    url = chinook_on_postgresql(postgresql, script)
    path = copied(postgresql, url, tmp_path_factory.mktemp("copied") / "chinook.db")
    truth = Truth(path, {})
    with open_store(url) as store:
        client = client_of(store)
        served = Served(truth, read_metadata(client.get("$metadata").body))
        yield World(ON_POSTGRESQL, path, truth, store, client, served)
    truth.connection.close()


@pytest.fixture(scope="session", params=list(DATABASES))
def world(request: pytest.FixtureRequest) -> World:
    """Each of the two."""
    found: World = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def servers(database_files: dict[str, Path]) -> Iterator[Callable[..., str]]:
    """Return the origin of a `demotic serve` of a database under these options, started when first asked for."""
    started: dict[tuple[str, ...], str] = {}
    with ExitStack() as running:

        def start(name: str, *options: str) -> str:
            if (name, *options) not in started:
                keys = [f"{view}={','.join(columns)}" for view, columns in DATABASES[name][1].items()]
                stated = [part for key in keys for part in ("--key", key)]
                origin = running.enter_context(running_server(database_files[name], *stated, *options))
                started[name, *options] = wait_for(origin)
            return started[name, *options]

        yield start
