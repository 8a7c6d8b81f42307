"""A finding, and the rule that it comes from.

A check declares its rules as a table, each with code, severity, message and advice, and makes findings of them:

    MISSING = Rule("missing-file", "error", "the file {path!r} is not there", "add it, or take its entry out")
    yield MISSING.at(element, file="imsmanifest.xml", path="a.png")

Codes are stable: what a program or a person has learnt to look for stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

__all__ = ["SEVERITIES", "Finding", "Rule", "Severity", "count", "worst"]

Severity: TypeAlias = Literal["error", "warning", "info"]
"""An error breaks a rule of the standard, a warning may be meant but often is not, an info is good to know."""

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")
"""The worst first."""


class Placed(Protocol):
    """Anything with a place in a document: elements and objects, faults of the XML reader."""

    @property
    def line(self) -> int:
        """The line, counted from 1; 0 where it is not known."""
        ...

    @property
    def column(self) -> int:
        """The column, counted from 1; 0 where it is not known."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check has found.

    `file` is the path in the package or folder, `line` and `column` count from 1 and are 0 where there is no place;
    `advice` says what to do, `target` names the culprit (an identifier, a path).
    """

    code: str
    severity: Severity
    message: str
    advice: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    target: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}: {self.message} [{self.code}]"

    @property
    def place(self) -> str:
        """File, line and column, as far as they are known: `item.xml:12:5`."""
        where = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.file}{where}" if self.file else where.lstrip(":") or "the whole"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a check looks for. `message` and `advice` are templates for `str.format`."""

    code: str
    severity: Severity
    message: str
    advice: str = ""

    def at(self, place: Placed | None = None, /, *, file: str = "", target: str = "", **words: object) -> Finding:
        """Return the finding that this rule is broken at a place, with `target` and `words` put into its templates."""
        line, column = (place.line, place.column) if place is not None else (0, 0)
        message = self.message.format(target=target, **words)
        advice = self.advice.format(target=target, **words)
        return Finding(self.code, self.severity, message, advice, file, line, column, target)


def count(findings: Iterable[Finding]) -> Mapping[Severity, int]:
    """Return how many findings there are of each severity, the worst first."""
    counted = Counter(finding.severity for finding in findings)
    return {severity: counted[severity] for severity in SEVERITIES}


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Return the worst severity among findings, none if there are none."""
    found = {finding.severity for finding in findings}
    return next((severity for severity in SEVERITIES if severity in found), None)
