"""The ODataModels of OpenUI5 work on a real server, through multipart batches: in a window without a screen (jsdom)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from acceptance_support.serving import running_server, wait_for

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "build" / "tools" / "node_modules"


@pytest.fixture
def origin(shop: Path, tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "shop.db"
    shutil.copy(shop, path)
    with running_server(path, writable=True) as started:
        yield wait_for(started)


@pytest.fixture
def ui5(tool: Callable[[str], str], origin: str) -> Callable[[str], dict[str, Any]]:
    """Return what a script of tests/tools/ui5 finds."""
    if not (MODULES / "@openui5").is_dir():
        pytest.skip("OpenUI5 is not installed (`make tools` installs it)")

    def run(script: str) -> dict[str, Any]:
        command = [tool("node"), str(ROOT / "tests" / "tools" / "ui5" / script), origin]
        environment = {**os.environ, "NODE_PATH": str(MODULES)}
        result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert result.returncode == 0, result.stderr[-3000:]
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    return run


@pytest.mark.feature("F-VERBOSE-16")
@pytest.mark.spec("OD-260", "OD-276", "OD-277", "OD-278", "OD-286")
def test_the_model_for_odata_2_does_all_its_work(ui5: Callable[[str], dict[str, Any]]) -> None:
    found = ui5("v2.js")
    assert found["version"] == "2.0"
    assert found["one"]["Supplier"]["CompanyName"] == "Λαδάδικα"
    assert found["one"]["Released"] == "2010-07-02T00:00:00.000Z", "a date is one to JavaScript"
    assert found["filtered"]["__count"] == "1"
    assert [item["Name"] for item in found["filtered"]["results"]] == ["Olive Oil"]
    assert all(
        line["Product"]["ID"] == line["Product_ID"]
        for order in found["orders"]["results"]
        for line in order["OrderLines"]["results"]
    )
    assert found["made"]["CompanyName"] == "Teehaus"
    assert found["key"] == "/Products(9000l)"
    assert found["product"]["Price"] == "4.5"
    assert found["updated"] == 204
    assert (found["after"]["Name"], found["after"]["Released"]) == ("Assam 2", "2024-02-29T00:00:00.000Z")
    assert (found["submitted"]["Stock"], found["submitted"]["Price"]) == ("7", "5.25")
    assert "Teehaus" in found["list"]
    assert (found["conflict"], found["removed"], found["gone"]) == (412, 204, 404)
    assert "POST /odata/v2/$batch" in found["seen"]
    assert not [call for call in found["seen"] if call.split()[0] not in ("GET", "HEAD") and "$batch" not in call]


@pytest.mark.feature("F-ODATA-30")
def test_the_model_for_odata_4_does_all_its_work(ui5: Callable[[str], dict[str, Any]]) -> None:
    found = ui5("v4.js")
    assert found["one"]["Supplier"]["CompanyName"] == "Λαδάδικα"
    assert ([item["Name"] for item in found["filtered"]], found["count"]) == (["Olive Oil"], 1)
    assert all(line["Product"]["ID"] == line["Product_ID"] for order in found["orders"] for line in order["OrderLines"])
    assert [item["CompanyName"] for item in found["made"]] == ["Teehaus", "Kaffeehaus"]
    assert all(item["ID"] and item["@odata.etag"] for item in found["made"])
    assert found["changed"] == ["Leipzig", "Graz"]
    assert found["gone"] == 404
    assert (found["product"]["Name"], found["product"]["Price"]) == ("Assam 2", "4.5")
    assert "POST /odata/v4/$batch" in found["seen"]
