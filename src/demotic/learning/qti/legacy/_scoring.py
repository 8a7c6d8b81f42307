"""Response processing of QTI 1.2 as rules of 3.0 that score the same.

Conditions are looked at in their order. One that holds ends the processing, unless it says `continue="Yes"`. So one
that ends becomes an `if` with all that follows in its `else`, one that goes on stands by itself. In 1.2 a test of a
missing answer is false, and its negation true; where 3.0 would have NULL for both, tests within `not` first ask for it.

Specification: QTI ASI binding 1.2.1, section 3.7; the migration guide of QTI 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from demotic.learning.qti import model as m
from demotic.learning.qti.converting._loss import Losses
from demotic.learning.qti.converting._versions import valid_identifier
from demotic.learning.qti.legacy._intended import alternatives, are_parts
from demotic.learning.qti.legacy._responses import Response, area
from demotic.learning.qti.legacy._rules import NUMBER
from demotic.learning.qti.legacy._source import attr, kids, name_of, text_in
from demotic.learning.qti.legacy._values import BASE_TYPES, choice_of, yes
from demotic.learning.qti.model import BaseType, Cardinality, Expression, Rule
from demotic.xml import Element

__all__ = ["Scoring"]

_BOUND: Final = re.compile(r"(\w+)\.(max|min)")
_ORDERS: Final[dict[str, type[Expression]]] = {"varlt": m.Lt, "varlte": m.Lte, "vargt": m.Gt, "vargte": m.Gte}
_TESTS: Final = frozenset({
    "varequal", "varsubset", "varsubstring", "varinside", "unanswered", "durequal", "durlt", "durlte", "durgt",
    "durgte",
    *_ORDERS,
})  # fmt: skip
_NUMERIC: Final = frozenset({BaseType.INTEGER, BaseType.FLOAT})


def _truth(value: bool) -> m.BaseValue:
    return m.BaseValue("true" if value else "false", base_type=BaseType.BOOLEAN)


class Scoring:
    """Makes outcome declarations and response processing."""

    def __init__(self, responses: Mapping[str, Response], losses: Losses, most: float | None = None) -> None:
        self.responses, self.losses, self.most = responses, losses, most
        self.outcomes: dict[str, m.OutcomeDeclaration] = {}
        self.feedback: dict[str, str] = {}
        self.feedback_name = "FEEDBACK"

    def convert(self, processings: Iterable[Element]) -> list[Rule]:
        """Return the rules of all processings, one after the other, and note what they set."""
        each = list(processings)
        for processing in each:
            for outcomes in kids(processing, "outcomes"):
                for declared in kids(outcomes, "decvar"):
                    self.declare(declared)
                for interpreted in kids(outcomes, "interpretvar"):
                    self.interpret(interpreted)
        while self.feedback_name in self.outcomes:
            self.feedback_name += "_"
        for processing in each:
            for setting in (e for e in processing.walk() if name_of(e) == "setvar"):
                self._promote(setting)
            self._types(processing)
        rules: list[Rule] = []
        for processing in each:
            rules += self._chain(list(kids(processing, "respcondition")))
            model = attr(processing, "scoremodel")
            if model:
                self.losses.dropped("scoremodel", processing, f"the score model {model!r} is not in 3.0")
            for other in kids(processing):
                if name_of(other) not in ("outcomes", "respcondition", "qticomment"):
                    self.losses.dropped(
                        "extension", other, f"{other.name.local} is left out: {text_in(other).strip()[:60]!r}"
                    )
        return rules

    def finish(self) -> list[m.OutcomeDeclaration]:
        """Return the declarations, that of feedback included."""
        declared = list(self.outcomes.values())
        if self.feedback:
            declared.append(
                m.OutcomeDeclaration(
                    identifier=self.feedback_name, cardinality=Cardinality.MULTIPLE, base_type=BaseType.IDENTIFIER
                )
            )
        return declared

    # Outcomes.

    def declare(self, element: Element) -> None:
        """Declare an outcome."""
        source = (attr(element, "varname") or "SCORE").strip() or "SCORE"
        stated = choice_of(attr(element, "vartype"), "integer")
        base = BASE_TYPES.get(stated)
        if base is None:
            self.losses.approximated("vartype", element, f"the type {stated!r} is taken as float")
            base = BaseType.FLOAT
        name = self._outcome_name(source)
        if name in self.outcomes:
            self.losses.dropped("duplicate-outcome", element, f"a second declaration of {source!r}")
            return
        values: dict[str, Any] = {}
        if base in _NUMERIC:
            for old, new in (
                ("minvalue", "normal_minimum"),
                ("maxvalue", "normal_maximum"),
                ("cutvalue", "mastery_value"),
            ):
                text = (attr(element, old) or "").strip()
                if NUMBER.fullmatch(text):
                    number = float(text)
                    if new == "normal_maximum" and number < 0:
                        self.losses.dropped("bounds", element, f"{old}={text!r} is left out")
                    else:
                        values[new] = number
        cardinality = Cardinality.MULTIPLE if stated == "set" else Cardinality.SINGLE
        declaration = m.OutcomeDeclaration(
            identifier=name, cardinality=cardinality, base_type=base, line=element.line, column=element.column, **values
        )
        default = (attr(element, "defaultval") or "").strip()
        if base in _NUMERIC and not NUMBER.fullmatch(default):
            default = "0"
        if default and base is BaseType.INTEGER and float(default) != int(float(default)):
            declaration.base_type = BaseType.FLOAT
        if default:
            declaration.children.append(m.DefaultValue(m.Value(self._number(default, declaration.base_type))))
        members = attr(element, "members")
        if members:
            self.losses.dropped("members", element, f"the members {members!r} of {source!r} are left out")
        if text_in(element).strip():
            self.losses.dropped("stray-text", element, f"text in decvar is left out: {text_in(element).strip()[:60]!r}")
        self.outcomes[name] = declaration

    def _outcome_name(self, source: str) -> str:
        name = valid_identifier(source).replace(".", "_")
        taken = {n for response in self.responses.values() for n in response.names}
        return f"{name}_OUTCOME" if name in taken or name in ("completionStatus", "duration", "numAttempts") else name

    def interpret(self, element: Element) -> None:
        """Note what the values of an outcome mean."""
        name = self._outcome_name(attr(element, "varname") or "SCORE")
        text = " ".join(text_in(element).split())
        declaration = self.outcomes.get(name)
        if declaration is not None and text:
            declaration.interpretation = text
            self.losses.changed("interpretation", element, f"the interpretation of {name} becomes an attribute")
        else:
            self.losses.dropped(
                "interpretation", element, f"the interpretation of {name}, which is not declared, is left out"
            )

    def _literal(self, setting: Element) -> str:
        """Return what an outcome is set to; `SCORE.max`, as Blackboard writes it, is the bound that is declared."""
        text = text_in(setting).strip()
        found = _BOUND.fullmatch(text)
        declaration = self.outcomes.get(self._outcome_name(found[1])) if found else None
        if found is None or declaration is None:
            return text
        bound = declaration.normal_maximum if found[2] == "max" else declaration.normal_minimum
        if bound is None:
            bound = (self.most or 1.0) if found[2] == "max" else 0.0
        return repr(float(bound))

    def _promote(self, setting: Element) -> None:
        name = self._outcome_name(_set_by(setting))
        text = self._literal(setting)
        declaration = self.outcomes.get(name)
        if declaration is None:
            self.losses.changed("undeclared-outcome", setting, f"the outcome {name}, which is set, is declared")
            declaration = m.OutcomeDeclaration(
                m.DefaultValue(m.Value("0")),
                identifier=name,
                cardinality=Cardinality.SINGLE,
                base_type=BaseType.INTEGER,
            )
            self.outcomes[name] = declaration
        fraction = NUMBER.fullmatch(text) and float(text) != int(float(text))
        divides = choice_of(attr(setting, "action"), "set") == "divide"
        if declaration.base_type is BaseType.INTEGER and (fraction or divides):
            declaration.base_type = BaseType.FLOAT
            self.losses.changed("promoted", setting, f"{name} becomes a float, since it is set to fractions")

    def _number(self, text: str, base: BaseType | None) -> str:
        if base is BaseType.INTEGER:
            return str(int(float(text)))
        return repr(float(text)) if base is BaseType.FLOAT else text

    # Types of responses: numbers where all tests are numeric.

    def _types(self, processing: Element) -> None:
        tests: dict[str, list[Element]] = {}
        for element in processing.walk():
            if name_of(element) in _TESTS:
                tests.setdefault(attr(element, "respident") or "", []).append(element)
        for ident, elements in tests.items():
            response = self.responses.get(ident)
            if response is None or response.base_type not in (BaseType.STRING, *_NUMERIC):
                continue
            compared = any(name_of(e) in _ORDERS for e in elements)
            texts = [text_in(e).strip() for e in elements if name_of(e) in ("varequal", *_ORDERS)]
            numeric = all(NUMBER.fullmatch(text) for text in texts)
            base = response.base_type
            if base in _NUMERIC and not numeric and not response.is_number:
                base = BaseType.STRING
                self.losses.changed("type", elements[0], f"{ident!r} holds text, since it is compared with such")
            elif base is BaseType.STRING and compared and numeric:
                base = BaseType.FLOAT
                self.losses.changed("type", elements[0], f"{ident!r} holds numbers, since it is compared with such")
            elif base is BaseType.INTEGER and any(
                NUMBER.fullmatch(text) and float(text) != int(float(text)) for text in texts
            ):
                base = BaseType.FLOAT
            response.base_type = base
            for declaration in response.declarations:
                declaration.base_type = base

    # Rules.

    def _chain(self, conditions: list[Element]) -> list[Rule]:
        """Return the rules for conditions in their order, from the last one on."""
        following: list[Rule] = []
        counted = are_parts(conditions, {name: each.normal_maximum for name, each in self.outcomes.items()})
        if counted:
            why = "they do not say continue, but only all of them together give the most there is"
            self.losses.changed("continue", conditions[0], f"the conditions all count: {why}")
        for index in range(len(conditions) - 1, -1, -1):
            condition = conditions[index]
            test = self._condition(condition, conditions[:index])
            actions = self._actions(condition)
            if yes(attr(condition, "continue"), counted):
                own = (
                    m.ResponseCondition(m.ResponseIf(test, *actions), line=condition.line, column=condition.column)
                    if actions
                    else None
                )
                following = [*([] if own is None else [own]), *following]
                continue
            branches: list[Any] = [m.ResponseIf(test, *actions, line=condition.line, column=condition.column)]
            only = following[0] if len(following) == 1 else None
            if isinstance(only, m.ResponseCondition):
                for branch in only.branches:
                    if isinstance(branch, m.ResponseElse):
                        branches.append(branch)
                    else:
                        branches.append(m.ResponseElseIf(*branch.children, line=branch.line, column=branch.column))
            elif following:
                branches.append(m.ResponseElse(*following))
            following = [m.ResponseCondition(*branches, line=condition.line, column=condition.column)]
        return following

    def _condition(self, condition: Element, earlier: list[Element]) -> Expression:
        variables = next(kids(condition, "conditionvar"), None)
        for comment in kids(condition, "qticomment"):
            self.losses.changed("comment", comment, f"a comment becomes metadata: {text_in(comment).strip()[:60]!r}")
        if variables is None:
            return _truth(True)
        tests = list(kids(variables))
        if any(name_of(test) == "other" for test in tests):
            # Conditions that end the processing are false already when this one is looked at.
            others = [c for c in earlier if yes(attr(c, "continue"), False)]
            held = [self._quiet(c) for c in others]
            alone: list[Expression] = [m.Not(held[0] if len(held) == 1 else m.Or(*held))] if held else []
            rest = self._tests([test for test in tests if name_of(test) != "other"], negated=False)
            return _joined(m.And, [*alone, *rest]) or _truth(True)
        return _joined(m.And, self._tests(tests, negated=False)) or _truth(True)

    def _quiet(self, condition: Element) -> Expression:
        """Return the test of an earlier condition once more, within a negation, without telling its losses again."""
        kept, self.losses = self.losses, Losses()
        variables = next(kids(condition, "conditionvar"), None)
        tests = [] if variables is None else self._tests(list(kids(variables)), negated=True)
        self.losses = kept
        return _joined(m.And, tests) or _truth(True)

    def _tests(self, tests: list[Element], *, negated: bool) -> list[Expression]:
        """Return the tests of a condition, of which all are to hold; of alternatives, any."""
        either = alternatives(tests, self.responses)
        taken = {id(test) for each in either for test in each}
        made = self._all([test for test in tests if id(test) not in taken], negated=negated)
        for each in either:
            words = " and ".join(repr(text_in(test).strip()) for test in each[:2])
            ident = attr(each[0], "respident")
            self.losses.changed("alternatives", each[0], f"{ident!r} never equals {words} at once: either will do")
            made.append(m.Or(*(part for test in each for part in self._all([test], negated=negated))))
        return made

    def _all(self, tests: list[Element], *, negated: bool) -> list[Expression]:
        """Return the tests of a conjunction. For an ordered response the n-th test is of the n-th place."""
        made: list[Expression] = []
        placed: dict[str, int] = {}
        for test in tests:
            ident = attr(test, "respident") or ""
            response = self.responses.get(ident)
            index = _index(test)
            in_order = response is not None and (response.cardinality is Cardinality.ORDERED or len(response.names) > 1)
            if name_of(test) == "varequal" and in_order and index is None:
                placed[ident] = placed.get(ident, 0) + 1
                index = placed[ident]
            expression = self._test(test, index, negated=negated)
            if expression is not None:
                made.append(expression)
        return made

    def _test(self, test: Element, index: int | None, *, negated: bool) -> Expression | None:
        name = name_of(test)
        if name in ("and", "or"):
            inner = list(kids(test))
            if name == "and":
                return _joined(m.And, self._all(inner, negated=negated)) or _truth(True)
            parts = [e for each in inner if (e := self._test(each, _index(each), negated=negated)) is not None]
            return _joined(m.Or, parts) or _truth(False)
        if name == "not":
            inner_tests = self._all(list(kids(test)), negated=True)
            joined = _joined(m.And, inner_tests)
            return None if joined is None else m.Not(joined)
        if name == "other":
            return _truth(True)
        if name not in _TESTS:
            if name != "qticomment":
                self.losses.dropped(
                    "extension", test, f"{test.name.local} is taken as false: {text_in(test).strip()[:60]!r}"
                )
                return _truth(False)
            return None
        if name.startswith("dur"):
            return self._duration(test, name)
        ident = attr(test, "respident") or ""
        response = self.responses.get(ident) or self._only(ident, test)
        if response is None or not response.names:
            self.losses.dropped(
                "dangling-reference", test, f"there is no response {ident!r}: {test.name.local} is false"
            )
            return _truth(name == "unanswered")
        variables = response.names
        if len(variables) > 1 and index is not None:
            variables = [variables[index - 1]] if 0 < index <= len(variables) else []
            index = None
        each = [self._leaf(test, name, response, variable, index, negated=negated) for variable in variables]
        return _joined(m.And if name == "unanswered" else m.Or, each) or _truth(False)

    def _only(self, ident: str, test: Element) -> Response | None:
        """Return the response whose label is named instead of the response itself, as some files do."""
        found = [response for response in self.responses.values() if ident in response.labels]
        if len(found) == 1:
            self.losses.changed("odd-reference", test, f"{ident!r} is a label, its response is meant")
            return found[0]
        return None

    def _leaf(
        self, test: Element, name: str, response: Response, variable: str, index: int | None, *, negated: bool
    ) -> Expression:
        given: Expression = m.Variable(identifier=variable)
        if name == "unanswered":
            return m.IsNull(given)
        made = self._compared(test, name, response, given, index)
        if made is None:
            return _truth(False)
        made.line, made.column = test.line, test.column
        if not negated:
            return made
        if index is not None and response.cardinality is Cardinality.ORDERED:
            place = m.Index(m.Variable(identifier=variable), n=index)
            return m.And(m.Not(m.IsNull(place)), made)
        return m.And(m.Not(m.IsNull(m.Variable(identifier=variable))), made)

    def _compared(
        self, test: Element, name: str, response: Response, given: Expression, index: int | None
    ) -> Expression | None:
        text = text_in(test).strip()
        base, cardinality = response.base_type, response.cardinality
        if name in _ORDERS:
            if base not in _NUMERIC or not NUMBER.fullmatch(text):
                self.losses.dropped("comparison", test, f"{name} of {text!r} with {base} is taken as false")
                return None
            return _ORDERS[name](given, self._value(text, response))
        if name == "varinside":
            found = area(attr(test, "areatype"), text, self.losses, test)
            return None if found is None else m.Inside(given, shape=found[0], coords=found[1])
        if name == "varsubstring":
            if base is not BaseType.STRING:
                self.losses.dropped("comparison", test, f"varsubstring of {base} is taken as false")
                return None
            return m.Substring(self._value(text, response), given, case_sensitive=yes(attr(test, "case"), False))
        if name == "varsubset":
            return self._subset(test, response, given)
        if base in _NUMERIC and not NUMBER.fullmatch(text):
            self.losses.dropped("comparison", test, f"{name} of {text!r} with {base} is taken as false")
            return None
        value = self._value(text, response)
        if cardinality is Cardinality.ORDERED and index is not None:
            return m.Match(m.Index(given, n=index), value)
        if cardinality in (Cardinality.MULTIPLE, Cardinality.ORDERED):
            return m.Member(value, given)
        if base is BaseType.STRING:
            return m.StringMatch(given, value, case_sensitive=yes(attr(test, "case"), False))
        return m.Equal(given, value) if base in _NUMERIC else m.Match(given, value)

    def _subset(self, test: Element, response: Response, given: Expression) -> Expression | None:
        values = [self._value(part.strip(), response) for part in text_in(test).split(",") if part.strip()]
        whole = m.Multiple(*values)
        if response.cardinality is Cardinality.SINGLE:
            return m.Member(given, whole)
        if response.cardinality is Cardinality.ORDERED:
            return m.Match(given, m.Ordered(*values))
        exact = choice_of(attr(test, "setmatch"), "exact") == "exact"
        return m.Match(given, whole) if exact else m.Contains(given, whole)

    def _value(self, text: str, response: Response) -> m.BaseValue:
        base = response.base_type
        match base:
            case BaseType.IDENTIFIER:
                text = response.labels.get(text) or valid_identifier(text or "_")
            case BaseType.INTEGER | BaseType.FLOAT:
                text = self._number(text, base) if NUMBER.fullmatch(text) else "0"
            case BaseType.PAIR | BaseType.DIRECTED_PAIR:
                parts = [part for part in re.split(r"[\s,]+", text) if part]
                text = " ".join(response.labels.get(part) or valid_identifier(part) for part in parts[:2])
            case BaseType.POINT:
                text = " ".join(str(round(float(n))) for n in NUMBER.findall(text)[:2])
        return m.BaseValue(text, base_type=base)

    def _duration(self, test: Element, name: str) -> Expression:
        text = text_in(test).strip()
        number = text if NUMBER.fullmatch(text) else "0"
        limit = m.BaseValue(repr(float(number)), base_type=BaseType.DURATION)
        taken = m.Variable(identifier="duration")
        self.losses.approximated("duration", test, f"{name} is of the whole item, and durations are compared in whole")
        match name:
            case "durlt":
                return m.DurationLt(taken, limit)
            case "durgte":
                return m.DurationGte(taken, limit)
            case "durlte":
                return m.Not(m.DurationGte(taken, m.BaseValue(repr(float(number) + 1), base_type=BaseType.DURATION)))
            case "durgt":
                return m.DurationGte(taken, m.BaseValue(repr(float(number) + 1), base_type=BaseType.DURATION))
        after = m.BaseValue(repr(float(number) + 1), base_type=BaseType.DURATION)
        return m.And(m.DurationGte(taken, limit), m.DurationLt(m.Variable(identifier="duration"), after))

    def _actions(self, condition: Element) -> list[Rule]:
        rules: list[Rule] = []
        for child in kids(condition):
            match name_of(child):
                case "setvar":
                    rule = self._set(child)
                    rules += [] if rule is None else [rule]
                case "displayfeedback":
                    rules.append(self._show(child))
                case "conditionvar" | "qticomment":
                    pass
                case _:
                    self.losses.dropped(
                        "extension", child, f"{child.name.local} is left out: {text_in(child).strip()[:60]!r}"
                    )
        return rules

    def _set(self, element: Element) -> Rule | None:
        name = self._outcome_name(_set_by(element))
        declaration = self.outcomes[name]
        base, text = declaration.base_type, self._literal(element)
        if text != text_in(element).strip():
            self.losses.changed("setvar", element, f"{text_in(element).strip()!r} is {text}")
        action = choice_of(attr(element, "action"), "set")
        if base in _NUMERIC and not NUMBER.fullmatch(text):
            self.losses.dropped("setvar", element, f"setting {name} to {text!r}, which is no number, is left out")
            return None
        literal = valid_identifier(text or "_") if base is BaseType.IDENTIFIER else self._number(text, base)
        value: Expression = m.BaseValue(literal, base_type=base)
        if declaration.cardinality is Cardinality.MULTIPLE:
            value = m.Multiple(*([m.Variable(identifier=name)] if action == "add" else []), value)
        elif base in _NUMERIC and action != "set":
            operators: dict[str, type[Expression]] = {
                "add": m.Sum,
                "subtract": m.Subtract,
                "multiply": m.Product,
                "divide": m.Divide,
            }
            operator = operators.get(action)
            if operator is None:
                self.losses.approximated("setvar", element, f"the action {action!r} is taken as Set")
            else:
                value = operator(m.Variable(identifier=name), value)
        return m.SetOutcomeValue(value, identifier=name, line=element.line, column=element.column)

    def _show(self, element: Element) -> Rule:
        source = attr(element, "linkrefid") or ""
        kind = choice_of(attr(element, "feedbacktype"), "response")
        if kind != "response":
            self.losses.approximated("feedback-type", element, f"feedback of the type {kind} is shown as any other")
        name = self.feedback.setdefault(source, valid_identifier(source or "_"))
        value = m.Multiple(m.Variable(identifier=self.feedback_name), m.BaseValue(name, base_type=BaseType.IDENTIFIER))
        return m.SetOutcomeValue(value, identifier=self.feedback_name, line=element.line, column=element.column)


def _set_by(setting: Element) -> str:
    return (attr(setting, "varname") or attr(setting, "variablename") or "SCORE").strip() or "SCORE"


def _index(test: Element) -> int | None:
    found = (attr(test, "index") or "").strip()
    return int(found) if found.isdecimal() and int(found) > 0 else None


def _joined(operator: type[Expression], parts: list[Expression]) -> Expression | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else operator(*parts)
