"""What a policy took out, and where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from demotic.xml import Element

__all__ = ["Removal", "Report"]

MOST_REMOVALS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Removal:
    """One thing that was taken out: an "element", "attribute", "style", "comment", "instruction" or "entity".

    `name` is its name, `value` the beginning of what it said; `line` and `column` are those of the element in the text
    that was given, 0 if it was not read from one.
    """

    kind: str
    name: str
    value: str
    reason: str
    line: int
    column: int


class Report:
    """The removals so far."""

    def __init__(self) -> None:
        self.removals: list[Removal] = []

    def add(self, kind: str, name: str, value: str, reason: str, at: Element) -> None:
        """Note a removal in or of the element `at`."""
        if len(self.removals) < MOST_REMOVALS:
            self.removals.append(Removal(kind, name, value[:100], reason, at.line, at.column))
