"""The elements of types and terms.

OData CSDL XML 4.01, sections 6 to 11 and 14.1.
"""

from __future__ import annotations

from demotic.model.csdl.elements._annotations import Annotation
from demotic.model.csdl.elements._lexical import EDM, Faceted, Named, Typed
from demotic.xml import Bound, QName, attribute, boolean, child, children, integer, names, one_of


class PropertyRef(Named, name=QName(EDM, "PropertyRef")):
    """A key property (section 6.5)."""

    Alias = attribute("Alias")


class Key(Bound, name=QName(EDM, "Key")):
    """A key (section 6.5)."""

    refs = children(PropertyRef)


class Property(Named, Typed, name=QName(EDM, "Property")):
    """A structural property (section 7)."""

    DefaultValue = attribute("DefaultValue")
    annotations = children(Annotation)


class ReferentialConstraint(Bound, name=QName(EDM, "ReferentialConstraint")):
    """Two properties that are always equal (section 8.5)."""

    Property = attribute("Property", required=True)
    ReferencedProperty = attribute("ReferencedProperty", required=True)
    annotations = children(Annotation)


class OnDelete(Bound, name=QName(EDM, "OnDelete")):
    """What happens to the related entities (section 8.6)."""

    Action = attribute("Action", type=one_of("Cascade", "None", "SetNull", "SetDefault"), required=True)
    annotations = children(Annotation)


class NavigationProperty(Named, name=QName(EDM, "NavigationProperty")):
    """A navigation property (section 8)."""

    Type = attribute("Type", required=True)
    Nullable = attribute("Nullable", type=boolean)
    Partner = attribute("Partner")
    ContainsTarget = attribute("ContainsTarget", type=boolean, default=False)
    constraints = children(ReferentialConstraint)
    on_delete = child(OnDelete)
    annotations = children(Annotation)


class Structured(Named):
    """What complex and entity types have in common."""

    BaseType = attribute("BaseType")
    Abstract = attribute("Abstract", type=boolean, default=False)
    OpenType = attribute("OpenType", type=boolean, default=False)


class ComplexType(Structured, name=QName(EDM, "ComplexType")):
    """A complex type (section 9)."""

    properties = children(Property)
    navigation = children(NavigationProperty)
    annotations = children(Annotation)


class EntityType(Structured, name=QName(EDM, "EntityType")):
    """An entity type (section 6)."""

    HasStream = attribute("HasStream", type=boolean, default=False)
    key = child(Key)
    properties = children(Property)
    navigation = children(NavigationProperty)
    annotations = children(Annotation)


class Member(Named, name=QName(EDM, "Member")):
    """A member of an enumeration (section 10.3)."""

    Value = attribute("Value", type=integer)
    annotations = children(Annotation)


class EnumType(Named, name=QName(EDM, "EnumType")):
    """An enumeration (section 10)."""

    UnderlyingType = attribute("UnderlyingType", default="Edm.Int32")
    IsFlags = attribute("IsFlags", type=boolean, default=False)
    members = children(Member)
    annotations = children(Annotation)


class TypeDefinition(Named, Faceted, name=QName(EDM, "TypeDefinition")):
    """A type definition (section 11)."""

    UnderlyingType = attribute("UnderlyingType", required=True)
    annotations = children(Annotation)


class Term(Named, Typed, name=QName(EDM, "Term")):
    """A term (section 14.1)."""

    BaseTerm = attribute("BaseTerm")
    DefaultValue = attribute("DefaultValue")
    AppliesTo = attribute("AppliesTo", type=names)
    annotations = children(Annotation)
