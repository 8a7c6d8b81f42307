"""The resolved query: every name is a model object, every literal a typed parameter.

This is what stores receive. A `Query` holds no literal: each became a `Parameter` with a slot, its value kept in a
tuple beside the query. Equal queries are therefore one shape, and a shape is compiled to a plan once (the dataclasses
hash by structure, model objects by identity). Nodes have no behaviour; a store's compiler and the evaluator are
visitors.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from demotic.model import (
    STRING,
    BuiltinType,
    EntitySet,
    EntityType,
    EnumType,
    NavigationProperty,
    PrimitiveType,
    Property,
    StructuredType,
)

ExpressionType: TypeAlias = PrimitiveType | EnumType | None
"""The type of an expression's value; ``None`` is that of ``null`` alone."""


@dataclass(frozen=True, slots=True)
class Variable:
    """Something that ranges over entities: ``$it`` has depth 0, lambda variables count upwards from 1.

    One whose ``type`` is no entity type ranges over the values of a collection.
    """

    name: str
    depth: int
    type: StructuredType | PrimitiveType | EnumType


@dataclass(frozen=True, slots=True)
class OfType:
    """A cast: what is not of ``type`` does not pass.

    ``types`` are all that pass: the type itself and those derived from it, but for abstract ones.
    """

    type: EntityType
    types: tuple[EntityType, ...]

    @property
    def name(self) -> str:
        """The type's qualified name, as it stands in paths."""
        return self.type.qualified_name


Via: TypeAlias = tuple[NavigationProperty | OfType, ...]
"""Single-valued navigation that is followed one after the other, and casts on the way."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value given when the query runs: ``values[slot]``, native and of ``type``; never null."""

    slot: int
    type: PrimitiveType | EnumType


@dataclass(frozen=True, slots=True)
class Constant:
    """``null``, ``true`` or ``false``: part of the shape."""

    value: bool | None
    type: ExpressionType


@dataclass(frozen=True, slots=True)
class Field:
    """A property of the entity that ``variable`` stands for, reached over single-valued navigation (``via``).

    ``path`` has more than one member when it passes through complex properties, and none for the very value that the
    variable stands for. Null when any navigation has no target, and when any complex value on the way is null.
    """

    variable: Variable
    via: Via
    path: tuple[Property, ...]
    type: PrimitiveType | EnumType


@dataclass(frozen=True, slots=True)
class Related:
    """A single-valued navigation or a cast used as a value, which only ``eq null`` and ``ne null`` may do."""

    variable: Variable
    via: Via


@dataclass(frozen=True, slots=True)
class IsOf:
    """Whether what ``via`` leads to is there, and of a type."""

    variable: Variable
    via: Via
    of: OfType


Many: TypeAlias = NavigationProperty | tuple[Property, ...]
"""What leads to many: navigation to entities, or properties, the last of which is a collection of values."""


@dataclass(frozen=True, slots=True)
class RelatedCount:
    """``via/collection/$count``: how many entities a collection navigation leads to, or values a collection has.

    With a ``predicate`` those for which it is true; it speaks of ``inner``.
    """

    variable: Variable
    via: Via
    collection: Many
    type: PrimitiveType
    inner: Variable | None = None
    predicate: Expression | None = None


@dataclass(frozen=True, slots=True)
class Quantified:
    """``any`` or ``all`` over a collection; ``predicate`` is ``None`` for ``any()``."""

    kind: str
    variable: Variable
    via: Via
    collection: Many
    inner: Variable
    predicate: Expression | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A complex value or a collection of values, which is compared as a whole.

    ``of`` is the type of the value, or of those of a ``collection``. Of a complex value, only whether it is null is
    asked by ``eq null`` and ``ne null``; all else is asked of its parts.
    """

    variable: Variable
    via: Via
    path: tuple[Property, ...]
    of: StructuredType | PrimitiveType | EnumType
    collection: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """Whether a collection has as many values as there are ``items``, and each is true for the value in its place.

    They speak of ``one``.
    """

    collection: Whole
    one: Variable
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Whether two collections have the same number of values, and ``predicate`` is true for those in the same place.

    It speaks of ``one`` and ``other``.
    """

    collection: Whole
    second: Whole
    one: Variable
    other: Variable
    predicate: Expression


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator or function of `demotic.query.FUNCTIONS` applied to typed arguments."""

    name: str
    arguments: tuple[Expression, ...]
    type: ExpressionType


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first of pairs of a condition and a value whose condition is true; null if none is."""

    branches: tuple[tuple[Expression, Expression], ...]
    type: ExpressionType


@dataclass(frozen=True, slots=True)
class In:
    """``operand in (items)``."""

    operand: Expression
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Beyond:
    """A value that the model allows, and that no store computes.

    It stands for its type while a question is checked to its end, and never leaves the binder. ``type`` is that of a
    primitive value (``None`` if it may be any), ``of`` that of a structured one; with ``collection`` it is many of
    them.
    """

    type: ExpressionType
    collection: bool = False
    of: StructuredType | BuiltinType | None = None


Start: TypeAlias = Variable | Beyond
"""What a path may start from."""

Expression: TypeAlias = (
    Beyond
    | Parameter
    | Constant
    | Field
    | Related
    | IsOf
    | RelatedCount
    | Quantified
    | Whole
    | Listed
    | Alike
    | Apply
    | Case
    | In
)


@dataclass(frozen=True, slots=True)
class Computed:
    """A property that is computed for each entity (``$compute``): what describes it, and its value."""

    property: Property
    expression: Expression


@dataclass(frozen=True, slots=True)
class Order:
    """One order item. Null sorts lowest: first ascending, last descending (Protocol 4.01, section 11.2.6.2)."""

    expression: Expression
    descending: bool = False


@dataclass(frozen=True, slots=True)
class After:
    """Continue after a row: where its order values (those of ``order``, then the key) are non-null, slots hold them.

    ``slots`` has ``None`` where the value was null, which is part of the shape.
    """

    slots: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Expand:
    """A navigation property whose targets come with each entity, shaped by a query of their own.

    With the ``ending`` ``$ref`` nothing but references to them is wanted, with ``$count`` nothing but their number.
    With ``of`` only entities of that type have it, and ``navigation`` is one of that type's.
    """

    navigation: NavigationProperty
    query: Query
    ending: str = ""
    of: OfType | None = None


TYPE_NAME: Final = Property("@type", STRING, nullable=False)
"""Stands for the qualified name of an entity's type among what a query delivers."""


@dataclass(frozen=True, slots=True)
class Part:
    """A property that comes in part: what is wanted of its value, or of the values of a collection.

    Of each complex value come ``properties`` (``None``: all there is), ``parts`` and what is ``computed``. The values
    of a collection are filtered, ordered and cut as those of a `Query` are; ``count`` asks how many pass ``filter``.
    All expressions speak of ``variable``, which stands for one value.
    """

    property: Property
    variable: Variable
    properties: tuple[Property, ...] | None = None
    parts: tuple[Part, ...] = ()
    filter: Expression | None = None
    order: tuple[Order, ...] = ()
    top: Parameter | None = None
    skip: Parameter | None = None
    count: bool = False
    computed: tuple[Computed, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """What is delivered of entities of exactly this type: some of a query's ``properties`` and ``parts``."""

    type: EntityType
    properties: tuple[Property, ...]
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted of a collection of ``type``.

    ``variable`` is what ``filter`` and ``order`` speak of. ``properties`` are the structural properties delivered, in
    that order; key properties are at hand in any case. ``order`` is as asked for; a store appends the key to make it
    total. ``top`` and ``skip`` are integer parameters (applied per parent in an expand). ``count`` asks for the number
    of entities that pass ``filter``, whatever the paging. ``computed`` are the computed properties delivered, ``parts``
    the structural properties that are delivered in part, none of which is among ``properties``. ``shapes`` are there
    where entities may be of types derived from ``type``: one for each that is not abstract. Then ``properties`` and
    ``parts`` are those of all shapes, and the name of the entity's type is delivered as well (`TYPE_NAME`).
    """

    type: EntityType
    variable: Variable
    properties: tuple[Property, ...]
    filter: Expression | None = None
    order: tuple[Order, ...] = ()
    expand: tuple[Expand, ...] = ()
    top: Parameter | None = None
    skip: Parameter | None = None
    count: bool = False
    after: After | None = None
    computed: tuple[Computed, ...] = ()
    parts: tuple[Part, ...] = ()
    shapes: tuple[Shape, ...] = ()

    @property
    def delivered(self) -> tuple[Property, ...]:
        """All that each row has values of, before what is expanded.

        That is ``properties``, then those ``computed``, then with ``shapes`` the name of the type.
        """
        if not self.computed and not self.shapes:
            return self.properties
        named = (TYPE_NAME,) if self.shapes else ()
        return self.properties + tuple(item.property for item in self.computed) + named


@dataclass(frozen=True, slots=True)
class ByKey:
    """A step to the member with this key; parameters in the order of the type's key."""

    key: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Along:
    """A step along a navigation property."""

    navigation: NavigationProperty


@dataclass(frozen=True, slots=True)
class Filtered:
    """A step to those for which ``condition`` is true; it speaks of ``variable``."""

    variable: Variable
    condition: Expression


@dataclass(frozen=True, slots=True)
class Source:
    """Where a resource path leads: a set, narrowed by keys, casts and conditions and followed along navigation."""

    set: EntitySet
    steps: tuple[ByKey | Along | Filtered | OfType, ...] = ()


class Kind(Enum):
    """What a read delivers."""

    COLLECTION = "collection"
    ENTITY = "entity"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Restriction:
    """For one read, entities of ``type`` for which ``condition`` is not true are not there, wherever it meets them.

    ``variable`` is what the condition speaks of; itself it is about all entities there are.
    """

    type: EntityType
    variable: Variable
    condition: Expression


@dataclass(frozen=True, slots=True)
class Read:
    """A whole read: from where, what, and in which kind. For COUNT only ``query.filter`` matters.

    An addressed entity (ENTITY) is narrowed by ``source``; a property of it is read by selecting just that property.
    ``restrictions``, at most one for a type, hold in every part of the read: on the way to the source, in paths, in
    ``any`` and ``all``, in counts and in what is expanded.
    """

    source: Source
    query: Query
    kind: Kind
    restrictions: tuple[Restriction, ...] = ()
