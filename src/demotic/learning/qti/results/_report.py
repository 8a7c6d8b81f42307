"""From sessions to reports, and reports as XML of each version.

Specification: QTI Results Reporting 2.1, 2.2 and 3.0, information model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from demotic.errors import InvalidInput
from demotic.learning.qti.model import BaseType, Cardinality, OutcomeDeclaration
from demotic.learning.qti.results._elements import (
    NAMESPACES,
    AssessmentResult,
    CandidateComment,
    CandidateResponse,
    Context,
    CorrectResponse,
    ItemResult,
    OutcomeVariable,
    ResponseVariable,
    SessionIdentifier,
    TemplateVariable,
    TestResult,
    values_for,
)
from demotic.learning.qti.runtime import ItemProgram, ItemState, TestProgram, TestState
from demotic.learning.qti.runtime.values import Optional, Value
from demotic.xml import move_namespaces, read, serialize

__all__ = ["Version", "read_report", "report_item", "report_test", "write_report"]

Version = Literal["2.1", "2.2", "3.0"]


def report_test(
    program: TestProgram,
    state: TestState,
    *,
    when: datetime,
    sourced_id: str | None = None,
    sessions: Mapping[str, str] | None = None,
    comments: Mapping[str, str] | None = None,
) -> AssessmentResult:
    """Report a test session, with the sessions of its items in the order of the form.

    `when` is the moment of the report, `sourced_id` the candidate, `sessions` the names that systems (by their URIs)
    have for the session, `comments` what the candidate said of items, by their names in the form.
    """
    stamp = _stamp(when)
    times = [("duration", state.seconds.get("", 0.0))]
    times += [(f"{name}.duration", seconds) for name, seconds in state.seconds.items() if name]
    result = TestResult(
        identifier=program.identifier,
        datestamp=stamp,
        responses=[_response(name, Value(Cardinality.SINGLE, BaseType.DURATION, seconds)) for name, seconds in times],
        outcomes=[
            _outcome(name, state.values.get(name), declared.node, declared.cardinality, declared.base_type)
            for name, declared in program.outcomes.items()
        ],
    )
    items = []
    index = 0
    for part in state.form:
        for entry in part:
            index += 1
            item = state.items.get(entry.name)
            prepared = program.places[entry.identifier].program
            if item is not None and prepared is not None:
                comment = (comments or {}).get(entry.name)
                items.append(_item(prepared, item, entry.name, stamp, index, comment))
    return AssessmentResult(context=_context(sourced_id, sessions), test_result=result, item_results=items)


def report_item(
    program: ItemProgram,
    state: ItemState,
    *,
    when: datetime,
    sourced_id: str | None = None,
    sessions: Mapping[str, str] | None = None,
    comment: str | None = None,
) -> AssessmentResult:
    """Report the session of an item that stands alone."""
    item = _item(program, state, program.identifier, _stamp(when), None, comment)
    return AssessmentResult(context=_context(sourced_id, sessions), item_results=[item])


def write_report(report: AssessmentResult, version: Version = "3.0") -> bytes:
    """Return a report as XML of a version. Raises `InvalidInput` for another one."""
    if version not in NAMESPACES:
        raise InvalidInput(f"there are no results of version {version!r}", hint=f"one of {', '.join(NAMESPACES)}")
    copy = read(serialize(report), AssessmentResult)
    move_namespaces(copy, dict.fromkeys(NAMESPACES.values(), NAMESPACES[version]))
    return serialize(copy)


def read_report(data: bytes | str) -> AssessmentResult:
    """Read a report of any version. Raises `XmlSyntaxFault` and `XmlBindingFault`."""
    return read(data, AssessmentResult)


def _stamp(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _context(sourced_id: str | None, sessions: Mapping[str, str] | None) -> Context:
    names = [SessionIdentifier(source_id=source, identifier=name) for source, name in (sessions or {}).items()]
    return Context(sourced_id=sourced_id, session_identifiers=names)


def _item(
    program: ItemProgram, state: ItemState, name: str, stamp: str, index: int | None, comment: str | None
) -> ItemResult:
    responses = [_response(each, state.values[each]) for each in ("numAttempts", "duration")]
    for each, declared in program.responses.items():
        correct = state.corrects.get(each, declared.correct)
        response = _response(each, state.values[each], declared.cardinality, declared.base_type)
        if correct is not None:
            response.correct_response = CorrectResponse(values=values_for(correct))
        if each in state.orders:
            response.choice_sequence = list(state.orders[each])
        responses.append(response)
    status = state.values["completionStatus"]
    outcomes = [_outcome("completionStatus", status, None, Cardinality.SINGLE, BaseType.IDENTIFIER)]
    outcomes += [
        _outcome(each, state.values[each], declared.node, declared.cardinality, declared.base_type)
        for each, declared in program.outcomes.items()
    ]
    templates = [
        TemplateVariable(
            identifier=each,
            cardinality=declared.cardinality.value,
            base_type=None if declared.base_type is None else declared.base_type.value,
            values=values_for(state.values[each]),
        )
        for each, declared in program.templates.items()
    ]
    result = ItemResult(
        identifier=name,
        datestamp=stamp,
        session_status=_status(state),
        responses=responses,
        templates=templates,
        outcomes=outcomes,
    )
    if index is not None:
        result.sequence_index = index
    if comment is not None:
        result.candidate_comment = CandidateComment(value=comment)
    return result


def _status(state: ItemState) -> str:
    if state.trying:
        return "pendingSubmission"
    attempts = state.values["numAttempts"]
    if attempts is None or not attempts.data:
        return "initial"
    return "final"


def _response(
    name: str, value: Optional, cardinality: Cardinality | None = None, base_type: BaseType | None = None
) -> ResponseVariable:
    kind = cardinality or (Cardinality.SINGLE if value is None else value.cardinality)
    of = base_type or (None if value is None else value.base_type)
    return ResponseVariable(
        identifier=name,
        cardinality=kind.value,
        base_type=None if of is None else of.value,
        candidate_response=CandidateResponse(values=values_for(value)),
    )


def _outcome(
    name: str, value: Optional, node: object, cardinality: Cardinality, base_type: BaseType | None
) -> OutcomeVariable:
    outcome = OutcomeVariable(
        identifier=name,
        cardinality=cardinality.value,
        base_type=None if base_type is None else base_type.value,
        values=values_for(value),
    )
    if isinstance(node, OutcomeDeclaration):
        _describe(outcome, node)
    return outcome


_NUMBERS: Iterable[str] = ("normal_maximum", "normal_minimum", "mastery_value", "interpretation", "long_interpretation")


def _describe(outcome: OutcomeVariable, node: OutcomeDeclaration) -> None:
    for each in _NUMBERS:
        given = getattr(node, each)
        if given is not None:
            setattr(outcome, each, given)
