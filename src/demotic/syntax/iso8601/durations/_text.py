"""The text of durations: with designators (`P1Y2M3DT4H5M6S`, `P2W`), and in the alternative form of a time point.

ISO 8601:2004, 4.4.4.2; a sign in front as XML Schema has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax._scanner import Scanner
from demotic.syntax.iso8601._errors import DateTimeFault
from demotic.syntax.iso8601._numbers import LONGEST_FRACTION, plain, with_decimals

__all__ = ["UNITS", "read_duration", "write_duration"]

UNITS: Final = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
_DATE_UNITS: Final = (("Y", "years"), ("M", "months"), ("D", "days"))
_TIME_UNITS: Final = (("H", "hours"), ("M", "minutes"), ("S", "seconds"))
# What each part of the alternative form must stay below (4.4.3.3: below its place in the next greater one).
_BOUNDS: Final = {"years": 10_000, "months": 12, "days": 31, "hours": 24, "minutes": 60, "seconds": 60}

_NUMBER: Final = re.compile(r"([0-9]{1,1000})(?:[.,]([0-9]{1,1000}))?(?![0-9])")
_ALTERNATIVE: Final = re.compile(
    r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})T([0-9]{2})(?(2):?)([0-9]{2})(?(2):?)([0-9]{2})(?:[.,]([0-9]{1,1000}))?"
)


def read_duration(text: str) -> tuple[dict[str, int | Fraction], bool]:
    """Return the parts of a text, in order, and whether it is negative. Raises `SyntaxFault`."""
    scanner = Scanner(text)
    negative = scanner.accept("-")
    if not negative:
        scanner.accept("+")
    scanner.expect("P")
    alternative = _read_alternative(scanner)
    return (alternative if alternative is not None else _read_designated(scanner)), negative


def _read_designated(scanner: Scanner) -> dict[str, int | Fraction]:
    parts: dict[str, int | Fraction] = {}
    _read_units(scanner, _DATE_UNITS, parts)
    if scanner.accept("T"):
        _read_units(scanner, _TIME_UNITS, parts)
        if not any(name in parts for _, name in _TIME_UNITS):
            raise scanner.fail("a number of hours, minutes or seconds")
    if not parts:
        raise scanner.fail("a number or 'T'")
    if not scanner.at_end and scanner.text[scanner.position - 1] in "YMD" and "T" not in scanner.text:
        raise scanner.fail("'T' or the end")
    scanner.expect_end()
    return parts


def _read_units(scanner: Scanner, units: tuple[tuple[str, str], ...], parts: dict[str, int | Fraction]) -> None:
    while not scanner.at_end and scanner.peek() != "T":
        if any(isinstance(value, Fraction) for value in parts.values()):
            raise scanner.fail("the end, after a fraction")
        number = _read_number(scanner)
        alone = units is _DATE_UNITS and not parts
        designators = (*units, ("W", "weeks")) if alone else units
        name = next((name for letter, name in designators if scanner.accept(letter)), None)
        if name is None:
            raise scanner.fail(" or ".join(repr(letter) for letter, _ in designators) or "the end")
        parts[name] = number
        units = () if name == "weeks" else units[[name for _, name in units].index(name) + 1 :]
        if not units:
            return


def _read_number(scanner: Scanner) -> int | Fraction:
    found = scanner.match(_NUMBER)
    if found is None:
        if re.match(r"[0-9]", scanner.peek()):
            raise scanner.fail(f"a number of at most {LONGEST_FRACTION} digits on each side of its mark")
        raise scanner.fail("a number")
    whole, fraction = found.groups()
    return int(whole) + Fraction(int(fraction), 10 ** len(fraction)) if fraction is not None else int(whole)


def _read_alternative(scanner: Scanner) -> dict[str, int | Fraction] | None:
    start = scanner.position
    found = scanner.match(_ALTERNATIVE)
    if found is None:
        return None
    year, hyphen, month, day, hour, minute, second, fraction = found.groups()
    extended = f"{year}-{month}-{day}T{hour}:{minute}:{second}"
    basic = extended.replace("-", "").replace(":", "")
    if not scanner.text.startswith(extended if hyphen else basic, start):
        scanner.position = found.end(5)
        raise scanner.fail("':' between the times of an extended form, none in a basic one")
    numbers: dict[str, int | Fraction] = dict(
        zip(_BOUNDS, map(int, (year, month, day, hour, minute, second)), strict=True)
    )
    for index, (name, bound) in zip((1, 3, 4, 5, 6, 7), _BOUNDS.items(), strict=True):
        if numbers[name] >= bound:
            raise SyntaxFault(f"{name} below {bound}", scanner.text, found.start(index))
    if fraction is not None:
        numbers["seconds"] = int(second) + Fraction(int(fraction), 10 ** len(fraction))
    scanner.expect_end()
    return numbers


def write_duration(
    parts: Mapping[str, int | Fraction],
    negative: bool,
    alternative: bool,
    extended: bool,
    decimals: int | None,
    mark: str,
    *,
    lossy: bool = False,
) -> str:
    """Write parts as they are, or in the alternative form; `lossy` writes nine decimals of a fraction without end."""
    if alternative:
        return _write_alternative(parts, negative, extended, decimals, mark)
    last = list(parts)[-1]

    def part(unit: tuple[str, str]) -> str:
        letter, name = unit
        if name not in parts:
            return ""
        value, digits = parts[name], decimals if name == last else None
        try:
            return with_decimals(value, digits, mark) + letter
        except DateTimeFault:
            if not lossy:
                raise
            return with_decimals(value, 9, mark) + letter

    time = "".join(map(part, _TIME_UNITS))
    date = "".join(map(part, (*_DATE_UNITS[:2], ("W", "weeks"), _DATE_UNITS[2])))
    return f"{'-' if negative else ''}P{date}{'T' if time else ''}{time}"


def _write_alternative(
    parts: Mapping[str, int | Fraction], negative: bool, extended: bool, decimals: int | None, mark: str
) -> str:
    if negative or "weeks" in parts:
        raise DateTimeFault("the alternative form has no sign and no weeks")
    values = {name: plain(parts.get(name, 0)) for name in _BOUNDS}
    for name, bound in _BOUNDS.items():
        value = values[name]
        if value >= bound or (isinstance(value, Fraction) and name != "seconds"):
            raise DateTimeFault(
                f"{name} are {value}, which the alternative form cannot say", hint=f"whole, below {bound}"
            )
    year, month, day, hour, minute, second = values.values()
    dash, colon = ("-", ":") if extended else ("", "")
    seconds = with_decimals(second, decimals, mark, width=2, most=60)
    return f"P{year:04}{dash}{month:02}{dash}{day:02}T{hour:02}{colon}{minute:02}{colon}{seconds}"
