"""The structure of a regular expression: branches, pieces, quantifiers (XSD 1.1 part 2, appendix G.1 to G.3).

There are no anchors, lazy quantifiers, references or flags: `^` and `$` are characters like others. The grammar is
that of 1.1, where `|`, `{` and `}` must be escaped; the grammar of 1.0 let braces stand for themselves, against its
own prose.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from demotic.errors import LimitExceeded
from demotic.syntax._scanner import Scanner
from demotic.syntax.unicode import CharacterClass
from demotic.syntax.xsd.regex._characters import MOST_NESTED, CharacterReader
from demotic.syntax.xsd.regex._tree import Characters, Choice, Node, Repeat, Sequence

__all__ = ["MOST_TIMES", "ExpressionReader"]

MOST_TIMES: Final = 1_000_000
"""The largest number that a quantifier may have."""

_normal: Final = re.compile(r"[^.\\?*+{}()|\[\]]", re.DOTALL)
_quantity: Final = re.compile(r"([0-9]+)(?:(,)([0-9]+)?)?(?=\})")
_TIMES: Final[dict[str, tuple[int, int | None]]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
_HINTS: Final = {
    "?": "there are no lazy quantifiers",
    "*": "escape it, or put the part before it in parentheses",
    "+": "there are no possessive quantifiers",
    "{": r"write \{ for a brace",
    "}": r"write \} for a brace",
    "]": r"write \] for a bracket",
}


class ExpressionReader:
    """Reads a whole expression into a tree."""

    def __init__(self, characters: CharacterReader) -> None:
        self._characters = characters

    def read(self, text: str) -> Node:
        """Return the tree of an expression. Raises `SyntaxFault`, or `LimitExceeded` where it nests too deep."""
        scanner = Scanner(text)
        tree = self._read_choice(scanner, 0)
        if not scanner.at_end:
            raise scanner.fail("the end, '|' or another part", hint=_HINTS.get(scanner.peek()))
        return tree

    def read_class(self, text: str) -> CharacterClass:
        """Return the characters that an expression for one character stands for."""
        scanner = Scanner(text)
        chars = self._read_one(scanner)
        if chars is None:
            raise scanner.fail("a character, an escape or a class in brackets")
        scanner.expect_end()
        return chars.chars

    def _read_choice(self, scanner: Scanner, depth: int) -> Node:
        if depth > MOST_NESTED:
            raise LimitExceeded(f"the expression nests more than {MOST_NESTED} groups")
        branches = [self._read_branch(scanner, depth)]
        while scanner.accept("|"):
            branches.append(self._read_branch(scanner, depth))
        return Choice(tuple(branches))

    def _read_branch(self, scanner: Scanner, depth: int) -> Sequence:
        parts: list[Node] = []
        while (atom := self._read_atom(scanner, depth)) is not None:
            parts.append(self._read_quantified(scanner, atom))
        return Sequence(tuple(parts))

    def _read_atom(self, scanner: Scanner, depth: int) -> Node | None:
        if not scanner.accept("("):
            return self._read_one(scanner)
        if scanner.peek() == "?":
            raise scanner.fail("an expression", hint="every group is plain here, there is no (?:…)")
        group = self._read_choice(scanner, depth + 1)
        if scanner.peek() != ")":
            raise scanner.fail("')', '|' or another part", hint=_HINTS.get(scanner.peek()))
        scanner.expect(")")
        return group

    def _read_one(self, scanner: Scanner) -> Characters | None:
        match scanner.peek():
            case "\\":
                return self._characters.read_escape(scanner)
            case "[":
                return self._characters.read_expression(scanner)
            case ".":
                return self._characters.read_any(scanner)
        found = scanner.match(_normal)
        return None if found is None else _character(found[0])

    def _read_quantified(self, scanner: Scanner, atom: Node) -> Node:
        if (times := _TIMES.get(scanner.peek())) is not None:
            scanner.position += 1
            return Repeat(atom, *times)
        if scanner.accept("{"):
            repeat = Repeat(atom, *_read_quantity(scanner))
            scanner.expect("}")
            return repeat
        return atom


@lru_cache(maxsize=256)
def _character(char: str) -> Characters:
    return Characters(CharacterClass(char).freeze())


def _read_quantity(scanner: Scanner) -> tuple[int, int | None]:
    start = scanner.position
    found = scanner.match(_quantity)
    if found is None:
        raise scanner.fail("a number and '}', as in {2}, {2,} or {2,3}")
    if max(len(found[1]), len(found[3] or "")) > 10 or max(int(found[1]), int(found[3] or 0)) > MOST_TIMES:
        raise LimitExceeded(f"the expression repeats a part more than {MOST_TIMES} times")
    least = int(found[1])
    most = least if found[2] is None else int(found[3]) if found[3] else None
    if most is not None and most < least:
        scanner.position = start
        raise scanner.fail(f"an upper bound of at least {least}")
    return least, most
