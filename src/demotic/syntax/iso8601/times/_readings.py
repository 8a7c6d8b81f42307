"""What a time of day tells about itself, and how times are ordered."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from demotic.syntax.iso8601._errors import DateTimeFault, UndefinedDateTime
from demotic.syntax.iso8601._numbers import decimals_of, plain
from demotic.syntax.iso8601._scales import Precision, Truncation
from demotic.syntax.iso8601._value import part
from demotic.syntax.iso8601.times._text import chosen_time_form, write_time
from demotic.syntax.iso8601.times._zone import Zone

__all__ = ["NO_FRACTION", "SIZES", "TimeReadings", "checked"]

NO_FRACTION: Final = (0, 1)
SIZES: Final = {Precision.HOUR: 3_600, Precision.MINUTE: 60, Precision.COMPLETE: 1}
"""How many seconds the last part of a precision is."""

_RANGES: Final = (("hour", 24), ("minute", 59), ("second", 60))


class TimeReadings:
    """The parts, read-outs and order of a time."""

    __slots__ = ("_fraction", "_hour", "_minute", "_second", "_zone")
    _hour: int
    _minute: int | None
    _second: int | None
    _fraction: tuple[int, int]
    _zone: Zone | None

    hour: int = part("_hour")
    minute: int | None = part("_minute")
    second: int | None = part("_second")
    zone: Zone | None = part("_zone")

    @property
    def precision(self) -> Precision:
        """HOUR, MINUTE or COMPLETE; the zone has no part in it."""
        if self._second is not None:
            return Precision.COMPLETE
        return Precision.HOUR if self._minute is None else Precision.MINUTE

    @property
    def is_complete(self) -> bool:
        """Whether hour, minute and second are said."""
        return self._second is not None

    @property
    def fraction(self) -> int | Fraction:
        """What the last part that is said has beyond its whole number."""
        return Fraction(*self._fraction) if self._fraction[0] else 0

    @property
    def hms(self) -> tuple[int | Fraction, int | Fraction | None, int | Fraction | None]:
        """Hour, minute and second, `None` where not said; the last with its fraction."""
        if self._minute is None:
            return self._hour + self.fraction, None, None
        if self._second is None:
            return self._hour, self._minute + self.fraction, None
        return self._hour, self._minute, self._second + self.fraction

    @property
    def total_seconds(self) -> int | Fraction:
        """The seconds since midnight, 86,400 at 24:00. A leap second counts as the second before it."""
        second = self._second or 0
        whole = self._hour * 3_600 + (self._minute or 0) * 60 + (second if second < 60 else 59)
        return plain(whole + self.fraction * SIZES[self.precision]) if self._fraction[0] else whole

    @property
    def parts(
        self,
    ) -> tuple[int | Fraction, int | Fraction | None, int | Fraction | None, int | None, int | None]:
        """Hour, minute, second, and the zone's direction and minutes; `None` for what is not said."""
        return (*self.hms, *((None, None) if self._zone is None else self._zone.pair))

    def micros(self) -> int:
        """Return the microseconds of a time that Python can hold. Raises `DateTimeFault` for another."""
        if self._second is None:
            raise DateTimeFault(f"{self} has no seconds", hint="use at(Precision.COMPLETE) to fill them in")
        if self._second == 60:
            raise DateTimeFault(f"{self} is a leap second, which Python's times do not have")
        numerator, denominator = self._fraction
        micros, rest = divmod(numerator * 1_000_000, denominator)
        if rest:
            raise DateTimeFault(f"{self} is finer than microseconds")
        return micros

    def _keys(self, other: TimeReadings) -> tuple[int | Fraction, int | Fraction]:
        if self.precision is not other.precision or self._zone != other._zone:
            raise UndefinedDateTime(f"{self} and {other} have no order, as their precision or zone is not the same")
        return self.total_seconds % 86_400, other.total_seconds % 86_400

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TimeReadings):
            return NotImplemented
        alike = self.precision is other.precision and self._zone == other._zone
        return alike and self.total_seconds % 86_400 == other.total_seconds % 86_400

    def __hash__(self) -> int:
        return hash((self.precision, self._zone, self.total_seconds % 86_400))

    def __lt__(self, other: TimeReadings) -> bool:
        if not isinstance(other, TimeReadings):
            return NotImplemented
        mine, theirs = self._keys(other)
        return mine < theirs

    def __le__(self, other: TimeReadings) -> bool:
        if not isinstance(other, TimeReadings):
            return NotImplemented
        mine, theirs = self._keys(other)
        return mine <= theirs

    def __str__(self) -> str:
        """Return the extended form; a fraction that has no decimal end is rounded to nine digits."""
        decimals = decimals_of(Fraction(*self._fraction)) if self._fraction[0] else 0
        form = chosen_time_form(
            Truncation.NONE,
            self.precision,
            self._zone,
            extended=True,
            decimals=9 if decimals is None else decimals,
            mark=".",
            zone_precision=Precision.COMPLETE,
        )
        return write_time(form, self._hour, self._minute, self._second, self._fraction, self._zone)

    def __repr__(self) -> str:
        if not self._fraction[0] or decimals_of(Fraction(*self._fraction)) is not None:
            return f"Time.parse({str(self)!r})"
        zone = "" if self._zone is None else f", zone={self._zone!r}"
        return f"Time({', '.join(repr(n) for n in self.hms if n is not None)}{zone})"


def checked(numbers: list[int], *, fraction: bool) -> tuple[int, int | None, int | None]:
    """Return hour, minute and second if each is in its range, 24 with nothing after it. Raises `DateTimeFault`."""
    for value, (name, most) in zip(numbers, _RANGES, strict=False):
        if not 0 <= value <= most:
            raise DateTimeFault(f"{value} is not {'an' if name == 'hour' else 'a'} {name} from 0 to {most}")
    if numbers[0] == 24 and (any(numbers[1:]) or fraction):
        raise DateTimeFault("the hour 24 has nothing after it but zeros")
    hour, minute, second = (*numbers, None, None)[:3]
    assert hour is not None  # a time has at least an hour
    return hour, minute, second
