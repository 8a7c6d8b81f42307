"""A unit of work: the changes of one transaction, each carried out whole or not at all.

A new entity is inserted after what it refers to and before what refers to it, so that a store that checks references at
once is content. Changes ignore any condition of the collection that they are asked of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from demotic.errors import InvalidInput
from demotic.model import EntitySet, EntityType, InvalidValue, NavigationProperty
from demotic.query import (
    Along,
    ByKey,
    Kind,
    Parameter,
    Query,
    Read,
    Source,
    UnknownName,
    Variable,
    choices,
    whole_query,
)
from demotic.store._entity import ENTITIES, Entity
from demotic.store._entity_tag import entity_tag
from demotic.store._errors import BrokenReference, DuplicateKey, EntityChanged, MissingValue, NoSuchEntity
from demotic.store._interface import Store
from demotic.store._navigation import only_target, target_set
from demotic.store.changes._intake import Changes, New, native_key, read_changes, read_new
from demotic.store.changes._merge import has_partial, merged
from demotic.store.changes._rules import is_immutable
from demotic.store.changes._writer import Holder, NativeKey, Tie, Writer, not_there
from demotic.store.media import OWN, Media, Stream, ensure_shared, most_of, own_stream, stream_named

ANY_STATE = "*"
"""As ``if_match``: the entity must be there, in whatever state."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A navigation property of an entity that is there, under which another is inserted."""

    entity_set: EntitySet
    key: NativeKey
    navigation: NavigationProperty


class Unit:
    """The changes of one transaction, over a view that has a writer."""

    def __init__(self, view: Store, writer: Writer) -> None:
        self._view = view
        self._writer = writer
        self._model = view.model
        self._locked: dict[tuple[EntitySet, NativeKey], Entity] = {}

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """A block of changes that leaves nothing of them if it ends with an exception."""
        try:
            with self._writer.atomic():
                yield
        except BaseException:
            self._locked.clear()  # locks of the block are gone with it
            raise

    @property
    def _changer(self) -> Writer:
        """The writer, for a change: what was read before may be otherwise after it."""
        self._locked.clear()
        return self._writer

    # --- entities

    def insert(
        self,
        entity_set: EntitySet,
        given: Mapping[str, object],
        *,
        under: Origin | None = None,
        kind: EntityType | None = None,
    ) -> Entity:
        """Insert an entity, with new entities and links below it, and return it as kept.

        ``under`` makes it what a navigation property of another entity leads to. ``kind`` is its type where its values
        do not say another one derived from that; by default it is the set's.
        """
        new = self._new(entity_set, given, under, kind)
        with self._whole():
            return self.require(entity_set, self._added(new, under))

    def add(
        self,
        entity_set: EntitySet,
        given: Mapping[str, object],
        *,
        under: Origin | None = None,
        kind: EntityType | None = None,
    ) -> NativeKey:
        """Insert an entity, as `insert` does, and return its key alone: for who does not look at it, or otherwise."""
        new = self._new(entity_set, given, under, kind)
        with self._whole():
            return self._added(new, under)

    def load(self, entity_set: EntitySet, given: Mapping[str, object]) -> NativeKey:
        """Insert an entity, as `insert` does, and return its key alone: for many in one `together`."""
        return self._insert(read_new(self._model, entity_set, given), ())

    def together(self) -> AbstractContextManager[None]:
        """Return a block of changes that leaves nothing of them if it ends with an exception."""
        return self._whole()

    def update(
        self,
        entity_set: EntitySet,
        key: object,
        given: Mapping[str, object],
        *,
        if_match: str | None = None,
        whole: bool = False,
    ) -> Entity:
        """Change an entity and return it as kept; ``whole`` sets what is not given to its default.

        ``if_match`` is the entity tag that it must have, or ``"*"``. Raises `NoSuchEntity`, `EntityChanged`.
        """
        with self._whole():
            return self.require(entity_set, self._changed(entity_set, key, given, if_match, whole))

    def change(
        self,
        entity_set: EntitySet,
        key: object,
        given: Mapping[str, object],
        *,
        if_match: str | None = None,
        whole: bool = False,
    ) -> None:
        """Change an entity, as `update` does: for who does not look at it, or otherwise."""
        with self._whole():
            self._changed(entity_set, key, given, if_match, whole)

    def upsert(self, entity_set: EntitySet, key: object, given: Mapping[str, object]) -> tuple[Entity, bool]:
        """Change the entity with a key, or insert it if there is none; return it, and whether it was inserted."""
        parts = native_key(entity_set.type, key)
        self._writer.lock(entity_set, parts)
        if self.find(entity_set, parts) is not None:
            return self.update(entity_set, parts, given), False
        names = [item.name for item in entity_set.type.key]
        try:
            return self.insert(entity_set, {**given, **dict(zip(names, parts, strict=True))}), True
        except DuplicateKey:
            if self.find(entity_set, parts) is None:
                raise
        return self.update(entity_set, parts, given), False  # somebody else was faster

    def delete(self, entity_set: EntitySet, key: object, *, if_match: str | None = None) -> None:
        """Remove an entity and its links. Raises `NoSuchEntity`, `EntityChanged`, or Conflict."""
        parts = native_key(entity_set.type, key)
        with self._whole():
            self.locked(entity_set, parts, if_match)
            self._changer.delete(entity_set, parts)

    # --- streams

    def put_media(
        self, entity_set: EntitySet, key: object, name: str, media: Media | None, *, if_match: str | None = None
    ) -> None:
        """Set what a stream of an entity holds, ``None`` for nothing any more; ``name`` is ``$value`` or a property's.

        ``if_match`` is the entity tag that the stream must have, or ``"*"``. Raises `UnknownName`, `NoSuchEntity`,
        `EntityChanged`, `PayloadTooLarge`; Unsupported where the store does not keep the stream.
        """
        stream = stream_named(entity_set.type, name)
        parts = native_key(entity_set.type, key)
        with self._whole():
            self.locked(entity_set, parts, None)
            if if_match is not None:
                self._ensure_media(entity_set, parts, stream, if_match)
            self._set_media(entity_set, parts, stream, media)

    def _ensure_media(self, entity_set: EntitySet, key: NativeKey, stream: Stream, if_match: str) -> None:
        found = self._view.media(entity_set, key, stream)
        tag = None
        if found is not None:
            with found:
                tag = found.info.etag
        if tag is None or if_match not in (ANY_STATE, tag):
            raise EntityChanged(
                f"{stream.name} of {entity_set.name} was changed meanwhile", target=stream.name, hint="read it again"
            )

    def _set_media(self, entity_set: EntitySet, key: NativeKey, stream: Stream, media: Media | None) -> None:
        ensure_shared(entity_set, stream)
        item = entity_set.type.all_properties().get(stream.name)
        if media is not None:
            self._changer.put_media(entity_set, key, stream, media, most_of(entity_set.type, stream))
        elif item is None or not item.nullable:
            raise InvalidValue(f"{stream.name} of {entity_set.name} must not be null", target=stream.name)
        else:
            self._changer.remove_media(entity_set, key, stream)

    # --- links

    def link(self, entity_set: EntitySet, key: object, navigation: str, target: object) -> None:
        """Link an entity to another, over a navigation property; a link to one takes the place of the one before."""
        parts = native_key(entity_set.type, key)
        item = _navigation(self._kind(entity_set, parts), navigation)
        other = native_key(item.target, target)
        with self._whole():
            self._lock_both(entity_set, parts, item, other)
            self._changer.link(entity_set, parts, item, other)

    def unlink(self, entity_set: EntitySet, key: object, navigation: str, target: object | None = None) -> None:
        """Remove a link; ``target`` may be left out for navigation to one. Raises `NoSuchEntity` if there is none."""
        parts = native_key(entity_set.type, key)
        item = _navigation(self._kind(entity_set, parts), navigation)
        if target is None and item.collection:
            raise InvalidInput(f"{navigation} leads to many", target=navigation, hint="say which to unlink")
        other = None if target is None else native_key(item.target, target)
        with self._whole():
            self.locked(entity_set, parts, None)
            linked = self.related(entity_set, parts, item, other)
            if linked is None:
                raise NoSuchEntity(f"{navigation} does not lead there", target=navigation)
            self._changer.unlink(entity_set, parts, item, native_key(item.target, linked))

    def relate(self, entity_set: EntitySet, key: object, navigation: str, targets: Sequence[object]) -> None:
        """Make a navigation property lead to these entities and to no others."""
        item = _navigation(entity_set.type, navigation)
        parts = native_key(entity_set.type, key)
        wanted = [native_key(item.target, target) for target in targets]
        with self._whole():
            self.locked(entity_set, parts, None)
            self._relate(entity_set, parts, item, wanted)

    # --- reading, in the state of the transaction

    def find(self, entity_set: EntitySet, key: NativeKey) -> Entity | None:
        """Return an entity, ``None`` if it is not there."""
        steps = (_by_key(entity_set.type, 0),)
        return self._one(Source(entity_set, steps), entity_set.type, key)

    def require(self, entity_set: EntitySet, key: NativeKey) -> Entity:
        """Return an entity. Raises `NoSuchEntity`."""
        found = self.find(entity_set, key)
        if found is None:
            raise not_there(entity_set, key)
        return found

    def locked(self, entity_set: EntitySet, key: NativeKey, if_match: str | None) -> Entity:
        """Return an entity that nobody else can change any more. Raises `NoSuchEntity`, `EntityChanged`."""
        found = self._locked.get((entity_set, key))
        if found is None:
            self._writer.lock(entity_set, key)
            found = self._locked[entity_set, key] = self.require(entity_set, key)
        if if_match not in (None, ANY_STATE) and entity_tag(found.type, found) != if_match:
            raise EntityChanged(
                f"{entity_set.name}: the entity was changed meanwhile", target=entity_set.name, hint="read it again"
            )
        return found

    def related(
        self, entity_set: EntitySet, key: NativeKey, navigation: NavigationProperty, target: NativeKey | None
    ) -> Entity | None:
        """Return what a navigation property leads to, of many the one with a key; ``None`` if that is not so."""
        steps: tuple[ByKey | Along, ...] = (_by_key(entity_set.type, 0), Along(navigation))
        if not navigation.collection:
            found = self._one(Source(entity_set, steps), navigation.target, key)
            same = found is not None and (target is None or native_key(navigation.target, found) == target)
            return found if same else None
        assert target is not None
        steps = (*steps, _by_key(navigation.target, len(key)))
        return self._one(Source(entity_set, steps), navigation.target, (*key, *target))

    def _one(self, source: Source, kind: EntityType, values: tuple[object, ...]) -> Entity | None:
        query = whole_query(self._model, kind)
        found: Entity | None = self._view.one(self._view.prepare(Read(source, query, Kind.ENTITY), ENTITIES), values)
        return found

    # --- how it is done

    def _changed(
        self, entity_set: EntitySet, key: object, given: Mapping[str, object], if_match: str | None, whole: bool
    ) -> NativeKey:
        parts = native_key(entity_set.type, key)
        several = bool(self._model.heirs(entity_set.type))
        merging = several or (not whole and has_partial(entity_set.type, given))
        changes = read_changes(self._model, entity_set.type, {} if merging else given, whole=whole)
        found = self.locked(entity_set, parts, if_match)
        kind = found.type
        if merging:
            given = given if whole else merged(kind, found, given)
            changes = read_changes(self._model, kind, given, whole=whole)
        values = _changeable(kind, found, changes) | self._defaults(kind, changes)
        if values:
            self._changer.update(entity_set, parts, values, kind)
            self._ensure_targets(entity_set, parts, kind, values)
        for name, media in changes.media.items():
            self._set_media(entity_set, parts, stream_named(kind, name), media)
        self._change_links(entity_set, parts, changes)
        return parts

    def _new(
        self, entity_set: EntitySet, given: Mapping[str, object], under: Origin | None, kind: EntityType | None
    ) -> New:
        if kind is None and under is not None and entity_set.type in under.navigation.target.lineage():
            kind = under.navigation.target
        return read_new(self._model, entity_set, given, kind)

    def _added(self, new: New, under: Origin | None) -> NativeKey:
        if under is None:
            return self._insert(new, ())
        _navigation(self.locked(under.entity_set, under.key, None).type, under.navigation.name)
        return self._insert_under(new, under)

    def _insert(self, new: New, ties: tuple[Tie, ...], promised: NavigationProperty | None = None) -> NativeKey:
        """Insert an entity after what it refers to, then what refers to it.

        ``promised`` is the way over which it is linked to another as soon as it is there.
        """
        held = {item: self._writer.keeping(item) for item in new.related}
        for item, parts in new.related.items():
            if held[item].holder is Holder.SOURCE:
                ties += tuple(Tie(item, self._there(new.entity_set, item, part)) for part in parts)
        self._ensure_complete(new, ties, promised)
        key = self._changer.insert(new.entity_set, new.values, ties, new.kind)
        self._fill_streams(new, key)
        self._ensure_targets(new.entity_set, key, new.kind, new.values)
        for item, parts in new.related.items():
            if held[item].holder is not Holder.SOURCE:
                for part in parts:
                    self._attach(Origin(new.entity_set, key, item), part)
        return key

    def _fill_streams(self, new: New, key: NativeKey) -> None:
        """Keep the media of a new entity; a media entity that is given none has an empty stream."""
        entity_set, media = new.entity_set, new.media
        empty = OWN.name not in media and own_stream(entity_set.type) is not None and self._writer.keeps_media
        if empty and OWN.name in self._view.media_streams(entity_set):
            media = {OWN.name: Media(b"")} | media
        for name, content in media.items():
            self._set_media(entity_set, key, stream_named(new.kind, name), content)

    def _there(self, entity_set: EntitySet, item: NavigationProperty, part: NativeKey | New) -> NativeKey:
        if isinstance(part, New):
            return self._insert(part, ())
        self._ensure_target(entity_set, item, part)
        return part

    def _kind(self, entity_set: EntitySet, key: NativeKey) -> EntityType:
        """Return the type of an entity. Raises `NoSuchEntity` if that cannot be said without it."""
        several = self._model.heirs(entity_set.type)
        return self.require(entity_set, key).type if several else entity_set.type

    def _ensure_target(self, entity_set: EntitySet, item: NavigationProperty, key: NativeKey) -> None:
        """Raise InvalidInput for an entity of another type than a navigation property leads to."""
        other = target_set(self._model, entity_set, item)
        if other.type not in item.target.lineage() or other.type is item.target:
            return
        kind = self.require(other, key).type
        if item.target not in kind.lineage():
            raise InvalidInput(
                f"{item.name} leads to a {item.target.name}, not to a {kind.name}",
                target=item.name,
                hint=f"link to one of type {item.target.qualified_name}",
            )

    def _ensure_targets(
        self, entity_set: EntitySet, key: NativeKey, kind: EntityType, values: Mapping[str, object]
    ) -> None:
        """Raise `BrokenReference` for values that refer to an entity of another type than they should."""
        for item in kind.all_navigation().values():
            names = [own.name for own, _ in item.constraints]
            if item.collection or not names or not any(values.get(name) is not None for name in names):
                continue
            other = only_target(self._model, entity_set, item)
            if other is None or other.type is item.target or None in [values.get(name, 0) for name in names]:
                continue
            if self.related(entity_set, key, item, None) is None:
                shown = ", ".join(names)
                raise BrokenReference(f"{shown}: there is no such {item.target.name}", target=shown)

    def _attach(self, origin: Origin, part: NativeKey | New) -> None:
        """Make a navigation property of an entity that is there lead to another, or to a new one."""
        if isinstance(part, New):
            self._insert_under(part, origin)
        else:
            self._ensure_target(origin.entity_set, origin.navigation, part)
            self._changer.link(origin.entity_set, origin.key, origin.navigation, part)

    def _insert_under(self, new: New, origin: Origin) -> NativeKey:
        if self._writer.keeping(origin.navigation).holder is Holder.TARGET:
            return self._insert(new, (Tie(origin.navigation, origin.key, backwards=True),))
        key = self._insert(new, (), origin.navigation)
        self._changer.link(origin.entity_set, origin.key, origin.navigation, key)
        return key

    def _ensure_complete(self, new: New, ties: tuple[Tie, ...], promised: NavigationProperty | None) -> None:
        """Raise `MissingValue` unless every property and link is given that an entity cannot be without."""
        kind, tied = new.kind, {tie.navigation for tie in ties}
        filled = {name for item in tied for name in self._writer.keeping(item).names}
        for name in kind.all_properties():
            if name in new.missing and name not in filled:
                raise MissingValue(f"{kind.name} must have a value for {name}", target=name)
        tied |= {promised} if promised is not None else set()
        for item in kind.all_navigation().values():
            if item.nullable or item.collection or item in tied or item in new.related or _partner_tied(item, tied):
                continue
            names = self._writer.keeping(item).names
            if not names or any(new.values.get(name) is None for name in names):
                raise MissingValue(
                    f"{kind.name} must be linked by {item.name}",
                    target=item.name,
                    hint="give Ref(key), or a new entity",
                )

    def _defaults(self, kind: EntityType, changes: Changes) -> dict[str, object]:
        """Return the defaults of what neither was given nor follows from a link. Raises `MissingValue`."""
        filled = {name for item in changes.links for name in self._writer.keeping(item).names}
        values = {name: value for name, value in changes.defaults.items() if name not in filled}
        for name, value in values.items():
            if value is None and not kind.all_properties()[name].nullable:
                raise MissingValue(f"{kind.name} must have a value for {name}", target=name)
        return values

    def _lock_both(self, entity_set: EntitySet, key: NativeKey, item: NavigationProperty, target: NativeKey) -> None:
        self.locked(entity_set, key, None)
        other = target_set(self._model, entity_set, item)
        self._writer.lock(other, target)
        self.require(other, target)
        self._ensure_target(entity_set, item, target)

    def _change_links(self, entity_set: EntitySet, key: NativeKey, changes: Changes) -> None:
        for item, targets in changes.links.items():
            for target in targets:
                self._lock_both(entity_set, key, item, target)
                self._changer.link(entity_set, key, item, target)
        for item, members in changes.wholes.items():
            kept = [self._member(entity_set, key, item, member) for member in members]
            self._relate(entity_set, key, item, kept)
        for item in changes.unlinked:
            linked = self.related(entity_set, key, item, None)
            if linked is not None:
                self._changer.unlink(entity_set, key, item, native_key(item.target, linked))

    def _member(
        self, entity_set: EntitySet, key: NativeKey, item: NavigationProperty, member: NativeKey | Mapping[str, object]
    ) -> NativeKey:
        """Return the key of what an entity shall be related to, changed or inserted if its values are given."""
        if not isinstance(member, Mapping):
            return member
        there, names = target_set(self._model, entity_set, item), [part.name for part in item.target.key]
        constraints = item.partner.constraints if item.partner is not None else ()
        origin = self.require(entity_set, key) if constraints else {}
        known = {mine.name: origin[other.name] for mine, other in constraints} | dict(member)
        if all(name in known for name in names):
            found = native_key(item.target, {name: known[name] for name in names})
            if self.find(there, found) is not None:
                self._changed(there, found, {n: value for n, value in member.items() if n not in names}, None, False)
                return found
        return self._insert_under(read_new(self._model, there, member, item.target), Origin(entity_set, key, item))

    def _relate(
        self, entity_set: EntitySet, key: NativeKey, item: NavigationProperty, wanted: Sequence[NativeKey]
    ) -> None:
        """Link to what is wanted, and undo all other links."""
        linked = self._linked(entity_set, key, item)
        for target in linked:
            if target not in wanted:
                self._changer.unlink(entity_set, key, item, target)
        for target in dict.fromkeys(wanted):
            if target not in linked:
                self._lock_both(entity_set, key, item, target)
                self._changer.link(entity_set, key, item, target)

    def _linked(self, entity_set: EntitySet, key: NativeKey, item: NavigationProperty) -> list[NativeKey]:
        """Return the keys of all that a navigation property leads to."""
        kind = item.target
        source = Source(entity_set, (_by_key(entity_set.type, 0), Along(item)))
        read = Read(source, Query(kind, Variable("$it", 0, kind), kind.key), Kind.COLLECTION)
        with self._view.run(self._view.prepare(read, ENTITIES), key) as result:
            return [native_key(kind, entity) for rows in result.batches() for entity in rows]


def _partner_tied(item: NavigationProperty, tied: set[NavigationProperty]) -> bool:
    return item.partner is not None and item.partner in tied


def _by_key(kind: EntityType, first: int) -> ByKey:
    parameters = []
    for slot, item in enumerate(kind.key, first):
        type_ = item.primitive
        assert type_ is not None
        parameters.append(Parameter(slot, type_))
    return ByKey(tuple(parameters))


def _navigation(kind: EntityType, name: str) -> NavigationProperty:
    known = kind.all_navigation()
    if name not in known:
        raise UnknownName(
            f"{kind.qualified_name} has no navigation property {name}", target=str(name), hint=choices(str(name), known)
        )
    return known[name]


def _changeable(kind: EntityType, found: Entity, changes: Changes) -> dict[str, object]:
    """Return the values that change anything. Raises InvalidInput for what may not be changed."""
    keys = {item.name for item in kind.key}
    values = {}
    for name, value in changes.values.items():
        fixed = "a key cannot change" if name in keys else f"{name} keeps the value that it was created with"
        if name in keys or is_immutable(kind.all_properties()[name]):
            if value != found[name]:
                raise InvalidInput(fixed, target=name, hint="insert another entity, delete this one")
        else:
            values[name] = value
    return values
