"""A reading head over a text: the parsing kit of every hand-written grammar here.

A grammar is a set of functions that take a `Scanner` and call each other (recursive descent). `accept` and `match` try
and move on only when they succeed; `expect` and `expect_match` insist. To go back, set `position` to an earlier value.

An error tells the furthest place that any attempt insisted on, with everything that could have stood there: after
backtracking that is where the reader of the message should look. Regular expressions are given compiled, so that a
token costs one call.
"""

from __future__ import annotations

import re

from demotic.errors import SyntaxFault

__all__ = ["Scanner"]


class Scanner:
    """A position in a text, and the furthest failure so far.

    >>> s = Scanner("top=20")
    >>> s.accept("top"), s.expect("="), s.expect_match(re.compile(r"[0-9]+"), "a number")
    (True, None, '20')
    """

    __slots__ = ("_expected", "_furthest", "position", "text")

    def __init__(self, text: str, position: int = 0) -> None:
        self.text = text
        self.position = position
        self._furthest = -1
        self._expected: list[str] = []

    @property
    def at_end(self) -> bool:
        """Whether everything is read."""
        return self.position >= len(self.text)

    def peek(self, length: int = 1) -> str:
        """Return the next `length` characters, fewer at the end, without reading them."""
        return self.text[self.position : self.position + length]

    def accept(self, literal: str) -> bool:
        """Read `literal` if it comes next."""
        if self.text.startswith(literal, self.position):
            self.position += len(literal)
            return True
        return False

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Read what `pattern` matches here, and return the match."""
        found = pattern.match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found

    def expect(self, literal: str) -> None:
        """Read `literal`, or raise `SyntaxFault`."""
        if not self.accept(literal):
            raise self.fail(repr(literal))

    def expect_match(self, pattern: re.Pattern[str], expected: str) -> str:
        """Read and return what `pattern` matches here, or raise `SyntaxFault` naming `expected`."""
        found = self.match(pattern)
        if found is None:
            raise self.fail(expected)
        return found.group()

    def expect_end(self) -> None:
        """Raise `SyntaxFault` if anything is left."""
        if not self.at_end:
            raise self.fail("the end")

    def fail(self, expected: str, *, hint: str | None = None) -> SyntaxFault:
        """Return, for raising, the fault that `expected` is missing here; earlier failures that got further win."""
        if self.position > self._furthest:
            self._furthest = self.position
            self._expected = [expected]
        elif self.position == self._furthest and expected not in self._expected:
            self._expected.append(expected)
        return SyntaxFault(" or ".join(self._expected), self.text, self._furthest, hint=hint)
