"""Request bodies: JSON objects as the values that a unit of work takes.

OData JSON Format 4.01, sections 4.5 and 4.6 (control information), 7 (properties), 8.5 (binding) and 9; OData Protocol
4.01, sections 11.4.2 to 11.4.5. What a caller may send but cannot decide (computed values; key and immutable values of
an entity that is there) is passed over, as section 11.4.3 asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from demotic.errors import InvalidInput, Unsupported
from demotic.model import (
    STREAM,
    EntityType,
    EnumType,
    InvalidValue,
    NavigationProperty,
    Property,
    StructuredType,
    told_type,
)
from demotic.protocols.odata.common.changes import Resolve
from demotic.query import UnknownName, choices
from demotic.service import TYPE_KEYS, Media, Ref, Whole, heir_called, is_computed, is_immutable

_IDENTIFIERS: Final = ("@odata.id", "@id")
_TYPES: Final = ("@odata.type", "@type")
_BINDINGS: Final = ("odata.bind", "bind")
_DELTAS: Final = ("odata.delta", "delta")
_MEDIA_TYPES: Final = ("odata.mediaContentType", "mediaContentType")
_REMOVALS: Final = ("@odata.removed", "@removed")
_BY_REF: Final = "bind what is added, and add or remove links by Navigation/$ref"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the objects of one body.

    ``existing`` says that the entity is there already, ``below`` that it is within one that is.
    """

    resolve: Resolve
    existing: bool = False
    below: bool = False

    def entity(self, kind: EntityType, given: Mapping[str, Any], path: str = "") -> dict[str, object]:
        """Return the values of an entity by name, references as `Ref`, new entities as mappings."""
        declared, kind = kind, self._kind(kind, given, path)
        properties, navigation = kind.all_properties(), kind.all_navigation()
        values: dict[str, object] = {} if kind is declared else {TYPE_KEYS[0]: kind}
        bound: dict[str, object] = {}
        for name, value in given.items():
            if name in _REMOVALS:
                raise Unsupported(f"{path}{name}: links are not removed like this", target=path + name, hint=_BY_REF)
            if name.startswith("@"):
                continue
            if "@" in name:
                self._annotation(kind, name, value, path, bound)
            elif name in properties:
                if not self._is_passed_over(kind, properties[name]):
                    values[name] = native(properties[name], value, path + name)
            elif name in navigation:
                values[name] = self._related(navigation[name], value, path + name)
            else:
                known = [*properties, *navigation]
                raise UnknownName(
                    f"{kind.qualified_name} has no property {name}", target=path + name, hint=choices(name, known)
                )
        for name in values:
            if name in properties and properties[name].type is STREAM:
                values[name] = _media(given, name, values[name])
        for name, references in bound.items():
            if name in values and not navigation[name].collection:
                raise InvalidInput(
                    f"{path}{name} is given twice", target=path + name, hint="bind it, or give the entity"
                )
            values[name] = _joined(values.get(name), references)
        return values

    def _kind(self, kind: EntityType, given: Mapping[str, Any], path: str) -> EntityType:
        """Return the type that an entity says it is of (section 4.5.3). Raises InvalidInput for no type of it."""
        name = next((name for name in _TYPES if isinstance(given.get(name), str)), None)
        if name is None:
            return kind
        try:
            return heir_called(self.resolve.model, kind, given[name].rpartition("#")[2])
        except InvalidInput as fault:
            raise InvalidInput(fault.message, target=path + name, hint=fault.hint) from None

    def _is_passed_over(self, kind: EntityType, item: Property) -> bool:
        return is_computed(item) or (self.existing and (item in kind.key or is_immutable(item)))

    def _annotation(self, kind: EntityType, name: str, value: object, path: str, bound: dict[str, object]) -> None:
        """Take ``Navigation@odata.bind``; other control information about members is for readers."""
        member, _, term = name.partition("@")
        if term in _DELTAS:
            raise Unsupported(f"{path}{name}: changes of a collection are not taken", target=path + name, hint=_BY_REF)
        if term not in _BINDINGS:
            return
        item = kind.all_navigation().get(member)
        if item is None:
            known = list(kind.all_navigation())
            raise UnknownName(
                f"{kind.qualified_name} has no navigation property {member}",
                target=path + name,
                hint=choices(member, known),
            )
        urls = value if isinstance(value, list) else [value]
        if item.collection is not isinstance(value, list) and value is not None:
            shape = "a list of URLs" if item.collection else "one URL"
            raise InvalidInput(f"{member} is bound to {shape}", target=path + name)
        if value is None:
            bound[member] = None
            return
        references = [self._reference(item, url, path + name) for url in urls]
        bound[member] = references if item.collection else references[0]

    def _reference(self, item: NavigationProperty, url: object, path: str) -> Ref:
        if not isinstance(url, str):
            raise InvalidInput(f"{path} takes the URL of an entity", target=path)
        return self.resolve(url, item.target)

    def _related(self, item: NavigationProperty, value: object, path: str) -> object:
        if value is None:
            return None
        if item.collection:
            if not isinstance(value, list):
                raise InvalidInput(f"{path} leads to many: it takes a list", target=path)
            parts = [self._one(item, part, f"{path}[{n}]") for n, part in enumerate(value)]
            # Within an entity that is there, they are all that it shall be related to (Protocol, section 11.4.3.1).
            return Whole(parts) if self.existing or self.below else parts
        return self._one(item, value, path)

    def _one(self, item: NavigationProperty, value: object, path: str) -> object:
        if not isinstance(value, dict):
            raise InvalidInput(f"{path} takes an object", target=path, hint='{"@id": URL} for what is there')
        identifier = next((value[name] for name in _IDENTIFIERS if name in value), None)
        if identifier is not None:
            if not all(name.startswith("@") for name in value):
                raise Unsupported(f"{path}: an entity is not linked and changed at once", target=path, hint=_BY_REF)
            if any(name in _REMOVALS for name in value):
                raise Unsupported(f"{path}: links are not removed like this", target=path, hint=_BY_REF)
            return self._reference(item, identifier, path)
        return Reader(self.resolve, below=self.existing or self.below).entity(item.target, value, f"{path}/")


def _media(given: Mapping[str, Any], name: str, value: object) -> object:
    """Return a stream given inline, with its type if that is told (section 4.6.14)."""
    told = next((given[key] for term in _MEDIA_TYPES if (key := f"{name}@{term}") in given), None)
    return Media(value, told) if isinstance(value, bytes) and told is not None else value


def expansion(kind: EntityType, values: Mapping[str, object]) -> str:
    """Return the ``$expand`` that shows all entities that were given below one, empty if there are none.

    ``kind`` is the declared type; that of the entity may be derived from it.
    """
    own = values.get(TYPE_KEYS[0])
    navigation = own.all_navigation() if isinstance(own, EntityType) else kind.all_navigation()
    known, items = kind.all_navigation(), []
    for name, value in values.items():
        parts = value if isinstance(value, list) else [value]
        below = [part for part in parts if isinstance(part, dict)] if name in navigation else []
        if below:
            target = navigation[name].target
            if name not in known and isinstance(own, EntityType):
                name = f"{own.qualified_name}/{name}"
            inner = [text for part in below if (text := expansion(target, part))]
            items.append(f"{name}($expand={max(inner, key=len)})" if inner else name)
    return ",".join(items)


def _joined(given: object, bound: object) -> object:
    return type(given)([*given, *bound]) if isinstance(given, list) and isinstance(bound, list) else bound


def native(item: Property, value: object, path: str) -> object:
    """Return the native value of a property for its JSON form. Raises `InvalidValue` with its path."""
    if not item.collection:
        return _single(item, value, path)
    if not isinstance(value, list):
        raise InvalidValue(f"{path} takes a list", target=path)
    return [_single(item, part, f"{path}[{n}]") for n, part in enumerate(value)]


def _single(item: Property, value: object, path: str) -> object:
    if value is None:
        return None
    kind = item.type
    if isinstance(kind, StructuredType):
        return _complex(kind, value, path)
    if isinstance(kind, EnumType) or item.primitive is None:
        return value
    read = item.primitive.from_json
    assert read is not None  # every primitive type has a JSON form
    try:
        return read(value)
    except InvalidInput as fault:
        raise InvalidValue(f"{path}: {fault.message}", target=path, hint=fault.hint) from None


def _complex(kind: StructuredType, value: object, path: str) -> object:
    if not isinstance(value, dict):
        raise InvalidValue(f"{path} takes an object", target=path)
    actual = told_type(kind, value, path)
    properties = actual.all_properties()
    shown = {name: part for name, part in value.items() if "@" not in name}
    told = {TYPE_KEYS[0]: actual.qualified_name} if any(name in value for name in _TYPES) else {}
    return told | {
        name: native(properties[name], part, f"{path}/{name}") if name in properties else part
        for name, part in shown.items()
    }
