"""odata2ts makes typed clients of our metadata that compile strictly and work on a real server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from acceptance_support.databases import NORTHWIND_VIEWS
from acceptance_support.http import ServerClient
from acceptance_support.serving import running_server, wait_for

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "build" / "tools" / "node_modules"
USES = ROOT / "tests" / "tools" / "odata2ts"
VIEW_KEYS = {"shop": {"Product Sales": ("Product_ID",)}, "northwind": NORTHWIND_VIEWS, "chinook": {}}
STRICT = {
    "compilerOptions": {
        "strict": True, "target": "ES2022", "module": "CommonJS", "moduleResolution": "node",
        "lib": ["ES2022", "DOM"], "types": [], "rootDir": ".", "outDir": "compiled",
    },
    "include": ["*.ts", "*/*.ts"],
}  # fmt: skip


@dataclass(frozen=True)
class Generated:
    """Clients of every database in both versions, compiled as one program with what uses them."""

    folder: Path
    origins: dict[str, str]

    def sets(self, database: str, version: str) -> set[str]:
        """The entity sets that a generated client has."""
        text = (self.folder / f"{database}-{version}" / f"{database}Service.ts").read_text()
        return set(re.findall(r"^    public (\w+)\(\): \w+CollectionService", text.partition("\n}")[0], re.MULTILINE))


def run(*command: str, folder: Path) -> str:
    """Run a program that must succeed."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "NODE_PATH": str(MODULES)},
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def origins(
    shop: Path, database_files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The origins of servers of the sample, which may be written to, and of both databases."""
    sample = tmp_path_factory.mktemp("odata2ts") / "shop.db"
    shutil.copy(shop, sample)
    with ExitStack() as running:

        def start(name: str, path: Path) -> str:
            keys = [f"{view}={','.join(columns)}" for view, columns in VIEW_KEYS[name].items()]
            stated = [part for key in keys for part in ("--key", key)]
            return running.enter_context(running_server(path, *stated, writable=name == "shop"))

        yield {name: wait_for(start(name, path)) for name, path in {"shop": sample, **database_files}.items()}


@pytest.fixture(scope="module")
def generated(
    tool: Callable[[str], str], origins: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Generated:
    """The clients of all metadata documents. Warnings of the compiler are errors, and libraries are checked as well."""
    if not (MODULES / "@odata2ts" / "odata2ts").is_dir():
        pytest.skip("odata2ts is not installed (`make tools` installs it)")
    folder = tmp_path_factory.mktemp("generated")
    (folder / "node_modules").symlink_to(MODULES)
    (folder / "tsconfig.json").write_text(json.dumps(STRICT))
    for file in USES.iterdir():
        shutil.copy(file, folder)
    for database, origin in origins.items():
        for version in ("v4", "v2"):
            (folder / f"{database}-{version}.xml").write_bytes(read(origin, f"/odata/{version}/$metadata"))
    run(tool("odata2ts"), folder=folder)
    run(tool("tsc"), "-p", "tsconfig.json", folder=folder)
    return Generated(folder, origins)


def read(origin: str, path: str) -> bytes:
    client = ServerClient(origin)
    try:
        reply = client.send("GET", path, {})
    finally:
        client.close()
    assert reply.status == 200
    return reply.body


@pytest.mark.feature("F-ODATA-31")
@pytest.mark.parametrize("version", ["v4", "v2"])
@pytest.mark.parametrize("database", ["shop", "northwind", "chinook"])
def test_a_strictly_compiled_client_has_every_set(generated: Generated, database: str, version: str) -> None:
    assert (generated.folder / "compiled" / f"{database}-{version}" / f"{database}Service.js").is_file()
    document = json.loads(read(generated.origins[database], "/odata/v4/"))
    assert generated.sets(database, version) == {item["name"] for item in document["value"]}


@pytest.mark.feature("F-ODATA-31")
@pytest.mark.parametrize(
    ("version", "number"), [("v4", lambda value: value), ("v2", str)], ids=["OData 4", "OData 2"]
)  # of Int64 and Decimal, OData 2 makes text in JSON
def test_the_client_reads_filters_expands_and_writes(
    generated: Generated, tool: Callable[[str], str], version: str, number: Callable[[float], Any]
) -> None:
    script = (
        f"require('./compiled/{version}').use('{generated.origins['shop']}/odata/{version}')"
        ".then(found => console.log(JSON.stringify(found)), error => { console.error(error); process.exit(1) })"
    )
    found = json.loads(run(tool("node"), "-e", script, folder=generated.folder))
    assert (found["one"]["ID"], found["one"]["Price"]) == (number(1), number(28.95))
    assert found["one"]["Supplier"]["CompanyName"] == "Λαδάδικα"
    assert [item["Name"] for item in found["filtered"]] == ["Olive Oil"]
    assert str(found["count"]) == "1"
    assert len(found["orders"]) == 2
    for order in found["orders"]:
        assert order["OrderLines"]
        assert all(line["Product"]["ID"] == line["Product_ID"] for line in order["OrderLines"])
    assert (found["line"]["Order_ID"], found["line"]["LineNumber"]) == (number(1), 1)
    places = [(found[step]["CompanyName"], found[step]["City"]) for step in ("made", "patched", "replaced")]
    assert places == [("Teehaus", "Bremen"), ("Teehaus", "Leipzig"), ("Kaffeehaus", "Graz")]
    assert (found["removed"], found["gone"]) == (204, 404)
