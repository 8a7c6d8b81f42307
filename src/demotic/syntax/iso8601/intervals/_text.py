"""The text of intervals: two ends, or one and a duration, with a slash between.

ISO 8601:2004, 4.4.4 and 4.4.5: what the end has in common with the start may be left out in front, and a zone of the
start holds for an end without one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

from demotic.errors import SyntaxFault
from demotic.syntax.iso8601.dates._date import Date
from demotic.syntax.iso8601.durations._duration import Duration
from demotic.syntax.iso8601.points._point import TimePoint

__all__ = ["End", "read_interval"]

End: TypeAlias = Date | TimePoint
Value = TypeVar("Value")

_ZONE: Final = re.compile(r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?$")


def read_interval(
    text: str, start: int, separators: str, year_digits: int | None
) -> tuple[End | None, End | None, Duration | None]:
    """Return the start, end and duration that the text says from `start` on. Raises `SyntaxFault`."""
    middle = text.find("/", start)
    if middle < 0:
        raise SyntaxFault("'/' between the two parts of an interval", text, len(text))

    def read_end(part: str) -> End:
        if any(c in separators for c in part[2:]):
            return TimePoint.parse(part, separators=separators, year_digits=year_digits)
        return Date.parse(part, year_digits=year_digits)

    left, right = text[start:middle], text[middle + 1 :]
    if left.startswith("P"):
        duration = _within(text, start, left, Duration.parse)
        return None, _within(text, middle + 1, right, read_end), duration
    first = _within(text, start, left, read_end)
    if right.startswith("P"):
        return first, None, _within(text, middle + 1, right, Duration.parse)
    return first, _within(text, middle + 1, right, lambda part: _read_last(part, left, first, read_end)), None


def _within(text: str, start: int, part: str, read: Callable[[str], Value]) -> Value:
    """Read a part of the text, and tell its faults by their place in the whole."""
    try:
        return read(part)
    except SyntaxFault as fault:
        raise SyntaxFault(fault.expected, text, start + fault.position, hint=fault.hint) from None


def _read_last(text: str, start: str, first: End, read: Callable[[str], End]) -> End:
    zone = first.zone if isinstance(first, TimePoint) else None
    last = _completed(text, start, first, read) or read(text)
    return last.with_zone(zone) if isinstance(last, TimePoint) and zone and last.zone is None else last


def _completed(text: str, start: str, first: End, read: Callable[[str], End]) -> End | None:
    """Return the end that begins like the start, if that is what was meant."""
    if isinstance(first, TimePoint):
        start = _ZONE.sub("", start, count=1)
    own = _ZONE.sub("", text, count=1) if isinstance(first, TimePoint) else text
    if not own or len(own) >= len(start):
        return None
    try:
        return read(start[: len(start) - len(own)] + text)
    except SyntaxFault:
        return None
