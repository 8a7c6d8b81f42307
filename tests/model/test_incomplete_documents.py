"""Documents that are not whole: read all the same when somebody listens to what is wrong with them."""

from __future__ import annotations

import pytest

from demotic.errors import InvalidInput
from demotic.model import Model, Property, check
from demotic.model.csdl import read_xml, write_xml
from demotic.xml import XmlBindingFault

HEAD = (
    '<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01"><edmx:DataServices>'
    '<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="shop">\n'
)
TAIL = "</Schema></edmx:DataServices></edmx:Edmx>"

GOOD = """<EntityType Name="Product"><Key><PropertyRef Name="ID"/></Key>
<Property Name="ID" Type="Edm.Int32" Nullable="false"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Products" EntityType="shop.Product"/></EntityContainer>"""

# What is put in, where, and what is told about it.
CULPRITS = [
    ("<EntityCont", '<ComplexType Name="Product"/>\n<EntityCont', "shop: Product is declared twice (line 4, column 1)"),
    ("<EntityType", '<EnumType Name="E" UnderlyingType="Edm.Odd"><Member Name="A"/></EnumType><EntityType', "Edm.Odd"),
    ("</EntityType>", '<Property Name="ID" Type="Edm.String"/></EntityType>', "shop.Product: ID is declared twice"),
    ("</EntityType>", '<Property Name="P" Type="shop.Nowhere"/></EntityType>', "shop.Product/P: there is no type"),
    ("</EntityType>", '<Property Type="Edm.String"/></EntityType>', "missing attribute"),
    ("</EntityType>", '<Property Name="P" Type="Edm.String" Size="1"/></EntityType>', "unknown attribute"),
    ("</EntityType>", '<NavigationProperty Name="N" Type="shop.Nowhere"/></EntityType>', "shop.Product/N: there is no"),
    ("</EntityType>", '<NavigationProperty Name="N" Type="shop.Product" Partner="X"/></EntityType>', "no partner X"),
    ("</EntityType>", '<Annotation Term="a.T" Bool="true" Int="1"/></EntityType>', "a.T: one value is expected"),
    ("<EntityContainer", '<Function Name="F"><ReturnType Type="shop.Nowhere"/></Function><EntityContainer', "shop.F/$"),
    ("<EntityContainer", '<Function><ReturnType Type="Edm.String"/></Function><EntityContainer', "Function/@Name"),
    ("<EntityContainer", '<Term Name="T" Type="shop.Nowhere"/><EntityContainer', "shop.T: there is no type"),
    (
        "</EntityContainer>",
        '<EntitySet Name="S" EntityType="shop.No"/></EntityContainer>',
        "shop.C/S: there is no type",
    ),
    ("</EntityContainer>", '<Singleton Name="Products" Type="shop.Product"/></EntityContainer>', "declared twice"),
    ("/></EntityContainer>", '><NavigationPropertyBinding Path="N" Target="X"/></EntitySet></EntityContainer>', "X,"),
]


@pytest.mark.feature("F-MODEL-09")
@pytest.mark.parametrize(("place", "culprit", "told"), CULPRITS)
def test_a_culprit_is_left_out_and_told_if_somebody_listens(place: str, culprit: str, told: str) -> None:
    text = HEAD + GOOD.replace(place, culprit, 1) + TAIL
    with pytest.raises(InvalidInput) as caught:
        read_xml(text)
    found: list[InvalidInput] = []
    model = read_xml(text, report=found.append)
    assert [str(fault) for fault in found][:1] == [str(caught.value)]
    assert told in str(found[0])
    assert "line " in str(found[0])
    assert "shop.Product" in repr(model.find("shop.C/Products"))
    assert read_xml(write_xml(model)).schemas.keys() == {"shop"}


@pytest.mark.feature("F-MODEL-09")
def test_what_has_a_fault_stays_if_it_can_do_without() -> None:
    found: list[InvalidInput] = []
    strange = '<Property Name="P" Type="Edm.String" Size="1" MaxLength="x" Unicode="false"/></EntityType>'
    model = read_xml(HEAD + GOOD.replace("</EntityType>", strange, 1) + TAIL, report=found.append)
    assert len(found) == 2
    item = model.find("shop.Product/P")
    assert isinstance(item, Property)
    assert (item.facets.max_length, item.facets.unicode) == (None, False)


def test_a_document_without_its_services_is_none() -> None:
    with pytest.raises(XmlBindingFault, match="DataServices"):
        read_xml('<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01"/>', report=print)


@pytest.mark.feature("F-MODEL-09")
def test_a_published_model_is_read_but_for_what_it_lacks(shared_data) -> None:
    found: list[InvalidInput] = []
    data = (shared_data / "odata/olingo4/tecsvc/metadata.xml").read_bytes()
    model: Model = read_xml(data, report=found.append)
    assert [fault.target for fault in found] == ["olingo.odata.test1.Container/ESPeople"]
    assert model.container is not None
    assert (len(model.container.sets), len(model.container.singletons)) == (34, 3)


def test_findings_of_a_read_model_have_their_place() -> None:
    text = HEAD + GOOD.replace('Nullable="false"', 'Nullable="true"') + TAIL
    (found,) = check(read_xml(text))
    assert str(found).startswith("shop.Product/ID: a key property cannot be null (line 3, column 1)")
    assert (found.line, found.column) == (3, 1)
