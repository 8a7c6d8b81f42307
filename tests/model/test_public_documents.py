"""Public metadata documents of every version: read and written the same, or refused with a reason; and what others make
of them. The table of refusals is `cases/refused_documents.json`."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demotic.errors import InvalidInput
from demotic.model import Model, check
from demotic.model.csdl import read_xml, write_json, write_xml

REFUSED = {
    case["path"]: case
    for case in json.loads((Path(__file__).parent / "cases/refused_documents.json").read_text("utf-8"))
}
ROOT = re.compile(rb"<(\w+:)?(Edmx|Schema)[\s>]")


@pytest.fixture(scope="module")
def documents(shared_data: Path) -> dict[str, bytes]:
    """Every public metadata document in XML, by its path."""
    root = shared_data / "odata"
    found = {file.relative_to(root).as_posix(): file.read_bytes() for file in sorted(root.rglob("*.xml"))}
    return {name: data for name, data in found.items() if ROOT.search(data)}


@pytest.fixture(scope="module")
def load(documents: dict[str, bytes]) -> Callable[[str], bytes | None]:
    """Serve references from the vocabularies, and from the two documents that refer to each other."""
    local = {"./People.xml": "oasis-openapi/People.xml", "./Products.xml": "oasis-openapi/Products.xml"}

    def serve(uri: str) -> bytes | None:
        name = uri.rpartition("/")[2].replace(".json", ".xml")
        return documents.get(local.get(uri, f"oasis-vocabularies/{name}"))

    return serve


@pytest.fixture(scope="module")
def models(documents: dict[str, bytes], load: Callable[[str], bytes | None]) -> dict[str, Model]:
    """Every one of them that is read."""
    return {name: read_xml(data, load=load) for name, data in documents.items() if name not in REFUSED}


@pytest.mark.feature("F-MODEL-01")
@pytest.mark.spec("OD-001", "OD-002", "OD-037")
def test_public_documents_are_read_and_come_back_the_same(models, load, shape) -> None:
    for name, model in models.items():
        assert shape(read_xml(write_xml(model), load=load)) == shape(model), name
    of = [model.version for model in models.values()]
    print(f"{len(models)} documents come back the same, {len(REFUSED)} are refused")
    assert len(models) >= 68
    assert {"1.0", "1.1", "2.0", "3.0", "4.0", "4.01"} == set(of)
    assert sum(version < "4" for version in of) >= 22


@pytest.mark.feature("F-MODEL-02")
@pytest.mark.spec("OD-305", "OD-308", "OD-039")
@pytest.mark.parametrize("name", REFUSED)
def test_faulty_public_documents_are_refused_with_their_place(name: str, documents, load) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_xml(documents[name], load=load)
    assert REFUSED[name]["problem"] in str(caught.value)
    assert re.search(r"line \d+, column \d+", str(caught.value))


@pytest.mark.feature("F-MODEL-09")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_can_be_read_without_its_culprits(name: str, documents, load) -> None:
    found: list[InvalidInput] = []
    model = read_xml(documents[name], load=load, report=found.append)
    assert REFUSED[name]["problem"] in "\n".join(map(str, found))
    assert read_xml(write_xml(model), report=found.append).schemas.keys() == model.schemas.keys()


# What only versions 1 to 3 can say, which version 4 leaves out or has in one form only.
NOT_IN_4 = {"version", "data_service_version", "max_data_service_version"}


@pytest.mark.feature("F-MODEL-10")
def test_documents_of_versions_1_to_3_lose_nothing_in_version_4(models, load, shape) -> None:
    compared = 0
    for name, model in models.items():
        if model.version < "4" and not any(schema.other_containers for schema in model.schemas.values()):
            compared += 1
            again = read_xml(write_xml(model, version="4.01"), load=load)
            assert {**shape(again), **dict.fromkeys(NOT_IN_4)} == {
                **shape(model),
                **dict.fromkeys(NOT_IN_4),
            }, name
            again.data_service_version = model.data_service_version
            again.max_data_service_version = model.max_data_service_version
            again.version = model.version
            assert write_xml(again) == write_xml(model), name
    assert compared >= 20


@pytest.mark.feature("F-MODEL-11")
def test_every_public_model_has_a_projection_without_faults(models, documents, load) -> None:
    tecsvc = read_xml(documents["olingo4/tecsvc/metadata.xml"], load=load, report=lambda _: None)
    served = {name: model for name, model in models.items() if model.container is not None}
    for name, model in {**served, "tecsvc": tecsvc}.items():
        before = {(item.target, type(item)) for item in check(model, bindings=False)}
        for version in ("2.0", "3.0"):
            found = check(read_xml(write_xml(model, version=version)), bindings=False)
            assert [str(item) for item in found if (item.target, type(item)) not in before] == [], (name, version)
    assert len(served) >= 44


def differences(left: Any, right: Any, path: str = "") -> list[str]:
    """Return the paths at which two JSON values differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        names = sorted(left.keys() | right.keys())
        return [d for name in names for d in differences(left.get(name), right.get(name), f"{path}/{name}")]
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        return [d for n, pair in enumerate(zip(left, right, strict=True)) for d in differences(*pair, f"{path}/{n}")]
    return [] if left == right else [path]


# Where the published JSON says something else than the XML beside it: the two link to each other, a text was edited in
# one of them, a default is stated.
NOT_THE_SAME = re.compile(
    r"@Core\.Links/\d/rel$|ExpandByKeyRestrictions/@Core\.LongDescription$|RevisionKind|OperationKind/\$UnderlyingType$"
    # Of versions 1 to 3: what we annotate, what is made of sap: attributes there, SRID="Variable".
    r"|@Demotic\.V2\.|@Core\.OptimisticConcurrency$|^/\$Reference|^/\$Version|/Location/\$SRID$"
    r"|^/V2.Annotations/.*(@Capabilities|@Validation|@Core|decfloat/\$Scale)"
)


def in_common(text: str) -> str:
    """Return JSON made of a document of version 1 to 3 without what is only called differently."""
    for found, meant in (
        ("Org.OData.Core.V1.", "Core."),
        ("OASIS_Core.", "Core."),
        ('"Edm.DateTime"', '"Edm.DateTimeOffset"'),
        ('"Edm.Time"', '"Edm.TimeOfDay"'),
        ('"second.action"', '"two.action"'),
        ('"V2.Annotations.GetOne"', '"self.GetOne"'),
    ):
        text = text.replace(found, meant)
    return text


@pytest.mark.feature("F-MODEL-03")
def test_json_is_that_of_the_published_pairs(models, shared_data) -> None:
    pairs = 0
    for name, model in models.items():
        published = shared_data / "odata" / name.replace(".xml", ".json")
        if published.exists():
            pairs += 1
            ours, theirs = write_json(model).decode(), published.read_text("utf-8")
            if model.version < "4":
                ours, theirs = (in_common(text) for text in (ours, theirs))
            found = differences(json.loads(ours), json.loads(theirs))
            assert [path for path in found if not NOT_THE_SAME.search(path)] == [], name
    assert pairs >= 22


# Where the tool differs: CSDL JSON 4.01, section 7.2.6, makes $SRID a string, and the tool takes the last of several
# containers, and refuses unqualified functions.
NOT_THE_TOOL = re.compile(r"\$SRID$|^/\$EntityContainer$")


@pytest.mark.feature("F-MODEL-03")
def test_json_is_what_an_independent_tool_makes_of_our_xml(models, tool, tmp_path) -> None:
    program = tool("odata-csdl-xml2json")
    chosen = [name for name in models if name.startswith(("oasis-openapi/", "olingo4/"))]
    for name in chosen:
        version = models[name].version if models[name].version >= "4" else "4.01"
        (tmp_path / name.replace("/", "-")).write_bytes(write_xml(models[name], version=version))
    files = [tmp_path / name.replace("/", "-") for name in chosen]
    subprocess.run([program, *files], check=True, capture_output=True, timeout=120)
    for name, file in zip(chosen, files, strict=True):
        theirs = json.loads(file.with_suffix(".json").read_text("utf-8"))
        found = differences(json.loads(write_json(models[name])), theirs)
        assert [path for path in found if not NOT_THE_TOOL.search(path)] == [], name


@pytest.mark.feature("F-MODEL-03")
def test_an_independent_tool_makes_openapi_of_our_json_and_xml(models, tool, tmp_path) -> None:
    program = tool("odata-openapi3")
    model = models["oasis-openapi/ExampleService.xml"]
    (tmp_path / "a.xml").write_bytes(write_xml(model))
    (tmp_path / "b.json").write_bytes(write_json(model))
    made = []
    for source in ("a.xml", "b.json"):
        target = tmp_path / f"{source}.openapi3.json"
        command = [program, tmp_path / source, "-t", target]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        made.append(json.loads(target.read_text("utf-8")))
    assert made[0] == made[1]
    assert "/Products" in made[0]["paths"]
