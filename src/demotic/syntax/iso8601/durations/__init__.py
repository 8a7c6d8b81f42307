"""Lengths of time, and their text (`_text`)."""

from demotic.syntax.iso8601.durations._duration import Duration

__all__ = ["Duration"]
