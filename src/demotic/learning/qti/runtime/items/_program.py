"""An item prepared for running: its declarations, rules and interactions, worked out once for all sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from demotic.learning.qti.model import (
    TEMPLATES,
    AssessmentItem,
    ContextDeclaration,
    GraphicInteraction,
    Html,
    Interaction,
    Node,
    OutcomeDeclaration,
    OutcomeProcessing,
    PositionObjectStage,
    QtiDocument,
    ResponseDeclaration,
    TemplateConstraint,
    TemplateDeclaration,
    Version,
    template_name,
)
from demotic.learning.qti.runtime._errors import ProcessingError
from demotic.learning.qti.runtime.expressions import fault
from demotic.learning.qti.runtime.processing import Declared, Resolve, Steps, compile_rules, understood

__all__ = ["RESERVED", "ItemProgram", "prepare"]

RESERVED = ("numAttempts", "duration", "completionStatus")
"""The built-in variables, which no item declares itself."""


class ItemProgram:
    """An item, prepared. It is shared by all sessions of the item and never changes.

    `problems` has what was wrong with its rules; they fail when they are needed.
    """

    __slots__ = (
        "adaptive", "context", "identifier", "interactions", "item", "of_response", "outcomes", "problems", "process",
        "process_outcomes",         "responses", "template_rules", "templates", "variables", "version",
    )  # fmt: skip

    def __init__(self, item: AssessmentItem, version: Version, resolve: Resolve | None) -> None:
        self.item = item
        self.identifier = item.identifier
        self.version = version
        self.adaptive = bool(item.adaptive)
        self.problems: list[ProcessingError] = []
        self.interactions: list[Interaction] = item.interactions
        self.of_response: dict[str, list[Interaction]] = {}
        for interaction in self.interactions:
            self.of_response.setdefault(interaction.response_identifier, []).append(interaction)
        stages = _stages(item)
        self.variables: dict[str, Declared] = {}
        for node in item.declarations:
            if node.identifier in self.variables:
                raise fault(node, f"the variable {node.identifier} is declared already", "give it another identifier")
            if node.identifier not in RESERVED:
                self.variables[node.identifier] = Declared(node, version, stage=stages.get(node.identifier))
        self.responses = self._of(ResponseDeclaration)
        self.outcomes = self._of(OutcomeDeclaration)
        self.templates = self._of(TemplateDeclaration)
        self.context = self._of(ContextDeclaration)
        self.process = self._response_rules(resolve)
        self.process_outcomes = self._outcome_rules(resolve)
        self.template_rules = self._template_rules(resolve)

    def declaration(self, name: str) -> Declared | None:
        """Return what a variable is declared as, None for a built-in one. Raises `KeyError` for an unknown name."""
        return None if name in RESERVED else self.variables[name]

    def kind(self, name: str) -> str:
        """Return what a variable is: response, outcome, template or context. Raises `KeyError` likewise."""
        if name in RESERVED:
            return "outcome" if name == "completionStatus" else "response"
        return self.variables[name].kind

    def given(self, node: Node, name: str) -> Any:
        """Return an attribute's value, or the default that it has in the item's version."""
        value = node.attributes.get(name)
        return type(node).attribute_table[name].default_in(self.version) if value is None else value

    def _of(self, kind: type[Node]) -> dict[str, Declared]:
        return {name: declared for name, declared in self.variables.items() if isinstance(declared.node, kind)}

    def _response_rules(self, resolve: Resolve | None) -> Steps | None:
        processing = self.item.response_processing
        if processing is None:
            return None
        processing = understood(processing)
        rules: list[Any] = list(processing.rules)
        if not rules:
            addresses = [address for address in (processing.template, processing.template_location) if address]
            if not addresses:
                return None
            known = next((name for address in addresses if (name := template_name(address))), None)
            if known is not None:
                rules = list(TEMPLATES[known].rules())
            elif resolve is not None:
                rules = list(getattr(resolve(addresses[-1]), "rules", []))
            else:
                return self._failing(fault(processing, f"the template {addresses[0]} is not at hand", "give resolve="))
        return compile_rules(rules, resolve)

    def _template_rules(self, resolve: Resolve | None) -> tuple[Steps, bool] | None:
        processing = self.item.template_processing
        if processing is None:
            return None
        processing = understood(processing)
        constrained = any(isinstance(rule, TemplateConstraint) for rule in processing.rules)
        return compile_rules(processing.rules, resolve), constrained

    def _outcome_rules(self, resolve: Resolve | None) -> Steps | None:
        """Outcome processing belongs to tests; where an item has some, it can only mean the item's own outcomes."""
        processing = next((child for child in self.item.children if isinstance(child, OutcomeProcessing)), None)
        return None if processing is None else compile_rules(understood(processing).rules, resolve)

    def _failing(self, error: ProcessingError) -> Callable[[Any], None]:
        self.problems.append(error)

        return lambda space: space.failed(error)


def prepare(item: QtiDocument | AssessmentItem, *, resolve: Resolve | None = None) -> ItemProgram:
    """Prepare an item for running.

    `resolve` finds what the item refers to by address (templates of response processing, included rules). Raises
    `ProcessingError` where a variable is declared twice or has a default that is none of its type, and `InvalidInput`
    if the document is no item.
    """
    if isinstance(item, QtiDocument):
        return ItemProgram(item.item, item.version, resolve)
    return ItemProgram(item, Version.V3_0, resolve)


def _stages(item: AssessmentItem) -> dict[str, tuple[float, float] | None]:
    """Return the size of the image that each point variable refers to, where the document says it."""
    found: dict[str, tuple[float, float] | None] = {}
    body = item.item_body
    if body is None:
        return found
    for stage in body.find(PositionObjectStage):
        for interaction in stage.interactions:
            found.setdefault(interaction.response_identifier, _size(stage.image))
    for graphic in body.find(GraphicInteraction):
        found.setdefault(graphic.response_identifier, _size(graphic.image))
    return found


def _size(image: Html | None) -> tuple[float, float] | None:
    for node in image.find(Html) if image is not None else ():
        try:
            return float(node.get("width") or ""), float(node.get("height") or "")
        except ValueError:
            continue
    return None
