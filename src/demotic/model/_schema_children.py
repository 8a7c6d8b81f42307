"""What a schema declares: types with their facets and properties, operations, terms.

Shaped as OData 4.01 has it (OData CSDL XML Representation 4.01, sections 6 to 12 and 14). The objects form a graph with
cycles (navigation partners), so they are built first and joined afterwards by whoever builds them: the CSDL reader,
``declare`` or a store's reflection; `demotic.model.check` then says what is missing. Treat a finished model as
read-only.

Objects compare and hash by identity: a resolved name *is* its object, and two models never share one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Final, TypeAlias

from demotic.model._annotations import Annotation
from demotic.model._types import BuiltinType, PrimitiveType

SCALE_VARIABLE = "variable"
SCALE_FLOATING = "floating"


@dataclass(frozen=True, slots=True)
class Facets:
    """The facets of a typed element (CSDL XML 4.01, section 7.2); ``None`` means not stated.

    ``max_length`` counts characters (String) or bytes (Binary), -1 standing for ``max``. ``precision`` counts digits of
    a Decimal, or fractional-second digits of a temporal type. ``scale`` is a number, ``"variable"`` or ``"floating"``.
    """

    max_length: int | None = None
    precision: int | None = None
    scale: int | str | None = None
    unicode: bool = True
    srid: str | None = None


NO_FACETS = Facets()


@dataclass(eq=False, slots=True)
class EnumType:
    """An enumeration: member names and values in declared order, over an integer type."""

    namespace: str
    name: str
    members: dict[str, int]
    underlying: PrimitiveType
    is_flags: bool = False
    annotations: list[Annotation] = field(default_factory=list)
    member_annotations: dict[str, list[Annotation]] = field(default_factory=dict)

    @property
    def qualified_name(self) -> str:
        """``namespace.name``."""
        return f"{self.namespace}.{self.name}"

    def text(self, number: int) -> str:
        """Return a value as text: a member's name, of flags the names that make it up, or else its digits."""
        for name, value in self.members.items():
            if value == number:
                return name
        if self.is_flags and number > 0:
            names = [name for name, value in self.members.items() if value and value & number == value]
            if reduce(or_, (self.members[name] for name in names), 0) == number:
                return ",".join(names)
        return str(number)


@dataclass(eq=False, slots=True)
class TypeDefinition:
    """A named specialisation of a primitive type."""

    namespace: str
    name: str
    underlying: PrimitiveType
    facets: Facets = NO_FACETS
    annotations: list[Annotation] = field(default_factory=list)

    @property
    def qualified_name(self) -> str:
        """``namespace.name``."""
        return f"{self.namespace}.{self.name}"


@dataclass(eq=False, slots=True, weakref_slot=True)
class Property:
    """A structural property: its name, type, whether it is a collection, and its facets."""

    name: str
    type: ValueType
    nullable: bool = True
    collection: bool = False
    facets: Facets = NO_FACETS
    default: str | None = None
    annotations: list[Annotation] = field(default_factory=list)

    @property
    def primitive(self) -> PrimitiveType | None:
        """The primitive type its values travel as (of an enum: the underlying one), or ``None`` for a complex one."""
        if isinstance(self.type, PrimitiveType):
            return self.type
        if isinstance(self.type, (EnumType, TypeDefinition)):
            return self.type.underlying
        return None


@dataclass(eq=False, repr=False, slots=True)
class NavigationProperty:
    """A named way from one entity to another, or to many.

    ``constraints`` pairs a property of the declaring type with the property of ``target`` that it always equals
    (CSDL XML 4.01, section 8.5). ``constraint_paths`` says how they are reached where that is more than their names
    (else it may stay empty), and ``constraint_annotations`` are by the path of the former. ``partner`` is the same way
    seen from the other side, where it has a name there, and ``partner_path`` how it is reached if not by its name.
    """

    name: str
    target: EntityType
    collection: bool = False
    nullable: bool = True
    contains_target: bool = False
    partner: NavigationProperty | None = None
    constraints: tuple[tuple[Property, Property], ...] = ()
    on_delete: str | None = None
    annotations: list[Annotation] = field(default_factory=list)
    constraint_paths: tuple[tuple[str, str], ...] = ()
    constraint_annotations: dict[str, list[Annotation]] = field(default_factory=dict)
    on_delete_annotations: list[Annotation] = field(default_factory=list)
    partner_path: str | None = None

    def __repr__(self) -> str:
        return f"<NavigationProperty {self.name} to {self.target.qualified_name}>"


@dataclass(eq=False, repr=False, slots=True)
class StructuredType:
    """What complex and entity types have in common; ``properties`` and ``navigation`` are the type's own, by name."""

    namespace: str
    name: str
    base: StructuredType | None = None
    abstract: bool = False
    open: bool = False
    properties: dict[str, Property] = field(default_factory=dict)
    navigation: dict[str, NavigationProperty] = field(default_factory=dict)
    annotations: list[Annotation] = field(default_factory=list)

    @property
    def qualified_name(self) -> str:
        """``namespace.name``."""
        return f"{self.namespace}.{self.name}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.qualified_name}>"

    def lineage(self) -> Iterator[StructuredType]:
        """Yield the base types, the root first, and the type itself last."""
        if self.base is not None:
            yield from self.base.lineage()
        yield self

    def all_properties(self) -> dict[str, Property]:
        """Return the structural properties by name, inherited ones first."""
        return {name: item for kind in self.lineage() for name, item in kind.properties.items()}

    def all_navigation(self) -> dict[str, NavigationProperty]:
        """Return the navigation properties by name, inherited ones first."""
        return {name: item for kind in self.lineage() for name, item in kind.navigation.items()}


@dataclass(eq=False, repr=False, slots=True)
class ComplexType(StructuredType):
    """A structured type without identity. ``heirs`` are those derived from it, once `ensure` looked at the model."""

    heirs: tuple[ComplexType, ...] = field(default=(), init=False)


@dataclass(eq=False, repr=False, slots=True)
class EntityType(StructuredType):
    """A structured type whose values are known by a key. ``own_key`` lists the key properties in declared order.

    ``key_paths`` gives the path and the alias of each (CSDL XML 4.01, section 6.5) where some key property is reached
    through others; where all are the type's own it is empty.
    """

    own_key: tuple[Property, ...] = ()
    key_paths: tuple[tuple[str, str | None], ...] = ()
    has_stream: bool = False

    @property
    def key(self) -> tuple[Property, ...]:
        """The key properties in declared order, perhaps inherited."""
        for kind in self.lineage():
            if isinstance(kind, EntityType) and kind.own_key:
                return kind.own_key
        return ()


ValueType: TypeAlias = PrimitiveType | BuiltinType | EnumType | TypeDefinition | ComplexType
"""What a property's values may be of."""

SchemaType: TypeAlias = EnumType | TypeDefinition | ComplexType | EntityType
"""What a schema may declare as a type."""

AnyType: TypeAlias = ValueType | EntityType
"""What a parameter, a returned value or a term may be of."""

EDM_ENTITY_TYPE: Final = EntityType("Edm", "EntityType", abstract=True)
"""The built-in abstract type that stands for every entity type (CSDL XML 4.01, section 4.5)."""

EDM_COMPLEX_TYPE: Final = ComplexType("Edm", "ComplexType", abstract=True)
"""The built-in abstract type that stands for every complex type."""


@dataclass(eq=False, slots=True)
class Parameter:
    """A parameter of an operation (CSDL XML 4.01, section 12.9)."""

    name: str
    type: AnyType
    nullable: bool = True
    collection: bool = False
    facets: Facets = NO_FACETS
    annotations: list[Annotation] = field(default_factory=list)


def is_optional(parameter: Parameter) -> bool:
    """Whether a parameter may be left out (the term Core.OptionalParameter of the vocabulary Org.OData.Core.V1)."""
    return any(item.term.rpartition(".")[2] == "OptionalParameter" for item in parameter.annotations)


@dataclass(eq=False, slots=True)
class ReturnType:
    """What an operation returns (CSDL XML 4.01, section 12.8)."""

    type: AnyType
    nullable: bool = True
    collection: bool = False
    facets: Facets = NO_FACETS
    annotations: list[Annotation] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Operation:
    """One overload of an action or a function (CSDL XML 4.01, section 12); ``kind`` is ``Action`` or ``Function``."""

    namespace: str
    name: str
    kind: str
    parameters: dict[str, Parameter] = field(default_factory=dict)
    returns: ReturnType | None = None
    bound: bool = False
    composable: bool = False
    entity_set_path: str | None = None
    annotations: list[Annotation] = field(default_factory=list)

    @property
    def qualified_name(self) -> str:
        """``namespace.name``, shared by all its overloads."""
        return f"{self.namespace}.{self.name}"


@dataclass(eq=False, slots=True)
class Term:
    """What annotations may say (CSDL XML 4.01, section 14.1); ``base`` is the qualified name of another term."""

    namespace: str
    name: str
    type: AnyType
    nullable: bool = True
    collection: bool = False
    facets: Facets = NO_FACETS
    default: str | None = None
    applies_to: tuple[str, ...] = ()
    base: str | None = None
    annotations: list[Annotation] = field(default_factory=list)

    @property
    def qualified_name(self) -> str:
        """``namespace.name``."""
        return f"{self.namespace}.{self.name}"
