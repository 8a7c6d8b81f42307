"""Changes as far as they are granted.

What somebody cannot see is not there for their changes: it is neither changed, removed nor linked. What is changed or
removed must fulfil the condition of that right before, and what was inserted or changed must, when the change is
complete, be something that they can see and might have made. Who holds a link is changed by it. What the data refuses
is told without the names of hidden properties, and a reference to what cannot be seen is refused as one to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from demotic.errors import Conflict, DemoticError, Forbidden, InvalidInput
from demotic.model import EntitySet, EntityType, NavigationProperty
from demotic.service.access._looks import Looks
from demotic.service.access._sight import Sight
from demotic.service.identity import Identity
from demotic.store import (
    BrokenReference,
    ConstraintBroken,
    DuplicateKey,
    MissingValue,
    NoSuchEntity,
    RequiredLink,
    StillReferenced,
    Store,
    target_set,
)
from demotic.store.changes import Holder, Keeping, NativeKey, Tie, Writer, not_there
from demotic.store.media import Media, Stream

_DONE: Final = {"insert": "inserted into", "update": "changed in", "delete": "removed from"}


class NotGranted(Forbidden):
    """Who is asking has no right to do this with any entity of the set."""

    code = "NotGranted"


class OutOfBounds(Forbidden):
    """Who is asking has no right to do this with this entity, or to make it what it would be."""

    code = "OutOfBounds"


@dataclass(frozen=True, slots=True)
class _Touched:
    """An entity that was changed, in what way, and over which navigation it may have come to refer to others."""

    place: EntitySet
    key: NativeKey
    operation: str
    ways: tuple[NavigationProperty, ...] = ()


class GuardedWriter(Writer):
    """The primitive changes of one transaction, for somebody."""

    def __init__(self, inner: Writer, view: Store, sight: Sight, identity: Identity) -> None:
        self._inner = inner
        self._sight = sight
        self._looks = Looks(view, sight, identity)
        self._touched: list[_Touched] = []
        self._depth = 0
        self.keeps_media = inner.keeps_media

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Return a block that leaves nothing if it ends with an exception, nor if it made what is not granted."""
        with self._inner.atomic():
            before, self._depth = len(self._touched), self._depth + 1
            try:
                yield
                self._check()
            except NoSuchEntity:
                self._check()  # what was just made may be out of sight: that is why it cannot be read back
                raise
            finally:
                self._depth -= 1
                if not self._depth:
                    del self._touched[before:]

    def _check(self) -> None:
        """Raise Forbidden for what was made and is not granted."""
        if self._depth > 1:
            return
        for item in self._touched:
            for way in item.ways:
                if not self._looks.sees_along(item.place, item.key, way):
                    raise _broken_reference(item.place.type)
            if not self._looks.sees(item.place, item.key, self._sight.rights[item.place][item.operation]):
                raise OutOfBounds(
                    f"what would be {_DONE[item.operation]} {item.place.name} is more than who is asking may make",
                    target=item.place.name,
                )

    # --- changes

    def keeping(self, navigation: NavigationProperty) -> Keeping:
        """Say how links are kept, as far as that can be seen."""
        way = self._way(navigation)
        found = self._inner.keeping(way)
        hidden = self._sight.hidden_names
        return replace(found, names=tuple(name for name in found.names if name not in hidden)) if hidden else found

    def lock(self, entity_set: EntitySet, key: NativeKey) -> None:
        """Keep others from changing an entity."""
        self._inner.lock(self._place(entity_set), key)

    def insert(
        self, entity_set: EntitySet, values: Mapping[str, object], ties: Sequence[Tie], kind: EntityType
    ) -> NativeKey:
        """Add an entity."""
        place, kind = self._place(entity_set), self._kind(kind)
        self._ensure_granted(place, "insert")
        known = tuple(replace(tie, navigation=self._way(tie.navigation)) for tie in ties)
        for tie, given in zip(known, ties, strict=True):
            self._ensure_seen(self._end_of(given), tie.key)
        with self._telling(place.type):
            key = self._inner.insert(place, values, known, kind)
        self._touched.append(_Touched(place, key, "insert", self._references(kind, values)))
        return key

    def update(self, entity_set: EntitySet, key: NativeKey, values: Mapping[str, object], kind: EntityType) -> None:
        """Change properties of an entity."""
        place, kind = self._place(entity_set), self._kind(kind)
        self._ensure_right(place, key, "update")
        with self._telling(place.type):
            self._inner.update(place, key, values, kind)
        self._touched.append(_Touched(place, key, "update", self._references(kind, values)))

    def delete(self, entity_set: EntitySet, key: NativeKey) -> None:
        """Remove an entity."""
        place = self._place(entity_set)
        self._ensure_right(place, key, "delete")
        with self._telling(place.type):
            self._inner.delete(place, key)
        self._touched = [item for item in self._touched if (item.place, item.key) != (place, key)]

    def link(self, entity_set: EntitySet, key: NativeKey, navigation: NavigationProperty, target: NativeKey) -> None:
        """Link two entities."""
        place, way = self._place(entity_set), self._way(navigation)
        there = self._target(entity_set, navigation)
        self._ensure_seen(place, key)
        self._ensure_seen(there, target)
        changed = self._holder(place, key, way, there, target)
        self._ensure_right(*changed, "update")
        if changed[0] is there and not way.collection:
            self._release(place, key, way, there, target)
        with self._telling(place.type):
            self._inner.link(place, key, way, target)
        self._touched.append(_Touched(*changed, "update"))

    def unlink(self, entity_set: EntitySet, key: NativeKey, navigation: NavigationProperty, target: NativeKey) -> None:
        """Remove the link between two entities."""
        place, way = self._place(entity_set), self._way(navigation)
        there = self._target(entity_set, navigation)
        changed = self._holder(place, key, way, there, target)
        self._ensure_right(*changed, "update")
        with self._telling(place.type):
            self._inner.unlink(place, key, way, target)
        self._touched.append(_Touched(*changed, "update"))

    def put_media(
        self, entity_set: EntitySet, key: NativeKey, stream: Stream, media: Media, most: int | None = None
    ) -> None:
        """Set what a stream of an entity holds."""
        place = self._place(entity_set)
        self._ensure_right(place, key, "update")
        with self._telling(place.type):
            self._inner.put_media(place, key, stream, media, most)
        self._touch(place, key)

    def remove_media(self, entity_set: EntitySet, key: NativeKey, stream: Stream) -> None:
        """Let a stream of an entity hold nothing."""
        place = self._place(entity_set)
        self._ensure_right(place, key, "update")
        with self._telling(place.type):
            self._inner.remove_media(place, key, stream)
        self._touch(place, key)

    def _touch(self, place: EntitySet, key: NativeKey) -> None:
        """Note a change of what an entity holds; the content of a new one belongs to its insertion."""
        if not self._is_new(place, key):
            self._touched.append(_Touched(place, key, "update"))

    # --- rights

    def _is_new(self, place: EntitySet, key: NativeKey) -> bool:
        return any((item.place, item.key, item.operation) == (place, key, "insert") for item in self._touched)

    def _ensure_granted(self, place: EntitySet, operation: str) -> None:
        if operation not in self._sight.rights[place]:
            raise NotGranted(f"nothing of {place.name} may be {operation}{'d' if operation[-1] == 'e' else 'ed'} here",
                             target=place.name)  # fmt: skip

    def _ensure_right(self, place: EntitySet, key: NativeKey, operation: str) -> None:
        """Raise Forbidden unless an entity may be changed or removed; what was just inserted may be linked."""
        if self._is_new(place, key):
            return
        self._ensure_seen(place, key)
        self._ensure_granted(place, operation)
        if not self._looks.sees(place, key, self._sight.rights[place][operation]):
            raise OutOfBounds(f"this entity of {place.name} may be read, but no more than that", target=place.name)

    def _ensure_seen(self, place: EntitySet, key: NativeKey) -> None:
        if self._is_new(place, key):
            return
        if not self._looks.sees(place, key):
            raise not_there(place, key)

    def _holder(
        self, place: EntitySet, key: NativeKey, way: NavigationProperty, there: EntitySet, target: NativeKey
    ) -> tuple[EntitySet, NativeKey]:
        """Return the entity that a link is kept in; of one that is kept apart, the one it was asked of."""
        return (there, target) if self._inner.keeping(way).holder is Holder.TARGET else (place, key)

    def _release(
        self, place: EntitySet, key: NativeKey, way: NavigationProperty, there: EntitySet, target: NativeKey
    ) -> None:
        """Ensure that the entity whose place another takes may be changed."""
        before = self._looks.at_end(place, key, way)
        if before is None or before == target:
            return
        if not self._looks.sees(there, before):
            raise Conflict(f"{way.name} of this {place.type.name} cannot be changed here", target=way.name)
        self._ensure_right(there, before, "update")
        self._touched.append(_Touched(there, before, "update"))

    # --- from the part to the whole

    def _place(self, entity_set: EntitySet) -> EntitySet:
        return self._sight.projection.sets.get(entity_set, entity_set)

    def _kind(self, kind: EntityType) -> EntityType:
        return self._sight.projection.types.get(kind, kind)

    def _way(self, navigation: NavigationProperty) -> NavigationProperty:
        return self._sight.projection.navigation.get(navigation, navigation)

    def _target(self, entity_set: EntitySet, navigation: NavigationProperty) -> EntitySet:
        return self._place(target_set(self._sight.projection.model, entity_set, navigation))

    def _end_of(self, tie: Tie) -> EntitySet:
        """Return the set of the entity that a new one is tied to."""
        sets = self._sight.projection.sets
        for seen, place in sets.items():
            ways = seen.type.all_navigation().values()
            if tie.navigation in ways:
                return place if tie.backwards else self._target(seen, tie.navigation)
        raise Forbidden(f"{tie.navigation.name} leads to what may not be seen")

    def _references(self, kind: EntityType, values: Mapping[str, object]) -> tuple[NavigationProperty, ...]:
        """Return the ways that given values may refer to others by, as far as not all of these can be seen."""
        found = []
        for way in kind.all_navigation().values():
            if way.collection or not self._sight.is_partial(way.target):
                continue
            keeping = self._inner.keeping(way)
            if keeping.holder is Holder.SOURCE and keeping.names and all(
                values.get(name) is not None for name in keeping.names if name in values
            ) and any(name in values for name in keeping.names):  # fmt: skip
                found.append(way)
        return tuple(found)

    # --- what is told

    @contextmanager
    def _telling(self, kind: EntityType) -> Iterator[None]:
        """Tell what the data refuses in words that give nothing away."""
        try:
            yield
        except (Conflict, InvalidInput) as error:
            raise _told(error, kind, self._sight.hidden_names) from None


def _told(error: DemoticError, kind: EntityType, hidden: frozenset[str]) -> DemoticError:
    if isinstance(error, BrokenReference):
        return _broken_reference(kind)
    if isinstance(error, StillReferenced):
        return StillReferenced(f"others refer to this {kind.name}", target=kind.name)
    words = f"{error.message} {error.target} {error.hint}"
    if not any(name in words for name in hidden):
        return error
    if isinstance(error, DuplicateKey):
        return DuplicateKey(f"there is such a {kind.name} already", target=kind.name)
    if isinstance(error, RequiredLink):
        return RequiredLink(f"this {kind.name} cannot be without the link", target=kind.name)
    if isinstance(error, MissingValue):
        return MissingValue(f"{kind.name} lacks a value that cannot be given here", target=kind.name)
    return ConstraintBroken(f"a rule of the data refuses this {kind.name}", target=kind.name)


def _broken_reference(kind: EntityType) -> BrokenReference:
    return BrokenReference(f"{kind.name} would refer to what is not there", target=kind.name)
