"""Associations: navigation as versions 1 to 3 declare it, in one place for both directions.

[MC-CSDL], sections 2.1.10 to 2.1.20.
"""

from __future__ import annotations

from dataclasses import dataclass

from demotic.model._annotations import Annotation
from demotic.model._schema import EntitySet
from demotic.model._schema_children import EntityType, NavigationProperty


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """One end of an association: its role, the entity type there, and how many stand there for one at the other end.

    ``multiplicity`` is ``0..1``, ``1`` or ``*``; ``navigation`` is the navigation property that leads from this end to
    the other, if there is one; ``on_delete`` says what becomes of the others when the entity at this end goes.
    """

    association: str
    role: str
    type: EntityType
    multiplicity: str
    navigation: NavigationProperty | None = None
    on_delete: str | None = None
    annotations: tuple[Annotation, ...] = ()

    @property
    def qualified_name(self) -> str:
        """The association's qualified name and the role, such as ``NS.Orders_Customers.Order``."""
        return f"{self.association}.{self.role}"

    @property
    def many(self) -> bool:
        """Whether there may be more than one at this end."""
        return self.multiplicity == "*"


@dataclass(frozen=True, slots=True)
class Constraint:
    """Properties at the dependent end that always equal the key at the principal end, in the same order."""

    principal: str
    principal_properties: tuple[str, ...]
    dependent: str
    dependent_properties: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Association:
    """How two entity types are related; ``constraint`` is its referential constraint."""

    namespace: str
    name: str
    ends: tuple[End, End]
    constraint: Constraint | None = None
    annotations: tuple[Annotation, ...] = ()

    @property
    def qualified_name(self) -> str:
        """``namespace.name``."""
        return f"{self.namespace}.{self.name}"

    def end(self, role: str) -> End:
        """Return the end of a role. Raises KeyError."""
        for end in self.ends:
            if end.role == role:
                return end
        raise KeyError(role)

    def other(self, role: str) -> End:
        """Return the end that faces a role. Raises KeyError."""
        first, second = self.ends
        return second if self.end(role) is first else first


@dataclass(frozen=True, slots=True, eq=False)
class AssociationSet:
    """An association between two entity sets: which set holds the entities of each role."""

    name: str
    association: Association
    sets: tuple[tuple[str, EntitySet], tuple[str, EntitySet]]
    annotations: tuple[Annotation, ...] = ()
    end_annotations: tuple[tuple[Annotation, ...], ...] = ((), ())

    def set_of(self, role: str) -> EntitySet:
        """Return the set of a role. Raises KeyError."""
        return dict(self.sets)[role]


@dataclass(frozen=True, slots=True)
class Relationship:
    """A navigation property as a way through an association: from the end where it starts to where it leads."""

    association: Association
    from_role: str
    to_role: str

    @property
    def start(self) -> End:
        """The end where the navigation property is declared."""
        return self.association.end(self.from_role)

    @property
    def target(self) -> End:
        """The end that it leads to."""
        return self.association.end(self.to_role)
