"""The text of time points: a date, a letter between, a time; both basic or both extended.

ISO 8601:2000, 5.4; ISO 8601:2004, 4.3.3 asks for a complete date and for one style throughout. What a text of one shape
is made of is found out once and kept, as programs read many points of the same shape.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from demotic.errors import SyntaxFault
from demotic.syntax.iso8601._errors import DateTimeFault
from demotic.syntax.iso8601._forms import DATE_SHAPES, LONGEST_TEXT, Form, date_form, expected_at, shape_of
from demotic.syntax.iso8601._scales import Precision
from demotic.syntax.iso8601.dates._text import date_fault
from demotic.syntax.iso8601.times._text import ClockShape, clock_shape, read_time
from demotic.syntax.iso8601.times._zone import Zone

__all__ = ["PointShape", "named_point_form", "point_fault", "point_shape", "time_fault"]

# Those that `datetime.fromisoformat` reads as ISO 8601 does, with a time of the same style.
_NATIVE_DATES: Final = frozenset(("YYYY-MM-DD", "YYYYMMDD", "YYYY-Www-D", "YYYYWwwD"))


class PointShape(NamedTuple):
    """How texts of one shape are cut up.

    `clock` is there if the time is as the date asks. `native` is there if Python's own reader may be tried: whether
    there are minutes, whether seconds, and the zone: `None`, UTC, or where its text begins.
    """

    date: Form
    middle: int
    name: str
    clock: ClockShape | None
    native: tuple[bool, bool, Zone | int | None] | None


@lru_cache(1024)
def point_shape(shape: bytes, separators: str, year_digits: int | None, truncated: bool) -> PointShape:
    """Return how texts of this shape are cut up. Raises `LookupError`, which is not kept, if they are no points."""
    if len(shape) > LONGEST_TEXT:
        raise LookupError
    text = shape.decode("latin-1")
    for middle in (i for i, c in enumerate(text) if c in separators and i >= 2):
        form = date_form(text[:middle], year_digits, truncated=truncated)
        if form is None:
            continue
        clock = clock_shape(text, middle + 1, form.basic) if form.precision is Precision.COMPLETE else None
        name = f"{form.name}{text[middle]}{clock.name if clock else ''}"
        return PointShape(form, middle, name, clock, _native(form, clock))
    raise LookupError


def _native(date: Form, clock: ClockShape | None) -> tuple[bool, bool, Zone | int | None] | None:
    if clock is None or date.name not in _NATIVE_DATES:
        return None
    if clock.fraction is not None and (clock.second is None or clock.fraction[1] - clock.fraction[0] > 6):
        return None
    return clock.minute is not None, clock.second is not None, clock.zone


def time_fault(text: str, shape: PointShape) -> SyntaxFault:
    """Return the fault of a text whose date has a form, but whose time is not one that goes with it."""
    date, start = shape.date, shape.middle + 1
    if date.precision is not Precision.COMPLETE:
        return SyntaxFault(f"a complete date before {text[shape.middle]!r}", text, shape.middle)
    try:
        time = read_time(text, start)
    except SyntaxFault as fault:
        return fault
    if time.form.truncation:
        return SyntaxFault("an hour", text, start)
    return SyntaxFault(f"a time in {'basic' if date.basic else 'extended'} form, as the date has", text, start)


@lru_cache(256)
def named_point_form(name: str) -> tuple[str, str, str]:
    """Return the names of the date's and the time's forms with the separator between. Raises `DateTimeFault`."""
    middle = name.find("h") - 1
    if middle < 1:
        raise DateTimeFault(f"{name!r} is no form of points", hint="a form is written like YYYY-MM-DDThh:mm:ssZ")
    return name[:middle], name[middle], name[middle + 1 :]


def point_fault(text: str, separators: str) -> SyntaxFault:
    """Return the fault of a text that is no point."""
    shape = shape_of(text)
    middle = next((i for i, c in enumerate(shape) if c in separators and i >= 2), None)
    if middle is not None:
        return date_fault(text, shape[:middle])
    place, expected = expected_at(shape, [known + separators[:1] for known in DATE_SHAPES])
    return SyntaxFault(expected, text, place)
