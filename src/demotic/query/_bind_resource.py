"""From a resource path to what it addresses. OData URL Conventions 4.01, section 4.

A path is followed by its type in any case, as in expressions; the source that stores read from is kept as long as they
can follow. What leaves it is checked to its end and noted as not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from demotic.errors import NotFound
from demotic.model import (
    STREAM,
    EntityType,
    NavigationProperty,
    StructuredType,
    is_default_namespace,
)
from demotic.query._addressed import BoundPath, Target, entities
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_invocations import Conditions, Invocations
from demotic.query._bind_places import derives, place_of
from demotic.query._errors import KeyMismatch, UnknownResource, choices
from demotic.query._resolved import Along, Beyond, Filtered, Source, Variable
from demotic.query._shapes import of_type
from demotic.query._tree import ResourcePath, Segment

_DOCUMENTS: Final = {"$metadata": Target.METADATA, "$batch": Target.BATCH, "$all": Target.ALL, "$entity": Target.BY_ID}


def bind_resource(context: Context, path: ResourcePath, condition: Conditions) -> BoundPath:
    """Bind a resource path; `condition` binds that of ``/$filter()``.

    Raises `UnknownResource` for a segment that leads nowhere, and `KeyMismatch` for a key of another form than the
    type's; notes what is meaningful but not offered.
    """
    context.limits.check("path_segments", len(path.segments), target=context.option)
    if not path.segments:
        return BoundPath(Target.SERVICE)
    first, *rest = path.segments
    walk = _Walk(context, condition)
    bound = walk.enter(first)
    for segment in rest:
        if not bound.composable:
            raise UnknownResource(f"nothing can follow an operation that does not compose, not {segment.name}")
        bound = _carried(_STEPS[bound.target](walk, bound, segment), bound)
    return bound


def _carried(further: BoundPath, before: BoundPath) -> BoundPath:
    """Return what a path leads to with the call that it came by."""
    if further.invocation is None and before.invocation is not None:
        return replace(further, invocation=before.invocation)
    return further


class _Walk(Invocations):
    """Follows the segments of one path."""

    def enter(self, segment: Segment) -> BoundPath:
        """Bind the first segment."""
        name, container = segment.name, self.container
        if name in _DOCUMENTS and segment.key is None:
            target = _DOCUMENTS[name]
            if target is not Target.METADATA:
                self.context.beyond(name, name)
            return BoundPath(target, place=Beyond(None, target is Target.ALL))
        if name == "$crossjoin":
            for item in segment.sets:
                if item not in container.sets:
                    raise self.unknown_set(item)
            self.context.beyond(name, name)
            return BoundPath(Target.CROSSJOIN, place=Beyond(None, True))
        if (entity_set := container.sets.get(name)) is not None:
            return self.keyed(entities(entity_set.type, True, Source(entity_set)), segment)
        if (singleton := container.singletons.get(name)) is not None:
            return self.keyed(self.beyond(entities(singleton.type, False, None), name, name), segment)
        if (imported := container.imports.get(name)) is not None:
            found = self.context.model.find(imported.operation)
            return self.operation(segment, found if isinstance(found, list) else [], imported)
        raise self.unknown_set(name)

    def unknown_set(self, name: str) -> UnknownResource:
        container = self.container
        known = [*container.sets, *container.singletons, *container.imports]
        return UnknownResource(f"there is no entity set {name}", target=name, hint=choices(name, known))

    def special(self, bound: BoundPath, segment: Segment) -> BoundPath | None:
        """Follow ``$query``, or a qualified name: a cast or an operation. Return ``None`` for anything else."""
        if segment.name == "$query":
            self.context.beyond("$query", segment.name)
            return replace(bound, target=Target.QUERY)
        if "." not in segment.name:
            return None
        try:
            found = self.context.model.find(segment.name)
        except NotFound:
            return None
        if isinstance(found, list):
            return self.bound_operation(bound, segment)
        kind = bound.place.of
        if not isinstance(found, StructuredType) or not isinstance(kind, StructuredType):
            return None
        if bound.was_cast or not derives(found, kind):
            raise UnknownResource(
                f"{kind.qualified_name} cannot be cast to {segment.name}",
                target=segment.name,
                hint="a cast leads to a derived type, and is given once",
            )
        entity = found if isinstance(found, EntityType) else None
        if found is not kind and entity is not None and bound.source is not None:
            narrowed = (*bound.source.steps, of_type(self.context.model, entity))
            bound = replace(bound, source=replace(bound.source, steps=narrowed))
        elif found is not kind:
            bound = self.beyond(bound, f"the cast to {segment.name}", segment.name)
        bound = replace(bound, place=replace(bound.place, of=found), type=entity or bound.type, was_cast=True)
        if segment.key is not None and bound.target is not Target.COLLECTION:
            raise KeyMismatch(f"{segment.name} takes no key here", target=segment.name)
        return replace(self.keyed(bound, segment), was_cast=segment.key is None)

    def unqualified(self, bound: BoundPath, segment: Segment) -> BoundPath | None:
        """Follow the name of an operation or a type in a default namespace (the term Core.DefaultNamespace)."""
        if "." in segment.name or segment.name.startswith("$"):
            return None
        for schema in self.context.model.schemas.values():
            known = segment.name in schema.operations or segment.name in schema.types
            if known and is_default_namespace(schema):
                found = self.special(bound, replace(segment, name=f"{schema.namespace}.{segment.name}"))
                if found is not None:
                    return found
        return None

    def from_collection(self, bound: BoundPath, segment: Segment) -> BoundPath:
        name = segment.name
        if name == "$count" and segment.key is None:
            return replace(bound, target=Target.COUNT)
        if name == "$ref" and segment.key is None:
            return replace(bound, target=Target.REFERENCES)
        if name == "$filter" and segment.filter is not None:
            assert bound.type is not None
            start = Variable("$it", 0, bound.type)
            condition = self.condition(self.context, segment.filter, Scope.of(start))
            source = bound.source
            if source is not None:
                source = Source(source.set, (*source.steps, Filtered(start, condition)))
            return self.keyed(replace(bound, source=source), segment)
        if name == "$each":
            return self.beyond(bound, "/$each", name)
        found = self.special(bound, segment)
        if found is not None:
            return found
        kind = bound.type
        assert kind is not None
        if name in kind.all_properties() or name in kind.all_navigation():
            raise UnknownResource(
                f"{name} belongs to one entity, and the path names a collection before it",
                target=name,
                hint=f"name one by its key, ({', '.join(item.name for item in kind.key)})",
            )
        found = self.unqualified(bound, segment)
        if found is not None:
            return found
        raise UnknownResource(f"a collection has nothing called {name}", target=name)

    def from_entity(self, bound: BoundPath, segment: Segment) -> BoundPath:
        kind = bound.type
        assert kind is not None
        if segment.name == "$value":
            if not any(isinstance(item, EntityType) and item.has_stream for item in kind.lineage()):
                raise UnknownResource(f"{kind.qualified_name} has no media stream", target=segment.name)
            return replace(bound, target=Target.MEDIA)
        if segment.name == "$ref" and segment.key is None:
            return replace(bound, target=Target.REFERENCE)
        found = self.special(bound, segment)
        if found is not None:
            return found
        navigation = kind.all_navigation().get(segment.name)
        if navigation is not None:
            return self.along(bound, navigation, segment)
        if segment.name not in kind.all_properties():
            found = self.unqualified(bound, segment)
            if found is not None:
                return found
        return self.property(bound, kind, segment)

    def along(self, bound: BoundPath, navigation: NavigationProperty, segment: Segment) -> BoundPath:
        source = bound.source
        further = None if source is None else Source(source.set, (*source.steps, Along(navigation)))
        place = entities(navigation.target, navigation.collection, further)
        if navigation.collection:
            known = {theirs.name for _, theirs in navigation.constraints}
            if navigation.partner is not None:
                known |= {own.name for own, _ in navigation.partner.constraints}
            return self.keyed(place, segment, frozenset(known))
        if segment.key is not None:
            raise KeyMismatch(f"{navigation.name} leads to one entity and takes no key", target=segment.name)
        return place

    def property(self, bound: BoundPath, kind: StructuredType, segment: Segment) -> BoundPath:
        known = kind.all_properties()
        found = known.get(segment.name)
        if found is None and kind.open and not segment.name.startswith("$") and segment.key is None:
            bound = self.beyond(bound, f"{segment.name}, a dynamic property,", segment.name)
            return replace(bound, target=Target.PROPERTY, place=Beyond(None), properties=(), was_cast=False)
        if found is None:
            names = [*known, *kind.all_navigation()]
            raise UnknownResource(
                f"{kind.qualified_name} has no property {segment.name}",
                target=segment.name,
                hint=choices(segment.name, names),
            )
        if segment.key is not None:
            raise KeyMismatch(f"{segment.name} is a property and takes no key", target=segment.name)
        place = place_of(found.type, found.collection)
        return BoundPath(Target.PROPERTY, bound.source, bound.type, (*bound.properties, found), place)

    def from_property(self, bound: BoundPath, segment: Segment) -> BoundPath:
        place = bound.place
        name = bound.properties[-1].name if bound.properties else "this"
        if segment.name == "$value" and segment.key is None:
            stream = bool(bound.properties) and bound.properties[-1].type is STREAM
            if stream:
                hint = f"address {name} itself"
                raise UnknownResource(f"{name} is a stream, which is its own raw value", target=segment.name, hint=hint)
            if place.collection or place.of is not None:
                raise UnknownResource(f"{name} has no raw value, as it is not primitive", target=segment.name)
            return replace(bound, target=Target.VALUE)
        if place.collection and segment.name == "$count" and segment.key is None:
            return replace(bound, target=Target.COUNT)
        found = self.special(bound, segment)
        if found is not None:
            return found
        if place.collection and segment.key is None and segment.name.lstrip("-").isdigit():
            bound = self.beyond(bound, "a place in a collection", segment.name)
            return replace(bound, place=replace(place, collection=False))
        if isinstance(place.of, StructuredType) and not place.collection:
            navigation = place.of.all_navigation().get(segment.name)
            if navigation is not None:
                bound = self.beyond(bound, "navigation from within a complex property", segment.name)
                return self.along(bound, navigation, segment)
            return self.property(bound, place.of, segment)
        if place == Beyond(None) and segment.key is None:
            return bound
        raise UnknownResource(f"{name} has no parts, so {segment.name} cannot follow", target=segment.name)

    def from_all(self, bound: BoundPath, segment: Segment) -> BoundPath:
        """Follow the name of a type after ``$all`` or ``$entity``."""
        try:
            found = self.context.model.find(segment.name)
        except NotFound:
            found = None
        if not isinstance(found, EntityType) or segment.key is not None or bound.place.of is not None:
            raise UnknownResource(f"{segment.name} is no type of entities", target=segment.name)
        return replace(bound, type=found, place=replace(bound.place, of=found))

    def at_end(self, bound: BoundPath, segment: Segment) -> BoundPath:
        raise UnknownResource(f"nothing can follow {bound.target.value}, not {segment.name}", target=segment.name)


_STEPS: Final[Mapping[Target, Callable[[_Walk, BoundPath, Segment], BoundPath]]] = {
    **dict.fromkeys(Target, _Walk.at_end),
    Target.COLLECTION: _Walk.from_collection,
    Target.ENTITY: _Walk.from_entity,
    Target.PROPERTY: _Walk.from_property,
    Target.ALL: _Walk.from_all,
    Target.BY_ID: _Walk.from_all,
}
