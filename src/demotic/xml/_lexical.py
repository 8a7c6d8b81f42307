"""The types of attribute values and text: how each reads and writes. One line per type, on `demotic.syntax`.

White space around a value is dropped before reading, as XML Schema 1.1 part 2, section 4.3.6 has it for every type but
strings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Generic, TypeVar

from demotic.errors import SyntaxFault
from demotic.syntax import (
    format_boolean,
    format_decimal,
    format_double,
    format_integer,
    parse_boolean,
    parse_decimal,
    parse_double,
    parse_integer,
)

__all__ = ["Lexical", "boolean", "decimal", "double", "integer", "names", "one_of", "string"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lexical(Generic[T]):
    """A type of values in text: `parse` raises `SyntaxFault`, `format` writes what `parse` reads, `meaning` names
    it."""

    parse: Callable[[str], T]
    format: Callable[[T], str]
    meaning: str = "a value"


def _collapsed(parse: Callable[[str], T]) -> Callable[[str], T]:
    return lambda text: parse(text.strip(" \t\r\n"))


string: Final[Lexical[str]] = Lexical(str, str, "a string")
boolean: Final[Lexical[bool]] = Lexical(
    _collapsed(lambda text: parse_boolean(text, digits=True)), format_boolean, "a boolean"
)
integer: Final[Lexical[int]] = Lexical(_collapsed(parse_integer), format_integer, "an integer")
decimal: Final[Lexical[Decimal]] = Lexical(_collapsed(parse_decimal), format_decimal, "a decimal")
double: Final[Lexical[float]] = Lexical(_collapsed(parse_double), format_double, "a number")
names: Final[Lexical[tuple[str, ...]]] = Lexical(lambda text: tuple(text.split()), " ".join, "names")
"""A list of words with blanks between them."""


def one_of(*values: str) -> Lexical[str]:
    """Return the type of exactly these words."""

    meaning = " or ".join(map(repr, values))

    def parse(text: str) -> str:
        if text in values:
            return text
        raise SyntaxFault(meaning, text, 0)

    return Lexical(_collapsed(parse), str, meaning)
