"""The elements of CSDL XML as declarations: wire names and lexical types, and nothing else.

OData CSDL XML 4.01, sections 3 to 14, which reads and writes 4.0 as well. `EXPRESSIONS` holds the classes of all
annotation expressions by name; they differ in no more than their name and the kind of their content.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from demotic import syntax
from demotic.errors import SyntaxFault
from demotic.xml import Bound, Lexical, QName, attribute, boolean, child, children, integer, names, one_of, text

EDMX: Final = "http://docs.oasis-open.org/odata/ns/edmx"
EDM: Final = "http://docs.oasis-open.org/odata/ns/edm"


def _parse_max_length(value: str) -> int:
    return -1 if value.strip().lower() == "max" else syntax.parse_integer(value.strip(), 0)


def _parse_scale(value: str) -> int | str:
    word = value.strip().lower()
    return word if word in ("variable", "floating") else syntax.parse_integer(word, 0)


def _parse_srid(value: str) -> str:
    word = value.strip().lower()
    return word if word == "variable" else str(syntax.parse_integer(word, 0))


def _parse_non_negative(value: str) -> int:
    return syntax.parse_integer(value.strip(), 0)


def _parse_version(value: str) -> str:
    if value in ("4.0", "4.01"):
        return value
    raise SyntaxFault("'4.0' or '4.01'", value, 0, hint="other versions of CSDL are not read")


_max_length: Final = Lexical(_parse_max_length, lambda n: "max" if n < 0 else str(n), "a length or 'max'")
_scale: Final = Lexical(_parse_scale, str, "a number, 'variable' or 'floating'")
_srid: Final = Lexical(_parse_srid, str, "a number or 'variable'")
_version: Final = Lexical(_parse_version, str, "'4.0' or '4.01'")
_size: Final = Lexical(_parse_non_negative, str, "a non-negative integer")


class Named(Bound):
    """What has a name."""

    Name = attribute("Name", required=True)


class Faceted(Bound):
    """What has facets (section 7.2)."""

    MaxLength = attribute("MaxLength", type=_max_length)
    Precision = attribute("Precision", type=_size)
    Scale = attribute("Scale", type=_scale)
    Unicode = attribute("Unicode", type=boolean)
    SRID = attribute("SRID", type=_srid)


class Typed(Faceted):
    """What has a type; nullability unstated is `None`."""

    Type = attribute("Type", required=True)
    Nullable = attribute("Nullable", type=boolean)


# --- annotations (section 14)


class ValueHolder(Bound):
    """What may say its value in an attribute (section 14.3.13 onwards) or in a child element."""

    Binary = attribute("Binary", type=Lexical(syntax.parse_binary, syntax.format_binary, "base64url"))
    Bool = attribute("Bool", type=boolean)
    Date = attribute("Date", type=Lexical(syntax.parse_date, syntax.format_date, "a date"))
    DateTimeOffset = attribute(
        "DateTimeOffset",
        type=Lexical(syntax.parse_datetime_offset, syntax.format_datetime_offset, "a date and time with an offset"),
    )
    Decimal = attribute("Decimal", type=Lexical(syntax.parse_decimal, syntax.format_decimal, "a decimal"))
    Duration = attribute("Duration", type=Lexical(syntax.parse_duration, syntax.format_duration, "a duration"))
    EnumMember = attribute("EnumMember")
    Float = attribute("Float", type=Lexical(syntax.parse_double, syntax.format_double, "a number"))
    Guid = attribute("Guid", type=Lexical(syntax.parse_guid, syntax.format_guid, "a GUID"))
    Int = attribute("Int", type=integer)
    String = attribute("String")
    TimeOfDay = attribute(
        "TimeOfDay", type=Lexical(syntax.parse_time_of_day, syntax.format_time_of_day, "a time of day")
    )
    AnnotationPath = attribute("AnnotationPath")
    ModelElementPath = attribute("ModelElementPath")
    NavigationPropertyPath = attribute("NavigationPropertyPath")
    PropertyPath = attribute("PropertyPath")
    Path = attribute("Path")
    UrlRef = attribute("UrlRef")


VALUE_ATTRIBUTES: Final = tuple(name for name in vars(ValueHolder) if name[0].isupper())


class Expression(Bound):
    """Any annotation expression as an element."""


def _later(name: str) -> Callable[[], type[Expression]]:
    return lambda: EXPRESSIONS[name]


CONSTANT_NAMES: Final = VALUE_ATTRIBUTES[:12]
PATH_NAMES: Final = (*VALUE_ATTRIBUTES[12:17], "LabeledElementReference")
UNARY_NAMES: Final = ("Not", "Neg", "UrlRef")
OPERATOR_NAMES: Final = (
    *("And", "Or", "Eq", "Ne", "Gt", "Ge", "Lt", "Le", "Has", "In"),
    *("Add", "Sub", "Mul", "Div", "DivBy", "Mod", "If"),
)
_EVERY_EXPRESSION: Final = tuple(
    _later(name)
    for name in (
        *CONSTANT_NAMES,
        *PATH_NAMES,
        *UNARY_NAMES,
        *OPERATOR_NAMES,
        *("Apply", "Cast", "Collection", "IsOf", "LabeledElement", "Null", "Record"),
    )
)


class Annotation(ValueHolder, name=QName(EDM, "Annotation")):
    """A term applied (section 14.2)."""

    Term = attribute("Term", required=True)
    Qualifier = attribute("Qualifier")
    expressions = children(*_EVERY_EXPRESSION)
    annotations = children(lambda: Annotation)


class PropertyValue(ValueHolder, name=QName(EDM, "PropertyValue")):
    """A property of a record (section 14.4.9)."""

    Property = attribute("Property", required=True)
    expressions = children(*_EVERY_EXPRESSION)
    annotations = children(Annotation)


class Record(Expression, name=QName(EDM, "Record")):
    """A structured value (section 14.4.9)."""

    Type = attribute("Type")
    values = children(PropertyValue)
    annotations = children(Annotation)


class Operator(Expression):
    """An expression over others (section 14.4)."""

    expressions = children(*_EVERY_EXPRESSION)
    annotations = children(Annotation)


class Apply(Operator, name=QName(EDM, "Apply")):
    """A client-side function applied (section 14.4.2)."""

    Function = attribute("Function", required=True)


class Cast(Operator, Faceted, name=QName(EDM, "Cast")):
    """A value as another type (section 14.4.3)."""

    Type = attribute("Type", required=True)


class IsOf(Cast, name=QName(EDM, "IsOf")):
    """A test for a type (section 14.4.6)."""


class LabeledElement(Operator, ValueHolder, name=QName(EDM, "LabeledElement")):
    """An expression with a name (section 14.4.7)."""

    Name = attribute("Name", required=True)


def _constant(name: str) -> type[Expression]:
    kind: Lexical[object] = getattr(ValueHolder, name).type
    field = text() if name in ("String", "EnumMember") else text(type=kind)
    return type(name, (Expression,), {"value": field}, name=QName(EDM, name))


def _path(name: str) -> type[Expression]:
    return type(name, (Expression,), {"value": text()}, name=QName(EDM, name))


def _operator(name: str) -> type[Expression]:
    return type(name, (Operator,), {}, name=QName(EDM, name))


EXPRESSIONS: Final[dict[str, type[Expression]]] = {
    **{name: _constant(name) for name in CONSTANT_NAMES},
    **{name: _path(name) for name in PATH_NAMES},
    **{name: _operator(name) for name in (*UNARY_NAMES, *OPERATOR_NAMES, "Collection", "Null")},
    "Apply": Apply,
    "Cast": Cast,
    "IsOf": IsOf,
    "LabeledElement": LabeledElement,
    "Record": Record,
}


class Annotations(Bound, name=QName(EDM, "Annotations")):
    """Annotations apart from their target (section 14.2.1)."""

    Target = attribute("Target", required=True)
    Qualifier = attribute("Qualifier")
    annotations = children(Annotation)


# --- types (sections 6 to 11)


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


# --- operations (section 12)


class Parameter(Named, Typed, name=QName(EDM, "Parameter")):
    """A parameter (section 12.9)."""

    annotations = children(Annotation)


class ReturnType(Typed, name=QName(EDM, "ReturnType")):
    """What is returned (section 12.8)."""

    annotations = children(Annotation)


class Action(Named, name=QName(EDM, "Action")):
    """An overload of an action (section 12.2)."""

    IsBound = attribute("IsBound", type=boolean, default=False)
    EntitySetPath = attribute("EntitySetPath")
    parameters = children(Parameter)
    returns = child(ReturnType)
    annotations = children(Annotation)


class Function(Action, name=QName(EDM, "Function")):
    """An overload of a function (section 12.4)."""

    IsComposable = attribute("IsComposable", type=boolean, default=False)


# --- containers (section 13)


class NavigationPropertyBinding(Bound, name=QName(EDM, "NavigationPropertyBinding")):
    """Where a navigation property leads (section 13.4)."""

    Path = attribute("Path", required=True)
    Target = attribute("Target", required=True)


class EntitySet(Named, name=QName(EDM, "EntitySet")):
    """An entity set (section 13.2)."""

    EntityType = attribute("EntityType", required=True)
    IncludeInServiceDocument = attribute("IncludeInServiceDocument", type=boolean, default=True)
    bindings = children(NavigationPropertyBinding)
    annotations = children(Annotation)


class Singleton(Named, name=QName(EDM, "Singleton")):
    """A singleton (section 13.3)."""

    Type = attribute("Type", required=True)
    Nullable = attribute("Nullable", type=boolean, default=False)
    bindings = children(NavigationPropertyBinding)
    annotations = children(Annotation)


class ActionImport(Named, name=QName(EDM, "ActionImport")):
    """An action import (section 13.5)."""

    Action = attribute("Action", required=True)
    EntitySet = attribute("EntitySet")
    annotations = children(Annotation)


class FunctionImport(Named, name=QName(EDM, "FunctionImport")):
    """A function import (section 13.6)."""

    Function = attribute("Function", required=True)
    EntitySet = attribute("EntitySet")
    IncludeInServiceDocument = attribute("IncludeInServiceDocument", type=boolean, default=False)
    annotations = children(Annotation)


class EntityContainer(Named, name=QName(EDM, "EntityContainer")):
    """An entity container (section 13)."""

    Extends = attribute("Extends")
    sets = children(EntitySet)
    singletons = children(Singleton)
    imports = children(ActionImport, FunctionImport)
    annotations = children(Annotation)


# --- documents (sections 3 to 5)


class Schema(Bound, name=QName(EDM, "Schema")):
    """A schema (section 5)."""

    Namespace = attribute("Namespace", required=True)
    Alias = attribute("Alias")
    types = children(EnumType, TypeDefinition, ComplexType, EntityType)
    operations = children(Action, Function)
    terms = children(Term)
    containers = children(EntityContainer)
    external = children(Annotations)
    annotations = children(Annotation)


class Include(Bound, name=QName(EDMX, "Include")):
    """A namespace taken from another document (section 4.2)."""

    Namespace = attribute("Namespace", required=True)
    Alias = attribute("Alias")
    annotations = children(Annotation)


class IncludeAnnotations(Bound, name=QName(EDMX, "IncludeAnnotations")):
    """Annotations taken from another document (section 4.3)."""

    TermNamespace = attribute("TermNamespace", required=True)
    Qualifier = attribute("Qualifier")
    TargetNamespace = attribute("TargetNamespace")


class Reference(Bound, name=QName(EDMX, "Reference")):
    """A reference to another document (section 4.1)."""

    Uri = attribute("Uri", required=True)
    includes = children(Include)
    include_annotations = children(IncludeAnnotations)
    annotations = children(Annotation)


class DataServices(Bound, name=QName(EDMX, "DataServices")):
    """The schemas (section 3.2)."""

    schemas = children(Schema)


class Edmx(Bound, name=QName(EDMX, "Edmx")):
    """A document (section 3.1)."""

    Version = attribute("Version", type=_version, required=True)
    references = children(Reference)
    services = child(DataServices, required=True)
