"""The changes of a transaction in memory: to a draft that copies what it touches.

References are enforced as a database enforces its foreign keys, at once: what is written must refer to what is there,
and what is referred to cannot be removed unless the model says what becomes of those that refer to it (OData CSDL XML
4.01, section 8.6: Cascade, SetNull, SetDefault).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from demotic.errors import InvalidInput
from demotic.model import INTEGER_RANGES, STREAM, EntitySet, EntityType, NavigationProperty, Property
from demotic.store._errors import BrokenReference, MissingValue, RequiredLink, StillReferenced
from demotic.store.changes import Holder, Keeping, NativeKey, Tie, Writer, default_of, duplicate, is_computed, not_there
from demotic.store.media import Media, Stream, kept
from demotic.store.memory._state import Draft, Entity, key_of, new_entity


class MemoryWriter(Writer):
    """The primitive changes of one draft. What a stream holds is a value of its entity, under the stream's name."""

    keeps_media = True

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Return a block that leaves nothing if it ends with an exception."""
        mark = self._draft.mark()
        try:
            yield
        except BaseException:
            self._draft.back_to(mark)
            raise

    def keeping(self, navigation: NavigationProperty) -> Keeping:
        """Say how links are kept: in the properties of a referential constraint, or apart."""
        if navigation.constraints:
            return Keeping(Holder.SOURCE, tuple(own.name for own, _ in navigation.constraints))
        pairs = self._draft.ways.constraints(navigation)
        return Keeping(Holder.TARGET, tuple(other.name for _, other in pairs)) if pairs else Keeping(Holder.APART)

    def lock(self, entity_set: EntitySet, key: NativeKey) -> None:
        """Nothing: whoever changed it meanwhile is found out when the draft is published."""

    def insert(
        self, entity_set: EntitySet, values: Mapping[str, object], ties: Sequence[Tie], kind: EntityType
    ) -> NativeKey:
        """Add an entity."""
        entity = new_entity(self._draft.ways.model, kind, values)
        for tie in ties:
            self._fill(entity, tie)
        for name, item in kind.all_properties().items():
            if name not in values and entity[name] is None and item.type is not STREAM:
                entity[name] = self._made(entity_set, item)
        key = key_of(kind, entity)
        if key in self._draft.sets[entity_set.name]:
            raise duplicate(entity_set, key)
        self._ensure_references(entity_set, entity)
        self._draft.put(entity_set.name, key, entity)
        return key

    def update(self, entity_set: EntitySet, key: NativeKey, values: Mapping[str, object], kind: EntityType) -> None:
        """Change properties."""
        old = self._draft.sets[entity_set.name][key]
        changed = {**old, **values}
        for name, item in kind.all_properties().items():
            if is_computed(item) and name not in values:
                changed[name] = self._made(entity_set, item, old[name])
        self._ensure_references(entity_set, changed)
        self._draft.put(entity_set.name, key, changed)

    def delete(self, entity_set: EntitySet, key: NativeKey) -> None:
        """Remove an entity, its links, and what goes with it."""
        entity = self._draft.remove(entity_set.name, key)
        self._drop_links(entity_set, key)
        for source, navigation in self._referring(entity_set):
            pairs = navigation.constraints
            for other_key, other in list(self._draft.sets[source.name].items()):
                held = [(other.get(own.name), entity.get(target.name)) for own, target in pairs]
                if all(mine is not None and mine == theirs for mine, theirs in held):
                    self._left(entity_set, source, navigation, other_key)

    def link(self, entity_set: EntitySet, key: NativeKey, navigation: NavigationProperty, target: NativeKey) -> None:
        """Link two entities."""
        other_set = self._draft.ways.target(navigation)
        mine, other = self._there(entity_set, key), self._there(other_set, target)
        keeping = self.keeping(navigation)
        pairs = self._draft.ways.constraints(navigation)
        if keeping.holder is Holder.SOURCE:
            self._refer(entity_set, key, {own.name: other[theirs.name] for own, theirs in pairs})
        elif keeping.holder is Holder.TARGET:
            if not navigation.collection:
                self._release(entity_set, mine, navigation, other_set, except_for=target)
            self._refer(other_set, target, {theirs.name: mine[own.name] for own, theirs in pairs})
        else:
            self._link_apart(key, navigation, target)

    def unlink(self, entity_set: EntitySet, key: NativeKey, navigation: NavigationProperty, target: NativeKey) -> None:
        """Remove the link between two entities."""
        keeping = self.keeping(navigation)
        if keeping.holder is Holder.APART:
            holder, backwards = self._draft.ways.link(navigation)
            pair = (target, key) if backwards else (key, target)
            self._draft.relink(holder, self._draft.links.get(holder, frozenset()) - {pair})
        elif keeping.holder is Holder.SOURCE:
            self._clear(entity_set, key, keeping.names, navigation)
        else:
            self._clear(self._draft.ways.target(navigation), target, keeping.names, navigation)

    def put_media(
        self, entity_set: EntitySet, key: NativeKey, stream: Stream, media: Media, most: int | None = None
    ) -> None:
        """Set what a stream holds."""
        old = self._draft.sets[entity_set.name][key]
        held = kept(media, most, f"{stream.name} of {entity_set.name}")
        self._draft.put(entity_set.name, key, {**old, stream.name: held})

    def remove_media(self, entity_set: EntitySet, key: NativeKey, stream: Stream) -> None:
        """Let a stream hold nothing."""
        self._draft.put(entity_set.name, key, {**self._draft.sets[entity_set.name][key], stream.name: None})

    # --- references

    def _there(self, entity_set: EntitySet, key: NativeKey) -> Entity:
        found = self._draft.sets[entity_set.name].get(key)
        if found is None:
            raise not_there(entity_set, key)
        return found

    def _fill(self, entity: Entity, tie: Tie) -> None:
        """Set what keeps a link in a new entity. Raises InvalidInput if it was given otherwise."""
        ways = self._draft.ways
        if tie.backwards:
            pairs = ways.constraints(tie.navigation)
            there = self._there(ways.source(tie.navigation), tie.key)
            kept = {theirs.name: there[own.name] for own, theirs in pairs}
        else:
            there = self._there(ways.target(tie.navigation), tie.key)
            kept = {own.name: there[theirs.name] for own, theirs in tie.navigation.constraints}
        for name, value in kept.items():
            if entity[name] is not None and entity[name] != value:
                raise InvalidInput(
                    f"{name} is {entity[name]!r}, but {tie.navigation.name} makes it {value!r}",
                    target=name,
                    hint="give one",
                )
            entity[name] = value

    def _ensure_references(self, entity_set: EntitySet, entity: Entity) -> None:
        """Raise `BrokenReference` if an entity refers to what is not there."""
        for navigation in self._draft.ways.kind_of(entity_set, entity).all_navigation().values():
            values = [entity[own.name] for own, _ in navigation.constraints]
            if not values or None in values or self._is_itself(entity_set, entity, navigation):
                continue
            found = self._draft.related(entity, navigation)
            there = None if found is None else self._draft.ways.kind_of(self._draft.ways.target(navigation), found)
            if there is None or navigation.target not in there.lineage():
                names = ", ".join(own.name for own, _ in navigation.constraints)
                shown = ", ".join(map(repr, values))
                raise BrokenReference(f"{names}: there is no {navigation.target.name} {shown}", target=names)

    def _is_itself(self, entity_set: EntitySet, entity: Entity, navigation: NavigationProperty) -> bool:
        same_set = self._draft.ways.target(navigation) is entity_set
        return same_set and all(entity[own.name] == entity[theirs.name] for own, theirs in navigation.constraints)

    def _refer(self, entity_set: EntitySet, key: NativeKey, values: dict[str, Any]) -> None:
        names = {item.name for item in entity_set.type.key}
        old = self._draft.sets[entity_set.name][key]
        if any(name in names and old[name] != value for name, value in values.items()):
            raise RequiredLink("the link is part of the key, and a key cannot change", target=entity_set.name)
        self._draft.put(entity_set.name, key, {**old, **values})

    def _clear(
        self, entity_set: EntitySet, key: NativeKey, names: Sequence[str], navigation: NavigationProperty
    ) -> None:
        """Make properties that keep a link null. Raises `RequiredLink`."""
        kind = self._draft.ways.kind_of(entity_set, self._draft.sets[entity_set.name][key])
        known = kind.all_properties()
        loose = [name for name in names if known[name].nullable and known[name] not in entity_set.type.key]
        if not loose:
            raise RequiredLink(
                f"{', '.join(names)} of {entity_set.name} must not be null, so that {navigation.name} cannot be undone",
                target=navigation.name,
            )
        self._draft.put(entity_set.name, key, {**self._draft.sets[entity_set.name][key], **dict.fromkeys(loose)})

    def _release(
        self,
        entity_set: EntitySet,
        mine: Entity,
        navigation: NavigationProperty,
        other: EntitySet,
        except_for: NativeKey,
    ) -> None:
        """Undo the link that one to a single entity takes the place of."""
        old = self._draft.related(mine, navigation)
        if old is not None and key_of(other.type, old) != except_for:
            self._clear(other, key_of(other.type, old), self.keeping(navigation).names, navigation)

    def _link_apart(self, key: NativeKey, navigation: NavigationProperty, target: NativeKey) -> None:
        holder, backwards = self._draft.ways.link(navigation)
        pair = (target, key) if backwards else (key, target)
        back = navigation.partner
        kept = {
            other
            for other in self._draft.links.get(holder, frozenset())
            if not (not navigation.collection and other[backwards] == pair[backwards])
            and not (back is not None and not back.collection and other[not backwards] == pair[not backwards])
        }
        self._draft.relink(holder, frozenset({*kept, pair}))

    # --- removal

    def _drop_links(self, entity_set: EntitySet, key: NativeKey) -> None:
        ways = self._draft.ways
        for holder, pairs in list(self._draft.links.items()):
            starts, ends = ways.source(holder) is entity_set, ways.target(holder) is entity_set
            kept = {pair for pair in pairs if not (starts and pair[0] == key) and not (ends and pair[1] == key)}
            if len(kept) < len(pairs):
                self._draft.relink(holder, frozenset(kept))

    def _referring(self, entity_set: EntitySet) -> Iterator[tuple[EntitySet, NavigationProperty]]:
        """Yield the navigation properties whose constraints refer to a set, each with the set it starts from."""
        ways = self._draft.ways
        for source in ways.sets.values():
            for navigation in ways.navigation(source):
                if navigation.constraints and ways.leads_to(navigation, entity_set):
                    yield source, navigation

    def _left(self, gone: EntitySet, source: EntitySet, navigation: NavigationProperty, key: NativeKey) -> None:
        """Deal with an entity whose reference leads nowhere any more, as the model says."""
        if key not in self._draft.sets[source.name]:
            return  # removed on the way
        partner = navigation.partner
        action = partner.on_delete if partner is not None and partner.on_delete else navigation.on_delete
        names = tuple(own.name for own, _ in navigation.constraints)
        if action == "Cascade":
            self.delete(source, key)
        elif action == "SetNull":
            self._clear(source, key, names, navigation)
        elif action == "SetDefault":
            defaults = {own.name: default_of(own) for own, _ in navigation.constraints}
            changed = {**self._draft.sets[source.name][key], **defaults}
            self._ensure_references(source, changed)
            self._draft.put(source.name, key, changed)
        else:
            raise StillReferenced(f"{source.name} refer to it by {', '.join(names)}", target=gone.name)

    # --- what the store makes

    def _made(self, entity_set: EntitySet, item: Property, old: object = None) -> object:
        """Return a value for a property that none was given for."""
        primitive = item.primitive
        make = _MAKERS.get(primitive.name) if primitive is not None else None
        in_key = item in entity_set.type.key
        if make is not None:
            return _as_fine_as(item, make())
        if primitive is not None and primitive.name in INTEGER_RANGES and (in_key or old is not None):
            used = [old] if old is not None else [e[item.name] for e in self._draft.sets[entity_set.name].values()]
            return max((int(number) for number in used if isinstance(number, int)), default=0) + 1
        if item.nullable and not in_key:
            return None
        raise MissingValue(f"{entity_set.type.name} must have a value for {item.name}", target=item.name)


def _as_fine_as(item: Property, value: object) -> object:
    """Return a made instant with no more digits than its property keeps."""
    if isinstance(value, datetime) and item.facets.precision is not None:
        unit = 10 ** max(0, 6 - item.facets.precision)
        return value.replace(microsecond=value.microsecond // unit * unit)
    return value


_MAKERS: Final[Mapping[str, Callable[[], object]]] = {
    "Guid": uuid4,
    "DateTimeOffset": lambda: datetime.now(UTC),
    "Date": lambda: datetime.now(UTC).date(),
}
"""What the store makes of itself, by type; integers count upwards."""
