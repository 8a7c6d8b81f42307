"""The associations of a document: ends by role, and which navigation property leads where.

[MC-CSDL], sections 2.1.10 to 2.1.15. Where roles contradict the types that they name, types decide: the published
sample of [MS-ODATA] has the types of one association exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from demotic.model._errors import DuplicateName, InvalidMetadataDocument, ModelIncomplete
from demotic.model.csdl._faults import Faults, fault
from demotic.model.csdl._names import Names
from demotic.model.csdl.v3 import _elements as v3
from demotic.model.v2 import Constraint


@dataclass(slots=True)
class EndOf:
    """An end with its role and the qualified name of its type, as they are meant."""

    element: v3.End
    role: str
    type: str


@dataclass(slots=True)
class Relation:
    """An association with both ends, its constraint, and the ways through it by the role where they start."""

    name: str
    element: v3.Association
    ends: tuple[EndOf, EndOf]
    constraint: Constraint | None = None
    ways: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def end(self, role: str) -> EndOf | None:
        """Return the end of a role."""
        return next((end for end in self.ends if end.role == role), None)

    def other(self, end: EndOf) -> EndOf:
        """Return the end that faces another."""
        return self.ends[1] if end is self.ends[0] else self.ends[0]


class Relations:
    """All associations of a document by qualified name."""

    def __init__(self, schemas: list[v3.Schema], names: Names, faults: Faults) -> None:
        self._names = names
        self._faults = faults
        self._bases: dict[str, str] = {}
        self.entity_types: set[str] = set()
        self._relations: dict[str, Relation] = {}
        self._ends: dict[int, tuple[Relation, EndOf]] = {}
        for schema in schemas:
            for kind in schema.types:
                if isinstance(kind, v3.EntityType):
                    self._add_type(schema.Namespace, kind)
        for schema in schemas:
            for item in schema.associations:
                with faults.passed_over():
                    self._add(schema, item)
        for schema in schemas:
            for kind in schema.types:
                for way in kind.navigation if isinstance(kind, v3.EntityType) else ():
                    with faults.passed_over():
                        self._enter(f"{schema.Namespace}.{kind.Name}", way)

    def of(self, schema: v3.Schema) -> Iterator[Relation]:
        """Yield the associations of a schema."""
        found = (self._relations.get(f"{schema.Namespace}.{item.Name}") for item in schema.associations)
        yield from (item for item in found if item is not None)

    def find(self, name: str) -> Relation | None:
        """Return what is called so, perhaps by an alias."""
        return self._relations.get(self._names.resolve(name))

    def start(self, way: v3.NavigationProperty) -> tuple[Relation, EndOf] | None:
        """Return the association that a navigation property leads through, and the end where it starts."""
        return self._ends.get(id(way))

    def lineage(self, kind: str) -> Iterator[str]:
        """Yield an entity type and its base types, by qualified name."""
        seen: set[str] = set()
        at: str | None = kind
        while at is not None and at not in seen:
            seen.add(at)
            yield at
            at = self._bases.get(at)

    def related(self, one: str, other: str) -> bool:
        """Whether one of two entity types is the other or a base of it."""
        return one in self.lineage(other) or other in self.lineage(one)

    def partner(self, way: v3.NavigationProperty) -> str | None:
        """Return the path of the way back, if there is just one of both."""
        found = self.start(way)
        if found is None:
            return None
        relation, start = found
        target = relation.other(start)
        back = relation.ways.get(target.role, [])
        if len(relation.ways.get(start.role, [])) != 1 or len(back) != 1:
            return None
        ((declaring, name),) = back
        return name if declaring in self.lineage(target.type) else f"{declaring}/{name}"

    def _add_type(self, namespace: str, element: v3.EntityType) -> None:
        name = f"{namespace}.{element.Name}"
        self.entity_types.add(name)
        if element.BaseType is not None:
            self._bases[name] = self._names.resolve(element.BaseType)

    def _add(self, schema: v3.Schema, element: v3.Association) -> None:
        name = f"{schema.Namespace}.{element.Name}"
        if name in self._relations:
            raise fault(DuplicateName, element, schema.Namespace, f"{element.Name} is declared twice")
        ends = [self._end(end) for end in element.ends]
        if len(ends) != 2:
            raise fault(InvalidMetadataDocument, element, name, f"an association has two ends, not {len(ends)}")
        for end in ends:
            if end.type not in self.entity_types:
                raise fault(ModelIncomplete, end.element, name, f"there is no entity type {end.type}")
        first, second = ends
        if first.role == second.role:
            raise fault(DuplicateName, second.element, name, f"the role {first.role} is there twice")
        relation = Relation(name, element, (first, second))
        relation.constraint = self._constraint(relation)
        self._relations[name] = relation

    def _end(self, element: v3.End) -> EndOf:
        kind = self._names.resolve(element.Type)
        return EndOf(element, element.Role or kind.rpartition(".")[2], kind)

    def _constraint(self, relation: Relation) -> Constraint | None:
        found = relation.element.constraint
        if found is None:
            return None
        for side in (found.principal, found.dependent):
            if relation.end(side.Role) is None:
                raise fault(ModelIncomplete, side, relation.name, f"there is no role {side.Role}")
        principal, dependent = (tuple(ref.Name for ref in side.refs) for side in (found.principal, found.dependent))
        if len(principal) != len(dependent):
            problem = f"{len(dependent)} properties cannot refer to {len(principal)}"
            raise fault(InvalidMetadataDocument, found, relation.name, problem)
        return Constraint(found.principal.Role, principal, found.dependent.Role, dependent)

    def _enter(self, kind: str, way: v3.NavigationProperty) -> None:
        scope = f"{kind}/{way.Name}"
        relation = self.find(way.Relationship)
        if relation is None:
            raise fault(ModelIncomplete, way, scope, f"there is no association {way.Relationship}")
        start, target = relation.end(way.FromRole), relation.end(way.ToRole)
        for role, end in ((way.FromRole, start), (way.ToRole, target)):
            if end is None:
                raise fault(ModelIncomplete, way, scope, f"{relation.name} has no role {role}")
        if start is None or target is None or start is target:
            raise fault(InvalidMetadataDocument, way, scope, f"it leads from {way.FromRole} to the same role")
        if not self.related(start.type, kind):
            if not self.related(target.type, kind):
                problem = f"the role {start.role} of {relation.name} is of {start.type}, not of {kind}"
                raise fault(InvalidMetadataDocument, way, scope, problem)
            start = target
        relation.ways.setdefault(start.role, []).append((kind, way.Name))
        self._ends[id(way)] = relation, start
