"""The scanner over a text that comes in pieces: from a file, a socket's reader, a generator.

Pieces are asked for only when they are needed, and `forget` lets go of what is read, so that a text of any length fits
in little memory. Places in faults are those in the whole text all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import AnyStr

from demotic.errors import START, Place, SyntaxFault
from demotic.syntax._scanner import BaseScanner, BinaryScanner, Scanner

__all__ = ["BinaryStreamScanner", "StreamScanner"]


class _Streaming(BaseScanner[AnyStr]):
    """What a scanner over pieces does before each step: it sees to it that enough of the text is there.

    `lookahead` is how much must be there to tell that a pattern does not match; one that matches may be longer.
    """

    __slots__ = ("_lookahead", "_pieces", "_start")
    _pieces: Iterator[AnyStr]

    def _begin(self, pieces: Iterable[AnyStr], lookahead: int) -> None:
        self._pieces = iter(pieces)
        self._lookahead = lookahead
        self._start = START

    def forget(self) -> None:
        """Let go of what is read. Positions count from here on; going back before it is over."""
        self._start = self.place()
        self.text = self.text[self.position :]
        self.position = 0
        self._furthest = -1

    def _fill(self, length: int) -> bool:
        """Have at least `length` characters from here on; say whether there are that many."""
        missing = self.position + length - len(self.text)
        if missing <= 0:
            return True
        found: list[AnyStr] = [self.text]
        for piece in self._pieces:
            found.append(piece)
            missing -= len(piece)
            if missing <= 0:
                break
        self.text = self.text[:0].join(found)
        return missing <= 0

    @property
    def at_end(self) -> bool:
        """Whether everything is read, and nothing more comes."""
        return not self._fill(1)

    def peek(self, length: int = 1) -> AnyStr:
        """Return the next `length` characters, fewer at the end, without reading them."""
        self._fill(length)
        return BaseScanner.peek(self, length)

    def comes(self, what: AnyStr | re.Pattern[AnyStr]) -> bool:
        """Whether a literal, or something that a pattern matches, comes next."""
        self._fill(self._lookahead if isinstance(what, re.Pattern) else len(what))
        return BaseScanner.comes(self, what)

    def comes_one_of(self, characters: Collection[AnyStr] | AnyStr) -> bool:
        """Whether one of the characters comes next."""
        self._fill(1)
        return BaseScanner.comes_one_of(self, characters)

    def accept(self, literal: AnyStr) -> bool:
        """Read `literal` if it comes next."""
        self._fill(len(literal))
        return BaseScanner.accept(self, literal)

    def match(self, pattern: re.Pattern[AnyStr]) -> re.Match[AnyStr] | None:
        """Read what `pattern` matches here, and return the match."""
        more = self._fill(self._lookahead)
        found = pattern.match(self.text, self.position)
        while more and found is not None and found.end() == len(self.text):  # it may go on in the next piece
            more = self._fill(2 * (len(self.text) - self.position))
            found = pattern.match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found

    def until(self, literal: AnyStr | None = None) -> AnyStr:
        """Read up to `literal`, which stays; to the end if there is none. What is read may be empty."""
        more, searched = self._fill(self._lookahead), self.position
        while more and (literal is None or self.text.find(literal, searched) < 0):
            searched = max(self.position, len(self.text) - len(literal or self.text))
            more = self._fill(2 * (len(self.text) - self.position))
        return BaseScanner.until(self, literal)

    def place(self, position: int | None = None) -> Place:
        """Return a position in the whole text, here by default, with its line and column."""
        return Place.of(self._shown(), self.position if position is None else position, self._start)

    def _fault(self, expected: str, position: int, hint: str | None) -> SyntaxFault:
        self._fill(1)
        return SyntaxFault(expected, self._shown(), position, hint=hint, start=self._start)


class StreamScanner(_Streaming[str], Scanner):
    """A `Scanner` over pieces of text.

    >>> s = StreamScanner(["ab", "c=1", "2"])
    >>> s.expect_match(re.compile("[a-z]+"), "a name"), s.expect("="), s.accept_integer()
    ('abc', '=', 12)
    """

    __slots__ = ()

    def __init__(self, pieces: Iterable[str], *, lookahead: int = 4096) -> None:
        super().__init__("")
        self._begin(pieces, lookahead)

    @property
    def current(self) -> str | None:
        """The character that comes next; `None` at the end."""
        return self.peek() or None


class BinaryStreamScanner(_Streaming[bytes], BinaryScanner):
    """A `BinaryScanner` over pieces of bytes."""

    __slots__ = ()

    def __init__(self, pieces: Iterable[bytes], *, lookahead: int = 4096) -> None:
        super().__init__(b"")
        self._begin(pieces, lookahead)

    @property
    def current(self) -> int | None:
        """The byte that comes next, as a number; `None` at the end."""
        found = self.peek()
        return found[0] if found else None
