"""From fetched rows to a form's rows: one generated function per level, with a column's checks written into it.

Each value is checked by the cheapest test that its storage allows (for most, one comparison of classes) and otherwise
given to a function; nothing that a file holds gets through unchecked. Columns of uniform date texts, whose check is the
dearest, are checked as a whole: shape by one translation of all their digits, values by msgspec. Only if that fails are
they looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from types import GenericAlias
from typing import Any, Final, TypeAlias

import msgspec

from demotic.model import (
    BINARY,
    BOOLEAN,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    INT64,
    INTEGER_RANGES,
    SINGLE,
    STRING,
    TIME_OF_DAY,
    EnumType,
    PrimitiveType,
    Property,
)
from demotic.store._interface import Representation, RowFactory, Tell
from demotic.store._representation import converter
from demotic.store.sql.storage._misfits import is_strict, misfit, telling
from demotic.store.sql.storage._storage import DECIMAL_NUMBER, FLAG, Storage
from demotic.store.sql.storage._temporal import ZEROS

Convert: TypeAlias = Callable[..., list[Any]]
_Bulk: TypeAlias = Callable[[list[Any]], "list[Any] | None"]

BULK_FROM: Final = 16
"""The number of rows from which columns are checked as a whole."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a level: the property, how it is kept, and its place among those selected.

    A complex value kept in several columns has no storage and no place, but ``parts`` in the order of its properties.
    """

    property: Property
    storage: Storage | None
    place: int
    parts: tuple[Cell, ...] = ()


def converting(
    cells: Sequence[Cell],
    width: int,
    expanded: int,
    factory: RowFactory,
    wanted: Representation,
    tell: Tell | None = None,
) -> Convert:
    """Return what `generate` does; given ``tell``, it is told of values that do not fit."""
    if tell is None:
        return generate(cells, width, expanded, factory, wanted)

    @cache
    def lenient() -> tuple[Convert, Convert]:
        plain = generate(cells, width, expanded, factory, wanted)
        return plain, generate(cells, width, 0, _together, wanted)

    return telling(generate(cells, width, expanded, factory, wanted, strict=True), lenient, cells, tell)


def _together(*values: Any) -> tuple[Any, ...]:
    return values


def generate(
    cells: Sequence[Cell],
    width: int,
    expanded: int,
    factory: RowFactory,
    wanted: Representation,
    *,
    strict: bool = False,
) -> Convert:
    """Return a function from rows (and a list of values for each expanded one) to the factory's rows.

    One that is ``strict`` raises `Misfit` for a value that does not fit; null stands for it otherwise.
    """
    scope: dict[str, Any] = {"make": factory, "least": BULK_FROM, "date": date, "datetime": datetime}
    slow, fast, checks = [], [], []
    for cell in cells:
        expression = _expression(cell, wanted, scope, strict=strict)
        slow.append(expression)
        bulk = _bulk(cell, wanted)
        if bulk is None:
            fast.append(expression)
            continue
        scope[f"bulk{cell.place}"] = bulk
        checks.append(cell.place)
        fast.append(f"b{cell.place}")
    extras = [f"x{n}" for n in range(expanded)]
    text = _function(width, slow, fast, list(dict.fromkeys(checks)), extras)
    # The text is made of numbers and of our own names: nothing of a request or a database is in it.
    exec(text, scope)
    result: Convert = scope["convert"]
    return result


def _function(width: int, slow: list[str], fast: list[str], checks: list[int], extras: list[str]) -> str:
    given = ", ".join(["rows", *extras])
    lines = [f"def convert({given}):"]
    if checks:
        columns = [f"(k{n} := bulk{n}([row[{n}] for row in rows])) is not None" for n in checks]
        lines.append(f"    if len(rows) >= least and {' and '.join(columns)}:")
        names, lists = [f"b{n}" for n in checks], [f"k{n}" for n in checks]
        lines.append(f"        return {_comprehension(width, fast, names, lists, extras)}")
    lines.append(f"    return {_comprehension(width, slow, [], [], extras)}")
    return "\n".join(lines)


def _comprehension(width: int, values: list[str], names: list[str], lists: list[str], extras: list[str]) -> str:
    row = "".join(f"c{n}, " for n in range(width)) or "_"
    made = ", ".join([*values, *(f"e{n}" for n in range(len(extras)))])
    if not names and not extras:
        return f"[make({made}) for {row} in rows]"
    target = ", ".join([f"({row})", *names, *(f"e{n}" for n in range(len(extras)))])
    return f"[make({made}) for {target} in zip({', '.join(['rows', *lists, *extras])})]"


# --- one value

_NUMBER_JSON: Final = "{c} if {c}.__class__ is float and {c} - {c} == 0.0 else {f}({c})"
_NUMBER_OR_WHOLE: Final = "{c} if {c}.__class__ is float and {c} - {c} == 0.0 or {c}.__class__ is int else {f}({c})"


def _template(storage: Storage, wanted: Representation) -> str:
    """Return the expression for a value of a storage, with the usual case written out."""
    kind = storage.type
    plain = wanted is not Representation.JSON_EXACT
    if kind is STRING:
        return "{c} if {c}.__class__ is str else None"
    if kind is INT64:
        return "{c} if {c}.__class__ is int else None" if plain else "str({c}) if {c}.__class__ is int else None"
    if kind.name in INTEGER_RANGES and kind is not INT64:
        low, high = INTEGER_RANGES[kind.name]
        return f"{{c}} if {{c}}.__class__ is int and {low} <= {{c}} <= {high} else None"
    if kind in (DOUBLE, SINGLE):
        return _NUMBER_JSON
    if storage is DECIMAL_NUMBER and wanted is Representation.JSON:
        return _NUMBER_OR_WHOLE
    if kind is BINARY and wanted is Representation.NATIVE:
        return "{c} if {c}.__class__ is bytes else {f}({c})"
    return "{f}({c})"


_STRICT: Final = "(r if (r := {f}({c})) is not None or {c} is None else misfit({c}))"

_FIRM: Final = {
    DECIMAL: "{c} if {c} is None or {c}.is_finite() else {f}({c})",
    DATE_TIME_OFFSET: "{c} if {c}.__class__ is datetime else {f}({c})",
    DATE: "{c} if {c}.__class__ is date else {f}({c})",
    DOUBLE: _NUMBER_JSON,
    SINGLE: _NUMBER_JSON,
}
"""For what a database keeps as what it is: the types of which it has values that are none of ours."""


def _trusted(cell: Cell, storage: Storage, wanted: Representation) -> str:
    """Return the expression for a value of a column that can hold nothing but values of its type."""
    if cell.property.collection:
        return "{f}({c})"
    if storage.type is INT64 and wanted is Representation.JSON_EXACT:
        return "None if {c} is None else str({c})"
    convert = converter(cell.property, wanted)
    if convert is not None and not (storage.type in (DECIMAL, DOUBLE, SINGLE) and wanted is Representation.JSON):
        return "{f}({c})"
    return _FIRM.get(storage.type, "{c}")


def _expression(cell: Cell, wanted: Representation, scope: dict[str, Any], *, strict: bool = False) -> str:
    if cell.storage is None:
        return _complex(cell, wanted, scope, strict=strict)
    named = wanted is not Representation.NATIVE and isinstance(cell.property.type, EnumType)
    if named or cell.storage.name == "json":
        template = "{f}({c})"
    elif cell.storage.name == "trusted":
        template = _trusted(cell, cell.storage, wanted)
    else:
        template = _template(cell.storage, wanted)
    function = f"f{cell.place}"
    if "{f}" in template:
        scope[function] = _function_for(cell, cell.storage, wanted)
    if strict and is_strict(cell):
        scope["misfit"] = misfit
        template = _told(template)
    return template.format(c=f"c{cell.place}", f=function)


def _told(template: str) -> str:
    """Return an expression that raises `Misfit` where the given one makes null of what is none."""
    if template.startswith("str("):  # the text of null is no null
        return f"None if {{c}} is None else {template.replace('else None', 'else misfit({c})')}"
    return template.replace("else None", "or {c} is None else misfit({c})").replace("{f}({c})", _STRICT)


def _complex(cell: Cell, wanted: Representation, scope: dict[str, Any], *, strict: bool) -> str:
    """Return the expression for a complex value; one that may be null is, where all its columns are."""
    shown = []
    for part in cell.parts:
        name = f"n{len(scope)}"
        scope[name] = part.property.name
        shown.append(f"{name}: {_expression(part, wanted, scope, strict=strict)}")
    value = f"{{{', '.join(shown)}}}"
    places = _places(cell)
    if not cell.property.nullable or not places:
        return value
    return f"(None if {' and '.join(f'c{place} is None' for place in places)} else {value})"


def _places(cell: Cell) -> list[int]:
    return [cell.place] if cell.storage is not None else [place for part in cell.parts for place in _places(part)]


def _function_for(cell: Cell, storage: Storage, wanted: Representation) -> Callable[[Any], Any]:
    """Return the function from a selected value to its representation, ``None`` for null and for what does not fit."""
    if storage is FLAG or (storage.type is BOOLEAN and storage.name == "canonical"):
        return storage.read
    decode, convert = storage.read if storage.mixed is not None else storage.decode, converter(cell.property, wanted)
    if storage.shape is not None and wanted is not Representation.NATIVE:
        return _text_json(storage, convert)
    if convert is None:
        return decode
    if storage is DECIMAL_NUMBER and wanted is Representation.JSON_EXACT:
        return _decimal_text(decode)

    def read(value: Any) -> Any:
        native = decode(value)
        return None if native is None else convert(native)

    return read


def _decimal_text(decode: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what makes text without an exponent of the decimal that a SQLite number stands for."""

    def text_of(value: Any) -> str | None:
        if value.__class__ is float:
            text = repr(value)
            if "e" not in text and "n" not in text:  # neither an exponent nor an infinity nor NaN
                return text
        elif value.__class__ is int:
            return str(value)
        found = decode(value)
        return None if found is None else f"{found:f}"

    return text_of


# --- whole columns of dates


_READ: Final[dict[PrimitiveType, tuple[Callable[[str], Any], int]]] = {
    DATE_TIME_OFFSET: (datetime.fromisoformat, len("0000-00-00T00:00:00")),
    DATE: (date.fromisoformat, len("0000-00-00")),
    TIME_OF_DAY: (time.fromisoformat, len("00:00:00")),
}


def _text_json(storage: Storage, from_native: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    """Return what makes a date, time or instant kept as text one of JSON; in another form, from its native value."""
    shape, tail = storage.shape or "", _tail(storage)
    read, length = _READ[storage.type]

    def other(value: Any) -> Any:
        native = storage.read(value)
        return native if native is None or from_native is None else from_native(native)

    def fits(value: Any) -> Any:
        try:
            if value.translate(ZEROS) != shape:
                return None
            read(value[:length])
        except (AttributeError, ValueError, TypeError):  # no text; no date
            return None
        text: str = value
        return text

    respelt = _respelling(storage)
    if respelt is not None:
        return lambda value: respelt(value.replace(" ", "T")) if fits(value) is not None else other(value)
    if not tail and " " not in shape:
        return lambda value: value if fits(value) is not None else other(value)
    return lambda value: f"{value.replace(' ', 'T')}{tail}" if fits(value) is not None else other(value)


def _respelling(storage: Storage) -> Callable[[str], str] | None:
    """Return what spells a text of a shape as JSON spells its value, ``None`` where the shape is that of JSON.

    Entity tags are made of what JSON carries, so that a value must have one spelling, wherever it comes from: six
    digits of a fraction or none, and Z for UTC.
    """
    shape, (_, start) = storage.shape or "", _READ[storage.type]
    digits = len(shape[start:].partition(".")[2].rstrip("Z").partition("+")[0])
    if storage.type is DATE or (not digits and not shape.endswith("+00:00")):
        return None
    zone = "Z" if storage.type is DATE_TIME_OFFSET else ""

    def respelt(text: str) -> str:
        fraction = text[start + 1 : start + 1 + digits]
        return f"{text[:start]}.{fraction:0<6}{zone}" if fraction.strip("0") else f"{text[:start]}{zone}"

    return respelt


def _tail(storage: Storage) -> str:
    shape = storage.shape or ""
    if storage.type is not DATE_TIME_OFFSET:
        return ""
    if len(shape) == len("0000-00-00"):
        return "T00:00:00Z"
    return "" if shape.endswith(("Z", "+00:00")) else "Z"


def _bulk(cell: Cell, wanted: Representation) -> _Bulk | None:
    """Return the check of a whole column: its values as JSON has them, or ``None`` if one of them does not fit."""
    storage = cell.storage
    if storage is None or storage.shape is None or wanted is Representation.NATIVE:
        return None
    shape = storage.shape
    tail, blank = _tail(storage), " " in shape
    native, respelt = GenericAlias(list, (storage.type.python,)), _respelling(storage)

    def check(column: list[Any]) -> list[Any] | None:
        try:
            joined = "".join(column)
        except TypeError:
            return _around_nulls(check, column)
        if joined.translate(ZEROS) != shape * len(column):
            return None
        if tail or blank:
            text = f"{tail}\n".join(column) + tail
            column = (text.replace(" ", "T") if blank else text).split("\n")
        try:
            msgspec.convert(column, native)
        except msgspec.ValidationError:
            return None
        return column if respelt is None else [respelt(text) for text in column]

    return check


def _around_nulls(check: _Bulk, column: list[Any]) -> list[Any] | None:
    given = [value for value in column if value is not None]
    if len(given) == len(column):
        return None
    checked = iter(check(given) or ()) if given else iter(())
    try:
        return [None if value is None else next(checked) for value in column]
    except (StopIteration, RuntimeError):
        return None
