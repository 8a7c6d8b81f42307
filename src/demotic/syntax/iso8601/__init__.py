"""ISO 8601: dates, times, time points, durations, intervals and repetitions, complete or not, text and value.

A value says as much as its text did: a month stays a month, a time without zone has none, 24:00 and a leap second are
kept. What has an answer is calculated and compared exactly, with fractions of any precision; what has none is refused
(`UndefinedDateTime`). Python's own `datetime` values come in and go out where they can hold the same.

The editions are ISO 8601:2000 for the truncated forms, which later ones dropped, and ISO 8601:2004 for the rest.
"""

from demotic.syntax._calendar import is_leap_year, weeks_in_year
from demotic.syntax.iso8601._errors import DateTimeFault, UndefinedDateTime
from demotic.syntax.iso8601._scales import Precision, Style, Truncation
from demotic.syntax.iso8601.dates import Date
from demotic.syntax.iso8601.durations import Duration
from demotic.syntax.iso8601.intervals import Interval, Recurrence
from demotic.syntax.iso8601.points import TimePoint
from demotic.syntax.iso8601.times import Time, Zone

__all__ = [
    "Date",
    "DateTimeFault",
    "Duration",
    "Interval",
    "Precision",
    "Recurrence",
    "Style",
    "Time",
    "TimePoint",
    "Truncation",
    "UndefinedDateTime",
    "Zone",
    "is_leap_year",
    "weeks_in_year",
]
