"""Entities as programs see them: mappings of names to native values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from demotic.model import EntityType
from demotic.query import Query, choices
from demotic.store._by_type import by_type
from demotic.store._entity_tag import entity_tag
from demotic.store._errors import NoSuchProperty
from demotic.store._interface import Representation, RowFactory


class Entity(Mapping[str, Any]):
    """An entity as read: its structural properties, and what was expanded in it; read-only.

    Expanded navigation holds an entity, ``None``, or a list; its number, if asked for, is under ``Name@count``.
    """

    __slots__ = ("_type", "_values")

    def __init__(self, type: EntityType, values: dict[str, Any]) -> None:
        self._type = type
        self._values = values

    @property
    def type(self) -> EntityType:
        """The entity's type."""
        return self._type

    @property
    def key(self) -> Any:
        """The entity's key: its one value, or a tuple in the order of the type's key."""
        parts = tuple(self._values[item.name] for item in self._type.key)
        return parts[0] if len(parts) == 1 else parts

    @property
    def etag(self) -> str:
        """The entity tag of what was read, for ``if_match``. Raises `NoSuchProperty` if some were left out."""
        return entity_tag(self._type, self)

    def without_key(self) -> dict[str, Any]:
        """Return the structural properties that were read, but for those of the key and those that the store computes.

        Another entity like this one is made of them: ``products.insert({**tea.without_key(), "Name": "Green tea"})``.
        """
        from demotic.store.changes import is_computed  # which needs this module

        known = self._type.all_properties()
        kept = {name: item for name, item in known.items() if item not in self._type.key and not is_computed(item)}
        return {name: value for name, value in self._values.items() if name in kept}

    def __getitem__(self, name: str) -> Any:
        """Return a property's value, or what was expanded. Raises `NoSuchProperty`, which is a KeyError."""
        try:
            return self._values[name]
        except KeyError:
            raise self._missing(name) from None

    def _missing(self, name: object) -> NoSuchProperty:
        shown, owner = str(name), self._type.qualified_name
        if name in self._type.all_navigation():
            return NoSuchProperty(f"{shown} was not read", target=shown, hint=f'expand it first: .expand("{shown}")')
        if name in self._type.all_properties():
            return NoSuchProperty(f"{shown} was not read", target=shown, hint="name it in select() too")
        known = [*self._type.all_properties(), *self._type.all_navigation()]
        return NoSuchProperty(f"{owner} has no property {shown}", target=shown, hint=choices(shown, known))

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<{self._type.name} {self._values!r}>"


class PartialEntity(Entity):
    """An entity some of whose properties were read in part: there is no entity tag of it, and no copy of those."""

    __slots__ = ("_partial",)

    def __init__(self, type: EntityType, values: dict[str, Any], partial: frozenset[str]) -> None:
        super().__init__(type, values)
        self._partial = partial

    @property
    def etag(self) -> str:
        """There is none. Raises `NoSuchProperty`."""
        name = min(self._partial)
        raise NoSuchProperty(f"{name} was read in part", target=name, hint="name it whole in select()")

    def without_key(self) -> dict[str, Any]:
        """Return the structural properties that were read whole: see `Entity.without_key`."""
        return {name: value for name, value in super().without_key().items() if name not in self._partial}


class EntityForm:
    """The form in which collections take their rows: native values, as `Entity`."""

    representation = Representation.NATIVE

    def row(self, query: Query) -> RowFactory:
        """Return what makes an entity of a level's values."""
        if query.shapes:
            return by_type(query, self.row)
        names = [item.name for item in query.delivered]
        for item in query.expand:
            names.append(item.navigation.name)
            if item.navigation.collection and item.query.count:
                names.append(f"{item.navigation.name}@count")
        for part in query.parts:
            names += [part.property.name, f"{part.property.name}@count"] if part.count else [part.property.name]
        type = query.type
        if query.parts:
            partial = frozenset(part.property.name for part in query.parts)
            return lambda *values: PartialEntity(type, dict(zip(names, values, strict=True)), partial)

        def make(*values: Any) -> Entity:
            return Entity(type, dict(zip(names, values, strict=True)))

        return make


ENTITIES = EntityForm()
"""The one instance: plans are kept by form."""
