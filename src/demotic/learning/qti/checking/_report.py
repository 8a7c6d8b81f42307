"""Where the passes of a check put what they find."""

from __future__ import annotations

from demotic.learning.findings import Finding
from demotic.learning.qti.checking._rules import RULES
from demotic.learning.qti.model import Node, Version

__all__ = ["Report"]


class Report:
    """The findings on one document, and how its version spells things."""

    __slots__ = ("file", "findings", "version")

    def __init__(self, version: Version, file: str = "") -> None:
        self.version = version
        self.file = file
        self.findings: list[Finding] = []

    def add(self, code: str, node: Node | None, target: str = "", /, **words: object) -> None:
        """Note a finding at a node."""
        if node is not None:
            words.setdefault("element", node.name_in(self.version))
        self.findings.append(RULES[code].at(node, file=self.file, target=target, **words))
