"""Items: declarations, interactions, processing, feedback, and what each says of the others.

Specification: QTI 2.1 and 3.0 information models, "Items", "Response Processing", "Feedback".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from demotic.learning.qti import model as m
from demotic.learning.qti.checking._interactions import check_interactions
from demotic.learning.qti.checking._processing import check_rules
from demotic.learning.qti.checking._report import Report
from demotic.learning.qti.checking._scope import Scope, check_declarations
from demotic.learning.qti.checking._types import NUMBER, POINT, base_words, type_of
from demotic.learning.qti.model import TEMPLATES, BaseType, Node, template_name

__all__ = ["check_content", "check_item"]

_IDENTIFIER: Final = type_of(None, BaseType.IDENTIFIER).base


def check_item(item: m.AssessmentItem, report: Report) -> None:
    """Look at an item."""
    scope = Scope()
    check_declarations(item, scope, report)
    processing = item.response_processing
    for rules in (item.template_processing, processing):
        if rules is not None:
            check_rules(rules, scope, report)
    body = item.item_body
    if body is not None:
        check_interactions(body, scope, report)
    if processing is not None:
        _template(processing, scope, report)
    check_content(item, scope, report)
    _feedback(item, scope, report)
    _completion(item, scope, report)
    _unused(item, scope, report)


def _template(processing: m.ResponseProcessing, scope: Scope, report: Report) -> None:
    address = processing.template or processing.template_location
    if not address or any(isinstance(child, m.Rule) for child in processing.children):
        return
    name = template_name(address)
    if not name:
        report.add("unknown-template", processing, address, name=address)
        return
    template = TEMPLATES[name]
    scope.sets |= {"SCORE", *template.sets}
    outcomes = [(each, "outcome") for each in ("SCORE", *template.sets, *template.reads)]
    for variable, kind in [("RESPONSE", "response"), *outcomes]:
        found = scope.find(variable)
        if found is None or found.kind != kind:
            report.add("template-variable", processing, variable, template=name, kind=kind, name=variable)
            continue
        wanted = 0 if variable in template.sets else NUMBER if kind == "outcome" else POINT if template.points else 0
        if wanted and not found.type.base & wanted:
            report.add(
                "template-type",
                processing,
                variable,
                template=name,
                name=variable,
                wanted=base_words(wanted),
                type=base_words(found.type.base),
            )
        declaration = found.node
        if not isinstance(declaration, m.ResponseDeclaration):
            continue
        if template.mapping and getattr(declaration, template.mapping) is None:
            part = declaration.child_table[template.mapping].resolved()[0]
            report.add("no-mapping", processing, variable, name=variable, part=part.name_in_class(report.version))
        if template.correct and declaration.correct_response is None and variable not in scope.sets:
            report.add("template-no-correct", processing, variable, template=name, name=variable)


def check_content(root: Node, scope: Scope, report: Report) -> None:
    """Look at what content says of variables, and at catalogs."""
    catalogs: dict[str, m.Catalog] = {}
    named: dict[str, Node] = {}
    for node in root.walk():
        match node:
            case m.PrintedVariable() | m.TemplateVariable() | m.ContextVariable():
                name = node.attributes.get("identifier") or node.attributes.get("template_identifier")
                if name is not None and scope.find(name) is None:
                    report.add("undeclared", node, name, name=name, known=scope.known())
            case m.TemplateBlock() | m.TemplateInline():
                _template_content(node, scope, report)
            case m.FeedbackBlock() | m.FeedbackInline() | m.ModalFeedback() | m.TestFeedback():
                _feedback_variable(node, scope, report)
            case m.Catalog():
                catalogs[node.attributes.get("id", "")] = node
            case m.Include():
                report.add("include", node, node.href or "", name=node.href or "")
        if isinstance(node, m.BodyElement) and "catalog_idref" in node.attributes:
            for name in node.attributes["catalog_idref"].split():
                named.setdefault(name, node)
    for name, node in named.items():
        if name not in catalogs:
            report.add("missing-catalog", node, name, name=name)
    for name, catalog in catalogs.items():
        if name not in named:
            report.add("unused-catalog", catalog, name, name=name)


def _template_content(node: Any, scope: Scope, report: Report) -> None:
    name = node.attributes.get("template_identifier")
    found = None if name is None else scope.find(name)
    if name is not None and (found is None or found.kind != "template"):
        report.add("no-template", node, name, name=name)


def _feedback_variable(node: Any, scope: Scope, report: Report) -> None:
    name = node.attributes.get("outcome_identifier")
    if name is None:
        return
    found = scope.find(name)
    if found is None:
        report.add("undeclared", node, name, name=name, known=scope.known("outcome"))
    elif found.kind not in ("outcome", "any"):
        report.add("wrong-kind", node, name, name=name, kind=found.kind, wanted="outcome")
    elif not found.type.base & _IDENTIFIER:
        report.add("wrong-feedback-type", node, name, name=name, type=base_words(found.type.base))


def _feedback(item: m.AssessmentItem, scope: Scope, report: Report) -> None:
    """Tell of feedback for values that nothing ever sets; where a value comes from elsewhere, it may be any."""
    feedback: Iterator[Any] = item.find(m.FeedbackBlock, m.FeedbackInline, m.ModalFeedback)
    shown = [node for node in feedback if node.attributes.get("show_hide") is not m.ShowHide.HIDE]
    if not shown:
        return
    processing = item.response_processing
    possible: dict[str, set[str] | None] = {}
    for node in shown:
        outcome, name = node.attributes.get("outcome_identifier"), node.attributes.get("identifier")
        declared = scope.declared.get(outcome or "")
        if outcome is None or name is None or declared is None:
            continue
        if outcome not in possible:
            possible[outcome] = _values_of(outcome, declared.node, processing, item, scope)
        values = possible[outcome]
        if values is not None and name not in values:
            report.add("unreachable-feedback", node, name, outcome=outcome, name=name)


def _values_of(
    outcome: str, declaration: Any, processing: m.ResponseProcessing | None, item: m.AssessmentItem, scope: Scope
) -> set[str] | None:
    """Return all identifiers that an outcome may get, or nothing if that cannot be told."""
    values: set[str] = set()
    if isinstance(declaration, m.OutcomeDeclaration):
        if declaration.external_scored is not None:
            return None
        default = declaration.default_value
        values |= {value.text.strip() for value in default.values} if default is not None else set()
    if processing is None:
        return values
    if processing.template and not any(isinstance(child, m.Rule) for child in processing.children):
        return values if template_name(processing.template) else None
    for rule in processing.walk():
        match rule:
            case m.Include():
                return None
            case m.LookupOutcomeValue() if rule.attributes.get("identifier") == outcome:
                table = declaration.lookup_table if isinstance(declaration, m.OutcomeDeclaration) else None
                if table is None:
                    return None
                entries = [e.attributes.get("target_value", "") for e in table.elements]
                values |= {*entries, table.default_value or ""}
            case m.SetOutcomeValue() if rule.attributes.get("identifier") == outcome:
                found = _identifiers_in(rule, outcome, item, scope)
                if found is None:
                    return None
                values |= found
    return values


def _identifiers_in(rule: m.SetOutcomeValue, outcome: str, item: m.AssessmentItem, scope: Scope) -> set[str] | None:
    values: set[str] = set()
    for node in rule.walk():
        match node:
            case m.BaseValue():
                values.add(node.text.strip())
            case m.Variable() if node.attributes.get("identifier") == outcome:
                pass
            case m.Variable() | m.Correct() | m.Default():
                found = scope.find(node.attributes.get("identifier", ""))
                if (
                    found is None
                    or not isinstance(found.node, m.ResponseDeclaration)
                    or not found.type.base & _IDENTIFIER
                ):
                    return None
                names = _choices_of(node.attributes["identifier"], item)
                if not names:
                    return None
                values |= names
            case m.Multiple() | m.Ordered() | m.SetOutcomeValue() | m.Delete() | m.Null() | m.Random() | m.Index():
                pass
            case _:
                return None
    return values


def _choices_of(response: str, item: m.AssessmentItem) -> set[str]:
    bound = [i for i in item.interactions if i.attributes.get("response_identifier") == response]
    return {c.attributes.get("identifier", "") for i in bound for c in i.find(m.Choice)}


def _completion(item: m.AssessmentItem, scope: Scope, report: Report) -> None:
    if item.attributes.get("adaptive") and not scope.sets & {"completionStatus", "completion_status"}:
        report.add("never-completed", item)


def _unused(item: m.AssessmentItem, scope: Scope, report: Report) -> None:
    bound = {
        i.attributes.get(field) for i in item.interactions for field in ("response_identifier", "string_identifier")
    }
    for name, variable in scope.declared.items():
        node = variable.node
        match node:
            case m.ResponseDeclaration():
                if name not in bound:
                    report.add("unused-response", node, name, name=name)
            case m.TemplateDeclaration():
                if name not in scope.used and not node.math_variable and not node.param_variable:
                    report.add("unused-template", node, name, name=name)
            case m.OutcomeDeclaration():
                used = scope.used | scope.sets
                if name not in used and node.external_scored is None and name not in ("SCORE", "MAXSCORE"):
                    report.add("unused-outcome", node, name, name=name)
