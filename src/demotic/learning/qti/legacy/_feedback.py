"""Feedback of assessments and sections of QTI 1.2 as feedback of a test, shown by tests of its outcomes.

Specification: QTI ASI binding 1.2.1 (`assessfeedback`, `sectionfeedback`); ASI outcomes processing 1.2
(`outcomes_feedback_test`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from demotic.learning.qti import model as m
from demotic.learning.qti.converting._loss import Losses
from demotic.learning.qti.converting._versions import valid_identifier
from demotic.learning.qti.legacy._building import both, number, set_to, variable, when
from demotic.learning.qti.legacy._content import Content, as_blocks, has_text
from demotic.learning.qti.legacy._items import views_of
from demotic.learning.qti.legacy._metadata import words
from demotic.learning.qti.legacy._models import Names
from demotic.learning.qti.legacy._rules import NUMBER, OPERATORS
from demotic.learning.qti.legacy._source import attr, kids, name_of
from demotic.learning.qti.legacy._values import choice_of
from demotic.learning.qti.model import BaseType, Expression, Item, OutcomeRule, View
from demotic.xml import Element

__all__ = ["NAME", "Feedback"]

NAME: Final = "FEEDBACK"
"""The outcome of a test that shows its feedback."""
_COMPARISONS: Final[dict[str, type[Expression]]] = {"lt": m.Lt, "lte": m.Lte, "gt": m.Gt, "gte": m.Gte}


class Feedback:
    """Collects the feedback of a test, and makes the rules that show it; `declared` are the outcomes of the test."""

    def __init__(self, content: Content, losses: Losses, declared: Mapping[str, m.OutcomeDeclaration]) -> None:
        self.content, self.losses, self.declared = content, losses, declared
        self.shown: dict[str, str] = {}
        self.materials: list[Element] = []

    def collect(self, element: Element) -> None:
        """Note the feedback that stands in an assessment or a section."""
        self.materials += kids(element, "assessfeedback", "sectionfeedback")

    def rules(self, element: Element, names: Names) -> list[OutcomeRule]:
        """Return the rules for one test of outcomes."""
        tests = list(kids(element, "test_variable"))
        if not tests or self._all(tests[0], names) is None:
            self.losses.dropped("outcomes", element, "a test of feedback tests nothing that there is")
            return []
        made: list[OutcomeRule] = []
        for shown in kids(element, "displayfeedback"):
            condition = self._all(tests[0], names)  # made anew: a node stands in one place
            assert condition is not None
            source = attr(shown, "linkrefid") or ""
            name = self.shown.setdefault(source, valid_identifier(source or "_"))
            value = m.Multiple(variable(NAME), m.BaseValue(name, base_type=BaseType.IDENTIFIER))
            made.append(when(condition, set_to(NAME, value)))
        return made

    def _all(self, element: Element, names: Names) -> Expression | None:
        parts = [e for inner in kids(element) if (e := self._tested(inner, names)) is not None]
        return both(*parts) if parts else None

    def _tested(self, element: Element, names: Names) -> Expression | None:
        name = name_of(element)
        if name == "variable_test":
            return self._variable_test(element, names)
        parts = [e for inner in kids(element) if (e := self._tested(inner, names)) is not None]
        if not parts:
            return None
        if name == "not_test":
            return m.Not(both(*parts))
        return m.Or(*parts) if name == "or_test" and len(parts) > 1 else both(*parts)

    def _variable_test(self, element: Element, names: Names) -> Expression | None:
        stated = attr(element, "varname") or "SCORE"
        name = names.of(stated)
        declared = self.declared.get(name)
        if declared is None:
            self.losses.dropped("outcomes", element, f"there is no outcome {stated!r} to test")
            return None
        wanted, kind = words(element), choice_of(attr(element, "testoperator"), "eq")
        if declared.base_type is not BaseType.FLOAT:
            equal: Expression = m.Match(variable(name), m.BaseValue(wanted, base_type=declared.base_type))
            return m.Not(equal) if kind == "neq" else equal
        if not NUMBER.fullmatch(wanted) or kind not in OPERATORS:
            self.losses.dropped("outcomes", element, f"{stated} cannot be compared with {wanted[:60]!r}")
            return None
        compared = _COMPARISONS.get(kind, m.Equal)(variable(name), number(float(wanted)))
        return m.Not(compared) if kind == "neq" else compared

    def nodes(self) -> list[Item]:
        """Return the feedback of the test."""
        made: list[Item] = []
        for source in self.materials:
            ident = attr(source, "ident") or ""
            if ident not in self.shown:
                self.losses.changed("unused-feedback", source, f"nothing shows the feedback {ident!r}")
            if View.CANDIDATE not in views_of(source, self.losses):
                self.losses.approximated("view", source, f"the feedback {ident!r} is shown to candidates")
            if name_of(source) == "sectionfeedback":
                self.losses.approximated("feedback", source, f"the feedback {ident!r} is shown at the end of the test")
            blocks = as_blocks([item for child in kids(source) for item in self.content._one(child)])
            made.append(m.TestFeedback(
                *([m.ContentBody(*blocks)] if has_text(blocks) else []),
                access=m.TestFeedbackAccess.AT_END, outcome_identifier=NAME, show_hide=m.ShowHide.SHOW,
                identifier=self.shown.get(ident) or valid_identifier(ident or "_"), title=attr(source, "title"),
                line=source.line, column=source.column,
            ))  # fmt: skip
        return made
