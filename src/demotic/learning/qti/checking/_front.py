"""`check`: the passes, one after the other, and what comes of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from demotic.errors import DemoticError
from demotic.learning.findings import Finding
from demotic.learning.qti import model as m
from demotic.learning.qti.checking._items import check_content, check_item
from demotic.learning.qti.checking._processing import check_rules
from demotic.learning.qti.checking._report import Report
from demotic.learning.qti.checking._rules import RULES, reading_rule
from demotic.learning.qti.checking._scope import Scope
from demotic.learning.qti.checking._structure import check_structure
from demotic.learning.qti.checking._tests import check_section, check_test
from demotic.learning.qti.model import Expression, Node, QtiDocument
from demotic.learning.qti.reading import read

if TYPE_CHECKING:
    from demotic.xml.validation import Schema

__all__ = ["check", "check_data", "schema_findings", "sorted_findings"]

_BY_ROOT: Final[dict[type[Node], Callable[[Any, Report], None]]] = {
    m.AssessmentItem: check_item,
    m.AssessmentTest: check_test,
    m.AssessmentSection: check_section,
}
_SEVERITY: Final = {"error": 0, "warning": 1, "info": 2}


def check(document: QtiDocument, *, file: str = "") -> list[Finding]:
    """Return all that is wrong with a document, or odd, in the order of their places.

    `file` is what to call it, by default its base. An expression by itself is checked, too; its variables are unknown,
    so only literals and operators are looked at.
    """
    report = Report(document.version, file or document.base or "")
    for problem in document.problems:
        rule = reading_rule(problem.code)
        report.findings.append(rule.at(problem, file=report.file, message=problem.message, hint=problem.hint))
    root = document.root
    check_structure(root, report)
    own = _BY_ROOT.get(type(root))
    if own is not None:
        own(root, report)
    elif isinstance(root, Expression):
        check_rules(root, Scope(is_test=True), report)
    elif isinstance(root, m.AssessmentStimulus):
        check_content(root, Scope(), report)
    return sorted_findings(report.findings)


def check_data(data: bytes | str, *, file: str = "", schema: Schema | None = None) -> list[Finding]:
    """Read and check a document. What cannot be read at all is a finding, too; `schema` is applied to what was given.

    Specification: XML Schema 1.0 for the latter.
    """
    findings: list[Finding] = []
    try:
        document = read(data, base=file or None, lenient=True)
    except DemoticError as fault:
        place = _Place(getattr(fault, "line", 0) or 0, getattr(fault, "column", 0) or 0)
        return [RULES["unreadable"].at(place, file=file, why=fault.message)]
    if schema is not None:
        findings += schema_findings(data, schema, file)
    return sorted_findings([*check(document, file=file), *findings])


class _Place:
    def __init__(self, line: int, column: int) -> None:
        self.line, self.column = line, column


def schema_findings(data: bytes | str, schema: Schema, file: str) -> list[Finding]:
    """Return how a document breaks a schema."""
    from demotic.xml import Document

    try:
        problems = schema.problems(Document.parse(data))
    except DemoticError:
        return []  # not well formed, which was told already
    return [RULES["schema"].at(problem, file=file, message=problem.message, rule=problem.rule) for problem in problems]


def sorted_findings(findings: list[Finding]) -> list[Finding]:
    """Return findings in the order of their places, the worst first at the same place, each once."""
    return sorted(
        dict.fromkeys(findings), key=lambda f: (f.file, f.line, f.column, _SEVERITY[f.severity], f.code, f.message)
    )
