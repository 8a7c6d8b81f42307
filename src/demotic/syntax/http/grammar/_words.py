"""The words of HTTP fields (RFC 9110, section 5.6): tokens, quoted strings and comments, read and written.

Each pattern looks at every character once, so that hostile text costs no more than its length.
"""

from __future__ import annotations

import re
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax._scanner import Scanner

__all__ = [
    "BLANKS",
    "TOKEN",
    "check_token",
    "is_token",
    "quote",
    "read_comment",
    "read_quoted",
    "read_token",
    "read_word",
    "unquote",
    "write_comment",
    "write_word",
]

TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
BLANKS: Final = re.compile(r"[ \t]*")
_QUOTED: Final = re.compile(r'"((?:[\t !\x23-\x5b\x5d-\x7e\x80-\xff]++|\\[\t \x21-\x7e\x80-\xff])*+)"')
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_QUOTABLE: Final = re.compile(r"[\t \x21-\x7e\x80-\xff]*")
_COMMENT_TEXT: Final = re.compile(r"(?:[\t \x21-\x27\x2a-\x5b\x5d-\x7e\x80-\xff]++|\\[\t \x21-\x7e\x80-\xff])++")
_MAX_NESTING: Final = 100


def is_token(text: str) -> bool:
    """Whether `text` is a token: at least one letter, digit or one of ``!#$%&'*+-.^_`|~``."""
    return TOKEN.fullmatch(text) is not None


def check_token(text: str, what: str = "a token") -> str:
    """Return `text` if it is a token. Raises `SyntaxFault` at the first character that no token may hold."""
    found = TOKEN.match(text)
    end = found.end() if found else 0
    if end != len(text) or not text:
        raise SyntaxFault(what if not text else f"a character that {what} may hold", text, end)
    return text


def read_token(scanner: Scanner, what: str = "a token") -> str:
    """Read a token. Raises `SyntaxFault` naming `what`."""
    return scanner.expect_match(TOKEN, what)


def read_quoted(scanner: Scanner) -> str | None:
    """Read a quoted string and return what it says, `None` where none stands."""
    quoted = scanner.match(_QUOTED)
    return None if quoted is None else _unescape(quoted[1])


def read_word(scanner: Scanner) -> str:
    """Read a token or a quoted string, and return its value."""
    quoted = scanner.match(_QUOTED)
    if quoted is not None:
        return _unescape(quoted[1])
    return scanner.expect_match(TOKEN, "a token or a quoted string")


def read_comment(scanner: Scanner) -> str | None:
    """Read a comment, which may hold others, and return it with its parentheses; `None` where none stands.

    Raises `SyntaxFault` for one that does not end, or that holds others a hundred deep.
    """
    start, depth = scanner.position, 0
    while depth or scanner.peek() == "(":
        if scanner.accept("("):
            depth += 1
        elif scanner.accept(")"):
            depth -= 1
        elif scanner.match(_COMMENT_TEXT) is None:
            raise scanner.fail("a character of a comment or ')'")
        if depth == 0:
            return scanner.text[start : scanner.position]
        if depth > _MAX_NESTING:
            raise scanner.fail(f"comments less than {_MAX_NESTING} deep")
    return None


def quote(value: str) -> str:
    """Return `value` as a quoted string. Raises `InvalidInput` for characters that no field may hold."""
    if not _QUOTABLE.fullmatch(value):
        raise InvalidInput(f"{value!r} holds characters that no HTTP field may hold")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquote(text: str) -> str:
    """Return what a quoted string says; its quotes must be there. Raises `SyntaxFault`."""
    scanner = Scanner(text)
    value = read_quoted(scanner)
    if value is None:
        raise scanner.fail("a quoted string")
    scanner.expect_end()
    return value


def write_word(value: str) -> str:
    """Return `value` as it is if it is a token, else quoted. Raises `InvalidInput` for characters no field may hold."""
    return value if TOKEN.fullmatch(value) else quote(value)


def write_comment(text: str) -> str:
    """Return `text` as a comment, parentheses and backslashes in it escaped. Raises `InvalidInput` as `quote` does."""
    if not _QUOTABLE.fullmatch(text):
        raise InvalidInput(f"{text!r} holds characters that no HTTP field may hold")
    return "(" + re.sub(r"([()\\])", r"\\\1", text) + ")"


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
