"""Regular expressions for ``matchesPattern``, in time proportional to pattern times text.

A pattern comes from whoever asks, and Python's own `re` backtracks: a few characters can keep it busy for years. So the
pattern becomes a set of states (Thompson's construction), and all of them step through the text at once. That rules out
look-around and back references, which are refused; the rest of the syntax is that of ECMAScript 2023, section 22.2,
without flags, reading code points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from demotic.errors import LimitExceeded, Unsupported
from demotic.syntax import Scanner

MOST_STATES: Final = 1000


class UnsupportedPattern(Unsupported):
    """A construct of regular expressions that is not offered; ``position`` is its place in the pattern."""

    code = "UnsupportedPattern"

    def __init__(self, message: str, *, position: int = 0, target: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, target=target, hint=hint)
        self.position = position


Test: TypeAlias = Callable[[str], bool]
_Ranges: TypeAlias = list[tuple[str, str]]

_DIGIT: Final[_Ranges] = [("0", "9")]
_WORD: Final[_Ranges] = [("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")]
_LINE_ENDS: Final[_Ranges] = [("\n", "\n"), ("\r", "\r"), ("\u2028", "\u2029")]
_SPACE: Final[_Ranges] = [
    *_LINE_ENDS,
    *[(c, c) for c in "\t\v\f\ufeff \xa0\u1680\u202f\u205f\u3000"],
    ("\u2000", "\u200a"),
]
_CLASS_ESCAPES: Final = {"d": (_DIGIT, False), "w": (_WORD, False), "s": (_SPACE, False)} | {
    "D": (_DIGIT, True),
    "W": (_WORD, True),
    "S": (_SPACE, True),
}
_CHARACTER_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_HEX_ESCAPES: Final = (
    re.compile(r"x([0-9A-Fa-f]{2})"),
    re.compile(r"u([0-9A-Fa-f]{4})"),
    re.compile(r"u\{(0*(?:10|[0-9A-Fa-f])?[0-9A-Fa-f]{1,4})\}"),
)
_CONTROL: Final = re.compile(r"c([A-Za-z])")
_BOUNDS: Final = re.compile(r"\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\}")
_GROUP_NAME: Final = re.compile(r"\?<[A-Za-z_$][A-Za-z0-9_$]*>")
_QUANTIFIERS: Final[dict[str, tuple[int, int | None]]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


def _inside(ranges: _Ranges, negated: bool) -> Test:
    parts = tuple(ranges)

    def test(c: str) -> bool:
        return negated is not any(low <= c <= high for low, high in parts)

    return test


_is_word: Final = _inside(_WORD, False)

# --- states: each consumes a character that passes its test, or is passed through when its condition holds

_ANYWAY: Final = ""
_CONDITIONS: Final[dict[str, Callable[[str, str], bool]]] = {
    _ANYWAY: lambda before, after: True,
    "^": lambda before, after: not before,
    "$": lambda before, after: not after,
    "b": lambda before, after: _word_edge(before, after),
    "B": lambda before, after: not _word_edge(before, after),
}


def _word_edge(before: str, after: str) -> bool:
    return (before != "" and _is_word(before)) is not (after != "" and _is_word(after))


@dataclass(slots=True)
class _State:
    test: Test | None = None
    condition: str = _ANYWAY
    next: list[int] = field(default_factory=list)


class Pattern:
    """A compiled pattern. Safe to share between threads."""

    def __init__(self, states: list[_State], start: int, final: int) -> None:
        self._states = states
        self._start = start
        self._final = final

    def search(self, text: str) -> bool:
        """Return whether the pattern is found anywhere in ``text``."""
        reached: set[int] = set()
        before = ""
        for after in (*text, ""):
            here = self._closure(reached | {self._start}, before, after)
            if self._final in here:
                return True
            states = (self._states[index] for index in here)
            reached = {to for s in states if s.test is not None and after and s.test(after) for to in s.next}
            before = after
        return False

    def _closure(self, seeds: Iterable[int], before: str, after: str) -> set[int]:
        """Return the states reached without consuming anything."""
        seen: set[int] = set()
        todo = list(seeds)
        while todo:
            index = todo.pop()
            if index in seen:
                continue
            seen.add(index)
            state = self._states[index]
            if state.test is None and _CONDITIONS[state.condition](before, after):
                todo += state.next
        return seen


@lru_cache(maxsize=256)
def compile_pattern(text: str) -> Pattern:
    """Return the pattern.

    Raises `SyntaxFault` for what is no regular expression, `UnsupportedPattern` for look-around, back references and
    property escapes, `LimitExceeded` for one of more than a thousand states.
    """
    builder = _Builder(text)
    start, final = builder.alternatives()
    if not builder.scanner.at_end:
        raise builder.scanner.fail("the end, or '(' before this ')'")
    return Pattern(builder.states, start, final)


_Fragment: TypeAlias = tuple[int, int]


class _Builder:
    """Reads a pattern by recursive descent; each method adds states and returns the first and the last of them."""

    def __init__(self, text: str) -> None:
        self.scanner = Scanner(text)
        self.states: list[_State] = []
        self.depth = 0

    def add(self, test: Test | None = None, condition: str = _ANYWAY) -> int:
        if len(self.states) >= MOST_STATES:
            raise LimitExceeded(
                f"the pattern has more than {MOST_STATES} states", hint="shorten it, or lower its repetition counts"
            )
        self.states.append(_State(test, condition))
        return len(self.states) - 1

    def join(self, first: int, second: int) -> None:
        self.states[first].next.append(second)

    def alternatives(self) -> _Fragment:
        start, final = self.add(), self.add()
        while True:
            first, last = self.sequence()
            self.join(start, first)
            self.join(last, final)
            if not self.scanner.accept("|"):
                return start, final

    def sequence(self) -> _Fragment:
        start = last = self.add()
        while self.scanner.peek() not in ("", "|", ")"):
            first, end = self.quantified()
            self.join(last, first)
            last = end
        return start, last

    def quantified(self) -> _Fragment:
        begin = self.scanner.position
        fragment = self.atom()
        bounds = self.quantifier()
        if bounds is None:
            return fragment
        low, high = bounds
        after = self.scanner.position
        result = self.repeat(fragment, begin, low, high)
        self.scanner.position = after
        if self.scanner.peek() in _QUANTIFIERS:
            raise self.scanner.fail("something to repeat, not a second quantifier")
        return result

    def quantifier(self) -> tuple[int, int | None] | None:
        symbol = self.scanner.peek()
        found = self.scanner.match(_BOUNDS)
        if symbol in _QUANTIFIERS:
            self.scanner.position += 1
            bounds = _QUANTIFIERS[symbol]
        elif found:
            low, comma, high = found.groups()
            bounds = (int(low), int(high) if high else None if comma else int(low))
        else:
            return None
        if bounds[1] is not None and bounds[1] < bounds[0]:
            raise self.scanner.fail("bounds in ascending order")
        self.scanner.accept("?")  # lazy or not, the same texts match
        return bounds

    def repeat(self, fragment: _Fragment, begin: int, low: int, high: int | None) -> _Fragment:
        """Chain copies of what was read from ``begin``: ``low`` that must be passed, then optional ones or a loop."""
        start, final = self.add(), self.add()
        last, spare = start, fragment
        copies = max(low, 1) if high is None else high
        for index in range(copies):
            first, end = spare
            if index >= low:
                self.join(last, final)
            self.join(last, first)
            last = end
            if index + 1 < copies:
                self.scanner.position = begin
                spare = self.atom()
        self.join(last, final)
        if high is None:
            self.join(last, spare[0])
        return start, final

    def atom(self) -> _Fragment:
        c = self.scanner.peek()
        if c == "(":
            return self.group()
        if c in _QUANTIFIERS:
            raise self.scanner.fail("something to repeat")
        if c == "{" or c == "}" or c == "]":
            raise self.scanner.fail("a character; write a backslash before a brace or bracket that is meant as such")
        self.scanner.position += 1
        if c in "^$":
            return self.single(condition=c)
        if c == ".":
            return self.single(_inside(_LINE_ENDS, True))
        if c == "[":
            return self.single(self.character_class())
        if c == "\\":
            return self.escaped()
        return self.single(_inside([(c, c)], False))

    def single(self, test: Test | None = None, condition: str = _ANYWAY) -> _Fragment:
        first, last = self.add(test, condition), self.add()
        self.join(first, last)
        return first, last

    def group(self) -> _Fragment:
        self.scanner.position += 1
        if self.scanner.peek() == "?" and not (self.scanner.accept("?:") or self.scanner.match(_GROUP_NAME)):
            raise UnsupportedPattern(
                "look-around and flags in groups are not offered in patterns", position=self.scanner.position
            )
        self.depth += 1
        if self.depth > 50:
            raise LimitExceeded("the pattern nests more than 50 groups")
        fragment = self.alternatives()
        self.depth -= 1
        self.scanner.expect(")")
        return fragment

    def escaped(self) -> _Fragment:
        c = self.scanner.peek()
        if c in ("b", "B"):
            self.scanner.position += 1
            return self.single(condition=c)
        if c in _CLASS_ESCAPES:
            self.scanner.position += 1
            return self.single(_inside(*_CLASS_ESCAPES[c]))
        character = self.escaped_character()
        return self.single(_inside([(character, character)], False))

    def escaped_character(self) -> str:
        c = self.scanner.peek()
        for form in _HEX_ESCAPES:
            found = self.scanner.match(form)
            if found:
                return chr(int(found.group(1), 16))
        control = self.scanner.match(_CONTROL)
        if control:
            return chr(ord(control.group(1)) % 32)
        if c in _CHARACTER_ESCAPES:
            self.scanner.position += 1
            return _CHARACTER_ESCAPES[c]
        if c and c in "123456789kpP":
            raise UnsupportedPattern(
                "back references and property escapes are not offered in patterns", position=self.scanner.position
            )
        if not c or c.isalnum():
            raise self.scanner.fail("an escape such as \\d, \\w, \\s, \\n, \\u0041 or \\.")
        self.scanner.position += 1
        return c

    def character_class(self) -> Test:
        negated = self.scanner.accept("^")
        tests: list[Test] = []
        ranges: _Ranges = []
        while not self.scanner.accept("]"):
            low = self.class_member(tests)
            if low is None:
                continue
            high = low
            if self.scanner.peek() == "-" and self.scanner.peek(2)[1:] not in ("", "]"):
                self.scanner.position += 1
                high = self.class_member(tests) or ""
                if high < low:
                    raise self.scanner.fail("a range in ascending order")
            ranges.append((low, high))
        tests.append(_inside(ranges, False))
        parts = tuple(tests)
        return lambda c: negated is not any(test(c) for test in parts)

    def class_member(self, tests: list[Test]) -> str | None:
        """Return a character, or ``None`` for a class escape, which is added to ``tests``."""
        c = self.scanner.peek()
        if not c:
            raise self.scanner.fail("']'")
        self.scanner.position += 1
        if c != "\\":
            return c
        escape = self.scanner.peek()
        if escape in _CLASS_ESCAPES:
            self.scanner.position += 1
            tests.append(_inside(*_CLASS_ESCAPES[escape]))
            return None
        if escape in ("b", "-"):
            self.scanner.position += 1
            return "\b" if escape == "b" else "-"
        return self.escaped_character()
