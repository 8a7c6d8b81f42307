"""Results: what a report says is what the session held, in every version, valid by the schema."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from tests.learning.qti.runtime.cases_of import cases_of
from tests.learning.qti.runtime.test_assessments import THREE, a_test
from tests.learning.qti.runtime.test_items import CLONES, ITEM

from demotic.errors import InvalidInput
from demotic.learning.qti import open_document, read
from demotic.learning.qti.results import NAMESPACES, Version, read_report, report_item, report_test, write_report
from demotic.learning.qti.runtime import (
    ValueFault,
    begin,
    begin_test,
    go_on,
    number,
    prepare,
    respond,
    submit,
    submit_item,
)
from demotic.xml import XmlBindingFault, canonicalize, serialize

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.spec("QTI2-180")
@pytest.mark.feature("F-QTIRUN-20")
@pytest.mark.parametrize("version", NAMESPACES)
def test_a_test_is_reported(version: Version, shared_data: Path) -> None:
    program = a_test(THREE)
    state = submit_item(program, begin_test(program, seed=1, now=0.0), {"RESPONSE": "A"}, now=2.0)
    state = submit_item(program, go_on(program, state, now=3.0), {"RESPONSE": "B"}, now=4.5)
    report = report_test(
        program, state, when=WHEN, sourced_id="c1", sessions={"urn:x": "s1"}, comments={"Q2": "too easy"}
    )
    data = write_report(report, version)
    again = read_report(data)
    assert again.test_result is not None
    assert (again.context.sourced_id, again.test_result.datestamp) == ("c1", "2026-03-04T05:06:07+00:00")
    values = {each.identifier: each.value for each in again.test_result.outcomes}
    assert values == {name: state[name] for name in program.outcomes}
    assert {each.identifier: each.given.data for each in again.test_result.responses if each.given} == {
        "duration": 4.5, "P.duration": 4.5, "S.duration": 4.5
    }  # fmt: skip
    assert [(each.identifier, each.sequence_index, each.session_status) for each in again.item_results] == [
        ("Q1", 1, "final"), ("Q2", 2, "final")
    ]  # fmt: skip
    first, second = again.item_results
    answer = next(each for each in first.responses if each.identifier == "RESPONSE")
    assert (answer.given, answer.correct) == (state["Q1.RESPONSE"], state["Q1.RESPONSE"])
    assert second.candidate_comment is not None and second.candidate_comment.value == "too easy"
    schema = etree.XMLSchema(etree.parse(shared_data / "learning/xsd/qtiworks/imsqti_result_v2p1.xsd"))
    schema.assertValid(etree.fromstring(write_report(report, "2.1")))


@pytest.mark.spec("QTI2-180")
@pytest.mark.feature("F-QTIRUN-20")
def test_reports_of_all_items_are_valid_by_the_schema(shared_data: Path) -> None:
    schema = etree.XMLSchema(etree.parse(shared_data / "learning/xsd/qtiworks/imsqti_result_v2p1.xsd"))
    answers = {case["file"]: case["steps"][-1]["responses"] for case in cases_of(shared_data, "item")}
    wrong = {}
    for file, responses in answers.items():
        program = prepare(open_document(shared_data / "learning" / file))
        state = submit(program, begin(program, seed=1), responses)
        report = report_item(program, state, when=WHEN, sourced_id="c1", sessions={"urn:x": "s"}, comment="so so")
        if not schema.validate(etree.fromstring(write_report(report, "2.1"))):
            wrong[file] = [each.message for each in schema.error_log]
    assert (wrong, len(answers) > 100) == ({}, True)


@pytest.mark.feature("F-QTIRUN-20")
def test_an_item_is_reported_with_its_clone_and_its_order() -> None:
    program = prepare(read(CLONES.encode()))
    state = submit(program, begin(program, seed=3), {"RESPONSE": "4"})
    (item,) = read_report(write_report(report_item(program, state, when=WHEN, comment="?"))).item_results
    assert {each.identifier: each.value for each in item.templates} == {"A": state["A"], "B": state["B"]}
    shuffled = prepare(read(ITEM.encode()))
    draft = respond(shuffled, begin(shuffled, seed=3), {"RESPONSE": ["A", "B"]})
    (item,) = read_report(write_report(report_item(shuffled, draft, when=WHEN))).item_results
    answer = item.responses[-1]
    assert item.session_status == "pendingSubmission"
    assert (answer.given, answer.choice_sequence) == (None, list(draft.orders["RESPONSE"]))


@pytest.mark.feature("F-QTIRUN-20")
def test_a_report_of_the_field_is_read_and_written(shared_data: Path) -> None:
    file = shared_data / "learning/instructure-qti/spec/fixtures/tests/tests/report.xml"
    report = read_report(file.read_bytes())
    assert report.test_result is not None
    assert report.test_result.outcomes[0].value == number(100.0)
    assert len(report.item_results) > 1
    assert canonicalize(serialize(report)) == canonicalize(file.read_bytes())


def test_what_is_wrong_with_a_report_is_told() -> None:
    head = f'<assessmentResult xmlns="{NAMESPACES["3.0"]}"><context/>'
    with pytest.raises(XmlBindingFault, match="datestamp"):
        read_report(f'{head}<testResult identifier="t"/></assessmentResult>')
    with pytest.raises(InvalidInput, match="version"):
        write_report(read_report(f"{head}</assessmentResult>"), "1.2")  # type: ignore[arg-type]
    two = '<outcomeVariable identifier="S" cardinality="single" {}><value>1</value><value>2</value></outcomeVariable>'
    for given, message in (('baseType="float"', "2 values"), ("", "no baseType")):
        report = read_report(
            f'{head}<testResult identifier="t" datestamp="x">{two.format(given)}</testResult></assessmentResult>'
        )
        assert report.test_result is not None
        with pytest.raises(ValueFault, match=message):
            _ = report.test_result.outcomes[0].value
