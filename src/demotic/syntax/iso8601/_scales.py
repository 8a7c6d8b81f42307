"""How much of a date or time is said: the scales that every form and value is placed on.

ISO 8601:2000, 4.5 (reduced precision) and 4.6 (truncation).
"""

from __future__ import annotations

from enum import Enum, IntEnum

__all__ = ["Precision", "Style", "Truncation"]


class Precision(IntEnum):
    """The last part that is there; what is below it is left open, not zero. Coarser ones are smaller."""

    CENTURY = 1
    YEAR = 2
    MONTH = 3
    WEEK = 4
    HOUR = 5
    MINUTE = 6
    COMPLETE = 7


class Truncation(IntEnum):
    """The last part that is left out at the front, to be taken from a base."""

    NONE = 0
    CENTURY = 1
    DECADE = 2
    YEAR = 3
    MONTH = 4
    WEEK = 5
    HOUR = 6
    MINUTE = 7


class Style(Enum):
    """The three ways to say which day it is."""

    CALENDAR = "calendar"
    ORDINAL = "ordinal"
    WEEK = "week"
