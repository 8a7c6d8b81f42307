"""The response processing templates that the standard publishes, known without looking them up: names, needs, rules.

They are the same in all versions, whatever their address; those of Common Cartridge begin with CC2.

Specification: QTI 2.1, "Response Processing"; QTI 3.0 ASI information model, section 2.8, and its published templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from demotic.learning.qti.model._expressions import (
    BaseValue,
    Correct,
    Equal,
    Expression,
    IsNull,
    MapResponse,
    MapResponsePoint,
    Match,
    Variable,
)
from demotic.learning.qti.model._rules import ResponseCondition, ResponseElse, ResponseIf, Rule, SetOutcomeValue
from demotic.learning.qti.model._values import BaseType

__all__ = ["TEMPLATES", "Template", "template_name"]


class Template(NamedTuple):
    """What a template does, and what it needs: outcomes besides SCORE that it sets or reads, a mapping, points."""

    rules: Callable[[], list[Rule]]
    sets: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    mapping: str = ""
    points: bool = False
    correct: bool = False


def _set(name: str, expression: Expression) -> SetOutcomeValue:
    return SetOutcomeValue(expression, identifier=name)


def _score(number: str) -> SetOutcomeValue:
    return _set("SCORE", BaseValue(number, base_type=BaseType.FLOAT))


def _feedback(name: str, identifier: str) -> SetOutcomeValue:
    return _set(name, BaseValue(identifier, base_type=BaseType.IDENTIFIER))


def _choose(test: Expression, then: list[Rule], otherwise: list[Rule]) -> ResponseCondition:
    return ResponseCondition(ResponseIf(test, *then), ResponseElse(*otherwise))


def _matches() -> Match:
    return Match(Variable(identifier="RESPONSE"), Correct(identifier="RESPONSE"))


def _match_correct() -> list[Rule]:
    return [_choose(_matches(), [_score("1")], [_score("0")])]


def _map(expression: Expression) -> list[Rule]:
    return [_choose(IsNull(Variable(identifier="RESPONSE")), [_score("0")], [_set("SCORE", expression)])]


def _match_basic() -> list[Rule]:
    right: list[Rule] = [_set("SCORE", Variable(identifier="MAXSCORE")), _feedback("FEEDBACKBASIC", "correct")]
    return [_choose(_matches(), right, [_feedback("FEEDBACKBASIC", "incorrect")])]


def _map_with_feedback() -> list[Rule]:
    full = Equal(Variable(identifier="MAXSCORE"), Variable(identifier="SCORE"))
    told = _choose(full, [_feedback("FEEDBACK", "correct")], [_feedback("FEEDBACK", "incorrect")])
    return [*_map(MapResponse(identifier="RESPONSE")), told]


TEMPLATES: Final[dict[str, Template]] = {
    "match_correct": Template(_match_correct, correct=True),
    "map_response": Template(lambda: _map(MapResponse(identifier="RESPONSE")), mapping="mapping"),
    "map_response_point": Template(
        lambda: _map(MapResponsePoint(identifier="RESPONSE")), mapping="area_mapping", points=True
    ),
    "CC2_match": Template(_match_correct, correct=True),
    "CC2_match_basic": Template(_match_basic, sets=("FEEDBACKBASIC",), reads=("MAXSCORE",), correct=True),
    "CC2_map_response": Template(_map_with_feedback, sets=("FEEDBACK",), reads=("MAXSCORE",), mapping="mapping"),
}
"""The templates by the last part of their addresses."""

_NAMES: Final = {name.lower(): name for name in TEMPLATES}
_LAST: Final = re.compile(r"([^/\\]*?)(?:\.xml)?/?", re.IGNORECASE)


def template_name(address: str) -> str:
    """Return the name of a published template, by its address in any version; nothing for another one.

    Its last part decides, with `.xml` or without: packages bring the templates along in folders of their own.
    """
    last = _LAST.fullmatch(re.split(r"[/\\](?=[^/\\])", address.strip())[-1])
    return _NAMES.get(last[1].lower(), "") if last else ""
