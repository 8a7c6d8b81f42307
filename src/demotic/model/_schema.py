"""The Entity Data Model as a whole: containers and what they offer, schemas, references, the model.

OData CSDL XML Representation 4.01, sections 3 to 5 and 13. What schemas declare is in `_schema_children`; the same
rules hold here: built first and joined afterwards, read-only once finished, compared by identity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, TypeVar

from demotic.model._annotations import Annotation
from demotic.model._schema_children import (
    EntityType,
    NavigationProperty,
    Operation,
    Property,
    SchemaType,
    StructuredType,
    Term,
)
from demotic.model._types import BuiltinType, PrimitiveType

DEFAULT_NAMESPACE: Final = "Org.OData.Core.V1.DefaultNamespace"
Structured = TypeVar("Structured", bound=StructuredType)


@dataclass(eq=False, repr=False, slots=True)
class EntitySet:
    """A named collection of entities in a container. ``bindings`` maps a navigation path to the set it leads to.

    ``other_bindings`` has the paths of targets that are no sets or singletons of the same container.
    """

    name: str
    type: EntityType
    bindings: dict[str, EntitySet | Singleton] = field(default_factory=dict)
    in_service_document: bool = True
    annotations: list[Annotation] = field(default_factory=list)
    other_bindings: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<EntitySet {self.name} of {self.type.qualified_name}>"


@dataclass(eq=False, repr=False, slots=True)
class Singleton:
    """A named single entity in a container."""

    name: str
    type: EntityType
    nullable: bool = False
    bindings: dict[str, EntitySet | Singleton] = field(default_factory=dict)
    annotations: list[Annotation] = field(default_factory=list)
    other_bindings: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Singleton {self.name} of {self.type.qualified_name}>"


def bound_to(
    owner: EntitySet | Singleton, navigation: NavigationProperty, kind: EntityType | None = None
) -> EntitySet | Singleton | None:
    """Return what a navigation property of entities in a set, or of a singleton, is bound to, if a binding says.

    The path of one that a derived type has begins with the type's name (CSDL XML 4.01, section 13.4.1); ``kind`` is
    the type of the entity, which tells properties of one name apart.
    """
    for base in kind.lineage() if kind is not None else ():
        found = owner.bindings.get(f"{base.qualified_name}/{navigation.name}")
        if found is not None:
            return found
    found = owner.bindings.get(navigation.name)
    if found is not None:
        return found
    steps = ((path.split("/"), target) for path, target in owner.bindings.items())
    return next((to for step, to in steps if len(step) == 2 and "." in step[0] and step[1] == navigation.name), None)


@dataclass(eq=False, slots=True)
class OperationImport:
    """An unbound action or function published in a container, all its overloads under one name.

    ``set`` is the entity set of what it returns, or that set's path where it is another container's.
    """

    name: str
    operation: str
    kind: str
    set: EntitySet | str | None = None
    in_service_document: bool = False
    annotations: list[Annotation] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class EntityContainer:
    """What a service offers: entity sets, singletons and operation imports by name.

    ``extends`` is the qualified name of a container whose members are members here too (CSDL XML 4.01, section 13.1.1).
    """

    name: str
    sets: dict[str, EntitySet] = field(default_factory=dict)
    singletons: dict[str, Singleton] = field(default_factory=dict)
    imports: dict[str, OperationImport] = field(default_factory=dict)
    extends: str | None = None
    annotations: list[Annotation] = field(default_factory=list)

    def members(self) -> dict[str, EntitySet | Singleton]:
        """Return what holds entities, by name: the entity sets first, then the singletons."""
        return {**self.sets, **self.singletons}

    def sets_of(self, kind: EntityType) -> list[EntitySet]:
        """Return the entity sets of a type; there may be several, or none."""
        return [item for item in self.sets.values() if item.type is kind]


@dataclass(eq=False, slots=True)
class Schema:
    """A namespace with its types, and its container if it has one.

    ``operations`` holds the overloads of each name. ``external_annotations`` are those stated apart from their target,
    by the target's path with namespaces instead of aliases (CSDL XML 4.01, section 14.2). ``other_containers`` are
    those that versions 1 to 3 allow beside the default one; documents of version 4 leave them out, as no URL could
    name them.
    """

    namespace: str
    alias: str | None = None
    types: dict[str, SchemaType] = field(default_factory=dict)
    operations: dict[str, list[Operation]] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    container: EntityContainer | None = None
    annotations: list[Annotation] = field(default_factory=list)
    external_annotations: dict[str, list[Annotation]] = field(default_factory=dict)
    other_containers: dict[str, EntityContainer] = field(default_factory=dict)

    def containers(self) -> list[EntityContainer]:
        """Return the container, if there is one, and the others."""
        return [*([] if self.container is None else [self.container]), *self.other_containers.values()]


def is_default_namespace(schema: Schema) -> bool:
    """Whether a schema's operations are called without its namespace (Core.DefaultNamespace of Org.OData.Core.V1)."""
    return any(item.term == DEFAULT_NAMESPACE and item.value is not False for item in schema.annotations)


@dataclass(eq=False, slots=True)
class Include:
    """A namespace taken from a referenced document, and the alias it has here."""

    namespace: str
    alias: str | None = None
    annotations: list[Annotation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class IncludeAnnotations:
    """Annotations taken from a referenced document: those of a vocabulary, perhaps of one qualifier or target only."""

    term_namespace: str
    qualifier: str | None = None
    target_namespace: str | None = None


@dataclass(eq=False, slots=True)
class Reference:
    """A reference to another document and what is taken from it (CSDL XML 4.01, section 4).

    ``model`` is that document's own model, if it was read along.
    """

    uri: str
    includes: tuple[Include, ...] = ()
    include_annotations: tuple[IncludeAnnotations, ...] = ()
    annotations: list[Annotation] = field(default_factory=list)
    model: Model | None = None


@dataclass(eq=False, slots=True)
class Model(Mapping[str, Schema]):
    """A whole model: its schemas by namespace, in order. Acts as a read-only mapping from namespace to schema.

    ``version`` is that of the document; ``data_service_version`` and ``max_data_service_version`` are what one of
    versions 1 to 3 says about the protocol. ``base`` is the address that the document says it has (``xml:base``), from
    which the service's own addresses follow. ``places`` says in which line and column of its document a model object
    stands, by path (``NS.Type/Property``).
    """

    schemas: dict[str, Schema] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    version: str = "4.01"
    base: str | None = field(default=None, compare=False)
    data_service_version: str | None = None
    max_data_service_version: str | None = None
    places: dict[str, tuple[int, int]] = field(default_factory=dict, repr=False, compare=False)
    _heirs: dict[StructuredType, tuple[StructuredType, ...]] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def __getitem__(self, namespace: str) -> Schema:
        return self.schemas[namespace]

    def __iter__(self) -> Iterator[str]:
        return iter(self.schemas)

    def __len__(self) -> int:
        return len(self.schemas)

    @property
    def container(self) -> EntityContainer | None:
        """The first entity container, or ``None`` if no schema has one."""
        return next((s.container for s in self.schemas.values() if s.container is not None), None)

    def heirs(self, kind: Structured) -> tuple[Structured, ...]:
        """Return the types derived from a type, directly or not, those of referenced models too, in declared order.

        Found once: a finished model is read-only.
        """
        from demotic.model._heirs import all_heirs

        if self._heirs is None:
            self._heirs = all_heirs(self)
        found: tuple[Any, ...] = self._heirs.get(kind, ())
        return found

    def find(self, name: str) -> ModelObject:
        """Return what is called so: ``NS``, ``NS.Type``, ``NS.Type/Property``, ``NS.Container/Set``, ``NS.Term`` ...

        Below a schema's child a dot does as well as a slash. Aliases of this document do for namespaces, and referenced
        models are searched too. An operation's name gives the list of its overloads. Raises `NotFoundInModel` saying
        which step failed.
        """
        from demotic.model._find import find

        return find(self, name)

    def names(self) -> Iterator[str]:
        """Yield every name that `find` takes: of schemas, of what they declare, and of what is right below that.

        Dots lead to the children of schemas, slashes to properties, navigation properties, members of enumerations,
        entity sets, singletons and imports.
        """
        from demotic.model._find import names

        return names(self)


ModelObject: TypeAlias = (
    Schema
    | SchemaType
    | PrimitiveType
    | BuiltinType
    | Property
    | NavigationProperty
    | EntityContainer
    | EntitySet
    | Singleton
    | OperationImport
    | list[Operation]
    | Term
    | int
)
"""What `Model.find` may return; an ``int`` is an enumeration member's value."""
