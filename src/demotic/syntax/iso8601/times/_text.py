"""The text of times of day: form, numbers, fraction and zone; and the other way.

ISO 8601:2000, 5.3. A fraction stands on the last part that is written; its digits are part of the form's name, so that
`hh:mm,mm` is a minute with two decimals.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from demotic.errors import SyntaxFault
from demotic.syntax.iso8601._errors import DateTimeFault
from demotic.syntax.iso8601._forms import (
    TIME_FORMS,
    TIME_SHAPES,
    Form,
    expected_at,
    read_parts,
    shape_of,
    time_form,
    time_form_by_name,
)
from demotic.syntax.iso8601._numbers import LONGEST_FRACTION, with_decimals
from demotic.syntax.iso8601._scales import Precision, Truncation
from demotic.syntax.iso8601.times._zone import ZONE_FORMS, Zone, cached_zone, read_zone, zone_name

__all__ = [
    "ClockShape",
    "ReadTime",
    "TimeForm",
    "chosen_time_form",
    "clock_shape",
    "named_time_form",
    "read_clock",
    "read_time",
    "write_time",
]

# A time's own part, the fraction, and what is left for a zone. The hyphens of truncation come first, a zone's after.
_SPLIT: Final = re.compile(r"(-{0,2}[^.,Z+-]*)(?:([.,])([0-9]*))?(.*)", re.DOTALL)
_NAME: Final = re.compile(r"(-{0,2}[hms:]+?)(?:([.,])(?:h+|m+|s+))?(Z|±hh(?::?mm)?)?")


class ReadTime(NamedTuple):
    """What a text says: numbers by their letters, the fraction as written, the zone, and the name of it all.

    `basic` is the style of time and zone, `None` if that is open.
    """

    form: Form
    numbers: dict[str, int]
    fraction: tuple[int, int]
    zone: Zone | None
    name: str
    basic: bool | None


class TimeForm(NamedTuple):
    """A form with its decimals (`None` for all that a value needs), its mark, and the form of its zone."""

    form: Form
    decimals: int | None
    mark: str
    zone: str


class ClockShape(NamedTuple):
    """Where the parts of a time stand in every text of one shape; a zone that is no number is there already."""

    hour: int
    minute: int | None
    second: int | None
    fraction: tuple[int, int] | None
    zone: Zone | int | None
    name: str


def clock_shape(shape: str, start: int, basic: bool | None) -> ClockShape | None:
    """Return how the texts of a shape are read from `start` on, where there is a complete time beside a date's style.

    What comes out as `None`, and any number out of range, `read_time` can tell the fault of.
    """
    try:
        read = read_time(shape, start)  # zeros are a good time
    except SyntaxFault:
        return None
    if read.form.truncation or (basic is not None and read.basic not in (None, basic)):
        return None
    places: dict[str, int | None] = {part.letters: start + part.start for part in read.form.parts}
    end = start + read.form.parts[-1].end
    digits = len(str(read.fraction[1])) - 1
    zone_at = end + digits + 1 if digits else end
    zone = None if read.zone is None else read.zone if shape[zone_at] == "Z" else zone_at
    fraction = (end + 1, end + 1 + digits) if digits else None
    return ClockShape(start, places.get("mm"), places.get("ss"), fraction, zone, read.name)


def read_clock(text: str, shape: ClockShape) -> tuple[int, int | None, int | None, tuple[int, int], Zone | None] | None:
    """Return hour, minute, second, fraction and zone of a text of the shape; `None` if one is out of range."""
    at, minute_at, second_at, fraction_at, zone, _ = shape
    hour = int(text[at : at + 2])
    minute = None if minute_at is None else int(text[minute_at : minute_at + 2])
    second = None if second_at is None else int(text[second_at : second_at + 2])
    fraction = (0, 1)
    if fraction_at is not None:
        start, end = fraction_at
        fraction = (int(text[start:end]), 10 ** (end - start))
    if hour > 23 and (hour > 24 or minute or second or fraction[0]):
        return None
    if (minute is not None and minute > 59) or (second is not None and second > 60):
        return None
    if isinstance(zone, int):
        try:
            zone = cached_zone(text[zone:])
        except SyntaxFault:
            return None
    return hour, minute, second, fraction, zone


def read_time(text: str, start: int = 0) -> ReadTime:
    """Read the time that fills `text` from `start`. Raises `SyntaxFault`."""
    found = _SPLIT.match(text, start)
    assert found is not None  # it matches anything
    own, mark, digits, zone = found.groups()
    shape = shape_of(own)
    form = time_form(shape)
    if form is None:
        place, expected = expected_at(shape, TIME_SHAPES)
        raise SyntaxFault(expected, text, start + place)
    numbers = read_parts(form, text, start)
    if mark and not 1 <= len(digits) <= LONGEST_FRACTION:
        raise SyntaxFault("a digit" if not digits else f"at most {LONGEST_FRACTION} digits", text, found.end(3))
    if numbers.get("hh") == 24 and (any(n for letters, n in numbers.items() if letters != "hh") or int(digits or 0)):
        raise SyntaxFault("an hour from 00 to 23, or 24:00 alone", text, start)
    own_zone = _read_zone(text, found.start(4), form) if zone else None
    unit = form.parts[-1].letters[0]
    name = f"{form.name}{mark or ''}{unit * len(digits or '')}{zone_name(zone)}"
    basic = {5: True, 6: False}.get(len(zone)) if form.basic is None else form.basic
    return ReadTime(form, numbers, (int(digits), 10 ** len(digits)) if mark else (0, 1), own_zone, name, basic)


def _read_zone(text: str, start: int, form: Form) -> Zone:
    zone = read_zone(text, start)
    length = len(text) - start
    if form.basic is not None and ((length == 6 and form.basic) or (length == 5 and not form.basic)):
        style, expected = ("basic", "minutes without ':'") if form.basic else ("extended", "':' before the minutes")
        raise SyntaxFault(f"{expected}, as the time has the {style} form", text, start + 3)
    return zone


@lru_cache(256)
def named_time_form(name: str) -> TimeForm:
    """Return the form of that name. Raises `DateTimeFault` if there is none."""
    found = _NAME.fullmatch(name)
    form = time_form_by_name(found[1]) if found else None
    if found is None or form is None:
        raise DateTimeFault(
            f"{name!r} is no form of times", hint="a form is written like hh:mm:ss, hhmm,m or -mm±hh:mm"
        )
    own, mark, zone = found.groups()
    fraction = len(name) - len(own) - len(zone or "")
    return TimeForm(form, max(fraction - 1, 0), mark or ".", zone or "")


def chosen_time_form(
    truncation: Truncation,
    precision: Precision,
    zone: Zone | None,
    *,
    extended: bool,
    decimals: int | None,
    mark: str,
    zone_precision: Precision,
) -> TimeForm:
    """Return the form for these choices. Raises `DateTimeFault` where the standard has none."""
    pair = TIME_FORMS.get((truncation, precision))
    if pair is None:
        raise DateTimeFault(
            f"there is no form of a {precision.name.lower()} time truncated by {truncation.name.lower()}"
        )
    form = time_form_by_name(pair[extended])
    assert form is not None  # both are of one table
    if zone is None or not zone.direction:
        return TimeForm(form, decimals, mark, "" if zone is None else "Z")
    short = zone_precision is Precision.HOUR or zone.minute is None
    return TimeForm(form, decimals, mark, ZONE_FORMS[2] if short else ZONE_FORMS[4 if extended else 3])


def write_time(
    form: TimeForm, hour: int, minute: int | None, second: int | None, fraction: tuple[int, int], zone: Zone | None
) -> str:
    """Put a time into a form that has its precision. Raises `DateTimeFault` for a zone that does not go in."""
    values = {"hh": hour, "mm": minute or 0, "ss": second or 0}
    *leading, last = form.form.parts
    pieces: list[str] = []
    done = 0
    for letters, start, end in leading:
        pieces += (form.form.name[done:start], f"{values[letters]:02}")
        done = end
    number = values[last.letters]
    exact = number + Fraction(*fraction) if fraction[0] else number
    most = None if number == 24 else {"hh": 24, "mm": 60}.get(last.letters, 61 if number == 60 else 60)
    pieces += (form.form.name[done : last.start], with_decimals(exact, form.decimals, form.mark, width=2, most=most))
    return "".join(pieces) + _written_zone(form, zone)


def _written_zone(form: TimeForm, zone: Zone | None) -> str:
    if zone is None:
        if form.zone:
            raise DateTimeFault(f"a time without zone has nothing for {form.zone}", hint="use with_zone() first")
        return ""
    if not form.zone and form.form.truncation:
        return ""  # to be taken from the base, like the hour
    if not form.zone:
        raise DateTimeFault(f"the form {form.form.name} would leave the zone out", hint="use with_zone(None) first")
    return zone.format(form.zone)
