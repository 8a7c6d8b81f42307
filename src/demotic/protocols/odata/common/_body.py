"""The bodies of requests: their bytes, and the JSON object in them, within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

import msgspec

from demotic.errors import InvalidInput, LimitExceeded, PayloadTooLarge, SyntaxFault, UnsupportedMediaType
from demotic.syntax.http import Request, parse_media_type

_PIECE: Final = 1024 * 1024
_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)


def read_json(request: Request, most: int, *, may_be_empty: bool = False) -> dict[str, Any]:
    """Return the JSON object that is a request's body, of at most ``most`` bytes; with ``may_be_empty`` no body is an
    empty object.

    Raises `UnsupportedMediaType`, `PayloadTooLarge`, SyntaxFault, InvalidInput or LimitExceeded.
    """
    body = None
    if may_be_empty and not (body := read_bytes(request, most)):
        return {}
    _ensure_json(request.fields.get("content-type"))
    try:
        value = _DECODER.decode(read_bytes(request, most) if body is None else body)
    except RecursionError:
        raise LimitExceeded("the body is nested too deeply", target="body") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the body is not JSON: {error}", target="body") from None
    if not isinstance(value, dict):
        raise InvalidInput("the body is no JSON object", target="body", hint='write {"Name": value, …}')
    return value


def with_body(request: Request, body: bytes) -> Request:
    """Return a request whose body, which was read already, may be read once more."""
    return Request(
        request.method,
        request.path,
        request.query,
        request.fields,
        request.scheme,
        request.host,
        request.id,
        BytesIO(body).read,
    )


def read_bytes(request: Request, most: int) -> bytes:
    """Return a request's body. Raises `PayloadTooLarge`."""
    return b"".join(read_pieces(request, most))


def read_pieces(request: Request, most: int) -> Iterator[bytes]:
    """Yield a request's body piece by piece. Raises `PayloadTooLarge`, and InvalidInput if it was cut off."""
    coding = request.fields.get("content-encoding") or "identity"
    if coding.strip().lower() != "identity":
        raise UnsupportedMediaType(f"a body in {coding} is not taken", target="Content-Encoding", hint="send it plain")
    length = request.fields.get("content-length") or ""
    if length.isdecimal() and int(length) > most:
        raise PayloadTooLarge(f"the body has {length} bytes, at most {most} are taken", target="body")
    size = 0
    while size <= most and (part := request.body(min(_PIECE, most + 1 - size))):
        size += len(part)
        if size <= most:
            yield part
    if size > most:
        raise PayloadTooLarge(f"the body has more than {most} bytes", target="body")
    if length.isdecimal() and size < int(length):
        raise InvalidInput(f"the body was cut off: it has {size} bytes, {length} were announced", target="body")


@lru_cache(100)  # nearly all callers send one of a few
def _ensure_json(field: str | None) -> None:
    if field is None:
        raise UnsupportedMediaType(
            "the request has no Content-Type", target="Content-Type", hint="send application/json"
        )
    try:
        given = parse_media_type(field)
    except (SyntaxFault, InvalidInput):
        given = None
    if given is None or given.essence != "application/json":
        raise UnsupportedMediaType(f"{field!r} is not taken here", target="Content-Type", hint="send application/json")
    charset = given.parameter("charset")
    if charset and charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType(f"JSON in {charset} is not taken", target="Content-Type", hint="send UTF-8")
