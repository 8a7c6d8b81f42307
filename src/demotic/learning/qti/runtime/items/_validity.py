"""Whether responses keep to what their interactions allow: how many choices, which ones, how often, of what form.

Specification: QTI 3.0 ASI information model, section 3 (interactions), the attributes min… and max…, pattern-mask,
match-min, match-max and required.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.learning.qti.model import (
    AssociateInteraction,
    BaseType,
    ChoiceInteraction,
    ExtendedTextInteraction,
    Gap,
    GapMatchInteraction,
    GraphicAssociateInteraction,
    GraphicGapMatchInteraction,
    GraphicOrderInteraction,
    HotspotInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    Interaction,
    Matching,
    MatchInteraction,
    MediaInteraction,
    OrderInteraction,
    PositionObjectInteraction,
    SelectPointInteraction,
    SliderInteraction,
    StringInteraction,
    TextEntryInteraction,
)
from demotic.learning.qti.runtime.items._program import ItemProgram
from demotic.learning.qti.runtime.values import Optional
from demotic.syntax.xsd import compile_pattern

__all__ = ["invalid_responses"]


def invalid_responses(
    program: ItemProgram, values: Mapping[str, Optional], raw: Mapping[str, str], hidden: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Return why responses are not allowed, by the names of their variables; those that are allowed are left out.

    `hidden` names the choices that template variables hide: nobody can choose them.
    """
    wrong = {name: f"{text!r} is no value of its type" for name, text in raw.items()}
    for name, interactions in program.of_response.items():
        if name in wrong or name not in program.responses:
            continue
        for interaction in interactions:
            check = _CHECKS.get(type(interaction))
            reason = None if check is None else check(program, interaction, _items(values.get(name)), hidden)
            if reason is not None:
                wrong[name] = reason
                break
    return wrong


def _items(value: Optional) -> tuple[Any, ...]:
    return () if value is None else value.items


def _count(number: int, least: int | None, most: int | None, what: str) -> str | None:
    if least and number < least:
        return f"{number} {what} given, at least {least} wanted"
    if most and number > most:
        return f"{number} {what} given, at most {most} allowed"
    return None


def _known(items: Iterable[Any], known: Iterable[str], hidden: frozenset[str]) -> str | None:
    allowed = set(known) - hidden
    for item in items:
        if item not in allowed:
            return f"there is no choice {item}"
    return None


def _choices(program: ItemProgram, node: Any, items: tuple[Any, ...], hidden: frozenset[str]) -> str | None:
    most = program.given(node, "max_choices") if "max_choices" in type(node).attribute_table else 1
    least = program.given(node, "min_choices")
    if isinstance(node, InlineChoiceInteraction) and node.required:
        least = 1
    repeated = next((item for item, count in Counter(items).items() if count > 1), None)
    if repeated is not None:
        return f"the choice {repeated} is given more than once"
    known = _known(items, [choice.identifier for choice in node.choices], hidden)
    return known or _count(len(items), least, most, "choices")


def _order(program: ItemProgram, node: Any, items: tuple[Any, ...], hidden: frozenset[str]) -> str | None:
    known = [choice.identifier for choice in node.choices if choice.identifier not in hidden]
    if len(set(items)) != len(items):
        return "a choice is given more than once"
    if not items and not node.min_choices:
        return None
    least, most = node.min_choices, node.max_choices
    if least is None and most is None:
        least = len(known)
    return _known(items, known, hidden) or _count(len(items), least, most, "choices")


def _associations(
    items: tuple[Any, ...], least: int | None, most: int | None, matching: Mapping[str, Matching]
) -> str | None:
    counts = Counter(identifier for pair in items for identifier in pair)
    for identifier, node in matching.items():
        reason = _count(
            counts[identifier], node.match_min if items else 0, node.match_max, f"associations of {identifier}"
        )
        if reason is not None:
            return reason
    return _count(len(items), least, most, "associations")


def _associate(program: ItemProgram, node: Any, items: tuple[Any, ...], hidden: frozenset[str]) -> str | None:
    matching = {choice.identifier: choice for choice in node.choices}
    reason = _known((each for pair in items for each in pair), matching, hidden)
    least, most = program.given(node, "min_associations"), program.given(node, "max_associations")
    return reason or _associations(items, least, most, matching)


def _match(program: ItemProgram, node: MatchInteraction, items: tuple[Any, ...], hidden: frozenset[str]) -> str | None:
    first, second = ({choice.identifier: choice for choice in each.choices} for each in node.sets[:2])
    least, most = program.given(node, "min_associations"), program.given(node, "max_associations")
    reason = _known((pair[0] for pair in items), first, hidden) or _known((pair[1] for pair in items), second, hidden)
    return reason or _associations(items, least, most, {**first, **second})


def _gaps(program: ItemProgram, node: Any, items: tuple[Any, ...], hidden: frozenset[str]) -> str | None:
    choices = {choice.identifier: choice for choice in node.choices}
    places: dict[str, Any] = {}
    if isinstance(node, GraphicGapMatchInteraction):
        places = {spot.identifier: spot for spot in node.hotspots}
    else:
        places = {gap.identifier: gap for gap in node.gaps}
    reason = _known((pair[0] for pair in items), choices, hidden) or _known((pair[1] for pair in items), places, hidden)
    if reason is not None:
        return reason
    filled = Counter(pair[1] for pair in items)
    for identifier, place in places.items():
        most = 1 if isinstance(place, Gap) else place.match_max
        least = 1 if isinstance(place, Gap) and place.required else 0
        if (reason := _count(filled[identifier], least, most, f"choices in {identifier}")) is not None:
            return reason
    # In 2.x each gap takes one choice, and there is no other limit.
    return _associations(items, program.given(node, "min_associations"), None, choices)


def _points(program: ItemProgram, node: Any, items: tuple[Any, ...], hidden: frozenset[str]) -> str | None:
    return _count(len(items), program.given(node, "min_choices"), program.given(node, "max_choices"), "points")


def _text(program: ItemProgram, node: StringInteraction, items: tuple[Any, ...], hidden: frozenset[str]) -> str | None:
    if isinstance(node, ExtendedTextInteraction):
        reason = _count(len(items), node.min_strings, node.max_strings, "strings")
        if reason is not None:
            return reason
    declared = program.responses[node.response_identifier]
    if not node.pattern_mask or declared.base_type is not BaseType.STRING:
        return None
    try:
        pattern = compile_pattern(node.pattern_mask)
    except InvalidInput:
        return None  # the author's mistake, which checking tells, must not keep the candidate from answering
    bad = next((item for item in items if not pattern.matches(item)), None)
    return None if bad is None else f"{bad!r} does not have the form asked for"


def _slider(
    program: ItemProgram, node: SliderInteraction, items: tuple[Any, ...], hidden: frozenset[str]
) -> str | None:
    bad = next((item for item in items if not node.lower_bound <= item <= node.upper_bound), None)
    return None if bad is None else f"{bad} is not from {node.lower_bound:g} to {node.upper_bound:g}"


def _media(program: ItemProgram, node: MediaInteraction, items: tuple[Any, ...], hidden: frozenset[str]) -> str | None:
    return _count(int(items[0]) if items else 0, node.min_plays, node.max_plays, "plays")


_Check = Callable[[ItemProgram, Any, tuple[Any, ...], frozenset[str]], str | None]
_CHECKS: Final[dict[type[Interaction], _Check]] = {
    ChoiceInteraction: _choices,
    InlineChoiceInteraction: _choices,
    HottextInteraction: _choices,
    HotspotInteraction: _choices,
    OrderInteraction: _order,
    GraphicOrderInteraction: _order,
    AssociateInteraction: _associate,
    GraphicAssociateInteraction: _associate,
    MatchInteraction: _match,
    GapMatchInteraction: _gaps,
    GraphicGapMatchInteraction: _gaps,
    SelectPointInteraction: _points,
    PositionObjectInteraction: _points,
    SliderInteraction: _slider,
    MediaInteraction: _media,
    TextEntryInteraction: _text,
    ExtendedTextInteraction: _text,
}
