"""Stretches of time between dates or points, once or repeated, and their text (`_text`)."""

from demotic.syntax.iso8601.intervals._interval import Interval, Recurrence

__all__ = ["Interval", "Recurrence"]
