"""A field taken apart into words (RFC 9110, section 5.6), for grammars that have no reader of their own here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._characters import SEPARATORS
from demotic.syntax.http.grammar._words import TOKEN, read_comment, read_quoted

__all__ = ["Word", "WordKind", "split_words"]

_BLANKS: Final = re.compile(r"(?:\r\n)?[ \t]+")


class WordKind(Enum):
    """What a word is."""

    TOKEN = "token"
    QUOTED = "quoted string"
    COMMENT = "comment"
    SEPARATOR = "separator"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its kind, what it says (a quoted string without its quotes), and where it begins."""

    kind: WordKind
    text: str
    position: int


def split_words(text: str, *, blanks: bool = False) -> Iterator[Word]:
    """Yield the words of a field. Blanks, folded lines among them, part words; with `blanks` each run is a word, ` `.

    Raises `SyntaxFault` at characters that no field may hold, a quoted string or a comment without end, and a line end
    that folds nothing.
    """
    scanner = Scanner(text)
    while not scanner.at_end:
        start = scanner.position
        if scanner.match(_BLANKS):
            while scanner.match(_BLANKS):
                pass
            if blanks:
                yield Word(WordKind.BLANK, " ", start)
        else:
            yield _read_word(scanner, start)


def _read_word(scanner: Scanner, start: int) -> Word:
    token = scanner.match(TOKEN)
    if token is not None:
        return Word(WordKind.TOKEN, token[0], start)
    first = scanner.peek()
    if first == '"':
        quoted = read_quoted(scanner)
        if quoted is None:
            raise scanner.fail("a quoted string that ends")
        return Word(WordKind.QUOTED, quoted, start)
    comment = read_comment(scanner)
    if comment is not None:
        return Word(WordKind.COMMENT, comment, start)
    if first not in SEPARATORS:
        raise scanner.fail("a character that a field may hold")
    scanner.accept(first)
    return Word(WordKind.SEPARATOR, first, start)
