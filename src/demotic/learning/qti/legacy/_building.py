"""Expressions and rules of outcome processing, written short."""

from __future__ import annotations

from demotic.learning.qti import model as m
from demotic.learning.qti.model import BaseType, Expression, OutcomeRule

__all__ = ["add", "both", "known", "number", "set_to", "variable", "when"]


def number(value: float) -> m.BaseValue:
    return m.BaseValue(repr(float(value)), base_type=BaseType.FLOAT)


def variable(name: str) -> m.Variable:
    return m.Variable(identifier=name)


def known(name: str) -> Expression:
    return m.Not(m.IsNull(variable(name)))


def set_to(name: str, value: Expression) -> m.SetOutcomeValue:
    return m.SetOutcomeValue(value, identifier=name)


def add(name: str, value: Expression) -> m.SetOutcomeValue:
    return set_to(name, m.Sum(variable(name), value))


def when(test: Expression, *rules: OutcomeRule) -> m.OutcomeCondition:
    return m.OutcomeCondition(m.OutcomeIf(test, *rules))


def both(*tests: Expression) -> Expression:
    return tests[0] if len(tests) == 1 else m.And(*tests)
