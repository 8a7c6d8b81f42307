"""Content models as automata: which name may follow which, and whether that is ever in doubt.

Each name in a model is a position; a set of positions says where one is in it. The construction is Glushkov's, so the
number of positions is that of the names, and checking a content takes time in proportion to its length.

Specification: XML 1.0 (fifth edition), section 3.2.1 and appendix E.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

__all__ = ["Choice", "ContentModel", "Cursor", "NameParticle", "Occurrence", "Particle", "Sequence"]

Occurrence: TypeAlias = Literal["", "?", "*", "+"]


@dataclass(frozen=True, slots=True)
class NameParticle:
    """An element of this name."""

    name: str
    occurrence: Occurrence = ""

    def __str__(self) -> str:
        return f"{self.name}{self.occurrence}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these."""

    items: tuple[Particle, ...]
    occurrence: Occurrence = ""

    def __str__(self) -> str:
        return f"({'|'.join(map(str, self.items))}){self.occurrence}"


@dataclass(frozen=True, slots=True)
class Sequence:
    """All of these, in this order."""

    items: tuple[Particle, ...]
    occurrence: Occurrence = ""

    def __str__(self) -> str:
        return f"({','.join(map(str, self.items))}){self.occurrence}"


Particle: TypeAlias = NameParticle | Choice | Sequence

_END: Final = -1


@dataclass(slots=True)
class _Part:
    """What a particle comes to: whether it may be absent, and the positions it may begin and end with."""

    empty: bool
    first: frozenset[int]
    last: frozenset[int]


@dataclass(slots=True)
class ContentModel:
    """An automaton for one particle."""

    particle: Particle
    names: list[str] = field(default_factory=list)
    follow: list[set[int]] = field(default_factory=list)
    _whole: _Part = field(init=False)

    def __post_init__(self) -> None:
        self._whole = self._build(self.particle)

    def _build(self, particle: Particle) -> _Part:
        match particle:
            case NameParticle(name):
                self.names.append(name)
                self.follow.append(set())
                here = frozenset({len(self.names) - 1})
                part = _Part(False, here, here)
            case Choice(items):
                parts = [self._build(item) for item in items]
                part = _Part(
                    not parts or any(p.empty for p in parts),
                    frozenset().union(*(p.first for p in parts)),
                    frozenset().union(*(p.last for p in parts)),
                )
            case Sequence(items):
                part = _Part(True, frozenset(), frozenset())
                for item in items:
                    part = self._joined(part, self._build(item))
        if particle.occurrence in ("*", "+"):
            for position in part.last:
                self.follow[position] |= part.first
        return _Part(part.empty or particle.occurrence in ("?", "*"), part.first, part.last)

    def _joined(self, one: _Part, other: _Part) -> _Part:
        for position in one.last:
            self.follow[position] |= other.first
        first = one.first | other.first if one.empty else one.first
        last = other.last | one.last if other.empty else other.last
        return _Part(one.empty and other.empty, first, last)

    def after(self, position: int = _END) -> dict[str, list[int]]:
        """Return the names that may follow a position, or begin the content, each with the positions it leads to."""
        result: dict[str, list[int]] = {}
        for following in sorted(self._whole.first if position == _END else self.follow[position]):
            result.setdefault(self.names[following], []).append(following)
        return result

    @property
    def deterministic(self) -> bool:
        """Whether each name always leads to one position only."""
        positions = (_END, *range(len(self.names)))
        return all(len(places) == 1 for position in positions for places in self.after(position).values())

    def cursor(self) -> Cursor:
        """Return a cursor before the first name."""
        return Cursor(self)

    def first_fault(self, names: Iterable[str]) -> tuple[int, tuple[str, ...]] | None:
        """Return the index of the first name that does not fit and what could have stood there, if any does not.

        The index after the last says that something is missing.
        """
        cursor = self.cursor()
        index = -1
        for index, name in enumerate(names):
            if not cursor.advance(name):
                return index, cursor.expected
        return None if cursor.complete else (index + 1, cursor.expected)


class Cursor:
    """A place in a content model, moved on by names."""

    def __init__(self, model: ContentModel) -> None:
        self._model = model
        self._positions: frozenset[int] | None = None

    @property
    def expected(self) -> tuple[str, ...]:
        """The names that may come next."""
        return tuple(sorted({self._model.names[position] for position in self._next()}))

    @property
    def complete(self) -> bool:
        """Whether the content may end here."""
        whole = self._model._whole
        return whole.empty if self._positions is None else bool(self._positions & whole.last)

    def _next(self) -> frozenset[int]:
        if self._positions is None:
            return self._model._whole.first
        return frozenset().union(*(self._model.follow[position] for position in self._positions))

    def advance(self, name: str) -> bool:
        """Move on by a name; return whether it may stand here, and stay where it may not."""
        found = frozenset(position for position in self._next() if self._model.names[position] == name)
        if found:
            self._positions = found
        return bool(found)
