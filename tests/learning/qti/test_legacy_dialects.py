"""QTI 1.2 as vendors write it: Blackboard, Respondus, Brightspace and Canvas, as their public documents show it."""

# ruff: noqa: E501  (markup in tables reads better in one line)
from __future__ import annotations

from typing import Any

import pytest
from tests.learning.qti.test_legacy_tests import loader

from demotic.learning.qti.checking import check
from demotic.learning.qti.legacy import LegacyObject, convert_legacy
from demotic.learning.qti.model import ChoiceInteraction, Html
from demotic.learning.qti.runtime import begin, begin_test, go_to, prepare, prepare_test, submit, submit_item

BLACKBOARD = """<questestinterop><assessment title="Pool"><assessmentmetadata><bbmd_asi_object_id>_1_1</bbmd_asi_object_id></assessmentmetadata><section>
<item maxattempts="0"><itemmetadata><bbmd_asi_object_id>_2_1</bbmd_asi_object_id><bbmd_questiontype>Multiple Choice</bbmd_questiontype><qmd_absolutescore_max>10.0</qmd_absolutescore_max></itemmetadata>
<presentation><flow class="Block"><flow class="QUESTION_BLOCK"><flow class="FORMATTED_TEXT_BLOCK"><material><mat_extension><mat_formattedtext type="HTML">&lt;p&gt;Which &lt;b&gt;one&lt;/b&gt;?&lt;/p&gt;</mat_formattedtext></mat_extension></material></flow></flow>
<flow class="RESPONSE_BLOCK"><response_lid ident="response" rcardinality="Single" rtiming="No"><render_choice shuffle="Yes" minnumber="0" maxnumber="0">
<flow_label class="Block"><response_label ident="a1b2" shuffle="Yes"><flow_mat class="FORMATTED_TEXT_BLOCK"><material><mat_extension><mat_formattedtext type="HTML">yes</mat_formattedtext></mat_extension></material></flow_mat></response_label></flow_label>
<flow_label class="Block"><response_label ident="9c8d"><flow_mat><material><mat_extension><mat_formattedtext type="PLAIN">no</mat_formattedtext></mat_extension></material></flow_mat></response_label></flow_label>
</render_choice></response_lid></flow></flow></presentation>
<resprocessing scoremodel="SumOfScores"><outcomes><decvar varname="SCORE" vartype="Decimal" defaultval="0" minvalue="0" maxvalue="10.0"/></outcomes>
<respcondition title="correct"><conditionvar><varequal respident="response" case="No">a1b2</varequal></conditionvar><setvar variablename="SCORE" action="Set">SCORE.max</setvar><displayfeedback linkrefid="correct" feedbacktype="Response"/></respcondition>
<respcondition title="incorrect"><conditionvar><other/></conditionvar><setvar variablename="SCORE" action="Set">0.0</setvar><displayfeedback linkrefid="incorrect" feedbacktype="Response"/></respcondition></resprocessing>
<itemfeedback ident="correct" view="All"><flow_mat class="Block"><flow_mat class="FORMATTED_TEXT_BLOCK"><material><mat_extension><mat_formattedtext type="HTML">Right</mat_formattedtext></mat_extension></material></flow_mat></flow_mat></itemfeedback>
<itemfeedback ident="incorrect" view="All"><flow_mat><material><mattext>Wrong</mattext></material></flow_mat></itemfeedback></item></section></assessment></questestinterop>"""

RESPONDUS = """<questestinterop><assessment title="Quiz" ident="A1001"><section title="Main" ident="S1002">
<item title="Q" ident="QUE_1003"><presentation><material><mattext texttype="text/html"><![CDATA[Is it <b>so</b>?]]></mattext></material>
<response_lid ident="QUE_1004_RL" rcardinality="Single" rtiming="No"><render_choice><response_label ident="QUE_1005_A1"><material><mattext texttype="text/html"><![CDATA[True]]></mattext></material></response_label><response_label ident="QUE_1006_A2"><material><mattext>False</mattext></material></response_label></render_choice></response_lid></presentation>
<resprocessing><outcomes><decvar vartype="Integer" defaultval="0" varname="que_score" minvalue="0" maxvalue="4"/></outcomes>
<respcondition title="Correct"><conditionvar><varequal respident="QUE_1004_RL">QUE_1005_A1</varequal></conditionvar><setvar varname="que_score" action="Set">4</setvar></respcondition></resprocessing></item></section></assessment></questestinterop>"""

BRIGHTSPACE = """<questestinterop><objectbank xmlns:d2l_2p0="http://desire2learn.com/xsd/d2lcp_v2p0" ident="QLIB_1"><section ident="SECT_1" title="T"><sectionproc_extension><d2l_2p0:display_section_name>yes</d2l_2p0:display_section_name></sectionproc_extension>
<item ident="OBJ_1" label="QUES_1" d2l_2p0:page="1" title="Q"><itemmetadata><qtimetadata><qti_metadatafield><fieldlabel>qmd_computerscored</fieldlabel><fieldentry>yes</fieldentry></qti_metadatafield><qti_metadatafield><fieldlabel>qmd_weighting</fieldlabel><fieldentry>2.0</fieldentry></qti_metadatafield></qtimetadata></itemmetadata>
<presentation><flow><material><mattext texttype="text/html">&lt;p&gt;2+2?&lt;/p&gt;</mattext></material><response_lid ident="Q1_LID" rcardinality="Single"><render_choice shuffle="no"><flow_label class="Block"><response_label ident="Q1_A1"><flow_mat><material><mattext texttype="text/plain">4</mattext></material></flow_mat></response_label></flow_label><flow_label class="Block"><response_label ident="Q1_A2"><flow_mat><material><mattext>5</mattext></material></flow_mat></response_label></flow_label></render_choice></response_lid></flow></presentation>
<resprocessing><respcondition title="Response Condition1"><conditionvar><varequal respident="Q1_LID">Q1_A1</varequal></conditionvar><setvar action="Set">100.000000000</setvar><displayfeedback feedbacktype="Response" linkrefid="Q1_IF1"/></respcondition><respcondition title="Response Condition2"><conditionvar><varequal respident="Q1_LID">Q1_A2</varequal></conditionvar><setvar action="Set">0.000000000</setvar></respcondition></resprocessing>
<itemfeedback ident="Q1_IF1"><material><mattext texttype="text/html">ok</mattext></material></itemfeedback></item></section></objectbank></questestinterop>"""

CANVAS = """<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="g1" title="Quiz"><qtimetadata><qtimetadatafield><fieldlabel>cc_maxattempts</fieldlabel><fieldentry>1</fieldentry></qtimetadatafield></qtimetadata><section ident="root_section">
<item ident="g2" title="Blanks"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>multiple_answers_question</fieldentry></qtimetadatafield><qtimetadatafield><fieldlabel>points_possible</fieldlabel><fieldentry>2.0</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>
<presentation><material><mattext texttype="text/html">&lt;div&gt;Which?&lt;/div&gt;</mattext></material><response_lid ident="response1" rcardinality="Multiple"><render_choice><response_label ident="11"><material><mattext texttype="text/plain">a</mattext></material></response_label><response_label ident="12"><material><mattext texttype="text/plain">b</mattext></material></response_label><response_label ident="13"><material><mattext texttype="text/plain">c</mattext></material></response_label></render_choice></response_lid></presentation>
<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes><respcondition continue="No"><conditionvar><and><varequal respident="response1">11</varequal><not><varequal respident="response1">12</varequal></not><varequal respident="response1">13</varequal></and></conditionvar><setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing></item></section></assessment></questestinterop>"""

SHORT = """<questestinterop><item ident="s"><presentation><response_str ident="R" rcardinality="Single"><render_fib><response_label ident="A"/></render_fib></response_str></presentation>
<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes><respcondition continue="No"><conditionvar><varequal respident="R">Paris</varequal><varequal respident="R">Paname</varequal>{more}</conditionvar><setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing></item></questestinterop>"""

PAIRS = """<questestinterop><item ident="p"><presentation>
<response_lid ident="R1"><render_choice><response_label ident="a"/><response_label ident="b"/></render_choice></response_lid>
<response_lid ident="R2"><render_choice><response_label ident="a"/><response_label ident="b"/></render_choice></response_lid></presentation>
<resprocessing><outcomes><decvar maxvalue="{most}" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>
<respcondition{go}><conditionvar><varequal respident="R1">a</varequal></conditionvar><setvar varname="SCORE" action="Add">50.00</setvar></respcondition>
<respcondition{go}><conditionvar><varequal respident="{second}">b</varequal></conditionvar><setvar varname="SCORE" action="Add">50.00</setvar></respcondition></resprocessing></item></questestinterop>"""


def score(made: LegacyObject, answer: Any) -> tuple[float, list[str]]:
    program = prepare(made.document)
    (name,) = program.responses
    state = submit(program, begin(program, seed=1), {name: answer})
    assert state.problems == ()
    (outcome,) = [n for n in program.outcomes if n not in ("FEEDBACK", "completionStatus")]
    value, shown = state[outcome], state.values.get("FEEDBACK")
    return (0.0 if value is None else float(value.data)), sorted(shown.items) if shown is not None else []


DIALECTS = [
    (BLACKBOARD, "a1b2", 10.0, ["correct"]),
    (BLACKBOARD, "_9c8d", 0.0, ["incorrect"]),
    (RESPONDUS, "QUE_1005_A1", 4.0, []),
    (RESPONDUS, "QUE_1006_A2", 0.0, []),
    (BRIGHTSPACE, "Q1_A1", 100.0, ["Q1_IF1"]),
    (BRIGHTSPACE, "Q1_A2", 0.0, []),
    (CANVAS, ["_11", "_13"], 100.0, []),
    (CANVAS, ["_11", "_12", "_13"], 0.0, []),
]


@pytest.mark.feature("F-QTI-32")
@pytest.mark.parametrize(("data", "answer", "points", "shown"), DIALECTS)
def test_items_of_vendors_score_as_they_do_there(data: str, answer: Any, points: float, shown: list[str]) -> None:
    objects = convert_legacy(data)
    assert [str(f) for made in objects for f in check(made.document) if f.severity == "error"] == []
    assert score(objects[0], answer) == (points, shown)


@pytest.mark.feature("F-QTI-32")
def test_formatted_text_of_blackboard_is_html() -> None:
    item = convert_legacy(BLACKBOARD)[0].document.item
    assert [node.name for node in item.item_body.find(Html) if node.name == "b"] == ["b"]  # type: ignore[union-attr]
    (question,) = item.interactions
    assert isinstance(question, ChoiceInteraction) and question.shuffle
    words = [[node.text.strip() for node in choice.walk()] for choice in question.choices]
    assert ["".join(each) for each in words] == ["yes", "no"]


@pytest.mark.feature("F-QTI-32")
@pytest.mark.parametrize(
    ("data", "label", "value"),
    [(BLACKBOARD, "questiontype", "Multiple Choice"), (BRIGHTSPACE, "computerscored", "yes")],
)
def test_metadata_of_vendors_are_read(data: str, label: str, value: str) -> None:
    assert convert_legacy(data)[0].metadata[label] == [value]


@pytest.mark.feature("F-QTI-32")
@pytest.mark.parametrize(("data", "answer", "total"), [(RESPONDUS, "QUE_1005_A1", 4.0), (BLACKBOARD, "a1b2", 10.0)])
def test_tests_of_vendors_add_up_whatever_their_scores_are_called(data: str, answer: str, total: float) -> None:
    objects = convert_legacy(data)
    program = prepare_test(objects[-1].document, loader(objects))
    state = begin_test(program, seed=1, strict=True)
    (entry,) = state.entries
    (name,) = prepare(objects[0].document).responses
    state = submit_item(program, go_to(program, state, entry.name), {name: answer}, strict=True)
    value = state["SCORE"]
    assert value is not None and value.data == total


@pytest.mark.feature("F-QTI-32")
@pytest.mark.parametrize(
    ("more", "answer", "points"),
    [
        ("", "PARIS", 100.0), ("", "paname", 100.0), ("", "Lyon", 0.0), ("", None, 0.0),
        ('<varsubstring respident="R">ris</varsubstring>', "Paris", 100.0),
        ('<varsubstring respident="R">ris</varsubstring>', "Paname", 0.0),
    ],
)  # fmt: skip
def test_answers_that_never_hold_at_once_are_alternatives(more: str, answer: Any, points: float) -> None:
    (made,) = convert_legacy(SHORT.format(more=more))
    assert score(made, answer)[0] == points
    assert [loss.code for loss in made.losses if loss.kind == "changed"] == ["alternatives"]


@pytest.mark.feature("F-QTI-32")
@pytest.mark.parametrize(
    ("go", "second", "most", "points"),
    [
        ("", "R2", "100", 100.0),  # only both together make what is declared
        ("", "R2", "50", 50.0),  # by the letter (ASI binding 1.2.1, respcondition), one is enough
        ("", "R1", "100", 50.0),  # of one response, one holds
        (' continue="No"', "R2", "100", 50.0),
        (' continue="Yes"', "R2", "100", 100.0),
    ],
)
def test_parts_of_a_sum_all_count(go: str, second: str, most: str, points: float) -> None:
    (made,) = convert_legacy(PAIRS.format(go=go, second=second, most=most))
    program = prepare(made.document)
    value = submit(program, begin(program, seed=1), {"R1": "a", "R2": "b"})["SCORE"]
    assert value is not None and value.data == points
    told = [loss.code for loss in made.losses if loss.code == "continue"]
    assert told == (["continue"] if not go and points == 100.0 else [])
