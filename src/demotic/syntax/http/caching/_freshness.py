"""How old a response is and how long it is fresh (RFC 9111, sections 4.2 and 4.3): pure functions of their arguments.

All times are aware `datetime` values, all durations whole seconds, as in the fields that they come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax.http._date import parse_http_date
from demotic.syntax.http.caching._cache_control import CacheControl, parse_cache_control
from demotic.syntax.http.caching._seconds import LONGEST, parse_seconds
from demotic.syntax.http.fields._fields import Fields

__all__ = [
    "HEURISTICALLY_CACHEABLE",
    "KeptResponse",
    "Use",
    "current_age",
    "date_of",
    "freshness_lifetime",
    "judge",
    "read_control",
]

# RFC 9110, section 15.1.
HEURISTICALLY_CACHEABLE: Final = frozenset({200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501})


@dataclass(frozen=True, slots=True)
class KeptResponse:
    """What a cache keeps to decide about a response: status, fields, and when it was asked for and came."""

    status: int
    fields: Fields
    requested: datetime
    received: datetime


class Use(Enum):
    """What a cache may do with a kept response: serve it as it is; serve it although stale; ask the origin first."""

    FRESH = "fresh"
    STALE = "stale"
    VALIDATE = "validate"


def read_control(fields: Fields) -> CacheControl:
    """Return the directives of a message. One that cannot be read is taken for `no-store`, which harms nobody.

    A request without any, but with `Pragma: no-cache`, has that directive (section 5.4).
    """
    text = fields.get("cache-control")
    if text is None:
        return CacheControl("no-cache") if "no-cache" in (fields.get("pragma") or "").lower() else CacheControl()
    try:
        return parse_cache_control(text)
    except SyntaxFault:
        return CacheControl("no-store")


def date_of(fields: Fields, name: str, *, now: datetime | None = None) -> datetime | None:
    """Return the date of a field, `None` where it is missing or none."""
    try:
        return parse_http_date(fields.get(name) or "", now=now)
    except SyntaxFault:
        return None


def _seconds(text: str | None) -> int:
    try:
        return parse_seconds(text or "0")
    except SyntaxFault:
        return 0


def _between(earlier: datetime, later: datetime) -> int:
    return min(max(0, int((later - earlier).total_seconds())), LONGEST)


def current_age(kept: KeptResponse, now: datetime) -> int:
    """Return how old a response is (section 4.2.3): the larger of what dates and `Age` tell, and the time kept."""
    made = date_of(kept.fields, "date", now=kept.received) or kept.received
    apparent = _between(made, kept.received)
    told = kept.fields.get_all("age")
    corrected = _seconds(told[0].split(",")[0].strip() if told else None) + _between(kept.requested, kept.received)
    return min(max(apparent, corrected) + _between(kept.received, now), LONGEST)


def freshness_lifetime(kept: KeptResponse, *, shared: bool = True) -> int:
    """Return for how many seconds of age a response is fresh (section 4.2.1).

    The first that is there: `s-maxage` for a shared cache, `max-age`, `Expires`; else, where the status allows it or
    `public` stands there, a tenth of the time since the last modification, at most a day. A broken date or number is 0.
    """
    control, fields = read_control(kept.fields), kept.fields
    for name in ("s-maxage", "max-age") if shared else ("max-age",):
        if (stated := control.seconds(name)) is not None:
            return stated
    made = date_of(fields, "date", now=kept.received) or kept.received
    if "expires" in fields:
        expires = date_of(fields, "expires", now=kept.received)
        return 0 if expires is None else _between(made, expires)
    modified = date_of(fields, "last-modified", now=kept.received)
    if modified is None or not (kept.status in HEURISTICALLY_CACHEABLE or "public" in control):
        return 0
    return min(_between(modified, made) // 10, 86_400)


def judge(kept: KeptResponse, request: Fields, now: datetime, *, shared: bool = True) -> Use:
    """Decide what a cache may do with a response for a request that matches it (sections 4.2.4, 5.2.1 and 5.2.2).

    `no-cache` of either side asks the origin first. The request may want more freshness (`max-age`, `min-fresh`) or
    less (`max-stale`); that counts only where the response does not insist (`must-revalidate`, in a shared cache also
    `proxy-revalidate` and `s-maxage`). `stale-while-revalidate` allows a stale answer, but the caller must ask then.
    """
    wanted, stated = read_control(request), read_control(kept.fields)
    if "no-cache" in wanted or stated.applies_to("no-cache") is True:
        return Use.VALIDATE
    age, lifetime = current_age(kept, now), freshness_lifetime(kept, shared=shared)
    limit = wanted.seconds("max-age")
    too_old = limit is not None and age > limit
    if age + (wanted.seconds("min-fresh") or 0) < lifetime and not too_old:
        return Use.FRESH
    insists = "must-revalidate" in stated or (shared and ("proxy-revalidate" in stated or "s-maxage" in stated))
    if insists or too_old:
        return Use.VALIDATE
    allowance = stated.seconds("stale-while-revalidate") or 0
    if "max-stale" in wanted:
        accepted = wanted.seconds("max-stale")
        allowance = max(allowance, LONGEST if accepted is None else accepted)
    acceptable = allowance > 0 and lifetime <= age <= lifetime + allowance
    return Use.STALE if acceptable and "min-fresh" not in wanted else Use.VALIDATE
