"""Rules on metadata, which choose items and sections: those of selections, and those of outcomes processing.

They are about what is written in the document, so the conversion itself can say which objects they choose.

Specification: ASI selection and ordering 1.2, `selection_metadata`; ASI outcomes processing 1.2, `outcomes_metadata`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from demotic.learning.qti.legacy._source import attr, kids, name_of, text_in
from demotic.xml import Element

__all__ = ["NUMBER", "OPERATORS", "RULES", "holds", "label_values"]

# Not so large that a float could not hold it.
NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,200}\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?0*[0-9]{1,2})?")
OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": operator.eq, "neq": operator.ne, "lt": operator.lt, "lte": operator.le, "gt": operator.gt, "gte": operator.ge,
}  # fmt: skip
"""`mdoperator` and `testoperator`."""
_ALL: Final = frozenset({"and_selection", "and_objects"})
_ANY: Final = frozenset({"or_selection", "or_objects"})
_NONE: Final = frozenset({"not_selection", "not_objects"})
_LEAVES: Final = frozenset({"selection_metadata", "outcomes_metadata"})
RULES: Final = _ALL | _ANY | _NONE | _LEAVES
"""The names of rules."""


def label_values(labels: Mapping[str, Sequence[str]], label: str) -> list[str]:
    """Return the values of a label, however it is written."""
    wanted = _plain(label)
    return [value for name, values in labels.items() if _plain(name) == wanted for value in values]


def holds(rule: Element, labels: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a rule chooses an object with these metadata; several rules within one are all to hold."""
    name = name_of(rule)
    if name in _LEAVES:
        return _compares(rule, labels)
    each = [holds(inner, labels) for inner in kids(rule) if name_of(inner) in RULES]
    if name in _ANY:
        return any(each)
    return not all(each) if name in _NONE else all(each)


def _compares(rule: Element, labels: Mapping[str, Sequence[str]]) -> bool:
    compare = OPERATORS.get((attr(rule, "mdoperator") or "eq").strip().lower(), operator.eq)
    wanted = text_in(rule).strip()
    values = label_values(labels, attr(rule, "mdname") or "")
    if compare is operator.ne:
        return all(_compared(compare, value, wanted) for value in values)
    return any(_compared(compare, value, wanted) for value in values)


def _compared(compare: Callable[[Any, Any], bool], value: str, wanted: str) -> bool:
    if NUMBER.fullmatch(value) and NUMBER.fullmatch(wanted):
        return compare(float(value), float(wanted))
    return compare(value.lower(), wanted.lower())


def _plain(label: str) -> str:
    return re.sub(r"[\s_-]", "", label).lower().removeprefix("qmd")
