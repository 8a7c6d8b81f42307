"""Values as they are printed in a text.

Specification: QTI 3.0 ASI information model, section 2.11 (printed variable); the format is that of C's printf.
"""

from __future__ import annotations

import re
from typing import Any, Final

from demotic.learning.qti.model import BaseType, Cardinality, PrintedVariable, Ref
from demotic.learning.qti.rendering._text import escaped
from demotic.learning.qti.runtime import ItemState, Value
from demotic.learning.qti.runtime.values import Optional, format_data

__all__ = ["printed"]

_FORMAT: Final = re.compile(r"([^%]*)%([-+ #0]*)(\d{1,3})?(?:\.(\d{1,3}))?([diouxXeEfFgGs])([^%]*)")
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def printed(node: PrintedVariable, state: ItemState) -> str:
    """Return the HTML of a printed variable; NULL, and a variable that is not there, are nothing."""
    value = state.responses.get(node.identifier)
    if value is None:
        return ""
    if value.base_type is None:
        return _record(node, value, state)
    if value.cardinality is Cardinality.ORDERED and node.index is not None:
        index = _number(node.index, state)
        if index is None or not 1 <= index <= len(value.items):
            return ""
        return _one(node, value.base_type, value.items[index - 1], state)
    parts = [_one(node, value.base_type, item, state) for item in value.items]
    return escaped(node.delimiter).join(parts) if value.cardinality is not Cardinality.SINGLE else parts[0]


def _record(node: PrintedVariable, value: Value, state: ItemState) -> str:
    fields: dict[str, Value] = value.data
    if node.field is not None:
        field = fields.get(node.field)
        return "" if field is None or field.base_type is None else _one(node, field.base_type, field.data, state)
    shown = [
        f"{escaped(name + node.mapping_indicator)}{_one(node, field.base_type, field.data, state)}"
        for name, field in fields.items()
        if field.base_type is not None
    ]
    return escaped(node.delimiter).join(shown)


def _number(given: int | Ref, state: ItemState) -> int | None:
    if not isinstance(given, Ref):
        return given
    value: Optional = state.values.get(str(given))
    return value.data if value is not None and isinstance(value.data, int) else None


def _one(node: PrintedVariable, base_type: BaseType, data: Any, state: ItemState) -> str:
    text = _formatted(node, base_type, data, state)
    if node.power_form and (found := re.fullmatch(r"(.*?)[eE]([+-]?)0*(\d+)(.*)", text)):
        sign = "\N{MINUS SIGN}" if found[2] == "-" else ""
        return f"{escaped(found[1])} × 10<sup>{sign}{found[3]}</sup>{escaped(found[4])}"
    return escaped(text)


def _formatted(node: PrintedVariable, base_type: BaseType, data: Any, state: ItemState) -> str:
    if base_type is BaseType.FILE:
        return str(data.name)
    found = _FORMAT.fullmatch(node.format) if node.format else None
    if found is not None and base_type in (BaseType.INTEGER, BaseType.FLOAT):
        before, flags, width, precision, kind, after = found.groups()
        if kind in "diouxX":
            data, kind = round(data), {"i": "d", "u": "d"}.get(kind, kind)
        pattern = f"%{flags}{width or ''}{'.' + precision if precision is not None else ''}{kind}"
        return f"{before}{pattern % data}{after}"
    base = _number(node.number_base, state)
    if base_type is BaseType.INTEGER and base is not None and base != 10 and 2 <= base <= 36:
        return _in_base(data, base)
    if base_type is BaseType.FLOAT and float(data).is_integer() and abs(data) < 1e15:
        return str(int(data))
    return format_data(base_type, data)


def _in_base(number: int, base: int) -> str:
    digits = []
    rest = abs(number)
    while rest:
        rest, digit = divmod(rest, base)
        digits.append(_DIGITS[digit])
    return ("-" if number < 0 else "") + ("".join(reversed(digits)) or "0")
