"""Times of day and their zones: text (`_text`), what they tell (`_readings`), what they can do (`_time`, `_zone`)."""

from demotic.syntax.iso8601.times._time import Time
from demotic.syntax.iso8601.times._zone import Zone

__all__ = ["Time", "Zone"]
