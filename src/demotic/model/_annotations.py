"""Annotations: terms applied to model elements, and the values they take, constant or computed.

OData CSDL XML 4.01, sections 14.2 to 14.4. Names inside are qualified by namespace, never by alias. What an annotation
means is the business of whoever knows its term.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(eq=False, slots=True)
class Annotation:
    """A term applied to a model element (CSDL XML 4.01, section 14.2).

    ``term`` is qualified (``Org.OData.Core.V1.Description``); ``value`` is a constant (str, bool, int, float, Decimal,
    bytes, date, time, datetime, timedelta, UUID, None), a list, a `Record`, a `PathValue`, an `EnumValue` or a
    `Dynamic`.
    """

    term: str
    value: AnnotationValue = True
    qualifier: str | None = None
    annotations: list[Annotation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PathValue:
    """A path used as an annotation's value; ``kind`` is the CSDL element name, such as ``PropertyPath``."""

    path: str
    kind: str = "Path"


@dataclass(frozen=True, slots=True)
class EnumValue:
    """Enumeration members used as an annotation's value, qualified: ``NS.Type/Member``, several parted by blanks."""

    members: str


@dataclass(eq=False, slots=True)
class Record:
    """A structured annotation value: property values by name, and the qualified type name if one was stated."""

    values: dict[str, AnnotationValue] = field(default_factory=dict)
    type: str | None = None
    annotations: list[Annotation] = field(default_factory=list)
    value_annotations: dict[str, list[Annotation]] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Dynamic:
    """A value computed from others; ``kind`` is the CSDL element name, such as ``Eq``, ``If``, ``Apply`` or ``UrlRef``.

    ``attributes`` are the element's own: ``Function`` of Apply, ``Name`` of LabeledElement, ``Type`` and facets of Cast
    and IsOf. ``Null`` is of this class only if it is annotated; else the value is ``None``.
    """

    kind: str
    operands: list[AnnotationValue] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    annotations: list[Annotation] = field(default_factory=list)


AnnotationValue: TypeAlias = object
