"""Element classes for the item that `xml_documents.py` measures, as a user would write them."""

from __future__ import annotations

from typing import Any

from demotic.xml import XML, Bound, QName, attribute, boolean, child, children, double, integer, mixed, text

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"


def _q(name: str) -> QName:
    return QName(QTI, name)


class Value(Bound, name=_q("value")):
    value = text()


class CorrectResponse(Bound, name=_q("correctResponse")):
    values = children(Value)


class DefaultValue(Bound, name=_q("defaultValue")):
    values = children(Value)


class MapEntry(Bound, name=_q("mapEntry")):
    key = attribute("mapKey", required=True)
    value = attribute("mappedValue", type=double, required=True)


class Mapping(Bound, name=_q("mapping")):
    lower = attribute("lowerBound", type=double)
    upper = attribute("upperBound", type=double)
    default = attribute("defaultValue", type=double, required=True)
    entries = children(MapEntry)


class Declaration(Bound):
    identifier = attribute("identifier", required=True)
    cardinality = attribute("cardinality", required=True)
    base_type = attribute("baseType")


class ResponseDeclaration(Declaration, name=_q("responseDeclaration")):
    correct = child(CorrectResponse)
    mapping = child(Mapping)


class OutcomeDeclaration(Declaration, name=_q("outcomeDeclaration")):
    default = child(DefaultValue)


class Inline(Bound):
    content = mixed(lambda: Em, lambda: Strong)


class Em(Inline, name=_q("em")):
    pass


class Strong(Inline, name=_q("strong")):
    pass


class P(Inline, name=_q("p")):
    pass


class Prompt(Inline, name=_q("prompt")):
    pass


class SimpleChoice(Inline, name=_q("simpleChoice")):
    identifier = attribute("identifier", required=True)
    fixed = attribute("fixed", type=boolean, default=False)


class ChoiceInteraction(Bound, name=_q("choiceInteraction")):
    response = attribute("responseIdentifier", required=True)
    shuffle = attribute("shuffle", type=boolean, required=True)
    most = attribute("maxChoices", type=integer, required=True)
    prompt = child(Prompt)
    choices = children(SimpleChoice)


class ItemBody(Bound, name=_q("itemBody")):
    blocks = children(P, ChoiceInteraction)


class ResponseProcessing(Bound, name=_q("responseProcessing")):
    template = attribute("template")


class ModalFeedback(Inline, name=_q("modalFeedback")):
    outcome = attribute("outcomeIdentifier", required=True)
    show = attribute("showHide", required=True)
    identifier = attribute("identifier", required=True)
    title = attribute("title")


class Item(Bound, name=_q("assessmentItem")):
    identifier = attribute("identifier", required=True)
    title = attribute("title", required=True)
    adaptive = attribute("adaptive", type=boolean, required=True)
    time_dependent = attribute("timeDependent", type=boolean, required=True)
    lang = attribute(QName(XML, "lang"))
    responses = children(ResponseDeclaration)
    outcomes = children(OutcomeDeclaration)
    body = child(ItemBody)
    processing = child(ResponseProcessing)
    feedback: Any = children(ModalFeedback)
