"""CSDL documents: read, refused with a place, written, and compared with what others make of them."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

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


def test_a_server_loads_no_reader_of_metadata_before_it_needs_one() -> None:
    program = "import sys, demotic.protocols.odata.v4, demotic.store.memory; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "demotic.model.csdl" in loaded
    assert [name for name in loaded if name.startswith(("demotic.xml", "demotic.model.csdl._read", "lxml"))] == []
