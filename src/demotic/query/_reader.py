"""What all readers of URL text share: bounds, names and blanks.

No grammar rule of an option or path lives here. The whole grammar is read: what is well formed but not offered is for
the binder to refuse. OData ABNF Construction Rules 4.01, sections 6 (names) and 9 (punctuation).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias
from unicodedata import category

from demotic.errors import LimitExceeded, SyntaxFault
from demotic.query._tree import Expression
from demotic.syntax import Scanner


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Bounds that hold before any name is looked up.

    ``depth`` bounds both the nesting of brackets in a text and the height of the tree read from it, so that whoever
    walks the tree may recurse. ``length`` counts the characters of one decoded text.
    """

    depth: int = 100
    length: int = 100_000


DEFAULT_LIMITS: Final = ReadLimits()

# Loose beyond ASCII, which `_check_name` then makes exact: a fault inside a name is better told than one before it.
IDENTIFIER: Final = r"(?:[A-Za-z_]|[^\x00-\x7f])(?:[A-Za-z0-9_]|[^\x00-\x7f])*+"
BLANKS: Final = re.compile(r"[ \t]*+")
_REQUIRED_BLANKS: Final = re.compile(r"[ \t]++")
_IDENTIFIER: Final = re.compile(IDENTIFIER)
_QUALIFIED: Final = re.compile(rf"{IDENTIFIER}(?:\.{IDENTIFIER})*+")

LONGEST_NAME: Final = 128
_LEADING: Final = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nl"))
_FOLLOWING: Final = _LEADING | {"Nd", "Mn", "Mc", "Pc", "Cf"}


class Reader(Scanner):
    """A `Scanner` over one decoded text, which knows its bounds and what its faults are about.

    ``target`` names the option in faults. ``base`` is added to every position that goes into a node. ``height`` is that
    of the node read last.
    """

    __slots__ = ("_depth", "base", "height", "limits", "target")

    def __init__(self, text: str, *, target: str | None, limits: ReadLimits = DEFAULT_LIMITS, base: int = 0) -> None:
        if len(text) > limits.length:
            raise LimitExceeded(f"{len(text)} characters are more than the limit of {limits.length}", target=target)
        super().__init__(text)
        self.target = target
        self.limits = limits
        self.base = base
        self.height = 0
        self._depth = 0

    @property
    def at(self) -> int:
        """The position for a node that begins here."""
        return self.position + self.base

    def fail(self, expected: str | None = None, *, hint: str | None = None) -> SyntaxFault:
        """Return the fault that `expected` is missing here, about the target."""
        fault = super().fail(expected, hint=hint)
        fault.target = self.target
        return fault

    def fault_within(self, fault: SyntaxFault, start: int, *, hint: str | None = None) -> SyntaxFault:
        """Return a fault of a piece of this text, which begins at `start`, as a fault of the whole."""
        place = start + fault.position
        return SyntaxFault(fault.expected, self.text, place, target=self.target, hint=hint or fault.hint)

    def enter(self) -> None:
        """Begin something nested; `leave` ends it. Raises `LimitExceeded` where that is too deep."""
        self._depth += 1
        if self._depth > self.limits.depth:
            raise self.too_deep()

    def leave(self) -> None:
        """End what `enter` began."""
        self._depth -= 1

    def too_deep(self) -> LimitExceeded:
        """Return the refusal of a text that nests, or grows a tree, beyond the limit."""
        place = f"at position {self.position}"
        return LimitExceeded(f"nested deeper than the limit of {self.limits.depth} {place}", target=self.target)

    def finish(self, expected: str = "the end") -> None:
        """Raise `SyntaxFault` if anything is left."""
        if not self.at_end:
            # Where more was meant, its first character is the place to look; blanks at the very end are the fault.
            start = self.position
            self.blanks()
            if self.at_end:
                self.position = start
                raise self.fail("the end")
            raise self.fail(expected)

    def blanks(self) -> None:
        """Pass optional blanks and tabs (BWS)."""
        self.match(BLANKS)

    def required_blanks(self) -> None:
        """Pass blanks and tabs (RWS); raise `SyntaxFault` if there is none."""
        self.expect_match(_REQUIRED_BLANKS, "a blank")

    def separator(self, character: str) -> bool:
        """Pass `character`, and blanks around it, if it comes next; else pass nothing."""
        start = self.position
        self.blanks()
        if self.accept(character):
            self.blanks()
            return True
        self.position = start
        return False

    def separator_or_fail(self, character: str, expected: str, *, hint: str | None = None) -> None:
        """Pass `character`, and blanks around it; raise `SyntaxFault` if it does not come next."""
        if not self.separator(character):
            self.blanks()
            raise self.fail(expected, hint=hint)

    def name(self, expected: str = "a name", *, qualified: bool = False) -> str:
        """Read a simple identifier, or with `qualified` also one with dots; raise `SyntaxFault` if there is none."""
        start = self.position
        name = self.expect_match(_QUALIFIED if qualified else _IDENTIFIER, expected)
        self.check_name(name, start)
        return name

    def check_name(self, name: str, start: int) -> None:
        """Raise `SyntaxFault` where a name, read loosely at `start`, breaks the rules for identifiers."""
        if name.isascii() and len(name) <= LONGEST_NAME:
            return
        for part in name.split("."):
            self._check_part(part, start)
            start += len(part) + 1

    def _check_part(self, part: str, start: int) -> None:
        allowed = _LEADING
        for index, character in enumerate(part):
            if not character.isascii() and category(character) not in allowed:
                self.position = start + index
                raise self.fail("a letter, a digit or '_' in a name")
            allowed = _FOLLOWING
        if len(part) > LONGEST_NAME:
            self.position = start + LONGEST_NAME
            raise self.fail(f"the end of the name after {LONGEST_NAME} characters")


ReadExpression: TypeAlias = Callable[[Reader], Expression]
"""How the reader of an expression is handed to those that it calls itself, and that read expressions in turn."""
