"""The elements of annotations.

OData CSDL XML 4.01, section 14. `EXPRESSIONS` holds the classes of all annotation expressions by name; they differ in
no more than their name and the kind of their content.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from demotic import syntax
from demotic.model.csdl._names import CONSTANT_NAMES, OPERATOR_NAMES, PATH_NAMES, UNARY_NAMES
from demotic.model.csdl.elements._lexical import EDM, Faceted
from demotic.xml import Bound, Lexical, QName, attribute, boolean, children, integer, text


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


def keep_json(element: Annotation, value: object) -> None:
    """Keep what JSON said as a value until all types are known: they decide what a text means."""
    vars(element)["_json"] = value


def json_of(element: Annotation) -> object:
    """Return what `keep_json` kept."""
    return vars(element)["_json"]


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
