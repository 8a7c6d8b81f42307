"""Findings: made from rules, counted, and told as text and JSON."""

from __future__ import annotations

import json

import pytest

from demotic.learning.findings import Finding, Rule, count, findings_json, findings_text, summary, worst
from demotic.xml import parse

MISSING = Rule("missing-file", "error", "the file {path!r} is not there", "add it, or remove {path!r}")
UNUSED = Rule("unreferenced-file", "info", "nothing names {path!r}")


@pytest.mark.feature("F-CP-01")
def test_a_rule_makes_a_finding_at_the_place_of_an_element() -> None:
    element = next(parse("<a>\n  <b/></a>").elements())
    finding = MISSING.at(element, file="imsmanifest.xml", target="x.png", path="x.png")
    assert finding == Finding(
        "missing-file", "error", "the file 'x.png' is not there", "add it, or remove 'x.png'",
        "imsmanifest.xml", 2, 3, "x.png",
    )  # fmt: skip
    assert str(finding) == "imsmanifest.xml:2:3: error: the file 'x.png' is not there [missing-file]"


PLACES = [
    (Finding("a", "info", "m"), "the whole"),
    (Finding("a", "info", "m", file="x.xml"), "x.xml"),
    (Finding("a", "info", "m", line=3, column=4), "3:4"),
    (Finding("a", "info", "m", file="x.xml", line=3, column=4), "x.xml:3:4"),
]


@pytest.mark.parametrize(("finding", "place"), PLACES)
def test_a_place_says_as_much_as_is_known(finding: Finding, place: str) -> None:
    assert finding.place == place


def test_findings_are_counted_by_severity_and_summed_up_in_words() -> None:
    findings = [UNUSED.at(path="a"), MISSING.at(path="b"), MISSING.at(path="c")]
    assert dict(count(findings)) == {"error": 2, "warning": 0, "info": 1}
    assert (worst(findings), worst(findings[:1]), worst([])) == ("error", "info", None)
    assert (summary(findings), summary([])) == ("2 errors, 1 note", "nothing found")


@pytest.mark.feature("F-CP-01")
def test_text_and_json_say_the_same() -> None:
    findings = [MISSING.at(file="imsmanifest.xml", path="a"), UNUSED.at(path="b")]
    assert list(findings_text(findings)) == [
        "imsmanifest.xml: error: the file 'a' is not there [missing-file]",
        "    add it, or remove 'a'",
        "the whole: info: nothing names 'b' [unreferenced-file]",
    ]
    told = json.loads(findings_json(findings, package="p.zip"))
    assert list(told) == ["package", "summary", "findings"]
    assert told["summary"] == {"error": 1, "warning": 0, "info": 1}
    assert [set(finding) for finding in told["findings"]] == [
        {"code", "severity", "message", "advice", "file", "line", "column", "target"}
    ] * 2


def test_text_keeps_to_its_lines_whatever_a_name_holds() -> None:
    (line,) = findings_text([Finding("a", "error", "a\n\x1b[31mb\u202e")])
    assert line == "the whole: error: a\\n\\x1b[31mb\\u202e [a]"
