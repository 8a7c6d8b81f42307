"""Batches as JSON: ``{"requests": [...]}`` and ``{"responses": [...]}``. OData JSON Format 4.01, section 19."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from demotic.errors import InvalidInput, LimitExceeded, SyntaxFault, Unsupported
from demotic.protocols.odata.common.batch import Answer, Group, Item, whole
from demotic.syntax.http import MediaType, parse_media_type

_KNOWN: Final = {"id", "method", "url", "headers", "body", "atomicityGroup", "dependsOn", "if"}
_TEXTUAL: Final = ("text",)


class _Request(msgspec.Struct):
    """A request object, its body as it stands."""

    id: str
    method: str
    url: str
    headers: dict[str, str] = {}
    body: msgspec.Raw = msgspec.Raw(b"")
    atomicityGroup: str | None = None
    dependsOn: list[str] = []


class _Batch(msgspec.Struct, forbid_unknown_fields=True):
    requests: list[msgspec.Raw]


_BATCH: Final = msgspec.json.Decoder(_Batch)
_REQUEST: Final = msgspec.json.Decoder(_Request)
_NAMES: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


def read_json_batch(body: bytes) -> list[Item | Group]:
    """Return what a batch asks for. Raises InvalidInput naming the request that is wrong."""
    try:
        found = [_request(number, raw) for number, raw in enumerate(_BATCH.decode(body).requests)]
    except RecursionError:
        raise LimitExceeded("the body is nested too deeply", target="body") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the body is no batch: {error}", target="body", hint='send {"requests": […]}') from None
    _ensure_order(found)
    parts: list[Item | Group] = []
    for group, items in groupby(found, lambda pair: pair[1]):
        members = tuple(item for item, _ in items)
        parts += [Group(members, group)] if group is not None else members
    return parts


def _request(number: int, raw: msgspec.Raw) -> tuple[Item, str | None]:
    place = f"requests[{number}]"
    try:
        unknown = _NAMES.decode(raw).keys() - _KNOWN
        given = _REQUEST.decode(raw)
    except msgspec.DecodeError as error:
        raise InvalidInput(f"{place}: {error}", target=place) from None
    if unknown:
        raise InvalidInput(
            f"{place} has no member {min(unknown)}", target=place, hint=f"it has {', '.join(sorted(_KNOWN))}"
        )
    if "if" in _NAMES.decode(raw):
        raise Unsupported(f"{place}: conditions on requests are not offered", target=place, hint="leave `if` out")
    fields = {name.lower(): value for name, value in given.headers.items()}
    body = _bytes(given.body, fields, place)
    item = Item(given.method.upper(), given.url, fields, body, given.id, tuple(given.dependsOn))
    if given.atomicityGroup is not None and item.method in ("GET", "HEAD"):
        raise InvalidInput(f"{place} reads, which an atomicity group does not", target=place, hint="put it outside")
    return item, given.atomicityGroup


def _bytes(raw: msgspec.Raw, fields: dict[str, str], place: str) -> bytes:
    text = bytes(raw)
    if not text or text == b"null":
        return b""
    media = _media(fields.get("content-type"))
    if media is None:
        fields["content-type"] = "application/json"
        return text
    if media.subtype == "json" or media.subtype.endswith("+json"):
        return text
    value = msgspec.json.decode(text)
    if not isinstance(value, str):
        raise InvalidInput(f"{place}: a body of {media.essence} is a string", target=place)
    if media.type in _TEXTUAL:
        return value.encode()
    try:
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        raise InvalidInput(f"{place}: a body of {media.essence} is base64url", target=place) from None


def _media(field: str | None) -> MediaType | None:
    if field is None:
        return None
    try:
        return parse_media_type(field)
    except (SyntaxFault, InvalidInput):
        return None


def _ensure_order(found: Sequence[tuple[Item, str | None]]) -> None:
    """Raise InvalidInput for an id that is given twice, a group in pieces, or a dependency on what comes later."""
    seen: set[str] = set()
    closed: set[str] = set()
    current: str | None = None
    for item, group in found:
        assert item.id is not None
        if group != current:
            closed |= {current} if current is not None else set()
            current = group
        if group is not None and group in closed:
            raise InvalidInput(f"the requests of {group} do not stand together", target=item.id)
        if item.id in seen or item.id in closed:
            raise InvalidInput(f"the id {item.id} is given twice", target=item.id)
        later = [name for name in item.depends if name not in seen and name not in closed]
        if later:
            raise InvalidInput(f"{item.id} depends on {later[0]}, which does not come before it", target=item.id)
        seen.add(item.id)


def write_json_batch(answers: Sequence[Answer]) -> tuple[str, bytes]:
    """Return the media type and the body of a batch response."""
    return "application/json", msgspec.json.encode({"responses": [_response(answer) for answer in answers]})


def _response(answer: Answer) -> Mapping[str, Any]:
    response, body = answer.response, whole(answer.response)
    shown: dict[str, Any] = {"id": answer.item.id, "status": response.status}
    if answer.group is not None and answer.group.id is not None:
        shown["atomicityGroup"] = answer.group.id
    shown["headers"] = {name: value for name, value in response.fields if name != "content-length"}
    if body:
        shown["body"] = _shown(body, _media(response.field("content-type")))
    return shown


def _shown(body: bytes, media: MediaType | None) -> object:
    if media is not None and media.subtype == "json":
        return msgspec.Raw(body)
    if media is not None and (media.type in _TEXTUAL or media.subtype == "xml"):
        return body.decode()
    return base64.urlsafe_b64encode(body).decode().rstrip("=")
