"""What checking a document finds: problems, each with its place and the rule that it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Problem", "ProblemKind", "ValidityReport"]

ProblemKind: TypeAlias = Literal["well-formedness", "dtd", "xsd", "compatibility"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: `rule` is the constraint as its specification names it, `line` and `column` count from 1."""

    kind: ProblemKind
    rule: str
    message: str
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        return f"Line {self.line}.{self.column}: {self.message} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class ValidityReport:
    """What was checked and found. A kind that was not checked is None, one without problems is empty."""

    well_formedness: tuple[Problem, ...]
    dtd: tuple[Problem, ...] | None = None
    xsd: tuple[Problem, ...] | None = None
    compatibility: tuple[Problem, ...] | None = None

    @property
    def well_formed(self) -> bool:
        """Whether the document is well formed."""
        return not self.well_formedness

    @property
    def valid(self) -> bool:
        """Whether it is well formed, and valid by all that it was checked against."""
        return not (self.well_formedness or self.dtd or self.xsd)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, in the order of their places."""
        found = (*self.well_formedness, *(self.dtd or ()), *(self.xsd or ()), *(self.compatibility or ()))
        return tuple(sorted(found, key=lambda problem: (problem.line, problem.column)))
