"""One small table of what each operator does, and what sessions tell of their variables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.learning.qti.runtime.test_assessments import NAMESPACE, THREE, a_test
from tests.learning.qti.runtime.test_expressions import Scope, evaluate
from tests.learning.qti.runtime.test_items import CLONES, ITEM, data

from demotic.errors import DemoticError, InvalidInput
from demotic.learning.qti import read
from demotic.learning.qti.model import BaseType, Cardinality
from demotic.learning.qti.runtime import (
    ProcessingError,
    Value,
    begin,
    begin_test,
    container,
    go_on,
    number,
    prepare,
    record,
    respond,
    single,
    submit,
    submit_item,
)

OPERATORS = json.loads((Path(__file__).parent / "cases" / "operators.json").read_text())
VALUES = {
    "X": number(9), "R": single(BaseType.IDENTIFIER, "A"), "two": number(2), "P": single(BaseType.STRING, "[0-9]+"),
    "REC": record({"a": number(1), "b": single(BaseType.STRING, "x")}),
}  # fmt: skip


class Named(Scope):
    def default(self, name: str) -> Value | None:
        return self.value(name)

    correct = default


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=pytest.mark.spec(case["row"]), id=case["xml"][:50]) for case in OPERATORS]
)
def test_operators(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.learning.qti.runtime.test_expressions.Scope", Named)
    if "error" in case:
        with pytest.raises(DemoticError) as raised:
            evaluate(case["xml"], VALUES)
        assert case["error"] in str(raised.value)
        return
    value = evaluate(case["xml"], VALUES)
    found = None if value is None else list(value.items) if "items" in case else value.data
    assert found == case.get("items", case.get("value"))
    if "type" in case:
        assert value is not None and value.base_type is not None and value.base_type.value == case["type"]


@pytest.mark.spec("QTI2-099", "QTI2-100", "QTI2-102", "QTI2-103")
@pytest.mark.feature("F-QTIRUN-31")
def test_a_session_tells_of_its_variables() -> None:
    program = prepare(read(CLONES.encode()))
    state = begin(program, seed=1)
    assert {name: program.kind(name) for name in state.values} == {
        "A": "template", "B": "template", "RESPONSE": "response", "SCORE": "outcome", "numAttempts": "response",
        "duration": "response", "completionStatus": "outcome",
    }  # fmt: skip
    assert program.declaration("numAttempts") is None
    declared = program.declaration("RESPONSE")
    assert declared is not None and (declared.base_type, declared.cardinality) == (BaseType.INTEGER, Cardinality.SINGLE)
    for ask in (program.kind, program.declaration, state.__getitem__):
        with pytest.raises(KeyError):
            ask("X")
    a, b = data(state, "A", "B")
    assert state.corrects["RESPONSE"] == number(a + b), "what template processing has made of it"
    assert (state["RESPONSE"], data(state, "SCORE")) == (None, (0.0,))


SET_DEFAULTS = """<qti-set-default-value identifier="SCORE"><qti-base-value base-type="float">2</qti-base-value>
 </qti-set-default-value>
 <qti-set-default-value identifier="RESPONSE"><qti-variable identifier="A"/></qti-set-default-value>"""
STOP = """<qti-exit-template/>
 <qti-set-template-value identifier="A">
  <qti-base-value base-type="integer">99</qti-base-value></qti-set-template-value>"""
CONSTRAINT, CLOSE = "<qti-template-constraint>", "</qti-template-processing>"
DEFAULTS = CLONES.replace(CONSTRAINT, SET_DEFAULTS + CONSTRAINT).replace(CLOSE, STOP + CLOSE)


@pytest.mark.spec("QTI2-128", "QTI2-129")
def test_template_rules_set_defaults_and_stop() -> None:
    state = begin(prepare(read(DEFAULTS.encode())), seed=2)
    assert data(state, "SCORE") == (2.0,)
    assert state["RESPONSE"] == state["A"] != number(99)


ADAPTIVE = f"""<qti-assessment-item {NAMESPACE} identifier="i" title="t" adaptive="true" time-dependent="false">
 <qti-response-declaration identifier="R" cardinality="single" base-type="identifier"/>
 <qti-outcome-declaration identifier="TRIES" cardinality="single" base-type="integer"/>
 <qti-outcome-declaration identifier="GRADE" cardinality="single" base-type="string">
  <qti-match-table default-value="many"><qti-match-table-entry source-value="1" target-value="one"/></qti-match-table>
 </qti-outcome-declaration>
 <qti-item-body/>
 <qti-response-processing>
  <qti-set-outcome-value identifier="TRIES"><qti-sum><qti-variable identifier="TRIES"/>
   <qti-base-value base-type="integer">1</qti-base-value></qti-sum></qti-set-outcome-value>
  <qti-response-processing-fragment><qti-lookup-outcome-value identifier="GRADE">
   <qti-variable identifier="TRIES"/></qti-lookup-outcome-value></qti-response-processing-fragment>
  <qti-response-condition>
   <qti-response-if><qti-is-null><qti-variable identifier="R"/></qti-is-null><qti-exit-response/></qti-response-if>
   <qti-response-else-if><qti-match><qti-variable identifier="R"/>
    <qti-base-value base-type="identifier">GOOD</qti-base-value></qti-match>
    <qti-set-outcome-value identifier="completionStatus">
     <qti-base-value base-type="identifier">completed</qti-base-value></qti-set-outcome-value></qti-response-else-if>
   <qti-response-else><qti-set-outcome-value identifier="TRIES"><qti-sum><qti-variable identifier="TRIES"/>
    <qti-base-value base-type="integer">10</qti-base-value></qti-sum></qti-set-outcome-value></qti-response-else>
  </qti-response-condition>
  <qti-set-outcome-value identifier="GRADE">
   <qti-base-value base-type="string">end</qti-base-value></qti-set-outcome-value>
 </qti-response-processing></qti-assessment-item>"""


@pytest.mark.spec("QTI2-029", "QTI2-119", "QTI2-120", "QTI2-122", "QTI2-123")
@pytest.mark.feature("F-QTIRUN-32")
def test_an_adaptive_item_keeps_its_outcomes_until_it_is_completed() -> None:
    program = prepare(read(ADAPTIVE.encode()))
    state = submit(program, begin(program, seed=1), {})
    assert data(state, "TRIES", "GRADE", "completionStatus") == (1, "one", "unknown"), "exit-response stops at once"
    state = submit(program, state, {"R": "BAD"})
    assert data(state, "TRIES", "GRADE") == (12, "end")
    state = submit(program, state, {"R": "GOOD"})
    assert data(state, "TRIES", "completionStatus") == (13, "completed")
    assert state.status == "ended"


@pytest.mark.spec("QTI2-121", "QTI2-101", "QTI2-083")
def test_only_values_of_its_type_are_set() -> None:
    wrong = ADAPTIVE.replace('<qti-base-value base-type="string">end', '<qti-base-value base-type="boolean">true')
    program = prepare(read(wrong.encode()))
    before = begin(program, seed=1)
    after = submit(program, before, {"R": "BAD"})
    assert after.problems and "GRADE is single string" in after.problems[0]
    assert (data(after, "GRADE"), before["TRIES"]) == (("one",), number(0))
    with pytest.raises(ProcessingError, match="GRADE is single string"):
        submit(program, before, {"R": "BAD"}, strict=True)
    with pytest.raises(InvalidInput):
        container(Cardinality.MULTIPLE, BaseType.INTEGER, ["1"])


POINTS = f"""<qti-assessment-item {NAMESPACE} identifier="i" title="t" time-dependent="false">
 <qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="point">
  <qti-area-mapping default-value="-1" lower-bound="0">
   <qti-area-map-entry shape="circle" coords="50%,50%,20%" mapped-value="2"/>
   <qti-area-map-entry shape="rect" coords="0,0,10,10" mapped-value="3"/></qti-area-mapping>
 </qti-response-declaration>
 <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
 <qti-item-body><qti-select-point-interaction response-identifier="RESPONSE" max-choices="0">
  <img src="a.png" alt="a" width="200" height="100"/></qti-select-point-interaction></qti-item-body>
 <qti-response-processing template="map_response_point"/></qti-assessment-item>"""
MAPPED = [(["100 50"], 2.0), (["100 50", "101 51"], 2.0), (["100 71"], 0.0), (["100 69"], 2.0),
          (["5 5", "100 50"], 5.0), (["5 5", "60 10"], 2.0), ([], 0.0)]  # fmt: skip


@pytest.mark.spec("QTI2-075", "QTI2-077", "QTI2-142")
@pytest.mark.feature("F-QTIRUN-33")
@pytest.mark.parametrize(("points", "score"), MAPPED)
def test_points_are_mapped_by_areas_of_the_image(points: list[str], score: float) -> None:
    program = prepare(read(POINTS.encode()))
    assert data(submit(program, begin(program, seed=1), {"RESPONSE": points}), "SCORE") == (score,)


@pytest.mark.spec("QTI2-116", "QTI2-139")
def test_times_of_a_test_are_variables_and_weights_multiply() -> None:
    condition = (
        '<qti-pre-condition><qti-duration-gte><qti-variable identifier="P.duration"/>'
        '<qti-base-value base-type="duration">5</qti-base-value></qti-duration-gte></qti-pre-condition>'
    )
    program = a_test(THREE.replace('href="b"/>', f'href="b">{condition}</qti-assessment-item-ref>'))
    state = begin_test(program, seed=1, now=0.0)
    assert go_on(program, state, now=4.0).item == "Q3"
    assert go_on(program, state, now=6.0).item == "Q2"
    weighted = a_test(THREE.replace('href="b"/>', f'href="b">{WEIGHTED}</qti-assessment-item-ref>'))
    state = submit_item(weighted, begin_test(weighted, seed=1), {"RESPONSE": "A"})
    assert go_on(weighted, state).item == "Q2"
    assert go_on(weighted, begin_test(weighted, seed=1)).item == "Q3"


WEIGHTED = (
    '<qti-pre-condition><qti-equal tolerance-mode="exact"><qti-variable identifier="Q1.SCORE" weight-identifier="W"/>'
    '<qti-base-value base-type="float">2.5</qti-base-value></qti-equal></qti-pre-condition>'
)


@pytest.mark.spec("QTI2-070")
def test_responses_are_valid_or_told_why_not() -> None:
    program = prepare(read(ITEM.encode()))
    assert respond(program, begin(program, seed=1), {"RESPONSE": ["A", "B"]}).invalid == {}
    for given in (["A", "B", "C"], [], ["X"]):
        assert "RESPONSE" in respond(program, begin(program, seed=1), {"RESPONSE": given}).invalid


@pytest.mark.spec("QTI2-082", "QTI2-092", "QTI2-095")
def test_values_have_one_type_and_containers_of_nothing_none() -> None:
    assert single(BaseType.DURATION, 1.5) == Value(Cardinality.SINGLE, BaseType.DURATION, 1.5)
    assert container(Cardinality.ORDERED, BaseType.FLOAT, []) is None
    with pytest.raises(InvalidInput, match="no duration"):
        single(BaseType.DURATION, "1")
