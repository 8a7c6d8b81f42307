"""The one interface over every store: an entity set as a mapping that takes queries and changes.

Changes go to the entity set whatever the conditions of the collection, so that an entity just inserted may be one that
a filtered collection does not have. They are carried out at once within the transaction, and last once it is committed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.model import EntitySet, EntityType
from demotic.query import Options
from demotic.store._entity import Entity
from demotic.store._errors import NoSuchEntity, ReadOnly
from demotic.store._reading import Condition, Key, Ordering, ReadingCollection
from demotic.store.changes import Origin, Unit, native_key
from demotic.store.media import BINARY_TYPE, OWN, Content, Media, Readable, stream_named

__all__ = ["Collection", "Condition", "Key", "Ordering"]


REQUIRED: Final = object()
"""In place of a default: there is none."""


class Collection(ReadingCollection):
    """Entities by key, as they are in one transaction, to be read and changed.

    >>> with store.transaction() as tx:   # doctest: +SKIP
    ...     tea = tx["Products"].insert({"Name": "Tea", "Price": 3})
    ...     tx["Products"].update(tea.key, {"Price": 4}, if_match=tea.etag)
    """

    __slots__ = ()

    def insert(self, values: Mapping[str, object], *, type: str | EntityType | None = None) -> Entity:
        """Add an entity, and return it as kept. What is not given is made by the store, or the default, or null.

        ``type`` is that of the entity where it is derived from the collection's; ``@type`` among its values does as
        well, and for what is inserted with it.

        The value of a navigation property is a `Ref` or an entity that was read (a link to what is there), a mapping
        (a new entity, inserted with this one), or for many a list of these. That of a stream is bytes or
        `demotic.store.media.Media`, and a media entity's own is given under the name ``$value``. In a collection that
        was followed from an entity, the new one is linked to that one.

        Raises `UnknownName`, `InvalidValue`, `MissingValue`, `DuplicateKey`, or another Conflict of the data; then
        nothing was inserted.
        """
        origin = self._origin
        kind = self._heir(type) if type is not None else self._type
        if kind is not self._set.type and self._set.type not in kind.lineage():
            kind = self._set.type
        if origin is None:
            return self._unit.insert(self._set, values, kind=kind)
        source, key, navigation = origin
        under = Origin(source, native_key(source.type, key), navigation)
        return self._unit.insert(self._set, values, under=under, kind=kind)

    def update(self, key: Key, values: Mapping[str, object], *, if_match: str | None = None) -> Entity:
        """Change properties of an entity, and return it as kept.

        ``if_match`` is the entity tag that it must still have (`Entity.etag`). Raises also `NoSuchEntity`, and
        `EntityChanged` if it was changed meanwhile.
        """
        return self._unit.update(self._set, self._member(key), values, if_match=if_match)

    def replace(self, key: Key, values: Mapping[str, object], *, if_match: str | None = None) -> Entity:
        """Set all properties of an entity: those not given to their defaults. Raises as `update` does."""
        return self._unit.update(self._set, self._member(key), values, if_match=if_match, whole=True)

    def upsert(self, key: Key, values: Mapping[str, object]) -> Entity:
        """Change an entity, or insert it if there is none with the key; return it as kept."""
        if self._origin is not None:
            raise InvalidInput("upsert works on an entity set", target=self._name, hint="use insert or update")
        return self._unit.upsert(self._set, key, values)[0]

    def delete(self, key: Key, *, if_match: str | None = None) -> None:
        """Remove an entity and its links.

        Raises `NoSuchEntity`, `EntityChanged`, and `StillReferenced` if others depend on it.
        """
        self._unit.delete(self._set, self._member(key), if_match=if_match)

    def __delitem__(self, key: Key) -> None:
        self.delete(key)

    def pop(self, key: Key, default: Any = REQUIRED) -> Any:
        """Remove an entity, and return it as it was; ``default`` is returned where there is none.

        Without one raises `NoSuchEntity`; raises as `delete` does.
        """
        found = self.get(key)
        if found is None:
            if default is REQUIRED:
                raise NoSuchEntity(f"{self._name} has no entity with the key {key!r}", target=self._name)
            return default
        self._unit.delete(self._set, found.key)
        return found

    def popitem(self) -> tuple[Key, Entity]:
        """Remove the first entity in the order, and return its key and it as it was. Raises `NoSuchEntity`."""
        found = self.first()
        if found is None:
            raise NoSuchEntity(f"{self._name} is empty", target=self._name)
        self._unit.delete(self._set, found.key)
        return found.key, found

    def clear(self) -> int:
        """Remove all entities that the collection has, of a slice those in it, and return how many there were."""
        keys = list(self)
        for key in keys:
            self._unit.delete(self._set, key)
        return len(keys)

    def open_media(self, key: Key, name: str = OWN.name) -> Readable | None:
        """Open the media of an entity, or a stream property of that name, for reading; ``None`` if it holds nothing.

        Raises `UnknownName`, `NoSuchEntity`, and Unsupported where the store does not keep it.

        >>> with photos.open_media(7) as media:   # doctest: +SKIP
        ...     print(media.info.content_type, media.info.length)
        ...     for chunk in media.chunks():
        ...         file.write(chunk)
        """
        stream = stream_named(self._type, name)
        parts = native_key(self._type, self._member(key))
        return self._transaction.view.media(self._set, parts, stream)

    def write_media(
        self,
        key: Key,
        content: Content,
        content_type: str = BINARY_TYPE,
        name: str = OWN.name,
        *,
        if_match: str | None = None,
    ) -> None:
        """Replace the media of an entity, or what a stream property holds, by bytes or what a file has.

        ``if_match`` is the tag that it must still have (``media.info.etag``). Raises also `EntityChanged`,
        `PayloadTooLarge` for more than the property takes, and InvalidInput for what is no content or type.
        """
        media = Media(content, content_type)
        self._unit.put_media(self._set, self._member(key), name, media, if_match=if_match)

    def remove_media(self, key: Key, name: str, *, if_match: str | None = None) -> None:
        """Let a stream property hold nothing any more. Raises as `write_media` does, and for what must not be null."""
        self._unit.put_media(self._set, self._member(key), name, None, if_match=if_match)

    def link(self, key: Key, navigation: str, target: Key) -> None:
        """Link an entity to another; a link to one takes the place of the one before. Raises `NoSuchEntity`."""
        self._unit.link(self._set, self._member(key), navigation, target)

    def unlink(self, key: Key, navigation: str, target: Key | None = None) -> None:
        """Remove a link; ``target`` may be left out for navigation to one.

        Raises `NoSuchEntity` if it is not there, `RequiredLink` where an entity may not be without it.
        """
        self._unit.unlink(self._set, self._member(key), navigation, target)

    # --- how it is done

    @property
    def _unit(self) -> Unit:
        return self._transaction.unit

    @property
    def _set(self) -> EntitySet:
        if self._home is None:
            raise ReadOnly(f"{self._name} leads to no one entity set", hint="write to the entity set itself")
        return self._home

    def _member(self, key: Key) -> Key:
        """Return a key. Raises `NoSuchEntity` if the collection was followed or cast, and does not lead there."""
        cast = self._type is not self._set.type
        if (cast or self._origin is not None) and self._find(key, Options()) is None:
            raise NoSuchEntity(f"{self._name} has no entity with the key {key!r}", target=self._name)
        return key
