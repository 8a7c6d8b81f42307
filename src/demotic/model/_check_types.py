"""Rules on types: that they are there, have the keys that they need, and values that they can have.

OData CSDL XML 4.01, sections 6, 7, 10 and 11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from demotic.errors import SyntaxFault
from demotic.model._check_walk import Findings, containers, structured
from demotic.model._errors import InvalidMetadataDocument, ModelConstraintError, ModelIncomplete
from demotic.model._facets import broken_facets
from demotic.model._find import schemas_in_reach
from demotic.model._schema import Model
from demotic.model._schema_children import (
    EDM_COMPLEX_TYPE,
    EDM_ENTITY_TYPE,
    EntityType,
    EnumType,
    Property,
    TypeDefinition,
)
from demotic.model._types import INTEGER_RANGES, BuiltinType, PrimitiveType

KEY_TYPES: Final = frozenset(
    ("Boolean", "Byte", "Date", "DateTimeOffset", "Decimal", "Duration", "Guid", "String", "TimeOfDay")
) | frozenset(INTEGER_RANGES)
"""What key properties may be of (section 6.5); enumerations and type definitions count as what they rest on."""


def base_loops(model: Model) -> Findings:
    for kind in structured(model):
        seen, above = {kind}, kind.base
        while above is not None and above not in seen:
            seen.add(above)
            above = above.base
        if above is not None:
            yield InvalidMetadataDocument("it is its own base type", target=kind.qualified_name)


def unknown_types(model: Model) -> Findings:
    known: set[object] = {kind for _, schema in schemas_in_reach(model) for kind in schema.types.values()}
    known |= {EDM_ENTITY_TYPE, EDM_COMPLEX_TYPE}
    for target, kind in _references(model):
        if not isinstance(kind, (PrimitiveType, BuiltinType)) and kind not in known:
            name = getattr(kind, "qualified_name", repr(kind))
            yield ModelIncomplete(f"its type {name} is not in the model", target=target)


def _references(model: Model) -> Iterator[tuple[str, object]]:
    """Yield every use of a type, and the type."""
    for kind in structured(model):
        if kind.base is not None:
            yield kind.qualified_name, kind.base
        for item in kind.properties.values():
            yield f"{kind.qualified_name}/{item.name}", item.type
        for way in kind.navigation.values():
            yield f"{kind.qualified_name}/{way.name}", way.target
    for scope, container in containers(model):
        for member in container.members().values():
            yield f"{scope}/{member.name}", member.type


def keys(model: Model) -> Findings:
    for kind in structured(model):
        if isinstance(kind, EntityType) and kind.own_key:
            if isinstance(kind.base, EntityType) and kind.base.key:
                yield InvalidMetadataDocument("a key, though its base type has one", target=kind.qualified_name)
            for item in kind.own_key:
                yield from _key_property(kind, item)
    for scope, container in containers(model):
        for member in container.sets.values():
            if not member.type.key and member.type is not EDM_ENTITY_TYPE:
                problem = f"its type {member.type.name} has no key, so that no entity can be addressed"
                yield ModelConstraintError(problem, target=f"{scope}/{member.name}")


def _key_property(kind: EntityType, item: Property) -> Findings:
    target = f"{kind.qualified_name}/{item.name}"
    if not kind.key_paths and kind.all_properties().get(item.name) is not item:
        yield ModelIncomplete(f"its key property {item.name} is not one of its properties", target=kind.qualified_name)
    if item.primitive is None or item.collection or item.primitive.name not in KEY_TYPES:
        yield InvalidMetadataDocument(
            f"a key property cannot be of {'a collection' if item.collection else item.type.qualified_name}",
            target=target,
            hint=f"it may be of {', '.join(sorted(KEY_TYPES))} or an enumeration",
        )
    if item.nullable:
        yield InvalidMetadataDocument("a key property cannot be null", target=target, hint="declare it not nullable")


def enumerations(model: Model) -> Findings:
    for schema in model.schemas.values():
        for kind in schema.types.values():
            if isinstance(kind, EnumType):
                yield from _enumeration(kind)


def _enumeration(kind: EnumType) -> Findings:
    if kind.underlying.name not in INTEGER_RANGES:
        problem = f"its underlying type {kind.underlying.qualified_name} is no integer type"
        yield InvalidMetadataDocument(problem, target=kind.qualified_name)
        return
    if not kind.members:
        yield InvalidMetadataDocument("it has no members", target=kind.qualified_name)
    least, greatest = INTEGER_RANGES[kind.underlying.name]
    if kind.is_flags:
        least = 0
    for name, value in kind.members.items():
        if not least <= value <= greatest:
            problem = f"its value {value} is outside {least} to {greatest}"
            yield InvalidMetadataDocument(problem, target=f"{kind.qualified_name}/{name}")


def facets(model: Model) -> Findings:
    for schema in model.schemas.values():
        for definition in schema.types.values():
            if isinstance(definition, TypeDefinition):
                for problem in broken_facets(definition.facets, definition.underlying):
                    yield InvalidMetadataDocument(problem, target=definition.qualified_name)
    for kind in structured(model):
        for item in kind.properties.values():
            for problem in broken_facets(item.facets, item.primitive):
                yield InvalidMetadataDocument(problem, target=f"{kind.qualified_name}/{item.name}")


def defaults(model: Model) -> Findings:
    for kind in structured(model):
        for item in kind.properties.values():
            problem = None if item.default is None else _wrong_default(item, item.default)
            if problem:
                yield InvalidMetadataDocument(problem, target=f"{kind.qualified_name}/{item.name}")


def _wrong_default(item: Property, text: str) -> str | None:
    if isinstance(item.type, EnumType):
        unknown = [name for name in text.split(",") if name not in item.type.members and not name.lstrip("-").isdigit()]
        return f"its default value {unknown[0]!r} is no member of {item.type.name}" if unknown else None
    if item.primitive is None or item.collection:
        return "only a single primitive value can have a default"
    try:
        item.primitive.parse(text)
    except SyntaxFault as fault:
        return f"its default value {text!r} is wrong, {fault}"
    return None
