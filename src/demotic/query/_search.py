"""The value of ``$search``: words and phrases, joined by AND (also unwritten), OR and NOT.

NOT binds tightest, then AND, then OR. The three are words like others where no operator can stand, so ``NOT`` alone is
searched for. OData URL Conventions 4.01, section 5.1.8; OData ABNF Construction Rules 4.01, section 2.
"""

from __future__ import annotations

import re
from typing import Final

from demotic.query._reader import Reader
from demotic.query._tree import Search, SearchOperation, SearchTerm

# A semicolon belongs to a word, unless it parts the search from another nested option.
_WORD: Final = re.compile(r"""(?!')(?:[^\s()";]|;(?![ \t]*+(?:\$|@)?[A-Za-z]++=))++""")
_PHRASE: Final = re.compile(r'"(?:[^"\\]|\\["\\])++"')
_WRONG_ESCAPE: Final = re.compile(r'"(?:[^"\\]|\\["\\])*+\\')
_ESCAPED: Final = re.compile(r"\\(.)")
# A search as it stands while somebody types it: its text is what is searched for.
_UNFINISHED: Final = re.compile(r"'(?:[^']|'')*+'")
_BLANKS: Final = re.compile(r"[ \t]++(?=[^ \t;)])")
_OR: Final = re.compile(r"[ \t]++OR[ \t]++(?=[^ \t;)])")
_AND: Final = re.compile(r"[ \t]++AND[ \t]++(?=[^ \t;)])")
_NOT: Final = re.compile(r"NOT[ \t]++(?=[^ \t;)])")


def search(reader: Reader) -> Search:
    """Read a search expression. Raises `SyntaxFault` and `LimitExceeded`."""
    at = reader.at
    found = reader.match(_UNFINISHED)
    if found is not None:
        reader.height = 1
        return SearchTerm(found[0][1:-1].replace("''", "'"), True, at)
    return _alternatives(reader)


def _alternatives(reader: Reader) -> Search:
    reader.enter()
    operands, at, tallest = [_conjunction(reader)], reader.at, reader.height
    while reader.match(_OR):
        operands.append(_conjunction(reader))
        tallest = max(tallest, reader.height)
    reader.leave()
    return _operation(reader, "or", operands, at, tallest)


def _conjunction(reader: Reader) -> Search:
    operands, at, tallest = [_factor(reader)], reader.at, reader.height
    while not _OR.match(reader.text, reader.position) and (reader.match(_AND) or reader.match(_BLANKS)):
        operands.append(_factor(reader))
        tallest = max(tallest, reader.height)
    return _operation(reader, "and", operands, at, tallest)


def _operation(reader: Reader, name: str, operands: list[Search], at: int, tallest: int) -> Search:
    if len(operands) == 1:
        return operands[0]
    reader.height = tallest + 1
    if reader.height > reader.limits.depth:
        raise reader.too_deep()
    return SearchOperation(name, tuple(operands), at)


def _factor(reader: Reader) -> Search:
    at = reader.at
    if reader.match(_NOT):
        reader.enter()
        operand = _factor(reader)
        reader.leave()
        reader.height += 1
        return SearchOperation("not", (operand,), at)
    if reader.accept("("):
        reader.blanks()
        inner = _alternatives(reader)
        reader.blanks()
        reader.expect(")")
        return inner
    reader.height = 1
    phrase = reader.match(_PHRASE)
    if phrase is not None:
        return SearchTerm(_ESCAPED.sub(r"\1", phrase[0][1:-1]), True, at)
    if reader.peek() == '"':
        if reader.text.startswith('""', reader.position):
            reader.position += 1
            raise reader.fail("the text of a phrase")
        if (escape := _WRONG_ESCAPE.match(reader.text, reader.position)) is not None:
            reader.position = escape.end()
            raise reader.fail("a double quote or backslash after a backslash")
        reader.position = len(reader.text)
        raise reader.fail("a closing double quote")
    return SearchTerm(reader.expect_match(_WORD, "a word or phrase to search for"), False, at)
