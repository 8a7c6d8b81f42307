"""What each method does to what is addressed, in any version. OData Protocol 4.01, section 11.4."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed
from typing import Any, Final

from demotic.errors import (
    InvalidInput,
    LengthRequired,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    SyntaxFault,
    UnsupportedMediaType,
)
from demotic.model import BINARY, TYPE_KEY, Property, StructuredType
from demotic.protocols.odata.common._answer import ensure_match, has_current
from demotic.protocols.odata.common._body import read_bytes
from demotic.protocols.odata.common.changes._asked import Asked, Done
from demotic.protocols.odata.common.changes._media import create_media
from demotic.protocols.odata.common.changes._place import (
    Place,
    navigation_of,
    origin_of,
    place_of,
    set_of,
)
from demotic.query import Read
from demotic.service import DuplicateKey, Entity, NoSuchEntity, Origin, completed, own_stream
from demotic.service.access import NotGranted
from demotic.syntax.http import parse_media_type


def create(asked: Asked) -> Done:
    """POST to a collection: insert an entity (section 11.4.2)."""
    entity_set = set_of(asked.read.source)
    if asked.request.fields.get("if-match") is not None:
        raise PreconditionFailed("what is not there yet has no state", target="If-Match", hint="leave it out")
    if asked.media is not None:
        return create_media(asked)
    kind = asked.read.query.type
    values = asked.dialect.entity(kind, asked.json(), asked.references)
    own = kind if entity_set.type in kind.lineage() else None
    made = asked.unit.add(entity_set, values, under=asked.origin(), kind=own)
    return Done(made, created=True, shown=asked.dialect.expansion(kind, values))


def update(asked: Asked) -> Done:
    """PATCH an entity: change what is given (section 11.4.3), or insert it (section 11.4.4)."""
    return _write(asked, whole=False)


def replace(asked: Asked) -> Done:
    """PUT an entity: set what is not given to its default, or insert it."""
    return _write(asked, whole=True)


def _write(asked: Asked, *, whole: bool) -> Done:
    place = place_of(asked.transaction.view, asked.read, asked.bound.values)
    body = asked.json()
    try:
        if place is None:
            raise NotFound("the path leads to no entity", target=asked.read.source.set.name)
        found = _checked(asked, place)
    except NoSuchEntity as absent:
        assert place is not None
        if asked.request.fields.get("if-match") is not None:
            raise PreconditionFailed("there is no such entity any more", target="If-Match") from None
        if not (place.direct and asked.dialect.upserts) or own_stream(place.entity_set.type) is not None:
            raise  # media entities are made of their media alone (section 11.4.4)
        try:
            return _upsert(asked, place, body)
        except (NotGranted, DuplicateKey):
            if asked.unit.find(place.entity_set, place.key) is None:
                raise absent from None  # it may be there, but not for whom it is asked
        found = _checked(asked, place)  # somebody else was faster: there is something to change now
    values = asked.dialect.entity(found.type, body, asked.references, existing=True)
    asked.unit.change(place.entity_set, place.key, values, whole=whole)
    return Done(_key_of(found), shown=asked.dialect.expansion(found.type, values))


def _upsert(asked: Asked, place: Place, body: dict[str, Any]) -> Done:
    kind = place.entity_set.type
    names = [item.name for item in kind.key]
    given = {name: value for name, value in body.items() if name not in names}
    values = asked.dialect.entity(kind, given, asked.references)
    made = asked.unit.add(place.entity_set, {**values, **dict(zip(names, place.key, strict=True))})
    return Done(made, created=True, shown=asked.dialect.expansion(kind, values))


def remove(asked: Asked) -> Done:
    """DELETE an entity (section 11.4.5)."""
    read_bytes(asked.request, asked.most)  # a request that was cut off does nothing
    place = asked.place()
    _checked(asked, place)
    asked.unit.delete(place.entity_set, place.key)
    return Done()


def _checked(asked: Asked, place: Place) -> Entity:
    """Return the entity, locked. Raises `NoSuchEntity`, or PreconditionFailed if it is not in the state asked for."""
    found = asked.unit.locked(place.entity_set, place.key, None)
    tags = asked.dialect.tags(found)
    if asked.request.fields.get("if-match") is None and asked.dialect.demands(place.entity_set):
        raise PreconditionRequired(
            f"entities of {place.entity_set.name} change only in a state that is known",
            target="If-Match",
            hint="send the ETag of the state that was read",
        )
    ensure_match(asked.request, *tags)
    if any(has_current(asked.request, tag) for tag in tags):
        raise PreconditionFailed("the entity is there, in a state that was not to be changed", target="If-None-Match")
    return found


def _key_of(entity: Entity) -> tuple[object, ...]:
    """Return the key as it is kept, which may be spelled otherwise than in the URL."""
    return tuple(entity[item.name] for item in entity.type.key)


# --- properties (section 11.4.9)


def set_property(asked: Asked) -> Done:
    """PUT, or to merge complex values PATCH, a property."""
    item = asked.bound.properties[-1]
    merge = asked.request.method in MERGES and isinstance(item.type, StructuredType) and not item.collection
    value = asked.dialect.value(item, asked.json())
    # What replaces a complex value has defaults where it leaves something out (section 11.4.9.3).
    return _change_property(asked, value if merge else completed(item, value), merge=merge)


def set_value(asked: Asked) -> Done:
    """PUT the raw value of a property."""
    item = asked.bound.properties[-1]
    field = asked.request.fields.get("content-type") or "application/octet-stream"
    if asked.request.fields.get("content-length") is None:
        # A raw value does not show where it ends, nor whether it was cut off.
        raise LengthRequired("the length of a raw value must be told", target="Content-Length")
    body = read_bytes(asked.request, asked.most)
    primitive = item.primitive
    if primitive is None or item.collection:
        raise InvalidInput(f"{item.name} has no raw value", target=item.name, hint="leave /$value out")
    if primitive is BINARY:
        return _change_property(asked, body)
    try:
        media = parse_media_type(field)
        if media.essence != "text/plain":
            raise UnsupportedMediaType(f"{field} is no text", target="Content-Type", hint="send text/plain")
        text = body.decode(media.parameter("charset") or "utf-8")
    except (SyntaxFault, UnicodeDecodeError, LookupError) as error:
        raise InvalidInput(f"{item.name}: the text cannot be read: {error}", target=item.name) from None
    return _change_property(asked, asked.dialect.raw(item, text))


def clear_property(asked: Asked) -> Done:
    """DELETE a property: make it null."""
    read_bytes(asked.request, asked.most)
    return _change_property(asked, None)


def _change_property(asked: Asked, value: object, *, merge: bool = False) -> Done:
    place = asked.place()
    found = _checked(asked, place)
    first, *inner = asked.bound.properties
    if inner or merge:
        value = _within(found[first.name], inner, value, merge=merge)
    asked.unit.change(place.entity_set, place.key, {first.name: value})
    return Done(_key_of(found))


def _within(whole: Any, path: list[Property], value: Any, *, merge: bool) -> Any:
    """Return a complex value with what lies at a path in it replaced or merged."""
    if not path:
        retyped = merge and value.get(TYPE_KEY, (whole or {}).get(TYPE_KEY)) != (whole or {}).get(TYPE_KEY)
        return {**(whole or {}), **value} if merge and not retyped else value
    if whole is None:
        raise NotFound(f"there is no value that could have a {path[0].name}", target=path[0].name)
    return {**whole, path[0].name: _within(whole.get(path[0].name), path[1:], value, merge=merge)}


# --- references (section 11.4.6)


def set_references(asked: Asked) -> Done:
    """PUT a collection of references: link to these, and to no others (4.01, section 11.4.6.4)."""
    origin = _origin(asked)
    body = asked.json()
    _checked(asked, Place(origin.entity_set, origin.key, False))
    urls = asked.dialect.reference_list(body)
    targets = [asked.references(url, origin.navigation.target) for url in urls]
    asked.unit.relate(origin.entity_set, origin.key, origin.navigation.name, targets)
    return Done()


def add_reference(asked: Asked) -> Done:
    """POST to a collection of references, or PUT a single one: make a link."""
    origin = _origin(asked)
    body = asked.json()
    _checked(asked, Place(origin.entity_set, origin.key, False))
    url = asked.dialect.reference(body)
    target = asked.references(url, origin.navigation.target)
    asked.unit.link(origin.entity_set, origin.key, origin.navigation.name, target)
    return Done()


def remove_reference(asked: Asked) -> Done:
    """DELETE a reference: undo a link. Of many, ``$id`` or a key says which."""
    read_bytes(asked.request, asked.most)
    origin = _origin(asked)
    _checked(asked, Place(origin.entity_set, origin.key, False))
    target: object = None
    if asked.identifier is not None:
        target = asked.references(asked.identifier, origin.navigation.target)
    elif origin.navigation.collection:
        target = asked.place().key
    asked.unit.unlink(origin.entity_set, origin.key, origin.navigation.name, target)
    return Done()


def _origin(asked: Asked) -> Origin:
    found = origin_of(asked.transaction.view, _without_last_key(asked.read), asked.bound.values)
    if found is None:
        raise NotFound("$ref follows a navigation property", hint="address Set(key)/Navigation/$ref")
    return found


def _without_last_key(read: Read) -> Read:
    """Return the read of the collection that a keyed one is of."""
    steps = read.source.steps
    keyed = len(steps) > 1 and navigation_of(read) is None
    return changed(read, source=changed(read.source, steps=steps[:-1])) if keyed else read


MERGES: Final = ("PATCH", "MERGE")
"""The methods that change what is given and leave the rest."""

Operation = Callable[[Asked], Done]
