"""What most HTTP fields are made of (RFC 9110, sections 5.6.1 and 5.6.6): parameters, and lists parted by commas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._words import BLANKS, TOKEN, read_word, write_word

__all__ = [
    "SEPARATOR",
    "Parameters",
    "format_list",
    "format_parameters",
    "read_list",
    "read_parameters",
    "read_tokens",
    "read_whole",
]

Parameters = tuple[tuple[str, str], ...]

SEPARATOR: Final = re.compile(r"[ \t]*;[ \t;]*")

Item = TypeVar("Item")


def read_whole(text: str, read: Callable[[Scanner], Item]) -> Item:
    """Read a whole field with `read`, blanks around it passed over. Raises `SyntaxFault` for what is left."""
    scanner = Scanner(text)
    scanner.match(BLANKS)
    value = read(scanner)
    scanner.match(BLANKS)
    scanner.expect_end()
    return value


def read_parameters(scanner: Scanner, *, until: str | None = None) -> Parameters:
    """Read any number of `;name=value`, empty ones passed over; names come in lower case.

    Stops, without reading it, before a parameter with the name `until`. Blanks stand around the semicolon only.
    """
    parameters: list[tuple[str, str]] = []
    while True:
        start = scanner.position
        if scanner.match(SEPARATOR) is None:
            return tuple(parameters)
        name = scanner.match(TOKEN)
        if name is None:
            continue
        if name.group().lower() == until:
            scanner.position = start
            return tuple(parameters)
        scanner.expect("=")
        parameters.append((name.group().lower(), read_word(scanner)))


def format_parameters(parameters: Iterable[tuple[str, str]]) -> str:
    """Return `;name=value` for each, the value quoted where it must be."""
    return "".join(f";{name}={write_word(value)}" for name, value in parameters)


def read_list(text: str, read_item: Callable[[Scanner], Item], *, start: int = 0) -> tuple[Item, ...]:
    """Read comma-separated items from `start` to the end, empty ones passed over (section 5.6.1.2).

    Raises `SyntaxFault`.
    """
    scanner = Scanner(text, start)
    items: list[Item] = []
    while True:
        scanner.match(BLANKS)
        if not scanner.at_end and scanner.peek() != ",":
            items.append(read_item(scanner))
            scanner.match(BLANKS)
        if scanner.at_end:
            return tuple(items)
        if not scanner.accept(","):
            raise scanner.fail("','")


def read_tokens(text: str, *, lower: bool = True) -> tuple[str, ...]:
    """Read a whole field of comma-separated tokens, in lower case unless told otherwise. Raises `SyntaxFault`."""
    tokens = read_list(text, lambda scanner: scanner.expect_match(TOKEN, "a token"))
    return tuple(token.lower() for token in tokens) if lower else tokens


def format_list(items: Iterable[object]) -> str:
    """Return the items' text forms with commas between them."""
    return ", ".join(map(str, items))
