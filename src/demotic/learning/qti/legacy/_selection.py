"""Selection and ordering of QTI 1.2: which members a section has, in groups of which so many are presented.

Rules on metadata are decided here: 3.0 has no such rules, and needs none, since they choose the same in every session.

Specification: ASI selection and ordering 1.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from demotic.learning.qti import model as m
from demotic.learning.qti.converting._loss import Losses
from demotic.learning.qti.legacy._metadata import words
from demotic.learning.qti.legacy._rules import NUMBER, RULES, holds
from demotic.learning.qti.legacy._source import attr, kids, name_of
from demotic.learning.qti.legacy._values import choice_of
from demotic.xml import Element

__all__ = ["Group", "Plan", "Target", "plan_of"]

Target: TypeAlias = tuple[Element, Element]
"""What stands in the section, and the item or section that it refers to, or is."""


@dataclass(frozen=True, slots=True)
class Group:
    """Members of which some are selected: all of them where `number` is None; `points` is what each counts."""

    members: tuple[Target, ...]
    number: int | None = None
    points: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a section presents."""

    groups: tuple[Group, ...]
    ordering: m.Ordering | None = None
    repeats: bool = False


def plan_of(
    element: Element,
    members: Sequence[Target],
    labels: Callable[[Element], Mapping[str, Sequence[str]]],
    banks: Mapping[str, Sequence[Target]],
    losses: Losses,
) -> Plan:
    """Return what the selections of a section or an assessment make of its members; `labels` has their metadata."""
    rules = list(kids(element, "selection_ordering"))
    selections = [s for each in rules for s in kids(each, "selection")]
    groups, taken = [], set[int]()
    for selection in selections:
        candidates = _candidates(selection, members, banks, losses)
        chosen = _chosen(selection, candidates, labels, losses)
        again = [t for t in chosen if id(t[1]) in taken]
        if again:
            losses.approximated(
                "selection", selection, f"{len(again)} members that another selection has are in that alone"
            )
        groups.append(_group(selection, [t for t in chosen if id(t[1]) not in taken], losses))
        taken |= {id(target) for _, target in chosen}
    left = [t for t in members if id(t[1]) not in taken]
    if selections and left:
        losses.changed("selection", selections[0], f"{len(left)} members that no selection has are not in the test")
    sequence = next((choice_of(attr(each, "sequence_type"), "normal") for each in rules), "normal")
    _tell_rest(rules, losses)
    return Plan(
        tuple(groups) or (Group(tuple(members)),),
        _ordering(rules, sequence, losses),
        sequence in ("repeat", "randomrepeat"),
    )


def _candidates(
    selection: Element, members: Sequence[Target], banks: Mapping[str, Sequence[Target]], losses: Losses
) -> Sequence[Target]:
    bank = next(kids(selection, "sourcebank_ref"), None)
    if bank is None:
        return members
    if words(bank) not in banks:
        losses.dropped(
            "selection", bank, f"sourcebank_ref is left out: no bank {words(bank)[:60]!r} is in the document"
        )
        return members
    return banks[words(bank)]


def _chosen(
    selection: Element,
    candidates: Sequence[Target],
    labels: Callable[[Element], Mapping[str, Sequence[str]]],
    losses: Losses,
) -> list[Target]:
    rules = [rule for rule in kids(selection) if name_of(rule) in RULES]
    chosen = [t for t in candidates if all(holds(rule, labels(t[1])) for rule in rules)]
    if rules:
        message = f"the rule on metadata is decided: {len(chosen)} of {len(candidates)} members may be selected"
        losses.changed("selection", rules[0], message)
    return chosen


def _group(selection: Element, chosen: list[Target], losses: Losses) -> Group:
    text = next((words(e) for e in kids(selection, "selection_number")), "")
    number = int(text) if text.isdecimal() else None
    if text and number is None:
        losses.dropped("selection", selection, f"the selection_number {text[:60]!r} is no number")
    points = None
    for extension in kids(selection, "selection_extension"):
        for inner in kids(extension):
            # Canvas says there what each item of a group counts.
            if name_of(inner) == "points_per_item" and NUMBER.fullmatch(words(inner)):
                points = float(words(inner))
                losses.changed("selection", inner, f"points_per_item {words(inner)!r} becomes a weight of each item")
            else:
                losses.dropped("selection", inner, f"{inner.name.local} is left out: {words(inner)[:60]!r}")
        if not list(kids(extension)) and words(extension):
            losses.dropped("selection", extension, f"selection_extension is left out: {words(extension)[:60]!r}")
    return Group(tuple(chosen), number, points)


def _ordering(rules: Iterable[Element], sequence: str, losses: Losses) -> m.Ordering | None:
    ordering = None
    for order in [o for each in rules for o in kids(each, "order")]:
        stated = choice_of(attr(order, "order_type"), "sequential")
        if stated != "sequential" and not stated.startswith("random"):
            losses.approximated("ordering", order, f"the order {stated!r} is taken as sequential")
        ordering = m.Ordering(shuffle=stated.startswith("random"))
        for inner in kids(order):
            losses.dropped("ordering", inner, f"{inner.name.local} is left out: {words(inner)[:60]!r}")
    return m.Ordering(shuffle=True) if ordering is None and sequence.startswith("random") else ordering


def _tell_rest(rules: Iterable[Element], losses: Losses) -> None:
    known = {"sourcebank_ref", "selection_number", "selection_extension"} | RULES
    for each in rules:
        for parameter in kids(each, "sequence_parameter"):
            name = attr(parameter, "pname")
            losses.dropped(
                "selection", parameter, f"sequence_parameter {name!r} is left out: {words(parameter)[:60]!r}"
            )
        for other in [o for selection in kids(each, "selection") for o in kids(selection)]:
            if name_of(other) not in known:
                losses.dropped("selection", other, f"{other.name.local} is left out: {words(other)[:60]!r}")
