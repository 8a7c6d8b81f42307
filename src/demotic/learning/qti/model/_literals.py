"""The lexical forms of single values: what the text of a `Value`, a `BaseValue` or a map key must look like.

Specification: QTI 2.1 and 3.0 information models, base types; booleans, integers and floats are XML Schema's, integers
of 32 bits, durations are seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from demotic.errors import SyntaxFault
from demotic.learning.qti.model._values import BaseType, boolean, double, ident, integer, point

__all__ = ["LITERALS", "read_literal"]

_BLANKS: Final = " \t\r\n"
_INTEGERS: Final = range(-(2**31), 2**31)
_URI: Final = re.compile(r"[^\s<>\"{}|\\^`]+")


def _integer(text: str) -> int:
    value = integer.parse(text)
    if value not in _INTEGERS:
        raise SyntaxFault("an integer of 32 bits", text, 0)
    return value


def _pair(text: str) -> tuple[str, str]:
    words = text.split()
    if len(words) != 2:
        raise SyntaxFault("two identifiers with a blank between them", text, 0)
    return ident.parse(words[0]), ident.parse(words[1])


def _sorted_pair(text: str) -> tuple[str, str]:
    first, second = _pair(text)
    return (first, second) if first <= second else (second, first)


def _duration(text: str) -> float:
    value = double.parse(text)
    if not value >= 0:
        raise SyntaxFault("a number of seconds, not negative", text, 0)
    return value


def _uri(text: str) -> str:
    trimmed = text.strip(_BLANKS)
    if not _URI.fullmatch(trimmed):
        raise SyntaxFault("a URI", text, 0)
    return trimmed


LITERALS: Final[dict[BaseType, Callable[[str], Any]]] = {
    BaseType.BOOLEAN: boolean.parse,
    BaseType.DIRECTED_PAIR: _pair,
    BaseType.DURATION: _duration,
    BaseType.FILE: str,
    BaseType.FLOAT: double.parse,
    BaseType.IDENTIFIER: ident.parse,
    BaseType.INTEGER: _integer,
    BaseType.PAIR: _sorted_pair,
    BaseType.POINT: point.parse,
    BaseType.STRING: str,
    BaseType.URI: _uri,
}
"""What reads the text of a value, by its type. A pair is sorted, so that equal ones are equal."""


def read_literal(base_type: BaseType, text: str) -> Any:
    """Return the value of a text. Raises `SyntaxFault` for one that is none of the type."""
    return LITERALS[base_type](text)
