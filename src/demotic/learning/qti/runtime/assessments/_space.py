"""What the rules of a test see and set: its own variables, those of its items by `ITEM.VARIABLE`, times, and the items.

Specification: QTI 3.0 ASI information model, sections 2.7 and 2.12 (outcome processing).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from demotic.learning.qti.model import (
    AssessmentItemRef,
    BaseType,
    Cardinality,
    ItemSubset,
    NumberCorrect,
    NumberIncorrect,
    NumberPresented,
    NumberResponded,
    OutcomeDeclaration,
)
from demotic.learning.qti.runtime._errors import ProcessingError, UnknownVariable
from demotic.learning.qti.runtime._random import Random
from demotic.learning.qti.runtime.assessments._form import Entry
from demotic.learning.qti.runtime.assessments._program import Place, TestProgram
from demotic.learning.qti.runtime.assessments._state import TestState
from demotic.learning.qti.runtime.items import RESERVED, ItemState
from demotic.learning.qti.runtime.processing import Declared, typed
from demotic.learning.qti.runtime.values import Optional, Value, number

__all__ = ["TestSpace"]

_NUMERIC = (BaseType.INTEGER, BaseType.FLOAT)
_MOST_PROBLEMS = 100
_NEVER = number(0)


class TestSpace:
    """The variables of a test session, while a run of processing changes them. It is thrown away afterwards."""

    __test__ = False
    __slots__ = ("problems", "program", "random", "state", "strict", "values")

    def __init__(self, program: TestProgram, state: TestState, *, strict: bool = False) -> None:
        self.program = program
        self.state = state
        self.strict = strict
        self.problems: list[str] = []
        self.values: dict[str, Optional] = dict(state.values)
        self.random = Random(state.random)

    # What expressions ask for.

    def value(self, name: str) -> Optional:
        if name in self.values:
            return self.values[name]
        if name == "duration" or name.endswith(".duration"):
            around = name.rpartition(".")[0]
            if (around in self.program.places and self.program.places[around].program is None) or not around:
                return Value(Cardinality.SINGLE, BaseType.DURATION, self.state.seconds.get(around, 0.0))
        item, dot, variable = name.rpartition(".")
        if dot:
            return self._of_item(item, variable, name)
        raise self._unknown(name)

    def weighted(self, name: str, weight: str) -> Optional:
        value = self.value(name)
        place = self._place(name.rpartition(".")[0])
        if value is None or place is None or value.base_type not in _NUMERIC:
            return value  # weights are for numbers alone
        factor = _weight(place, weight)
        items = [float(item) * (1.0 if factor is None else factor) for item in value.items]
        return number(items[0]) if value.is_single else Value(value.cardinality, BaseType.FLOAT, tuple(items))

    def default(self, name: str) -> Optional:
        item, dot, variable = name.rpartition(".")
        if dot:
            place = self._place(item)
            state = self.state.items.get(item)
            declared = None if place is None or place.program is None else place.program.variables.get(variable)
            if declared is None:
                raise self._unknown(name)
            return declared.default if state is None else state.defaults.get(variable, declared.default)
        return self._outcome(name).default

    def correct(self, name: str) -> Optional:
        item, _, variable = name.rpartition(".")
        place = self._place(item)
        if place is None or place.program is None or variable not in place.program.responses:
            raise self._unknown(name)
        state = self.state.items.get(item)
        declared = place.program.responses[variable]
        return declared.correct if state is None else state.corrects.get(variable, declared.correct)

    def mapped(self, name: str) -> Declared:
        raise ProcessingError(f"{name} cannot be mapped in a test", target=name, hint="map it in the item")

    def items(self) -> TestSpace:
        return self

    # What rules set.

    def set_outcome(self, name: str, value: Optional) -> None:
        self.values[name] = typed(self._outcome(name), value)

    def set_template(self, name: str, value: Optional) -> None:
        raise ProcessingError("a test has no template variables", target=name)

    def set_correct(self, name: str, value: Optional) -> None:
        raise ProcessingError("a test has no responses of its own", target=name)

    def set_response(self, name: str, value: Optional) -> None:
        raise ProcessingError("a test has no responses of its own", target=name)

    def set_default(self, name: str, value: Optional) -> None:
        raise ProcessingError("defaults are not set in a test", target=name)

    def look_up(self, name: str, value: Optional) -> Optional:
        return self._outcome(name).look_up(value)

    def failed(self, error: ProcessingError) -> None:
        if self.strict:
            raise error
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(error.message)

    # The items of the form.

    def chosen(self, subset: ItemSubset) -> Iterator[tuple[Entry, Place, ItemState | None]]:
        """Iterate over the items of the form that a subset has."""
        for part in self.state.form:
            for entry in part:
                place = self.program.places[entry.identifier]
                if _in_subset(place, subset):
                    yield entry, place, self.state.items.get(entry.name)

    def bounds(self, subset: ItemSubset, variable: str, weight: str | None, upper: bool) -> Iterable[float | None]:
        for _, place, _ in self.chosen(subset):
            assert place.program is not None
            declared = place.program.outcomes.get(_source(place, variable))
            node = None if declared is None else declared.node
            if not isinstance(node, OutcomeDeclaration):
                continue
            bound = node.normal_maximum if upper else node.normal_minimum
            factor = None if weight is None else _weight(place, weight)
            yield None if bound is None else bound * (1.0 if factor is None else factor)

    def values_of(
        self, subset: ItemSubset, variable: str, weight: str | None
    ) -> Iterable[tuple[Optional, float | None]]:
        for _, place, state in self.chosen(subset):
            value = None if state is None else state.values.get(_source(place, variable))
            yield value, None if weight is None else _weight(place, weight)

    def count(self, subset: ItemSubset) -> int:
        return sum(
            _counts(subset, place, state, entry.name in self.state.presented)
            for entry, place, state in self.chosen(subset)
        )

    # Names.

    def _outcome(self, name: str) -> Declared:
        if name not in self.program.outcomes:
            raise self._unknown(name)
        return self.program.outcomes[name]

    def _place(self, item: str) -> Place | None:
        """Return the item of a name: a reference's identifier, or that of one of its instances."""
        place = self.program.places.get(item)
        if place is None:
            place = self.program.places.get(item.rpartition(".")[0])
        return place if place is not None and place.program is not None else None

    def _of_item(self, item: str, variable: str, name: str) -> Optional:
        place = self._place(item)
        if place is None or place.program is None:
            raise self._unknown(name)
        source = _source(place, variable)
        if source not in place.program.variables and source not in RESERVED:
            raise self._unknown(name)
        state = self.state.items.get(item) or self._last_instance(item)
        return None if state is None else state.values.get(source)

    def _last_instance(self, item: str) -> ItemState | None:
        """Return the last instance submitted of an item that was selected more than once."""
        instances = (entry.name for part in self.state.form for entry in part if entry.identifier == item)
        states = [self.state.items[name] for name in instances if name in self.state.items]
        submitted = [state for state in states if state.values["numAttempts"] != _NEVER and not state.trying]
        return submitted[-1] if submitted else None

    def _unknown(self, name: str) -> UnknownVariable:
        return UnknownVariable(f"there is no variable {name}", target=name, hint="ITEM.VARIABLE, or one of the test")


def _source(place: Place, variable: str) -> str:
    """Return the item's own name of a variable that the test knows by another."""
    node = place.node
    assert isinstance(node, AssessmentItemRef)
    for mapping in node.variable_mappings:
        if mapping.target_identifier == variable:
            return mapping.source_identifier
    return variable


def _weight(place: Place, identifier: str) -> float | None:
    node = place.node
    assert isinstance(node, AssessmentItemRef)
    return next((weight.value for weight in node.weights if weight.identifier == identifier), None)


def _in_subset(place: Place, subset: ItemSubset) -> bool:
    node = place.node
    assert isinstance(node, AssessmentItemRef)
    if subset.section_identifier is not None and subset.section_identifier not in place.path:
        return False
    categories = set(node.category or ())
    if subset.include_category and not categories & set(subset.include_category):
        return False
    return not (subset.exclude_category and categories & set(subset.exclude_category))


def _counts(subset: ItemSubset, place: Place, state: ItemState | None, presented: bool) -> bool:
    if isinstance(subset, NumberPresented):
        return presented
    if not isinstance(subset, (NumberResponded, NumberCorrect, NumberIncorrect)):
        return True
    if state is None or place.program is None:
        return False
    attempts = state.values["numAttempts"]
    if attempts is None or not attempts.data:
        return False
    responses = place.program.responses
    if isinstance(subset, NumberResponded):
        given = ((state.values[name], state.defaults.get(name, each.default)) for name, each in responses.items())
        return any(value is not None and value != default for value, default in given)
    expected = {name: state.corrects.get(name, each.correct) for name, each in responses.items()}
    if not expected or None in expected.values():
        return False  # only items whose response variables all have a correct response are looked at
    correct = all(state.values[name] == value for name, value in expected.items())
    return correct if isinstance(subset, NumberCorrect) else not correct
