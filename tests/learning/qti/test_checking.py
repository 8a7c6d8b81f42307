"""Checks: every rule finds what it is for, and nothing in documents that are right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from demotic.learning.findings import findings_json, findings_text
from demotic.learning.qti import Version, read
from demotic.learning.qti.checking import EXITS, RULES, branch_targets, check, check_data
from demotic.learning.qti.checking._types import SIGNATURES
from demotic.learning.qti.model import ELEMENTS, HTML, Expression
from demotic.xml.validation import Schema

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases" / "check.json").read_text(encoding="utf-8"))
ITEM = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t"'
    ' time-dependent="false">{}</qti-assessment-item>'
)


@pytest.mark.feature("F-QTI-06", "F-QTI-07")
@pytest.mark.spec("QTI2-026", "QTI2-052", "QTI2-133", "QTI2-135")
@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_a_check_finds_just_what_is_wrong(case: dict[str, Any]) -> None:
    data = case["given"] if case.get("whole") else ITEM.format(case["given"])
    findings = check_data(data, file="i.xml")
    assert sorted(f.code for f in findings) == case["findings"], findings
    assert all(f.line == 1 and f.column and f.file == "i.xml" and f.message and f.advice for f in findings)


def test_the_cases_try_every_rule() -> None:
    tried = {code for case in CASES for code in case["findings"]}
    assert set(RULES) - tried - TRIED_ELSEWHERE == set()


def test_every_expression_has_a_signature() -> None:
    assert {cls for cls in ELEMENTS.values() if issubclass(cls, Expression)} == set(SIGNATURES)


# Where the data hold other rulings: what an engine took for NULL or let pass, and refusals of one engine alone that the
# specification does not ask for. Names of variables that only those engines had are undeclared here.
OTHERWISE = {
    "expr-EqualRefuse-0",  # exact is the default of toleranceMode since 2.1
    "expr-InsideRefuse-8", "expr-InsideRefuse-11", "expr-InsideRefuse-16", "expr-InsideRefuse-25",  # areas without size
    "op-round-594", "op-truncate-688",  # only floats are rounded and truncated
    "op-anyN-56",  # an empty container is NULL
    "op-inside-244",  # containers of points may be inside, as the specification says
    "op-gcd-206", "op-inside-237", "op-max-467", "op-member-486",  # no operand of such a type is ever right
}  # fmt: skip
ALLOWED = {True: set(), False: {"undeclared"}}  # variables that the cases' own engines had
TRIED_ELSEWHERE = {
    "schema", "unreadable", "missing-file", "outside-file", "wrong-target", "remote-file", "not-in-resource",
    "circular-file", "unknown-item-variable",
}  # fmt: skip
KINDS = {"expression": False, "operator": False, "expression-invalid": True, "operator-invalid": True}


@pytest.mark.feature("F-QTI-08")
@pytest.mark.spec("QTI2-146", "QTI2-166", "QTI2-178")
def test_expressions_are_refused_just_where_the_data_say(shared_data: Path) -> None:
    cases = json.loads((shared_data / "learning" / "cases.json").read_text(encoding="utf-8"))["cases"]
    wrong, tried = [], 0
    for case in cases:
        text = json.dumps(case)
        if case["kind"] not in KINDS or "xml" not in case or "Ex identifiers" in text or "randomFloatEx" in text:
            continue
        root = case["xml"].lstrip("<").split()[0].split(">")[0].rstrip("/")
        if root not in ELEMENTS:
            continue
        errors = {f.code for f in check(read(case["xml"], version=Version.V2_1)) if f.severity == "error"}
        tried += 1
        if case["id"] not in OTHERWISE and bool(errors - ALLOWED[KINDS[case["kind"]]]) != KINDS[case["kind"]]:
            wrong.append((case["id"], case["xml"], errors))
    assert wrong == []
    assert tried > 1000


@pytest.mark.feature("F-QTI-09")
@pytest.mark.spec("QTI2-037")
def test_branches_lead_forward(shared_data: Path) -> None:
    cases = json.loads((shared_data / "learning" / "cases.json").read_text(encoding="utf-8"))["cases"]
    tried = [case for case in cases if case["kind"] == "branch-targets"]
    assert tried
    for case in tried:
        root = read((shared_data / "learning" / case["file"]).read_bytes()).root
        found = branch_targets(root)
        for name, targets in case["expect"]["validTargets"].items():
            assert sorted(found[name]) == sorted(targets), (case["file"], name)
    assert "EXIT_TEST" in EXITS


def test_what_cannot_be_read_is_a_finding() -> None:
    (finding,) = check_data("no XML", file="x.xml")
    assert (finding.code, finding.file) == ("unreadable", "x.xml")


@pytest.mark.feature("F-QTI-10")
def test_a_schema_can_be_asked_as_well(shared_data: Path) -> None:
    schema = Schema(shared_data / "learning/xsd/pie-qti-schemas/imsqti_v2p1.xsd")
    good = (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false"'
        ' timeDependent="false"/>'
    )
    assert check_data(good, schema=schema) == []
    found = check_data(good.replace("/>", '>\n<itemBody><p colour="x"/></itemBody></assessmentItem>'), schema=schema)
    assert ("schema", 2, 11) in [(f.code, f.line, f.column) for f in found]


def test_findings_are_text_and_json() -> None:
    findings = check_data(
        ITEM.format("<qti-item-body><p><img src='https://a/b.png'/></p></qti-item-body>"), file="i.xml"
    )
    assert next(iter(findings_text(findings))).startswith("i.xml:1:")
    assert json.loads(findings_json(findings))["findings"][0]["code"] == "no-alt"


def test_html_names_do_not_hide_elements() -> None:
    assert set(HTML) & set(ELEMENTS) <= {"label"}


def test_official_items_are_right(shared_data: Path) -> None:
    folder = shared_data / "learning/instructure-qti/spec/fixtures/items_2.2"
    for name in ("choice_multiple.xml", "order.xml", "match.xml", "gap_match.xml", "hotspot.xml", "slider.xml"):
        path = folder / name
        if path.exists():
            assert [f for f in check_data(path.read_bytes(), file=name) if f.severity == "error"] == []


def keyed(base: str, cardinality: str, key: str, interaction: str) -> str:
    values = "".join(f"<qti-value>{value}</qti-value>" for value in key.split(","))
    return (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t"'
        ' time-dependent="false"><qti-response-declaration identifier="R"'
        f' cardinality="{cardinality}" base-type="{base}">'
        f"<qti-correct-response>{values}</qti-correct-response></qti-response-declaration>"
        f"<qti-item-body>{interaction}</qti-item-body></qti-assessment-item>"
    )


SLIDER = '<qti-slider-interaction response-identifier="R" lower-bound="0" upper-bound="10"/>'
CHOICES = "".join(f'<qti-simple-choice identifier="{name}">{name}</qti-simple-choice>' for name in "ABC")
CHOICE = f'<qti-choice-interaction response-identifier="R" max-choices="{{}}">{CHOICES}</qti-choice-interaction>'
ORDER = f'<qti-order-interaction response-identifier="R"{{}}>{CHOICES}</qti-order-interaction>'
GAP = (
    '<qti-gap-match-interaction response-identifier="R"{}><qti-gap-text identifier="A" match-max="1">a</qti-gap-text>'
    '<p><qti-gap identifier="G"/><qti-gap identifier="H"/></p></qti-gap-match-interaction>'
)


@pytest.mark.feature("F-QTI-11")
@pytest.mark.parametrize(
    ("base", "cardinality", "key", "interaction", "why"),
    [
        ("integer", "single", "11", SLIDER, "11 is not from 0 to 10"),
        ("float", "single", "10", SLIDER, ""),
        ("identifier", "multiple", "A,B", CHOICE.format(1), "2 values, and max-choices is 1"),
        ("identifier", "multiple", "A,B", CHOICE.format(0), ""),
        ("identifier", "ordered", "C,A", ORDER.format(""), "leaves out B"),
        ("identifier", "ordered", "C,A,B", ORDER.format(""), ""),
        ("identifier", "ordered", "C,A", ORDER.format(' max-choices="2"'), ""),
        ("directedPair", "multiple", "A G,A H", GAP.format(""), "'A' 2 times, and its match-max is 1"),
        ("directedPair", "multiple", "A G", GAP.format(""), ""),
        ("directedPair", "multiple", "A G,A H", GAP.replace('x="1"', 'x="0"').format(' max-associations="1"'), "2"),
        ("directedPair", "multiple", "A G,A H", GAP.replace('x="1"', 'x="0"').format(""), ""),
    ],
)  # fmt: skip
def test_keys_that_nobody_can_give(base: str, cardinality: str, key: str, interaction: str, why: str) -> None:
    found = [f for f in check(read(keyed(base, cardinality, key, interaction))) if f.code == "impossible-key"]
    assert len(found) == bool(why)
    assert all(f.severity == "warning" and why in f.message for f in found)


@pytest.mark.feature("F-QTI-11")
def test_the_template_that_matches_wants_a_correct_response() -> None:
    template = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"
    declared = (
        '<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"/>'
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
    )
    text = keyed("identifier", "multiple", "A", CHOICE.format(0)).replace(
        "<qti-item-body>", f"{declared}<qti-item-body>"
    )
    text = text.replace("</qti-item-body>", f'</qti-item-body><qti-response-processing template="{template}"/>')
    (found,) = (f for f in check(read(text)) if f.code == "template-no-correct")
    assert found.severity == "warning" and "'RESPONSE'" in found.message
