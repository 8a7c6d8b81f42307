"""Outcomes processing of QTI 1.2 as outcome processing of a test in 3.0 that comes to the same.

An assessment or a section says by which model its outcomes come from those of its parts, and which parts count. Parts
are items and sections; a section without a model of its own stands for what is in it. What 1.2 computes in a section
becomes an outcome of the test that bears the section's name. Rules on metadata are decided here, as for selections.

Specification: ASI outcomes processing 1.2; the models are those of its section on scoring algorithms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from demotic.learning.qti import model as m
from demotic.learning.qti.converting._loss import Losses
from demotic.learning.qti.converting._versions import valid_identifier
from demotic.learning.qti.legacy._building import add, both, known, number, set_to, variable, when
from demotic.learning.qti.legacy._content import Content
from demotic.learning.qti.legacy._feedback import NAME, Feedback
from demotic.learning.qti.legacy._metadata import Metadata, words
from demotic.learning.qti.legacy._models import MODELS, NUMBERS, Model, Names, names_of
from demotic.learning.qti.legacy._rules import NUMBER, RULES, holds, label_values
from demotic.learning.qti.legacy._scoring import Scoring
from demotic.learning.qti.legacy._source import attr, kids, name_of
from demotic.learning.qti.legacy._values import choice_of
from demotic.learning.qti.model import BaseType, Cardinality, Expression, Item, OutcomeRule
from demotic.xml import Element

__all__ = ["Outcomes", "Part"]


@dataclass(slots=True)
class Part:
    """A part of a test: an item by its reference, or a section with parts of its own; `name` is that in the test."""

    name: str
    element: Element
    item: m.AssessmentItem | None = None
    weight: float | None = None
    labels: Metadata = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    repeats: bool = False
    mapped: str | None = None

    def items(self) -> Iterator[Part]:
        """Yield all items."""
        for part in self.parts:
            yield from [part] if part.item is not None else part.items()


@dataclass(frozen=True, slots=True)
class Counted:
    """A part that counts, with what the condition that chose it says: a weight, and names of variables."""

    part: Part
    weight: float | None
    names: Names


class Outcomes:
    """Makes the outcome declarations, the outcome processing and the feedback of a test."""

    def __init__(self, content: Content, losses: Losses) -> None:
        self.losses = losses
        self.declared: dict[str, m.OutcomeDeclaration] = {}
        self.rules: list[OutcomeRule] = []
        self.feedback = Feedback(content, losses, self.declared)
        self.repeats = False

    def test(self, whole: Part) -> None:
        """Convert the processing of all sections, from the inside out, and then that of the assessment."""
        self.repeats = any(part.repeats for part in _all(whole))
        for part in whole.parts:
            self._inner(part)
        stated = list(kids(whole.element, "outcomes_processing"))
        self.feedback.collect(whole.element)
        for processing in stated:
            self._process(whole, processing)
        if not stated:
            self.declare("SCORE")
            weighted = any(part.weight is not None for part in whole.items())
            self.rules.append(set_to("SCORE", _total(Part("", whole.element), "SCORE", weighted=weighted)))

    def _inner(self, part: Part) -> None:
        for inner in part.parts:
            self._inner(inner)
        if part.item is None:
            self.feedback.collect(part.element)
            for processing in kids(part.element, "outcomes_processing"):
                self._process(part, processing)

    def declare(self, name: str, element: Element | None = None) -> None:
        """Declare a number, unless it is."""
        if name not in self.declared:
            self.declared[name] = m.OutcomeDeclaration(
                m.DefaultValue(m.Value("0")), identifier=name, cardinality=Cardinality.SINGLE, base_type=BaseType.FLOAT,
                line=element.line if element is not None else 0, column=element.column if element is not None else 0,
            )  # fmt: skip

    # One processing.

    def _process(self, part: Part, processing: Element) -> None:
        prefix = f"{part.name}_" if part.name else ""
        stated = choice_of(attr(processing, "scoremodel"), "sumofscores")
        model = MODELS.get("".join(letter for letter in stated if letter.isalpha()))
        if model is None:
            self.losses.approximated("outcomes", processing, f"the score model {stated!r} becomes the sum of scores")
            model = MODELS["sumofscores"]
        names = names_of(processing, prefix, self.losses)
        self._declarations(processing, prefix, names)
        counted = list(self._counted(part, processing, model))
        parameters = {
            (attr(p, "pname") or "").lower().removeprefix("qmd_"): words(p)
            for p in kids(processing, "processing_parameter")
        }
        self._tell_parameters(processing, model)
        output = names.of(model.variable)
        self.declare(output, processing)
        if model.kind == "best":
            self._best(counted, output, parameters.get("k", ""), processing)
        elif model.is_plain and not self._is_special(part, processing, names, model):
            self.rules.append(set_to(output, _total(part, "SCORE", weighted=model.weights == "own")))
        else:
            self._accumulate(counted, model, names, parameters)
        for test in kids(processing, "outcomes_feedback_test"):
            self.rules += self.feedback.rules(test, names)
        for other in kids(processing):
            if name_of(other) not in _HANDLED:
                self.losses.dropped("outcomes", other, f"{other.name.local} is left out: {words(other)[:60]!r}")

    def _declarations(self, processing: Element, prefix: str, names: Names) -> None:
        """Declare what the processing declares; numbers become floats, which hold all sums and products."""
        scoring = Scoring({}, self.losses)
        for outcomes in kids(processing, "outcomes"):
            for declared in kids(outcomes, "decvar"):
                scoring.declare(declared)
            for interpreted in kids(outcomes, "interpretvar"):
                scoring.interpret(interpreted)
        for name, declaration in scoring.outcomes.items():
            declaration.identifier = f"{prefix}{name}"
            if declaration.base_type is BaseType.INTEGER:
                declaration.base_type = BaseType.FLOAT
            self.declared.setdefault(declaration.identifier, declaration)
            names.declared.add(declaration.identifier)

    def _counted(self, part: Part, processing: Element, model: Model) -> Iterator[Counted]:
        """Yield the parts that count: those which a condition chooses, if there are conditions."""
        conditions = list(kids(processing, "objects_condition"))
        for child in self._children(part):
            chosen = next((c for c in conditions if _chooses(c, child.labels)), None)
            if conditions and chosen is None:
                continue
            weight = child.weight if model.weights == "own" else None
            if model.weights == "parameter" and chosen is not None:
                stated = {(attr(p, "pname") or "").lower().removeprefix("qmd_"): words(p)
                          for p in kids(chosen, "objects_parameter")}  # fmt: skip
                text = stated.get("weighting", "")
                weight = float(text) if NUMBER.fullmatch(text) else None
            inputs = Names({}) if chosen is None else names_of(chosen, "", self.losses, "map_input")
            yield Counted(child, weight, inputs)
        if conditions:
            counting = sum(any(_chooses(c, child.labels) for c in conditions) for child in self._children(part))
            self.losses.changed("outcomes", conditions[0], f"the conditions are decided: {counting} parts count")
        for extension in [e for c in conditions for e in kids(c, "objectscond_extension")]:
            self.losses.dropped("outcomes", extension, f"objectscond_extension is left out: {words(extension)[:60]!r}")

    def _children(self, part: Part) -> Iterator[Part]:
        for child in part.parts:
            if child.item is not None or any(True for _ in kids(child.element, "outcomes_processing")):
                yield child
            else:
                yield from self._children(child)

    def _is_special(self, part: Part, processing: Element, names: Names, model: Model) -> bool:
        """Tell whether a sum needs a rule for each part, where one over the variables of all items will not do."""
        return (
            any(child.item is None for child in self._children(part))
            or any(True for _ in kids(processing, "objects_condition"))
            or any(names.wants(f"{model.variable}.{bound}") for bound in ("min", "max", "normalized"))
            or any(_outcome(child.item, "SCORE") != "SCORE" for child in part.items() if _outcome(child.item, "SCORE"))
        )

    def _source(self, counted: Counted, variable: str) -> str | None:
        """Return the name in the test of a part's variable; none if the part has none such."""
        wanted, part = counted.names.given.get(variable, variable), counted.part
        if part.item is None:
            name = f"{part.name}_{valid_identifier(wanted).replace('.', '_')}"
            return name if name in self.declared else None
        own = _outcome(part.item, wanted) or (part.mapped if wanted == "SCORE" else None)
        if own is None and variable == "CORRECT":
            message = f"{part.item.identifier!r} has no outcome {wanted!r}, so it does not count"
            self.losses.changed("outcomes", part.element, message)
        return None if own is None else f"{part.name}.{own}"

    def _attempted(self, part: Part) -> list[Expression]:
        """Return the test whether there is an answer to an item; nothing for a section."""
        if part.item is None:
            return []
        responses = [f"{part.name}.{d.identifier}" for d in part.item.response_declarations]
        given = [known(name) for name in responses]
        if not given:
            return [m.Gt(variable(f"{part.name}.numAttempts"), m.BaseValue("0", base_type=BaseType.INTEGER))]
        return [given[0] if len(given) == 1 else m.Or(*given)]

    # Models.

    def _accumulate(self, counted: Iterable[Counted], model: Model, names: Names, parameters: dict[str, str]) -> None:
        output = names.of(model.variable)
        wanted = {kind: names.of(f"{model.variable}.{kind}") for kind in NUMBERS
                  if names.wants(f"{model.variable}.{kind}")}  # fmt: skip
        if "normalized" in wanted:
            wanted |= {kind: names.of(f"{model.variable}.{kind}") for kind in ("min", "max")}
        for name in wanted.values():
            self.declare(name)
        self.rules.append(set_to(output, number(0)))
        for each in counted:
            source = self._source(each, model.source)
            if source is None:
                continue
            if self.repeats:
                message = f"{each.part.name} may be selected more than once, and counts once"
                self.losses.approximated("outcomes", each.part.element, message)
            self._one(each, source, model, output, wanted, parameters)
        if "normalized" in wanted:
            span = m.Subtract(variable(wanted["max"]), variable(wanted["min"]))
            share = m.Divide(m.Subtract(variable(output), variable(wanted["min"])), span)
            unequal = m.Not(m.Equal(variable(wanted["max"]), variable(wanted["min"])))
            self.rules.append(when(unequal, set_to(wanted["normalized"], share)))

    def _one(
        self, each: Counted, source: str, model: Model, output: str, wanted: dict[str, str], parameters: dict[str, str]
    ) -> None:
        """Add what one part counts; a part that is not in the form has no value, and counts nothing."""
        weight = 1.0 if each.weight is None else each.weight
        there = [known(source), *(self._attempted(each.part) if model.attempted else [])]
        if model.kind == "sum":
            value: Expression = variable(source)
            bounds = self._bounds(each, source, weight, wanted)
            scaled = value if each.weight is None else m.Product(value, number(weight))
            self.rules.append(when(both(*there), add(output, scaled), *bounds))
            return
        right = self._is_right(each, source)
        if model.kind == "count":
            most = [add(wanted["max"], number(weight))] if "max" in wanted else []
            self.rules += [when(both(*there), *most)] if most else []
            self.rules.append(when(both(*there, right), add(output, number(weight))))
            return
        text = next(iter(label_values(each.part.labels, "penaltyvalue")), parameters.get("penaltyvalue", "1"))
        penalty = float(text) if NUMBER.fullmatch(text) else 1.0
        more = {kind: [add(name, number(1))] for kind, name in wanted.items()}
        won = m.OutcomeIf(right, add(output, number(weight)), *more.get("correct", []))
        lost = m.OutcomeElse(add(output, number(-weight * penalty)), *more.get("incorrect", []))
        self.rules.append(when(both(*there), m.OutcomeCondition(won, lost)))
        if "unattempted" in more:
            (answered,) = self._attempted(each.part) or [known(source)]
            self.rules.append(when(m.And(known(source), m.Not(answered)), *more["unattempted"]))

    def _is_right(self, each: Counted, source: str) -> Expression:
        item, own = each.part.item, source.rpartition(".")[2]
        declared = next((d for d in item.outcome_declarations if d.identifier == own), None) if item else None
        if declared is not None and declared.base_type is BaseType.BOOLEAN:
            return variable(source)
        return m.Gt(variable(source), number(0))

    def _bounds(self, each: Counted, source: str, weight: float, wanted: dict[str, str]) -> list[OutcomeRule]:
        item, own = each.part.item, source.rpartition(".")[2]
        declared = next((d for d in item.outcome_declarations if d.identifier == own), None) if item else None
        rules: list[OutcomeRule] = []
        for kind, name in wanted.items():
            if kind not in ("min", "max"):
                continue
            if item is None:
                inner = f"{source}_{kind}"
                rules += [add(name, m.Product(variable(inner), number(weight)))] if inner in self.declared else []
                continue
            bound = getattr(declared, f"normal_{kind}imum", None)
            if bound is None:
                message = f"{item.identifier!r} does not say the {kind}imum of {own}; it is taken as 0"
                self.losses.approximated("outcomes", each.part.element, message)
            else:
                rules.append(add(name, number(bound * weight)))
        return rules

    def _best(self, counted: list[Counted], output: str, stated: str, processing: Element) -> None:
        """Add up the best scores: each one in turn is put into its place among the best so far."""
        scored = [(c, source) for c in counted if (source := self._source(c, "SCORE")) is not None]
        if not stated.isdecimal():
            message = "without K, the best of as many as are answered are all that are answered"
            self.losses.approximated("outcomes", processing, message)
            self._accumulate(counted, MODELS["sumofscoresattempted"], Names({"SCORE": output}), {})
            return
        if self.repeats:
            self.losses.approximated("outcomes", processing, "what is selected more than once counts once")
        places = [f"{output}_BEST_{place}" for place in range(1, min(int(stated), len(scored)) + 1)]
        following, held = f"{output}_NEXT", f"{output}_HELD"
        for name in (*places, following, held):
            self.declare(name, processing)
        self.rules += [set_to(place, m.Null()) for place in places]  # numbers would begin as zeros
        for _, source in scored:
            inserted: list[OutcomeRule] = [set_to(following, variable(source))]
            for place in places:
                free = m.OutcomeIf(m.IsNull(variable(place)), set_to(place, variable(following)),
                                   set_to(following, m.Null()))  # fmt: skip
                better = m.OutcomeElseIf(
                    m.Gt(variable(following), variable(place)),
                    set_to(held, variable(place)),
                    set_to(place, variable(following)),
                    set_to(following, variable(held)),
                )  # fmt: skip
                inserted.append(m.OutcomeCondition(free, better))
            self.rules.append(when(known(source), *inserted))
        self.rules.append(set_to(output, number(0)))
        self.rules += [when(known(place), add(output, variable(place))) for place in places]

    def _tell_parameters(self, processing: Element, model: Model) -> None:
        for parameter in kids(processing, "processing_parameter"):
            name = (attr(parameter, "pname") or "").lower().removeprefix("qmd_")
            if name not in model.parameters:
                message = f"the parameter {name!r} is not one of the model: {words(parameter)[:60]!r}"
                self.losses.dropped("outcomes", parameter, message)

    def shown(self) -> list[Item]:
        """Return the feedback of the test; the outcome that shows it is declared if there is any."""
        made = self.feedback.nodes()
        if made or self.feedback.shown:
            self.declared[NAME] = m.OutcomeDeclaration(
                identifier=NAME, cardinality=Cardinality.MULTIPLE, base_type=BaseType.IDENTIFIER
            )
        return made


_HANDLED: Final = frozenset({
    "qticomment", "outcomes", "objects_condition", "processing_parameter", "map_output", "outcomes_feedback_test",
})  # fmt: skip


def _all(part: Part) -> Iterator[Part]:
    yield part
    for inner in part.parts:
        yield from _all(inner)


def _total(part: Part, variable: str, *, weighted: bool) -> Expression:
    """Return the sum of a variable over all items, or those of a section."""
    variables = m.TestVariables(variable_identifier=variable)
    if weighted:
        variables.weight_identifier = "WEIGHT"
    if part.name:
        variables.section_identifier = part.name
    return m.Sum(variables)


def _chooses(condition: Element, labels: Metadata) -> bool:
    return all(holds(rule, labels) for rule in kids(condition) if name_of(rule) in RULES)


def _outcome(item: m.AssessmentItem | None, source: str) -> str | None:
    """Return the name that an item has for an outcome of 1.2; none if it has none such."""
    name = valid_identifier(source).replace(".", "_")
    names = {} if item is None else {d.identifier: d for d in item.outcome_declarations}
    return next((each for each in (name, f"{name}_OUTCOME") if each in names), None)
