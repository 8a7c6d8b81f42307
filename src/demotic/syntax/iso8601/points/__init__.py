"""Points in time, a date and a time of it: text (`_text`), what they tell (`_readings`) and can do (`_point`)."""

from demotic.syntax.iso8601.points._point import TimePoint

__all__ = ["TimePoint"]
