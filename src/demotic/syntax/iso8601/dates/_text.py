"""The text of dates: which form it has and what numbers it says; and the other way.

Nothing here knows what the numbers mean together: whether a month has that day, or which century is left out.
ISO 8601:2000, 5.2; expanded years as in ISO 8601:2004, 4.1.2.4.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax.iso8601._errors import DateTimeFault
from demotic.syntax.iso8601._forms import (
    DATE_FORMS,
    DATE_SHAPES,
    LONGEST_YEAR,
    Form,
    date_form,
    date_form_by_name,
    expected_at,
    shape_of,
)
from demotic.syntax.iso8601._scales import Precision, Style, Truncation

__all__ = ["as_style", "chosen_date_form", "date_fault", "find_date_form", "named_date_form", "write_date"]

_AGREEMENT: Final = "say by year_digits how many digits an expanded year has"


def find_date_form(text: str, year_digits: int | None = None, *, truncated: bool = True) -> Form:
    """Return the form of a text. Raises `SyntaxFault` if it has none."""
    if year_digits is not None and not 4 <= year_digits <= LONGEST_YEAR:
        raise DateTimeFault(f"year_digits is {year_digits}, not from 4 to {LONGEST_YEAR}")
    shape = shape_of(text)
    form = date_form(shape, year_digits, truncated=truncated)
    if form is None:
        raise date_fault(text, shape)
    return form


def date_fault(text: str, shape: str) -> SyntaxFault:
    """Return the fault of a text that has the form of no date."""
    digits = len(shape) - 1 - len(shape[1:].lstrip("0"))
    if shape[:1] in ("+", "-") and digits >= 4:
        if digits > LONGEST_YEAR:
            return SyntaxFault(f"a year of at most {LONGEST_YEAR} digits", text, LONGEST_YEAR + 1)
        known = ["+" + "0" * digits + rest[4:] for rest in DATE_SHAPES if rest.startswith("0000-")]
        place, expected = expected_at("+" + shape[1:], known)
        return SyntaxFault(expected, text, place, hint=_AGREEMENT if digits == len(text) - 1 else None)
    place, expected = expected_at(shape, (*DATE_SHAPES, "+0000"))
    return SyntaxFault(expected, text, place)


def named_date_form(name: str, *, century: bool = False) -> Form:
    """Return the form of that name. Raises `DateTimeFault` if there is none."""
    form = _named(name, century)
    if form is None:
        raise DateTimeFault(
            f"{name!r} is no form of dates", hint="a form is written like YYYY-MM-DD, -Www-D or ±YYYYYYMMDD"
        )
    return form


@lru_cache(256)
def _named(name: str, century: bool) -> Form | None:
    if not name.startswith("±"):
        return date_form_by_name(name)
    years = len(name) - 1 - len(name[1:].lstrip("Y"))
    rest = date_form_by_name("YYYY" + name[1 + years :])
    if rest is None:
        return None
    return date_form("+" + "0" * years + rest.shape[4:], years + 2 if century and years + 1 == len(name) else years)


def as_style(style: Style | str) -> Style:
    """Return the style of that name. Raises `DateTimeFault` if there is none."""
    try:
        return Style(style)
    except ValueError:
        names = ", ".join(known.value for known in Style)
        raise DateTimeFault(f"{style!r} is no style of dates", hint=f"there are {names}") from None


def chosen_date_form(
    style: Style, truncation: Truncation, precision: Precision, *, extended: bool, year_digits: int | None
) -> Form:
    """Return the form for these choices. Raises `DateTimeFault` where the standard has none."""
    pair = DATE_FORMS.get((style, truncation, precision))
    if pair is None:
        reduced = "" if precision is Precision.COMPLETE else f" of precision {precision.name.lower()}"
        raise DateTimeFault(
            f"there is no {style.value} form{reduced} truncated by {truncation.name.lower()}"
            if truncation
            else f"there is no {style.value} form{reduced}"
        )
    name = pair[extended]
    if year_digits is None or truncation:
        return named_date_form(name)
    shown = year_digits - 2 if precision is Precision.CENTURY else year_digits
    return named_date_form(f"±{'Y' * shown}{name.lstrip('Y')}", century=precision is Precision.CENTURY)


def write_date(form: Form, values: dict[str, int]) -> str:
    """Put the numbers into a form. Raises `DateTimeFault` for a year that does not fit."""
    pieces: list[str] = []
    done = 0
    for letters, start, end in form.parts:
        value, width = values[letters], end - start
        signed = start == 0 and form.name[0] == "±"
        text = f"{value:{'+' if signed else ''}0{width}}"
        if len(text) != width or (value < 0 and not signed):
            raise DateTimeFault(f"{value} does not fit {form.name}", hint=_AGREEMENT)
        pieces += (form.name[done:start], text)
        done = end
    return "".join((*pieces, form.name[done:]))
