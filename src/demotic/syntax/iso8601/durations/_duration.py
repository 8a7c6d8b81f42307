"""Lengths of time: `P1Y2M3DT4H5M6.7S`, `P2W`, `-PT0.5S`, `P0001-02-03T04:05:06`.

ISO 8601:2004, 4.4.3.2 (designators) and 4.4.3.3 (alternative form); the sign is that of ISO 8601-2:2019, 4.4.1, and of
XML Schema. What a duration is worth is a number of months and a number of seconds, as in XML Schema 1.1 part 2, 3.3.6:
neither is any fixed number of the other, which is why some durations have no order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final

from demotic.syntax import _calendar as calendar
from demotic.syntax.iso8601._errors import DateTimeFault, UndefinedDateTime
from demotic.syntax.iso8601._numbers import Number, decimals_of, exact, plain, whole_number
from demotic.syntax.iso8601._value import new, part
from demotic.syntax.iso8601.durations._text import UNITS, read_duration, write_duration

__all__ = ["Duration"]

_MONTHS: Final = {"years": 12, "months": 1}
_SECONDS: Final = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
# 1696-09, 1697-02, 1903-03, 1903-07 (XML Schema 1.1 part 2, 3.3.6.1): if all agree, every month does.
_REFERENCES: Final = tuple(year * 12 + month - 1 for year, month in ((1696, 9), (1697, 2), (1903, 3), (1903, 7)))


class Duration:
    """A length of time, with the parts that it was given in.

    Parts are numbers, not negative; `negative` turns the whole around. Only the last part given may have a fraction,
    and weeks stand alone. Durations are equal if months and seconds are: `P1Y` and `P12M`, `P1D` and `PT24H`. They are
    ordered where every calendar would order them; `P1M < P30D` raises `UndefinedDateTime`, a `TypeError`.

    >>> Duration(years=1, months=2, hours="1.5")
    Duration.parse('P1Y2MT1.5H')
    """

    __slots__ = ("_given", "_months", "_negative", "_seconds")
    _given: Mapping[str, int | Fraction]
    _negative: bool
    _months: int | Fraction
    _seconds: int | Fraction

    negative: bool = part("_negative")
    months_in_all: int | Fraction = part("_months")
    seconds_in_all: int | Fraction = part("_seconds")
    _instead = "calculate another one, or make it with Duration(…)"

    def __new__(cls, *, negative: bool = False, **parts: Number) -> Duration:
        unknown = sorted(set(parts) - set(UNITS))
        if unknown:
            raise DateTimeFault(f"{unknown[0]!r} is no part of a duration", hint=f"there are {', '.join(UNITS)}")
        given: dict[str, int | Fraction]
        given = {name: exact(parts[name], name) for name in UNITS if name in parts} or {"seconds": 0}
        for name, value in given.items():
            if value < 0:
                raise DateTimeFault(f"{name} are {value}", hint="negative=True makes the whole duration negative")
            if isinstance(value, Fraction) and name != list(given)[-1]:
                raise DateTimeFault(f"{name} are {value}, but only the last part may have a fraction")
        if "weeks" in given and len(given) > 1:
            raise DateTimeFault("weeks stand alone in a duration", hint="give days instead")
        return _make(given, negative)

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read a duration in either form, `,` or `.` before a fraction. Raises `SyntaxFault`."""
        given, negative = read_duration(text)
        return _make(given, negative)

    @classmethod
    def of_totals(cls, months: int = 0, seconds: Number = 0) -> Duration:
        """Return the duration worth that much, in years, months, days, hours, minutes and seconds.

        Raises `UndefinedDateTime` if the two have unlike signs, which no form can say.
        """
        exactly = exact(seconds, "seconds")
        whole_number(months, "the number of months")
        if months * exactly < 0:
            raise UndefinedDateTime(
                f"{months} months and {plain(exactly)} seconds have unlike signs: no duration is both"
            )
        minutes: int | Fraction
        second: int | Fraction
        minutes, second = divmod(exactly if exactly >= 0 else -exactly, 60)
        hours, minute = divmod(int(minutes), 60)
        days, hour = divmod(hours, 24)
        years, month = divmod(abs(months), 12)
        values = (years, month, days, hour, minute, plain(second))
        names = ("years", "months", "days", "hours", "minutes", "seconds")
        given = {name: value for name, value in zip(names, values, strict=True) if value}
        return _make(given or {"seconds": 0}, months < 0 or exactly < 0)

    @classmethod
    def from_timedelta(cls, value: timedelta) -> Duration:
        """Return the same length in days, hours, minutes and seconds."""
        return cls.of_totals(0, value.days * 86_400 + value.seconds + Fraction(value.microseconds, 1_000_000))

    def to_timedelta(self) -> timedelta:
        """Return the same length. Raises `DateTimeFault` for months, which have none, and for what does not fit."""
        if self._months:
            raise DateTimeFault(f"{self} has years or months, which have no fixed length")
        micros = self._seconds * 1_000_000
        if micros.denominator != 1:
            raise DateTimeFault(f"{self} is finer than the microseconds of a timedelta")
        try:
            return timedelta(microseconds=int(micros))
        except OverflowError:
            raise DateTimeFault(f"{self} is beyond the 999999999 days of a timedelta") from None

    def part(self, name: str) -> int | Fraction | None:
        """Return one part as given, without sign: `years`, `months`, `weeks`, …; `None` if it was left out."""
        if name not in UNITS:
            raise DateTimeFault(f"{name!r} is no part of a duration", hint=f"there are {', '.join(UNITS)}")
        return self._given.get(name)

    def format(
        self, *, alternative: bool = False, extended: bool = True, decimals: int | None = None, mark: str = "."
    ) -> str:
        """Return the parts as given, or in the alternative form, `P0001-02-03T04:05:06`.

        `decimals` are the digits after `mark`, or else as many as it needs. Raises `DateTimeFault` for a fraction that
        has no end, and for what the alternative form cannot say (a part beyond its range, a sign).
        """
        return write_duration(self._given, self._negative, alternative, extended, decimals, mark)

    def __str__(self) -> str:
        return write_duration(self._given, self._negative, False, True, None, ".", lossy=True)

    def __repr__(self) -> str:
        last = list(self._given.values())[-1]
        if decimals_of(Fraction(last)) is not None:
            return f"Duration.parse({str(self)!r})"
        given = ", ".join(f"{name}={value!r}" for name, value in self._given.items())
        return f"Duration({given}{', negative=True' if self._negative else ''})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _make, (dict(self._given), self._negative)

    def _totals(self) -> tuple[int | Fraction, int | Fraction]:
        return self._months, self._seconds

    def __eq__(self, other: object) -> bool:
        return self._totals() == other._totals() if isinstance(other, Duration) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._totals())

    def __lt__(self, other: Duration) -> bool:
        return self._order(other) < 0 if isinstance(other, Duration) else NotImplemented

    def __le__(self, other: Duration) -> bool:
        return self._order(other) <= 0 if isinstance(other, Duration) else NotImplemented

    def __gt__(self, other: Duration) -> bool:
        return self._order(other) > 0 if isinstance(other, Duration) else NotImplemented

    def __ge__(self, other: Duration) -> bool:
        return self._order(other) >= 0 if isinstance(other, Duration) else NotImplemented

    def _order(self, other: Duration) -> int:
        """Return -1, 0 or 1. Raises `UndefinedDateTime` where that depends on the months meant."""
        differences = {_sign(a - b) for a, b in zip(self._from_references(), other._from_references(), strict=True)}
        if len(differences) > 1:
            raise UndefinedDateTime(f"whether {self} is longer than {other} depends on the months meant")
        return differences.pop()

    def _from_references(self) -> list[int | Fraction]:
        if self._months.denominator != 1:
            raise UndefinedDateTime(f"{self} is no whole number of months, so it has no order")
        moved = (reference + int(self._months) for reference in _REFERENCES)
        return [calendar.day_of_date(n // 12, n % 12 + 1, 1) * 86_400 + self._seconds for n in moved]

    def whole_months(self) -> int:
        """Return the months in all. Raises `UndefinedDateTime` where that is no whole number."""
        return _whole(self._months, self)

    def __neg__(self) -> Duration:
        return _make(self._given, not self._negative)

    def __pos__(self) -> Duration:
        return self

    def __abs__(self) -> Duration:
        return _make(self._given, False)

    def __bool__(self) -> bool:
        return any(self._totals())

    def __add__(self, other: Duration) -> Duration:
        if not isinstance(other, Duration):
            return NotImplemented
        months = self._months + other.months_in_all
        return Duration.of_totals(_whole(months, self, other), self._seconds + other.seconds_in_all)

    def __sub__(self, other: Duration) -> Duration:
        return self + -other if isinstance(other, Duration) else NotImplemented

    def __mul__(self, factor: int) -> Duration:
        """Return so many times the duration, in parts that are as small as they go: `PT45M * 2` is `PT1H30M`."""
        if not isinstance(factor, int):
            return NotImplemented
        return Duration.of_totals(_whole(self._months * factor, self), self._seconds * factor)

    __rmul__ = __mul__


def _make(given: Mapping[str, int | Fraction], negative: bool) -> Duration:
    made = new(Duration)
    sign = -1 if negative else 1
    made._given = given
    made._negative = negative
    made._months = plain(sign * sum(given[name] * n for name, n in _MONTHS.items() if name in given))
    made._seconds = plain(sign * sum(given[name] * n for name, n in _SECONDS.items() if name in given))
    return made


def _whole(months: int | Fraction, *culprits: Duration) -> int:
    if months.denominator != 1:
        raise UndefinedDateTime(f"{' and '.join(map(str, culprits))} make no whole number of months")
    return int(months)


def _sign(value: int | Fraction) -> int:
    return (value > 0) - (value < 0)
