"""Sets of characters, kept as the places where membership changes.

A class over all of Unicode, U+0000 to U+10FFFF, is one ascending list of code points: at each even index a range
begins, at each odd index it has ended. A test is then one binary search, the complement adds or drops an end, and every
operation on two classes is one walk over both lists, whatever the number of characters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final, Self, TypeAlias

from demotic.errors import InvalidInput

__all__ = ["CharacterClass", "CharacterPart"]

END: Final = 0x110000
"""One more than the last code point."""

_SPECIAL: Final = frozenset("\\]^[-&~|#")
"""What means something inside a bracket of Python's `re`, now or announced for later."""


class CharacterClass:
    r"""A set of characters, made of texts (each of their characters), pairs (first and last) and other classes.

    >>> letters = CharacterClass("abc", ("x", "z"))
    >>> "b" in letters, str(letters), letters
    (True, '[a-cx-z]', CharacterClass(('a', 'c'), ('x', 'z')))

    It changes like a set: `add`, `subtract`, `negate`, `|=`, `&=`, `-=`, `^=`; the operators `|`, `&`, `-`, `^` and `~`
    make new ones. Classes that a whole program shares are frozen; take a `copy` to change it.
    """

    __slots__ = ("_bounds", "_frozen")
    __hash__ = None  # type: ignore[assignment]  # it changes

    def __init__(self, *parts: CharacterPart) -> None:
        self._bounds: list[int] = _united([_bounds_of(part) for part in parts])
        self._frozen = False

    @classmethod
    def from_bounds(cls, bounds: list[int]) -> Self:
        """Return the class of the list that classes are kept as: ascending, first in, first out, and so on."""
        made = cls()
        made._bounds = bounds
        return made

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """The code points as merged ranges, each the first and the last."""
        return tuple((first, after - 1) for first, after in _pairs(self._bounds))

    @property
    def is_frozen(self) -> bool:
        """Whether it is shared, and so refuses to be changed."""
        return self._frozen

    def copy(self) -> Self:
        """Return an equal class that may be changed."""
        return type(self).from_bounds(self._bounds.copy())

    def freeze(self) -> Self:
        """Refuse changes from now on; return the class itself."""
        self._frozen = True
        return self

    def test(self, char: str | None) -> bool:
        """Return whether a character belongs to it; `None` does not, as nor does a text of another length than 1."""
        return char is not None and len(char) == 1 and bool(bisect_right(self._bounds, ord(char)) % 2)

    __contains__ = test

    def add(self, part: CharacterPart) -> None:
        """Take in a character, each of a text, a range (first, last), or a whole class."""
        self._combine(_bounds_of(part), _either)

    def subtract(self, part: CharacterPart) -> None:
        """Take out a character, each of a text, a range (first, last), or a whole class."""
        self._combine(_bounds_of(part), _only_first)

    def negate(self) -> None:
        """Turn into the class of all other characters."""
        self._combine([0, END], _one)

    def _combine(self, other: list[int], keep: _Rule) -> None:
        if self._frozen:
            raise InvalidInput("a shared character class is not changed", hint="change a copy(), or use | & - ~")
        self._bounds = _merged(self._bounds, other, keep)

    def _combined(self, other: CharacterClass, keep: _Rule) -> Self:
        return type(self).from_bounds(_merged(self._bounds, other._bounds, keep))

    def __or__(self, other: CharacterClass) -> Self:
        return self._combined(other, _either)

    def __and__(self, other: CharacterClass) -> Self:
        return self._combined(other, _both)

    def __sub__(self, other: CharacterClass) -> Self:
        return self._combined(other, _only_first)

    def __xor__(self, other: CharacterClass) -> Self:
        return self._combined(other, _one)

    def __invert__(self) -> Self:
        return type(self).from_bounds(_merged(self._bounds, [0, END], _one))

    def __ior__(self, other: CharacterClass) -> Self:
        self.add(other)
        return self

    def __iand__(self, other: CharacterClass) -> Self:
        self._combine(_bounds_of(other), _both)
        return self

    def __isub__(self, other: CharacterClass) -> Self:
        self.subtract(other)
        return self

    def __ixor__(self, other: CharacterClass) -> Self:
        self._combine(_bounds_of(other), _one)
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CharacterClass) and self._bounds == other._bounds

    def __len__(self) -> int:
        return sum(after - first for first, after in _pairs(self._bounds))

    def __bool__(self) -> bool:
        return bool(self._bounds)

    def __iter__(self) -> Iterator[str]:
        return map(chr, chain.from_iterable(range(first, after) for first, after in _pairs(self._bounds)))

    @property
    def inside(self) -> str:
        """What stands between the brackets of the regular expression: to be put into a larger one; may be empty."""
        return "".join(_range_text(first, last) for first, last in self.ranges)

    def __str__(self) -> str:
        """The regular expression of Python's `re` for one character of the class; for none, one that never matches."""
        return f"[{self.inside}]" if self._bounds else r"[^\x00-\U0010ffff]"

    def __repr__(self) -> str:
        pairs = ", ".join(f"({chr(first)!r}, {chr(last)!r})" for first, last in self.ranges)
        return f"{type(self).__name__}({pairs})"


CharacterPart: TypeAlias = str | tuple[str, str] | CharacterClass
"""Characters to add or subtract: each of a text, a range by its first and last, or those of a class."""

_Rule: TypeAlias = Callable[[bool, bool], bool]
"""Whether a character is wanted, by its being in the first class and in the second."""


def _either(first: bool, second: bool) -> bool:
    return first or second


def _both(first: bool, second: bool) -> bool:
    return first and second


def _only_first(first: bool, second: bool) -> bool:
    return first and not second


def _one(first: bool, second: bool) -> bool:
    return first != second


def _merged(left: list[int], right: list[int], keep: _Rule) -> list[int]:
    """Walk over the places where either class changes, and note where the wanted class does."""
    changes_left, changes_right = set(left), set(right)
    in_left = in_right = inside = False
    bounds = []
    for point in sorted(changes_left | changes_right):
        in_left ^= point in changes_left
        in_right ^= point in changes_right
        if keep(in_left, in_right) != inside:
            bounds.append(point)
            inside = not inside
    return bounds


def _united(several: list[list[int]]) -> list[int]:
    """Return the bounds of what is in any of several, in one walk over all their ranges."""
    if len(several) == 1:
        return several[0].copy()
    united: list[int] = []
    for first, after in sorted(chain.from_iterable(map(_pairs, several))):
        if united and first <= united[-1]:
            united[-1] = max(united[-1], after)
        else:
            united += (first, after)
    return united


def _bounds_of(part: CharacterPart) -> list[int]:
    if isinstance(part, CharacterClass):
        return part._bounds
    if isinstance(part, str):
        return _bounds_of_points(sorted({ord(char) for char in part}))
    first, last = part
    if len(first) != 1 or len(last) != 1 or first > last:
        raise InvalidInput(f"({first!r}, {last!r}) is no range from one character up to another")
    return [ord(first), ord(last) + 1]


def _bounds_of_points(points: list[int]) -> list[int]:
    bounds: list[int] = []
    for point in points:
        if bounds and bounds[-1] == point:
            bounds[-1] = point + 1
        else:
            bounds += (point, point + 1)
    return bounds


def _pairs(bounds: list[int]) -> Iterator[tuple[int, int]]:
    return zip(bounds[::2], bounds[1::2], strict=True)


def _range_text(first: int, last: int) -> str:
    if first == last:
        return _escaped(first)
    return f"{_escaped(first)}{'-' if last - first > 1 else ''}{_escaped(last)}"


def _escaped(point: int) -> str:
    char = chr(point)
    if char in _SPECIAL:
        return f"\\{char}"
    if char.isascii() and char.isprintable():
        return char
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
