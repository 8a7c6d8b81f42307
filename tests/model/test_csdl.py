"""CSDL documents: read, refused with a place, written, and compared with what others make of them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demotic.errors import InvalidInput
from demotic.model import (
    INT32,
    Annotation,
    DuplicateName,
    EntityType,
    InvalidMetadataDocument,
    Model,
    ModelError,
    ModelIncomplete,
    Schema,
)
from demotic.model.csdl import read_xml, write_json, write_xml
from demotic.xml import XmlBindingFault

V4 = b"http://docs.oasis-open.org/odata/ns/edmx"
OASIS = "oasis-csdl/", "oasis-openapi/", "oasis-vocabularies/", "olingo4/"

# What public documents are refused for; every one of them breaks the specification, or an alias or document is missing.
REFUSED = {
    "oasis-csdl/examples/counterexamples/test1.xml": r"EntityType/Key\[2\] at line 9, column 9: a second element Key",
    "oasis-csdl/examples/miscellaneous.xml": r"Duration at line 592, column 11: .* precision kept is microseconds",
    "oasis-csdl/examples/special-characters.xml": r"there is no property id in .* \(line 12,",
    "oasis-csdl/test/odata-rw-v2.xml": "expected the element .*Edmx",
    "oasis-csdl/test/v2-annotations.xml": "expected the element .*Edmx",
    "oasis-openapi/People.xml": r"ProductDetail/Product: Product leads nowhere in .*Product \(line 36,",
    "oasis-openapi/Products.xml": r"ProductDetail/Product: Product leads nowhere in .*Product \(line 36,",
    "olingo4/client-core/Metadata-With-Capabilities.xml": r"there is no type Core.Tag \(line 94,",
    "olingo4/client-core/UI.xml": r"no type Org.OData.Communication.V1.AddressType \(line 139,",
    "olingo4/client-core/demo-metadata.xml": "@ConcurrencyMode at line 67, column 9: unknown attribute",
    "olingo4/client-core/fromdoc3-metadata.xml": "TestCast at line 63, column 12: unknown element",
    "olingo4/client-core/metadata.xml": "@ReturnType at line 111, column 7: unknown attribute",
    "olingo4/tecsvc/metadata.xml": r"ESPeople: there is no type olingo.odata.test1.ETPeople \(line 1,",
    "olingo4/trippin/a.xml": r"there is no type Message.Message \(line 26,",
    "olingo4/trippin/b.xml": r"there is no type Message.Message \(line 24,",
    "olingo4/trippin/trippin.xml": r"there is no type Core.Tag \(line 450,",
}


@pytest.fixture(scope="module")
def documents(shared_data: Path) -> dict[str, bytes]:
    """Every public CSDL XML document of version 4, by its path."""
    root = shared_data / "odata"
    files = [file for folder in OASIS for file in sorted((root / folder).rglob("*.xml"))]
    found = {file.relative_to(root).as_posix(): file.read_bytes() for file in files}
    return {name: data for name, data in found.items() if V4 in data}


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
    return {name: read_xml(data, load=load) for name, data in documents.items() if name not in REFUSED}


@pytest.mark.feature("F-MODEL-01")
def test_public_documents_are_read_and_come_back_the_same(models, load, shape) -> None:
    assert len(models) >= 45
    for name, model in models.items():
        again = read_xml(write_xml(model), load=load)
        assert shape(again) == shape(model), name


@pytest.mark.feature("F-MODEL-02")
@pytest.mark.spec("OD-305", "OD-308")
def test_faulty_public_documents_are_refused_with_their_place(documents, load) -> None:
    for name, problem in REFUSED.items():
        with pytest.raises(InvalidInput, match=problem):
            read_xml(documents[name], load=load)


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
)


@pytest.mark.feature("F-MODEL-03")
def test_json_is_that_of_the_published_pairs(models, shared_data) -> None:
    pairs = 0
    for name, model in models.items():
        published = shared_data / "odata" / name.replace(".xml", ".json")
        if published.exists():
            pairs += 1
            found = differences(json.loads(write_json(model)), json.loads(published.read_text("utf-8")))
            assert [path for path in found if not NOT_THE_SAME.search(path)] == [], name
    assert pairs >= 18


# Where the tool differs: CSDL JSON 4.01, section 7.2.6, makes $SRID a string, and the tool takes the last of several
# containers, and refuses unqualified functions.
NOT_THE_TOOL = re.compile(r"\$SRID$|^/\$EntityContainer$")


@pytest.mark.feature("F-MODEL-03")
def test_json_is_what_an_independent_tool_makes_of_our_xml(models, tool, tmp_path) -> None:
    program = tool("odata-csdl-xml2json")
    chosen = [name for name in models if name.startswith(("oasis-openapi/", "olingo4/"))]
    for name in chosen:
        (tmp_path / name.replace("/", "-")).write_bytes(write_xml(models[name]))
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


def document(content: str, head: str = "", version: str = "4.01") -> str:
    return (
        f'<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="{version}">{head}'
        f'<edmx:DataServices><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="shop" Alias="self">'
        f"\n{content}</Schema></edmx:DataServices></edmx:Edmx>"
    )


PRODUCT = """<EntityType Name="Product"><Key><PropertyRef Name="ID"/></Key>
<Property Name="ID" Type="Edm.Int32" Nullable="false"/>
<Property Name="Name" Type="Edm.String" MaxLength="max"/>
<NavigationProperty Name="Parts" Type="Collection(self.Product)" Partner="Whole"/>
<NavigationProperty Name="Whole" Type="shop.Product" Partner="Parts"/></EntityType>"""


@pytest.mark.spec("OD-017", "OD-020")
def test_names_become_objects_whatever_their_order_and_alias() -> None:
    container = '<EntityContainer Name="C"><EntitySet Name="Products" EntityType="self.Product">' + (
        '<NavigationPropertyBinding Path="Parts" Target="shop.C/Products"/></EntitySet></EntityContainer>'
    )
    model = read_xml(document(container + PRODUCT))
    product = model.find("shop.Product")
    assert isinstance(product, EntityType)
    assert product.key == (product.properties["ID"],)
    assert product.properties["ID"].type is INT32
    assert product.properties["Name"].facets.max_length == -1
    assert product.navigation["Parts"].partner is product.navigation["Whole"]
    products = model["shop"].container.sets["Products"]
    assert products.bindings == {"Parts": products}


FAULTS = [
    (PRODUCT.replace("self.Product", "self.Part"), ModelIncomplete, r"shop.Product/Parts: there is no type shop.Part"),
    (PRODUCT.replace('Name="ID"/></Key>', 'Name="Id"/></Key>'), ModelIncomplete, "there is no property Id"),
    (PRODUCT.replace('Partner="Whole"', 'Partner="All"'), ModelIncomplete, "there is no partner All in Product"),
    (PRODUCT + PRODUCT, DuplicateName, r"shop: Product is declared twice \(line 6,"),
    (PRODUCT.replace('Name="Name"', 'Name="ID"'), DuplicateName, "shop.Product: ID is declared twice"),
    (PRODUCT.replace("Edm.Int32", "Edm.DateTime"), ModelIncomplete, "there is no type Edm.DateTime"),
    (PRODUCT.replace('Type="Edm.String"', 'Type="self.Product"'), InvalidMetadataDocument, "use NavigationProperty"),
    ('<ComplexType Name="A" BaseType="self.A"/>', InvalidMetadataDocument, "its own base type"),
    ('<ComplexType Name="A" BaseType="self.P"/>' + PRODUCT.replace("Product", "P"), InvalidMetadataDocument, "base"),
    (
        '<EntityContainer Name="C"><EntitySet Name="S" EntityType="self.Product">'
        '<NavigationPropertyBinding Path="Parts" Target="Nowhere"/></EntitySet></EntityContainer>' + PRODUCT,
        ModelIncomplete,
        "shop.C/S: the binding of Parts leads to Nowhere",
    ),
    ('<Annotation Term="self.T" String="a" Bool="true"/>', InvalidMetadataDocument, "one value is expected, found"),
    ('<EntityContainer Name="A"/><EntityContainer Name="B"/>', DuplicateName, "a second entity container"),
]


@pytest.mark.feature("F-MODEL-02")
@pytest.mark.spec("OD-304", "OD-305", "OD-308")
@pytest.mark.parametrize(("content", "error", "problem"), FAULTS)
def test_a_fault_is_named_and_placed(content, error, problem) -> None:
    with pytest.raises(error, match=problem) as caught:
        read_xml(document(content))
    assert isinstance(caught.value, ModelError)
    assert re.search(r"line \d+", caught.value.message)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('<Propery Name="x"/>', "unknown element"),
        ('<ComplexType Name="A" OpenTyp="true"/>', "unknown attribute"),
        ("<ComplexType/>", "missing attribute"),
        ('<ComplexType Name="A"><Property Name="p" Type="Edm.String" MaxLength="-1"/></ComplexType>', "MaxLength"),
        ('<Annotation Term="self.T" Date="2024-02-30"/>', "a day from 01 to 29"),
    ],
)
def test_what_is_no_csdl_is_refused_by_path(content, problem) -> None:
    with pytest.raises(XmlBindingFault, match=problem):
        read_xml(document(content))


@pytest.mark.parametrize("version", ["1.0", "4.02", ""])
def test_other_versions_are_refused(version) -> None:
    with pytest.raises(XmlBindingFault, match=r"'4.0' or '4.01'"):
        read_xml(document("", version=version))


def test_a_missing_reference_is_blamed_by_its_address() -> None:
    head = '<edmx:Reference Uri="http://x/y.xml"><edmx:Include Namespace="a.b" Alias="ab"/></edmx:Reference>'
    content = '<ComplexType Name="A"><Property Name="p" Type="ab.T"/></ComplexType>'
    with pytest.raises(ModelIncomplete, match=r"belongs to http://x/y.xml, which was not read"):
        read_xml(document(content, head))
    other = document('<ComplexType Name="T"/>').replace('"shop"', '"a.b"')
    model = read_xml(document(content, head), load=lambda uri: other if uri == "http://x/y.xml" else None)
    assert model.find("shop.A").properties["p"].type is model.references[0].model.find("a.b.T")
    assert model.find("ab.T") is model.find("a.b.T")


@pytest.mark.parametrize(
    ("value", "xml", "expected"),
    [
        ("x & y", 'String="x &amp; y"', "x & y"),
        (True, 'Bool="true"', True),
        (5, 'Int="5"', 5),
        (float("inf"), 'Float="INF"', "INF"),
        (b"\x01", 'Binary="AQ=="', "AQ=="),
        (None, "<Null/>", None),
        (["a", 1], "<Collection><String>a</String><Int>1</Int></Collection>", ["a", 1]),
    ],
)
def test_annotation_values_have_their_form_in_xml_and_json(value, xml, expected, shape) -> None:
    schema = Schema("shop", annotations=[Annotation("shop.T", value)])
    model = Model({"shop": schema})
    assert xml in write_xml(model).decode()
    assert shape(read_xml(write_xml(model))) == shape(model)
    assert json.loads(write_json(model))["shop"]["@shop.T"] == expected


def test_an_annotation_of_no_known_kind_is_refused() -> None:
    model = Model({"shop": Schema("shop", annotations=[Annotation("shop.T", object())])})
    for write in (write_xml, write_json):
        with pytest.raises(InvalidMetadataDocument, match="no annotation value"):
            write(model)
