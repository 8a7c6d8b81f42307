"""From literals to native values of the type that their place asks for.

OData URL Conventions 4.01, section 5.1.1.11 (literals), OData Protocol 4.01, section 11.2.6 (where 4.01 lets text stand
for other types). Each literal becomes a parameter; its `Slot` knows how to do the same for another literal in its
place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any, Final, TypeAlias

from demotic.errors import InvalidInput, SyntaxFault, Unsupported
from demotic.model import (
    BINARY,
    BOOLEAN,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    DURATION,
    GUID,
    INT64,
    INTEGER_RANGES,
    PRIMITIVES,
    SINGLE,
    STRING,
    TIME_OF_DAY,
    EnumType,
    PrimitiveType,
)
from demotic.query._tree import Integer, Literal, LiteralKind

ParameterType: TypeAlias = PrimitiveType | EnumType
Check: TypeAlias = Callable[[Any], None]
"""Raises InvalidInput for a value that its place cannot take."""
WrittenCheck: TypeAlias = Callable[[Literal], None]
"""Raises InvalidInput for a literal that its place cannot take as it is written, though its value might do."""

_NATURAL: Final = {
    LiteralKind.BOOLEAN: BOOLEAN,
    LiteralKind.STRING: STRING,
    LiteralKind.DATE: DATE,
    LiteralKind.DATE_TIME_OFFSET: DATE_TIME_OFFSET,
    LiteralKind.TIME_OF_DAY: TIME_OF_DAY,
    LiteralKind.DURATION: DURATION,
    LiteralKind.GUID: GUID,
    LiteralKind.BINARY: BINARY,
    LiteralKind.DATE_TIME: DATE_TIME_OFFSET,
    LiteralKind.TIME: TIME_OF_DAY,
}
_FORMER: Final = {
    LiteralKind.DATE_TIME: frozenset({DATE, DATE_TIME_OFFSET}),
    LiteralKind.TIME: frozenset({DURATION, TIME_OF_DAY}),
}
"""The types that literals of OData 2 stand for, whose own types later versions do not have."""
_SHAPED: Final = {LiteralKind.GEOGRAPHY: "Geography", LiteralKind.GEOMETRY: "Geometry"}
_NUMBERS: Final = frozenset({LiteralKind.INTEGER, LiteralKind.DECIMAL, LiteralKind.DOUBLE})
_DAY: Final = timedelta(days=1)
_CAST_FROM_TEXT: Final = frozenset({BOOLEAN, DATE, DATE_TIME_OFFSET, TIME_OF_DAY, DURATION, GUID, STRING})


class Unfit(InvalidInput):
    """A literal that cannot be a value of the type asked for."""

    code = "UnfitLiteral"


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """Where a parameter's value came from: the ``node`` of the option (or ``"path"``, or ``"@alias"``) it stood in.

    ``fill`` gives the native value of another literal in the same place; it raises a DemoticError where that literal
    would be bound differently, and the question must then be bound anew.
    """

    node: Literal | Integer
    option: str
    type: ParameterType
    check: Check | None = None
    written: WrittenCheck | None = None

    def fill(self, node: Literal | Integer) -> object:
        """Return the native value of ``node`` as this slot's parameter."""
        if isinstance(node, Literal):
            if not isinstance(self.node, Literal) or node.kind is not self.node.kind:
                raise Unfit(f"{node.text} is a literal of another kind", target=self.option)
            if node.kind in _NUMBERS and number_type(node) is not number_type(self.node):
                raise Unfit(f"{node.text} is a number of another type", target=self.option)
            if self.written is not None:
                self.written(node)
            value = convert(node, self.type)
        else:
            value = node.value
        if self.check is not None:
            self.check(value)
        return value


def natural_type(literal: Literal, enum: EnumType | None = None) -> ParameterType:
    """Return the type of a literal on its own; ``enum`` is the type that an enumeration literal names."""
    if literal.kind in _NUMBERS:
        return number_type(literal)
    if literal.kind is LiteralKind.ENUM:
        assert enum is not None
        return enum
    if literal.kind in _SHAPED:
        assert isinstance(literal.value, dict)
        return PRIMITIVES[_SHAPED[literal.kind] + str(literal.value["type"]).removeprefix("Geometry")]
    return _NATURAL[literal.kind]


def number_type(literal: Literal) -> PrimitiveType:
    """Return Int64 for a whole number that fits, Double for the special values, else Decimal, which is exact."""
    if literal.kind is LiteralKind.INTEGER:
        least, most = INTEGER_RANGES["Int64"]
        return INT64 if least <= _int(literal) <= most else DECIMAL
    if literal.text.strip().lower() in ("inf", "-inf", "nan"):
        return DOUBLE
    return DECIMAL


def _int(literal: Literal) -> int:
    return literal.value if isinstance(literal.value, int) else int(literal.text)


def is_text_for(literal: Literal, kind: ParameterType | None) -> bool:
    """Return whether a literal that says less than its type may stand for a value of ``kind``: a string, or one of a
    type that only OData 2 has."""
    if literal.former and isinstance(kind, EnumType):
        return literal.kind is LiteralKind.INTEGER
    if literal.kind in _FORMER:
        return kind in _FORMER[literal.kind]
    return literal.kind is LiteralKind.STRING and (isinstance(kind, EnumType) or _has_text_form(kind))


def _has_text_form(kind: PrimitiveType | None) -> bool:
    return kind is not None and (kind.numeric_rank > 0 or kind in _CAST_FROM_TEXT)


def convert(literal: Literal, kind: ParameterType) -> object:
    """Return the native value of ``literal`` as ``kind``. Raises `Unfit` where it has none."""
    if isinstance(kind, EnumType):
        return _enum_value(literal, kind)
    if literal.kind in _FORMER:
        return _former_value(literal, kind)
    if literal.kind in _NUMBERS:
        return _number(literal, kind)
    if literal.kind is LiteralKind.STRING:
        return _from_text(literal, kind)
    natural = natural_type(literal) if literal.kind in _SHAPED else _NATURAL.get(literal.kind)
    if natural is not kind:
        raise Unfit(f"{literal.text} is no {kind.qualified_name}", hint=_quotes_hint(literal, kind))
    if literal.value is None:
        raise Unsupported(f"{literal.text} needs more than the years 1 to 9999 and microseconds, which is not offered")
    if isinstance(literal.value, datetime):
        return _in_utc(literal.value, literal.text)
    return literal.value


def _former_value(literal: Literal, kind: PrimitiveType) -> object:
    value = literal.value
    if kind not in _FORMER[literal.kind]:
        raise Unfit(f"{literal.text} is no {kind.qualified_name}", hint=_quotes_hint(literal, kind))
    if isinstance(value, datetime) and kind is DATE:
        if value.time() != time():
            raise Unfit(f"{literal.text} has a time, where a date is meant", hint="write midnight, T00:00:00")
        return value.date()
    if isinstance(value, timedelta) and kind is TIME_OF_DAY:
        if not timedelta() <= value < _DAY:
            raise Unfit(f"{literal.text} is no time of a day")
        return (datetime.min + value).time()
    return value


def _in_utc(value: datetime, text: str) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise Unfit(f"{text} is outside the years 0001 to 9999 in UTC") from None


def _quotes_hint(literal: Literal, kind: PrimitiveType) -> str | None:
    if kind is STRING:
        return "write a string in single quotes"
    if kind is DATE_TIME_OFFSET and literal.kind is LiteralKind.DATE:
        return f"write an instant, such as {literal.text}T00:00:00Z"
    return None


def _number(literal: Literal, kind: PrimitiveType) -> object:
    if kind is DECIMAL:
        return Decimal(literal.text) if isfinite(Decimal(literal.text)) else Decimal(str(literal.value))
    if kind in (DOUBLE, SINGLE):
        return float(literal.text)
    if kind.name in INTEGER_RANGES and literal.kind is LiteralKind.INTEGER:
        return _int(literal)
    raise Unfit(f"{literal.text} is no {kind.qualified_name}", hint=_quotes_hint(literal, kind))


def fits_range(value: object, kind: ParameterType) -> bool:
    """Return whether an integer is within the range of its type."""
    bounds = INTEGER_RANGES.get(kind.name) if isinstance(kind, PrimitiveType) else None
    return bounds is None or (isinstance(value, int) and bounds[0] <= value <= bounds[1])


def _from_text(literal: Literal, kind: PrimitiveType) -> object:
    text = str(literal.value)
    if kind is STRING:
        return text
    if not _has_text_form(kind):
        raise Unfit(f"{literal.text} is a string, no {kind.qualified_name}")
    try:
        value = kind.parse(text)
    except SyntaxFault as fault:
        raise Unfit(f"{literal.text} is no {kind.qualified_name}: {fault.message}") from None
    if isinstance(value, Decimal) and not isfinite(value):
        raise Unfit(f"{literal.text} is no finite {kind.qualified_name}", hint="write INF and NaN without quotes")
    return value


def _enum_value(literal: Literal, kind: EnumType) -> int:
    if literal.kind is LiteralKind.ENUM and isinstance(literal.value, tuple):
        return enum_number(literal.value[1], kind)
    if literal.kind is LiteralKind.STRING:
        return enum_number([part.strip() for part in str(literal.value).split(",")], kind)
    if literal.former and isinstance(literal.value, int):
        return literal.value
    raise Unfit(f"{literal.text} is no {kind.qualified_name}", hint="write a member's name in single quotes")


def enum_number(members: Sequence[str], kind: EnumType) -> int:
    """Return the value of members named or numbered, several only if the type has flags."""
    if len(members) > 1 and not kind.is_flags:
        raise Unfit(f"{kind.qualified_name} takes one member, not {len(members)}")
    value = 0
    for member in members:
        number = kind.members.get(member)
        value |= _member_number(member, kind) if number is None else number
    return value


def _member_number(text: str, kind: EnumType) -> int:
    try:
        number = INT64.parse(text)
    except SyntaxFault:
        number = None
    if not isinstance(number, int):
        raise Unfit(f"{text!r} is no member of {kind.qualified_name}", hint=f"it has {', '.join(kind.members)}")
    return number


def need_utc(literal: Literal, function: str) -> None:
    """Raise where ``function`` would depend on an offset that instants do not keep (section 5.1.1.8)."""
    text = literal.value if isinstance(literal.value, str) else literal.text
    instant = literal.kind in (LiteralKind.DATE_TIME_OFFSET, LiteralKind.STRING)
    if instant and not text.upper().endswith(("Z", "+00:00", "-00:00")):
        raise InvalidInput(
            f"{function} of {literal.text} would depend on its offset, which is not kept",
            hint="write the instant in UTC",
        )
