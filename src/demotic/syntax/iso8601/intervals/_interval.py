"""Intervals and repetitions: `2024-01-31/P1M`, `2024-01-01T09:00/17:00`, `R5/2024-W01-1/P1W`.

ISO 8601:2004, 4.4.4 (intervals) and 4.5 (recurring intervals). The ends are dates or points, both of one kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from demotic.errors import SyntaxFault
from demotic.syntax.iso8601._errors import DateTimeFault, UndefinedDateTime
from demotic.syntax.iso8601._numbers import whole_number
from demotic.syntax.iso8601.dates._date import Date
from demotic.syntax.iso8601.durations._duration import Duration
from demotic.syntax.iso8601.intervals._text import End, read_interval

__all__ = ["Interval", "Recurrence"]

_REPEATS: Final = re.compile(r"R(-1|[0-9]{1,18})?/")


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time by two of start, end and duration; as it was given, so that its text comes back.

    Intervals are equal if they are given alike. Raises `DateTimeFault` unless exactly two are given, and
    `UndefinedDateTime` if start and end have no order or the end comes first.

    >>> Interval.parse("2024-01-31/P1M").last
    Date(2024, 2, 29)
    """

    start: End | None = None
    end: End | None = None
    duration: Duration | None = None

    def __post_init__(self) -> None:
        given = ((self.start, End), (self.end, End), (self.duration, Duration))
        for value, kind in given:
            if value is not None and not isinstance(value, kind):
                raise DateTimeFault(f"{value!r} is no part of an interval", hint="Interval.parse reads a text")
        if [self.start, self.end, self.duration].count(None) != 1:
            raise DateTimeFault("an interval is given by two of start, end and duration")
        if self.start is not None and self.end is not None and not _in_order(self.start, self.end):
            raise UndefinedDateTime(f"{self.end} comes before {self.start}")
        if self.duration is not None and self.duration.negative:
            raise DateTimeFault(f"an interval does not last {self.duration}", hint="swap start and end")

    @classmethod
    def parse(cls, text: str, *, separators: str = "T", year_digits: int | None = None) -> Interval:
        """Read `start/end`, `start/duration` or `duration/end`; an end may leave out what it has in common in front.

        Raises `SyntaxFault`; what the interval itself refuses is raised as it is.
        """
        return cls(*read_interval(text, 0, separators, year_digits))

    @property
    def first(self) -> End:
        """The start, calculated if it was not given."""
        return self.start if self.start is not None else _later(_given(self.end), -_given(self.duration))

    @property
    def last(self) -> End:
        """The end, calculated if it was not given."""
        return self.end if self.end is not None else _later(_given(self.start), _given(self.duration))

    @property
    def length(self) -> Duration:
        """The duration: as given, else the days, or days to seconds, between start and end."""
        if self.duration is not None:
            return self.duration
        length: Duration = self.last - self.first
        return length

    def __contains__(self, moment: End) -> bool:
        """Whether a date or point lies between first and last: a point before the last, a date on it at the latest."""
        if isinstance(moment, Date):
            return _in_order(self.first, moment) and _in_order(moment, self.last)
        return _in_order(self.first, moment) and not _in_order(self.last, moment)

    def __str__(self) -> str:
        return f"{self.start or self.duration}/{self.end or self.duration}"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """An interval that repeats, `count` times in all or without end (`None`).

    Iterating gives the intervals, each calculated from the first: a month from 31 January is 29 February, two are
    31 March. One that is given by its end goes back from there.

    >>> [str(interval.first) for interval in Recurrence.parse("R3/2024-01-31/P1M")]
    ['2024-01-31', '2024-02-29', '2024-03-31']
    """

    interval: Interval
    count: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.interval, Interval):
            raise DateTimeFault(f"{self.interval!r} is no interval", hint="Recurrence.parse reads a text")
        if self.count is not None and whole_number(self.count, "the number of repetitions") < 0:
            raise DateTimeFault(f"nothing repeats {self.count} times", hint="None repeats without end")

    @classmethod
    def parse(cls, text: str, *, separators: str = "T", year_digits: int | None = None) -> Recurrence:
        """Read `R5/…` or, without end, `R/…` or `R-1/…`, then an interval. Raises `SyntaxFault`."""
        found = _REPEATS.match(text)
        if found is None:
            place = re.match(r"R?(?:-1?|[0-9]{0,18})", text)
            expected = "'R', a number of repetitions and '/'"
            raise SyntaxFault(expected, text, place.end() if place and text[:1] == "R" else 0)
        times = None if found[1] in (None, "-1") else int(found[1])
        return cls(Interval(*read_interval(text, found.end(), separators, year_digits)), times)

    def __iter__(self) -> Iterator[Interval]:
        length = self.interval.length
        if not length:
            raise UndefinedDateTime(f"{self} stays where it is", hint="give it a length")
        for number in count() if self.count is None else range(self.count):
            yield self._interval(number, length)

    def _interval(self, number: int, length: Duration) -> Interval:
        if self.interval.start is None:
            end = _later(_given(self.interval.end), -length * number)
            return Interval(end=end, duration=length)
        start = _later(self.interval.start, length * number)
        if self.interval.end is None:
            return Interval(start=start, duration=length)
        return Interval(start=start, end=_later(self.interval.start, length * (number + 1)))

    def __str__(self) -> str:
        return f"R{'' if self.count is None else self.count}/{self.interval}"


def _given(value: End | Duration | None) -> Any:
    assert value is not None
    return value


def _later(start: End, length: Duration) -> End:
    later: End = start + length
    return later


def _in_order(first: End, second: End) -> bool:
    if isinstance(first, Date) is not isinstance(second, Date):
        raise UndefinedDateTime(f"{first} and {second} are a date and a point, which have no order")
    return first <= second  # type: ignore[operator]
