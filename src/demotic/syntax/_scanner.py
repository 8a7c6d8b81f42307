"""A reading head over a text or bytes: the parsing kit of every hand-written grammar here.

A grammar is a set of functions that take a `Scanner` and call each other (recursive descent); or methods of a subclass.
The verbs tell what happens where a thing is missing:

    comes…    says whether it comes next, and never moves
    accept…   reads it and moves on, or stays and returns `None` (a plain literal: `False`)
    expect…   reads it, or raises `SyntaxFault`
    required  turns what any `accept…` gave into an `expect…`; `attempt` does the opposite

To go back, set `position` to an earlier value. An error tells the furthest place that any attempt insisted on, with
everything that could have stood there: after backtracking that is where the reader of the message should look. Regular
expressions are given compiled, so that a token costs one call. Digits and letters are those of ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from struct import Struct
from typing import Any, AnyStr, Generic, NamedTuple, ParamSpec, TypeVar

from demotic.errors import Place, SyntaxFault

__all__ = ["BaseScanner", "BinaryScanner", "Located", "Scanner"]

Value = TypeVar("Value")
Arguments = ParamSpec("Arguments")


class Located(NamedTuple, Generic[Value]):
    """Something that was read, and where it stood."""

    value: Value
    start: int
    end: int


class BaseScanner(Generic[AnyStr]):
    """A position in a text or in bytes, and the furthest failure so far."""

    __slots__ = ("_expected", "_furthest", "position", "text")
    text: AnyStr
    position: int

    def __init__(self, text: AnyStr, position: int = 0) -> None:
        self.text = text
        self.position = position
        self._furthest = -1
        self._expected: list[str] = []

    @property
    def at_end(self) -> bool:
        """Whether everything is read."""
        return self.position >= len(self.text)

    def peek(self, length: int = 1) -> AnyStr:
        """Return the next `length` characters, fewer at the end, without reading them."""
        return self.text[self.position : self.position + length]

    def comes(self, what: AnyStr | re.Pattern[AnyStr]) -> bool:
        """Whether a literal, or something that a pattern matches, comes next."""
        if isinstance(what, re.Pattern):
            return what.match(self.text, self.position) is not None
        return self.text.startswith(what, self.position)

    def comes_one_of(self, characters: Collection[AnyStr] | AnyStr) -> bool:
        """Whether one of the characters comes next."""
        return not self.at_end and self.peek() in characters

    def accept(self, literal: AnyStr) -> bool:
        """Read `literal` if it comes next."""
        if self.text.startswith(literal, self.position):
            self.position += len(literal)
            return True
        return False

    def accept_folded(self, literal: AnyStr) -> AnyStr | None:
        """Read a literal whatever its case, and return it as it is spelled here. It is given in lower case."""
        if literal != literal.lower():
            raise ValueError(f"{literal!r} is not in lower case, so it could never be found")
        found = self.peek(len(literal))
        if found.lower() != literal or len(found) != len(literal):
            return None
        self.position += len(literal)
        return found

    def accept_one_of(self, characters: Collection[AnyStr] | AnyStr) -> AnyStr | None:
        """Read one of the characters."""
        if not self.comes_one_of(characters):
            return None
        self.position += 1
        return self.text[self.position - 1 : self.position]

    def match(self, pattern: re.Pattern[AnyStr]) -> re.Match[AnyStr] | None:
        """Read what `pattern` matches here, and return the match."""
        found = pattern.match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found

    def accept_digits(self, least: int = 1, most: int | None = None, *, base: int = 10) -> AnyStr | None:
        """Read a run of digits (of base 16: in either case), `least` of them at least and `most` at most."""
        pattern: re.Pattern[AnyStr] = _digits(self.text.__class__, least, most, base)
        found = self.match(pattern)
        return None if found is None else found.group()

    def accept_integer(
        self,
        minimum: int | None = None,
        maximum: int | None = None,
        *,
        max_digits: int | None = 4300,
        base: int = 10,
    ) -> int | None:
        """Read a number without sign, within bounds; all its digits, of which there are not too many."""
        start = self.position
        digits = self.accept_digits(base=base)
        if digits is not None and (max_digits is None or len(digits) <= max_digits):
            value = int(digits, base)
            if (minimum is None or value >= minimum) and (maximum is None or value <= maximum):
                return value
        self.position = start
        return None

    def until(self, literal: AnyStr | None = None) -> AnyStr:
        """Read up to `literal`, which stays; to the end if there is none. What is read may be empty."""
        start = self.position
        end = -1 if literal is None else self.text.find(literal, start)
        self.position = len(self.text) if end < 0 else end
        return self.text[start : self.position]

    def take(self, length: int = 1) -> AnyStr:
        """Read exactly `length` characters, or raise `SyntaxFault`."""
        taken = self.peek(length)
        if len(taken) < length:
            unit = "bytes" if isinstance(taken, bytes) else "characters"
            raise self.fail(f"{length} {unit}, of which {len(taken)} are there")
        self.position += length
        return taken

    def expect(self, literal: AnyStr) -> AnyStr:
        """Read and return `literal`, or raise `SyntaxFault`."""
        if not self.accept(literal):
            raise self.fail(repr(literal))
        return literal

    def expect_match(self, pattern: re.Pattern[AnyStr], expected: str) -> AnyStr:
        """Read and return what `pattern` matches here, or raise `SyntaxFault` naming `expected`."""
        found = self.match(pattern)
        if found is None:
            raise self.fail(expected)
        return found.group()

    def expect_end(self) -> None:
        """Raise `SyntaxFault` if anything is left."""
        if not self.at_end:
            raise self.fail("the end")

    def required(self, value: Value | None, expected: str | None = None) -> Value:
        """Return what was read, or raise `SyntaxFault` if it is `None`: `required(s.accept_digits(), "a year")`."""
        if value is None:
            raise self.fail(expected)
        return value

    def whole(self, value: Value | None, expected: str | None = None) -> Value:
        """Return what was read, as `required` does, if it is also all that there is."""
        found = self.required(value, expected)
        self.expect_end()
        return found

    def attempt(
        self, read: Callable[Arguments, Value], *args: Arguments.args, **options: Arguments.kwargs
    ) -> Value | None:
        """Return what `read` reads, or go back and return `None` where it raises a `ValueError`."""
        start = self.position
        try:
            return read(*args, **options)
        except ValueError:
            self.position = start
            return None

    def located(
        self, read: Callable[Arguments, Value], *args: Arguments.args, **options: Arguments.kwargs
    ) -> Located[Value]:
        """Return what `read` reads, with the positions before and after it."""
        start = self.position
        return Located(read(*args, **options), start, self.position)

    def place(self, position: int | None = None) -> Place:
        """Return a position, here by default, with its line and column, which count from 1."""
        return Place.of(self._shown(), self.position if position is None else position)

    def fail(self, expected: str | None = None, *, hint: str | None = None) -> SyntaxFault:
        """Return, for raising, the fault that `expected` is missing here; earlier failures that got further win.

        Without `expected` it is the furthest failure so far, and the scanner moves there.
        """
        if expected is None and self._furthest >= 0:
            self.position = self._furthest
        elif self.position > self._furthest:
            self._furthest = self.position
            self._expected = [expected or "something else"]
        elif self.position == self._furthest and expected not in self._expected:
            self._expected.append(expected or "something else")
        return self._fault(" or ".join(self._expected), self._furthest, hint)

    def _fault(self, expected: str, position: int, hint: str | None) -> SyntaxFault:
        return SyntaxFault(expected, self._shown(), position, hint=hint)

    def _shown(self) -> str:
        return self.text if isinstance(self.text, str) else self.text.decode("latin-1")


class Scanner(BaseScanner[str]):
    """A reading head over a text.

    >>> s = Scanner("top=20")
    >>> s.accept("top"), s.expect("="), s.expect_match(re.compile(r"[0-9]+"), "a number")
    (True, '=', '20')
    """

    __slots__ = ()

    @property
    def current(self) -> str | None:
        """The character that comes next; `None` at the end."""
        return self.text[self.position] if 0 <= self.position < len(self.text) else None


class BinaryScanner(BaseScanner[bytes]):
    """A reading head over bytes; all that it takes and gives is bytes.

    >>> s = BinaryScanner(bytes.fromhex("ff 0005 68656c6c6f"))
    >>> s.current, s.expect(b"\\xff"), s.take(s.unpack(Struct(">H"))[0])
    (255, b'\\xff', b'hello')
    """

    __slots__ = ()

    def __init__(self, text: bytes | bytearray | memoryview, position: int = 0) -> None:
        super().__init__(bytes(text), position)

    @property
    def current(self) -> int | None:
        """The byte that comes next, as a number; `None` at the end."""
        return self.text[self.position] if 0 <= self.position < len(self.text) else None

    def unpack(self, layout: Struct) -> tuple[Any, ...]:
        """Read the values that `layout` lays out, or raise `SyntaxFault` where too few bytes are left."""
        return layout.unpack(self.take(layout.size))


@lru_cache(64)
def _digits(kind: type, least: int, most: int | None, base: int) -> re.Pattern[Any]:
    if base not in (10, 16):
        raise ValueError(f"digits of base {base} are not read, only of 10 and 16")
    pattern = f"[0-9{'A-Fa-f' if base == 16 else ''}]{{{least},{'' if most is None else most}}}"
    return re.compile(pattern.encode() if kind is bytes else pattern)
