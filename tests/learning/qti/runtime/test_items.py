"""Item sessions: the public cases, and the life of a session step by step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.learning.qti.runtime.cases_of import CONTRADICTED, RULINGS, agrees, cases_of

from demotic.errors import InvalidInput
from demotic.learning.qti import open_document, read
from demotic.learning.qti.runtime import (
    Control,
    InvalidResponses,
    ItemProgram,
    ItemState,
    NotAllowedNow,
    ProcessingError,
    UnknownResponse,
    attempt,
    begin,
    end,
    prepare,
    respond,
    resume,
    submit,
    suspend,
)

ROOT = Path(__file__).resolve().parents[4]


def fails(case: dict[str, Any], program: ItemProgram) -> str | None:
    """Run a case; return what is not as expected."""
    state = begin(program, seed=case.get("seed", 1))
    for step in case["steps"]:
        if state.status == "ended":  # the engines that made the cases allowed any number of attempts
            state = state.changed(status="begun", since=0.0)
        state = submit(program, state, step["responses"])
        expected = step.get("expect", {})
        outcomes = {**step.get("outcomes", {}), **expected.get("outcomes", {})}
        if "score" in expected:
            outcomes["SCORE"] = expected["score"]
        for name, value in outcomes.items():
            if not agrees(state.values.get(name), value):
                return f"{name} is {state.values.get(name)}, not {value}"
        status = state["completionStatus"]
        if "completionStatus" in step and (status is None or status.data != step["completionStatus"]):
            return f"completionStatus is {status}"
    return None


@pytest.mark.spec("QTI2-098", "QTI2-109", "QTI2-117", "QTI2-118", "QTI2-141")
@pytest.mark.feature("F-QTIRUN-04")
def test_items_score_as_the_cases_say(shared_data: Path) -> None:
    programs: dict[str, ItemProgram] = {}
    cases = list(cases_of(shared_data, "item"))
    wrong = {}
    for case in cases:
        file = case["file"]
        if file not in programs:
            programs[file] = prepare(open_document(shared_data / "learning" / file))
        if reason := fails(case, programs[file]):
            wrong[case["id"]] = reason
    print(f"{len(cases) - len(wrong)} of {len(cases)} cases of items score as expected, {len(wrong)} ruled otherwise")
    assert {name: reason for name, reason in wrong.items() if name not in CONTRADICTED} == {}
    assert {case["id"] for case in cases} & CONTRADICTED == wrong.keys()


def test_every_ruling_that_contradicts_a_case_is_on_the_page() -> None:
    page = (ROOT / "docs" / "qti-rulings.md").read_text()
    assert [ruling for ruling in RULINGS if f"| {ruling} |" not in page] == []


ITEM = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t"
 time-dependent="false">
 <qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier">
  <qti-correct-response><qti-value>A</qti-value><qti-value>B</qti-value></qti-correct-response>
  <qti-mapping lower-bound="0" upper-bound="3" default-value="-1">
   <qti-map-entry map-key="A" mapped-value="2"/><qti-map-entry map-key="B" mapped-value="2"/>
  </qti-mapping>
 </qti-response-declaration>
 <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
 <qti-item-body>
  <qti-choice-interaction response-identifier="RESPONSE" max-choices="2" min-choices="1" shuffle="true">
   <qti-simple-choice identifier="A">a</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice>
   <qti-simple-choice identifier="C">c</qti-simple-choice>
   <qti-simple-choice identifier="D" fixed="true">d</qti-simple-choice>
  </qti-choice-interaction>
 </qti-item-body>
 <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"/>
</qti-assessment-item>"""


@pytest.fixture(scope="module")
def program() -> ItemProgram:
    return prepare(read(ITEM.encode()))


@pytest.mark.spec("QTI2-104", "QTI2-106", "QTI2-107", "QTI2-108")
@pytest.mark.feature("F-QTIRUN-05")
def test_a_session_from_begin_to_end(program: ItemProgram) -> None:
    state = begin(program, seed=5, now=100.0)
    assert data(state, "SCORE", "completionStatus", "numAttempts") == (0.0, "not_attempted", 0)
    saved = respond(program, state, {"RESPONSE": ["A"]}, now=103.0)
    assert (saved.status, data(saved, "numAttempts", "completionStatus")) == ("interacting", (1, "unknown"))
    assert saved["RESPONSE"] is None, "processing does not see what was not submitted"
    assert saved.responses["RESPONSE"] is not None
    done = submit(program, saved, now=110.0)
    assert data(done, "SCORE", "duration", "completionStatus") == (2.0, 10.0, "completed")
    again = submit(program, done, {"RESPONSE": ["A", "B"]}, now=111.0)
    assert data(again, "SCORE", "numAttempts") == (3.0, 2)
    closed = end(program, again, now=112.0)
    assert closed.status == "ended"
    with pytest.raises(NotAllowedNow, match="ended"):
        submit(program, closed, {}, now=113.0)
    assert data(state, "SCORE", "completionStatus") == (0.0, "not_attempted"), "states do not change"


def data(state: ItemState, *names: str) -> tuple[Any, ...]:
    return tuple(None if (value := state[name]) is None else value.data for name in names)


@pytest.mark.feature("F-QTIRUN-06")
def test_the_clock_stands_while_a_session_is_suspended(program: ItemProgram) -> None:
    state = respond(program, begin(program, seed=1, now=0.0), {"RESPONSE": ["A"]}, now=4.0)
    asleep = suspend(program, state, now=5.0)
    with pytest.raises(NotAllowedNow, match="suspended"):
        respond(program, asleep, {"RESPONSE": ["B"]}, now=6.0)
    awake = resume(program, asleep, now=1000.0)
    assert (awake.status, data(submit(program, awake, now=1001.0), "SCORE", "duration")) == ("interacting", (2.0, 6.0))


@pytest.mark.feature("F-QTIRUN-07")
def test_a_state_is_the_same_after_json(program: ItemProgram) -> None:
    state = respond(program, begin(program, seed=2**64 - 1), {"RESPONSE": ["A", "C"]})
    assert ItemState.from_json(json.loads(json.dumps(state.to_json()))) == state
    for damaged in (None, {}, {**state.to_json(), "status": "x"}, {**state.to_json(), "values": {"A": 1}}):
        with pytest.raises(InvalidInput):
            ItemState.from_json(damaged)


@pytest.mark.feature("F-QTIRUN-08")
def test_choices_are_shuffled_around_those_that_are_fixed(program: ItemProgram) -> None:
    orders = {begin(program, seed=seed).orders["RESPONSE"] for seed in range(40)}
    assert {order[-1] for order in orders} == {"D"}
    assert {frozenset(order) for order in orders} == {frozenset("ABCD")}
    assert len(orders) == 6


CONTROLLED = [
    (Control(max_attempts=1), [["A"], ["B"]], NotAllowedNow, "ended"),
    (Control(validate_responses=True), [["A", "B", "C"]], InvalidResponses, "3 choices given, at most 2"),
    (Control(validate_responses=True), [[]], InvalidResponses, "0 choices given, at least 1"),
    (Control(validate_responses=True), [["X"]], InvalidResponses, "no choice X"),
    (Control(allow_skipping=False), [None], InvalidResponses, "not answered"),
]


@pytest.mark.feature("F-QTIRUN-09")
@pytest.mark.parametrize(("control", "given", "error", "message"), CONTROLLED)
def test_what_the_control_does_not_allow_is_refused(
    program: ItemProgram, control: Control, given: list[Any], error: type[Exception], message: str
) -> None:
    state = begin(program, seed=1)
    with pytest.raises(error, match=message):
        for response in given:
            state = submit(program, state, {"RESPONSE": response}, control=control)


def test_wrong_names_and_times_are_refused(program: ItemProgram) -> None:
    state = begin(program, seed=1, now=10.0)
    with pytest.raises(UnknownResponse, match="no response variable SCORE"):
        submit(program, state, {"SCORE": "1"}, now=11.0)
    with pytest.raises(ProcessingError, match="clock went back"):
        attempt(program, state, now=9.0)
    with pytest.raises(InvalidInput, match="no variable X"):
        begin(program, seed=1, templates={"X": None})


def test_what_is_no_value_is_null_and_told() -> None:
    xml = ITEM.replace('cardinality="multiple" base-type="identifier"', 'cardinality="single" base-type="integer"')
    xml = xml[: xml.index("<qti-item-body>")].replace("A", "1").replace("B", "2").replace(
        '<qti-value>2</qti-value>', "") + (
        '<qti-item-body><p><qti-text-entry-interaction response-identifier="RESPONSE" base="16"/></p></qti-item-body>'
        "</qti-assessment-item>"
    )  # fmt: skip
    program = prepare(read(xml.encode()))
    state = respond(program, begin(program, seed=1), {"RESPONSE": "ff"})
    assert state.responses["RESPONSE"].data == 255  # type: ignore[union-attr]
    wrong = respond(program, state, {"RESPONSE": "fg"})
    assert (wrong.responses["RESPONSE"], wrong.raw) == (None, {"RESPONSE": "fg"})
    assert "RESPONSE" in wrong.invalid


CLONES = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t"
 time-dependent="false">
 <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="integer"/>
 <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
 <qti-template-declaration identifier="A" cardinality="single" base-type="integer"/>
 <qti-template-declaration identifier="B" cardinality="single" base-type="integer"/>
 <qti-template-processing>
  <qti-set-template-value identifier="A"><qti-random-integer min="1" max="9"/></qti-set-template-value>
  <qti-set-template-value identifier="B"><qti-random-integer min="1" max="9"/></qti-set-template-value>
  <qti-template-constraint>
   <qti-lt><qti-variable identifier="A"/><qti-variable identifier="B"/></qti-lt>
  </qti-template-constraint>
  <qti-set-correct-response identifier="RESPONSE">
   <qti-sum><qti-variable identifier="A"/><qti-variable identifier="B"/></qti-sum>
  </qti-set-correct-response>
 </qti-template-processing>
 <qti-item-body><p><qti-text-entry-interaction response-identifier="RESPONSE"/></p></qti-item-body>
 <qti-response-processing template="match_correct"/>
</qti-assessment-item>"""


@pytest.mark.spec("QTI2-105", "QTI2-124", "QTI2-126", "QTI2-127", "QTI2-130")
@pytest.mark.feature("F-QTIRUN-10")
def test_clones_keep_their_constraints_and_follow_from_the_seed() -> None:
    program = prepare(read(CLONES.encode()))
    seen = set()
    for seed in range(60):
        state = begin(program, seed=seed)
        a, b = data(state, "A", "B")
        seen.add((a, b))
        assert a < b
        assert begin(program, seed=seed) == state
        assert data(submit(program, state, {"RESPONSE": str(a + b)}), "SCORE") == (1.0,)
        assert data(submit(program, state, {"RESPONSE": str(a + b + 1)}), "SCORE") == (0.0,)
    assert len(seen) > 20


def test_a_constraint_that_nothing_meets_leaves_the_defaults() -> None:
    program = prepare(read(CLONES.replace('min="1" max="9"', 'min="4" max="4"').encode()))
    assert data(begin(program, seed=1), "A", "B") == (None, None)


@pytest.mark.feature("F-QTIRUN-11")
def test_a_rule_that_fails_is_told_and_loses_no_answer() -> None:
    broken = CLONES.replace(
        '<qti-response-processing template="match_correct"/>',
        "<qti-response-processing><qti-set-outcome-value identifier='SCORE'><qti-not>"
        "<qti-variable identifier='RESPONSE'/></qti-not></qti-set-outcome-value>"
        "<qti-set-outcome-value identifier='SCORE'><qti-base-value base-type='float'>5</qti-base-value>"
        "</qti-set-outcome-value></qti-response-processing>",
    )
    program = prepare(read(broken.encode()))
    state = submit(program, begin(program, seed=1), {"RESPONSE": "3"})
    assert data(state, "SCORE", "RESPONSE") == (5.0, 3)
    assert len(state.problems) == 1 and "qti-not at line" in state.problems[0]
    with pytest.raises(ProcessingError, match="qti-not at line"):
        submit(program, begin(program, seed=1), {"RESPONSE": "3"}, strict=True)
