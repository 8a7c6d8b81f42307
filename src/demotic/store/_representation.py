"""Native values into the representation that a form asks for, by the columns of the primitive type table.

Enumerations travel as member names, as OData JSON Format 4.01, section 7.1 has it; complex values as objects,
collections as lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

from demotic.model import TYPE_KEY, EnumType, PrimitiveType, Property, StructuredType, heirs_of, without_type
from demotic.store._interface import Representation

Convert: TypeAlias = Callable[[Any], Any]


def converter(property: Property, representation: Representation) -> Convert | None:
    """Return what turns a native value of ``property`` (not null) into the representation, ``None`` for no change."""
    if representation is Representation.NATIVE:
        return None
    single = _single(property, representation)
    if not property.collection or single is None:
        return single
    return lambda items: [None if item is None else single(item) for item in items]


def _single(property: Property, representation: Representation) -> Convert | None:
    if isinstance(property.type, EnumType):
        return property.type.text
    if isinstance(property.type, StructuredType):
        return _structured(property.type, representation)
    primitive = property.primitive
    return _primitive(primitive, representation) if primitive is not None else None


def _primitive(primitive: PrimitiveType, representation: Representation) -> Convert | None:
    return primitive.json_exact if representation is Representation.JSON_EXACT else primitive.json


def _structured(kind: StructuredType, representation: Representation) -> Convert:
    @cache
    def parts() -> Mapping[str, Convert | None]:  # once there is a value, for a type may contain itself
        return {name: converter(item, representation) for name, item in kind.all_properties().items()}

    @cache
    def heirs() -> Mapping[str, Convert]:
        return {item.qualified_name: _structured(item, representation) for item in heirs_of(kind)}

    def convert_told(value: Mapping[str, Any]) -> dict[str, Any]:
        said = value.get(TYPE_KEY, "")
        return {TYPE_KEY: said, **heirs()[said](without_type(value))} if said in heirs() else convert(value)

    def convert(value: Mapping[str, Any]) -> dict[str, Any]:
        known = parts()
        return {
            name: item if item is None or (part := known.get(name)) is None else part(item)
            for name, item in value.items()
        }

    return convert_told if heirs_of(kind) else convert
