"""Arrays and objects in JSON, whose members may be expressions. OData ABNF Construction Rules 4.01, section 5."""

from __future__ import annotations

import json
import re
from typing import Final

from demotic.query._reader import Reader, ReadExpression
from demotic.query._tree import Expression, JsonArray, JsonObject, Literal, LiteralKind

_STRING: Final = re.compile(r'"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+"')


def json_value(reader: Reader, expression: ReadExpression) -> Expression:
    """Read an array or object. Raises `SyntaxFault` and `LimitExceeded`."""
    at = reader.at
    reader.enter()
    if reader.accept("["):
        items, tallest = _members(reader, expression, "]")
        result: Expression = JsonArray(tuple(value for _, value in items), at)
    else:
        reader.expect("{")
        items, tallest = _members(reader, expression, "}")
        result = JsonObject(tuple(items), at)
    reader.leave()
    reader.height = tallest + 1
    return result


def _members(reader: Reader, expression: ReadExpression, closing: str) -> tuple[list[tuple[str, Expression]], int]:
    """Read members to the closing bracket; return them (those of an array without names) and their height."""
    members: list[tuple[str, Expression]] = []
    tallest = 0
    reader.blanks()
    if reader.peek() != closing:
        while True:
            name = ""
            if closing == "}":
                name = _text(reader, reader.position, reader.expect_match(_STRING, "a name in double quotes"))
                reader.separator_or_fail(":", "':'")
            members.append((name, _value(reader, expression)))
            tallest = max(tallest, reader.height)
            if not reader.separator(","):
                break
    reader.blanks()
    if not reader.accept(closing):
        raise reader.fail(f"',' or '{closing}'")
    return members, tallest


def _value(reader: Reader, expression: ReadExpression) -> Expression:
    at, start = reader.at, reader.position
    string = reader.match(_STRING)
    if string is None:
        return expression(reader)
    reader.height = 1
    return Literal(LiteralKind.STRING, string[0], _text(reader, start, string[0]), at)


def _text(reader: Reader, start: int, quoted: str) -> str:
    # Control characters cannot be told from what the URL held, so they are let through (strict=False).
    text: str = json.loads(quoted, strict=False)
    if not text.isascii() and any(0xD800 <= ord(character) < 0xE000 for character in text):
        reader.position = start
        raise reader.fail("a string of whole characters", hint="surrogates come in pairs")
    return text
