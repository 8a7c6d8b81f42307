"""One model as versions 1 to 3 have it: what is there, under which types, and how it is related.

See the package for the rules. A projection is worked out when it is first asked, and never changes its model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from demotic.model._errors import NotFoundInModel
from demotic.model._schema import EntityContainer, EntitySet, Model
from demotic.model._schema_children import (
    ComplexType,
    EntityType,
    NavigationProperty,
    Property,
    StructuredType,
)
from demotic.model.v2._associations import Association, AssociationSet, End, Relationship
from demotic.model.v2._declared import declared_associations, declared_sets
from demotic.model.v2._functions import FunctionImport, function_imports
from demotic.model.v2._relations import joined
from demotic.model.v2._synthesis import Start, Way, synthesised
from demotic.model.v2._types import Typed, is_within, type_name
from demotic.syntax.uri import parse_uri


class Projection:
    """A model as callers of version ``"2.0"`` or ``"3.0"`` see it."""

    def __init__(self, model: Model, version: str = "2.0") -> None:
        self.model = model
        self.version = version

    # --- containers

    @property
    def container(self) -> EntityContainer | None:
        """The default container: the one whose sets are addressed by their bare names."""
        return self.model.container

    @cached_property
    def containers(self) -> dict[str, EntityContainer]:
        """All containers by name, the default one first."""
        found = [c for schema in self.model.schemas.values() for c in schema.containers()]
        return {item.name: item for item in sorted(found, key=lambda item: item is not self.container)}

    @cached_property
    def sets(self) -> dict[str, EntitySet]:
        """The entity sets by the name that a URL has: those of the default container, others as ``Container.Set``."""
        return {self._exposed(s.name, c): s for c in self.containers.values() for s in self.sets_of(c)}

    def sets_of(self, container: EntityContainer) -> list[EntitySet]:
        """Return the entity sets of a container: those whose keys can be said."""
        return [item for item in container.sets.values() if self._has_key(item.type)]

    def _has_key(self, kind: EntityType) -> bool:
        properties = self.properties(kind)
        return bool(kind.key) and all(properties.get(item.name) is item for item in kind.key)

    def base(self, kind: EntityType) -> EntityType | None:
        """Return the base type, if it is in the same document: others cannot be referred to."""
        above = kind.base
        return above if isinstance(above, EntityType) and above.namespace in self.model.schemas else None

    def own_properties(self, kind: EntityType) -> dict[str, Property]:
        """Return the properties that a document states with a type: its own, or all if it states no base type."""
        return self.properties(kind, inherited=self.base(kind) is None)

    def own_key(self, kind: EntityType) -> tuple[Property, ...]:
        """Return the key that a document states with a type; one that goes through other properties cannot be."""
        key = kind.key if self.base(kind) is None else kind.own_key
        properties = self.properties(kind)
        return key if all(properties.get(item.name) is item for item in key) else ()

    @cached_property
    def functions(self) -> dict[str, FunctionImport]:
        """The function imports by the name that a URL has. Bound ones of version 3 have none."""
        return {
            self._exposed(item.name, container): item
            for container in self.containers.values()
            for item in self.functions_of(container)
            if not item.bound
        }

    def functions_of(self, container: EntityContainer) -> list[FunctionImport]:
        """Return the function imports of a container, bound ones included."""
        return list(function_imports(self.model, container, self.version))

    def resource(self, name: str) -> EntitySet | FunctionImport:
        """Return what a URL calls ``Set`` or ``Container.Set``. Raises `NotFoundInModel`.

        The container must be named unless it is the default one, and then it must not be.
        """
        found = self.sets.get(name) or self.functions.get(name)
        if found is None:
            raise NotFoundInModel(f"there is no entity set and no function called {name}", target=name)
        return found

    def location(self, name: str) -> str:
        """Return the address of what a URL calls so, relative where the document does not say its own address."""
        self.resource(name)
        return name if self.model.base is None else str(parse_uri(self.model.base).resolve(parse_uri(name)))

    def _exposed(self, name: str, container: EntityContainer) -> str:
        return name if container is self.container else f"{container.name}.{name}"

    # --- types

    def properties(self, kind: StructuredType, *, inherited: bool = True) -> dict[str, Property]:
        """Return the structural properties that are there, by name, those of base types first."""
        every = kind.all_properties() if inherited or isinstance(kind, ComplexType) else kind.properties
        return {name: item for name, item in every.items() if self.is_there(item)}

    def is_there(self, item: Typed) -> bool:
        """Whether the type of a property, parameter, result or term can be said."""
        return type_name(item, self.version) is not None and is_within(item, self.model.schemas)

    def navigation(self, kind: EntityType, *, inherited: bool = True) -> dict[str, NavigationProperty]:
        """Return the navigation properties that are there, by name: all but those to contained entities."""
        every = kind.all_navigation() if inherited else kind.navigation
        return {name: item for name, item in every.items() if item in self._relationships}

    # --- associations

    @cached_property
    def associations(self) -> dict[str, Association]:
        """The associations by qualified name: those that the model states, then those made up."""
        return {item.qualified_name: item for item, _ in self._related}

    @cached_property
    def _related(self) -> list[tuple[Association, list[Start]]]:
        stated = joined(list(declared_associations(self.model)), self._ways)
        taken = {way for _, starts in stated for _, way in starts}
        names = defaultdict(set, {n: {*s.types, *s.operations, *s.terms} for n, s in self.model.schemas.items()})
        for association, _ in stated:
            names[association.namespace].add(association.name)

        def fresh(namespace: str, name: str) -> str:
            unique = next(n for n in _numbered(name) if n not in names[namespace])
            names[namespace].add(unique)
            return unique

        left = [(kind, way) for kind, way in self._ways if way not in taken and not way.contains_target]
        return [*stated, *synthesised(left, fresh)]

    @cached_property
    def _ways(self) -> list[Way]:
        kinds = [kind for schema in self.model.schemas.values() for kind in schema.types.values()]
        return [
            (kind, way)
            for kind in kinds
            if isinstance(kind, EntityType)
            for way in kind.navigation.values()
            if way.target.namespace in self.model.schemas
        ]

    @cached_property
    def _relationships(self) -> Mapping[NavigationProperty, Relationship]:
        found: dict[NavigationProperty, Relationship] = {}
        for association, starts in self._related:
            for role, way in starts:
                found[way] = Relationship(association, role, association.other(role).role)
        return found

    def relationship(self, way: NavigationProperty) -> Relationship:
        """Return the association that a navigation property leads through. Raises `NotFoundInModel`."""
        found = self._relationships.get(way)
        if found is None:
            raise NotFoundInModel(f"{way.name} is no navigation of version {self.version}", target=way.name)
        return found

    def association_sets(self, container: EntityContainer) -> list[AssociationSet]:
        """Return the association sets of a container: those that it states, then one for each bound way."""
        return list(self._association_sets(container))

    def _association_sets(self, container: EntityContainer) -> Iterator[AssociationSet]:
        used: set[tuple[str, str, EntitySet]] = set()
        names = {*container.members(), *container.imports}
        exposed = set(self.sets_of(container))
        for item in declared_sets(container, self.associations):
            used |= {(item.association.qualified_name, role, entity_set) for role, entity_set in item.sets}
            names.add(item.name)
            yield item
        for entity_set in container.sets.values():
            for way, target in self._bound(entity_set) if entity_set in exposed else ():
                way_through = self.relationship(way)
                association = way_through.association
                sets = (way_through.from_role, entity_set), (way_through.to_role, target)
                claims = {(association.qualified_name, role, found) for role, found in sets}
                if not claims & used:
                    used |= claims
                    name = next(n for n in _numbered(association.name) if n not in names)
                    names.add(name)
                    yield AssociationSet(name, association, sets)

    def _bound(self, entity_set: EntitySet) -> Iterator[tuple[NavigationProperty, EntitySet]]:
        """Yield the ways from a set whose other end is in a set, too; those of derived types included."""
        for path, target in entity_set.bindings.items():
            kind, _, name = path.rpartition("/")
            found = entity_set.type if not kind else self._entity_type(kind)
            if found is None or not _related(found, entity_set.type):
                continue
            way = found.all_navigation().get(name)
            if way is None or way not in self._relationships or not isinstance(target, EntitySet):
                continue
            if self._has_key(target.type) and _related(way.target, target.type):
                yield way, target

    def _entity_type(self, name: str) -> EntityType | None:
        namespace, _, local = name.rpartition(".")
        schema = self.model.schemas.get(namespace)
        found = None if schema is None else schema.types.get(local)
        return found if isinstance(found, EntityType) else None

    def set_ends(self, entity_set: EntitySet) -> dict[End, NavigationProperty | None]:
        """Return the association ends that an entity set stands at, each with the way that starts there, if any."""
        container = next(c for c in self.containers.values() if c.sets.get(entity_set.name) is entity_set)
        return {
            item.association.end(role): item.association.end(role).navigation
            for item in self.association_sets(container)
            for role, found in item.sets
            if found is entity_set
        }


def _related(one: EntityType, other: EntityType) -> bool:
    return one in other.lineage() or other in one.lineage()


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 1
    while True:
        number += 1
        yield f"{name}_{number}"
