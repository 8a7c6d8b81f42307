"""Processing: responses into outcomes, templates into clones, items' outcomes into those of tests.

Specification: QTI 3.0 ASI information model, sections 2.8 (response processing), 2.9 (template processing) and 2.12
(outcome processing).
"""

from __future__ import annotations

from demotic.learning.qti.model._body import Include
from demotic.learning.qti.model._expressions import Expression
from demotic.learning.qti.model._node import EMPTY, Node, attribute, many, one
from demotic.learning.qti.model._values import ident
from demotic.learning.qti.model._version import Version

__all__ = [
    "Branch", "Condition", "ExitResponse", "ExitTemplate", "ExitTest", "LookupOutcomeValue", "OutcomeCondition",
    "OutcomeElse", "OutcomeElseIf", "OutcomeIf", "OutcomeProcessing", "OutcomeProcessingFragment", "OutcomeRule",
    "ResponseCondition", "ResponseElse", "ResponseElseIf", "ResponseIf", "ResponseProcessing",
    "ResponseProcessingFragment", "ResponseRule", "Rule", "SetCorrectResponse", "SetDefaultValue",
    "SetOutcomeValue", "SetTemplateValue", "SetValue", "TemplateCondition", "TemplateConstraint", "TemplateElse",
    "TemplateElseIf", "TemplateIf", "TemplateProcessing", "TemplateRule",
]  # fmt: skip

V21 = Version.V2_1


class Rule(Node):
    """A step of processing."""


class ResponseRule(Rule):
    """A step of response processing."""


class TemplateRule(Rule):
    """A step of template processing."""


class OutcomeRule(Rule):
    """A step of outcome processing."""


class SetValue(Rule):
    """A step that gives a variable a value."""

    identifier = attribute(ident, required=True)
    expression = one(Expression, required=True)


class SetOutcomeValue(SetValue, ResponseRule, OutcomeRule, tag="set-outcome-value"):
    """Give an outcome variable a value."""


class LookupOutcomeValue(SetValue, ResponseRule, OutcomeRule, tag="lookup-outcome-value", since=V21):
    """Give an outcome variable the value that its lookup table has for a number."""


class SetTemplateValue(SetValue, TemplateRule, tag="set-template-value"):
    """Give a template variable a value."""


class SetCorrectResponse(SetValue, TemplateRule, tag="set-correct-response"):
    """Give a response variable its correct value."""


class SetDefaultValue(SetValue, TemplateRule, tag="set-default-value"):
    """Give a response or outcome variable its default."""


class ExitResponse(ResponseRule, tag="exit-response", content=EMPTY):
    """Stop response processing."""


class ExitTemplate(TemplateRule, tag="exit-template", content=EMPTY):
    """Stop template processing."""


class ExitTest(OutcomeRule, tag="exit-test", since=V21, content=EMPTY):
    """End the test."""


class TemplateConstraint(TemplateRule, tag="template-constraint", since=V21):
    """What must be true of a clone; where it is not, another is made."""

    expression = one(Expression, required=True)


class Branch(Node):
    """One way that a condition may go."""

    rules = many(Rule, Include)

    @property
    def test(self) -> Expression | None:
        """What must be true for this way to be taken; none for `else`."""
        return next((child for child in self.children if isinstance(child, Expression)), None)


class Condition(Rule):
    """The first of several ways whose expression is true."""

    branches = many(Branch, least=1)


class ResponseIf(Branch, tag="response-if"):
    """The first way."""

    expression = one(Expression, required=True)


class ResponseElseIf(Branch, tag="response-else-if"):
    """A further way."""

    expression = one(Expression, required=True)


class ResponseElse(Branch, tag="response-else"):
    """The way where no other is taken."""


class ResponseCondition(Condition, ResponseRule, tag="response-condition"):
    """A condition of response processing."""


class TemplateIf(Branch, tag="template-if"):
    """The first way."""

    expression = one(Expression, required=True)


class TemplateElseIf(Branch, tag="template-else-if"):
    """A further way."""

    expression = one(Expression, required=True)


class TemplateElse(Branch, tag="template-else"):
    """The way where no other is taken."""


class TemplateCondition(Condition, TemplateRule, tag="template-condition"):
    """A condition of template processing."""


class OutcomeIf(Branch, tag="outcome-if"):
    """The first way."""

    expression = one(Expression, required=True)


class OutcomeElseIf(Branch, tag="outcome-else-if"):
    """A further way."""

    expression = one(Expression, required=True)


class OutcomeElse(Branch, tag="outcome-else"):
    """The way where no other is taken."""


class OutcomeCondition(Condition, OutcomeRule, tag="outcome-condition", since=V21):
    """A condition of outcome processing."""


class ResponseProcessingFragment(ResponseRule, tag="response-processing-fragment", since=V21):
    """Rules that stand together, such as those that another file holds."""

    rules = many(ResponseRule, Include)


class OutcomeProcessingFragment(OutcomeRule, tag="outcome-processing-fragment", since=V21):
    """Rules that stand together, such as those that another file holds."""

    rules = many(OutcomeRule, Include)


class ResponseProcessing(Node, tag="response-processing"):
    """What turns responses into outcomes: its own rules, or a template."""

    template = attribute()
    template_location = attribute()
    rules = many(ResponseRule, Include)


class TemplateProcessing(Node, tag="template-processing"):
    """What makes a clone."""

    rules = many(TemplateRule, least=1)


class OutcomeProcessing(Node, tag="outcome-processing", since=V21):
    """What turns the outcomes of items into those of the test."""

    rules = many(OutcomeRule, Include)
