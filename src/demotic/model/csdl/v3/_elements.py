"""The elements of CSDL versions 1 to 3 as declarations, those of all versions in one.

[MC-EDMX], section 2.2; [MC-CSDL], section 2.1; [MS-ODATA], section 2.2.3.7.2.1 (attributes of the data services). What
belongs to annotations is that of version 4.
"""

from __future__ import annotations

from typing import Final

from demotic.errors import SyntaxFault
from demotic.model.csdl import elements as v4
from demotic.model.csdl.v3._namespaces import EDM3, EDMX1, METADATA
from demotic.syntax.http import parse_media_type
from demotic.xml import Bound, Lexical, QName, attribute, boolean, child, children, integer, one_of, text

METHODS: Final = ("GET", "POST", "PUT", "MERGE", "PATCH", "DELETE")


def m(name: str) -> QName:
    """Return the name of an attribute of the data services."""
    return QName(METADATA, name)


def _parse_media(value: str) -> str:
    parse_media_type(value)
    return value


def _format_length(length: int) -> str:
    return "Max" if length < 0 else str(length)


def _parse_mode(value: str) -> str:
    word = value.strip().capitalize()
    if word not in ("Fixed", "None"):
        raise SyntaxFault("'Fixed' or 'None'", value, 0)
    return word


_max_length: Final = Lexical(v4.MAX_LENGTH.parse, _format_length, "a length or 'Max'")
_media_type: Final = Lexical(_parse_media, str, "a media type")
_concurrency: Final = Lexical(_parse_mode, str, "'Fixed' or 'None'")


class Documentation(Bound, name=QName(EDM3, "Documentation")):
    """What people should know about an element (section 2.1.45)."""

    summary = child(lambda: Summary)
    long_description = child(lambda: LongDescription)


class Summary(Bound, name=QName(EDM3, "Summary")):
    """A short text."""

    value = text()


class LongDescription(Bound, name=QName(EDM3, "LongDescription")):
    """A long text."""

    value = text()


class Item(Bound):
    """What every element may hold: documentation and annotations."""

    documentation = child(Documentation)
    annotations = children(v4.Annotation)


class Named(Item):
    """What has a name."""

    Name = attribute("Name", required=True)


class Faceted(Item):
    """What has facets (section 2.2.1)."""

    Nullable = attribute("Nullable", type=boolean)
    MaxLength = attribute("MaxLength", type=_max_length)
    FixedLength = attribute("FixedLength", type=boolean)
    Precision = attribute("Precision", type=v4.SIZE)
    Scale = attribute("Scale", type=v4.SCALE)
    Unicode = attribute("Unicode", type=boolean)
    Collation = attribute("Collation")
    SRID = attribute("SRID", type=v4.SRID)


class PropertyRef(Bound, name=QName(EDM3, "PropertyRef")):
    """A property by its name (section 2.1.6)."""

    Name = attribute("Name", required=True)


class Key(Item, name=QName(EDM3, "Key")):
    """A key (section 2.1.5)."""

    refs = children(PropertyRef)


class Property(Named, Faceted, name=QName(EDM3, "Property")):
    """A property (section 2.1.3)."""

    Type = attribute("Type", required=True)
    DefaultValue = attribute("DefaultValue")
    ConcurrencyMode = attribute("ConcurrencyMode", type=_concurrency)
    CollectionKind = attribute("CollectionKind", type=one_of("None", "List", "Bag"))
    DateTimeKind = attribute("DateTimeKind")
    PreserveSeconds = attribute("PreserveSeconds", type=boolean)
    MimeType = attribute(m("MimeType"), type=_media_type)


class NavigationProperty(Named, name=QName(EDM3, "NavigationProperty")):
    """A navigation property (section 2.1.4)."""

    Relationship = attribute("Relationship", required=True)
    FromRole = attribute("FromRole", required=True)
    ToRole = attribute("ToRole", required=True)
    ContainsTarget = attribute("ContainsTarget", type=boolean, default=False)


class Structured(Named):
    """What complex and entity types have in common."""

    BaseType = attribute("BaseType")
    Abstract = attribute("Abstract", type=boolean, default=False)
    OpenType = attribute("OpenType", type=boolean, default=False)


class ComplexType(Structured, name=QName(EDM3, "ComplexType")):
    """A complex type (section 2.1.7)."""

    properties = children(Property)


class EntityType(Structured, name=QName(EDM3, "EntityType")):
    """An entity type (section 2.1.2)."""

    HasStream = attribute(m("HasStream"), type=boolean, default=False)
    key = child(Key)
    properties = children(Property)
    navigation = children(NavigationProperty)


class Member(Named, name=QName(EDM3, "Member")):
    """A member of an enumeration (CSDL Version 3.0, section 8.2)."""

    Value = attribute("Value", type=integer)


class EnumType(Named, name=QName(EDM3, "EnumType")):
    """An enumeration (CSDL Version 3.0, section 8.1)."""

    UnderlyingType = attribute("UnderlyingType", default="Edm.Int32")
    IsFlags = attribute("IsFlags", type=boolean, default=False)
    members = children(Member)


class OnDelete(Item, name=QName(EDM3, "OnDelete")):
    """What becomes of the entities at the other end (section 2.1.12)."""

    Action = attribute("Action", type=one_of("Cascade", "None", "Restrict"), required=True)


class End(Item, name=QName(EDM3, "End")):
    """An end of an association (section 2.1.11)."""

    Role = attribute("Role")
    Type = attribute("Type", required=True)
    Multiplicity = attribute("Multiplicity", type=one_of("0..1", "1", "*"), required=True)
    on_delete = child(OnDelete)


class Principal(Item, name=QName(EDM3, "Principal")):
    """The end whose key is referred to (section 2.1.15)."""

    Role = attribute("Role", required=True)
    refs = children(PropertyRef)


class Dependent(Principal, name=QName(EDM3, "Dependent")):
    """The end that refers to a key (section 2.1.14)."""


class ReferentialConstraint(Item, name=QName(EDM3, "ReferentialConstraint")):
    """Which properties refer to a key (section 2.1.13)."""

    principal = child(Principal, required=True)
    dependent = child(Dependent, required=True)


class Association(Named, name=QName(EDM3, "Association")):
    """How two entity types are related (section 2.1.10)."""

    ends = children(End)
    constraint = child(ReferentialConstraint)


class EntitySet(Named, name=QName(EDM3, "EntitySet")):
    """An entity set (section 2.1.18)."""

    EntityType = attribute("EntityType", required=True)


class SetEnd(Item, name=QName(EDM3, "End")):
    """The entity set at an end (section 2.1.20)."""

    Role = attribute("Role")
    EntitySet = attribute("EntitySet", required=True)


class AssociationSet(Named, name=QName(EDM3, "AssociationSet")):
    """An association between sets (section 2.1.19)."""

    Association = attribute("Association", required=True)
    ends = children(SetEnd)


class Parameter(Named, Faceted, name=QName(EDM3, "Parameter")):
    """A parameter of a function import (section 2.1.22)."""

    Type = attribute("Type", required=True)
    Mode = attribute("Mode", type=one_of("In", "Out", "InOut"))


class FunctionImport(Named, name=QName(EDM3, "FunctionImport")):
    """A service operation (section 2.1.21; CSDL Version 3.0, section 15.4)."""

    ReturnType = attribute("ReturnType")
    EntitySet = attribute("EntitySet")
    EntitySetPath = attribute("EntitySetPath")
    IsSideEffecting = attribute("IsSideEffecting", type=boolean)
    IsComposable = attribute("IsComposable", type=boolean, default=False)
    IsBindable = attribute("IsBindable", type=boolean, default=False)
    HttpMethod = attribute(m("HttpMethod"), type=one_of(*METHODS))
    IsAlwaysBindable = attribute(m("IsAlwaysBindable"), type=boolean)
    parameters = children(Parameter)


class EntityContainer(Named, name=QName(EDM3, "EntityContainer")):
    """An entity container (section 2.1.17)."""

    Extends = attribute("Extends")
    IsDefaultEntityContainer = attribute(m("IsDefaultEntityContainer"), type=boolean)
    sets = children(EntitySet)
    association_sets = children(AssociationSet)
    imports = children(FunctionImport)


class Using(Item, name=QName(EDM3, "Using")):
    """An alias for a namespace (section 2.1.23)."""

    Namespace = attribute("Namespace", required=True)
    Alias = attribute("Alias", required=True)


class ValueTerm(Named, Faceted, name=QName(EDM3, "ValueTerm")):
    """A term (CSDL Version 3.0, section 16.1)."""

    Type = attribute("Type", required=True)
    DefaultValue = attribute("DefaultValue")


class Schema(Item, name=QName(EDM3, "Schema")):
    """A schema (section 2.1.1)."""

    Namespace = attribute("Namespace", required=True)
    Alias = attribute("Alias")
    usings = children(Using)
    types = children(EntityType, ComplexType, EnumType)
    associations = children(Association)
    terms = children(ValueTerm)
    containers = children(EntityContainer)
    external = children(v4.Annotations)


class DataServices(Bound, name=QName(EDMX1, "DataServices")):
    """The schemas ([MC-EDMX], section 2.2.3)."""

    DataServiceVersion = attribute(m("DataServiceVersion"))
    MaxDataServiceVersion = attribute(m("MaxDataServiceVersion"))
    schemas = children(Schema)


class Reference(Bound, name=QName(EDMX1, "Reference")):
    """A reference to another document ([MC-EDMX], section 2.2.4)."""

    Url = attribute("Url", required=True)


class Edmx(Bound, name=QName(EDMX1, "Edmx")):
    """A document ([MC-EDMX], section 2.2.1)."""

    Version = attribute("Version", required=True)
    references = children(v4.Reference)
    documents = children(Reference)
    services = child(DataServices, required=True)
