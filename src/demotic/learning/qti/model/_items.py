"""Items and stimuli.

Specification: QTI 3.0 ASI information model, sections 2.1 and 2.10.
"""

from __future__ import annotations

from demotic.learning.qti.model._accessibility import CompanionMaterialsInfo
from demotic.learning.qti.model._body import CatalogInfo, ItemBody, ModalFeedback, StimulusBody, Stylesheet
from demotic.learning.qti.model._declarations import (
    ContextDeclaration,
    Declaration,
    OutcomeDeclaration,
    ResponseDeclaration,
    TemplateDeclaration,
)
from demotic.learning.qti.model._interactions import Interaction
from demotic.learning.qti.model._node import EMPTY, REQUIRED, Node, attribute, many, one
from demotic.learning.qti.model._rules import ResponseProcessing, TemplateProcessing
from demotic.learning.qti.model._values import boolean, ident
from demotic.learning.qti.model._version import Version

__all__ = ["AssessmentItem", "AssessmentStimulus", "AssessmentStimulusRef", "Titled"]

V20, V22, V30 = Version.V2_0, Version.V2_2, Version.V3_0


class Titled(Node):
    """The root of a document: it has an identifier and a title, and may name the tool that made it."""

    identifier = attribute(required=True)
    title = attribute(required=True)
    label = attribute()
    lang = attribute(wire="xml:lang", old="xml:lang")
    base = attribute(wire="xml:base", old="xml:base")
    tool_name = attribute()
    tool_version = attribute()


class AssessmentStimulusRef(Node, tag="assessment-stimulus-ref", since=V22, content=EMPTY):
    """A stimulus that an item goes with."""

    identifier = attribute(ident, required=True)
    href = attribute(required=True)
    title = attribute(since=V30)


class AssessmentItem(Titled, tag="assessment-item"):
    """An item: what is asked, how it is answered, and how the answer is scored."""

    adaptive = attribute(boolean, default=False, older={V20: REQUIRED})
    time_dependent = attribute(boolean, required=True)
    context_declarations = many(ContextDeclaration)
    response_declarations = many(ResponseDeclaration)
    outcome_declarations = many(OutcomeDeclaration)
    template_declarations = many(TemplateDeclaration)
    template_processing = one(TemplateProcessing)
    stimulus_refs = many(AssessmentStimulusRef)
    companion_materials_info = one(CompanionMaterialsInfo)
    stylesheets = many(Stylesheet)
    item_body = one(ItemBody)
    catalog_info = one(CatalogInfo)
    response_processing = one(ResponseProcessing)
    modal_feedbacks = many(ModalFeedback)

    @property
    def declarations(self) -> list[Declaration]:
        """All declarations, in the order of the document."""
        return [child for child in self.children if isinstance(child, Declaration)]

    @property
    def interactions(self) -> list[Interaction]:
        """The interactions of the body, in the order of the document."""
        body = self.item_body
        return [] if body is None else list(body.find(Interaction))


class AssessmentStimulus(Titled, tag="assessment-stimulus", since=V22):
    """Content that several items share."""

    stylesheets = many(Stylesheet)
    body = one(StimulusBody, required=True)
    catalog_info = one(CatalogInfo)
