r"""The parts that stand for one character: escapes, `.`, and class expressions (XSD 1.1 part 2, appendix G.4).

Each is read into a `CharacterClass`, so subtraction and negation are done here, once, and not while matching.
"""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from demotic.errors import InvalidInput, LimitExceeded
from demotic.syntax._scanner import Scanner
from demotic.syntax.unicode import (
    NAME_CHAR,
    NAME_START_CHAR,
    RUNNING,
    WHITE_SPACE,
    CharacterClass,
    CharacterPart,
    UnicodeDatabase,
)
from demotic.syntax.xsd.regex._tree import Characters

__all__ = ["MOST_NESTED", "CharacterReader", "UnknownBlocks"]

UnknownBlocks: TypeAlias = Literal["refuse", "any"]
"""What becomes of a block that the Unicode version does not have: G.4.2.3 lets it match every character."""

MOST_NESTED: Final = 100
"""How deep groups and subtractions may be nested."""

_ANY: Final = CharacterClass(("\x00", "\U0010ffff")).freeze()
_LINE_ENDS: Final = CharacterClass("\n\r").freeze()
_SINGLE: Final = {"n": "\n", "r": "\r", "t": "\t"} | {char: char for char in "\\|.?*+(){}-[]^"}
_ESCAPES_HINT: Final = (
    r"one of \n \r \t \s \i \c \d \w \S \I \C \D \W \p{…} \P{…}, or of a special character \| \. \? and so on"
)

_escape: Final = re.compile(r"\\(.)", re.DOTALL)
_property: Final = re.compile(r"\{([A-Za-z0-9-]*)\}")
_category: Final = re.compile(r"L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?")
_plain: Final = re.compile(r"[^\[\]\\]", re.DOTALL)


class CharacterReader:
    """Reads the parts that stand for one character, of one Unicode version."""

    def __init__(self, database: UnicodeDatabase = RUNNING, unknown_blocks: UnknownBlocks = "refuse") -> None:
        self._database = database
        self._unknown_blocks = unknown_blocks

    def read_escape(self, scanner: Scanner) -> Characters:
        r"""Read `\n`, `\d`, `\p{Lu}`, …; the backslash comes next."""
        start = scanner.position
        found = scanner.match(_escape)
        if found is None:
            scanner.position += 1
            raise scanner.fail("a character after the backslash")
        letter = found[1]
        if letter in _SINGLE:
            return Characters(CharacterClass(_SINGLE[letter]))
        chars = self._read_property(scanner) if letter in "pP" else self._many(letter.lower())
        if chars is None:
            scanner.position = start
            raise scanner.fail("an escape of XML Schema", hint=_ESCAPES_HINT)
        # Python's \d is the category Nd of its own Unicode version, exactly.
        shorthand = f"\\{letter}" if letter in "dD" and self._database is RUNNING else ""
        return Characters(~chars if letter.isupper() else chars, shorthand)

    def _many(self, letter: str) -> CharacterClass | None:
        """Return what a multi-character escape means (production 97); `None` if there is no such."""
        database = self._database
        match letter:
            case "s":
                return WHITE_SPACE
            case "i":
                return NAME_START_CHAR
            case "c":
                return NAME_CHAR
            case "d":
                return database.category("Nd")
            case "w":
                return ~(database.category("P") | database.category("Z") | database.category("C"))
        return None

    def _read_property(self, scanner: Scanner) -> CharacterClass:
        start = scanner.position
        name = scanner.expect_match(_property, "a category or block in braces, such as {Lu} or {IsBasicLatin}")[1:-1]
        if _category.fullmatch(name):
            return self._database.category(name)
        try:
            if name.startswith("Is"):
                return self._database.block(name[2:], exact=True)
        except InvalidInput:
            if self._unknown_blocks == "any":
                return _ANY
        scanner.position = start + 1
        block = f"a block of Unicode {self._database.version}"
        raise scanner.fail(block if name.startswith("Is") else f"a category, or 'Is' and {block}")

    def read_any(self, scanner: Scanner) -> Characters:
        """Read `.`: every character but the ends of lines."""
        scanner.expect(".")
        return Characters(~_LINE_ENDS, r"[^\n\r]")

    def read_expression(self, scanner: Scanner, depth: int = 0) -> Characters:
        """Read `[a-z-[aeiou]]`: a group, negated before another is subtracted from it."""
        if depth > MOST_NESTED:
            raise LimitExceeded(f"the expression nests more than {MOST_NESTED} subtractions")
        scanner.expect("[")
        negated = scanner.accept("^")
        parts = [self._read_part(scanner)]
        while scanner.peek() != "]" and scanner.peek(2) != "-[":
            parts.append(self._read_part(scanner))
        chars = CharacterClass(*parts)
        if negated:
            chars.negate()
        if scanner.accept("-"):
            chars -= self.read_expression(scanner, depth + 1).chars
        scanner.expect("]")
        return Characters(chars)

    def _read_part(self, scanner: Scanner) -> CharacterPart:
        """Read a character, a range or an escape, by the rules for hyphens of G.4.1."""
        start = scanner.position
        first = self._read_single(scanner)
        if isinstance(first, CharacterClass):
            return first
        after = scanner.peek(3)
        if not after.startswith("-") or after[1:2] in ("[", "]") or after[1:] == "-[":
            return first
        if scanner.text[start] == "-":
            scanner.position = start
            raise scanner.fail("a range from a character other than an unescaped hyphen", hint=r"write \- for a hyphen")
        scanner.expect("-")
        place = scanner.position
        last = self._read_single(scanner) if scanner.peek() != "-" else None
        if not isinstance(last, str):
            scanner.position = place
            raise scanner.fail("one character as the end of the range", hint=r"write \- for a hyphen")
        if last < first:
            scanner.position = place
            raise scanner.fail(f"a character from {first!r} on, as the end of a range")
        return first, last

    def _read_single(self, scanner: Scanner) -> str | CharacterClass:
        """Read one character, as a text, or an escape that means many, as a class."""
        if scanner.peek() != "\\":
            return scanner.expect_match(_plain, "a character of the class, or ']'")
        letter = scanner.peek(2)[1:]
        chars = self.read_escape(scanner).chars
        return _SINGLE.get(letter) or chars
