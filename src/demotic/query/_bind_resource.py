"""From a resource path to what it addresses. OData URL Conventions 4.01, section 4."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from demotic.errors import DemoticError, Unsupported
from demotic.model import (
    INT64,
    ComplexType,
    EntityContainer,
    EntityType,
    EnumType,
    NavigationProperty,
    PrimitiveType,
    Property,
)
from demotic.query._bind_context import Context
from demotic.query._bind_values import convert, fits_range
from demotic.query._errors import KeyMismatch, UnknownResource, choices
from demotic.query._resolved import Along, ByKey, Parameter, Source
from demotic.query._tree import Alias, KeyPredicate, Literal, LiteralKind, ResourcePath, Segment


class Target(Enum):
    """What a resource path addresses."""

    SERVICE = "the service document"
    METADATA = "the metadata document"
    COLLECTION = "a collection of entities"
    ENTITY = "one entity"
    PROPERTY = "a property"
    VALUE = "the raw value of a property"
    COUNT = "a number of entities"


@dataclass(frozen=True, slots=True)
class BoundPath:
    """What a resource path addresses.

    ``source`` leads to the entities, ``type`` is theirs; both are ``None`` for the two documents. ``properties`` is the
    way from the entity to a PROPERTY or VALUE, through complex properties.
    """

    target: Target
    source: Source | None = None
    type: EntityType | None = None
    properties: tuple[Property, ...] = ()


_DOCUMENTS: Final = {"$metadata": Target.METADATA}
_NOT_OFFERED: Final = ("$batch", "$all", "$entity", "$crossjoin", "$ref", "$filter", "$each", "$query")


def bind_resource(context: Context, path: ResourcePath) -> BoundPath:
    """Bind a resource path.

    Raises `UnknownResource` for a segment that leads nowhere, `KeyMismatch` for a key of another form than the type's,
    `Unsupported` for what is meaningful but not offered.
    """
    context.limits.check("path_segments", len(path.segments), target=context.option)
    if not path.segments:
        return BoundPath(Target.SERVICE)
    first, *rest = path.segments
    if first.name in _DOCUMENTS and not rest and first.key is None:
        return BoundPath(_DOCUMENTS[first.name])
    bound = _enter(context, first)
    for segment in rest:
        bound = _STEPS[bound.target](context, bound, segment)
    return bound


def _enter(context: Context, segment: Segment) -> BoundPath:
    """Bind the first segment: an entity set."""
    container = context.model.container or EntityContainer("")
    entity_set = container.sets.get(segment.name)
    if entity_set is not None:
        return _keyed(context, BoundPath(Target.COLLECTION, Source(entity_set), entity_set.type), segment)
    if segment.name in container.singletons or segment.name in container.imports or segment.name in _NOT_OFFERED:
        raise Unsupported(f"{segment.name} is not offered", target=segment.name)
    raise UnknownResource(
        f"there is no entity set {segment.name}", target=segment.name, hint=choices(segment.name, container.sets)
    )


def _from_collection(context: Context, bound: BoundPath, segment: Segment) -> BoundPath:
    if segment.name == "$count" and segment.key is None:
        return BoundPath(Target.COUNT, bound.source, bound.type)
    _refuse_special(segment)
    assert bound.source is not None and bound.type is not None
    known = {**bound.type.all_properties(), **bound.type.all_navigation()}
    if segment.name in known:
        raise UnknownResource(
            f"{segment.name} belongs to one entity, and the path names a collection before it",
            target=segment.name,
            hint=f"name one by its key, ({', '.join(item.name for item in bound.type.key)})",
        )
    raise UnknownResource(f"a collection has nothing called {segment.name}", target=segment.name)


def _from_entity(context: Context, bound: BoundPath, segment: Segment) -> BoundPath:
    assert bound.source is not None and bound.type is not None
    if segment.name == "$value":
        raise UnknownResource(f"{bound.type.qualified_name} has no media stream", target=segment.name)
    _refuse_special(segment)
    navigation = bound.type.all_navigation().get(segment.name)
    if navigation is not None:
        return _along(context, bound.source, navigation, segment)
    return _property(bound, bound.type.all_properties(), bound.type.qualified_name, segment)


def _along(context: Context, source: Source, navigation: NavigationProperty, segment: Segment) -> BoundPath:
    further = Source(source.set, (*source.steps, Along(navigation)))
    if navigation.collection:
        return _keyed(context, BoundPath(Target.COLLECTION, further, navigation.target), segment)
    if segment.key is not None:
        raise KeyMismatch(f"{navigation.name} leads to one entity and takes no key", target=segment.name)
    return BoundPath(Target.ENTITY, further, navigation.target)


def _property(bound: BoundPath, known: Mapping[str, Property], owner: str, segment: Segment) -> BoundPath:
    found = known.get(segment.name)
    if found is None:
        names = [*known, *(bound.type.all_navigation() if bound.type and not bound.properties else ())]
        raise UnknownResource(
            f"{owner} has no property {segment.name}", target=segment.name, hint=choices(segment.name, names)
        )
    if segment.key is not None:
        raise KeyMismatch(f"{segment.name} is a property and takes no key", target=segment.name)
    return BoundPath(Target.PROPERTY, bound.source, bound.type, (*bound.properties, found))


def _from_property(context: Context, bound: BoundPath, segment: Segment) -> BoundPath:
    last = bound.properties[-1]
    if segment.name == "$value" and segment.key is None:
        if last.collection or last.primitive is None:
            raise UnknownResource(f"{last.name} has no raw value, as it is not primitive", target=segment.name)
        return BoundPath(Target.VALUE, bound.source, bound.type, bound.properties)
    if segment.name == "$count" and last.collection:
        raise Unsupported("$count of a collection of values is not offered", target=segment.name)
    _refuse_special(segment)
    if isinstance(last.type, ComplexType) and not last.collection:
        if segment.name in last.type.all_navigation():
            raise Unsupported("navigation from within a complex property is not offered", target=segment.name)
        return _property(bound, last.type.all_properties(), last.type.qualified_name, segment)
    raise UnknownResource(f"{last.name} has no parts, so {segment.name} cannot follow", target=segment.name)


def _at_end(context: Context, bound: BoundPath, segment: Segment) -> BoundPath:
    raise UnknownResource(f"nothing can follow {bound.target.value}, not {segment.name}", target=segment.name)


_STEPS: Final[Mapping[Target, Callable[[Context, BoundPath, Segment], BoundPath]]] = {
    Target.COLLECTION: _from_collection,
    Target.ENTITY: _from_entity,
    Target.PROPERTY: _from_property,
    Target.VALUE: _at_end,
    Target.COUNT: _at_end,
}


def _refuse_special(segment: Segment) -> None:
    if segment.name in _NOT_OFFERED or "." in segment.name:
        raise Unsupported(f"{segment.name} is not offered in paths", target=segment.name)
    if segment.name.startswith("$"):
        raise UnknownResource(f"{segment.name} cannot follow here", target=segment.name)


def _keyed(context: Context, bound: BoundPath, segment: Segment) -> BoundPath:
    """Narrow a collection by the segment's key, if it has one."""
    if segment.key is None:
        return bound
    assert bound.source is not None and bound.type is not None
    parts = _key_parts(bound.type, segment.key, segment.name)
    key = tuple(_key_value(context, item, part) for item, part in zip(bound.type.key, parts, strict=True))
    return BoundPath(Target.ENTITY, Source(bound.source.set, (*bound.source.steps, ByKey(key))), bound.type)


def _key_parts(type: EntityType, key: KeyPredicate, name: str) -> list[Literal | Alias]:
    """Return the key's values in the order of the type's key."""
    wanted = [item.name for item in type.key]
    form = f"({wanted[0]} alone, without a name)" if len(wanted) == 1 else f"({', '.join(f'{n}=...' for n in wanted)})"
    if key.positional is not None:
        if len(wanted) != 1:
            raise KeyMismatch(f"the key of {name} has {len(wanted)} parts", target=name, hint=f"write {form}")
        return [key.positional]
    given = dict(key.named)
    if len(given) != len(key.named):
        raise KeyMismatch(f"the key of {name} names a part twice", target=name)
    if set(given) != set(wanted):
        raise KeyMismatch(
            f"the key of {name} is {', '.join(wanted)}, not {', '.join(given) or 'empty'}",
            target=name,
            hint=f"write {form}" if len(wanted) > 1 else f"write ({wanted[0]}=...) or the value alone",
        )
    return [given[item] for item in wanted]


def _key_value(context: Context, item: Property, part: Literal | Alias) -> Parameter:
    if isinstance(part, Alias):
        with context.alias(part.name, part.at) as meant:
            if isinstance(meant, Alias):
                return _key_value(context, item, meant)
            if not isinstance(meant, Literal):
                raise KeyMismatch(f"@{part.name}, the value of {item.name}, is no literal", target=context.option)
            return _key_literal(context, item, meant)
    return _key_literal(context, item, part)


def _key_literal(context: Context, item: Property, literal: Literal) -> Parameter:
    kind = item.type if isinstance(item.type, EnumType) else item.primitive
    if literal.kind is LiteralKind.NULL or not isinstance(kind, (PrimitiveType, EnumType)):
        raise KeyMismatch(f"{item.name} is part of a key and cannot be {literal.text}", target=context.option)
    try:
        value = convert(literal, kind)
    except DemoticError as fault:
        raise KeyMismatch(f"{item.name}: {fault.message}", target=context.option, hint=fault.hint) from None

    def check(number: object) -> None:
        if not fits_range(number, kind):
            raise UnknownResource(f"no {item.name} is {number}, which is outside its range", target=context.option)

    check(value)
    # Nothing is left to check where every whole number that can be read at all is in range.
    return context.parameter(literal, kind, None if kind is INT64 else check, value=value)
