"""The published response processing templates: the rules that the standard gives them, whatever their address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from demotic.learning.qti import read
from demotic.learning.qti.checking import check
from demotic.learning.qti.model import TEMPLATES, Node, template_name
from demotic.learning.qti.runtime import begin, prepare, submit

OFFICIAL = "learning/pie-qti/packages/item-player/tests/fixtures/official-response-processing-templates"


def shape(node: Node) -> Any:
    """Return what an element says: its name, its attributes, its text, and the elements in it."""
    given = {
        name: value for name, value in node.attributes.items() if value != type(node).attribute_table[name].default
    }
    inner = [child for child in node.children if isinstance(child, Node)]
    text = "".join(child for child in node.children if isinstance(child, str)).strip().removesuffix(".0")
    return (node.tag, given, text, [shape(child) for child in inner])


@pytest.mark.spec("QTI2-117")
@pytest.mark.feature("F-QTIRUN-34")
def test_the_rules_are_those_that_were_published(shared_data: Path) -> None:
    files = list((shared_data / OFFICIAL).glob("*.xml"))
    assert {file.stem for file in files} == set(TEMPLATES)
    for file in files:
        published = read(file.read_bytes()).root
        rules = TEMPLATES[file.stem].rules()
        assert [shape(rule) for rule in rules] == [shape(each) for each in published.rules], file.stem  # type: ignore[attr-defined]


ADDRESSES = [
    ("http://www.imsglobal.org/question/qti_v2p0/rptemplates/match_correct", "match_correct"),
    ("http://www.imsglobal.org/question/qti_v2p0/rptemplates/match_correct.xml", "match_correct"),
    ("http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response", "map_response"),
    ("http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response_point.xml", "map_response_point"),
    ("http://www.imsglobal.org/question/qti_v2p2/rptemplates/map_response_point", "map_response_point"),
    ("https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml", "match_correct"),
    ("https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/CC2_map_response.xml", "CC2_map_response"),
    ("http://www.imsglobal.org/question/qti_v3p0/rptemplates/cc2_match_basic/", "CC2_match_basic"),
    ("..\\rptemplates\\CC2_match.xml", "CC2_match"),
    (" MATCH_CORRECT.XML ", "match_correct"),
    ("match_correct", "match_correct"),
    ("https://example.org/rptemplates/my_match_correct.xml", ""),
    ("https://example.org/match_correct/other.xml", ""),
    ("https://example.org/rptemplates/map_response?x=1", ""),
    ("", ""),
]


@pytest.mark.feature("F-QTIRUN-34")
@pytest.mark.parametrize(("address", "name"), ADDRESSES)
def test_the_last_part_of_the_address_names_the_template(address: str, name: str) -> None:
    assert template_name(address) == name


ITEM = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t"
 time-dependent="false">
 <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
  <qti-correct-response><qti-value>A</qti-value></qti-correct-response>
  <qti-mapping default-value="0">
   <qti-map-entry map-key="A" mapped-value="4"/><qti-map-entry map-key="B" mapped-value="1"/></qti-mapping>
 </qti-response-declaration>
 <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
 {outcomes}
 <qti-item-body><qti-choice-interaction response-identifier="RESPONSE">
  <qti-simple-choice identifier="A">a</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice>
 </qti-choice-interaction></qti-item-body>
 <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{name}.xml"/>
</qti-assessment-item>"""
MAXSCORE = """<qti-outcome-declaration identifier="MAXSCORE" cardinality="single" base-type="float">
 <qti-default-value><qti-value>4</qti-value></qti-default-value></qti-outcome-declaration>"""
FEEDBACK = '<qti-outcome-declaration identifier="{}" cardinality="single" base-type="identifier"/>'
CARTRIDGE = [
    ("CC2_match", "", {"A": (1.0, None), "B": (0.0, None), None: (0.0, None)}),
    ("CC2_match_basic", "FEEDBACKBASIC", {"A": (4.0, "correct"), "B": (0.0, "incorrect"), None: (0.0, "incorrect")}),
    ("CC2_map_response", "FEEDBACK", {"A": (4.0, "correct"), "B": (1.0, "incorrect"), None: (0.0, "incorrect")}),
]


@pytest.mark.feature("F-QTIRUN-34")
@pytest.mark.parametrize(("name", "feedback", "expected"), CARTRIDGE, ids=[each[0] for each in CARTRIDGE])
def test_the_templates_of_common_cartridge_score_and_tell(name: str, feedback: str, expected: dict[Any, Any]) -> None:
    outcomes = MAXSCORE + FEEDBACK.format(feedback) if feedback else ""
    document = read(ITEM.format(name=name, outcomes=outcomes).encode())
    assert [finding for finding in check(document) if finding.severity == "error"] == []
    program = prepare(document)
    for response, (score, told) in expected.items():
        state = submit(program, begin(program, seed=1), {"RESPONSE": response}, strict=True)
        score_value, feedback_value = state["SCORE"], state.values.get(feedback)
        assert score_value is not None and score_value.data == score
        assert (feedback_value.data if feedback_value else None) == told


def test_a_template_tells_the_outcomes_that_it_misses() -> None:
    document = read(ITEM.format(name="CC2_match_basic", outcomes=MAXSCORE).encode())
    missing = [finding for finding in check(document) if finding.code == "template-variable"]
    assert len(missing) == 1 and "FEEDBACKBASIC" in missing[0].message
