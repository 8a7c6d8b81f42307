# ruff: noqa: E501  (markup in tables reads better in one line)
"""What the model has of each element of QTI 2.x and 3.0: attributes with types and defaults, parts, and what checks refuse."""

from __future__ import annotations

from typing import Any

import pytest
from tests.learning.qti.test_reading import part

from demotic.learning.qti import Version, read
from demotic.learning.qti.checking import RULES, check
from demotic.learning.qti.model import BaseType, Cardinality, Node, RoundingMode, Shape, ShowHide, ToleranceMode, View

V21 = Version.V2_1


def rows(*ids: str) -> Any:
    return pytest.mark.spec(*ids)


def values(node: Node) -> dict[str, Any]:
    return {name: getattr(node, name) for name in node.attributes}


CASES = [
    pytest.param('<assessmentItem identifier="i" title="t" label="l" xml:lang="en" adaptive="false" timeDependent="1" toolName="T" toolVersion="1"/>',
                 {"identifier": "i", "title": "t", "label": "l", "lang": "en", "adaptive": False, "time_dependent": True, "tool_name": "T", "tool_version": "1"}, marks=rows("QTI2-025", "QTI2-008")),
    pytest.param('<assessmentTest identifier="i" title="t" toolName="T"/>', {"identifier": "i", "title": "t", "tool_name": "T"}, marks=rows("QTI2-030")),
    pytest.param('<testPart identifier="P" navigationMode="nonlinear" submissionMode="simultaneous"/>', {"identifier": "P", "navigation_mode": "nonlinear", "submission_mode": "simultaneous"}, marks=rows("QTI2-032")),
    pytest.param('<selection select="2" withReplacement="true"/>', {"select": 2, "with_replacement": True}, marks=rows("QTI2-033")),
    pytest.param('<ordering shuffle="true"/>', {"shuffle": True}, marks=rows("QTI2-034")),
    pytest.param('<assessmentSection identifier="S" title="t" visible="false" keepTogether="false" required="true" fixed="true"/>',
                 {"identifier": "S", "title": "t", "visible": False, "keep_together": False, "required": True, "fixed": True}, marks=rows("QTI2-035", "QTI2-038")),
    pytest.param('<assessmentItemRef identifier="I" href="i.xml" category="a b"/>', {"identifier": "I", "href": "i.xml", "category": ("a", "b")}, marks=rows("QTI2-039")),
    pytest.param('<itemSessionControl maxAttempts="0" showFeedback="true" allowReview="false" showSolution="true" allowComment="true" allowSkipping="false" validateResponses="true"/>',
                 {"max_attempts": 0, "show_feedback": True, "allow_review": False, "show_solution": True, "allow_comment": True, "allow_skipping": False, "validate_responses": True}, marks=rows("QTI2-041")),
    pytest.param('<timeLimits minTime="1.5" maxTime="9" allowLateSubmission="true"/>', {"min_time": 1.5, "max_time": 9.0, "allow_late_submission": True}, marks=rows("QTI2-041")),
    pytest.param('<feedbackInline id="x" class="a b" xml:lang="de" label="l" outcomeIdentifier="F" identifier="y" showHide="hide"/>',
                 {"id": "x", "class_": ("a", "b"), "lang": "de", "label": "l", "outcome_identifier": "F", "identifier": "y", "show_hide": ShowHide.HIDE}, marks=rows("QTI2-017", "QTI2-043", "QTI2-053")),
    pytest.param('<printedVariable identifier="X" format="%.2f" base="16" index="2" powerForm="true" delimiter="," field="f" mappingIndicator=":"/>',
                 {"identifier": "X", "format": "%.2f", "number_base": 16, "index": 2, "power_form": True, "delimiter": ",", "field": "f", "mapping_indicator": ":"}, marks=rows("QTI2-053")),
    pytest.param('<choiceInteraction responseIdentifier="R" shuffle="true" maxChoices="2" minChoices="1"/>', {"response_identifier": "R", "shuffle": True, "max_choices": 2, "min_choices": 1}, marks=rows("QTI2-054", "QTI2-056")),
    pytest.param('<simpleChoice identifier="A" fixed="true" templateIdentifier="T" showHide="hide"/>', {"identifier": "A", "fixed": True, "template_identifier": "T", "show_hide": ShowHide.HIDE}, marks=rows("QTI2-055", "QTI2-058")),
    pytest.param('<orderInteraction responseIdentifier="R" shuffle="false" orientation="horizontal"/>', {"response_identifier": "R", "shuffle": False, "orientation": "horizontal"}, marks=rows("QTI2-015", "QTI2-057")),
    pytest.param('<associateInteraction responseIdentifier="R" shuffle="true" maxAssociations="3"/>', {"response_identifier": "R", "shuffle": True, "max_associations": 3}, marks=rows("QTI2-059")),
    pytest.param('<simpleAssociableChoice identifier="A" matchMax="2" matchMin="1" matchGroup="X Y"/>', {"identifier": "A", "match_max": 2, "match_min": 1, "match_group": ("X", "Y")}, marks=rows("QTI2-061")),
    pytest.param('<gap identifier="G" required="true"/>', {"identifier": "G", "required": True}, marks=rows("QTI2-062")),
    pytest.param('<inlineChoiceInteraction responseIdentifier="R" shuffle="true" required="true"/>', {"response_identifier": "R", "shuffle": True, "required": True}, marks=rows("QTI2-063")),
    pytest.param('<textEntryInteraction responseIdentifier="R" base="2" stringIdentifier="S" expectedLength="5" patternMask="[0-9]+" placeholderText="p"/>',
                 {"response_identifier": "R", "number_base": 2, "string_identifier": "S", "expected_length": 5, "pattern_mask": "[0-9]+", "placeholder_text": "p"}, marks=rows("QTI2-064", "QTI2-065")),
    pytest.param('<extendedTextInteraction responseIdentifier="R" maxStrings="3" minStrings="1" expectedLines="5" format="preFormatted"/>',
                 {"response_identifier": "R", "max_strings": 3, "min_strings": 1, "expected_lines": 5, "format": "preformatted"}, marks=rows("QTI2-019", "QTI2-066")),
    pytest.param('<hottextInteraction responseIdentifier="R" maxChoices="1"/>', {"response_identifier": "R", "max_choices": 1}, marks=rows("QTI2-067")),
    pytest.param('<hotspotChoice identifier="A" shape="circle" coords="1,2,50%" hotspotLabel="l"/>', {"identifier": "A", "shape": Shape.CIRCLE, "coords": None, "hotspot_label": "l"}, marks=rows("QTI2-011", "QTI2-016", "QTI2-068")),
    pytest.param('<sliderInteraction responseIdentifier="R" lowerBound="0" upperBound="9" step="3" stepLabel="true" reverse="true"/>',
                 {"response_identifier": "R", "lower_bound": 0.0, "upper_bound": 9.0, "step": 3.0, "step_label": True, "reverse": True}, marks=rows("QTI2-069")),
    pytest.param('<responseDeclaration identifier="R" cardinality="ordered" baseType="point"/>', {"identifier": "R", "cardinality": Cardinality.ORDERED, "base_type": BaseType.POINT}, marks=rows("QTI2-020", "QTI2-021", "QTI2-071", "QTI2-074")),
    pytest.param('<value fieldIdentifier="f" baseType="directedPair">a b</value>', {"field_identifier": "f", "base_type": BaseType.DIRECTED_PAIR}, marks=rows("QTI2-072")),
    pytest.param('<correctResponse interpretation="i"/>', {"interpretation": "i"}, marks=rows("QTI2-073")),
    pytest.param('<mapping lowerBound="-1" upperBound="2.5" defaultValue="0.5"/>', {"lower_bound": -1.0, "upper_bound": 2.5, "default_value": 0.5}, marks=rows("QTI2-076")),
    pytest.param('<mapEntry mapKey="A" mappedValue="1" caseSensitive="false"/>', {"map_key": "A", "mapped_value": 1.0, "case_sensitive": False}, marks=rows("QTI2-076")),
    pytest.param('<areaMapEntry shape="poly" coords="0,0,1,1,2,0" mappedValue="2"/>', {"shape": Shape.POLY, "coords": None, "mapped_value": 2.0}, marks=rows("QTI2-077")),
    pytest.param('<outcomeDeclaration identifier="O" cardinality="single" baseType="float" view="tutor candidate" interpretation="i" longInterpretation="l.html" normalMaximum="9" normalMinimum="-1" masteryValue="5"/>',
                 {"identifier": "O", "cardinality": Cardinality.SINGLE, "base_type": BaseType.FLOAT, "view": (View.TUTOR, View.CANDIDATE), "interpretation": "i", "long_interpretation": "l.html", "normal_maximum": 9.0, "normal_minimum": -1.0, "mastery_value": 5.0}, marks=rows("QTI2-018", "QTI2-078")),
    pytest.param('<matchTableEntry sourceValue="1" targetValue="a"/>', {"source_value": 1, "target_value": "a"}, marks=rows("QTI2-079")),
    pytest.param('<interpolationTableEntry sourceValue="1.5" includeBoundary="false" targetValue="a"/>', {"source_value": 1.5, "include_boundary": False, "target_value": "a"}, marks=rows("QTI2-080")),
    pytest.param('<templateDeclaration identifier="T" cardinality="single" baseType="integer" paramVariable="true" mathVariable="true"/>',
                 {"identifier": "T", "cardinality": Cardinality.SINGLE, "base_type": BaseType.INTEGER, "param_variable": True, "math_variable": True}, marks=rows("QTI2-081")),
    pytest.param('<equal toleranceMode="relative" tolerance="1 2" includeLowerBound="false"/>', {"tolerance_mode": ToleranceMode.RELATIVE, "tolerance": (1.0, 2.0), "include_lower_bound": False}, marks=rows("QTI2-022")),
    pytest.param('<equalRounded roundingMode="decimalPlaces" figures="2"/>', {"rounding_mode": RoundingMode.DECIMAL_PLACES, "figures": 2}, marks=rows("QTI2-023")),
    pytest.param('<customOperator class="c" definition="d"/>', {"class_": "c", "definition": "d"}, marks=rows("QTI2-176")),
    pytest.param('<responseProcessing template="t" templateLocation="l.xml"/>', {"template": "t", "template_location": "l.xml"}, marks=rows("QTI2-117")),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "expected"), CASES)
def test_attributes_are_read_with_their_types(markup: str, expected: dict[str, Any]) -> None:
    node = part(markup, V21)
    found = values(node)
    assert {k: v for k, v in found.items() if expected.get(k, v) is not None} == {
        k: v for k, v in expected.items() if v is not None
    }
    assert not node.extra


@pytest.mark.spec("QTI2-011", "QTI2-024")
def test_coordinates_are_lengths() -> None:
    coords = part('<hotspotChoice identifier="A" shape="circle" coords="1,2,50%"/>', V21).coords
    assert [(c.value, c.percent) for c in coords] == [(1, False), (2, False), (50, True)]


HTML = "abbr acronym address b big blockquote br cite code dfn div em h1 h2 h3 h4 h5 h6 hr i kbd p pre q samp small span strong sub sup tt var dl dt dd ol ul li object param table caption colgroup col thead tfoot tbody tr th td img a"


@pytest.mark.spec("QTI2-042", "QTI2-045", "QTI2-046", "QTI2-047", "QTI2-048")
@pytest.mark.parametrize("name", HTML.split())
def test_html_is_content(name: str) -> None:
    body = part(f'<itemBody><{name} id="x" class="c" label="l">t</{name}></itemBody>', V21)
    (element,) = body.elements
    assert (element.name, element.id, element.class_, element.label, element.text) == (name, "x", ("c",), "l", "t")


@pytest.mark.spec("QTI2-049", "QTI2-050")
def test_images_links_and_mathml_keep_what_they_have() -> None:
    body = part(
        '<itemBody><p><img src="a.png" alt="A" height="1" width="2"/><a href="b" type="t">l</a><m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mi>x</m:mi></m:math></p></itemBody>',
        V21,
    )
    image, link, math = body.elements[0].elements
    assert (image.get("src"), image.get("alt"), link.get("href"), math.is_math) == ("a.png", "A", "b", True)


@pytest.mark.spec("QTI2-012", "QTI2-013", "QTI2-031", "QTI2-135")
def test_checks_know_lengths_references_and_types() -> None:
    assert {
        "long-text",
        "duplicate-identifier",
        "undeclared",
        "wrong-type",
        "wrong-cardinality",
        "wrong-operand-count",
    } <= set(RULES)
    test = '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="t"><testPart identifier="P" navigationMode="linear" submissionMode="individual"><assessmentSection identifier="P" title="s" visible="true"/></testPart></assessmentTest>'
    assert "duplicate-identifier" in {f.code for f in check(read(test))}


@pytest.mark.spec("QTI2-060", "QTI2-118", "QTI2-119", "QTI2-125", "QTI2-131")
def test_conditions_have_branches_and_matches_two_sets() -> None:
    condition = part(
        '<responseCondition><responseIf><isNull><variable identifier="R"/></isNull><exitResponse/></responseIf><responseElseIf><null/></responseElseIf><responseElse/></responseCondition>',
        V21,
    )
    assert [type(b).__name__ for b in condition.branches] == ["ResponseIf", "ResponseElseIf", "ResponseElse"]
    assert (
        condition.branches[0].test is not None
        and len(condition.branches[0].rules) == 1
        and condition.branches[2].test is None
    )
    match = part(
        '<matchInteraction responseIdentifier="R" shuffle="true" maxAssociations="1"><simpleMatchSet/><simpleMatchSet/></matchInteraction>',
        V21,
    )
    assert len(match.sets) == 2


@pytest.mark.spec("QTI2-027")
def test_declarations_stay_in_the_order_of_the_document() -> None:
    item = part(
        '<assessmentItem identifier="i" title="t" adaptive="false" timeDependent="false"><outcomeDeclaration identifier="B" cardinality="single" baseType="float"/><outcomeDeclaration identifier="A" cardinality="single" baseType="float"/></assessmentItem>',
        V21,
    )
    assert [d.identifier for d in item.declarations] == ["B", "A"]
