"""Tests: identifiers, selection, branches, controls, and outcome processing.

Specification: QTI 2.1 and 3.0 information models, "Tests", "Branch Rules", "Selection and Ordering".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from demotic.learning.qti import model as m
from demotic.learning.qti.checking._items import check_content
from demotic.learning.qti.checking._processing import check_rules
from demotic.learning.qti.checking._report import Report
from demotic.learning.qti.checking._scope import Scope, check_declarations
from demotic.learning.qti.model import Node, walk

__all__ = ["EXITS", "branch_targets", "check_section", "check_test"]

EXITS: Final = ("EXIT_TEST", "EXIT_TESTPART", "EXIT_SECTION")
"""Where a branch may lead beside the parts of the test."""

_LINEAR_ONLY: Final = (m.PreCondition, m.BranchRule)
_INDIVIDUAL: Final = ("validate_responses", "allow_skipping")


def branch_targets(root: Node) -> Mapping[str, tuple[str, ...]]:
    """Return where a branch may lead from each part, section and item of a test: forward, within the same part.

    For parts these are the later parts. The exits are always allowed beside them.
    """
    nodes = [node for node in walk(root) if isinstance(node, m.Scheduled)]
    ends: dict[int, int] = {}
    place = {id(node): i for i, node in enumerate(nodes)}
    part_of: dict[int, int] = {}
    part = -1
    for i, node in enumerate(nodes):
        part = i if isinstance(node, m.TestPart) else part
        part_of[i] = part
        inside = [place[id(below)] for below in walk(node) if id(below) in place]
        ends[i] = max(inside)
    targets: dict[str, tuple[str, ...]] = {}
    for i, node in enumerate(nodes):
        is_part = isinstance(node, m.TestPart)
        later = range(ends[i] + 1, len(nodes))
        fit = [
            j for j in later if isinstance(nodes[j], m.TestPart) == is_part and (is_part or part_of[j] == part_of[i])
        ]
        targets[node.attributes.get("identifier", "")] = tuple(nodes[j].attributes.get("identifier", "") for j in fit)
    return targets


def check_test(test: m.AssessmentTest, report: Report) -> None:
    """Look at a test."""
    scope = Scope(is_test=True)
    check_declarations(test, scope, report)
    _parts(test, scope, report)
    if test.outcome_processing is not None:
        check_rules(test.outcome_processing, scope, report)
    check_content(test, scope, report)
    _test_feedback(test, scope, report)


def check_section(section: m.AssessmentSection, report: Report) -> None:
    """Look at a section that is a document of its own; the variables of its test are not known."""
    scope = Scope(is_test=True)
    _parts(section, scope, report)


def _parts(root: Node, scope: Scope, report: Report) -> None:
    named: dict[str, Node] = {}
    for node in walk(root):
        if not isinstance(node, m.Scheduled):
            continue
        name = node.attributes.get("identifier")
        if name is None:
            continue
        first = named.setdefault(name, node)
        if first is not node:
            report.add("duplicate-identifier", node, name, name=name, line=first.line)
        if "." in name:
            report.add("dotted-identifier", node, name, name=name)
    _flow(root, named, scope, report)
    _subsets(root, named, report)


def _flow(root: Node, named: Mapping[str, Node], scope: Scope, report: Report) -> None:
    targets = branch_targets(root)
    linear, individual = True, True
    for node in walk(root):
        match node:
            case m.TestPart():
                linear = node.attributes.get("navigation_mode") is not m.NavigationMode.NONLINEAR
                individual = node.attributes.get("submission_mode") is not m.SubmissionMode.SIMULTANEOUS
                for rule in node.children:
                    if isinstance(rule, _LINEAR_ONLY):
                        _rule(rule, node, targets, named, scope, report)
                continue
            case m.AssessmentSection():
                _selection(node, report)
            case m.ItemSessionControl() if not individual:
                for field in _INDIVIDUAL:
                    if field in node.attributes:
                        report.add(
                            "not-simultaneous", node, field, element=node.attribute_table[field].wire_in(report.version)
                        )
            case m.TimeLimits():
                low, high = node.attributes.get("min_time"), node.attributes.get("max_time")
                if low is not None and high is not None and low > high:
                    wires = [node.attribute_table[f].wire_in(report.version) for f in ("min_time", "max_time")]
                    report.add("limits-crossed", node, low=wires[0], high=wires[1], low_value=low, high_value=high)
                for field in ("min_time", "max_time"):
                    if (node.attributes.get(field) or 0) < 0:
                        report.add(
                            "negative",
                            node,
                            name=node.attribute_table[field].wire_in(report.version),
                            value=node.attributes[field],
                        )
        if isinstance(node, m.SectionPart):
            for rule in node.children:
                if isinstance(rule, _LINEAR_ONLY):
                    if not linear:
                        report.add("not-in-nonlinear", rule)
                    _rule(rule, node, targets, named, scope, report)
                elif isinstance(rule, m.TemplateDefault):
                    check_rules(rule, scope, report)


def _rule(
    rule: Node,
    node: m.Scheduled,
    targets: Mapping[str, tuple[str, ...]],
    named: Mapping[str, Node],
    scope: Scope,
    report: Report,
) -> None:
    check_rules(rule, scope, report)
    target = rule.attributes.get("target") if isinstance(rule, m.BranchRule) else None
    if target is None or target in EXITS:
        return
    name = node.attributes.get("identifier", "")
    if target not in named:
        report.add("unknown-target", rule, target, name=target)
    elif target not in targets.get(name, ()):
        is_part = isinstance(node, m.TestPart)
        if isinstance(named[target], m.TestPart) != is_part or target in {
            n for n, later in targets.items() if name in later
        }:
            code = "backward-branch" if isinstance(named[target], m.TestPart) == is_part else "branch-out"
        else:
            code = "branch-out" if _part_of(named, target, node) else "backward-branch"
        report.add(code, rule, target, name=target, part="the part")


def _part_of(named: Mapping[str, Node], target: str, node: Node) -> bool:
    """Tell whether a target is in another part than a node."""
    parts = [part for part in named.values() if isinstance(part, m.TestPart)]
    holds = [{id(below) for below in walk(part)} for part in parts]
    return not any(id(named[target]) in ids and id(node) in ids for ids in holds)


def _selection(section: m.AssessmentSection, report: Report) -> None:
    rule = section.selection
    select = None if rule is None else rule.attributes.get("select")
    if rule is None or select is None:
        return
    members = section.members
    required = sum(bool(member.attributes.get("required")) for member in members)
    known = not any(isinstance(child, m.Include) for child in section.children)
    if select < 0:
        report.add("negative", rule, name="select", value=select)
    elif known and select > len(members) and not rule.with_replacement:
        report.add("select-too-many", rule, select=select, count=len(members))
    elif select < required:
        report.add("select-too-few", rule, select=select, count=required)


def _subsets(root: Node, named: Mapping[str, Node], report: Report) -> None:
    """Look at the sections, categories and weights that expressions name."""
    subsets = [node for node in walk(root) if isinstance(node, m.ItemSubset)]
    weighted = [n for n in walk(root) if isinstance(n, m.Variable) and n.attributes.get("weight_identifier")]
    if not subsets and not weighted:
        return
    refs = [node for node in walk(root) if isinstance(node, m.AssessmentItemRef)]
    # Sections in other files may hold anything.
    closed = not any(isinstance(node, m.AssessmentSectionRef | m.Include) for node in walk(root))
    categories = {name for ref in refs for name in ref.attributes.get("category") or ()}
    weights = {weight.attributes.get("identifier") for ref in refs for weight in ref.weights}
    for node in (*subsets, *weighted):
        values: dict[str, Any] = node.attributes
        section = values.get("section_identifier")
        if section is not None and not isinstance(named.get(section), m.AssessmentSection | m.AssessmentSectionRef):
            report.add("unknown-section", node, section, name=section)
        if not closed:
            continue
        for name in (*(values.get("include_category") or ()), *(values.get("exclude_category") or ())):
            if name not in categories:
                report.add("unknown-category", node, name, name=name)
        weight = values.get("weight_identifier")
        if weight is not None and weight not in weights:
            report.add("unknown-weight", node, weight, name=weight)


def _test_feedback(test: m.AssessmentTest, scope: Scope, report: Report) -> None:
    for name, variable in scope.declared.items():
        used = scope.used | scope.sets
        if (
            isinstance(variable.node, m.OutcomeDeclaration)
            and name not in used
            and variable.node.external_scored is None
        ):
            report.add("unused-outcome", variable.node, name, name=name)
