"""Requests that stand for others: an entity by its id, and a query in a body.

``$entity?$id=…`` is the read of the entity whose id is given (OData URL Conventions 4.01, section 4.2), ``POST
…/$query`` the read of what comes before it, with the options that its body holds beside those of the URL (section
4.18; Protocol 4.01, section 11.2.1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from demotic.errors import InvalidInput, NotFound, SyntaxFault, UnsupportedMediaType
from demotic.protocols.odata.common import read_bytes
from demotic.syntax.http import Request, parse_media_type
from demotic.syntax.uri import percent_decode

BY_ID: Final = ("$entity", "%24entity")
QUERY: Final = ("/$query", "/%24query")
_BODIES: Final = ("text/plain", "application/x-www-form-urlencoded")


def by_id(request: Request, rest: str, root: str, root_path: str) -> tuple[Request, str] | None:
    """Return the request for an entity by its id, and its path below the root; ``None`` if none is given.

    Raises NotFound for the id of nothing here.
    """
    head, _, cast = rest.partition("/")
    if head not in BY_ID:
        return None
    pairs = request.query.split("&")
    ids = [pair for pair in pairs if percent_decode(pair.partition("=")[0]).strip().removeprefix("$").lower() == "id"]
    if len(ids) != 1:
        return None  # whoever reads the request in full will say what is wrong
    path = _below(percent_decode(ids[0].partition("=")[2]), root, root_path)
    query = "&".join(pair for pair in pairs if pair is not ids[0])
    return replace(request, query=query), f"{path}/{cast}" if cast else path


def _below(url: str, root: str, root_path: str) -> str:
    for start in (root, root_path):
        if url.startswith(start):
            url = url[len(start) :]
            break
    if not url or url.startswith("/") or "://" in url.partition("(")[0] or "?" in url or "#" in url:
        raise NotFound(f"{url} is not the id of an entity of this service", target="$id", hint=f"its root is {root}")
    return url


def query_of_body(request: Request, rest: str, most: int) -> tuple[Request, str]:
    """Return the read that a query in a body stands for, and its path below the root.

    Raises `UnsupportedMediaType`, `PayloadTooLarge` or InvalidInput for a body that is no query.
    """
    field = request.fields.get("content-type") or ""
    try:
        essence = parse_media_type(field).essence
    except (SyntaxFault, InvalidInput):
        essence = ""
    if essence not in _BODIES:
        hint = f"send the options as {_BODIES[0]}"
        raise UnsupportedMediaType(f"{field!r} is not taken here", target="Content-Type", hint=hint)
    try:
        given = read_bytes(request, most).decode("utf-8").strip().removeprefix("?")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"the body is no text in UTF-8: {error}", target="body") from None
    query = "&".join(part for part in (request.query, given) if part)
    return replace(request, method="GET", query=query), next(rest.removesuffix(q) for q in QUERY if rest.endswith(q))
