"""Durations: months and seconds, of one sign (XSD 1.1 part 2, 3.3.6, 3.4.26 and 3.4.27; functions of E.2).

The two do not convert into each other, so durations are ordered only where the four dates that 3.3.6.1 names agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final, Self

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax._calendar import day_of_date
from demotic.syntax.xsd.values._numbers import EXACT, exact_decimal, format_decimal
from demotic.syntax.xsd.values._order import PartlyOrdered
from demotic.syntax.xsd.values._space import ValueSpace

__all__ = ["DAY_TIME_DURATION", "DURATION", "YEAR_MONTH_DURATION", "Duration", "read_whole"]

_duration: Final = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?"
)
_start: Final = re.compile(
    r"-?(?:P(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?)?"
)
# The starts of 3.3.6.1, as year and month; each is the first of the month, at midnight in UTC.
_REFERENCES: Final = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
_MOST_DIGITS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Duration(PartlyOrdered):
    """A number of months and an exact number of seconds, neither of which has the other's sign.

    >>> str(Duration(14, Decimal("93784.5"))), Duration(1).compare(Duration(0, Decimal(30 * 86400)))
    ('P1Y2M1DT2H3M4.5S', None)
    """

    months: int = 0
    seconds: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "seconds", exact_decimal(self.seconds))
        if type(self.months) is not int:
            raise InvalidInput(f"{self.months!r} months are no whole number", target="months")
        if not self.seconds.is_finite() or abs(self.seconds.adjusted()) > _MOST_DIGITS + 10:  # that many days are fine
            raise InvalidInput(f"a duration has a finite number of seconds, not {self.seconds:.6e}", target="seconds")
        if (self.months > 0 and self.seconds < 0) or (self.months < 0 and self.seconds > 0):
            raise InvalidInput(
                f"a duration's months and seconds have one sign, unlike {self.months} and {self.seconds}"
            )

    @classmethod
    def from_timedelta(cls, value: timedelta) -> Self:
        """Return the duration of a `timedelta`, exactly."""
        return cls(0, Decimal(value // timedelta(microseconds=1)).scaleb(-6, EXACT))

    def to_timedelta(self) -> timedelta:
        """Return the same as a `timedelta`. Raises `InvalidInput` for months, and for what is too fine or too long."""
        micros = EXACT.scaleb(self.seconds, 6)
        if self.months or micros != micros.to_integral_value():
            raise InvalidInput(f"{self} is no whole number of microseconds", hint="months have no fixed length")
        try:
            return timedelta(microseconds=int(micros))
        except OverflowError:
            raise InvalidInput(f"{self} is beyond the 999999999 days of a timedelta") from None

    def compare(self, other: Duration) -> int | None:
        """Return -1, 0 or 1 where all four reference dates agree, else `None`: a month is 28 to 31 days."""
        seconds = EXACT.subtract(self.seconds, other.seconds)
        orders = {
            _sign(EXACT.add(seconds, Decimal(_shift(self.months, *start) - _shift(other.months, *start))))
            for start in _REFERENCES
        }
        return orders.pop() if len(orders) == 1 else None

    def __neg__(self) -> Duration:
        return Duration(-self.months, self.seconds.copy_negate())

    def __str__(self) -> str:
        """The canonical literal."""
        sign = "-" if self.months < 0 or self.seconds < 0 else ""
        years, months = divmod(abs(self.months), 12)
        whole = int(self.seconds.copy_abs())
        fraction = format_decimal(EXACT.subtract(self.seconds.copy_abs(), Decimal(whole)))[1:]
        minutes, seconds = divmod(whole, 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        date = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (days, "D")) if n)
        time = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
        if seconds or fraction or not (date or time):
            time += f"{seconds}{fraction}S"
        return f"{sign}P{date}{'T' if time else ''}{time}"


def _shift(months: int, year: int, month: int) -> int:
    """Return by how many seconds the start of a month moves when months are added."""
    years, zero_based = divmod(month - 1 + months, 12)
    return (day_of_date(year + years, zero_based + 1, 1) - day_of_date(year, month, 1)) * 86_400


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)


def read_whole(digits: str, text: str, position: int) -> int:
    """Return a whole number. Raises `SyntaxFault` for more digits than Python turns into one at once."""
    if len(digits) > _MOST_DIGITS:
        raise SyntaxFault(f"a number of at most {_MOST_DIGITS} digits", text, position)
    return int(digits)


def parse_duration(text: str) -> Duration:
    """Read `P1Y2M3DT4H5M6.7S`, with a minus sign in front or not. Raises `SyntaxFault` for another form."""
    found = _duration.fullmatch(text)
    if found is None:
        start = _start.match(text)
        raise SyntaxFault("a duration such as P1Y2M3DT4H5M6.7S", text, start.end() if start else 0)
    years, months, days, hours, minutes = (
        read_whole(found[i], text, found.start(i)) if found[i] else 0 for i in range(2, 7)
    )
    if len(found[7] or "") > _MOST_DIGITS:
        raise SyntaxFault(f"a number of at most {_MOST_DIGITS} digits", text, found.start(7))
    total_months = years * 12 + months
    seconds = EXACT.add(Decimal(((days * 24 + hours) * 60 + minutes) * 60), Decimal(found[7] or 0))
    if found[1]:
        return Duration(-total_months, seconds.copy_negate() if seconds else seconds)
    return Duration(total_months, seconds)


def _parse_year_month(text: str) -> Duration:
    value = parse_duration(text)
    wrong = re.search("[DT]", text)
    if wrong:
        raise SyntaxFault("years and months only", text, wrong.start())
    return value


def _parse_day_time(text: str) -> Duration:
    value = parse_duration(text)
    wrong = re.search("[YM]", text.partition("T")[0])
    if wrong:
        raise SyntaxFault("days, hours, minutes and seconds only", text, wrong.start())
    return value


def _space(parse: Callable[[str], Duration], holds: Callable[[Duration], bool], zero: str) -> ValueSpace[Duration]:
    return ValueSpace(
        "duration",
        lambda text, _: parse(text),
        lambda value: str(value) if value.months or value.seconds else zero,
        lambda value: isinstance(value, Duration) and holds(value),
        adopt=_adopt,
        compare=lambda left, right: left.compare(right),
    )


def _adopt(value: object) -> Duration:
    if not isinstance(value, timedelta):
        raise TypeError("it is no duration")
    return Duration.from_timedelta(value)


DURATION: Final = _space(parse_duration, lambda value: True, "PT0S")
YEAR_MONTH_DURATION: Final = _space(_parse_year_month, lambda value: not value.seconds, "P0M")
DAY_TIME_DURATION: Final = _space(_parse_day_time, lambda value: not value.months, "PT0S")
