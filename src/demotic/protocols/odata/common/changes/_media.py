"""Changing streams: media entities made of their media, content replaced and removed.

OData Protocol 4.01, sections 11.4.7 (media entities) and 11.4.8 (stream properties); RFC 5023, sections 9.6 and 9.7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Final
from urllib.parse import unquote
from uuid import uuid4

from demotic.errors import (
    PreconditionFailed,
    PreconditionRequired,
)
from demotic.model import GUID, STRING, EntitySet, EntityType, Property
from demotic.protocols.odata.common._body import read_bytes
from demotic.protocols.odata.common._streams import addressed_stream, validators
from demotic.protocols.odata.common.changes._asked import Asked, Done
from demotic.protocols.odata.common.changes._place import Place, set_of
from demotic.service import (
    OWN,
    DuplicateKey,
    Media,
    MissingValue,
    Stream,
    ensure_shared,
    has_computed_default,
    is_computed,
)
from demotic.syntax.http.conditional import Outcome, evaluate, parse_preconditions

_TRIES: Final = 8
"""How many keys are made of what a client calls a stream before one is taken that nobody can have."""


# --- new media entities


def create_media(asked: Asked) -> Done:
    """POST to a set of media entities: insert one that is made of its media (section 11.4.7.1)."""
    assert asked.media is not None
    entity_set = set_of(asked.read.source)
    return Done(_inserted(asked, entity_set, asked.media), created=True)


def _inserted(asked: Asked, entity_set: EntitySet, media: Media) -> tuple[object, ...]:
    under, kind = asked.origin(), asked.read.query.type
    own = kind if entity_set.type in kind.lineage() else None
    for key in _keys(entity_set.type, asked.request.fields):
        try:
            return asked.unit.add(entity_set, {**key, OWN.name: media}, under=under, kind=own)
        except DuplicateKey:
            if not key:
                raise
        except MissingValue as error:
            raise MissingValue(
                f"{error.message}, and none can be sent with its media",
                target=error.target,
                hint="let the model state a default, or that it may be null",
            ) from None
    raise DuplicateKey(f"{entity_set.name} has no key left to give", target=entity_set.name)


def _keys(kind: EntityType, fields: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Yield keys for a new entity, until one is free; an empty one leaves it to the store."""
    item = kind.key[0]
    if len(kind.key) > 1 or is_computed(item) or has_computed_default(item):
        yield {}
    elif item.primitive is STRING:
        name = _hinted(item, fields.get("slug"))
        for number in range(1, _TRIES + 1) if name else ():
            yield {item.name: name if number == 1 else _numbered(item, name, str(number))}
        yield {item.name: _numbered(item, name, uuid4().hex) if name else uuid4().hex[: _longest(item)]}
    else:
        yield {item.name: uuid4()} if item.primitive is GUID else {}


def _longest(item: Property) -> int:
    return item.facets.max_length or 255


def _hinted(item: Property, slug: str | None) -> str:
    """Return what a client calls its media, as far as a key can be called so (RFC 5023, section 9.7)."""
    text = "".join(letter for letter in unquote(slug or "", errors="ignore") if letter.isprintable()).strip()
    return text[: _longest(item)]


def _numbered(item: Property, name: str, number: str) -> str:
    """Return a name with a number before its extension, no longer than the property takes."""
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    rest = f"-{number}{dot}{extension}"
    most = _longest(item)
    return f"{stem[: max(0, most - len(rest))]}{rest}"[:most]


# --- streams of entities that are there


def set_media(asked: Asked) -> Done:
    """PUT the content of a stream (sections 11.4.7.2 and 11.4.8.1)."""
    assert asked.media is not None
    stream, place = _addressed(asked), asked.place()
    _ensure_state(asked, place, stream)
    asked.unit.put_media(place.entity_set, place.key, stream.name, asked.media)
    return Done(media_tag=_tag(asked, place, stream))


def clear_media(asked: Asked) -> Done:
    """DELETE the content of a stream property (section 11.4.8.2)."""
    read_bytes(asked.request, asked.most)
    stream, place = _addressed(asked), asked.place()
    _ensure_state(asked, place, stream)
    asked.unit.put_media(place.entity_set, place.key, stream.name, None)
    return Done()


def remove_media_entity(asked: Asked) -> Done:
    """DELETE the media of a media entity, which removes the entity (section 11.4.7.3)."""
    read_bytes(asked.request, asked.most)
    stream, place = _addressed(asked), asked.place()
    _ensure_state(asked, place, stream)
    asked.unit.delete(place.entity_set, place.key)
    return Done()


def _addressed(asked: Asked) -> Stream:
    found = addressed_stream(asked.bound)
    assert found is not None
    ensure_shared(set_of(asked.read.source), found)
    return found


def _tag(asked: Asked, place: Place, stream: Stream) -> str | None:
    found = asked.transaction.view.media(place.entity_set, place.key, stream)
    if found is None:
        return None
    with closing(found):
        return found.info.etag


def _ensure_state(asked: Asked, place: Place, stream: Stream) -> None:
    """Raise PreconditionFailed unless a stream, locked now, is in a state in which it may be changed."""
    asked.unit.locked(place.entity_set, place.key, None)
    found = asked.transaction.view.media(place.entity_set, place.key, stream)
    info = found.info if found is not None else None
    if found is not None:
        found.close()
    fields = asked.request.fields
    if info is not None and fields.get("if-match") is None and asked.dialect.demands(place.entity_set):
        raise PreconditionRequired(
            f"streams of {place.entity_set.name} change only in a state that is known",
            target="If-Match",
            hint="send the ETag of the stream that was read",
        )
    if evaluate(parse_preconditions(fields), asked.request.method, validators(info)) is not Outcome.PERFORM:
        target = "If-Match" if fields.get("if-match") is not None else "If-None-Match"
        now = "it holds nothing now" if info is None else f"it is {info.etag} now"
        raise PreconditionFailed("the stream is not in the state that was asked for", target=target, hint=now)
