"""The grammar that HTTP fields share (RFC 9110, section 5.6): tokens, quoted strings, parameters, lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeVar

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner

__all__ = ["BLANKS", "TOKEN", "format_parameters", "read_list", "read_parameters", "read_word", "write_word"]

TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
BLANKS: Final = re.compile(r"[ \t]*")
_QUOTED: Final = re.compile(r'"((?:[\t !\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*)"')
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_QUOTABLE: Final = re.compile(r"[\t \x21-\x7e\x80-\xff]*")

Item = TypeVar("Item")


def read_word(scanner: Scanner) -> str:
    """Read a token or a quoted string, and return its value."""
    quoted = scanner.match(_QUOTED)
    if quoted is not None:
        return _ESCAPED.sub(r"\1", quoted.group(1))
    return scanner.expect_match(TOKEN, "a token or a quoted string")


def write_word(value: str) -> str:
    """Return `value` as it is if it is a token, else quoted. Raises `InvalidInput` for characters no field may hold."""
    if TOKEN.fullmatch(value):
        return value
    if not _QUOTABLE.fullmatch(value):
        raise InvalidInput(f"{value!r} holds characters that no HTTP field may hold")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def read_parameters(scanner: Scanner) -> tuple[tuple[str, str], ...]:
    """Read any number of `; name=value`, empty ones passed over (RFC 9110, section 5.6.6); names come in lower case."""
    parameters: list[tuple[str, str]] = []
    while True:
        start = scanner.position
        scanner.match(BLANKS)
        if not scanner.accept(";"):
            scanner.position = start
            return tuple(parameters)
        scanner.match(BLANKS)
        name = scanner.match(TOKEN)
        if name is not None:
            scanner.expect("=")
            parameters.append((name.group().lower(), read_word(scanner)))


def format_parameters(parameters: tuple[tuple[str, str], ...]) -> str:
    """Return `;name=value` for each."""
    return "".join(f";{name}={write_word(value)}" for name, value in parameters)


def read_list(text: str, read_item: Callable[[Scanner], Item]) -> tuple[Item, ...]:
    """Read a whole field of comma-separated items, passing over empty ones as section 5.6.1.2 asks."""
    scanner = Scanner(text)
    items = []
    while True:
        scanner.match(BLANKS)
        if not scanner.at_end and scanner.peek() != ",":
            items.append(read_item(scanner))
            scanner.match(BLANKS)
        if scanner.at_end:
            return tuple(items)
        if not scanner.accept(","):
            raise scanner.fail("','")
