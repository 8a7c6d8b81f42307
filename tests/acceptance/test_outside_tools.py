"""Tools from outside judge our metadata: OASIS' odata-csdl reads it, and odata-openapi makes a description of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from acceptance_support.http import WsgiClient
from acceptance_support.serving import client_of

from demotic.store.sql import open_store

Services = dict[str, WsgiClient]


@pytest.fixture(scope="module")
def documents(request: pytest.FixtureRequest, shop: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The metadata documents of both databases and the sample shop, as XML and, beside it, as JSON."""
    folder = tmp_path_factory.mktemp("metadata")
    clients = {name: request.getfixturevalue(name).client for name in ("northwind", "chinook")}
    with open_store(str(shop), view_keys={"Product Sales": ["Product_ID"]}) as store:
        clients["shop"] = client_of(store)
        for name, client in clients.items():
            for form in ("xml", "json"):
                reply = client.get("$metadata", {"Accept": f"application/{form}", "OData-MaxVersion": "4.01"})
                assert reply.fields["content-type"].startswith(f"application/{form}")
                (folder / f"{name}.{form}").write_bytes(reply.body)
    return {name: folder / f"{name}.xml" for name in clients}


def run(*command: str) -> str:
    """Run a program that must succeed and have nothing to complain of."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr or done.stdout
    assert done.stderr == ""
    return done.stdout


@pytest.mark.feature("F-ODATA-18")
@pytest.mark.parametrize("name", ["northwind", "chinook", "shop"])
def test_odata_csdl_makes_of_our_xml_the_json_that_we_write(
    name: str, documents: dict[str, Path], tool: Callable[[str], str], tmp_path: Path
) -> None:
    source, target = documents[name], tmp_path / "theirs.json"
    run(tool("odata-csdl-xml2json"), "--pretty", "--target", str(target), str(source))
    theirs, ours = json.loads(target.read_text()), json.loads(source.with_suffix(".json").read_text())
    assert theirs == ours


@pytest.mark.feature("F-ODATA-18")
@pytest.mark.parametrize("name", ["northwind", "chinook", "shop"])
def test_odata_openapi_describes_every_set_of_our_metadata(
    name: str, documents: dict[str, Path], tool: Callable[[str], str], tmp_path: Path
) -> None:
    target = tmp_path / "openapi.json"
    run(tool("odata-openapi3"), "--pretty", "--target", str(target), str(documents[name]))
    description: dict[str, Any] = json.loads(target.read_text())
    csdl = json.loads(documents[name].with_suffix(".json").read_text())
    namespace, _, container = csdl["$EntityContainer"].rpartition(".")
    sets = [key for key, value in csdl[namespace][container].items() if key[0] not in "$@" and value["$Type"]]
    assert sets
    for set_name in sets:
        assert f"/{set_name}" in description["paths"]
        assert "get" in description["paths"][f"/{set_name}"]
    schemas = description["components"]["schemas"]
    kinds = [
        key for key, value in csdl[namespace].items() if isinstance(value, dict) and value.get("$Kind") == "EntityType"
    ]
    assert {f"{namespace}.{kind}" for kind in kinds} <= schemas.keys()
