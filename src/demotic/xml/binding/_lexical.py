"""The types of attribute values and text: how each reads and writes. One line per type, on `demotic.syntax`.

White space around a value is dropped before reading, as XML Schema 1.1 part 2, section 4.3.6 has it for every type but
strings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Generic, Protocol, TypeVar

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

__all__ = [
    "Datatype",
    "Lexical",
    "boolean",
    "counted",
    "decimal",
    "double",
    "idref",
    "idrefs",
    "integer",
    "list_of",
    "names",
]
__all__ += ["nillable", "one_of", "string"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lexical(Generic[T]):
    """A type of values in text: `parse` raises `SyntaxFault`, `format` writes what `parse` reads, `meaning` names
    it; `nillable` allows no value, and the words of one that `refers` are IDs of other elements."""

    parse: Callable[[str], T]
    format: Callable[[T], str]
    meaning: str = "a value"
    nillable: bool = False
    refers: bool = False
    scoped: Any = None

    @classmethod
    def of(cls, datatype: Datatype[T]) -> Lexical[T]:
        """Return a datatype of XML Schema, or an enumeration of it, as a type here: `Lexical.of(xsd.byte)`.

        `attribute` and `text` take such as they are, too. Names in values (`QName`, and lists of it) are read with the
        prefixes that are in scope.
        """
        scoped = datatype if _needs_scope(datatype) else None
        return cls(datatype.parse, lambda value: datatype.format(value) or "", datatype.meaning, scoped=scoped)


class Datatype(Protocol[T]):
    """What `demotic.syntax.xsd` has: `SimpleType` and `Enumeration`."""

    @property
    def meaning(self) -> str:
        """What its literals are."""
        ...

    def parse(self, text: str, /) -> T:
        """Return the value of a literal, or raise `SyntaxFault`."""
        ...

    def format(self, value: T, /) -> str | None:
        """Return a literal of a value."""
        ...


def _collapsed(parse: Callable[[str], T]) -> Callable[[str], T]:
    return lambda text: parse(text.strip(" \t\r\n"))


string: Final[Lexical[str]] = Lexical(str, str, "a string")
boolean: Final[Lexical[bool]] = Lexical(
    _collapsed(lambda text: parse_boolean(text, digits=True)), format_boolean, "a boolean"
)
integer: Final[Lexical[int]] = Lexical(_collapsed(parse_integer), format_integer, "an integer")
decimal: Final[Lexical[Decimal]] = Lexical(
    _collapsed(parse_decimal), lambda value: format_decimal(Decimal(value)), "a decimal"
)
double: Final[Lexical[float]] = Lexical(_collapsed(parse_double), format_double, "a number")
names: Final[Lexical[tuple[str, ...]]] = Lexical(lambda text: tuple(text.split()), " ".join, "names")
"""A list of words with blanks between them."""


def _needs_scope(type: Any) -> bool:
    parts = (getattr(type, "item_type", None), getattr(type, "base", None), *getattr(type, "member_types", ()))
    return getattr(type, "name", "") in ("QName", "NOTATION") or any(p is not None and _needs_scope(p) for p in parts)


idref: Final[Lexical[str]] = Lexical(lambda text: text.strip(" \t\r\n"), str, "the ID of an element", refers=True)
idrefs: Final[Lexical[tuple[str, ...]]] = Lexical(lambda text: tuple(text.split()), " ".join, "IDs", refers=True)


def one_of(*values: str) -> Lexical[str]:
    """Return the type of exactly these words."""

    meaning = " or ".join(map(repr, values))

    def parse(text: str) -> str:
        if text in values:
            return text
        raise SyntaxFault(meaning, text, 0)

    return Lexical(_collapsed(parse), str, meaning)


def nillable(type: Lexical[T]) -> Lexical[T | None]:
    """Return the same type for text that `xsi:nil` may declare to be no value at all (XML Schema 1.1, 2.7.2)."""
    return Lexical(type.parse, lambda value: "" if value is None else type.format(value), type.meaning, nillable=True)


def list_of(type: Lexical[T]) -> Lexical[list[T]]:
    """Return the type of lists with white space between the items (XML Schema 1.1 part 2, 2.4.1.2)."""

    def parse(text: str) -> list[T]:
        return [type.parse(part) for part in text.split()]

    return Lexical(parse, lambda values: " ".join(map(type.format, values)), f"a list, each {type.meaning}")


def counted(type: Lexical[T]) -> Lexical[dict[T, int]]:
    """Return the type of lists whose order means nothing: a dictionary of each value and how often it stands there."""

    def parse(text: str) -> dict[T, int]:
        return dict(Counter(type.parse(part) for part in text.split()))

    def format(values: Mapping[T, int]) -> str:
        return " ".join(type.format(value) for value, count in values.items() for _ in range(count))

    return Lexical(parse, format, f"a list, each {type.meaning}")
