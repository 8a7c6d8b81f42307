"""Matching in time proportional to the text, for expressions that Python's `re` could be kept busy with for years.

An expression without back-references is the positions of its characters and which may follow which (Glushkov's
construction). Where the next character always tells the next position, `re` never goes back far, and is used, being
quicker. Else all positions step through the text at once; each set of them that comes up is kept with its next sets.
"""

from __future__ import annotations

from itertools import chain, pairwise
from typing import Final, NamedTuple

from demotic.errors import LimitExceeded
from demotic.syntax.unicode import CharacterClass
from demotic.syntax.xsd.regex._tree import Characters, Choice, Node, Repeat, Sequence

__all__ = ["Automaton", "is_determined"]

MOST_POSITIONS: Final = 2_000
"""How many positions repetition may add to those that are written."""
MOST_STEPS: Final = 50_000
"""How many steps from one position to others there may be, as all may be gone over at each character."""

_MOST_KEPT: Final = 20_000


class _Part(NamedTuple):
    """What a part of an expression begins and ends with, and whether it may be nothing."""

    nullable: bool
    first: set[int]
    last: set[int]


class _Positions:
    """The positions of an expression; with a bound, repeated parts are there as often as they are matched."""

    def __init__(self, tree: Node, *, most: int | None = None) -> None:
        self.chars: list[CharacterClass] = []
        self.follow: list[list[set[int]]] = []  # sets that many positions share, so that loops cost no squares
        self.loops_clash = False
        self._most = most
        self._loops: list[_Part] = []
        self._steps = 0
        self.whole = self._build(tree)

    def _build(self, node: Node) -> _Part:
        match node:
            case Characters(chars):
                return self._single(chars)
            case Sequence(parts):
                whole = _Part(True, set(), set())
                for part in parts:
                    whole = self._then(whole, self._build(part))
                return whole
            case Choice(branches):
                built = [self._build(branch) for branch in branches]
                return _Part(
                    any(part.nullable for part in built),
                    set().union(*(part.first for part in built)),
                    set().union(*(part.last for part in built)),
                )
            case Repeat():
                return self._loop(node) if self._most is None else self._copies(node)

    def _single(self, chars: CharacterClass) -> _Part:
        if self._most is not None and len(self.chars) >= self._most:
            raise _too_ambiguous()
        self.chars.append(chars)
        self.follow.append([])
        return _Part(False, {len(self.chars) - 1}, {len(self.chars) - 1})

    def _then(self, left: _Part, right: _Part) -> _Part:
        self._link(left.last, right.first)
        return _Part(
            left.nullable and right.nullable,
            left.first | right.first if left.nullable else left.first,
            right.last | left.last if right.nullable else right.last,
        )

    def _loop(self, repeat: Repeat) -> _Part:
        mark = len(self._loops)
        part = self._build(repeat.part)
        if repeat.most is None or repeat.most > 1:
            self.loops_clash |= part.nullable or any(_share_a_step(part, inner) for inner in self._loops[mark:])
            self._link(part.last, part.first)
            if repeat.least != repeat.most:
                self._loops.append(part)
        return _Part(part.nullable or repeat.least == 0, part.first, part.last)

    def _copies(self, repeat: Repeat) -> _Part:
        """Return `x…x` as often as must be, then `x*`, or `(x(x…)?)?` for those that may be.

        A part that may be nothing counts as one that may not, repeated from 0 times: the same texts match, and each
        copy is followed by the next alone.
        """
        begin = self._build(repeat.part)
        least = 0 if begin.nullable else repeat.least
        if not begin.first or repeat.most == 0:
            return _Part(True, set(), set())
        if repeat.most is None and least <= 1:
            self._link(begin.last, begin.first)
            return _Part(least == 0, begin.first, begin.last)
        copies = max(least, 1) if repeat.most is None else repeat.most
        ends, last = set[int](), begin.last
        for copy in range(1, copies):
            if copy >= least:
                ends |= last
            part = self._build(repeat.part)
            self._link(last, part.first)
            last = part.last
        if repeat.most is None:
            self._link(last, part.first)
        return _Part(least == 0, begin.first, ends | last)

    def _link(self, ends: set[int], starts: set[int]) -> None:
        self._steps += len(ends)
        if self._steps > MOST_STEPS:
            if self._most is not None:
                raise _too_ambiguous()
            self.loops_clash = True
            return
        for end in ends:
            self.follow[end].append(starts)


def _too_ambiguous() -> LimitExceeded:
    return LimitExceeded(
        "the expression is ambiguous and has too many parts when its repetitions are counted",
        hint="let the character after a repeated or optional part be none of that part",
    )


def _share_a_step(loop: _Part, inner: _Part) -> bool:
    """Return whether a step from an end to a start may be one of either loop."""
    return not (loop.last.isdisjoint(inner.last) or loop.first.isdisjoint(inner.first))


def is_determined(tree: Node) -> bool:
    """Return whether at each place the next character tells which part of the expression it belongs to."""
    positions = _Positions(tree)
    if positions.loops_clash:
        return False
    known: set[tuple[int, ...]] = set()
    for sets in ([positions.whole.first], *positions.follow):
        shared = tuple(map(id, sets))
        if shared not in known:
            known.add(shared)
            if _overlap([positions.chars[position] for position in set().union(*sets)]):
                return False
    return True


def _overlap(classes: list[CharacterClass]) -> bool:
    ranges = sorted(chain.from_iterable(chars.ranges for chars in classes))
    return any(one[1] >= other[0] for one, other in pairwise(ranges))


class _State:
    """A set of positions that a text may have led to: those that come next, by character."""

    __slots__ = ("accepts", "moves", "reach")

    def __init__(self, reach: tuple[int, ...], accepts: bool) -> None:
        self.reach = reach
        self.accepts = accepts
        self.moves: dict[str, _State] = {}


class Automaton:
    """An expression as sets of positions, made as texts lead to them and kept up to a bound."""

    def __init__(self, tree: Node) -> None:
        written = len(_Positions(tree).chars)
        positions = _Positions(tree, most=written + MOST_POSITIONS)
        self._chars = positions.chars
        self._follow = positions.follow
        self._last = frozenset(positions.whole.last)
        self._states: dict[frozenset[int], _State] = {}
        self._start = _State(tuple(positions.whole.first), positions.whole.nullable)
        self._kept = 0

    def matches(self, text: str) -> bool:
        """Return whether the whole text matches."""
        state = self._start
        for char in text:
            following = state.moves.get(char)
            state = self._step(state, char) if following is None else following
            if not state.reach and not state.accepts:
                return False
        return state.accepts

    def _step(self, state: _State, char: str) -> _State:
        found: dict[int, bool] = {}  # by class, as many positions share one
        reached = set()
        for position in state.reach:
            chars = self._chars[position]
            fits = found.get(id(chars))
            if fits is None:
                fits = found[id(chars)] = char in chars
            if fits:
                reached.add(position)
        self._kept += 1
        if self._kept > _MOST_KEPT:
            self._forget()
        key = frozenset(reached)
        following = self._states.get(key)
        if following is None:
            shared = {id(starts): starts for position in key for starts in self._follow[position]}
            reach = set[int]().union(*shared.values())
            following = self._states[key] = _State(tuple(reach), not self._last.isdisjoint(key))
        state.moves[char] = following
        return following

    def _forget(self) -> None:
        self._kept = 0
        self._states = {}
        self._start.moves = {}
