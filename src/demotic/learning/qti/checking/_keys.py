"""Correct responses that nobody can give: beyond the bounds of a slider, or against the limits of an interaction.

Specification: QTI 2.1 and 3.0 information models, "Interactions": bounds of sliders, `maxChoices`, `maxAssociations`,
`matchMax`, and order interactions, in which all choices are ordered unless limits say otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from demotic.errors import DemoticError
from demotic.learning.qti import model as m
from demotic.learning.qti.checking._report import Report
from demotic.learning.qti.model import BaseType, Cardinality, Interaction, Node, read_literal

__all__ = ["check_key"]

_COUNTED: Final = ("max_choices", "max_associations")
_GAPS: Final = (m.GapMatchInteraction, m.GraphicGapMatchInteraction)
"""Whose limit came with 2.2: items made before say none, and mean none."""
_ORDERS: Final = (m.OrderInteraction, m.GraphicOrderInteraction)


def check_key(node: Interaction, declaration: m.ResponseDeclaration, report: Report) -> None:
    """Look at whether the correct response of an interaction can be given."""
    correct, base = declaration.correct_response, declaration.attributes.get("base_type")
    if correct is None or base is None:
        return
    try:
        values = [read_literal(base, value.text) for value in correct.values]
    except DemoticError:
        return  # said already, where the declaration was looked at
    name = declaration.attributes.get("identifier", "")

    def tell(why: str) -> None:
        report.add("impossible-key", correct, name, name=name, why=why)

    if isinstance(node, m.SliderInteraction):
        _slider(node, values, tell)
        return
    _count(node, values, report, tell)
    if base in (BaseType.PAIR, BaseType.DIRECTED_PAIR):
        _matches(node, values, report, tell)
    elif isinstance(node, _ORDERS) and declaration.attributes.get("cardinality") is Cardinality.ORDERED:
        _order(node, values, tell)


def _slider(node: m.SliderInteraction, values: list[Any], tell: Callable[[str], None]) -> None:
    low, high = node.attributes.get("lower_bound"), node.attributes.get("upper_bound")
    if low is None or high is None or low >= high:
        return
    for value in values:
        if isinstance(value, (int, float)) and not low <= value <= high:
            tell(f"{value:g} is not from {low:g} to {high:g}")


def _count(node: Interaction, values: list[Any], report: Report, tell: Callable[[str], None]) -> None:
    for name in _COUNTED:
        field = node.attribute_table.get(name)
        if field is None:
            continue
        implied = None if isinstance(node, _GAPS) else field.default_in(report.version)
        limit = node.attributes.get(name, implied)
        if isinstance(limit, int) and 0 < limit < len(values):
            tell(f"it has {len(values)} values, and {field.wire_in(report.version)} is {limit}")


def _matches(node: Node, values: list[Any], report: Report, tell: Callable[[str], None]) -> None:
    used = Counter(name for pair in values for name in pair)
    for choice in node.walk():
        if not isinstance(choice, m.Choice) or "match_max" not in choice.attribute_table:
            continue
        name, limit = choice.attributes.get("identifier", ""), choice.attributes.get("match_max")
        if limit and 0 < limit < used[name]:
            wire = choice.attribute_table["match_max"].wire_in(report.version)
            tell(f"it has {name!r} {used[name]} times, and its {wire} is {limit}")


def _order(node: Any, values: list[Any], tell: Callable[[str], None]) -> None:
    if node.attributes.get("min_choices") is not None or node.attributes.get("max_choices") is not None:
        return  # a part of the choices may be ordered
    names = [c.attributes.get("identifier") for c in node.walk() if isinstance(c, m.Choice)]
    left = [name for name in names if name not in values]
    if values and left:
        tell(f"all choices are ordered, and it leaves out {', '.join(map(str, left))}")
