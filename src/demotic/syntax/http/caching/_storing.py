"""What a cache may keep, and what changes what it keeps (RFC 9111, sections 3, 3.1, 3.2, 4.3 and 4.4)."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax.http.caching._freshness import HEURISTICALLY_CACHEABLE, read_control
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.grammar._lists import read_tokens

__all__ = ["freshened", "invalidates", "kept_fields", "may_store", "validation_fields"]

# Section 3.1, and RFC 9110, section 7.6.1: what belongs to one connection, or to one proxy.
_OF_THE_CONNECTION: Final = (
    "connection", "keep-alive", "proxy-authenticate", "proxy-authentication-info", "proxy-authorization",
    "proxy-connection", "te", "transfer-encoding", "upgrade",
)  # fmt: skip
_OF_THE_CONTENT: Final = frozenset({"content-encoding", "content-length", "content-range", "content-type"})
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_UNDERSTOOD: Final = HEURISTICALLY_CACHEABLE | {302, 303, 307, 400, 401, 403, 500, 502, 503, 504}


def may_store(method: str, request: Fields, status: int, response: Fields, *, shared: bool = True) -> bool:
    """Whether a response to a request may be kept (section 3).

    Partial content (206) is not: this model keeps whole responses.
    """
    control = read_control(response)
    if method not in ("GET", "HEAD") or status < 200 or status in (206, 304):
        return False
    if "must-understand" in control:
        if status not in _UNDERSTOOD:
            return False
    elif "no-store" in control:
        return False
    if "no-store" in read_control(request):
        return False
    if shared and not _shareable(request, response):
        return False
    stated = {"public", "max-age", *(("s-maxage",) if shared else ("private",))}
    return any(name in control for name in stated) or "expires" in response or status in HEURISTICALLY_CACHEABLE


def _shareable(request: Fields, response: Fields) -> bool:
    control = read_control(response)
    if control.applies_to("private") is True:
        return False
    allows = ("public", "must-revalidate", "s-maxage")
    return "authorization" not in request or any(name in control for name in allows)


def kept_fields(response: Fields, *, shared: bool = True) -> Fields:
    """Return the fields to keep: not those of the connection, nor those that `private` or `no-cache` names."""
    control = read_control(response)
    named = [control.applies_to("no-cache"), control.applies_to("private") if shared else False]
    excluded = [name for names in named if isinstance(names, tuple) for name in names]
    with suppress(SyntaxFault):
        excluded += read_tokens(response.get("connection", ""))
    return response.remove(*_OF_THE_CONNECTION, *excluded)


def validation_fields(kept: Fields) -> Fields:
    """Return the conditions to ask the origin with whether a kept response is still good (section 4.3.1)."""
    fields = Fields()
    if (tag := kept.get("etag")) is not None:
        fields = fields.set("If-None-Match", tag)
    if (modified := kept.get("last-modified")) is not None:
        fields = fields.set("If-Modified-Since", modified)
    return fields


def freshened(kept: Fields, update: Fields) -> Fields:
    """Return kept fields as a 304 changes them: its own take their place, but those that tell of the content."""
    for name in kept_fields(update).names():
        if name not in _OF_THE_CONTENT:
            kept = kept.set(name, *update.get_all(name))
    return kept


def invalidates(method: str, status: int) -> bool:
    """Whether what is kept for the target must be dropped: an unsafe request succeeded (section 4.4)."""
    return method not in _SAFE and 200 <= status < 400
