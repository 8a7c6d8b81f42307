"""The seam below a unit of work: the primitive changes that a store carries out in one open transaction.

Everything is checked before it comes here: sets, navigation properties and keys are resolved, values native and within
their facets. What is left to a writer is what only the store can know: keys that are there already, constraints of the
data, values that it makes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from demotic.errors import Unsupported
from demotic.model import EntitySet, EntityType, NavigationProperty
from demotic.store._errors import DuplicateKey, NoSuchEntity
from demotic.store.media import Media, Stream

NativeKey: TypeAlias = tuple[object, ...]
"""The native values of a key, in the order of the type's."""


def _shown(key: NativeKey) -> str:
    """Return a key as messages show it."""
    return repr(key[0] if len(key) == 1 else key)


def not_there(entity_set: EntitySet, key: NativeKey) -> NoSuchEntity:
    """Return, for raising, the error that a set has no entity with a key."""
    return NoSuchEntity(f"{entity_set.name} has no entity with the key {_shown(key)}", target=entity_set.name)


def duplicate(entity_set: EntitySet, key: NativeKey) -> DuplicateKey:
    """Return, for raising, the error that a set has an entity with a key already."""
    return DuplicateKey(f"{entity_set.name} has an entity with the key {_shown(key)}", target=entity_set.name)


class Holder(Enum):
    """Which side of a navigation property keeps the link."""

    SOURCE = "source"
    """The entity that it starts from refers to the other, which must be there first."""
    TARGET = "target"
    """The entity that it leads to refers back."""
    APART = "apart"
    """Neither: the link is an entry of its own."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a navigation property's links are kept: by whom, and in which of the holder's properties, if any."""

    holder: Holder
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """A link that a new entity is inserted with: over one of its own navigation properties, or ``backwards``.

    Backwards, the new entity is what ``navigation`` of the entity with ``key`` leads to. The new entity keeps the link
    in either case.
    """

    navigation: NavigationProperty
    key: NativeKey
    backwards: bool = False


class Writer(ABC):
    """The primitive changes of one transaction."""

    keeps_media: bool = False
    """Whether it can change what streams hold."""

    @abstractmethod
    def atomic(self) -> AbstractContextManager[None]:
        """Return a block that, if it ends with an exception, leaves nothing of what was changed in it."""

    @abstractmethod
    def keeping(self, navigation: NavigationProperty) -> Keeping:
        """Say how the links of a navigation property are kept."""

    @abstractmethod
    def lock(self, entity_set: EntitySet, key: NativeKey) -> None:
        """Keep others from changing an entity until the transaction ends; nothing happens if it is not there."""

    @abstractmethod
    def insert(
        self, entity_set: EntitySet, values: Mapping[str, object], ties: Sequence[Tie], kind: EntityType
    ) -> NativeKey:
        """Add an entity, and return its key. What ``values`` leaves out is made by the store, or null.

        ``kind`` is its type: that of the set, or one derived from it.

        Raises `DuplicateKey`, `NoSuchEntity` for a tie that leads nowhere, or another Conflict.
        """

    @abstractmethod
    def update(self, entity_set: EntitySet, key: NativeKey, values: Mapping[str, object], kind: EntityType) -> None:
        """Change properties of an entity that is there, of the type ``kind``. Raises Conflict."""

    @abstractmethod
    def delete(self, entity_set: EntitySet, key: NativeKey) -> None:
        """Remove an entity that is there, with its links. Raises `StillReferenced` where others depend on it."""

    @abstractmethod
    def link(self, entity_set: EntitySet, key: NativeKey, navigation: NavigationProperty, target: NativeKey) -> None:
        """Link two entities, which is no change if they are linked. A link to one takes the place of the one before.

        Raises `NoSuchEntity` if one of them is not there.
        """

    @abstractmethod
    def unlink(self, entity_set: EntitySet, key: NativeKey, navigation: NavigationProperty, target: NativeKey) -> None:
        """Remove the link between two entities that are linked. Raises `RequiredLink` where one may not be without."""

    def put_media(
        self, entity_set: EntitySet, key: NativeKey, stream: Stream, media: Media, most: int | None = None
    ) -> None:
        """Set what a stream of an entity that is there holds. Raises `PayloadTooLarge` beyond ``most`` bytes."""
        raise Unsupported(f"{entity_set.name} keeps no media", target=stream.name)

    def remove_media(self, entity_set: EntitySet, key: NativeKey, stream: Stream) -> None:
        """Let a stream of an entity that is there hold nothing."""
        raise Unsupported(f"{entity_set.name} keeps no media", target=stream.name)
