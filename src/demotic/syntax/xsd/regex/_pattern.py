"""Expressions compiled: read once, translated to Python's `re`, matched whole, in proportion to the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from demotic.errors import LimitExceeded, SyntaxFault
from demotic.syntax.unicode import RUNNING, CharacterClass, UnicodeDatabase
from demotic.syntax.xsd._errors import PatternFault
from demotic.syntax.xsd.regex._automaton import Automaton, is_determined
from demotic.syntax.xsd.regex._characters import CharacterReader, UnknownBlocks
from demotic.syntax.xsd.regex._parse import ExpressionReader
from demotic.syntax.xsd.regex._tree import Node, translate

__all__ = ["Pattern", "compile_pattern", "parse_class"]


MOST_CHARACTERS: Final = 10_000
"""The longest expression that is compiled."""


class Pattern:
    r"""A regular expression of XML Schema.

    >>> vowels_not = compile_pattern(r"[a-z-[aeiou]]+")
    >>> vowels_not.matches("bcd"), vowels_not.matches("bad"), vowels_not.matches("bcd\n")
    (True, False, False)

    `source` is its text, `database` the Unicode version that its classes are of, and `expression` the same in Python's
    `re`, to be matched whole. Two of the same source and version are equal.
    """

    __slots__ = ("_match", "database", "expression", "source")

    def __init__(self, source: str, database: UnicodeDatabase, tree: Node) -> None:
        self.source = source
        self.database = database
        self.expression = translate(tree)
        self._match: Callable[[str], object]
        if is_determined(tree):
            self._match = re.compile(self.expression).fullmatch
        else:
            self._match = Automaton(tree).matches

    def matches(self, text: str) -> bool:
        """Return whether the whole text matches."""
        return bool(self._match(text))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and (self.source, self.database) == (other.source, other.database)

    def __hash__(self) -> int:
        return hash(self.source)

    def __repr__(self) -> str:
        return f"<Pattern {self.source!r}>"


@lru_cache(maxsize=256)
def compile_pattern(
    source: str, *, database: UnicodeDatabase = RUNNING, unknown_blocks: UnknownBlocks = "refuse"
) -> Pattern:
    r"""Return the compiled form of an expression.

    `\p{…}` and what is defined by it are of the Unicode version given; a block that it does not have is refused, or
    with `unknown_blocks="any"` matches every character. Raises `PatternFault` for a text that is no expression, and
    `LimitExceeded` for one that is longer than 10,000 characters, nests deeper than 100 groups, repeats a part more
    than a million times, or is ambiguous and has more than 2,000 parts more when its repetitions are counted.

    Matching takes time in proportion to the text, whoever wrote the expression.
    """
    if len(source) > MOST_CHARACTERS:
        raise LimitExceeded(f"an expression of {len(source)} characters is too long, the most are {MOST_CHARACTERS}")
    try:
        tree = ExpressionReader(CharacterReader(database, unknown_blocks)).read(source)
    except SyntaxFault as fault:
        raise _pattern_fault(fault) from None
    return Pattern(source, database, tree)


def parse_class(source: str, *, database: UnicodeDatabase = RUNNING) -> CharacterClass:
    r"""Return the characters that a part for one character stands for: `a`, `\d`, `\p{Lu}`, `.`, `[a-z-[aeiou]]`.

    Raises `PatternFault` for a text that is none.
    """
    try:
        return ExpressionReader(CharacterReader(database)).read_class(source).copy()
    except SyntaxFault as fault:
        raise _pattern_fault(fault) from None


def _pattern_fault(fault: SyntaxFault) -> PatternFault:
    return PatternFault(fault.expected, fault.text, fault.position, hint=fault.hint)
