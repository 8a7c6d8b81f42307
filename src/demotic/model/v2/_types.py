"""The types of the EDM and what they are called in versions 2 and 3: the table of the projection.

[MC-CSDL], section 2.2.1; [MS-ODATA], section 2.2.2 (version 2); OData Version 3.0, section 6.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple, TypeAlias

from demotic.model._schema_children import (
    ComplexType,
    EntityType,
    EnumType,
    Parameter,
    Property,
    ReturnType,
    Term,
    TypeDefinition,
)
from demotic.model._types import PRIMITIVES, PrimitiveType
from demotic.model.v2._terms import UNZONED, stated

Typed: TypeAlias = Property | Parameter | ReturnType | Term


class Names(NamedTuple):
    """What a primitive type is called, by version; ``None`` means that it is left out."""

    v2: str | None
    v3: str | None


def _both(name: str) -> Names:
    return Names(name, name)


PRIMITIVE_NAMES: Final[Mapping[str, Names]] = {
    **{
        name: _both(f"Edm.{name}")
        for name in (
            *("Binary", "Boolean", "Byte", "DateTimeOffset", "Decimal", "Double", "Guid", "Int16", "Int32", "Int64"),
            *("SByte", "Single", "String"),
        )
    },
    "Date": _both("Edm.DateTime"),
    "Duration": _both("Edm.Time"),
    "TimeOfDay": _both("Edm.Time"),
    "Stream": Names(None, "Edm.Stream"),
    **{name: Names(None, f"Edm.{name}") for name in PRIMITIVES if name.startswith("Geo")},
}
"""Every primitive type by its name in version 4; what is of DateTimeOffset without a zone is of Edm.DateTime."""

ORIGINS: Final[Mapping[str, str]] = {"Edm.DateTime": "Edm.DateTimeOffset", "Edm.Time": "Edm.TimeOfDay"}
"""What a type that version 4 no longer has is read as."""


def type_name(item: Typed, version: str = "2.0") -> str | None:
    """Return what the type of a property, parameter or result is called in a version, without ``Collection(...)``.

    `None` means that it is left out there: of version 2 all that is of Stream, geographic or abstract types, and every
    collection of a property or parameter; of version 3 what is of abstract types.
    """
    if item.collection and version < "3" and not isinstance(item, ReturnType):
        return None
    kind = item.type
    if isinstance(kind, EnumType) and version >= "3":
        return kind.qualified_name
    if isinstance(kind, (EnumType, TypeDefinition)):
        kind = kind.underlying
    if isinstance(kind, PrimitiveType):
        if kind.name == "DateTimeOffset" and stated(item.annotations, UNZONED):
            return "Edm.DateTime"
        names = PRIMITIVE_NAMES[kind.name]
        return names.v3 if version >= "3" else names.v2
    if isinstance(kind, (ComplexType, EntityType)) and kind.namespace != "Edm":
        return kind.qualified_name
    return None


def is_within(item: Typed, namespaces: Collection[str]) -> bool:
    """Whether the type has its place in a document of these namespaces, as versions 2 and 3 refer to no other."""
    kind = item.type
    return not isinstance(kind, (ComplexType, EntityType, EnumType)) or kind.namespace in namespaces
