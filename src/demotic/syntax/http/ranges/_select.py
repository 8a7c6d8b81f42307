"""Which part of a representation to send (RFC 9110, sections 13.1.5, 13.2.2 step 5, and 14.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http._date import parse_http_date
from demotic.syntax.http.conditional._etag import EntityTag, parse_entity_tag
from demotic.syntax.http.conditional._validators import Validators
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.ranges._range import parse_range

__all__ = ["MAX_RANGES", "parse_if_range", "select_ranges", "still_current"]

MAX_RANGES: Final = 16
"""More ranges than this are a burden, or meant as one; the whole is sent instead (section 14.2 allows it)."""


def parse_if_range(text: str, *, now: datetime | None = None) -> EntityTag | datetime:
    """Read an `If-Range` field, an entity tag or a date. Raises `SyntaxFault`."""
    return parse_entity_tag(text) if text.startswith(('"', "W/")) else parse_http_date(text, now=now)


def still_current(condition: EntityTag | datetime, state: Validators, now: datetime | None = None) -> bool:
    """Whether an `If-Range` condition holds: a strong tag, or a date that is exact and strong at `now`."""
    if isinstance(condition, EntityTag):
        return state.tag is not None and state.tag.matches_strongly(condition)
    return condition == state.last_modified and state.date_is_strong(now)


def select_ranges(
    method: str,
    fields: Fields | Mapping[str, str],
    state: Validators,
    size: int,
    *,
    now: datetime | None = None,
    limit: int = MAX_RANGES,
) -> tuple[range, ...] | None:
    """Return the positions to send with status 206, none at all for status 416, `None` to send the whole with 200.

    A mapping has lower-case names. The whole is sent if no range is asked for, or not by GET; if `If-Range` says that
    the client has another state; and if the field is not a well-formed one of bytes, has more than `limit` ranges, or
    would send more than the whole is.
    """
    text = fields.get("range")
    if text is None or method != "GET" or not _applies(fields.get("if-range"), state, now):
        return None
    try:
        wanted = parse_range(text)
    except (SyntaxFault, InvalidInput):
        return None
    if wanted.unit != "bytes" or len(wanted.specs) > limit:
        return None
    found = wanted.within(size)
    # A suffix of nothing is nothing, which no Content-Range can tell.
    return None if sum(map(len, found)) > size or any(not part for part in found) else found


def _applies(text: str | None, state: Validators, now: datetime | None) -> bool:
    if text is None:
        return True
    try:
        return still_current(parse_if_range(text, now=now), state, now)
    except SyntaxFault:
        return False
