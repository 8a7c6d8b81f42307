"""Rules as functions: conditions, settings, lookups, exits.

Specification: QTI 3.0 ASI information model, sections 2.8 (response processing), 2.9 (template processing) and 2.12
(outcome processing). A condition takes the first branch whose expression is true; NULL counts as false. An exit stops
the whole run at once and keeps what was set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

from demotic.errors import InvalidInput
from demotic.learning.qti.model import (
    BaseType,
    Branch,
    Cardinality,
    Condition,
    ExitResponse,
    ExitTemplate,
    ExitTest,
    Include,
    LookupOutcomeValue,
    Node,
    OutcomeProcessingFragment,
    ResponseProcessingFragment,
    SetCorrectResponse,
    SetDefaultValue,
    SetOutcomeValue,
    SetTemplateValue,
    TemplateConstraint,
)
from demotic.learning.qti.runtime._errors import ProcessingError
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions import compile_expression, fault
from demotic.learning.qti.runtime.processing._field import SetResponse
from demotic.learning.qti.runtime.values import Optional

__all__ = ["ConstraintFailed", "Resolve", "Steps", "StopProcessing", "TestExited", "Workspace", "compile_rules"]

_MOST_DEEP = 100


class StopProcessing(Exception):
    """An exit rule ends this run of processing; whoever runs the rules catches it."""


class TestExited(StopProcessing):
    """The rule ends the whole test."""


class ConstraintFailed(Exception):
    """A constraint of a template is not met; whoever runs the rules tries another clone."""


class Workspace(Scope, Protocol):
    """A scope whose variables rules may set."""

    def set_outcome(self, name: str, value: Optional) -> None:
        """Give an outcome variable a value."""

    def set_template(self, name: str, value: Optional) -> None:
        """Give a template variable a value."""

    def set_correct(self, name: str, value: Optional) -> None:
        """Give a response variable its correct value."""

    def set_response(self, name: str, value: Optional) -> None:
        """Give a response variable a value."""

    def set_default(self, name: str, value: Optional) -> None:
        """Give a response or outcome variable its default."""

    def failed(self, error: ProcessingError) -> None:
        """Take note that a rule failed, and go on behind it; or raise the error."""

    def look_up(self, name: str, value: Optional) -> Optional:
        """Return what the lookup table of an outcome variable has for a number."""


Step: TypeAlias = Callable[[Workspace], None]
Steps: TypeAlias = Step
Resolve: TypeAlias = Callable[[str], Node]
"""What finds the rules at another address; it raises an error where there are none."""


def compile_rules(rules: Iterable[Node], resolve: Resolve | None = None, depth: int = 0) -> Steps:
    """Return the function that carries out rules in order. It raises what exits raise; rules that fail are told."""
    steps = [_guarded(rule, resolve, depth) for rule in rules]

    def run(space: Workspace) -> None:
        for step in steps:
            step(space)

    return steps[0] if len(steps) == 1 else run


def _guarded(rule: Node, resolve: Resolve | None, depth: int) -> Step:
    """Return the step of a rule that tells the workspace when it fails, so that a session decides what then happens."""
    try:
        step = _compile(rule, resolve, depth)
    except InvalidInput as error:
        problem = error if isinstance(error, ProcessingError) else fault(rule, error.message, error.hint)
        return lambda space: space.failed(problem)

    def run(space: Workspace) -> None:
        try:
            step(space)
        except ProcessingError as error:
            placed = (
                error if error.target and error.target.startswith("qti-") else fault(rule, error.message, error.hint)
            )
            space.failed(placed)

    return run


def _compile(rule: Node, resolve: Resolve | None, depth: int) -> Step:
    if depth > _MOST_DEEP:
        raise fault(rule, f"rules are nested more than {_MOST_DEEP} deep")
    if isinstance(rule, Condition):
        return _condition(rule, resolve, depth)
    if isinstance(rule, ResponseProcessingFragment | OutcomeProcessingFragment):
        return compile_rules(rule.rules, resolve, depth + 1)
    if isinstance(rule, Include):
        if resolve is None or not rule.href:
            raise fault(
                rule, f"the rules at {rule.href!r} are not at hand", "give resolve=, or run it from its package"
            )
        found = resolve(rule.href)
        inner = getattr(found, "rules", None)
        return compile_rules([found] if inner is None else inner, resolve, depth + 1)
    for kind, make in _MAKERS.items():
        if isinstance(rule, kind):
            return make(rule)
    raise fault(rule, "nothing carries out this rule")


def _condition(condition: Condition, resolve: Resolve | None, depth: int) -> Step:
    ways = [_branch(branch, resolve, depth) for branch in condition.branches]

    def choose(space: Workspace) -> None:
        for holds, steps in ways:
            try:
                taken = holds(space)
            except ProcessingError as error:
                space.failed(error)  # as false as NULL would be
                continue
            if taken:
                steps(space)
                return

    return choose


def _branch(branch: Branch, resolve: Resolve | None, depth: int) -> tuple[Callable[[Workspace], bool], Steps]:
    steps = compile_rules(branch.rules, resolve, depth + 1)
    test = branch.test
    if test is not None:
        return truth_of(branch, test), steps
    if "expression" in type(branch).child_table:
        return _never(branch), steps
    return (lambda space: True), steps


def _never(branch: Branch) -> Callable[[Workspace], bool]:
    def fail(space: Workspace) -> bool:
        raise fault(branch, "it has no expression", "what must be true comes first")

    return fail


def truth_of(node: Node, test: Node) -> Callable[[Scope], bool]:
    evaluate = compile_expression(test)  # type: ignore[arg-type]

    def holds(scope: Scope) -> bool:
        value = evaluate(scope)
        if value is None:
            return False
        if value.cardinality is not Cardinality.SINGLE or value.base_type is not BaseType.BOOLEAN:
            raise fault(node, "its expression is no single boolean")
        return bool(value.data)

    return holds


def _set_outcome(rule: SetOutcomeValue) -> Step:
    evaluate, name = compile_expression(rule.expression), rule.identifier
    return lambda space: space.set_outcome(name, evaluate(space))


def _look_up(rule: LookupOutcomeValue) -> Step:
    evaluate, name = compile_expression(rule.expression), rule.identifier
    return lambda space: space.set_outcome(name, space.look_up(name, evaluate(space)))


def _set_template(rule: SetTemplateValue) -> Step:
    evaluate, name = compile_expression(rule.expression), rule.identifier
    return lambda space: space.set_template(name, evaluate(space))


def _set_correct(rule: SetCorrectResponse) -> Step:
    evaluate, name = compile_expression(rule.expression), rule.identifier
    return lambda space: space.set_correct(name, evaluate(space))


def _set_response(rule: SetResponse) -> Step:
    evaluate, name = compile_expression(rule.expression), rule.identifier
    return lambda space: space.set_response(name, evaluate(space))


def _set_default(rule: SetDefaultValue) -> Step:
    evaluate, name = compile_expression(rule.expression), rule.identifier
    return lambda space: space.set_default(name, evaluate(space))


def _constraint(rule: TemplateConstraint) -> Step:
    holds = truth_of(rule, rule.expression)

    def check(space: Workspace) -> None:
        if not holds(space):
            raise ConstraintFailed

    return check


def _exit(rule: Node) -> Step:
    def stop(space: Workspace) -> None:
        raise TestExited if isinstance(rule, ExitTest) else StopProcessing

    return stop


_MAKERS: dict[type[Node], Callable[..., Step]] = {
    SetOutcomeValue: _set_outcome,
    LookupOutcomeValue: _look_up,
    SetTemplateValue: _set_template,
    SetCorrectResponse: _set_correct,
    SetDefaultValue: _set_default,
    SetResponse: _set_response,
    TemplateConstraint: _constraint,
    ExitResponse: _exit,
    ExitTemplate: _exit,
    ExitTest: _exit,
}
