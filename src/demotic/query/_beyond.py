"""Constructs of the full expression grammar that are understood but not offered.

They are read to their end, so that a fault in or after them is told as such, and noted with `Reader.refuse`. Whoever
comes to offer one of them moves it to `_expressions` and gives it a node. OData ABNF Construction Rules 4.01, section 4
(``cast``, ``isof``, ``case``, annotations, named arguments, filtered counts), section 5 (JSON), section 2
(``$search``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from demotic.query._reader import IDENTIFIER, Reader
from demotic.query._syntax import Expression, Literal, LiteralKind

ReadExpression: TypeAlias = Callable[[Reader], Expression]

_TYPE_NAME: Final = rf"(?:Collection\({IDENTIFIER}(?:\.{IDENTIFIER})*+\)|{IDENTIFIER}(?:\.{IDENTIFIER})*+)"
_TYPE: Final = re.compile(_TYPE_NAME)
_ONLY_TYPE: Final = re.compile(rf"{_TYPE_NAME}[ \t]*+\)")
_ARGUMENT: Final = re.compile(rf"{IDENTIFIER}=")
_ANNOTATION: Final = re.compile(rf"@{IDENTIFIER}(?:\.{IDENTIFIER})*+(?:#{IDENTIFIER})?")
_NESTED_OPTION: Final = re.compile(r"\$?(filter|search)=", re.IGNORECASE)
_JSON_STRING: Final = re.compile(r'"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+"')
# A semicolon belongs to a word, unless it parts the search from another nested option.
_SEARCH_WORD: Final = re.compile(r"""(?!')(?:[^\s()";]|;(?![ \t]*+(?:\$|@)?[A-Za-z]++=))++""")
_SEARCH_PHRASE: Final = re.compile(r'"(?:[^"\\]|\\.)++"')
# A search as it stands while somebody types it: the server may make of it what it likes.
_SEARCH_UNFINISHED: Final = re.compile(r"'(?:[^']|'')*+'")
_SEARCH_BLANKS: Final = re.compile(r"[ \t]++(?=[^ \t);])")


def placeholder(reader: Reader) -> Literal:
    """Return a node for what was refused; it never leaves the reader."""
    reader.height = 1
    return Literal(LiteralKind.NULL, "null", None, reader.at)


def _typed(reader: Reader, expression: ReadExpression, start: int) -> None:
    """Read ``Type)`` or ``expression, Type)``."""
    reader.refuse(reader.text[start : reader.position].rstrip("( \t") + "()", start)
    if reader.match(_ONLY_TYPE):
        return
    expression(reader)
    reader.separator_or_fail(",", "',' and the name of a type")
    reader.expect_match(_TYPE, "the name of a type")
    reader.blanks()
    reader.expect(")")


def _case(reader: Reader, expression: ReadExpression, start: int) -> None:
    """Read ``condition:value, ... )``."""
    reader.refuse("case()", start)
    while True:
        expression(reader)
        reader.separator_or_fail(":", "an operator or ':'")
        expression(reader)
        if not reader.separator(","):
            break
    reader.blanks()
    reader.expect(")")


CALLS: Final[dict[str, Callable[[Reader, ReadExpression, int], None]]] = {"cast": _typed, "isof": _typed, "case": _case}
"""Functions whose arguments are not all expressions; each is read from its first argument on."""


def named_arguments(reader: Reader, expression: ReadExpression) -> None:
    """Read ``name=value, ... )``: parameters of a function of the model, or a key."""
    while True:
        reader.expect_match(_ARGUMENT, "the name of a parameter and '='")
        expression(reader)
        if not reader.separator(","):
            break
    reader.blanks()
    reader.expect(")")


def annotation(reader: Reader) -> None:
    """Read ``@Term#Qualifier``, or an alias that a path starts from."""
    start = reader.position
    found = reader.expect_match(_ANNOTATION, "the name of an annotation")
    reader.refuse(f"a path through {found}", start)


def filtered(reader: Reader, expression: ReadExpression, start: int) -> None:
    """Read the condition of ``/$filter(...)``, and a key after it."""
    reader.refuse("/$filter() in a path", start)
    expression(reader)
    reader.blanks()
    reader.expect(")")
    if reader.accept("("):
        if _ARGUMENT.match(reader.text, reader.position):
            named_arguments(reader, expression)
        else:
            expression(reader)
            reader.expect(")")


def filtered_count(reader: Reader, expression: ReadExpression) -> None:
    """Read the options of ``/$count($filter=...;$search=...)``, from the parenthesis on."""
    reader.refuse("/$count() with options", reader.position)
    reader.expect("(")
    while True:
        name = reader.expect_match(_NESTED_OPTION, "$filter= or $search=")
        if "filter" in name.lower():
            expression(reader)
        else:
            search(reader)
        if not reader.separator(";"):
            break
    reader.expect(")")


def search(reader: Reader) -> None:
    """Read a search expression: words and phrases, in parentheses or not, parted by blanks.

    AND, OR and NOT are words like others here, since where they stand in no operator's place, they are.
    """
    if reader.match(_SEARCH_UNFINISHED):
        return
    reader.enter()
    while True:
        if reader.accept("("):
            reader.blanks()
            search(reader)
            reader.blanks()
            reader.expect(")")
        elif not reader.match(_SEARCH_PHRASE):
            if reader.peek() == '"':
                reader.position = len(reader.text)
                raise reader.fail("a closing double quote")
            reader.expect_match(_SEARCH_WORD, "a word or phrase to search for")
        if not reader.match(_SEARCH_BLANKS):
            break
    reader.leave()


def json(reader: Reader, expression: ReadExpression) -> None:
    """Read an array or an object whose members may be expressions."""
    reader.enter()
    closing = "]" if reader.accept("[") else "}"
    if closing == "}":
        reader.expect("{")
    reader.blanks()
    if reader.peek() != closing:
        while True:
            if closing == "}":
                reader.expect_match(_JSON_STRING, "a name in double quotes")
                reader.separator_or_fail(":", "':'")
            if not reader.match(_JSON_STRING):
                expression(reader)
            if not reader.separator(","):
                break
    reader.blanks()
    if not reader.accept(closing):
        raise reader.fail(f"',' or '{closing}'")
    reader.leave()
