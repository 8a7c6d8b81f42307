"""What dates and times have in common: seven properties, one time line (XSD 1.1 part 2, appendices D.2 and E.3).

Years are counted through 0, which is the year before 1, without bound; seconds are exact decimals below 60; the offset
of a zone is in minutes, or `None` where a literal has none. A value without one has its place on the time line only
within 14 hours, so against one with an offset its order can be indeterminate.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Final, Self

from demotic.errors import InvalidInput
from demotic.syntax._calendar import date_of_day, day_of_date, days_in_month, format_zone
from demotic.syntax.xsd.values._duration import Duration
from demotic.syntax.xsd.values._numbers import EXACT, exact_decimal
from demotic.syntax.xsd.values._order import PartlyOrdered

__all__ = ["Moment"]

MOST_OFFSET: Final = 14 * 60
_RANGES: Final = {"month": (1, 12), "day": (1, 31), "hour": (0, 23), "minute": (0, 59)}
_LEAP_YEAR: Final = 1972
"""Stands for the year of values that have none (`timeOnTimeline`)."""


class Moment(PartlyOrdered):
    """A date, a time, or a part of one; each subclass has some of the seven properties.

    Two are equal if they are of one type and at the same point of the time line, whatever their offsets; one with an
    offset and one without never are.
    """

    __slots__ = ()
    datatype: ClassVar[str]
    timezone: int | None

    def __post_init__(self) -> None:
        for name in ("year", "month", "day", "hour", "minute", "timezone"):
            value = getattr(self, name, None)
            if value is not None and type(value) is not int:
                raise InvalidInput(f"{name} {value!r} is no whole number", target=name)
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name, None)
            if value is not None and not least <= value <= most:
                raise InvalidInput(f"{name} {value} is not from {least} to {most}", target=name)
        if self.timezone is not None and abs(self.timezone) > MOST_OFFSET:
            raise InvalidInput(f"an offset of {self.timezone} minutes is beyond 14 hours", target="timezone")
        self._set_second()
        self._check_day()

    def _set_second(self) -> None:
        second = getattr(self, "second", None)
        if second is not None:
            exact = exact_decimal(second)
            object.__setattr__(self, "second", exact)
            if not exact.is_finite() or not 0 <= exact < 60:
                raise InvalidInput(f"second {second} is not from 0 to below 60", target="second")

    def _check_day(self) -> None:
        year, month, day = (getattr(self, name, None) for name in ("year", "month", "day"))
        if month is not None and day is not None:
            last = days_in_month(_LEAP_YEAR if year is None else year, month)
            if day > last:
                raise InvalidInput(f"a month {month} has no day {day}, its last is {last}", target="day")

    def __str__(self) -> str:
        """The canonical literal, which keeps the offset."""
        return self._local() + ("" if self.timezone is None else format_zone(self.timezone))

    def _local(self) -> str:
        raise NotImplementedError

    @property
    def point(self) -> Fraction:
        """Seconds on the time line (`timeOnTimeline`); what is missing is the last of a month, December, and 1972."""
        year, month, day = (getattr(self, name, None) for name in ("year", "month", "day"))
        year, month = (_LEAP_YEAR if year is None else year), month or 12
        minutes = getattr(self, "hour", 0) * 60 + getattr(self, "minute", 0) - (self.timezone or 0)
        days = day_of_date(year, month, day or days_in_month(year, month))
        return days * 86_400 + minutes * 60 + Fraction(getattr(self, "second", 0))

    def compare(self, other: Self) -> int | None:
        """Return -1, 0 or 1, or `None` where it depends on an offset that only one of the two has."""
        left, right = self.point, other.point
        if (self.timezone is None) == (other.timezone is None):
            return (left > right) - (left < right)
        room = MOST_OFFSET * 60
        return -1 if left < right - room else 1 if left > right + room else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Moment) or type(self) is not type(other):
            return NotImplemented
        return (self.timezone is None) == (other.timezone is None) and self.point == other.point

    def __hash__(self) -> int:
        return hash((self.datatype, self.timezone is None, self.point))

    def in_utc(self) -> Self:
        """Return the same point with offset 0, as the canonical form of XSD 1.0 has it.

        A value without offset stays as it is. Raises `InvalidInput` for a type without a time of day.
        """
        if not self.timezone:
            return self
        if not hasattr(self, "hour"):
            raise InvalidInput(f"{self} cannot be moved by hours, as its type is {self.datatype}")
        moved: Self = replace(_moved(self, Decimal(-self.timezone * 60), 0), timezone=0)
        return moved

    def __add__(self, duration: object) -> Self:
        """Add a duration (`dateTimePlusDuration`): first the months, to a day that there is, then the seconds.

        Raises `InvalidInput` where the type has no part to add to: for days to a month, or months to a time.
        """
        if not isinstance(duration, Duration):
            return NotImplemented
        if not self._takes(duration):
            raise InvalidInput(f"{duration} cannot be added to {self}, as its type is {self.datatype}")
        moved: Self = _moved(self, duration.seconds, duration.months)
        return moved

    def _takes(self, duration: Duration) -> bool:
        if hasattr(self, "day") or hasattr(self, "hour"):
            return hasattr(self, "year") or (hasattr(self, "hour") and not duration.months)
        whole_years = hasattr(self, "month") or duration.months % 12 == 0
        return hasattr(self, "year") and not duration.seconds and whole_years

    def __sub__(self, duration: object) -> Self:
        return self + -duration if isinstance(duration, Duration) else NotImplemented


def _moved(moment: Any, seconds: Decimal, months: int) -> Any:
    year, month, day = (
        getattr(moment, name, fallback) for name, fallback in (("year", 1972), ("month", 1), ("day", 1))
    )
    years, zero_based = divmod(month - 1 + months, 12)
    year, month = year + years, zero_based + 1
    day = min(day, days_in_month(year, month))
    total = EXACT.add(seconds, getattr(moment, "second", Decimal(0)))
    whole = int(total.to_integral_value("ROUND_FLOOR", EXACT))
    minutes, second = divmod(whole, 60)
    days, minutes = divmod(getattr(moment, "hour", 0) * 60 + getattr(moment, "minute", 0) + minutes, 1440)
    year, month, day = date_of_day(day_of_date(year, month, day) + days)
    parts: dict[str, Any] = {"year": year, "month": month, "day": day, "hour": minutes // 60, "minute": minutes % 60}
    parts["second"] = EXACT.add(Decimal(second), EXACT.subtract(total, Decimal(whole)))
    return replace(moment, **{name: value for name, value in parts.items() if hasattr(moment, name)})
