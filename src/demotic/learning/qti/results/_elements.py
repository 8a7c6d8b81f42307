"""The elements of a results report.

Specification: QTI Results Reporting 2.1, 2.2 and 3.0 (XML binding): the same elements in three namespaces.
"""

from __future__ import annotations

from demotic.learning.qti.model import BaseType, Cardinality
from demotic.learning.qti.runtime import ValueFault
from demotic.learning.qti.runtime.values import Optional, format_data, parse_element, record
from demotic.learning.qti.runtime.values import Value as RuntimeValue
from demotic.xml import Bound, QName, attribute, child, children, double, integer, list_of, one_of, string, text

__all__ = [
    "NAMESPACES", "AssessmentResult", "CandidateResponse", "Context", "CorrectResponse", "ItemResult",
    "OutcomeVariable", "ResponseVariable", "SessionIdentifier", "TemplateVariable", "TestResult", "Value",
    "Variable",
]  # fmt: skip

NAMESPACES = {
    "3.0": "http://www.imsglobal.org/xsd/imsqti_result_v3p0",
    "2.2": "http://www.imsglobal.org/xsd/imsqti_result_v2p2",
    "2.1": "http://www.imsglobal.org/xsd/imsqti_result_v2p1",
}
"""The namespace of each version."""

_OLDER = (NAMESPACES["2.2"], NAMESPACES["2.1"])
_CARDINALITY = one_of(*(each.value for each in Cardinality))
_BASE_TYPE = one_of(*(each.value for each in BaseType))


def _name(local: str) -> QName:
    return QName(NAMESPACES["3.0"], local)


class Value(Bound, name=_name("value"), namespaces=_OLDER):
    """One value as text; a field of a record has a name and a type of its own."""

    field_identifier = attribute("fieldIdentifier")
    base_type = attribute("baseType", type=_BASE_TYPE)
    value = text()


class CandidateResponse(Bound, name=_name("candidateResponse"), namespaces=_OLDER):
    """What the candidate answered; without values, nothing."""

    values = children(Value)


class CorrectResponse(Bound, name=_name("correctResponse"), namespaces=_OLDER):
    """What would have been correct."""

    interpretation = attribute("interpretation")
    values = children(Value)


class Variable(Bound):
    """What all variables of a report have."""

    identifier = attribute("identifier", required=True)
    cardinality = attribute("cardinality", type=_CARDINALITY, required=True)
    base_type = attribute("baseType", type=_BASE_TYPE)

    def parsed(self, values: list[Value]) -> Optional:
        """Return the value that elements hold, NULL for none. Raises `ValueFault` for what is no value of the type."""
        if self.cardinality == Cardinality.RECORD.value:
            return record({each.field_identifier or "": _field(each) for each in values})
        if not values:
            return None
        if self.base_type is None:
            raise ValueFault(f"the variable {self.identifier} has no baseType", target=self.identifier)
        base_type = BaseType(self.base_type)
        if self.cardinality == Cardinality.SINGLE.value:
            if len(values) > 1:
                raise ValueFault(
                    f"the single variable {self.identifier} has {len(values)} values", target=self.identifier
                )
            return parse_element(base_type, values[0].value or "")
        given = [parse_element(base_type, each.value or "") for each in values]
        data = tuple([each.data for each in given if each is not None])
        return RuntimeValue(Cardinality(self.cardinality), base_type, data) if data else None


def _field(element: Value) -> Optional:
    return parse_element(BaseType(element.base_type or "string"), element.value or "")


def values_for(value: Optional) -> list[Value]:
    """Return the elements that hold a value, none for NULL."""
    if value is None:
        return []
    if value.base_type is None:
        return [
            Value(
                field_identifier=name, base_type=field.base_type.value, value=format_data(field.base_type, field.data)
            )
            for name, field in value.data.items()
        ]
    return [Value(value=format_data(value.base_type, item)) for item in value.items]


class ResponseVariable(Variable, name=_name("responseVariable"), namespaces=_OLDER):
    """A response variable; `choice_sequence` is the order in which the choices were shown."""

    choice_sequence = attribute("choiceSequence", type=list_of(string))
    correct_response = child(CorrectResponse)
    candidate_response = child(CandidateResponse, required=True)

    @property
    def given(self) -> Optional:
        """What the candidate answered."""
        return self.parsed(list(self.candidate_response.values))

    @property
    def correct(self) -> Optional:
        """What would have been correct, NULL where the report does not say."""
        return None if self.correct_response is None else self.parsed(list(self.correct_response.values))


class OutcomeVariable(Variable, name=_name("outcomeVariable"), namespaces=_OLDER):
    """An outcome variable."""

    view = attribute("view", type=list_of(string))
    interpretation = attribute("interpretation")
    long_interpretation = attribute("longInterpretation")
    normal_maximum = attribute("normalMaximum", type=double)
    normal_minimum = attribute("normalMinimum", type=double)
    mastery_value = attribute("masteryValue", type=double)
    external_scored = attribute("externalScored")
    values = children(Value)

    @property
    def value(self) -> Optional:
        """Its value."""
        return self.parsed(list(self.values))


class TemplateVariable(Variable, name=_name("templateVariable"), namespaces=_OLDER):
    """A template variable: which clone of the item it was."""

    values = children(Value)

    @property
    def value(self) -> Optional:
        """Its value."""
        return self.parsed(list(self.values))


class _Result(Bound):
    identifier = attribute("identifier", required=True)
    datestamp = attribute("datestamp", required=True)
    responses = children(ResponseVariable)
    templates = children(TemplateVariable)
    outcomes = children(OutcomeVariable)


class TestResult(_Result, name=_name("testResult"), namespaces=_OLDER):
    """The variables of the test, times included."""

    __test__ = False


class ItemResult(_Result, name=_name("itemResult"), namespaces=_OLDER):
    """The variables of one item session."""

    sequence_index = attribute("sequenceIndex", type=integer)
    session_status = attribute(
        "sessionStatus",
        type=one_of("final", "initial", "pendingResponseProcessing", "pendingSubmission"),
        required=True,
    )
    candidate_comment = child(lambda: CandidateComment)


class CandidateComment(Bound, name=_name("candidateComment"), namespaces=_OLDER):
    """What the candidate had to say about the item."""

    value = text()


class SessionIdentifier(Bound, name=_name("sessionIdentifier"), namespaces=_OLDER):
    """The name that a system has for the session."""

    source_id = attribute("sourceID", required=True)
    identifier = attribute("identifier", required=True)


class Context(Bound, name=_name("context"), namespaces=_OLDER):
    """Whose results they are."""

    sourced_id = attribute("sourcedId")
    session_identifiers = children(SessionIdentifier)


class AssessmentResult(Bound, name=_name("assessmentResult"), namespaces=_OLDER):
    """A report: of a test, of items, or both."""

    context = child(Context, required=True)
    test_result = child(TestResult)
    item_results = children(ItemResult)
