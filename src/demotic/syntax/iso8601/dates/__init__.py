"""Dates: text (`_text`), what it means (`_parts`), what they tell (`_readings`), how they move (`_arithmetic`)."""

from demotic.syntax.iso8601.dates._date import Date

__all__ = ["Date"]
