"""CSDL JSON: read, refused with the path of the culprit, and the same as the XML beside it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from demotic.errors import DemoticError, InvalidInput, LimitExceeded
from demotic.model import Annotation, EnumValue, Model, PathValue, Record
from demotic.model.csdl import json_document, read_csdl, read_json, read_xml, write_json, write_xml

REFUSED = {
    "oasis-csdl/examples/special-characters.json": "there is no property id",
    "olingo4/tecsvc/metadata.json": "the member ETKeyNav/PropertyCompNav/NavPropertyETTwoKeyNavMany is there twice",
}
# A default that is stated.
NOT_THE_SAME = {"/Org.OData.Core.V1/DataModificationOperationKind/$UnderlyingType", "/$Version"}


@pytest.fixture(scope="module")
def documents(shared_data: Path) -> dict[str, bytes]:
    """Every public metadata document in JSON, by its path."""
    root = shared_data / "odata"
    found = {file.relative_to(root).as_posix(): file.read_bytes() for file in sorted(root.rglob("*.json"))}
    return {name: data for name, data in found.items() if b'"$Version"' in data}


@pytest.fixture(scope="module")
def load(documents: dict[str, bytes]) -> Callable[[str], bytes | None]:
    """Serve the vocabularies, as JSON."""
    return lambda uri: documents.get(f"oasis-vocabularies/{uri.rpartition('/')[2].replace('.xml', '.json')}")


def differences(left: object, right: object, path: str = "") -> list[str]:
    """Return the paths at which two JSON values differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        names = sorted(left.keys() | right.keys())
        return [d for name in names for d in differences(left.get(name), right.get(name), f"{path}/{name}")]
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        return [d for n, pair in enumerate(zip(left, right, strict=True)) for d in differences(*pair, f"{path}/{n}")]
    return [] if left == right else [path]


@pytest.mark.feature("F-MODEL-12")
def test_public_documents_come_back_the_same_also_by_way_of_xml(documents, load) -> None:
    compared = 0
    for name, data in documents.items():
        if name not in REFUSED:
            model = read_json(data, load=load)
            theirs = json.loads(data)
            version = "4.01" if model.version < "4" else None
            for again in (model, read_xml(write_xml(model, version=version), load=load)):
                found = differences(json.loads(write_json(again)), theirs)
                v3 = model.version < "4"
                left = [p for p in found if p not in NOT_THE_SAME and not (v3 and converted(p))]
                assert left == [], name
            compared += 1
    print(f"{compared} documents come back the same, {len(REFUSED)} are refused")
    assert compared >= 26


def converted(path: str) -> bool:
    """Whether a document made of one of version 1 to 3 says something here that is not of version 4."""
    return path.endswith(("/$Type", "@Demotic.V2.DateTime", "$SRID", "$Action", "$Function")) or "/$Reference" in path


@pytest.mark.feature("F-MODEL-12")
@pytest.mark.parametrize("name", REFUSED)
def test_faulty_public_documents_are_refused(name: str, documents, load) -> None:
    with pytest.raises(InvalidInput, match=REFUSED[name]):
        read_json(documents[name], load=load)


@pytest.mark.feature("F-MODEL-12")
def test_pairs_of_documents_are_the_same_model(documents, load, shared_data: Path, shape) -> None:
    pairs = 0
    for name, data in documents.items():
        beside = (shared_data / "odata" / name).with_suffix(".xml")
        if name not in REFUSED and beside.exists() and "/test/" not in name:
            pairs += 1
            ours, theirs = (
                json_document(read_json(data, load=load)),
                json_document(read_xml(beside.read_bytes(), load=load)),
            )
            told = [p for p in differences(ours, theirs) if not p.endswith("LongDescription") and "Links/" not in p]
            assert [p for p in told if p not in NOT_THE_SAME and "RevisionKind" not in p] == [], name
    assert pairs >= 17


HEAD = {"$Version": "4.01"}
SHOP = {
    "$Alias": "self",
    "Status": {"$Kind": "EnumType", "Open": 1},
    "Pick": {"$Kind": "ComplexType", "Where": {"$Type": "Edm.PropertyPath"}, "What": {"$Type": "self.Status"}},
    "T": {"$Kind": "Term", "$Type": "self.Pick"},
    "Product": {"$Kind": "EntityType", "$Key": ["ID"], "ID": {"$Type": "Edm.Int32"}, "Price": {"$Type": "Edm.Decimal"}},
    "C": {"$Kind": "EntityContainer", "Products": {"$Collection": True, "$Type": "self.Product"}},
}


def shop(**changes: object) -> bytes:
    return json.dumps({**HEAD, "shop": {**SHOP, **changes}}).encode()


@pytest.mark.feature("F-MODEL-12")
def test_what_a_value_is_depends_on_the_type_of_its_term() -> None:
    value = {"Where": "Price", "What": "Open", "What@self.T": {"Where": "ID"}, "@self.T": {"What": "Open"}}
    schema = read_json(shop(**{"@self.T": value, "@other.T#q": 1.5, "@other.T#q@self.T": None}))["shop"]
    found = {(item.term, item.qualifier): item for item in schema.annotations}
    record = found["shop.T", None].value
    assert isinstance(record, Record)
    assert record.values == {"Where": PathValue("Price", "PropertyPath"), "What": EnumValue("shop.Status/Open")}
    assert isinstance(record.value_annotations["What"][0], Annotation)
    assert record.annotations[0].term == "shop.T"
    assert (found["other.T", "q"].value, found["other.T", "q"].annotations[0].value) == (Decimal("1.5"), None)


FAULTS = [
    (b"{", r"no JSON, .* \(line 1, column 2\)"),
    (b"\xff{}", "no UTF-8 at byte 0"),
    (b"[]", "an object is expected"),
    (b"{}", r"\$Version is missing"),
    (b'{"$Version": "5"}', r"/\$Version: '5' is neither"),
    (b'{"$Version": 4}', r"/\$Version: a text is expected"),
    (b'{"$Version": "4.01", "$Versoin": 1}', r"/\$Versoin: no such member is known here"),
    (b'{"a": NaN}', "NaN is no number"),
    (b'{"a": 1, "a": 2}', "the member a is there twice"),
    (shop(P={"$Kind": "Thing"}), r"/shop/P/\$Kind: there is nothing of the kind Thing"),
    (shop(P={}), r"/shop/P: \$Kind is missing"),
    (shop(P={"$Kind": "ComplexType", "a": {"$Typ": "x"}}), r"/shop/P/a/\$Typ: no such member"),
    (shop(P={"$Kind": "ComplexType", "a": {"$Type": "shop.X"}}), "shop.P/a: there is no type shop.X"),
    (shop(P={"$Kind": "ComplexType", "a": {"$MaxLength": "5"}}), r"/shop/P/a/\$MaxLength: a whole number is expected"),
    (shop(P={"$Kind": "ComplexType", "a": {"$Scale": "x"}}), r"/shop/P/a/\$Scale: .*'floating'"),
    (shop(P={"$Kind": "EnumType", "a": "1"}), "/shop/P/a: a whole number is expected"),
    (shop(P=[{"$Kind": "Method"}]), r"/shop/P/0/\$Kind: Method is neither Action nor Function"),
    (shop(P={"$Kind": "EntityType", "$Key": [1]}), r"/shop/P/\$Key: a name, or an object with an alias"),
    (shop(C={"$Kind": "EntityContainer", "S": {"$Collection": True}}), r"/shop/C/S: \$Type is missing"),
    (shop(**{"@self.T": {"Where": {"$Pth": "x"}}}), r"\$Pth is no expression"),
]


@pytest.mark.feature("F-MODEL-12")
@pytest.mark.spec("OD-308")
@pytest.mark.parametrize(("data", "problem"), FAULTS)
def test_a_fault_is_refused_by_its_path(data: bytes, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        read_json(data)


def test_documents_that_nest_without_end_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="nested too deeply"):
        read_json(b"[" * 200_000)


def test_a_culprit_is_left_out_if_somebody_listens() -> None:
    found: list[DemoticError] = []
    bad = {"$Kind": "ComplexType", "a": {"$Type": "shop.X"}, "b": {"$Scale": "x"}, "c": {}, "d": {"$Unknown": 1}}
    model = read_json(shop(P=bad, Q={"$Kind": "Thing"}), report=found.append)
    assert len(found) == 4
    assert list(model["shop"].types["P"].properties) == ["c", "d"]
    assert "Q" not in model["shop"].types


@pytest.mark.feature("F-MODEL-12")
@pytest.mark.spec("OD-001")
def test_the_form_of_a_document_is_seen_and_open_files_do(tmp_path: Path, shape) -> None:
    models: list[Model] = [read_csdl(shop()), read_csdl(b"\xef\xbb\xbf" + shop()), read_csdl(shop().decode())]
    models.append(read_csdl(write_xml(models[0])))
    (tmp_path / "shop.json").write_bytes(shop())
    with (tmp_path / "shop.json").open("rb") as file:
        models.append(read_csdl(file))
    models.append(read_csdl(io.BytesIO(write_xml(models[0]))))
    assert all(shape(model) == shape(models[0]) for model in models)
