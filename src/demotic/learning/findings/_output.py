"""Findings as text for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from demotic.learning.findings._finding import Finding, Severity, count

__all__ = ["findings_json", "findings_text", "summary"]

_PLURALS: Final[dict[Severity, tuple[str, str]]] = {
    "error": ("error", "errors"),
    "warning": ("warning", "warnings"),
    "info": ("note", "notes"),
}


def summary(findings: Iterable[Finding]) -> str:
    """Return how many findings there are, in words: `2 errors, 1 warning`, or `nothing found`."""
    counted = count(findings)
    words = [f"{number} {_PLURALS[kind][number != 1]}" for kind, number in counted.items() if number]
    return ", ".join(words) or "nothing found"


def findings_text(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield lines for people: each finding with its place first, so that editors can jump to it, and what to do."""
    for finding in findings:
        yield _one_line(str(finding))
        if finding.advice:
            yield f"    {_one_line(finding.advice)}"


def _one_line(text: str) -> str:
    # Names come from elsewhere: none of them may draw on a terminal, or look like a finding of its own.
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def findings_json(findings: Iterable[Finding], **more: object) -> bytes:
    """Return findings as a JSON object: `findings`, their number by severity in `summary`, and `more` before these."""
    listed = list(findings)
    whole = {**more, "summary": dict(count(listed)), "findings": listed}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)
