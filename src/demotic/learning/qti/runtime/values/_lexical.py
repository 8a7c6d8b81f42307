"""Single values as text, and back, by the model's table of literals.

Text is read as it stands, blanks included: `exact_text` of the model trims what elements and attributes hold.
"""

from __future__ import annotations

from typing import Any

from demotic.learning.qti.model import LITERALS, BaseType, Cardinality, exact_text
from demotic.learning.qti.runtime._errors import ValueFault
from demotic.learning.qti.runtime.values._value import Optional, Value

__all__ = ["format_data", "format_single", "parse_data", "parse_element", "parse_single"]


def parse_element(base_type: BaseType, text: str) -> Optional:
    """Return the single value that the text of an element or attribute stands for.

    It is NULL if there is none: no characters, or blanks alone where the type has no blanks. Raises `ValueFault`.
    """
    text = exact_text(base_type, text)
    return parse_single(base_type, text) if text else None


def parse_single(base_type: BaseType, text: str) -> Optional:
    """Return the single value that a text stands for; the empty string is NULL. Raises `ValueFault`.

    NaN, which is no value of the type float, is NULL too.
    """
    data = parse_data(base_type, text)
    return None if data == "" or data != data else Value(Cardinality.SINGLE, base_type, data)


def parse_data(base_type: BaseType, text: str) -> Any:
    """Return what a text stands for, in the form that values keep.

    Raises `ValueFault` if it is no value of the type.
    """
    literal = LITERALS[base_type]
    try:
        return literal.parse(text)
    except (ValueError, OverflowError, KeyError):
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        raise ValueFault(f"{shown!r} is no {base_type.value}", hint=literal.meaning) from None


def format_single(value: Value) -> str:
    """Return the text of a single value; `parse_single` makes the same value of it."""
    return format_data(value.base_type, value.data)  # type: ignore[arg-type]  # only records have no base type


def format_data(base_type: BaseType, data: Any) -> str:
    """Return the text of what values of a type keep."""
    return LITERALS[base_type].format(data)
