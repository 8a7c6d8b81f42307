"""The text forms of ISO 8601 as tables, and how a text finds its form.

ISO 8601:2000, 5.2 (dates) and 5.3 (times), with the truncated forms that later editions dropped. A form is named as
the standard writes it: `YYYY-MM-DD`, `-Www-D`, `hh:mm`. A run of one letter is a part, anything else stands for
itself. The *shape* of a text is the text with a zero for every digit; each form has a shape of its own, so that one
look into a table tells how to cut a text up, and the same table tells how to put one together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from demotic.errors import SyntaxFault
from demotic.syntax.iso8601._scales import Precision, Style, Truncation

__all__ = [
    "DATE_FORMS",
    "DATE_SHAPES",
    "LONGEST_TEXT",
    "LONGEST_YEAR",
    "RANGES",
    "TIME_FORMS",
    "TIME_SHAPES",
    "ZEROS",
    "Form",
    "Part",
    "date_form",
    "date_form_by_name",
    "expected_at",
    "read_parts",
    "shape_of",
    "time_form",
    "time_form_by_name",
]

_NONE, _CENTURY, _DECADE, _YEAR, _MONTH, _WEEK, _HOUR, _MINUTE = Truncation
_CALENDAR, _ORDINAL, _WEEKS = Style

# By style, truncation and precision: the basic and the extended form.
DATE_FORMS: Final[dict[tuple[Style, Truncation, Precision], tuple[str, str]]] = {
    (_CALENDAR, _NONE, Precision.COMPLETE): ("YYYYMMDD", "YYYY-MM-DD"),
    (_CALENDAR, _NONE, Precision.MONTH): ("YYYY-MM", "YYYY-MM"),
    (_CALENDAR, _NONE, Precision.YEAR): ("YYYY", "YYYY"),
    (_CALENDAR, _NONE, Precision.CENTURY): ("YY", "YY"),
    (_CALENDAR, _CENTURY, Precision.COMPLETE): ("YYMMDD", "YY-MM-DD"),
    (_CALENDAR, _CENTURY, Precision.MONTH): ("-YYMM", "-YY-MM"),
    (_CALENDAR, _CENTURY, Precision.YEAR): ("-YY", "-YY"),
    (_CALENDAR, _YEAR, Precision.COMPLETE): ("--MMDD", "--MM-DD"),
    (_CALENDAR, _YEAR, Precision.MONTH): ("--MM", "--MM"),
    (_CALENDAR, _MONTH, Precision.COMPLETE): ("---DD", "---DD"),
    (_ORDINAL, _NONE, Precision.COMPLETE): ("YYYYDDD", "YYYY-DDD"),
    (_ORDINAL, _CENTURY, Precision.COMPLETE): ("YYDDD", "YY-DDD"),
    (_ORDINAL, _YEAR, Precision.COMPLETE): ("-DDD", "-DDD"),
    (_WEEKS, _NONE, Precision.COMPLETE): ("YYYYWwwD", "YYYY-Www-D"),
    (_WEEKS, _NONE, Precision.WEEK): ("YYYYWww", "YYYY-Www"),
    (_WEEKS, _CENTURY, Precision.COMPLETE): ("YYWwwD", "YY-Www-D"),
    (_WEEKS, _CENTURY, Precision.WEEK): ("YYWww", "YY-Www"),
    (_WEEKS, _DECADE, Precision.COMPLETE): ("-YWwwD", "-Y-Www-D"),
    (_WEEKS, _DECADE, Precision.WEEK): ("-YWww", "-Y-Www"),
    (_WEEKS, _YEAR, Precision.COMPLETE): ("-WwwD", "-Www-D"),
    (_WEEKS, _YEAR, Precision.WEEK): ("-Www", "-Www"),
    (_WEEKS, _WEEK, Precision.COMPLETE): ("-W-D", "-W-D"),
}
# By truncation and precision.
TIME_FORMS: Final[dict[tuple[Truncation, Precision], tuple[str, str]]] = {
    (_NONE, Precision.COMPLETE): ("hhmmss", "hh:mm:ss"),
    (_NONE, Precision.MINUTE): ("hhmm", "hh:mm"),
    (_NONE, Precision.HOUR): ("hh", "hh"),
    (_HOUR, Precision.COMPLETE): ("-mmss", "-mm:ss"),
    (_HOUR, Precision.MINUTE): ("-mm", "-mm"),
    (_MINUTE, Precision.COMPLETE): ("--ss", "--ss"),
}

# What a part is called, and its range. Days that a month or year lacks are found when the date is known.
RANGES: Final[dict[str, tuple[str, int, int]]] = {
    "CC": ("a century", 0, 99),
    "YYYY": ("a year", 0, 9999),
    "YY": ("a year of its century", 0, 99),
    "Y": ("a year of its decade", 0, 9),
    "MM": ("a month", 1, 12),
    "DD": ("a day of its month", 1, 31),
    "DDD": ("a day of its year", 1, 366),
    "ww": ("a week", 1, 53),
    "D": ("a day of its week", 1, 7),
    "hh": ("an hour", 0, 24),
    "mm": ("a minute", 0, 59),
    "ss": ("a second", 0, 60),
}
_PIECES: Final = re.compile(r"Y+|M+|D+|w+|h+|m+|s+")
ZEROS: Final = bytes(0x30 if 0x30 < c <= 0x39 else c for c in range(256))
"""For `bytes.translate`: every digit becomes a zero."""
LONGEST_YEAR: Final = 100
"""The most digits of a year, which are more than astronomers ask for."""
LONGEST_TEXT: Final = 2000
"""The most characters of a date, time or point: shapes are kept, and a stranger's text must not fill the memory."""


class Part(NamedTuple):
    """One number of a form: its letters, and where it stands."""

    letters: str
    start: int
    end: int


class Form(NamedTuple):
    """A form: its name, its parts, and where it stands in its table. `basic` is `None` if the form is both."""

    name: str
    parts: tuple[Part, ...]
    style: Style
    truncation: Truncation
    precision: Precision
    basic: bool | None

    @property
    def shape(self) -> str:
        """The shape of every text in this form."""
        return _PIECES.sub(lambda found: "0" * len(found.group()), self.name)

    def place(self, letters: str) -> int:
        """Return where a part starts."""
        return next(part.start for part in self.parts if part.letters == letters)


def _form(name: str, style: Style, truncation: Truncation, precision: Precision, basic: bool | None) -> Form:
    parts = tuple(Part(found.group(), *found.span()) for found in _PIECES.finditer(name))
    if precision is Precision.CENTURY:
        parts = (Part("CC", 0, 2),)
    return Form(name, parts, style, truncation, precision, basic)


def _by_shape(forms: Iterable[Form]) -> dict[str, Form]:
    return {form.shape: form for form in forms}


def _both(pair: tuple[str, str]) -> list[tuple[str, bool | None]]:
    return [(pair[0], None)] if pair[0] == pair[1] else [(pair[0], True), (pair[1], False)]


_DATES: Final = _by_shape(_form(name, *key, b) for key, pair in DATE_FORMS.items() for name, b in _both(pair))
_TIMES: Final = _by_shape(
    _form(name, _CALENDAR, *key, b) for key, pair in TIME_FORMS.items() for name, b in _both(pair)
)

_DATES_BY_NAME: Final = {form.name: form for form in _DATES.values()}
_TIMES_BY_NAME: Final = {form.name: form for form in _TIMES.values()}
DATE_SHAPES: Final = tuple(_DATES)
TIME_SHAPES: Final = tuple(_TIMES)


def date_form_by_name(name: str) -> Form | None:
    """Return the form of dates of that name; names with an expanded year are none."""
    return _DATES_BY_NAME.get(name)


def time_form_by_name(name: str) -> Form | None:
    """Return the form of times of that name."""
    return _TIMES_BY_NAME.get(name)


def shape_of(text: str) -> str:
    """Return the shape of a text: a zero for every ASCII digit. Raises `SyntaxFault` for one longer than any form."""
    if len(text) > LONGEST_TEXT:
        raise SyntaxFault(f"the end after at most {LONGEST_TEXT} characters", text, LONGEST_TEXT)
    return text.encode("utf-8", "surrogatepass").translate(ZEROS).decode("latin-1")


def time_form(shape: str) -> Form | None:
    """Return the form of times (without fraction and zone) that has this shape."""
    return _TIMES.get(shape)


@lru_cache(512)
def date_form(shape: str, year_digits: int | None = None, *, truncated: bool = True) -> Form | None:
    """Return the form of dates that has this shape.

    A sign and more digits are an expanded year (ISO 8601:2004, 4.1.2.4): as many as `year_digits`, or else all up to
    the hyphen of an extended form. Where that could also be a truncated form, `truncated` says which to take.
    """
    plain = _DATES.get(shape)
    if plain is not None and (shape[0] != "-" or truncated or year_digits is None):
        return plain
    if shape[:1] not in ("+", "-"):
        return plain
    digits = len(shape) - 1 - len(shape[1:].lstrip("0"))
    if year_digits is None:
        extended = digits >= 4 and shape[1 + digits : 2 + digits] == "-"
        return _expanded(shape, digits) if extended else plain
    if digits == year_digits - 2 == len(shape) - 1:
        return _form_of_century(digits)
    return _expanded(shape, year_digits) if digits >= year_digits >= 4 else plain


def _expanded(shape: str, digits: int) -> Form | None:
    form = _DATES.get("0000" + shape[1 + digits :])
    if form is None or form.parts[0].letters != "YYYY" or digits > LONGEST_YEAR:
        return None
    shift = digits - 3
    year, *rest = form.parts
    parts = (Part(year.letters, 0, year.end + shift), *(Part(n, a + shift, b + shift) for n, a, b in rest))
    return form._replace(name=f"±{'Y' * (digits - 4)}{form.name}", parts=parts)


def _form_of_century(digits: int) -> Form:
    return Form(f"±{'Y' * digits}", (Part("CC", 0, digits + 1),), _CALENDAR, _NONE, Precision.CENTURY, None)


def read_parts(form: Form, text: str, start: int = 0) -> dict[str, int]:
    """Return the numbers of a text of the form's shape from `start`. Raises `SyntaxFault` for one out of range."""
    values = {}
    signed = form.name.startswith("±")
    for letters, a, b in form.parts:
        values[letters] = value = int(text[start + a : start + b])
        name, least, most = RANGES[letters]
        if not least <= value <= most and not (signed and letters in ("CC", "YYYY")):
            width = b - a
            raise SyntaxFault(f"{name} from {least:0{width}} to {most:0{width}}", text, start + a)
    return values


def expected_at(shape: str, shapes: Iterable[str]) -> tuple[int, str]:
    """Return how far `shape` agrees with one of `shapes`, and what those that agree so far have next."""
    furthest, following = 0, set[str]()
    for known in shapes:
        agreed = next(
            (i for i, (a, b) in enumerate(zip(shape, known, strict=False)) if a != b), min(len(shape), len(known))
        )
        if agreed > furthest:
            furthest, following = agreed, set()
        if agreed == furthest:
            following.add(known[agreed : agreed + 1])
    return furthest, " or ".join(_SHOWN.get(c, repr(c)) for c in sorted(following, key="0-:W".find))


_SHOWN: Final = {"0": "a digit", "": "the end"}
