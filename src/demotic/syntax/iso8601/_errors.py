"""What is refused about dates and times beside their spelling (which is `SyntaxFault`)."""

from __future__ import annotations

from demotic.errors import InvalidInput

__all__ = ["DateTimeFault", "UndefinedDateTime"]


class DateTimeFault(InvalidInput, ValueError):
    """A part of a date, time or duration is out of range, or a value does not fit where it was to go."""

    code = "DateTimeError"


class UndefinedDateTime(InvalidInput, TypeError):
    """A comparison or calculation without an answer: unlike precisions, one zone missing, a year from 29 February."""

    code = "UndefinedDateTime"
