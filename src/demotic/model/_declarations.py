"""What a Python class says to become a type of a model: decorators for classes, markers for attributes.

    class Status(IntEnum):
        ACTIVE = 1
        ENDED = 2

    @complex_type()
    class Address:
        street: Annotated[str, MaxLength(80)]
        city: str | None

    @entity(key="id", set="Customers")
    class Customer:
        id: int
        status: Status
        address: Address
        orders: Annotated[list["Order"], Partner("customer")]

Decorators leave the class as it is, but for a note in ``__edm__`` that `declare` reads. Markers go into ``Annotated``;
besides those here, a `PrimitiveType` is one (``Annotated[int, INT16]``), a `TypeDefinition`, and an `Annotation`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

from demotic.model._annotations import Annotation
from demotic.model._types import INT32, PrimitiveType

C = TypeVar("C", bound=type)
E = TypeVar("E", bound=type[Enum])

NOTE: Final = "__edm__"


@dataclass(frozen=True, slots=True)
class Note:
    """What a decorator leaves on a class."""

    kind: str
    name: str | None = None
    key: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    singletons: tuple[str, ...] = ()
    abstract: bool = False
    open: bool = False
    has_stream: bool = False
    underlying: PrimitiveType = INT32
    annotations: tuple[Annotation, ...] = ()


def entity(
    *,
    key: str | Sequence[str] = (),
    set: str | Sequence[str] = (),
    singleton: str | Sequence[str] = (),
    name: str | None = None,
    abstract: bool = False,
    open: bool = False,
    has_stream: bool = False,
    annotations: Sequence[Annotation] = (),
) -> Callable[[C], C]:
    """Declare a class as an entity type.

    `key` names its key properties, `set` and `singleton` the entity sets and singletons that hold it, `name` the type
    where it is not the class's name. A class whose base is declared inherits from it in the model, too.
    """
    note = Note(
        "entity",
        name,
        _names(key),
        _names(set),
        _names(singleton),
        abstract,
        open,
        has_stream,
        annotations=tuple(annotations),
    )
    return _noted(note)


def complex_type(
    *, name: str | None = None, abstract: bool = False, open: bool = False, annotations: Sequence[Annotation] = ()
) -> Callable[[C], C]:
    """Declare a class as a complex type: a value with properties, but without a key."""
    return _noted(Note("complex", name, abstract=abstract, open=open, annotations=tuple(annotations)))


def enumeration(
    *, name: str | None = None, underlying: PrimitiveType = INT32, annotations: Sequence[Annotation] = ()
) -> Callable[[E], E]:
    """Say more about an Enum class, which needs no decorator otherwise: its name in the model, its integer type."""
    return _noted(Note("enum", name, underlying=underlying, annotations=tuple(annotations)))


def _names(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _noted(note: Note) -> Callable[[C], C]:
    def mark(cls: C) -> C:
        setattr(cls, NOTE, note)
        return cls

    return mark


@dataclass(frozen=True, slots=True)
class Name:
    """The property's name in the model, where it is not the attribute's."""

    name: str


@dataclass(frozen=True, slots=True)
class MaxLength:
    """At most so many characters or bytes; -1 for ``max``."""

    length: int


@dataclass(frozen=True, slots=True)
class Precision:
    """At most so many digits, or so many fractional digits of a second."""

    digits: int


@dataclass(frozen=True, slots=True)
class Scale:
    """At most so many digits after the decimal point; or ``"variable"``, or ``"floating"``."""

    digits: int | str


@dataclass(frozen=True, slots=True)
class Unicode:
    """Whether text may go beyond ASCII."""

    allowed: bool = True


@dataclass(frozen=True, slots=True)
class Srid:
    """The coordinate reference system of a geographic or geometric value."""

    srid: str


@dataclass(frozen=True, slots=True)
class Default:
    """The default value, in its lexical form."""

    text: str


@dataclass(frozen=True, slots=True)
class Partner:
    """The navigation property that leads back, by its name in the model."""

    name: str


@dataclass(frozen=True, slots=True)
class On:
    """A property of this type always equals one of the target; names are those in the model. Repeat it for more."""

    own: str
    theirs: str


@dataclass(frozen=True, slots=True)
class OnDelete:
    """What happens to the related when this goes: ``Cascade``, ``None``, ``SetNull`` or ``SetDefault``."""

    action: str


@dataclass(frozen=True, slots=True)
class Contained:
    """The targets are part of what leads to them."""


@dataclass(frozen=True, slots=True)
class FromSet:
    """In an operation's signature: an entity of this set, or with ``many`` or a list type many, whatever Python type
    stands for them."""

    name: str
    many: bool = False
