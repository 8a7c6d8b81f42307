"""What a check finds in packages, items and tests: code, severity, place, and what to do; as text and as JSON."""

from demotic.learning.findings._finding import SEVERITIES, Finding, Rule, Severity, count, worst
from demotic.learning.findings._output import findings_json, findings_text, summary

__all__ = [
    "SEVERITIES",
    "Finding",
    "Rule",
    "Severity",
    "count",
    "findings_json",
    "findings_text",
    "summary",
    "worst",
]
