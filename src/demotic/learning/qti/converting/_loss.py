"""What a conversion changed, approximated or dropped: each with its place, so that nothing gets lost unnoticed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from demotic.learning.qti.model import Node, QtiDocument

__all__ = ["Conversion", "Loss", "LossKind", "Losses"]

LossKind: TypeAlias = Literal["changed", "approximated", "dropped"]
"""Said differently with the same meaning; said as nearly as the version can; left out."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that is not as it was. `code` says what kind of thing, `message` what became of it."""

    kind: LossKind
    code: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file or "the whole"
        return f"{where}: {self.kind}: {self.message} [{self.code}]"


class Losses:
    """The losses so far of one document."""

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.found: list[Loss] = []

    def add(self, kind: LossKind, code: str, node: object, message: str) -> None:
        """Note a loss at a node or element."""
        line, column = getattr(node, "line", 0), getattr(node, "column", 0)
        self.found.append(Loss(kind, code, message, self.file, line, column))

    def changed(self, code: str, node: object, message: str) -> None:
        """Note that something is said differently."""
        self.add("changed", code, node, message)

    def approximated(self, code: str, node: object, message: str) -> None:
        """Note that something is said as nearly as can be."""
        self.add("approximated", code, node, message)

    def dropped(self, code: str, node: object, message: str) -> None:
        """Note that something is left out."""
        self.add("dropped", code, node, message)


@dataclass(slots=True)
class Conversion:
    """A document in another version, and what became of it on the way."""

    document: QtiDocument
    losses: list[Loss] = field(default_factory=list)

    @property
    def root(self) -> Node:
        """The root of the document."""
        return self.document.root
