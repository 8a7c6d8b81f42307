"""Figures, their targets and verdicts; as a table for people and as JSON for programs."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

Verdict = Literal["met", "MISSED", "FAILED", ""]
PACKAGES = ("demotic", "granian", "msgspec", "sqlalchemy")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. ``least`` or ``most`` is its target; with neither it is there for information.

    ``value`` is ``None`` where measuring failed; then ``note`` says why.
    """

    name: str
    value: float | None
    unit: str = ""
    least: float | None = None
    most: float | None = None
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """Whether the target is met; empty without a target."""
        if self.value is None:
            return "FAILED"
        if self.least is None and self.most is None:
            return ""
        high_enough = self.least is None or self.value >= self.least
        return "met" if high_enough and (self.most is None or self.value <= self.most) else "MISSED"

    @property
    def target(self) -> str:
        """The target as people write it."""
        if self.least is not None:
            return f"≥ {number(self.least)} {self.unit}".strip()
        return f"≤ {number(self.most)} {self.unit}".strip() if self.most is not None else ""

    def row(self) -> tuple[str, ...]:
        """Return the cells of the table's line."""
        measured = "-" if self.value is None else f"{number(self.value)} {self.unit}".strip()
        return self.name, measured, self.target, self.verdict, self.note


HEAD = ("figure", "measured", "target", "verdict", "note")


def number(value: float) -> str:
    """Write ``value`` with as many digits as one reads."""
    return str(value) if isinstance(value, int) else f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table of text."""
    rows = [HEAD, *(figure.row() for figure in figures)]
    widths = [max(len(row[column].partition("\n")[0]) for row in rows) for column in range(len(HEAD) - 1)]
    return "\n".join(
        "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1])).rstrip()
        for row in rows
    )


def surroundings() -> dict[str, object]:
    """Return what the figures depend on beside the code: machine, interpreter, libraries."""
    return {
        "python": sys.version.split()[0],
        "sqlite": sqlite3.sqlite_version,
        **{name: metadata.version(name) for name in PACKAGES},
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "load_before": [round(average, 2) for average in os.getloadavg()],
    }


def document(figures: Sequence[Figure], circumstances: dict[str, object]) -> str:
    """Return the figures and their circumstances as JSON."""
    fields = [
        {"name": figure.name, "value": figure.value, "unit": figure.unit, "least": figure.least, "most": figure.most}
        | {"verdict": figure.verdict, "note": figure.note}
        for figure in figures
    ]
    return json.dumps({"circumstances": circumstances, "figures": fields}, indent=2, ensure_ascii=False) + "\n"
