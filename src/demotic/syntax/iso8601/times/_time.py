"""Times of day, complete or not, with a zone or without: `20:17:40Z`, `20:17,5`, `20`, `24:00:00`, `23:59:60`.

ISO 8601:2000, 5.3. Both midnights and leap seconds are kept as given. The last part that is said may have a fraction.
"""

from __future__ import annotations

import datetime as python
from collections.abc import MutableSequence, Sequence
from fractions import Fraction
from typing import Any, Final

from demotic.syntax.iso8601._errors import DateTimeFault, UndefinedDateTime
from demotic.syntax.iso8601._numbers import Number, exact, plain
from demotic.syntax.iso8601._scales import Precision, Truncation
from demotic.syntax.iso8601._value import new
from demotic.syntax.iso8601.times._readings import NO_FRACTION, SIZES, TimeReadings, checked
from demotic.syntax.iso8601.times._text import ReadTime, chosen_time_form, named_time_form, read_time, write_time
from demotic.syntax.iso8601.times._zone import Zone, as_zone

__all__ = ["Time", "make_time", "time_of_read", "time_of_total"]

_HOUR, _MINUTE, _COMPLETE = Precision.HOUR, Precision.MINUTE, Precision.COMPLETE
_DAY: Final = 86_400


class Time(TimeReadings):
    """A time of day.

    `minute` and `second` are `None` where they are not said. The last part given may be a `Fraction`, `Decimal`,
    decimal text or float; it is kept exactly, its whole part in its place and the rest in `fraction`. Times of one
    precision and zone are ordered; between others `<` raises `UndefinedDateTime`, a `TypeError`, and `==` is false.
    24:00 equals 00:00, and a leap second counts as the second before it.

    >>> Time(20, 17, "40.5", zone=Zone.UTC)
    Time.parse('20:17:40.5Z')
    >>> Time(20, 17, 40).extend(minute=7)
    (Time.parse('21:07:40'), 0)
    """

    __slots__ = ()
    _instead = "use offset(), with_zone(), at() or Time(…) for another one"

    def __new__(
        cls,
        hour: Number | None = None,
        minute: Number | None = None,
        second: Number | None = None,
        *,
        zone: Zone | str | None = None,
    ) -> Time:
        """Return a time; without arguments 00:00:00. A zone may be given as text."""
        zone = None if zone is None else as_zone(zone)
        if hour is None and minute is None and second is None:
            return make_time(0, 0, 0, NO_FRACTION, zone)
        given = [value for value in (hour, minute, second) if value is not None]
        if (hour, minute, second)[: len(given)] != tuple(given):
            raise DateTimeFault("a part is left out before another", hint="extend() takes a base for what is left out")
        *leading, last = (exact(value, name) for value, name in zip(given, ("hour", "minute", "second"), strict=False))
        if any(isinstance(value, Fraction) for value in leading):
            raise DateTimeFault("only the last part of a time may have a fraction")
        whole, rest = divmod(last, 1)
        numbers = checked([*map(int, leading), int(whole)], fraction=bool(rest))
        return make_time(*numbers, (rest.numerator, rest.denominator) if rest else NO_FRACTION, zone)

    @classmethod
    def of_seconds(cls, total: Number) -> Time:
        """Return the time so many seconds after midnight, of which there must be fewer than a day has."""
        seconds = exact(total, "seconds")
        if not 0 <= seconds < _DAY:
            raise DateTimeFault(f"{total} seconds are not within a day")
        return time_of_total(seconds, _COMPLETE, None)

    @classmethod
    def from_time(cls, value: python.time) -> Time:
        """Return the same time. Raises `DateTimeFault` for a zone whose offset depends on the date."""
        zone = None if value.tzinfo is None else Zone.of(value.tzinfo)
        micros = value.microsecond
        return make_time(value.hour, value.minute, value.second, (micros, 1_000_000) if micros else NO_FRACTION, zone)

    @classmethod
    def from_struct_time(cls, value: Sequence[int]) -> Time:
        """Return the time of a time tuple, without zone. A second of 61, which C allows, is one of 60."""
        return cls(value[3], value[4], min(value[5], 60))

    @classmethod
    def parse(cls, text: str, base: Time | None = None) -> Time:
        """Read a time in any form, a truncated one with its base, whose zone it takes unless it has one.

        Raises `SyntaxFault`, and `DateTimeFault` for a truncated form without a base.
        """
        return cls.parse_with_format(text, base)[0]

    @classmethod
    def parse_with_format(cls, text: str, base: Time | None = None) -> tuple[Time, int, str]:
        """Read a time; return the days that a truncated one ran over, and the name of its form: `hh:mm:ss,ss±hh`."""
        read = read_time(text)
        if not read.form.truncation:
            return time_of_read(read), 0, read.name
        if base is None:
            raise DateTimeFault(
                "a truncated time needs a base", hint="give a base: the earliest time from it on is meant"
            )
        if base.precision < read.form.precision:
            raise DateTimeFault(f"the base {base} says less than {text}", hint="give a base with seconds")
        numbers = read.numbers
        own = base if read.zone is None else base.with_zone(read.zone)
        minute, second = numbers.get("mm"), numbers.get("ss")
        found, days = own.at(read.form.precision, truncate=not read.fraction[0])._from_here(
            minute, second, read.fraction
        )
        return found, days, read.name

    def extend(
        self, *, hour: int | None = None, minute: int | None = None, second: int | None = None
    ) -> tuple[Time, int]:
        """Return the earliest time from this one on that has the parts given, and the days run over (0 or 1).

        Parts below those given stay as they are here.
        """
        given = [part for part in (hour, minute, second) if part is not None]
        if not given:
            raise DateTimeFault("nothing is given to extend")
        if (minute is not None and self.minute is None) or (second is not None and self.second is None):
            raise DateTimeFault(f"{self} has no such part")
        if hour is None:
            kept = second if second is not None else self.second
            return self._from_here(minute, kept, self._fraction)
        parts = (hour, self.minute if minute is None else minute, self.second if second is None else second)
        found = make_time(
            *checked([n for n in parts if n is not None], fraction=bool(self._fraction[0])), self._fraction, self.zone
        )
        return found, int(found.total_seconds < self.total_seconds)

    def _from_here(self, minute: int | None, second: int | None, fraction: tuple[int, int]) -> tuple[Time, int]:
        """Return the first time from here on with that minute (or any) and second."""
        hour, now = self.hour % 24, self.minute
        wanted = [n for n in (hour, now if minute is None else minute, second) if n is not None]
        found = make_time(*checked(wanted, fraction=bool(fraction[0])), fraction, self.zone)
        if found.total_seconds >= self.total_seconds % _DAY:
            return found, self.hour // 24
        later = found.total_seconds + (60 if minute is None else 3_600)
        kept = time_of_total(later % _DAY, self.precision, self.zone)
        if second == 60:
            kept = make_time(kept.hour, kept.minute, 60, fraction, self.zone)
        return kept, self.hour // 24 + int(later // _DAY)

    def offset(self, *, hours: Number = 0, minutes: Number = 0, seconds: Number = 0) -> tuple[Time, int]:
        """Return the time so much later (or earlier), and the days run over. Fractions are calculated exactly.

        Raises `UndefinedDateTime` for parts finer than the time says.
        """
        moved = {_HOUR: exact(hours, "hours"), _MINUTE: exact(minutes, "minutes"), _COMPLETE: exact(seconds, "seconds")}
        if any(value and precision > self.precision for precision, value in moved.items()):
            raise UndefinedDateTime(
                f"{self} says no more than its {self.precision.name.lower()}", hint="use at() first"
            )
        return self._later(sum(value * SIZES[precision] for precision, value in moved.items()))

    def later(self, seconds: int | Fraction) -> tuple[Time, int]:
        """Return the time so many seconds later, and the days run over.

        Raises `UndefinedDateTime` where that is not a whole number of the minutes or hours that the time says.
        """
        if not self.is_complete and seconds % SIZES[self.precision]:
            raise UndefinedDateTime(
                f"{self} says no more than its {self.precision.name.lower()}", hint="use at() first"
            )
        return self._later(seconds)

    def _later(self, seconds: int | Fraction) -> tuple[Time, int]:
        days, rest = divmod(self.total_seconds + seconds, _DAY)
        return time_of_total(rest, self.precision, self.zone), int(days)

    def with_zone(self, zone: Zone | str | None) -> Time:
        """Return the same clock reading in another zone, given as text too, or in none."""
        zone = None if zone is None else as_zone(zone)
        return make_time(self.hour, self.minute, self.second, self._fraction, zone)

    def shift(self, zone: Zone | str) -> tuple[Time, int]:
        """Return the same instant in another zone, and the days run over (-1, 0 or 1).

        Raises `UndefinedDateTime` without a zone, and for minutes of offset where the time says only hours.
        """
        zone = as_zone(zone)
        if self.zone is None:
            raise UndefinedDateTime(f"{self} has no zone to be shifted from", hint="use with_zone() first")
        minutes = zone.minutes - self.zone.minutes
        if not minutes:
            return self.with_zone(zone), 0
        if self.precision is _HOUR and minutes % 60:
            raise UndefinedDateTime(f"{self} says no more than its hour, which {zone} has no whole number of")
        if self.second == 60 and minutes:
            moved, days = self._whole_minute().offset(minutes=minutes)
            return make_time(moved.hour, moved.minute, 60, self._fraction, zone), days
        moved, days = self.offset(**{"hours": minutes // 60} if self.precision is _HOUR else {"minutes": minutes})
        return moved.with_zone(zone), days

    def _whole_minute(self) -> Time:
        return make_time(self.hour, self.minute, 0, NO_FRACTION, self.zone)

    def at(self, precision: Precision, *, truncate: bool = False) -> Time:
        """Return the time at another precision (HOUR, MINUTE or COMPLETE), what is below it kept as a fraction.

        With `truncate` it is dropped. A finer precision splits the fraction up.
        """
        if precision not in SIZES:
            raise DateTimeFault(f"{precision!r} is no precision of times", hint="there are HOUR, MINUTE and COMPLETE")
        if precision is self.precision and not truncate:
            return self
        if self.hour == 24:
            minute, second = (None if precision is _HOUR else 0), (0 if precision is _COMPLETE else None)
            return make_time(24, minute, second, NO_FRACTION, self.zone)
        total = self.total_seconds
        if truncate:
            total -= total % SIZES[min(precision, self.precision)]
        return time_of_total(total, precision, self.zone)

    def to_time(self) -> python.time:
        """Return the same time. Raises `DateTimeFault` for what Python's cannot hold (reduced, 24:00, :60, finer)."""
        micros = self.micros()
        if self.hour == 24:
            raise DateTimeFault(f"Python's times have no {self}", hint="24:00 is 00:00 of the next day")
        zone = None if self.zone is None else self.zone.to_timezone()
        return python.time(self.hour, self.minute or 0, self.second or 0, micros, zone)

    def into_struct_time(self, target: MutableSequence[int]) -> None:
        """Write hour, minute and second into a list of nine, and -1 for daylight saving time."""
        if self.minute is None or self.second is None:
            raise UndefinedDateTime(f"{self} has no seconds")
        target[3:6] = self.hour, self.minute, self.second
        target[8] = -1

    def format(
        self,
        form: str | None = None,
        *,
        extended: bool = True,
        truncation: Truncation = Truncation.NONE,
        decimals: int | None = None,
        mark: str = ".",
        zone_precision: Precision = _COMPLETE,
    ) -> str:
        """Return the text in a form by its name (`hh:mm:ss,sss±hh:mm`), or by choices.

        `decimals` of the last part are rounded half up, but never into the next minute or hour; without, there are as
        many as it needs. Raises `DateTimeFault` for a form of another precision, and where something would be left out.
        """
        chosen = (
            named_time_form(form)
            if form is not None
            else chosen_time_form(
                truncation,
                self.precision,
                self.zone,
                extended=extended,
                decimals=decimals,
                mark=mark,
                zone_precision=zone_precision,
            )
        )
        if chosen.form.precision is not self.precision:
            raise DateTimeFault(f"{self} does not have the precision of {chosen.form.name}", hint="use at() first")
        return write_time(chosen, self.hour, self.minute, self.second, self._fraction, self.zone)

    def __reduce__(self) -> tuple[Any, ...]:
        return make_time, (self.hour, self.minute, self.second, self._fraction, self.zone)


def make_time(hour: int, minute: int | None, second: int | None, fraction: tuple[int, int], zone: Zone | None) -> Time:
    """Return a time of parts that are known to be right."""
    made = new(Time)
    made._hour = hour
    made._minute = minute
    made._second = second
    made._fraction = fraction
    made._zone = zone
    return made


def time_of_read(read: ReadTime) -> Time:
    """Return the time that a text says which is not truncated."""
    numbers = read.numbers
    return make_time(numbers["hh"], numbers.get("mm"), numbers.get("ss"), read.fraction, read.zone)


def time_of_total(seconds: int | Fraction, precision: Precision, zone: Zone | None) -> Time:
    """Return the time so many seconds after midnight, fewer than a day's; below the precision they are a fraction."""
    whole, rest = divmod(seconds, SIZES[precision])
    count = int(whole)
    share = plain(Fraction(rest) / SIZES[precision])
    fraction = (share.numerator, share.denominator) if share else NO_FRACTION
    if precision is _HOUR:
        return make_time(count, None, None, fraction, zone)
    if precision is _MINUTE:
        return make_time(count // 60, count % 60, None, fraction, zone)
    return make_time(count // 3600, count // 60 % 60, count % 60, fraction, zone)
