"""What a regular expression is made of, and how it is written in Python's `re`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from demotic.syntax.unicode import CharacterClass

__all__ = ["Characters", "Choice", "Node", "Repeat", "Sequence", "translate"]


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of a class; `shorthand` is a short way that Python has to write just this class."""

    chars: CharacterClass
    shorthand: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part from `least` to `most` times; without end, if that is `None`."""

    part: Node
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other: a branch."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Branches, of which one is taken."""

    branches: tuple[Sequence, ...]


Node: TypeAlias = Characters | Repeat | Sequence | Choice

_SHORT: dict[tuple[int, int | None], str] = {(0, None): "*", (1, None): "+", (0, 1): "?", (1, 1): ""}


def translate(node: Node) -> str:
    """Return the text of the same expression in Python's `re`, without groups that capture."""
    match node:
        case Characters(chars, shorthand):
            return shorthand or (re.escape(next(iter(chars))) if len(chars) == 1 else str(chars))
        case Repeat(part, least, most):
            times = f"{{{least},{'' if most is None else most}}}"
            return translate(part) + _SHORT.get((least, most), times)
        case Sequence(parts):
            return "".join(map(translate, parts))
        case Choice(branches):
            return f"(?:{'|'.join(map(translate, branches))})"
