"""Batches as ``multipart/mixed``: requests and responses as parts of type ``application/http``.

OData Protocol 4.01, sections 11.7.7 to 11.7.9; RFC 2046, section 5.1 (multipart). Lines may end with LF alone, as many
clients write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import groupby, pairwise
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.protocols.odata.common.batch._items import Answer, Group, Item, whole
from demotic.syntax.http import MediaType, parse_media_type, reason

_BLANK: Final = re.compile(rb"\r?\n\r?\n")
_REQUEST: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+)(?: HTTP/\d\.\d)?[ \t]*")
_LONGEST_BOUNDARY: Final = 70


def read_multipart(media: MediaType, body: bytes) -> list[Item | Group]:
    """Return what a batch asks for. Raises InvalidInput naming the part that is wrong."""
    return [_part(fields, content, place) for place, fields, content in _parts(media, body, "")]


def _part(fields: dict[str, str], content: bytes, place: str) -> Item | Group:
    media = _media(fields, place)
    if media.essence != "multipart/mixed":
        return _request(fields, media, content, place)
    items = []
    for inner, its_fields, its_content in _parts(media, content, f"{place}."):
        item = _request(its_fields, _media(its_fields, inner), its_content, inner)
        if item.method in ("GET", "HEAD"):
            raise InvalidInput(f"part {inner} reads, which a change set does not", target="body", hint="put it outside")
        items.append(item)
    return Group(tuple(items))


def _parts(media: MediaType, body: bytes, prefix: str) -> Iterator[tuple[str, dict[str, str], bytes]]:
    """Yield the place (1, 2, 2.1 …), the fields and the content of each part."""
    boundary = media.parameter("boundary") or ""
    if not 0 < len(boundary) <= _LONGEST_BOUNDARY or not boundary.isascii():
        raise InvalidInput("the multipart body has no boundary of 1 to 70 characters", target="Content-Type")
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    lines = list(line.finditer(body))
    if not lines or lines[-1][1] is None or any(found[1] for found in lines[:-1]):
        raise InvalidInput(f"the body does not end with --{boundary}--", target="body")
    for number, (start, end) in enumerate(pairwise(lines), 1):
        place = f"{prefix}{number}"
        content = re.sub(rb"\A\r?\n", b"", body[start.end() : end.start()], count=1)
        yield place, *_split(content, place)


def _split(text: bytes, place: str) -> tuple[dict[str, str], bytes]:
    """Return the fields at the head of a part or message, and what follows them."""
    if text.startswith((b"\n", b"\r\n")):
        return {}, text[1 if text.startswith(b"\n") else 2 :]
    blank = _BLANK.search(text)
    head, rest = (text[: blank.start()], text[blank.end() :]) if blank else (text, b"")
    fields: dict[str, str] = {}
    for line in head.decode("latin-1").splitlines():
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise InvalidInput(f"part {place} has a line that is no field: {line[:60]!r}", target="body")
        fields[name.strip().lower()] = value.strip()
    return fields, rest


def _media(fields: dict[str, str], place: str) -> MediaType:
    try:
        return parse_media_type(fields.get("content-type", ""))
    except (SyntaxFault, InvalidInput):
        raise InvalidInput(f"part {place} has no Content-Type", target="body") from None


def _request(fields: dict[str, str], media: MediaType, content: bytes, place: str) -> Item:
    if media.essence != "application/http":
        raise InvalidInput(f"part {place} is {media.essence}", target="body", hint="it must be application/http")
    first, _, rest = content.lstrip(b"\r\n").partition(b"\n")
    line = _REQUEST.fullmatch(first.decode("latin-1").strip("\r"))
    if line is None:
        raise InvalidInput(f"part {place} does not begin with a request: {first[:60]!r}", target="body")
    inner, body = _split(rest, place)
    length = inner.get("content-length", "")
    if length.isdecimal():
        body = body[: int(length)]
    return Item(line[1].upper(), line[2], inner, body, fields.get("content-id") or inner.get("content-id"))


def write_multipart(answers: Sequence[Answer]) -> tuple[str, bytes]:
    """Return the media type and the body of a batch response."""
    parts = []
    for group, found in groupby(answers, lambda answer: answer.group):
        made = [_answer(answer) for answer in found]
        parts += made if group is None else [_together(made)]
    return _joined(parts, "batchresponse")


def _together(parts: list[bytes]) -> bytes:
    media, body = _joined(parts, "changesetresponse")
    return f"Content-Type: {media}\r\n\r\n".encode() + body


def _answer(answer: Answer) -> bytes:
    body, response = whole(answer.response), answer.response
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    lines += [f"Content-ID: {answer.item.id}"] if answer.item.id is not None else []
    lines += ["", f"HTTP/1.1 {response.status} {reason(response.status)}"]
    lines += [f"{name}: {value}" for name, value in response.fields if name != "content-length"]
    lines += [f"content-length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def _joined(parts: list[bytes], name: str) -> tuple[str, bytes]:
    digest = blake2b(b"".join(parts), digest_size=12).hexdigest()
    boundary = f"{name}_{digest}"  # made of what it parts, so that nothing in it can be its like but by design
    while any(boundary.encode() in part for part in parts):
        boundary += "x"
    start = f"--{boundary}\r\n".encode()
    body = b"".join(start + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
    return f"multipart/mixed;boundary={boundary}", body
