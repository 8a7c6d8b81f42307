"""Documents of versions 1 to 3: associations, containers, functions, feeds and what else only they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from demotic.errors import InvalidInput
from demotic.model import (
    DATE_TIME_OFFSET,
    TIME_OF_DAY,
    DuplicateName,
    EntitySet,
    EntityType,
    InvalidMetadataDocument,
    Model,
    ModelConstraintError,
    ModelIncomplete,
    NotFoundInModel,
    Property,
    check,
)
from demotic.model.csdl import read_xml, write_xml
from demotic.model.v2 import (
    ATOM,
    ATTRIBUTES,
    DESCRIPTION,
    FIXED,
    FIXED_LENGTH,
    MEDIA_TYPE,
    UNZONED,
    FunctionImport,
    Projection,
    feed_mappings,
    stated,
    type_name,
    unbound_principals,
)

MICROSOFT = "http://schemas.microsoft.com/ado"


def document(content: str, *, head: str = "", namespace: str = "2008/09") -> str:
    return (
        f'<edmx:Edmx Version="1.0" xmlns:edmx="{MICROSOFT}/2007/06/edmx" {head}'
        f' xmlns:m="{MICROSOFT}/2007/08/dataservices/metadata" xmlns:sap="http://www.sap.com/Protocols/SAPData">'
        f'<edmx:DataServices m:DataServiceVersion="2.0"><Schema Namespace="shop" xmlns="{MICROSOFT}/{namespace}/edm">\n'
        f"{content}</Schema></edmx:DataServices></edmx:Edmx>"
    )


def kind(name: str, *properties: str, attributes: str = "") -> str:
    body = "".join(f"<Property {item}/>" if item.startswith("Name") else item for item in properties)
    key = '<Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>'
    return f'<EntityType Name="{name}" {attributes}>{key}{body}</EntityType>\n'


def way(name: str, association: str, start: str, target: str) -> str:
    relationship = f'Relationship="shop.{association}" FromRole="{start}" ToRole="{target}"'
    return f'<NavigationProperty Name="{name}" {relationship}/>'


def association(name: str, *ends: tuple[str, str, str], more: str = "") -> str:
    sides = "".join(f'<End {role} Type="shop.{of}" Multiplicity="{many}"/>' for role, of, many in ends)
    return f'<Association Name="{name}">{sides}{more}</Association>\n'


def container(*items: str, name: str = "C", attributes: str = "") -> str:
    return f'<EntityContainer Name="{name}" {attributes}>{"".join(items)}</EntityContainer>\n'


def entity_set(name: str, of: str) -> str:
    return f'<EntitySet Name="{name}" EntityType="shop.{of}"/>'


def association_set(name: str, association: str, *ends: str) -> str:
    sides = "".join(f"<End {end}/>" for end in ends)
    return f'<AssociationSet Name="{name}" Association="shop.{association}">{sides}</AssociationSet>'


def entity_type(model: Model, name: str) -> EntityType:
    found = model.find(f"shop.{name}")
    assert isinstance(found, EntityType)
    return found


ORDERS = (
    kind("Customer", way("Orders", "CO", "C", "O"))
    + kind("Order", 'Name="By" Type="Edm.Int32"', way("Customer", "CO", "O", "C"))
    + association(
        "CO",
        ('Role="C"', "Customer", "0..1"),
        ('Role="O"', "Order", "*"),
        more='<ReferentialConstraint><Principal Role="C"><PropertyRef Name="ID"/></Principal>'
        '<Dependent Role="O"><PropertyRef Name="By"/></Dependent></ReferentialConstraint>',
    )
    + container(
        entity_set("Customers", "Customer"),
        entity_set("Orders", "Order"),
        association_set("COs", "CO", 'Role="C" EntitySet="Customers"', 'Role="O" EntitySet="Orders"'),
    )
)


@pytest.mark.feature("F-MODEL-10")
@pytest.mark.spec("OD-013", "OD-014", "OD-025", "OD-026", "OD-028")
def test_an_association_becomes_navigation_and_stays_what_it_was() -> None:
    model = read_xml(document(ORDERS))
    customer, order = entity_type(model, "Customer"), entity_type(model, "Order")
    orders, back = customer.navigation["Orders"], order.navigation["Customer"]
    assert (orders.target, orders.collection, orders.partner) == (order, True, back)
    assert (back.nullable, back.partner, back.constraints) == (
        True,
        orders,
        ((order.properties["By"], customer.properties["ID"]),),
    )
    assert model.container is not None
    customers = model.container.sets["Customers"]
    assert customers.bindings == {"Orders": model.container.sets["Orders"]}
    projection = Projection(model)
    (found,) = projection.associations.values()
    assert (found.qualified_name, found.end("C").type, found.other("C").role) == ("shop.CO", customer, "O")
    assert found.end("C").qualified_name == "shop.CO.C"
    assert projection.set_ends(customers) == {found.end("C"): orders}
    assert hash(found.end("C")) != hash(found.end("O"))
    assert model.find("shop.C.Customers") is customers
    assert [item.name for item in customers.type.key] == ["ID"]


@pytest.mark.feature("F-MODEL-10")
@pytest.mark.spec("OD-027")
def test_roles_that_are_missing_are_told_by_types(shape) -> None:
    text = ORDERS.replace('Role="C" EntitySet', "EntitySet").replace('Role="O" EntitySet', "EntitySet")
    assert shape(read_xml(document(text))) == shape(read_xml(document(ORDERS)))
    unnamed = kind("A", way("Bs", "AB", "A", "B")) + kind("B") + association("AB", ("", "A", "1"), ("", "B", "*"))
    (found,) = Projection(read_xml(document(unnamed))).associations.values()
    assert [end.role for end in found.ends] == ["A", "B"]


@pytest.mark.feature("F-MODEL-10")
def test_types_decide_where_roles_contradict_them() -> None:
    """The published sample of the specification has the types of one association exchanged."""
    text = ORDERS.replace(
        'Role="C" Type="shop.Customer" Multiplicity="0..1"', 'Role="O" Type="shop.Customer" Multiplicity="0..1"'
    )
    text = text.replace('Role="O" Type="shop.Order"', 'Role="C" Type="shop.Order"')
    text = re.sub("<ReferentialConstraint>.*</ReferentialConstraint>", "", text)
    model = read_xml(document(text))
    assert entity_type(model, "Customer").navigation["Orders"].collection
    assert model.container is not None
    assert model.container.sets["Customers"].bindings == {"Orders": model.container.sets["Orders"]}


@pytest.mark.feature("F-MODEL-10")
@pytest.mark.spec("OD-028")
def test_where_two_ways_start_at_one_end_none_is_the_way_back() -> None:
    text = ORDERS.replace(way("Orders", "CO", "C", "O"), way("Orders", "CO", "C", "O") + way("Others", "CO", "C", "O"))
    model = read_xml(document(text))
    assert entity_type(model, "Order").navigation["Customer"].partner is None
    assert Projection(model).associations["shop.CO"].end("C").navigation is None


@pytest.mark.feature("F-MODEL-06")
@pytest.mark.spec("OD-029", "OD-030", "OD-306")
def test_a_set_that_needs_two_others_it_does_not_lead_to_can_never_be_filled() -> None:
    text = kind("A") + kind("B") + kind("X")
    text += association("AX", ('Role="A"', "A", "1"), ('Role="X"', "X", "*"))
    text += association("BX", ('Role="B"', "B", "1"), ('Role="X"', "X", "*"))
    sets = [entity_set(f"{name}s", name) for name in "ABX"]
    one = association_set("AXs", "AX", 'Role="A" EntitySet="As"', 'Role="X" EntitySet="Xs"')
    two = association_set("BXs", "BX", 'Role="B" EntitySet="Bs"', 'Role="X" EntitySet="Xs"')
    model = read_xml(document(text + container(*sets, one)))
    assert model.container is not None
    principals = unbound_principals(Projection(model), model.container, model.container.sets["Xs"])
    assert [end.qualified_name for end in principals] == ["shop.AX.A"]
    assert check(model) == []
    (found,) = check(read_xml(document(text + container(*sets, one, two))))
    assert isinstance(found, ModelConstraintError)
    assert "shop.C/Xs: nothing can ever be inserted: it needs shop.AX.A and shop.BX.B" in str(found)


CONTAINERS = (
    kind("A")
    + container(entity_set("As", "A"), attributes='m:IsDefaultEntityContainer="true"')
    + container(entity_set("As", "A"), entity_set("Bs", "A"), name="More")
)


@pytest.mark.feature("F-MODEL-10")
@pytest.mark.spec("OD-010", "OD-011", "OD-012", "OD-015", "OD-038")
def test_sets_of_the_default_container_are_named_alone_and_others_with_theirs() -> None:
    model = read_xml(document(CONTAINERS, head='xml:base="http://example.org/svc/$metadata"'))
    projection = Projection(model)
    assert model.container is not None
    assert list(projection.containers) == ["C", "More"]
    assert list(projection.sets) == ["As", "More.As", "More.Bs"]
    more = model["shop"].other_containers["More"]
    assert projection.resource("More.As") is more.sets["As"]
    assert [item.name for item in more.sets_of(entity_type(model, "A"))] == ["As", "Bs"]
    assert model.container.sets_of(EntityType("shop", "B")) == []
    for name in ("C.As", "Bs", "Nowhere.As"):
        with pytest.raises(KeyError):
            projection.resource(name)
        with pytest.raises(NotFoundInModel):
            projection.location(name)
    assert projection.location("As") == "http://example.org/svc/As"
    assert projection.location("More.Bs") == "http://example.org/svc/More.Bs"
    assert Projection(read_xml(document(CONTAINERS))).location("As") == "As"


@pytest.mark.feature("F-MODEL-10")
@pytest.mark.spec("OD-018", "OD-021", "OD-036", "OD-040", "OD-041")
def test_a_property_keeps_what_only_these_versions_say() -> None:
    text = kind(
        "A",
        'Name="Code" Type="String" MaxLength="Max" FixedLength="true" Unicode="false" ConcurrencyMode="fixed"',
        'Name="Price" Type="Edm.Decimal" Precision="9" Scale="2" DefaultValue="1.50" ConcurrencyMode="None"',
        'Name="When" Type="Edm.DateTime" DefaultValue="2000-01-01T00:00:00" sap:label="When"',
        'Name="At" Type="Edm.Time" DefaultValue="PT8H"',
        'Name="Image" Type="Edm.Binary" m:MimeType="image/png" DefaultValue="0A"',
        '<Property Name="Told" Type="Edm.String"><Documentation><Summary>All</Summary></Documentation></Property>',
        attributes='m:HasStream="true"',
    )
    model = read_xml(document(text + container(entity_set("As", "A"))))
    assert model.data_service_version == "2.0"
    found = entity_type(model, "A")
    assert found.has_stream
    code, price, when, at, image, told = list(found.properties.values())[1:]
    assert (code.facets.max_length, code.facets.unicode, stated(code.annotations, FIXED_LENGTH)) == (-1, False, True)
    assert (stated(code.annotations, FIXED), stated(price.annotations, FIXED)) == (True, None)
    assert (price.facets.precision, price.facets.scale, price.default) == (9, 2, "1.50")
    assert (when.type, when.default, type_name(when)) == (DATE_TIME_OFFSET, "2000-01-01T00:00:00Z", "Edm.DateTime")
    assert stated(when.annotations, UNZONED) is True
    assert "label" in repr(stated(when.annotations, ATTRIBUTES))
    assert (at.type, at.default, type_name(at)) == (TIME_OF_DAY, "08:00:00", "Edm.Time")
    assert (stated(image.annotations, MEDIA_TYPE), image.default) == ("image/png", "Cg==")
    assert stated(told.annotations, DESCRIPTION) == "All"
    written = write_xml(model).decode()
    for said in ('DefaultValue="PT8H"', 'DefaultValue="2000-01-01T00:00:00"', 'DefaultValue="0A"', 'sap:label="When"'):
        assert said in written
    assert check(model) == []


@pytest.mark.feature("F-MODEL-10")
@pytest.mark.spec("OD-042", "OD-043", "OD-044", "OD-045", "OD-046")
def test_feed_mappings_are_read() -> None:
    custom = 'm:FC_TargetPath="a/@b" m:FC_NsPrefix="p" m:FC_NsUri="http://p/" m:FC_KeepInContent="true"'
    second = 'm:FC_SourcePath_1="Address/City" m:FC_TargetPath_1="SyndicationSummary" m:FC_ContentKind_1="xhtml"'
    text = kind(
        "A",
        'Name="Title" Type="Edm.String" m:FC_TargetPath="SyndicationTitle"',
        'Name="By" Type="Edm.String" m:FC_TargetPath="SyndicationAuthorName" m:FC_KeepInContent="false"',
        attributes=f'm:FC_SourcePath="Address/Zip" {custom} {second}',
    )
    model = read_xml(document(text))
    found = entity_type(model, "A")
    (title,), (by,) = (feed_mappings(found.properties[name]) for name in ("Title", "By"))
    assert (title.source, title.target, title.keep_in_content) == (("Title",), ((ATOM, "title"),), False)
    assert by.target == ((ATOM, "author"), (ATOM, "name"))
    own, other = feed_mappings(found)
    assert own.source == ("Address", "Zip")
    assert own.target == (("http://p/", "a"), ("", "@b"))
    assert (own.prefix, own.namespace, own.keep_in_content) == ("p", "http://p/", True)
    assert (other.target, other.content_kind, other.prefix) == (((ATOM, "summary"),), "xhtml", None)
    assert feed_mappings(found.properties["ID"]) == []
    assert 'FC_TargetPath_1="SyndicationSummary"' in write_xml(model).decode()


@pytest.mark.feature("F-MODEL-10")
@pytest.mark.spec("OD-035")
def test_functions_have_the_method_that_calls_them(shape) -> None:
    text = kind("A") + container(
        entity_set("As", "A"),
        '<FunctionImport Name="Best" ReturnType="Collection(shop.A)" EntitySet="As" m:HttpMethod="GET">'
        '<Parameter Name="n" Type="Edm.DateTime" Mode="In" Nullable="true"/></FunctionImport>',
        '<FunctionImport Name="Clear" m:HttpMethod="DELETE"/>',
        '<FunctionImport Name="Sum" ReturnType="Edm.Int32"/>',
        '<FunctionImport Name="A" ReturnType="Edm.String" m:HttpMethod="POST"/>',
    )
    model = read_xml(document(text))
    functions = Projection(model).functions
    assert {name: item.method for name, item in functions.items()} == {
        "Best": "GET",
        "Clear": "DELETE",
        "Sum": "GET",
        "A": "POST",
    }
    best = Projection(model).resource("Best")
    assert isinstance(best, FunctionImport)
    assert isinstance(best.set, EntitySet)
    assert type_name(best.operation.parameters["n"]) == "Edm.DateTime"
    assert functions["A"].operation.name == "C_A"
    assert check(model) == []
    assert shape(read_xml(write_xml(model))) == shape(model)


SAMPLES = ["2006/04", "2007/05", "2008/01", "2008/09", "2009/08", "2009/11"]


@pytest.mark.feature("F-MODEL-10")
@pytest.mark.spec("OD-002")
@pytest.mark.parametrize("namespace", SAMPLES)
def test_every_namespace_in_the_field_is_read_and_kept(namespace: str) -> None:
    model = read_xml(document(ORDERS, namespace=namespace))
    assert f"{MICROSOFT}/{namespace}/edm" in write_xml(model).decode()


FAULTS = [
    (kind("A").replace("Edm.Int32", "Edm.Int33"), ModelIncomplete, "shop.A/ID: there is no type Edm.Int33"),
    (kind("A", way("B", "AB", "A", "B")), ModelIncomplete, "shop.A/B: there is no association shop.AB"),
    (ORDERS.replace('FromRole="C"', 'FromRole="X"'), ModelIncomplete, "shop.Customer/Orders: shop.CO has no role X"),
    (ORDERS.replace('ToRole="O"', 'ToRole="C"'), InvalidMetadataDocument, "leads from C to the same role"),
    (ORDERS.replace('Role="O" Type', 'Role="C" Type'), DuplicateName, "shop.CO: the role C is there twice"),
    (ORDERS.replace('Principal Role="C"', 'Principal Role="X"'), ModelIncomplete, "shop.CO: there is no role X"),
    (ORDERS.replace('<PropertyRef Name="By"/>', ""), InvalidMetadataDocument, "0 properties cannot refer to 1"),
    (ORDERS.replace('PropertyRef Name="By"', 'PropertyRef Name="X"'), ModelIncomplete, "there is no property X"),
    (ORDERS.replace('EntitySet="Orders"', 'EntitySet="X"'), ModelIncomplete, "shop.C/COs: there is no entity set X"),
    (
        ORDERS.replace('Association="shop.CO"', 'Association="shop.X"'),
        ModelIncomplete,
        "there is no association shop.X",
    ),
    (
        ORDERS.replace('EntitySet="Orders"', 'EntitySet="Customers"'),
        InvalidMetadataDocument,
        "the ends of shop.CO are of",
    ),
    (
        ORDERS + association("CO", ('Role="a"', "Order", "1"), ('Role="b"', "Order", "1")),
        DuplicateName,
        "CO is declared",
    ),
    (association("X", ('Role="a"', "A", "1")), InvalidMetadataDocument, "an association has two ends, not 1"),
    (
        association("X", ('Role="a"', "A", "1"), ('Role="b"', "A", "1")),
        ModelIncomplete,
        "shop.X: there is no entity type",
    ),
    (
        kind("A", attributes='m:HttpMethod="GET"'),
        InvalidMetadataDocument,
        "m:HttpMethod has no place on",
    ),
    (CONTAINERS.replace('m:IsDefaultEntityContainer="true"', ""), InvalidMetadataDocument, "one of 2 containers"),
]


@pytest.mark.feature("F-MODEL-02")
@pytest.mark.spec("OD-007", "OD-030", "OD-305", "OD-307", "OD-318")
@pytest.mark.parametrize(("content", "error", "problem"), FAULTS)
def test_a_fault_is_named_and_placed(content: str, error: type[InvalidInput], problem: str) -> None:
    with pytest.raises(error) as caught:
        read_xml(document(content))
    assert problem in str(caught.value)
    assert re.search(r"\(line \d+, column \d+\)", str(caught.value))


def test_properties_are_values_of_the_model_that_programs_share() -> None:
    """A model of an old document is one like all others: the sample shop's types are the same objects everywhere."""
    model = read_xml((Path(__file__).parent / "cases/shop_v2.xml").read_bytes())
    found = model.find("shop.Order/Local")
    assert isinstance(found, Property)
    assert found.type is DATE_TIME_OFFSET
