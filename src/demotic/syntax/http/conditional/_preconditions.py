"""Conditional requests (RFC 9110, section 13): which fields count, in which order, and what becomes of the request.

The order is that of section 13.2.2: `If-Match`, else `If-Unmodified-Since`; then `If-None-Match`, else
`If-Modified-Since`. `If-Range` decides later, with `Range`, and only about a request that is to be performed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax.http._date import parse_http_date
from demotic.syntax.http.conditional._etag import ANY, AnyTag, EntityTag, parse_entity_tags
from demotic.syntax.http.conditional._validators import Validators
from demotic.syntax.http.fields._fields import Fields

__all__ = ["CONDITIONAL_FIELDS", "NOT_MODIFIED_FIELDS", "Outcome", "Preconditions", "evaluate", "parse_preconditions"]

Tags = tuple[EntityTag, ...] | AnyTag

CONDITIONAL_FIELDS: Final = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range")
NOT_MODIFIED_FIELDS: Final = frozenset(
    {"cache-control", "content-location", "date", "etag", "expires", "last-modified", "set-cookie", "vary"}
)
"""What a 304 repeats of the fields of the 200 that it stands for (section 15.4.5), in lower case."""

# Methods that select or modify no representation have no preconditions (section 13.2.1).
_UNCONDITIONAL: Final = frozenset({"CONNECT", "OPTIONS", "TRACE"})
_READING: Final = frozenset({"GET", "HEAD"})


class Outcome(Enum):
    """What to do with a request; the value is the status to answer with, `PERFORM`: whatever comes of it."""

    PERFORM = 200
    NOT_MODIFIED = 304
    FAILED = 412


@dataclass(frozen=True, slots=True)
class Preconditions:
    """The conditions of a request, `None` for those that it does not state."""

    if_match: Tags | None = None
    if_none_match: Tags | None = None
    if_modified_since: datetime | None = None
    if_unmodified_since: datetime | None = None

    def __bool__(self) -> bool:
        """Whether there is any."""
        return self != _NONE


_NONE: Final = Preconditions()


def parse_preconditions(fields: Fields | Mapping[str, str], *, now: datetime | None = None) -> Preconditions:
    """Read the conditions of a request; a mapping has lower-case names.

    A date that is not one is no condition (sections 13.1.3 and 13.1.4). Raises `SyntaxFault`, naming the field, for
    broken entity tags: whoever sends them wants to be protected, and would not be.
    """
    return Preconditions(
        _tags(fields, "if-match"),
        _tags(fields, "if-none-match"),
        _date(fields.get("if-modified-since"), now),
        _date(fields.get("if-unmodified-since"), now),
    )


def _tags(fields: Fields | Mapping[str, str], name: str) -> Tags | None:
    text = fields.get(name)
    if text is None:
        return None
    try:
        return parse_entity_tags(text)
    except SyntaxFault as fault:
        raise SyntaxFault(fault.expected, text, fault.position, target=name, hint=fault.hint) from fault


def _date(text: str | None, now: datetime | None) -> datetime | None:
    try:
        return None if text is None else parse_http_date(text, now=now)
    except SyntaxFault:
        return None


def evaluate(conditions: Preconditions, method: str, state: Validators) -> Outcome:
    """Decide about a request that would otherwise be answered with a status in the two hundreds, or 412.

    `state` is that of the resource before the request. Checks that must come first (may the client do this at all?)
    come first: a request that would be refused anyway is refused for that reason (section 13.2.1).
    """
    if method in _UNCONDITIONAL:
        return Outcome.PERFORM
    if not _unchanged(conditions, state):
        return Outcome.FAILED
    if not _is_news(conditions, method, state):
        return Outcome.NOT_MODIFIED if method in _READING else Outcome.FAILED
    return Outcome.PERFORM


def _unchanged(conditions: Preconditions, state: Validators) -> bool:
    """Steps 1 and 2: whether the resource is still what the client takes it for."""
    if conditions.if_match is not None:
        return _lists(conditions.if_match, state, strongly=True)
    if conditions.if_unmodified_since is not None and state.last_modified is not None:
        return state.last_modified <= conditions.if_unmodified_since
    return True


def _is_news(conditions: Preconditions, method: str, state: Validators) -> bool:
    """Steps 3 and 4: whether the client does not have this already."""
    if conditions.if_none_match is not None:
        return not _lists(conditions.if_none_match, state, strongly=False)
    if method in _READING and conditions.if_modified_since is not None and state.last_modified is not None:
        return state.last_modified > conditions.if_modified_since
    return True


def _lists(tags: Tags, state: Validators, *, strongly: bool) -> bool:
    if not state.exists:
        return False
    if tags is ANY:
        return True
    current = state.tag
    if current is None:
        return False
    return any(current.matches_strongly(tag) if strongly else current.matches_weakly(tag) for tag in tags)
