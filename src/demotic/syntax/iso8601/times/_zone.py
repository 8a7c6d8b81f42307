"""Offsets from UTC: `Z`, `+05:30`, `-0500`, `+01`.

ISO 8601:2000, 5.3.3 and 5.3.4.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC as PYTHON_UTC
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import ClassVar, Final, Literal

from demotic.errors import SyntaxFault
from demotic.syntax.iso8601._errors import DateTimeFault
from demotic.syntax.iso8601._numbers import whole_number
from demotic.syntax.iso8601._scales import Precision

__all__ = ["ZONE_FORMS", "Zone", "as_zone", "cached_zone", "fixed_offset", "read_zone", "zone_name"]

_ZONE: Final = re.compile(r"Z|([+-])([0-9]{2})(?:(:?)([0-9]{2}))?")
ZONE_FORMS: Final = ("", "Z", "±hh", "±hhmm", "±hh:mm")


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """An offset from UTC, as it is written.

    `direction` is 0 for `Z`, 1 for `+` (east) and -1 for `-`; `minute` is `None` where only hours are given. Zones of
    the same offset are equal, however written: `Z`, `+00:00` and `-00` are.

    >>> Zone(1, 5, 30), Zone.of_minutes(-300).minutes, Zone(1, 0, 0) == Zone()
    (Zone.parse('+05:30'), -300, True)
    """

    direction: Literal[-1, 0, 1] = 0
    hour: int = 0
    minute: int | None = 0
    UTC: ClassVar[Zone]

    def __post_init__(self) -> None:
        whole_number(self.hour, "the hour of an offset")
        if self.minute is not None:
            whole_number(self.minute, "the minute of an offset")
        if self.direction not in (-1, 0, 1):
            raise DateTimeFault(f"a direction of {self.direction} is none of -1, 0 and 1")
        if not (0 <= self.hour <= 23 and 0 <= (self.minute or 0) <= 59):
            raise DateTimeFault(f"an offset of {self.hour} h {self.minute} min is beyond 23 h 59 min")
        if not self.direction and (self.hour or self.minute != 0):
            raise DateTimeFault("direction 0 is UTC itself, which has no hours and minutes")

    @classmethod
    def of_minutes(cls, minutes: int) -> Zone:
        """Return the zone so many minutes east of UTC; 0 is `Z`."""
        hour, minute = divmod(abs(whole_number(minutes, "an offset in minutes")), 60)
        return cls(1 if minutes > 0 else -1, hour, minute) if minutes else cls.UTC

    @classmethod
    def of(cls, zone: tzinfo, at: datetime | None = None) -> Zone:
        """Return the offset that a Python zone has at the (local) time `at`; fixed ones need none.

        Raises `DateTimeFault` if the offset depends on a time that is not given, or is not whole minutes.
        """
        offset = zone.utcoffset(at)
        if offset is None:
            raise DateTimeFault(f"the offset of {zone} depends on the date", hint="give the date and time")
        return fixed_offset(offset)

    @classmethod
    def local(cls, at: datetime | None = None) -> Zone:
        """Return the local zone: now, or at another moment, by the platform's own rules."""
        return fixed_offset((at or datetime.now(PYTHON_UTC)).astimezone().utcoffset() or timedelta())

    @classmethod
    def parse(cls, text: str) -> Zone:
        """Read `Z`, `±hh:mm`, `±hhmm` or `±hh`. Raises `SyntaxFault`."""
        return read_zone(text, 0)

    @classmethod
    def parse_with_format(cls, text: str) -> tuple[Zone, str]:
        """Read a zone, and return the name of its form too."""
        return read_zone(text, 0), zone_name(text)

    @property
    def minutes(self) -> int:
        """Minutes east of UTC, negative to the west."""
        return self.direction * (self.hour * 60 + (self.minute or 0))

    @property
    def pair(self) -> tuple[int, int]:
        """Direction, and minutes without sign."""
        return self.direction, abs(self.minutes)

    @property
    def triple(self) -> tuple[int, int, int | None]:
        """Direction, hours, and minutes or `None`, as written."""
        return self.direction, self.hour, self.minute

    @property
    def canonical(self) -> tuple[int, int, int]:
        """Direction, hours and minutes; any zero offset has direction 0."""
        return (self.direction, self.hour, self.minute or 0) if self.minutes else (0, 0, 0)

    def to_timezone(self) -> timezone:
        """Return the same offset for `datetime`."""
        return timezone(timedelta(minutes=self.minutes)) if self.minutes else PYTHON_UTC

    def format(
        self, form: str | None = None, *, extended: bool = True, precision: Precision = Precision.COMPLETE
    ) -> str:
        """Return the zone in a form (`Z`, `±hh:mm`, `±hhmm`, `±hh`), or as it is: with minutes unless it has none.

        `precision` HOUR leaves the minutes out. Raises `DateTimeFault` where that would cut minutes off, and for a `Z`
        that is none.
        """
        if form is None:
            short = precision is Precision.HOUR or self.minute is None
            form = "Z" if not self.direction else "±hh" if short else "±hh:mm" if extended else "±hhmm"
        if form not in ZONE_FORMS[1:]:
            raise DateTimeFault(f"{form!r} is no form of zones", hint=f"there are {', '.join(ZONE_FORMS[1:])}")
        if form == "Z":
            if self.minutes:
                raise DateTimeFault(f"{self} is not UTC")
            return "Z"
        hours = f"{'-' if self.direction < 0 else '+'}{self.hour:02}"
        if form == "±hh":
            if self.minute:
                raise DateTimeFault(f"{self} has minutes, which would be cut off")
            return hours
        return f"{hours}{':' if form == '±hh:mm' else ''}{self.minute or 0:02}"

    def __eq__(self, other: object) -> bool:
        return self.minutes == other.minutes if isinstance(other, Zone) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.minutes)

    def __str__(self) -> str:
        return self.format()

    def __repr__(self) -> str:
        return f"Zone.parse({str(self)!r})" if self.direction else "Zone.UTC"


Zone.UTC = Zone()


def as_zone(zone: Zone | str) -> Zone:
    """Return a zone, also from its text. Raises `SyntaxFault`, and `DateTimeFault` for anything else."""
    if isinstance(zone, Zone):
        return zone
    if isinstance(zone, str):
        return Zone.parse(zone)
    raise DateTimeFault(f"{zone!r} is no zone", hint="give a Zone, or a text such as '+01:00'")


def fixed_offset(offset: timedelta) -> Zone:
    """Return the zone of an offset. Raises `DateTimeFault` if it is not whole minutes, which no form can say."""
    minutes, rest = divmod(offset, timedelta(minutes=1))
    if rest:
        raise DateTimeFault(f"an offset of {offset} is not whole minutes", hint="convert the value to UTC first")
    return Zone.of_minutes(minutes)


def zone_name(text: str) -> str:
    """Return the name of the form that a zone's text has."""
    if text in ("", "Z"):
        return text
    return {3: "±hh", 5: "±hhmm"}.get(len(text), "±hh:mm")


def read_zone(text: str, start: int) -> Zone:
    """Read a zone that fills `text` from `start`. Raises `SyntaxFault`."""
    try:
        return cached_zone(text[start : start + 7])  # one more than the longest, so that nothing longer is kept
    except SyntaxFault as fault:
        raise SyntaxFault(fault.expected, text, start + fault.position) from None


@lru_cache(256)
def cached_zone(text: str) -> Zone:
    """Read a zone, which must not be long, as it is kept. Raises `SyntaxFault`."""
    found = _ZONE.match(text)
    if found is None:
        raise (
            SyntaxFault("a digit", text, 2 if text[1:2].isdecimal() else 1)
            if text[:1] in ("+", "-") and len(text) < 3
            else SyntaxFault("a zone, 'Z' or an offset such as '+01:00'", text, 0)
        )
    sign, hour, _, minute = found.groups()
    if found.end() != len(text):
        more = "minutes in two digits or the end" if sign and minute is None else "the end"
        raise SyntaxFault(more, text, found.end())
    if sign is None:
        return Zone.UTC
    if hour > "23":
        raise SyntaxFault("an hour from 00 to 23", text, 1)
    if (minute or "") > "59":
        raise SyntaxFault("a minute from 00 to 59", text, len(text) - 2)
    return Zone(-1 if sign == "-" else 1, int(hour), None if minute is None else int(minute))
