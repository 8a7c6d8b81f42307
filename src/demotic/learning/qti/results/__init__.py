"""Results reports: sessions as QTI Results Reporting XML, and back."""

from demotic.learning.qti.results._elements import (
    NAMESPACES,
    AssessmentResult,
    CandidateResponse,
    Context,
    CorrectResponse,
    ItemResult,
    OutcomeVariable,
    ResponseVariable,
    SessionIdentifier,
    TemplateVariable,
    TestResult,
    Value,
)
from demotic.learning.qti.results._report import Version, read_report, report_item, report_test, write_report

__all__ = [
    "NAMESPACES", "AssessmentResult", "CandidateResponse", "Context", "CorrectResponse", "ItemResult",
    "OutcomeVariable", "ResponseVariable", "SessionIdentifier", "TemplateVariable", "TestResult", "Value",
    "Version", "read_report", "report_item", "report_test", "write_report",
]  # fmt: skip
