"""Test sessions: the public cases of flow, branches, control and outcomes, and the life of a session."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.learning.qti.runtime.cases_of import cases_of

from demotic.errors import InvalidInput
from demotic.learning.qti import QtiDocument, open_document, read
from demotic.learning.qti.runtime import (
    NotAllowedNow,
    ProcessingError,
    TestProgram,
    TestState,
    begin_test,
    end_part,
    end_test,
    go_on,
    go_to,
    prepare_test,
    respond_item,
    resume_test,
    submit_item,
    suspend_test,
    test_feedback,
    time_left,
    to_json,
)

NAMESPACE = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
EMPTY = f'<qti-assessment-item {NAMESPACE} identifier="i" title="t" time-dependent="false"/>'


def loader(file: Path) -> Callable[[str], QtiDocument]:
    def load(href: str) -> QtiDocument:
        path = file.parent / href
        return open_document(path) if path.exists() else read(EMPTY.encode())  # the cases do not have all their items

    return load


def walked(program: TestProgram) -> tuple[list[list[str | None]], bool]:
    """Go through a test; return the items of each part as they came, and whether a rule failed."""
    presented: list[list[str | None]] = []
    last = None
    try:
        state = begin_test(program, seed=1, strict=True)
        while state.status != "ended":
            if state.part != last:
                presented.append([])
                last = state.part
            presented[-1].append(state.item)
            try:
                state = go_on(program, state, strict=True)
            except NotAllowedNow:
                state = end_part(program, state, strict=True)
    except ProcessingError:
        return presented, True
    return presented, False


@pytest.mark.spec("QTI2-031", "QTI2-036", "QTI2-037", "QTI2-132", "QTI2-133")
@pytest.mark.feature("F-QTIRUN-13")
def test_items_come_as_the_cases_say(shared_data: Path) -> None:
    cases = list(cases_of(shared_data, "test-flow"))
    for case in cases:
        file = shared_data / "learning" / case["file"]
        presented, failed = walked(prepare_test(open_document(file), loader(file)))
        assert failed == bool(case["expect"]["error"]), case["id"]
        assert presented == case["expect"]["presented"], case["id"]
    print(f"{len(cases)} walks through tests are as expected")


@pytest.mark.spec("QTI2-041")
def test_branches_lead_forward_and_control_comes_from_around(shared_data: Path) -> None:
    for case in cases_of(shared_data, "branch-targets", "session-control"):
        file = shared_data / "learning" / case["file"]
        program = prepare_test(open_document(file), loader(file))
        for name, targets in case["expect"].get("validTargets", {}).items():
            assert sorted(program.targets_of(name)) == sorted(targets), (case["id"], name)
        for name, control in case["expect"].items() if case["kind"] == "session-control" else ():
            given = program.control_of(name)
            assert {re.sub("_(.)", lambda m: m[1].upper(), key): value for key, value in given.items()} == control


@pytest.mark.spec("QTI2-079", "QTI2-080", "QTI2-131")
def test_outcomes_are_as_the_cases_say(shared_data: Path) -> None:
    for case in cases_of(shared_data, "test-outcomes"):
        file = shared_data / "learning" / case["file"]
        program = prepare_test(open_document(file), loader(file))
        state = begin_test(program, seed=1)
        while state.status != "ended":
            state = go_on(program, submitted(program, state))
        assert {name: to_json(state[name]) for name in case["expect"]} == case["expect"], case["id"]


def submitted(program: TestProgram, state: TestState) -> TestState:
    try:
        return submit_item(program, state, {})
    except NotAllowedNow:
        return state


def item(identifier: str, *, template: bool = False) -> str:
    declared = '<qti-template-declaration identifier="T" cardinality="single" base-type="integer"/>' if template else ""
    return f"""<qti-assessment-item {NAMESPACE} identifier="{identifier}" title="t" time-dependent="false">
 <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
  <qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
 <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="1"/>{declared}
 <qti-item-body><qti-choice-interaction response-identifier="RESPONSE">
  <qti-simple-choice identifier="A">a</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice>
 </qti-choice-interaction></qti-item-body>
 <qti-response-processing template="match_correct"/>
</qti-assessment-item>"""


SCORES = '<qti-sum><qti-test-variables variable-identifier="SCORE" {}/></qti-sum>'


def a_test(sections: str, *, mode: str = "linear", submission: str = "individual", inside: str = "") -> TestProgram:
    def number(name: str, body: str) -> str:
        return f'<qti-set-outcome-value identifier="{name}">{body}</qti-set-outcome-value>'

    rules = "".join(
        [
            number("TOTAL", '<qti-sum><qti-test-variables variable-identifier="SCORE"/></qti-sum>'),
            number(
                "WEIGHTED", '<qti-sum><qti-test-variables variable-identifier="SCORE" weight-identifier="W"/></qti-sum>'
            ),
            number(
                "EASY", '<qti-sum><qti-test-variables variable-identifier="SCORE" include-category="easy"/></qti-sum>'
            ),
            number("MOST", '<qti-sum><qti-outcome-maximum outcome-identifier="SCORE"/></qti-sum>'),
            *(number(each.upper().replace("-", "_"), f"<qti-{each}/>") for each in COUNTS),
        ]
    )
    declared = "".join(
        f'<qti-outcome-declaration identifier="{name}" cardinality="single" base-type="float"/>'
        for name in ("TOTAL", "WEIGHTED", "EASY", "MOST", *(each.upper().replace("-", "_") for each in COUNTS))
    )
    xml = f"""<qti-assessment-test {NAMESPACE} identifier="t" title="t">{declared}
 <qti-test-part identifier="P" navigation-mode="{mode}" submission-mode="{submission}">
 {inside}{sections}</qti-test-part>
 <qti-outcome-processing>{rules}</qti-outcome-processing></qti-assessment-test>"""
    return prepare_test(read(xml.encode()), lambda href: read(item(href, template=href.startswith("t")).encode()))


COUNTS = ("number-selected", "number-presented", "number-responded", "number-correct", "number-incorrect")
THREE = """<qti-assessment-section identifier="S" title="s" visible="true">
 <qti-assessment-item-ref identifier="Q1" href="a" category="easy">
  <qti-weight identifier="W" value="2.5"/></qti-assessment-item-ref>
 <qti-assessment-item-ref identifier="Q2" href="b"/><qti-assessment-item-ref identifier="Q3" href="c"/>
</qti-assessment-section>"""


def outcomes(state: TestState, *names: str) -> tuple[Any, ...]:
    return tuple(None if (value := state[name]) is None else value.data for name in names)


@pytest.mark.spec("QTI2-110", "QTI2-113", "QTI2-114", "QTI2-115", "QTI2-177")
@pytest.mark.feature("F-QTIRUN-14")
def test_a_linear_test_from_begin_to_end() -> None:
    program = a_test(THREE)
    state = begin_test(program, seed=1, now=0.0)
    assert (state.item, state.presented) == ("Q1", ("Q1",))
    state = submit_item(program, state, {"RESPONSE": "A"}, now=2.0)
    assert outcomes(state, "TOTAL", "WEIGHTED", "EASY", "MOST", "Q1.SCORE") == (1.0, 2.5, 1.0, 3.0, 1.0)
    with pytest.raises(NotAllowedNow, match="in order"):
        go_to(program, state, "Q3", now=2.0)
    state = go_on(program, state, now=3.0)
    state = submit_item(program, state, {"RESPONSE": "B"}, now=4.0)
    assert outcomes(state, *(each.upper().replace("-", "_") for each in COUNTS)) == (3.0, 2.0, 2.0, 1.0, 1.0)
    with pytest.raises(NotAllowedNow, match="ended"):
        submit_item(program, state, {"RESPONSE": "A"}, now=4.0)
    state = go_on(program, go_on(program, state, now=5.0), now=9.0)
    assert (state.status, outcomes(state, "TOTAL", "NUMBER_PRESENTED")) == ("ended", (1.0, 3.0))
    assert state.seconds == {"": 9.0, "P": 9.0, "S": 9.0}


@pytest.mark.feature("F-QTIRUN-15")
def test_a_free_test_that_is_submitted_as_a_whole() -> None:
    program = a_test(THREE, mode="nonlinear", submission="simultaneous")
    state = begin_test(program, seed=1, now=0.0)
    state = respond_item(program, state, {"RESPONSE": "A"}, now=1.0)
    with pytest.raises(NotAllowedNow, match="submitted together"):
        submit_item(program, state, {}, now=1.0)
    state = go_to(program, state, "Q3", now=2.0)
    state = respond_item(program, state, {"RESPONSE": "A"}, now=3.0)
    state = go_to(program, state, "Q1", now=4.0)
    assert outcomes(state, "TOTAL") == (0.0,)
    state = end_part(program, respond_item(program, state, {"RESPONSE": "B"}, now=5.0), now=6.0)
    assert (state.status, outcomes(state, "TOTAL", "NUMBER_RESPONDED")) == ("ended", (1.0, 2.0))
    assert state.items["Q1"].seconds == 4.0
    with pytest.raises(InvalidInput, match="no item Q9"):
        go_to(program, begin_test(program, seed=1), "Q9")


SELECTED = """<qti-assessment-section identifier="S" title="s" visible="true">
 <qti-selection select="{select}" {again}/><qti-ordering shuffle="true"/>
 <qti-assessment-item-ref identifier="A" href="a" required="true"/>
 <qti-assessment-item-ref identifier="B" href="b" fixed="true"/>
 <qti-assessment-section identifier="I" title="i" visible="false" keep-together="false">
  <qti-assessment-item-ref identifier="C" href="c"/><qti-assessment-item-ref identifier="D" href="d"/>
 </qti-assessment-section>
 <qti-assessment-section identifier="J" title="j" visible="true">
  <qti-assessment-item-ref identifier="E" href="e"/><qti-assessment-item-ref identifier="F" href="f"/>
 </qti-assessment-section>
</qti-assessment-section>"""


@pytest.mark.spec("QTI2-033", "QTI2-034", "QTI2-040")
@pytest.mark.feature("F-QTIRUN-16")
def test_selection_and_order_follow_from_the_seed() -> None:
    program = a_test(SELECTED.format(select=3, again=""))
    forms = {seed: begin_test(program, seed=seed).form[0] for seed in range(80)}
    assert forms == {seed: begin_test(program, seed=seed).form[0] for seed in range(80)}
    for form in forms.values():
        names = [entry.name for entry in form]
        assert "A" in names and len(names) == len(set(names))
        if "E" in names:
            assert names.index("F") == names.index("E") + 1, "a visible section stays together"
        if "B" in names:
            assert names.index("B") == (2 if names[0] == "E" else 1), "what is fixed stays where it was"
    mixed = [names for form in forms.values() if {"C", "D"} <= {*(names := [entry.name for entry in form])}]
    assert any(abs(names.index("C") - names.index("D")) > 1 for names in mixed), "an invisible one is mixed in"


def test_selection_with_replacement_numbers_the_instances() -> None:
    program = a_test(SELECTED.format(select=12, again='with-replacement="true"'))
    names = [entry.name for entry in begin_test(program, seed=3).form[0]]
    assert len(set(names)) == len(names)
    assert any(re.fullmatch(r"A\.\d+", name) for name in names)
    state = begin_test(program, seed=3)
    assert state.item is not None
    assert outcomes(submit_item(program, state, {"RESPONSE": "A"}), f"{state.item}.SCORE", "TOTAL") == (1.0, 1.0)


@pytest.mark.parametrize(("select", "message"), [(0, "1 are required"), (5, "of 4"), (-1, "to be selected")])
def test_a_selection_that_cannot_be_made_is_refused(select: int, message: str) -> None:
    with pytest.raises(ProcessingError, match=message):
        begin_test(a_test(SELECTED.format(select=select, again="")), seed=1)


@pytest.mark.feature("F-QTIRUN-17")
def test_time_limits_hold_at_every_level() -> None:
    limit = '<qti-time-limits max-time="10"/>'
    program = a_test(THREE, inside=limit)
    state = begin_test(program, seed=1, now=0.0)
    assert time_left(program, state, now=4.0) == 6.0
    late = respond_item(program, state, {"RESPONSE": "A"}, now=10.0)
    with pytest.raises(NotAllowedNow, match="time for P is over"):
        submit_item(program, late, now=10.5)
    lenient = a_test(THREE, inside='<qti-time-limits max-time="10" allow-late-submission="true"/>')
    assert outcomes(submit_item(lenient, begin_test(lenient, seed=1), {"RESPONSE": "A"}, now=50.0), "TOTAL") == (1.0,)
    assert [time_left(lenient, begin_test(lenient, seed=1), now=now) for now in (4.0, 50.0)] == [6.0, 0.0]
    slow = a_test(THREE.replace('href="b"/>', 'href="b"><qti-time-limits min-time="5"/></qti-assessment-item-ref>'))
    state = go_on(slow, begin_test(slow, seed=1, now=0.0), now=1.0)
    with pytest.raises(NotAllowedNow, match="cannot be left before 5 seconds"):
        go_on(slow, state, now=3.0)
    assert go_on(slow, state, now=6.0).item == "Q3"


@pytest.mark.feature("F-QTIRUN-18")
def test_a_test_is_suspended_stored_and_resumed() -> None:
    program = a_test(THREE)
    state = respond_item(program, begin_test(program, seed=9, now=0.0), {"RESPONSE": "A"}, now=1.0)
    asleep = suspend_test(program, state, now=2.0)
    again = TestState.from_json(json.loads(json.dumps(asleep.to_json())))
    assert again == asleep
    with pytest.raises(NotAllowedNow, match="suspended"):
        submit_item(program, again, now=3.0)
    awake = submit_item(program, resume_test(program, again, now=100.0), now=101.0)
    assert (awake.seconds[""], outcomes(awake, "TOTAL", "Q1.duration")) == (3.0, (1.0, 3.0))
    ended = end_test(program, awake, now=102.0)
    assert (ended.status, ended.items["Q1"].status) == ("ended", "ended")
    for damaged in (None, {}, {**asleep.to_json(), "status": "x"}, {**asleep.to_json(), "items": {"Q1": 1}}):
        with pytest.raises(InvalidInput):
            TestState.from_json(damaged)


def test_what_may_not_be_skipped_wants_an_answer() -> None:
    control = '<qti-item-session-control allow-skipping="false" max-attempts="0"/>'
    program = a_test(THREE, inside=control)
    state = begin_test(program, seed=1)
    with pytest.raises(NotAllowedNow, match="cannot be skipped"):
        go_on(program, state)
    state = submit_item(program, state, {"RESPONSE": "B"})
    assert go_on(program, state).item == "Q2"


@pytest.mark.spec("QTI2-134", "QTI2-039")
def test_templates_get_their_defaults_from_the_test() -> None:
    default = (
        '<qti-template-default template-identifier="T"><qti-base-value base-type="integer">7</qti-base-value>'
        "</qti-template-default>"
    )
    program = a_test(THREE.replace('href="b"/>', f'href="t">{default}</qti-assessment-item-ref>'))
    state = go_on(program, begin_test(program, seed=1))
    assert outcomes(state, "Q2.T") == (7,)
    program = a_test(THREE.replace('href="b"/>', f'href="b">{default}</qti-assessment-item-ref>'))
    state = go_on(program, begin_test(program, seed=1))
    assert [each for each in state.problems if "Q2 has no template variable T" in each]
    wrong = default.replace("integer", "string")
    program = a_test(THREE.replace('href="b"/>', f'href="t">{wrong}</qti-assessment-item-ref>'))
    state = go_on(program, begin_test(program, seed=1))
    assert [each for each in state.problems if "T is single integer" in each]


def test_conditions_see_outcomes_and_times() -> None:
    condition = (
        '<qti-pre-condition><qti-gt><qti-variable identifier="Q1.SCORE"/>'
        '<qti-base-value base-type="float">0</qti-base-value></qti-gt></qti-pre-condition>'
    )
    program = a_test(THREE.replace('href="b"/>', f'href="b">{condition}</qti-assessment-item-ref>'))
    state = begin_test(program, seed=1)
    assert go_on(program, submit_item(program, state, {"RESPONSE": "A"})).item == "Q2"
    assert go_on(program, submit_item(program, state, {"RESPONSE": "B"})).item == "Q3"
    assert go_on(program, state).problems == ()


WRONG_TESTS = [
    (THREE.replace("Q2", "Q1"), "identifier Q1 is taken"),
    (THREE.replace("Q2", "EXIT_TEST"), "identifier EXIT_TEST is taken"),
    ('<qti-assessment-section-ref identifier="S" href="a"/>', "holds no section"),
]


@pytest.mark.parametrize(("sections", "message"), WRONG_TESTS)
def test_a_test_that_cannot_be_prepared_is_refused(sections: str, message: str) -> None:
    with pytest.raises(ProcessingError, match=message):
        a_test(sections)


TWO_RESPONSES = item("two").replace(
    "<qti-outcome-declaration",
    '<qti-response-declaration identifier="OPEN" cardinality="single" base-type="string"/><qti-outcome-declaration',
    1,
)


def of_items(sections: str, items: dict[str, str], rules: str = "", declared: str = "") -> TestProgram:
    xml = f"""<qti-assessment-test {NAMESPACE} identifier="t" title="t">{declared}
 <qti-test-part identifier="P" navigation-mode="linear" submission-mode="individual">{sections}</qti-test-part>
 <qti-outcome-processing>{rules}</qti-outcome-processing></qti-assessment-test>"""
    return prepare_test(read(xml.encode()), lambda href: read(items[href].encode()))


def outcome(name: str, expression: str) -> tuple[str, str]:
    return (
        f'<qti-outcome-declaration identifier="{name}" cardinality="single" base-type="float"/>',
        f'<qti-set-outcome-value identifier="{name}">{expression}</qti-set-outcome-value>',
    )


@pytest.mark.feature("F-QTIRUN-38")
def test_only_items_with_all_correct_responses_count_as_right_or_wrong() -> None:
    (declared, rule), (also, more) = (
        outcome("RIGHT", "<qti-number-correct/>"),
        outcome("WRONG", "<qti-number-incorrect/>"),
    )
    section = (
        '<qti-assessment-section identifier="S" title="s" visible="true"><qti-assessment-item-ref identifier="Q1"'
        ' href="two"/><qti-assessment-item-ref identifier="Q2" href="one"/></qti-assessment-section>'
    )
    program = of_items(section, {"two": TWO_RESPONSES, "one": item("one")}, rule + more, declared + also)
    state = submit_item(program, begin_test(program, seed=1), {"RESPONSE": "A", "OPEN": "x"})
    assert outcomes(state, "RIGHT", "WRONG") == (0.0, 0.0), "the open question has no correct response"
    state = submit_item(program, go_on(program, state), {"RESPONSE": "A"})
    assert outcomes(state, "RIGHT", "WRONG") == (1.0, 0.0)


@pytest.mark.feature("F-QTIRUN-38")
def test_weights_are_for_numbers_alone() -> None:
    same = '<qti-match><qti-variable identifier="Q1.RESPONSE" weight-identifier="W"/><qti-base-value base-type="{}">{}'
    rules = (
        f"<qti-outcome-condition><qti-outcome-if>{same.format('identifier', 'A')}</qti-base-value></qti-match>"
        '<qti-set-outcome-value identifier="X"><qti-variable identifier="Q1.SCORE" weight-identifier="W"/>'
        "</qti-set-outcome-value></qti-outcome-if></qti-outcome-condition>"
    )
    declared, _ = outcome("X", "")
    section = (
        '<qti-assessment-section identifier="S" title="s" visible="true"><qti-assessment-item-ref identifier="Q1"'
        ' href="one"><qti-weight identifier="W" value="3"/></qti-assessment-item-ref></qti-assessment-section>'
    )
    program = of_items(section, {"one": item("one")}, rules, declared)
    state = submit_item(program, begin_test(program, seed=1), {"RESPONSE": "A"}, strict=True)
    assert outcomes(state, "X") == (3.0,)


MIXED = """<qti-assessment-section identifier="S" title="s" visible="true"><qti-ordering shuffle="true"/>
 <qti-assessment-item-ref identifier="A" href="a"/>
 <qti-assessment-section identifier="I" title="i" visible="false" keep-together="false">
  <qti-assessment-item-ref identifier="B" href="b" fixed="true"/><qti-assessment-item-ref identifier="C" href="c"/>
 </qti-assessment-section><qti-assessment-item-ref identifier="D" href="d"/></qti-assessment-section>"""


@pytest.mark.feature("F-QTIRUN-16")
def test_what_is_fixed_stays_where_it_is_even_in_a_section_that_is_mixed_in() -> None:
    program = a_test(MIXED)
    orders = {tuple(entry.name for entry in begin_test(program, seed=seed).form[0]) for seed in range(60)}
    assert {order[1] for order in orders} == {"B"}
    assert len(orders) == 6


@pytest.mark.feature("F-QTIRUN-38")
def test_an_item_selected_twice_has_the_values_of_the_instance_submitted_last() -> None:
    section = """<qti-assessment-section identifier="S" title="s" visible="true">
     <qti-selection select="2" with-replacement="true"/><qti-assessment-item-ref identifier="Q" href="one"/>
     </qti-assessment-section>"""
    declared, rule = outcome("X", '<qti-variable identifier="Q.SCORE"/>')
    program = of_items(section, {"one": item("one")}, rule, declared)
    state = submit_item(program, begin_test(program, seed=1), {"RESPONSE": "A"})
    assert (state.item, outcomes(state, "X")) == ("Q.1", (1.0,))
    state = submit_item(program, go_on(program, state), {"RESPONSE": "B"})
    assert (state.item, outcomes(state, "X")) == ("Q.2", (0.0,))


@pytest.mark.feature("F-QTIRUN-17")
def test_a_section_is_not_left_before_its_time() -> None:
    limit = '<qti-time-limits min-time="5"/>'
    section = THREE.replace('visible="true">', f'visible="true">{limit}')
    other = THREE.replace('"S"', '"Z"').replace("Q", "R")
    program = a_test(section + other)
    state = begin_test(program, seed=1, now=0.0)
    state = go_on(program, go_on(program, state, now=1.0), now=2.0)
    assert state.item == "Q3", "within the section one goes on"
    with pytest.raises(NotAllowedNow, match="S cannot be left before 5 seconds"):
        go_on(program, state, now=4.0)
    assert go_on(program, state, now=5.0).item == "R1"


FEEDBACK = """<qti-test-feedback identifier="{}" outcome-identifier="LEVEL" show-hide="{}" access="{}">
 <qti-content-body><p>{}</p></qti-content-body></qti-test-feedback>"""


@pytest.mark.feature("F-QTIRUN-39")
def test_feedback_on_a_test_is_shown_by_its_outcomes() -> None:
    pass_ = '<qti-base-value base-type="identifier">{}</qti-base-value>'
    xml = f"""<qti-assessment-test {NAMESPACE} identifier="t" title="t">
 <qti-outcome-declaration identifier="LEVEL" cardinality="single" base-type="identifier"/>
 <qti-test-part identifier="P" navigation-mode="linear" submission-mode="individual">
 {THREE}{FEEDBACK.format("good", "show", "atEnd", "part")}</qti-test-part>
 <qti-outcome-processing><qti-outcome-condition><qti-outcome-if><qti-gt>{SCORES.format("")}
 <qti-base-value base-type="float">0</qti-base-value></qti-gt><qti-set-outcome-value identifier="LEVEL">
 {pass_.format("good")}</qti-set-outcome-value></qti-outcome-if></qti-outcome-condition></qti-outcome-processing>
 {FEEDBACK.format("good", "show", "during", "well begun")}{FEEDBACK.format("good", "hide", "during", "go on")}
 {FEEDBACK.format("good", "show", "atEnd", "well done")}</qti-assessment-test>"""
    program = prepare_test(read(xml.encode()), lambda href: read(item(href).encode()))

    def texts(state: TestState, part: str | None = None) -> list[str]:
        found = test_feedback(program, state, part=part)
        return ["".join(node.text for node in each.walk()).strip() for each in found]

    state = begin_test(program, seed=1)
    assert (texts(state), texts(state, "P")) == (["go on"], [])
    state = submit_item(program, state, {"RESPONSE": "A"})
    assert texts(state) == ["well begun"]
    state = end_test(program, state)
    assert (texts(state), texts(state, "P")) == (["well done"], ["part"])
    with pytest.raises(InvalidInput, match="no part X"):
        test_feedback(program, state, part="X")


@pytest.mark.feature("F-QTIRUN-38")
def test_an_exit_ends_the_test_and_its_items() -> None:
    declared, rule = outcome("X", '<qti-base-value base-type="float">1</qti-base-value>')
    section = THREE.replace('<qti-weight identifier="W" value="2.5"/>', "")
    items = dict.fromkeys("abc", item("i"))
    program = of_items(section, items, rule + "<qti-exit-test/>" + rule, declared)
    state = submit_item(program, begin_test(program, seed=1, now=0.0), {"RESPONSE": "A"}, now=2.0)
    assert (state.status, state.items["Q1"].status, outcomes(state, "X")) == ("ended", "ended", (1.0,))


NEVER = '<qti-pre-condition><qti-base-value base-type="boolean">false</qti-base-value></qti-pre-condition>'
ALWAYS = '<qti-branch-rule target="{}"><qti-base-value base-type="boolean">true</qti-base-value></qti-branch-rule>'


def section(identifier: str, rules: str, *items: tuple[str, str]) -> str:
    ref = '<qti-assessment-item-ref identifier="{}" href="a">{}</qti-assessment-item-ref>'
    inside = "".join(ref.format(name, rule) for name, rule in items)
    start = f'<qti-assessment-section identifier="{identifier}" title="s" visible="true">'
    return f"{start}{rules}{inside}</qti-assessment-section>"


C_AND_D = section("T", "", ("C", ""), ("D", ""))
ROUTES = [
    # The branch of a section counts where its last items were skipped, and not where the section itself was.
    (section("S", ALWAYS.format("D"), ("A", ""), ("B", NEVER)) + C_AND_D, "A D"),
    (section("S", ALWAYS.format("D"), ("A", NEVER), ("B", NEVER)) + C_AND_D, "D"),
    (section("S", NEVER + ALWAYS.format("D"), ("A", "")) + C_AND_D, "C D"),
    # The branch of an item that was skipped does not count.
    (section("S", "", ("A", ""), ("B", NEVER + ALWAYS.format("D")), ("C", ""), ("D", "")), "A C D"),
    (section("S", "", ("A", ALWAYS.format("EXIT_SECTION")), ("B", "")) + section("T", "", ("C", "")), "A C"),
    (section("S", "", ("A", ALWAYS.format("EXIT_TESTPART")), ("B", "")) + section("T", "", ("C", "")), "A"),
    # A branch into a section comes to its conditions.
    (section("S", "", ("A", ALWAYS.format("C"))) + section("T", NEVER, ("C", "")) + section("U", "", ("E", "")), "A E"),
]  # fmt: skip


@pytest.mark.feature("F-QTIRUN-51")
@pytest.mark.parametrize(("sections", "way"), ROUTES)
def test_branches_and_conditions_lead_the_way(sections: str, way: str) -> None:
    presented, failed = walked(of_items(sections, {"a": item("a")}))
    assert ([" ".join(map(str, part)) for part in presented], failed) == ([way], False)
