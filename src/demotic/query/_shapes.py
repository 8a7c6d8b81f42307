"""Types and those derived from them, in questions: what a cast lets pass, and what is delivered of each type.

OData URL Conventions 4.01, section 4.11; OData Protocol 4.01, section 11.2.4. A type that none is derived from has no
shapes, so that nothing is different for it.
"""

from __future__ import annotations

from collections.abc import Callable

from demotic.model import STREAM, EntityType, Model, NavigationProperty, Property, StructuredType
from demotic.query._resolved import OfType, Part, Query, Shape, Variable, Via


def of_type(model: Model, kind: EntityType) -> OfType:
    """Return the cast to a type."""
    return OfType(kind, tuple(item for item in (kind, *model.heirs(kind)) if not item.abstract))


def shaped(
    model: Model, kind: EntityType, shape: Callable[[EntityType], Shape]
) -> tuple[tuple[Property, ...], tuple[Part, ...], tuple[Shape, ...]]:
    """Return the properties to deliver of entities of a type, whole and in part, and the shapes if there are several.

    One that comes whole of some and in part of others comes as both.
    """
    if not model.heirs(kind):
        only = shape(kind)
        return only.properties, only.parts, ()
    shapes = tuple(map(shape, of_type(model, kind).types))
    properties = dict.fromkeys(item for shape in shapes for item in shape.properties)
    return tuple(properties), tuple(dict.fromkeys(item for shape in shapes for item in shape.parts)), shapes


def default_properties(type: StructuredType) -> tuple[Property, ...]:
    """Return the properties delivered without ``$select``: all but streams."""
    return tuple(item for item in type.all_properties().values() if item.type is not STREAM)


def whole_query(model: Model, kind: EntityType) -> Query:
    """Return the query for whole entities of a type, and those derived from it: all but streams."""
    properties, _, shapes = shaped(model, kind, lambda item: Shape(item, default_properties(item)))
    return Query(kind, Variable("$it", 0, kind), properties, shapes=shapes)


def type_at(variable: Variable, via: Via) -> EntityType:
    """Return the type of what a way leads to."""
    if not via:
        assert isinstance(variable.type, EntityType)
        return variable.type
    last = via[-1]
    return last.target if isinstance(last, NavigationProperty) else last.type
