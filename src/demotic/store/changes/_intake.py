"""What a program gives for an entity, checked against its type: native values, links, and new entities below it.

The value of a navigation property may be a `Ref` or an entity that was read (both link to what is there), a mapping (a
new entity, a *deep insert*: OData Protocol 4.01, section 11.4.2.2), ``None``, or for a collection a list of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeGuard

from demotic.errors import InvalidInput, LimitExceeded, Unsupported
from demotic.model import STREAM, EntitySet, EntityType, InvalidValue, Model, NavigationProperty, Property, check_value
from demotic.query import UnknownName, choices
from demotic.store._entity import Entity
from demotic.store._errors import NoSuchEntity
from demotic.store._navigation import target_set
from demotic.store.changes._defaults import completed, default_of
from demotic.store.changes._kinds import TYPE_KEYS, ensure_concrete, kind_of_given
from demotic.store.changes._rules import has_computed_default, is_computed, is_immutable
from demotic.store.changes._writer import NativeKey
from demotic.store.media import OWN, Media, media_of, own_stream

MOST_NESTED: Final = 20
"""How many levels of new entities may lie below one that is inserted."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An entity that is there, by its key: as the value of a navigation property it makes a link.

    >>> products.insert({"Name": "Tea", "Supplier": Ref(7)})   # doctest: +SKIP
    """

    key: object


class Whole(list[object]):
    """All that a navigation property of an entity that is there shall lead to: references, and entities.

    An entity that is there (its key is given) is changed, another is inserted. What else was linked is no longer.
    """


@dataclass(frozen=True, slots=True)
class New:
    """An entity to be: values by property name, and what its navigation properties lead to.

    ``kind`` is its type, that of the set or one derived from it. ``values`` leaves out what the store makes.
    ``missing`` names the properties that have no value yet and need one, which a link may give them. A key to link to
    is resolved, an entity to insert is a `New`. ``media`` is what its streams shall hold, by their names.
    """

    entity_set: EntitySet
    kind: EntityType
    values: dict[str, object]
    missing: frozenset[str] = frozenset()
    related: dict[NavigationProperty, tuple[NativeKey | New, ...]] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes to an entity: values by property name, links to make, and navigation to one that shall lead nowhere.

    ``defaults`` are the values of what was not given where all of the entity is replaced; a link may give others.
    ``media`` is what streams shall hold, ``None`` for nothing any more.
    """

    values: dict[str, object]
    defaults: dict[str, object] = field(default_factory=dict)
    links: dict[NavigationProperty, tuple[NativeKey, ...]] = field(default_factory=dict)
    wholes: dict[NavigationProperty, tuple[NativeKey | Mapping[str, object], ...]] = field(default_factory=dict)
    unlinked: tuple[NavigationProperty, ...] = ()
    media: dict[str, Media | None] = field(default_factory=dict)


def native_key(kind: EntityType, key: object) -> NativeKey:
    """Return a key as a tuple of native values: given as one value, a tuple, a mapping by name, a `Ref` or an entity.

    Raises `NoSuchEntity` for what no entity of the type can have as its key.
    """
    if isinstance(key, Ref):
        key = key.key
    names = [item.name for item in kind.key]
    if isinstance(key, Mapping):
        if isinstance(key, Entity) and kind not in key.type.lineage():
            raise InvalidInput(f"an entity of {key.type.qualified_name} where one of {kind.qualified_name} belongs")
        if not isinstance(key, Entity) and set(key) != set(names):
            raise NoSuchEntity(f"a key of {kind.name} consists of {', '.join(names)}", target=kind.name)
        key = tuple(key[name] for name in names)
    parts = key if isinstance(key, tuple) else (key,)
    if len(parts) != len(names):
        raise NoSuchEntity(f"a key of {kind.name} has {len(names)} parts ({', '.join(names)})", target=kind.name)
    try:
        return tuple(check_value(item, part) for item, part in zip(kind.key, parts, strict=True))
    except InvalidInput as fault:
        raise NoSuchEntity(f"no {kind.name} has such a key: {fault.message}", target=kind.name) from None


def read_new(
    model: Model, entity_set: EntitySet, given: Mapping[str, object], base: EntityType | None = None, depth: int = 0
) -> New:
    """Return what was given as a new entity of a set.

    It is of the type that it tells under ``@type``, by default of ``base`` or the set's own. Raises `UnknownName`,
    `InvalidValue`, InvalidInput for a property that the store makes and for a type that it cannot be of,
    `NoSuchEntity` for the key of a link, and LimitExceeded for what is nested too deeply.
    """
    kind = kind_of_given(model, base or entity_set.type, given)
    if depth > MOST_NESTED:
        raise LimitExceeded(f"new entities are nested deeper than {MOST_NESTED} levels", target=kind.name)
    ensure_concrete(model, kind)
    known, navigation = _known(kind, given)
    values: dict[str, object] = {}
    missing = set()
    media = _own_media(kind, given)
    for name, item in known.items():
        if item.type is STREAM:
            if name in given:
                media[name] = _media(item, given[name])
            elif not item.nullable:
                missing.add(name)
        elif name in given:
            values[name] = check_value(item, completed(item, _writable(item, given[name], "inserted")))
        elif not is_computed(item) and not has_computed_default(item):
            values[name] = default_of(item)
            if values[name] is None and not item.nullable:
                missing.add(name)
    related = {
        item: tuple(
            _related(model, target_set(model, entity_set, item), item, part, depth)
            for part in _parts(item, given[name])
        )
        for name, item in navigation.items()
        if name in given
    }
    _ensure_agreed(values, given, related)
    held = {name: content for name, content in media.items() if content is not None}
    return New(entity_set, kind, values, frozenset(missing), related, held)


def read_changes(model: Model, kind: EntityType, given: Mapping[str, object], *, whole: bool = False) -> Changes:
    """Return what was given as changes to an entity of a type; ``whole`` sets what is left out to its default.

    Key properties are among the values if they were given. Raises as `read_new` does, and Unsupported for new entities.
    """
    if kind_of_given(model, kind, given) is not kind:
        raise InvalidInput(
            "an entity keeps its type", target="@type", hint="insert another of that type, and delete this one"
        )
    known, navigation = _known(kind, given)
    values, media = {}, _own_media(kind, given)
    for name, value in given.items():
        item = known.get(name)
        if item is not None and item.type is STREAM:
            media[name] = _media(item, value)
        elif item is not None:
            values[name] = check_value(item, completed(item, _writable(item, value, "changed")))
    defaults: dict[str, object] = {}
    for name, item in known.items() if whole else ():
        fixed = item in kind.key or is_computed(item) or is_immutable(item) or has_computed_default(item)
        if name not in values and not fixed and item.type is not STREAM:  # what they hold is replaced by itself alone
            defaults[name] = default_of(item)
    links: dict[NavigationProperty, tuple[NativeKey, ...]] = {}
    wholes: dict[NavigationProperty, tuple[NativeKey | Mapping[str, object], ...]] = {}
    unlinked = []
    for name, way in navigation.items():
        if name not in given:
            continue
        parts = _parts(way, given[name])
        if isinstance(parts, Whole):
            wholes[way] = tuple(part if _is_values(part) else native_key(way.target, part) for part in parts)
            continue
        if any(_is_values(part) for part in parts):
            raise Unsupported(
                f"{name}: a change of one entity cannot make another",
                target=name,
                hint="insert it first, and link to it",
            )
        if parts:
            links[way] = tuple(native_key(way.target, part) for part in parts)
        elif not way.collection:
            unlinked.append(way)
    _ensure_agreed(values, given, links)
    return Changes(values, defaults, links, wholes, tuple(unlinked), media)


def _is_values(part: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(part, Mapping) and not isinstance(part, Entity)


def _known(kind: EntityType, given: Mapping[str, object]) -> tuple[dict[str, Property], dict[str, NavigationProperty]]:
    if not isinstance(given, Mapping):
        raise InvalidInput(f"{given!r} is no entity", hint="give a mapping of property names to values")
    properties, navigation = kind.all_properties(), kind.all_navigation()
    for name in given:
        is_own = name == OWN.name and own_stream(kind)
        if name not in properties and name not in navigation and name not in TYPE_KEYS and not is_own:
            known = [*properties, *navigation]
            raise UnknownName(
                f"{kind.qualified_name} has no property {name}", target=str(name), hint=choices(str(name), known)
            )
    return properties, navigation


def _ensure_agreed(
    values: Mapping[str, object],
    given: Mapping[str, object],
    links: Mapping[NavigationProperty, Sequence[NativeKey | New]],
) -> None:
    """Raise InvalidInput where a link and the properties that keep it were given, and lead to different entities."""
    for way, parts in links.items():
        keys = [item.name for item in way.target.key]
        for own, other in way.constraints:
            if way.collection or own.name not in given or other.name not in keys:
                continue
            for part in parts:
                if isinstance(part, tuple) and part[keys.index(other.name)] != values[own.name]:
                    raise InvalidInput(
                        f"{way.name} and {own.name} lead to different entities",
                        target=way.name,
                        hint="give one of them",
                    )


def _own_media(kind: EntityType, given: Mapping[str, object]) -> dict[str, Media | None]:
    """Return what was given for the stream of a media entity itself, if anything was."""
    if OWN.name not in given:
        return {}
    own = given[OWN.name]
    if not isinstance(own, Media):
        raise InvalidInput(f"{kind.name} takes Media(content, content_type)", target=OWN.name)
    return {OWN.name: own}


def _media(item: Property, given: object) -> Media | None:
    """Return what was given for a stream property. Raises InvalidInput for what is no content."""
    found = media_of(item, _writable(item, given, "changed"))
    if found is None and not item.nullable:
        raise InvalidValue(f"{item.name} must not be null", target=item.name)
    return found


def _writable(item: Property, value: object, done: str) -> object:
    if is_computed(item):
        raise InvalidInput(f"{item.name} cannot be {done}: the store makes it", target=item.name, hint="leave it out")
    return value


def _parts(item: NavigationProperty, value: object) -> Sequence[object]:
    if item.collection:
        if not isinstance(value, (list, tuple)):
            raise InvalidInput(f"{item.name} leads to many and takes a list", target=item.name)
        return value
    if isinstance(value, (list, tuple)):
        raise InvalidInput(f"{item.name} leads to one and takes no list", target=item.name)
    return () if value is None else (value,)


def _related(
    model: Model, entity_set: EntitySet, item: NavigationProperty, part: object, depth: int
) -> NativeKey | New:
    if isinstance(part, (Ref, Entity)):
        return native_key(item.target, part)
    if isinstance(part, Mapping):
        narrower = entity_set.type in item.target.lineage()
        return read_new(model, entity_set, part, item.target if narrower else None, depth + 1)
    raise InvalidInput(
        f"{item.name} takes no {part!r}",
        target=item.name,
        hint="give Ref(key) for what is there, or a new entity's values",
    )
