"""Tests: parts, sections, references to items, and what governs their delivery.

Specification: QTI 3.0 ASI information model, section 2.12.
"""

from __future__ import annotations

from demotic.learning.qti.model._accessibility import AdaptiveSelection
from demotic.learning.qti.model._body import RubricBlock, Stylesheet, TestFeedback
from demotic.learning.qti.model._declarations import ContextDeclaration, OutcomeDeclaration
from demotic.learning.qti.model._expressions import Expression
from demotic.learning.qti.model._items import Titled
from demotic.learning.qti.model._node import EMPTY, MIXED, Node, attribute, many, one
from demotic.learning.qti.model._rules import OutcomeProcessing
from demotic.learning.qti.model._values import (
    NavigationMode,
    SubmissionMode,
    boolean,
    double,
    ident,
    integer,
    member_of,
    names,
)
from demotic.learning.qti.model._version import Version

__all__ = [
    "AssessmentItemRef", "AssessmentSection", "AssessmentSectionRef", "AssessmentTest", "BranchRule",
    "ItemSessionControl", "Ordering", "PreCondition", "Scheduled", "SectionPart", "Selection", "TemplateDefault",
    "TestPart", "TimeLimits", "VariableMapping", "Weight",
]  # fmt: skip


V21, V22, V30 = Version.V2_1, Version.V2_2, Version.V3_0


class PreCondition(Node, tag="pre-condition", since=V21):
    """What must be true for something to be presented."""

    expression = one(Expression, required=True)


class BranchRule(Node, tag="branch-rule", since=V21):
    """Where to go on, if something is true."""

    target = attribute(ident, required=True)
    expression = one(Expression, required=True)


class ItemSessionControl(Node, tag="item-session-control", since=V21, content=EMPTY):
    """How items are delivered; what is not given here comes from what stands around."""

    max_attempts = attribute(integer)
    show_feedback = attribute(boolean)
    allow_review = attribute(boolean)
    show_solution = attribute(boolean)
    allow_comment = attribute(boolean)
    allow_skipping = attribute(boolean)
    validate_responses = attribute(boolean)


class TimeLimits(Node, tag="time-limits", since=V21, content=EMPTY):
    """How long something may take, in seconds."""

    min_time = attribute(double)
    max_time = attribute(double)
    allow_late_submission = attribute(boolean, default=False)


class VariableMapping(Node, tag="variable-mapping", since=V21, content=EMPTY):
    """Another name for an item's variable in the test."""

    source_identifier = attribute(ident, required=True)
    target_identifier = attribute(ident, required=True)


class Weight(Node, tag="weight", since=V21, content=EMPTY):
    """A factor for an item's numbers."""

    identifier = attribute(ident, required=True)
    value = attribute(double, required=True)


class TemplateDefault(Node, tag="template-default", since=V21):
    """What a template variable of an item begins with in this test."""

    template_identifier = attribute(ident, required=True)
    expression = one(Expression, required=True)


class Selection(Node, tag="selection", since=V21, content=MIXED):
    """How many of the children are selected."""

    select = attribute(integer, required=True)
    with_replacement = attribute(boolean, default=False)


class Ordering(Node, tag="ordering", since=V21, content=MIXED):
    """Whether the selected children are shuffled."""

    shuffle = attribute(boolean, default=False)


class Scheduled(Node):
    """A part of a test that is presented, or passed over."""

    identifier = attribute(ident, required=True)
    class_ = attribute(names, since=V30)
    pre_conditions = many(PreCondition)
    branch_rules = many(BranchRule)
    item_session_control = one(ItemSessionControl)
    time_limits = one(TimeLimits)


class SectionPart(Scheduled):
    """What sections are made of."""

    required = attribute(boolean, default=False)
    fixed = attribute(boolean, default=False)


class AssessmentItemRef(SectionPart, tag="assessment-item-ref", since=V21):
    """An item of the test."""

    href = attribute(required=True)
    category = attribute(names)
    variable_mappings = many(VariableMapping)
    weights = many(Weight)
    template_defaults = many(TemplateDefault)


class AssessmentSectionRef(SectionPart, tag="assessment-section-ref", since=V21):
    """A section that another file holds."""

    href = attribute(required=True)


class AssessmentSection(SectionPart, tag="assessment-section", since=V21):
    """A group of items and sections."""

    title = attribute(required=True)
    visible = attribute(boolean, required=True)
    keep_together = attribute(boolean, default=True)
    adaptive_selection = one(AdaptiveSelection)
    selection = one(Selection)
    ordering = one(Ordering)
    rubric_blocks = many(RubricBlock)
    members = many(SectionPart)


class TestPart(Scheduled, tag="test-part", since=V21):
    """A part of a test, with its own way of navigation and submission."""

    title = attribute(since=V30)
    navigation_mode = attribute(member_of(NavigationMode), required=True)
    submission_mode = attribute(member_of(SubmissionMode), required=True)
    rubric_blocks = many(RubricBlock)
    sections = many(AssessmentSection, AssessmentSectionRef, least=1)
    feedbacks = many(TestFeedback)


class AssessmentTest(Titled, tag="assessment-test", since=V21):
    """A test."""

    class_ = attribute(names, since=V30)
    context_declarations = many(ContextDeclaration)
    outcome_declarations = many(OutcomeDeclaration)
    time_limits = one(TimeLimits)
    stylesheets = many(Stylesheet)
    rubric_blocks = many(RubricBlock)
    test_parts = many(TestPart, least=1)
    outcome_processing = one(OutcomeProcessing)
    feedbacks = many(TestFeedback)
