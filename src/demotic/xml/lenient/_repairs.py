"""What was mended when a document was read leniently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["Repair", "Repairs"]

_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was mended: `code` names the rule that was broken, `line` and `column` count from 1."""

    code: str
    message: str
    line: int
    column: int


class Repairs:
    """The repairs so far, and the place of the reader in the text, which expat's parser keeps under these names too."""

    def __init__(self, text: str) -> None:
        self.found: list[Repair] = []
        self._text = text
        self._offset = 0
        self._line_start = 0
        self.CurrentLineNumber = 1
        self.CurrentColumnNumber = 0

    def move(self, offset: int) -> None:
        """Note where the reader is; it only ever goes on."""
        lines = self._text.count("\n", self._offset, offset)
        if lines:
            self.CurrentLineNumber += lines
            self._line_start = self._text.rfind("\n", 0, offset) + 1
        self._offset = max(self._offset, offset)
        self.CurrentColumnNumber = offset - self._line_start

    def add(self, code: str, message: str) -> None:
        """Note a repair where the reader is. Beyond a thousand they are mended, but told no more."""
        if len(self.found) < _MOST:
            self.found.append(Repair(code, message, self.CurrentLineNumber, self.CurrentColumnNumber + 1))
