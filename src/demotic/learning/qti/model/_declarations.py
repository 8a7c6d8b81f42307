"""Declarations of variables: their types, defaults, correct responses, mappings and lookup tables.

Specification: QTI 3.0 ASI information model, section 2.5.
"""

from __future__ import annotations

from demotic.learning.qti.model._node import EMPTY, REQUIRED, TEXT, Node, attribute, many, one
from demotic.learning.qti.model._values import (
    BaseType,
    Cardinality,
    Shape,
    boolean,
    coordinates,
    double,
    ident,
    integer,
    member_of,
    token,
    views,
)
from demotic.learning.qti.model._version import Version

__all__ = [
    "AreaMapEntry", "AreaMapping", "ContextDeclaration", "CorrectResponse", "Declaration", "DefaultValue",
    "InterpolationTable", "InterpolationTableEntry", "LookupTable", "MapEntry", "Mapping", "MatchTable",
    "MatchTableEntry", "OutcomeDeclaration", "ResponseDeclaration", "TemplateDeclaration", "Value", "Values",
]  # fmt: skip

V20, V21, V22, V30 = Version.V2_0, Version.V2_1, Version.V2_2, Version.V3_0
BASE_TYPE = member_of(BaseType)


class Value(Node, tag="value", content=TEXT):
    """One value, as text; its type comes from the declaration unless it is a field of a record."""

    field_identifier = attribute(ident)
    base_type = attribute(BASE_TYPE)


class Values(Node):
    """Values that are given to a variable."""

    interpretation = attribute()
    values = many(Value, least=1)


class DefaultValue(Values, tag="default-value"):
    """What a variable holds at first."""


class CorrectResponse(Values, tag="correct-response"):
    """The correct value of a response variable."""


class MapEntry(Node, tag="map-entry", content=EMPTY):
    """One key of a mapping, and the number that it stands for."""

    map_key = attribute(required=True)
    mapped_value = attribute(double, required=True)
    case_sensitive = attribute(boolean, default=False, older={V20: True, V21: True}, since=V21)


class Mapping(Node, tag="mapping"):
    """Numbers for values."""

    lower_bound = attribute(double)
    upper_bound = attribute(double)
    default_value = attribute(double, default=0.0, older={V20: REQUIRED})
    entries = many(MapEntry, least=1)


class AreaMapEntry(Node, tag="area-map-entry", content=EMPTY):
    """One area, and the number that a point in it stands for."""

    shape = attribute(member_of(Shape), required=True)
    coords = attribute(coordinates, required=True)
    mapped_value = attribute(double, required=True)


class AreaMapping(Node, tag="area-mapping"):
    """Numbers for points."""

    lower_bound = attribute(double)
    upper_bound = attribute(double)
    default_value = attribute(double, default=0.0, older={V20: REQUIRED})
    entries = many(AreaMapEntry, least=1)


class LookupTable(Node):
    """A table that turns a number into another value."""

    default_value = attribute()


class MatchTableEntry(Node, tag="match-table-entry", content=EMPTY):
    """An integer and what it becomes."""

    source_value = attribute(integer, required=True)
    target_value = attribute(required=True)


class MatchTable(LookupTable, tag="match-table", since=V21):
    """A table of integers: the first entry that is equal counts."""

    entries = many(MatchTableEntry, least=1)


class InterpolationTableEntry(Node, tag="interpolation-table-entry", content=EMPTY):
    """The lower end of a range of numbers, and what they become."""

    source_value = attribute(double, required=True)
    include_boundary = attribute(boolean, default=True)
    target_value = attribute(required=True)


class InterpolationTable(LookupTable, tag="interpolation-table", since=V21):
    """A table of ranges: the first entry whose lower end is not above the number counts."""

    entries = many(InterpolationTableEntry, least=1)


class Declaration(Node):
    """What all declarations have."""

    identifier = attribute(ident, required=True)
    cardinality = attribute(member_of(Cardinality), required=True)
    base_type = attribute(BASE_TYPE)
    default_value = one(DefaultValue)


class ContextDeclaration(Declaration, tag="context-declaration", since=V30):
    """A variable that tells an item of its surroundings."""


class ResponseDeclaration(Declaration, tag="response-declaration"):
    """A variable that holds what the candidate answers."""

    correct_response = one(CorrectResponse)
    mapping = one(Mapping)
    area_mapping = one(AreaMapping)


class OutcomeDeclaration(Declaration, tag="outcome-declaration"):
    """A variable that response or outcome processing sets."""

    view = attribute(views, since=V21)
    interpretation = attribute()
    long_interpretation = attribute()
    normal_maximum = attribute(double)
    normal_minimum = attribute(double, since=V21)
    mastery_value = attribute(double, since=V21)
    external_scored = attribute(token, since=V22)
    variable_identifier_ref = attribute(ident, since=V22)
    lookup_table = one(LookupTable)


class TemplateDeclaration(Declaration, tag="template-declaration"):
    """A variable that makes the difference between the clones of an item."""

    param_variable = attribute(boolean, default=False, older={V20: REQUIRED})
    math_variable = attribute(boolean, default=False, older={V20: REQUIRED})
