"""The shape of a URL: its text with the literals lifted out.

Requests that differ only in literals share a shape, hence a compiled operation. Lifting is a guess made by one regular
expression, without reading the grammar; what makes it safe is `match`: after a request has been read in full, the
guess is used for its shape only if every lifted text is exactly the text of a literal that became a parameter, one to
one. A shape for which that fails is simply compiled again each time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from demotic.errors import InvalidInput
from demotic.query import token_shape
from demotic.syntax.uri import percent_decode

# A quoted string; a number, with its sign where that cannot be an operator, and before the suffix that numbers have in
# OData 2; a GUID; a date or date-time. None of them may start or end inside a word. An ampersand ends an option, so no
# literal spans one. All begin with the one set of characters that stands first, which lets the search skip from one of
# them to the next; which it was is then looked back at. That is faster than an alternation of the forms.
LITERAL = re.compile(
    r"""(
      ['0-9A-Fa-f-](?:
        (?<=') [^'&]*(?:''[^'&]*)*'
      | (?: (?<=\d)(?<![\w.%\-].) (?:
              \d*(?:\.\d+)?
            | \d{3}-\d\d-\d\d (?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+]\d\d:\d\d|%2[Bb]\d\d:\d\d)?)?
            )
          | (?<=[=(,\ ]-) \d+(?:\.\d+)?
          | (?<=[0-9A-Fa-f])(?<![\w.%\-].)
            [0-9A-Fa-f]{7}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}
        ) (?: (?![\w.\-:%]) | (?=[LlMmDdFf](?![\w.\-:%])) )
      )
    )""",
    re.VERBOSE,
)

# Up to as many digits, an integer fits every integer type that the binder gives to a literal.
SHORT_INTEGER = 9

# As next links have it. Written otherwise, it stays in the shape, and the request goes the long way.
SKIP_TOKEN = re.compile(r"(?:^|&)\$skiptoken=([A-Za-z0-9_-]+)(?=&|$)")

# The value of `$search`, and what it consists of: phrases, words, and what stands between them.
SEARCH = re.compile(r"(?:^|(?<=&))\$?search=([^&]+)")
SEARCHED = re.compile(r"""("[^"\\]+"|(?!')[^\s()";]+)|[ \t()]""")
OPERATORS = frozenset({"AND", "OR", "NOT"})

# What clients encode without need; undone first, so that one shape serves all spellings. Nothing here separates
# options.
COMMON = tuple(
    (escape, character) for character in " '$,:()" for escape in {f"%{ord(character):02X}", f"%{ord(character):02x}"}
)


Lifted: TypeAlias = tuple[tuple[str, ...], list[str], str | None]
"""A target taken apart: its shape, the literal texts, and the skip token if there is one.

The shape is hashable. It tells literal classes apart where reading would: integers of more than nine digits (perhaps of
another type), quoted texts, dates with and without time, and which values of a skip token are null.
"""


def lift(path: str, query: str) -> Lifted:
    """Take a percent-encoded path and query apart. The texts are decoded but for rare escapes."""
    token = skeleton = None
    terms: list[str] = []
    target = path
    if query:
        if "skiptoken=" in query:
            query, token = _without_token(query)
        if "+" in query:
            query = query.replace("+", " ")
        if "search=" in query:
            query, skeleton, terms = _without_search(query)
        target = f"{path}?{query}"
    if "%" in target:
        for escape, character in COMMON:
            target = target.replace(escape, character)
    parts = LITERAL.split(target)
    texts = parts[1::2]
    place = 1
    for text in texts:
        parts[place] = "i" if text.isdigit() and len(text) <= SHORT_INTEGER else _kind(text)
        place += 2
    if skeleton is not None:
        parts.append(skeleton)  # by which there is an even number of them
        texts += terms
    return tuple(parts), texts, token


def _without_search(query: str) -> tuple[str, str | None, list[str]]:
    """Take the terms out of ``$search``: return the rest of the query, what joins the terms, and them in quotes.

    What is not plainly terms and operators stays where it is.
    """
    found = SEARCH.search(query)
    if found is None:
        return query, None, []
    value = found[1]
    if "%" in value:
        try:
            value = percent_decode(value)
        except InvalidInput:
            return query, None, []
    joints, terms, at = [], [], 0
    for piece in SEARCHED.finditer(value):
        if piece.start() != at or "%" in piece[0]:
            return query, None, []
        at = piece.end()
        term = piece[1]
        if term is None or term in OPERATORS:
            joints.append(piece[0])
        else:
            joints.append("s")
            terms.append(term if term[0] == '"' else f'"{term}"')
    if at != len(value) or not terms:
        return query, None, []
    # The mark is no search, so that what is taken out is never mistaken for what stays.
    return f"{query[: found.start(1)]}%s{query[found.end(1) :]}", "\0".join(joints), terms


def _without_token(query: str) -> tuple[str, str | None]:
    found = SKIP_TOKEN.search(query)
    if found is None:
        return query, None
    token = found[1]
    try:
        nulls = token_shape(token)
    except InvalidInput:
        return query, None  # whoever reads the request in full will say so
    # An encoded quote cannot begin a literal here, so what stands for the token is never taken for one.
    mask = "".join("n" if null else "v" for null in nulls)
    return f"{query[: found.start(1)]}%{mask}{query[found.end(1) :]}", token


def _kind(text: str) -> str:
    if text[0] == "'":
        return "'"
    if "-" in text[1:]:
        if text[4] != "-":
            return "G"
        # Functions of an instant's parts take it in UTC only, so offsets are told apart.
        return "D" if "T" not in text else "T" if text[-1] == "Z" else f"T{text[-6:]}"
    if "." in text:
        return "." + ("-" if text[0] == "-" else "")
    sign = "-" if text[0] == "-" else ""
    return ("i" if len(text) - len(sign) <= SHORT_INTEGER else "I") + sign


def decoded(text: str) -> str:
    """Return a lifted text as the grammar's reader would have seen it. Raises SyntaxFault for a broken escape."""
    return percent_decode(text) if "%" in text else text


def match(lifted: Sequence[str], origins: Sequence[str]) -> tuple[int, ...] | None:
    """Say which lifted text each parameter's value comes from, or ``None`` where that is not certain.

    ``origins`` are the raw texts of the literals behind the parameters, by slot. Certain means: all lifted texts
    differ, each is the text of at least one parameter, and each parameter's text was lifted.
    """
    texts = [decoded(text) for text in lifted]
    places = {text: place for place, text in enumerate(texts)}
    if len(places) != len(texts) or set(places) != set(origins):
        return None
    return tuple(places[text] for text in origins)
